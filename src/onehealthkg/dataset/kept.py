"""What a check of a project leaves for the next one, in a database of SQLite.

For each unit (``dataset.parts``) it has the state of its files, their quads, the things that they
describe and mention, the keys by which checks compare records, the unit's group, and its findings.
A unit without a part must be checked; a fact is *stirred* if the findings of the records that share
its key must be compared again.

The database belongs to one process at a time, and each change is a transaction, so a process that
is killed leaves the state before or after it. A note has its size and time after the last
transaction: a database that differs from its note counts as damaged and is made again, and so does
one that is a link, a device or another user's. If nothing can be kept, the database is in memory.
So only the speed depends on it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from onehealthkg.dataset.units import made_of, units_of
from onehealthkg.errors import OutputError
from onehealthkg.files import is_own, read_own, write_atomic
from onehealthkg.paths import Project, kept_folder, kept_note

_NAME = "checks.db"
_CHANGING = b"changing"  # the note during a transaction, which SQLite undoes if it is interrupted
_PATIENCE = 600_000  # milliseconds that another process may have the database
_CACHE = 64 << 10  # KiB of the database in memory, so that inserts in any order stay fast
_SCHEMA = """
CREATE TABLE value (name TEXT PRIMARY KEY, data BLOB);
CREATE TABLE unit (
    name TEXT PRIMARY KEY, state TEXT, is_named INTEGER, is_shared INTEGER DEFAULT 0,
    of_group TEXT, part INTEGER, findings TEXT
) WITHOUT ROWID;
CREATE INDEX unit_group ON unit (of_group);
CREATE INDEX unit_part ON unit (part);
CREATE INDEX unit_shared ON unit (name) WHERE is_shared;
CREATE INDEX unit_findings ON unit (name) WHERE findings IS NOT NULL;
CREATE TABLE content (unit TEXT PRIMARY KEY, files BLOB);
CREATE TABLE iri (iri TEXT, is_own INTEGER, unit TEXT, PRIMARY KEY (iri, is_own, unit))
    WITHOUT ROWID;
CREATE INDEX iri_unit ON iri (unit);
CREATE TABLE fact (
    about TEXT, key TEXT, kind TEXT, unit TEXT, PRIMARY KEY (about, key, kind, unit)
) WITHOUT ROWID;
CREATE INDEX fact_unit ON fact (unit);
CREATE TABLE stirred (about TEXT, key TEXT, unit TEXT, PRIMARY KEY (about, key, unit))
    WITHOUT ROWID;
CREATE TABLE across (unit TEXT, about TEXT, finding TEXT);
CREATE INDEX across_unit ON across (unit, about);
CREATE TABLE part (number INTEGER PRIMARY KEY, size INTEGER, findings TEXT);
CREATE TABLE leaf (iri TEXT PRIMARY KEY, files BLOB);
CREATE TABLE word (word TEXT, iri TEXT, PRIMARY KEY (word, iri)) WITHOUT ROWID;
"""
_TABLES = ("value", "unit", "content", "iri", "fact", "stirred", "across", "part", "leaf", "word")
_FORGETTING = tuple(f"DELETE FROM {table}" for table in _TABLES)  # noqa: S608 - ours
_FORGETTING_UNIT = (
    "DELETE FROM unit WHERE name = ?",
    "DELETE FROM content WHERE unit = ?",
    "DELETE FROM iri WHERE unit = ?",
    "DELETE FROM fact WHERE unit = ?",
    "DELETE FROM across WHERE unit = ?",
)
_SHARES = """
    UPDATE unit SET is_shared = 1 WHERE NOT is_shared AND name IN (
        SELECT other.unit FROM unit JOIN iri ON iri.unit = unit.name
        JOIN iri AS other ON other.iri = iri.iri AND other.is_own WHERE unit.is_shared)"""
_UNCHECKS = """
    UPDATE unit SET part = NULL, findings = NULL WHERE part IS NOT NULL AND NOT is_shared
    AND name IN (
        SELECT other.unit FROM unit JOIN iri ON iri.unit = unit.name AND iri.is_own
        JOIN iri AS other ON other.iri = iri.iri WHERE unit.part IS NULL AND NOT unit.is_shared
        UNION
        SELECT other.unit FROM unit JOIN iri ON iri.unit = unit.name
        JOIN iri AS other ON other.iri = iri.iri AND other.is_own
        WHERE unit.part IS NULL AND NOT unit.is_shared)"""
_BREAKS = """
    DELETE FROM part WHERE size != (SELECT COUNT(*) FROM unit WHERE part = number)
    RETURNING findings"""
_ORPHANS = """
    UPDATE unit SET part = NULL, findings = NULL
    WHERE part > 0 AND part NOT IN (SELECT number FROM part)"""
_TEMPORARY = """
CREATE TEMP TABLE near (about TEXT, of_group TEXT);
CREATE TEMP TABLE wanted (about TEXT, key TEXT);
"""
_WANTED_STIRRED = "INSERT INTO wanted SELECT DISTINCT about, key FROM stirred"
_WANTED_NEAR = """
    INSERT INTO wanted SELECT DISTINCT fact.about, fact.key FROM near
    JOIN unit ON unit.of_group = near.of_group
    JOIN fact ON fact.unit = unit.name AND fact.about = near.about"""
_WITH_WANTED = """
    SELECT DISTINCT about, of_group FROM (
        SELECT fact.about AS about, unit.of_group AS of_group, fact.kind AS kind,
            ROW_NUMBER() OVER (PARTITION BY fact.about, fact.key, fact.kind) AS place
        FROM wanted
        JOIN fact ON fact.about = wanted.about AND fact.key = wanted.key
        JOIN unit ON unit.name = fact.unit)
    WHERE kind = '' OR place <= ?"""

Fact = tuple[str, str, str]
"""A key by which a check compares records: the check, the key, and the kind or an empty text.

Of the records with the same key and kind, the check needs only a few.
"""


class Content(NamedTuple):
    """The content of a unit: its files, packed, and what they say.

    ``own`` are the things that it describes, ``others`` those that it mentions.
    """

    files: bytes
    own: frozenset[str]
    others: frozenset[str]
    is_named: bool
    facts: frozenset[Fact]


class Kept:
    """The database of a project."""

    def __init__(
        self,
        project: Project,
        waiting: Callable[[str], None] = lambda _: None,
        *,
        on_disk: bool = True,
    ) -> None:
        """Open it; ``waiting`` is called with a sentence if another process has it.

        It is in memory, and ends with this object, if not ``on_disk`` or if nothing can be kept.
        """
        self._folder = Path(kept_folder(project))
        self._path, self._journal = self._folder / _NAME, self._folder / f"{_NAME}-journal"
        self._note: Path | None = Path(kept_note(project))
        try:
            self._database = self._trusted(waiting) if on_disk else self._in_memory()
            if not self._rows("SELECT name FROM sqlite_master"):
                self._database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error):
            self._database = self._in_memory()
            self._database.executescript(_SCHEMA)
        self._database.executescript(_TEMPORARY)

    def _in_memory(self) -> sqlite3.Connection:
        self._note = None
        return sqlite3.connect(":memory:", isolation_level=None)

    def _trusted(self, waiting: Callable[[str], None]) -> sqlite3.Connection:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        if not (_is_ours(self._path) and _is_ours(self._journal)):
            self._remove()
        database = self._locked(waiting)
        if self._note and read_own(self._note) in (_state(self._path), _CHANGING):
            return database
        database.close()
        self._remove()
        return self._locked(waiting)

    def _locked(self, waiting: Callable[[str], None]) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=0.1, isolation_level=None)
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            waiting("Another process is checking this project; waiting for it.")
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = TRUNCATE")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(f"PRAGMA cache_size = -{_CACHE}")
        return database

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

    def clear(self) -> None:
        """Forget everything."""
        for query in _FORGETTING:
            self._database.execute(query)

    # Units

    def states(self) -> dict[str, str]:
        """The state of the files of each unit."""
        return dict(self._rows("SELECT name, state FROM unit WHERE name != ''"))

    def forget(self, names: Iterable[str]) -> None:
        """Forget units; those that have something in common with them must be checked."""
        for name in names:
            self._database.execute(
                "INSERT OR IGNORE INTO stirred SELECT about, key, unit FROM fact WHERE unit = ?",
                (name,),
            )
            self._database.execute(
                """UPDATE unit SET part = NULL, findings = NULL WHERE NOT is_shared AND name IN (
                    SELECT other.unit FROM iri JOIN iri AS other ON other.iri = iri.iri
                    AND (iri.is_own OR other.is_own) WHERE iri.unit = ?)""",
                (name,),
            )
            for query in _FORGETTING_UNIT:
                self._database.execute(query, (name,))

    def put(self, name: str, state: str, content: Content) -> None:
        """Keep the content of a unit, which then must be checked."""
        self.forget([name])
        self._run(
            "INSERT INTO unit (name, state, is_named) VALUES (?, ?, ?)",
            [(name, state, content.is_named)],
        )
        self._run("INSERT INTO content VALUES (?, ?)", [(name, content.files)])
        iris = [*((iri, 1) for iri in content.own), *((iri, 0) for iri in content.others)]
        self._run("INSERT INTO iri VALUES (?, ?, ?)", ((*iri, name) for iri in iris))
        self._run("INSERT INTO fact VALUES (?, ?, ?, ?)", ((*fact, name) for fact in content.facts))

    def put_curated(self, facts: Iterable[Fact]) -> None:
        """Keep the facts of the curated files, as those of a shared unit without a name."""
        self.put("", "", Content(b"", frozenset(), frozenset(), False, frozenset(facts)))
        self._database.execute("UPDATE unit SET is_shared = 1 WHERE name = ''")

    def files_of(self, names: Iterable[str]) -> list[bytes]:
        """The packed files of units."""
        query = "SELECT files FROM content WHERE unit = ?"
        return [files for name in names for (files,) in self._rows(query, name)]

    def describing(self, start: str) -> list[str]:
        """The units that describe a thing whose IRI has this start."""
        query = "SELECT DISTINCT unit FROM iri WHERE is_own AND iri >= ? AND iri < ?"
        return [unit for (unit,) in self._rows(query, start, start + "\U0010ffff")]

    # Which units must be checked, and with which others

    def share(self) -> dict[str, str]:
        """Find the units that are shared; their states are returned."""
        self._database.execute(
            "UPDATE unit SET is_shared = is_named WHERE is_shared != is_named AND name != ''"
        )
        while self._database.execute(_SHARES).rowcount:
            pass
        return dict(self._rows("SELECT name, state FROM unit WHERE is_shared AND name != ''"))

    def uncheck_all(self) -> None:
        """Forget all findings."""
        self._database.execute("DELETE FROM part")
        self._database.execute("DELETE FROM across")
        self._database.execute("UPDATE unit SET part = NULL, findings = NULL")

    def uncheck(self) -> list[Any]:
        """Find the units to check, and return the joint findings that are forgotten thereby.

        The units are the new ones, all that have something in common with them, directly or not,
        and those of parts that have lost a unit.
        """
        joint = []
        while True:
            changed = self._database.execute(_UNCHECKS).rowcount
            joint += [json.loads(findings) for (findings,) in self._rows(_BREAKS)]
            if not changed + self._database.execute(_ORPHANS).rowcount:
                break
        self._database.execute(
            """INSERT OR IGNORE INTO stirred SELECT about, key, unit FROM fact
            JOIN unit ON unit.name = fact.unit WHERE unit.part IS NULL"""
        )
        return joint

    def unchecked(self) -> dict[str, tuple[list[str], list[str]]]:
        """The units to check, with the things that each describes and mentions."""
        found: dict[str, tuple[list[str], list[str]]] = {
            name: ([], [])
            for (name,) in self._rows("SELECT name FROM unit WHERE part IS NULL AND NOT is_shared")
        }
        query = """SELECT iri, is_own, unit FROM iri JOIN unit ON unit.name = iri.unit
            WHERE part IS NULL AND NOT is_shared"""
        for iri, describes, unit in self._rows(query):
            found[unit][not describes].append(iri)
        return found

    def group(self, groups: Iterable[list[str]]) -> None:
        """Keep which units belong together; the shared ones are a group without a name."""
        self._run(
            "UPDATE unit SET of_group = ? WHERE name = ?",
            ((names[0], name) for names in groups for name in names),
        )
        self._database.execute("UPDATE unit SET of_group = '' WHERE is_shared")

    # Findings

    def checked(self, names: list[str], by_unit: Mapping[str, object], joint: object) -> None:
        """Keep the findings of units that were checked together.

        ``joint`` are those that cannot be attributed to a unit: if one of the units changes, all
        are checked again.
        """
        number = 0
        if joint:
            ((number,),) = self._rows("SELECT COALESCE(MAX(number), 0) + 1 FROM part")
            self._run("INSERT INTO part VALUES (?, ?, ?)", [(number, len(names), _json(joint))])
        self._run(
            "UPDATE unit SET part = ?, findings = ? WHERE name = ?",
            ((number, _json(by_unit[name]) if name in by_unit else None, name) for name in names),
        )

    def findings(self) -> list[Any]:
        """All findings that ``checked`` kept."""
        query = """SELECT findings FROM unit WHERE findings IS NOT NULL
            UNION ALL SELECT findings FROM part"""
        return [json.loads(findings) for (findings,) in self._rows(query)]

    def compared(self) -> list[Any]:
        """All findings that ``settle`` kept."""
        return [json.loads(finding) for (finding,) in self._rows("SELECT finding FROM across")]

    def stirred(self, few: int) -> tuple[set[tuple[str, str]], int]:
        """The checks and groups to compare again, and how many records changed.

        Of the records with the same key and kind, ``few`` and as many as have changed are enough.
        """
        ((changed,),) = self._rows("SELECT COUNT(DISTINCT unit) FROM stirred")
        return self._having(_WANTED_STIRRED, few + changed), changed

    def near(self, again: Iterable[tuple[str, str]], few: int) -> list[str]:
        """The units of groups that have a key of a check in common with these groups."""
        self._database.execute("DELETE FROM near")
        self._run("INSERT INTO near VALUES (?, ?)", again)
        groups = {group for _, group in self._having(_WANTED_NEAR, few)} - {""}
        query = "SELECT name FROM unit WHERE of_group = ?"
        return [name for group in sorted(groups) for (name,) in self._rows(query, group)]

    def _having(self, wanted: str, few: int) -> set[tuple[str, str]]:
        """The checks and the groups that have a key which a query puts into ``wanted``."""
        self._database.execute("DELETE FROM wanted")
        self._database.execute(wanted)
        return set(self._rows(_WITH_WANTED, few))

    def groups_of(self, names: Iterable[str]) -> dict[str, str]:
        """The group of each unit."""
        query = "SELECT of_group FROM unit WHERE name = ?"
        return {name: group for name in names for (group,) in self._rows(query, name)}

    def settle(
        self, again: Iterable[tuple[str, str]], found: Iterable[tuple[str, str, object]]
    ) -> None:
        """Keep what was found by comparison: unit, check and finding, instead of what was found."""
        self._run(
            "DELETE FROM across WHERE about = ? AND unit IN "
            "(SELECT name FROM unit WHERE of_group = ?)",
            again,
        )
        self._run(
            "INSERT INTO across VALUES (?, ?, ?)",
            ((unit, about, _json(finding)) for unit, about, finding in found),
        )
        self._database.execute("DELETE FROM stirred")

    # Bodies and people that no shared file mentions

    def set_leaves(self, leaves: Mapping[str, object]) -> None:
        """Keep the statements about each."""
        self._database.execute("DELETE FROM leaf")
        self._run(
            "INSERT INTO leaf VALUES (?, ?)",
            ((iri, packed(files)) for iri, files in leaves.items()),
        )

    def leaves_of(self, names: Iterable[str]) -> list[bytes]:
        """The packed statements about those that units mention."""
        found: dict[str, bytes] = {}
        query = "SELECT iri, files FROM iri JOIN leaf USING (iri) WHERE unit = ?"
        for name in names:
            found.update(self._rows(query, name))
        return [files for _, files in sorted(found.items())]

    def all_leaves(self) -> list[bytes]:
        """The packed statements about all of them."""
        return [files for (files,) in self._rows("SELECT files FROM leaf ORDER BY iri")]

    def set_words(self, words: Iterable[tuple[str, str]]) -> None:
        """Keep a word of each name of them, with its IRI."""
        self._database.execute("DELETE FROM word")
        self._run("INSERT OR IGNORE INTO word VALUES (?, ?)", words)

    def worded(self, words: Iterable[str]) -> set[str]:
        """The IRIs kept with one of the words."""
        query = "SELECT iri FROM word WHERE word IN (SELECT value FROM json_each(?))"
        return {iri for (iri,) in self._rows(query, _json([*words]))}


def kept_files(project: Project) -> list[tuple[str, str]]:
    """The files of unchanged units with their N-Quads, if a check has kept them, else nothing.

    The names of the files are relative to the project.
    """
    path, note = Path(kept_folder(project), _NAME), kept_note(project)
    try:
        if not path.exists() or not _is_ours(path) or read_own(note) != _state(path):
            return []
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as database:
            rows = database.execute("SELECT data FROM value WHERE name = 'made'").fetchall()
            if not rows or unpacked(rows[0][0]) != made_of(project):
                return []
            states = {name: unit.state for name, unit in units_of(project).items()}
            query = "SELECT name, state, files FROM unit JOIN content ON unit = name"
            return [
                (file, lines)
                for name, state, files in database.execute(query)
                if states.get(name) == state
                for file, lines in unpacked(files)
            ]
    except (OSError, sqlite3.Error, zlib.error, ValueError):
        return []


def packed(value: object) -> bytes:
    """A value of JSON in few bytes."""
    return zlib.compress(_json(value).encode("utf-8", "surrogatepass"), 1)


def unpacked(data: bytes) -> Any:
    """The value that was packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def _state(path: Path) -> bytes:
    found = os.stat(path)
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}".encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _is_ours(path: Path) -> bool:
    """Whether a file is missing, or a regular file of this user."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and is_own(found)
