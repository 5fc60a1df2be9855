"""Records: facts about a partnership that editors read in documents that may not be archived.

A file data/partnerships/X.yaml is YAML-LD (https://json-ld.github.io/yaml-ld/spec/): plain YAML
whose keys are those of our JSON-LD context. pyoxigraph turns it into triples, which are all in
the graph of the record, record/X; no key is mapped here. ``node`` says what a record may contain.

All errors of a file are reported at once, each with line and key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Quad, RdfFormat, parse

from onehealthkg.errors import InputError
from onehealthkg.names import RECORD
from onehealthkg.paths import Project
from onehealthkg.rdf.positions import Positions
from onehealthkg.records.context import Json, RecordContext, record_context
from onehealthkg.records.node import NodeReader
from onehealthkg.records.yaml import read_yaml
from onehealthkg.suggest import MOST_ASKED
from onehealthkg.terms import plain


class Record(NamedTuple):
    """A record as JSON-LD without its context, and the lines of its statements."""

    graph: str
    node: dict[str, Json]
    positions: Positions


def read_records(project: Project, paths: Sequence[Path]) -> Iterator[tuple[Path, list[Quad]]]:
    """The quads of each file, in its graph; InputError lists all errors of a file."""
    if not paths:
        return
    context = record_context(project)
    records = {path: read_record(path, context) for path in paths}
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads_of(records.values(), context):
        by_graph.setdefault(plain(quad.graph_name), []).append(quad)
    for path, record in records.items():
        yield path, by_graph.get(record.graph, [])


def quads_of(records: Iterable[Record], context: RecordContext) -> list[Quad]:
    """The quads of records, read at once, so that the context is processed once."""
    nodes = [{"@id": record.graph, "@graph": record.node} for record in records]
    document = {"@context": context.json_ld, "@graph": nodes}
    try:
        return list(parse(json.dumps(document), RdfFormat.JSON_LD, lenient=True))
    except SyntaxError as error:
        file = context.project.context_file
        raise InputError(f"{file}: cannot be used: {error.msg}") from None


def record_iri(path: Path) -> str:
    """The IRI of the record of a file; InputError if its name cannot be part of an IRI."""
    if not re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", path.stem):
        raise InputError(
            f"{path}: rename the file, with lower-case letters, digits and hyphens only, as in "
            "anses-invs-2012.yaml: the name becomes part of an IRI."
        )
    return RECORD + path.stem


def read_record(path: Path, context: RecordContext) -> Record:
    """A file as a record; InputError lists all its errors."""
    graph = record_iri(path)
    value = read_yaml(path)
    if not isinstance(value.data, dict):
        raise InputError(f"{path}:{value.line}: a record is a mapping: write key: value.")
    reader = NodeReader(context, graph)
    node = reader.record(value)
    if reader.errors:
        lines = [f"{path}:{line}: {text}" for line, text in sorted(reader.errors)]
        more = len(lines) - MOST_ASKED
        lines[MOST_ASKED:] = [f"{path}: and {more:,} more like these."] if more > 0 else []
        raise InputError("\n".join(lines))
    return Record(graph, node, Positions(reader.lines))
