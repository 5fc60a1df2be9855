"""A large graph in pyoxigraph's store on disk: written once, then opened read-only by many.

A store is a folder that never changes. Its files are listed with their sizes and modification times
(``listing``), and a store whose files differ from its list is not opened, so a damaged store is
written again. Each reader holds a shared lock on its store until its process ends, and ``sweep``
removes the stores without a reader or writer. A process that is killed while it writes leaves a
folder without a list, which the next ``sweep`` removes.

The default graph of a store is the RDF merge of its named graphs, as in ``terms.merge``.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

from onehealthkg.files import is_own
from onehealthkg.terms import in_graph

_LOCK = "in-use"
_CHANGING = ("LOCK", "LOG")
"""The files that the engine may write when it opens a store."""

_locks: list[int] = []
"""Those that last until the process ends."""


def write_store(folder: Path, parts: Iterable[Iterable[Quad]]) -> None:
    """Write quads, some at a time, and their merge, into a store in a new folder.

    The folder is locked until this process ends. Raises OSError if it cannot be written.
    """
    with _new(folder):
        store = Store(str(folder / "data"))
        for quads in parts:
            store.bulk_extend(_with_merged(quads))
        store.flush()
        del store  # closes it


def revise_store(old: Path, folder: Path, gone: Iterable[Quad], new: Iterable[Quad]) -> None:
    """Write a store like an old one, without some of its quads and with others, into a new folder.

    A fact leaves the merged default graph if no named graph has it any more. The engine's backup
    links the files of the old store, which do not change, so only the difference is written.
    As ``write_store``.
    """
    with _new(folder):
        Store.read_only(str(old / "data")).backup(str(folder / "data"))
        store = Store(str(folder / "data"))
        removed = set(gone)
        for quad in removed:
            store.remove(quad)
        store.extend(_with_merged(new))
        for merged in {in_graph(quad, DefaultGraph()) for quad in removed}:
            copies = store.quads_for_pattern(merged.subject, merged.predicate, merged.object, None)
            if all(copy.graph_name == DefaultGraph() for copy in copies):
                store.remove(merged)
        store.flush()
        del store  # closes it


@contextmanager
def _new(folder: Path) -> Iterator[None]:
    """A new folder for a store, locked until this process ends; removed if it cannot be written."""
    folder.mkdir(mode=0o700)
    _locks.append(_lock(folder, exclusive=False))
    try:
        yield
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _with_merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    return chain.from_iterable((quad, in_graph(quad, DefaultGraph())) for quad in quads)


@contextmanager
def held(folder: Path, listed: str) -> Iterator[bool]:
    """Keep a store from being removed; whether there is one whose files are as ``listed``."""
    try:
        lock = _lock(folder, exclusive=False)
    except OSError:
        yield False
        return
    try:
        yield _is_as_listed(folder, listed)
    finally:
        os.close(lock)


def _is_as_listed(folder: Path, listed: str) -> bool:
    try:
        return listing(folder) == listed
    except OSError:
        return False


def open_store(folder: Path, listed: str) -> Store | None:
    """The store in a folder, if its files are as ``listed`` and belong to this user, else None.

    The store can only be read.
    """
    try:
        _locks.append(_lock(folder, exclusive=False))
        return Store.read_only(str(folder / "data")) if listing(folder) == listed else None
    except OSError:
        return None


def listing(folder: Path) -> str:
    """Names, sizes and modification times of a store's files; OSError if one is another user's."""
    lines = []
    for entry in sorted((folder / "data").iterdir()):
        found = entry.lstat()
        if not (stat.S_ISREG(found.st_mode) and is_own(found)):
            raise PermissionError(f"{entry}: not a file of this user")
        if not entry.name.startswith(_CHANGING):
            lines.append(f"{entry.name} {found.st_size} {found.st_mtime_ns}\n")
    return "".join(lines)


def new_folder(path: Path) -> Path:
    """A folder, which does not exist, for a store that a cache file will name."""
    return path.with_name(f"{path.stem}-{os.urandom(8).hex()}")


def sweep(path: Path, kept: str = "") -> None:
    """Remove the stores for a cache file that no process reads or writes, except the ``kept``."""
    for folder in path.parent.glob(f"{path.stem}-*"):
        if folder.name == kept:
            continue
        with suppress(OSError):
            lock = _lock(folder, exclusive=True)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path, *, exclusive: bool) -> int:
    """Lock a store until what is returned is closed, or this process and its children end.

    Raises OSError if another process has a lock that excludes this one. Windows does not remove
    files that are open, so nothing is locked there.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    lock = os.open(folder / _LOCK, flags, 0o600)
    if os.name == "posix":
        from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock

        try:
            flock(lock, (LOCK_EX if exclusive else LOCK_SH) | LOCK_NB)
        except OSError:
            os.close(lock)
            raise
    return lock
