"""A lock on a folder, for files that several people and programs may change at the same time.

The lock is the system's (https://man7.org/linux/man-pages/man2/flock.2.html), and ends with the
process that holds it. Without locks, as on Windows, the only protection is that a file is read
before each writing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onehealthkg.errors import OutputError

_PATIENCE = 10.0  # seconds to wait for another program to release the lock


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock the folder of a file, or the nearest one above it that exists.

    Raises OutputError if another program has locked it for ten seconds.
    """
    if os.name == "nt":
        yield
        return
    folder = next(parent for parent in Path(os.path.realpath(path)).parents if parent.is_dir())
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not _is_locked(descriptor):
        if time.monotonic() > end:
            raise OutputError(
                f"{folder}: another program has locked this folder for {_PATIENCE:.0f} seconds; "
                "end it, then try again."
            )
        time.sleep(0.02)


def _is_locked(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass  # a file system without locks: only the reading before the writing protects
    return True
