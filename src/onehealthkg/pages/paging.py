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


class Page(NamedTuple, Generic[Item]):
    """A page of a list: its items, the address of the first page, its number, and how many."""

    items: Sequence[Item]
    base: str
    number: int
    total: int

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


def pages(count: int, most: int = MOST) -> int:
    """The number of pages of a list of ``count`` items."""
    return max(1, -(-count // most))


def page_of(items: Sequence[Item], address: str, most: int = MOST) -> Page[Item]:
    """The page of a list at an address; an empty one behind the last."""
    base, number = split(address)
    chosen = items[(number - 1) * most : number * most]
    return Page(chosen, base, number, pages(len(items), most))
