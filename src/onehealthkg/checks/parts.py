"""The checks of a large project, part by part (``dataset.parts``), with cached results.

For a unit, its quads and the things that it mentions are cached, by the state of its files; for a
part, the findings, by the states of all its units and of the shared ones, as soon as it is checked,
so that a check that was killed is continued. All are computed again when the program, the ontology,
the checks or a curated file changes. Findings are cached before repetitions are left out, so that
``findings_of`` sees all of them.

A project with fewer than ``WHOLE`` units, or with its own rules, checks or shapes, is checked as a
whole, and so is a project in which an unknown name may be that of a thing with an inferred label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from onehealthkg import limits, shipped
from onehealthkg.checks.check import (
    NEEDED,
    UNKNOWN,
    Judged,
    check,
    findings_of,
    judge,
    judge_across,
)
from onehealthkg.checks.findings import Finding
from onehealthkg.dataset.dataset import DataFile, Dataset, read_dataset
from onehealthkg.dataset.jobs import Progress, cores, silent, spread
from onehealthkg.dataset.kept import Kept, made_of
from onehealthkg.dataset.parts import (
    Curated,
    Mentions,
    Shared,
    Unit,
    divided,
    in_order,
    mentions,
    read_curated,
    units_of,
)
from onehealthkg.errors import InputError
from onehealthkg.labels import NAMING
from onehealthkg.names import local_name
from onehealthkg.paths import Project, bundled

WHOLE = 600
_LEDGER = "ledger"
_SHARED = "shared"
_ACROSS = "across"
_NAMED_BY_RULES = ("alternative", "funding", "signature")
_NAMES = tuple(f"> {naming} " for naming in NAMING)


def check_project(
    project: Project,
    *,
    known: bool = True,
    full: bool = False,
    jobs: int = 0,
    remark: Callable[[str], None] = lambda _: None,
    progress: Progress = silent,
) -> list[Finding]:
    """The findings of all checks in a project; as ``check``.

    ``full`` ignores cached results; ``jobs`` is the number of processes, 0 for one per core.
    """
    units = units_of(project)
    if len(units) < WHOLE or not _is_standard(project):
        return check(read_dataset(project), known=known, remark=remark)
    limits.allow_for(len(units))
    parts = _Parts(project, units, f"{made_of(project)} {known}", full=full)
    parts.read(jobs or cores(), progress)
    judged = parts.judged(jobs or cores(), progress, known=known, remark=remark)
    unknown = {
        finding.value for part in judged for finding, _ in part.asked if _is_unknown(finding)
    }
    if any(local_name(name).startswith(_NAMED_BY_RULES) for name in unknown):
        return check(read_dataset(project), known=known, remark=remark)
    return findings_of(judged, project, parts.names)


def _is_unknown(finding: Finding) -> bool:
    return finding.check == UNKNOWN


def _is_standard(project: Project) -> bool:
    """Whether the rules, checks and shapes are the package's, which work on parts."""

    def programs(other: Project) -> dict[str, str]:
        folders = ("ontology/rules/", "ontology/checks/", "ontology/shapes.ttl")
        return {
            name: digest
            for name, digest in shipped.files(other).items()
            if name.startswith(folders)
        }

    return programs(project) == programs(bundled())


class _Read(NamedTuple):
    """The cached data of a unit: the state of its files, and the things that it mentions."""

    state: str
    mentions: Mentions


class _Parts:
    """The units of a project, their cached data, and their division into parts."""

    def __init__(
        self, project: Project, units: Mapping[str, Unit], made: str, *, full: bool
    ) -> None:
        self.project = project
        self.units = units
        self.kept = Kept(project, units)
        self._made = made
        if full:
            self.kept.keep_only([])
        made_then, entries = self.kept.read(_LEDGER) or ("", {})
        self._read = {
            name: _read_of(entry)
            for name, entry in entries.items()
            if made_then == made and name in units and entry[0] == units[name].state
        }
        self._has_changed = self._read.keys() != entries.keys()

    @cached_property
    def _curated(self) -> Curated:
        return read_curated(self.project)

    def read(self, jobs: int, progress: Progress) -> None:
        """Read the units that changed. Raises InputError for one that cannot be read."""
        changed: dict[str, list[str]] = defaultdict(list)
        for name in self.units.keys() - self._read.keys():
            changed[self.kept.bucket(name)].append(name)
        if changed:
            tasks = sorted(changed.items())
            work = _Reader(self.kept, self.units, self._curated)
            results = list(spread(work, tasks, jobs, "reading", progress))
            errors = [result for result in results if isinstance(result, str)]
            if errors:
                raise InputError(min(errors, key=_place_of_error))
            for result in results:
                if not isinstance(result, str):
                    self._read.update(result)
        if changed or self._has_changed:
            read = {name: [entry.state, *entry.mentions] for name, entry in self._read.items()}
            self.kept.write(_LEDGER, [self._made, read])

    def judged(
        self, jobs: int, progress: Progress, *, known: bool, remark: Callable[[str], None]
    ) -> list[Judged]:
        """The findings in each part, and across all; those of each part are kept at once."""
        shared, groups = divided({name: entry.mentions for name, entry in self._read.items()})
        members: dict[str, list[str]] = defaultdict(list)
        for group in groups:
            members[self.kept.bucket(group[0])] += group
        base = self._key(self._made, shared)
        keys = {part: self._key(base, names) for part, names in sorted(members.items())}
        members[_SHARED] = sorted(shared)
        keys |= {_SHARED: base, _ACROSS: self._key(base, self.units)}
        judged = {part: self.kept.read(_findings_in(part)) for part in keys}
        changed = [part for part in keys if not judged[part] or judged[part][0] != keys[part]]
        if changed:
            whole = Shared(self.project, self._curated, self._files(shared))
            work = _Judge(self, whole, members, keys, known)
            results = spread(work, changed, jobs, "checking", progress)
            judged |= zip(changed, results, strict=True)
            files = (_LEDGER, *map(_findings_in, keys), *map(self.kept.bucket, self.units))
            self.kept.keep_only(set(files))
        for text in judged[_SHARED][4]:
            remark(text)
        return [_judged_of(judged[part]) for part in keys]

    def compared(self) -> Judged:
        """The findings of the checks that compare all things."""
        files = [
            DataFile(file.path, tuple(quad for quad in file.quads if quad.predicate in NEEDED))
            for file in self._curated.files
        ]
        files += self._files(self.units, NEEDED)
        dataset = Dataset(self.project, in_order(self.project, files), [], infers=False)
        return judge_across(dataset)

    def _key(self, base: str, names: Iterable[str]) -> str:
        lines = [base, *(f"{name} {self.units[name].state}" for name in sorted(names))]
        return blake2b("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def _files(self, names: Iterable[str], properties: Iterable[NamedNode] = ()) -> list[DataFile]:
        """The files of units with their quads, or those that have one of the properties."""
        buckets: dict[str, list[str]] = defaultdict(list)
        for name in names:
            buckets[self.kept.bucket(name)].append(name)
        return [
            file
            for bucket, units in sorted(buckets.items())
            for files in self.kept.quads_of(bucket, units, properties).values()
            for file in files
        ]

    def paths(self, names: Iterable[str]) -> set[Path]:
        """The files of units."""
        return {Path(self.project.root, file) for name in names for file in self.units[name].files}

    def dataset(self, part: str, names: list[str], shared: Shared) -> Dataset:
        """A part with the shared statements that it needs."""
        texts = sorted(path for path in self.paths(names) if path.suffix == ".txt")
        if part == _SHARED:
            return Dataset(self.project, in_order(self.project, shared.files), texts)
        own = self._files(names)
        # A text may mention any body or person by name.
        others = shared.files if texts else shared.files_for(own)
        return Dataset(self.project, in_order(self.project, [*others, *own]), texts)

    def names(self) -> Store:
        """A store of the labels of all things, for suggestions."""
        store = Store()
        for file in self._curated.files:
            store.extend(quad for quad in file.quads if quad.predicate in NAMING)
        for bucket in {self.kept.bucket(name) for name in self.units}:
            lines = [line for line in self.kept.lines_of(bucket) if _names(line)]
            store.extend(parse("".join(lines), RdfFormat.N_QUADS, lenient=True))
        return store


class _Reader:
    """Reads the changed units of a bucket: the things that they mention, or an error message."""

    def __init__(self, kept: Kept, units: Mapping[str, Unit], curated: Curated) -> None:
        self._kept = kept
        self._units = units
        self._curated = curated

    def __call__(self, task: tuple[str, list[str]]) -> dict[str, _Read] | str:
        try:
            found = self._kept.quads_of(*task)
        except InputError as error:
            return str(error)
        return {
            name: _Read(
                self._units[name].state,
                mentions((quad for file in files for quad in file.quads), self._curated),
            )
            for name, files in found.items()
        }


class _Judge:
    """Checks a part, and keeps the result, which is JSON."""

    def __init__(
        self,
        parts: _Parts,
        shared: Shared,
        members: Mapping[str, list[str]],
        keys: Mapping[str, str],
        known: bool,
    ) -> None:
        self._parts = parts
        self._shared = shared
        self._members = members
        self._keys = keys
        self._known = known

    def __call__(self, part: str) -> list[Any]:
        remarks: list[str] = []
        judged = self._parts.compared() if part == _ACROSS else self._judged(part, remarks.append)
        entry = [self._keys[part], *_said(judged, remarks)]
        self._parts.kept.write(_findings_in(part), entry)
        return entry

    def _judged(self, part: str, remark: Callable[[str], None]) -> Judged:
        names = self._members[part]
        dataset = self._parts.dataset(part, names, self._shared)
        own = self._parts.paths(names)
        if part == _SHARED:
            own |= {file.path for file in self._shared.files}
        return judge(dataset, own=own, known=self._known, remark=remark)


def _findings_in(part: str) -> str:
    """The name under which the findings in a part are kept."""
    return f"{part}-findings"


def _place_of_error(message: str) -> tuple[bool, str]:
    """The order in which the files of a project are read: first those of texts."""
    return ".yaml:" in message, message


def _names(line: str) -> bool:
    return any(name in line for name in _NAMES)


def _said(judged: Judged, remarks: list[str]) -> list[Any]:
    """The findings, as JSON."""
    return [
        [_written(finding) for finding in judged.direct],
        [[*_written(finding), is_derived] for finding, is_derived in judged.asked],
        [_written(finding) for finding in judged.shapes],
        remarks,
    ]


def _read_of(entry: list[Any]) -> _Read:
    state, own, others, is_shared = entry
    return _Read(state, Mentions(tuple(own), tuple(others), is_shared))


def _written(finding: Finding) -> list[Any]:
    return [str(value) if isinstance(value, Path) else value for value in finding]


def _finding(values: list[Any]) -> Finding:
    finding = Finding(*values)
    return finding._replace(path=Path(finding.path) if finding.path else None)


def _judged_of(entry: list[Any]) -> Judged:
    _, direct, asked, shapes, _ = entry
    return Judged(
        [_finding(values) for values in direct],
        [(_finding(values), is_derived) for *values, is_derived in asked],
        [_finding(values) for values in shapes],
    )
