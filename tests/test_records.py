"""Records: seven that are right, those of tests/records/broken/ that are not, and what is made of them.

tests/records/partnerships/ are records of real partnerships, in the form in which the program
writes them. They are read with the bundled data, but without the bundled records.
"""

import re
import shutil
import socket
from pathlib import Path

import pytest
import yaml
from effort import sample
from pyld import jsonld
from pyoxigraph import NamedNode, RdfFormat, parse

from onehealthkg.checks.check import check
from onehealthkg.checks.findings import VIOLATION, Finding
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.errors import InputError, UsageError
from onehealthkg.evidence.evidence import graph_evidence
from onehealthkg.evidence.selection import select
from onehealthkg.exports.export import export
from onehealthkg.names import ID, OH, PREFIXES, RECORD
from onehealthkg.paths import Project, bundled
from onehealthkg.records.context import RecordContext, record_context
from onehealthkg.records.node import RECORD_KINDS
from onehealthkg.records.reader import quads_of, read_record, read_records
from onehealthkg.records.writer import record_bytes, records_of
from onehealthkg.records.yaml import LARGEST, read_yaml

HERE = Path(__file__).parent / "records"
GOOD = sorted((HERE / "partnerships").iterdir())
BROKEN = sorted((HERE / "broken").iterdir())
WORDS = record_context(bundled())
ONTOLOGY_ONLY = "is not the name of a thing; names have no prefix and are not addresses"
DATES = "write dateSigned: 2012-04-10 or monthSigned: 2012-04 or yearSigned: 2012."
TERMS = "write term: P5Y for five years, P18M for eighteen months."

# The expected line and message (or its beginning) of each broken record.
UNREADABLE = {
    "according-to-words": (10, "accordingTo: the news is not an address; write that of the page"),
    "address-for-a-name": (5, f"parties: https://ror.org/0471kz689 {ONTOLOGY_ONLY}"),
    "address-of-a-file": (8, "id: file:///etc/passwd is not an address; write that of the page"),
    "alias": (9, "there is an alias, *high; write the value itself."),
    "anchor": (4, "there is an anchor, &kinds; remove it."),
    "billion-laughs": (1, "there is an anchor, &a; remove it."),
    "body-described": (
        5,
        "id: organisation-anses is described in data/, not in a record; "
        "write parties: organisation-anses alone.",
    ),
    "byte-order-mark": (1, "there is a byte order mark; save the file without one."),
    "comment-only": (1, "the file is empty; write a mapping, key: value."),
    "context-from-elsewhere": (1, "@context: a record uses only the keys of ontology/"),
    "context-of-its-own": (1, "@context: a record uses only the keys of ontology/"),
    "date-of-another-form": (6, f"dateSigned: 5.2.2012 is invalid; {DATES}"),
    "date-of-no-calendar": (6, f"dateSigned: 2012-02-31 is invalid; {DATES}"),
    "date-with-time": (6, f"dateSigned: 2012-02-05T00:00:00Z is invalid; {DATES}"),
    "directive": (1, "there is a directive, %; remove it."),
    "duplicated-key": (9, "the key dateSigned is already given, on line 6; keep one"),
    "empty": (1, "the file is empty; write a mapping, key: value."),
    "graph-of-its-own": (1, "@graph: a record uses only the keys of ontology/context.jsonld"),
    "key-of-the-record-within": (10, "confidence: move this to the left, to the whole record."),
    "key-that-is-a-list": (9, "a key must be a word."),
    "label-for-a-name": (
        5,
        "parties: Inserm is not the name of a thing; write organisation-inserm.",
    ),
    "latin-1": (3, "byte 0xe9 is not UTF-8; save the file as UTF-8."),
    "list": (1, "a record is a mapping: write key: value."),
    "list-for-one-value": (6, "dateSigned: this takes one value, not a list."),
    "month-as-a-date": (6, f"dateSigned: 2012-02 is invalid; {DATES}"),
    "name-of-another-namespace": (1, f"id: https://elsewhere.example/agreement {ONTOLOGY_ONLY}"),
    "name-with-a-prefix": (5, f"parties: id:organisation-anses {ONTOLOGY_ONLY}"),
    "no-language": (3, "label: write the text with its language, {en: ...}."),
    "no-name": (1, "id: this has no name; add id: agreement-anses-invs-2012."),
    "no-value": (6, "dateSigned: there is no value; write one, or delete the key."),
    "no-yaml": (6, "this is not YAML: while parsing a flow sequence, "),
    "nul-character": (8, "there is a NUL character; remove it."),
    "number-for-a-text": (8, "publisherName: put the text into quotes."),
    "own-tag": (6, "there is a tag, !!timestamp; remove it."),
    "record-about-a-body": (
        1,
        "id: organisation-anses is not an agreement; a record is about an agreement",
    ),
    "scalar": (1, "a record is a mapping: write key: value."),
    "source-in-words": (8, "sources: write - id: https://..., with publisherName."),
    "source-without-address": (8, "id: this has no name; add id: https://"),
    "tab": (8, "there is a tab; write spaces instead."),
    "tag": (9, "there is a tag, !!python/object/apply:os.system; remove it."),
    "term-in-words": (9, f"term: five years is invalid; {TERMS}"),
    "term-without-unit": (9, f"term: 5 is invalid; {TERMS}"),
    "two-documents": (10, "there is a second document, ---; put it into another file."),
    "two-ends": (10, "yearEnds: there is dateEnds already; keep one of them."),
    "unknown-confidence": (9, "confidence: write one of high, low, medium."),
    "unknown-key": (5, "partys: there is no such key. Did you mean parties or partners?"),
    "unknown-type": (
        2,
        "type: there is no type Agreemnt. Did you mean Agreement or Arrangement or ChangeEvent?",
    ),
    "utf-16": (1, "byte 0xff is not UTF-8; save the file as UTF-8."),
    "wrong-language": (8, "inLanguage: write one of de, en, es, fr, it, nl, pt."),
}
FOUND = {
    "end-before-signature": (9, "2001-05 contradicts the order of dates"),
    "indefinite-with-an-end": (
        10,
        "One source gives the end 2099 and also says that there is no end",
    ),
    "key-of-another-thing": (9, "Use only the properties of an arrangement here"),
    "kind-of-another-thing": (4, "Add oh:kind with the kind of arrangement"),
    "no-confidence": (1, "Write one confidence: high, medium or low."),
    "no-source": (1, "Add sources: a list of the documents that you read"),
    "one-party-and-no-note": (
        1,
        "Add one oh:party from data/organisations.ttl for each organisation",
    ),
    "signed-for-another": (10, "FAO (id:organisation-fao) is not a party to the agreement"),
    "source-of-nobody": (8, "Add dcterms:publisher with an organisation"),
    "unknown-organisation": (5, "Nothing says what id:organisation-oie is; correct its name"),
    "unknown-topic": (9, "Nothing says what id:topic-zoonosis is; correct its name"),
}


def with_records(root: Path, *files: Path) -> Project:
    """A copy of the bundled project with these records, and no others."""
    for folder in ("ontology", "data", "queries"):
        others = shutil.ignore_patterns("partnerships")
        shutil.copytree(Path(bundled().root, folder), root / folder, ignore=others)
    (root / "data" / "partnerships").mkdir()
    for file in files:
        shutil.copy(file, root / "data" / "partnerships")
    return Project(root)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read_dataset(with_records(tmp_path_factory.mktemp("recorded") / "project", *GOOD))


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    files = [HERE / "broken" / f"{name}.yaml" for name in FOUND]
    root = tmp_path_factory.mktemp("found") / "project"
    return check(read_dataset(with_records(root, *GOOD, *files)))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("A record made a connection.")

    monkeypatch.setattr(socket.socket, "connect", refused)


def error(path: Path, words: RecordContext = WORDS) -> str:
    with pytest.raises(InputError) as caught:
        read_record(path, words)
    return str(caught.value)


def end_dates(dataset: Dataset) -> dict[str, str]:
    return {
        one.triple.subject.value.removeprefix(ID): str(one.triple.object)
        for one in dataset.inferences
        if one.triple.predicate.value == OH + "dateEnds"
    }


# Reading


def test_the_records_have_no_findings(recorded: Dataset) -> None:
    assert check(recorded) == []


def test_a_minimal_record_has_less_than_fifteen_lines(tmp_path: Path) -> None:
    file = tmp_path / "anses-inserm-2030.yaml"
    file.write_text(
        """id: agreement-anses-inserm-2030
type: Agreement
label: {en: Agreement of ANSES and Inserm, fr: Accord de l'Anses et de l'Inserm}
kinds: [kind-framework-agreement]
parties: [organisation-anses, organisation-inserm]
sources:
  - {id: "https://news.example/1", publisherName: News, inLanguage: en}
confidence: high
"""
    )
    project = with_records(tmp_path / "project", file)
    assert check(read_dataset(project)) == []


def test_pyld_reads_the_same_quads_from_records() -> None:
    records = [read_record(path, WORDS) for path in bundled().records[:20]]
    document = [{"@id": record.graph, "@graph": record.node} for record in records]
    options = {"base": "", "expandContext": WORDS.json_ld, "format": "application/n-quads"}
    lines = jsonld.to_rdf(document, options)
    assert set(quads_of(records, WORDS)) == set(parse(lines, RdfFormat.N_QUADS))


def test_all_statements_of_a_record_are_in_its_graph(recorded: Dataset) -> None:
    [file] = [one for one in recorded.files if one.path.stem == "oie-idb-2008"]
    record = f"<{RECORD}oie-idb-2008>"
    agreement, page = (
        f"<{ID}agreement-oie-idb-2008>",
        (
            "<https://www.woah.org/en/who-we-are/structure/framework/cooperation-agreements/"
            "agreement-with-the-interamerican-development-bank-idb/>"
        ),
    )
    oh, dcterms, a = PREFIXES["oh"], PREFIXES["dcterms"], f"<{PREFIXES['rdf']}type>"
    label = f"<{PREFIXES['skos']}prefLabel>"
    note = (
        '"Adopted by IDB on 18 July 2008 and by OIE on 4 August 2008; the later date is used."@en'
    )
    english = '"OIE and the Inter-American Development Bank"@en'
    confidence = '"A case of two different adoption dates for one agreement."@en'
    assert sorted(map(str, file.quads)) == sorted(
        f"{triple} {record}"
        for triple in [
            f"{record} {a} <{oh}Record>",
            f"{record} <{dcterms}source> {page}",
            f"{record} <{oh}confidence> <{oh}high>",
            f"{record} <{oh}confidenceNote> {confidence}",
            f"{record} <{oh}dateNote> {note}",
            f"{record} <{PREFIXES['foaf']}primaryTopic> {agreement}",
            f"{page} {a} <{PREFIXES['foaf']}Document>",
            f'{page} <{PREFIXES["dc"]}publisher> "WOAH"',
            f"{page} <{dcterms}language> "
            "<http://publications.europa.eu/resource/authority/language/ENG>",
            f"{agreement} {a} <{oh}Agreement>",
            f"{agreement} {a} <{oh}Arrangement>",
            f"{agreement} {label} {english}",
            f'{agreement} {label} "OIE et Banque interaméricaine de développement"@fr',
            f"{agreement} <{oh}kind> <{ID}kind-memorandum-of-understanding>",
            f'{agreement} <{oh}dateSigned> "2008-08-04"^^<{PREFIXES["xsd"]}date>',
            f"{agreement} <{oh}party> <{ID}organisation-idb>",
            f"{agreement} <{oh}party> <{ID}organisation-woah>",
            f"{agreement} <{oh}topic> <{ID}topic-animal-health>",
            f"{agreement} <{oh}topic> <{ID}topic-veterinary-services>",
            f"{agreement} <{oh}activity> <{ID}activity-cooperation>",
        ]
    )


def test_plain_values_are_those_of_the_core_schema(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "a: [2012-04-10, 2012, 1.5, true, no, ~, '2012', 0x10, 12:30, null, -3]\nb: {c: [], d: {}}\n"
    )
    assert read_yaml(file).plain() == {
        "a": ["2012-04-10", 2012, 1.5, True, "no", None, "2012", "0x10", "12:30", None, -3],
        "b": {"c": [], "d": {}},
    }


def test_a_project_without_records_has_an_empty_list() -> None:
    assert list(read_records(bundled(), [])) == []


def test_a_changed_record_changes_the_fingerprint(tmp_path: Path) -> None:
    project = with_records(tmp_path / "project", GOOD[0])
    before = project.fingerprint()
    path = Path(project.root, "data", "partnerships", GOOD[0].name)
    path.write_text(path.read_text() + "\n")
    assert project.fingerprint() != before


# Refusals


def test_each_broken_record_has_an_expected_error() -> None:
    assert sorted([*UNREADABLE, *FOUND]) == sorted(path.stem for path in BROKEN)


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_record_is_reported_with_file_line_and_key(name: str) -> None:
    path = HERE / "broken" / f"{name}.yaml"
    line, message = UNREADABLE[name]
    assert error(path).startswith(f"{path}:{line}: {message}")
    assert "\n" not in error(path)


@pytest.mark.parametrize("name", FOUND)
def test_errors_in_a_record_are_found_on_their_lines(name: str, findings: list[Finding]) -> None:
    line, message = FOUND[name]
    found = [one for one in findings if one.path and one.path.stem == name]
    assert [one for one in found if one.line == line and one.message.startswith(message)]
    assert [one for one in found if one.severity == "violation"]


def test_nothing_else_is_found(findings: list[Finding]) -> None:
    violations = [one for one in findings if one.severity == VIOLATION]
    assert {one.path.stem for one in violations if one.path} == {*FOUND}


def test_an_unknown_name_gets_the_nearest_known_one(findings: list[Finding]) -> None:
    said = {
        one.path.stem: one.message.partition("Did you mean ")[2]
        for one in findings
        if one.path and one.check == "thing-exists"
    }
    assert said["unknown-organisation"] == "organisation-woah (WOAH)?"  # whose former name is OIE
    assert said["unknown-topic"].startswith("topic-zoonoses (zoonoses)")


def test_all_errors_in_a_record_are_reported_at_once(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("id: agreement-a\nparty: organisation-a\nterm: 5\nconfidence: sure\n")
    assert [line.partition(": ")[0] for line in error(file).split("\n")] == [
        f"{file}:{number}" for number in (2, 3, 4)
    ]


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    assert error(file) == (
        f"{file}: the file has 50,000,000 bytes; a record has at most {LARGEST:,}: is it one?"
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a:\n "])
def test_a_hundred_thousand_levels_are_refused(tmp_path: Path, opening: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(opening * 100_000)
    assert str(file) in error(file)


@pytest.mark.parametrize("name", ["Anses.yaml", "a b.yaml", "a#b.yaml", "é.yaml", "-.yaml"])
def test_the_name_of_a_file_must_fit_into_an_iri(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("id: agreement-a\n")
    assert error(file).startswith(f"{file}: rename the file, with lower-case letters")


@pytest.mark.parametrize("name", ["context-of-its-own", "tag", "two-ends"])
def test_the_command_reports_the_error_and_exits_with_3(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project = with_records(tmp_path / "project", HERE / "broken" / f"{name}.yaml")
    assert main(["check", "--project", project.root]) == 3
    line, message = UNREADABLE[name]
    assert f"{name}.yaml:{line}: {message}" in capsys.readouterr().err


# Inferences


def test_an_end_is_inferred_from_a_record_that_states_no_end(recorded: Dataset) -> None:
    xsd = PREFIXES["xsd"]
    assert end_dates(recorded) == {
        "agreement-anses-coda-cerva-2017": f'"2020-09-18"^^<{xsd}date>',
        "agreement-anses-inserm-2020": f'"2025-02-05"^^<{xsd}date>',
    }


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("dates", "end"),
    [
        ("yearSigned: 2010", '"2015"^^<{xsd}gYear>'),
        ("monthSigned: 2010-11", '"2015-11"^^<{xsd}gYearMonth>'),
        ("dateSigned: 2010-11-30", '"2015-11-30"^^<{xsd}date>'),
        ("monthStarted: 2011-01", '"2016"^^<{xsd}gYear>'),
        ("dateStarted: 2011-01-01", '"2015-12-31"^^<{xsd}date>'),
        ("dateSigned: 2010-11-30\nyearStarted: 2011", '"2016"^^<{xsd}gYear>'),
        ("yearStarted: 2011\ndateTermStarts: 2012-01-10", '"2017-01-09"^^<{xsd}date>'),
        ("dateSigned: 2010-11-30\nindefinite: true", None),
        ("dateSigned: 2010-11-30\nyearEnds: 2014", None),
    ],
)
def test_an_end_is_as_exact_as_its_premise(tmp_path: Path, dates: str, end: str | None) -> None:
    text = (HERE / "partnerships" / "anses-coda-cerva-2017.yaml").read_text()
    file = tmp_path / "anses-coda-cerva-2017.yaml"
    file.write_text(text.replace("dateSigned: 2017-09-18\nterm: P3Y", f"{dates}\nterm: P5Y"))
    found = end_dates(read_dataset(with_records(tmp_path / "project", file)))
    del found["agreement-anses-inserm-2020"]
    assert list(found.values()) == ([end.format(xsd=PREFIXES["xsd"])] if end else [])


# Evidence


def test_the_evidence_of_a_record_is_its_documents(recorded: Dataset) -> None:
    one = graph_evidence(recorded.store, NamedNode(RECORD + "tripartite-mou-2018"))
    assert (one.kind, one.passages, one.is_one_of_several) == ("documented", (), True)
    assert [each.name for each in one.documents] == [
        "OIE Bulletin, 2019-01-30",
        "dvm360",
        "The Pig Site, 2018-05-30",
    ]


def test_an_inference_from_a_record_names_the_documents(
    recorded: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = "agreement-anses-coda-cerva-2017 oh:dateEnds *"
    assert main(["evidence", statement, "--project", recorded.project.root]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "inferred: ends when the term has run from the date of signature, "
        "assuming that the term runs from the signature; from"
    )
    assert lines[1] == "  no archived text; read in one or more of"
    assert [line.partition("  [")[0] for line in lines[2:6:2]] == ["    CODA-CERVA", "    ANSES"]
    assert [line.strip().startswith("http") for line in lines[3:7:2]] == [True, True]
    assert (
        lines[6]
        == "    Two agreements between ANSES and CODA-CERVA, renewed (2017) · end date · 2020-09-18"
    )


@pytest.mark.sampled(1)
@pytest.mark.parametrize("form", sample(["table", "json", "markdown", "html"], 2))
def test_a_citation_names_document_publisher_and_date(
    recorded: Dataset, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["query", "agreements", "--organisation", "InVS", "--cite"]
    assert main([*asked, "--format", form, "--project", recorded.project.root]) == 0
    out = capsys.readouterr().out
    assert "https://nouvelleaquitaine-santeenvironnement.org/2012/04/13/" in out
    assert "Nouvelle-Aquitaine Santé Environnement" in out.replace("\\-", "-")
    assert "2012-04-13" in out.replace("\\-", "-")


def test_a_record_and_a_text_of_the_same_agreement_are_merged(recorded: Dataset) -> None:
    agreement = NamedNode(ID + "agreement-anses-inserm-2020")
    graphs = {
        quad.graph_name.value
        for quad in recorded.store.quads_for_pattern(agreement, None, None)
        if isinstance(quad.graph_name, NamedNode)
    }
    assert RECORD + "anses-inserm-2020" in graphs
    assert "https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm#s4" in graphs


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("statement", "conflicts"),
    [
        ("dateSigned: 2020-02-06", ["dateSigned"]),
        ("monthSigned: 2020-02", []),
        ("yearSigned: 2019", ["dateSigned"]),
        ("term: P4Y", ["term"]),
    ],
)
def test_a_record_that_contradicts_a_text_is_a_conflict(
    tmp_path: Path, statement: str, conflicts: list[str]
) -> None:
    text = (HERE / "partnerships" / "anses-inserm-2020.yaml").read_text()
    file = tmp_path / "anses-inserm-2020.yaml"
    file.write_text(f"{text}{statement}\n")
    found = check(read_dataset(with_records(tmp_path / "project", file)))
    disagree = [one for one in found if one.check == "sources-agree"]
    line = text.count("\n") + 1
    of_record = {one.predicate.removeprefix(OH) for one in disagree if one.line == line}
    assert sorted(of_record) == conflicts


# Writing


def test_a_record_that_is_exported_and_its_file_are_the_same(recorded: Dataset) -> None:
    written = export(select(recorded.project), "yaml-ld").split(b"---\n")
    assert written == [path.read_bytes() for path in GOOD]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_one_record_can_be_exported_by_its_agreement(recorded: Dataset, path: Path) -> None:
    one = select(recorded.project, f"agreement-{path.stem}")
    assert export(one, "yaml-ld") == path.read_bytes()


def test_a_written_record_is_read_as_the_same_statements(tmp_path: Path) -> None:
    file = tmp_path / "everything-2020.yaml"
    file.write_text(EVERYTHING)
    [(_, quads)] = read_records(bundled(), [file])
    [record] = records_of(quads, WORDS)
    file.write_bytes(record_bytes(record, WORDS))
    [(_, again)] = read_records(bundled(), [file])
    assert set(again) == set(quads)
    assert file.read_text() == EVERYTHING


def test_a_record_without_sources_is_written_without_them(tmp_path: Path) -> None:
    file = tmp_path / "everything-2020.yaml"
    file.write_text(re.sub(r"^sources:\n(?:[ -].*\n)+", "", EVERYTHING, flags=re.MULTILINE))
    [(_, quads)] = read_records(bundled(), [file])
    [record] = records_of(quads, WORDS)
    assert "sources" not in record
    file.write_bytes(record_bytes(record, WORDS))
    [(_, again)] = read_records(bundled(), [file])
    assert set(again) == set(quads)


def test_the_types_implied_by_names_are_those_of_the_context() -> None:
    assert set(RECORD_KINDS.values()) <= set(WORDS.classes)


def test_without_a_record_there_is_nothing_to_write(recorded: Dataset, tmp_path: Path) -> None:
    none = with_records(tmp_path / "project")
    for project, without in ((none, ()), (recorded.project, ("evidence",))):
        with pytest.raises(UsageError, match="There is no record here"):
            export(select(project, without=without), "yaml-ld")


EVERYTHING = """\
id: agreement-everything-2020
type: Agreement
label:
  en: 'Yes: all # of it'
  fr: L'accord "complet"
kinds: [kind-arrangement]
monthSigned: 2019-12
yearStarted: 2020
term: P18M
automaticExtension: true
parties: [organisation-alpha]
about: [topic-a, topic-b]
activities: [activity-a]
funding:
  - id: funding-everything-a
    amountInWords: {en: '5'}
    funder: [organisation-alpha]
  - id: funding-everything-b
    funderInWords:
      en: A and others
      fr: A et d'autres
    fundingProgramme: programme-a
isPartOf: [agreement-larger, programme-a]
occasionInWords: {en: A summit}
partiesNote: {en: And others.}
place: place-a
placeInWords: {en: 'no'}
predecessors:
  - agreement-earlier-2010
  - id: predecessor-a
    date: 2009-05-25
    inWords: {en: Earlier agreement}
  - id: predecessor-b
    month: 2009-05
    inWords: {en: Earlier still}
  - id: predecessor-c
    year: 2009
    inWords: {en: First}
signatures:
  - id: signature-a
    signatory: person-a
    onBehalfOf: organisation-alpha
    inPost:
      id: post-a
      postIn: organisation-alpha
    note: {en: spelled in another way elsewhere}
undertakings:
  - id: undertaking-a
    label:
      en: A plan
      fr: Un projet
    modality: possible
    activities: [activity-a]
sources:
  - id: https://a.example/x?y=1&z=%C2%B0#part
    type: PressRelease
    yearPublished: 2020
    publisherName: A, B & Co
    inLanguage: fr
  - id: https://b.example/
    monthPublished: 2020-03
    publisherName: B
    inLanguage: en
confidence: low
confidenceNote: {en: Why.}
dateNote: {en: How.}
oneHealthNote: {en: In which way.}
"""


UNSEEN = "\x00\x07\x1b\x7f\x85\x9b\r\u2028\u2029\u202e\u2066\ufffe"


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_an_invisible_character_is_refused_in_a_record(tmp_path: Path, sign: str) -> None:
    file = tmp_path / "a.yaml"
    code = f"{ord(sign):04X}"
    file.write_text(f'id: x\nlabel:\n  en: ["a", "b\\u{code}"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=f":3: there is an invisible character, U\\+{code};"):
        read_yaml(file)


@pytest.mark.parametrize("sign", UNSEEN + "\n\t'\"#:—", ids=ascii)
@pytest.mark.parametrize("form", ["a{}b", "{}", "{} a", "a: {}#", "a{}"])
def test_any_label_is_written_as_yaml(sign: str, form: str) -> None:
    record = {"id": "x", "label": {"en": form.format(sign)}, "confidenceNote": {"en": sign}}
    written = record_bytes(record, record_context(bundled()))
    assert yaml.safe_load(written) == record
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", written.decode()
    )
