"""Each bundled question against rows written down from the text, in three engines.

tests/queries/NAME.tsv, or NAME.WORD.tsv for another set of values, begins with the options of the
command line and has the columns and rows that must come, IRIs in their short forms. The engines:

- pyoxigraph, the default graph being the RDF merge, as the program runs them;
- pyoxigraph with a union default graph, which repeats a triple for each graph that has it;
- rdflib, on a Dataset whose default graph is the union, each triple once.
"""

import shlex
from pathlib import Path

import pytest
import rdflib
import yaml
from pyoxigraph import QuerySolutions, Store
from rdflib.query import ResultRow

from onehealthkg.dataset.cache import load_store
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import compact
from onehealthkg.paths import bundled
from onehealthkg.queries.parameters import TYPES
from onehealthkg.queries.query import check_syntax, run
from onehealthkg.queries.questions import ANYTHING, Question, questions
from onehealthkg.queries.tables import cell
from onehealthkg.terms import merge

FILES = sorted((Path(__file__).parent / "queries").glob("*.tsv"))
QUESTIONS = questions(bundled())
REQUIRED = {  # by the issue, in this order; further columns may follow
    "agreements": "agreement label kind signed term expires",
    "parties-of": "party label",
    "partners-of": "partner label agreement",
    "signatories-of": "person label post organisation",
    "topics-of": "topic label status",
    "agreements-on": "agreement label topic",
    "active-on": "agreement label signed expires",
    "expiring-between": "agreement label expires",
    "commitments-of": "commitment label activity modality",
    "promised": "commitment label activity modality",
    "hoped-for": "commitment label activity modality",
    "shared-topics": "topic label",
    "topic-counts": "topic label",
    "pairs": "one label other",
    "network": "source target weight",
    "timeline": "date event thing label",
    "supervision": "organisation ministry",
    "programmes": "programme label runBy participants",
    "posts": "person post organisation",
    "said-by": "subject predicate object",
    "evidence-of": "subject predicate object",
    "inferred": "subject predicate object rule passage",
    "conflicts": "thing label property",
    "links-of": "property link",
    "unlinked": "thing label",
    "sources": "document date publisher passages statements",
}


@pytest.fixture(scope="module")
def merged(graph: KnowledgeGraph) -> Store:
    return merge(load_store(graph.project))


@pytest.fixture(scope="module")
def unmerged(graph: KnowledgeGraph) -> Store:
    return load_store(graph.project)


@pytest.fixture(scope="module")
def dataset(graph: KnowledgeGraph) -> rdflib.Dataset:
    return graph.to_rdflib()


def expected(path: Path) -> tuple[str, dict[str, str], list[list[str]]]:
    """The question's name, the values of its parameters, and columns and rows."""
    options, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    words = shlex.split(options.removeprefix("#"))
    values = {
        name.removeprefix("--"): one for name, one in zip(words[::2], words[1::2], strict=True)
    }
    return path.name.split(".")[0], values, [line.split("\t") for line in lines]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_question_has_the_rows_that_the_text_says(
    path: Path, graph: KnowledgeGraph, merged: Store, unmerged: Store, dataset: rdflib.Dataset
) -> None:
    name, values, rows = expected(path)
    result = run(merged, graph.project, name, values)
    assert [result.columns, *([cell(term) for term in row] for row in result.rows)] == rows

    again = unmerged.query(result.question.text, use_default_graph_as_union=True)
    assert isinstance(again, QuerySolutions)
    assert [[one[name] for name in result.columns] for one in again] == result.rows

    other = dataset.query(result.question.text)
    assert [str(name) for name in other.vars or ()] == result.columns
    found = [list(row) for row in other if isinstance(row, ResultRow)]
    assert [[short(one) for one in row] for row in found] == rows[1:]


def short(term: object) -> str:
    return "" if term is None else compact(str(term))


def test_each_question_has_expected_rows() -> None:
    assert {one.place for one in QUESTIONS} == {path.name.split(".")[0] for path in FILES}


def test_the_questions_have_the_names_and_columns_that_were_agreed() -> None:
    columns = {one.place: one.columns for one in QUESTIONS}
    assert REQUIRED.keys() - columns.keys() == set()
    agreed = {name: columns[name][: len(words.split())] for name, words in REQUIRED.items()}
    assert agreed == {name: words.split() for name, words in REQUIRED.items()}


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_header_says_to_a_yaml_parser_what_it_says_to_us(one: Question) -> None:
    lines = [line[2:] for line in one.text.split("\n") if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert header == {
        "summary": one.summary,
        "description": one.description,
        "tags": one.tags,
        "columns": one.columns,
        **(
            {
                "parameters": [
                    {
                        "name": parameter.name,
                        **(
                            {"variable": parameter.variable}
                            if parameter.variable != parameter.name
                            else {}
                        ),
                        "type": parameter.type,
                        **({} if parameter.default is None else {"default": parameter.default}),
                        **({"allowed": parameter.allowed} if parameter.allowed else {}),
                        "description": parameter.description,
                    }
                    for parameter in one.parameters
                ]
            }
            if one.parameters
            else {}
        ),
    }


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_question_is_plain_sparql_that_any_engine_runs_as_it_stands(
    one: Question, merged: Store, dataset: rdflib.Dataset
) -> None:
    check_syntax(one)
    ours = merged.query(one.text)
    assert isinstance(ours, QuerySolutions)
    assert [variable.value for variable in ours.variables] == one.columns
    assert [str(name) for name in dataset.query(one.text).vars or ()] == one.columns


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_question_is_written_in_the_style_of_the_house(one: Question) -> None:
    assert one.summary
    assert not one.summary.endswith(".")
    assert one.description.endswith(".")
    assert {parameter.type for parameter in one.parameters} <= set(TYPES)
    assert all(parameter.description.endswith(".") for parameter in one.parameters)
    labelled = "prefLabel" in one.text or "rdfs:label" in one.text
    assert ("lang" in [parameter.name for parameter in one.parameters]) == labelled
    prefixes = [line.split()[1] for line in one.text.split("\n") if line.startswith("PREFIX")]
    assert prefixes == sorted(prefixes)
    body = one.text[one.text.index("SELECT") :]
    assert [prefix for prefix in prefixes if prefix not in body] == []


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_the_order_is_total(one: Question) -> None:
    order = one.text[one.text.rindex("ORDER BY") :]
    sums = one.text[: one.text.index("WHERE")]
    free = [name for name in one.columns if f" AS ?{name})" not in sums]
    assert [name for name in free if f"?{name}" not in order] == []


def test_a_default_of_anything_is_undef_in_the_query_and_another_stands_there() -> None:
    for one in QUESTIONS:
        for parameter in one.parameters:
            line = next(x for x in one.text.split("\n") if f"VALUES ?{parameter.variable} {{" in x)
            undefined = parameter.default in (None, ANYTHING)
            assert line.endswith("{ UNDEF }") == undefined, (one.place, line)
            assert undefined or f"{parameter.default}" in line


def test_conflicts_are_found_where_there_are_some(graph: KnowledgeGraph) -> None:
    store = merge(load_store(graph.project))
    store.update(
        """PREFIX id: <https://w3id.org/onehealthkg/id/>
        PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA {
          GRAPH <https://w3id.org/onehealthkg/source/other#s1> {
            id:agreement-anses-inserm-2020 oh:dateSigned "2020-02-06"^^xsd:date
          }
          id:agreement-anses-inserm-2020 oh:dateSigned "2020-02-06"^^xsd:date
        }"""
    )
    rows = [[cell(term) for term in row] for row in run(store, graph.project, "conflicts").rows]
    signed = [row for row in rows if row[2] == "oh:dateSigned"]
    assert {(row[3], row[5], row[6]) for row in signed} == {
        ("2020-02-05", "2020-02-06", "source:other#s1")
    }


def test_a_thing_that_is_linked_is_no_longer_unlinked(graph: KnowledgeGraph) -> None:
    store = merge(load_store(graph.project))
    store.update(
        """PREFIX id: <https://w3id.org/onehealthkg/id/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        INSERT DATA { id:place-world skos:closeMatch <https://places.example/earth> }"""
    )
    unlinked = run(store, graph.project, "unlinked", {"kind": "place"})
    assert "id:place-world" not in [cell(row[0]) for row in unlinked.rows]
    links = run(store, graph.project, "links-of", {"thing": "id:place-world"})
    assert [[cell(term) for term in row] for row in links.rows] == [
        ["skos:closeMatch", "https://places.example/earth", "", ""]
    ]


def test_a_year_or_month_counts_whole(graph: KnowledgeGraph) -> None:
    store = Store()
    store.update(
        """PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA {
          <http://x/a> a oh:Agreement ;
            oh:dateSigned "2020"^^xsd:gYear ; oh:dateEnds "2022-03"^^xsd:gYearMonth .
          <http://x/b> a oh:Agreement ; oh:dateSigned "2021-06-01"^^xsd:date .
          <http://x/c> a oh:Agreement ; oh:dateEnds "2029-06-01"^^xsd:date .
        }"""
    )

    def active(date: str) -> list[str]:
        rows = run(store, graph.project, "active-on", {"date": date}).rows
        return [cell(row[0]) for row in rows]

    assert [active(date) for date in ("2019-12-31", "2020-01-01", "2021-06-01", "2022-03-31")] == [
        [],
        ["http://x/a"],
        ["http://x/a", "http://x/b"],
        ["http://x/a", "http://x/b"],
    ]
    assert active("2022-04-01") == ["http://x/b"]
    between = {"from": "2022-03-31", "to": "2029-05-31"}
    rows = run(store, graph.project, "expiring-between", between).rows
    assert [cell(row[0]) for row in rows] == ["http://x/a"]


def test_a_label_is_in_the_language_else_english_else_any(graph: KnowledgeGraph) -> None:
    store = Store()
    store.update(
        """PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        INSERT DATA {
          <http://x/1> skos:prefLabel "one"@en , "un"@fr , "eins"@de .
          <http://x/2> skos:prefLabel "two"@en , "zwei"@de .
          <http://x/3> skos:prefLabel "tre"@it , "drei"@de .
          <http://x/4> skos:prefLabel "IV" .
          <http://x/agreement> oh:party <http://x/1> , <http://x/2> , <http://x/3> , <http://x/4> ,
            <http://x/5> ; a oh:Agreement .
        }"""
    )
    values = {"agreement": "http://x/agreement"}
    rows = run(store, graph.project, "parties-of", values, "fr").rows
    assert [(cell(row[0]), cell(row[1])) for row in rows] == [
        ("http://x/5", ""),
        ("http://x/4", "IV"),
        ("http://x/3", "drei"),
        ("http://x/2", "two"),
        ("http://x/1", "un"),
    ]
