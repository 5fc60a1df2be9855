"""The pages of the site by their addresses, and a page as a self-contained file.

``index.html`` and its neighbours are overviews; ``agreements/``, ``organisations/`` and ``topics/``
have a page for each thing; ``texts/`` has the archived texts with their statements.
"""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import NamedNode

from onehealthkg.errors import UnknownThing
from onehealthkg.evidence.selection import Selection, select
from onehealthkg.labels import find
from onehealthkg.names import HOME
from onehealthkg.pages.lists import agreements, organisations
from onehealthkg.pages.network import network
from onehealthkg.pages.ontology import ontology_page, shapes_page
from onehealthkg.pages.overview import countries, overview, timeline
from onehealthkg.pages.paging import numbered, pages, split
from onehealthkg.pages.search import NAMES, search
from onehealthkg.pages.sources import listed, sources, text_page
from onehealthkg.pages.things import thing_page
from onehealthkg.pages.topics import topics
from onehealthkg.pages.view import View
from onehealthkg.pages.world import ORGANISATION, World
from onehealthkg.words import words

_PAGES = {
    "index.html": overview,
    "agreements.html": agreements,
    "organisations.html": organisations,
    "timeline.html": timeline,
    "network.html": network,
    "topics.html": topics,
    "countries.html": countries,
    "sources.html": sources,
    "ontology.html": ontology_page,
    "shapes.html": shapes_page,
    "search.html": search,
}


_LISTS: dict[str, Callable[[World], int]] = {
    "agreements.html": lambda world: pages(len(world.begins)),
    "organisations.html": lambda world: pages(len(world.things[ORGANISATION])),
    "timeline.html": lambda world: pages(len(world.begins)),
    "sources.html": lambda world: pages(len(listed(world))),
    "search.html": lambda world: pages(len(world.kinds), NAMES),
}
"""The lists of things, with the number of their pages."""


def addresses(world: World) -> list[str]:
    """The addresses of all pages: ``index.html``, ``organisations/anses.html`` ..."""
    further = [
        numbered(base, number)
        for base, count in _LISTS.items()
        for number in range(2, count(world) + 1)
    ]
    return [*_PAGES, *further, *world.addresses.values(), *world.text_addresses.values()]


def page(world: World, address: str) -> bytes:
    """The page at an address, as UTF-8; else UnknownThing."""
    view = View(world, address)
    base, number = split(address)
    if base in _PAGES and (number == 1 or number <= _LISTS.get(base, _only)(world)):
        return _PAGES[base](view).encode()
    if address not in world.at:
        raise UnknownThing(f'There is no page "{address}"; index.html leads to all pages.')
    return _about(view, world.at[address]).encode()


def _only(_: World) -> int:
    """The number of pages of what is no list."""
    return 1


def document_page(world: World, document: NamedNode) -> bytes:
    """The page at the address of a document: the ontology, the shapes, a text or a record.

    Raises UnknownThing for anything else.
    """
    path = document.value.removeprefix(HOME)
    if path in ("ontology", "shapes"):
        return page(world, f"{path}.html")
    if document in world.text_addresses:
        return page(world, world.text_addresses[document])
    if document not in world.facts.things("oh:Record"):
        raise UnknownThing(f"There is no document <{document.value}>.")
    return thing_page(View(world, path), document).encode()


def site(selection: Selection) -> dict[str, bytes]:
    """The pages of a site by their addresses, in the language of the selection.

    UsageError for an unsupported language; InputError if an archived text cannot be read.
    """
    words(selection.language)  # before all else
    world = World(selection)
    return {address: page(world, address) for address in addresses(world)}


def single(selection: Selection) -> bytes:
    """One page without links to others: that of the selected thing, or the overview.

    The page of a thing is made from the whole graph, like its page in the site. Raises the same
    errors as ``site``.
    """
    words(selection.language)
    if not selection.only:
        return overview(View(World(selection), "index.html", alone=True)).encode()
    whole = select(selection.project, "", selection.without, selection.language)
    thing = find(whole.store, selection.only)
    return _about(View(World(whole), "", alone=True), thing).encode()


def _about(view: View, thing: NamedNode) -> str:
    """The page of a thing; for a document or a passage, the page of the text."""
    document = NamedNode(thing.value.partition("#")[0])
    if document in view.world.text_addresses:
        return text_page(view, view.world.coverage(document))
    return thing_page(view, thing)
