"""The result of a build, and what prevents one."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from onehealthkg.checks.findings import VIOLATION, Finding
from onehealthkg.checks.formats import as_table, summary
from onehealthkg.errors import FindingsError

NAME = "onehealthkg"
"""The name of the files, without an ending."""


class Built(NamedTuple):
    """The result of a build: files, the data's version, counts, and findings without violations.

    ``statements`` counts the quads by the kind of their graph.
    """

    files: list[Path]
    version: str
    sources: int
    passages: int
    statements: dict[str, int]
    findings: list[Finding]

    @property
    def text(self) -> str:
        """The counts as a short table."""
        rows = [("sources", self.sources), ("passages", self.passages)]
        rows += [(f"statements {kind}", count) for kind, count in self.statements.items()]
        lines = [f"{name:<22}{count:>7}" for name, count in rows]
        lines += [f"{'findings':<22}{summary(self.findings)}", f"{'version':<22}{self.version}"]
        return "\n".join([*lines, *(f"{'written':<22}{path}" for path in self.files)])


def refuse_violations(findings: Iterable[Finding]) -> None:
    """Raise FindingsError, with all findings, if there are violations."""
    listed = list(findings)
    if any(finding.severity == VIOLATION for finding in listed):
        raise FindingsError(as_table(listed) + "\nNothing was written.")
