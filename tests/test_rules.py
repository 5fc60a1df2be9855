"""The rules: the inferences from the release, with their sentences, and none beyond them."""

from pathlib import Path

import pytest
from projects import copied
from pyoxigraph import NamedNode

from onehealthkg.dataset.dataset import Dataset, read_data_file, read_dataset
from onehealthkg.errors import InputError
from onehealthkg.names import ID, OH, PREFIXES, RULE, SOURCE, compact, local_name
from onehealthkg.paths import Project, bundled


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The inferences of the release; those of records have separate tests."""
    return read_dataset(copied(tmp_path_factory.mktemp("release"), "partnerships"))


def inferred(dataset: Dataset, rule: str) -> set[tuple[str, str, str, frozenset[str]]]:
    """Subject, predicate, object and sources of the inferences of a rule, by their last words."""
    return {
        (
            local_name(one.triple.subject.value),
            compact(one.triple.predicate.value),
            local_name(one.triple.object.value),
            frozenset(local_name(source.value) for source in one.sources),
        )
        for one in dataset.inferences
        if one.rule == RULE + rule
    }


AGREEMENT = "agreement-anses-inserm-2020"
BOTH = ("organisation-anses", "organisation-inserm")


def test_the_date_of_signature_follows_from_the_dateline_and_today(dataset: Dataset) -> None:
    signatures = [f"signature-{name}-anses-inserm-2020" for name in ("gilles-bloch", "roger-genet")]
    date = "2020-02-05"
    assert inferred(dataset, "signing-date") == {
        *((one, "dcterms:date", date, frozenset({"s1", "s4"})) for one in signatures),
        (AGREEMENT, "oh:dateSigned", date, frozenset({"s1", "s8"})),
    }


def test_the_date_of_an_agreement_follows_from_that_of_its_signatures(dataset: Dataset) -> None:
    assert inferred(dataset, "signing-date-of-agreement") == {
        (AGREEMENT, "oh:dateSigned", "2020-02-05", frozenset({"s1", "s4"}))
    }


def test_the_end_follows_from_the_dateline_and_the_one_sentence_with_today_and_term(
    dataset: Dataset,
) -> None:
    assert inferred(dataset, "end-date") == {
        (AGREEMENT, "oh:dateEnds", "2025-02-05", frozenset({"s1", "s8"}))
    }


def test_two_bodies_are_partners_by_one_statement(dataset: Dataset) -> None:
    assert inferred(dataset, "partner-of") == {
        (BOTH[0], "oh:partnerOf", BOTH[1], frozenset({sentence})) for sentence in ("s3", "s4")
    }


def test_parties_are_agents_if_no_sentence_names_others(dataset: Dataset) -> None:
    found = inferred(dataset, "undertaking-agent")
    assert {(subject, value) for subject, _, value, _ in found} == {
        (f"undertaking-anses-inserm-{name}", body)
        for name in (
            "closer-ties",
            "coordinated-appraisal",
            "data-sharing",
            "joint-groups",
            "joint-research",
            "shared-use",
        )
        for body in BOTH
    }


def test_joint_supervision_is_supervision(dataset: Dataset) -> None:
    supervised = {one for one in inferred(dataset, "sub-property") if "supervised" in one[1]}
    assert supervised == {
        ("organisation-inserm", "oh:supervisedBy", ministry, frozenset({"ontology", "s15"}))
        for ministry in (
            "organisation-health-ministry-france",
            "organisation-research-ministry-france",
        )
    }


def test_an_example_of_the_partnership_is_an_example_of_the_agreement(dataset: Dataset) -> None:
    examples = {
        value: sources
        for subject, predicate, value, sources in inferred(dataset, "topic-of-whole")
        if (subject, predicate) == (AGREEMENT, "oh:exampleTopic")
    }
    assert examples["topic-pesticides"] == frozenset({"s4"})
    assert examples["topic-exposome"] == frozenset({"s13"})
    assert len(examples) == 13


def test_undertakings_reported_with_an_agreement_give_it_topics(
    dataset: Dataset,
) -> None:
    topics = {
        value: sources
        for subject, predicate, value, sources in inferred(dataset, "topic-of-whole")
        if (subject, predicate) == (AGREEMENT, "oh:topic")
    }
    assert topics["topic-antibiotic-resistance-in-animal-health"] in ({"s5"}, {"s12"})
    assert topics["topic-animal-health"] == {"s4", "s7"}


def test_an_expected_undertaking_has_no_agent(dataset: Dataset) -> None:
    found = {subject for subject, *_ in inferred(dataset, "undertaking-agent")}
    assert "undertaking-anses-inserm-joint-groups" in found
    assert "undertaking-anses-inserm-pnr-est-projects" not in found


def test_every_inference_names_a_passage_and_holds_one_statement(dataset: Dataset) -> None:
    for one in dataset.inferences:
        assert any("#s" in source.value for source in one.sources)
        assert [q.triple for q in dataset.derived if q.graph_name == one.graph] == [one.triple]


def test_stated_facts_are_not_inferred_from_the_same_sentence(dataset: Dataset) -> None:
    for one in dataset.inferences:
        triple = one.triple.subject, one.triple.predicate, one.triple.object
        stated = {quad.graph_name for quad in dataset.store.quads_for_pattern(*triple)}
        assert not stated & one.sources


RENEWAL = """
@base <https://w3id.org/onehealthkg/source/2025-01-10-renewal> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix oh: <https://w3id.org/onehealthkg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<#s1> {
    id:agreement-renewal oh:formalises id:partnership-anses-inserm ;
        oh:party id:organisation-anses , id:organisation-inserm , id:organisation-newcomer ;
        oh:dateSigned "2025-01-10"^^xsd:date ; oh:term "P1Y"^^xsd:duration .
    id:partnership-anses-inserm oh:partner id:organisation-newcomer .
}
<#s2> { id:agreement-anses-inserm-2020 oh:dateEnds "2024-12-31"^^xsd:date . }
"""


def test_a_later_document_does_not_change_what_an_earlier_one_implies(
    tmp_path: Path, release: Project
) -> None:
    file = tmp_path / "2025-01-10-renewal.trig"
    file.write_text(RENEWAL)
    later = read_dataset(release, [file])
    newcomer = NamedNode(ID + "organisation-newcomer")
    agents = [
        q for q in later.derived if q.predicate.value == OH + "agent" and q.object == newcomer
    ]
    assert agents == []
    topics = [
        one for one in later.inferences
        if one.triple.subject.value == ID + "agreement-renewal" and "opic" in str(one.triple.predicate)
    ]  # fmt: skip
    assert topics == []
    ends = {
        (local_name(one.triple.subject.value), one.triple.object.value)
        for one in later.inferences
        if one.triple.predicate.value == OH + "dateEnds"
    }
    assert ends == {("agreement-renewal", "2026-01-10")}  # for the other a source states the end


@pytest.mark.parametrize(
    ("signed", "term", "end"),
    [
        ("2020-02-29", "P1Y", "2021-02-28"),
        ("2020-01-31", "P1M", "2020-02-29"),
        ("2020-02-05", "P18M", "2021-08-05"),
        ("2020-12-31", "P14D", "2021-01-14"),
        ("2020-02", "P5Y", "2025-02"),  # the end is no more exact than the date
        ("2020-11", "P18M", "2022-05"),
        ("2020-02", "P14D", None),  # it may end in the same month or in the next
        ("2020", "P5Y", "2025"),
        ("2020", "P18M", None),
    ],
)
def test_a_term_is_added_as_the_calendar_has_it(
    tmp_path: Path, signed: str, term: str, end: str | None
) -> None:
    assert ends(tmp_path, "dateSigned", signed, term) == ([f"{end} end-date"] if end else [])


def ends(folder: Path, begins: str, date: str, term: str, more: str = "") -> list[str]:
    """The ends that follow from a date and a term of the agreement x, each with its rule."""
    datatype = {10: "date", 7: "gYearMonth", 4: "gYear"}[len(date)]
    file = folder / "2020-01-01-terms.trig"
    file.write_text(
        f"<{SOURCE}2020-01-01-terms#s1> {{ <{ID}agreement-x> {more}"
        f'<{OH}{begins}> "{date}"^^<{PREFIXES["xsd"]}{datatype}> ; '
        f'<{OH}term> "{term}"^^<{PREFIXES["xsd"]}duration> . }}'
    )
    kinds = Path(bundled().root, "data", "kinds.ttl")
    dataset = Dataset(bundled(), [read_data_file(bundled(), path) for path in (kinds, file)])
    return [
        f"{one.triple.object.value} {local_name(one.rule)}"
        for one in dataset.inferences
        if one.triple.subject.value == ID + "agreement-x"
        and one.triple.predicate.value == OH + "dateEnds"
    ]


@pytest.mark.parametrize("begins", ["dateStarted", "dateTermStarts"])
@pytest.mark.parametrize(
    ("date", "term", "end"),
    [
        ("2022-05-01", "P7Y", "2029-04-30"),  # what the source of PARC states
        ("2020-03-01", "P1Y", "2021-02-28"),
        ("2020-12-31", "P14D", "2021-01-13"),
    ],
)
def test_a_term_from_a_start_ends_on_the_day_before(
    tmp_path: Path, begins: str, date: str, term: str, end: str
) -> None:
    assert ends(tmp_path, begins, date, term) == [f"{end} end-date-from-start"]


@pytest.mark.parametrize(
    ("date", "term", "year", "joint_year"),
    [
        ("2018-01-01", "P5Y", None, "2022"),
        ("2022-10-18", "P5Y", None, "2027"),
        ("2025-09", "P10Y", "2035", "2035"),
        ("2025-01", "P10Y", "2035", "2035"),
        ("2025-09", "P6M", "2026", "2026"),
        ("2025-09", "P14D", "", ""),
        ("2018", "P5Y", "2023", "2023"),
        ("2018", "P18M", "", ""),
    ],
)
def test_a_joint_programme_and_a_vague_start_give_no_more_than_the_year(
    tmp_path: Path, date: str, term: str, year: str | None, joint_year: str
) -> None:
    kind = f"<{OH}kind> <{ID}kind-joint-programme> ; "
    for more, found in (("", year), (kind, joint_year)):
        if found is not None:
            expected = [f"{found} end-year-from-start"] if found else []
            assert ends(tmp_path, "dateStarted", date, term, more) == expected


def test_a_rule_states_its_assumption(dataset: Dataset) -> None:
    assuming = {local_name(rule.iri): rule.assumption for rule in dataset.rules if rule.assumption}
    assert assuming == {
        "end-date": "assuming that the term runs from the signature",
        "end-year-from-start": "assuming that the term runs from the start, and not by calendar years",
    }
    assert {bool(rule.assumption) == bool(rule.assumption_fr) for rule in dataset.rules} == {True}


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s ?p ?o }", "a rule must be a CONSTRUCT query"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "each solution must have one rdf:subject"),
        (
            "CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }",
            "broken.rq:4:19: the query cannot be parsed from here: ",
        ),
    ],
)
def test_a_broken_rule_is_named(project: Project, query: str, message: str) -> None:
    rule = Path(project.root, "ontology", "rules", "broken.rq")
    header = '#+ label: "a"\n#+ label-fr: "b"\n#+ definition: "C."\n'
    rule.write_text(header + query)
    with pytest.raises(InputError) as error:
        read_dataset(project)
    assert str(error.value).startswith(str(rule))
    assert message in str(error.value)


def test_rules_run_in_any_engine_on_the_named_graphs(dataset: Dataset) -> None:
    """With an empty default graph, as the published files have it, the same derivations come."""
    from pyoxigraph import Store

    store = Store()
    store.extend(dataset.quads)
    for rule in dataset.rules:
        assert len(list(store.query(rule.query))) == len(list(dataset.store.query(rule.query)))
