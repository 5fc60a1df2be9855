"""Blank nodes by what is said of them, so that two graphs can be compared.

The label of a blank node means nothing outside its file. Here each gets a label made from its
statements, and from the labels of the blank nodes in these, round after round until no round tells
more of them apart (colour refinement, https://doi.org/10.1145/3068333). Where two graphs differ in
one place, blank nodes elsewhere keep their labels.

Those that are still alike are taken by groups that point to each other. Equal groups are numbered;
within a group RDFC-1.0 (https://www.w3.org/TR/rdf-canon/) decides. Its time grows exponentially
with the number of alike blank nodes in a group (measured: seven 0.6 s, eight 5 s), so that more
than ``MOST_ALIKE`` are refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode, Quad
from pyoxigraph import Dataset as QuadSet

from onehealthkg.errors import InputError
from onehealthkg.rdf.read_write import nquads

MOST_ALIKE = 6
_KNOWN = "urn:onehealthkg:blank:"


def in_order_of_appearance(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, each once, their blank nodes labelled b0, b1 ... as they appear."""
    names: dict[BlankNode, BlankNode] = {}
    found = dict.fromkeys(quads)
    for quad in found:
        for node in _nodes(quad):
            names.setdefault(node, BlankNode(f"b{len(names)}"))
    return [_renamed(quad, names) for quad in found]


def comparable(*graphs: Iterable[Quad]) -> list[set[Quad]]:
    """The graphs with labels of blank nodes that are the same where the same is said of them.

    Graphs are isomorphic where what comes back is equal. Raises InputError for a graph with too
    many blank nodes that nothing tells apart.
    """
    sets = [set(quads) for quads in graphs]
    return [_labelled(quads, colours) for quads, colours in zip(sets, _colours(sets), strict=True)]


def _colours(graphs: list[set[Quad]]) -> list[dict[BlankNode, str]]:
    """A colour for each blank node of each graph, all after the same number of rounds."""
    about = [_about(quads) for quads in graphs]
    colours = [dict.fromkeys(nodes, "") for nodes in about]
    known, count = -1, 0
    while known < count:
        known = count
        colours = [
            {node: _colour(node, quads, one) for node, quads in nodes.items()}
            for nodes, one in zip(about, colours, strict=True)
        ]
        count = sum(len(set(one.values())) for one in colours)
    return colours


def _about(quads: Iterable[Quad]) -> dict[BlankNode, list[Quad]]:
    found: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for node in set(_nodes(quad)):
            found[node].append(quad)
    return found


def _colour(node: BlankNode, quads: Iterable[Quad], colours: Mapping[BlankNode, str]) -> str:
    def word(term: object) -> str:
        if term == node:
            return "_:self"
        return f"_:{colours[term]}" if isinstance(term, BlankNode) else str(term)

    terms = ((quad.subject, quad.predicate, quad.object, quad.graph_name) for quad in quads)
    lines = sorted(" ".join(map(word, one)) for one in terms)
    return _digest("\n".join([colours[node], *lines]).encode())


def _labelled(quads: set[Quad], colours: dict[BlankNode, str]) -> set[Quad]:
    counts = Counter(colours.values())
    names = {node: BlankNode(f"b{one}") for node, one in colours.items() if counts[one] == 1}
    clear = {_renamed(quad, names) for quad in quads}
    alike = {quad for quad in clear if any(node in colours for node in _nodes(quad))}
    numbers: Counter[str] = Counter()
    found = clear - alike
    for group in _groups(alike, colours):
        ordered = _canonical(group, colours)
        digest = _digest(nquads(ordered))
        ends = {
            node: BlankNode(f"{node.value}g{digest}n{numbers[digest]}")
            for quad in ordered
            for node in _nodes(quad)
            if node.value.startswith("c")
        }
        numbers[digest] += 1
        found |= {_renamed(quad, ends) for quad in ordered}
    return found


def _groups(quads: Iterable[Quad], alike: Mapping[BlankNode, str]) -> list[set[Quad]]:
    """The quads by groups of alike blank nodes that occur in one quad."""
    about = _about(quads)
    waiting = {node for node in about if node in alike}
    groups = []
    while waiting:
        reached, group = [waiting.pop()], set[Quad]()
        while reached:
            group.update(about[reached.pop()])
            near = {node for quad in group for node in _nodes(quad)} & waiting
            waiting -= near
            reached += near
        groups.append(group)
    return groups


def _canonical(group: set[Quad], colours: Mapping[BlankNode, str]) -> set[Quad]:
    """The quads of a group, its alike blank nodes labelled c..., the same for each equal group."""
    nodes = {node for quad in group for node in _nodes(quad)}
    counts = Counter(colours[node] for node in nodes if node in colours)
    single = {
        node: NamedNode(f"{_KNOWN}{'c' if node in colours else ''}{colours.get(node, node.value)}")
        for node in nodes
        if counts[colours.get(node, "")] < 2
    }
    if len(nodes) - len(single) > MOST_ALIKE:
        raise InputError(
            f"{len(nodes) - len(single)} blank nodes point to each other and nothing tells them "
            f"apart; more than {MOST_ALIKE} cannot be compared: give some of them IRIs."
        )
    dataset = QuadSet(_renamed(quad, single) for quad in group)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    back = {one: BlankNode(one.value.removeprefix(_KNOWN)) for one in single.values()}
    return {_renamed(quad, back) for quad in dataset}


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def _nodes(quad: Quad) -> list[BlankNode]:
    terms = (quad.subject, quad.object, quad.graph_name)
    return [term for term in terms if isinstance(term, BlankNode)]


def _renamed(quad: Quad, names: Mapping[Any, NamedNode | BlankNode]) -> Quad:
    subject, predicate, value, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
    return Quad(
        names.get(subject, subject), predicate, names.get(value, value), names.get(graph, graph)
    )
