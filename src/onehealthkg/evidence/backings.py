"""Evidence as people read it: the quote and its link first, then the statements it supports.

Statements with the same evidence (sentence, record, rule or curated graph) are grouped. A curated
statement has the sources of its subject or, if that names none, those of the whole graph, which are
counted unless there is only one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.evidence.evidence import (
    ASSUMPTION,
    CURATED,
    INFERRED,
    STATED,
    Document,
    Evidence,
    Statement,
)
from onehealthkg.evidence.quotes import Quote, addresses, quote_of
from onehealthkg.labels import in_language, label
from onehealthkg.names import compact
from onehealthkg.terms import QuadSource, Term, plain
from onehealthkg.words import Words, words_or_english


class Backing(NamedTuple):
    """A piece of evidence for statements: a heading, quotes, documents, sources.

    The heading is empty for stated facts; the title is that of a rule or of a curated graph.
    ``sources`` are the addresses that the editors used, ``others`` the names of premises of an
    inference without a quote.
    """

    evidence: Evidence
    title: str
    heading: str
    quotes: tuple[Quote, ...]
    sources: tuple[str, ...]
    others: tuple[str, ...]
    language: str

    @property
    def kind(self) -> str:
        """``stated``, ``documented``, ``inferred`` or ``curated``."""
        return self.evidence.kind

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents whose text is not archived."""
        return self.evidence.documents

    def lines(self) -> list[str]:
        """The heading, each quote with its source and link, and the documents."""
        indent = "  " if self.heading else ""
        lines = [self.heading] if self.heading else []
        for quote in self.quotes:
            marked = f"{quote.in_marks(self.language)}  [{compact(quote.passage).split(':')[-1]}]"
            under = [f"  {line}" for line in (quote.source, quote.link) if line]
            lines += [f"{indent}{line}" for line in (marked, *under)]
        if self.documents and self.kind == INFERRED:
            lines.append(f"  {not_archived(self.evidence, words_or_english(self.language))}")
            indent = "    "
        for document in self.documents:
            lines.append(f"{indent}{document.name}  [{compact(document.record)}]")
            lines += [] if document.name == document.iri else [f"{indent}  {document.iri}"]
        return [*lines, *(f"  {source}" for source in (*self.others, *self.sources))]


def backings(
    store: QuadSource, statements: Iterable[Statement], language: str = "en"
) -> list[tuple[Backing, list[Statement]]]:
    """The evidence for statements, stated facts first, each with the statements it supports."""
    groups: dict[tuple[object, ...], tuple[Evidence, list[Statement]]] = {}
    for statement in statements:
        for evidence in statement.evidence:
            own = _own_sources(store, evidence, statement.subject)
            groups.setdefault((evidence.behind, own), (evidence, []))[1].append(statement)
    ordered = sorted(groups.values(), key=lambda group: group[0].rank)
    return [
        (backing_of(store, evidence, some[0].subject, language), some) for evidence, some in ordered
    ]


def backing_of(
    store: QuadSource, evidence: Evidence, subject: Term, language: str = "en"
) -> Backing:
    """A piece of evidence as people read it, for a statement about a subject."""
    quotes = tuple(quote_of(store, passage, language) for passage in evidence.passages)
    others = tuple(label(store, NamedNode(other), language) for other in evidence.others)
    sources, counted = tuple(sources_of(store, evidence, subject)), ""
    if len(sources) > 1 and not _own_sources(store, evidence, subject):
        counted = ", " + words_or_english(language)["sources_counted"].format(count=len(sources))
        sources = ()
    title = _title(store, evidence, language)
    heading = _heading(evidence, title, words_or_english(language)) + counted
    return Backing(evidence, title, heading, quotes, sources, others, language)


def _title(store: QuadSource, evidence: Evidence, language: str) -> str:
    """A rule in words, or the label of the editors' graph; empty for sentences and documents."""
    if evidence.kind == INFERRED:
        return rule_in_words(store, evidence.rule, language)
    is_named = evidence.kind == CURATED or not (evidence.passages or evidence.documents)
    return label(store, NamedNode(evidence.graph), language) if is_named else ""


def rule_in_words(store: QuadSource, rule: str, language: str = "en") -> str:
    """The label of a rule, followed by its assumption, if it has one."""
    node = NamedNode(rule)
    texts = label(store, node, language), in_language(store, node, ASSUMPTION, language)
    return ", ".join(filter(None, texts))


def _heading(evidence: Evidence, title: str, own: Words) -> str:
    if evidence.kind == STATED:
        return ""
    kind = own["backed"][evidence.kind]
    if evidence.kind == INFERRED:
        return f"{kind}{own['colon']}{title}{own['semicolon']}{own['from']}"
    if evidence.documents:
        return f"{kind}, {not_archived(evidence, own)}"
    short = compact(evidence.graph)
    return f"{kind}{own['colon']}{title}" + (f" ({short})" if short != title else "")


def not_archived(evidence: Evidence, own: Words) -> str:
    """The words that introduce documents; of several, any may be the source."""
    return str(own["not_archived_several"] if evidence.is_one_of_several else own["not_archived"])


def sources_of(store: QuadSource, evidence: Evidence, subject: Term) -> list[str]:
    """All addresses of a statement by the editors: its subject's, else the graph's."""
    if evidence.kind != CURATED:
        return []
    return list(_own_sources(store, evidence, subject)) or addresses(store, evidence.graph)


def _own_sources(store: QuadSource, evidence: Evidence, subject: Term) -> tuple[str, ...]:
    """The sources that the subject of a curated statement names for itself."""
    is_own = evidence.kind == CURATED and isinstance(subject, NamedNode)
    return tuple(addresses(store, plain(subject))) if is_own else ()
