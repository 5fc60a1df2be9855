"""Agreements on a timeline: a bar for each, with inferred ends drawn apart from stated ones.

A bar runs from the date of signature, or else of the start, to the end of the agreement. A date
that only a rule gives has a hollow mark and a hatched end. If no end is known, the bar is short,
because it is unknown whether the agreement is in force; if a source says that it is indefinite, the
bar extends to the edge. A month or year without a day is a range: its mark covers the possible
days, and the bar runs from the first possible day of the beginning to the last of the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.days import today
from onehealthkg.evidence.evidence import ASSUMED, INFERRED
from onehealthkg.evidence.facts import Facts
from onehealthkg.terms import Term, plain

_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")
_SIGNED, _STARTED = "oh:dateSigned", "oh:dateStarted"
_TRUE = ("true", "1")  # the two forms of xsd:boolean
_MOST_TICKS = 7
_ALWAYS = "0"  # as text, before any date
_OPEN = 4.0  # the width of a bar whose end is unknown, in percent
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Moment(NamedTuple):
    """A date as it is written; ``basis`` is inferred or assumed, empty if a source states it."""

    date: str
    basis: str = ""


class Span(NamedTuple):
    """An agreement and its dates, as far as they are known."""

    iri: str
    label: str
    signed: Moment | None
    ends: Moment | None
    started: Moment | None = None
    indefinite: bool = False
    doubtful: str = ""
    """From when it is no longer certainly in force, where its end or a merger says so."""

    replaced: Moment | None = None
    """When a later agreement certainly replaced it."""

    perhaps_replaced: str = ""
    """When a later agreement may have replaced it at the earliest."""

    @property
    def begin(self) -> Moment | None:
        """The beginning of the agreement: its signature, or else its start."""
        return self.signed or self.started

    @property
    def kind(self) -> str:
        """The style of the bar, which shows the basis of the date where it stops."""
        if self.stops and self.stops.basis:
            return "inferred"
        return "" if self.begin and (self.stops or self.indefinite) else "open"

    @property
    def stops(self) -> Moment | None:
        """Where the bar stops: at the end, or at a replacement that comes first."""
        known = (moment for moment in (self.ends, self.replaced) if moment)
        return min(known, key=lambda moment: moment.date, default=None)


class Mark(NamedTuple):
    """A date on a bar; ``width`` is empty for a day."""

    left: float
    width: str
    inferred: bool


class Tick(NamedTuple):
    """A year that is named under the bars, and the end of its text that is at its place."""

    year: int
    place: float
    anchor: str


class Bar(NamedTuple):
    """The bar of an agreement, with the marks of its dates."""

    kind: str
    left: float
    width: str
    marks: list[Mark]


class Axis(NamedTuple):
    """A time axis: its first and last year, and the years that are named."""

    first: int
    last: int
    years: tuple[int, ...]

    def place(self, year: float) -> float:
        """The place of a point in time, in percent of the width."""
        return round(100 * (year - self.first) / (self.last - self.first), 2)

    @property
    def ticks(self) -> list[Tick]:
        """The years that are named, each with its place."""
        anchors = {self.first: "start", self.last: "end"}
        return [Tick(year, self.place(year), anchors.get(year, "middle")) for year in self.years]

    @property
    def today(self) -> float | None:
        """The place of today, or None if it is not on the axis."""
        place = self.place(_years(today()))
        return place if 0 <= place <= 100 else None

    def bar(self, span: Span) -> Bar | None:
        """The bar of an agreement, or None if it has no date."""
        moments = [moment for moment in (span.begin, span.stops) if moment]
        if not moments:
            return None
        begins = self.place(_years(span.begin.date) if span.begin else self.first)
        stops = self._stop(span, begins)
        width = f"{max(stops - begins, 0):.2f}"
        return Bar(span.kind, begins, width, [self._mark(moment) for moment in moments])

    def _stop(self, span: Span, begins: float) -> float:
        if span.stops:
            return self.place(_years(span.stops.date, late=True))
        return min(100.0, begins + _OPEN) if span.kind == "open" else 100.0

    def _mark(self, moment: Moment) -> Mark:
        """A point for a day; for a month or a year, the range from its first day to its last."""
        left = self.place(_years(moment.date))
        width = self.place(_years(moment.date, late=True)) - left
        return Mark(left, f"{width:.2f}" if width > 0 else "", bool(moment.basis))


def span(facts: Facts, agreement: NamedNode) -> Span:
    """An agreement and its dates."""
    return Span(
        agreement.value,
        facts.label(agreement),
        _moment(facts, agreement, _SIGNED),
        _moment(facts, agreement, "oh:dateEnds"),
        _moment(facts, agreement, _STARTED),
        facts.words(agreement, "oh:indefinite") in _TRUE,
        facts.words(agreement, "oh:doubtfulFrom"),
        *_replacements(facts, agreement),
    )


def begins(facts: Facts, agreements: Iterable[NamedNode]) -> dict[NamedNode, str]:
    """When each agreement began, by signature or start, in this order; empty without a date."""
    found = dict.fromkeys(agreements, "")
    for predicate in (_STARTED, _SIGNED):
        dates: dict[Term, list[str]] = defaultdict(list)
        for agreement, date in facts.pairs(predicate):
            dates[agreement] += filter(_DATE.match, [plain(date)])
        for agreement in found.keys() & dates.keys():
            known = dates[agreement]
            moment = _moment(facts, agreement, predicate) if len(known) > 1 else None
            found[agreement] = moment.date if moment else "".join(known) or found[agreement]
    in_time = sorted(found.items(), key=lambda item: (not item[1], item[1], item[0].value))
    return dict(in_time)


def _replacements(facts: Facts, agreement: NamedNode) -> tuple[Moment | None, str]:
    """When later agreements certainly replaced this one, and when they may have at the earliest."""
    joins = facts.naming(agreement, "oh:predecessor")
    later = [join.subject for join in joins if isinstance(join.subject, NamedNode)]
    certain = [_moment(facts, successor, "oh:certainlyFrom") for successor in later]
    first = min(filter(None, certain), key=lambda moment: moment.date, default=None)
    possible = (facts.words(successor, "oh:possiblyFrom") or _ALWAYS for successor in later)
    return first, min(possible, default="")


def _moment(facts: Facts, agreement: NamedNode, predicate: str) -> Moment | None:
    """The date with a predicate; of several, a stated one, or else the first."""
    moments = [
        Moment(plain(triple.object), basis if basis in (INFERRED, ASSUMED) else "")
        for triple in facts.of(agreement, predicate)
        if _DATE.match(plain(triple.object))
        for basis in [facts.basis(triple)]
    ]
    return min(moments, key=lambda moment: (bool(moment.basis), moment.date), default=None)


def axis(found: Sequence[Span]) -> Axis | None:
    """The time axis with all dates, or None if there are no dates."""
    times = [_years(span.begin.date) for span in found if span.begin]
    times += [_years(span.stops.date, late=True) for span in found if span.stops]
    if not times:
        return None
    first, last = int(min(times) // 1), int(max(times)) + 1
    step = next((step for step in _STEPS if (last - first) / step < _MOST_TICKS), _STEPS[-1])
    return Axis(first, last, tuple(range(-(-first // step) * step, last + 1, step)))


def _years(date: str, *, late: bool = False) -> float:
    """A date as years; a missing month or day is the first, or with ``late`` the last.

    All months have 31 days here: the difference does not show in a picture.
    """
    match = _DATE.match(date)
    year, month, day = (int(part) if part else 0 for part in (match.groups() if match else "000"))
    if not month:
        return year + (1.0 if late else 0.0)
    if not day:
        return year + (month if late else month - 1) / 12
    return year + (month - 1) / 12 + (day - 1) / 372
