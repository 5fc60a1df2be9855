"""The agreements on a line of time: a bar each, and ends that are inferred told apart.

A bar runs from the date of signature, or else of the start, to the date on which the agreement
ends. A date that only a rule gives has a hollow mark and a hatched end; where no end is known the
bar runs out in dots, and where a source says that there is none it runs out in full. A month or
year without a day is no point: its mark is as wide as the time in which the day may lie, and the
bar runs from the first of these days at the left to the last at the right.

Texts are HTML and places are percentages, so that the letters keep their size on a phone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.dataset.evidence import INFERRED, Document
from onehealthkg.dataset.facts import Facts
from onehealthkg.terms import plain

_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")
_TRUE = ("true", "1")  # the two ways in which xsd:boolean is written
_MOST_TICKS = 7
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Moment(NamedTuple):
    """A date as it is written, whether it is inferred, the passages and documents behind it."""

    date: str
    inferred: bool
    passages: tuple[str, ...]
    documents: tuple[Document, ...] = ()


class Span(NamedTuple):
    """An agreement and its dates, as far as they are known."""

    iri: str
    label: str
    signed: Moment | None
    ends: Moment | None
    started: Moment | None = None
    indefinite: bool = False


class Axis(NamedTuple):
    """The years from which and to which the line runs, and those that are named."""

    first: int
    last: int
    ticks: tuple[int, ...]

    def place(self, year: float) -> float:
        """Where a time stands, in percent of the width."""
        return round(100 * (year - self.first) / (self.last - self.first), 2)


def spans(facts: Facts) -> list[Span]:
    """The agreements of a selection by signature or start; those without a date come last."""
    found = [
        Span(
            one.value,
            facts.label(one),
            _moment(facts, one, "oh:dateSigned"),
            _moment(facts, one, "oh:dateEnds"),
            _moment(facts, one, "oh:dateStarted"),
            facts.words(one, "oh:indefinite") in _TRUE,
        )
        for one in facts.things("oh:Agreement")
    ]
    return sorted(found, key=_order)


def _order(span: Span) -> tuple[bool, str, str]:
    begins = begin(span)
    return begins is None, begins.date if begins else "", span.iri


def begin(span: Span) -> Moment | None:
    """From when an agreement runs: its signature, or else its start."""
    return span.signed or span.started


def _moment(facts: Facts, agreement: NamedNode, predicate: str) -> Moment | None:
    """The date with a predicate; of several, one that is stated, or else the first."""
    known = []
    for triple in facts.of(agreement, predicate):
        date = plain(triple.object)
        if _DATE.match(date):
            evidence = facts.evidence(triple)
            inferred = facts.basis(triple) == INFERRED
            passages = dict.fromkeys(p.iri for each in evidence for p in each.passages)
            documents = {one.iri: one for each in evidence for one in each.documents}
            known.append(Moment(date, inferred, tuple(passages), tuple(documents.values())))
    return min(known, key=lambda one: (one.inferred, one.date), default=None)


def axis(found: list[Span]) -> Axis | None:
    """The line on which all dates have a place, or None where there is no date."""
    times = [time for span in found for time in (start(span), end(span)) if time is not None]
    if not times:
        return None
    years = int(max(times)) - int(min(times) // 1) + 1
    step = next((one for one in _STEPS if years / one < _MOST_TICKS), _STEPS[-1])
    first, last = int(min(times) // 1), int(max(times) // 1) + 1
    return Axis(first, last, tuple(range(-(-first // step) * step, last + 1, step)))


def start(span: Span) -> float | None:
    """When an agreement begins, in years."""
    begins = begin(span)
    return _years(begins.date, late=False) if begins else None


def end(span: Span) -> float | None:
    """When an agreement ends, in years."""
    return _years(span.ends.date, late=True) if span.ends else None


def _years(date: str, *, late: bool) -> float:
    """A date as years; of what is not written the beginning, or where it is ``late`` the end.

    Months are of 31 days here: a picture has no place for less.
    """
    year, month, day = (int(part) if part else 0 for part in _parts(date))
    if not month:
        return year + (1.0 if late else 0.0)
    if not day:
        return year + (month if late else month - 1) / 12
    return year + (month - 1) / 12 + (day - 1) / 372


def _parts(date: str) -> tuple[str | None, str | None, str | None]:
    found = _DATE.match(date)
    return (found[1], found[2], found[3]) if found else ("0", None, None)


def row(span: Span, line: Axis) -> str:
    """The bar of an agreement as SVG."""
    left, right = start(span), end(span)
    begins = line.place(left if left is not None else line.first)
    stops = line.place(right) if right is not None else 100.0
    stops = max(stops, begins)
    marks = [_tick(line, year) for year in line.ticks]
    places = f'x="{begins}%" y="8" width="{stops - begins:.2f}%" height="12" rx="2"'
    marks.append(f'<rect class="{_kind(span)}" {places}/>')
    marks += [_mark(line, moment) for moment in (begin(span), span.ends) if moment]
    return f'<svg class="row" width="100%" height="28" aria-hidden="true">{"".join(marks)}</svg>'


def _kind(span: Span) -> str:
    """How the bar is drawn, which is how the end is known."""
    if span.ends and span.ends.inferred:
        return "bar inferred"
    return "bar" if begin(span) and (span.ends or span.indefinite) else "bar open"


def _mark(line: Axis, moment: Moment) -> str:
    """A dot for a day; for a month or a year all of it, from its first day to its last."""
    hollow = " inferred" if moment.inferred else ""
    first = line.place(_years(moment.date, late=False))
    width = line.place(_years(moment.date, late=True)) - first
    if width <= 0:
        return f'<circle class="mark{hollow}" cx="{first}%" cy="14" r="6"/>'
    places = f'x="{first}%" y="10" width="{width:.2f}%" height="8" rx="4"'
    return f'<rect class="mark{hollow}" {places}/>'


def years(line: Axis) -> str:
    """The years under the bars as SVG."""
    named = "".join(
        f'<text x="{line.place(year)}%" y="14" text-anchor="{_anchor(line, year)}">{year}</text>'
        for year in line.ticks
    )
    return f'<svg class="row" width="100%" height="18" aria-hidden="true">{named}</svg>'


def _tick(line: Axis, year: int) -> str:
    place = line.place(year)
    return f'<line class="tick" x1="{place}%" x2="{place}%" y1="0" y2="28"/>'


def _anchor(line: Axis, year: int) -> str:
    if year == line.first:
        return "start"
    return "end" if year == line.last else "middle"
