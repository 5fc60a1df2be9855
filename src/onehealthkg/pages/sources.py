"""The page of sources, and a page for each archived text with its statements."""

from __future__ import annotations

from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from onehealthkg.checks.coverage import Coverage
from onehealthkg.pages.coverage import text
from onehealthkg.pages.listings import listing
from onehealthkg.pages.notes import anchor, document_name
from onehealthkg.pages.paging import MOST
from onehealthkg.pages.view import Name, View
from onehealthkg.terms import plain
from onehealthkg.words import date_in_words


def sources(view: View) -> str:
    """The page ``sources.html``."""
    texts, facts = view.world.text_addresses, view.facts
    part = listing(view.world, "sources.html").page(view.address)
    entries = list(zip(part.anchors, part.items, strict=True))
    return view.render(
        "sources.html",
        view.words["sources"],
        texts=[Name(facts.label(it), view.to(texts[it])) for it in part.items if it in texts],
        documents=[(anchor, *_documents(view, it)) for anchor, it in entries if it not in texts],
        graphs=_graphs(view) if part.number == 1 else [],
        part=part,
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


def _documents(view: View, record: NamedNode) -> tuple[list[Name], list[Name]]:
    """The agreements of a record, with the documents that were read."""
    agreements = view.names(view.facts.nodes(record, "foaf:primaryTopic"))
    documents = view.facts.backing(record).documents
    return agreements, [document_name(document, view) for document in documents]


def _graphs(view: View) -> list[dict[str, object]]:
    """The curated graphs: their anchors, their labels, and the pages of the web that were read."""
    graphs = {*view.facts.things("oh:CuratedGraph", "owl:Ontology")}
    rows: list[dict[str, object]] = []
    for graph in view.world.by_label(graphs):
        read = sorted(view.facts.values(graph, "dcterms:source"), key=plain)
        rows.append(
            {
                "anchor": anchor(graph.value),
                "label": view.facts.label(graph),
                "pages": view.names(read[:MOST]),
                "count": len(read),
                "others": max(0, len(read) - MOST),
            }
        )
    return rows
