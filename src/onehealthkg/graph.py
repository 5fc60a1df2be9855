"""The knowledge graph as one object, for programs and notebooks.

>>> import onehealthkg
>>> kg = onehealthkg.load()
>>> print(kg.evidence('Inserm schema:foundingDate 1964'))  # doctest: +ELLIPSIS
“Founded in 1964, Inserm is a public scientific and technological institute ...
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Store

from onehealthkg.dataset.answers import Answer, answer, quoted, show
from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.evidence import inferred, stated_by
from onehealthkg.dataset.matching import matching
from onehealthkg.names import PREFIXES
from onehealthkg.paths import Project, bundled
from onehealthkg.queries.parameters import Given
from onehealthkg.queries.query import run
from onehealthkg.queries.questions import Question, questions
from onehealthkg.queries.results import Result
from onehealthkg.terms import merge, plain

if TYPE_CHECKING:
    import rdflib

    from onehealthkg.checks.coverage import Coverage
    from onehealthkg.checks.findings import Finding
    from onehealthkg.citations.cited import CitedResult


class KnowledgeGraph:
    """The graph of a project. Labels are in ``language``: ``en`` or ``fr``."""

    def __init__(self, project: Project, language: str = "en") -> None:
        self.project = project
        self.language = language
        self._store: Store | None = None
        self._merged: Store | None = None

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {self.project.root}, labels in {self.language}>"

    @property
    def store(self) -> Store:
        """The quads in a pyoxigraph store, all in named graphs; read on first use."""
        if self._store is None:
            self._store = load_store(self.project)
        return self._store

    @property
    def merged(self) -> Store:
        """The same quads, and in the default graph each fact once: their RDF merge."""
        if self._merged is None:
            self._merged = merge(load_store(self.project))
        return self._merged

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

        ``parameters`` and ``more`` are texts or RDF terms by the parameters' names. ``seconds``
        limits the time: none for a bundled question, 30 for another, if not given; 0 is no limit.
        Raises UsageError and InputError, which say what would be right.
        """
        given = {**(parameters or {}), **more}
        return run(self.merged, self.project, query, given, self.language, seconds)

    def questions(self, tag: str = "") -> list[Question]:
        """The bundled questions by name, or those with a tag such as ``topics``.

        Each has ``place`` (the name for ``query``), ``summary``, ``description``, ``parameters``
        and ``columns``. Raises InputError for a header that cannot be read.
        """
        return [one for one in questions(self.project) if not tag or tag in one.tags]

    def cite(self, result: Result) -> CitedResult:
        """An answer of ``query`` with the sentences that support each row.

        Raises UsageError for an answer without rows, and for a query whose rows cannot be cited,
        with the reason.
        """
        from onehealthkg.citations.cited import CitedResult

        return CitedResult(self.merged, result, self.language)

    def show(self, name: str) -> Answer:
        """All that is known about a thing, by IRI, short or local name, or label.

        Raises UnknownThing, with what may have been meant.
        """
        return show(self.store, name, self.language)

    def evidence(self, statement: str) -> Answer:
        """What backs a statement, written as subject, predicate and object.

        The words of ``show`` will do, and ``*`` stands for anything. Raises UsageError or
        UnknownThing.
        """
        return answer(self.store, "", matching(self.store, statement, self.language), self.language)

    def passage(self, name: str) -> Answer:
        """What a passage states: ``2020-02-05-anses-inserm#s5``, or ``s5`` where that is clear.

        Raises UnknownThing.
        """
        one, statements = stated_by(self.store, name, self.language)
        heading = "" if statements else quoted(one, self.language)
        return answer(self.store, heading, statements, self.language)

    def inferences(self, rule: str = "") -> Answer:
        """What is inferred, by one rule or by all, and from what. Raises UsageError."""
        return answer(self.store, "", inferred(self.store, rule, self.language), self.language)

    def coverage(self, source: str) -> Coverage:
        """How much of an archived text is modelled. Raises UnknownThing or InputError."""
        from onehealthkg.checks.coverage import coverage

        return coverage(self.store, self.project, source, self.language)

    def check(self) -> list[Finding]:
        """What the checks find, gravest first; an empty list where all is well."""
        from onehealthkg.checks.check import check
        from onehealthkg.dataset.dataset import read_dataset

        return check(read_dataset(self.project))

    def export(self, form: str, only: str = "", without: Iterable[str] = ()) -> bytes:
        """The graph, or what is about one thing, as the bytes of a file: ``export("turtle")``.

        ``form`` is one of the formats of ``onehealthkg export``; ``without`` names parts to leave
        out: evidence, inferences, links. Raises UsageError or UnknownThing.
        """
        from onehealthkg.dataset.selection import select
        from onehealthkg.exports.export import export

        return export(select(self.project, only, without, self.language), form)

    def to_rdflib(self) -> rdflib.Dataset:
        """The quads as an rdflib Dataset whose default graph is the union of the named graphs."""
        import rdflib

        from onehealthkg.dataset.dataset import read_dataset
        from onehealthkg.rdf.rdflib_terms import rdflib_triple

        dataset = rdflib.Dataset(default_union=True)
        for prefix, iri in PREFIXES.items():
            dataset.bind(prefix, iri)
        for quad in read_dataset(self.project).quads:
            graph = dataset.graph(rdflib.URIRef(plain(quad.graph_name)))
            graph.add(rdflib_triple(quad))
        return dataset


def load(project: str | os.PathLike[str] | None = None, language: str = "en") -> KnowledgeGraph:
    """The knowledge graph of a project folder, or the one that came with the package."""
    return KnowledgeGraph(bundled() if project is None else Project(project), language)
