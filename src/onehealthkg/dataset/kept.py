"""Intermediate results of a project, cached on disk: the quads read from its files.

Each file of the folder begins with the digest of the rest. A file that is damaged, belongs to
another user, or is a link or a device counts as missing. ``Kept.quads_of`` reads missing results
from the project itself, so that only the speed depends on these files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import onehealthkg
from onehealthkg.dataset.dataset import DataFile, read_data_file
from onehealthkg.dataset.parts import Unit
from onehealthkg.errors import OutputError
from onehealthkg.files import read_own, write_atomic
from onehealthkg.paths import Project, kept_folder
from onehealthkg.records.reader import read_records

_MOST = 128  # units in a bucket, on average


class Kept:
    """The folder of a project's intermediate results."""

    def __init__(self, project: Project, units: Mapping[str, Unit]) -> None:
        self._project = project
        self._folder = Path(kept_folder(project))
        self._units = units
        self._made = _digest_of(project, "ontology")
        texts = sum(unit.has_text for unit in units.values())
        self._sizes = {True: _buckets(texts), False: _buckets(len(units) - texts)}

    def bucket(self, unit: str) -> str:
        """The name of the bucket of a unit: a set of units that are cached together.

        Texts and records are in separate buckets. The name changes only when the project doubles.
        """
        has_text = self._units[unit].has_text
        number = int.from_bytes(blake2b(unit.encode(), digest_size=4).digest(), "big")
        size = self._sizes[has_text]
        return f"{'texts' if has_text else 'records'}-{size}-{number % size}"

    def quads_of(
        self, bucket: str, names: Iterable[str], properties: Iterable[NamedNode] = ()
    ) -> dict[str, list[DataFile]]:
        """The files of units of a bucket with their quads.

        From the cache, only quads with one of the ``properties`` are read, if any are given.
        Changed files are read again and cached. Raises InputError as ``read_dataset``.
        """
        kept = self._entries(bucket)
        units = {name: self._units[name] for name in names}
        changed = [name for name, unit in units.items() if _state(kept, name) != unit.state]
        wanted = [f"> {property_} " for property_ in properties]
        found = {
            name: [
                DataFile(Path(self._project.root, file), _parsed(text, wanted))
                for file, text in files
            ]
            for name, (_, files) in kept.items()
            if name in units and name not in changed
        }
        if changed:
            found |= self._read(changed)
            kept = {name: entry for name, entry in kept.items() if name in self._units}
            kept |= {name: _entry(self._project, units[name], found[name]) for name in changed}
            self.write(bucket, [self._made, kept])
        return found

    def lines_of(self, bucket: str) -> Iterator[str]:
        """The cached lines of N-Quads of the units of a bucket."""
        for _, files in self._entries(bucket).values():
            for _, text in files:
                yield from text.splitlines(keepends=True)

    def _entries(self, bucket: str) -> dict[str, Any]:
        """The cached data of each unit of a bucket: the state of its files, and their N-Quads."""
        made, entries = self.read(bucket) or ("", {})
        return entries if made == self._made else {}

    def _read(self, names: list[str]) -> dict[str, list[DataFile]]:
        """The files of units, read from the project; all records in one call."""
        paths = {
            name: [Path(self._project.root, file) for file in self._units[name].files]
            for name in names
        }
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

    def read(self, name: str) -> Any:
        """The value cached under a name, or None."""
        digest, _, data = read_own(self._folder / f"{name}.json").partition(b"\n")
        return json.loads(data) if data and digest == _digest(data) else None

    def write(self, name: str, value: object) -> None:
        """Cache a value of JSON under a name, if the disk allows it."""
        data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        with suppress(OSError, OutputError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            path = self._folder / f"{name}.json"
            if path.is_symlink():
                path.unlink()  # a link must not be written through
            write_atomic(path, _digest(data) + b"\n" + data)

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove the values cached under other names."""
        wanted = {f"{name}.json" for name in names}
        with suppress(OSError):
            for entry in list(os.scandir(self._folder)):
                if entry.name.endswith(".json") and entry.name not in wanted:
                    os.unlink(entry.path)


def made_of(project: Project) -> str:
    """The digest of everything else that findings depend on: the program and the shared files."""
    return _digest_of(project, "ontology", "ontology/rules", "ontology/checks", "data")


def _digest_of(project: Project, *folders: str) -> str:
    """The digest of the program and of the files in folders of a project, by their states."""
    package = os.path.dirname(os.path.abspath(onehealthkg.__file__))
    program = [
        f"{entry.path} {entry.stat().st_size} {entry.stat().st_mtime_ns}"
        for folder, _, _ in os.walk(package)
        for entry in os.scandir(folder)
        if entry.name.endswith((".py", ".yaml"))
    ]
    shared = [
        f"{folder}/{name} {state}"
        for folder in folders
        for name, state in project.states(folder, (".ttl", ".rq", ".jsonld", ".sssom.tsv")).items()
    ]
    lines = [onehealthkg.__version__, project.root, *sorted(program), *sorted(shared)]
    return blake2b(os.fsencode("\n".join(lines))).hexdigest()


def _buckets(units: int) -> int:
    """The number of buckets, a power of two."""
    return 1 << max(0, (units // _MOST).bit_length())


def _digest(data: bytes) -> bytes:
    return blake2b(data).hexdigest().encode()


def _state(kept: Mapping[str, Any], name: str) -> str:
    return str(kept[name][0]) if name in kept else ""


def _entry(project: Project, unit: Unit, files: Iterable[DataFile]) -> list[object]:
    return [
        unit.state,
        [
            (
                os.path.relpath(file.path, project.root).replace(os.sep, "/"),
                "".join(f"{quad} .\n" for quad in file.quads),
            )
            for file in files
        ],
    ]


def _parsed(text: str, wanted: list[str]) -> tuple[Quad, ...]:
    if wanted:
        lines = text.splitlines(keepends=True)
        text = "".join(line for line in lines if any(name in line for name in wanted))
    return tuple(parse(text, RdfFormat.N_QUADS, lenient=True))
