"""The shapes that the package ``shacl`` validates exactly as pyshacl; pyshacl validates the others.

A shape with a target is known if all its constructs are: tests/test_shacl.py compares both
validators on each construct, and no shape refers back to itself. A single unknown construct makes
the whole shape unknown.

The constructs are those of SHACL Core, https://www.w3.org/TR/shacl/#core-components.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import Term, plain

TARGETS = {f"sh:target{kind}" for kind in ("Class", "Node", "ObjectsOf", "SubjectsOf")}
_CLASSES = {"owl:Class", "rdfs:Class"}
_BOOLEANS = {"sh:closed", "sh:deactivated", "sh:qualifiedValueShapesDisjoint", "sh:uniqueLang"}
_BOUNDS = {"sh:maxExclusive", "sh:maxInclusive", "sh:minExclusive", "sh:minInclusive"}
_ORDERS = {"sh:lessThan", "sh:lessThanOrEquals"}
_KNOWN = (
    TARGETS
    | _BOOLEANS
    | _BOUNDS
    | _ORDERS
    | {
        # paths
        *("sh:alternativePath", "sh:inversePath", "sh:path"),
        *("sh:oneOrMorePath", "sh:zeroOrMorePath", "sh:zeroOrOnePath"),
        # constraints
        *(
            "sh:and",
            "sh:class",
            "sh:datatype",
            "sh:disjoint",
            "sh:equals",
            "sh:flags",
            "sh:hasValue",
        ),
        *("sh:ignoredProperties", "sh:in", "sh:languageIn", "sh:maxCount", "sh:maxLength"),
        *("sh:minCount", "sh:minLength", "sh:node", "sh:nodeKind", "sh:not", "sh:or", "sh:pattern"),
        *("sh:property", "sh:qualifiedMaxCount", "sh:qualifiedMinCount", "sh:qualifiedValueShape"),
        "sh:xone",
        # descriptions of results, and annotations for people
        *("sh:message", "sh:severity"),
        *("sh:defaultValue", "sh:description", "sh:group", "sh:name", "sh:order"),
    }
)
_OWN = ("sh:", "http://datashapes.org/dash#")
"""The prefixes of terms that may matter to a validator."""
_NUMBERS = {"xsd:decimal", "xsd:integer"}
_VALUES = TARGETS | {"a", "sh:class", "sh:datatype", "sh:hasValue"}
"""The properties that lead to data, not to further shapes."""
_PECULIAR = re.compile(r"\(\?(?!:)|\\[ace-mo-quvx-zACE-RT-VX-Z\d]|\[\[|&&|--|~~|[*+?}]\+|\{,")
"""Syntax of Python's regular expressions that Rust's lack or read differently."""

_Facts = list[tuple[str, Term]]
"""The statements about one node: short name of the predicate, ``a`` for rdf:type, and object."""


class Split(NamedTuple):
    """The shapes graph in two: what ``shacl`` validates, and what pyshacl does.

    ``unknown`` names each shape of the second part and the unknown construct: "ohs:Person
    (sh:sparql)".
    """

    known: list[Quad]
    others: list[Quad]
    unknown: list[str]


def split(shapes: list[Quad]) -> Split:
    """The known shapes, with all their parts, and the others."""
    graph: dict[Term, _Facts] = {}
    for quad in shapes:
        graph.setdefault(quad.subject, []).append((_short(quad.predicate), quad.object))
    if any(name == "sh:parameter" for facts in graph.values() for name, _ in facts):
        return Split([], shapes, ["all shapes (sh:parameter)"])
    known: set[Term] = set()
    roots, unknown = set(), []
    for root in (node for node, facts in graph.items() if _has_target(facts)):
        reached = _reached(graph, root)
        reason = _reason(graph, root, reached)
        if reason:
            unknown.append(f"{compact(plain(root))} ({reason})")
        else:
            known |= reached
            roots.add(root)
    return Split(
        [
            quad
            for quad in shapes
            if quad.subject in known and (quad.subject in roots or not _is_target(quad))
        ],
        [quad for quad in shapes if unknown and not (quad.subject in roots and _is_target(quad))],
        sorted(unknown),
    )


@cache
def _short(predicate: NamedNode) -> str:
    return "a" if predicate.value == RDF_TYPE else compact(predicate.value)


def _has_target(facts: _Facts) -> bool:
    names = {name for name, _ in facts}
    implicit = _types(facts) & _CLASSES and any(name.startswith("sh:") for name in names)
    return bool(names & TARGETS or implicit)


def _is_target(quad: Quad) -> bool:
    fact = _short(quad.predicate), quad.object
    return fact[0] in TARGETS or bool(_types([fact]) & _CLASSES)


def _types(facts: _Facts) -> set[str]:
    return {_named(term) for name, term in facts if name == "a"}


def _named(term: Term) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else ""


def _parts(graph: dict[Term, _Facts], node: Term) -> set[Term]:
    """The shapes, lists and paths that are reached from a node."""
    return {term for name, term in graph[node] if name not in _VALUES and term in graph}


def _reached(graph: dict[Term, _Facts], root: Term) -> set[Term]:
    reached: set[Term] = set()
    waiting = {root}
    while waiting:
        node = waiting.pop()
        reached.add(node)
        waiting |= _parts(graph, node) - reached
    return reached


def _reason(graph: dict[Term, _Facts], root: Term, reached: set[Term]) -> str:
    """The reason why a shape is unknown; empty if it is known."""
    if not isinstance(root, NamedNode):
        return "a target without a name"
    try:
        TopologicalSorter({node: _parts(graph, node) for node in reached}).prepare()
    except CycleError:
        return "leads back to itself"
    return ", ".join(sorted({name for node in reached for name in _peculiar(graph[node])}))


def _peculiar(facts: _Facts) -> Iterator[str]:
    """The parameters of a shape that may be validated differently."""
    names, types = {name for name, _ in facts}, _types(facts)
    yield from (name for name in names - _KNOWN if name.startswith(_OWN))
    if "owl:Class" in types:
        yield "owl:Class"
    if "sh:path" in names and ("sh:closed" in names or "sh:NodeShape" in types):
        yield "sh:path"
    numeric = any(name == "sh:datatype" and _named(term) in _NUMBERS for name, term in facts)
    for name, term in facts:
        if not _is_plain(name, term) or (name in _BOUNDS | _ORDERS and not numeric):
            yield name


def _is_plain(name: str, term: Term) -> bool:
    """Whether both validators are known to read the value of a parameter in the same way."""
    text = term.value if isinstance(term, Literal) else ""
    if name in _BOOLEANS:
        return text in ("true", "false")
    if name in _BOUNDS:
        return isinstance(term, Literal) and compact(term.datatype.value) in _NUMBERS
    if name == "sh:pattern":
        return not _PECULIAR.search(text)
    if name == "sh:minLength":
        return text != "0"
    if name == "sh:flags":
        return text == "i"
    return name != "sh:inversePath" or isinstance(term, NamedNode)
