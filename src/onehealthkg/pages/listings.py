"""The long lists of the site, each made once: things in order, and where years or letters begin.

A page of a list then costs the same however many pages there are.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping

from pyoxigraph import NamedNode

from onehealthkg.pages.paging import Heading, Listing
from onehealthkg.pages.world import ORGANISATION, World
from onehealthkg.reading.characters import without_accents
from onehealthkg.terms import Term
from onehealthkg.words import words

_NAMES = 25  # names for each row of a table: the script of the index searches a page


def listing(world: World, base: str) -> Listing[NamedNode]:
    """The list whose first page is at an address, one of ``LISTS``."""
    if base not in world.listings:
        world.listings[base] = LISTS[base](world)
    return world.listings[base]


def letter(name: str) -> Heading:
    """The first letter of a name, without its accent, or # for a name without a letter."""
    first = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    found = first if first.isalpha() else "#"
    return Heading(found, f"letter-{ord(found):x}")


def _agreements(world: World) -> Listing[NamedNode]:
    """The agreements, the latest first, by year."""
    newest = world.newest(world.begins)
    return Listing(newest, [_year(world, agreement) for agreement in newest], world.rows)


def _year(world: World, agreement: NamedNode | None) -> Heading:
    """The year in which an agreement began, or the words for an unknown one."""
    year = world.year(agreement) if agreement else ""
    return Heading(year or _words(world)["no_date"], f"year-{year or 'unknown'}")


def _organisations(world: World) -> Listing[NamedNode]:
    """The organisations, by letter."""
    found = world.things[ORGANISATION]
    return Listing(found, [letter(world.facts.label(each)) for each in found], world.rows)


def _sources(world: World) -> Listing[NamedNode]:
    """The archived texts, by their addresses, then the records, that of the latest agreement first.

    The records are divided by year.
    """
    texts = sorted(world.text_addresses, key=world.text_addresses.__getitem__)
    headings = dict.fromkeys(texts, Heading(_words(world)["archived_texts"], "texts"))
    about: dict[Term, list[NamedNode]] = defaultdict(list)
    for record, thing in world.facts.pairs("foaf:primaryTopic", "oh:Record"):
        if isinstance(record, NamedNode):
            about[thing].append(record)
    for agreement in world.newest(world.begins):
        for record in sorted(about[agreement], key=str):
            headings.setdefault(record, _year(world, agreement))
    for record in world.facts.things("oh:Record"):
        headings.setdefault(record, _year(world, None))
    return Listing(list(headings), list(headings.values()), world.rows)


def _names(world: World) -> Listing[NamedNode]:
    """All things that have pages, by name."""
    every = (thing for things in world.things.values() for thing in things)
    labels = {thing: world.facts.label(thing) for thing in every}
    letters = {thing: letter(label) for thing, label in labels.items()}

    def place(thing: NamedNode) -> tuple[str, str, str]:
        return letters[thing].text, without_accents(labels[thing]), world.addresses[thing]

    found = sorted(labels, key=place)
    return Listing(found, [letters[thing] for thing in found], _NAMES * world.rows)


def _words(world: World) -> Mapping[str, str]:
    return words(world.facts.selection.language)


LISTS: Mapping[str, Callable[[World], Listing[NamedNode]]] = {
    "agreements.html": _agreements,
    "organisations.html": _organisations,
    "timeline.html": _agreements,
    "sources.html": _sources,
    "search.html": _names,
}
"""The functions that make the lists, by the addresses of their first pages."""
