"""The graph of a project as files: checked, with its inferences, the same bytes on every run."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode

from onehealthkg.checks.check import check
from onehealthkg.checks.findings import VIOLATION, Finding
from onehealthkg.checks.formats import as_table, summary
from onehealthkg.checks.parts import check_project
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.errors import FindingsError
from onehealthkg.evidence.evidence import EVIDENCE_KINDS, graph_evidence
from onehealthkg.files import write_all
from onehealthkg.names import OH, RDF_TYPE
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import nquads, trig

NAME = "onehealthkg"

_TYPE, _PASSAGE = NamedNode(RDF_TYPE), NamedNode(OH + "Passage")


class Built(NamedTuple):
    """The result of a build: files, the data's version, counts, and findings without violations.

    ``statements`` counts the quads by the kind of their graph.
    """

    files: list[Path]
    version: str
    sources: int
    passages: int
    statements: dict[str, int]
    findings: list[Finding]

    @property
    def text(self) -> str:
        """The counts as a short table."""
        rows = [("sources", self.sources), ("passages", self.passages)]
        rows += [(f"statements {kind}", count) for kind, count in self.statements.items()]
        lines = [f"{name:<22}{count:>7}" for name, count in rows]
        lines += [f"{'findings':<22}{summary(self.findings)}", f"{'version':<22}{self.version}"]
        return "\n".join([*lines, *(f"{'written':<22}{path}" for path in self.files)])


def build(project: Project, folder: Path, each: Callable[..., Iterable[Any]] = map) -> Built:
    """Check the data, derive the inferences and write ``onehealthkg.trig`` and ``onehealthkg.nq``.

    ``each`` is that of ``read_dataset``. Raises FindingsError, with the findings, if the data has
    violations: then nothing is written. Raises InputError if a file cannot be read and OutputError
    if it cannot be written.
    """
    dataset, findings = checked(project, each)
    quads = list(dataset.quads)
    files = {folder / f"{NAME}.nq": nquads(quads), folder / f"{NAME}.trig": trig(quads)}
    write_all(files)
    kinds = _kinds(dataset)
    passages = sum(
        1 for _ in dataset.store.quads_for_pattern(None, _TYPE, _PASSAGE, DefaultGraph())
    )
    return Built(list(files), dataset.version, len(project.texts), passages, kinds, findings)


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
    if any(finding.severity == VIOLATION for finding in findings):
        raise FindingsError(as_table(findings) + "\nNothing was written.")
    return dataset, findings


def _kinds(dataset: Dataset) -> dict[str, int]:
    """The number of quads in graphs of each kind."""
    quads = Counter(quad.graph_name for quad in set(dataset.quads))
    kinds: Counter[str] = Counter()
    for graph, count in quads.items():
        if isinstance(graph, NamedNode):
            kinds[graph_evidence(dataset.store, graph).kind] += count
    return {kind: kinds[kind] for kind in EVIDENCE_KINDS}
