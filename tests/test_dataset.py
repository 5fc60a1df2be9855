"""The dataset: homes, merge, version."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from onehealthkg.dataset import dataset as dataset_module
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.errors import InputError
from onehealthkg.names import GRAPH, ID, OH, ONTOLOGY, SOURCE
from onehealthkg.paths import Project, bundled

AGREEMENT = NamedNode(ID + "agreement-anses-inserm-2020")
S3, S4 = (NamedNode(f"{SOURCE}2020-02-05-anses-inserm#{name}") for name in ("s3", "s4"))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_dataset(bundled())


def test_a_fact_that_two_sentences_state_counts_once(dataset: Dataset) -> None:
    party, anses = NamedNode(OH + "party"), NamedNode(ID + "organisation-anses")
    graphs = {q.graph_name for q in dataset.store.quads_for_pattern(AGREEMENT, party, anses)}
    assert graphs == {S3, S4, DefaultGraph()}
    counted = dataset.store.query(
        f"SELECT (COUNT(*) AS ?n) {{ {AGREEMENT} {party} ?organisation }}"
    )
    assert [int(row["n"].value) for row in counted] == [2]


def test_every_quad_is_in_a_named_graph(dataset: Dataset) -> None:
    assert [quad for quad in dataset.quads if not isinstance(quad.graph_name, NamedNode)] == []


def test_the_home_of_a_turtle_file_is_named_after_it(dataset: Dataset) -> None:
    homes = {
        file.path.name: {quad.graph_name.value for quad in file.quads}
        for file in dataset.files
        if file.path.suffix == ".ttl"
    }
    ontology = homes.pop("onehealth.ttl")
    assert ontology == {ONTOLOGY}
    assert homes == {name: {GRAPH + name.removesuffix(".ttl")} for name in homes}


def test_the_version_changes_with_a_word_and_not_with_the_order_of_files(dataset: Dataset) -> None:
    again = Dataset(dataset.project, reversed(dataset.files))
    assert again.version == dataset.version
    last = dataset.files[-1]
    fewer = Dataset(dataset.project, [*dataset.files[:-1], type(last)(last.path, last.quads[:-1])])
    assert fewer.version != dataset.version


def test_literals_stay_as_they_are_written(project: Project) -> None:
    """The store writes P18M as P1Y6M; the checked and published data does not."""
    path = Path(project.root, "data", "kinds.ttl")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + '\n<https://e.example/a> <https://e.example/b> "P18M"^^'
        "<http://www.w3.org/2001/XMLSchema#duration> .\n",
        encoding="utf-8",
    )
    added = [q for q in read_dataset(project).quads if q.subject.value == "https://e.example/a"]
    assert [quad.object.value for quad in added] == ["P18M"]


def test_blank_nodes_of_two_files_are_different(project: Project, tmp_path: Path) -> None:
    files = [tmp_path / "one.trig", tmp_path / "two.trig"]
    for file in files:
        file.write_text("<https://e.example/g> { _:same <https://e.example/p> 1 }")
    dataset = read_dataset(project, files)
    graph = NamedNode("https://e.example/g")
    assert len({q.subject for q in dataset.quads if q.graph_name == graph}) == 2


def test_a_file_of_the_project_is_not_read_twice(project: Project) -> None:
    once = read_dataset(project)
    twice = read_dataset(project, [*project.curated, *project.statements])
    assert len(twice.files) == len(once.files)


def test_a_project_without_data_is_an_error(tmp_path: Path) -> None:
    for folder in ("ontology/rules", "ontology/checks", "data/sources", "queries"):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(InputError, match=r"no data/\*\.ttl and no data/sources/\*\.trig"):
        read_dataset(Project(tmp_path))


def test_a_quad_of_the_default_graph_stays_without_a_home(tmp_path: Path, project: Project) -> None:
    file = tmp_path / "loose.trig"
    file.write_text("<https://e.example/a> <https://e.example/b> <https://e.example/c> .")
    files = read_dataset(project, [file]).files
    quads = next(one.quads for one in files if one.path == file)
    assert quads == (Quad(*(NamedNode(f"https://e.example/{x}") for x in "abc"), DefaultGraph()),)


def test_inferences_are_derived_once_with_a_further_file(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived = []
    rules = dataset_module.derive
    monkeypatch.setattr(dataset_module, "derive", lambda *found: derived.append(1) or rules(*found))
    new = tmp_path / "further.trig"
    subject = f"<{ID}organisation-anses>"
    new.write_text(f'<{SOURCE}x#s1> {{ {subject} <{OH}formerName> "A"@en }}', "utf-8")
    assert len(read_dataset(project, [new]).files[-1].quads) == 1
    export = tmp_path / "export.ttl"
    export.write_bytes(project.curated[0].read_bytes())
    assert read_dataset(project, [export]).files[-1].quads == ()
    assert len(derived) == 2
