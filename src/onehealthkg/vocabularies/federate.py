"""Queries with SERVICE: the client calls the endpoints, and the results are joined here.

The engine would call any address, and cannot be restricted, so it never sees the keyword. rdflib
parses the query into a tree (and runs nothing); the client, which alone uses the network, sends
each SERVICE of the tree to its endpoint; the rows become ``VALUES`` in the query that is written
from the tree for the engine, which refuses any remaining SERVICE. ``services`` explains why the
answer is the same, and which rows need not be requested.

An endpoint is called only if it is described in data/vocabularies.ttl, or in a user's file of the
same form, *and* is named with ``--remote``. SERVICE takes its address, or the IRI of the
vocabulary, ``id:vocabulary-agrovoc``; a variable is allowed if VALUES in the same group bind it to
such a value.

The following are refused, as the rows could be wrong: SERVICE in a SERVICE, blank nodes in rows
(those of different answers cannot be distinguished), functions that return a different value each
time, DESCRIBE, FROM, and answers for values that were not requested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import rdflib
from pyoxigraph import BlankNode, NamedNode, Store, Triple
from rdflib.plugins.sparql.parserutils import CompValue

from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import NotCitable, nodes, read_tree, triples, variables
from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.solutions import Solution, Solutions
from onehealthkg.errors import RemoteError, UsageError
from onehealthkg.paths import Project
from onehealthkg.queries.parameters import written_out
from onehealthkg.queries.query import USER_SECONDS, answer, calls_others, prepare, whole
from onehealthkg.queries.questions import Question
from onehealthkg.queries.results import Result
from onehealthkg.suggest import hint
from onehealthkg.terms import QuadSource
from onehealthkg.vocabularies.services import SERVICE, Call, Walk
from onehealthkg.vocabularies.vocabulary import Vocabulary, vocabularies

if TYPE_CHECKING:
    from onehealthkg.queries.parameters import Given

BATCH = 100
"""The number of values in one request."""
MOST_ROWS = 200_000
"""The limit on rows from all endpoints for one query."""


class Asked(NamedTuple):
    """The calls to an endpoint for a query: their number, the rows returned, and the day.

    ``date`` is that of the oldest answer, YYYY-MM-DD, empty if no request was needed;
    ``failure`` is the message of an endpoint that did not answer a SERVICE SILENT.
    """

    vocabulary: Vocabulary
    requests: int
    rows: int
    date: str
    failure: str = ""

    def __str__(self) -> str:
        vocabulary = self.vocabulary
        said = f"{vocabulary.label}, {vocabulary.endpoint}"
        if self.failure:
            return f"{said}: skipped, because of SERVICE SILENT: {self.failure}"
        if not self.requests:
            return f"{said}: not called, as nothing could be joined"
        licence = f", licence {vocabulary.licence}" if vocabulary.licence else ""
        return f"{said}, accessed {self.date}{licence}: {self.rows} rows in {self.requests} answers"


def named(
    store: QuadSource, names: Sequence[str]
) -> tuple[dict[str, Vocabulary], dict[str, Vocabulary]]:
    """All vocabularies, and those given with ``--remote``, by name or by file.

    Raises UsageError for an unknown name or a vocabulary without endpoint; InputError for a file.
    """
    files = [Path(name) for name in names if name.endswith(".ttl")]
    by_name = vocabularies(store, files)
    asked = [name for name in names if not name.endswith(".ttl")]
    asked += vocabularies(Store(), files) if files else []
    chosen = {}
    for name in asked:
        there = [vocabulary.name for vocabulary in by_name.values() if vocabulary.endpoint]
        if name not in by_name:
            raise UsageError(f'--remote: there is no vocabulary "{name}".{hint(name, there)}')
        if not by_name[name].endpoint:
            raise UsageError(
                f"--remote: {name} has no endpoint; these have one: {', '.join(there)}."
            )
        chosen[name] = by_name[name]
    return by_name, chosen


def ask(
    store: QuadSource,
    project: Project,
    query: str | Question,
    parameters: Mapping[str, Given | Sequence[Given]] | None,
    language: str,
    seconds: float | None,
    remotes: Mapping[str, Vocabulary],
    known: Mapping[str, Vocabulary],
    client: Client,
) -> tuple[Result, list[Asked]]:
    """The answer to a query that may call the endpoints of ``remotes``, and the calls made.

    ``known`` are all vocabularies, for messages; the rest is as for ``query.run``.
    ``seconds`` limits each run of the engine. Raises the same errors as ``query.run``, UsageError
    for a SERVICE that cannot be answered, and RemoteError if an endpoint does not answer.
    """
    asked, parameter_terms, ours = prepare(store, project, query, parameters, language)
    limit = (0 if ours else USER_SECONDS) if seconds is None else seconds
    if not calls_others(asked, limit):
        return answer(store, asked, parameter_terms, limit, ours), []
    federation = _Federation(store, asked.place, limit, remotes, known, client)
    text = federation.rewritten(asked)
    return answer(store, asked._replace(text=text), parameter_terms, limit, False), federation.asked


class _Federation:
    """One query's calls."""

    def __init__(
        self,
        store: QuadSource,
        place: str,
        seconds: float,
        remotes: Mapping[str, Vocabulary],
        known: Mapping[str, Vocabulary],
        client: Client,
    ) -> None:
        self._store = store
        self._place = place
        self._seconds = seconds
        self._remotes = remotes
        self._known = known
        self._client = client
        self._rows = 0
        self.asked: list[Asked] = []

    def rewritten(self, asked: Question) -> str:
        """The query with rows for each SERVICE."""
        if "\\u" in asked.text or "\\U" in asked.text:
            raise self._wrong(r"write characters themselves: engines read \u differently")
        try:
            tree = read_tree(whole(asked))
            self._refuse(tree)
            return Walk(tree, self._values).writer.query(tree)
        except NotCitable as error:
            raise self._wrong(error.reason) from None

    def _wrong(self, reason: str) -> UsageError:
        return UsageError(f"{self._place}: this query with SERVICE cannot be answered: {reason}")

    def _refuse(self, tree: CompValue) -> None:
        """Raise UsageError for a SERVICE in a SERVICE, and for unsupported constructs."""
        for call in _calls(tree):
            if any(_calls(call.graph)):
                raise self._wrong("SERVICE is inside a SERVICE; call each endpoint separately.")
            if not isinstance(call.term, rdflib.Variable):
                self._vocabulary(call.term)

    def _values(self, call: Call) -> str:
        """The VALUES block that replaces a SERVICE."""
        columns, rows = list(call.needed), []
        term = call.part.term
        if isinstance(term, rdflib.Variable):
            if str(term) in variables(call.part.graph):
                raise self._wrong(f"?{term} is also in the pattern of SERVICE ?{term}.")
            if not call.targets:
                raise self._wrong(
                    f"?{term} has no value; bind it to an endpoint before the SERVICE, as in "
                    f"VALUES ?{term} {{ id:vocabulary-agrovoc }}."
                )
            targets = {str(target): self._vocabulary(target) for target in call.targets}
            columns.append(str(term))
        else:
            targets = {"": self._vocabulary(term)}
        keys, batches = self._context(call)
        for iri, vocabulary in targets.items():
            try:
                answers = self._ask(call, vocabulary, keys, batches)
            except RemoteError as error:
                if not call.silent:
                    raise
                self.asked.append(Asked(vocabulary, 0, 0, "", str(error)))
                answers = [(None,) * len(call.needed)]
            rows += [(*row, NamedNode(iri)) for row in answers] if iri else answers
        return _written(columns, sorted(rows, key=str))

    def _vocabulary(self, term: object) -> Vocabulary:
        """The vocabulary that a term after SERVICE names."""
        for vocabulary in self._remotes.values():
            if vocabulary.endpoint and str(term) in (vocabulary.endpoint, vocabulary.iri):
                return vocabulary
        for vocabulary in self._known.values():
            if vocabulary.endpoint and str(term) in (vocabulary.endpoint, vocabulary.iri):
                raise self._wrong(
                    f"SERVICE <{term}> is {vocabulary.label}; add --remote {vocabulary.name}."
                )
        there = ", ".join(
            f"{vocabulary.name} <{vocabulary.endpoint}>"
            for vocabulary in self._known.values()
            if vocabulary.endpoint
        )
        raise self._wrong(
            f"SERVICE <{term}> is not a configured endpoint. Configured: {there}. Describe "
            "another one in a file like data/vocabularies.ttl, and pass it: --remote FILE.ttl."
        )

    def _context(self, call: Call) -> tuple[tuple[str, ...], list[Solution] | None]:
        """The variables that restrict the rows, and their values; None for all rows."""
        if not call.keys:
            return (), None
        names = " ".join(f"?{name}" for name in call.keys)
        text = f"SELECT DISTINCT {names} WHERE {{ {call.context} }}"
        result = answer(self._store, Question(self._place, text), {}, self._seconds, False)
        if not result.rows:
            return call.keys, []
        bound = [
            place
            for place in range(len(call.keys))
            if all(row[place] is not None for row in result.rows)
        ]
        rows = {tuple(row[place] for place in bound) for row in result.rows}
        if not bound:
            return (), None
        ours = [
            row for row in rows if not any(isinstance(term, BlankNode | Triple) for term in row)
        ]
        return tuple(call.keys[place] for place in bound), sorted(ours, key=str)

    def _ask(
        self,
        call: Call,
        vocabulary: Vocabulary,
        keys: tuple[str, ...],
        batches: list[Solution] | None,
    ) -> list[Solution]:
        """The rows that an endpoint returns for a SERVICE, in the order of ``call.needed``."""
        columns = call.needed or ("found",)
        head = " ".join(f"?{name}" for name in columns) if call.needed else "(1 AS ?found)"

        def query(some: Sequence[Solution]) -> str:
            return _query(head, keys, some, call.part.graph)

        answers: Iterable[tuple[Sequence[Solution] | None, Solutions]]
        if batches is None:
            solutions = self._client.select(
                vocabulary.endpoint, query(()), rate=vocabulary.rate, rows=vocabulary.rows
            )
            answers = [(None, solutions)]
        else:
            answers = self._client.batches(
                vocabulary.endpoint,
                batches,
                query,
                size=BATCH,
                rate=vocabulary.rate,
                rows=vocabulary.rows,
            )
        rows: list[Solution] = []
        dates: list[str] = []
        for some, solutions in answers:
            rows += self._read(vocabulary, columns, keys, some, solutions)
            dates.append(solutions.date)
            if self._rows + len(rows) > MOST_ROWS:
                raise self._wrong(
                    f"{vocabulary.label} returns more than {MOST_ROWS} rows; "
                    "narrow the pattern in the SERVICE."
                )
        self._rows += len(rows)
        self.asked.append(Asked(vocabulary, len(dates), len(rows), min(dates, default="")))
        return rows if call.needed else [()] * len(rows)

    def _read(
        self,
        vocabulary: Vocabulary,
        columns: Sequence[str],
        keys: Sequence[str],
        some: Sequence[Solution] | None,
        solutions: Solutions,
    ) -> list[Solution]:
        """The rows of an answer; raises an error for unrequested values and blank nodes."""
        places = {name: place for place, name in enumerate(solutions.variables)}
        rows = [
            tuple(row[places[name]] if name in places else None for name in columns)
            for row in solutions.rows
        ]
        asked = None if some is None else set(some)
        order = [columns.index(name) for name in keys]
        for row in rows:
            if any(isinstance(term, BlankNode | Triple) for term in row):
                name = columns[[isinstance(term, BlankNode | Triple) for term in row].index(True)]
                raise self._wrong(
                    f"{vocabulary.label} returns a blank node for ?{name}; use ?{name} within "
                    f"the SERVICE only, or add FILTER(!isBlank(?{name})) there."
                )
            key = tuple(row[place] for place in order)
            if asked is not None and key not in asked:
                raise RemoteError(
                    f"{vocabulary.endpoint}: the answer is about {' '.join(map(str, key))}, "
                    "which was not requested; this endpoint does not support VALUES, "
                    "and cannot be joined."
                )
        return rows


def _calls(tree: object) -> list[CompValue]:
    return [node for node in nodes(tree) if isinstance(node, CompValue) and node.name == SERVICE]


def _query(head: str, keys: Sequence[str], some: Sequence[Solution], group: CompValue) -> str:
    """A pattern as a query, with values for some of its variables.

    The values are placed in the group itself only if its first triples have all these variables:
    otherwise an OPTIONAL before them would change its meaning.
    """
    text = Writer().group(group)
    if keys:
        parts = group.part or ()
        first = parts[0] if parts and parts[0].name == "TriplesBlock" else None
        inside = first is not None and set(keys) <= variables(list(triples(first)))
        text = f"{_written(keys, some)} {text if inside else f'{{ {text} }}'}"
    return f"SELECT {head} WHERE {{ {text} }}"


def _written(columns: Sequence[str], rows: Sequence[Solution]) -> str:
    lines = (
        f"({' '.join('UNDEF' if term is None else written_out(term) for term in row)})"
        for row in rows
    )
    return f"VALUES ({' '.join(f'?{name}' for name in columns)}) {{ {' '.join(lines)} }}"
