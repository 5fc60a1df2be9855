"""The pages of the site by their addresses, and a page as a self-contained file.

``index.html`` and its neighbours are overviews; ``agreements/``, ``organisations/`` and ``topics/``
have a page for each thing; ``texts/`` has the archived texts with their statements.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from onehealthkg import limits
from onehealthkg.dataset.jobs import Progress, silent
from onehealthkg.errors import UnknownThing
from onehealthkg.evidence.selection import Selection, select
from onehealthkg.labels import find
from onehealthkg.names import HOME
from onehealthkg.pages.listings import LISTS, listing
from onehealthkg.pages.lists import agreements, organisations
from onehealthkg.pages.network import network
from onehealthkg.pages.ontology import ontology_page, shapes_page
from onehealthkg.pages.overview import countries, overview, timeline
from onehealthkg.pages.paging import numbered, split
from onehealthkg.pages.search import search
from onehealthkg.pages.sources import sources, text_page
from onehealthkg.pages.things import thing_page
from onehealthkg.pages.topics import topics
from onehealthkg.pages.view import View
from onehealthkg.pages.world import World
from onehealthkg.terms import named_node
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


def addresses(world: World) -> list[str]:
    """The addresses of all pages: ``index.html``, ``organisations/anses.html`` ..."""
    further = [
        numbered(base, number)
        for base in LISTS
        for number in range(2, listing(world, base).total + 1)
    ]
    things = () if world.overviews else (*world.addresses.values(), *world.text_addresses.values())
    return [*_PAGES, *further, *things]


def page(world: World, address: str) -> bytes:
    """The page at an address, as UTF-8; else UnknownThing."""
    view = View(world, address)
    base, number = split(address)
    if base in _PAGES and (number == 1 or _is_page(world, base, number)):
        return _PAGES[base](view).encode()
    if address not in world.at:
        raise UnknownThing(f'There is no page "{address}"; index.html leads to all pages.')
    return _about(view, world.at[address]).encode()


def _is_page(world: World, base: str, number: int) -> bool:
    """Whether a list has a page with a number."""
    return base in LISTS and number <= listing(world, base).total


def document_page(world: World, document: NamedNode) -> bytes:
    """The page at the address of a document: the ontology, the shapes, a text or a record.

    Raises UnknownThing for anything else.
    """
    path = document.value.removeprefix(HOME)
    if path in ("ontology", "shapes"):
        return page(world, f"{path}.html")
    if document in world.text_addresses:
        return page(world, world.text_addresses[document])
    if named_node("oh:Record") not in world.facts.nodes(document, "rdf:type"):
        raise UnknownThing(f"There is no document <{document.value}>.")
    return thing_page(View(world, path), document).encode()


def site(world: World, progress: Progress = silent) -> Iterator[tuple[str, bytes]]:
    """The pages of a site with their addresses, in the language of the world, one by one.

    Each may take as long as a command may. Raises UsageError for an unsupported language and
    InputError if an archived text cannot be read.
    """
    words(world.facts.selection.language)  # before all else
    wanted = addresses(world)
    for number, address in enumerate(wanted):
        progress("pages", number, len(wanted))
        limits.renew()
        limits.at(address)
        yield address, page(world, address)
    progress("pages", len(wanted), len(wanted))


def single(selection: Selection) -> bytes:
    """One page without links to others: that of the selected thing, or the overview.

    The page of a thing is made from the whole graph, like its page in the site. Raises the same
    errors as ``site``.
    """
    words(selection.language)
    whole = selection
    if selection.only:
        whole = select(selection.project, "", selection.without, selection.language)
    return alone(World(whole), selection.only)


def alone(world: World, only: str = "") -> bytes:
    """The page of the thing ``only``, else UnknownThing, or the overview; without links."""
    if not only:
        return overview(View(world, "index.html", alone=True)).encode()
    thing = find(world.facts.selection.store, only)
    return _about(View(world, "", alone=True), thing).encode()


def _about(view: View, thing: NamedNode) -> str:
    """The page of a thing; for a document or a passage, the page of the text."""
    document = NamedNode(thing.value.partition("#")[0])
    if document in view.world.text_addresses:
        return text_page(view, view.world.coverage(document))
    return thing_page(view, thing)
