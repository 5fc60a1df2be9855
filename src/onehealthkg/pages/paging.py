"""Long lists in several pages: ``agreements.html``, ``agreements-2.html``, and so on.

A site of any size then has no page that grows with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

MOST = 200
"""The number of entries on a page of a list, or in a table on the page of a thing."""

_NUMBERED = re.compile(r"([a-z]+)-([2-9]|[1-9]\d{1,5})\.html")
_AROUND = 2  # pages before and after the current one that have a link

Item = TypeVar("Item")


class Link(NamedTuple):
    """A link to a page of a list; without an address, it is a gap between the numbers."""

    text: str
    page: str


class Heading(NamedTuple):
    """What a part of a list has in common, such as a year or a letter, and the part's anchor."""

    text: str
    anchor: str


class Place(NamedTuple):
    """A link to where a part of a list begins; ``is_here`` if some of it is on this page."""

    text: str
    page: str
    is_here: bool


class Page(NamedTuple, Generic[Item]):
    """A page of a list: its items, the address of the first page, its number, and how many.

    ``anchors`` has the anchor of each item with which a part of the list begins, and empty ones for
    the others; ``places`` are all parts. A list of one page has no parts.
    """

    items: Sequence[Item]
    base: str
    number: int
    total: int
    anchors: Sequence[str]
    places: Sequence[Place]

    @property
    def before(self) -> Link:
        """The page before this one, if there is one."""
        return self._link(self.number - 1)

    @property
    def after(self) -> Link:
        """The page after this one, if there is one."""
        return self._link(self.number + 1)

    @property
    def links(self) -> list[Link]:
        """The first and the last page and those around this one, with gaps between them."""
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        shown = sorted({1, *near, self.total} & {*range(1, self.total + 1)})
        found = [self._link(shown[0])]
        for earlier, number in pairwise(shown):
            found += [Link("…", "")] if number > earlier + 1 else []
            found.append(self._link(number))
        return found

    def _link(self, number: int) -> Link:
        return Link(str(number), numbered(self.base, number))


def numbered(base: str, number: int) -> str:
    """The address of a page of a list, counted from 1."""
    return base if number == 1 else f"{base.removesuffix('.html')}-{number}.html"


def split(address: str) -> tuple[str, int]:
    """The address of the first page of a list, and the number of the page at an address."""
    match = _NUMBERED.fullmatch(address)
    return (f"{match[1]}.html", int(match[2])) if match else (address, 1)


class Listing(Generic[Item]):
    """A list in pages of at most ``most`` items, in parts with headings."""

    def __init__(
        self, items: Sequence[Item], headings: Sequence[Heading], most: int = MOST
    ) -> None:
        """``headings`` has the heading of each item."""
        self._items, self._headings, self._most = items, headings, most
        self.total = max(1, -(-len(items) // most))
        self._starts: dict[Heading, int] = {}
        for place, heading in enumerate(headings):
            self._starts.setdefault(heading, place)

    def page(self, address: str) -> Page[Item]:
        """The page of the list at an address; an empty one behind the last."""
        base, number = split(address)
        first = (number - 1) * self._most
        items = self._items[first : first + self._most]
        headings = self._headings[first : first + self._most]
        if self.total == 1:
            return Page(items, base, number, 1, [""] * len(items), [])
        anchors = [
            heading.anchor if self._starts[heading] == place else ""
            for place, heading in enumerate(headings, first)
        ]
        here = set(headings)
        places = [
            Place(heading.text, self._to(base, number, heading), heading in here)
            for heading in self._starts
        ]
        return Page(items, base, number, self.total, anchors, places)

    def _to(self, base: str, here: int, heading: Heading) -> str:
        """The address of the beginning of a part, relative to a page of the list."""
        number = self._starts[heading] // self._most + 1
        return f"{numbered(base, number) if number != here else ''}#{heading.anchor}"
