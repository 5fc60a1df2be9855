"""The tables of the export and their rows.

Tables of things have a row for each thing of a class; tables of relations a row for each fact, with
its basis and the first passage behind it; ``statements`` has every fact, and ``evidence`` all
passages behind each. A thing that is named in a row but has no class in the selection still gets
a row.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from onehealthkg.evidence.evidence import BASES, EVIDENCE_KINDS, passage_of
from onehealthkg.evidence.facts import Facts
from onehealthkg.names import COUNTERPARTS, local_name
from onehealthkg.terms import plain

TableRow = tuple[str, ...]
_Cell = Callable[[Facts, NamedNode], str]

_DATE = "'?-?[0-9]{4,}(-[0-9]{2}){0,2}(Z|[+-][0-9]{2}:[0-9]{2})?"
_DURATION = "'?-?P[0-9YMDTHS.]+"


class Field(NamedTuple):
    """A column: its name, description and constraints.

    ``refers_to`` names the table and column that have its values: ``passages.passage``.
    """

    name: str
    description: str
    type: str = "string"
    refers_to: str = ""
    pattern: str = ""
    values: tuple[str, ...] = ()


class ExportedTable(NamedTuple):
    """A table: its columns, its key columns, and the function that finds its rows.

    ``row`` makes the row of a thing, if the rows are things.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rows: Callable[[Facts], Iterable[TableRow]]
    row: Callable[[Facts, NamedNode], TableRow] | None = None


def rows_of(facts: Facts) -> dict[str, list[TableRow]]:
    """The rows of all tables by their names, sorted."""
    rows = {table.name: set(table.rows(facts)) for table in TABLES}
    while missing := sorted(_missing(rows)):
        for name, iri in missing:
            row = _BY_NAME[name].row
            if row:
                rows[name].add(row(facts, NamedNode(iri)))
    return {name: sorted(distinct, key=_natural) for name, distinct in rows.items()}


def _natural(row: TableRow) -> tuple[list[str | int], TableRow]:
    """The sort key of rows: numbers in the first cell sort as numbers, s9 before s10."""
    parts = re.split("([0-9]+)", row[0])
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], row


def _missing(rows: dict[str, set[TableRow]]) -> set[tuple[str, str]]:
    """The things that are named in a row but have no row: table and IRI."""
    present = {(name, row[0]) for name, distinct in rows.items() for row in distinct}
    named = {
        (field.refers_to.partition(".")[0], row[place])
        for table in TABLES
        for place, field in enumerate(table.fields)
        if field.refers_to
        for row in rows[table.name]
        if row[place]
    }
    return named - present


def _words(*predicates: str) -> _Cell:
    return lambda facts, thing: facts.words(thing, *predicates)


def _node(*predicates: str) -> _Cell:
    return lambda facts, thing: next((node.value for node in facts.nodes(thing, *predicates)), "")


def _node_label(*predicates: str) -> _Cell:
    return lambda facts, thing: next(map(facts.label, facts.nodes(thing, *predicates)), "")


def _of_text(predicate: str) -> _Cell:
    """The statements about the archived text of a document."""

    def cell(facts: Facts, thing: NamedNode) -> str:
        texts = (triple.subject for triple in facts.naming(thing, "dcterms:isFormatOf"))
        return next((facts.words(text, predicate) for text in texts), "")

    return cell


def _basis(predicate: str) -> _Cell:
    return lambda facts, thing: next(map(facts.basis, facts.of(thing, predicate)), "")


def _label(facts: Facts, thing: NamedNode) -> str:
    return facts.label(thing)


def _place(name: str) -> _Cell:
    def cell(facts: Facts, thing: NamedNode) -> str:
        quoted = passage_of(facts.selection.store, thing)
        return str(getattr(quoted, name)) if quoted else ""

    return cell


def _things(
    name: str,
    description: str,
    classes: tuple[str, ...],
    key: str,
    columns: dict[Field, _Cell],
) -> ExportedTable:
    """A table of the things of some classes; its first column is their IRI."""

    def row(facts: Facts, thing: NamedNode) -> TableRow:
        return (thing.value, *(cell(facts, thing) for cell in columns.values()))

    def rows(facts: Facts) -> Iterator[TableRow]:
        return (row(facts, thing) for thing in facts.things(*classes))

    first = Field(key, "IRI of the thing.")
    return ExportedTable(name, description, (first, *columns), (key,), rows, row)


def _relation(
    name: str, description: str, subject: Field, item: Field, predicates: tuple[str, ...]
) -> ExportedTable:
    """A table of the triples with some predicates, each with its basis and first passage."""

    def rows(facts: Facts) -> Iterator[TableRow]:
        for triple in facts.triples(*predicates):
            first = next((p.iri for each in facts.evidence(triple) for p in each.passages), "")
            relation = local_name(triple.predicate.value)
            ends = plain(triple.subject), relation, plain(triple.object), facts.label(triple.object)
            yield (*ends, facts.basis(triple), first)

    fields = (subject, _RELATION, item, Field("label", "Label of it."), _HOW, _FIRST)
    return ExportedTable(name, description, fields, (subject.name, "relation", item.name), rows)


def _statements(facts: Facts) -> Iterator[TableRow]:
    for triple in facts.all_triples():
        subject, predicate, value = triple
        labels = [facts.label(subject), facts.label(predicate)]
        spelled = "" if isinstance(value, Literal) else facts.label(value)
        language, datatype = _kind_of_literal(triple)
        cells = (
            plain(triple.subject),
            labels[0],
            triple.predicate.value,
            labels[1],
            plain(triple.object),
        )
        backing = [facts.backing(graph) for graph in facts.graphs(triple)]
        for kind, graph in [(each.kind, each.graph) for each in backing] or [("", "")]:
            yield (*cells, spelled, language, datatype, kind, graph)


def _kind_of_literal(triple: Triple) -> tuple[str, str]:
    term = triple.object
    if not isinstance(term, Literal):
        return "", ""
    return term.language or "", term.datatype.value


def _evidence(facts: Facts) -> Iterator[TableRow]:
    for graph in facts.all_graphs():
        evidence = facts.backing(graph)
        rows = [(behind.iri, "") for behind in evidence.passages]
        rows += [("", behind.iri) for behind in evidence.documents]
        for row in rows or [("", "")]:
            yield graph.value, evidence.kind, evidence.rule, *row


_RELATION = Field("relation", "Name of the relation in the ontology.")
_HOW = Field("basis", "The basis: the words of a source, a rule or the editors.", values=BASES)
_FIRST = Field(
    "passage",
    "The first passage that states it or that it is inferred from.",
    refers_to="passages.passage",
)
_NAME = Field("label", "Label in the language of the export.")
_THING = Field("thing", "IRI of the thing.")
_ORGANISATION = Field("organisation", "The organisation.", refers_to="organisations.organisation")
_AGREEMENT = Field("agreement", "The agreement.", refers_to="agreements.agreement")
_PARTNERSHIP = Field("partnership", "The partnership.", refers_to="partnerships.partnership")
_PROGRAMME = Field("programme", "The programme.", refers_to="programmes.programme")
_UNDERTAKING = Field("undertaking", "The undertaking.", refers_to="undertakings.undertaking")
_CONCEPT = Field("concept", "The concept.", refers_to="concepts.concept")
_TOPIC = _CONCEPT._replace(name="topic", description="The topic.")

# A column a line.
# fmt: off
TABLES = (
    _things("agreements", "Agreements.", ("oh:Arrangement",), "agreement", {
        _NAME: _label,
        Field("signed", "Date of signature; a year or month if no more is known.",
              pattern=_DATE): _words("oh:dateSigned"),
        Field("signed_basis", "How the date is known.",
              values=BASES): _basis("oh:dateSigned"),
        Field("term", "Length of time for which it is made (ISO 8601 duration).",
              pattern=_DURATION): _words("oh:term"),
        Field("ends", "Date on which it ends unless renewed.",
              pattern=_DATE): _words("oh:dateEnds"),
        Field("ends_basis", "How the date is known.", values=BASES): _basis("oh:dateEnds"),
    }),
    _things("partnerships", "Collaborations, whether or not an agreement formalises them.",
            ("oh:Partnership",), "partnership", {
        _NAME: _label,
        Field("duration", "Its duration so far, in the words of the source."):
            _words("oh:durationInWords"),
        Field("scope", "Its scope, in the words of the source."):
            _words("oh:scopeInWords"),
    }),
    _things("organisations", "Organisations.", ("org:Organization",),
            "organisation", {
        _NAME: _label,
        Field("name", "Name in full."): _words("skos:altLabel"),
        Field("founded", "Year or date of foundation.", pattern=_DATE):
            _words("schema:foundingDate"),
    }),
    _things("people", "People.", ("foaf:Person",), "person", {_NAME: _label}),
    _things("programmes", "Programmes.", ("oh:Programme",), "programme", {_NAME: _label}),
    _things("signatures", "Signatures: person, post, body and agreement.", ("oh:Signature",),
            "signature", {
        _AGREEMENT: _node("oh:signs"),
        Field("person", "Who signed.", refers_to="people.person"): _node("oh:signatory"),
        _ORGANISATION: _node("oh:onBehalfOf"),
        Field("post", "IRI of the post."): _node("oh:inPost"),
        Field("post_label", "Label of the post."): _node_label("oh:inPost"),
    }),
    _things("undertakings", "Activities that are ongoing, promised, intended or possible.",
            ("oh:Undertaking",), "undertaking", {
        _NAME: _label,
        Field("modality", "The modality: how firm the source is."):
            lambda facts, thing: local_name(_node("oh:modality")(facts, thing)),
        Field("modality_label", "The same in words."): _node_label("oh:modality"),
        Field("duration", "Its start, in the words of the source."):
            _words("oh:durationInWords"),
        Field("scope", "Its scope, in the words of the source."):
            _words("oh:scopeInWords"),
    }),
    _things("concepts", "The concepts of the thesauri: topics, activities, kinds ...",
            ("skos:Concept",), "concept", {
        _NAME: _label,
        Field("scheme", "IRI of the thesaurus."): _node("skos:inScheme"),
        Field("scheme_label", "Its label."): _node_label("skos:inScheme"),
        Field("definition", "What it is."): _words("skos:definition"),
    }),
    _things("documents", "The documents from which the passages and records come.",
            ("oh:PressRelease", "foaf:Document"), "document", {
        Field("title", "Title."): _words("dcterms:title"),
        Field("issued", "Date of issue.", pattern=_DATE): _words("dcterms:issued"),
        Field("publisher", "Who published it.", refers_to="organisations.organisation"):
            _node("dcterms:publisher"),
        Field("publisher_name", "The same in words, where it is not archived."):
            _words("dc:publisher"),
        Field("address", "The page from which its archived text was taken."):
            _of_text("dcterms:source"),
        Field("sha256", "SHA-256 of the archived text."): _of_text("schema:sha256"),
    }),
    _things("passages", "The headings and sentences of the archived texts, word for word.",
            ("oh:Passage",), "passage", {
        Field("document", "The document.", refers_to="documents.document"): _place("document"),
        Field("start", "Offset of its first character, from 0.", "integer"): _place("start"),
        Field("end", "Offset after its last character.", "integer"): _place("end"),
        Field("quote", "Its words."): _place("quote"),
    }),
    _relation("parties", "The parties to agreements.", _AGREEMENT, _ORGANISATION, ("oh:party",)),
    _relation("partners", "The partners in partnerships.", _PARTNERSHIP, _ORGANISATION,
              ("oh:partner",)),
    _relation("formalised", "The partnerships that agreements formalise.", _AGREEMENT,
              _PARTNERSHIP, ("oh:formalises",)),
    _relation("kinds", "The kinds of agreements and programmes.", _THING,
              Field("kind", "The kind."), ("oh:kind",)),
    _relation("topics", "The topics of agreements, partnerships, undertakings ...", _THING,
              _TOPIC, ("oh:topic", "oh:exampleTopic", "org:purpose")),
    _relation("broader", "The broader concepts of a concept.", _CONCEPT,
              Field("broader", "The broader concept.", refers_to="concepts.concept"),
              ("skos:broader",)),
    _relation("undertaking_agents", "The agents of undertakings and tasks.", _THING, _ORGANISATION,
              ("oh:agent",)),
    _relation("undertaking_activities", "The activities of undertakings and tasks.", _THING,
              Field("activity", "The activity."), ("oh:activity",)),
    _relation("undertaking_origins", "The agreement or partnership that sets it out, or with which "
              "it is reported.", _UNDERTAKING, Field("origin", "The agreement or partnership."),
              ("oh:setOutIn", "oh:reportedWith")),
    _relation("programme_organisations", "Organisations that run a programme or take part in it.",
              _PROGRAMME, _ORGANISATION,
              ("oh:programmeOf", "oh:participant")),
    _relation("supervision", "The ministries responsible for an organisation.", _ORGANISATION,
              Field("supervisor", "The ministry.", refers_to="organisations.organisation"),
              ("oh:supervisedBy", "oh:jointlySupervisedBy")),
    _relation("links", "The same or similar things elsewhere.", _THING,
              Field("target", "IRI of the thing elsewhere."),
              COUNTERPARTS),
    ExportedTable("statements", "Every fact, once for each graph that holds it.", (
        Field("subject", "IRI of the thing."), Field("subject_label", "Its label."),
        Field("predicate", "IRI of the relation."), Field("predicate_label", "Its label."),
        Field("object", "IRI of a thing, or a text, date or number."),
        Field("object_label", "Label of the thing."), Field("language", "Language of the text."),
        Field("datatype", "Datatype of the text, date or number."), _HOW,
        Field("graph", "The graph that holds it; the table evidence describes the graph."),
    ), (), _statements),
    ExportedTable("evidence", "The kind of each graph, and the passages or documents behind it.", (
        Field("graph", "IRI of the graph."), Field("kind", "What it is.", values=EVIDENCE_KINDS),
        Field("rule", "IRI of the rule of an inference."), _FIRST,
        Field("document", "A document behind it whose text is not archived.",
              refers_to="documents.document"),
    ), (), _evidence),
)
# fmt: on
_BY_NAME = {table.name: table for table in TABLES}
