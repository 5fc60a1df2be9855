"""A finding of a check and its place: file, line, label and sentence."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from onehealthkg.dataset.dataset import Dataset
from onehealthkg.evidence.answers import spelled
from onehealthkg.evidence.evidence import passage_of
from onehealthkg.files import read_text
from onehealthkg.labels import label
from onehealthkg.mappings.graph import link_positions
from onehealthkg.names import compact
from onehealthkg.rdf.positions import DEFAULT, Positions, locate
from onehealthkg.rdf.read_write import blank_label
from onehealthkg.records.context import record_context
from onehealthkg.records.reader import read_record
from onehealthkg.terms import Term, plain

_Entry = tuple[Path, Quad]
_Index = dict[tuple[object, ...], list[_Entry]]

VIOLATION, WARNING, INFO = SEVERITIES = ("violation", "warning", "info")


class Finding(NamedTuple):
    """A finding of a check.

    ``severity`` is violation, warning or info. ``check`` is the name of a file of ontology/checks/,
    of a shape, or of a check of this program. ``message`` says what to do. ``thing`` is the IRI of
    the thing concerned, ``label`` its label, ``predicate`` and ``value`` the statement concerned.
    ``path`` and ``line`` (from 1) say where to fix it and are None if unknown.
    ``sentence`` is the passage concerned, or empty.
    """

    severity: str
    check: str
    message: str
    thing: str
    label: str
    predicate: str = ""
    value: str = ""
    path: Path | None = None
    line: int | None = None
    sentence: str = ""

    @property
    def place(self) -> str:
        """``file:line``, as far as it is known."""
        return ":".join(str(part) for part in (self.path, self.line) if part is not None)


class Places:
    """The lines of the statements of a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self._store = dataset.store
        self._project = dataset.project
        self._positions: dict[Path, Positions] = {}
        self._sentences: dict[NamedNode, str] = {}
        self._indexes: dict[object, _Index] = {}
        self._files = dataset.files

    @cached_property
    def _by_term(self) -> dict[object, list[_Entry]]:
        """The statements about each thing, and in each graph."""
        by_term: dict[object, list[_Entry]] = defaultdict(list)
        for file in self._files:
            for quad in file.quads:
                entry = file.path, quad
                by_term[quad.subject].append(entry)
                if quad.graph_name != quad.subject:
                    by_term[quad.graph_name].append(entry)
        return by_term

    def _entries(self, term: Term | DefaultGraph | None) -> _Index:
        """The statements about a thing or in a graph, by graph, predicate and value."""
        if term not in self._indexes:
            entries: _Index = defaultdict(list)
            for path, quad in self._by_term.get(term, ()):
                if quad.graph_name == term:
                    entries[None, term].append((path, quad))
                if quad.subject == term:
                    for home in (quad.graph_name, None):
                        entries[term, home].append((path, quad))
                        entries[term, home, quad.predicate, quad.object].append((path, quad))
            self._indexes[term] = dict(entries)
        return self._indexes[term]

    def finding(
        self,
        severity: str,
        check: str,
        message: str,
        thing: Term | None,
        graph: Term | DefaultGraph | None = None,
        predicate: Term | None = None,
        value: Term | None = None,
    ) -> Finding:
        """A finding about a statement, or the known parts of it, with its place."""
        path, home = self._home(thing, graph, predicate, value)
        line = self._line(path, home, thing, predicate, value) if path else None
        named = label(self._store, thing) if isinstance(thing, NamedNode) else _written(thing)
        sentence = self._sentence(home) or self._sentence(thing)
        return Finding(
            severity,
            check,
            message,
            _written(thing),
            named,
            _written(predicate),
            _written(value),
            path,
            line,
            sentence,
        )

    def words(self, term: Term | None) -> str:
        """A term for a message: the label of a thing with its short name, a literal as it is."""
        if isinstance(term, NamedNode):
            named = label(self._store, term)
            short = compact(term.value)
            return named if named == short else f"{named} ({short})"
        return spelled(self._store, term) if term else ""

    def _home(
        self,
        thing: Term | None,
        graph: Term | DefaultGraph | None,
        predicate: Term | None,
        value: Term | None,
    ) -> tuple[Path | None, Term | DefaultGraph | None]:
        """File and graph of the statement concerned: the most similar one about the thing.

        Candidates that cannot win are skipped, as there may be as many findings as statements.
        """

        def likeness(entry: tuple[Path, Quad]) -> tuple[bool, ...]:
            quad = entry[1]
            return (
                quad.graph_name == graph,
                quad.subject == thing,
                quad.predicate == predicate,
                quad.object == value,
                not entry[0].name.endswith(".passages.trig"),  # which people do not write
                self._sentence(quad.graph_name) != "",
            )

        keys = (
            (thing, graph, predicate, value),
            (thing, graph),
            (None, graph),
            (thing, None),
            (None, thing),
            (graph, None),
        )
        indexes = self._entries(thing), self._entries(graph)
        entries = next((each[key] for key in keys for each in indexes if key in each), None)
        if not entries:
            return None, graph
        path, quad = max(entries, key=likeness)
        return path, graph or quad.graph_name

    def _line(
        self,
        path: Path,
        graph: Term | DefaultGraph | None,
        subject: Term | None,
        predicate: Term | None,
        value: Term | None,
    ) -> int | None:
        if path not in self._positions:
            self._positions[path] = self._read(path)
        named = (_written(graph) or DEFAULT) if path.suffix in (".trig", ".nq") else None
        terms = _written(subject), _written(predicate) or None, _written(value) or None
        return self._positions[path].line(named, *terms)

    def _read(self, path: Path) -> Positions:
        if path.suffix == ".yaml":
            return read_record(path, record_context(self._project)).positions
        if path.suffix == ".tsv":
            return link_positions(path)
        return _positions(read_text(path))

    def _sentence(self, term: object) -> str:
        if not isinstance(term, NamedNode):
            return ""
        if term not in self._sentences:
            source = passage_of(self._store, term)
            self._sentences[term] = source.quote if source else ""
        return self._sentences[term]


def _written(term: Term | DefaultGraph | None) -> str:
    return blank_label(term) if isinstance(term, BlankNode) else plain(term)


@lru_cache(maxsize=32)
def _positions(text: str) -> Positions:
    return locate(text)
