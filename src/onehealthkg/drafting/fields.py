"""The fields that an announcement names, as topics.

Known topics count wherever the announcement itself names them. Other words count only where
announcements name their fields, behind *in the field of*, *such as*, *cooperation on* or in a list
of areas, and only if a word among them is one for a health matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.document import ABOUT, CAPTION, DATELINE, Document, Passage
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.words import END, pattern, words

_LONGEST = 9  # words of a field
_SPLIT = re.compile(
    r"\s*[,;:]\s*(?:and |et |or |ou |or else )?|\s+(?:as well as|ainsi que)\s+|\s*(?:\(|\))\s*"
)
_AND = re.compile(r"\s+(?:and|et|or|ou|&)\s+")
_DETERMINER = re.compile(
    r"(?:the |an? |some |all |major |large |their |its |certain |on |of |for |to |in |other |first |l'|le |la |les |des |du |de la |de l'|de |d'|aux |au |à la |à l'|sur |leurs? |grandes? |grands )+",
    re.I,
)


class Topic(NamedTuple):
    """A field: the place of its words, and the topic of the graph, if it is one."""

    start: int
    end: int
    thing: NamedNode | None
    score: float


def topics(
    document: Document, knowledge: Knowledge, barred: Sequence[tuple[int, int]]
) -> list[Topic]:
    """The fields in a text, each once, in its order; ``barred`` are names of other things."""
    found: list[Topic] = []
    for passage in document.passages:
        if passage.role not in (ABOUT, CAPTION, DATELINE):
            known = list(_known(document, knowledge, passage))
            found += known
            found += _worded(document, passage)
    free = [
        one
        for one in found
        if not any(start < one.end and one.start < end for start, end in barred)
    ]
    return _each_once(document, free)


def _known(document: Document, knowledge: Knowledge, passage: Passage) -> Iterator[Topic]:
    """The topics of the graph that a passage names, and that lie in no longer name."""
    named = document.named(passage.start, passage.end)
    for one in named:
        things = [thing for thing in one.things if knowledge.kinds.get(thing) == "topic"]
        longer = any(
            other.holds(one) and (other.end - other.start) > (one.end - one.start)
            for other in named
        )
        if things and not longer:
            general = all(thing in knowledge.general for thing in things)
            proper = (
                document.text[one.start].isupper() and " " in document.text[one.start : one.end]
            )
            if not general or proper:
                yield Topic(one.start, one.end, things[0], 0.8)


def _worded(document: Document, passage: Passage) -> Iterator[Topic]:
    """The fields that stand in a position where announcements name theirs."""
    text, language = passage.text, document.language
    cue = pattern(language, rf"(?<!\w)<field_cues>{END}\s*", re.I)
    stop = pattern(language, rf"(?<!\w)<field_end>{END}|[.;!?]|:(?=\s)|\s[–-]\s", re.I)
    zones = []
    for match in cue.finditer(text):
        end = stop.search(text, match.end() + 1)
        zones.append((match.end(), end.start() if end else len(text)))
    listed = pattern(language, r"<field_lists>", re.I).match(text)
    if listed:
        zones.append((listed.end() if text[listed.end() - 1] == ":" else 0, len(text)))
    for start, last_place in zones:
        for first, last in _pieces(text, start, last_place):
            if _is_field(text[first:last], language):
                yield Topic(passage.start + first, passage.start + last, None, 0.5)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list, without their articles."""
    at = start
    cuts = [*(match.span() for match in _SPLIT.finditer(text, start, end)), (end, end)]
    for before, after in cuts:
        yield from _halves(text, at, before)
        at = after


def _halves(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A member, or two that *and* joins where each has a head of its own."""
    at = start
    for match in [*_AND.finditer(text, start, end), None]:
        last = match.start() if match else end
        determiner = _DETERMINER.match(text, at, last)
        first = determiner.end() if determiner else at
        if text[first:last].strip():
            yield first, first + len(text[first:last].rstrip(' -»"”'))
        at = match.end() if match else end


def _is_field(words_: str, language: str) -> bool:
    count = len(words_.split())
    return 0 < count <= _LONGEST and bool(
        words(language, "field_head_words").search(words_)
        and not words(language, "sign_verbs", "agreement_nouns", "body_heads").search(words_)
    )


def _each_once(document: Document, found: Sequence[Topic]) -> list[Topic]:
    """The topics without those that overlap a better one or repeat one."""
    kept: list[Topic] = []
    for one in sorted(found, key=lambda one: (-one.score, one.start - one.end, one.start)):
        label = document.text[one.start : one.end].casefold()
        again = any(
            (one.thing and one.thing == other.thing)
            or document.text[other.start : other.end].casefold() == label
            or (one.start < other.end and other.start < one.end)
            for other in kept
        )
        if not again:
            kept.append(one)
    return sorted(kept)
