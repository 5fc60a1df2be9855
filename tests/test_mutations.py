"""Deleted or altered statements, texts and quotes are noticed."""

import random
from collections import Counter
from pathlib import Path

import pytest
from effort import EVERYTHING, sample
from mutations import MISSED, Laboratory, Mutant, in_random_order
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from onehealthkg.checks.archive import flaws
from onehealthkg.checks.check import check
from onehealthkg.checks.findings import VIOLATION
from onehealthkg.dataset.dataset import DataFile, Dataset, read_dataset
from onehealthkg.names import ID, OH, PREFIXES
from onehealthkg.paths import Project, bundled

# The author's file of the release is the one that the word checks are for: half of the mutants that
# are tried are of it, one is of each other file, four are of the records. `make test-all` tries all of
# the author's file, six of each other one and two dozen of the records; tests/mutations.py tries all.
AUTHORS, OTHERS, RECORDS = (1000, 6, 24) if EVERYTHING else (20, 1, 4)
PARTS = 6
COMPARED = 150 if EVERYTHING else 2

STEM = "2020-02-05-anses-inserm"
AGREEMENT = NamedNode(ID + "agreement-anses-inserm-2020")
EXACT = NamedNode(PREFIXES["oa"] + "exact")


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory()


def _sample(laboratory: Laboratory) -> list[Mutant]:
    records, others = [], []
    for file in laboratory.dataset.files:
        mutants = list(laboratory.mutants(file))
        if file.path.suffix == ".yaml":
            records += mutants
        else:
            others += _spread(mutants, AUTHORS if file.path.name == f"{STEM}.trig" else OTHERS)
    return others + _spread(records, RECORDS)


def _spread(mutants: list[Mutant], most: int) -> list[Mutant]:
    """As many of the mutants, drawn with a fixed seed from equal parts of the file."""
    draw = random.Random(2020)  # noqa: S311 - no secret
    size = max(len(mutants) / most, 1)
    parts = [mutants[round(at * size) : round((at + 1) * size)] for at in range(most)]
    return [draw.choice(part) for part in parts if part]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_of_the_data_is_missed_without_a_reason(
    laboratory: Laboratory, part: int
) -> None:
    mutants = _sample(laboratory)
    missed = [
        (mutant.how, str(mutant.old))
        for mutant in mutants[part::PARTS]
        if laboratory.verdict(mutant)[0] == MISSED
    ]
    assert missed == []


def test_the_quick_check_finds_what_the_whole_check_finds(laboratory: Laboratory) -> None:
    draw = random.Random(2026)  # noqa: S311 - no secret
    mutants = draw.sample(in_random_order(laboratory), COMPARED)
    quick = [laboratory.verdict(mutant) for mutant in mutants]
    assert quick == [laboratory.verdict_of_whole(mutant) for mutant in mutants]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("predicate", "message"),
    [
        ("rdf:type", "Nothing says what"),
        (
            "oh:party",
            "Add one oh:party from data/organisations.ttl for each organisation that the sentence names",
        ),
        ("oh:kind", "Add oh:kind with the kind of arrangement"),
        (
            "skos:prefLabel",
            "Give the thing exactly one skos:prefLabel in English (@en) and one in French",
        ),
    ],
)
def test_check_reports_what_a_shape_requires_of_an_agreement(
    light: Project, predicate: str, message: str
) -> None:
    """Removed from every sentence that states it."""
    prefix, _, name = predicate.partition(":")
    gone = NamedNode(PREFIXES[prefix] + name)
    dataset = read_dataset(light)
    files = [
        DataFile(
            file.path,
            tuple(q for q in file.quads if (q.subject, q.predicate) != (AGREEMENT, gone)),
        )
        for file in dataset.files
    ]
    grave = [one for one in check(Dataset(dataset.project, files)) if one.severity == VIOLATION]
    assert any(one.message.startswith(message) for one in grave)


def test_an_altered_character_of_the_text_is_found(tmp_path: Path) -> None:
    store = read_dataset(bundled()).store
    data = (bundled().sources / f"{STEM}.txt").read_bytes()
    copy = tmp_path / f"{STEM}.txt"
    verdicts: Counter[tuple[str, ...]] = Counter()
    places = sample(range(len(data)), 400)
    for place in places:
        copy.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        verdicts[tuple(flaw.check for flaw in flaws(store, [copy]))] += 1
    assert verdicts == {("text-is-unchanged",): len(places)}


def test_every_altered_quote_is_found() -> None:
    dataset = read_dataset(bundled())
    texts = dataset.project.texts
    quotes = list(dataset.store.quads_for_pattern(None, EXACT, None, None))
    named = [quad for quad in quotes if quad.graph_name != DefaultGraph()]
    found = []
    for quad in named:
        words = quad.object.value
        altered = Quad(quad.subject, EXACT, Literal(words[:-1] + "!"), quad.graph_name)
        dataset.store.remove(quad)
        dataset.store.add(altered)
        found.append([flaw.check for flaw in flaws(dataset.store, texts)])
        dataset.store.remove(altered)
        dataset.store.add(quad)
    assert len(named) == 21
    assert found == [["quote-is-in-text"]] * 21


def test_a_false_modality_topic_or_joint_supervision_is_found(light: Project) -> None:
    """Falsehoods that a hasty reader might write, each in the graph of a real sentence."""
    lies = [
        ("s13", "undertaking-anses-inserm-stronger-links", "modality", OH + "ongoing"),
        ("s10", "undertaking-anses-inserm-data-sharing", "topic", ID + "topic-pesticides"),
        (
            "s13",
            "undertaking-anses-inserm-stronger-links",
            "exampleTopic",
            ID + "topic-nanomaterials",
        ),
        (
            "s21",
            "organisation-anses",
            "jointlySupervisedBy",
            ID + "organisation-health-ministry-france",
        ),
        ("s7", "undertaking-anses-inserm-joint-projects", "exampleTopic", ID + "topic-environment"),
        ("s16", "task-inserm-laboratory-to-bedside", "agent", ID + "organisation-anses"),
    ]
    dataset = read_dataset(light)
    source = f"https://w3id.org/onehealthkg/source/{STEM}#"
    said = [
        Quad(NamedNode(ID + subject), NamedNode(OH + predicate), NamedNode(value), NamedNode(source + passage))
        for passage, subject, predicate, value in lies
    ]  # fmt: skip
    files = [
        DataFile(file.path, (*file.quads, *said)) if file.path.name == f"{STEM}.trig" else file
        for file in dataset.files
    ]
    found = {
        (finding.thing, finding.predicate, finding.value)
        for finding in check(Dataset(dataset.project, files))
        if finding.severity == VIOLATION
    }
    about = [(lie.subject.value, lie.predicate.value, lie.object.value) for lie in said]
    # A finding about the number of values names none of them.
    assert [lie for lie in about if found.isdisjoint({lie, (*lie[:2], "")})] == []
