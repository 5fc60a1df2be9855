"""The names of people in a text.

A name is that of a person if the graph knows it, or if it has a title before it, a post next to
it, or signs for a body: *Dr X*; *X, Director General of Y*; *the director of Y, X*; *X for Y*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from onehealthkg.naming.capitals import CAPITAL, initials
from onehealthkg.naming.document import Document
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.recognisers import Recognised
from onehealthkg.naming.words import any_of, given_names, pattern, words

_PARTICLE = (
    r"(?:de la|de las|de los|de|du|des|da|das|do|dos|di|della|del|van der|van den|van de|van"
    r"|von der|von|der|den|ter|zu|bin|binti|bint|ibn|al|el|le|la|ben|ould|ag|ap|e|y)"
)
_SHORTENED = r"(?:Md|Mt|St|Mst)\."
_INITIALS = rf"{CAPITAL}\.(?:-?{CAPITAL}\.)*"
_PART = (
    rf"(?:(?:d'|[A-Z]'|Mc)?{CAPITAL}[a-zà-öø-ÿ][\w-]*|{_INITIALS}|{_SHORTENED}"
    rf"|{CAPITAL}[A-ZÀ-ÖØ-Þ-]+|{CAPITAL}(?=\s))"
)
NAME = rf"{_PART}(?:\s+(?:{_PARTICLE}\s+)?{_PART})" + "{1,4}"


class PersonName(NamedTuple):
    """The place of a name, and where the titles before it begin."""

    start: int
    end: int
    titled: int


@cache
def forms(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The forms of a name, with titles before it, and of a post."""
    titles = rf"(?:(?<!\w)(?i:{any_of(language, 'titles')})\.?\s+)"
    modifier = rf"(?:{any_of(language, 'post_modifiers')})[\s-]+"
    head = any_of(language, "post_heads")
    if language == "en":
        word = rf"(?:{modifier}){{0,3}}(?:{head})(?!\w)"
        post = rf"(?<!\w){word}(?:\s+(?:and|&)\s+{word})*"
    else:
        word = rf"(?:{head})(?!\w)(?:\s+(?:{any_of(language, 'post_modifiers')})(?!\w)){{0,2}}"
        post = rf"(?<!\w){word}(?:\s+et\s+{word})*"
    return re.compile(rf"(?P<titles>{titles}*)(?P<name>{NAME})"), re.compile(post, re.IGNORECASE)


def person_names(
    document: Document, knowledge: Knowledge, recognised: Sequence[Recognised]
) -> list[PersonName]:
    """Where people are named: known people, and names with a title or next to a post."""
    text = document.text
    known = [
        PersonName(mention.start, mention.end, mention.start)
        for mention in document.mentions
        if any(knowledge.kinds.get(thing) == "person" for thing in mention.things)
    ]
    known += [PersonName(start, end, start) for start, end, kind in recognised if kind == "person"]
    bodies = [
        (mention.start, mention.end)
        for mention in document.mentions
        if any(knowledge.kinds.get(thing) in ("organisation", "place") for thing in mention.things)
    ]
    found: list[PersonName] = []
    for name in [*known, *_by_form(document)]:
        if any(name.start < end and start < name.end for start, end in bodies):
            continue
        if not any(name.start < other.end and other.start < name.end for other in found):
            titled = re.search(
                rf"(?:(?<!\w)(?i:{any_of(document.language, 'titles')})\.?\s+)+$",
                text[max(document.passage_at(name.start).start, name.start - 40) : name.start],
            )
            found.append(
                name._replace(titled=name.start - len(titled[0]) if titled else name.titled)
            )
    return sorted(found)


def _by_form(document: Document) -> Iterator[PersonName]:
    """The names with a title before them, or a post next to them, or that sign for a body."""
    form, post = forms(document.language)
    title = pattern(document.language, rf"(?<![\w'-])<titles>(?=\.?\s{CAPITAL})")
    for passage in document.passages:
        small = post.sub(lambda found: found[0].lower(), passage.text)  # a post is part of no name
        small = title.sub(lambda found: found[0].lower(), small)
        for match in form.finditer(small):
            start, end, titled = _without_opening(small, match, document.language)
            if not _is_other(passage.text, start, end, document.language, titled=titled < start):
                acts = _acts_like_one(passage.text, start, end, document.language)
                if titled < start or acts:
                    yield PersonName(*(passage.start + at for at in (start, end, titled)))


def _without_opening(text: str, match: re.Match[str], language: str) -> tuple[int, int, int]:
    """Where a name begins and ends without words that open sentences, and its titles begin."""
    start, end = match.span("name")
    if match["titles"]:
        return start, end, match.start()
    opening = words(language, "opening_words").match(text, start, end)
    while opening:
        start = opening.end() + text[opening.end() :].startswith(" ")
        opening = words(language, "opening_words").match(text, start, end)
    start = _behind_field(text, start, end, language)
    titles = pattern(language, r"(?<!\w)(?:<titles>\.?\s)+$", re.I).search(text, 0, start)
    return start, end, titles.start() if titles else start


def _is_other(text: str, start: int, end: int, language: str, *, titled: bool) -> bool:
    """Whether a name is that of something else: a body, a building, a country, a town."""
    name, before = text[start:end], text[max(0, start - 12) : start]
    if len(name.split()) < 2 or words(language, "countries").fullmatch(name):
        return True
    if words(language, "body_heads", "programme_heads", "venues").search(name):
        return True
    if titled:
        return False
    if re.search(r"\s(?:[IVX]{2,}|V)$", name) or f"({name})" in text:
        return True  # Hassan II, and the short name of a university
    behind_head = pattern(language, r"(?<!\w)<body_heads>(?!\w)[^,.;:()]*\s(?:et|and|&)\s$", re.I)
    introduced = re.match(rf"\s\({CAPITAL}{{2,}}", text[end:])
    if introduced and behind_head.search(text[max(0, start - 60) : start]):
        return True  # Institut Agronomique et Vétérinaire Hassan (IAVH)
    placed = re.search(r"(?:\bde l'|\bde la |\bdu |\bdes |\b(?:in|at|near|à|en|au) )$", before)
    placed = placed or pattern(language, r"(?<!\w)<never_before_people>\s$", re.I).search(before)
    acronym = re.match(r"\s\(([A-Z][\w-]*[A-Z][\w-]*)\)", text[end:])
    field = words(language, "field_words").fullmatch(name.split()[-1])
    placed = placed or pattern(language, r"(?<!\w)<body_heads>\s$").search(
        text[max(0, start - 20) : start]
    )
    return bool(placed or field or (acronym and initials(acronym[1], name)))


def _acts_like_one(text: str, start: int, end: int, language: str) -> bool:
    """Whether a name has a post beside it, speaks, or signs for a body."""
    before = text[max(0, start - 90) : start]
    of_next = pattern(language, rf",\s(?:(?i:<titles>)\.?\s+)*{NAME}(?=[,.;]|\s[a-z])")
    if _post_behind(language).match(text, end):
        return True
    with_next = pattern(language, rf"\s(?:and|et|&)\s(?:(?i:<titles>)\.?\s+)*{NAME}").match(
        text, end
    )
    if with_next and _post_behind(language).match(text, with_next.end()):
        return True  # X and Y, their directors
    if _post_ahead(language).search(before) and not of_next.match(text, end):
        return True  # and no head of Quality Meat Scotland, Sarah Millar
    if pattern(language, r"(?<!\w)<says>\s$", re.I).search(before[-20:]):
        return True
    if pattern(language, r",\s<speaking_for>\s[^,]{2,60},", re.I).match(text, end) and words(
        language, "make_verbs", "partner_verbs"
    ).search(text):
        return True  # X, for Y, and Z, for W, launched their partnership
    first, *others = text[start:end].split()
    if first in given_names() and not re.fullmatch(r"[IVX]+", others[0]):
        part = pattern(language, rf"(?:{CAPITAL}[\w-]*|(?i:<body_heads>|<venues>|<eponyms>)) $")
        return not part.search(text[max(0, start - 25) : start])  # and no Institut Louis Malardé
    if not words(language, "sign_verbs", "scenes").search(text):
        return False
    standing = pattern(language, r"(?<!\w)<speaking_for>\s[^,.;]{2,70}[,:]\s$", re.I)
    also = re.compile(r"\b(?:and|et) (?:of |de |du |d')(?:the |la |l')?[^,.;]{2,60},\s$")
    if standing.search(before) or (also.search(before) and re.match(r"[,.;]", text[end:])):
        return True
    signatories = re.compile(r"(?:signator|signataires)\S*[^:]{0,30}:", re.I)
    listed = signatories.search(before) and re.match(r",\s[^;.,]+(?:[;.]|$)", text[end:])
    spoken = _body_behind(language).match(text, end) or listed
    return bool(spoken and not _is_repeated(text, start, end))


@cache
def _post_behind(language: str) -> re.Pattern[str]:
    """A post behind a name: *, the Director*; *(Rabat, directeur*."""
    degrees = rf"(?:,\s+{any_of(language, 'degrees')})*"
    return re.compile(
        rf"{degrees}(?:,\s+|\s\((?:{CAPITAL}[\w'-]+,\s)?)(?!repr[ée]sent)"
        rf"(?:(?:the|its|their|le|la|l'|son|sa)\s*)?(?:[\w'-]+\s){{0,3}}?"
        rf"{forms(language)[1].pattern}",
        re.I,
    )


@cache
def _post_ahead(language: str) -> re.Pattern[str]:
    """A post, or *counterpart*, before a name, with its body: *the director of the agency,*."""
    post = rf"(?:{forms(language)[1].pattern}|(?<!\w)(?:counterpart|homologue)(?!\w))"
    return re.compile(
        rf"{post}[^.;:()]{{0,75}}?(?<! of)(?<! for)(?<! de)(?<! du)(?<! the),?\s$", re.I
    )


def _body_behind(language: str) -> re.Pattern[str]:
    """A body that somebody signs for: *(ILRI*, *for the Institute*, *of FAO*."""
    return pattern(
        language,
        rf"(?:\s\(|\s?,?\s(?:<speaking_for>)\s?)<articles>?\s?(?:{CAPITAL}|<body_heads>)"
        rf"|\s(?:of|from|de|du)\s?(?:<articles>\s?)?{CAPITAL}{{3,}}(?!\w)",
    )


def _is_repeated(text: str, start: int, end: int) -> bool:
    """Whether the words after a name repeat a part of it, as an acronym does."""
    behind = text[end : end + 30]
    return any(word in behind for word in text[start:end].split() if len(word) > 1)


def _behind_field(text: str, start: int, end: int, language: str) -> int:
    """Where a name begins behind the field or body of a post: *Minister of Finance Ken Roe*."""
    words_ = text[start:end].split()
    posted = pattern(language, r"(?<!\w)<post_heads>\s(?:of|for)\s(?:the )?$", re.I)
    if len(words_) < 3 or not posted.search(text[max(0, start - 40) : start]):
        return start
    field = words(language, "body_heads", "field_words")
    last = max(
        (number for number, word in enumerate(words_[:-2]) if field.fullmatch(word)), default=0
    )
    return start + text[start:end].index(words_[last + 1], len(" ".join(words_[: last + 1])))
