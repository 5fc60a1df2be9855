"""Canonical labels of blank nodes, so that two graphs can be compared.

The label of a blank node means nothing outside its file. Here it is computed from its
statements. Blank nodes that point to each other form a group, and each group is labelled
separately, so that a change in one does not affect the others. In a group, nodes that their own
statements distinguish are named first, then nodes distinguished by statements with named ones, and
so on. Of the remaining nodes, nested ones are labelled by their contents (``nested``), the others
by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/). RDFC-1.0 alone takes minutes for a chain of a
thousand blank nodes, and no algorithm is fast for all graphs, so it runs in a separate process with
a time limit.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from typing import Any

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Dataset as QuadSet

from onehealthkg.errors import InputError
from onehealthkg.exports.nested import folded, unfolded
from onehealthkg.limited import limited
from onehealthkg.rdf.read_write import nquads

SECONDS = 20.0  # for the labels of two graphs
MOST = 200_000  # blank nodes in two graphs, which take about that time even if all are distinct
_NAMED = "urn:onehealthkg:blank:"


def in_order_of_appearance(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, each once, their blank nodes labelled b0, b1 ... as they appear."""
    names: dict[BlankNode, BlankNode] = {}
    distinct = dict.fromkeys(quads)
    for quad in distinct:
        for node in _nodes(quad):
            names.setdefault(node, BlankNode(f"b{len(names)}"))
    return [_renamed(quad, names) for quad in distinct]


def comparable(*graphs: Iterable[Quad], seconds: float = SECONDS) -> list[set[Quad]]:
    """The graphs with canonical labels: equal for blank nodes with the same statements.

    Graphs are isomorphic if the returned sets are equal. Raises InputError if there are more than
    ``MOST`` blank nodes, or they cannot be distinguished within ``seconds``.
    """
    sets = [set(quads) for quads in graphs]
    blank = [{quad for quad in quads if _nodes(quad)} for quads in sets]
    if not any(blank):
        return sets

    def work() -> bytes:
        return json.dumps([nquads(quads).decode() for quads in _labelled(blank)]).encode()

    number = sum(len(_blank(quads)) for quads in blank)
    if number > MOST:
        raise InputError(
            f"There are {number:,} blank nodes, and at most {MOST:,} are compared; give them IRIs."
        )
    late = InputError(
        f"The {number:,} blank nodes could not be distinguished within {seconds:g} seconds: they "
        "are too many, or too many are alike and point to each other; give some of them IRIs."
    )
    answer = limited(work, seconds, "comparing blank nodes", late)
    labelled = [set(parse(text, format=RdfFormat.N_QUADS)) for text in json.loads(answer)]
    return [all_ - old | new for all_, old, new in zip(sets, blank, labelled, strict=True)]


def _labelled(graphs: list[set[Quad]]) -> list[set[Quad]]:
    """The graphs with labels: the name in the group and, if groups share it, the group."""
    named = [[_named(group) for group in _groups(quads)] for quads in graphs]
    counts = [Counter(chain.from_iterable(map(_blank, groups))) for groups in named]
    shared = {node for count in counts for node, number in count.items() if number > 1}
    return [set(chain.from_iterable(_numbered(groups, shared))) for groups in named]


def _numbered(groups: list[set[Quad]], shared: set[BlankNode]) -> Iterator[set[Quad]]:
    """The groups, equal ones numbered, with the digest of the group in labels that are shared."""
    numbers: Counter[str] = Counter()
    for group in groups:
        digest = _digest(nquads(group))
        mark = f"g{digest}n{numbers[digest]}"
        numbers[digest] += 1
        marked = {node: BlankNode(node.value + mark) for node in _blank(group) & shared}
        yield {_renamed(quad, marked) for quad in group}


def _groups(quads: Iterable[Quad]) -> Iterator[set[Quad]]:
    """The quads by groups of blank nodes that occur in one quad."""
    about = _about(quads)
    waiting = set(about)
    while waiting:
        reached, group = [waiting.pop()], set[Quad]()
        while reached:
            statements = about[reached.pop()]
            group.update(statements)
            near = _blank(statements) & waiting
            waiting -= near
            reached += near
        yield group


def _named(group: set[Quad]) -> set[Quad]:
    """A group with labels that are the same in each group with the same statements."""
    names = _names(_about(group))
    named = {node: NamedNode(_NAMED + name) for node, name in names.items()}
    outer, inside = folded({_renamed(quad, named) for quad in group})
    rest = QuadSet(outer)
    rest.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    labels: dict[NamedNode | BlankNode, BlankNode] = {
        node: BlankNode("b" + name)
        for node, name in zip(named.values(), names.values(), strict=True)
    }
    if _blank(outer):
        digest = _digest(nquads(rest))
        labels |= {node: BlankNode(f"{node.value}x{digest}") for node in _blank(rest)}
    return {_renamed(quad, labels) for quad in unfolded(rest, inside)}


def _names(about: Mapping[BlankNode, list[Quad]]) -> dict[BlankNode, str]:
    """Names for the blank nodes that statements distinguish, those with their own first."""
    names: dict[BlankNode, str] = {}
    colours: dict[BlankNode, str] = {}
    alike: dict[str, set[BlankNode]] = defaultdict(set)
    changed = set(about)
    while changed:
        touched = set()
        for node in changed:
            old, colour = colours.get(node, ""), _colour(node, about[node], names)
            alike[old].discard(node)
            alike[colour].add(node)
            colours[node] = colour
            touched |= {old, colour}
        single = {node for colour in touched if len(alike[colour]) == 1 for node in alike[colour]}
        new = {node: colours[node] for node in single if node not in names}
        names |= new
        near = {other for node in new for other in _blank(about[node])}
        changed = {node for node in near if node not in names}
    return names


def _colour(node: BlankNode, quads: Iterable[Quad], names: Mapping[BlankNode, str]) -> str:
    """A digest of the statements about a blank node, with the names of those that have one."""

    def word(term: object) -> str:
        if term == node:
            return "_:self"
        return f"_:{names.get(term, '')}" if isinstance(term, BlankNode) else str(term)

    terms = ((quad.subject, quad.predicate, quad.object, quad.graph_name) for quad in quads)
    return _digest("\n".join(sorted(" ".join(map(word, row)) for row in terms)).encode())


def _about(quads: Iterable[Quad]) -> dict[BlankNode, list[Quad]]:
    about: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for node in set(_nodes(quad)):
            about[node].append(quad)
    return about


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def _blank(quads: Iterable[Quad]) -> set[BlankNode]:
    return {node for quad in quads for node in _nodes(quad)}


def _nodes(quad: Quad) -> list[BlankNode]:
    terms = (quad.subject, quad.object, quad.graph_name)
    return [term for term in terms if isinstance(term, BlankNode)]


def _renamed(quad: Quad, names: Mapping[Any, NamedNode | BlankNode]) -> Quad:
    subject, predicate, value, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
    return Quad(
        names.get(subject, subject), predicate, names.get(value, value), names.get(graph, graph)
    )
