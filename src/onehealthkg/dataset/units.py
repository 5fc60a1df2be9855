"""The units of a project: its records, and its archived texts with their two TriG files."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import onehealthkg
from onehealthkg import shipped
from onehealthkg.paths import Project, bundled, file_state

WHOLE = 600
"""The number of units from which a project is large."""


class Unit(NamedTuple):
    """A record or a text: its files, relative to the project, and their state on the disk."""

    files: tuple[str, ...]
    state: str


def units_of(project: Project) -> dict[str, Unit]:
    """The units of a project by name."""
    states = {
        f"data/{folder}/{name}": state
        for folder, ending in (("sources", (".trig", ".txt")), ("partnerships", (".yaml",)))
        for name, state in project.states(f"data/{folder}", ending).items()
    }
    files: dict[str, list[str]] = defaultdict(list)
    for name in sorted(states):
        is_record = name.endswith(".yaml")
        stem = name if is_record else name.removesuffix(".trig").removesuffix(".txt")
        files[stem.removesuffix(".passages")].append(name)
    return {
        unit: Unit(tuple(names), " ".join(states[name] for name in names))
        for unit, names in files.items()
    }


def record_units(project: Project, paths: Iterable[Path]) -> dict[str, Unit]:
    """The records among files outside a project, as units of it; InputError as for its own."""
    records = [path for path in paths if path.suffix == ".yaml"]
    states = {name_of(project, path): file_state(str(path)) for path in records}
    return {name: Unit((name,), state) for name, state in states.items()}


def name_of(project: Project, path: Path) -> str:
    """The path of a file from the root of a project."""
    try:
        return os.path.relpath(path, project.root).replace(os.sep, "/")
    except ValueError:  # it is on another drive
        return str(path)


def is_large(project: Project, units: Collection[str], *folders: str) -> bool:
    """Whether a project is worked on in parts: it has many units, and the package's programs.

    The rules of the package derive the same from parts; the programs in ``folders`` work on parts
    too.
    """
    return len(units) >= WHOLE and _programs(project, folders) == _programs(bundled(), folders)


def remark_on_rules(project: Project, units: Collection[str]) -> str:
    """Why a project of many units is not worked on in parts; empty if it is, or has few units."""
    if len(units) < WHOLE or is_large(project, units):
        return ""
    return (
        f"{project.root}/ontology/rules: these rules are not the package's, so all files are read "
        "at once, which takes much memory; onehealthkg init --update brings those of the package."
    )


def _programs(project: Project, folders: tuple[str, ...]) -> dict[str, str]:
    return {
        name: made_from
        for name, made_from in shipped.files(project).items()
        if name.startswith(("ontology/rules/", *folders))
    }


def made_of(project: Project) -> str:
    """The digest of the program and the shared files, by their states."""
    package = os.path.dirname(os.path.abspath(onehealthkg.__file__))
    program = [
        f"{entry.path} {entry.stat().st_size} {entry.stat().st_mtime_ns}"
        for folder, _, _ in os.walk(package)
        for entry in os.scandir(folder)
        if entry.name.endswith((".py", ".yaml"))
    ]
    shared = [
        f"{folder}/{name} {state}"
        for folder in ("ontology", "ontology/rules", "ontology/checks", "data")
        for name, state in project.states(folder, (".ttl", ".rq", ".jsonld", ".sssom.tsv")).items()
    ]
    return digest([onehealthkg.__version__, project.root, *sorted(program), *sorted(shared)])


def digest(lines: Iterable[str]) -> str:
    """The digest of lines."""
    return blake2b(os.fsencode("\n".join(lines))).hexdigest()
