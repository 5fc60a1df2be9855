"""Triples as the reply to a request, in a format of RDF."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple, serialize

from onehealthkg.queries.results import GRAPHS as RDF_FORMATS
from onehealthkg.rdf.rdf_xml import rdf_xml
from onehealthkg.serving import description, sparql
from onehealthkg.serving.negotiation import GRAPHS, accepted
from onehealthkg.serving.reply import Reply, text


def negotiated(triples: Iterable[Triple], accept: str) -> Reply:
    """The triples in the format that an Accept header prefers; 406 if it accepts none."""
    form = accepted(accept, GRAPHS)
    if form is None:
        return text(406, f"This is available as {', '.join(GRAPHS.values())}.")
    return written(sorted(set(triples), key=str), form)


def written(triples: Iterable[Triple], form: str) -> Reply:
    """The triples in a format, a key of ``GRAPHS``."""
    headers = {"content-type": sparql.media_type(form)}
    if form == "rdfxml":
        return Reply(200, headers, rdf_xml(triples))
    body = serialize(triples, format=RDF_FORMATS[form], prefixes=description.prefixes())
    return Reply(200, headers, body or b"")
