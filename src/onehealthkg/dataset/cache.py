"""The graph of a project, cached on disk between commands.

Reading the sources and deriving the inferences takes several times as long as loading the result,
so the first command after a change writes all quads to a file, and the next ones load that. The
first line of the file is a comment with the project's fingerprint: names, sizes and times of change
of every file that the graph is made from, the version of this package's format, and the digest of
the lines that follow. A cache file is replaced if its fingerprint differs, if it is damaged, if
another user owns it, or if it is a link, a pipe or a device. If nothing can be written, the graph
is made each time. ``build``, ``check`` and ``export`` read the sources themselves.

A graph of more than ``MOST_IN_MEMORY`` quads would take longer to load than a question to answer,
so it is in a store on disk (``store_on_disk``), and the lines of the file name its folder and list
its files. The file is written last: until then the old store is the one that is read. The store of
a large project is made in parts (``divided``, ``store_of_parts``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, Store, parse

from onehealthkg import limits
from onehealthkg.dataset.units import Unit, is_large, remark_on_rules, units_of
from onehealthkg.errors import OutputError
from onehealthkg.files import read_own, write_atomic
from onehealthkg.paths import Project, cache_file, kept_note
from onehealthkg.terms import is_merged

if TYPE_CHECKING:
    from onehealthkg.dataset.jobs import Progress

FORMAT = 4
MOST_IN_MEMORY = 50_000
_STORE = b"# store "


def load_store(project: Project, progress: Progress | None = None) -> Store:
    """A store with all quads of a project in their named graphs.

    Its default graph is empty, or, on disk, their merge; it can then only be read. ``progress`` is
    called while a large project is read. Raises InputError if the sources must be read and cannot
    be.
    """
    fingerprint = project.fingerprint()
    path = Path(cache_file(project))
    lines = _valid_lines(project, path, fingerprint)
    if lines:
        store = _on_disk(path, lines) if lines.startswith(_STORE) else _in_memory(lines)
        if store is not None:
            return store
    return _make(project, path, fingerprint, progress)


def load_graph(project: Project) -> Store | list[Quad]:
    """The store of a large graph on disk, its default graph the merge of the others; else quads.

    These are all quads in their named graphs, literals as they are written. Raises InputError if
    the sources must be read and cannot be.
    """
    fingerprint, path = project.fingerprint(), Path(cache_file(project))
    lines = _valid_lines(project, path, fingerprint)
    if lines and not lines.startswith(_STORE):
        return list(parse(lines, format=RdfFormat.N_QUADS, lenient=True))
    if lines or is_large(project, units_of(project)):
        store = _on_disk(path, lines) if lines else None
        if store is None:
            store = _make(project, path, fingerprint, None)
        if is_merged(store):
            return store
    from onehealthkg.dataset.divided import all_quads

    return all_quads(project)


def _in_memory(quads: bytes) -> Store:
    store = Store()
    store.bulk_load(quads, format=RdfFormat.N_QUADS, lenient=True)
    return store


def _on_disk(path: Path, lines: bytes) -> Store | None:
    from onehealthkg.dataset.store_on_disk import open_store

    named, _, listed = lines.removeprefix(_STORE).decode().partition("\n")
    return open_store(path.with_name(named), listed)


def forget(project: Project) -> None:
    """Delete the cached graph, so that the files of the project are read again."""
    for path in (cache_file(project), kept_note(project)):
        with suppress(OSError):
            os.unlink(path)


def _first_line(project: Project, fingerprint: str, lines: bytes) -> bytes:
    made_of = (FORMAT, project.root, fingerprint, blake2b(lines).hexdigest())
    return ("# " + ascii(made_of) + "\n").encode()


def _valid_lines(project: Project, path: Path, fingerprint: str) -> bytes:
    """The lines of the file after the first; empty if there is no valid cache."""
    first, end, lines = read_own(path).partition(b"\n")
    return lines if first + end == _first_line(project, fingerprint, lines) else b""


def _make(project: Project, path: Path, fingerprint: str, progress: Progress | None) -> Store:
    units = units_of(project)
    if is_large(project, units):
        return _make_in_parts(project, units, path, fingerprint, progress)
    remark = remark_on_rules(project, units)
    if progress and remark:
        progress(remark, 0, 0)
    # Reading the sources compiles patterns for longer than a question takes from the cache.
    from onehealthkg.dataset.dataset import read_dataset

    quads = list(dict.fromkeys(read_dataset(project).quads))
    store = _cached(project, path, fingerprint, lambda: _written(path, quads))
    if store is None:
        store = Store()
        store.extend(quads)
    return store


def _make_in_parts(
    project: Project,
    units: Mapping[str, Unit],
    path: Path,
    fingerprint: str,
    progress: Progress | None,
) -> Store:
    from onehealthkg.dataset.divided import Divided, with_graph
    from onehealthkg.dataset.jobs import silent
    from onehealthkg.dataset.store_of_parts import store_of_parts

    shown = progress or silent

    def make(divided: Divided) -> Store:
        lines = _valid_lines(project, path, fingerprint)  # another process may have made it
        store = _on_disk(path, lines) if lines.startswith(_STORE) else None
        if store is None:
            written = partial(store_of_parts, divided, path)
            store = _cached(
                *(project, path, fingerprint, lambda: _named(*written())),
                remark=lambda sentence: shown(sentence, 0, 0),
            )
        if store is None:
            store = Store()
            for text in divided.graph():
                store.bulk_load(text, format=RdfFormat.N_QUADS, lenient=True)
        return store

    return with_graph(project, units, make, progress=shown)


def _cached(
    project: Project,
    path: Path,
    fingerprint: str,
    written: Callable[[], bytes],
    remark: Callable[[str], object] = lambda _: None,
) -> Store | None:
    """The store on disk, if the lines that are ``written`` to the cache file name one.

    None too if nothing can be written: the next command makes the graph again, as a remark says.
    """
    try:
        os.makedirs(path.parent, mode=0o700, exist_ok=True)
        if os.path.islink(path) or not os.path.isfile(path):
            with suppress(OSError):
                os.unlink(path)  # a link must not be written through
        lines = written()
        write_atomic(path, _first_line(project, fingerprint, lines) + lines)
        return _on_disk(path, lines) if lines.startswith(_STORE) else None
    except (OSError, OutputError) as error:
        from onehealthkg.dataset.database import not_kept

        remark(not_kept(path.parent, error))
        return None


def _written(path: Path, quads: list[Quad]) -> bytes:
    """The lines of the cache file, after the store that they name has been written."""
    if len(quads) <= MOST_IN_MEMORY:
        from onehealthkg.rdf.read_write import nquads

        return nquads(quads)
    from onehealthkg.dataset.store_on_disk import listing, new_folder, sweep, write_store

    limits.renew()
    sweep(path)
    folder = new_folder(path)
    write_store(folder, [quads])
    return _named(folder.name, listing(folder))


def _named(name: str, listed: str) -> bytes:
    return _STORE + f"{name}\n{listed}".encode()
