"""How a question is answered: tables, formats, and why an answer is empty."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from asking import AGREEMENT, PROJECT, XSD, cells
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Quad, Store

from onehealthkg.dataset.cache import load_store
from onehealthkg.editing.cells import unescaped
from onehealthkg.errors import (
    OutputError,
    UsageError,
)
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import OH, PREFIXES, RDF_TYPE
from onehealthkg.paths import Project
from onehealthkg.queries.empty import reasons
from onehealthkg.queries.query import run
from onehealthkg.queries.questions import names, questions
from onehealthkg.queries.tables import Cell, as_text, cell, table
from onehealthkg.terms import merge, plain
from onehealthkg.words import languages, words

TABLE = """SELECT ?a ?b ?c {
  VALUES (?a ?b ?c) {
    (<javascript:alert(1)> "=1+1|<script>" 7)
    (<http://x/?a=1&b=2> "é\\n\\"x\\","@fr "2020-02-05"^^<http://www.w3.org/2001/XMLSchema#date>)
    (UNDEF "" 1.5)
  }
}"""


def test_the_formats_of_the_w3c_are_exact(merged: Store) -> None:
    result = run(merged, PROJECT, TABLE)
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


def test_a_boolean_has_json_and_xml_and_words(merged: Store) -> None:
    result = run(merged, PROJECT, "ASK { ?x a oh:Agreement }")
    assert json.loads(result.serialize("json")) == {"head": {}, "boolean": True}
    assert b"<boolean>true</boolean>" in result.serialize("xml")
    assert str(result) == "yes"
    assert result.serialize("markdown").decode() == "| answer |\n| --- |\n| yes |\n"
    with pytest.raises(UsageError, match="yes or no, which has no csv"):
        result.serialize("csv")


def test_a_character_that_xml_lacks_is_refused_only_in_xml(merged: Store) -> None:
    result = run(merged, PROJECT, 'SELECT ?a ?b { VALUES (?a ?b) { (1 "x") (2 "a\\u0001b") } }')
    with pytest.raises(OutputError, match=r"row 2, \?b: XML has no character U\+0001; choose"):
        result.serialize("xml")
    assert "\\u0001" in result.serialize("json").decode().lower()


def test_a_carriage_return_survives_xml(merged: Store) -> None:
    rows = run(merged, PROJECT, 'SELECT ?a { VALUES ?a { "x\\r\\ny" } }').serialize("xml")
    graph = run(merged, PROJECT, 'CONSTRUCT { <x:a> <x:p> "x\\ry" } {}').serialize("rdfxml")
    for xml, text in ((rows, "x\r\ny"), (graph, "x\ry")):
        words = ElementTree.fromstring(xml).itertext()  # noqa: S314  our own
        assert "".join(words).strip() == text


def test_a_predicate_without_a_name_is_refused_only_in_rdfxml(merged: Store) -> None:
    result = run(merged, PROJECT, "CONSTRUCT { <x:a> <x:2> 1 } {}")
    with pytest.raises(OutputError, match="<x:2> cannot be a predicate in RDF/XML"):
        result.serialize("rdfxml")
    assert b"<x:2>" in result.serialize("turtle")


def test_markdown_is_escaped(merged: Store) -> None:
    lines = run(merged, PROJECT, TABLE).serialize("markdown").decode().split("\n")
    assert lines[2] == "| javascript:alert(1) | =1+1\\|\\<script\\> | 7 |"


def test_html_is_escaped_and_links_only_web_addresses(merged: Store) -> None:
    page = run(merged, PROJECT, TABLE).serialize("html", "fr").decode()
    assert re.findall('href="([^"]*)"', page) == ["http://x/?a=1&amp;b=2"]
    assert "<script" not in page
    assert "=1+1|&lt;script&gt;" in page
    assert '<html lang="fr">' in page
    assert not re.search("https?:", page.replace("http://x/", ""))


def test_a_spreadsheet_has_texts_as_texts_and_numbers_and_dates(merged: Store) -> None:
    result = run(merged, PROJECT, TABLE)
    data = result.serialize("xlsx")
    assert data == run(merged, PROJECT, TABLE).serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    found = [[(one.value, one.data_type) for one in row] for row in sheet.iter_rows(min_row=2)]
    assert found[0] == [("javascript:alert(1)", "s"), ("=1+1|<script>", "s"), (7, "n")]
    assert found[1][2][1] == "d"
    assert [one.hyperlink for row in sheet.iter_rows() for one in row if one.hyperlink] == []


def test_a_spreadsheet_keeps_texts_that_look_like_other_values(merged: Store) -> None:
    texts = ["'=1", "@x", "_x000D_", "  a ", "http://x/", "TRUE", "#N/A", "007"]
    texts += ["a\nb", "\t=1"]
    values = " ".join(f"({Literal(text)})" for text in texts)
    data = run(merged, PROJECT, f"SELECT ?a {{ VALUES (?a) {{ {values} }} }}").serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    read = [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)]
    kept = [text.replace("_x000D_", "_x005F_x000D_") for text in texts]  # as ECMA-376 writes it
    assert read == [(text, "s") for text in kept]


@pytest.mark.parametrize("character", ["\x01", "\r", "\x1b", "\ufffe", "\uffff"])
def test_a_character_that_xml_lacks_is_kept_in_a_spreadsheet(merged: Store, character: str) -> None:
    text = f"a{character}b"
    data = run(merged, PROJECT, f"SELECT ?a {{ VALUES ?a {{ {Literal(text)} }} }}")
    sheet = load_workbook(io.BytesIO(data.serialize("xlsx"))).active
    assert sheet is not None
    assert sheet["A2"].value == f"a_x{ord(character):04X}_b"
    assert unescaped(sheet["A2"].value) == text


def test_an_invalid_number_or_day_is_a_text_in_a_spreadsheet(merged: Store) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = f'("abc"^^<{xsd}integer>) ("2020-02-31"^^<{xsd}date>) ("1e5"^^<{xsd}decimal>)'
    data = run(merged, PROJECT, f"SELECT ?a {{ VALUES (?a) {{ {values} }} }}").serialize("xlsx")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    read = [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)]
    assert read == [("abc", "s"), ("2020-02-31", "s"), ("1e5", "s")]


def test_a_text_that_a_spreadsheet_would_cut_is_refused(merged: Store) -> None:
    longest = run(merged, PROJECT, f'SELECT ("{"é" * 32767}" AS ?b) {{}}').serialize("xlsx")
    sheet = load_workbook(io.BytesIO(longest)).active
    assert sheet is not None
    assert len(str(sheet["A2"].value)) == 32767
    text = f'SELECT ?a ?b {{ VALUES (?a ?b) {{ (1 "x") (2 "{"é" * 32768}") }} }}'
    with pytest.raises(OutputError, match=r"Row 2, column b: .* 32,767 characters, .* has 32,768"):
        run(merged, PROJECT, text).serialize("xlsx")


def test_a_graph_is_sorted_and_comes_in_the_formats_of_rdf(merged: Store) -> None:
    text = "DESCRIBE id:person-gilles-bloch"
    result = run(merged, PROJECT, text)
    lines = result.serialize("ntriples").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(result) == 2
    assert result.serialize("turtle") == run(merged, PROJECT, text).serialize("turtle")
    assert "id:person-gilles-bloch a foaf:Person" in str(result)
    with pytest.raises(UsageError, match='a graph, not a table: "csv" is not one of turtle'):
        result.serialize("csv")
    with pytest.raises(UsageError, match='a table, not a graph: "turtle" is not one of table'):
        run(merged, PROJECT, "SELECT * {}").serialize("turtle")


def test_names_replace_ids_under_headings_in_words(merged: Store) -> None:
    result = run(merged, PROJECT, "tasks-of", {"organisation": "ANSES"})
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


def test_own_queries_have_all_their_columns(merged: Store) -> None:
    text = "SELECT ?party ?label { id:agreement-anses-inserm-2020 oh:party ?party . ?party "
    result = run(merged, PROJECT, text + 'skos:prefLabel ?label FILTER(?label = "Inserm"@fr) }')
    assert str(result).split("\n")[2] == "id:organisation-inserm  Inserm"


def test_words_of_questions_are_translated_only_in_formats_for_people(merged: Store) -> None:
    result = run(merged, PROJECT, "timeline", language="fr")
    assert "2020-02-05  signature  " in str(result)
    assert "2020-02-05  signed  " in result.text(None, "en")
    assert "signature" in result.serialize("html", "fr").decode()
    assert b",signed," in result.serialize("csv", "fr")


def test_durations_are_in_words_for_people_and_dates_only_on_pages(merged: Store) -> None:
    result = run(merged, PROJECT, "agreements")
    for form in PEOPLE:
        said = result.serialize(form, "fr").decode()
        assert ("5 ans" in said, "P5Y" in said) == (True, False)
    for form in ("csv", "tsv", "json", "xml"):
        assert b"P5Y" in result.serialize(form, "fr")
    assert ["5 février 2020" in result.serialize(form, "fr").decode() for form in PEOPLE] == [
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
    wrapped = f"{'word ' * 5}word\n        " * 3 + "word word"
    assert as_text(headings, rows, 40) == (
        f"signed  2020-02-05\ntitle   {wrapped}\nnote    {wrapped}\nkind    x\n\nnote    short"
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
            "or organisation-ansm (ANSM)?",
        ],
    ),
    ("CONSTRUCT { ?x oh:party 1 } { id:organisation-anses oh:party ?x }", []),
)


@pytest.mark.parametrize(("text", "expected"), EMPTY)
def test_an_empty_answer_gives_a_reason(
    graph: KnowledgeGraph, text: str, expected: list[str]
) -> None:
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


def test_the_header_of_a_question_explains_an_empty_answer(merged: Store) -> None:
    result = run(merged, PROJECT, "topics-by-broader")
    assert (str(result), result.text(language="fr")) == ("No rows.", "Aucune ligne.")
    assert "<p>Aucune ligne. Le graphe n" in result.serialize("html", "fr").decode()
    assert reasons(merged, result.question) == [
        "There are no rows until onehealthkg enrich VOCABULARY has fetched the tree; run it first."
    ]


def test_no_rows_of_a_question_prove_nothing(merged: Store) -> None:
    asked = run(merged, PROJECT, "supervision", {"organisation": "INRAE"}).question
    assert reasons(merged, asked) == [
        "The graph records nothing of the kind, which does not mean that there is nothing."
    ]
    assert reasons(merged, asked, "fr")[0].startswith("Le graphe n’enregistre rien")


def test_control_characters_do_not_reach_the_terminal(merged: Store) -> None:
    assert "\x1b" not in str(run(merged, PROJECT, 'SELECT ("\\u001b[2J" AS ?x) {}'))


def test_an_explanation_has_query_terms_time_and_rows(merged: Store) -> None:
    result = run(merged, PROJECT, "gaps", {"date": "2022-01-01"})
    *text, blank, date, language, last = result.explanation().split("\n")
    assert blank == ""
    assert f'  VALUES ?date {{ "2022-01-01"^^<{XSD}date> }}' in text
    assert date == f'# date = "2022-01-01"^^<{XSD}date>'
    assert language == '# lang = "en"'
    assert re.fullmatch(rf"# {len(result)} rows in \d+\.\d ms", last)


def test_the_language_of_the_labels_can_be_given_in_two_ways(merged: Store) -> None:
    values = {"agreement": AGREEMENT}
    french = cells(run(merged, PROJECT, "signatures", values, "fr"))
    assert french == cells(run(merged, PROJECT, "signatures", {**values, "lang": "FR"}))
    assert french[0][5] == "Anses"


def test_another_project_has_its_own_questions(project: Project, merged: Store) -> None:
    own_file = Path(project.root, "queries", "mine.rq")
    own_file.write_text(
        '#+ summary: "x"\n#+ description: "x."\n#+ tags: ["x"]\n#+ columns: ["x"]\nSELECT ?x {}',
        encoding="utf-8",
    )
    assert "mine" in names(project)
    assert run(merged, project, "mine").columns == ["x"]
