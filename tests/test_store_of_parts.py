"""The graph of a large project, made in parts, is that of a project that is read as a whole."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from effort import EVERYTHING
from ending import spoil
from pyoxigraph import Quad, Store
from test_parts import HARMS, RECORD, afresh, in_parts, many
from test_store_on_disk import HARMS as DAMAGE
from test_store_on_disk import largest, stores

from onehealthkg.dataset import divided, store_of_parts
from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import InputError
from onehealthkg.paths import Project
from onehealthkg.terms import merge

__all__ = ["many"]  # the fixture
EDITS = 40 if EVERYTHING else 6


def whole(project: Project) -> set[Quad] | str:
    try:
        store = Store()
        store.extend(afresh(project).quads)
        return set(merge(store))
    except InputError as error:
        return str(error)


def of_parts(project: Project) -> set[Quad] | str:
    try:
        return set(load_store(project))
    except InputError as error:
        return str(error)


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list to which each part that is inferred from adds the number of its units."""
    numbers: list[int] = []
    of = divided.inferences_of
    monkeypatch.setattr(
        divided,
        "inferences_of",
        lambda data, task: numbers.append(len(task.names)) or of(data, task),
    )
    monkeypatch.setattr(divided, "cores", lambda: 1)
    return numbers


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2 if EVERYTHING else 1))
def test_after_any_edit_the_store_is_that_of_the_whole(many: Project, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    backup = Path(many.root, "backup")
    shutil.copytree(Path(many.root, "data"), backup)
    assert of_parts(many) == whole(many)
    for number in range(EDITS):
        harm = HARMS[number % len(HARMS)]
        harm(many, chance)
        if chance.random() < 0.5:
            in_parts(many)
        found = of_parts(many)
        assert found == whole(many), (number, harm)
        if isinstance(found, str) or chance.random() < 0.3:
            shutil.rmtree(Path(many.root, "data"))
            shutil.copytree(backup, Path(many.root, "data"))
    shutil.rmtree(backup)


@pytest.mark.slow
def test_an_edit_of_a_record_costs_one_part_and_a_revision(
    many: Project, derived: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_store(many)
    first = len(derived)
    assert first > 3
    spoil(Path(many.root, RECORD), "confidence: medium\n", "confidence: low\n")
    monkeypatch.setattr(store_of_parts, "write_store", None)  # it must not be called
    assert of_parts(many) == whole(many)
    assert derived[first:] == [1]
    assert len(stores(many)) == 2  # this process still reads the first


@pytest.mark.slow
def test_what_a_check_has_inferred_is_not_inferred_again(many: Project, derived: list[int]) -> None:
    assert in_parts(many) == []
    assert of_parts(many) == whole(many)
    assert derived == []


@pytest.mark.slow
def test_a_fact_stays_in_the_merged_graph_while_another_record_states_it(many: Project) -> None:
    record = Path(many.root, RECORD)
    copy = record.with_name("copied.yaml")
    shutil.copy(record, copy)
    assert of_parts(many) == whole(many)
    copy.unlink()
    found = of_parts(many)
    assert found == whole(many)
    record.unlink()
    assert of_parts(many) == whole(many)
    assert of_parts(many) < found


@pytest.mark.slow
@pytest.mark.parametrize("harm", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_store_is_written_whole(many: Project, harm: Callable[[Path], object]) -> None:
    load_store(many)
    (folder,) = stores(many)
    harm(largest(folder))
    assert of_parts(many) == whole(many)
    spoil(Path(many.root, RECORD), "confidence: medium\n", "confidence: low\n")
    assert of_parts(many) == whole(many)
