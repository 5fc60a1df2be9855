"""The work of a worker on a query: evaluate it, and write the answer in the requested format.

https://www.w3.org/TR/sparql11-protocol/. The default graph has each fact once, the named graphs
are the passages, records and other graphs that state them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import (
    BlankNode,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    serialize,
)

from onehealthkg.errors import InputError, UsageError
from onehealthkg.names import HOME, PREFIXES
from onehealthkg.queries.query import own, prefixes_in
from onehealthkg.queries.results import EXACT
from onehealthkg.queries.results import GRAPHS as RDF_FORMATS
from onehealthkg.queries.syntax import message
from onehealthkg.rdf.rdf_xml import rdf_xml
from onehealthkg.rdf.sparql_files import has_service
from onehealthkg.safe import NOT_IN_XML
from onehealthkg.serving.negotiation import ALIASES, DATASETS, GRAPHS, TABLES, accepted
from onehealthkg.serving.reply import Job, Reply, text

TYPES = {**TABLES, **GRAPHS, **DATASETS}

_PREFIXES = {
    **PREFIXES,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
}
_CHANGING = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)

Results = QuerySolutions | QueryBoolean | QueryTriples


class TooLarge(Exception):
    """The answer has more bytes than allowed."""


def answer(store: Store, job: Job, most: int) -> Reply:
    """The answer to a query, of at most ``most`` bytes, or an error message with its status."""
    query, form = str(job["query"]), str(job.get("format", ""))
    try:
        results = _results(store, query, job)
        forms = {} if isinstance(results, QueryTriples) else TABLES
        forms = forms or GRAPHS
        chosen = _form(form, str(job.get("accept", "")), forms)
        if chosen is None:
            return text(406, f"This answer is available as {', '.join(forms.values())}.")
        body = _written(results, chosen, most)
    except (InputError, UsageError) as error:
        return text(400, str(error))
    except TooLarge:
        limit = f"{most / 1e6:,.0f} MB"
        return text(422, f"The answer is larger than {limit}. Ask for less: add a LIMIT.")
    except (RuntimeError, OSError, ValueError) as error:
        return text(400, f"The query cannot be answered: {error}.")
    headers = {"content-type": media_type(chosen)}
    if "(" in query and _CHANGING.search(query):
        headers["cache-control"] = "no-store"
    return Reply(200, headers, body)


def media_type(form: str) -> str:
    """The media type of a format, with the character set if it is text."""
    return TYPES[form] + ("; charset=utf-8" if TYPES[form].startswith("text/") else "")


def negotiated(triples: Iterable[Triple], accept: str) -> Reply:
    """The triples in the format that an Accept header prefers; 406 if it accepts none."""
    form = accepted(accept, GRAPHS)
    if form is None:
        return text(406, f"This is available as {', '.join(GRAPHS.values())}.")
    return written(sorted(set(triples), key=str), form)


def written(triples: Iterable[Triple], form: str) -> Reply:
    """The triples in a format, a key of ``GRAPHS``."""
    headers = {"content-type": media_type(form)}
    if form == "rdfxml":
        return Reply(200, headers, rdf_xml(triples))
    body = serialize(triples, format=RDF_FORMATS[form], prefixes=_PREFIXES)
    return Reply(200, headers, body or b"")


def _form(wanted: str, accept: str, forms: Mapping[str, str]) -> str | None:
    """The format that ``format`` names, else the one that Accept prefers."""
    if not wanted:
        return accepted(accept, forms)
    known = {media: form for form, media in TYPES.items()} | ALIASES
    form = known.get(wanted.lower(), wanted.lower())
    return form if form in forms else None


def _results(store: Store, query: str, job: Job) -> Results:
    query = own("query", query).text
    prefixes = prefixes_in(query)
    if "service" in query.lower() and has_service(query, prefixes):
        raise UsageError("SERVICE is not allowed: a query is answered from this graph alone.")
    default, named = _graphs(job, "default"), _graphs(job, "named")
    try:
        if not default and not named:
            return store.query(query, base_iri=HOME, prefixes=prefixes)
        return store.query(
            query,
            base_iri=HOME,
            prefixes=prefixes,
            default_graph=[*default],
            named_graphs=named,
        )
    except SyntaxError as error:
        raise InputError(message("query", query, error.msg)) from None


def _graphs(job: Job, kind: str) -> list[NamedNode | BlankNode]:
    """The graphs that the protocol names."""
    names = job.get(kind, ())
    return [iri(str(name)) for name in names] if isinstance(names, Sequence) else []


def iri(text: str) -> NamedNode:
    """The IRI that a client has sent; UsageError for anything else."""
    try:
        return NamedNode(text)
    except ValueError:
        raise UsageError(f"<{text}> is not an IRI.") from None


def _written(results: Results, form: str, most: int) -> bytes:
    if form == "rdfxml" and isinstance(results, QueryTriples):
        return rdf_xml(list(results))
    if isinstance(results, QueryBoolean) and form in ("csv", "tsv"):
        return b"true\n" if results else b"false\n"
    output = _Capped(most)
    if isinstance(results, QueryTriples):
        serialize(results, output, RDF_FORMATS[form], prefixes=PREFIXES)
    else:
        results.serialize(output, format=EXACT[form])
    body = output.getvalue()
    if form == "xml":
        _refuse_not_xml(body)
    return body


def _refuse_not_xml(body: bytes) -> None:
    """Raise UsageError for a character that XML forbids; the engine would write it."""
    character = NOT_IN_XML.search(body.decode())
    if character:
        code = f"U+{ord(character.group()):04X}"
        raise UsageError(f"XML cannot have the character {code} of this answer; ask for JSON.")


class _Capped(io.BytesIO):
    """Bytes in memory, up to a limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._most:
            raise TooLarge
        return super().write(data)
