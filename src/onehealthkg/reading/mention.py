"""A mention: a date, duration, number, amount or name in a text."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

DATE, DURATION, NUMBER, AMOUNT, NAME = "date", "duration", "number", "amount", "name"


class Mention(NamedTuple):
    """The meaning of the words ``text[start:end]``, in code points of the original text.

    ``kind`` is DATE, DURATION, NUMBER, AMOUNT or NAME. ``value`` is an xsd:date, xsd:gYearMonth,
    xsd:gYear or, without a year, xsd:gMonthDay; an xsd:duration in months or in days; or an
    xsd:decimal. For an amount, ``currency`` is the ISO 4217 code. For a name, ``things`` are the
    things that have it, sorted, and ``value`` is the label that matched.
    """

    start: int
    end: int
    kind: str
    value: Literal
    things: tuple[NamedNode, ...] = ()
    currency: str = ""

    def holds(self, other: Mention) -> bool:
        """Whether another mention lies within this one."""
        return self.start <= other.start and other.end <= self.end
