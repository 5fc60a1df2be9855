"""What a reader finds in a text."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

DATE, DURATION, NUMBER, AMOUNT, NAME = KINDS = ("date", "duration", "number", "amount", "name")


class Mention(NamedTuple):
    """What words of a text say: ``text[start:end]``, in code points of the text as it was given.

    ``kind`` is one of KINDS. ``value`` is an xsd:date, xsd:gYearMonth, xsd:gYear or, without a
    year, xsd:gMonthDay; an xsd:duration in months or in days; or an xsd:decimal. Of an amount,
    ``currency`` is the code of ISO 4217. Of a name, ``things`` are those that have it, sorted, and
    ``value`` is the label of theirs whose words these are.
    """

    start: int
    end: int
    kind: str
    value: Literal
    things: tuple[NamedNode, ...] = ()
    currency: str = ""

    def holds(self, other: Mention) -> bool:
        """Whether the words of another mention are among the words of this one."""
        return self.start <= other.start and other.end <= self.end
