"""The page of sources, and a page for each archived text with its statements."""

from __future__ import annotations

from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from onehealthkg.checks.coverage import Coverage
from onehealthkg.pages.coverage import text
from onehealthkg.pages.notes import anchor, document_name
from onehealthkg.pages.view import Name, View
from onehealthkg.terms import plain
from onehealthkg.words import date_in_words


def sources(view: View) -> str:
    """The page ``sources.html``."""
    world = view.world
    texts = [
        Name(view.facts.label(document), view.to(address))
        for document, address in sorted(world.text_addresses.items(), key=lambda item: item[1])
    ]
    return view.render(
        "sources.html",
        view.words["sources"],
        texts=texts,
        documents=_documents(view),
        graphs=_graphs(view),
    )


def text_page(view: View, coverage: Coverage) -> str:
    """The page of an archived text: each passage with its statements."""
    issued = date_in_words(coverage.origin.issued, view.words)
    publishers = [*coverage.origin.publishers, *([issued] if issued else [])]
    return view.render(
        "text.html",
        coverage.title,
        subject=NamedNode(coverage.source.document.value),
        publishers=publishers,
        originals=[(urlsplit(iri).netloc, iri) for iri in coverage.origin.addresses],
        **text(coverage, view.words),
    )


def _documents(view: View) -> list[tuple[list[Name], list[Name]]]:
    """The agreements of each record, with the documents that were read."""
    facts = view.facts
    return [
        (
            view.names(facts.nodes(record, "foaf:primaryTopic")),
            [document_name(document, view) for document in facts.backing(record).documents],
        )
        for record in sorted(facts.things("oh:Record"), key=str)
    ]


def _graphs(view: View) -> list[tuple[str, str, list[Name]]]:
    """The curated graphs: their anchors, their labels and the pages read."""
    graphs = {*view.facts.things("oh:CuratedGraph", "owl:Ontology")}
    return [
        (anchor(graph.value), view.facts.label(graph), _read_for(view, graph))
        for graph in view.world.by_label(graphs)
    ]


def _read_for(view: View, graph: NamedNode) -> list[Name]:
    """The pages of the web that were read for a graph."""
    return view.names(sorted(view.facts.values(graph, "dcterms:source"), key=plain))
