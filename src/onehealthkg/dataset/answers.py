"""Statements and their sentences as text for people, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.dataset import evidence
from onehealthkg.dataset.evidence import (
    ASSUMPTION,
    DOCUMENTED,
    INFERRED,
    STATED,
    Document,
    Evidence,
    Passage,
    Statement,
)
from onehealthkg.labels import find, in_language, label
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import Term, plain


class Answer(NamedTuple):
    """Statements under a heading, and the same as text, which ``str`` and ``print`` give."""

    heading: str
    statements: list[Statement]
    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Answer of {len(self.statements)} statements>\n{self.text}"

    def as_data(self) -> dict[str, object]:
        """The answer as dictionaries and lists, for JSON."""
        return {
            "heading": self.heading,
            "statements": [_data(statement) for statement in self.statements],
        }


def show(store: Store, name: str, language: str = "en") -> Answer:
    """The statements in which a thing is subject or object; UnknownThing where there is none."""
    thing = find(store, name)
    quads = [
        *store.quads_for_pattern(thing, None, None),
        *store.quads_for_pattern(None, None, thing),
    ]
    heading = f"{label(store, thing, language)}  ({compact(thing.value)})"
    return answer(store, heading, evidence.statements(store, quads), language)


def answer(store: Store, heading: str, statements: list[Statement], language: str = "en") -> Answer:
    """An answer with its text: each statement under the sentence, inference or graph behind it.

    What is said comes first, in the order of the text; then what is inferred, with the sentences
    that it comes from; then what the editors wrote.
    """
    blocks = [heading] if heading else []
    for backing, group in _groups(statements):
        lines = [f"    {' · '.join(words(store, one, language))}" for one in group]
        blocks.append("\n".join([_backing(store, backing, language), *lines]))
    return Answer(heading, statements, "\n\n".join(blocks))


def words(store: Store, statement: Statement, language: str = "en") -> tuple[str, str, str]:
    """Subject, predicate and object in words; things and terms by their labels."""
    predicate = statement.predicate
    return (
        label(store, statement.subject, language),
        "is a" if predicate.value == RDF_TYPE else label(store, predicate, language),
        spelled(store, statement.object, language),
    )


def spelled(store: Store, term: Term, language: str = "en") -> str:
    """An object in words: a thing by its label, a number or date as it is, text in quotes."""
    if not isinstance(term, Literal):
        return label(store, term, language)
    if term.language:
        return f'"{term.value}" ({term.language})'
    return f'"{term.value}"' if term.datatype.value.endswith("#string") else term.value


def quoted(passage: Passage) -> str:
    """The words of a passage in quotation marks, and its name."""
    return f"“{passage.quote}”  [{passage.name}]"


def rule_in_words(store: Store, rule: str, language: str = "en") -> str:
    """The label of a rule, followed by the assumption on which it rests, if it has one."""
    node = NamedNode(rule)
    texts = label(store, node, language), in_language(store, node, ASSUMPTION, language)
    return ", ".join(filter(None, texts))


def named(document: Document) -> str:
    """A document whose text is not archived: publisher and date, its address, and the record."""
    address = "" if document.name == document.iri else f", {document.iri}"
    return f"{document.name}{address}  [{compact(document.record)}]"


def _groups(statements: Iterable[Statement]) -> list[tuple[Evidence, list[Statement]]]:
    """The statements by what backs them; inferences that differ in their graph only are one."""
    groups: dict[tuple[object, ...], tuple[Evidence, list[Statement]]] = {}
    for statement in statements:
        for one in statement.evidence:
            groups.setdefault(one.behind, (one, []))[1].append(statement)
    return sorted(groups.values(), key=lambda group: group[0].rank)


def _backing(store: Store, one: Evidence, language: str) -> str:
    if one.kind == STATED:
        return quoted(one.passages[0])
    if one.kind == INFERRED:
        behind = [quoted(passage) for passage in one.passages]
        behind += [f"{one.read_in}:"] if one.documents else []
        behind += [f"  {named(document)}" for document in one.documents]
        behind += [label(store, NamedNode(other), language) for other in one.others]
        rule = rule_in_words(store, one.rule, language)
        return "\n  ".join([f"inferred: {rule}; from", *behind])
    if one.kind == DOCUMENTED and one.documents:
        behind = [named(document) for document in one.documents]
        return "\n  ".join([f"documented, {one.read_in}", *behind])
    return f"{one.kind}: {label(store, NamedNode(one.graph), language)}  ({compact(one.graph)})"


def _data(statement: Statement) -> dict[str, object]:
    return {
        "subject": plain(statement.subject),
        "predicate": statement.predicate.value,
        "object": _term(statement.object),
        "evidence": [
            {
                "kind": one.kind,
                "graph": one.graph,
                "passages": [_passage(passage) for passage in one.passages],
                "documents": [document_data(document) for document in one.documents],
                "others": list(one.others),
                "rule": one.rule or None,
            }
            for one in statement.evidence
        ],
    }


def _passage(passage: Passage) -> dict[str, object]:
    return {name: getattr(passage, name) for name in ("iri", "document", "quote", "start", "end")}


def document_data(document: Document) -> dict[str, object]:
    """A document whose text is not archived, for JSON; what is not known is null."""
    names = ("iri", "record", "publisher", "date", "title")
    return {name: getattr(document, name) or None for name in names}


def _term(term: Term) -> dict[str, str]:
    """A term as in https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""
    if not isinstance(term, Literal):
        kind = "uri" if isinstance(term, NamedNode) else "bnode"
        return {"type": kind, "value": plain(term)}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
