"""Parts of a large project that can be checked separately, with the same result as all at once.

A *unit* is a record, or an archived text with its two TriG files. *Shared* are the files that the
whole project needs: the ontology, the curated files and the links, and each unit that

- has a statement about a thing that a shared file describes or mentions;
- describes a thing that texts can mention by name: a concept, body, person, post, place, programme;
- has a label of a thing whose name must agree with its labels;
- states that a body was merged, or that a property is part of another: rules follow this backwards.

The other units are joined to *groups*: two units belong to the same group if one describes a thing
that the other describes or mentions. A rule, check or shape that follows statements from a thing to
the next, and does not return from a shared thing to another group, therefore finds the same in the
shared files with one group as in all files. This holds for the rules, checks and shapes of the
package, and tests/test_parts.py compares both; a project with its own is checked as a whole.

*Leaves* are the curated bodies and people that no shared file mentions. They are included only for
the groups that mention them, or in whose texts and titles one of their names may occur.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from onehealthkg.dataset.dataset import DataFile, read_data_file
from onehealthkg.kinds import CLASSES, WORDED, kind_of
from onehealthkg.mappings.graph import link_quads, project_mappings, triple
from onehealthkg.names import HOME, RDF_TYPE, expand
from onehealthkg.paths import Project
from onehealthkg.reading.characters import plain as comparable
from onehealthkg.reading.lookup import LANGUAGES
from onehealthkg.reading.names import NAMING
from onehealthkg.reading.tokens import tokens
from onehealthkg.terms import named_node, plain

_NAMED_IN_TEXTS = {
    expand(name)
    for name in (
        *(CLASSES[kind] for kind in ("organisation", "person", "post", "place", "programme")),
        *("org:FormalOrganization", "org:OrganizationalUnit", "skos:Concept"),
    )
}
_SOURCE, _COUNTRY = named_node("dcterms:source"), named_node("oh:country")
_LEADING_BACK = {named_node("org:originalOrganization"), named_node("rdfs:subPropertyOf")}
"""The properties that rules follow from a shared thing to whatever states them."""

_NAMES = frozenset(NAMING)
_READ = _NAMES | {named_node("oh:placeInWords"), named_node("oa:exact")}
"""The properties of the texts in which names are looked for."""

_LEAVES = {expand(CLASSES["organisation"]), expand(CLASSES["person"])}


class Curated(NamedTuple):
    """The ontology and the curated files, with the things that they describe and mention.

    ``leaves`` are the bodies and people that they describe and do not mention.
    """

    files: tuple[DataFile, ...]
    described: frozenset[str]
    mentioned: frozenset[str]
    leaves: frozenset[str]


def read_curated(project: Project) -> Curated:
    """The curated files of a project; InputError as ``read_dataset``."""
    paths = [project.ontology_file, *project.curated]
    files = tuple(read_data_file(project, path) for path in paths)
    described: set[str] = set()
    mentioned: set[str] = set()
    leaves: set[str] = set()
    for file in files:
        for quad in file.quads:
            described.update(_iris(quad.subject, quad.graph_name))
            if quad.predicate.value == RDF_TYPE and plain(quad.object) in _LEAVES:
                leaves.update(_iris(quad.subject))
            if not _is_read_page(quad):
                mentioned.update(_iris(quad.object))
    mappings = project_mappings(project)
    for mapping in mappings.mappings:  # also the refused ones, which have no quads
        mentioned.update(term.value for term in triple(mappings, mapping))
    return Curated(files, frozenset(described), frozenset(mentioned), frozenset(leaves - mentioned))


def _is_read_page(quad: Quad) -> bool:
    """Whether a statement names an external page that the editors read, as records do too."""
    return quad.predicate == _SOURCE and not plain(quad.object).startswith(HOME)


class Said(NamedTuple):
    """The IRIs in the quads of a unit, and the words of its labels and passages.

    ``own`` are the things that it describes, ``others`` those that it mentions; ``is_named`` is
    whether other units need it regardless of their statements.
    """

    own: frozenset[str]
    others: frozenset[str]
    words: frozenset[str]
    is_named: bool


def said(quads: Iterable[Quad]) -> Said:
    """The IRIs and words in quads."""
    own: set[str] = set()
    others: set[str] = set()
    words: set[str] = set()
    is_named = False
    for quad in quads:
        own.update(_iris(quad.subject, quad.graph_name))
        others.update(_iris(quad.object))
        if quad.predicate in _READ:
            words.update(word for form in _words(plain(quad.object)) for word in form)
        is_named = is_named or _is_named(quad)
    return Said(frozenset(own), frozenset(others - own), frozenset(words), is_named)


def _is_named(quad: Quad) -> bool:
    """Whether a statement is needed wherever its subject may be named or compared by name."""
    if quad.predicate.value == RDF_TYPE:
        return plain(quad.object) in _NAMED_IN_TEXTS
    if quad.predicate in _LEADING_BACK:
        return True
    if quad.predicate in _NAMES:
        return isinstance(quad.subject, NamedNode) and kind_of(quad.subject) in WORDED
    return quad.predicate == _COUNTRY


def words_of_leaves(curated: Curated) -> Iterator[tuple[str, str]]:
    """For each name of a leaf the word of it that the fewest names have, and the leaf's IRI.

    The word occurs wherever the name does.
    """
    names = [
        (form, plain(quad.subject))
        for file in curated.files
        for quad in file.quads
        if quad.predicate in _NAMES and plain(quad.subject) in curated.leaves
        for form in _words(plain(quad.object))
        if form
    ]
    frequencies = Counter(word for form, _ in names for word in set(form))
    for form, leaf in names:
        yield min(form, key=lambda word: (frequencies[word], word)), leaf


def _words(text: str) -> Iterator[list[str]]:
    """The keys of the words of a text, read in each language."""
    forms = {comparable(text).text, comparable(text, whole_words=True).text}
    for form in forms:
        for language in LANGUAGES:
            yield [word.key for word in tokens(form, language) if not word.is_stop]


def _iris(*terms: object) -> Iterable[str]:
    return (term.value for term in terms if isinstance(term, NamedNode))


def groups_of(units: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> list[list[str]]:
    """The groups of units that are not shared, sorted, by what each describes and mentions."""
    describing: dict[str, list[str]] = defaultdict(list)
    mentioning: dict[str, list[str]] = defaultdict(list)
    for unit, (own, others) in units.items():
        for iri in own:
            describing[iri].append(unit)
        for iri in others:
            mentioning[iri].append(unit)
    groups = _Groups(units)
    for iri, owners in describing.items():
        groups.join([*owners, *mentioning.get(iri, ())])
    return groups.sorted()


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


class Shared(NamedTuple):
    """The statements of the shared files, and those about each leaf by the place of its file."""

    core: list[DataFile]
    leaves: dict[str, list[tuple[int, list[Quad]]]]


def shared_of(project: Project, curated: Curated, others: Iterable[DataFile]) -> Shared:
    """The shared files of a project; ``others`` are the files of the units that are shared."""
    files = [*curated.files, *others]
    if project.links_file.exists():
        read = (quad for file in files for quad in file.quads)
        files.append(DataFile(project.links_file, link_quads(project.links_file, read)))
    mentioned = {iri for file in files for quad in file.quads for iri in _iris(quad.object)}
    leaves = curated.leaves - mentioned
    about: dict[str, list[tuple[int, list[Quad]]]] = defaultdict(list)
    core = []
    for place, file in enumerate(files):
        kept: list[Quad] = []
        left: dict[str, list[Quad]] = defaultdict(list)
        for quad in file.quads:
            subject = plain(quad.subject)
            (left[subject] if subject in leaves else kept).append(quad)
        core.append(DataFile(file.path, tuple(kept)))
        for leaf, quads in left.items():
            about[leaf].append((place, quads))
    return Shared(core, dict(about))


def with_leaves(
    core: Iterable[DataFile], leaves: Iterable[tuple[int, Iterable[Quad]]]
) -> list[DataFile]:
    """The shared files with the statements about some leaves."""
    further: dict[int, list[Quad]] = defaultdict(list)
    for place, quads in leaves:
        further[place] += quads
    return [DataFile(file.path, (*file.quads, *further[place])) for place, file in enumerate(core)]


def in_order(project: Project, files: Iterable[DataFile]) -> list[DataFile]:
    """Files in the order of ``read_dataset``."""

    def place(file: DataFile) -> tuple[int, str]:
        path = file.path
        if path == project.ontology_file:
            return 0, ""
        kinds = {".ttl": 1, ".trig": 2, ".yaml": 3, ".tsv": 4}
        return kinds[path.suffix], str(path)

    return sorted(files, key=place)
