"""Blank nodes that are nested: each the object of one statement, as in lists and brackets.

Such a node, with all that is nested in it, is described by a digest of its statements, from the
innermost nodes outwards, and equal ones beside each other can be exchanged. So trees of blank nodes
are labelled in linear time, however deep they are and however much alike their branches, where a
general algorithm tries all orders of equal nodes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad

from onehealthkg.terms import Term

_NESTED = "urn:onehealthkg:nested:"


class Nested(NamedTuple):
    """Quads in which named nodes stand for the nested ones.

    ``inside`` are the statements of each nested node, by the named node that stands for it.
    """

    rest: set[Quad]
    inside: dict[Term, list[Quad]]


def folded(group: set[Quad]) -> Nested:
    """The group with a named node for each blank node that is nested.

    Nothing is folded if a graph is a blank node too, as digests would depend on its label.
    """
    if any(isinstance(quad.graph_name, BlankNode) for quad in group):
        return Nested(group, {})
    stated: dict[Term, list[Quad]] = defaultdict(list)
    places: dict[Term, list[Quad]] = defaultdict(list)
    for quad in group:
        stated[quad.subject].append(quad)
        if isinstance(quad.object, BlankNode):
            places[quad.object].append(quad)
    single = {node: quads[0] for node, quads in places.items() if len(quads) == 1}
    names = _numbered(_digests(stated, single), single)
    inside: dict[Term, list[Quad]] = {
        name: [_named(quad, names) for quad in stated[node]] for node, name in names.items()
    }
    return Nested({_named(quad, names) for quad in group if quad.subject not in names}, inside)


def unfolded(quads: Iterable[Quad], inside: Mapping[Term, list[Quad]]) -> set[Quad]:
    """The quads with the nested nodes, each labelled by its parent and its digest."""
    whole = set[Quad]()
    waiting = list(quads)
    while waiting:
        quad = waiting.pop()
        if quad.object in inside:
            row = f"{quad.subject} {quad.predicate} {quad.graph_name} {quad.object}"
            node = BlankNode("n" + _digest(row))
            waiting += [
                Quad(node, one.predicate, one.object, one.graph_name) for one in inside[quad.object]
            ]
            quad = Quad(quad.subject, quad.predicate, node, quad.graph_name)
        whole.add(quad)
    return whole


def _digests(stated: Mapping[Term, list[Quad]], single: Mapping[Term, Quad]) -> dict[Term, str]:
    """The digest of each nested node, the innermost first."""
    waiting = {
        node: sum(isinstance(quad.object, BlankNode) for quad in stated[node]) for node in single
    }
    ready = [node for node, number in waiting.items() if number == 0]
    digests: dict[Term, str] = {}
    while ready:
        node = ready.pop()
        rows = (
            f"{quad.predicate} {digests.get(quad.object, quad.object)} {quad.graph_name}"
            for quad in stated[node]
        )
        digests[node] = _digest("\n".join(sorted(rows)))
        above = single[node].subject
        if above in waiting:
            waiting[above] -= 1
            if waiting[above] == 0:
                ready.append(above)
    return digests


def _numbered(digests: Mapping[Term, str], single: Mapping[Term, Quad]) -> dict[Term, NamedNode]:
    """A named node for each nested one: its digest and a number among equal ones."""
    counts: Counter[tuple[object, ...]] = Counter()
    names: dict[Term, NamedNode] = {}
    for node, digest in digests.items():
        quad = single[node]
        place = quad.subject, quad.predicate, quad.graph_name, digest
        names[node] = NamedNode(f"{_NESTED}{digest}n{counts[place]}")
        counts[place] += 1
    return names


def _named(quad: Quad, names: Mapping[Term, NamedNode]) -> Quad:
    value = names.get(quad.object, quad.object)
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
