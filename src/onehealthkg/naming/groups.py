"""The lists of bodies in a text: *X, the agency for Y, and Z*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from onehealthkg.naming.bodies import BODY, MAYBE, PROGRAMME, Named, Place
from onehealthkg.naming.document import ITEM, SENTENCE, TITLE, Document, Passage
from onehealthkg.naming.words import END, pattern, words


class Group(NamedTuple):
    """Bodies that a text lists: *X, Y and Z*."""

    start: int
    end: int
    places: tuple[Place, ...]


def groups(document: Document, passage: Passage, places: Sequence[Place]) -> list[Group]:
    """The lists of bodies in a passage."""
    inside = [
        place
        for place in places
        if passage.start <= place.start < passage.end
        and place.named.kind != PROGRAMME
        and not (place.named.kind == MAYBE and _is_something_else(document, place))
        and not words(document.language, "countries", "world_regions").fullmatch(place.named.name)
    ]
    rows: list[list[Place]] = []
    for place in inside:
        if rows and (
            _is_town(document, rows[-1][-1], place) or _explains(document, rows[-1][-1], place)
        ):
            continue
        joined = rows and _joins(document.language).fullmatch(
            document.text, rows[-1][-1].end, place.start
        )
        again = rows and rows[-1][-1].named is place.named and place.start - rows[-1][-1].end < 5
        if again:
            rows[-1].append(place)  # Ifip – Institut du porc
        elif joined and not (
            len(rows[-1]) == 1 and _is_in_adjunct(document, passage, rows[-1][0].start)
        ):
            rows[-1].append(place)
        else:
            rows.append([place])
    rows = [_without_location(document, row) for row in rows]
    return [Group(row[0].start, row[-1].end, tuple(row)) for row in rows]


def _is_something_else(document: Document, place: Place) -> bool:
    """Whether a name that may be a body is a location, a short name, or a word of the title."""
    ahead = document.text[document.passage_at(place.start).start : place.start]
    return (
        ahead.rfind("(") > ahead.rfind(")")
        or _is_somewhere(document, place.start)
        or _is_of_title(document, place.named)
    )


def _is_town(document: Document, before: Place, place: Place) -> bool:
    """Whether a name is the town of a body: *Trakia University – Stara Zagora*, *NVA (X) Oslo*."""
    between, text = document.text[before.end : place.start], document.text
    beside = between == " " and text[before.start : before.end].endswith(")")
    dash = between in (" – ", " — ")
    return (dash or beside) and before.named.kind == BODY and place.named.kind == MAYBE


def _explains(document: Document, before: Place, place: Place) -> bool:
    """Whether a body only explains another: *X, which answers to Y,*; *X, part of Y,*."""
    clause = r"(?:which|who|whose|qui|dont|lequel|laquelle)\s"
    noun = (
        r"(?:<articles>\s?)?(?-i:[a-zà-ÿ-]+)\s(?:[^,.;:]*\s)?(?:of|de|du|des|d')\s?<articles>?\s?$"
    )
    through = r"(?:<acting_through>)\s?(?:[a-zé-]+\s){0,2}$"
    explained = pattern(document.language, rf",\s(?:{clause}[^,.;:]*$|{noun}|{through})", re.I)
    between = document.text[before.end : place.start]
    return document.text[place.end : place.end + 1] == "," and bool(explained.match(between))


def _without_location(document: Document, row: list[Place]) -> list[Place]:
    """A list without the town of its last body: *X, Y and the Wildlife Institute, Dehradun*."""
    if len(row) < 2 or row[-1].named.kind != MAYBE or " " in row[-1].named.name:
        return row
    if len(row) == 2 and document.passage_at(row[0].start).role in (SENTENCE, ITEM):
        alone = document.text[row[0].end : row[1].start] == ", "
        closes = document.text[row[1].end : row[1].end + 1] in (",", ".", ";")
        return row[:1] if alone and closes else row
    if len(row) == 2:
        return row
    last, before = [document.text[one.end : two.start] for one, two in pairwise(row[-3:])][::-1]
    closed = pattern(document.language, r"[^,]*,?\s<row_links>\s.*", re.I).fullmatch(before)
    return row[:-1] if closed and last == ", " else row


def _is_in_adjunct(document: Document, passage: Passage, start: int) -> bool:
    """Whether a body is named in words before the subject: *At the invitation of FAO,*."""
    opening = pattern(
        document.language,
        rf"(?:<presence>|(?!<row_links>)(?:<adjunct_openings>)(?:\s[^,;:]*)?\s(?:<adjunct_ends>)){END}"
        r"\s?(?:<articles>\s?)?(?:[a-zé-]+\s)?",
        re.I,
    )
    return bool(opening.fullmatch(document.text, passage.start, start))


def _is_of_title(document: Document, name: Named) -> bool:
    """Whether a name is only in the title, where any word may have a capital."""
    sentences = document.of_role(SENTENCE)
    titles = [(passage.start, passage.end) for passage in document.of_role(TITLE)]
    return bool(sentences) and all(
        any(first <= start < last for first, last in titles) for start, _ in name.places
    )


def _is_somewhere(document: Document, start: int) -> bool:
    """Whether *in*, *à* or *en* before a name says that it is a place."""
    before = document.text[max(0, start - 40) : start]
    of_town = r"<town_posts> (?:of|de|du|des|d'|de la|de l')"
    post_in = r"<post_heads> (?:for|in|to|pour|en|au|aux)(?: the| la| l')?"
    form = rf"(?<!\w)(?:<located_in>|{of_town}|{post_in})\s?$"
    return bool(pattern(document.language, form, re.I).search(before))


def _joins(language: str) -> re.Pattern[str]:
    """The words between two names of a list: a comma or *and*, perhaps after an explanation."""
    explained = r"\s*(?:\([^)]*\))?(?:,\s(?:<articles>|[A-Z]\w+'s)\s?[^,.;]{3,70}(?=,)"
    explained += r"|,\s(?:(?:which|who|whose|qui|dont)\s|(?-i:[a-zà-ÿ]))[^,.;:]{3,90}(?=,)"
    explained += (
        r"|\s(?:in|at|en|au|aux|à)\s(?-i:[A-Z])[\w-]+(?:,? (?-i:[A-Z])[\w-]+){0,2}"
        r"(?=,| <row_links> )"
    )
    explained += r"|,\s(?:represented by|représentée?s? par)\s[^;.]{3,90}?(?=,))?"
    link = r"\s*(?:[,;/]\s*)?(?!\s*(?:<presence>)(?!\w))(?:<row_links>)?\s*"
    word = r"<row_words>(?:\s+|(?<='))"
    other = r"(?!(?:<subordinators>|<row_stops>)(?!\w))[a-zéè-]+\s"
    owner = r"(?:(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?'s\s)?"
    small = rf"(?:{word}){{0,3}}(?:{other}){{0,3}}(?:{word})?{owner}"
    row = explained + r"(?=[\s]*[,;/&]|\s+<row_links>(?:\s|(?<=')))" + link + small
    return pattern(language, rf"{row}|[-–/]", re.I)
