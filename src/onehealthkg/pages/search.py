"""The page on which all things are listed by name, and a little script that searches the list.

Without the script the list is still there. The script (``assets/search.js``) reads nothing but the
list on the page, and puts copies of its entries, so that no text ever becomes markup. Case, accents
and the order of the words do not matter; each word that is sought must begin a word of one of the
names.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import NamedTuple

from onehealthkg.pages.view import Name, View


class Entry(NamedTuple):
    """A thing in the index: its name, the key of its kind in ``words.kinds``, its other names."""

    name: Name
    kind: str
    others: list[str]


class Letter(NamedTuple):
    """A letter of the index, its anchor on the page, and what stands under it."""

    letter: str
    anchor: str
    entries: list[Entry]


def search(view: View) -> str:
    """The page ``search.html``."""
    entries = [
        Entry(view.name(thing), kind, view.world.names(thing))
        for kind, things in view.world.things.items()
        for thing in things
    ]
    entries.sort(key=lambda entry: (_letter(entry), entry.name.text.casefold(), entry.name.page))
    letters = [
        Letter(letter, f"letter-{ord(letter):x}", list(group))
        for letter, group in groupby(entries, key=_letter)
    ]
    title = view.words["menu"]["search.html"]
    return view.render("search.html", title, script="search.js", letters=letters)


def _letter(entry: Entry) -> str:
    """The letter under which a name is, without its accent; # where it begins with no letter."""
    first = unicodedata.normalize("NFKD", entry.name.text.strip())[:1].upper()
    return first if first.isalpha() else "#"
