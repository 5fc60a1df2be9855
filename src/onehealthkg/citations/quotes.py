"""Citations as people read them: text, Markdown, data for a page, for a table and for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from onehealthkg.citations.cite import Citation
from onehealthkg.citations.conditions import in_words
from onehealthkg.evidence.answers import BETWEEN, document_data, statement_data, words
from onehealthkg.evidence.backings import Backing, backing_of, backings, sources_of
from onehealthkg.evidence.evidence import INFERRED, Document, Evidence, Statement
from onehealthkg.safe import is_web_address
from onehealthkg.terms import QuadSource
from onehealthkg.words import words_or_english


class Sentences(NamedTuple):
    """The remarks on a row, and its evidence."""

    remarks: tuple[str, ...]
    backings: list[Backing]


class Line(NamedTuple):
    """A quote with its source and link, for the columns of a table; missing parts are empty."""

    quote: str
    source: str
    link: str


def sentences(store: QuadSource, citation: Citation, language: str = "en") -> Sentences:
    """A citation as data for the page of an answer."""
    found = [backing for backing, _ in _backings(store, citation, language)]
    return Sentences(tuple(_remarks(store, citation, language)), found)


def render(store: QuadSource, citation: Citation, language: str = "en") -> str:
    """A citation as text for people: each sentence, its source and link, and its statements."""
    lines: list[str] = []
    for backing, statements in _backings(store, citation, language):
        said = (BETWEEN.join(words(store, each, language)) for each in statements)
        lines += [*backing.lines(), *(f"    {each}" for each in dict.fromkeys(said))]
    return "\n".join([*lines, *_remarks(store, citation, language)])


def _backings(
    store: QuadSource, citation: Citation, language: str
) -> list[tuple[Backing, list[Statement]]]:
    return backings(store, (support.statement for support in citation.supports), language)


def _remarks(store: QuadSource, citation: Citation, language: str) -> Iterator[str]:
    """The remarks for a reader, besides the sentences."""
    own, count = words_or_english(language), len(citation.derivations)
    if not citation.supports:
        yield own["nothing_behind"]
    elif count > 1:
        counted = own["members_counted"] if citation.grouped else own["derivations_counted"]
        yield counted.format(count=count)
    said = (in_words(store, absence, language) for absence in citation.absences)
    for condition in dict.fromkeys(said):
        yield own["as_long_as"].format(condition=condition)


def markdown(store: QuadSource, citation: Citation, language: str = "en") -> str:
    """A citation as one cell of a Markdown table: the quotes, then the remarks."""
    parts = []
    for backing, _ in _backings(store, citation, language):
        quotes = [
            f"{_mark(quote.in_marks(language))} ({_linked(quote.source, quote.link)})"
            for quote in backing.quotes
        ]
        quotes += [f"({_linked(each.name, each.iri)})" for each in backing.documents]
        parts.append(" ".join([*([_mark(backing.heading)] if backing.heading else []), *quotes]))
    parts += [_mark(remark) for remark in _remarks(store, citation, language)]
    return "<br>".join(parts)


def _linked(text: str, address: str) -> str:
    return f"[{_mark(text)}](<{address}>)" if is_web_address(address) else _mark(text)


def _mark(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", " ".join(text.split()))


def lines(store: QuadSource, citation: Citation, language: str = "en") -> list[Line]:
    """A citation as lines of three columns, whose cells belong together.

    If there is no quote, the first column names the other evidence: ``documented, no archived
    text; read in``.
    """
    found = [
        line
        for backing, _ in _backings(store, citation, language)
        for line in _lines(backing, language)
    ]
    remarks = [Line(remark, "", "") for remark in _remarks(store, citation, language)]
    return list(dict.fromkeys([*found, *remarks]))


def _lines(backing: Backing, language: str) -> Iterator[Line]:
    heading = backing.heading
    if backing.kind == INFERRED:  # the column has no list after "from"
        own = words_or_english(language)
        heading = f"{own['backed'][INFERRED]}{own['colon']}{backing.title}"
    named = f" ({heading})" if heading else ""
    for quote in backing.quotes:
        yield Line(quote.in_marks(language) + named, quote.source, quote.link)
    for document in backing.documents:
        yield Line(heading, *_document(document))
    for other in backing.others:
        yield Line(heading, other, "")
    for source in backing.sources:
        yield Line(heading, "", source)
    if not (backing.quotes or backing.documents or backing.others or backing.sources):
        yield Line(heading, "", "")


def _document(document: Document) -> tuple[str, str]:
    return "" if document.name == document.iri else document.name, document.iri


def as_data(store: QuadSource, citation: Citation, language: str = "en") -> dict[str, object]:
    """A citation as dictionaries and lists, for JSON.

    ``supports`` are the statements with their evidence, quotes with document and link;
    ``derivations`` are indexes into that list. ``absences`` are the conditions that something is
    not in the graph, in words and as SPARQL.
    """
    return {
        "supports": [
            {
                "evidence": [
                    _evidence(store, each, support.statement, language)
                    for each in support.statement.evidence
                ],
                "words": list(words(store, support.statement, language)),
                **statement_data(support.statement),
                "needed": support.needed,
                "graph": support.graph or None,
            }
            for support in citation.supports
        ],
        "derivations": [list(derivation) for derivation in citation.derivations],
        "grouped": citation.grouped,
        "absences": [
            {"words": in_words(store, absence, language), "condition": absence.text}
            for absence in citation.absences
        ],
    }


def _evidence(
    store: QuadSource, evidence: Evidence, of: Statement, language: str
) -> dict[str, object]:
    found = backing_of(store, evidence, of.subject, language)
    return {
        "quotes": [quote.as_data() for quote in found.quotes],
        "kind": evidence.kind,
        "graph": evidence.graph,
        "rule": evidence.rule or None,
        "title": found.title or None,
        "documents": [document_data(each) for each in evidence.documents],
        "sources": list(evidence.others)
        if evidence.kind == INFERRED
        else sources_of(store, evidence, of.subject),
    }
