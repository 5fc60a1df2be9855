"""The work on some units of a large project, together with its shared files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from onehealthkg.dataset.database import unpacked
from onehealthkg.dataset.dataset import DataFile, Dataset
from onehealthkg.dataset.kept import CURATED
from onehealthkg.dataset.parts import in_order, with_leaves
from onehealthkg.dataset.rules import describe, describe_inferences
from onehealthkg.dataset.unit_reader import lines_of, quads_of, unpacked_files
from onehealthkg.paths import Project


class Task(NamedTuple):
    """Units to work on together: names, packed files, those of leaves, and the unit of each path.

    Without ``names`` it is about the shared files.
    """

    names: list[str]
    files: list[bytes]
    leaves: list[bytes]
    owners: dict[Path, str]

    @property
    def texts(self) -> list[Path]:
        """The archived texts of the units."""
        return sorted(path for path in self.owners if path.suffix == ".txt")


def dataset_of(project: Project, core: Iterable[DataFile], task: Task) -> Dataset:
    """The dataset of the units of a task, with the shared files and their inferences."""
    leaves = (about for packed in task.leaves for about in unpacked(packed))
    shared = with_leaves(core, ((place, quads_of(lines)) for place, lines in leaves))
    own = [file for files in task.files for file in unpacked_files(project, files)]
    return Dataset(project, in_order(project, [*shared, *own]), task.texts)


def inferences_of(dataset: Dataset, task: Task) -> dict[str, str]:
    """The lines of the inferences in the dataset of a task, by the unit that they belong to."""
    if not task.names:
        return {CURATED: lines_of(describe(dataset.inferences, dataset.rules))}
    owners = {
        quad.graph_name: task.owners[file.path]
        for file in dataset.files
        if file.path in task.owners
        for quad in file.quads
    }
    lines: dict[str, str] = {}
    for inference in dataset.inferences:
        units = [owners[source] for source in inference.sources if source in owners]
        if units:
            name = min(units)
            lines[name] = lines.get(name, "") + lines_of(describe_inferences([inference]))
    return lines


class Inferrer:
    """Derives the inferences from units, with the shared files."""

    def __init__(self, project: Project, core: list[DataFile]) -> None:
        self._project = project
        self._core = core

    def __call__(self, task: Task) -> dict[str, str]:
        """The lines of the inferences, by unit."""
        return inferences_of(dataset_of(self._project, self._core, task), task)
