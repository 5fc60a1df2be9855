"""Real SPARQL servers that a test starts on the loopback, loads with triples, and stops.

    with oxigraph(tmp_path, turtle) as endpoint: ...
    with virtuoso(tmp_path, turtle, graphs={"http://example.org/graph": other}) as endpoint: ...

Outside CI, a test of a server that is not installed is skipped; in CI (``CI=true``) it fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from misbehaving import free_port, wait_until_open
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from onehealthkg.terms import in_graph

GRAPH = "http://example.org/vocabulary"


@contextmanager
def oxigraph(
    folder: Path,
    turtle: str | bytes = b"",
    graphs: Mapping[str, str | bytes] = MappingProxyType({}),
    *,
    writable: bool = False,
) -> Iterator[str]:
    """The endpoint of an Oxigraph server with triples in its default graph, and named graphs.

    If it is writable, ``/update`` and ``/store`` stand beside ``/query``.
    """
    command = found("oxigraph", str(Path(sys.executable).with_name("oxigraph")))
    store, data = str(folder / "oxigraph"), folder / "oxigraph.nq"
    quads = [*parse(turtle, format=RdfFormat.TURTLE)]
    for graph, text in graphs.items():
        quads += [in_graph(one, NamedNode(graph)) for one in parse(text, format=RdfFormat.TURTLE)]
    data.write_bytes(serialize(quads, format=RdfFormat.N_QUADS))
    load = [command, "load", "--location", store, "--file", str(data)]
    subprocess.run(load, check=True, capture_output=True)
    port = free_port()
    bind = ["--location", store, "--bind", f"127.0.0.1:{port}"]
    serve = "serve" if writable else "serve-read-only"
    with _running([command, serve, *bind], folder / "oxigraph.log", port):
        yield f"http://127.0.0.1:{port}/query"


_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.errors
TransactionFile = {folder}/virtuoso.trx
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 20

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{port}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1500
MaxCheckpointRemap = 500
DirsAllowed = {folder}
ServerThreads = 10
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 1
MaxMemPoolSize = 20000000
MaxQueryMem = 100M

[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {folder}
ServerThreads = 5
MaxClientConnections = 5

[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(
    folder: Path,
    turtle: str | bytes = b"",
    graphs: Mapping[str, str | bytes] = MappingProxyType({}),
    rows: int = 1000,
    *,
    writable: bool = False,
) -> Iterator[str]:
    """The endpoint of a Virtuoso server: triples in a graph, others too; answers end at ``rows``.

    Its default graph is the union of all. If it is writable, anybody may update at ``/sparql``, and
    the user dba, password dba, at ``/sparql-auth`` and ``/sparql-graph-crud-auth``.
    """
    command, isql = found("virtuoso-t"), found("isql-vt")
    place = folder / "virtuoso"
    place.mkdir()
    work = []
    for number, (graph, text) in enumerate({GRAPH: turtle, **graphs}.items()):
        triples = parse(text, format=RdfFormat.TURTLE)
        (place / f"{number}.nt").write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES))
        work.append(f"TTLP (file_to_string_output ('{place}/{number}.nt'), '', '{graph}');")
    if writable:
        work.append('GRANT SPARQL_UPDATE TO "SPARQL";')
        work.append("DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);")
    port, web = free_port(), free_port()
    ini = place / "virtuoso.ini"
    ini.write_text(_INI.format(folder=place, port=port, web=web, rows=rows), encoding="utf-8")
    with _running([command, "+foreground", "+configfile", str(ini)], place / "log", port, web):
        execute = [isql, f"127.0.0.1:{port}", "dba", "dba", f"EXEC={' '.join(work)}"]
        loaded = subprocess.run(execute, capture_output=True, text=True, check=True)
        assert "Error" not in loaded.stdout + loaded.stderr, loaded.stdout + loaded.stderr
        yield f"http://127.0.0.1:{web}/sparql"


# A parameter of a test for each server; Virtuoso takes seconds to start.
SERVERS = [oxigraph, pytest.param(virtuoso, marks=pytest.mark.slow)]


def found(command: str, beside: str = "") -> str:
    """Where a command is; without it the test is skipped, or fails in CI."""
    path = shutil.which(command) or (shutil.which(beside) if beside else None)
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{command} is not installed; .ci/run says what brings it.")
        pytest.skip(f"{command} is not installed.")
    return path


@contextmanager
def _running(command: list[str], log: Path, *ports: int) -> Iterator[None]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=log.parent)
    try:
        assert all(wait_until_open(port, 60) for port in ports), log.read_text(errors="replace")
        yield
    finally:
        process.kill()
        process.wait()
