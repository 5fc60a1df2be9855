"""Parts of a large project that can be checked separately, with the same result as all at once.

A *unit* is a record, or an archived text with its two TriG files. *Shared* are the files that the
whole project needs: the ontology, the curated files and the links, and each unit that

- has a statement about a thing that a shared file describes or mentions;
- describes a thing that texts can mention by name: a concept, body, person, post, place, programme.

The other units are joined to *groups*: two units belong to the same group if one describes a thing
that the other describes or mentions. A rule, check or shape that follows statements from a thing to
the next, and does not return from a shared thing to another group, therefore finds the same in the
shared files with one group as in all files. This holds for the rules, checks and shapes of the
package, and tests/test_parts.py compares both; a project with its own is checked as a whole.

Bodies and people that no shared file mentions are included only for the groups that mention them:
``Shared.files_for`` leaves out the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from onehealthkg.dataset.dataset import DataFile, read_data_file
from onehealthkg.kinds import CLASSES
from onehealthkg.mappings.graph import link_quads, project_mappings, triple
from onehealthkg.names import HOME, RDF_TYPE, expand
from onehealthkg.paths import Project
from onehealthkg.terms import named_node, plain

_NAMED_IN_TEXTS = {
    expand(name)
    for name in (
        *(CLASSES[kind] for kind in ("organisation", "person", "post", "place", "programme")),
        *("org:FormalOrganization", "org:OrganizationalUnit", "skos:Concept"),
    )
}
_SOURCE = named_node("dcterms:source")
_LEAVES = {expand(CLASSES["organisation"]), expand(CLASSES["person"])}


class Unit(NamedTuple):
    """A record or a text: its files, relative to the project, and their state on the disk."""

    files: tuple[str, ...]
    state: str

    @property
    def has_text(self) -> bool:
        """Whether it is an archived text and not a record."""
        return not self.files[0].endswith(".yaml")


class Mentions(NamedTuple):
    """The IRIs in a unit: the things that it describes, and the others that it mentions.

    Things of the curated files are left out. ``is_shared`` is whether other units need
    this one regardless of their statements.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]
    is_shared: bool


def units_of(project: Project) -> dict[str, Unit]:
    """The units of a project by name."""
    states = {
        f"data/{folder}/{name}": state
        for folder, ending in (("sources", (".trig", ".txt")), ("partnerships", (".yaml",)))
        for name, state in project.states(f"data/{folder}", ending).items()
    }
    files: dict[str, list[str]] = defaultdict(list)
    for name in sorted(states):
        is_record = name.endswith(".yaml")
        stem = name if is_record else name.removesuffix(".trig").removesuffix(".txt")
        files[stem.removesuffix(".passages")].append(name)
    return {
        unit: Unit(tuple(names), " ".join(states[name] for name in names))
        for unit, names in files.items()
    }


class Curated(NamedTuple):
    """The ontology and the curated files, with the things that they describe and mention."""

    files: tuple[DataFile, ...]
    described: frozenset[str]
    mentioned: frozenset[str]


def read_curated(project: Project) -> Curated:
    """The curated files of a project; InputError as ``read_dataset``."""
    paths = [project.ontology_file, *project.curated]
    files = tuple(read_data_file(project, path) for path in paths)
    described: set[str] = set()
    mentioned: set[str] = set()
    for file in files:
        for quad in file.quads:
            described.update(_iris(quad.subject, quad.graph_name))
            if not _is_read_page(quad):
                mentioned.update(_iris(quad.object))
    mappings = project_mappings(project)
    for mapping in mappings.mappings:  # also the refused ones, which have no quads
        mentioned.update(term.value for term in triple(mappings, mapping))
    return Curated(files, frozenset(described), frozenset(mentioned))


def _is_read_page(quad: Quad) -> bool:
    """Whether a statement names an external page that the editors read, as records do too."""
    return quad.predicate == _SOURCE and not plain(quad.object).startswith(HOME)


def mentions(quads: Iterable[Quad], curated: Curated) -> Mentions:
    """The IRIs in the quads of a unit."""
    own: set[str] = set()
    others: set[str] = set()
    is_named = False
    for quad in quads:
        own.update(_iris(quad.subject, quad.graph_name))
        others.update(_iris(quad.object))
        is_type = quad.predicate.value == RDF_TYPE
        is_named = is_named or (is_type and plain(quad.object) in _NAMED_IN_TEXTS)
    is_shared = is_named or not own.isdisjoint(curated.described | curated.mentioned)
    own -= curated.described
    others -= own | curated.described
    return Mentions(tuple(sorted(own)), tuple(sorted(others)), is_shared)


def _iris(*terms: object) -> Iterable[str]:
    return (term.value for term in terms if isinstance(term, NamedNode))


def divided(units: Mapping[str, Mentions]) -> tuple[set[str], list[list[str]]]:
    """The names of the units that are shared, and the groups of the others, sorted."""
    describing = _by_iri((unit, found.own) for unit, found in units.items())
    mentioning = _by_iri((unit, found.others) for unit, found in units.items())
    shared: set[str] = set()
    waiting = [unit for unit, found in units.items() if found.is_shared]
    while waiting:
        unit = waiting.pop()
        if unit not in shared:
            shared.add(unit)
            for iri in (*units[unit].own, *units[unit].others):
                waiting += describing.get(iri, ())
    groups = _Groups(units.keys() - shared)
    for iri, owners in describing.items():
        if owners[0] not in shared:  # then none of them is
            groups.join(
                [unit for unit in (*owners, *mentioning.get(iri, ())) if unit not in shared]
            )
    return shared, groups.sorted()


def _by_iri(found: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    units: dict[str, list[str]] = defaultdict(list)
    for unit, iris in found:
        for iri in iris:
            units[iri].append(unit)
    return units


class _Groups:
    """Sets of names that are joined: https://en.wikipedia.org/wiki/Disjoint-set_data_structure ."""

    def __init__(self, names: Iterable[str]) -> None:
        self._above = {name: name for name in names}

    def _top(self, name: str) -> str:
        while (above := self._above[name]) != name:
            self._above[name] = self._above[above]
            name = above
        return name

    def join(self, names: list[str]) -> None:
        for name in names[1:]:
            first, last = sorted((self._top(names[0]), self._top(name)))
            self._above[last] = first

    def sorted(self) -> list[list[str]]:
        members: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._above):
            members[self._top(name)].append(name)
        return list(members.values())


class Shared:
    """The shared files, and those of their statements that a group needs."""

    def __init__(self, project: Project, curated: Curated, others: Iterable[DataFile]) -> None:
        """``others`` are the files of the units that are shared."""
        self.files = [*curated.files, *others]
        if project.links_file.exists():
            read = (quad for file in self.files for quad in file.quads)
            links = link_quads(project.links_file, read)
            self.files.append(DataFile(project.links_file, links))
        mentioned: set[str] = set()
        leaves: set[str] = set()
        for file in self.files:
            for quad in file.quads:
                mentioned.update(_iris(quad.object))
                if quad.predicate.value == RDF_TYPE and plain(quad.object) in _LEAVES:
                    leaves.update(_iris(quad.subject))
        self._leaves = leaves - mentioned
        self._core: list[tuple[Path, list[Quad]]] = []
        self._about: dict[str, list[tuple[int, Quad]]] = defaultdict(list)
        for place, file in enumerate(self.files):
            core = []
            for quad in file.quads:
                subject = quad.subject
                if isinstance(subject, NamedNode) and subject.value in self._leaves:
                    self._about[subject.value].append((place, quad))
                else:
                    core.append(quad)
            self._core.append((file.path, core))

    def files_for(self, files: Iterable[DataFile]) -> list[DataFile]:
        """The shared files, without the bodies and people that nothing in ``files`` mentions."""
        mentioned = {
            iri
            for file in files
            for quad in file.quads
            for iri in _iris(quad.subject, quad.object)
            if iri in self._leaves
        }
        further: dict[int, list[Quad]] = defaultdict(list)
        for iri in sorted(mentioned):
            for place, quad in self._about[iri]:
                further[place].append(quad)
        return [
            DataFile(path, (*core, *further[place]))
            for place, (path, core) in enumerate(self._core)
        ]


def in_order(project: Project, files: Iterable[DataFile]) -> list[DataFile]:
    """Files in the order of ``read_dataset``."""

    def place(file: DataFile) -> tuple[int, str]:
        path = file.path
        if path == project.ontology_file:
            return 0, ""
        kinds = {".ttl": 1, ".trig": 2, ".yaml": 3, ".tsv": 4}
        return kinds[path.suffix], str(path)

    return sorted(files, key=place)
