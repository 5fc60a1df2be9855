"""What `onehealthkg.locate` holds: the line of every statement, in any layout, of any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from onehealthkg.names import RDF_TYPE, local_name
from onehealthkg.rdf.positions import DEFAULT, locate
from onehealthkg.rdf.read_write import read_quads

ROOT = Path(__file__).parents[1]
FILES = sorted(
    [*ROOT.glob("data/*.ttl"), *ROOT.glob("ontology/*.ttl"), *ROOT.glob("data/sources/*.trig")]
)
XSD = "http://www.w3.org/2001/XMLSchema#"


def graph_of(quad):
    return DEFAULT if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value


def names(quad):
    return graph_of(quad), quad.subject.value, quad.predicate.value, quad.object.value


def written(term):
    """How the term may be written in our files: the ends of all of them are on one line."""
    if isinstance(term, Literal):
        return (str(Literal(term.value[:30]))[1:-1],)
    return (local_name(term.value) or term.value, "<>")


# The files of the project


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_statement_of_our_files_is_on_a_line_that_has_its_object(path):
    text = path.read_text("utf-8")
    positions, lines = locate(text), text.split("\n")
    quads = [
        quad
        for quad in read_quads(path)
        if not any(isinstance(term, BlankNode) for term in (quad.subject, quad.object))
    ]
    assert quads
    lost = [
        str(quad)
        for quad in quads
        if not any(form in lines[positions.line(*names(quad)) - 1] for form in written(quad.object))
    ]
    assert lost == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_graph_of_our_files_is_on_a_line_that_has_its_name(path):
    text = path.read_text("utf-8")
    positions, lines = locate(text), text.split("\n")
    for graph in {graph_of(quad) for quad in read_quads(path)} - {DEFAULT}:
        assert local_name(graph) in lines[positions.line(graph, "") - 1]


# The line of a statement

TRIG = """\
@base <https://w3id.org/onehealthkg/source/x> .
@prefix e: <http://e/> .

# <#s5> { e:a e:p "not this" }
<#s5> {
    e:a a e:Thing ;
        e:p e:b ,
            "two" , 3 ;
        e:q <> , <#s6> . e:b e:p e:c . e:c e:p e:d
}
GRAPH e:g { e:b e:r true .
    e:a
        e:p
            e:b . }
{ e:a e:p 0.5 }
"""


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/a", RDF_TYPE, "http://e/Thing"), 6),
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/a", "http://e/p", "http://e/b"), 7),
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/a", "http://e/p", "two"), 8),
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/a", "http://e/p", "3"), 8),
        (
            (
                "https://w3id.org/onehealthkg/source/x#s5",
                "http://e/a",
                "http://e/q",
                "https://w3id.org/onehealthkg/source/x#s6",
            ),
            9,
        ),
        ((None, "http://e/a", "http://e/q", "https://w3id.org/onehealthkg/source/x"), 9),
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/b", "http://e/p", "http://e/c"), 9),
        (("https://w3id.org/onehealthkg/source/x#s5", "http://e/c", "http://e/p", "http://e/d"), 9),
        (("http://e/g", "http://e/b", "http://e/r", "true"), 11),
        (("http://e/g", "http://e/a", "http://e/p", "http://e/b"), 14),
        ((DEFAULT, "http://e/a", "http://e/p", "0.5"), 15),
        ((None, "http://e/a", "http://e/p", "0.5"), 15),
        ((None, "http://e/a", "http://e/p", "http://e/b"), 7),
    ],
)
def test_a_statement_is_where_its_object_is(statement, line):
    assert locate(TRIG).line(*statement) == line


def test_an_unknown_statement_has_the_line_of_its_nearest_part():
    positions = locate(TRIG)
    assert positions.line("http://e/g", "http://e/a", "http://e/p", "nothing") == 13
    assert positions.line("http://e/g", "http://e/a", "http://e/nothing", "http://e/b") == 12
    assert positions.line("http://e/g", "http://e/a") == 12
    assert positions.line("http://e/g", "http://e/nothing") == 11
    assert positions.line(None, "http://e/c") == 9
    assert positions.line(None, "http://e/nothing") is None
    assert positions.line("http://e/nothing", "http://e/a") is None
    assert positions.line("https://w3id.org/onehealthkg/source/x#s5", "") == 5
    assert positions.line("http://e/nothing", "") is None


def test_a_graph_that_is_opened_twice_is_where_it_is_opened_first():
    positions = locate("<x:g>\n{ <x:a> <x:b> 1 }\n<x:g> { <x:a> <x:b> 2 }")
    assert positions.line("x:g", "") == 1
    assert positions.line("x:g", "x:a", "x:b", "2") == 3


def test_a_literal_over_several_lines_is_where_it_begins():
    text = '<x:a> <x:b>\n"""One.\n"Two." # } .\r\n\\"\\"\\" Three.""" ,\n\'\'\'\n\'\'\' .\n<x:c> <x:d> 1 .'
    positions = locate(text)
    assert [positions.line(*names(quad)) for quad in parse(text, RdfFormat.TURTLE)] == [2, 5, 7]


def test_comments_are_skipped_and_a_number_sign_in_an_iri_is_not_one():
    text = """\
# } " ''' <x:a> <x:b> 1 .
<x:g#1> { # it's {
  <x:a#1> # "
    <x:b#1> "#}" # <x:c> .
    , <x:c#1> }#"""
    positions = locate(text)
    assert [positions.line(*names(quad)) for quad in parse(text, RdfFormat.TRIG)] == [4, 5]
    assert positions.line("x:g#1", "") == 2


def test_the_last_declaration_of_a_prefix_or_base_counts():
    text = """\
@prefix e: <http://one/> . e:a e:b e:c .
PREFIX e: <http://two/>
e:a e:b e:c .
@base <http://three/x> . @prefix e: <#> . @prefix base: <y/> .
e:a base:b <> .
base <//four>
<a> <../b> <?c> ."""
    positions = locate(text)
    quads = list(parse(text, RdfFormat.TURTLE))
    assert [positions.line(*names(quad)) for quad in quads] == [1, 3, 5, 7]
    assert quads[2].subject.value == "http://three/x#a"


@pytest.mark.parametrize(
    "base",
    [
        "https://w3id.org/onehealthkg/source/x",
        "http://a/b/c/d;p?q#f",
        "urn:a:b",
        "file:///tmp/x.ttl",
        "http://a",
    ],
)
@pytest.mark.parametrize(
    "reference", ["", "#", "#s5", "?q", "x", "../x", "/x", "//h/x", "a//b", "http:x", "\\u0061"]
)
def test_a_relative_iri_is_resolved_as_the_parser_does(base, reference):
    text = f"<x:a> <x:b>\n<{reference}> ."
    (quad,) = parse(text, RdfFormat.TURTLE, base_iri=base)
    assert locate(text, base).line(*names(quad)) == 2


def test_escapes_in_names_and_literals_are_resolved():
    text = """\
@prefix é.é: <http://e/> .
@prefix : <http://e/> .
:a\\,b é.é:c%20d.e:f-1
    'it\\'s\\t\\u00e9\\U0001F600' ,
    "\\\\n" ,
    <http://e/\\u0062> ."""
    positions = locate(text)
    assert [positions.line(*names(quad)) for quad in parse(text, RdfFormat.TURTLE)] == [4, 5, 6]


def test_tokens_need_no_space_between_them():
    text = """\
@prefix:<x:>.@prefix true:<x:>.@prefix prefix:<x:>.<x:a><x:b><x:c>,true,1.e3,-1.5,+.5,
1.true:a :b :c.d.<x:e>a'x'@prefix,"y"@en-GB,"z"^^
:dt,''."""
    positions = locate(text)
    found = [
        (quad.object.value, positions.line(*names(quad))) for quad in parse(text, RdfFormat.TURTLE)
    ]
    assert found == [
        *((value, 1) for value in ("x:c", "true", "1.e3", "-1.5", "+.5")),
        *((value, 2) for value in ("1", "x:c.d", "x", "y", "z")),
        ("", 3),
    ]


def test_terms_in_brackets_are_skipped_and_others_are_not():
    text = """\
<x:a> <x:b> [ <x:c> "x"@base ; <x:d> ( 1 [ ] ( <x:e> ) ) ] ,
  2 ;
  <x:c> () ,
  3 .
[ <x:c> 4 ] <x:b> 5 .
[] <x:b> 6 .
_:l <x:b>
  7 .
<x:a> <x:c> <x:d> ~ <x:r> {| <x:e> 8 |} ,
  9 .
<< <x:a> <x:b> 10 >> <x:c> 11 .
<x:a> <x:f> <<( <x:a> <x:b> 12 )>> ,
  13 ."""
    assert list(parse(text, RdfFormat.TURTLE))
    positions = locate(text)
    assert positions.line(None, "x:a", "x:b", "2") == 2
    assert positions.line(None, "x:a", "x:c", "3") == 4
    assert positions.line(None, "_:l", "x:b", "7") == 8
    assert positions.line(None, "x:a", "x:c", "9") == 10
    assert positions.line(None, "x:a", "x:f", "13") == 13
    assert positions.line(None, "x:a", "x:b", "10") == 1  # that of the predicate
    assert positions.line(None, "x:a", "x:b", "12") == 1


def test_n_quads_name_their_graph_last():
    text = '<x:a> <x:b> "c"@base <x:g> .\n<x:a> <x:b> "c"^^<x:t> .\n_:a <x:b> <x:c> <x:h> .\n'
    positions = locate(text)
    assert positions.line("x:g", "x:a", "x:b", "c") == 1
    assert positions.line(DEFAULT, "x:a", "x:b", "c") == 2
    assert positions.line("x:h", "") == 3


@pytest.mark.parametrize(
    "text",
    [
        '{"@id": "http://a", "http://b": "c"}',
        '\ufeff [{"@id": "http://a"}]',
        '<?xml version="1.0"?>\n<rdf:RDF><x:b><x:c></x:b></x:c></rdf:RDF>',
        '<rdf:RDF xmlns:x="x:"><x:a><x:b><x:c>',
        "<!--x--><rdf:RDF><x:b><x:c>",
        "",
    ],
)
def test_other_formats_have_no_positions(text):
    assert locate(text)._lines == {}  # noqa: SLF001 - no question could show that there is nothing


# Any dataset in any layout

IRIS = st.one_of(
    st.sampled_from(
        [
            "http://e/",
            "http://e/a",
            "http://e/b.c",
            "http://e/a#b",
            "http://é/%20,;(.)",
            "urn:x:(1)",
        ]
    ),
    st.text("aé/?:.-_%7'(,;", max_size=5).map(lambda text: "http://f/" + text.replace("%", "%25")),
).map(NamedNode)
TEXTS = st.one_of(st.text(max_size=8), st.text("'\"\\\n\r#{}.<>@^ a", max_size=8))
NUMBERS = [("1", "integer"), ("-1.5", "decimal"), ("1.e3", "double"), ("true", "boolean")]
LITERALS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="fr-be")),
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), TEXTS, IRIS),
    st.sampled_from(NUMBERS).map(lambda one: Literal(one[0], datatype=NamedNode(XSD + one[1]))),
)
PREDICATES = st.one_of(IRIS, st.just(NamedNode(RDF_TYPE)))
GRAPHS = st.one_of(IRIS, st.just(DefaultGraph()))
QUADS = st.lists(st.builds(Quad, IRIS, PREDICATES, st.one_of(IRIS, LITERALS), GRAPHS), max_size=8)


@given(QUADS, st.booleans())
def test_every_quad_that_is_written_as_n_quads_is_found_on_its_line(quads, twice):
    text = serialize(quads * (1 + twice), format=RdfFormat.N_QUADS).decode()
    positions, lines = locate(text), text.split("\n")
    for quad in quads:
        (found,) = parse(lines[positions.line(*names(quad)) - 1], RdfFormat.N_QUADS)
        assert names(found) == names(quad)


@pytest.mark.parametrize("rdf_format", [RdfFormat.TURTLE, RdfFormat.TRIG], ids=["Turtle", "TriG"])
@given(QUADS, st.sampled_from([{}, {"": "http://e/", "f": "http://f/"}]))
def test_every_quad_that_pyoxigraph_writes_is_found_on_a_line_with_its_object(
    rdf_format, quads, prefixes
):
    if rdf_format == RdfFormat.TURTLE:
        quads = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    text = serialize(quads, format=rdf_format, prefixes=prefixes).decode()
    positions, lines = locate(text), text.split("\n")
    for quad in quads:
        value = quad.object.value
        line = lines[positions.line(*names(quad)) - 1].replace("\\", "")
        forms = (
            value,
            str(Literal(value)),
            value.removeprefix("http://e/").removeprefix("http://f/"),
        )
        assert any(form.replace("\\", "") in line for form in forms)


GAPS = st.sampled_from([" ", "\n", "\r\n", "\t", " # it's <a> \"{. \n", "\n\n"])


@st.composite
def layouts(draw):
    """Quads as TriG in any layout, and for each the line where its object was first written."""
    text, lines, quads = "", {}, draw(QUADS)
    for number, quad in enumerate(quads):
        before = quads[number - 1] if number else None
        graph = graph_of(quad)
        if before is None or graph_of(before) != graph:
            text += (" }" if before else "") + draw(GAPS)
            text += ("" if graph == DEFAULT else f"<{graph}>") + draw(GAPS) + "{"
            before = None
        elif before.subject != quad.subject:
            text += " ."
            before = None
        elif before.predicate != quad.predicate:
            text += draw(GAPS) + ";"
        else:
            text += draw(GAPS) + ","
        if before is None:
            text += draw(GAPS) + str(quad.subject)
        if before is None or before.predicate != quad.predicate:
            text += draw(GAPS) + ("a" if quad.predicate.value == RDF_TYPE else str(quad.predicate))
        text += draw(GAPS)
        lines.setdefault(names(quad), text.count("\n") + 1)
        text += draw(st.sampled_from(literal_forms(quad.object)))
    return text + ("}" if quads else ""), lines


def literal_forms(term):
    if not isinstance(term, Literal):
        return [str(term)]
    suffix = str(term)[len(str(Literal(term.value))) :]
    long = term.value.replace("\\", "\\\\")
    forms = [str(term)]
    for quote in "'\"":
        forms.append(quote * 3 + long.replace(quote, "\\" + quote) + quote * 3 + suffix)
    return forms


@given(layouts())
def test_every_quad_is_found_on_the_line_of_its_object_in_any_layout(layout):
    text, lines = layout
    quads = list(parse(text, RdfFormat.TRIG))
    assert {names(quad) for quad in quads} == set(lines)
    positions = locate(text)
    assert {key: positions.line(*key) for key in lines} == lines


# Any text

HOSTILE = [
    *"[({<\"'\\#.:;,^~@_-+%|])}\n\r",
    *(
        "<<",
        "{|",
        "'''",
        '"""',
        "\\'",
        "'''\\",
        "'\\'",
        "a1",
        "1a",
        "1.",
        "a.",
        ":.",
        "_:",
        "^^ ",
        "a:a ",
        "<a> ",
    ),
    *(
        "<a",
        "'''\\'''",
        '"\\\n',
        "@prefix ",
        "@prefix a:<b>",
        "@base <a/> .",
        "PREFIX ",
        "GRAPH ",
        "\0",
        "\ud800",
    ),
    *(
        "<\\ud800>",
        "<\ud800>",
        "'\\UFFFFFFFF'",
        "<\\u0061:\\u003e>",
        "<x:a> <x:b> <x:c> ,",
        "<x:a> <x:b> [",
    ),
]


@pytest.mark.sampled(40)
@pytest.mark.parametrize("start", ["", "@base <http://a/> . @prefix a: <x:> . <x:s> <x:p> "])
@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_no_long_repetition_is_an_error_or_takes_quadratic_time(piece, start):
    locate(start + piece * (50_000 // len(piece)))


def test_a_million_brackets_are_not_an_error():
    locate("<x:a> <x:b> " + "[" * 1_000_000)


def test_a_string_that_is_not_closed_ends_with_the_text():
    assert (
        locate("<x:a> <x:b> 1 .\n<x:c> <x:d> '''" + "x" * 1_000_000).line(None, "x:a", "x:b", "1")
        == 1
    )


def test_a_short_name_does_not_multiply_a_long_namespace():
    text = (
        f"@prefix p: <x:{'y' * 1_000_000}> . @base <x:{'y' * 1_000_000}> .\n"
        + "p:a <b> p:c .\n" * 20_000
    )
    assert locate(text)._lines == {}  # noqa: SLF001 - else 60 gigabytes


def test_bases_do_not_grow_without_end():
    locate("@base <http://a/> .\n" + "@base <a/> .\n<x:a> <x:b> <c> .\n" * 20_000)


@given(
    st.one_of(st.text(), st.text("<>\"'\\#.:;,^~@_-+%|[](){}\n abe1", max_size=60)),
    st.text(max_size=5),
)
def test_no_text_and_no_base_is_an_error(text, base):
    positions = locate(text, base)
    assert positions.line("x:nothing", "") is None


@given(st.lists(st.sampled_from(TRIG.split(" ")), max_size=40).map(" ".join))
def test_no_shuffle_of_valid_pieces_is_an_error(text):
    assert locate(text).line(None, "x:nothing", RDF_TYPE) is None
