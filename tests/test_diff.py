"""Differences: by thing and sentence, and as a patch that makes the second graph of the first."""

import re
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from selections import everything

from onehealthkg.errors import UsageError
from onehealthkg.exports.diff import as_data, as_patch, as_text, diff
from onehealthkg.names import ID, OH, PREFIXES, SOURCE

AGREEMENT = NamedNode(ID + "agreement-anses-inserm-2020")
TERM = NamedNode(OH + "term")
S8 = NamedNode(SOURCE + "2020-02-05-anses-inserm#s8")
DURATION = NamedNode(PREFIXES["xsd"] + "duration")
P = NamedNode("https://e.example/p")

iris = st.sampled_from([NamedNode(f"https://e.example/{name}") for name in "abcd"])
values = iris | st.builds(Literal, st.text(max_size=3))
graphs = st.sets(st.builds(Quad, iris, iris, values, iris) | st.builds(Quad, iris, iris, values))


@pytest.fixture(scope="module")
def quads() -> tuple[Quad, ...]:
    return everything().quads


def in_years(quads: tuple[Quad, ...], years: int) -> list[Quad]:
    old = Quad(AGREEMENT, TERM, Literal("P5Y", datatype=DURATION), S8)
    assert old in quads
    new = Quad(AGREEMENT, TERM, Literal(f"P{years}Y", datatype=DURATION), S8)
    return [quad for quad in quads if quad != old] + [new]


def test_changes_are_listed_under_their_thing_and_sentence(quads: tuple[Quad, ...]) -> None:
    assert as_text(diff(quads, in_years(quads, 6))) == (
        "Framework partnership agreement between ANSES and Inserm (2020)  (id:agreement-anses-inserm-2020)\n"
        "  “The five-year framework agreement signed today consolidates their ambition to "
        "reinvigorate and broaden their collaboration in support of public health "
        "policy-making.”  [2020-02-05-anses-inserm#s8]\n"
        "    - term · 5 years\n"
        "    + term · 6 years\n"
        "\n"
        "1 added, 1 removed."
    )


def test_labels_are_in_the_requested_language(quads: tuple[Quad, ...]) -> None:
    text = as_text(diff(quads, in_years(quads, 6)), "fr")
    assert text.startswith("Convention-cadre de partenariat entre l'Anses et l'Inserm (2020)")
    assert "    + durée · 6 ans\n" in text


def test_the_same_graph_has_no_difference(quads: tuple[Quad, ...]) -> None:
    same = diff(quads, reversed(quads))
    assert not same
    assert (as_text(same), as_patch(same)) == ("No difference.", "")
    assert as_data(same) == {"same": True, "added": [], "removed": []}


def test_a_literal_in_another_spelling_is_a_difference() -> None:
    integer = NamedNode(PREFIXES["xsd"] + "integer")
    found = diff(*([Quad(P, P, Literal(one, datatype=integer))] for one in ("7", "007")))
    assert [quad.object.value for quad in (*found.added, *found.removed)] == ["007", "7"]


def test_for_json_terms_are_as_in_sparql_results(quads: tuple[Quad, ...]) -> None:
    assert as_data(diff(quads, in_years(quads, 6)))["added"] == [
        {
            "subject": {"type": "uri", "value": AGREEMENT.value},
            "predicate": {"type": "uri", "value": TERM.value},
            "object": {"type": "literal", "value": "P6Y", "datatype": DURATION.value},
            "graph": {"type": "uri", "value": S8.value},
        }
    ]


def test_a_fact_in_another_sentence_does_not_change_the_merge() -> None:
    one, other = (Quad(P, P, P, NamedNode(f"https://e.example/{name}")) for name in "gh")
    assert len(diff([one], [other]).added) == 1
    assert not diff([one], [other], merge=True)
    assert not diff([one], [one, other], merge=True)


def test_blank_nodes_are_compared_by_their_statements() -> None:
    one, other, third = (BlankNode() for _ in range(3))
    before = [Quad(one, P, Literal("x")), Quad(one, P, P)]
    after = [Quad(other, P, P), Quad(other, P, Literal("x")), Quad(third, P, Literal("y"))]
    found = diff(before, after)
    assert (len(found.added), len(found.removed)) == (1, 0)
    assert re.match(r"_:b[0-9a-f]+  \(_:b[0-9a-f]+\)\n    \+ .*p · \"y\"", as_text(found))


def test_equal_statements_about_similar_blank_nodes_are_equal() -> None:
    def clique(mark: str) -> list[Quad]:
        nodes = [BlankNode(f"{mark}{number}") for number in range(12)]
        return [Quad(one, P, other) for one, other in permutations(nodes, 2)]

    assert as_text(diff(clique("x"), clique("y"))) == "No difference."


def test_a_patch_cannot_name_blank_nodes() -> None:
    with pytest.raises(UsageError, match="A patch cannot name the blank node in"):
        as_patch(diff([], [Quad(BlankNode(), P, P)]))


@given(graphs, graphs)
def test_a_patch_makes_the_second_graph_of_the_first(before: set[Quad], after: set[Quad]) -> None:
    store = Store()
    store.extend(before)
    patch = as_patch(diff(before, after))
    if patch:
        store.update(patch)
    assert set(store) == after


def test_a_patch_of_the_bundled_graph(quads: tuple[Quad, ...], tmp_path: Path) -> None:
    patch = tmp_path / "patch.ru"
    patch.write_text(as_patch(diff(quads, in_years(quads, 6))), encoding="utf-8")
    assert patch.read_text(encoding="utf-8") == (
        "DELETE DATA {\n"
        f"  GRAPH {S8} {{\n"
        f'    {AGREEMENT} {TERM} "P5Y"^^{DURATION} .\n'
        "  }\n"
        "} ;\n"
        "INSERT DATA {\n"
        f"  GRAPH {S8} {{\n"
        f'    {AGREEMENT} {TERM} "P6Y"^^{DURATION} .\n'
        "  }\n"
        "} ;\n"
    )
