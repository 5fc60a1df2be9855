"""Reads units: their quads, and what they say, in processes that return both in few bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from onehealthkg.dataset.database import packed, unpacked
from onehealthkg.dataset.dataset import DataFile, read_data_file
from onehealthkg.dataset.kept import Fact
from onehealthkg.dataset.keys import facts
from onehealthkg.dataset.parts import Said, said
from onehealthkg.dataset.units import Unit, name_of
from onehealthkg.errors import InputError
from onehealthkg.paths import Project
from onehealthkg.records.reader import read_records

_TOGETHER = 200


class Reader:
    """Reads units: their packed files, what they say and their facts, or an error message."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def __call__(
        self, units: Mapping[str, Unit]
    ) -> list[tuple[str, bytes, Said, frozenset[Fact]]] | str:
        """The name, the files, what they say, and the facts of each unit."""
        try:
            return [self._content(name, files) for name, files in self._read(units).items()]
        except InputError as error:
            return str(error)

    def _content(
        self, name: str, files: list[DataFile]
    ) -> tuple[str, bytes, Said, frozenset[Fact]]:
        quads = [quad for file in files for quad in file.quads]
        return name, packed_files(self._project, files), said(quads), facts(quads)

    def _read(self, units: Mapping[str, Unit]) -> dict[str, list[DataFile]]:
        """The files of units; all records in one call."""
        root = self._project.root
        paths = {name: [Path(root, file) for file in unit.files] for name, unit in units.items()}
        records = [path for files in paths.values() for path in files if path.suffix == ".yaml"]
        quads = dict(read_records(self._project, records))
        return {
            name: [
                DataFile(path, tuple(quads[path]))
                if path.suffix == ".yaml"
                else read_data_file(self._project, path)
                for path in files
                if path.suffix != ".txt"
            ]
            for name, files in paths.items()
        }


def reading_tasks(units: Mapping[str, Unit]) -> list[dict[str, Unit]]:
    """Units to read together, records and texts apart."""
    records = [(name, unit) for name, unit in units.items() if name.endswith(".yaml")]
    texts = [(name, unit) for name, unit in units.items() if not name.endswith(".yaml")]
    return [
        dict(some[start : start + _TOGETHER])
        for some in (records, texts)
        for start in range(0, len(some), _TOGETHER)
    ]


def place_of_error(message: str) -> tuple[bool, str]:
    """The order in which the files of a project are read: first those of texts."""
    return ".yaml:" in message, message


def lines_of(quads: Iterable[Quad]) -> str:
    """Quads as lines of N-Quads."""
    return "".join(f"{quad} .\n" for quad in quads)


def quads_of(lines: str, properties: Collection[str] = ()) -> tuple[Quad, ...]:
    """The quads of lines, or those with some properties."""
    if properties:
        kept = (
            line for line in lines.splitlines(keepends=True) if line.split(" ", 2)[1] in properties
        )
        lines = "".join(kept)
    return tuple(parse(lines, RdfFormat.N_QUADS, lenient=True))


def packed_files(project: Project, files: Iterable[DataFile]) -> bytes:
    """Files of a project in few bytes."""
    return packed([[name_of(project, file.path), lines_of(file.quads)] for file in files])


def unpacked_files(
    project: Project, files: bytes, properties: Collection[str] = ()
) -> list[DataFile]:
    """The files that were packed, with all their quads or those with some properties."""
    return [
        DataFile(Path(project.root, file), quads_of(lines, properties))
        for file, lines in unpacked(files)
    ]
