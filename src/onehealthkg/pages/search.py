"""The page that lists all things by name, and a small script that searches the list.

The list is there without the script. The script (``assets/search.js``) reads only the list on the
page, and inserts copies of its entries, so that no text ever becomes markup. Case, accents and the
order of the words do not matter; each word of the search must begin a word of one of the names.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.pages.paging import page_of
from onehealthkg.pages.view import Name, View
from onehealthkg.reading.characters import without_accents

NAMES = 5000
"""The number of names on a page of the index, among which the script searches."""


class Entry(NamedTuple):
    """A thing in the index: its name, the key of its kind in ``words.kinds``, its other names."""

    name: Name
    kind: str
    others: list[str]


class Letter(NamedTuple):
    """A letter of the index, its anchor on the page, and its entries."""

    letter: str
    anchor: str
    entries: list[Entry]


def search(view: View) -> str:
    """The page ``search.html``."""
    label, world = view.facts.label, view.world

    def place(thing: NamedNode) -> tuple[str, str, str]:
        return _letter(label(thing)), without_accents(label(thing)), world.addresses[thing]

    part = page_of(sorted(world.kinds, key=place), view.address, NAMES)
    letters = [
        Letter(letter, f"letter-{ord(letter):x}", [_entry(view, thing) for thing in group])
        for letter, group in groupby(part.items, key=lambda thing: _letter(label(thing)))
    ]
    title = view.words["menu"]["search.html"]
    return view.render("search.html", title, script="search.js", letters=letters, part=part)


def _entry(view: View, thing: NamedNode) -> Entry:
    return Entry(view.name(thing), view.world.kinds[thing], view.world.names(thing))


def _letter(name: str) -> str:
    """The first letter of a name, without its accent, or # for a name without a letter."""
    first = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    return first if first.isalpha() else "#"
