"""A remote store, read like one in memory: the graph that ``push`` has uploaded.

- **Lookups** (``quads_for_pattern``) read all statements about a thing at once and cache them.
  Things that were seen in the same role, such as the organisations of an answer, are requested
  together: a table of a hundred rows takes one request for its labels, not a hundred.
- **Queries** are sent to the store unchanged if it is *reliable*: it answers two test
  queries correctly. From another store (such as Virtuoso 7.2) only statements are requested,
  by the triple patterns of the query, and the query runs locally. The rows are the same.

The default graph of a query must have all statements. If that is an option of the query, it is set
(Oxigraph: ``union-default-graph``); for other stores it is a setting of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product, starmap

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.ledger import LEDGER, LEDGER_COPY
from onehealthkg.endpoints.paging import RATE, Pages
from onehealthkg.endpoints.patterns import ANYTHING, Pattern, patterns_of
from onehealthkg.endpoints.solutions import parse_body, read_reply
from onehealthkg.endpoints.transport import check_address
from onehealthkg.errors import RemoteError, UsageError
from onehealthkg.names import OH, PREFIXES
from onehealthkg.queries.parameters import written_out
from onehealthkg.rdf.sparql_files import parse_query
from onehealthkg.terms import Term, in_graph

_ACCEPTED = "application/sparql-results+json, application/n-triples;q=0.9"
_DURATION = NamedNode(PREFIXES["xsd"] + "duration")
_THINGS = 200  # in one query
_LEDGERS = (NamedNode(LEDGER), NamedNode(LEDGER_COPY))
_UNION = {"union-default-graph": "true"}  # Oxigraph

_CLASS = f"<{OH}Agreement>"
_PROBE, _IS_CLASS = "SELECT ?class WHERE { %s } LIMIT 1", f"{_CLASS} a ?class"
_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("owl", "rdfs"))
_PROBES = {
    # An OPTIONAL whose FILTER has a variable of the group around it, as for labels in a language.
    f"""{_PREFIXES} SELECT ?label WHERE {{ VALUES ?lang {{ "en" }} VALUES ?class {{ {_CLASS} }}
        ?class a owl:Class . OPTIONAL {{ ?class rdfs:label ?label FILTER(LANG(?label) = ?lang) }}
    }}""": '"agreement"@en',
    # A parameter that is left open.
    f"""{_PREFIXES} SELECT ?class WHERE {{ VALUES ?class {{ UNDEF }} VALUES ?lang {{ "fr" }}
        ?class a owl:Class ; rdfs:label ?label
        FILTER(LANG(?label) = ?lang && STR(?label) = "accord") }}""": _CLASS,
}
"""Queries about the ontology; a reliable store answers each with this one term."""


class RemoteStore:
    """The store at the address of an endpoint; no request is sent before it is used."""

    def __init__(
        self, client: Client, endpoint: str, notice: Callable[[str], None] = lambda _: None
    ) -> None:
        """Raises UsageError for an invalid address; ``notice`` is called with remarks."""
        check_address(endpoint)
        self.endpoint = endpoint
        self._client = client
        self._pages = Pages(client, endpoint)
        self._notice = notice
        self._here = Store()  # the quads that were read, also merged in the default graph
        self._read: set[Pattern] = set()
        self._beside: dict[NamedNode, Sequence[NamedNode]] = {}

    def __repr__(self) -> str:
        return f"<RemoteStore at {self.endpoint}>"

    def __contains__(self, quad: Quad, /) -> bool:
        found = self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return any(True for _ in found)

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        term: Term | None,
        graph: NamedNode | BlankNode | DefaultGraph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads that match, each in its graph. Raises RemoteError.

        Blank nodes match only in quads that were read before.
        """
        if isinstance(subject, NamedNode):
            self._read_things(subject)
        elif isinstance(graph, NamedNode) and predicate is None and term is None:
            self._read_pattern(Pattern(None, None, None, graph))
        elif subject is None and not isinstance(term, BlankNode | Triple):
            self._read_pattern(Pattern(None, predicate, term))
        return self._here.quads_for_pattern(subject, predicate, term, graph)

    def query(
        self, query: str, /, *, prefixes: Mapping[str, str] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The answer to a query. Raises SyntaxError, RemoteError and UsageError."""
        parse_query(query, prefixes)
        declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (prefixes or {}).items())
        text = declared + query
        if self._is_reliable:
            return self._answer(text)
        for pattern in sorted(
            patterns_of(text), key=lambda pattern: pattern.count(None), reverse=True
        ):
            self._read_pattern(pattern)
        return self._here.query(text)

    def _answer(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The store's own answer."""
        reply = self._client.answer(self.endpoint, text, _ACCEPTED, self._parameters, rate=RATE)
        if reply.headers.get_content_type() == "application/n-triples":
            store = Store()
            store.extend(parse(reply.body, format=RdfFormat.N_TRIPLES))
            return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
        if b'"boolean"' in reply.body[:1000]:
            results = parse_query_results(reply.body, format=QueryResultsFormat.JSON)
            if isinstance(results, QueryBoolean):
                return results
        _, rows = read_reply(self.endpoint, reply, 0)
        for column in zip(*rows, strict=True):
            self._together(column)
        return parse_query_results(reply.body, format=QueryResultsFormat.JSON)

    # Properties of the store

    @cached_property
    def _parameters(self) -> Mapping[str, str]:
        """The parameters of a query with which its default graph has all statements."""
        self._refuse_empty()
        for parameters in ({}, _UNION):
            if self._rows(_PROBE % _IS_CLASS, parameters):
                return parameters
        raise UsageError(
            f"{self.endpoint}: queries see no named graph there; make the default graph the union "
            "of all graphs in the settings of the store (docs/how-to/other-stores.md)."
        )

    def _refuse_empty(self) -> None:
        """Raise UsageError if the graph is not in the store."""
        if not self._rows(_PROBE % f"GRAPH ?g {{ {_IS_CLASS} }}", {}):
            raise UsageError(
                f"{self.endpoint}: the store does not have the graph of onehealthkg; send it with: "
                f"onehealthkg push {self.endpoint}"
            )

    @cached_property
    def _is_reliable(self) -> bool:
        """Whether the store answers the probes correctly."""
        parameters = self._parameters
        for query, expected in _PROBES.items():
            try:
                rows = self._rows(query, parameters)
            except RemoteError:
                rows = []
            if {tuple(map(str, row)) for row in rows} != {(expected,)}:
                self._notice(
                    f"{self.endpoint} answers some queries incorrectly, so statements are "
                    "read from it and queries run locally."
                )
                return False
        return True

    def _rows(self, query: str, parameters: Mapping[str, str]) -> Sequence[tuple[Term | None, ...]]:
        reply = self._client.answer(self.endpoint, query, _ACCEPTED, parameters, rate=RATE)
        return parse_body(self.endpoint, reply.body)[1]

    # Reading

    def _read_things(self, thing: NamedNode) -> None:
        """Read the statements about a thing, and about others that were seen in the same role."""
        if self._has(Pattern(thing, None, None)):
            return
        beside = (other for other in self._beside.get(thing, ()) if other != thing)
        unread = (other for other in beside if not self._has(Pattern(other, None, None)))
        wanted = [thing, *islice(unread, _THINGS - 1)]

        def query(some: Iterable[NamedNode]) -> str:
            values = " ".join(map(str, some))
            return (
                f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            )

        batches = self._client.batches(self.endpoint, wanted, query, size=_THINGS, rate=RATE)
        quads = [_quad(ANYTHING, row) for _, solutions in batches for row in solutions.rows]
        self._keep(quads)
        self._read.update(Pattern(thing, None, None) for thing in wanted)

    def _read_pattern(self, pattern: Pattern) -> None:
        if self._has(pattern):
            return
        if pattern.subject:
            self._read_things(pattern.subject)
            return
        predicate, graph = str(pattern.predicate or "?p"), str(pattern.graph or "?g")
        term = written_out(pattern.object) if pattern.object else "?o"
        places = ("?s", predicate, term, graph)
        rows = self._pages.rows(
            [place[1:] for place in places if place[0] == "?"],
            f"GRAPH {graph} {{ ?s {predicate} {term} }}",
        )
        self._keep(_quad(pattern, row) for row in rows)
        self._read.add(pattern)

    def _has(self, pattern: Pattern) -> bool:
        """Whether the quads of a pattern were read, alone or with others."""
        wider = starmap(Pattern, product(*({term, None} for term in pattern)))
        return not self._read.isdisjoint(wider)

    def _keep(self, quads: Iterable[Quad]) -> None:
        """Add quads to the local store, and note which things in them have the same role."""
        ours = [quad for quad in quads if quad.graph_name not in _LEDGERS]
        if not (ours or self._read):
            self._refuse_empty()
        self._here.extend(
            [copy for quad in ours for copy in (quad, in_graph(quad, DefaultGraph()))]
        )
        self._together(quad.subject for quad in ours)
        self._together(quad.graph_name for quad in ours)
        by_predicate: dict[NamedNode, list[Term]] = {}
        for quad in ours:
            by_predicate.setdefault(quad.predicate, []).append(quad.object)
        for objects in by_predicate.values():
            self._together(objects)

    def _together(self, terms: Iterable[object]) -> None:
        """Note that things have the same role, so that reading one of them reads all."""
        things = tuple(dict.fromkeys(term for term in terms if isinstance(term, NamedNode)))
        self._beside.update(dict.fromkeys(things, things))


def _quad(pattern: Pattern, row: Sequence[Term | None]) -> Quad:
    """A quad from the terms of a pattern and, where it has none, those of a row, in order."""
    terms = iter(row)
    subject, predicate, value, graph = (known or next(terms) for known in pattern)
    return Quad(subject, predicate, _as_sent(value), graph)  # type: ignore[arg-type]


def _as_sent(term: Term | None) -> Term | None:
    """A term as it was before Virtuoso 7.2 made a number of months of a duration."""
    if isinstance(term, Literal) and term.datatype == _DURATION and term.value.isdecimal():
        return Literal(f"P{term.value}M", datatype=_DURATION)
    return term
