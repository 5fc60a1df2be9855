"""The build of a large project, whose quads are never all in memory (``rdf.large``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from onehealthkg.checks.findings import Finding
from onehealthkg.checks.parts import check_project
from onehealthkg.dataset.dataset import version_of
from onehealthkg.dataset.divided import Divided, with_graph
from onehealthkg.dataset.jobs import Progress, Workers, silent
from onehealthkg.dataset.units import Unit
from onehealthkg.evidence.evidence import EVIDENCE_KINDS, GRAPH_CLASSES, graph_kind
from onehealthkg.exports.built import NAME, Built, refuse_violations
from onehealthkg.files import write_all
from onehealthkg.names import OH, RDF_TYPE, expand
from onehealthkg.paths import Project
from onehealthkg.rdf.large import LargeGraph

_TYPE, _SOURCE = f"<{RDF_TYPE}>", f"<{expand('oa:hasSource')}>"
_PASSAGE = OH + "Passage"


def build_in_parts(
    project: Project, units: Mapping[str, Unit], folder: Path, jobs: Workers, progress: Progress
) -> Built:
    """Check and write a large project; as ``build``, with the same bytes."""
    kinds = _Kinds()
    with LargeGraph() as graph:

        def add(text: str) -> None:
            graph.add(text)
            kinds.add(text)

        findings = read_checked_parts(project, units, add, jobs, progress)
        return _written(project, graph, kinds, folder, findings)


def read_checked_parts(
    project: Project,
    units: Mapping[str, Unit],
    add: Callable[[str], None],
    jobs: Workers = 0,
    progress: Progress = silent,
) -> list[Finding]:
    """Call ``add`` with lines of N-Quads, the graph of a large project without violations.

    Some lines come twice. Returns the lesser findings. Other commands wait until the lines have
    been read, but not for what is done afterwards.
    """
    before = project.fingerprint()
    findings = check_project(project, jobs=jobs, progress=progress)
    refuse_violations(findings)

    def read(divided: Divided) -> bool:
        is_checked = project.fingerprint() == before
        if is_checked:
            for text in divided.graph():
                add(text)
        return is_checked

    if with_graph(project, units, read, jobs, progress):
        return findings
    return read_checked_parts(project, units, add, jobs, progress)


def _written(
    project: Project, graph: LargeGraph, kinds: _Kinds, folder: Path, findings: list[Finding]
) -> Built:
    paths = [folder / f"{NAME}.nq", folder / f"{NAME}.trig"]
    version = _Version()
    write_all(
        {
            paths[0]: version.of(graph.nquads()),
            paths[1]: graph.trig(),
        }
    )
    statements: Counter[str] = Counter()
    for name, count in graph.sizes.items():
        statements[kinds.kind_of(name)] += count
    return Built(
        paths,
        version.digest or version_of(parse(b"".join(graph.nquads()), RdfFormat.N_QUADS)),
        len(project.texts),
        len(kinds.passages),
        {kind: statements[kind] for kind in EVIDENCE_KINDS},
        findings,
    )


class _Version:
    """The digest of lines while they are written: that of ``version_of``."""

    digest = ""

    def of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces; when all have been read, ``digest`` is set unless it is not enough.

        If there may be blank nodes, their canonical names must be found first.
        """
        hashed, is_canonical = sha256(), True
        for piece in pieces:
            hashed.update(piece)
            is_canonical = is_canonical and b"_:" not in piece
            yield piece
        self.digest = hashed.hexdigest() if is_canonical else ""


class _Kinds:
    """The kinds of the graphs in lines of N-Quads, and the passages."""

    def __init__(self) -> None:
        self._named: dict[str, set[str]] = {name: set() for name in GRAPH_CLASSES}
        self._sourced: set[str] = set()
        self.passages = self._named[_PASSAGE] = set()

    def add(self, text: str) -> None:
        """Read lines."""
        for line in text.split("\n"):
            subject, _, rest = line.partition(" ")
            if rest.startswith(_TYPE):
                names = self._named.get(rest.split(" ", 2)[1][1:-1])
                if names is not None:
                    names.add(subject[1:-1])
            elif rest.startswith(_SOURCE):
                self._sourced.add(subject[1:-1])

    def kind_of(self, graph: str) -> str:
        """The kind of a graph."""
        types = [name for name, graphs in self._named.items() if graph in graphs]
        return graph_kind(types, is_passage=graph in self._sourced)
