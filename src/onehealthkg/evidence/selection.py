"""The selection to export: the whole graph or the part about one thing, without some parts.

The parts that can be left out are ``evidence`` (passages, inferences, curated graphs and rules as
things, and the graphs: the facts are then in the default graph), ``inferences`` and ``links``
(mappings to terms of other vocabularies). The pages of a large project are made from its store.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from onehealthkg.dataset.cache import load_graph
from onehealthkg.dataset.dataset import version_of
from onehealthkg.dataset.divided import all_quads
from onehealthkg.errors import UsageError
from onehealthkg.evidence.about import about
from onehealthkg.evidence.evidence import EVIDENCE_CLASSES
from onehealthkg.evidence.lookup import InMemory, Lookup, Stored
from onehealthkg.names import COUNTERPARTS, OH, PREFIXES, RDF_TYPE, expand
from onehealthkg.paths import Project
from onehealthkg.terms import in_graph, plain

LEFT_OUT = ("evidence", "inferences", "links")

_HAS_SELECTOR, _RULE = PREFIXES["oa"] + "hasSelector", OH + "rule"
_MATCHES = frozenset(map(expand, COUNTERPARTS))
_EVIDENCE = frozenset(map(expand, EVIDENCE_CLASSES))


class _Selection(NamedTuple):
    quads: tuple[Quad, ...]
    language: str
    project: Project
    version: str
    only: str = ""
    without: tuple[str, ...] = ()


class Selection(_Selection):
    """The quads to export, each once, sorted, literals as they are written.

    ``language`` (``en`` or ``fr``) is the language of labels in formats for readers; the RDF
    formats keep all languages. ``version`` is that of the data from which the quads are chosen, as
    ``build`` prints it. ``only`` and ``without`` are the options given. Without
    evidence, the quads are in the default graph.
    """

    @cached_property
    def triples(self) -> list[Triple]:
        """The RDF merge of all graphs, sorted: each fact once, however many sentences state it."""
        return sorted({quad.triple for quad in self.quads}, key=str)

    @cached_property
    def lookup(self) -> Lookup:
        """The facts by subject, object, predicate and class."""
        return InMemory(self.quads, self.triples)

    @cached_property
    def store(self) -> Store:
        """The quads in a store, in their graphs, and their RDF merge in its default graph.

        A store may rewrite a literal (P18M as P1Y6M): a value to be published comes from ``quads``.
        """
        store = Store()
        store.extend(self.quads)
        store.extend([in_graph(triple, DefaultGraph()) for triple in self.triples])
        return store

    def in_language(self, language: str) -> Selection:
        """The same quads with labels in another language; both share what is made of them."""
        other = self._replace(language=language)
        vars(other).update(triples=self.triples, store=self.store, lookup=self.lookup)
        return other


class StoredSelection(NamedTuple):
    """The whole graph of a large project, in a store whose default graph is its RDF merge.

    Literals are as the store writes them. ``version`` is empty: it is a digest of all quads, which
    would all have to be read for it.
    """

    store: Store
    lookup: Lookup
    language: str
    project: Project
    version: str = ""
    only: str = ""
    without: tuple[str, ...] = ()

    def in_language(self, language: str) -> StoredSelection:
        """The same store with labels in another language."""
        return self._replace(language=language)


def select(
    project: Project, only: str = "", without: Iterable[str] = (), language: str = "en"
) -> Selection:
    """The quads of a project, or those about the thing ``only``, without the parts in ``without``.

    ``without`` names any of ``LEFT_OUT``. Raises UnknownThing for ``only``, UsageError for another
    word in ``without`` and InputError if the project cannot be read.
    """
    quads = tuple(all_quads(project))
    return narrowed(Selection(quads, language, project, version_of(quads)), only, without)


def select_cached(project: Project, language: str = "en") -> Selection | StoredSelection:
    """The whole graph of a project, from the cache of questions if that is still valid.

    A large one stays on disk. Raises InputError if the project must be read and cannot be.
    """
    graph = load_graph(project)
    if isinstance(graph, Store):
        return StoredSelection(graph, Stored(graph), language, project)
    return narrowed(Selection(tuple(graph), language, project, version_of(graph)))


def narrowed(whole: Selection, only: str = "", without: Iterable[str] = ()) -> Selection:
    """The part of a whole selection about the thing ``only``, without the parts in ``without``.

    Raises UnknownThing and UsageError as ``select``.
    """
    left_out = tuple(without)
    for word in left_out:
        if word not in LEFT_OUT:
            raise UsageError(f'"{word}" cannot be left out; these can: {", ".join(LEFT_OUT)}.')
    quads = about(set(whole.quads), only) if only else set(whole.quads)
    quads = _less(quads, left_out)
    return whole._replace(quads=tuple(sorted(quads, key=str)), only=only, without=left_out)


def _less(quads: Iterable[Quad], left_out: Iterable[str]) -> set[Quad]:
    """The quads without ``evidence``, ``inferences`` or ``links``."""
    left = set(quads)
    words = set(left_out)
    if "links" in words:
        left = _without_links(left)
    if "inferences" in words:
        left = _without_inferences(left)
    if "evidence" in words:
        gone = _of_kinds(left, _EVIDENCE)
        gone |= {plain(quad.object) for quad in left if quad.predicate.value == _HAS_SELECTOR}
        kept = _without_things(left, gone)
        left = {in_graph(quad, DefaultGraph()) for quad in kept}
    return left


def _without_links(quads: set[Quad]) -> set[Quad]:
    """The quads without mappings, and without curated graphs that held nothing else."""
    kept = {quad for quad in quads if quad.predicate.value not in _MATCHES}
    return _without_emptied(quads, kept)


def _without_inferences(quads: set[Quad]) -> set[Quad]:
    inferences = _of_kinds(quads, {OH + "Inference"})
    inferred = {quad for quad in quads if plain(quad.graph_name) in inferences}
    rules = {plain(quad.object) for quad in quads if quad.predicate.value == _RULE}
    rules |= _of_kinds(quads, {OH + "InferenceRule"})
    return _without_emptied(quads, _without_things(quads - inferred, inferences | rules))


def _without_emptied(before: set[Quad], after: set[Quad]) -> set[Quad]:
    """The quads without graphs that contain only their own description."""

    def own(quads: set[Quad]) -> set[str]:
        return {plain(quad.graph_name) for quad in quads if quad.graph_name != quad.subject}

    emptied = own(before) - own(after)
    return {quad for quad in after if plain(quad.graph_name) not in emptied}


def _of_kinds(quads: Iterable[Quad], kinds: Iterable[str]) -> set[str]:
    wanted = frozenset(kinds)
    return {
        plain(quad.subject)
        for quad in quads
        if quad.predicate.value == RDF_TYPE and plain(quad.object) in wanted
    }


def _without_things(quads: Iterable[Quad], things: set[str]) -> set[Quad]:
    """The quads that have none of the things as subject or object."""
    return {
        quad
        for quad in quads
        if plain(quad.subject) not in things
        and not (isinstance(quad.object, NamedNode) and quad.object.value in things)
    }
