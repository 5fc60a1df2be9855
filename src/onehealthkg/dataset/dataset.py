"""The dataset: all files of a project as quads, and the store built from them.

Every quad has a home, a named graph: a passage, a record, an inference or a curated graph. A
Turtle file ``data/<stem>.ttl`` is the curated graph ``graph/<stem>``, the ontology is its own
graph, TriG files name theirs; a YAML file ``data/partnerships/<stem>.yaml`` is ``record/<stem>``.
The mappings are the curated graph ``graph/links``.

The store holds each quad twice: in its named graph, and in the default graph, which is thus the RDF
merge of all graphs (https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges): each
fact once, however many sentences state it. The quads beside it keep literals as they are written;
the store rewrites some (P18M to P1Y6M).
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import (
    CanonicalizationAlgorithm,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)
from pyoxigraph import Dataset as QuadSet

from onehealthkg import limits
from onehealthkg.dataset.kept import kept_files
from onehealthkg.dataset.rules import derive, describe, read_rule
from onehealthkg.errors import InputError
from onehealthkg.mappings.graph import link_quads
from onehealthkg.names import GRAPH, INFERENCE, ONTOLOGY
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import nquads, read_quads
from onehealthkg.records.reader import read_records
from onehealthkg.terms import in_graph

_RECORDS = 500  # in a task


class DataFile(NamedTuple):
    """A file and its quads, each in its named graph; quads without one are in the default graph."""

    path: Path
    quads: tuple[Quad, ...]


class Dataset:
    """The files of a project, the inferences of its rules, and a store over both.

    ``texts`` are the archived texts that belong to the files, by default all of the project.
    Without ``infers`` the rules are not applied.
    """

    def __init__(
        self,
        project: Project,
        files: Iterable[DataFile],
        texts: Iterable[Path] | None = None,
        *,
        infers: bool = True,
    ) -> None:
        limits.renew()
        self.project = project
        self.files = tuple(files)
        self.texts = project.texts if texts is None else list(texts)
        self.store = Store()
        for file in self.files:
            _add(self.store, file.quads)
        self.rules = [read_rule(path) for path in project.rules if infers]
        self.inferences = derive(self.store, self.rules)
        self.derived = describe(self.inferences, self.rules)
        _add(self.store, self.derived)

    @property
    def quads(self) -> Iterator[Quad]:
        """All quads, read and derived, literals as they are written."""
        for file in self.files:
            yield from file.quads
        yield from self.derived

    @cached_property
    def version(self) -> str:
        """The version of its quads."""
        return version_of(self.quads)


def version_of(quads: Iterable[Quad]) -> str:
    """The SHA-256 of the canonical N-Quads (https://www.w3.org/TR/rdf-canon/), in hex."""
    lines = nquads(quads)
    if b"_:" in lines:  # without blank nodes, sorted lines are canonical
        canonical = QuadSet(parse(lines, format=RdfFormat.N_QUADS, lenient=True))
        canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = nquads(canonical)
    return sha256(lines).hexdigest()


def read_dataset(
    project: Project, extra: Iterable[Path] = (), each: Callable[..., Iterable[Any]] = map
) -> Dataset:
    """The dataset of a project, with further files if given.

    ``each`` applies a function to tasks, in order, as ``map`` does: the ``map`` of an executor
    reads the files elsewhere.

    Statements of a further file that the project already has are left out, so a whole export adds
    nothing.

    The further files are read first, so that one that cannot be read is named at once.

    Raises InputError for the first file that cannot be read, and for a project without data.
    """
    paths = files_of(project)
    if len(paths) == 1:
        raise InputError(f"{project.root}: there is no data/*.ttl and no data/sources/*.trig here.")
    limits.allow_for(len(paths))
    known = {os.path.realpath(path) for path in paths}
    places = {os.path.realpath(path): path for path in extra}
    others = [path for place, path in places.items() if place not in known]
    further = {path: read_quads(path) for path in others if path.suffix != ".yaml"}
    kept = _kept(project) if each is map else {}
    tasks = _tasks([path for path in paths if path not in kept])
    kept |= {file.path: file for some in each(partial(_read, project), tasks) for file in some}
    files = [kept[path] for path in paths]
    if project.links_file.exists():
        read = (quad for file in files for quad in file.quads)
        files.append(DataFile(project.links_file, link_quads(project.links_file, read)))
    if not others:
        return Dataset(project, files)
    written = [path for path in others if path.suffix == ".yaml"]
    files += [DataFile(path, tuple(quads)) for path, quads in read_records(project, written)]
    return _with_further(project, files, further)


def files_of(project: Project) -> list[Path]:
    """The files of a project that are read: the ontology, and those in data/."""
    return [project.ontology_file, *project.curated, *project.statements, *project.records]


def files_outside(project: Project, paths: Collection[Path]) -> list[Path]:
    """The files that do not belong to a project, by whatever path they are named."""
    names = {path.name for path in paths}
    own = {os.path.realpath(path) for path in files_of(project) if path.name in names}
    return [path for path in paths if os.path.realpath(path) not in own]


def _with_further(
    project: Project, files: list[DataFile], further: dict[Path, list[Quad]]
) -> Dataset:
    """The dataset of some files and further ones, with inferences derived only once if possible.

    Inferences from the files alone are needed only if a further file has statements that may be
    such inferences.
    """
    known = {quad for file in files for quad in file.quads}
    dataset = None
    if any(_may_be_inferred(quad, known) for quads in further.values() for quad in quads):
        dataset = Dataset(project, files)
        known |= set(dataset.derived)
    added = list(_further(project, known, further))
    if dataset is None or any(file.quads for file in added):
        return Dataset(project, [*files, *added])
    dataset.files += tuple(added)
    return dataset


def _may_be_inferred(quad: Quad, known: set[Quad]) -> bool:
    """Whether a quad is not read but may be what a rule infers."""
    if quad.graph_name == DefaultGraph():
        return True
    home = str(getattr(quad.graph_name, "value", ""))
    return home.startswith((INFERENCE, GRAPH + "inferences")) and quad not in known


def _kept(project: Project) -> dict[Path, DataFile]:
    """The unchanged files that a check of a large project has read."""
    files = {Path(project.root, name): lines for name, lines in kept_files(project)}
    return {
        path: DataFile(path, tuple(parse(lines, RdfFormat.N_QUADS, lenient=True)))
        for path, lines in files.items()
    }


def _tasks(paths: Iterable[Path]) -> list[list[Path]]:
    """The files in tasks: the records some hundred at a time, as they are read at once."""
    written = [path for path in paths if path.suffix == ".yaml"]
    others = [[path] for path in paths if path.suffix != ".yaml"]
    starts = range(0, len(written), _RECORDS)
    return [*others, *(written[start : start + _RECORDS] for start in starts)]


def _read(project: Project, paths: list[Path]) -> list[DataFile]:
    """The files of a task: records, or others."""
    limits.renew()
    if paths[0].suffix != ".yaml":
        return [read_data_file(project, path) for path in paths]
    return [DataFile(path, tuple(quads)) for path, quads in read_records(project, paths)]


def _further(
    project: Project, known: set[Quad], read: dict[Path, list[Quad]]
) -> Iterator[DataFile]:
    """Further files, without the known quads, or the known triples outside a graph."""
    triples = {quad.triple for quad in known}
    for path, quads in read.items():
        has_graphs = any(quad.graph_name != DefaultGraph() for quad in quads)
        new = (
            quad
            for quad in _at_home(project, path, quads)
            if (quad not in known if has_graphs else quad.triple not in triples)
        )
        yield DataFile(path, tuple(new))


def read_data_file(project: Project, path: Path) -> DataFile:
    """A file with its quads in their named graphs; InputError as ``read_quads``."""
    return DataFile(path, tuple(_at_home(project, path, read_quads(path))))


def _at_home(project: Project, path: Path, quads: list[Quad]) -> list[Quad]:
    """The quads of a file; those of Turtle in the graph that the file is."""
    if path.suffix != ".ttl":
        return quads
    home = NamedNode(ONTOLOGY) if path == project.ontology_file else _home(path)
    return [in_graph(quad, home) for quad in quads]


def _home(path: Path) -> NamedNode:
    try:
        return NamedNode(GRAPH + path.stem)
    except ValueError:
        raise InputError(
            f"{path}: rename the file, with letters, digits and hyphens only, as in "
            "organisations.ttl: the name becomes part of an IRI."
        ) from None


def _add(store: Store, quads: Iterable[Quad]) -> None:
    merged = DefaultGraph()
    store.extend([copy for quad in quads for copy in (quad, in_graph(quad, merged))])
