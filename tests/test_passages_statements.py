"""The author's file: its statements when the text changes."""

import tempfile
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from passage_texts import BASE, SKELETON, THREE, A, B, C, D, X, both, named, own, write
from pyoxigraph import parse

from onehealthkg.names import SOURCE
from onehealthkg.rdf.positions import locate
from onehealthkg.sources.passages import passages

ALL_MISSING = (
    "\n#| The first.\n<#s1> {\n}\n\n#| The second.\n<#s2> {\n}\n\n#| The third.\n<#s3> {\n}\n"
)
LAYOUTS = {
    "another layout": (
        "GRAPH <#s1> {\n}\n<#s2>{}\n\t graph\t<#s3> { <> a <#y> }\n",
        "#| The first.\nGRAPH <#s1> {\n}\n#| The second.\n<#s2>{}\n\t #| The third.\n\t graph\t<#s3> { <> a <#y> }\n",
    ),
    "several on a line": (
        "<#s1> {} <#s2> { <> a <#y> } <#s3>{}\n",
        "#| The first.\n<#s1> {} <#s2> { <> a <#y> } <#s3>{}\n",
    ),
    "one over several lines": (
        "GRAPH # a {\n<#s1>\n# b {\n{ }<#s2>\n{}\n<#s3> # c\n{}",
        "#| The first.\nGRAPH # a {\n<#s1>\n# b {\n{ }<#s2>\n{}\n#| The third.\n<#s3> # c\n{}",
    ),
    "comments edited and deleted": (
        "#| The 1st.\n#| of two lines\n<#s1> {}\n\n<#s2> {}\n  #|The third.\n  <#s3> {}\n",
        "#| The first.\n<#s1> {}\n\n#| The second.\n<#s2> {}\n  #| The third.\n  <#s3> {}\n",
    ),
    "notes of the author": (
        "<#a> {} #| mine\n# 1\n#| old\n# 2\n\n<#s1> {}\n# | 3\n<#s2> {}\n#|The third.\n\n<#s3> {} # end",
        "<#a> {} #| mine\n# 1\n#| The first.\n# 2\n\n<#s1> {}\n# | 3\n#| The second.\n<#s2> {}\n#| The third.\n\n<#s3> {} # end",
    ),
    "a graph taken out, its comment left": (
        "#| The first.\n\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n",
        "\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n\n#| The first.\n<#s1> {\n}\n",
    ),
    "graphs in comments and literals": (
        "# <#s1> {\n<#a> { <> a \"<#s2> {\\\"\" , '<#s2> {\\'' , '#' , \"\"\"\n#| \"\\\"\"\n<#s3> {\n\"\"\" , '''\n<#s3> { ''\\'''' }",
        "# <#s1> {\n<#a> { <> a \"<#s2> {\\\"\" , '<#s2> {\\'' , '#' , \"\"\"\n#| \"\\\"\"\n<#s3> {\n\"\"\" , '''\n<#s3> { ''\\'''' }\n"
        + ALL_MISSING,
    ),
    "a quotation mark in a long literal": (
        '<#a> { <> a """a " b""" }\n<#s1> {}\n<#s2> {}\n<#s3> { <> a "c" }',
        '<#a> { <> a """a " b""" }\n#| The first.\n<#s1> {}\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> { <> a "c" }',
    ),
    "other forms of the names": (
        "@prefix p: <#> .\nPREFIX source: <https://w3id.org/onehealthkg/source/>\np:s1 {}\nsource:x\\#s2 {}\n<https://w3id.org/onehealthkg/source/x#s3> { <> a p:it\\'s }\n",
        "@prefix p: <#> .\nPREFIX source: <https://w3id.org/onehealthkg/source/>\n#| The first.\np:s1 {}\n#| The second.\nsource:x\\#s2 {}\n#| The third.\n<https://w3id.org/onehealthkg/source/x#s3> { <> a p:it\\'s }\n",
    ),
    "graphs with other names": (
        "@prefix s: <https://w3id.org/onehealthkg/source/y#> .\n#| The first.\ns:s1 {}\n_:s2 {}\n{ <> a <#y> }\n<#s03> {} GRAPH <#s1a> {}",
        "@prefix s: <https://w3id.org/onehealthkg/source/y#> .\n#| The first.\ns:s1 {}\n_:s2 {}\n{ <> a <#y> }\n<#s03> {} GRAPH <#s1a> {}\n"
        + ALL_MISSING,
    ),
    "a graph in two parts": (
        "<#s1> {}\n<#s2> {}\n<#s3> {}\n#| x\n<#s1> { <> a <#y> }\n",
        "#| The first.\n<#s1> {}\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n#| The first.\n<#s1> { <> a <#y> }\n",
    ),
    "CRLF": (
        "\r\n#| x\r\n<#s1> {\r\n}\r\n\r\n<#s2> {\r\n    <> a <#y> .\r\n}",
        "\r\n#| The first.\r\n<#s1> {\r\n}\r\n\r\n#| The second.\r\n<#s2> {\r\n    <> a <#y> .\r\n}\r\n\r\n#| The third.\r\n<#s3> {\r\n}\r\n",
    ),
    "the comment of the last graph left": ("<#a> {}\n#| old\n", "<#a> {}\n" + ALL_MISSING),
    "blank lines at the end": ("<#a> {}\n\n\n", "<#a> {}\n\n\n" + ALL_MISSING),
    "no graph": ("# nothing yet", "# nothing yet\n" + ALL_MISSING),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_authors_file_keeps_its_layout(tmp_path, layout):
    written, expected = LAYOUTS[layout]
    text_file = write(tmp_path / "x.txt", THREE)
    passages(text_file)
    author = write(text_file.with_suffix(".trig"), BASE + written)
    before = [str(quad.triple) for quad in parse(path=author)]
    assert passages(text_file)[2:] == (3, [], [], [])
    assert author.read_bytes().decode() == BASE + expected
    assert [str(quad.triple) for quad in parse(path=author)] == before
    positions = locate(BASE + expected)
    assert all(positions.line(f"{SOURCE}x#{name}", "") for name in ("s1", "s2", "s3"))
    assert passages(text_file)[2:] == (3, [], [], [])
    assert author.read_bytes().decode() == BASE + expected


GRAPHS = [
    "<#s1> { }",
    "<#s2>{<> a <#kept> . }",
    "GRAPH\n<#s3> {}",
    "graph <#s3> # {\n {}",
    f"<{SOURCE}x#s1>\n{{ <> a '}}' }}",
    "p:s2 {}",
    "q:x\\#s3 {}",
    '<#about> { <> a "<#s1> {" , \'\\\'<#s1> {\' , "#" }',
    '<#about> { <> a """\n#| "\\""\n<#s1> {\n""" }',
    '{ <> a """a " <#s1> { """ }',
    "{ <> a '''\n<#s2> {\n''\\''\n''' , p:it\\'s }",
    "<> a <#kept> .",
    "_:s1 {}",
]
GAPS = [" ", "\n", "\n\n", "\r\n", "\n\t", "# note <#s1> {\n", "\n# {\n"]
GAPS += ["\n#| old\n", "\n  #| old\r\n", " #| old\n"]


@settings(max_examples=examples(150))
@given(
    st.lists(st.tuples(st.sampled_from(GAPS), st.sampled_from(GRAPHS)), max_size=8),
    st.sampled_from(GAPS),
)
def test_no_layout_duplicates_a_graph_or_loses_content(parts, end):
    head = f"{BASE}@prefix p: <#> .\n@prefix q: <{SOURCE}> ."
    text = "".join([head, *(gap + graph for gap, graph in parts), end])
    with tempfile.TemporaryDirectory() as folder:
        text_file, author = write(Path(folder, "x.txt"), THREE), Path(folder, "x.trig")
        passages(text_file)
        write(author, text)
        before = [str(quad.triple) for quad in parse(path=author)]
        passages(text_file)

        written = author.read_bytes().decode()
        assert [str(quad.triple) for quad in parse(path=author)] == before
        assert own(written)[: len(own(text)) - 1] == own(text)[:-1]
        assert opened(written) == {"s1", "s2", "s3"}
        assert written.count("{") - text.count("{") == 3 - len(opened(text))
        passages(text_file)
        assert author.read_bytes().decode() == written


def opened(text):
    positions = locate(text)
    return {name for name in ("s1", "s2", "s3") if positions.line(f"{SOURCE}x#{name}", "")}


def test_names_are_taken_from_the_comments_if_the_programs_file_is_lost(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{X}\n\n{A}\n\n{B}\n\n{C}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(text_file, f"{A}\n\n{D}\n\n{B}\n\n{C}")
    assert passages(text_file)[3:] == (["s5"], [], ["s1"])
    of_program, of_author = both(text_file)
    text_file.with_suffix(".passages.trig").unlink()
    assert passages(text_file)[3:] == ([], [], ["s1"])
    assert both(text_file) == [of_program, of_author]
    author.unlink()
    assert passages(text_file)[3:] == ([], [], [])
    assert named(text_file) == [("s2", A), ("s5", D), ("s3", B), ("s4", C)]


def test_an_empty_file_of_the_author_is_a_new_one(tmp_path):
    text_file = write(tmp_path / "x.txt", "The Press\n\nCall the press.")
    write(text_file.with_suffix(".trig"), " \n")
    passages(text_file)
    assert text_file.with_suffix(".trig").read_text("utf-8") == SKELETON
