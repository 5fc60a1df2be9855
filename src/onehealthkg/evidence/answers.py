"""Statements and their sentences as text for people, and as plain data for JSON."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.evidence.backings import backings, sources_of
from onehealthkg.evidence.evidence import Document, Evidence, Passage, Statement
from onehealthkg.evidence.evidence import statements as statements_of
from onehealthkg.evidence.quotes import in_marks, quote_of
from onehealthkg.evidence.summary import summary
from onehealthkg.labels import find, label
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import QuadSource, Term, plain
from onehealthkg.words import value_in_words, words_or_english

BETWEEN = " · "
"""The separator of subject, predicate and object."""


class Answer(NamedTuple):
    """Statements of a store under a heading, and as text, which ``str`` returns."""

    heading: str
    statements: list[Statement]
    text: str
    store: QuadSource
    language: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Answer of {len(self.statements)} statements>\n{self.text}"

    def as_data(self) -> dict[str, object]:
        """The answer as dictionaries and lists, for JSON."""
        data = [_data(self.store, statement, self.language) for statement in self.statements]
        return {"heading": self.heading, "statements": data}


def show(store: QuadSource, name: str, language: str = "en") -> Answer:
    """The statements in which a thing is subject or object; else UnknownThing.

    The heading says what the thing is.
    """
    thing = find(store, name)
    quads = [
        *store.quads_for_pattern(thing, None, None),
        *store.quads_for_pattern(None, None, thing),
    ]
    heading = f"{summary(store, thing, language)}  ({compact(thing.value)})"
    return answer(store, heading, statements_of(store, quads, language), language)


def answer(
    store: QuadSource, heading: str, statements: list[Statement], language: str = "en"
) -> Answer:
    """An answer with its text: each statement under the sentence, inference or graph behind it.

    Stated facts come first, in the order of the text; then inferences, with the sentences behind
    them; then the editors' statements.
    """
    blocks = [heading] if heading else []
    for backing, group in backings(store, statements, language):
        lines = [f"    {BETWEEN.join(words(store, statement, language))}" for statement in group]
        blocks.append("\n".join([*backing.lines(), *lines]))
    return Answer(heading, statements, "\n\n".join(blocks), store, language)


def words(store: QuadSource, statement: Statement, language: str = "en") -> tuple[str, str, str]:
    """Subject, predicate and object in words; things and terms by their labels."""
    predicate = statement.predicate
    return (
        label(store, statement.subject, language),
        words_or_english(language)["is_a"]
        if predicate.value == RDF_TYPE
        else label(store, predicate, language),
        spelled(store, statement.object, language),
    )


def spelled(store: QuadSource, term: Term, language: str = "en") -> str:
    """An object in words: a thing by its label, a date as it is, ``5 years``, text in quotes."""
    if not isinstance(term, Literal):
        return label(store, term, language)
    if term.language:
        return f'"{term.value}" ({term.language})'
    if term.datatype.value.endswith("#string"):
        return f'"{term.value}"'
    return value_in_words(term, words_or_english(language))


def quoted(passage: Passage, language: str = "en") -> str:
    """The words of a passage in quotation marks, and its name."""
    return f"{in_marks(passage.quote, language)}  [{passage.name}]"


def statement_data(statement: Statement) -> dict[str, object]:
    """Subject, predicate and object of a statement, for JSON."""
    return {
        "subject": plain(statement.subject),
        "predicate": statement.predicate.value,
        "object": _term(statement.object),
    }


def _data(store: QuadSource, statement: Statement, language: str) -> dict[str, object]:
    backed = [_evidence(store, evidence, statement, language) for evidence in statement.evidence]
    return {**statement_data(statement), "evidence": backed}


def _evidence(
    store: QuadSource, evidence: Evidence, statement: Statement, language: str
) -> dict[str, object]:
    return {
        "kind": evidence.kind,
        "graph": evidence.graph,
        "passages": [_passage(store, passage, language) for passage in evidence.passages],
        "documents": [document_data(document) for document in evidence.documents],
        "others": list(evidence.others),
        "rule": evidence.rule or None,
        "sources": sources_of(store, evidence, statement.subject),
    }


def _passage(store: QuadSource, passage: Passage, language: str) -> dict[str, object]:
    data = quote_of(store, passage, language).as_data()
    found = {name: getattr(passage, name) for name in ("iri", "document", "quote", "start", "end")}
    return {**found, "link": data["link"] or None, "antecedents": data["antecedents"]}


def document_data(document: Document) -> dict[str, object]:
    """A document whose text is not archived, for JSON; unknown values are null."""
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
