"""The programmes, projects and networks that a text names, whether or not a graph knows them.

Some stand in quotation marks, some are explained, *PREVENT, an earlier initiative*, some follow the
word for what they are, *a joint programme named NordBridge*, and others only the words for taking
part or paying: *shared through ZODIAC*, *via the Fleming Fund*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from onehealthkg.naming.capitals import CAPITAL
from onehealthkg.naming.document import Document
from onehealthkg.naming.words import END, pattern, words

_ACRONYM = rf"(?=[\w-]*\w(?<!-){CAPITAL}){CAPITAL}[\w-]+(?: \d+)?\+?"  # TESSy, not Jeanne-Marie
_NAME = rf"(?-i:{CAPITAL}[\w-]{{2,}}\w\+?(?: \d+)?)"
_ADJECTIVES = r"(?: (?-i:[a-zéèô-]+)){0,3}?"
_PLAIN_NAME = (
    rf"(?!(?i:<post_heads|titles|countries|opening_words>)(?!\w)){CAPITAL}[a-z][\w-]*\+?"
    rf"(?: (?:\d+|[IVX]+\+?|{CAPITAL}[\w-]+))*"
)
"""A name with an initial capital that is not the title of a person: *Prezode*."""

_YEARS = r"20\d\d[-–]20\d\d"
_PATTERNS = {
    "en": (
        rf"(?<!\w)({_YEARS} (?:[a-z]+ )?<programme_heads>)(?!\w)",
        # the COHESIVE and MATRIX projects
        rf"(?<![\w-])({_ACRONYM})(?=(?:, {_ACRONYM})*,? and {_ACRONYM} <programmes>(?!\w))",
        rf"(?<=and )({_ACRONYM}) <programmes>(?!\w)",
        # the project Prezode, the network Vetlab
        rf"(?<![\w-])<named_programmes> ({_PLAIN_NAME})(?![\w-])(?! <programme_heads>)",
        # the "Healthy Herds" programme
        rf"[\"“]\s?({CAPITAL}[^\"«»“”.]{{2,60}}?)\s?[\"”] <programme_heads>(?!\w)",
    ),  # a 2025-2029 work programme
    "fr": (  # l'Observatoire québécois sur les zoonoses et les tiques
        r"(?<!\w)(?i:le|la|l'|du|au|un|une|son|sa|leur) ?"
        r"(<capital_programmes>(?: (?!<ends_of_names>(?![\w'-]))[^\s,.;:()]+){1,14})",
        rf"(?<!\w)(<programme_heads>(?: [a-zéèô-]+){{0,3}} {_YEARS})(?!\w)",
        # les projets COHESIVE et MATRIX
        rf"(?<!\w)<programmes> ({_ACRONYM})(?![\w-])",
        # le consortium Emergen, la base Sigal
        rf"(?<![\w-])<named_programmes>(?: (?:de recherche|[a-z]+(?:al|ale|éen|éenne)))?"
        rf" ({_PLAIN_NAME})(?![\w-])",
        # dans le cadre d'Ecophyto II+
        rf"{{led}}({CAPITAL}[\w-]+ (?:[IVX]+|\d+)\+?)(?![\w-])",
        # le plan France 2030
        rf"(?<!\w)((?:plan|programme|stratégie) {CAPITAL}[\w-]+ 20\d\d)(?!\w)",
        rf"(?<!\w)<programmes> {_ACRONYM}(?:, {_ACRONYM})* et ({_ACRONYM})(?![\w-])",
    ),
}
"""The expressions for names of several words, of each language."""


def programmes(document: Document) -> Iterator[tuple[int, int]]:
    """The places of the names, which may overlap. A name in quotation marks is without them."""
    language = document.language
    for form in _forms(language):
        for match in form.finditer(document.text):
            name = match[1]
            nothing = words(language, "not_programmes", "countries", "opening_words", "standards")
            named = not name[0].islower() or re.search(f"{_YEARS}$", name)
            if named and not nothing.fullmatch(name):
                yield match.span(1)


@cache
def _forms(language: str) -> tuple[re.Pattern[str], ...]:
    """The expressions for the names, each with the name as its first group."""
    head = r"(?<![\w-])<programme_heads>(?!\w)"
    led = rf"(?<!\w)<backing_words>{END}\s?(?:<articles>\s?)?"
    in_any_case = (
        # a project called "Bees for All"
        rf"(?<![\w-])<programme_heads|studies>(?!\w){_ADJECTIVES},? (?:<called> )?[\"«“]\s?"
        rf"((?-i:{CAPITAL})[^\"«»“”.]{{2,60}}?)\s?[\"»”]",
        # an observatory of pathogens in wastewater, known as SEWATCH
        rf"(?<![\w-])<programme_heads|studies>(?!\w)[^.;:()\"«]{{0,60}}?,? <called> "
        rf"(?:<articles>\s?)?({_NAME})(?![\w-])",
    )
    as_written = (
        # PREVENT, an earlier initiative
        rf"(?<![\w-])({_ACRONYM}),\s<articles>\s?(?:[\w-]+ ){{0,4}}?"
        r"(?!partner|parten|alliance)<programme_heads>(?![\w-])",
        # the regional network for sterile insects, MOSCAMED, was
        rf"{head}[^.,;:()\"«]{{0,50}}, ({_ACRONYM})(?=[,.;])",
        # the European database TESSy
        rf"{head}{_ADJECTIVES} ({_ACRONYM})(?![\w-])",
        # shared through ZODIAC, via the Fleming Fund
        rf"{led}({_ACRONYM})(?![\w'-])",
        rf"{led}{_ACRONYM} (?:and|et) ({_ACRONYM})(?![\w'-])",
        rf"{led}((?:{CAPITAL}[\w-]+ ){{1,4}}(?:Fund|Facility|Mechanism))(?!\w)",
        *(form.replace("{led}", led) for form in _PATTERNS[language]),
    )
    return (
        *(pattern(language, form, re.IGNORECASE) for form in in_any_case),
        *(pattern(language, form) for form in as_written),
    )
