"""A large project, read and inferred from in parts, of which only what has changed (``parts``).

1. The units whose files changed are read, by several processes.
2. They, and the units that have something in common with them, are divided into groups.
3. The inferences from groups are derived together with the shared files, some groups at a time
   (``parts_of``), as each such part costs as much as all shared files. An inference belongs to the
   first unit that has one of its premises.

All is done again when the program, the ontology or a shared file changes. All results are kept
(``kept``) as soon as they exist, so that a process that was killed is continued.

A project with fewer than ``units.WHOLE`` units, or with its own rules, is read as a whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Quad

from onehealthkg import limits
from onehealthkg.dataset.database import not_kept, unpacked
from onehealthkg.dataset.dataset import DataFile, read_dataset
from onehealthkg.dataset.jobs import Progress, Workers, cores, silent, spread
from onehealthkg.dataset.kept import CURATED, Content, Kept
from onehealthkg.dataset.keys import facts
from onehealthkg.dataset.parts import (
    groups_of,
    read_curated,
    shared_of,
    words_of_leaves,
)
from onehealthkg.dataset.tasks import Inferrer, Task
from onehealthkg.dataset.unit_reader import (
    Reader,
    lines_of,
    place_of_error,
    quads_of,
    reading_tasks,
    unpacked_files,
)
from onehealthkg.dataset.units import Unit, digest, is_large, made_of, units_of
from onehealthkg.errors import InputError
from onehealthkg.paths import Project, kept_folder

TOGETHER = 500  # units in a part
_LARGE = 1 << 20  # bytes of packed files in a part, some 150 MB of memory

_Kept = TypeVar("_Kept", bound=Kept)
_Result = TypeVar("_Result")


class Divided:
    """The units of a project and what is kept of them."""

    def __init__(
        self,
        project: Project,
        units: Mapping[str, Unit],
        kept: Kept,
        jobs: Workers = 0,
        progress: Progress = silent,
    ) -> None:
        self._project = project
        self._units = units
        self.kept = kept
        self._jobs = jobs or cores()
        self._progress = progress

    def read(self, *, full: bool = False) -> None:
        """Read the units that changed. Raises InputError for one that cannot be read."""
        made = made_of(self._project)
        if full or self.kept.value("made") != made:
            curated = read_curated(self._project)
            with self.kept.changing():
                self.kept.clear()
                self.kept.set_value("made", made)
                self.kept.set_value("curated", [sorted(iris) for iris in curated[1:]])
                self.kept.set_words(words_of_leaves(curated))
        states = self.kept.states()
        gone = states.keys() - self._units.keys()
        if gone:
            with self.kept.changing():
                self.kept.forget(gone)
        changed = {
            name: unit
            for name, unit in sorted(self._units.items())
            if states.get(name) != unit.state
        }
        if changed:
            self._read(changed)
        with self.kept.changing():
            self._divide()

    def _read(self, changed: Mapping[str, Unit]) -> None:
        described, mentioned, leaves = map(frozenset, self.kept.value("curated"))
        known, core = described | mentioned, described - leaves
        errors = []
        work = Reader(self._project)
        for result in spread(work, reading_tasks(changed), self._jobs, "reading", self._progress):
            if isinstance(result, str):
                errors.append(result)
                continue
            with self.kept.changing():
                for name, files, read, its_facts in result:
                    others = (read.others - core) | self.kept.worded(read.words)
                    is_shared = not read.own.isdisjoint(known)
                    content = Content(
                        files,
                        read.own - described,
                        others - read.own,
                        read.is_named or is_shared,
                        its_facts,
                    )
                    self.kept.put(name, changed[name].state, content)
        if errors:
            raise InputError(min(errors, key=place_of_error))

    def _divide(self) -> None:
        """Find the shared units, and the groups of the others."""
        shared = self.kept.share()
        base = digest(f"{name} {state}" for name, state in sorted(shared.items()))
        if self.kept.value("base") != base:
            self._share(base, shared)
        self.kept.group(groups_of(self.kept.ungroup()))

    def _share(self, base: str, shared: Collection[str]) -> None:
        """Keep the shared files, and that everything depends on them."""
        curated = read_curated(self._project)
        files = chain.from_iterable(
            unpacked_files(self._project, packed) for packed in self.kept.files_of(shared)
        )
        whole = shared_of(self._project, curated, files)
        core = [[str(file.path), lines_of(file.quads)] for file in whole.core]
        self.kept.set_value("core", core)
        self.kept.set_leaves(
            {
                leaf: [[place, lines_of(quads)] for place, quads in about]
                for leaf, about in whole.leaves.items()
            }
        )
        self.kept.put_curated(facts(quad for file in curated.files for quad in file.quads))
        self.kept.set_value("base", base)
        self.kept.set_value("shared", None)
        self.kept.reset()

    # Work on units, together with the shared files

    def core(self) -> list[DataFile]:
        """The shared files, without what they say about leaves."""
        return [DataFile(Path(path), quads_of(lines)) for path, lines in self.kept.value("core")]

    def task(self, names: list[str]) -> Task:
        """The work on some units."""
        files, leaves = self.kept.files_of(names), self.kept.leaves_of(names)
        return Task(names, files, leaves, self._owners(names))

    def task_of_shared(self, core: Iterable[DataFile]) -> Task:
        """The work on the shared files."""
        shared = self.kept.shared()
        owners = {file.path: CURATED for file in core} | dict.fromkeys(
            self._owners(shared), CURATED
        )
        return Task([], [], self.kept.all_leaves(), owners)

    def _owners(self, names: Iterable[str]) -> dict[Path, str]:
        return {
            Path(self._project.root, file): name
            for name in names
            for file in self._units[name].files
        }

    def parts_of(self, groups: Iterable[list[str]]) -> list[list[str]]:
        """The units of whole groups, as many together as are worked on at once."""
        parts: list[list[str]] = []
        size = 0
        for names in groups:
            if not parts or len(parts[-1]) >= TOGETHER or size >= _LARGE:
                parts.append([])
                size = 0
            parts[-1] += names
            size += self.kept.size_of(names)
        return parts

    def infer(self) -> None:
        """Derive the inferences from the units that have none."""
        groups = self.kept.to_infer_from()
        if not groups:
            return
        core = self.core()
        has_shared = groups.pop(CURATED, None)
        tasks = [self.task(names) for names in self.parts_of(groups.values())]
        if has_shared:
            tasks.insert(0, self.task_of_shared(core))
        work = Inferrer(self._project, core)
        results = spread(work, tasks, self._jobs, "inferring", self._progress)
        for task, lines in zip(tasks, results, strict=True):
            with self.kept.changing():
                self.keep_inferences(task, lines)

    def keep_inferences(self, task: Task, lines: Mapping[str, str]) -> None:
        """Keep the lines of the inferences in a task, by unit."""
        names = task.names or [CURATED, *self.kept.shared()]
        self.kept.infer({name: lines.get(name, "") for name in names})

    def graph(self) -> Iterator[str]:
        """The whole graph as lines of N-Quads, some of them more than once, a unit at a time."""
        yield from (lines for _, lines in self.kept.value("core"))
        yield from (lines for about in self.kept.all_leaves() for _, lines in unpacked(about))
        units, _ = self.kept.counts()
        for number, unit in enumerate(self.kept.graph(), start=1):
            limits.renew()
            self._progress("writing", number, units)
            yield from unit


def with_graph(
    project: Project,
    units: Mapping[str, Unit],
    work: Callable[[Divided], _Result],
    jobs: Workers = 0,
    progress: Progress = silent,
) -> _Result:
    """The result of work on a project that was read and inferred from; InputError as ``read``."""
    limits.allow_for(len(units))

    def read(kept: Kept) -> _Result:
        divided = Divided(project, units, kept, jobs, progress)
        divided.read()
        divided.infer()
        return work(divided)

    return with_kept(Kept, project, read, lambda sentence: progress(sentence, 0, 0))


def all_quads(project: Project) -> list[Quad]:
    """All quads of a project, read and derived, each once, literals as they are written.

    Those of a large project are taken from the database. Raises InputError if a file cannot be
    read.
    """
    units = units_of(project)
    if not is_large(project, units):
        return list(dict.fromkeys(read_dataset(project).quads))

    def quads(divided: Divided) -> list[Quad]:
        return list(dict.fromkeys(quad for text in divided.graph() for quad in quads_of(text)))

    return with_graph(project, units, quads)


def with_kept(
    database: type[_Kept],
    project: Project,
    work: Callable[[_Kept], _Result],
    remark: Callable[[str], object],
) -> _Result:
    """The result of work with a database of a project, on disk, or else in memory."""

    def done(kept: _Kept) -> _Result:
        try:
            return work(kept)
        finally:
            kept.close()

    try:
        return done(database(project, remark))
    except sqlite3.Error as error:  # the disk is full, or the database was damaged unnoticed
        remark(not_kept(Path(kept_folder(project)), error))
        return done(database(project, remark, on_disk=False))
