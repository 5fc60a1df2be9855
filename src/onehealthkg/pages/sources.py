"""The page of sources, and a page for each archived text with its statements."""

from __future__ import annotations

from pyoxigraph import NamedNode

from onehealthkg.checks.coverage import Coverage
from onehealthkg.names import local_name
from onehealthkg.pages.coverage import linked, shown
from onehealthkg.pages.frame import Frame, section
from onehealthkg.pages.notes import Notes, anchor
from onehealthkg.pages.style import TEXT
from onehealthkg.pages.whole import source
from onehealthkg.terms import plain


def sources(frame: Frame) -> str:
    """The page ``sources.html``."""
    own = frame.own
    main = f"""<h1>{own["sources"]}</h1>
{section("texts", own["archived"], _texts(frame))}
{section("documents", own["documents"], _documents(frame))}
{section("curated", own["curated graphs"], _curated(frame))}"""
    return frame.page(own["sources"], main, "sources.html")


def text_page(frame: Frame, one: Coverage) -> str:
    """The page of an archived text: each passage, and what it states."""
    article = source(one, frame.language, "", "h1")
    return frame.page(one.title, article, style=TEXT)


def text_address(document: str) -> str:
    """The page of an archived text."""
    return f"texts/{local_name(document)}.html"


def _texts(frame: Frame) -> str:
    items = "".join(
        f'<li><a href="{frame.up}{shown(text_address(iri))}"><bdi>{shown(one.title)}</bdi></a></li>'
        for iri, one in sorted(frame.world.texts.items())
    )
    return f'<ul class="plain names">{items}</ul>' if items else ""


def _documents(frame: Frame) -> str:
    """The documents behind the records, each with the agreements that were read in it."""
    facts, notes = frame.facts, Notes(frame)
    items = []
    for record in sorted(facts.things("oh:Record"), key=str):
        told = [notes.document(one) for one in facts.backing(record).documents]
        about = frame.links(facts.nodes(record, "foaf:primaryTopic"))
        listed = "".join(f"<li>{one}</li>" for one in told)
        items.append(f"<li>{about}<ul>{listed}</ul></li>")
    hint = f'<p class="hint">{frame.own["documents hint"]}</p>'
    return f'{hint}<ul class="plain names">{"".join(items)}</ul>' if items else ""


def _curated(frame: Frame) -> str:
    facts = frame.facts
    items = "".join(
        f'<li id="{anchor(one.value)}"><bdi>{shown(facts.label(one))}</bdi>'
        f"{_addresses(frame, one)}</li>"
        for one in sorted(
            {*facts.things("oh:CuratedGraph", "owl:Ontology")}, key=lambda one: facts.label(one)
        )
    )
    return f'<ul class="plain names">{items}</ul>' if items else ""


def _addresses(frame: Frame, graph: NamedNode) -> str:
    found = sorted(map(plain, frame.facts.values(graph, "dcterms:source")))
    items = "".join(f"<li><bdi>{linked(one, one)}</bdi></li>" for one in found)
    if not items:
        return ""
    named = f"{frame.own['sources']} ({len(found)})"
    return f"<details><summary>{named}</summary><ul>{items}</ul></details>"
