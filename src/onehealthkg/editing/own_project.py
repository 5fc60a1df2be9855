"""A user's own project: a folder with copies of the package's files, and room for more."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

import onehealthkg
from onehealthkg import shipped
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.dataset.publication import in_languages
from onehealthkg.errors import OutputError, UsageError
from onehealthkg.evidence.evidence import passage_of
from onehealthkg.files import read_bytes, write_atomic
from onehealthkg.names import GRAPH, expand
from onehealthkg.paths import Project, bundled
from onehealthkg.rdf.read_write import turtle
from onehealthkg.shipped import OLD, SUMS
from onehealthkg.terms import Term, named_node, plain, values

_THESAURI = "data"
_RECORDS = ("data/partnerships", "data/sources")
_KEPT = frozenset(
    map(
        expand,
        ("org:classification", "oh:country", "org:postIn", "oh:programmeOf", "oh:participant"),
    )
)
_TITLES = {
    "en": "What the bundled texts say of bodies, posts and programmes",
    "fr": "Ce que les textes fournis disent des organismes, postes et programmes",
}
_README = Path(__file__).parent.parent / "templates" / "project.md"


def create(folder: Path, *, with_data: bool) -> Project:
    """Create a project in an empty or new folder.

    It has the ontology, the questions, the thesauri and authority records, and ``with_data`` also
    the bundled partnerships and texts. Raises UsageError if the folder is not empty, and
    OutputError if it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"init: {folder} is not empty; name a new folder, or an empty one.")
    made, source = folder.with_name(f".{folder.resolve().name}.new"), bundled()
    try:
        for name in (*shipped.FOLDERS, _THESAURI, *(_RECORDS if with_data else ())):
            _copy(Path(source.root, name), made / name)
        for name in _RECORDS:
            (made / name).mkdir(parents=True, exist_ok=True)
        if not with_data:
            write_atomic(made / "data" / "carried-over.ttl", _carried_over())
        _write_sums(Project(made), shipped.files(source))
        write_atomic(made / "README.md", read_bytes(_README))
        made.replace(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Project(folder)


def _carried_over() -> bytes:
    """The statements of texts and records about the things in the authority records, as a graph.

    The graph names the documents that were read; without it a body would have no category and a
    post no organisation.
    """
    dataset = read_dataset(bundled())
    curated = {quad for file in dataset.files if file.path.suffix == ".ttl" for quad in file.quads}
    names, known = {quad.subject for quad in curated}, {quad.triple for quad in curated}
    said = [
        quad
        for file in dataset.files
        if file.path.suffix != ".ttl"
        for quad in file.quads
        if quad.predicate.value in _KEPT and quad.subject in names and quad.triple not in known
    ]
    home = NamedNode(GRAPH + "carried-over")
    documents = {document for quad in said for document in _documents(dataset.store, quad)}
    triples = {quad.triple for quad in said}
    triples.add(Triple(home, named_node("rdf:type"), named_node("oh:CuratedGraph")))
    triples |= {Triple(home, named_node("dcterms:title"), title) for title in in_languages(_TITLES)}
    triples |= {Triple(home, named_node("dcterms:source"), document) for document in documents}
    return turtle(sorted(triples, key=str))


def _documents(store: Store, quad: Quad) -> set[Term]:
    """The addresses of the documents behind a statement of a text or a record."""
    graph = NamedNode(plain(quad.graph_name))
    found = passage_of(store, graph)
    graph = NamedNode(found.text) if found else graph
    return set(values(store, graph, named_node("dcterms:source")))


def update(project: Project) -> tuple[list[str], list[str]]:
    """Copy newer files from the package; return the replaced files and the skipped files.

    A file that was changed, added or removed in the project is skipped. Raises UsageError for the
    bundled data, OutputError if a file cannot be written.
    """
    if project.root == bundled().root:
        raise UsageError("init: the bundled data is up to date; name a project of your own.")
    digests, came = shipped.files(bundled()), shipped.sums(project)
    replaced, left = [], []
    for name, state in shipped.differences(project):
        if state != OLD:
            left.append(name)
            continue
        replaced.append(name)
        target = Path(project.root, name)
        if name in digests:
            write_atomic(target, read_bytes(Path(bundled().root, name)))
        else:
            target.unlink()
    _write_sums(project, {**digests, **{name: came[name] for name in left if name in came}})
    return replaced, left


def _write_sums(project: Project, digests: dict[str, str]) -> None:
    text = shipped.sums_text(onehealthkg.__version__, digests)
    write_atomic(Path(project.root, SUMS), text.encode())


def _copy(source: Path, target: Path) -> None:
    """Copy the files of a folder, but not its subfolders."""
    target.mkdir(parents=True, exist_ok=True)
    for path in _files(source):
        shutil.copyfile(path, target / path.name)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file())
