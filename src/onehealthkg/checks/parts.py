"""The checks of a large project, of which only what has changed is checked (``dataset.parts``).

1. The units whose files changed are read, by several processes.
2. They, and the units that have something in common with them, are divided into groups.
3. Groups are checked together with the shared files, ``TOGETHER`` units at a time: each such part
   costs as much as all shared files. A finding belongs to the unit whose file it is in. One in a
   shared file or in none is *joint*: if a unit of its part changes, the part is checked again.
4. Records are compared with those with which they have a key in common (``across``).

Everything is checked again when the program, the ontology, the checks or a shared file changes. All
results are cached (``dataset.kept``) as soon as they exist, so that a check that was killed is
continued, and before repetitions are left out, so that ``findings_of`` sees all of them.

A project with fewer than ``WHOLE`` units, or with its own rules, checks or shapes, is checked as a
whole, and so is a project in which an unknown name may be that of a thing with an inferred label.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Quad, RdfFormat, Store, parse

from onehealthkg import limits, shipped
from onehealthkg.checks.across import FEW, NEEDED, facts
from onehealthkg.checks.check import UNKNOWN, Judged, check, findings_of, judge, judge_across
from onehealthkg.checks.findings import Finding
from onehealthkg.dataset.dataset import DataFile, Dataset, read_data_file, read_dataset
from onehealthkg.dataset.jobs import Progress, Workers, cores, silent, spread
from onehealthkg.dataset.kept import Content, Fact, Kept, packed, unpacked
from onehealthkg.dataset.parts import (
    Said,
    groups_of,
    in_order,
    read_curated,
    said,
    shared_of,
    with_leaves,
    words_of_leaves,
)
from onehealthkg.dataset.units import Unit, digest, made_of, units_of
from onehealthkg.errors import InputError
from onehealthkg.labels import NAMING
from onehealthkg.names import ID, local_name
from onehealthkg.paths import Project, bundled
from onehealthkg.records.reader import read_records

WHOLE = 600
TOGETHER = 500
_READ_TOGETHER = 200
_MANY = 1000  # units to compare: more are first compared only by their needed statements
_NAMED_BY_RULES = ("alternative", "funding", "signature")


def check_project(
    project: Project,
    *,
    known: bool = True,
    full: bool = False,
    jobs: Workers = 0,
    whole: Callable[[], Dataset] | None = None,
    remark: Callable[[str], None] = lambda _: None,
    progress: Progress = silent,
) -> list[Finding]:
    """The findings of all checks in a project; as ``check``.

    ``full`` ignores cached results; ``jobs`` is the number of processes, 0 for one per core, or a
    function that has the work done elsewhere; ``whole`` gives the dataset if it is checked as a
    whole, by default read from the files.
    """
    whole = whole or partial(read_dataset, project)
    units = units_of(project)
    if len(units) < WHOLE or not _is_standard(project):
        return check(whole(), known=known, remark=remark)
    limits.allow_for(len(units))

    def findings(kept: Kept) -> list[Finding]:
        parts = _Parts(project, units, kept, known=known, jobs=jobs or cores(), progress=progress)
        try:
            parts.read(full=full)
            parts.judge()
            parts.compare()
            return parts.findings(whole, remark)
        finally:
            kept.close()

    try:
        return findings(Kept(project, remark))
    except sqlite3.Error:  # the disk is full, or the database was damaged unnoticed
        return findings(Kept(project, on_disk=False))


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


class _Parts:
    """The units of a project and their cached results."""

    def __init__(
        self,
        project: Project,
        units: Mapping[str, Unit],
        kept: Kept,
        *,
        known: bool,
        jobs: Workers,
        progress: Progress,
    ) -> None:
        self._project = project
        self._units = units
        self._kept = kept
        self._known = known
        self._jobs = jobs
        self._progress = progress

    def read(self, *, full: bool) -> None:
        """Read the units that changed. Raises InputError for one that cannot be read."""
        made, known = made_of(self._project), self._kept.value("known")
        if full or self._kept.value("made") != made or known != self._known:
            curated = read_curated(self._project)
            with self._kept.changing():
                self._kept.clear()
                self._kept.set_value("made", made)
                self._kept.set_value("known", self._known)
                self._kept.set_value("curated", [sorted(iris) for iris in curated[1:]])
                self._kept.set_words(words_of_leaves(curated))
        states = self._kept.states()
        gone = states.keys() - self._units.keys()
        if gone:
            with self._kept.changing():
                self._kept.forget(gone)
        changed = [name for name, unit in self._units.items() if states.get(name) != unit.state]
        if changed:
            self._read(sorted(changed))

    def _read(self, changed: list[str]) -> None:
        described, mentioned, leaves = map(frozenset, self._kept.value("curated"))
        known, core = described | mentioned, described - leaves
        errors = []
        work = _Reader(self._project, self._units)
        for result in spread(work, _tasks(changed), self._jobs, "reading", self._progress):
            if isinstance(result, str):
                errors.append(result)
                continue
            with self._kept.changing():
                for name, files, read, its_facts in result:
                    others = (read.others - core) | self._kept.worded(read.words)
                    is_shared = not read.own.isdisjoint(known)
                    content = Content(
                        files,
                        read.own - described,
                        others - read.own,
                        read.is_named or is_shared,
                        its_facts,
                    )
                    self._kept.put(name, self._units[name].state, content)
        if errors:
            raise InputError(min(errors, key=_place_of_error))

    def judge(self) -> None:
        """Check the units that are not checked, and the shared files if they changed."""
        with self._kept.changing():
            shared = self._kept.share()
            base = digest(f"{name} {state}" for name, state in sorted(shared.items()))
            if self._kept.value("base") != base:
                self._share(base, shared)
            parts = self._unchecked()
        is_new = self._kept.value("shared") is None
        if not (parts or is_new):
            return
        core = [DataFile(Path(path), _parsed(lines)) for path, lines in self._kept.value("core")]
        tasks = [self._task(names) for names in parts]
        if is_new:
            own = self._paths(shared) | {file.path for file in core}
            tasks.insert(0, _Task(self._texts(shared), [], self._kept.all_leaves(), own))
        work = _Judge(self._project, core, known=self._known)
        results = spread(work, tasks, self._jobs, "checking", self._progress)
        if is_new:
            judged, remarks = next(results)
            with self._kept.changing():
                self._kept.set_value("shared", judged)
                self._kept.set_value("remarks", remarks)
                self._kept.checked([*shared, ""], {}, None)
        of_shared = [{_key(values) for values in kind} for kind in self._kept.value("shared")]
        for names, (judged, _) in zip(parts, results, strict=True):
            by_unit, joint = self._attributed(names, judged, of_shared)
            with self._kept.changing():
                self._kept.checked(names, by_unit, joint)

    def _unchecked(self) -> list[list[str]]:
        """The units to check, those to check together in one list."""
        joint = self._kept.uncheck()
        units = self._kept.unchecked()
        groups = groups_of(units)
        self._kept.group(groups)
        return _parted(groups, units, _things(joint))

    def _share(self, base: str, shared: Collection[str]) -> None:
        """Keep the shared files, and that everything must be checked with them."""
        curated = read_curated(self._project)
        files = chain.from_iterable(map(self._unpacked, self._kept.files_of(shared)))
        whole = shared_of(self._project, curated, files)
        self._kept.set_value("core", [[str(file.path), _lines(file.quads)] for file in whole.core])
        self._kept.set_leaves(
            {
                leaf: [[place, _lines(quads)] for place, quads in about]
                for leaf, about in whole.leaves.items()
            }
        )
        self._kept.put_curated(facts(quad for file in curated.files for quad in file.quads))
        self._kept.set_value("base", base)
        self._kept.set_value("shared", None)
        self._kept.uncheck_all()

    def _task(self, names: list[str]) -> _Task:
        files, leaves = self._kept.files_of(names), self._kept.leaves_of(names)
        return _Task(self._texts(names), files, leaves, self._paths(names))

    def _paths(self, names: Iterable[str]) -> set[Path]:
        return {
            Path(self._project.root, file) for name in names for file in self._units[name].files
        }

    def _texts(self, names: Iterable[str]) -> list[Path]:
        return sorted(path for path in self._paths(names) if path.suffix == ".txt")

    def _unpacked(self, files: bytes) -> list[DataFile]:
        return _unpacked(self._project, files)

    def _attributed(
        self, names: list[str], judged: _Said, of_shared: list[set[_Key]]
    ) -> tuple[dict[str, _Said], _Said | None]:
        """The findings of a part by unit, and the joint ones if there are any."""
        owners = {str(path): name for name in names for path in self._paths([name])}
        by_unit: dict[str, _Said] = {}
        joint: _Said = [[], [], []]
        for kind, findings in enumerate(judged):
            for values in findings:
                owner = owners.get(values[_PATH])
                if owner:
                    by_unit.setdefault(owner, [[], [], []])[kind].append(values)
                elif _key(values) not in of_shared[kind]:
                    joint[kind].append(values)
        return by_unit, joint if any(joint) else None

    def compare(self) -> None:
        """Compare the records that changed with those that have a key in common with them."""
        again, changed = self._kept.stirred(FEW)
        if not again:
            return
        limits.renew()
        names = self._kept.near(again, FEW + changed)
        wanted = again
        if len(names) > _MANY:
            found = judge_across(self._compared(names, NEEDED))
            groups = self._groups(finding for finding, _ in found)
            wanted = {(check, group) for check, _, group in groups} & again
            names = self._kept.near(wanted, FEW + changed)
        found = judge_across(self._compared(names)) if wanted else []
        is_derived = dict(found)
        kept = [
            (unit, check, [*_written(finding), is_derived[finding]])
            for finding, (check, unit, group) in zip(
                is_derived, self._groups(is_derived), strict=True
            )
            if (check, group) in wanted
        ]
        with self._kept.changing():
            self._kept.settle(again, kept)

    def _compared(self, names: Collection[str], properties: Collection[str] = ()) -> Dataset:
        """The statements of units and of the shared files, or those with some properties."""
        leaves = [unpacked(files) for files in self._kept.leaves_of(names)]
        core = [
            DataFile(Path(path), _parsed(lines, properties))
            for path, lines in self._kept.value("core")
        ]
        files = with_leaves(
            core,
            ((place, _parsed(lines, properties)) for about in leaves for place, lines in about),
        )
        for content in self._kept.files_of(names):
            files += _unpacked(self._project, content, properties)
        return Dataset(self._project, in_order(self._project, files), [], infers=not properties)

    def _groups(self, findings: Iterable[Finding]) -> Iterator[tuple[str, str, str]]:
        """Of each finding the check, and the unit and the group of its file."""
        listed = list(findings)
        units = [self._unit_of(finding.path) for finding in listed]
        groups = self._kept.groups_of(set(units))
        for finding, unit in zip(listed, units, strict=True):
            yield finding.check, unit, groups[unit]

    def _unit_of(self, path: Path | None) -> str:
        """The unit that a file is of, or that of the curated files."""
        name = os.path.relpath(path or ".", self._project.root).replace(os.sep, "/")
        if not name.endswith(".yaml"):
            name = name.removesuffix(".trig").removesuffix(".passages")
        return name if name in self._units else ""

    def findings(
        self, whole: Callable[[], Dataset], remark: Callable[[str], None]
    ) -> list[Finding]:
        """All findings to report; those of ``whole`` if an unknown name may be inferred."""
        for text in self._kept.value("remarks") or ():
            remark(text)
        judged = self._judged()
        unknown = {finding.value for finding, _ in judged.asked if finding.check == UNKNOWN}
        if any(local_name(name).startswith(_NAMED_BY_RULES) for name in unknown):
            return check(whole(), known=self._known, remark=remark)
        return findings_of([judged], self._project, lambda: self._names(unknown))

    def _judged(self) -> Judged:
        """All findings, with repetitions."""
        found = [self._kept.value("shared"), *self._kept.findings()]
        direct, asked, shapes = ([*chain(*kind)] for kind in zip(*found, strict=True))
        asked += self._kept.compared()
        return Judged(
            [_finding(values) for values in direct],
            [(_finding(values), is_derived) for *values, is_derived in asked],
            [_finding(values) for values in shapes],
        )

    def _names(self, unknown: Iterable[str]) -> Store:
        """A store of the labels of all things of the kinds of unknown ones, for suggestions."""
        kinds = {f"{ID}{local_name(name).partition('-')[0]}-" for name in unknown}
        units = {unit for kind in kinds for unit in self._kept.describing(kind)}
        naming = [f"<{name.value}>" for name in NAMING]
        lines = [lines for _, lines in self._kept.value("core")]
        for files in (*self._kept.all_leaves(), *self._kept.files_of(units)):
            lines += [lines for _, lines in unpacked(files)]
        store = Store()
        store.extend(quad for text in lines for quad in _parsed(text, naming))
        return store


class _Task(NamedTuple):
    """Units to check: their texts and packed files, those of leaves, and all their paths."""

    texts: list[Path]
    files: list[bytes]
    leaves: list[bytes]
    own: set[Path]


_Said = list[list[list[Any]]]
"""The findings of the three kinds of ``Judged`` as JSON."""
_Key = tuple[Any, ...]
_THING, _VALUE, _PATH = map(Finding._fields.index, ("thing", "value", "path"))


class _Reader:
    """Reads units: their packed files, what they say and their facts, or an error message."""

    def __init__(self, project: Project, units: Mapping[str, Unit]) -> None:
        self._project = project
        self._units = units

    def __call__(self, names: list[str]) -> list[tuple[str, bytes, Said, frozenset[Fact]]] | str:
        try:
            return [self._content(name, files) for name, files in self._read(names).items()]
        except InputError as error:
            return str(error)

    def _content(
        self, name: str, files: list[DataFile]
    ) -> tuple[str, bytes, Said, frozenset[Fact]]:
        quads = [quad for file in files for quad in file.quads]
        return name, packed(self._written(files)), said(quads), facts(quads)

    def _written(self, files: list[DataFile]) -> list[list[str]]:
        root = self._project.root
        return [
            [os.path.relpath(file.path, root).replace(os.sep, "/"), _lines(file.quads)]
            for file in files
        ]

    def _read(self, names: list[str]) -> dict[str, list[DataFile]]:
        """The files of units; all records in one call."""
        root = self._project.root
        paths = {name: [Path(root, file) for file in self._units[name].files] for name in names}
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


class _Judge:
    """Checks units with the shared files: the findings, and remarks about the shapes."""

    def __init__(self, project: Project, core: list[DataFile], *, known: bool) -> None:
        self._project = project
        self._core = core
        self._known = known

    def __call__(self, task: _Task) -> tuple[_Said, list[str]]:
        leaves = (each for about in map(unpacked, task.leaves) for each in about)
        shared = with_leaves(self._core, ((place, _parsed(lines)) for place, lines in leaves))
        own = [file for files in task.files for file in _unpacked(self._project, files)]
        dataset = Dataset(self._project, in_order(self._project, [*shared, *own]), task.texts)
        remarks: list[str] = []
        judged = judge(
            dataset, own=task.own, labels=not own, known=self._known, remark=remarks.append
        )
        found = [
            [_written(finding) for finding in judged.direct],
            [[*_written(finding), is_derived] for finding, is_derived in judged.asked],
            [_written(finding) for finding in judged.shapes],
        ]
        return found, remarks


def _tasks(names: list[str]) -> list[list[str]]:
    """Units to read together, records and texts apart."""
    records = [name for name in names if name.endswith(".yaml")]
    texts = [name for name in names if not name.endswith(".yaml")]
    return [
        some[start : start + _READ_TOGETHER]
        for some in (records, texts)
        for start in range(0, len(some), _READ_TOGETHER)
    ]


def _things(joint: Iterable[_Said]) -> set[str]:
    """The things that joint findings are about."""
    findings = (values for said in joint for kind in said for values in kind)
    return {values[place] for values in findings for place in (_THING, _VALUE)}


def _parted(
    groups: Iterable[list[str]],
    units: Mapping[str, tuple[list[str], list[str]]],
    things: Collection[str],
) -> list[list[str]]:
    """The units of groups, as many together as are checked at once.

    Those that mention ``things`` are apart, so that the joint findings, which are probably theirs,
    do not cause others to be checked again.
    """
    apart: list[list[str]] = []
    others: list[list[str]] = []
    for names in groups:
        is_apart = any(iri in things for name in names for iris in units[name] for iri in iris)
        parts = apart if is_apart else others
        if not parts or len(parts[-1]) >= TOGETHER:
            parts.append([])
        parts[-1] += names
    return apart + others


def _place_of_error(message: str) -> tuple[bool, str]:
    """The order in which the files of a project are read: first those of texts."""
    return ".yaml:" in message, message


def _lines(quads: Iterable[Quad]) -> str:
    return "".join(f"{quad} .\n" for quad in quads)


def _parsed(lines: str, properties: Collection[str] = ()) -> tuple[Quad, ...]:
    """The quads of lines, or those with some properties."""
    if properties:
        kept = (
            line for line in lines.splitlines(keepends=True) if line.split(" ", 2)[1] in properties
        )
        lines = "".join(kept)
    return tuple(parse(lines, RdfFormat.N_QUADS, lenient=True))


def _unpacked(project: Project, files: bytes, properties: Collection[str] = ()) -> list[DataFile]:
    return [
        DataFile(Path(project.root, file), _parsed(lines, properties))
        for file, lines in unpacked(files)
    ]


def _written(finding: Finding) -> list[Any]:
    return [str(value) if isinstance(value, Path) else value for value in finding]


def _key(values: list[Any]) -> _Key:
    return tuple(values)


def _finding(values: list[Any]) -> Finding:
    finding = Finding(*values)
    return finding._replace(path=Path(finding.path) if finding.path else None)
