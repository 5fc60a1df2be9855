"""Blank nodes get labels by which graphs can be compared."""

from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
)

from onehealthkg.errors import InputError
from onehealthkg.exports import canonical as canonical_labels
from onehealthkg.exports.canonical import comparable, in_order_of_appearance

P, Q = NamedNode("https://e.example/p"), NamedNode("https://e.example/q")
NODES = [BlankNode(f"n{number}") for number in range(5)]

graphs = st.sets(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from([P, Q]),
        st.sampled_from([*NODES, Literal("x")]),
        st.sampled_from([P, NODES[0]]),
    ),
    max_size=8,
)


def relabelled(quads: set[Quad], seed: int) -> set[Quad]:
    names = [BlankNode() for _ in NODES]
    Random(seed).shuffle(names)  # noqa: S311
    other = dict(zip(NODES, names, strict=True))
    return {
        Quad(
            other.get(q.subject, q.subject),
            q.predicate,
            other.get(q.object, q.object),
            other.get(q.graph_name, q.graph_name),
        )
        for q in quads
    }


def canonical(quads: set[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


@pytest.mark.slow
@given(graphs, st.integers(0, 99))
def test_other_labels_of_blank_nodes_make_no_difference(quads: set[Quad], seed: int) -> None:
    first, second = comparable(quads, relabelled(quads, seed))
    assert first == second
    assert len(first) == len(quads)


@pytest.mark.slow
@given(graphs, graphs)
def test_graphs_are_equal_if_rdfc_1_0_finds_them_equal(one: set[Quad], other: set[Quad]) -> None:
    first, second = comparable(one, other)
    assert (first == second) == (canonical(one) == canonical(other))


def test_a_change_leaves_the_labels_of_other_blank_nodes() -> None:
    far = {Quad(NODES[0], P, Literal("far")), Quad(NODES[0], Q, NODES[1])}
    first, second = comparable(
        far | {Quad(NODES[2], P, Literal("old"))}, far | {Quad(NODES[2], P, Literal("new"))}
    )
    assert len(first & second) == 2


def test_one_of_two_equal_groups_is_one_difference() -> None:
    pairs = [{Quad(a, P, b), Quad(b, P, a)} for a, b in (NODES[:2], NODES[2:4])]
    first, second = comparable(pairs[0], pairs[0] | pairs[1])
    assert first < second
    assert len(second) == 4


def test_graphs_that_refinement_cannot_distinguish_are_distinguished() -> None:
    """A ring of six and two rings of three look the same from each of their nodes."""
    nodes = [BlankNode() for _ in range(6)]
    six = {Quad(nodes[n], P, nodes[(n + 1) % 6]) for n in range(6)}
    threes = {Quad(nodes[n], P, nodes[n - n % 3 + (n + 1) % 3]) for n in range(6)}
    first, second = comparable(six, threes)
    assert first != second


def test_blank_nodes_that_cannot_be_distinguished_in_time_are_an_error() -> None:
    nodes = [BlankNode() for _ in range(40)]
    clique = {Quad(one, P, other) for one, other in permutations(nodes, 2)}
    with pytest.raises(
        InputError, match=r"distinguished within 0\.3 seconds.* give some of them IRIs"
    ):
        comparable(clique, seconds=0.3)


def test_a_chain_of_thousands_of_blank_nodes_can_be_compared() -> None:
    nodes = [BlankNode() for _ in range(3000)]
    quads = [Quad(one, P, other) for one, other in pairwise(nodes)]
    first, second = comparable(quads, quads[:-1])
    assert (len(first), len(second)) == (2999, 2998)


def test_a_change_in_a_list_leaves_the_labels_of_its_other_nodes() -> None:
    def items(*values: str) -> set[Quad]:
        nodes = [BlankNode() for _ in values]
        quads = {Quad(node, P, Literal(text)) for node, text in zip(nodes, values, strict=True)}
        return quads | {Quad(one, Q, other) for one, other in pairwise(nodes)}

    first, second = comparable(items(*"abcdef"), items(*"abcdeg"))
    assert len(first - second) == len(second - first) == 2


def test_two_equal_long_lists_can_be_compared() -> None:
    quads = set()
    for _ in range(2):
        nodes = [BlankNode() for _ in range(30)]
        quads |= {Quad(one, P, other) for one, other in pairwise(nodes)}
    assert len(comparable(quads)[0]) == 58


def test_labels_follow_the_order_of_appearance() -> None:
    quads = [Quad(NODES[3], P, NODES[1]), Quad(NODES[1], P, NODES[3]), Quad(NODES[3], P, NODES[1])]
    assert [str(quad) for quad in in_order_of_appearance(quads)] == [
        f"_:b0 {P} _:b1",
        f"_:b1 {P} _:b0",
    ]


def test_more_blank_nodes_than_can_be_compared_in_time_are_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(canonical_labels, "MOST", 10)
    with pytest.raises(InputError, match="There are 12 blank nodes, and at most 10 are compared"):
        comparable(star(5), star(5))


def star(leaves: int) -> set[Quad]:
    return {Quad(NODES[0], P, BlankNode()) for _ in range(leaves)} | {Quad(NODES[0], Q, P)}


def tree(depth: int, end: str) -> set[Quad]:
    """Each node has two others that are alike, except for the last one."""
    quads: set[Quad] = set()
    level = [BlankNode()]
    for _ in range(depth):
        pairs = [(node, BlankNode()) for node in level for _ in range(2)]
        quads |= {Quad(one, P, other) for one, other in pairs}
        level = [other for _, other in pairs]
    return quads | {Quad(level[0], Q, Literal(end))}


def test_nested_nodes_that_are_alike_are_compared_at_once() -> None:
    first, second = comparable(star(400), star(401), seconds=5)
    assert (len(first), len(second)) == (401, 402)
    assert star(400) != star(400)
    first, second = comparable(star(400), star(400), seconds=5)
    assert first == second
    first, second = comparable(tree(8, "a"), tree(8, "a"), seconds=5)
    assert first == second
    assert len(first) == 511
    first, second = comparable(tree(8, "a"), tree(8, "b"), seconds=5)
    assert first != second


def test_nodes_nested_in_ones_that_only_rdfc_1_0_distinguishes_are_compared() -> None:
    ring = {Quad(NODES[n], P, NODES[(n + 1) % 4]) for n in range(4)}
    nested = {Quad(node, Q, BlankNode()) for node in NODES[:4]}
    first, second = comparable(ring | nested, relabelled(ring | nested, 7))
    assert first == second
    assert len(first) == 8
