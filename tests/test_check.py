"""The checks: the data has no findings, and each query of ontology/checks/ finds its flaw."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from edits import EDITS
from effort import EVERYTHING

from onehealthkg.checks.check import check
from onehealthkg.checks.findings import Finding
from onehealthkg.checks.formats import as_csv, as_groups, as_json, as_junit, as_table, as_turtle
from onehealthkg.checks.mentions import with_mentions
from onehealthkg.checks.unread import unread
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import compact
from onehealthkg.paths import Project, bundled

STEM = "2020-02-05-anses-inserm"


def spoil(project: Project, old: str, new: str, file: str = f"sources/{STEM}.trig") -> None:
    path = Path(project.root, "data", file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def names(project: Project) -> list[str]:
    return [one.check for one in check(read_dataset(project))]


def test_the_bundled_data_has_no_findings() -> None:
    assert check(read_dataset(bundled())) == []


# For each query of ontology/checks/ a change of the data that it, and only it, finds.
FLAWS = {
    "broader-has-no-circle": (
        "topics.ttl",
        "id:topic-hazards\n    a skos:Concept ;",
        "id:topic-hazards\n    a skos:Concept ;\n    skos:broader id:topic-pesticides ;",
    ),
    "broader-is-in-scheme": (
        "activities.ttl",
        "skos:broader id:activity-surveillance ;",
        "skos:broader id:topic-surveillance ;",
    ),
    "broader-is-within-reach": (
        "topics.ttl",
        'skos:broader id:topic-zoonoses ;\n    skos:definition "A viral disease of the nervous',
        'skos:broader id:topic-bluetongue ;\n    skos:definition "A viral disease of the nervous',
    ),
    "class-is-known": (
        "organisations.ttl",
        "id:organisation-afd\n    a org:FormalOrganization",
        "id:organisation-afd\n    a org:FormalOrganisation",
    ),
    "date-is-written": (f"sources/{STEM}.trig", '"2020-02-05"', '"2020-02-06"'),
    "dates-are-in-order": (
        f"sources/{STEM}.trig",
        "        oh:signedOnDateOf <> ;\n        oh:term",
        '        oh:dateEnds "1964"^^xsd:gYear ;\n        oh:signedOnDateOf <> ;\n        oh:term',
    ),
    "agreement-has-its-kind": (
        f"sources/{STEM}.trig",
        "        a oh:Agreement , oh:Arrangement ;",
        "        a oh:Arrangement ;",
    ),
    "deprecated-has-no-link": (
        "topics.ttl",
        "id:topic-pesticides\n    a skos:Concept ;",
        "id:topic-pesticides\n    a skos:Concept ;\n"
        "    dcterms:isReplacedBy id:topic-hazards ;\n"
        "    <http://www.w3.org/2002/07/owl#deprecated> true ;",
    ),
    "deprecated-is-replaced": (
        "topics.ttl",
        "id:topic-pesticides\n    a skos:Concept ;",
        "id:topic-pesticides\n    a skos:Concept ;\n"
        "    <http://www.w3.org/2002/07/owl#deprecated> true ;",
    ),
    "concepts-alone-are-mapped": (
        "links.sssom.tsv",
        "id:place-france\tFrance\tschema:sameAs\t\tagrovoc:",
        "id:place-france\tFrance\tskos:exactMatch\t\tagrovoc:",
    ),
    "exact-match-is-of-one-kind": (
        "vocabularies.ttl",
        'settings:identifies dcterms:Location ;\n    vann:preferredNamespacePrefix "geonames"',
        'settings:identifies foaf:Person ;\n    vann:preferredNamespacePrefix "geonames"',
    ),
    "exact-matches-join-no-things": (
        "links.sssom.tsv",
        "id:topic-antibiotic-resistance\tantibiotic resistance\tskos:broadMatch\t\teurovoc:c_7dda56e2",
        "id:topic-antibiotic-resistance\tantibiotic resistance\tskos:exactMatch\t\teurovoc:c_7dda56e2",
    ),
    "end-or-none": (
        f"sources/{STEM}.trig",
        "        oh:signedOnDateOf <> ;\n        oh:term",
        '        oh:dateEnds "2025"^^xsd:gYear ;\n        oh:indefinite true ;\n'
        "        oh:signedOnDateOf <> ;\n        oh:term",
    ),
    "expected-has-no-agent": (
        f"sources/{STEM}.trig",
        "        oh:modality oh:expected ;",
        "        oh:agent id:organisation-inserm ;\n        oh:modality oh:expected ;",
    ),
    "graph-has-home": (f"sources/{STEM}.trig", "<#s18> {", "<#s99> {"),
    "place-is-in-another": (
        "places.ttl",
        'skos:prefLabel "Asia"@en , "Asie"@fr ;\n    dcterms:isPartOf id:place-world .',
        'skos:prefLabel "Asia"@en , "Asie"@fr .',
    ),
    "unit-is-part": (
        "organisations.ttl",
        "org:unitOf id:organisation-dtu .",
        "org:unitOf id:organisation-bfr .",
    ),
    "ontology-has-version": (
        "../ontology/onehealth.ttl",
        "owl:versionIRI <https://w3id.org/onehealthkg/ontology/",
        "owl:versionIRI <https://w3id.org/onehealthkg/ontology/9.",
    ),
    "label-means-one-concept": (
        "topics.ttl",
        'skos:prefLabel "rabies"@en , "rage"@fr ;',
        'skos:prefLabel "rabies"@en , "rage"@fr ;\n    skos:altLabel "Zoonoses"@en ;',
    ),
    "label-names-one-organisation": (
        "organisations.ttl",
        'skos:altLabel "French Development Agency"@en',
        'skos:altLabel "ird"@en',
    ),
    "link-fits-pattern": ("links.sssom.tsv", "\tmesh:D000081413\t", "\tmesh:D81413\t"),
    "link-is-a-mapping": (
        "topics.ttl",
        "id:topic-pesticides\n    a skos:Concept ;",
        "id:topic-pesticides\n    a skos:Concept ;\n"
        "    skos:exactMatch <http://id.nlm.nih.gov/mesh/D010575> ;",
    ),
    "link-leads-to-known-vocabulary": (
        "links.sssom.tsv",
        "#  gemet: http://www.eionet.europa.eu/gemet/concept/",
        "#  gemet: https://gemet.example/",
    ),
    "link-is-current": (
        "topics.ttl",
        "id:topic-pesticides\n    a skos:Concept ;",
        "<http://aims.fao.org/aos/agrovoc/c_5739> a oh:ExternalConcept ;\n"
        "    <http://www.w3.org/2002/07/owl#deprecated> true .\n"
        "id:topic-pesticides\n    a skos:Concept ;\n"
        "    skos:exactMatch <http://aims.fao.org/aos/agrovoc/c_5739> ;",
    ),
    "named-thing-is-stated": (
        f"sources/{STEM}.trig",
        "            id:topic-pesticides ;",
        "            id:topic-nanomaterials ;",
    ),
    "national-body-has-country": (
        "organisations.ttl",
        "    oh:country id:place-germany ;\n    org:classification id:category-ministry .",
        "    org:classification id:category-ministry .",
    ),
    "narrowest-concept-is-stated": (
        f"sources/{STEM}.trig",
        "oh:topic id:topic-antibiotic-resistance-in-animal-health ,",
        "oh:topic id:topic-antibiotic-resistance , id:topic-antibiotic-resistance-in-animal-health ,",
    ),
    "organisation-has-category": (
        "organisations.ttl",
        "    oh:country id:place-germany ;\n    org:classification id:category-ministry .",
        "    oh:country id:place-germany .",
    ),
    "one-exact-match-a-vocabulary": (
        "links.sssom.tsv",
        "\tskos:narrowMatch\t\tmesh:D000086966\t",
        "\tskos:exactMatch\t\tmesh:D000086966\t",
    ),
    "passage-is-read": (
        f"sources/{STEM}.trig",
        '<#s18> {\n    id:organisation-anses skos:prefLabel "ANSES"@en .\n',
        "<#s18> {\n",
    ),
    "passage-is-seen": (
        f"sources/{STEM}.trig",
        "    <#s4>  oh:antecedent <#s3> .",
        "    <#s4>  oh:antecedent <#s3> ; oh:unseenAbove 0.9 .",
    ),
    "property-is-worded": (
        f"sources/{STEM}.trig",
        "        oh:topic id:topic-animal-health , id:topic-environment , id:topic-human-health .",
        "        oh:exampleTopic id:topic-animal-health , id:topic-environment , "
        "id:topic-human-health .",
    ),
    "related-is-not-broader": (
        "topics.ttl",
        "id:topic-rabies\n    a skos:Concept ;",
        "id:topic-rabies\n    a skos:Concept ;\n    skos:related id:topic-diseases ;",
    ),
    "post-is-in-organisation": (
        f"sources/{STEM}.trig",
        "oh:inPost id:post-anses-director-general",
        "oh:inPost id:post-inserm-chairman-and-ceo",
    ),
    "signed-for-a-party": (
        f"sources/{STEM}.trig",
        "        oh:formalises id:partnership-anses-inserm ;\n"
        "        oh:kind id:kind-framework-partnership-agreement ;\n"
        "        oh:party id:organisation-anses , id:organisation-inserm .",
        "        oh:formalises id:partnership-anses-inserm ;\n"
        "        oh:kind id:kind-framework-partnership-agreement .",
    ),
    "sources-agree": (
        f"sources/{STEM}.trig",
        'schema:foundingDate "1964"^^xsd:gYear ;',
        'schema:foundingDate "1964"^^xsd:gYear , "1965-01"^^xsd:gYearMonth ;',
    ),
    "term-is-defined": (f"sources/{STEM}.trig", "oh:reportedWith", "oh:reportedwith"),
    "term-is-written": (f"sources/{STEM}.trig", '"P5Y"', '"P6Y"'),
    "text-is-quoted": (f"sources/{STEM}.trig", '"for many years"', '"for several years"'),
    "thing-exists": (f"sources/{STEM}.trig", "id:topic-exposome", "id:topic-exposomes"),
    "thing-is-named": (f"sources/{STEM}.trig", "id:topic-exposome", "id:topic-air-pollution"),
    "top-has-nothing-broader": ("topics.ttl", "        id:topic-hazards ,\n", ""),
    "wording-is-short": (
        "topics.ttl",
        '"chemical, microbiological and physical"@en',
        '"chemical, microbiological and physical risks"@en',
    ),
}
# Stated by two sentences, so that both must be spoilt.
SAID_TWICE = {
    "agreement-has-its-kind": FLAWS["agreement-has-its-kind"][1:],
    "signed-for-a-party": (
        "        oh:kind id:kind-partnership-agreement ;\n"
        "        oh:party id:organisation-anses , id:organisation-inserm .",
        "        oh:kind id:kind-partnership-agreement .",
    ),
}
# Flaws that cannot be made without another one.
COMPANY = {
    "broader-has-no-circle": {
        "broader-is-within-reach",
        "related-is-not-broader",
        "top-has-nothing-broader",
    },
    "deprecated-has-no-link": {"deprecated-is-replaced"},
    "deprecated-is-replaced": {"deprecated-has-no-link"},
    "date-is-written": {"dates-are-in-order"},
    "dates-are-in-order": {"date-is-written", "sources-agree"},
    "end-or-none": {"date-is-written"},
    "graph-has-home": {"passage-is-read", "text-is-quoted", "named-thing-is-stated"},
    "link-is-current": {"link-is-a-mapping"},
    "passage-is-read": {"named-thing-is-stated"},
    "signed-for-a-party": {
        "named-thing-is-stated",
        "Arrangement-party",
        "Arrangement-two-parties",
        "Undertaking-somebody",
        "title-names-parties",
    },
    "sources-agree": {"date-is-written"},
    "term-is-defined": {"Undertaking"},
    "text-is-quoted": set(),
    "thing-exists": {"named-thing-is-stated"},
    "thing-is-named": {"named-thing-is-stated"},
}


def test_each_check_has_a_flaw_that_it_finds() -> None:
    """Placed here if the flaw is in statements of texts, else among the edits."""
    of_edits = {name for edit in EDITS for name in edit.finds}
    assert {path.stem for path in bundled().checks} - FLAWS.keys() - of_edits == set()


CHECKS = list(FLAWS)
# By default several flaws are checked at once, with `make test-all` each alone.
GROUPS = len(CHECKS) if EVERYTHING else 8


@pytest.mark.sampled(4)
@pytest.mark.parametrize("group", [CHECKS[place::GROUPS] for place in range(GROUPS)], ids=" ".join)
def test_each_check_alone_finds_its_flaw(linked: Project, group: list[str]) -> None:
    for name in group:
        file, old, new = FLAWS[name]
        spoil(linked, old, new, file)
        if name in SAID_TWICE:
            spoil(linked, *SAID_TWICE[name])
    found = set(names(linked))
    assert set(group) - found == set()
    assert found - set(group) - set().union(*(COMPANY.get(name, set()) for name in group)) == set()


@pytest.mark.slow
def test_a_passage_marked_without_statement_warns_of_its_names(linked: Project) -> None:
    spoil(linked, '<#s18> {\n    id:organisation-anses skos:prefLabel "ANSES"@en .\n', "<#s18> {\n")
    silence = '    <#s18> oh:withoutStatement "A heading."@en .\n    <#s5>  oh:antecedent'
    spoil(linked, "    <#s5>  oh:antecedent", silence)
    assert set(names(linked)) == {"named-thing-is-stated"}


@pytest.mark.slow
def test_mentions_are_facts_only_for_the_checks(release: Project) -> None:
    dataset = read_dataset(release)
    before = set(dataset.store)
    with with_mentions(dataset.store) as store:
        added = set(store) - before
    assert set(dataset.store) == before
    assert {quad.graph_name for quad in added} == {pyoxigraph.DefaultGraph()}
    assert {compact(quad.predicate.value) for quad in added} == {
        *("oa:start", "oa:end", "ohs:in", "ohs:of", "ohs:label", "ohs:quotes", "ohs:shared"),
        *("ohs:date", "ohs:duration", "ohs:number", "ohs:modality", "ohs:inTitle"),
    }
    check(dataset)
    assert set(dataset.store) == before


def test_a_finding_has_remedy_place_and_sentence(linked: Project) -> None:
    spoil(linked, "id:topic-exposome ,", "id:topic-pesticides ,")
    finding = next(one for one in check(read_dataset(linked)) if one.check == "thing-is-named")
    path = Path(linked.root, "data", "sources", f"{STEM}.trig")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert finding.path == path
    assert finding.line == lines.index("            id:topic-pesticides ,", 300) + 1
    assert finding.label == (
        "ANSES and Inserm: strengthen the links between expert appraisal and research"
    )
    assert finding.predicate == "https://w3id.org/onehealthkg/ontology#exampleTopic"
    assert finding.value == "https://w3id.org/onehealthkg/id/topic-pesticides"
    assert finding.sentence.startswith("Through this agreement, the two organisations commit")
    assert "refer to name pesticides (id:topic-pesticides)" in finding.message


def test_a_flaw_is_not_repeated_for_inferences_from_it(linked: Project) -> None:
    spoil(linked, "            id:topic-exposome ,", "            id:topic-exposomes ,")
    found = [one for one in check(read_dataset(linked)) if one.check == "thing-exists"]
    assert [one.predicate.rpartition("#")[2] for one in found] == ["exampleTopic"]


@pytest.mark.slow
def test_with_files_only_their_findings_are_reported(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(project, '"P5Y"', '"P6Y"')
    spoil(project, '"pesticides"@en , "pesticides"@fr', '"pesticides"@en', "topics.ttl")
    topics = str(Path(project.root, "data", "topics.ttl"))
    code = main(["check", topics, "--project", project.root, "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert {one["check"] for one in found} == {"Thing-labels-en-fr"}


@pytest.mark.slow
def test_warnings_fail_only_with_strict(
    linked: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(linked, "            id:topic-pesticides ;", "            id:topic-nanomaterials ;")
    assert main(["check", "--project", linked.root]) == 0
    assert main(["check", "--project", linked.root, "--strict"]) == 1
    assert "1 warning" in capsys.readouterr().out


HOSTILE = Finding(
    severity="violation",
    check="thing-exists",
    message='Correct <it> & "that".',
    thing="https://w3id.org/onehealthkg/id/x",
    label="=HYPERLINK(1)",
    predicate="https://w3id.org/onehealthkg/ontology#party",
    value="a\x00b ]]>",
    path=Path("data/x.trig"),
    line=7,
    sentence="A sentence, with a comma.",
)


def test_the_table_groups_what_one_check_finds_often() -> None:
    findings = [HOSTILE._replace(line=line, sentence=f"s{line % 2}") for line in range(1, 14)]
    lines = as_groups(findings).splitlines()
    assert lines[0] == "violation  13 x thing-exists in 2 passages, the first 3:"
    assert sum(line.startswith("violation  thing-exists") for line in lines) == 3
    assert lines[-2:] == [
        "13 violations",
        "All of them: onehealthkg check --verbose, or another --format.",
    ]
    assert as_groups(findings[:3]) == as_table(findings[:3])
    files = [finding._replace(sentence="") for finding in findings]
    assert "13 x thing-exists in 1 file," in as_groups(files)


def test_the_table_is_for_people() -> None:
    assert as_table([HOSTILE]).splitlines()[0] == "violation  thing-exists  data/x.trig:7"
    assert as_table([HOSTILE]).splitlines()[-1] == "1 violation"
    assert as_table([]) == "No findings."
    long = as_table([HOSTILE._replace(value="x" * 100_000)])
    assert len(long) < 5000
    assert "x…" in long
    assert as_table([], "fr") == "Rien à signaler."
    assert as_table([HOSTILE._replace(severity="warning")], "fr").endswith("\n1 avertissement")


def test_json_has_every_field() -> None:
    [one] = json.loads(as_json([HOSTILE]))
    assert (one["file"], one["line"], one["value"]) == ("data/x.trig", 7, "a\x00b ]]>")
    assert json.loads(as_json([])) == []


def test_csv_is_harmless_to_spreadsheets() -> None:
    [row] = csv.DictReader(io.StringIO(as_csv([HOSTILE])))
    assert row["label"] == "'=HYPERLINK(1)"
    assert row["sentence"] == "A sentence, with a comma."


def test_junit_is_well_formed_whatever_the_data_holds() -> None:
    suite = ElementTree.fromstring(as_junit([HOSTILE]))  # noqa: S314 - our own output
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    [failure] = suite.iter("failure")
    assert failure.get("message") == 'Correct <it> & "that".'
    clean = ElementTree.fromstring(as_junit([]))  # noqa: S314
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")


def test_turtle_is_a_shacl_report() -> None:
    quads = list(pyoxigraph.parse(as_turtle([HOSTILE]), format=pyoxigraph.RdfFormat.TURTLE))
    words = {
        (re.split("[#/]", quad.predicate.value)[-1], getattr(quad.object, "value", ""))
        for quad in quads
    }
    assert ("conforms", "false") in words
    assert ("resultSeverity", "http://www.w3.org/ns/shacl#Violation") in words
    assert ("sourceShape", "https://w3id.org/onehealthkg/shapes#thing-exists") in words
    conforms = list(pyoxigraph.parse(as_turtle([]), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(conforms) == 2


# A file in a project, and what is said of it; empty where it is read, or is for people.
UNREAD = {
    "data/partnerships/trial.yml": "rename it to trial.yaml.",
    "data/partnerships/trial.YAML": "rename it to trial.yaml.",
    "data/partnerships/2020/trial.yaml": "move it to data/partnerships/trial.yaml, or out of here.",
    "data/partnerships/trial.txt": "move it to data/sources/trial.txt, or out of here.",
    "data/trial.yaml": "move it to data/partnerships/trial.yaml, or out of here.",
    "data/sources/trial.TXT": "rename it to trial.txt.",
    "data/sources/trial.text": "rename it to trial.txt.",
    "data/sources/trial.ttl": "move it to data/trial.ttl, or out of here.",
    "data/mine.trig": "convert it to Turtle, mine.ttl.",
    "data/mine.TTL": "rename it to mine.ttl.",
    "data/mine.nt": "convert it to Turtle, mine.ttl.",
    "data/mine.sssom.tsv": "the graphs of a project are data/*.ttl, its links data/links.sssom.tsv.",
    "data/sources/trial.pdf": "move it out of here.",
    "data/notes~": "move it out of here.",
    "ontology/more.ttl": "move it to data/more.ttl, or out of here.",
    "ontology/rules/mine.sparql": "rename it to mine.rq.",
    "queries/2020/mine.rq": "move it to queries/mine.rq, or out of here.",
    "data/.trial.yml": "",
    "data/.git/trial.yml": "",
    "data/README": "",
    "data/sources/how.md": "",
    "ontology/SHA256SUMS": "",
    "data/SHA256SUMS": "move it out of here.",
}


def test_a_file_that_nothing_reads_is_named(light: Project) -> None:
    assert list(unread(light)) == []
    for name in UNREAD:
        path = Path(light.root, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("id: x\n", encoding="utf-8")
    told = {file.path.relative_to(light.root).as_posix(): file.message for file in unread(light)}
    assert told == {
        name: f"Nothing reads this file; {right}" for name, right in UNREAD.items() if right
    }


def test_a_record_that_nothing_reads_is_a_violation(light: Project) -> None:
    folder = Path(light.root, "data", "partnerships")
    folder.mkdir(exist_ok=True)
    for name in ("trial.yml", "scan.pdf"):
        (folder / name).write_text("id: x\n", encoding="utf-8")
    found = [one for one in check(read_dataset(light)) if one.check == "file-is-read"]
    assert [(one.severity, one.place) for one in found] == [
        ("violation", f"{folder / 'trial.yml'}"),
        ("warning", f"{folder / 'scan.pdf'}"),
    ]
