"""Citations as people read them: text, Markdown, data for a page and for JSON.

A quote comes with a link that opens the published page at its words by a text fragment,
``#:~:text=[prefix-,]start[,end][,-suffix]`` (https://wicg.github.io/scroll-to-text-fragment/).
A long quote is named by its first and last words; where the same words stand elsewhere in the
document too, words of the passage before or behind tell them apart. Only http(s) addresses become
links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast
from urllib.parse import quote as percent

from pyoxigraph import NamedNode, Store

from onehealthkg.citations.cite import Citation
from onehealthkg.dataset.answers import Answer, document_data, rule_in_words, words
from onehealthkg.dataset.evidence import (
    DOCUMENTED,
    INFERRED,
    Document,
    Evidence,
    Passage,
    Statement,
    passages_of,
)
from onehealthkg.labels import label
from onehealthkg.names import PREFIXES, compact
from onehealthkg.safe import is_web_address
from onehealthkg.terms import named_node, plain, values

_DCTERMS = PREFIXES["dcterms"]
_LONG, _ENDS, _BESIDE = 12, 5, 3  # words: of a quote that is shortened, of its ends, of neighbours


class Quote(NamedTuple):
    """A sentence and where it was published; what is not known is empty."""

    passage: str
    quote: str
    document: str
    title: str
    publisher: str
    date: str
    link: str

    @property
    def source(self) -> str:
        """Title, publisher and date."""
        return ", ".join(one for one in (self.title, self.publisher, self.date) if one)


class Backing(NamedTuple):
    """One thing that backs statements of a row: sentences, documents, a graph and its sources."""

    kind: str
    name: str
    quotes: tuple[Quote, ...]
    sources: tuple[str, ...]
    statements: tuple[str, ...]
    documents: tuple[Document, ...] = ()
    read_in: str = ""

    @property
    def heading(self) -> str:
        """What is said before the quotes, ``inferred: <rule>``; nothing for what is stated."""
        if self.kind == DOCUMENTED and self.documents:
            return f"{self.kind}, {self.read_in}"
        return f"{self.kind}: {self.name}" if self.name else ""


class Sentences(NamedTuple):
    """What a reader must know about a row, and what backs it."""

    remarks: tuple[str, ...]
    backings: list[Backing]


def fragment(passage: Passage, document: Iterable[Passage]) -> str:
    """The text fragment that finds a passage among those of its document, ``:~:text=...``."""
    ordered = list(document)
    place = next((at for at, one in enumerate(ordered) if one.iri == passage.iri), -1)
    before = ordered[place - 1].quote.split()[-_BESIDE:] if place > 0 else []
    behind = ordered[place + 1].quote.split()[:_BESIDE] if 0 <= place < len(ordered) - 1 else []
    found = passage.quote.split()
    first, last = found[:_ENDS], found[-_ENDS:]
    if len(found) <= _LONG or _count(last, passage.quote) > 1:
        first, last = found, []
    twice = any(_count(first, one.quote) for one in ordered if one.iri != passage.iri)
    parts = [_encoded(one) for one in (first, last) if one]
    if twice and before:
        parts.insert(0, _encoded(before) + "-")
    elif twice and behind:
        parts.append("-" + _encoded(behind))
    return ":~:text=" + ",".join(parts)


def _count(some: list[str], text: str) -> int:
    """How often some words follow each other in a text, upper and lower case alike."""
    wanted = r"\s+".join(map(re.escape, some)).casefold()
    return len(re.findall(rf"(?<!\w){wanted}(?!\w)", text.casefold()))


def _encoded(some: list[str]) -> str:
    return percent(" ".join(some), safe="").replace("-", "%2D")


def quoted(store: Store, passage: Passage, language: str = "en") -> Quote:
    """A passage with what is known of its document, and the link to its words."""
    document = NamedNode(passage.document)

    def first(name: str) -> str:
        return min(
            (plain(term) for term in values(store, document, named_node(f"dcterms:{name}"))),
            default="",
        )

    publisher = min(values(store, document, named_node("dcterms:publisher")), key=str, default=None)
    address = next(iter(_addresses(store, passage.document)), "")
    mark = "" if "#" in address else "#"
    return Quote(
        passage.iri,
        passage.quote,
        passage.document,
        label(store, document, language),
        label(store, publisher, language) if publisher else "",
        first("issued"),
        f"{address}{mark}{fragment(passage, passages_of(store, document))}" if address else "",
    )


def _addresses(store: Store, thing: str) -> list[str]:
    """The http(s) addresses from which a document or graph was made."""
    found = {plain(term) for term in values(store, NamedNode(thing), named_node("dcterms:source"))}
    return sorted(filter(is_web_address, found))


def backings(store: Store, citation: Citation, language: str = "en") -> list[Backing]:
    """What backs the statements of a row, what is said first, each with what it backs."""
    groups: dict[tuple[object, ...], tuple[Evidence, list[str]]] = {}
    for support in citation.supports:
        said = " · ".join(words(store, support.statement, language))
        for one in support.statement.evidence:
            backed = groups.setdefault(one.behind, (one, []))[1]
            if said not in backed:
                backed.append(said)
    ordered = sorted(groups.values(), key=lambda group: group[0].rank)
    return [_backing(store, one, tuple(backed), language) for one, backed in ordered]


def _backing(store: Store, evidence: Evidence, backed: tuple[str, ...], language: str) -> Backing:
    quotes = tuple(quoted(store, passage, language) for passage in evidence.passages)
    if evidence.kind == INFERRED:
        others = tuple(label(store, NamedNode(other), language) for other in evidence.others)
        rule = rule_in_words(store, evidence.rule, language)
        return Backing(
            evidence.kind, rule, quotes, others, backed, evidence.documents, evidence.read_in
        )
    name = "" if quotes else label(store, NamedNode(evidence.graph), language)
    sources = () if quotes or evidence.documents else tuple(_addresses(store, evidence.graph))
    return Backing(
        evidence.kind, name, quotes, sources, backed, evidence.documents, evidence.read_in
    )


def render(store: Store, citation: Citation, language: str = "en") -> str:
    """A citation as text for people: each sentence, its source and what it says of the row."""
    lines = list(_remarks(citation))
    for one in backings(store, citation, language):
        lines += [one.heading] if one.heading else []
        indent = "  " if one.heading else ""
        for quote in one.quotes:
            lines.append(f"{indent}“{quote.quote}”  [{compact(quote.passage)}]")
            lines.append(f"{indent}  {quote.source}")
            lines += [f"{indent}  {quote.link}"] if quote.link else []
        if one.documents and one.kind == INFERRED:
            lines.append(f"  {one.read_in}")
        for document in one.documents:
            lines += [f"  {document.name}  [{compact(document.record)}]", f"    {document.iri}"]
        lines += [f"  from {source}" for source in one.sources]
        lines += [f"    {said}" for said in one.statements]
    return "\n".join(lines)


def _remarks(citation: Citation) -> Iterator[str]:
    """What a reader must know beside the sentences."""
    count = len(citation.ways)
    if not citation.supports:
        yield "Nothing in the graph is behind this row."
    elif count > 1 and citation.grouped:
        yield f"{count} members make this row together."
    elif count > 1:
        yield f"{count} ways lead to this row; each is enough."
    for absence in citation.absences:
        yield f"No sentence says so, but the row holds only as long as: {_short(absence)}"


def _short(condition: str) -> str:
    """SPARQL with short names, which people read."""
    return re.sub(r"<([^<>]+)>", lambda match: compact(match[1]), condition)


def markdown(store: Store, citation: Citation, language: str = "en") -> str:
    """A citation as one cell of a Markdown table."""
    parts = [_mark(one) for one in _remarks(citation)]
    for one in backings(store, citation, language):
        quotes = [
            f"“{_mark(quote.quote)}” ("
            + (f"[{_mark(quote.source)}](<{quote.link}>)" if quote.link else _mark(quote.source))
            + ")"
            for quote in one.quotes
        ]
        quotes += [
            f"([{_mark(each.name)}](<{each.iri}>))"
            if is_web_address(each.iri)
            else f"({_mark(each.name)})"
            for each in one.documents
        ]
        parts.append(" ".join([*([_mark(one.heading)] if one.heading else []), *quotes]))
    return "<br>".join(parts)


def _mark(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|&])", r"\\\1", " ".join(text.split()))


def sentences(store: Store, citation: Citation, language: str = "en") -> Sentences:
    """A citation as data for the page of an answer."""
    return Sentences(tuple(_remarks(citation)), backings(store, citation, language))


def as_data(store: Store, citation: Citation, language: str = "en") -> dict[str, object]:
    """A citation as dictionaries and lists, for JSON.

    ``supports`` are the statements with their evidence, quotes with document and link; ``ways`` are
    places in that list.
    """
    return {
        "supports": [
            {
                **_statement(support.statement),
                "words": list(words(store, support.statement, language)),
                "needed": support.needed,
                "graph": support.graph or None,
                "evidence": [
                    _evidence(store, each, language) for each in support.statement.evidence
                ],
            }
            for support in citation.supports
        ],
        "ways": [list(way) for way in citation.ways],
        "grouped": citation.grouped,
        "absences": list(citation.absences),
    }


def _statement(statement: Statement) -> dict[str, object]:
    [data] = cast("list[dict[str, object]]", Answer("", [statement], "").as_data()["statements"])
    return {name: data[name] for name in ("subject", "predicate", "object")}


def _evidence(store: Store, evidence: Evidence, language: str) -> dict[str, object]:
    backing = _backing(store, evidence, (), language)
    return {
        "kind": evidence.kind,
        "graph": evidence.graph,
        "rule": evidence.rule or None,
        "title": backing.name or None,
        "quotes": [quote._asdict() for quote in backing.quotes],
        "documents": [document_data(each) for each in evidence.documents],
        "sources": list(evidence.others if evidence.kind == INFERRED else backing.sources),
    }
