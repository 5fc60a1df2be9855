"""The Python API, as a program or a notebook uses it from ``onehealthkg.load()``."""

import doctest
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import onehealthkg
import onehealthkg.graph
from onehealthkg.errors import InputError, UsageError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import ID, PREFIXES
from onehealthkg.paths import bundled
from onehealthkg.terms import Term, python_value

XSD = PREFIXES["xsd"]
SIGNED = f"SELECT ?what ?on ?ends {{ VALUES (?what ?on ?ends) {{ (<{ID}x> '2020-02' UNDEF) }} }}"


def test_the_examples_in_the_documentation_of_the_graph_run() -> None:
    assert doctest.testmod(onehealthkg.graph).failed == 0
    assert doctest.testmod(onehealthkg.graph).attempted > 4


def test_dir_lists_the_public_names() -> None:
    assert dir(onehealthkg) == [
        *("ConnectedGraph", "KnowledgeGraph", "OneHealthKGError", "__version__", "connect", "load")
    ]
    assert onehealthkg.load is onehealthkg.graph.load


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (NamedNode(ID + "x"), ID + "x"),
        (Literal("zoonoses", language="fr"), "zoonoses"),
        (Literal("7", datatype=NamedNode(XSD + "integer")), 7),
        (Literal("0.5", datatype=NamedNode(XSD + "decimal")), 0.5),
        (Literal("1e3", datatype=NamedNode(XSD + "double")), 1000.0),
        (Literal("true", datatype=NamedNode(XSD + "boolean")), True),
        (Literal("0", datatype=NamedNode(XSD + "boolean")), False),
        (Literal("perhaps", datatype=NamedNode(XSD + "boolean")), "perhaps"),
        (Literal("many", datatype=NamedNode(XSD + "integer")), "many"),
        (Literal("2020-02", datatype=NamedNode(XSD + "gYearMonth")), "2020-02"),
        (Literal("7", datatype=NamedNode("http://other.example/integer")), "7"),
    ],
)
def test_a_term_becomes_a_plain_value(term: Term | None, value: object) -> None:
    assert (type(python_value(term)), python_value(term)) == (type(value), value)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda _: onehealthkg.load("nowhere"), InputError, "nowhere: there is no such folder; "),
        (lambda _: onehealthkg.load(language="de"), UsageError, '"de" is not a supported language'),
        (lambda kg: kg.query("hubs", "ANSES"), UsageError, "hubs: pass parameters by name, as in "),
        (
            lambda kg: kg.questions("topic"),
            UsageError,
            'No question has the tag "topic"; there are',
        ),
    ],
)
def test_a_natural_mistake_gets_a_message(
    graph: KnowledgeGraph,
    call: Callable[[KnowledgeGraph], object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        call(graph)


def test_an_answer_is_iterated_as_dictionaries(graph: KnowledgeGraph) -> None:
    answer = graph.query(SIGNED)
    assert list(answer) == [{"what": ID + "x", "on": "2020-02", "ends": None}]
    assert answer.rows == [[NamedNode(ID + "x"), Literal("2020-02"), None]]


def test_yes_or_no_and_triples_are_iterated_too(graph: KnowledgeGraph) -> None:
    no = graph.query("ASK { FILTER(false) }")
    assert (bool(no), list(no), no._repr_html_().count("no")) == (False, [{"answer": False}], 1)
    triples = graph.query("CONSTRUCT { <x:a> <x:b> 5 } WHERE {}")
    assert (bool(triples), list(triples)) == (
        True,
        [{"subject": "x:a", "predicate": "x:b", "object": 5}],
    )
    assert not graph.query("SELECT ?x { FILTER(false) }")


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_a_notebook_shows_an_answer_escaped(graph: KnowledgeGraph, language: str) -> None:
    text = '"<script>alert(1)</script>\\u202E"'
    query = f"SELECT ?x ?y {{ BIND({text} AS ?x) BIND(<javascript:alert(1)> AS ?y) }}"
    html = KnowledgeGraph(graph.project, language).query(query)._repr_html_()
    assert "<td><bdi>&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]</bdi></td>" in html
    assert "href" not in html
    graph_html = graph.query(f"CONSTRUCT {{ <x:a> <x:b> {text} }} WHERE {{}}")._repr_html_()
    assert graph_html.startswith("<pre>&lt;x:a&gt;")
    assert "<script>" not in graph_html


def test_an_answer_is_cited_row_by_row(graph: KnowledgeGraph) -> None:
    answer = graph.query("signatures", organisation="Inserm")
    cited = graph.cite(answer)
    assert len(cited) == len(answer) > 0
    assert [row for row, _ in cited] == list(answer)
    _, lines = next(iter(cited))
    assert any(line.quote.startswith("“Gilles Bloch, Chairman and CEO of") for line in lines)
    assert lines[0].source.endswith("ANSES, 2020-02-05")
    assert lines[0].link.startswith("https://www.anses.fr/en/")
    assert lines[0].quote in str(cited)
    assert cited._repr_html_().count("<tr>") == len(answer) + 1
    assert b'"citations"' in cited.serialize("json")


def test_only_rows_can_be_cited(graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="only the rows of a SELECT query can be cited"):
        graph.cite(graph.query("ASK {}"))


def test_questions_are_listed_with_their_summaries(graph: KnowledgeGraph) -> None:
    questions = graph.questions()
    assert [one.place for one in questions] == [path.stem for path in bundled().queries]
    assert repr(questions[0]) == f"<Question {questions[0].place}: {questions[0].summary}>"
    tagged = graph.questions("topics")
    assert 0 < len(tagged) < len(questions)
    assert all("topics" in one.tags for one in tagged)


@pytest.mark.slow
def test_the_graph_is_exported_as_bytes(graph: KnowledgeGraph) -> None:
    whole, part = (graph.export("ntriples", only=only) for only in ("ANSES", "Gilles Bloch"))
    assert f"<{ID}organisation-anses>".encode() in whole
    assert len(part) < len(whole)
    less = graph.export("ntriples", only="ANSES", without=["evidence"])
    assert len(less) < len(whole)
    with pytest.raises(UsageError, match='There is no format "word"'):
        graph.export("word", only="ANSES")


def test_the_graph_has_a_readable_repr(graph: KnowledgeGraph) -> None:
    assert repr(graph) == f"<KnowledgeGraph of {bundled().root}, labels in en>"


@pytest.mark.slow
def test_pandas_makes_a_table_of_an_answer() -> None:
    folder = os.environ.get("ONEHEALTHKG_JUDGES") or Path(bundled().root, ".venv-judges")
    python = Path(folder, "bin", "python")
    if not python.exists() and os.environ.get("CI") != "true":
        pytest.skip("pandas is not here; make judges installs it")
    script = (
        "import pandas, onehealthkg\n"
        "answer = onehealthkg.load().query('hubs', least=4)\n"
        "table = pandas.DataFrame(answer)\n"
        "print(list(table.columns) == answer.columns, len(table) == len(answer) > 0,"
        " table['partners'].min() >= 4)\n"
    )
    source = {"PYTHONPATH": str(Path(onehealthkg.__file__).parents[1])}
    done = subprocess.run(
        [str(python), "-c", script], env={**os.environ, **source}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("True True True\n", "")
