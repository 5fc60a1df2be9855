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
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

from onehealthkg.files import is_own
from onehealthkg.terms import in_graph

_LOCK = "in-use"
_CHANGING = ("LOCK", "LOG")
"""The files that the engine may write when it opens a store."""

_locks: list[int] = []


def write_store(folder: Path, quads: Iterable[Quad]) -> None:
    """Write quads, each once, and their merge, into a store in a new folder; OSError if it fails.

    The folder is locked until this process ends.
    """
    folder.mkdir(mode=0o700)
    _lock(folder, exclusive=False)
    store = Store(str(folder / "data"))
    store.bulk_extend(chain.from_iterable((quad, in_graph(quad, DefaultGraph())) for quad in quads))
    store.flush()
    del store  # closes it


def open_store(folder: Path, listed: str) -> Store | None:
    """The store in a folder, if its files are as ``listed`` and belong to this user, else None.

    The store can only be read.
    """
    try:
        _lock(folder, exclusive=False)
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


def sweep(folders: Iterable[Path]) -> None:
    """Remove the stores that no process reads or writes."""
    for folder in folders:
        with suppress(OSError):
            lock = _lock(folder, exclusive=True)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path, *, exclusive: bool) -> int:
    """Lock a store; the lock of a reader lasts until its process and its children end.

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
    if not exclusive:
        _locks.append(lock)
    return lock
