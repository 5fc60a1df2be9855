"""What is known about the units of a large project (``dataset.parts``), between commands.

For each unit there are the state of its files, their quads, the things that they describe and
mention, the keys by which checks compare records, the group, and the inferences. A unit without a
group must be grouped, one without inferences must be inferred from. ``checks`` adds its findings.

The database also knows how the store on disk differs from it: a unit that is not *stored* has
quads that the store may lack, and what is *gone* was in a unit when the store was written.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from onehealthkg.dataset.database import Database, as_json, packed, read_only, unpacked
from onehealthkg.dataset.units import made_of, units_of
from onehealthkg.paths import Project

_SCHEMA = """
CREATE TABLE value (name TEXT PRIMARY KEY, data BLOB);
CREATE TABLE unit (
    name TEXT PRIMARY KEY, state TEXT, is_named INTEGER, is_shared INTEGER DEFAULT 0,
    of_group TEXT, is_inferred INTEGER DEFAULT 0, is_stored INTEGER DEFAULT 0,
    part INTEGER, findings TEXT
) WITHOUT ROWID;
CREATE INDEX unit_group ON unit (of_group);
CREATE INDEX unit_part ON unit (part);
CREATE INDEX unit_shared ON unit (name) WHERE is_shared;
CREATE INDEX unit_findings ON unit (name) WHERE findings IS NOT NULL;
CREATE INDEX unit_inferred ON unit (name) WHERE NOT is_inferred;
CREATE INDEX unit_stored ON unit (name) WHERE NOT is_stored;
CREATE TABLE content (unit TEXT PRIMARY KEY, files BLOB);
CREATE TABLE inferred (unit TEXT PRIMARY KEY, lines BLOB);
CREATE TABLE gone (lines BLOB);
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
_TABLES = (
    *("value", "unit", "content", "inferred", "gone", "iri", "fact", "stirred", "across"),
    *("part", "leaf", "word"),
)
_FORGETTING = tuple(f"DELETE FROM {table}" for table in _TABLES)  # noqa: S608 - ours
_FORGETTING_UNIT = (
    "DELETE FROM unit WHERE name = ?",
    "DELETE FROM content WHERE unit = ?",
    "DELETE FROM inferred WHERE unit = ?",
    "DELETE FROM iri WHERE unit = ?",
    "DELETE FROM fact WHERE unit = ?",
    "DELETE FROM across WHERE unit = ?",
)
_LEAVES_CONTENT = """
    INSERT INTO gone SELECT files FROM content JOIN unit ON name = unit
    WHERE is_stored AND name = ?"""
_LEAVES_INFERRED = """
    INSERT INTO gone SELECT lines FROM inferred JOIN unit ON name = unit
    WHERE is_stored AND name = ?"""
_LEAVES_ALL_INFERRED = """
    INSERT INTO gone SELECT lines FROM inferred JOIN unit ON name = unit
    WHERE is_stored AND of_group IS NULL"""
_FORGETTING_INFERRED = """
    DELETE FROM inferred WHERE unit IN (SELECT name FROM unit WHERE of_group IS NULL)"""
_RESETS = """
    UPDATE unit SET is_inferred = 0, is_stored = 0, part = NULL, findings = NULL
    WHERE of_group IS NULL"""
_SHARES = """
    UPDATE unit SET is_shared = 1 WHERE NOT is_shared AND name IN (
        SELECT other.unit FROM unit CROSS JOIN iri ON iri.unit = unit.name
        CROSS JOIN iri AS other ON other.iri = iri.iri AND other.is_own = 1 WHERE unit.is_shared)"""
"""CROSS JOIN has SQLite begin with the few units that are shared.

``is_own = 1`` is a part of the key: all units may mention a thing, such as a language.
"""
_UNGROUPS_NEAR = """
    UPDATE unit SET of_group = NULL WHERE NOT is_shared AND name IN (
        SELECT other.unit FROM iri JOIN iri AS other ON other.iri = iri.iri
        WHERE iri.unit = ? AND iri.is_own = 1
        UNION
        SELECT other.unit FROM iri JOIN iri AS other ON other.iri = iri.iri AND other.is_own = 1
        WHERE iri.unit = ?)"""
_UNGROUPS = """
    UPDATE unit SET of_group = NULL WHERE of_group IS NOT NULL AND NOT is_shared
    AND name IN (
        SELECT other.unit FROM unit JOIN iri ON iri.unit = unit.name AND iri.is_own = 1
        JOIN iri AS other ON other.iri = iri.iri
        WHERE unit.of_group IS NULL AND NOT unit.is_shared
        UNION
        SELECT other.unit FROM unit JOIN iri ON iri.unit = unit.name
        JOIN iri AS other ON other.iri = iri.iri AND other.is_own = 1
        WHERE unit.of_group IS NULL AND NOT unit.is_shared)"""

_GRAPH = """
    SELECT files, lines FROM unit LEFT JOIN content ON content.unit = name
    LEFT JOIN inferred ON inferred.unit = name"""

Fact = tuple[str, str, str]
"""A key by which a check compares records: the check, the key, and the kind or an empty text.

Of the records with the same key and kind, the check needs only a few.
"""

CURATED = ""
"""The name of the unit that stands for the ontology, the curated files and the links."""


class Content(NamedTuple):
    """The content of a unit: its files, packed, and what they say.

    ``own`` are the things that it describes, ``others`` those that it mentions.
    """

    files: bytes
    own: frozenset[str]
    others: frozenset[str]
    is_named: bool
    facts: frozenset[Fact]


class Kept(Database):
    """The database of a project."""

    schema = _SCHEMA

    def clear(self) -> None:
        """Forget everything."""
        for query in _FORGETTING:
            self._database.execute(query)

    # Units

    def states(self) -> dict[str, str]:
        """The state of the files of each unit."""
        return dict(self._rows("SELECT name, state FROM unit WHERE name != ''"))

    def forget(self, names: Iterable[str]) -> None:
        """Forget units; those that have something in common with them must be grouped again."""
        for name in names:
            self._database.execute(
                "INSERT OR IGNORE INTO stirred SELECT about, key, unit FROM fact WHERE unit = ?",
                (name,),
            )
            self._database.execute(_UNGROUPS_NEAR, (name, name))
            for query in (_LEAVES_CONTENT, _LEAVES_INFERRED, *_FORGETTING_UNIT):
                self._database.execute(query, (name,))

    def put(self, name: str, state: str, content: Content) -> None:
        """Keep the content of a unit, which then must be grouped."""
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
        """Keep the facts of the curated files, as those of a shared unit."""
        nothing: frozenset[str] = frozenset()
        self.put(CURATED, "", Content(packed([]), nothing, nothing, False, frozenset(facts)))
        self._run("UPDATE unit SET is_shared = 1 WHERE name = ?", [(CURATED,)])

    def files_of(self, names: Iterable[str]) -> list[bytes]:
        """The packed files of units."""
        query = "SELECT files FROM content WHERE unit = ?"
        return [files for name in names for (files,) in self._rows(query, name)]

    def size_of(self, names: Iterable[str]) -> int:
        """The size of the packed files of units, in bytes."""
        query = "SELECT LENGTH(files) FROM content WHERE unit = ?"
        return sum(size for name in names for (size,) in self._rows(query, name))

    def describing(self, start: str) -> list[str]:
        """The units that describe a thing whose IRI has this start."""
        query = "SELECT DISTINCT unit FROM iri WHERE is_own AND iri >= ? AND iri < ?"
        return [unit for (unit,) in self._rows(query, start, start + "\U0010ffff")]

    # Which units belong together

    def share(self) -> dict[str, str]:
        """Find the units that are shared; their states are returned."""
        self._database.execute(
            "UPDATE unit SET is_shared = is_named WHERE is_shared != is_named AND name != ''"
        )
        while self._database.execute(_SHARES).rowcount:
            pass
        return dict(self._rows("SELECT name, state FROM unit WHERE is_shared AND name != ''"))

    def shared(self) -> list[str]:
        """The units that ``share`` has found."""
        rows = self._rows("SELECT name FROM unit WHERE is_shared AND name != ''")
        return [name for (name,) in rows]

    def reset(self) -> None:
        """Forget all groups, inferences and findings, and which store there is."""
        for table in ("part", "across", "inferred", "gone"):
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
        self._database.execute("UPDATE unit SET of_group = NULL")
        self._database.execute(_RESETS)
        self.set_value("store", None)

    def ungroup(self) -> dict[str, tuple[list[str], list[str]]]:
        """The units to group, with the things that each describes and mentions.

        They are the new ones and all that have something in common with them, directly or not; all
        of them must be inferred from and checked again.
        """
        while self._database.execute(_UNGROUPS).rowcount:
            pass
        for query in (_LEAVES_ALL_INFERRED, _FORGETTING_INFERRED, _RESETS):
            self._database.execute(query)
        return self._described("of_group IS NULL AND NOT is_shared")

    def _described(self, condition: str) -> dict[str, tuple[list[str], list[str]]]:
        """The units that meet a condition, with the things that each describes and mentions."""
        found: dict[str, tuple[list[str], list[str]]] = {
            name: ([], [])
            for (name,) in self._rows(f"SELECT name FROM unit WHERE {condition}")  # noqa: S608
        }
        query = f"SELECT iri, is_own, unit FROM iri JOIN unit ON unit = name WHERE {condition}"  # noqa: S608
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

    def groups_of(self, names: Iterable[str]) -> dict[str, str]:
        """The group of each unit."""
        query = "SELECT of_group FROM unit WHERE name = ?"
        return {name: group for name in names for (group,) in self._rows(query, name)}

    # Inferences

    def to_infer_from(self) -> dict[str, list[str]]:
        """The groups to infer from, sorted, with their units; the shared ones have no name."""
        groups: dict[str, list[str]] = {}
        query = "SELECT of_group, name FROM unit WHERE NOT is_inferred ORDER BY of_group, name"
        for group, name in self._rows(query):
            groups.setdefault(group, []).append(name)
        return groups

    def infer(self, lines: Mapping[str, str]) -> None:
        """Keep the lines of the inferences from units, by their names; a unit may have none."""
        self._run(
            "INSERT OR REPLACE INTO inferred VALUES (?, ?)",
            ((name, packed([[CURATED, text]])) for name, text in lines.items() if text),
        )
        self._run("UPDATE unit SET is_inferred = 1 WHERE name = ?", ((name,) for name in lines))

    # The graph, as packed lines of N-Quads, and what of it is in the store

    def graph(self) -> Iterator[list[str]]:
        """The lines of each unit, with the inferences from it."""
        return self._lines(_GRAPH)

    def unstored(self) -> Iterator[list[str]]:
        """The lines of each unit that is not stored, with the inferences from it."""
        return self._lines(f"{_GRAPH} WHERE NOT is_stored")

    def _lines(self, query: str) -> Iterator[list[str]]:
        for row in self._database.execute(query):
            yield [lines for files in row if files for _, lines in unpacked(files)]

    def gone(self) -> list[str]:
        """The lines of units and inferences that only the store still has."""
        return [
            lines
            for (files,) in self._rows("SELECT lines FROM gone")
            for _, lines in unpacked(files)
        ]

    def counts(self) -> tuple[int, int]:
        """The numbers of all units, and of those that are not stored."""
        ((all_units, unstored),) = self._rows("SELECT COUNT(*), SUM(NOT is_stored) FROM unit")
        return all_units, unstored

    def stored(self, store: list[str]) -> None:
        """Keep that a store has the graph as it is now."""
        self.set_value("store", store)
        self._database.execute("DELETE FROM gone")
        self._database.execute("UPDATE unit SET is_stored = 1 WHERE NOT is_stored")

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
        return {iri for (iri,) in self._rows(query, as_json([*words]))}


def kept_files(project: Project) -> list[tuple[str, str]]:
    """The files of unchanged units with their N-Quads, if they are kept, else nothing.

    The names of the files are relative to the project.
    """
    try:
        with read_only(project) as database:
            made = database and database.execute("SELECT data FROM value WHERE name = 'made'")
            rows = made.fetchall() if made else []
            if not (database and rows) or unpacked(rows[0][0]) != made_of(project):
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
