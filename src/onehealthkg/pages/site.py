"""All pages of the report, as files by their names within the folder.

``index.html`` and its neighbours are about all; ``agreements/``, ``organisations/`` and ``topics/``
have a page for each thing; ``texts/`` has the archived texts with their statements. Each page
stands alone: its style sheet is in it, links lead to other pages or, for readers to choose, out.
"""

from __future__ import annotations

from onehealthkg.errors import UsageError
from onehealthkg.pages.countries import countries
from onehealthkg.pages.frame import Frame
from onehealthkg.pages.network import network
from onehealthkg.pages.overview import overview
from onehealthkg.pages.search import search
from onehealthkg.pages.sources import sources, text_address, text_page
from onehealthkg.pages.things import thing_page
from onehealthkg.pages.timeline import timeline
from onehealthkg.pages.topics import topics
from onehealthkg.pages.words import WORDS
from onehealthkg.pages.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.dataset.selection import Selection

_PAGES = {
    "index.html": overview,
    "timeline.html": timeline,
    "network.html": network,
    "topics.html": topics,
    "countries.html": countries,
    "sources.html": sources,
    "search.html": search,
}


def site(selection: Selection) -> dict[str, bytes]:
    """The files of the site in the language of the selection, ``en`` or ``fr``.

    UsageError for another language; InputError where an archived text cannot be read.
    """
    if selection.language not in WORDS:
        raise UsageError(
            f'"{selection.language}" is not a language here; write one of {", ".join(WORDS)}.'
        )
    world = World(selection)
    top, below = Frame(world), Frame(world, "../")
    pages = {name: write(top) for name, write in _PAGES.items()}
    for kind, things in world.things.items():
        pages |= {world.addresses[one]: thing_page(below, kind, one) for one in things}
    for document, text in world.texts.items():
        pages[text_address(document)] = text_page(below, text)
    return {name: text.encode() for name, text in pages.items()}
