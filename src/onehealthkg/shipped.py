"""The files copied from the package into a project, and how they differ from the package now.

A project that ``init`` makes has copies of the ontology, the shapes, rules, checks, questions and
contexts, and a list of their SHA-256 digests, ``ontology/SHA256SUMS``, which ``sha256sum --check``
reads; its first line is a comment with the version of the package.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from onehealthkg.files import read_bytes, read_text
from onehealthkg.paths import Project, bundled

FOLDERS = ("ontology", "ontology/checks", "ontology/rules", "queries")
"""The folders whose files belong to the package and not to a project."""

SUMS = "ontology/SHA256SUMS"

CHANGED, MISSING, ADDED, OLD = "changed", "missing", "added", "old"

_ENDINGS = (".ttl", ".rq", ".jsonld", ".json")
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


class Difference(NamedTuple):
    """A file that is not as in the package, by its name in the project, and how it differs.

    ``state`` is CHANGED or MISSING in the project, ADDED by it, or OLD: as an earlier version of
    the package had it.
    """

    name: str
    state: str


def files(project: Project) -> dict[str, str]:
    """The digests of the files of a project that could have come with the package, by name."""
    names = [f"{folder}/{name}" for folder in FOLDERS for name in _listed(project, folder)]
    return {name: sha256(read_bytes(Path(project.root, name))).hexdigest() for name in names}


def differences(project: Project) -> list[Difference]:
    """How the files of a project that ``init`` made differ from those of the package, by name."""
    came = sums(project)
    if not came:
        return []
    ours, theirs = files(bundled()), files(project)
    return [
        Difference(name, state)
        for name in sorted(ours.keys() | theirs.keys())
        if (state := _state(ours.get(name), theirs.get(name), came.get(name)))
    ]


def is_compared(project: Project) -> bool:
    """Whether the original files of a project are known; the bundled data needs no list."""
    return project.root == bundled().root or bool(sums(project))


def sums(project: Project) -> dict[str, str]:
    """The digests of the original files, by name; empty if ``init`` did not make the project."""
    path = Path(project.root, SUMS)
    if not path.is_file():
        return {}
    lines = read_text(path).split("\n")
    return {match[2]: match[1] for match in map(_LINE.fullmatch, lines) if match}


def sums_text(version: str, digests: Mapping[str, str]) -> str:
    """The list of digests as a text."""
    return "".join([f"# onehealthkg {version}\n", *_lines(digests)])


def _lines(digests: Mapping[str, str]) -> Iterator[str]:
    return (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def _state(ours: str | None, theirs: str | None, came: str | None) -> str:
    """How a file differs, by its digests in the package, in the project and as copied."""
    if theirs == ours:
        return ""
    if theirs is None:
        return OLD if came is None else MISSING
    if theirs == came:
        return OLD
    return CHANGED if ours else ADDED


def _listed(project: Project, folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(Path(project.root, folder)))
    except OSError:
        return []
    return [name for name in names if name.endswith(_ENDINGS) and not name.startswith(".")]
