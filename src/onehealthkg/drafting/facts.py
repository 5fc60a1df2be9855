"""What a text says of a body itself: when it was founded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onehealthkg.drafting.bodies import BODY, Named, Place
from onehealthkg.drafting.document import Document, Passage
from onehealthkg.drafting.words import END, pattern
from onehealthkg.reading.mention import DATE

FOUNDED = "schema:foundingDate"


class Fact(NamedTuple):
    """A property of a body with its value, and the place of the words that say so."""

    start: int
    end: int
    body: Named
    property: str
    value: str


def facts(document: Document, places: Sequence[Place]) -> Iterator[Fact]:
    """The dates of foundation in a text, each of the body that the passage or its heading names."""
    founded = pattern(document.language, rf"(?<!\w)<founded>{END}\s*$", re.I)
    for passage in document.passages:
        for mention in document.named(passage.start, passage.end, DATE):
            said = founded.search(document.text, passage.start, mention.start)
            body = _subject(document, passage, places) if said else None
            if said and body:
                yield Fact(said.start(), mention.end, body, FOUNDED, mention.value.value)


def _subject(document: Document, passage: Passage, places: Sequence[Place]) -> Named | None:
    """The first body in a passage, else in the one before, which may be its heading."""
    for start, end in (
        (passage.start, passage.end),
        *(
            (earlier.start, earlier.end)
            for earlier in document.passages
            if earlier.number == passage.number - 1
        ),
    ):
        inside = (
            place for place in places if start <= place.start < end and place.named.kind == BODY
        )
        first = next(inside, None)
        if first:
            return first.named
    return None
