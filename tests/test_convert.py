"""Converting: the output has the statements of the input, or the conversion is refused."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from onehealthkg.errors import InputError, OutputError, UsageError
from onehealthkg.exports.canonical import comparable
from onehealthkg.exports.convert import convert, ending_of, read
from onehealthkg.names import PREFIXES
from onehealthkg.rdf.read_write import FORMATS, parse_quads

E = "https://e.example/"
A, B, C, G = (NamedNode(E + name) for name in "abcg")
LOSSLESS = (".jsonld", ".nq", ".trig")
TRIG = f"""\
@prefix e: <{E}> .
e:g {{ _:x e:p "P18M"^^<{PREFIXES["xsd"]}duration> ; e:q _:y . }}
_:y e:p "ab"@en-gb .
"""

iris = st.sampled_from([A, B, C, *map(NamedNode, (E + "é", "urn:x:y", PREFIXES["oh"] + "party"))])
nodes = st.sampled_from([BlankNode(name) for name in ("x", "y", "z")])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text: Literal(text, language="fr"), texts),
    st.builds(lambda text: Literal(text, datatype=NamedNode(PREFIXES["xsd"] + "date")), texts),
)
quads = st.builds(Quad, iris | nodes, iris, iris | nodes | literals)
graphs = st.lists(quads, min_size=1, max_size=8)
in_graphs = st.lists(
    st.builds(Quad, iris | nodes, iris, iris | nodes | literals, iris | nodes),
    min_size=1,
    max_size=8,
)


def same(one: list[Quad], other: list[Quad]) -> bool:
    first, second = comparable(one, other)
    return first == second


@pytest.mark.slow
@given(graphs, st.sampled_from(sorted(FORMATS)))
def test_statements_without_graphs_survive_every_format(
    given_quads: list[Quad], ending: str
) -> None:
    data = convert(given_quads, ending).data
    assert same(parse_quads(data, FORMATS[ending], Path(f"a{ending}")), given_quads)


@pytest.mark.slow
@given(in_graphs, st.sampled_from(LOSSLESS))
def test_graphs_survive_formats_that_have_them(given_quads: list[Quad], ending: str) -> None:
    data = convert(given_quads, ending).data
    assert same(parse_quads(data, FORMATS[ending], Path(f"a{ending}")), given_quads)


@pytest.mark.parametrize(("first", "second"), [*product(LOSSLESS, LOSSLESS)])
def test_a_file_goes_through_two_formats(tmp_path: Path, first: str, second: str) -> None:
    path = tmp_path / "a.trig"
    path.write_text(TRIG)
    want = read(str(path))
    for ending in (first, second):
        data = convert(read(str(path)), ending).data
        path = tmp_path / f"a{ending}"
        path.write_bytes(data)
    assert same(read(str(path)), want)


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text(TRIG)
    once, again = (convert(read(str(path)), ".nq").data for _ in range(2))
    assert once == again
    assert b"_:b0" in once


def test_graphs_are_lost_only_on_request() -> None:
    given_quads = [Quad(A, B, C, G), Quad(A, B, C, C), Quad(A, B, B)]
    with pytest.raises(UsageError, match=r"\.ttl has no named graphs, and 2 would be lost"):
        convert(given_quads, ".ttl")
    done = convert(given_quads, ".ttl", merge=True)
    assert (done.lost_graphs, done.statements) == (2, 2)
    assert done.data.decode() == f"{A}\n    {B} {B} , {C} .\n"


def test_graphs_are_merged_on_request_in_a_format_that_has_them() -> None:
    done = convert([Quad(A, B, C, G), Quad(A, B, C, C)], ".nq", merge=True)
    assert (done.lost_graphs, done.data.decode()) == (2, f"{A} {B} {C} .\n")


@pytest.mark.parametrize(
    ("name", "ending", "known"),
    [("a.TTL", "", ".ttl"), ("-", "trig", ".trig"), ("a.txt", ".NQ", ".nq")],
)
def test_the_ending_decides_on_the_format(name: str, ending: str, known: str) -> None:
    assert ending_of(name, ending) == known


@pytest.mark.parametrize(("name", "ending"), [("-", ""), ("a.xml", ""), ("a.ttl", "turtle")])
def test_an_unknown_ending_is_an_error(name: str, ending: str) -> None:
    with pytest.raises(
        UsageError, match=f'"{ending or name}" does not name an RDF format.*jsonld, .nq'
    ):
        ending_of(name, ending)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonld", '{"@context": "https://e.example/c"}', "a remote context; nothing is fetched"),
        ("a.rdf", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type or entities"),
        ("a.ttl", "<a> <b>", r"a\.ttl:1:"),
    ],
)
def test_an_unreadable_file_is_an_error(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read(str(path))


def test_a_direction_is_not_lost_silently() -> None:
    directed = parse_quads(
        b'<https://e.example/a> <https://e.example/b> "a"@ar--rtl .', FORMATS[".nt"], Path("a.nt")
    )
    for ending in (".jsonld", ".rdf"):
        with pytest.raises(OutputError, match="direction"):
            convert(directed, ending)
    assert b"--rtl" in convert(directed, ".ttl").data
