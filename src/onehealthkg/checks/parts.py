"""The checks of a large project, of which only what has changed is checked (``dataset.divided``).

1. The units that changed are read, and divided into groups.
2. Groups are checked together with the shared files, some at a time (``Divided.parts_of``): each
   such part costs as much as all shared files. A finding belongs to the unit whose file it is in.
   One in a shared file or in none is *joint*: if a unit of its part changes, the part is checked
   again.
3. Records are compared with those with which they have a key in common (``dataset.keys``).

All results are cached (``kept_findings``) as soon as they exist, so that a check that was killed is
continued, and before repetitions are left out, so that ``findings_of`` sees all of them. The
inferences of a part are kept too, as the check derives them anyway.

A project with fewer than ``WHOLE`` units, or with its own rules, checks or shapes, is checked as a
whole, and so is a project in which an unknown name may be that of a thing with an inferred label.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from onehealthkg import limits
from onehealthkg.checks.check import (
    UNKNOWN,
    Judged,
    check,
    findings_of,
    judge,
    judge_across,
    meant_in,
)
from onehealthkg.checks.findings import Finding
from onehealthkg.checks.kept_findings import KeptFindings
from onehealthkg.dataset.database import unpacked
from onehealthkg.dataset.dataset import DataFile, Dataset, files_outside, read_dataset
from onehealthkg.dataset.divided import Divided, with_kept
from onehealthkg.dataset.jobs import Progress, Workers, cores, silent, spread
from onehealthkg.dataset.kept import CURATED
from onehealthkg.dataset.keys import FEW, NEEDED
from onehealthkg.dataset.parts import groups_of, in_order, with_leaves
from onehealthkg.dataset.tasks import Task, dataset_of, inferences_of
from onehealthkg.dataset.unit_reader import quads_of, unpacked_files
from onehealthkg.dataset.units import Unit, digest, is_large, name_of, record_units, units_of
from onehealthkg.errors import InputError
from onehealthkg.labels import NAMING
from onehealthkg.names import ID, local_name
from onehealthkg.paths import Project

_MANY = 1000  # units to compare: more are first compared only by their needed statements
_NAMED_BY_RULES = ("alternative", "funding", "signature")


def check_project(
    project: Project,
    only: Collection[Path] = (),
    *,
    known: bool = True,
    full: bool = False,
    jobs: Workers = 0,
    whole: Callable[[], Dataset] | None = None,
    remark: Callable[[str], None] = lambda _: None,
    progress: Progress = silent,
) -> list[Finding]:
    """The findings of all checks in a project, or in some of its files; as ``check``.

    ``full`` ignores cached results; ``jobs`` is the number of processes, 0 for one per core, or a
    function that has the work done elsewhere; ``whole`` gives the dataset if it is checked as a
    whole, by default read from the files. Files outside the project are checked as if they were in
    it; such records in parts, others with the whole project.
    """
    whole = whole or partial(read_dataset, project, only)
    units = units_of(project)
    others = files_outside(project, only) if only else []
    outside = record_units(project, others)
    is_in_parts = is_large(project, units, "ontology/checks/", "ontology/shapes.ttl")
    if not is_in_parts or len(outside) < len(others):
        return check(whole(), only, known=known, remark=remark)
    units |= outside
    limits.allow_for(len(units))

    def findings(kept: KeptFindings) -> list[Finding]:
        parts = _Parts(project, units, kept, known=known, jobs=jobs, progress=progress)
        parts.read(full=full)
        parts.judge()
        parts.compare()
        return parts.findings(whole, only, remark)

    given = {Path(project.root, name_of(project, path)): path for path in others}
    try:
        found = with_kept(KeptFindings, project, findings, remark)
    except InputError as error:
        message = str(error)
        for path, named in given.items():
            message = message.replace(str(path), str(named))
        raise InputError(message) from None
    return [
        finding._replace(path=finding.path and given.get(finding.path, finding.path))
        for finding in found
    ]


class _Parts:
    """The units of a project and their cached results."""

    def __init__(
        self,
        project: Project,
        units: Mapping[str, Unit],
        kept: KeptFindings,
        *,
        known: bool,
        jobs: Workers,
        progress: Progress,
    ) -> None:
        self._project = project
        self._units = units
        self._kept = kept
        self._known = known
        self._jobs = jobs or cores()
        self._progress = progress
        self._divided = Divided(project, units, kept, jobs, progress)

    def read(self, *, full: bool) -> None:
        """Read the units that changed. Raises InputError for one that cannot be read."""
        self._divided.read(full=full)
        if self._kept.value("known") != self._known:
            with self._kept.changing():
                self._kept.set_value("known", self._known)
                self._kept.set_value("shared", None)
                self._kept.uncheck_all()

    def judge(self) -> None:
        """Check the units that are not checked, and the shared files if they changed."""
        with self._kept.changing():
            parts = self._unchecked()
        is_new = self._kept.value("shared") is None
        if not (parts or is_new):
            return
        core = self._divided.core()
        tasks = [self._divided.task(names) for names in parts]
        if is_new:
            tasks.insert(0, self._divided.task_of_shared(core))
        work = _Judge(self._project, core, known=self._known)
        results = spread(work, tasks, self._jobs, "checking", self._progress)
        if is_new:
            judged, remarks, inferred = next(results)
            with self._kept.changing():
                self._divided.keep_inferences(tasks[0], inferred)
                self._kept.set_value("shared", judged)
                self._kept.set_value("remarks", remarks)
                self._kept.checked([*self._kept.shared(), CURATED], {}, None)
        of_shared = [{_key(values) for values in kind} for kind in self._kept.value("shared")]
        for task, (judged, _, inferred) in zip(tasks[is_new:], results, strict=True):
            by_unit, joint = self._attributed(task, judged, of_shared)
            with self._kept.changing():
                self._divided.keep_inferences(task, inferred)
                self._kept.checked(task.names, by_unit, joint)

    def _unchecked(self) -> list[list[str]]:
        """The units to check, those to check together in one list.

        Those that mention the things of joint findings, which are probably theirs, are apart, so
        that these findings do not cause others to be checked again.
        """
        joint = self._kept.uncheck()
        units, things = self._kept.unchecked(), _things(joint)
        apart: list[list[str]] = []
        others: list[list[str]] = []
        for names in groups_of(units):
            is_apart = any(iri in things for name in names for iris in units[name] for iri in iris)
            (apart if is_apart else others).append(names)
        return [*self._divided.parts_of(apart), *self._divided.parts_of(others)]

    def _attributed(
        self, task: Task, judged: _Said, of_shared: list[set[_Key]]
    ) -> tuple[dict[str, _Said], _Said | None]:
        """The findings of a part by unit, and the joint ones if there are any."""
        owners = {str(path): name for path, name in task.owners.items()}
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
            DataFile(Path(path), quads_of(lines, properties))
            for path, lines in self._kept.value("core")
        ]
        files = with_leaves(
            core,
            ((place, quads_of(lines, properties)) for about in leaves for place, lines in about),
        )
        for content in self._kept.files_of(names):
            files += unpacked_files(self._project, content, properties)
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
        name = name_of(self._project, path) if path else ""
        if not name.endswith(".yaml"):
            name = name.removesuffix(".trig").removesuffix(".passages")
        return name if name in self._units else ""

    def findings(
        self,
        whole: Callable[[], Dataset],
        only: Collection[Path],
        remark: Callable[[str], None],
    ) -> list[Finding]:
        """The findings to report; those of ``whole`` if an unknown name may be inferred."""
        for text in self._kept.value("remarks") or ():
            remark(text)
        judged = self._judged()
        unknown = {finding.value for finding, _ in judged.asked if finding.check == UNKNOWN}
        if any(local_name(name).startswith(_NAMED_BY_RULES) for name in unknown):
            return check(whole(), only, known=self._known, remark=remark)
        return findings_of([judged], self._project, self._meant, only)

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

    def _meant(self, unknown: list[str]) -> dict[str, str]:
        """The suggestions for unknown names, kept until a thing of their kinds may have changed."""
        kinds = {f"{ID}{local_name(name).partition('-')[0]}-" for name in unknown}
        units = sorted({unit for kind in kinds for unit in self._kept.describing(kind)})
        states = [f"{unit} {self._units[unit].state}" for unit in units]
        made_of = digest([self._kept.value("base"), *unknown, *states])
        if self._kept.value("meant of") != made_of:
            meant = meant_in(self._names(units), unknown)
            with self._kept.changing():
                self._kept.set_value("meant", meant)
                self._kept.set_value("meant of", made_of)
        kept: dict[str, str] = self._kept.value("meant")
        return kept

    def _names(self, units: Iterable[str]) -> Store:
        """A store of the labels of all shared things, and of those that units describe."""
        naming = [f"<{name.value}>" for name in NAMING]
        lines = [lines for _, lines in self._kept.value("core")]
        for files in (*self._kept.all_leaves(), *self._kept.files_of(units)):
            lines += [lines for _, lines in unpacked(files)]
        store = Store()
        store.extend(quad for text in lines for quad in quads_of(text, naming))
        return store


_Said = list[list[list[Any]]]
"""The findings of the three kinds of ``Judged`` as JSON."""
_Key = tuple[Any, ...]
_THING, _VALUE, _PATH = map(Finding._fields.index, ("thing", "value", "path"))


class _Judge:
    """Checks units with the shared files: the findings, remarks on shapes, and inferences."""

    def __init__(self, project: Project, core: list[DataFile], *, known: bool) -> None:
        self._project = project
        self._core = core
        self._known = known

    def __call__(self, task: Task) -> tuple[_Said, list[str], dict[str, str]]:
        dataset = dataset_of(self._project, self._core, task)
        remarks: list[str] = []
        judged = judge(
            dataset,
            own=task.owners.keys(),
            labels=not task.names,
            known=self._known,
            remark=remarks.append,
        )
        found = [
            [_written(finding) for finding in judged.direct],
            [[*_written(finding), is_derived] for finding, is_derived in judged.asked],
            [_written(finding) for finding in judged.shapes],
        ]
        return found, remarks, inferences_of(dataset, task)


def _things(joint: Iterable[_Said]) -> set[str]:
    """The things that joint findings are about."""
    findings = (values for said in joint for kind in said for values in kind)
    return {values[place] for values in findings for place in (_THING, _VALUE)}


def _written(finding: Finding) -> list[Any]:
    return [str(value) if isinstance(value, Path) else value for value in finding]


def _key(values: list[Any]) -> _Key:
    return tuple(values)


def _finding(values: list[Any]) -> Finding:
    finding = Finding(*values)
    return finding._replace(path=Path(finding.path) if finding.path else None)
