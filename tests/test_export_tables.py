"""The tables: their rows, the data package that describes them, and no formula in any cell."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from frictionless import validate
from hypothesis import given
from hypothesis import strategies as st
from selections import harmful, part, release, without_evidence

from onehealthkg.evidence.selection import Selection
from onehealthkg.exports import tables as export_tables
from onehealthkg.names import ID, SOURCE, compact
from onehealthkg.safe import for_spreadsheet

RELEASE = SOURCE + "2020-02-05-anses-inserm"
AGREEMENT = ID + "agreement-anses-inserm-2020"
Tables = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return release()


def from_spreadsheet(cell: str) -> str:
    """The text from which ``for_spreadsheet`` made the cell."""
    guarded = r"(^|[;\t\r\n])'(?=[\s\"']*[=+\-@＝＋－＠])|^'(?='*[\t\r\n])"
    return re.sub(guarded, lambda match: match[1] or "", cell)


def read(selection: Selection) -> Tables:
    return unpacked(export_tables.csv(selection))


def unpacked(data: bytes) -> Tables:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            Path(name).stem: list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


@pytest.fixture(scope="module")
def written(bundle: Selection) -> bytes:
    return export_tables.csv(bundle)


@pytest.fixture(scope="module")
def tables(written: bytes) -> Tables:
    return unpacked(written)


def short(rows: list[dict[str, str]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(compact(row[name]) for name in columns) for row in rows]


def test_the_agreement_has_its_dates_and_marks_inferred_ones(tables: Tables) -> None:
    assert tables["agreements"] == [
        {
            "agreement": AGREEMENT,
            "label": "Framework partnership agreement between ANSES and Inserm (2020)",
            "signed": "2020-02-05",
            "signed_basis": "inferred",
            "term": "P5Y",
            "ends": "2025-02-05",
            "ends_basis": "assumed",
        }
    ]


def test_a_party_comes_with_the_first_passage_that_names_it(tables: Tables) -> None:
    assert short(tables["parties"], "organisation", "label", "basis", "passage") == [
        ("id:organisation-anses", "ANSES", "stated", "source:2020-02-05-anses-inserm#s3"),
        ("id:organisation-inserm", "Inserm", "stated", "source:2020-02-05-anses-inserm#s3"),
    ]


def test_a_signature_has_person_post_and_organisation(tables: Tables) -> None:
    assert short(tables["signatures"], "person", "post_label", "organisation") == [
        ("id:person-gilles-bloch", "Chairman and CEO of Inserm", "id:organisation-inserm"),
        ("id:person-roger-genet", "Director General of ANSES", "id:organisation-anses"),
    ]


def test_labels_are_in_the_requested_language() -> None:
    tables = read(release("fr"))
    assert (
        tables["agreements"][0]["label"]
        == "Convention-cadre de partenariat entre l'Anses et l'Inserm (2020)"
    )
    assert short(tables["signatures"], "post_label") == [
        ("président-directeur général de l'Inserm",),
        ("directeur général de l'Anses",),
    ]


def test_passages_are_in_the_order_of_the_text_and_quote_it(
    bundle: Selection, tables: Tables
) -> None:
    passages = tables["passages"]
    text = Path(bundle.project.sources, "2020-02-05-anses-inserm.txt").read_bytes().decode()
    assert [row["passage"] for row in passages] == [f"{RELEASE}#s{one}" for one in range(1, 22)]
    assert [row["quote"] for row in passages] == [
        text[int(row["start"]) : int(row["end"])] for row in passages
    ]


def test_the_evidence_of_the_end_date_leads_to_its_sentences(tables: Tables) -> None:
    graphs = {row["graph"] for row in tables["statements"] if row["object"] == "2025-02-05"}
    found = [row for row in tables["evidence"] if row["graph"] in graphs]
    assert {row["kind"] for row in found} == {"inferred"}
    rules = {row["rule"].rpartition("/")[2] for row in found}
    assert rules == {"end-date", "period-end"}
    assert {f"{RELEASE}#s1", f"{RELEASE}#s8"} <= {row["passage"] for row in found}


def test_every_fact_is_in_statements(bundle: Selection, tables: Tables) -> None:
    rows = tables["statements"]
    assert len(rows) == len(bundle.quads)
    assert {row["predicate"] for row in rows} == {one.predicate.value for one in bundle.triples}


def test_every_exact_match_is_in_links() -> None:
    selection = part(
        ("id:topic-zoonoses", "skos:exactMatch", "http://id.nlm.nih.gov/mesh/D015047"),
        ("id:topic-zoonoses", "skos:closeMatch", "http://example.org/a"),
    )
    assert short(read(selection)["links"], "thing", "relation", "target", "basis") == [
        ("id:topic-zoonoses", "closeMatch", "http://example.org/a", "curated"),
        ("id:topic-zoonoses", "exactMatch", "http://id.nlm.nih.gov/mesh/D015047", "curated"),
    ]


def test_a_thing_without_other_statements_has_a_row() -> None:
    tables = read(part(("id:signature-x", "oh:signs", "id:agreement-x"),
                       ("id:signature-x", "rdf:type", "oh:Signature")))  # fmt: skip
    assert short(tables["agreements"], "agreement", "label", "signed") == [
        ("id:agreement-x", "id:agreement-x", "")
    ]


@pytest.mark.parametrize("kind", ["release", "without evidence", "harmful", "nothing"])
@pytest.mark.slow
def test_frictionless_finds_the_package_valid(kind: str, bundle: Selection, tmp_path: Path) -> None:
    selection = {
        "release": bundle,
        "without evidence": without_evidence(bundle),
        "harmful": harmful(),
        "nothing": bundle._replace(quads=()),
    }[kind]
    for name, data in export_tables.package(selection).items():
        Path(tmp_path, name).write_bytes(data)
    report = validate(str(tmp_path / "datapackage.json"))
    assert [error.message for task in report.tasks for error in task.errors] == []
    assert report.valid
    assert len(report.tasks) == len(export_tables.TABLES)


@pytest.mark.slow
def test_frictionless_rejects_a_party_that_leads_nowhere(bundle: Selection, tmp_path: Path) -> None:
    for name, data in export_tables.package(bundle).items():
        changed = data.replace(b"organisation-inserm", b"organisation-other")
        Path(tmp_path, name).write_bytes(changed if name == "parties.csv" else data)
    report = validate(str(tmp_path / "datapackage.json"))
    assert [error.type for task in report.tasks for error in task.errors] == ["foreign-key"]


def test_the_package_has_licence_and_version(bundle: Selection) -> None:
    described = json.loads(export_tables.package(bundle)["datapackage.json"])
    assert described["version"] == bundle.version
    assert [one["name"] for one in described["licenses"]] == ["CC-BY-4.0"]


def test_the_same_data_gives_the_same_bytes(bundle: Selection, written: bytes) -> None:
    shuffled = bundle._replace(quads=tuple(reversed(bundle.quads)))
    assert export_tables.csv(shuffled) == written


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1", "'+33 1"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ('"=1"', '\'"=1"'),
        ("' =1", "'' =1"),
        ("＝1", "'＝1"),
        ("a;=cmd|'/c calc'!A1", "a;'=cmd|'/c calc'!A1"),
        ("a\n+b", "a\n'+b"),
        ("a = b", "a = b"),
        ("One Health; a - b", "One Health; a - b"),
        ("d'Inserm", "d'Inserm"),
        ("", ""),
    ],
)
def test_a_formula_gets_an_apostrophe_and_other_text_does_not(text: str, cell: str) -> None:
    assert for_spreadsheet(text) == cell
    assert from_spreadsheet(cell) == text


@given(st.text(alphabet="=+-@;,'\" \t\r\nab＝", max_size=12))
def test_no_cell_is_a_formula_under_any_separator_and_no_text_is_lost(text: str) -> None:
    cell = for_spreadsheet(text)
    for separator in (";", "\t"):
        for line in cell.replace("\r", "\n").split("\n"):
            for part_ in line.split(separator):
                assert not part_.strip(' \t"').startswith(tuple("=+-@＝"))
    assert from_spreadsheet(cell) == text


def test_no_cell_of_harmful_data_begins_a_formula() -> None:
    cells = [cell for rows in read(harmful()).values() for row in rows for cell in row.values()]
    assert [one for one in cells if one.lstrip(' \t\r\n"').startswith(tuple("=+-@"))] == []
    assert any(one.startswith("'=HYPERLINK") for one in cells)
