"""Bodies and programmes that a text names, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode

BODY, PROGRAMME, MAYBE, NOTHING = "organisation", "programme", "", "nothing"


@dataclass(eq=False)
class Named:
    """Something that a text names, by one or several names, with all their places.

    ``kind`` is BODY, PROGRAMME, or MAYBE, which is a body only if it acts like one.
    """

    name: str
    kind: str
    acronym: str = ""
    thing: NamedNode | None = None
    places: list[tuple[int, int]] = field(default_factory=list)
    full: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[int, int]:
        """The place of the fullest name: with an acronym in brackets, else the longest."""
        longest = max(self.places, key=lambda place: (place[1] - place[0], -place[0]))
        return self.full or longest

    @property
    def in_full(self) -> str:
        """The name with the acronym in brackets."""
        return f"{self.name} ({self.acronym})" if self.acronym else self.name


class Place(NamedTuple):
    """Where a text names something; ``end`` is after an acronym in brackets."""

    start: int
    end: int
    named: Named
