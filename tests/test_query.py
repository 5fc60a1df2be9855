"""Asking: names, files and texts, parameters, languages, limits, and what must not be possible."""

import csv
import io
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib.plugins.sparql import prepareQuery

from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import (
    InputError,
    OneHealthKGError,
    OutputError,
    TimeLimit,
    UnknownThing,
    UsageError,
)
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.labels import called
from onehealthkg.labels import find as find_thing
from onehealthkg.names import ID, OH, PREFIXES, RDF_TYPE, local_name
from onehealthkg.paths import Project, bundled
from onehealthkg.queries.empty import reasons
from onehealthkg.queries.parameters import TYPES, bind, members, terms
from onehealthkg.queries.query import check_syntax, own, run
from onehealthkg.queries.questions import names, parse, question, questions
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import Cell, as_text, cell, table
from onehealthkg.terms import merge, plain
from onehealthkg.words import languages, words

PROJECT = bundled()
AGREEMENT = "agreement-anses-inserm-2020"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store(graph: KnowledgeGraph) -> Store:
    return merge(load_store(graph.project))


def cells(result: Result) -> list[list[str]]:
    return [[cell(term) for term in row] for row in result.rows]


def refused(store: Store, query: str, **values: object) -> str:
    with pytest.raises(OneHealthKGError) as error:
        run(store, PROJECT, query, values)  # type: ignore[arg-type]
    return str(error.value)


# What is asked


def test_a_thing_is_named_by_label_acronym_short_form_or_iri(store: Store) -> None:
    spellings: list[str | NamedNode] = [
        "Inserm",
        "INSERM",
        "French National Institute for Health and Medical Research",
        "organisation-inserm",
        "id:organisation-inserm",
        "https://w3id.org/onehealthkg/id/organisation-inserm",
        NamedNode("https://w3id.org/onehealthkg/id/organisation-inserm"),
    ]
    found = [cells(run(store, PROJECT, "partners-of", {"organisation": x})) for x in spellings]
    assert found == [found[0]] * len(spellings)
    assert found[0][0][:2] == ["id:organisation-anses", "ANSES"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Sante\u0301 publique France", "organisation-sante-publique-france"),
        ("santé\u00a0publique\u202ffrance", "organisation-sante-publique-france"),
        ("Santé publi\u00adque France", "organisation-sante-publique-france"),
        ("ministère de l’Agriculture", "organisation-agriculture-ministry-france"),
        ("ministère de l'Agriculture", "organisation-agriculture-ministry-france"),
        ("ANSES-Inserm framework partnership agreement (2020)", AGREEMENT),
        ("anses\u2011inserm framework partnership agreement (2020)", AGREEMENT),
        ("ANSES—Inserm framework partnership agreement (2020)", AGREEMENT),
    ],
)
def test_what_looks_the_same_is_the_same_name(
    graph: KnowledgeGraph, spelling: str, name: str
) -> None:
    store = graph.merged
    kind = local_name(name).partition("-")[0]
    assert find_thing(store, spelling) == NamedNode(f"{ID}{local_name(name)}")
    assert called(store, spelling, members(store, kind)) == [find_thing(store, spelling)]


def test_words_of_a_name_propose_it_and_are_no_name(graph: KnowledgeGraph) -> None:
    message = refused(graph.merged, "parties-of", agreement="ANSES Inserm")
    assert message.endswith(
        'named "ANSES Inserm". Did you mean ANSES–Inserm framework partnership agreement (2020)?'
    )
    with pytest.raises(UnknownThing, match=r"\(2020\) \(id:agreement-anses-inserm-2020\)\?"):
        find_thing(graph.merged, "inserm anses")


def test_a_former_name_means_the_body_of_today_and_is_noted(
    graph: KnowledgeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    woah = NamedNode(f"{ID}organisation-woah")
    note = '"oie" is a former name of WOAH (id:organisation-woah), which is meant here.'
    assert find_thing(graph.merged, "WOAH") == woah
    assert caplog.messages == []
    assert find_thing(graph.merged, "oie") == woah
    assert caplog.messages == [note]
    asked = run(graph.merged, PROJECT, "agreements-of", {"organisation": "oie"})
    assert caplog.messages == [note] * 2
    assert cells(asked) == cells(
        run(graph.merged, PROJECT, "agreements-of", {"organisation": "WOAH"})
    )


def test_several_values_are_any_of_them(store: Store) -> None:
    one = run(store, PROJECT, "supervision", {"organisation": ["Inserm", "ANSES"]})
    assert cells(one) == cells(run(store, PROJECT, "supervision"))


def test_values_of_python_and_of_rdf_are_taken(store: Store) -> None:
    date = Literal("2022-01-01", datatype=NamedNode(XSD + "date"))
    assert cells(run(store, PROJECT, "active-on", {"date": date})) == cells(
        run(store, PROJECT, "active-on", {"date": "2022-01-01"})
    )
    assert cells(run(store, PROJECT, "topic-counts", {"least": 3})) == cells(
        run(store, PROJECT, "topic-counts", {"least": "3"})
    )


def test_a_rule_and_a_passage_have_short_names(store: Store) -> None:
    rule = cells(run(store, PROJECT, "inferred", {"rule": "rule:end-date"}))
    assert {row[3] for row in rule} == {"rule:end-date"}
    assert rule == cells(run(store, PROJECT, "inferred", {"rule": "end-date"}))
    assert len(run(store, PROJECT, "said-by", {"passage": "s18"})) == 1


@pytest.mark.parametrize(
    ("query", "values", "message"),
    [
        ("partner-of", {}, 'There is no question "partner-of". Did you mean partners-of'),
        ("../pyproject", {}, "../pyproject: there is no such file"),
        ("active-on", {}, "active-on: give --date (date): A day, month or year, such as"),
        (
            "active-on",
            {"date": "2022-13-40"},
            'active-on: --date: "2022-13-40" is not a date; write a day, month or year',
        ),
        ("active-on", {"date": "20220101"}, 'active-on: --date: "20220101" is not a date'),
        (
            "active-on",
            {"day": "2022-01-01"},
            'active-on: there is no parameter "day". There are: date, status, lang.',
        ),
        (
            "active-on",
            {"date": ["2022-01-01", "2023-01-01"]},
            "active-on: give --date one value, not 2.",
        ),
        ("pairs", {"least": "many"}, 'pairs: --least: "many" is no integer; write digits'),
        (
            "unlinked",
            {"kind": "plce"},
            'unlinked: --kind: "plce" is not allowed. Did you mean place?',
        ),
        (
            "parties-of",
            {"agreement": AGREEMENT, "lang": "e n"},
            'parties-of: --lang: "e n" is no language; write a tag such as en or fr.',
        ),
        (
            "parties-of",
            {"agreement": AGREEMENT, "lang": "de"},
            'parties-of: --lang: "de" is not allowed. There are: en, fr.',
        ),
        (
            "partners-of",
            {"organisation": "Insrem"},
            'partners-of: --organisation: there is no organisation named "Insrem". '
            "Did you mean Inserm or INRAE or InVS?",
        ),
        (
            "partners-of",
            {"organisation": "zoonoses"},
            'partners-of: --organisation: "zoonoses" is id:topic-zoonoses, '
            "which is no organisation.",
        ),
        ("links-of", {"thing": "Zoonosis"}, "links-of: --thing: There is nothing named"),
        ("nowhere.rq", {}, "nowhere.rq: there is no such file; check the path."),
    ],
)
def test_a_message_says_what_is_wrong_and_what_would_be_right(
    store: Store, query: str, values: dict[str, object], message: str
) -> None:
    assert message in refused(store, query, **values)


def test_the_wrong_thing_is_a_usage_error(store: Store) -> None:
    with pytest.raises(UnknownThing):
        run(store, PROJECT, "partners-of", {"organisation": "nobody"})
    with pytest.raises(UsageError):
        run(store, PROJECT, "partners-of", {"organisation": "zoonoses"})


def test_a_file_can_have_parameters_as_the_bundled_ones_have(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text(
        '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
        '#+   - {name: "person", type: "person"}\n#+ columns: ["name"]\n'
        "SELECT ?name {\n  VALUES ?person { UNDEF }\n  ?person skos:prefLabel ?name\n}\n",
        encoding="utf-8",
    )
    assert cells(run(store, PROJECT, str(file), {"person": "Gilles Bloch"})) == [["Gilles Bloch"]]
    assert "give --person (person)" in refused(store, str(file))


def test_a_header_that_we_did_not_write_is_no_hindrance(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "grlc.rq"
    file.write_text("#+ summary: Things\n#+ endpoint: http://x/\nASK {}", encoding="utf-8")
    assert run(store, PROJECT, str(file)).truth is True


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#+ summary: no quotes", ":1: write this line as"),
        ('#+ colour: "red"', ":1: write this line as"),
        ('#+ summary:  "two spaces"', ":1: write this line as"),
        ('#+ summary: "begun\n#+     and not ended', ":1: write this line as"),
        ('#+ summary: "begun\n#+     and ended"\n#+ tags: "x', ":3: write this line as"),
        ('#+   - {type: "date", name: "x"}', ":1: write a parameter as"),
        ('#+   - {name: "x"}', ":1: write a parameter as"),
        ('#+ summary: "x"', ":1: the header has no line description, tags, columns"),
    ],
)
def test_a_wrong_header_is_told_with_its_line(line: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse("x.rq", f"{line}\nASK {{}}")
    assert str(error.value).startswith(f"x.rq{message}")


def test_a_parameter_that_does_not_stand_in_the_query_is_told(store: Store) -> None:
    text = (
        '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
        '#+   - {name: "text", type: "text", default: "a"}\n#+ columns: ["x"]\nASK {}'
    )
    assert "must stand in the query in one line of its own" in refused(store, text)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT * {\n ?s ?p }", "2:", "Each triple is three terms"),
        ("SELECT * { ?s ?p ?o", "1:20", "is one missing?"),
        ("SELECT ?x { ?x ohx:y ?z }", "1:", "Write PREFIX ohx: <...> at the top."),
        ("SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }", "1:", "With GROUP BY"),
    ],
)
def test_a_syntax_error_has_line_column_and_hint(
    store: Store, tmp_path: Path, text: str, place: str, words: str
) -> None:
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    message = refused(store, str(file))
    assert message.startswith(f"{file}:{place}")
    assert words in message


def test_the_prefixes_of_the_project_need_not_be_written(store: Store) -> None:
    result = run(
        store, PROJECT, "SELECT ?name { ?who a foaf:Person ; skos:prefLabel ?name } ORDER BY ?name"
    )
    assert cells(result) == [["Gilles Bloch"], ["Roger Genet"]]


def test_a_query_that_fails_as_it_runs_says_why(store: Store) -> None:
    message = refused(store, "SELECT (<http://x/f>(1) AS ?x) {}")
    assert "The custom function <http://x/f> is not supported" in message


# What must not be possible


@pytest.fixture
def calls() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths that were asked of it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the server looks for

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", seen
    server.shutdown()
    server.server_close()


def test_the_engine_alone_would_call_an_address(calls: tuple[str, list[str]]) -> None:
    address, seen = calls
    assert list(Store().query(f"SELECT * {{ SERVICE SILENT <{address}a> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert seen == ["/a"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SeRvIcE<{0}>{{ ?s ?p ?o }} }}",
        "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "ASK {{ FILTER(1<2&&EXISTS{{SERVICE<{0}>{{?s ?p ?o}}}}) }}",
        "SELECT * {{ VALUES ?u {{ <{0}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
        "PREFIX service: <{0}> SELECT * {{ SERVICE service:x {{ ?s ?p ?o }} }}",
        "PREFIX x: <{0}> SELECT * {{ ?service ?p 'SERVICE' . SERVICEx:y {{ ?s ?p ?o }} }}",
        "PREFIX e: <{0}> SELECT * {{ e:a\\' e:b e:c . SERVICE <{0}> {{ ?s ?p ?o }} . e:a\\' e:b ?x }}",
        "PREFIX e: <{0}> SELECT * {{ e:a\\# e:b e:c . SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ # comment '\n SERVICE <{0}> {{ ?s ?p ?o }} }} # '",
        "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    ],
)
def test_service_is_refused_in_every_form(
    store: Store, calls: tuple[str, list[str]], text: str
) -> None:
    message = refused(store, text.format(calls[0]))
    assert "SERVICE is not allowed" in message
    assert calls[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER('SERVICE <http://x/> {}' != \"service\") } # SERVICE <http://x/> {}",
        "PREFIX service: <http://service/SERVICE#> ASK { FILTER(service:service != <x:service>) }",
        "ASK { BIND(1 AS ?service) BIND(2 AS ?SERVICE) FILTER(?service < ?SERVICE) }",
        "ASK { BIND('''SERVICE\n\"service''' AS ?x) FILTER NOT EXISTS { _:service ?services ?x } }",
        "SELECT ?service (COUNT(*) AS ?services) { VALUES ?service { 'x'@en-service } } GROUP BY ?service",
    ],
)
def test_the_word_service_alone_is_not_refused(store: Store, text: str) -> None:
    result = run(store, PROJECT, text)
    assert result.truth is True or len(result) == 1


def test_from_opens_no_address_and_no_file(store: Store, calls: tuple[str, list[str]]) -> None:
    for iri in (calls[0], "file:///etc/passwd"):
        assert run(store, PROJECT, f"ASK FROM <{iri}> {{ ?s ?p ?o }}").truth is False
        named = f"ASK FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        assert run(store, PROJECT, named).truth is False
    assert calls[1] == []
    passage = "https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm#s18"
    assert len(run(store, PROJECT, f"CONSTRUCT FROM <{passage}> WHERE {{ ?s ?p ?o }}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <{0}>",
        "INSERT DATA {{ <x:a> <x:b> 1 }}",
        "PREFIX x: <x:>\nDELETE WHERE {{ ?s ?p ?o }}",
        "DROP ALL ; ASK {{}}",
        "ASK {{}} ; DROP ALL",
    ],
)
def test_an_update_is_no_query(store: Store, calls: tuple[str, list[str]], text: str) -> None:
    before = len(store)
    message = refused(store, text.format(calls[0]) + " # {")
    assert "this is no" in message
    assert calls[1] == []
    assert len(store) == before


def test_a_query_that_never_ends_is_stopped(store: Store) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    start = time.monotonic()
    with pytest.raises(TimeLimit, match=r"query: stopped after 0.5 seconds; ask for less"):
        run(store, PROJECT, endless, seconds=0.5)
    assert time.monotonic() - start < 3


def test_a_query_that_kills_the_engine_is_an_error(store: Store) -> None:
    message = refused(store, f"SELECT * {'{' * 50_000}{'}' * 50_000}")
    assert "the query is nested too deeply, or needs too much memory" in message


def test_no_process_is_left_behind() -> None:
    """In a process of its own: here others' children may be waiting."""
    script = (
        "import os; from onehealthkg.graph import load; load().query('ASK {}')\n"
        "try: os.waitpid(-1, os.WNOHANG)\n"
        "except ChildProcessError: print('none')"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert ended.stdout == b"none\n"


# Random values and queries

VALUE = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text('<>{}"\\?$ .@^:#|&\n\ta', max_size=12),
    st.sampled_from(
        [
            '" } DROP ALL #',
            "> } ?s ?p ?o {",
            'x" } UNION { ?a ?b ?c } #',
            "UNDEF",
            "?x",
            "\\u0022 }",
            "\\\\U00000022 }",
            "\x01\x7f\\uD800",
            "id:organisation-inserm",
            "2022-01-01",
            "-5",
            "en",
        ]
    ),
)
MINIMAL = (
    '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
    '#+   - {{name: "x", type: "{0}"}}\n#+ columns: ["x"]\n'
    "SELECT ?x ?y {{\n  VALUES ?x {{ UNDEF }}\n  ?y ?p ?x\n  FILTER(?y != ?x)\n}}\nORDER BY ?x\n"
)


def algebra(text: str) -> tuple[str, list[str]]:
    """The algebra of a query with UNDEF for the values of its VALUES, and these values."""
    found: list[str] = []

    def walk(part: object) -> object:
        if isinstance(part, dict):
            if getattr(part, "name", "") == "values":
                found.extend(str(one) for row in part["res"] for one in row.values())
                return "VALUES"
            return {str(key): walk(one) for key, one in part.items() if key != "_vars"}
        if isinstance(part, list | tuple):
            return [walk(one) for one in part]
        return repr(part)

    return repr(walk(prepareQuery(text).algebra)), found


@settings(max_examples=examples(1000))
@given(kind=st.sampled_from(TYPES), value=VALUE)
def test_a_value_never_changes_the_algebra(kind: str, value: str) -> None:
    asked = parse("x", MINIMAL.format(kind))
    try:
        found = terms(STORE, asked, {"x": value})
    except OneHealthKGError:
        return
    if not found:  # * stands for anything, and is UNDEF
        return
    without, values = algebra(bind(asked, found))
    assert (without, values) == (PLAIN, [found["x"][0].value])  # type: ignore[union-attr]


STORE = merge(load_store(PROJECT))
PLAIN = algebra(bind(parse("x", MINIMAL.format("text")), {"x": [Literal("y")]}))[0]


@settings(max_examples=examples(300, 20))
@given(name=st.sampled_from(names(PROJECT)), values=st.lists(VALUE, min_size=4, max_size=4))
def test_random_values_give_an_answer_or_an_error_of_ours(name: str, values: list[str]) -> None:
    asked = question(PROJECT, name)
    given_values = {one.name: value for one, value in zip(asked.parameters, values, strict=False)}
    with suppress(OneHealthKGError):
        run(STORE, PROJECT, name, given_values)


PIECES = ["{", "}", "(", ")", "?x", "SERVICE <http://127.0.0.1:9/>", "FILTER", '"', "'", "<", ">"]
PIECES += ["\\", "#", "UNION", "OPTIONAL", "*", "+", "|", "\0", "é", "\ud800", "GROUP BY", "1e999"]


@settings(max_examples=examples(1000, 50))
@given(
    name=st.sampled_from(names(PROJECT)),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_queries_give_an_answer_or_an_error_of_ours(
    name: str, changes: list[tuple[float, int, str]]
) -> None:
    text = question(PROJECT, name).text
    text = text[text.index("PREFIX") :]
    for place, cut, piece in changes:
        start = int(place * len(text))
        text = f"{text[:start]} {piece} {text[start + cut :]}"
    with suppress(OneHealthKGError):
        run(STORE, PROJECT, text, seconds=0.3)


# How it is answered


TABLE = """SELECT ?a ?b ?c {
  VALUES (?a ?b ?c) {
    (<javascript:alert(1)> "=1+1|<script>" 7)
    (<http://x/?a=1&b=2> "é\\n\\"x\\","@fr "2020-02-05"^^<http://www.w3.org/2001/XMLSchema#date>)
    (UNDEF "" 1.5)
  }
}"""


def test_the_formats_of_the_w3c_are_exact(store: Store) -> None:
    result = run(store, PROJECT, TABLE)
    data = json.loads(result.serialize("json"))
    assert data["head"]["vars"] == ["a", "b", "c"]
    assert data["results"]["bindings"][1]["b"] == {
        "type": "literal",
        "value": 'é\n"x",',
        "xml:lang": "fr",
    }
    rows = list(csv.reader(io.StringIO(result.serialize("csv").decode(), newline="")))
    assert rows == [
        ["a", "b", "c"],
        ["javascript:alert(1)", "=1+1|<script>", "7"],
        ["http://x/?a=1&b=2", 'é\n"x",', "2020-02-05"],
        ["", "", "1.5"],
    ]
    lines = result.serialize("tsv").decode().split("\n")
    assert lines[0] == "?a\t?b\t?c"
    assert lines[2].split("\t")[1] == '"é\\n\\"x\\","@fr'
    root = ElementTree.fromstring(result.serialize("xml"))  # noqa: S314 - our own
    names_in_xml = [
        one.get("name") for one in root.iter("{http://www.w3.org/2005/sparql-results#}variable")
    ]
    assert names_in_xml == ["a", "b", "c"]


def test_a_yes_or_no_has_json_and_xml_and_words(store: Store) -> None:
    result = run(store, PROJECT, "ASK { ?x a oh:Agreement }")
    assert json.loads(result.serialize("json")) == {"head": {}, "boolean": True}
    assert b"<boolean>true</boolean>" in result.serialize("xml")
    assert str(result) == "yes"
    assert result.serialize("markdown").decode() == "| answer |\n| --- |\n| yes |\n"
    with pytest.raises(UsageError, match="yes or no, which has no csv"):
        result.serialize("csv")


def test_a_character_that_xml_does_not_have_is_refused_in_xml_alone(store: Store) -> None:
    result = run(store, PROJECT, 'SELECT ?a ?b { VALUES (?a ?b) { (1 "x") (2 "a\\u0001b") } }')
    with pytest.raises(OutputError, match=r"row 2, \?b: XML has no character U\+0001; choose"):
        result.serialize("xml")
    assert "\\u0001" in result.serialize("json").decode().lower()


def test_a_predicate_without_a_name_is_refused_in_rdfxml_alone(store: Store) -> None:
    result = run(store, PROJECT, "CONSTRUCT { <x:a> <x:2> 1 } {}")
    with pytest.raises(OutputError, match="<x:2> cannot be a predicate in RDF/XML"):
        result.serialize("rdfxml")
    assert b"<x:2>" in result.serialize("turtle")


def test_markdown_is_escaped(store: Store) -> None:
    lines = run(store, PROJECT, TABLE).serialize("markdown").decode().split("\n")
    assert lines[2] == "| javascript:alert(1) | =1+1\\|\\<script\\> | 7 |"


def test_html_is_escaped_and_links_addresses_of_the_web_only(store: Store) -> None:
    page = run(store, PROJECT, TABLE).serialize("html", "fr").decode()
    assert re.findall('href="([^"]*)"', page) == ["http://x/?a=1&amp;b=2"]
    assert "<script" not in page
    assert "=1+1|&lt;script&gt;" in page
    assert '<html lang="fr">' in page
    assert not re.search("https?:", page.replace("http://x/", ""))


def test_a_spreadsheet_has_texts_as_texts_and_numbers_and_dates(store: Store) -> None:
    result = run(store, PROJECT, TABLE)
    data = result.serialize("xlsx")
    assert data == run(store, PROJECT, TABLE).serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    found = [[(one.value, one.data_type) for one in row] for row in sheet.iter_rows(min_row=2)]
    assert found[0] == [("javascript:alert(1)", "s"), ("=1+1|<script>", "s"), (7, "n")]
    assert found[1][2][1] == "d"
    assert [one.hyperlink for row in sheet.iter_rows() for one in row if one.hyperlink] == []


def test_a_spreadsheet_keeps_what_looks_like_something_else(store: Store) -> None:
    texts = ["'=1", "@x", "_x000D_", "  a ", "http://x/", "TRUE", "#N/A", "007"]
    values = " ".join(f'("{text}")' for text in texts)
    data = run(store, PROJECT, f"SELECT ?a {{ VALUES (?a) {{ {values} }} }}").serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    read = [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)]
    kept = [text.replace("_x000D_", "_x005F_x000D_") for text in texts]  # as ECMA-376 writes it
    assert read == [(text, "s") for text in kept]


def test_a_literal_that_is_no_number_or_day_is_a_text_in_a_spreadsheet(store: Store) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = f'("abc"^^<{xsd}integer>) ("2020-02-31"^^<{xsd}date>) ("1e5"^^<{xsd}decimal>)'
    data = run(store, PROJECT, f"SELECT ?a {{ VALUES (?a) {{ {values} }} }}").serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    read = [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)]
    assert read == [("abc", "s"), ("2020-02-31", "s"), ("1e5", "s")]


def test_a_text_that_a_spreadsheet_would_cut_is_refused(store: Store) -> None:
    longest = run(store, PROJECT, f'SELECT ("{"é" * 32767}" AS ?b) {{}}').serialize("xlsx")
    sheet = load_workbook(io.BytesIO(longest)).active
    assert sheet is not None
    assert len(str(sheet["A2"].value)) == 32767
    text = f'SELECT ?a ?b {{ VALUES (?a ?b) {{ (1 "x") (2 "{"é" * 32768}") }} }}'
    with pytest.raises(OutputError, match=r"Row 2, column b: .* 32,767 characters, .* has 32,768"):
        run(store, PROJECT, text).serialize("xlsx")


def test_a_graph_is_sorted_and_comes_in_the_formats_of_rdf(store: Store) -> None:
    text = "DESCRIBE id:person-gilles-bloch"
    result = run(store, PROJECT, text)
    lines = result.serialize("ntriples").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(result) == 3
    assert result.serialize("turtle") == run(store, PROJECT, text).serialize("turtle")
    assert "id:person-gilles-bloch a foaf:Person" in str(result)
    with pytest.raises(UsageError, match='a graph, not a table: "csv" is none of turtle'):
        result.serialize("csv")
    with pytest.raises(UsageError, match='a table, not a graph: "turtle" is none of table'):
        run(store, PROJECT, "SELECT * {}").serialize("turtle")


def test_names_stand_in_place_of_ids_under_headings_in_words(store: Store) -> None:
    result = run(store, PROJECT, "tasks-of", {"organisation": "ANSES"})
    assert result.columns == ["task", "label", "activity", "activityLabel"]
    assert result.table().headings == ["task", "activity"]
    assert result.table("fr").headings == ["mission", "activité"]
    assert result.table(ids=True).headings == ["task", "activity", "task (id)", "activity (id)"]
    first = result.table(ids=True).rows[0]
    assert first[0].text == plain(result.rows[0][1])
    assert first[2].text == cell(result.rows[0][0])
    assert f"| {first[0].text} |" in result.serialize("markdown").decode()
    assert first[2].text not in result.serialize("markdown").decode()
    assert f"| {first[2].text} |" in result.serialize("markdown", ids=True).decode()
    assert result.serialize("csv").startswith(b"task,label,activity,activityLabel\r\nhttps://")


def test_a_label_names_the_nearest_ids_before_it_that_have_no_label_of_their_own() -> None:
    a, b = NamedNode("https://w3id.org/onehealthkg/id/a"), NamedNode("x:b")
    columns = ["latest", "agreement", "party", "label", "partyLabel", "dateSigned"]
    given = [
        [a, a, b, Literal("A", language="en"), Literal("B"), Literal("2020")],
        [a, a, b, None, None, None],
    ]
    shown = table(columns, given, name=lambda thing: f"label of {thing.value[-1]}")
    assert shown.headings == ["latest", "agreement", "party", "date signed"]
    assert [[one.text for one in row] for row in shown.rows] == [
        ["label of a", "A", "B", "2020"],
        ["label of a", "label of a", "label of b", ""],
    ]
    assert shown.rows[0][1] == Cell("A", a.value, "en")
    asked = table(columns, given)
    assert [one.text for one in asked.rows[0]] == ["id:a", "id:a", "x:b", "A", "B", "2020"]


def test_own_queries_have_all_their_columns(store: Store) -> None:
    text = "SELECT ?party ?label { id:agreement-anses-inserm-2020 oh:party ?party . ?party "
    result = run(store, PROJECT, text + 'skos:prefLabel ?label FILTER(?label = "Inserm"@fr) }')
    assert str(result).split("\n")[2] == "id:organisation-inserm  Inserm"


def test_words_of_questions_are_translated_for_people_alone(store: Store) -> None:
    result = run(store, PROJECT, "timeline", language="fr")
    assert "2020-02-05  signature  " in str(result)
    assert "2020-02-05  signed  " in result.text(None, "en")
    assert "signature" in result.serialize("html", "fr").decode()
    assert b",signed," in result.serialize("csv", "fr")


def test_dates_are_in_words_on_pages_alone(store: Store) -> None:
    result = run(store, PROJECT, "agreements")
    assert ["5 février 2020" in result.serialize(form, "fr").decode() for form in PEOPLE] == [
        False,
        False,
        True,
    ]
    assert ["5 ans" in result.serialize(form, "fr").decode() for form in PEOPLE] == [
        False,
        False,
        True,
    ]
    assert all(b"2020-02-05" in result.serialize(form, "fr") for form in ("table", "csv", "json"))


PEOPLE = ("table", "markdown", "html")


def test_long_cells_are_cut_to_the_width_and_whole_in_files() -> None:
    long = "word " * 20
    rows = [["2020-02-05", long, long, "x"], ["", "", "short", ""]]
    headings = ["signed", "title", "note", "kind"]
    lines = as_text(headings, rows, 60).split("\n")
    assert lines[2] == f"2020-02-05  {'word ' * 3}word…  {'word ' * 3}word…  x"
    assert max(map(len, lines)) <= 60
    assert long.strip() in as_text(headings, rows)
    assert as_text(headings, rows, 40) == (
        f"signed  2020-02-05\ntitle   {long}\nnote    {long}\nkind    x\n\nnote    short"
    )


def test_narrow_columns_fit_into_any_number() -> None:
    assert as_text(["a", "b", "c"], [["1", "2", "3"]], 7) == "a  b  c\n-  -  -\n1  2  3"


@pytest.mark.parametrize("language", languages())
def test_all_columns_of_questions_have_words(language: str) -> None:
    columns = {column for one in questions(PROJECT) for column in one.columns}
    missing = {
        column
        for column in columns
        if column.removesuffix("Label") not in words(language)["columns"]
    }
    assert missing == set()


def test_all_words_that_questions_put_into_columns_have_words() -> None:
    meanings = words("fr")["cells"]
    for path in Path(PROJECT.root, "tests", "queries").glob("*.tsv"):
        _, columns, *rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
        for column, values in zip(columns, zip(*rows, strict=True), strict=bool(rows)):
            said = {value for value in values if value and not value.startswith("id:")}
            if f"{column}Label" not in columns and column in meanings:
                assert said - set(meanings[column]) == set(), (path.name, column)


EMPTY = (
    (
        "SELECT * { ?x oh:partyy ?y }",
        ["oh:partyy is not in the ontology. Did you mean oh:party or oh:partner?"],
    ),
    (
        "SELECT * { ?x a oh:ExternalConcept ; a skos:Concept }",
        ["Nothing in the graph is of the class oh:ExternalConcept."],
    ),
    (
        "SELECT * { id:organisation-anses oh:sameTopic ?x }",
        ["No statement in the graph has the property oh:sameTopic."],
    ),
    (
        'SELECT * { ?x foaf:nmae "a"^^xsd:string FILTER(xsd:integer(?x) > 1) }',
        ["foaf:nmae does not occur in the graph."],
    ),
    (
        "SELECT * { GRAPH id:nothing-like-it { ?x oh:party id:organisation-insrem } }",
        [
            "id:nothing-like-it does not occur in the graph.",
            "id:organisation-insrem does not occur in the graph. "
            "Did you mean organisation-inserm (Inserm) or organisation-inrae (INRAE) "
            "or organisation-invs (InVS)?",
        ],
    ),
    ("CONSTRUCT { ?x oh:party 1 } { id:organisation-anses oh:party ?x }", []),
)


@pytest.mark.parametrize(("text", "expected"), EMPTY)
def test_an_empty_answer_says_why(graph: KnowledgeGraph, text: str, expected: list[str]) -> None:
    store = merge(load_store(graph.project))
    store.add(
        Quad(
            NamedNode(f"{OH}sameTopic"),
            NamedNode(RDF_TYPE),
            NamedNode(PREFIXES["owl"] + "ObjectProperty"),
        )
    )
    result = run(store, PROJECT, text)
    assert len(result) == 0
    assert reasons(store, result.question) == expected


def test_a_question_says_in_its_header_why_it_has_no_rows(store: Store) -> None:
    result = run(store, PROJECT, "topics-by-broader")
    assert (str(result), result.text(language="fr")) == ("No rows.", "Aucune ligne.")
    assert "<p>Aucune ligne.</p>" in result.serialize("html", "fr").decode()
    assert reasons(store, result.question) == [
        "There are no rows until onehealthkg enrich VOCABULARY has fetched the tree; run it first."
    ]
    assert reasons(store, run(store, PROJECT, "conflicts").question) == []


def test_control_characters_do_not_reach_the_terminal(store: Store) -> None:
    assert "\x1b" not in str(run(store, PROJECT, 'SELECT ("\\u001b[2J" AS ?x) {}'))


def test_an_explanation_has_query_terms_time_and_rows(store: Store) -> None:
    result = run(store, PROJECT, "active-on", {"date": "2022-01-01"})
    *text, blank, date, language, last = result.explanation().split("\n")
    assert blank == ""
    assert f'  VALUES ?date {{ "2022-01-01"^^<{XSD}date> }}' in text
    assert date == f'# date = "2022-01-01"^^<{XSD}date>'
    assert language == '# lang = "en"'
    assert re.fullmatch(rf"# {len(result)} rows in \d+\.\d ms", last)


def test_the_language_of_the_labels_can_be_given_in_two_ways(store: Store) -> None:
    values = {"agreement": AGREEMENT}
    french = cells(run(store, PROJECT, "parties-of", values, "fr"))
    assert french == cells(run(store, PROJECT, "parties-of", {**values, "lang": "FR"}))
    assert french[0][1] == "Anses"


def test_another_project_has_questions_of_its_own(project: Project, store: Store) -> None:
    own_file = Path(project.root, "queries", "mine.rq")
    own_file.write_text(
        '#+ summary: "x"\n#+ description: "x."\n#+ tags: ["x"]\n#+ columns: ["x"]\nSELECT ?x {}',
        encoding="utf-8",
    )
    assert "mine" in names(project)
    assert run(store, project, "mine").columns == ["x"]


def test_syntax_is_checked_without_running(calls: tuple[str, list[str]]) -> None:
    check_syntax(own("x", f"ASK {{ SERVICE <{calls[0]}> {{ ?s ?p ?o }} }}"))
    assert calls[1] == []
