"""Each bundled question against rows written down from the text, in three engines.

tests/queries/NAME.tsv, or NAME.WORD.tsv for another set of values, begins with the options of the
command line and has the columns and rows that must come, IRIs in their short forms. The engines:

- pyoxigraph, the default graph being the RDF merge, as the program runs them;
- pyoxigraph with a union default graph, which repeats a triple for each graph that has it;
- rdflib, on a Dataset whose default graph is the union, each triple once.
"""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import rdflib
import yaml
from _pytest.mark import ParameterSet
from effort import sample
from pyoxigraph import NamedNode, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import ResultRow
from selections import release

from onehealthkg.citations.cite import cite
from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.rules import derive, describe, read_rule
from onehealthkg.days import TODAY
from onehealthkg.errors import UnknownThing
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.labels import find
from onehealthkg.names import compact
from onehealthkg.paths import bundled
from onehealthkg.queries.parameters import TYPES
from onehealthkg.queries.query import check_syntax, run
from onehealthkg.queries.questions import ANYTHING, FLAG, Question, questions
from onehealthkg.queries.tables import cell
from onehealthkg.rdf.rdflib_terms import rdflib_triple
from onehealthkg.terms import merge

FILES = sorted((Path(__file__).parent / "queries").glob("*.tsv"))
QUESTIONS = questions(bundled())
# The questions that take rdflib more than some seconds.
LONG = {"agreements.french", "agreements.superseded", "between", "between.french", "conflicts"}
LONG |= {"country-gaps", "lapsed.perhaps-not-ended", "signatures", "signatures.fao"}
LONG_AS_IT_STANDS = {"country-gaps", "gaps", "topics-of", "topics-over-time"}
# With open parameters rdflib needs up to minutes for these, even of the release alone.
ENDLESS_AS_IT_STANDS = {"evidence-of", "inferred", "links-of", "renewals", "said-by"}
REQUIRED = {  # by the issue, in this order; further columns may follow
    "agreements": "agreement label kind kindLabel parties partiesLabel signed started term ends",
    "partners-of": "partner label agreement",
    "signatures": "person label post postLabel organisation organisationLabel",
    "topics-of": "topic label status",
    "expiring-between": "agreement label ends",
    "undertakings": "undertaking label activity modality",
    "shared-topics": "topic label",
    "topic-counts": "topic label",
    "between": "date what thing label basis detail",
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
    "sources": "document publisher date language archived",
}


@pytest.fixture(scope="module")
def unmerged(graph: KnowledgeGraph) -> Store:
    return graph.store


@pytest.fixture(scope="module")
def of_release() -> tuple[Store, rdflib.Dataset]:
    """The release, for a question whose parameters are open: rdflib needs minutes for the records."""
    store, dataset = Store(), rdflib.Dataset(default_union=True)
    store.extend(release().quads)
    for quad in release().quads:
        dataset.graph(rdflib.URIRef(quad.graph_name.value)).add(rdflib_triple(quad))
    return merge(store), dataset


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
def test_a_question_has_the_rows_that_the_text_states(
    path: Path, graph: KnowledgeGraph, merged: Store, unmerged: Store
) -> None:
    name, values, rows = expected(path)
    result = run(merged, graph.project, name, values)
    assert [result.columns, *([cell(term) for term in row] for row in result.rows)] == rows

    again = unmerged.query(result.question.text, use_default_graph_as_union=True)
    assert isinstance(again, QuerySolutions)
    assert [[one[name] for name in result.columns] for one in again] == result.rows


def slow_if(name: str, names: set[str], value: object) -> ParameterSet:
    """A parameter of a test, which is slow for some of the names."""
    return pytest.param(value, id=name, marks=[pytest.mark.slow] if name in names else [])


# By default rdflib answers each question once: the other values run with the slow tests.
FIRST = {path.name.split(".")[0]: path.stem for path in reversed(FILES) if path.stem not in LONG}
FURTHER = {path.stem for path in FILES} - set(FIRST.values())


@pytest.mark.sampled(10)
@pytest.mark.parametrize("path", [slow_if(path.stem, FURTHER, path) for path in FILES])
def test_rdflib_answers_a_question_with_the_same_rows(
    path: Path, graph: KnowledgeGraph, merged: Store, dataset: rdflib.Dataset
) -> None:
    name, values, rows = expected(path)
    query = run(merged, graph.project, name, values).question.text
    assert by_rdflib(dataset, query) == rows


def by_rdflib(dataset: rdflib.Dataset, query: str) -> list[list[str]]:
    """The columns and the rows, IRIs in their short forms."""
    answer = dataset.query(query)
    rows = [list(row) for row in answer if isinstance(row, ResultRow)]
    return [
        [str(name) for name in answer.vars or ()],
        *([short(one) for one in row] for row in rows),
    ]


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
def test_a_yaml_parser_reads_the_same_header(one: Question) -> None:
    lines = [line[2:] for line in one.text.split("\n") if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert header == {
        "summary": one.summary,
        "description": one.description,
        "tags": one.tags,
        "columns": one.columns,
        **({"lists": one.lists} if one.lists else {}),
        **({"depth": one.depth} if one.depth else {}),
        **({"empty": one.empty} if one.empty else {}),
        **one.translations,
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
                        **parameter.translations,
                    }
                    for parameter in one.parameters
                ]
            }
            if one.parameters
            else {}
        ),
    }


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_question_has_all_its_texts_in_french(one: Question) -> None:
    french = one.in_language("fr")
    pairs = [(one.summary, french.summary), (one.description, french.description)]
    pairs += [(one.empty, french.empty)] if one.empty else []
    for parameter, other in zip(one.parameters, french.parameters, strict=True):
        if parameter.name != "lang":  # the page has a language
            assert other.translations.keys() == {"label-fr", "description-fr"}
            pairs.append((parameter.description, other.description))
    for english, text in pairs:
        assert text != english
        assert not re.search(r"[^\u00a0][:;?!»]( |$)|« |'", text), text  # French typography
    assert not french.summary.endswith(".")
    assert all(text.endswith(".") for _, text in pairs[1:])


@pytest.mark.sampled(12)
@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_question_is_plain_sparql_that_any_engine_parses(one: Question) -> None:
    check_syntax(one)
    columns = prepareQuery(one.text).algebra["PV"]
    assert [str(name) for name in columns] == one.columns


ANSWERED = [one for one in QUESTIONS if one.place not in ENDLESS_AS_IT_STANDS]


@pytest.mark.sampled(10)
@pytest.mark.parametrize("one", [slow_if(one.place, LONG_AS_IT_STANDS, one) for one in ANSWERED])
def test_rdflib_answers_an_unchanged_question_with_the_same_rows(
    one: Question, of_release: tuple[Store, rdflib.Dataset]
) -> None:
    store, dataset = of_release
    ours = store.query(one.text)
    assert isinstance(ours, QuerySolutions)
    assert [variable.value for variable in ours.variables] == one.columns
    rows = [[cell(row[name]) for name in one.columns] for row in ours]
    assert by_rdflib(dataset, one.text) == [one.columns, *rows]


@pytest.mark.parametrize("one", QUESTIONS, ids=[one.place for one in QUESTIONS])
def test_a_question_is_written_in_the_project_style(one: Question) -> None:
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


def test_the_default_of_a_parameter_is_in_the_query_undef_for_any() -> None:
    for one in QUESTIONS:
        for parameter in one.parameters:
            line = next(x for x in one.text.split("\n") if f"VALUES ?{parameter.variable} {{" in x)
            undefined = parameter.default in (None, ANYTHING, TODAY)
            assert line.endswith("{ UNDEF }") == undefined, (one.place, line)
            assert undefined or f"{parameter.default}" in line


def test_conflicts_are_found(graph: KnowledgeGraph, merged: Store) -> None:
    before = {cell(row[0]) for row in run(merged, graph.project, "conflicts").rows}
    things = "inserm-2020", "fscj-2015", "coda-cerva-2017"
    assert before.isdisjoint(f"id:agreement-anses-{one}" for one in things)
    store = load_store(graph.project)
    store.update(
        """PREFIX id: <https://w3id.org/onehealthkg/id/>
        PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA {
          GRAPH <https://w3id.org/onehealthkg/source/other#s1> {
            id:agreement-anses-inserm-2020 oh:dateSigned "2020-02-06"^^xsd:date ;
              oh:dateStarted "2020"^^xsd:gYear ; oh:term "P60M"^^xsd:duration .
            id:agreement-anses-fscj-2015 oh:dateSigned "2015-10"^^xsd:gYearMonth ;
              oh:indefinite true .
            id:agreement-anses-coda-cerva-2017 oh:dateSigned "2017-10"^^xsd:gYearMonth .
          }
        }"""
    )
    rows = [
        [cell(term) for term in row] for row in run(merge(store), graph.project, "conflicts").rows
    ]
    found = [
        (row[0].removeprefix("id:agreement-anses-"), *row[2:4], row[5], row[8]) for row in rows
    ]
    assert sorted({row for row in found if row[0] in things}) == [
        ("coda-cerva-2017", "oh:dateSigned", "2017-09-18", "2017-10", "source:other#s1"),
        ("fscj-2015", "oh:dateEnds", "2020-10-05", "true", "source:other#s1"),
        ("inserm-2020", "oh:dateSigned", "2020-02-05", "2020-02-06", "source:other#s1"),
    ]


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


DATED = """PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
    PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    INSERT DATA {
      GRAPH <http://x/record> {
        <http://x/year> a oh:Arrangement ;
          oh:dateSigned "2020"^^xsd:gYear ; oh:dateEnds "2022-03"^^xsd:gYearMonth .
        <http://x/no-end> a oh:Arrangement ; oh:dateSigned "2021-06-01"^^xsd:date .
        <http://x/no-beginning> a oh:Arrangement ; oh:dateEnds "2029-06-01"^^xsd:date .
        <http://x/indefinite> a oh:Arrangement ;
          oh:dateStarted "2021"^^xsd:gYear ; oh:dateSigned "2020-12-01"^^xsd:date ; oh:indefinite true .
        <http://x/extended> a oh:Arrangement ; oh:automaticExtension true ;
          oh:dateStarted "2021-01-01"^^xsd:date ; oh:dateEnds "2022-01-01"^^xsd:date .
        <http://x/assumed> a oh:Arrangement ; oh:dateSigned "2024-04-01"^^xsd:date .
        <http://x/replaced> a oh:Arrangement ; oh:dateSigned "2031-01-01"^^xsd:date ; oh:indefinite true .
        <http://x/merged> a oh:Arrangement ; oh:dateSigned "2031-01-01"^^xsd:date ; oh:indefinite true ;
          oh:party <http://x/A> , <http://x/B> .
        <http://x/successor> a oh:Arrangement ; oh:predecessor <http://x/replaced> ;
          oh:dateSigned "2032-05"^^xsd:gYearMonth ; oh:indefinite true .
        <http://x/disputed> a oh:Arrangement ; oh:dateSigned "2040-01-01"^^xsd:date ;
          oh:dateEnds "2042"^^xsd:gYear ; oh:alternative <http://x/earlier> , <http://x/later> .
        <http://x/earlier> oh:dateEnds "2041-06"^^xsd:gYearMonth .
        <http://x/later> oh:dateEnds "2043"^^xsd:gYear .
        <http://x/merger-A> org:originalOrganization <http://x/A> ; dcterms:date "2032-07-01"^^xsd:date .
        <http://x/merger-B> org:originalOrganization <http://x/B> ; dcterms:date "2034"^^xsd:gYear .
      }
      GRAPH <https://w3id.org/onehealthkg/inference/x> { <http://x/assumed> oh:dateEnds "2025-04-01"^^xsd:date }
      GRAPH <http://x/about> {
        <https://w3id.org/onehealthkg/inference/x> oh:rule <http://x/rule> .
        <http://x/rule> oh:assumption "assuming so"@en , "en le supposant"@fr .
      }
    }"""


@cache
def small_graph(update: str) -> tuple[Store, rdflib.Dataset]:
    """A graph to which the rules of periods have been applied, for two engines."""
    store, other = Store(), rdflib.Dataset(default_union=True)
    store.update(update)
    rules = [read_rule(path) for path in bundled().rules if path.stem.startswith("period-")]
    store.extend(describe(derive(store, rules), rules))
    for quad in store:
        other.graph(rdflib.URIRef(quad.graph_name.value)).add(rdflib_triple(quad))
    return merge(store), other


def rows_of(update: str, query: str, *, by_both: bool = True, **values: str) -> dict[str, str]:
    """The status or certainty of each thing in an answer from a small graph, in both engines."""
    store, other = small_graph(update)
    result = run(store, bundled(), query, values)
    rows = [[cell(term) for term in row] for row in result.rows]
    assert not by_both or by_rdflib(other, result.question.text)[1:] == rows
    [place] = [
        result.columns.index(one) for one in ("status", "certainty") if one in result.columns
    ]
    return {row[0].removeprefix("http://x/"): row[place] for row in rows}


IN_FORCE = [  # the date, and what is then certainly or possibly in force, or superseded
    ("2019-12-31", "", "no-beginning", ""),
    ("2020-01-01", "", "no-beginning year", ""),
    ("2020-12-31", "year", "no-beginning", ""),
    ("2021-01-01", "extended year", "indefinite no-beginning", ""),
    ("2021-06-01", "extended year", "indefinite no-beginning no-end", ""),
    ("2022-01-01", "extended indefinite year", "no-beginning no-end", ""),
    ("2022-03-01", "indefinite year", "extended no-beginning no-end", ""),
    ("2022-04-01", "indefinite", "extended no-beginning no-end", ""),
    # on the last day that is assumed, and on the days beside it
    ("2025-03-31", "assumed indefinite", "extended no-beginning no-end", ""),
    ("2025-04-01", "indefinite", "assumed extended no-beginning no-end", ""),
    ("2025-04-02", "indefinite", "extended no-beginning no-end", ""),
    ("2029-06-02", "indefinite", "extended no-end", ""),
    # what a later agreement replaced in May 2032, and what lost a party in July
    ("2032-04-30", "indefinite merged replaced", "extended no-end", ""),
    ("2032-05-31", "indefinite merged successor", "extended no-end", "replaced"),
    ("2032-06-30", "indefinite merged successor", "extended no-end", "replaced"),
    ("2032-07-01", "indefinite successor", "extended merged no-end", "replaced"),
    # where other sources give an earlier and a later end
    ("2041-05-31", "disputed indefinite successor", "extended merged no-end", "replaced"),
    ("2041-06-30", "indefinite successor", "disputed extended merged no-end", "replaced"),
    ("2043-12-31", "indefinite successor", "disputed extended merged no-end", "replaced"),
    ("2044-01-01", "indefinite successor", "extended merged no-end", "replaced"),
    # a month or a year: certain is what is so for all of it
    ("2021", "extended year", "indefinite no-beginning no-end", ""),
    ("2021-05", "extended year", "indefinite no-beginning", ""),
    ("2022-03", "indefinite", "extended no-beginning no-end year", ""),
    ("2025-03", "assumed indefinite", "extended no-beginning no-end", ""),
    ("2025", "indefinite", "assumed extended no-beginning no-end", ""),
    ("2032", "indefinite", "extended merged no-end replaced successor", ""),
    ("2033", "indefinite successor", "extended merged no-end", "replaced"),
]
BY_BOTH = sample([date for date, *_ in IN_FORCE], 9)  # rdflib takes most of a second for one


@pytest.mark.sampled(12)
@pytest.mark.parametrize(("date", "certain", "possible", "superseded"), IN_FORCE)
def test_an_agreement_is_in_force_certainly_or_possibly_or_superseded(
    date: str, certain: str, possible: str, superseded: str
) -> None:
    found = rows_of(DATED, "agreements", by_both=date in BY_BOTH, date=date)
    expected = {
        **dict.fromkeys(certain.split(), "certainly in force"),
        **dict.fromkeys(possible.split(), "possibly in force"),
        **dict.fromkeys(superseded.split(), "superseded"),
    }
    out = {"ended, renewal unknown", "not yet in force"}
    assert {thing: status for thing, status in found.items() if status not in out} == expected
    values = {"date": date, "status": "certainly in force"}
    only = run(small_graph(DATED)[0], bundled(), "agreements", values).rows
    assert sorted({cell(row[0]).removeprefix("http://x/") for row in only}) == certain.split()


BEGINNINGS = """PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    INSERT DATA { GRAPH <http://x/record> {
      <http://x/days> a oh:Arrangement ; oh:dateStarted "2020-03-01"^^xsd:date ; oh:dateEnds "2023-12-31"^^xsd:date ;
        oh:alternative <http://x/earlier> , <http://x/later> .
      <http://x/earlier> a oh:AlternativeValue ; oh:dateStarted "2020-02"^^xsd:gYearMonth .
      <http://x/later> a oh:AlternativeValue ; oh:dateStarted "2021"^^xsd:gYear .
      <http://x/signed> a oh:Arrangement ; oh:dateSigned "2020-05"^^xsd:gYearMonth ; oh:indefinite true ;
        oh:alternative <http://x/day> , <http://x/before> .
      <http://x/day> a oh:AlternativeValue ; oh:dateSigned "2020-06-15"^^xsd:date .
      <http://x/before> a oh:AlternativeValue ; oh:dateSigned "2010-06-15"^^xsd:date .
      <http://x/signed> oh:predecessor <http://x/first> .
      <http://x/first> a oh:Arrangement ; oh:dateSigned "2012"^^xsd:gYear ; oh:indefinite true .
      <http://x/counted> a oh:Arrangement ; oh:dateSigned "2020-01-01"^^xsd:date ; oh:term "P2Y"^^xsd:duration ;
        oh:alternative <http://x/other-day> , <http://x/other-term> .
      <http://x/other-day> a oh:AlternativeValue ; oh:dateSigned "2020-02-01"^^xsd:date .
      <http://x/other-term> a oh:AlternativeValue ; oh:term "P18M"^^xsd:duration .
    }
    GRAPH <https://w3id.org/onehealthkg/inference/x> { <http://x/counted> oh:dateEnds "2022-01-01"^^xsd:date }
    GRAPH <http://x/about> {
      <https://w3id.org/onehealthkg/inference/x> oh:rule <http://x/rule> .
      <http://x/rule> oh:assumption "assuming so"@en
    } }"""


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("date", "certain", "possible"),
    [
        ("2011-01-01", "", ""),
        ("2012-12-31", "first", ""),
        ("2020-01-31", "first", "counted"),
        ("2020-02-01", "counted first", "days"),
        ("2020-04-30", "counted first", "days"),
        ("2020-05-01", "counted", "days first signed"),
        ("2020-06-14", "counted", "days first signed"),
        ("2020-06-15", "counted signed", "days"),
        ("2021-06-30", "counted signed", "days"),
        ("2021-07-01", "signed", "counted days"),
        ("2021-12-31", "days signed", "counted"),
        ("2022-02-01", "days signed", "counted"),
        ("2022-02-02", "days signed", ""),
    ],
)
def test_between_two_beginnings_or_ends_that_sources_give_nothing_is_certain(
    date: str, certain: str, possible: str
) -> None:
    """A signature before the start of a predecessor does not count: 2010 for the successor of an
    agreement of 2012.
    """
    found = rows_of(BEGINNINGS, "agreements", date=date, status="in force")
    assert found == {
        **dict.fromkeys(certain.split(), "certainly in force"),
        **dict.fromkeys(possible.split(), "possibly in force"),
    }


TENTATIVE = """PREFIX id: <https://w3id.org/onehealthkg/id/>
    PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
    PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    INSERT DATA {
      GRAPH <http://x/record> {
        <http://x/body> a org:Organization .
        <http://x/agreement> a oh:Arrangement ; oh:party <http://x/body> ; oh:formalises <http://x/partnership> ;
          oh:dateSigned "2020-02-05"^^xsd:date ; oh:indefinite true .
        <http://x/hoped> oh:setOutIn <http://x/agreement> ; oh:modality oh:intended ; oh:topic <http://x/topic> .
        <http://x/done> oh:reportedWith <http://x/partnership> ; oh:modality oh:ongoing .
        <http://x/promised> oh:setOutIn <http://x/agreement> ; oh:modality oh:planned .
        <http://x/topic> skos:inScheme id:scheme-topics ; skos:prefLabel "topic"@en .
        oh:intended skos:prefLabel "intended"@en .
        oh:ongoing skos:prefLabel "ongoing"@en .
      }
      GRAPH <https://w3id.org/onehealthkg/inference/x> { <http://x/agreement> oh:topic <http://x/topic> }
      GRAPH <http://x/other> { <http://x/STATING> oh:topic <http://x/topic> }
    }"""


@pytest.mark.parametrize(
    ("stating", "labels"),
    [
        ("agreement", ["topic"]),
        ("partnership", ["topic"]),
        ("promised", ["topic"]),
        ("done", ["intended: topic", "ongoing: topic"]),
        ("elsewhere", ["intended: topic"]),
    ],
)
def test_a_topic_that_is_also_stated_is_not_only_intended(stating: str, labels: list[str]) -> None:
    def column(query: str, name: str, **values: str) -> list[str]:
        result = run(store, bundled(), query, {"lang": "en", **values})
        assert by_rdflib(other, result.question.text)[1:] == [
            [cell(term) for term in row] for row in result.rows
        ]
        return [cell(row[result.columns.index(name)]) for row in result.rows]

    is_stated = labels == ["topic"]
    store, other = small_graph(TENTATIVE.replace("STATING", stating))
    assert list(filter(None, column("agreements", "topicsLabel", date="2021"))) == labels
    assert column("gaps", "status", date="2021") == ([] if is_stated else ["possibly in force"])
    assert column("works-on", "tentative", organisation="http://x/body") == [
        str(int(not is_stated))
    ]
    assert column("topics-over-time", "active") == [str(int(is_stated))]


def test_an_end_that_another_beginning_moves_is_only_possible() -> None:
    year = {"from": "2022", "to": "2022"}
    assert rows_of(BEGINNINGS, "expiring-between", **year) == {"counted": "possible"}
    assert rows_of(BEGINNINGS, "lapsed", date="2022-02-01")["counted"] == "perhaps not ended"
    assert rows_of(BEGINNINGS, "lapsed", date="2022-02-03")["counted"] == ("ended, renewal unknown")


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ("2022-03-01 2022-03-31", {"year": "certain"}),
        ("2022-03-02 2022-12-31", {"year": "possible"}),
        ("2022-01-02 2022-03-30", {"year": "possible"}),
        ("2022-04-01 2025-03-31", {}),
        ("2029-06-01 2029-06-01", {"no-beginning": "certain"}),
        ("2022-01-01 2022-01-31", {"extended": "possible"}),
        ("2025-01-01 2025-12-31", {"assumed": "possible"}),
        ("2025-04 2025", {"assumed": "possible"}),
        ("2022-03 2022-03", {"year": "certain"}),
        ("2022-02 2023", {"year": "certain"}),
        ("2029 2029-06-01", {"no-beginning": "certain"}),
        ("2029-07 2030", {}),
        ("2042 2042", {"disputed": "possible"}),
    ],
)
def test_an_end_in_a_year_or_month_is_certain_where_all_of_it_lies_between_the_dates(
    dates: str, found: dict[str, str]
) -> None:
    first, last = dates.split()
    values = {"from": first, "to": last}
    assert rows_of(DATED, "expiring-between", **values) == found


@pytest.mark.parametrize(
    ("end", "last", "certainty"),
    [
        ("2023-02", "2023-02-28", "certain"),
        ("2024-02", "2024-02-28", "possible"),
        ("2024-02", "2024-02-29", "certain"),
        ("2023-04", "2023-04-30", "certain"),
        ("2023-05", "2023-05-30", "possible"),
        ("2023-12", "2023-12-31", "certain"),
        ("2023", "2023-12-31", "certain"),
        ("2023", "2023-12-30", "possible"),
    ],
)
def test_the_last_day_of_a_month_is_known(end: str, last: str, certainty: str) -> None:
    kind = "gYear" if len(end) == 4 else "gYearMonth"
    update = f'''PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA {{ GRAPH <http://x/record> {{
          <http://x/a> a oh:Arrangement ; oh:dateEnds "{end}"^^xsd:{kind} }} }}'''
    values = {"from": "2020-01-01", "to": last}
    assert rows_of(update, "expiring-between", **values) == {"a": certainty}


def test_an_agreement_has_ended_unless_it_was_renewed() -> None:
    update = """PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
        PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        INSERT DATA { GRAPH <http://x/record> {
          <http://x/alone> a oh:Arrangement ; oh:party <http://x/A> , <http://x/B> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2015"^^xsd:gYear .
          <http://x/renewed> a oh:Arrangement ; oh:party <http://x/A> , <http://x/C> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2015"^^xsd:gYear .
          <http://x/renewal> a oh:Arrangement ; oh:predecessor <http://x/renewed> ;
            oh:party <http://x/A> , <http://x/C> ; oh:dateSigned "2015"^^xsd:gYear .
          <http://x/merged> a oh:Arrangement ; oh:party <http://x/C> , <http://x/old> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2016"^^xsd:gYear .
          <http://x/change> org:originalOrganization <http://x/old> ;
            org:resultingOrganization <http://x/new> .
          <http://x/wider> a oh:Arrangement ; oh:party <http://x/C> , <http://x/D> , <http://x/new> ;
            oh:dateStarted "2017"^^xsd:gYear .
          <http://x/extended> a oh:Arrangement ; oh:party <http://x/E> , <http://x/F> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2017-01-01"^^xsd:date ;
            oh:automaticExtension true .
          <http://x/this-year> a oh:Arrangement ; oh:party <http://x/E> , <http://x/G> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2018"^^xsd:gYear .
          <http://x/today> a oh:Arrangement ; oh:party <http://x/E> , <http://x/H> ;
            oh:dateSigned "2010"^^xsd:gYear ; oh:dateEnds "2018-05-01"^^xsd:date .
        } }"""
    ended, open_end = "ended, renewal unknown", "perhaps not ended"
    found = {"alone": ended, "extended": open_end, "merged": ended, "this-year": open_end}
    assert rows_of(update, "lapsed", date="2018-05-01") == found
    assert rows_of(update, "lapsed", date="2018") == found | {"today": open_end}
    assert rows_of(update, "lapsed", date="2018-06") == found | {"today": ended}
    assert rows_of(DATED, "lapsed", date="2025-04-01")["assumed"] == open_end
    assert rows_of(DATED, "lapsed", date="2043-12-31")["disputed"] == open_end
    assert rows_of(DATED, "lapsed", date="2044")["disputed"] == ended
    assert rows_of(DATED, "lapsed", date="2025-04-02")["assumed"] == ended


@pytest.mark.slow
def test_the_questions_of_dates_agree_with_each_other(graph: KnowledgeGraph, merged: Store) -> None:
    """A topic is a gap where no agreement on it or on something narrower is certainly in force."""
    date = {"date": "2019-07-01"}
    active = run(merged, graph.project, "agreements", date)
    in_force = {cell(row[0]): cell(row[active.columns.index("status")]) for row in active.rows}
    topics = sample([cell(row[0]) for row in run(merged, graph.project, "topics").rows], 40)
    expected = {}
    for topic in topics:
        on = run(merged, graph.project, "agreements", {"topic": topic}).rows
        states = {in_force.get(cell(one[0]), "") for one in on}
        if "certainly in force" not in states:
            is_open = states & {"possibly in force", "superseded"}
            expected[topic] = "possibly in force" if is_open else "none known"
    gaps = run(merged, graph.project, "gaps", date).rows
    found = {cell(row[0]): cell(row[3]) for row in gaps}
    assert {topic: found[topic] for topic in topics if topic in found} == expected


@pytest.mark.parametrize(("language", "label"), [("en", "one"), ("fr", "un")])
def test_a_label_is_in_the_language_or_in_none(
    language: str, label: str, graph: KnowledgeGraph
) -> None:
    store = Store()
    store.update(
        """PREFIX org: <http://www.w3.org/ns/org#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        INSERT DATA {
          <http://x/1> skos:prefLabel "one"@en , "un"@fr , "eins"@de .
          <http://x/2> skos:prefLabel "zwei"@de .
          <http://x/3> skos:prefLabel "III" .
          <http://x/1> a org:Organization .
          <http://x/2> a org:Organization .
          <http://x/3> a org:Organization .
          <http://x/4> a org:Organization .
        }"""
    )
    rows = run(store, graph.project, "organisations", {}, language).rows
    assert {cell(row[0]): cell(row[1]) for row in rows} == {
        "http://x/1": label,
        "http://x/2": "",
        "http://x/3": "III",
        "http://x/4": "",
    }


@pytest.mark.slow
def test_agreements_of_predecessors_are_cited_with_the_merger(
    graph: KnowledgeGraph, merged: Store
) -> None:
    others: list[object] = []
    for flag, wanted in ((False, set()), (True, {"id:change-inrae-2020"})):
        values = {"organisation": "INRAE", "with": "Institut Pasteur", "with-predecessors": flag}
        result = run(merged, graph.project, "agreements", values)
        rows = sample([row for row in result.rows if row not in others], 3)
        others = list(result.rows)
        found = cite(merged, result.question.text, result.columns, rows)
        changes = {
            short(one.statement.subject.value)
            for citation in found
            for one in citation.supports
            if one.needed and isinstance(one.statement.subject, NamedNode)
        }
        assert {one for one in changes if one.startswith("id:change-")} == wanted


def test_a_label_shared_by_topic_and_activity_means_the_requested_kind(
    graph: KnowledgeGraph, merged: Store
) -> None:
    with pytest.raises(UnknownThing, match="id:activity-surveillance, id:topic-surveillance"):
        find(merged, "surveillance")
    result = run(merged, graph.project, "agreements", {"topic": "surveillance"})
    assert [cell(one) for one in result.parameters["topic"]] == ["id:topic-surveillance"]


def test_only_flags_begin_with_with() -> None:
    known = [parameter for one in QUESTIONS for parameter in one.parameters]
    assert [one.name for one in known if (one.type == FLAG) != one.name.startswith("with-")] == []
