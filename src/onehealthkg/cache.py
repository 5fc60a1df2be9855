"""The graph of a project, kept on disk between commands.

Reading the sources and deriving the inferences takes several times as long as loading the result,
so the first command after a change writes all quads to a file, and the next ones load that. The
first line of the file is a comment with the project's fingerprint: names, sizes and times of change
of every file that the graph is made from, and the version of this package's format. A file with
another fingerprint is made anew. Where nothing can be written, the graph is made each time.
"""

from __future__ import annotations

import os

from pyoxigraph import RdfFormat, Store

from onehealthkg.paths import Project, cache_file

FORMAT = 1


def load_store(project: Project) -> Store:
    """A store with all quads of a project in their named graphs; its default graph is empty.

    Raises InputError where the sources must be read and cannot be.
    """
    first_line = f"# {ascii((FORMAT, project.root, project.fingerprint()))}\n".encode()
    path = cache_file(project)
    store = Store()
    try:
        with open(path, "rb") as file:
            if file.readline() == first_line:
                store.bulk_load(file, format=RdfFormat.N_QUADS, lenient=True)
                return store
    except (OSError, SyntaxError):
        pass  # there is none, or it was cut off: it is made anew
    return _make(project, path, first_line)


def _make(project: Project, path: str, first_line: bytes) -> Store:
    from pathlib import Path

    from onehealthkg.dataset import read_dataset
    from onehealthkg.errors import OutputError
    from onehealthkg.files import write_atomic
    from onehealthkg.formats import nquads

    dataset = read_dataset(project)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        write_atomic(Path(path), first_line + nquads(dataset.quads))
    except (OSError, OutputError):
        pass  # the next command makes the graph again
    store = Store()
    store.extend(dataset.quads)
    return store
