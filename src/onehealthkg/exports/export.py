"""Exports: the graph, or a part of it, in other formats.

An exporter is a function from a Selection to the bytes of a file. ``FORMATS`` names the module of
each exporter, which is imported on first use.
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from onehealthkg.errors import UsageError
from onehealthkg.evidence.selection import Selection

QUADS = 120_000
"""The bytes of memory for all quads of a record."""

Exporter = Callable[[Selection], bytes]


class Format(NamedTuple):
    """A format: its description, the ending and media type of its files, and its exporter.

    ``memory`` is the number of bytes that its exporter needs for each record or text.
    """

    summary: str
    ending: str
    media_type: str
    module: str
    function: str
    memory: int = QUADS

    @property
    def exporter(self) -> Exporter:
        """The function that writes the format, imported on access."""
        function: Exporter = getattr(import_module(f"onehealthkg.{self.module}"), self.function)
        return function


# One format on each line.
# fmt: off
FORMATS = {
    "turtle": Format("the facts, each once",
                     ".ttl", "text/turtle", "exports.rdf", "turtle"),
    "trig": Format("everything, with a graph for each sentence",
                   ".trig", "application/trig", "exports.rdf", "trig"),
    "ntriples": Format("the facts, one on each line",
                       ".nt", "application/n-triples", "exports.rdf", "ntriples"),
    "nquads": Format("everything, one statement on each line",
                     ".nq", "application/n-quads", "exports.rdf", "nquads"),
    "rdfxml": Format("the facts as RDF/XML",
                     ".rdf", "application/rdf+xml", "exports.rdf", "rdfxml"),
    "rdf12": Format("RDF 1.2 Turtle, evidence as annotations",
                    ".rdf12.ttl", "text/turtle", "exports.rdf12", "rdf12", 200_000),
    "json-ld": Format("the facts as nested JSON-LD, to be read",
                      ".jsonld", "application/ld+json", "exports.jsonld", "framed", 180_000),
    "json-ld-dataset": Format("everything as JSON-LD with graphs",
                              ".dataset.jsonld", "application/ld+json",
                              "exports.jsonld", "dataset", 140_000),
    "yaml-ld": Format("records, as they are written by hand",
                      ".yaml", "application/yaml", "exports.jsonld", "yamlld"),
    "graphml": Format("the network, for Gephi and Cytoscape",
                      ".graphml", "application/xml", "exports.network", "graphml", 270_000),
    "gexf": Format("the network, for Gephi",
                   ".gexf", "application/xml", "exports.network", "gexf", 260_000),
    "csv": Format("tables with a data package, zipped",
                  ".zip", "application/zip", "exports.tables", "csv", 320_000),
    "html": Format("one page of the report: the overview, or a thing's",
                   ".html", "text/html", "pages.site", "single", 210_000),
    "nanopub": Format("nanopublications, one for each passage or record",
                      ".nanopub.trig", "application/trig", "exports.nanopub", "nanopub", 370_000),
    "dcat": Format("a description of the data set, in DCAT and VoID",
                   ".dcat.ttl", "text/turtle", "exports.catalogue", "dcat"),
    "ro-crate": Format("a research object, zipped",
                       ".crate.zip", "application/zip", "exports.crate", "ro_crate", 370_000),
}
# fmt: on


def format_of(name: str) -> str:
    """The format given by the ending of a file's name; UsageError lists the known endings."""
    endings = {form.ending: word for word, form in FORMATS.items()}
    fitting = [ending for ending in endings if name.lower().endswith(ending)]
    if not fitting:
        raise UsageError(
            f"{name}: the ending does not name a format; use "
            f"{', '.join(sorted(endings))}, or add --format."
        )
    return endings[max(fitting, key=len)]


def export(selection: Selection, name: str) -> bytes:
    """The selection in a format; UsageError lists the known formats."""
    if name not in FORMATS:
        raise UsageError(f'There is no format "{name}"; there are: {", ".join(FORMATS)}.')
    return FORMATS[name].exporter(selection)
