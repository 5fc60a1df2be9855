"""A project of one's own: made, found, compared with the package, brought up to date."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from onehealthkg import shipped
from onehealthkg.checks.check import check
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.editing.own_project import create, update
from onehealthkg.errors import UsageError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.paths import Project, bundled, nearest
from onehealthkg.shipped import ADDED, CHANGED, MISSING, OLD, Difference


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project, made once; no test may change it."""
    return create(tmp_path_factory.mktemp("made") / "own", with_data=False)


@pytest.fixture
def own(made: Project, tmp_path: Path) -> Project:
    """A copy of a new project, which a test may spoil."""
    return Project(shutil.copytree(made.root, tmp_path / "own"))


def test_a_new_project_is_clean_and_holds_no_partnership(own: Project) -> None:
    assert check(read_dataset(own)) == []
    assert own.records == []
    assert own.texts == []
    assert "onehealthkg new" in Path(own.root, "README.md").read_text("utf-8")


def test_a_project_with_data_answers_as_the_bundled_one(
    tmp_path: Path, graph: KnowledgeGraph
) -> None:
    made = create(tmp_path / "own", with_data=True)
    question = "signatures"
    agreement = "agreement-anses-inserm-2020"
    ours = KnowledgeGraph(made).query(question, agreement=agreement)
    assert ours.rows == graph.query(question, agreement=agreement).rows


def test_a_folder_that_is_not_empty_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        create(tmp_path, with_data=False)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.slow
def test_the_project_of_the_current_folder_is_used(
    own: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(own.root, "data", "sources"))
    assert main(["check"]) == 0
    assert "0 records" in capsys.readouterr().err
    monkeypatch.chdir(own.root)
    assert main(["check"]) == 0
    assert f"checked: .{os.sep}, 0 records" in capsys.readouterr().err


def test_outside_a_project_the_variable_names_it(
    own: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONEHEALTHKG_PROJECT", own.root)
    assert main(["check"]) == 0
    assert "0 records" in capsys.readouterr().err
    assert nearest() is None


def test_a_mistake_in_the_current_folder_is_found(
    own: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(own.root, "data", "mine.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n")
    monkeypatch.chdir(own.root)
    assert main(["check"]) == 1
    assert "mine.ttl" in capsys.readouterr().out


def changed(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "\n# mine\n", "utf-8")


def replaced(old: str, new: str) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


@pytest.mark.parametrize(
    ("name", "change", "state"),
    [
        ("ontology/shapes.ttl", changed, CHANGED),
        ("ontology/rules/end-date.rq", changed, CHANGED),
        ("ontology/checks/thing-exists.rq", Path.unlink, MISSING),
        (
            "ontology/shapes.ttl",
            replaced("sh:severity sh:Violation", "sh:severity sh:Info"),
            CHANGED,
        ),
        (
            "ontology/shapes.ttl",
            replaced("a sh:NodeShape", "a sh:NodeShape ; sh:deactivated true"),
            CHANGED,
        ),
        ("ontology/shapes.ttl", Path.unlink, MISSING),
        ("ontology/rules/end-date.rq", lambda path: path.write_text(""), CHANGED),
        ("ontology/rules/end-date.rq", Path.unlink, MISSING),
        ("ontology/rules/mine.rq", lambda path: path.write_text("ASK {}"), ADDED),
        ("ontology/checks/thing-exists.rq", lambda path: path.write_text(""), CHANGED),
        ("ontology/checks/thing-exists.rq", replaced('"violation"', '"info"'), CHANGED),
        ("ontology/onehealth.ttl", changed, CHANGED),
        ("ontology/record.schema.json", Path.unlink, MISSING),
        ("ontology/record.jsonld", changed, CHANGED),
        ("ontology/context.jsonld", changed, CHANGED),
        ("queries/topics.rq", lambda path: path.write_text(""), CHANGED),
        ("queries/topics.rq", Path.unlink, MISSING),
        ("queries/mine.rq", lambda path: path.write_text("ASK {}"), ADDED),
    ],
)
def test_each_difference_from_the_package_is_listed(
    own: Project, name: str, change: Callable[[Path], object], state: str
) -> None:
    change(Path(own.root, name))
    assert shipped.differences(own) == [Difference(name, state)]
    before = {path: path.read_bytes() for path in Path(own.root).rglob("*") if path.is_file()}
    assert update(own) == ([], [name])
    after = {path: path.read_bytes() for path in Path(own.root).rglob("*") if path.is_file()}
    assert before.keys() == after.keys()
    assert not [
        path for path in before if before[path] != after[path] and path.name != "SHA256SUMS"
    ]


def test_check_reports_the_differences(
    own: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(Path(own.root, "ontology", "shapes.ttl"))
    monkeypatch.chdir(own.root)
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert "shipped-file-is-unchanged" in said
    assert "ontology/shapes.ttl" in said


def aged(own: Project, *names: str) -> None:
    """Make the files such as an earlier version of the package had them."""
    came = shipped.sums(own)
    for name in names:
        changed(Path(own.root, name))
        came[name] = shipped.files(own)[name]
    Path(own.root, shipped.SUMS).write_text(shipped.sums_text("0.0.1", came))


def test_old_files_are_replaced_and_changed_ones_skipped(own: Project) -> None:
    old, mine = "ontology/shapes.ttl", "queries/topics.rq"
    aged(own, old)
    changed(Path(own.root, mine))
    assert shipped.differences(own) == [Difference(old, OLD), Difference(mine, CHANGED)]
    assert update(own) == ([old], [mine])
    assert shipped.differences(own) == [Difference(mine, CHANGED)]
    assert Path(own.root, old).read_bytes() == bundled().shapes_file.read_bytes()


def test_the_bundled_data_is_not_updated() -> None:
    with pytest.raises(UsageError, match="up to date"):
        update(bundled())


SLOW = [
    pytest.param(form, marks=pytest.mark.slow) for form in ("jsonld", "nq", "nt", "rdf", "trig")
]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", *SLOW])
def test_an_export_of_valid_data_has_no_findings(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"all.{form}"
    assert main(["export", "-o", str(file)]) == 0
    dataset = read_dataset(bundled(), [file])
    assert check(dataset, [file]) == []


@pytest.mark.slow
def test_statements_added_to_an_export_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "all.ttl"
    assert main(["export", "-o", str(file)]) == 0
    with file.open("a") as opened:
        opened.write("\n<https://w3id.org/onehealthkg/id/organisation-inserm> <urn:b> <urn:c> .\n")
    found = check(read_dataset(bundled(), [file]), [file])
    assert {finding.path for finding in found} == {file}
