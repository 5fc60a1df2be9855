"""Questions: names, parameters, texts and files."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from asking import AGREEMENT, PROJECT, XSD, cells, refused
from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.errors import (
    InputError,
    UnknownThing,
    UsageError,
)
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.kinds import is_a
from onehealthkg.labels import called
from onehealthkg.labels import find as find_thing
from onehealthkg.names import ID, local_name
from onehealthkg.queries.parameters import members, terms
from onehealthkg.queries.query import run
from onehealthkg.queries.questions import Parameter, Question, parse

# Questions


def test_a_thing_is_named_by_label_acronym_short_form_or_iri(merged: Store) -> None:
    spellings: list[str | NamedNode] = [
        "Inserm",
        "INSERM",
        "French National Institute for Health and Medical Research",
        "organisation-inserm",
        "id:organisation-inserm",
        "https://w3id.org/onehealthkg/id/organisation-inserm",
        NamedNode("https://w3id.org/onehealthkg/id/organisation-inserm"),
    ]
    found = [cells(run(merged, PROJECT, "partners-of", {"organisation": x})) for x in spellings]
    assert found == [found[0]] * len(spellings)
    assert found[0][0][:2] == ["id:organisation-anses", "ANSES"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Sante\u0301 publique France", "organisation-sante-publique-france"),
        ("santé\u00a0publique\u202ffrance", "organisation-sante-publique-france"),
        ("Santé publi\u00adque France", "organisation-sante-publique-france"),
        ("SANTE PUBLIQUE FRANCE", "organisation-sante-publique-france"),
        ("ministère de l’Agriculture", "organisation-agriculture-ministry-france"),
        ("ministère de l'Agriculture", "organisation-agriculture-ministry-france"),
        ("Office international des epizooties", "organisation-woah"),
        ("Universite de Montreal", "organisation-universite-de-montreal"),
        ("ANSES-Inserm collaboration", "partnership-anses-inserm"),
        ("anses\u2011inserm collaboration", "partnership-anses-inserm"),
        ("ANSES—Inserm collaboration", "partnership-anses-inserm"),
    ],
)
def test_names_that_look_the_same_are_equal(
    graph: KnowledgeGraph, spelling: str, name: str
) -> None:
    store = graph.merged
    kind = local_name(name).partition("-")[0]
    assert find_thing(store, spelling) == NamedNode(f"{ID}{local_name(name)}")
    named = called(store, spelling, partial(is_a, store, kind=kind), partial(members, store, kind))
    assert named == [find_thing(store, spelling)]


class Lookups:
    """A store that is not read as a whole: a lookup has a subject or an object."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def quads_for_pattern(self, subject: Any, predicate: Any, term: Any, *graph: Any) -> Any:
        assert subject or term
        return self._store.quads_for_pattern(subject, predicate, term, *graph)


@pytest.mark.parametrize("name", ["ANSES", "anses", "INSERM", "zoonoses", "id:organisation-anses"])
def test_a_usual_name_is_found_without_reading_all_names(graph: KnowledgeGraph, name: str) -> None:
    store = Lookups(graph.merged)
    thing = find_thing(store, name)
    kind = local_name(thing.value).partition("-")[0]
    question = Question("a test", "", parameters=(Parameter("thing", "thing", kind),))
    assert terms(store, question, {"thing": name}) == {"thing": [thing]}


def test_words_of_a_name_suggest_it_but_do_not_match(graph: KnowledgeGraph) -> None:
    message = refused(graph.merged, "signatures", agreement="ANSES Inserm")
    assert message.endswith(
        'named "ANSES Inserm". Did you mean Framework partnership agreement between ANSES and Inserm (2020)?'
    )
    with pytest.raises(UnknownThing, match=r"\(2020\) \(id:agreement-anses-inserm-2020\)\?"):
        find_thing(graph.merged, "inserm anses")


def test_a_former_name_means_the_body_of_today_and_is_noted(
    graph: KnowledgeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    woah = NamedNode(f"{ID}organisation-woah")
    note = '"oie" is a former name of WOAH (id:organisation-woah, renamed 2022-05-28), which is meant here.'
    assert find_thing(graph.merged, "WOAH") == woah
    assert caplog.messages == []
    assert find_thing(graph.merged, "oie") == woah
    assert caplog.messages == [note]
    asked = run(graph.merged, PROJECT, "agreements", {"organisation": "oie"})
    assert caplog.messages == [note] * 2
    assert cells(asked) == cells(run(graph.merged, PROJECT, "agreements", {"organisation": "WOAH"}))


def test_several_values_are_any_of_them(merged: Store) -> None:
    one = run(merged, PROJECT, "supervision", {"organisation": ["Inserm", "ANSES"]})
    assert cells(one) == cells(run(merged, PROJECT, "supervision"))


def test_values_of_python_and_of_rdf_are_accepted(merged: Store) -> None:
    date = Literal("2022-01-01", datatype=NamedNode(XSD + "date"))
    assert cells(run(merged, PROJECT, "gaps", {"date": date})) == cells(
        run(merged, PROJECT, "gaps", {"date": "2022-01-01"})
    )
    assert cells(run(merged, PROJECT, "topic-counts", {"least": 3})) == cells(
        run(merged, PROJECT, "topic-counts", {"least": "3"})
    )


def test_a_rule_and_a_passage_have_short_names(merged: Store) -> None:
    rule = cells(run(merged, PROJECT, "inferred", {"rule": "rule:end-date"}))
    assert {row[3] for row in rule} == {"rule:end-date"}
    assert rule == cells(run(merged, PROJECT, "inferred", {"rule": "end-date"}))
    assert len(run(merged, PROJECT, "said-by", {"passage": "s18"})) == 1


@pytest.mark.parametrize(
    ("query", "values", "message"),
    [
        ("partner-of", {}, 'There is no question "partner-of". Did you mean partners-of'),
        ("../pyproject", {}, "../pyproject: there is no such file"),
        ("gaps", {}, "gaps: --date (date) is required: A day, month or year, such as"),
        (
            "gaps",
            {"date": "2022-13-40"},
            'gaps: --date: "2022-13-40" is not a date; write a day, month or year',
        ),
        ("gaps", {"date": "20220101"}, 'gaps: --date: "20220101" is not a date'),
        (
            "gaps",
            {"day": "2022-01-01"},
            'gaps: there is no parameter "day". There are: date, topic, lang.',
        ),
        (
            "gaps",
            {"date": ["2022-01-01", "2023-01-01"]},
            "gaps: --date takes one value, not 2.",
        ),
        ("network", {"least": "many"}, 'network: --least: "many" is not an integer; write digits'),
        (
            "unlinked",
            {"kind": "plce"},
            'unlinked: --kind: "plce" is not allowed. Did you mean place?',
        ),
        (
            "signatures",
            {"agreement": AGREEMENT, "lang": "e n"},
            'signatures: --lang: "e n" is not a language; write a tag such as en or fr.',
        ),
        (
            "signatures",
            {"agreement": AGREEMENT, "lang": "de"},
            'signatures: --lang: "de" is not allowed. There are: en, fr.',
        ),
        (
            "partners-of",
            {"organisation": "Insrem"},
            'partners-of: --organisation: there is no organisation named "Insrem". '
            "Did you mean Inserm or INRAE or ANSM?",
        ),
        (
            "partners-of",
            {"organisation": "zoonoses"},
            'partners-of: --organisation: "zoonoses" is id:topic-zoonoses, '
            "which is not of the kind organisation.",
        ),
        ("links-of", {"thing": "Zoonosis"}, "links-of: --thing: There is nothing named"),
        ("nowhere.rq", {}, "nowhere.rq: there is no such file; check the path."),
    ],
)
def test_a_message_gives_the_error_and_the_remedy(
    merged: Store, query: str, values: dict[str, object], message: str
) -> None:
    assert message in refused(merged, query, **values)


def test_a_thing_of_another_kind_is_a_usage_error(merged: Store) -> None:
    with pytest.raises(UnknownThing):
        run(merged, PROJECT, "partners-of", {"organisation": "nobody"})
    with pytest.raises(UsageError):
        run(merged, PROJECT, "partners-of", {"organisation": "zoonoses"})


def test_a_file_can_have_parameters_as_the_bundled_ones_have(merged: Store, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text(
        '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
        '#+   - {name: "person", type: "person"}\n#+ columns: ["name"]\n'
        "SELECT ?name {\n  VALUES ?person { UNDEF }\n  ?person skos:prefLabel ?name\n}\n",
        encoding="utf-8",
    )
    assert cells(run(merged, PROJECT, str(file), {"person": "Gilles Bloch"})) == [["Gilles Bloch"]]
    assert "--person (person) is required" in refused(merged, str(file))


def test_a_header_of_another_program_is_ignored(merged: Store, tmp_path: Path) -> None:
    file = tmp_path / "grlc.rq"
    file.write_text("#+ summary: Things\n#+ endpoint: http://x/\nASK {}", encoding="utf-8")
    assert run(merged, PROJECT, str(file)).truth is True


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
def test_a_wrong_header_is_reported_with_its_line(line: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse("x.rq", f"{line}\nASK {{}}")
    assert str(error.value).startswith(f"x.rq{message}")


def test_a_parameter_that_the_query_lacks_is_reported(merged: Store) -> None:
    text = (
        '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
        '#+   - {name: "text", type: "text", default: "a"}\n#+ columns: ["x"]\nASK {}'
    )
    assert "needs a line VALUES" in refused(merged, text)


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
    merged: Store, tmp_path: Path, text: str, place: str, words: str
) -> None:
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    message = refused(merged, str(file))
    assert message.startswith(f"{file}:{place}")
    assert words in message


def test_the_prefixes_of_the_project_need_no_declaration(merged: Store) -> None:
    result = run(
        merged,
        PROJECT,
        "SELECT ?name { ?s oh:signs id:agreement-anses-inserm-2020 ; oh:signatory/skos:prefLabel ?name } ORDER BY ?name",
    )
    assert cells(result) == [["Gilles Bloch"], ["Roger Genet"]]


def test_a_query_that_fails_while_running_gives_the_reason(merged: Store) -> None:
    message = refused(merged, "SELECT (<http://x/f>(1) AS ?x) {}")
    assert "The custom function <http://x/f> is not supported" in message
