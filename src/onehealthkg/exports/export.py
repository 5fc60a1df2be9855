"""Exports: the graph, or a part of it, in the forms that people ask for.

An exporter is a function from a Selection to the bytes of a file. ``FORMATS`` names each by its
module, which is imported when the format is asked for. A selection is made from the files of the
project, literals as they are written; what belongs to it is decided in ``selection``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module
from typing import NamedTuple

from onehealthkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import Quad, Store, Triple

    from onehealthkg.paths import Project


class _Selection(NamedTuple):
    quads: tuple[Quad, ...]
    language: str
    project: Project
    version: str


class Selection(_Selection):
    """What is exported: quads, each once, sorted, literals as they are written.

    ``language`` (``en`` or ``fr``) is that of the labels in the forms that are made to be read;
    the RDF forms keep all languages. ``version`` is that of the data from which the quads are
    chosen, as ``build`` prints it. Without evidence, the quads are in the default graph.
    """

    @cached_property
    def triples(self) -> list[Triple]:
        """The RDF merge of all graphs, sorted: each fact once, however many sentences state it."""
        return sorted({quad.triple for quad in self.quads}, key=str)

    @cached_property
    def store(self) -> Store:
        """The quads in a store, in their graphs, and their RDF merge in its default graph.

        A store may rewrite a literal (P18M as P1Y6M): a value to be published comes from ``quads``.
        """
        from pyoxigraph import DefaultGraph, Store

        from onehealthkg.terms import in_graph

        store = Store()
        store.extend(self.quads)
        store.extend([in_graph(triple, DefaultGraph()) for triple in self.triples])
        return store


Exporter = Callable[[Selection], bytes]


class Format(NamedTuple):
    """A format: what it is, the ending of its files, the module and the name of its exporter."""

    summary: str
    ending: str
    module: str
    function: str

    @property
    def exporter(self) -> Exporter:
        """The function that writes the format; its module is imported now."""
        function: Exporter = getattr(
            import_module(f"onehealthkg.exports.{self.module}"), self.function
        )
        return function


FORMATS = {
    "turtle": Format("the facts, each once", ".ttl", "rdf", "turtle"),
    "trig": Format("everything, a graph a sentence", ".trig", "rdf", "trig"),
    "ntriples": Format("the facts, a line each", ".nt", "rdf", "ntriples"),
    "nquads": Format("everything, a line a statement", ".nq", "rdf", "nquads"),
    "rdfxml": Format("the facts as RDF/XML", ".rdf", "rdf", "rdfxml"),
    "rdf12": Format("RDF 1.2 Turtle, evidence as annotations", ".rdf12.ttl", "annotated", "rdf12"),
    "json-ld": Format("the facts as nested JSON-LD, to be read", ".jsonld", "jsonld", "framed"),
    "json-ld-dataset": Format(
        "everything as JSON-LD with graphs", ".dataset.jsonld", "jsonld", "dataset"
    ),
    "yaml-ld": Format("records, as they are written by hand", ".yaml", "yamlld", "yamlld"),
    "graphml": Format("the network, for Gephi and Cytoscape", ".graphml", "network", "graphml"),
    "gexf": Format("the network, for Gephi", ".gexf", "network", "gexf"),
    "csv": Format("tables with a data package, zipped", ".zip", "tables", "csv"),
    "html": Format("a report to be read in a browser", ".html", "page", "html"),
    "nanopub": Format(
        "nanopublications, one a passage or record", ".nanopub.trig", "nanopub", "nanopub"
    ),
    "dcat": Format("what the data set is, as DCAT and VoID", ".dcat.ttl", "dcat", "dcat"),
    "ro-crate": Format("a research object, zipped", ".crate.zip", "crate", "ro_crate"),
}
LEFT_OUT = ("evidence", "inferences", "links")


def select(
    project: Project, only: str = "", without: Iterable[str] = (), language: str = "en"
) -> Selection:
    """The quads of a project, or what belongs to the thing that ``only`` names, less ``without``.

    ``without`` names any of ``LEFT_OUT``. Raises UnknownThing for ``only``, UsageError for another
    word in ``without`` and InputError where the project cannot be read.
    """
    from onehealthkg.dataset.dataset import read_dataset
    from onehealthkg.exports.selection import about, less

    left_out = tuple(without)
    for word in left_out:
        if word not in LEFT_OUT:
            raise UsageError(f'"{word}" cannot be left out; these can: {", ".join(LEFT_OUT)}.')
    dataset = read_dataset(project)
    quads = set(dataset.quads)
    if only:
        quads = about(quads, only)
    quads = less(quads, left_out)
    return Selection(tuple(sorted(quads, key=str)), language, project, dataset.version)


def format_of(name: str) -> str:
    """The format that the name of a file tells; UsageError names the endings there are."""
    endings = {one.ending: known for known, one in FORMATS.items()}
    fitting = [ending for ending in endings if name.lower().endswith(ending)]
    if not fitting:
        raise UsageError(
            f"{name}: the name does not tell the format; end it in "
            f"{', '.join(sorted(endings))}, or add --format."
        )
    return endings[max(fitting, key=len)]


def export(selection: Selection, name: str) -> bytes:
    """The selection in a format; UsageError names the formats there are."""
    if name not in FORMATS:
        raise UsageError(f'There is no format "{name}"; there are: {", ".join(FORMATS)}.')
    return FORMATS[name].exporter(selection)
