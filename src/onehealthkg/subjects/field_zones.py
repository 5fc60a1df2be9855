"""The places where announcements name their fields, and the fields in them.

They are after words such as *in the field of*, *cooperation on*, in lists of areas, and in titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onehealthkg.naming.document import FIELD, ITEM, ITEM_SIGN, TITLE, Passage
from onehealthkg.naming.nouns import names_action
from onehealthkg.naming.words import END, pattern, words
from onehealthkg.subjects.matters import joined

Zone = tuple[int, int, bool]
"""A part of a passage where fields are named; True if any few words are a field there."""

_LONGEST = 9  # words of a field
_SPLIT = re.compile(
    r"\s*[,;:]\s*(?:and |et |or |ou |or else )?|\s+(?:as well as|ainsi que)\s+|\s*(?:\(|\))\s*"
)
_AND = re.compile(r"\s+(?:and|et|or|ou|&)\s+")
_TITLE_END = re.compile(r"\s(?:on|against|contre|sur)\s(?!\w+day)")
_OPENING_LIST = re.compile(r"[^.:;()]{12,160}(?=\s?:\s)")


def zones_of(passage: Passage, language: str) -> list[Zone]:
    """The places in a passage where announcements name fields."""
    text = passage.text
    stop = pattern(language, rf"(?<!\w)<field_end>{END}|[.;!?]|:(?=\s)|\s[–-]\s", re.I)
    zones: list[Zone] = []
    for key, strong in (("strong_cues", True), ("field_cues", False)):
        for match in pattern(language, rf"(?<!\w)<{key}>{END}\s*", re.I).finditer(text):
            end = stop.search(text, match.end() + 1)
            zones.append((match.end(), end.start() if end else len(text), strong))
    listed = pattern(language, r"<field_lists>", re.I).match(text)
    if listed and text[listed.end() - 1] == ":":
        zones.append((listed.end(), len(text), False))
    elif listed:  # X, Y and Z are among the threats
        verb = pattern(language, r".*?(?=\s<listing_verbs>(?!\w))", re.I).match(text)
        zones.append((0, verb.end() if verb else len(text), False))
    if passage.role == FIELD:
        zones.append((0, len(text), True))
    sign = ITEM_SIGN.match(text) if passage.role == ITEM else None
    if sign and (behind := _object_of(text[sign.end() :], language)):  # - inspection of feed mills
        end = stop.search(text, sign.end() + behind)
        zones.append((sign.end() + behind, end.start() if end else len(text), False))
    opening = _OPENING_LIST.match(text)
    if opening and opening[0].count(",") > 1:
        zones.append((0, opening.end(), False))  # Dengue, rage, charbon bactéridien : le pays
    if passage.role == TITLE and (about := _TITLE_END.search(text)):
        zones.append((about.end(), len(text), False))  # X and Y team up on salmon health
    if passage.role == TITLE and language == "fr" and " : " in text:
        zones.append((0, text.index(" : "), False))  # Santé animale et alimentation : ...
    return zones


def fields_in(
    passage: Passage, zones: Sequence[Zone], language: str
) -> Iterator[tuple[int, int, float]]:
    """The fields in the places where announcements name fields, each with its score."""
    text = passage.text
    for start, last_place, strong in zones:
        whole = _whole_item(passage, language) if passage.role == FIELD else None
        pieces = [whole] if whole else pieces_of(text, start, last_place, language)
        for first, last in pieces:
            if _is_field(text[first:last], language, strong=strong, item=bool(whole)):
                yield first, last, 0.9 if whole else 0.5
                continue
            rest = first + _object_of(text[first:last], language)
            if rest > first and _is_field(text[rest:last], language, strong=False):
                yield rest, last, 0.5


def _object_of(words_: str, language: str) -> int:
    """Where the object of an action begins, in words: *development of | veterinary vaccines*."""
    link = pattern(
        language, r"[^,;:]*?\s(?:of|on|de la|de l'|des|du|de|d'|sur)\b\s?(?=\S+\s\S)", re.I
    )
    behind = link.match(words_) if names_action(words_, language) else None
    return behind.end() if behind else 0


def _whole_item(passage: Passage, language: str) -> tuple[int, int] | None:
    """An item that names one field, up to what it includes: *germs in people, pets and farms*."""
    item = ITEM_SIGN.match(passage.text)
    first = item.end() if item else 0
    end = pattern(language, r",? (?:<examples>)(?!\w)|[.;]?$", re.I).search(passage.text, first)
    last = end.start() if end else len(passage.text)
    head = re.split(r",| and | et ", passage.text[first:last])[0]
    alone = len(head) == last - first
    is_whole = alone or pattern(language, r" <prepositions> ", re.I).search(head)
    return (first, last) if is_whole else None


def pieces_of(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The members of a list, without their articles."""
    at = start
    cuts = [*(match.span() for match in _SPLIT.finditer(text, start, end)), (end, end)]
    for before, after in cuts:
        yield from _halves(text, at, before, language)
        at = after


def _halves(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """A member, or two if *and* joins words that each have a head of their own."""
    small = pattern(language, r"(?:[-–•*·] |<determiners>(?:\s+|(?<=')))+", re.I)
    at = start
    for match in [*_AND.finditer(text, start, end), None]:
        last = match.start() if match else end
        part = text[at:last]
        if match and (part.endswith("-") or joined(part, text[match.end() : end], language)):
            continue  # per- and polyfluoroalkyl substances, animal and human health
        at += len(text[at:last]) - len(text[at:last].lstrip())
        determiner = small.match(text, at, last)
        first = determiner.end() if determiner else at
        general = words(language, "general_heads").match(text, first, last)
        first = general.end() if general else first
        if text[first:last].strip():
            yield first, first + len(text[first:last].rstrip(' -.»"”'))
        at = match.end() if match else end


def _is_field(words_: str, language: str, *, strong: bool, item: bool = False) -> bool:
    """Whether words can be a field; after a strong cue, any few words are.

    An ``item`` of a list of fields may name a body: *Hospital hygiene*.
    """
    barred = ("sign_verbs", "agreement_nouns", *(() if item else ("body_heads",)))
    count = len(words_.split())
    health = words(language, "field_head_words", "diseases", "hazards").search(words_)
    matter = health or (strong and count < 5)
    return 0 < count <= _LONGEST and bool(
        matter
        and not names_action(words_, language)
        and not words(language, "activity_words").match(words_)
        and not words(language, *barred).search(words_)
        and not words(language, "opening_words").match(words_)
        and not words(language, "field_cues").search(words_)
        and not words_[0].isdigit()
        and not words_.count('"') % 2
        and not words(language, "too_general").fullmatch(words_)
    )
