"""The graph of a project, cached on disk between commands.

Reading the sources and deriving the inferences takes several times as long as loading the result,
so the first command after a change writes all quads to a file, and the next ones load that. The
first line of the file is a comment with the project's fingerprint: names, sizes and times of change
of every file that the graph is made from, the version of this package's format, and the digest of
the lines that follow. A cache file is replaced if its fingerprint differs, if it is damaged, if
another user owns it, or if it is a link, a pipe or a device. If nothing can be written, the graph
is made each time. ``build``, ``check`` and ``export`` read the sources themselves.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from onehealthkg.errors import OutputError
from onehealthkg.files import read_own, write_atomic
from onehealthkg.paths import Project, cache_file

FORMAT = 3


def load_store(project: Project) -> Store:
    """A store with all quads of a project in their named graphs; its default graph is empty.

    Raises InputError if the sources must be read and cannot be.
    """
    store = Store()
    store.bulk_load(_nquads(project), format=RdfFormat.N_QUADS, lenient=True)
    return store


def load_quads(project: Project) -> list[Quad]:
    """All quads of a project in their named graphs, literals as they are written.

    Raises InputError if the sources must be read and cannot be.
    """
    return list(parse(_nquads(project), format=RdfFormat.N_QUADS, lenient=True))


def forget(project: Project) -> None:
    """Delete the cached graph, so that the files of the project are read again."""
    with suppress(OSError):
        os.unlink(cache_file(project))


def _nquads(project: Project) -> bytes:
    """The quads of a project as N-Quads, from the cache if it is still valid."""
    fingerprint = project.fingerprint()
    path = cache_file(project)
    first_line, quads = _read(path)
    if first_line == _first_line(project, fingerprint, quads):
        return quads
    return _make(project, path, fingerprint)


def _first_line(project: Project, fingerprint: str, quads: bytes) -> bytes:
    made_of = (FORMAT, project.root, fingerprint, blake2b(quads).hexdigest())
    return ("# " + ascii(made_of) + "\n").encode()


def _read(path: str) -> tuple[bytes, bytes]:
    """The first line of the file and the rest; both empty if there is no valid cache."""
    first, end, quads = read_own(path).partition(b"\n")
    return first + end, quads


def _make(project: Project, path: str, fingerprint: str) -> bytes:
    # Reading the sources compiles patterns for longer than a question takes from the cache.
    from onehealthkg.dataset.dataset import read_dataset
    from onehealthkg.rdf.read_write import nquads

    quads = nquads(read_dataset(project).quads)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        if os.path.islink(path) or not os.path.isfile(path):
            forget(project)  # a link must not be written through
        write_atomic(Path(path), _first_line(project, fingerprint, quads) + quads)
    except (OSError, OutputError):
        pass  # the next command makes the graph again
    return quads
