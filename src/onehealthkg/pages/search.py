"""The page that lists all things by name, and a small script that searches the list.

The list is there without the script. The script (``assets/search.js``) reads only the list on the
page, and inserts copies of its entries, so that no text ever becomes markup. Case, accents and the
order of the words do not matter; each word of the search must begin a word of one of the names.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from onehealthkg.pages.listings import letter, listing
from onehealthkg.pages.paging import Heading, Place
from onehealthkg.pages.view import Name, View


class Entry(NamedTuple):
    """A thing in the index: its name, the key of its kind in ``words.kinds``, its other names."""

    name: Name
    kind: str
    others: list[str]


def search(view: View) -> str:
    """The page ``search.html``."""
    world = view.world
    part = listing(world, "search.html").page(view.address)
    entries = [
        Entry(view.name(thing), world.kinds[thing], world.names(thing)) for thing in part.items
    ]
    letters = [(heading, list(group)) for heading, group in groupby(entries, key=_letter)]
    return view.render(
        "search.html",
        view.words["menu"]["search.html"],
        script="search.js",
        letters=letters,
        places=part.places or [Place(it.text, f"#{it.anchor}", False) for it, _ in letters],
        part=part,
    )


def _letter(entry: Entry) -> Heading:
    return letter(entry.name.text)
