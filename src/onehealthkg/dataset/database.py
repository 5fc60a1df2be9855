"""A database of SQLite in the cache folder that is never wrong, only missing.

It belongs to one process at a time, and each change is a transaction, so a process that is killed
leaves the state before or after it. SQLite has no checksums: a note has the size and the time of
change of the database after the last transaction. A database that differs from its note counts as
damaged and is made again, and so does one that is a link, a device or another user's. If nothing
can be kept, the database is in memory. So only the speed depends on it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from onehealthkg.errors import OutputError
from onehealthkg.files import is_own, read_own, write_atomic
from onehealthkg.paths import Project, kept_folder, kept_note

_NAME = "parts.db"
_CHANGING = b"changing"  # the note during a transaction, which SQLite undoes if it is interrupted
_PATIENCE = 600_000  # milliseconds that another process may have the database
_CACHE = 64 << 10  # KiB of the database in memory, so that inserts in any order stay fast


class Database:
    """A database of a project; one with the tables of another version is made again."""

    schema: str
    """The statements that create its tables."""

    def __init__(
        self,
        project: Project,
        remark: Callable[[str], object] = lambda _: None,
        *,
        on_disk: bool = True,
    ) -> None:
        """Open it; ``remark`` gets a sentence if another process has it, or if nothing can be kept.

        Then, or if not ``on_disk``, it is in memory, and ends with this object.
        """
        self._folder = Path(kept_folder(project))
        self._path, self._journal = self._folder / _NAME, self._folder / f"{_NAME}-journal"
        self._note: Path | None = Path(kept_note(project))
        self._version = crc32(self.schema.encode()) >> 1  # SQLite has 31 bits for it
        try:
            self._database = self._trusted(remark) if on_disk else self._in_memory()
            self._fill()
        except (OSError, sqlite3.Error) as error:
            remark(not_kept(self._folder, error))
            self._database = self._in_memory()
            self._fill()

    def _fill(self) -> None:
        if self._is_empty(self._database):
            self._database.executescript(f"{self.schema}PRAGMA user_version = {self._version};")

    def _in_memory(self) -> sqlite3.Connection:
        self._note = None
        return sqlite3.connect(":memory:", isolation_level=None)

    def _trusted(self, remark: Callable[[str], object]) -> sqlite3.Connection:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        if not (_is_ours(self._path) and _is_ours(self._journal)):
            self._remove()
        try:
            database = self._locked(remark)
            if self._is_whole(database):
                return database
            database.close()
        except sqlite3.OperationalError:  # another process has it for too long
            raise
        except sqlite3.DatabaseError:  # this is not a database
            pass
        self._remove()
        return self._locked(remark)

    def _is_whole(self, database: sqlite3.Connection) -> bool:
        """Whether it is empty, or as it was left, with the tables of this version."""
        if self._is_empty(database):
            return True
        is_as_left = self._note and read_own(self._note) in (_state(self._path), _CHANGING)
        ((version,),) = database.execute("PRAGMA user_version")
        return bool(is_as_left and version == self._version)

    def _is_empty(self, database: sqlite3.Connection) -> bool:
        return not database.execute("SELECT name FROM sqlite_master").fetchall()

    def _locked(self, remark: Callable[[str], object]) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=0.1, isolation_level=None)
        try:
            self._lock(database, remark)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _lock(self, database: sqlite3.Connection, remark: Callable[[str], object]) -> None:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            remark("Another process is reading this project; waiting for it.")
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = TRUNCATE")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(f"PRAGMA cache_size = -{_CACHE}")

    def _remove(self) -> None:
        for path in (self._path, self._journal, self._note):
            if path:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the database, so that another process can have it."""
        self._database.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction."""
        self._write_note(_CHANGING)
        self._database.execute("BEGIN")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:  # SQLite itself undoes it if the disk is full
                self._database.execute("ROLLBACK")
            raise
        if self._note:
            self._write_note(_state(self._path))

    def _write_note(self, text: bytes) -> None:
        with suppress(OSError, OutputError):
            if self._note:
                write_atomic(self._note, text)

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._database.execute(query, values).fetchall()

    def _run(self, query: str, values: Iterable[tuple[object, ...]]) -> None:
        self._database.executemany(query, values)

    def value(self, name: str) -> Any:
        """A value by its name, or None."""
        rows = self._rows("SELECT data FROM value WHERE name = ?", name)
        return unpacked(rows[0][0]) if rows else None

    def set_value(self, name: str, value: object) -> None:
        """Keep a value of JSON under a name."""
        self._run("INSERT OR REPLACE INTO value VALUES (?, ?)", [(name, packed(value))])


def not_kept(place: Path, error: Exception) -> str:
    """The sentence that nothing can be kept in a place, as an error says."""
    why = getattr(error, "strerror", None) or str(error)
    return f"{place}: cannot be written ({why}), so the next command reads the project again."


@contextmanager
def read_only(project: Project) -> Iterator[sqlite3.Connection | None]:
    """The database for reading; None if it is missing, damaged or being changed."""
    path, note = Path(kept_folder(project), _NAME), kept_note(project)
    if not path.exists() or not _is_ours(path) or read_own(note) != _state(path):
        yield None
        return
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as database:
        yield database


def packed(value: object) -> bytes:
    """A value of JSON in few bytes."""
    return zlib.compress(as_json(value).encode("utf-8", "surrogatepass"), 1)


def unpacked(data: bytes) -> Any:
    """The value that was packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def _state(path: Path) -> bytes:
    found = os.stat(path)
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}".encode()


def as_json(value: object) -> str:
    """A value of JSON as ASCII text."""
    return json.dumps(value, ensure_ascii=True)


def _is_ours(path: Path) -> bool:
    """Whether a file is missing, or a regular file of this user."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and is_own(found)
