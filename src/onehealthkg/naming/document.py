"""A text as a reader of announcements sees it: its passages, their roles, and its mentions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.nouns import names_action
from onehealthkg.naming.words import WEEKDAYS, pattern, words
from onehealthkg.reading.characters import Plain, plain
from onehealthkg.reading.mention import DATE, NAME, Mention
from onehealthkg.reading.read import introduced, read
from onehealthkg.sources.sentences import cut

TITLE, DATELINE, HEADING, ITEM, FIELD, CAPTION, ABOUT, SENTENCE = (
    *("title", "dateline", "heading", "item", "field", "caption", "about", "sentence"),
)
"""The roles of passages. FIELD is an item of a list of areas.

ABOUT is a body's description of itself at the end, under its name.
"""

_DAY = r"(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |(?:lun|mar|mercre|jeu|vendre|same)di )"
_TOWN = r"[A-ZÀ-ÖØ-Þ][\w'-]+"
_PLACELINE = re.compile(
    rf"\(?({_TOWN}(?:(?:[ ,]+|/| (?:&|and|et|AND|ET) ){_TOWN}){{0,3}}?)(?: \([^)]*\))?"
    rf"(?:,| [–—|-])? (?:le |on )?{_DAY}?$"
)
_UNDATED = re.compile(
    rf"({_TOWN}(?:,? {_TOWN}| (?:&|and|et|AND|ET) {_TOWN}){{0,2}}?)(?: \([^)]*\))?"
    r"(?:\s[–—-]|:|\.$)(?:\s|$)"
)
_END = re.compile(r"[.!?…:;][\"'»”)\s]*$")
ITEM_SIGN = re.compile(r"(?:[-–—•*·▪]|\d{1,2}[.)]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])\))\s+")
_LONGEST_HEADING = 200


class Passage(NamedTuple):
    """A passage of the comparable text: ``text[start:end]``."""

    number: int
    start: int
    end: int
    text: str
    role: str


class Document(NamedTuple):
    """A text made comparable (``shown``), cut and read; all places are of the comparable text."""

    shown: Plain
    language: str
    passages: Sequence[Passage]
    mentions: Sequence[Mention]

    @property
    def text(self) -> str:
        """The comparable text."""
        return self.shown.text

    def passage_at(self, place: int) -> Passage:
        """The passage that contains a place."""
        starts = [passage.start for passage in self.passages]
        return self.passages[max(0, bisect_right(starts, place) - 1)]

    def named(self, start: int, end: int, kind: str = NAME) -> list[Mention]:
        """The mentions of a kind between two places."""
        return [
            mention
            for mention in self.mentions
            if mention.kind == kind and start <= mention.start < end
        ]

    def of_role(self, *roles: str) -> list[Passage]:
        """The passages with any of these roles."""
        return [passage for passage in self.passages if passage.role in roles]


def document(text: str, language: str, knowledge: Knowledge) -> Document:
    """The text in a language, ``en`` or ``fr``, cut and read with the names of a graph."""
    shown = plain(text)
    spans = [
        (bisect_left(shown.starts, span.start), bisect_left(shown.starts, span.end))
        for span in cut(text, language)
    ]
    mentions: list[Mention] = []
    acronyms: dict[str, Mention] = {}
    for start, end in spans:
        found = read(shown.text[start:end], language, knowledge.names, acronyms)
        acronyms = {**introduced(shown.text[start:end], found), **acronyms}
        mentions += (
            mention._replace(start=mention.start + start, end=mention.end + start)
            for mention in found
        )
    dated = [mention for mention in mentions if mention.kind == DATE]
    roles = _roles([shown.text[start:end] for start, end in spans], spans, dated, language)
    passages = [
        Passage(number, *span, shown.text[slice(*span)], role)
        for number, (span, role) in enumerate(zip(spans, roles, strict=True), start=1)
    ]
    return Document(shown, language, passages, mentions)


def placelines(document: Document) -> list[tuple[int, int]]:
    """The places named before the date at the head of a text: *NAIROBI, Kenya, Mar 10 –*."""
    found = []
    for passage in document.passages[:6]:
        dated = document.named(passage.start, passage.end, DATE)
        if dated and (passage.role == DATELINE or dated[0].start - passage.start < 50):
            label = pattern(document.language, r"(?:<release>)\s[–—-]\s", re.I).match(passage.text)
            start = passage.start + (label.end() if label else 0)
            match = _PLACELINE.fullmatch(document.text, start, dated[0].start)
            if match and not words(document.language, "opening_words").match(match[1]):
                found += _each_place(match)
                continue
        if passage.role == SENTENCE:  # Rome – ...
            match = _UNDATED.match(document.text, passage.start, passage.end)
            found += _each_place(match) if match else []
    return found


def _each_place(match: re.Match[str]) -> list[tuple[int, int]]:
    """The places in the head of a text: *Libourne, France & Edinburgh, Scotland*."""
    at, places = match.start(1), []
    for part in re.split(r"( (?:&|and|et|AND|ET) |/)", match[1]):
        places.append((at, at + len(part)))
        at += len(part)
    return places[::2]


def _roles(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], dates: Sequence[Mention], language: str
) -> list[str]:
    roles: list[str] = []
    about, lead = False, ""
    for text, (start, end) in zip(texts, spans, strict=True):
        date = next((date for date in dates if start <= date.start < end), None)
        before = text[: date.start - start] if date else ""
        unended = words(language, "unended").search(text)
        is_heading = not _END.search(text) and len(text) < _LONGEST_HEADING and not unended
        named = pattern(language, r"(?:<about>)[^:.]{2,60}:\s", re.I).match(text)
        if named or (about and not is_heading):
            roles.append(ABOUT)
        elif words(language, "caption").match(text):
            roles.append(CAPTION)
        elif ITEM_SIGN.match(text):
            roles.append(FIELD if _is_field(text, lead, language) else ITEM)
        elif date and _is_dateline(text, before, language, is_heading=is_heading):
            roles.append(DATELINE)
        elif is_heading and TITLE not in roles and SENTENCE not in roles:
            is_label = words(language, "release").fullmatch(text.strip(" :"))
            roles.append(HEADING if is_label else TITLE)
        elif is_heading:
            roles.append(HEADING)
            about = about or _is_about(text, roles, language)
        else:
            roles.append(SENTENCE)
        lead = lead if roles[-1] in (ITEM, FIELD) else text
    return roles


def _is_field(text: str, lead: str, language: str) -> bool:
    """Whether an item below *areas of cooperation:* names an area, and not something to do."""
    item = ITEM_SIGN.sub("", text, count=1)
    if names_action(item, language):
        return False
    if pattern(language, r"\s<about_links>\s?:\s*$", re.I).search(lead):
        return True  # officers will work on:
    listed = pattern(language, r"<field_lists>", re.I).fullmatch(lead.strip())
    return bool(listed) and not words(language, "activity_words").match(item)


def _is_dateline(text: str, before: str, language: str, *, is_heading: bool) -> bool:
    """Whether a passage with a date has only places and a date: no verb, few words."""
    short = len(text.split()) <= 10 and not words(language, "sign_verbs").search(text)
    small = ("le", "the", "on", *WEEKDAYS[language])
    named = re.findall(r"[^\W\d_]+", before)
    return short and (is_heading or all(word[0].isupper() or word in small for word in named))


def _is_about(text: str, roles: Sequence[str], language: str) -> bool:
    """Whether a heading below sentences opens a body's description of itself."""
    told = SENTENCE in roles
    named = pattern(language, r"[^\W\d_][\w'&-]*\s*\([^)]+\)|[A-Z][A-Za-z]*[A-Z]\w*")
    return told and bool(words(language, "about").match(text) or named.fullmatch(text))
