"""Links: the graph that the mappings give, the command, their check digits, and other readers."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from onehealthkg.checks.check import check
from onehealthkg.cli import main
from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.errors import InputError
from onehealthkg.mappings.check_digits import has_right_digits
from onehealthkg.mappings.graph import LINKS
from onehealthkg.mappings.sssom import read_mappings
from onehealthkg.names import ID, PREFIXES, compact
from onehealthkg.paths import Project, bundled
from onehealthkg.terms import plain

SKOS = PREFIXES["skos"]
ROOT = Path(bundled().root)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_dataset(bundled())


def spoil(project: Project, old: str, new: str) -> Path:
    path = project.links_file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def about(dataset: Dataset, name: str) -> set[tuple[str, str]]:
    quads = dataset.store.quads_for_pattern(NamedNode(ID + name), None, None, LINKS)
    return {(compact(plain(q.predicate)), compact(plain(q.object))) for q in quads}


def test_an_exact_match_in_a_register_is_an_identifier_too(dataset: Dataset) -> None:
    assert about(dataset, "identifier-ror-0471kz689") == {
        ("rdf:type", "schema:PropertyValue"),
        ("schema:propertyID", "id:vocabulary-ror"),
        ("schema:value", "0471kz689"),
        ("schema:url", "https://ror.org/0471kz689"),
    }
    assert ("schema:identifier", "id:identifier-ror-0471kz689") in about(
        dataset, "organisation-anses"
    )
    assert ("schema:value", "130012024") in about(dataset, "identifier-siren-130012024")
    assert "schema:url" not in {name for name, _ in about(dataset, "identifier-siren-130012024")}


def test_a_close_match_and_a_concept_have_no_identifier(dataset: Dataset) -> None:
    for name, prefix in (
        ("organisation-health-ministry-france", "rdfs"),
        ("topic-zoonoses", "skos"),
    ):
        assert {predicate.partition(":")[0] for predicate, _ in about(dataset, name)} == {prefix}


def test_a_refused_mapping_is_in_no_graph(dataset: Dataset) -> None:
    mappings = read_mappings(bundled().links_file)
    refused = [one for one in mappings.mappings if one.predicate_modifier]
    targets = [NamedNode(mappings.expand(one.object_id)) for one in refused]
    assert len(refused) > 1
    assert [t for t in targets if any(dataset.store.quads_for_pattern(None, None, t))] == []


def test_the_cache_notices_a_changed_mapping(project: Project) -> None:
    exposome = NamedNode(ID + "topic-exposome")
    exact = NamedNode(SKOS + "exactMatch")
    assert len(list(load_store(project).quads_for_pattern(exposome, exact, None))) == 1
    spoil(
        project,
        "id:topic-exposome\texposome\tskos:exactMatch\t\t",
        "id:topic-exposome\texposome\tskos:closeMatch\t\t",
    )
    assert list(load_store(project).quads_for_pattern(exposome, exact, None)) == []


def test_a_project_needs_no_links(project: Project) -> None:
    project.links_file.unlink()
    assert not any(read_dataset(project).store.quads_for_pattern(None, None, None, LINKS))


@pytest.mark.parametrize("slot", ["license", "mapping_set_id"])
def test_links_without_a_name_or_a_licence_are_refused(project: Project, slot: str) -> None:
    spoil(project, f"#{slot}: ", "#comment: ")
    with pytest.raises(InputError, match=f"the header needs {slot}"):
        read_dataset(project)


@pytest.mark.parametrize(
    ("method", "right", "wrong"),
    [
        ("iso7064-mod-11-2", ["000000012104254X", "0000000105847022"], ["0000000121042540", "x"]),
        ("iso7064-mod-97-10-base32", ["0471kz689", "02vjkv261"], ["0471kz688", "0471zk689", "u"]),
        ("luhn", ["130012024", "732829320"], ["130012042", "13001202x"]),
    ],
)
def test_check_digits(method: str, right: list[str], wrong: list[str]) -> None:
    assert [one for one in right if not has_right_digits(method, one)] == []
    assert [one for one in wrong if has_right_digits(method, one)] == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("\tror:0471kz689\t", "\tror:0471zk689\t", "check-digits-are-right"),
        ("\tmesh:D000080223\t", "\tmesh:80223\t", "refused-fits-pattern"),
        (
            "id:topic-exposome\texposome\tskos:exactMatch\tNot",
            "id:topic-exposomes\texposome\tskos:exactMatch\tNot",
            "refused-thing-exists",
        ),
        (
            "id:topic-exposome\texposome\tskos:exactMatch\tNot\tmesh:D000080223",
            "id:topic-exposome\texposome\tskos:exactMatch\tNot\tmesh:D000081413",
            "mapping-is-said-once",
        ),
        ("\tExposome\t", "\tobsolete Exposome\t", "mapping-is-not-obsolete"),
        (
            "\tNanostructures\tsemapv:ManualMappingCuration\tonehealthkg contributors\t\t\tid:vocabulary-mesh\t",
            "\tNanostructures\tsemapv:ManualMappingCuration\tonehealthkg contributors\t\t\tid:vocabulary-gemet\t",
            "mapping-names-its-vocabulary",
        ),
    ],
)
def test_a_flaw_of_a_mapping_is_found_with_its_line(
    linked: Project, old: str, new: str, name: str
) -> None:
    path = spoil(linked, old, new)
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = next(number for number, line in enumerate(lines, 1) if new in line)
    found = check(read_dataset(linked))
    assert {one.check for one in found} == {name}
    assert expected in {one.line for one in found if one.path == path}


def far_apart(one: str, others: set[str]) -> bool:
    """Whether no other label has nearly the same words; their order, number and accents aside."""

    def words(text: str) -> str:
        bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
        return " ".join(sorted(re.sub(r"s\b", "", re.sub("[^a-z0-9 ]", " ", bare)).split()))

    return all(SequenceMatcher(None, words(one), words(x)).ratio() < 0.75 for x in others)


def test_a_mapping_whose_labels_are_far_apart_says_why(dataset: Dataset) -> None:
    """The comment without the French label and the place where the identifier was seen."""
    labels: dict[str, set[str]] = {}
    for quad in dataset.quads:
        if quad.predicate.value in {SKOS + f"{kind}Label" for kind in ("pref", "alt", "hidden")}:
            labels.setdefault(plain(quad.subject), set()).add(plain(quad.object))
    mappings = read_mappings(bundled().links_file)
    silent = []
    for one in mappings.mappings:
        before, _, _ = one.comment.partition("Seen in:")
        french = re.search(r"In French: (.*?)\. *$", before)
        theirs = [one.object_label, *([french[1]] if french else [])]
        reason = before[: french.start()] if french else before
        ours = labels[mappings.expand(one.subject_id)]
        near = one.predicate_id in ("skos:exactMatch", "skos:closeMatch")
        if near and not reason.strip() and any(far_apart(label, ours) for label in theirs):
            silent.append((one.subject_id, one.object_id, theirs))
    assert silent == []


def test_the_identifiers_of_the_survey_are_linked() -> None:
    """Every organisation of the bundled data, every place on earth, and most topics."""
    out = io.StringIO()
    command = [sys.executable, "-m", "onehealthkg", "links", "--unlinked", "--format", "csv"]
    out.write(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    kinds = {row["thing"]: row["kind"] for row in rows}
    assert "id:topic-zoonoses" not in kinds
    assert "id:organisation-anses" not in kinds
    assert kinds["id:place-world"] == "place"


def test_links_of_a_thing_have_their_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", "exposome", "--format", "json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["relation"], first["link"]) == (
        "skos:exactMatch",
        "http://id.nlm.nih.gov/mesh/D000081413",
    )
    assert first["reason"] == "semapv:LexicalMatching"
    assert second["relation"] == "not skos:exactMatch"
    assert "Chronic Urticaria" in second["label there"]


def test_coverage_counts_by_kind_and_vocabulary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", "--coverage", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert list(rows[0]) == ["kind", "vocabulary", "things", "linked", "share"]
    whole = {row["kind"]: row for row in rows if row["vocabulary"] == "any"}
    assert list(whole) == ["topic", "activity", "organisation", "person", "place", "programme"]
    assert all(int(row["linked"]) <= int(row["things"]) for row in rows)


def test_only_one_table_can_be_requested_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links", "exposome", "--coverage"]) == 2
    assert "only one of THING" in capsys.readouterr().err


def judge(name: str) -> str:
    """A program of the environment of judges, which `make judges` makes (Makefile)."""
    folder = os.environ.get("ONEHEALTHKG_JUDGES") or ROOT / ".venv-judges"
    found = shutil.which(name, path=str(Path(folder, "bin"))) or shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not here; make judges installs it")
    assert found, f"{name} is not here; make judges installs it"
    return found


@pytest.mark.slow
def test_the_reference_implementation_of_sssom_finds_the_mappings_valid() -> None:
    command = [judge("sssom"), "validate", str(bundled().links_file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr


@pytest.mark.skipif(sys.version_info < (3, 11), reason="sssom-pydantic needs Python 3.11")
@pytest.mark.slow
def test_another_reader_of_sssom_reads_the_same_mappings() -> None:
    script = (
        "import sys, sssom_pydantic\n"
        "for one in sssom_pydantic.read(sys.argv[1]).mappings:\n"
        "    print(one.subject.curie, one.predicate.curie, one.object.curie, one.comment, sep='\\t')"
    )
    python = Path(judge("sssom")).with_name("python")
    command = [str(python), "-c", script, str(bundled().links_file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    ours = read_mappings(bundled().links_file).mappings
    assert sorted(done.stdout.splitlines()) == sorted(
        "\t".join((one.subject_id, one.predicate_id, one.object_id, one.comment)) for one in ours
    )
