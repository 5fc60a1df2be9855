"""The knowledge graph as one object, for programs and notebooks.

>>> import onehealthkg
>>> kg = onehealthkg.load()
>>> print(kg.evidence('Inserm schema:foundingDate 1964'))  # doctest: +ELLIPSIS
“Founded in 1964, Inserm is a public scientific and technological institute ...
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Store

from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import UsageError
from onehealthkg.evidence.answers import Answer, answer, quoted, show
from onehealthkg.evidence.evidence import inferred, stated_by
from onehealthkg.evidence.matching import matching
from onehealthkg.names import PREFIXES
from onehealthkg.paths import Project, bundled, project_in
from onehealthkg.queries.parameters import Given
from onehealthkg.queries.query import run
from onehealthkg.queries.questions import Question, questions
from onehealthkg.queries.results import Result
from onehealthkg.terms import QuadSource, merge, plain
from onehealthkg.words import supported

if TYPE_CHECKING:
    import rdflib

    from onehealthkg.checks.coverage import Coverage
    from onehealthkg.checks.findings import Finding
    from onehealthkg.citations.cited import CitedResult
    from onehealthkg.dataset.jobs import Progress
    from onehealthkg.endpoints.remote import RemoteStore

_log = logging.getLogger(__name__)
_BYTES = 4_000  # of a quad in rdflib
_MANY = 250_000  # quads, a gigabyte


class StatedGraph:
    """The methods of any graph, in files or in a store.

    Labels are in ``language``: ``en`` or ``fr``. ``project`` has the questions.
    """

    def __init__(self, project: Project, language: str = "en") -> None:
        self.project = project
        self.language = language

    @property
    def store(self) -> QuadSource:
        """The quads, all in named graphs."""
        raise NotImplementedError

    @property
    def merged(self) -> QuadSource:
        """The same quads, where a query without GRAPH finds all of them."""
        raise NotImplementedError

    def query(
        self,
        query: str,
        parameters: Mapping[str, Given | Sequence[Given]] | None = None,
        seconds: float | None = None,
        **more: Given | Sequence[Given],
    ) -> Result:
        """The answer to a bundled question, a file or SPARQL: ``kg.query("hubs", least=5)``.

        >>> import onehealthkg
        >>> answer = onehealthkg.load().query("signatures", organisation="Inserm")
        >>> {row["signed"] for row in answer}
        {'2020-02-05'}

        ``parameters`` and ``more`` map the names of parameters to strings or RDF terms. ``seconds``
        limits the time; 0 is no limit. By default a bundled question has no limit, any other query
        30 seconds. Raises UsageError for a wrong name or value, InputError for an invalid query.
        """
        try:
            given = {**(parameters or {}), **more}
        except TypeError:
            message = f'{query}: pass parameters by name, as in query("hubs", least=5).'
            raise UsageError(message) from None
        return run(self.merged, self.project, query, given, self.language, seconds)

    def questions(self, tag: str = "") -> list[Question]:
        """The bundled questions by name, or those with a tag such as ``topics``.

        Each has ``place`` (the name for ``query``), ``summary``, ``description``, ``parameters``
        and ``columns``. Raises UsageError, which lists the tags, for an unknown tag, and InputError
        if a header is invalid.
        """
        return questions(self.project, tag)

    def cite(self, result: Result) -> CitedResult:
        """The rows of a result, each with the sentences that support it.

        Raises UsageError, with the reason, for an answer without rows and for a query whose rows
        cannot be cited.
        """
        from onehealthkg.citations.cited import CitedResult

        return CitedResult(self.merged, result, self.language)

    def show(self, name: str) -> Answer:
        """All statements about a thing, given by IRI, short or local name, or label.

        Raises UnknownThing, which suggests similar names.
        """
        return show(self.store, name, self.language)

    def evidence(self, statement: str) -> Answer:
        """The evidence for a statement, written as subject, predicate and object.

        Terms are named as in ``show``; ``*`` matches any term. Raises UsageError or UnknownThing.
        """
        return answer(self.store, "", matching(self.store, statement, self.language), self.language)

    def passage(self, name: str) -> Answer:
        """The statements of a passage: ``2020-02-05-anses-inserm#s5``, or ``s5`` if unambiguous.

        Raises UnknownThing.
        """
        passage, statements = stated_by(self.store, name, self.language)
        heading = "" if statements else quoted(passage, self.language)
        return answer(self.store, heading, statements, self.language)

    def inferences(self, rule: str = "") -> Answer:
        """The inferences of one rule or of all, with their premises. Raises UsageError."""
        return answer(self.store, "", inferred(self.store, rule, self.language), self.language)


class KnowledgeGraph(StatedGraph):
    """The graph of a project. Labels are in ``language``: ``en`` or ``fr``.

    If it is large, ``progress`` is called while it is read: with the name of the work, the number
    of parts that are done, and of all parts.
    """

    def __init__(self, project: Project, language: str = "en") -> None:
        super().__init__(project, language)
        self.progress: Progress | None = None
        self._store: Store | None = None
        self._merged: Store | None = None

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {self.project.root}, labels in {self.language}>"

    @property
    def store(self) -> Store:
        """The quads in a pyoxigraph store, all in named graphs; read on first use."""
        if self._store is None:
            self._store = load_store(self.project, self.progress)
        return self._store

    @property
    def merged(self) -> Store:
        """The same quads, with their RDF merge in the default graph: each fact once."""
        if self._merged is None:
            self._merged = merge(load_store(self.project, self.progress))
        return self._merged

    def coverage(self, source: str) -> Coverage:
        """How much of an archived text has statements. Raises UnknownThing or InputError."""
        from onehealthkg.checks.coverage import coverage

        return coverage(self.store, self.project, source, self.language)

    def check(self) -> list[Finding]:
        """The findings of the checks, errors first; empty if there are none."""
        from onehealthkg.checks.parts import check_project

        return check_project(self.project, jobs=1)

    def export(self, form: str, only: str = "", without: Iterable[str] = ()) -> bytes:
        """The graph, or the part about one thing, as the bytes of a file: ``export("turtle")``.

        ``form`` is one of the formats of ``onehealthkg export``; ``without`` names parts to leave
        out: evidence, inferences, links. Raises UsageError or UnknownThing.
        """
        from onehealthkg.evidence.selection import select
        from onehealthkg.exports.export import export

        return export(select(self.project, only, without, self.language), form)

    def to_rdflib(self) -> rdflib.Dataset:
        """The quads as an rdflib Dataset whose default graph is the union of the named graphs.

        It takes some 4 kB of memory for each quad, 0.3 GB for a thousand partnerships; the log has
        a warning if that is more than a gigabyte. ``store`` and ``query`` need no such memory.
        """
        import rdflib

        from onehealthkg.dataset.divided import all_quads
        from onehealthkg.rdf.rdflib_terms import rdflib_triple

        dataset = rdflib.Dataset(default_union=True)
        for prefix, iri in PREFIXES.items():
            dataset.bind(prefix, iri)
        quads = all_quads(self.project)
        if len(quads) > _MANY:
            size = len(quads) * _BYTES / 1e9
            _log.warning("%d quads take about %.0f GB of memory in rdflib.", len(quads), size)
        for quad in quads:
            graph = dataset.graph(rdflib.URIRef(plain(quad.graph_name)))
            graph.add(rdflib_triple(quad))
        return dataset


class ConnectedGraph(StatedGraph):
    """The graph in the store at an address, where ``push`` has put it."""

    def __init__(self, project: Project, store: RemoteStore, language: str = "en") -> None:
        super().__init__(project, language)
        self._store = store

    def __repr__(self) -> str:
        return f"<ConnectedGraph at {self._store.endpoint}, labels in {self.language}>"

    @property
    def store(self) -> RemoteStore:
        """The store."""
        return self._store

    merged = store


def load(project: str | os.PathLike[str] | None = None, language: str = "en") -> KnowledgeGraph:
    """The knowledge graph of a project folder, or the bundled one.

    The files are read on first use. ``language`` is that of labels, ``en`` or ``fr``. Raises
    InputError if there is no such folder, UsageError for another language.
    """
    return KnowledgeGraph(_project(project), supported(language))


def connect(
    endpoint: str,
    project: str | os.PathLike[str] | None = None,
    language: str = "en",
    timeout: float = 60,
) -> ConnectedGraph:
    """The knowledge graph that ``onehealthkg push`` has put into the store at an address.

    The address is that at which the store answers SPARQL queries. The questions are those of a
    project folder, or the bundled ones; ``timeout`` limits each request, in seconds. A user name
    and a password come from the variables ONEHEALTHKG_USER and ONEHEALTHKG_PASSWORD, or from
    ``~/.netrc``. Raises UsageError for an invalid address or language; the methods that call the
    store raise RemoteError.
    """
    from onehealthkg.endpoints.client import Client
    from onehealthkg.endpoints.credentials import login_for
    from onehealthkg.endpoints.remote import RemoteStore

    client = Client(None, timeout=timeout, notice=_log.warning, logins=login_for)
    store = RemoteStore(client, endpoint, _log.warning)
    return ConnectedGraph(_project(project), store, supported(language))


def _project(folder: str | os.PathLike[str] | None) -> Project:
    return bundled() if folder is None else project_in(folder)
