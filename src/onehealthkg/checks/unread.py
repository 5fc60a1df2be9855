"""Files in the folders of a project that nothing reads.

A record that ends in ``.yml``, a text in ``.TXT`` or a graph in ``.trig`` would silently be
ignored. Hidden files and those for people are skipped: ``README``, ``LICENSE`` and ``.md``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onehealthkg.paths import Project

_DATA, _RECORDS, _SOURCES = "data", "data/partnerships", "data/sources"
# The endings that are read in each folder, and the names.
_READ: dict[str, tuple[str, ...]] = {
    _DATA: (".ttl",),
    _RECORDS: (".yaml",),
    _SOURCES: (".txt", ".trig"),
    "ontology": (),
    "ontology/rules": (".rq",),
    "ontology/checks": (".rq",),
    "queries": (".rq",),
}
_NAMES = {"links.sssom.tsv": _DATA, "record.schema.json": "ontology", "SHA256SUMS": "ontology"}
_HOMES = {".yaml": _RECORDS, ".txt": _SOURCES, ".ttl": _DATA, ".rq": "queries"}
# Common misspellings of endings that are read.
_SPELLINGS = {".yml": ".yaml", ".text": ".txt", ".turtle": ".ttl", ".sparql": ".rq"}
_GRAPHS = (".jsonld", ".n3", ".nq", ".nt", ".owl", ".rdf", ".trig", ".ttl")


class Unread(NamedTuple):
    """A file that nothing reads, what to do with it, and whether it seems to be data."""

    path: Path
    message: str
    is_data: bool


def unread(project: Project) -> Iterator[Unread]:
    """The files that nothing reads, in the order of their names."""
    read = {project.ontology_file, project.shapes_file}
    read |= {project.context_file, project.record_context_file}
    unread = [
        (path, folder)
        for folder, name in _files(project)
        if not _is_read(name, folder) and not _is_for_people(name)
        if (path := Path(project.root, folder, name)) not in read
    ]
    for path, folder in sorted(unread):
        yield _about(path, folder)


def _files(project: Project) -> Iterator[tuple[str, str]]:
    """Folder, relative to the project, and name of each file that is not hidden."""
    for top in ("data", "ontology", "queries"):
        for path, folders, names in os.walk(Path(project.root, top)):
            folders[:] = [name for name in folders if not name.startswith(".")]
            folder = Path(path).relative_to(project.root).as_posix()
            yield from ((folder, name) for name in names if not name.startswith("."))


def _is_read(name: str, folder: str) -> bool:
    return _NAMES.get(name) == folder or name.endswith(_READ.get(folder, ()))


def _is_for_people(name: str) -> bool:
    return name.endswith(".md") or name.partition(".")[0] in ("README", "LICENSE", "LICENCE")


def _about(path: Path, folder: str) -> Unread:
    ending = path.suffix.lower()
    ending = _SPELLINGS.get(ending, ending)
    renamed = path.with_suffix(ending).name
    if ending in _READ.get(folder, ()):
        return Unread(path, f"Nothing reads this file; rename it to {renamed}.", is_data=True)
    if folder == _DATA and ending in _GRAPHS:
        right = f"convert it to Turtle, {path.with_suffix('.ttl').name}"
        return Unread(path, f"Nothing reads this file; {right}.", is_data=True)
    if ending in _HOMES:
        right = f"move it to {_HOMES[ending]}/{renamed}"
        return Unread(path, f"Nothing reads this file; {right}, or out of here.", is_data=True)
    if ending in _GRAPHS or path.name.endswith(".sssom.tsv"):
        right = "the graphs of a project are data/*.ttl, its links data/links.sssom.tsv"
        return Unread(path, f"Nothing reads this file; {right}.", is_data=True)
    return Unread(path, "Nothing reads this file; move it out of here.", is_data=False)
