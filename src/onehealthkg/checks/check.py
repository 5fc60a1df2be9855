"""All checks.

1. The form of the files: every quad in a graph, no blank nodes, no prefix with two meanings, and
   no file that nothing reads (``unread``).
2. The archived texts against their passages (``archive``).
3. The queries in ontology/checks/: each row of a query is a finding. They can also query the
   mentions in a passage (``mentions``).
4. The mappings, as far as queries cannot check them (``mappings``).
5. The letters of texts (``spelling``), and labels against names and translations (``labels``).
6. The SHACL shapes in ontology/shapes.ttl (``shapes``).

An error in a statement is not reported again for inferences from it, and a shape does not repeat a
query's finding about a statement unless it is more severe. A finding about an inference, which is
in no file, is reported only if there is no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolutions, Store

from onehealthkg.checks.archive import flaws
from onehealthkg.checks.findings import INFO, SEVERITIES, VIOLATION, WARNING, Finding, Places
from onehealthkg.checks.labels import label_flaws
from onehealthkg.checks.mappings import mapping_flaws
from onehealthkg.checks.mentions import with_amounts, with_mentions
from onehealthkg.checks.programs import refuse_calling_shapes
from onehealthkg.checks.shapes import validate
from onehealthkg.checks.spelling import misspelt
from onehealthkg.checks.unread import unread
from onehealthkg.dataset.dataset import DataFile, Dataset
from onehealthkg.dataset.keys import ACROSS
from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.labels import PREFERRED, nearest
from onehealthkg.mappings.graph import LINKS
from onehealthkg.mappings.sssom import read_mappings
from onehealthkg.names import GRAPH, INFERENCE, PREFIXES, local_name
from onehealthkg.paths import Project
from onehealthkg.rdf.sparql_files import query_errors, read_file
from onehealthkg.shipped import ADDED, CHANGED, MISSING, OLD, differences
from onehealthkg.suggest import MOST_ASKED
from onehealthkg.terms import Term

KEYS = ("severity", "message", "description")
UNKNOWN = "thing-exists"  # the check for names of things that do not exist
_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", re.MULTILINE)


class Judged(NamedTuple):
    """The findings of the checks in a dataset, before ``findings_of`` leaves out repetitions.

    ``asked`` are the findings of the queries, each with whether it is about an inference.
    """

    direct: list[Finding]
    asked: list[tuple[Finding, bool]]
    shapes: list[Finding]


def check(
    dataset: Dataset,
    only: Iterable[Path] = (),
    *,
    known: bool = True,
    remark: Callable[[str], None] = lambda _: None,
) -> list[Finding]:
    """The findings of all checks in a dataset, most severe first; with ``only``, in these files.

    ``known`` and ``remark`` are for ``shapes.validate``. Raises InputError if a check or the shapes
    cannot be read.
    """
    judged = judge(dataset, known=known, remark=remark)
    return findings_of([judged], dataset.project, partial(meant_in, dataset.store), only)


def meant_in(store: Store, unknown: Iterable[str]) -> dict[str, str]:
    """The suggestions for unknown names: a sentence that names things of a store, or empty."""
    return {name: nearest(store, name) for name in unknown}


def judge(
    dataset: Dataset,
    *,
    own: Container[Path] | None = None,
    labels: bool = True,
    known: bool = True,
    remark: Callable[[str], None] = lambda _: None,
) -> Judged:
    """The findings in the statements of a dataset; as ``check``.

    If it is a part of a project, ``own`` has its own files: the checks of single files read only
    these, the checks that ``judge_across`` runs are left out, and labels are compared only with
    ``labels``.
    """
    places = Places(dataset)
    is_part = own is not None
    files = [file for file in dataset.files if own is None or file.path in own]
    direct = [*_form(files, places), *_letters(files, places)]
    direct += [*_texts(dataset, files, places), *_mappings(dataset, files, places)]
    direct += _labels(dataset, places) if labels else []
    checks = [path for path in dataset.project.checks if not (is_part and path.stem in ACROSS)]
    asked = list(_queries(dataset, places, checks))
    shapes = []
    refuse_calling_shapes(dataset.project.shapes_file)
    for result in validate(dataset.quads, dataset.project, known=known, remark=remark):
        name = local_name(result.shape)
        about, path, value = result.about
        shapes.append(
            places.finding(result.severity, name, result.message, about, None, path, value)
        )
    return Judged(direct, asked, shapes)


def judge_across(dataset: Dataset) -> list[tuple[Finding, bool]]:
    """The findings of the checks that compare records (``dataset.keys``)."""
    checks = [path for path in dataset.project.checks if path.stem in ACROSS]
    return list(_queries(dataset, Places(dataset), checks, with_amounts))


def findings_of(
    judged: Iterable[Judged],
    project: Project,
    meant: Callable[[list[str]], Mapping[str, str]],
    only: Iterable[Path] = (),
) -> list[Finding]:
    """The findings to report of a project whose parts were judged; as ``check``.

    ``meant`` gives the suggestions for unknown names, as ``meant_in``.
    """
    parts = list(judged)
    files = {path.resolve() for path in only} | {_text(path).resolve() for path in only}
    asked = list(dict.fromkeys(finding for part in parts for finding in part.asked))
    stated = {finding.check for finding, is_derived in asked if not is_derived}
    findings = [
        finding for finding, is_derived in asked if not is_derived or finding.check not in stated
    ]
    findings = _with_suggestions(_in_files(findings, files), meant)
    findings += [finding for part in parts for finding in part.direct]
    findings += [*_prefixes(_programs(project)), *_unread(project), *_differences(project)]
    said = {
        (finding.thing, finding.value, finding.severity) for finding, _ in asked if finding.value
    }
    for finding in (finding for part in parts for finding in part.shapes):
        about = finding.thing, finding.value
        if not said & {(*about, VIOLATION), (*about, finding.severity)}:
            findings.append(finding)
    findings = _in_files(findings, files)
    findings = [finding for finding in findings if finding.path] or findings
    return sorted(set(findings), key=_gravity)


def _in_files(findings: list[Finding], files: set[Path]) -> list[Finding]:
    """The findings in some files, or all findings if no file is given."""
    if not files:
        return findings
    return [
        finding
        for finding in findings
        if finding.path and files & _stands_for(finding.path.resolve())
    ]


def _with_suggestions(
    findings: list[Finding], meant: Callable[[list[str]], Mapping[str, str]]
) -> list[Finding]:
    """The findings; those about unknown names say which name may be meant, as far as asked."""
    unknown = sorted({finding.value for finding in findings if finding.check == UNKNOWN})
    if not unknown:
        return findings
    sentences = meant(unknown[:MOST_ASKED])
    return [
        finding._replace(message=finding.message + sentences.get(finding.value, ""))
        if finding.check == UNKNOWN
        else finding
        for finding in findings
    ]


def _gravity(finding: Finding) -> tuple[int, str, int, tuple[str, ...]]:
    names = (finding.check, finding.thing, finding.predicate, finding.value, finding.message)
    return SEVERITIES.index(finding.severity), str(finding.path or ""), finding.line or 0, names


def _stands_for(path: Path) -> set[Path]:
    """The text file of a finding's file, so that the program's and the author's file are one."""
    return {path, _text(path)} if path.name.endswith(".passages.trig") else {path}


def _text(path: Path) -> Path:
    """The archived text that a TriG file belongs to."""
    return path.with_name(path.name.removesuffix(".trig").removesuffix(".passages") + ".txt")


def _form(files: list[DataFile], places: Places) -> Iterator[Finding]:
    yield from _prefixes(file.path for file in files)
    for file in files:
        for quad in file.quads:
            about = quad.subject, quad.graph_name, quad.predicate, quad.object
            if quad.graph_name == DefaultGraph():
                message = "Put the statement into a graph, <#s1> { ... }: outside it has no source."
                yield places.finding(VIOLATION, "statement-has-graph", message, *about)
            if any(isinstance(term, BlankNode) for term in quad.triple):
                message = "Give the thing a name, id:<kind>-<words>: a blank node cannot be cited."
                yield places.finding(VIOLATION, "thing-has-name", message, *about)


def _programs(project: Project) -> list[Path]:
    """The files of a project that are about its data and not part of it."""
    return [project.shapes_file, *project.rules, *project.checks, *project.queries]


def _prefixes(paths: Iterable[Path]) -> Iterator[Finding]:
    for path in paths:
        text = read_text(path)
        for match in _PREFIX.finditer(text):
            prefix, iri = match.groups()
            usual = PREFIXES.get(prefix, iri)
            other = next((name for name, namespace in PREFIXES.items() if namespace == iri), prefix)
            if (usual, other) != (iri, prefix):
                right = f"{prefix}: is <{usual}>" if usual != iri else f"<{iri}> is {other}:"
                message = f"Use the prefix as everywhere else: {right}."
                line = text.count("\n", 0, match.start(1)) + 1
                name = "prefix-has-one-meaning"
                yield Finding(VIOLATION, name, message, iri, f"{prefix}:", path=path, line=line)


def _unread(project: Project) -> Iterator[Finding]:
    for file in unread(project):
        severity = VIOLATION if file.is_data else WARNING
        yield Finding(severity, "file-is-read", file.message, "", "", path=file.path)


def _texts(dataset: Dataset, files: list[DataFile], places: Places) -> Iterator[Finding]:
    beside = {_text(file.path) for file in files if file.path.suffix == ".trig"}
    texts = {*dataset.texts, *(path for path in beside if path.exists())}
    for flaw in flaws(dataset.store, sorted(texts), dataset.project.texts):
        finding = places.finding(VIOLATION, flaw.check, flaw.message, flaw.thing, *flaw.statement)
        if flaw.path:
            line = read_text(flaw.path).count("\n", 0, flaw.offset) + 1
            finding = finding._replace(path=flaw.path, line=line)
        yield finding


def _letters(files: list[DataFile], places: Places) -> Iterator[Finding]:
    for quad, message in misspelt(quad for file in files for quad in file.quads):
        about = quad.subject, quad.graph_name, quad.predicate, quad.object
        yield places.finding(WARNING, "letters-are-of-one-script", message, *about)


def _labels(dataset: Dataset, places: Places) -> Iterator[Finding]:
    for name, thing, label, message in label_flaws(dataset.store):
        yield places.finding(WARNING, name, message, thing, None, PREFERRED, label)


def _mappings(dataset: Dataset, files: list[DataFile], places: Places) -> Iterator[Finding]:
    path = dataset.project.links_file
    if any(file.path == path for file in files):
        for flaw in mapping_flaws(read_mappings(path), dataset.store):
            thing, *statement = flaw.statement
            about = thing, LINKS, *statement
            finding = places.finding(flaw.severity, flaw.check, flaw.message, *about)
            yield finding._replace(path=path, line=flaw.line)


def _queries(
    dataset: Dataset,
    places: Places,
    checks: Iterable[Path],
    reading: Callable[[Store], AbstractContextManager[Store]] = with_mentions,
) -> Iterator[tuple[Finding, bool]]:
    """The findings of queries, and whether each is about an inference."""
    with reading(dataset.store) as store:
        for path in checks:
            header, query = read_file(path, KEYS)
            if header["severity"] not in SEVERITIES:
                raise InputError(f"{path}:1: severity must be one of {', '.join(SEVERITIES)}.")
            for row in _rows(store, path, query):
                yield _of_row(row, path.stem, header, places), _is_derived(row.get("graph"))


def _of_row(
    row: Mapping[str, Term | None], check: str, header: Mapping[str, str], places: Places
) -> Finding:
    message = header["message"]
    for name, term in row.items():
        message = message.replace("{" + name + "}", places.words(term))
    thing, graph = row.get("thing") or row.get("graph"), row.get("graph")
    about = thing, graph, row.get("predicate"), row.get("value")
    return places.finding(header["severity"], check, message, *about)


_SHIPPED = {
    CHANGED: "This file differs from the package's, so answers may differ from others'.",
    MISSING: "This file of the package is missing, so its checks or inferences are too.",
    ADDED: "This file did not come with the package.",
    OLD: "The package has a newer version of this file; run onehealthkg init --update.",
}


def _differences(project: Project) -> Iterator[Finding]:
    """The files of the package that a project has changed, removed, added or not updated."""
    for name, state in differences(project):
        severity = INFO if state == ADDED else WARNING
        path = Path(project.root, name)
        yield Finding(severity, "shipped-file-is-unchanged", _SHIPPED[state], name, "", path=path)


def _rows(store: Store, path: Path, query: str) -> list[dict[str, Term | None]]:
    with query_errors(path):
        solutions = store.query(query)
        if not isinstance(solutions, QuerySolutions):
            raise InputError(f"{path}: a check must be a SELECT query.")
        names = [variable.value for variable in solutions.variables]
        return [{name: solution[name] for name in names} for solution in solutions]


def _is_derived(graph: Term | None) -> bool:
    iri = graph.value if isinstance(graph, NamedNode) else ""
    return iri.startswith(INFERENCE) or iri == GRAPH + "inferences"
