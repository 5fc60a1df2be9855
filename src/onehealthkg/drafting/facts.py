"""The facts about bodies in a text, as far as the ontology has a property for them.

These are its foundation, category, supervising ministries, country, dedication, former name, and
the bodies merged into it. A fact is about the body named before its words, else about that of the
heading or, for a pronoun, of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.naming.bodies import BODY, MAYBE, Named, Place
from onehealthkg.naming.document import HEADING, TITLE, Document, Passage
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.speech import is_speech
from onehealthkg.naming.words import END, any_of, pattern, words
from onehealthkg.reading.mention import DATE, Mention

FOUNDED, FORMER_NAME = "schema:foundingDate", "oh:formerName"
CATEGORY, COUNTRY, DEDICATED = "org:classification", "oh:country", "org:purpose"
SUPERVISED, JOINTLY = "oh:supervisedBy", "oh:jointlySupervisedBy"
MERGER = "org:changedBy"
LITERALS = (FOUNDED, FORMER_NAME)
"""The properties whose values are words; the values of the others are things."""


class Fact(NamedTuple):
    """A property of a body with its value, and the place of the words that say so.

    ``value`` is a date or a name, or the words for ``things``; for a merger it is the date, and
    ``things`` are the merged bodies. A thing is None if it is not in the graph.
    """

    start: int
    end: int
    body: Named
    property: str
    value: str
    things: tuple[NamedNode | None, ...] = ()


def facts(document: Document, knowledge: Knowledge, places: Sequence[Place]) -> Iterator[Fact]:
    """The facts about bodies in a text, passage by passage."""
    bodies = [place for place in places if place.named.kind in (BODY, MAYBE)]
    for passage in document.passages:
        if passage.role not in (TITLE, HEADING) and not is_speech(passage.text, document.language):
            reader = _Reader(document, knowledge, bodies, passage)
            yield from reader.founded()
            yield from reader.supervised()
            yield from reader.named_before()
            yield from reader.merged()
            for property_, cue, kind in (
                (CATEGORY, "is_a", "category"),
                (COUNTRY, "based_in", "place"),
                (DEDICATED, "dedicated", "topic"),
            ):
                yield from reader.concepts(property_, cue, kind)


class _Reader:
    """Reads the facts in one passage."""

    def __init__(
        self, document: Document, knowledge: Knowledge, bodies: Sequence[Place], passage: Passage
    ) -> None:
        self._document, self._knowledge, self._passage = document, knowledge, passage
        self._language = document.language
        self._bodies = bodies

    def _cues(self, key: str, behind: str = "") -> Iterator[re.Match[str]]:
        form = pattern(self._language, rf"(?<!\w)<{key}>{END}{behind}", re.I)
        yield from form.finditer(self._document.text, self._passage.start, self._passage.end)

    def founded(self) -> Iterator[Fact]:
        """*founded in 1964*."""
        for cue in self._cues("founded", r"\s?"):
            date = self._date(cue.end(), 1)
            body = self._subject(cue.start())
            if date and body and len(date.value.value) > 3 and date.value.value[0] != "-":
                yield Fact(cue.start(), date.end, body, FOUNDED, date.value.value)

    def supervised(self) -> Iterator[Fact]:
        """*under the joint authority of the Ministries of Health and Research*."""
        for cue in self._cues("supervised"):
            body = self._subject(cue.start())
            ministries = self._row(cue.end(), "ministries")
            joint = len(ministries) > 1 and words(self._language, "joint").search(cue[0])
            if body is None:
                continue
            for place in ministries:
                said = self._document.text[place.start : place.end]
                property_ = JOINTLY if joint else SUPERVISED
                yield Fact(cue.start(), place.end, body, property_, said, (place.named.thing,))

    def named_before(self) -> Iterator[Fact]:
        """*formerly the Institute of Hygiene*."""
        name = r"\s(?:known as |called |le |la |l'|the )*([A-ZÀ-Þ][^,;.()]{1,80}?)(?=[,;.()]|$)"
        form = pattern(self._language, rf"(?<!\w)(?i:<formerly>){name}")
        for match in form.finditer(self._document.text, self._passage.start, self._passage.end):
            body = self._subject(match.start())
            if body:
                yield Fact(match.start(), match.end(1), body, FORMER_NAME, match[1].strip())

    def merged(self) -> Iterator[Fact]:
        """*created on 1 January 2020 from the merger of INRA and Irstea*."""
        for cue in self._cues("merger_of"):
            parts = self._row(cue.end())
            body = self._subject(cue.start())
            date = next(
                (
                    mention
                    for mention in self._document.named(
                        self._passage.start, self._passage.end, DATE
                    )
                    if not mention.value.value.startswith("-")
                ),
                None,
            )
            if body and len(parts) > 1 and date:
                start = min(cue.start(), date.start)
                things = tuple(place.named.thing for place in parts)
                end = max(parts[-1].end, date.end)
                yield Fact(start, end, body, MERGER, date.value.value, things)

    def concepts(self, property_: str, cue_key: str, kind: str) -> Iterator[Fact]:
        """*is a national agency*, *based in France*, *dedicated to human health*."""
        for cue in self._cues(cue_key):
            body = self._subject(cue.start())
            if body is None:
                continue
            for mention, thing in self._of_kind(kind, cue.end()):
                said = self._document.text[mention.start : mention.end]
                yield Fact(cue.start(), mention.end, body, property_, said, (thing,))

    # The words around a cue

    def _date(self, place: int, reach: int) -> Mention | None:
        near = self._document.named(place, place + reach, DATE)
        return near[0] if near else None

    def _of_kind(self, kind: str, place: int) -> list[tuple[Mention, NamedNode]]:
        """The things of a kind that a clause names from a place on; for a category, the next."""
        text = self._document.text
        stop = re.compile(r"[.;:]|, (?:which|who|qui|dont|and|et) ").search(text, place)
        end = min(stop.start() if stop else len(text), self._passage.end, place + 90)
        found = [
            (mention, thing)
            for mention in self._document.named(place, end)
            for thing in mention.things
            if self._is(kind, thing)
        ]
        longest = [
            (mention, thing)
            for mention, thing in found
            if not any(other is not mention and other.holds(mention) for other, _ in found)
        ]
        return longest if kind == "topic" else longest[:1]

    def _is(self, kind: str, thing: NamedNode) -> bool:
        if kind == "place":
            return thing in self._knowledge.countries
        return self._knowledge.kinds.get(thing) == kind

    def _row(self, place: int, kind: str = "") -> list[Place]:
        """The bodies in a row that begins at a place."""
        row: list[Place] = []
        link = pattern(self._language, r"\W*(?:(?:<row_links>|<row_words>)(?:\W+|(?<=')))*", re.I)
        at = place
        for body in self._bodies:
            if place <= body.start < self._passage.end and link.fullmatch(
                self._document.text, at, body.start
            ):
                if kind and not self._is_of(body.named, kind):
                    break
                row.append(body)
                at = body.end
        return row

    def _is_of(self, body: Named, kind: str) -> bool:
        """Whether a body is of a kind, by its name here or in the graph."""
        noun = re.compile(rf"(?<!\w)(?:{any_of(self._language, kind)})", re.I)
        known = body.thing is not None and "ministry" in body.thing.value
        return bool(known or noun.search(body.name))

    def _subject(self, place: int) -> Named | None:
        """The body that the words at a place are about."""
        values = self._values()
        here = [
            body
            for body in self._bodies
            if self._passage.start <= body.start and body.end <= place and body not in values
        ]
        if here:
            return here[-1].named
        ahead = self._document.text[self._passage.start : place]
        pronoun = pattern(self._language, r"(?:<reference>)(?!\w)", re.I).match(ahead)
        if len(ahead) > 60 and not pronoun:
            return None
        return self._of_passage_before()

    def _values(self) -> list[Place]:
        """The bodies that are named as values: parts of a merger, ministries."""
        cues = [*self._cues("merger_of"), *self._cues("supervised")]
        return [body for cue in cues for body in self._row(cue.end())]

    def _of_passage_before(self) -> Named | None:
        """The body of the heading above, else the first of the sentence before."""
        before = self._document.passages[: self._passage.number - 1]
        for passage in reversed(before[-6:]):
            inside = [body for body in self._bodies if passage.start <= body.start < passage.end]
            if inside:
                return inside[0].named
            if passage.role in (HEADING, TITLE):
                return None
        return None
