"""The graph of a project as files: checked, with its inferences, the same bytes on every run."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode

from onehealthkg.checks.check import check
from onehealthkg.checks.findings import Finding
from onehealthkg.checks.parts import check_project
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.dataset.jobs import Progress, silent
from onehealthkg.dataset.unit_reader import lines_of
from onehealthkg.dataset.units import is_large, units_of
from onehealthkg.evidence.evidence import EVIDENCE_KINDS, graph_evidence
from onehealthkg.exports.build_in_parts import build_in_parts, read_checked_parts
from onehealthkg.exports.built import NAME, Built, refuse_violations
from onehealthkg.files import write_all
from onehealthkg.names import OH, RDF_TYPE
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import nquads, trig

_TYPE, _PASSAGE = NamedNode(RDF_TYPE), NamedNode(OH + "Passage")


def build(
    project: Project,
    folder: Path,
    each: Callable[..., Iterable[Any]] = map,
    jobs: int = 0,
    progress: Progress = silent,
) -> Built:
    """Check the data, derive the inferences and write ``onehealthkg.trig`` and ``onehealthkg.nq``.

    ``each`` is that of ``read_dataset``; ``jobs`` is the number of processes for a large project, 0
    for one per core. Raises FindingsError, with the findings, if the data has violations: then
    nothing is written. Raises InputError if a file cannot be read and OutputError if it cannot be
    written.
    """
    units = units_of(project)
    if is_large(project, units):
        workers = jobs if each is map else each
        return build_in_parts(project, units, folder, workers, progress)
    dataset, findings = checked(project, each)
    quads = list(dataset.quads)
    files = {folder / f"{NAME}.nq": nquads(quads), folder / f"{NAME}.trig": trig(quads)}
    write_all(files)
    kinds = _kinds(dataset)
    passages = sum(
        1 for _ in dataset.store.quads_for_pattern(None, _TYPE, _PASSAGE, DefaultGraph())
    )
    return Built(list(files), dataset.version, len(project.texts), passages, kinds, findings)


def read_checked(project: Project, add: Callable[[str], None]) -> None:
    """Call ``add`` with lines of N-Quads: the graph of a project that has no violations.

    A large project is read in parts, and some of its lines come twice. Raises as ``checked``.
    """
    units = units_of(project)
    if is_large(project, units):
        read_checked_parts(project, units, add)
    else:
        add(lines_of(checked(project)[0].quads))


def checked(
    project: Project, each: Callable[..., Iterable[Any]] = map
) -> tuple[Dataset, list[Finding]]:
    """The dataset of a project that has no violations, and the lesser findings.

    Raises FindingsError, with all findings, if it has violations; InputError as ``read_dataset``.
    """
    before = project.fingerprint()
    dataset = read_dataset(project, each=each)
    findings = check_project(project, jobs=0 if each is map else each, whole=lambda: dataset)
    if project.fingerprint() != before:  # then these may be findings in other statements
        findings = check(dataset)
    refuse_violations(findings)
    return dataset, findings


def _kinds(dataset: Dataset) -> dict[str, int]:
    """The number of quads in graphs of each kind."""
    quads = Counter(quad.graph_name for quad in set(dataset.quads))
    kinds: Counter[str] = Counter()
    for graph, count in quads.items():
        if isinstance(graph, NamedNode):
            kinds[graph_evidence(dataset.store, graph).kind] += count
    return {kind: kinds[kind] for kind in EVIDENCE_KINDS}
