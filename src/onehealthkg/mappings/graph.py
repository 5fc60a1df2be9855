"""The links graph: the mappings of data/links.sssom.tsv as quads.

Each mapping that is not refused is one statement in the curated graph ``graph/links``, with the
property that ``mappings/relations.py`` chooses for concepts or other things. Its author, date and
reason stay in the table, which ``onehealthkg links`` shows: as statements about statements they
would triple the size of the graph.

An organisation, person, place or programme that has an exact match in a register of such things
(a vocabulary with ``settings:identifies``) also gets the identifier, as schema.org and the records
of libraries have it: ``schema:identifier``, a ``schema:PropertyValue`` with the register, the value
and, if the register has pages, the address. It has a name, ``id:identifier-ror-0471kz689``,
like all things here. A close match does not give an identifier: it names another office or body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.errors import InputError
from onehealthkg.mappings.descriptions import read_descriptions
from onehealthkg.mappings.sssom import Mapping, MappingSet, read_mappings
from onehealthkg.names import GRAPH, ID, PREFIXES, SAME_THING
from onehealthkg.paths import Project
from onehealthkg.rdf.positions import Positions
from onehealthkg.terms import Term, named_node

LINKS = NamedNode(GRAPH + "links")
TITLES = {
    "en": "Links to other vocabularies and registers",
    "fr": "Liens vers d'autres vocabulaires et registres",
}
_TYPE = named_node("rdf:type")
_DCTERMS, _SCHEMA = PREFIXES["dcterms"], PREFIXES["schema"]


def project_mappings(project: Project) -> MappingSet:
    """The mappings of a project, empty if it has no file of them; InputError as the reader."""
    path = project.links_file
    return read_mappings(path) if path.exists() else MappingSet({"curie_map": {}}, ())


def link_quads(path: Path, others: Iterable[Quad]) -> tuple[Quad, ...]:
    """The quads of the links graph; ``others`` describe the registers.

    Raises InputError if the file cannot be read, or its header lacks the set's name or its licence.
    """
    mappings = read_mappings(path)
    quads = list(_description(mappings, path))
    registers = _registers(others)
    for mapping in mappings.mappings:
        if not mapping.is_link:
            continue
        subject, predicate, target = triple(mappings, mapping)
        quads.append(Quad(subject, predicate, target, LINKS))
        register = (
            registers.get(mappings.expand(mapping.object_source)) if mapping.object_source else None
        )
        if mapping.predicate_id == SAME_THING and register:
            quads += _identifier(subject, target, *register)
    return tuple(sorted(set(quads), key=str))


def triple(mappings: MappingSet, mapping: Mapping) -> tuple[NamedNode, NamedNode, NamedNode]:
    """The triple of a mapping, or None if it is refused."""
    subject, predicate, target = (
        NamedNode(mappings.expand(curie))
        for curie in (mapping.subject_id, mapping.predicate_id, mapping.object_id)
    )
    return subject, predicate, target


def link_positions(path: Path) -> Positions:
    """The lines of the mappings, by graph, subject, predicate and object."""
    mappings = read_mappings(path)
    lines: dict[tuple[str | None, ...], int] = {}
    for mapping, line in zip(mappings.mappings, mappings.lines, strict=True):
        for home in (LINKS.value, None):
            key: tuple[str | None, ...] = (home,)
            for term in triple(mappings, mapping):
                key = (*key, term.value)
                lines.setdefault(key, line)
    return Positions(lines)


def _description(mappings: MappingSet, path: Path) -> Iterator[Quad]:
    """The links graph as a thing. Its source is the mapping set, which names the vocabularies."""
    name, licence = (_address(mappings, slot, path) for slot in ("mapping_set_id", "license"))
    about: list[tuple[NamedNode, Term]] = [
        (_TYPE, named_node("oh:CuratedGraph")),
        (named_node("dcterms:license"), licence),
        (named_node("dcterms:source"), name),
        *((named_node("dcterms:title"), Literal(x, language=tag)) for tag, x in TITLES.items()),
    ]
    for predicate, value in about:
        yield Quad(LINKS, predicate, value, LINKS)


def _address(mappings: MappingSet, slot: str, path: Path) -> NamedNode:
    try:
        return NamedNode(str(mappings.header.get(slot, "")))
    except ValueError:
        raise InputError(f"{path}: the header needs {slot}: and an address.") from None


def _registers(quads: Iterable[Quad]) -> dict[str, tuple[NamedNode, str]]:
    """The registers, by IRI, with the start of the IRIs of their entries."""
    return {
        vocabulary.iri: (NamedNode(vocabulary.iri), vocabulary.text("void:uriSpace"))
        for vocabulary in read_descriptions(quads)
        if vocabulary.values("settings:identifies") and vocabulary.values("void:uriSpace")
    }


def _identifier(
    thing: NamedNode, target: NamedNode, register: NamedNode, space: str
) -> Iterator[Quad]:
    value = target.value.removeprefix(space).strip("/")
    name = register.value.removeprefix(ID + "vocabulary-")
    words = re.sub("[^a-z0-9]+", "-", f"{name}-{value}".lower())
    node = NamedNode(f"{ID}identifier-{words}")
    about: list[tuple[NamedNode, str, Term]] = [
        (thing, "identifier", node),
        (node, "propertyID", register),
        (node, "value", Literal(value)),
    ]
    if target.value.startswith(("http://", "https://")):
        about.append((node, "url", target))
    yield Quad(node, _TYPE, named_node("schema:PropertyValue"), LINKS)
    for subject, predicate, term in about:
        yield Quad(subject, named_node(f"schema:{predicate}"), term, LINKS)
