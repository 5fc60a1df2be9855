"""The findings in the database of a project (``dataset.kept``).

A unit without a part must be checked. A fact is *stirred* if the findings of the records that share
its key must be compared again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from onehealthkg.dataset.database import as_json
from onehealthkg.dataset.kept import Kept

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


class KeptFindings(Kept):
    """The database of a project, with the findings of its units."""

    def _fill(self) -> None:
        super()._fill()
        self._database.executescript(_TEMPORARY)

    def uncheck(self) -> list[Any]:
        """Find the units to check, and return the joint findings that are forgotten thereby.

        The units are those that were grouped again, and those of parts that have lost a unit.
        """
        joint = [json.loads(findings) for (findings,) in self._rows(_BREAKS)]
        self._database.execute(_ORPHANS)
        self._database.execute(
            """INSERT OR IGNORE INTO stirred SELECT about, key, unit FROM fact
            JOIN unit ON unit.name = fact.unit WHERE unit.part IS NULL"""
        )
        return joint

    def unchecked(self) -> dict[str, tuple[list[str], list[str]]]:
        """The units to check, with the things that each describes and mentions."""
        return self._described("part IS NULL AND NOT is_shared")

    def uncheck_all(self) -> None:
        """Forget all findings."""
        self._database.execute("DELETE FROM part")
        self._database.execute("DELETE FROM across")
        self._database.execute("UPDATE unit SET part = NULL, findings = NULL")

    def checked(self, names: list[str], by_unit: Mapping[str, object], joint: object) -> None:
        """Keep the findings of units that were checked together.

        ``joint`` are those that cannot be attributed to a unit: if one of the units changes, all
        are checked again.
        """
        number = 0
        if joint:
            ((number,),) = self._rows("SELECT COALESCE(MAX(number), 0) + 1 FROM part")
            self._run("INSERT INTO part VALUES (?, ?, ?)", [(number, len(names), as_json(joint))])
        self._run(
            "UPDATE unit SET part = ?, findings = ? WHERE name = ?",
            ((number, as_json(by_unit[name]) if name in by_unit else None, name) for name in names),
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
            ((unit, about, as_json(finding)) for unit, about, finding in found),
        )
        self._database.execute("DELETE FROM stirred")
