"""A graph in a store on disk gives the same answers as one in memory, even if files are damaged."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ending import DONE, append, here, instead

from onehealthkg.dataset import cache
from onehealthkg.dataset.cache import load_store
from onehealthkg.graph import load
from onehealthkg.paths import Project, cache_file
from onehealthkg.terms import merge


@pytest.fixture
def on_disk(light: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(cache, "MOST_IN_MEMORY", 0)
    return light


def stores(project: Project) -> list[Path]:
    path = Path(cache_file(project))
    return sorted(path.parent.glob(f"{path.stem}-*"))


def largest(folder: Path) -> Path:
    return max((folder / "data").glob("*.sst"), key=lambda path: path.stat().st_size)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


HARMS: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "one bit changed": flip,
    "longer": lambda path: append(path, b"\0"),
    "missing": Path.unlink,
    "a folder": instead(Path.mkdir),
    "a link": lambda path: path.symlink_to(path.rename(path.with_suffix(".old")).name),
}


def test_a_store_on_disk_has_the_quads_and_their_merge(
    light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = merge(load_store(light))
    monkeypatch.setattr(cache, "MOST_IN_MEMORY", 0)
    cache.forget(light)
    assert set(load_store(light)) == set(in_memory)  # as it is written
    assert set(merge(load_store(light))) == set(in_memory)  # as it is read
    assert len(stores(light)) == 1


@pytest.mark.slow
def test_commands_give_the_same_answers_from_a_store_on_disk(
    light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = (
        ("show", "Inserm"),
        ("evidence", "Inserm schema:foundingDate 1964"),
        ("inferences",),
    )
    expected = [here(*command, "--project", light.root) for command in commands]
    assert [ended.code for ended in expected] == [DONE] * len(commands)
    graph = load(light.root)
    cited = str(graph.cite(graph.query("signatures", organisation="Inserm")))
    monkeypatch.setattr(cache, "MOST_IN_MEMORY", 0)
    cache.forget(light)
    assert [here(*command, "--project", light.root) for command in commands] == expected
    assert stores(light)
    graph = load(light.root)
    signatures = graph.query("signatures", organisation="Inserm")  # evaluated in a child process
    assert {row["signed"] for row in signatures} == {"2020-02-05"}
    assert str(graph.cite(signatures)) == cited


QUICK = "one bit changed"


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(harm, id=name, marks=[] if name == QUICK else pytest.mark.slow)
        for name, harm in HARMS.items()
    ],
)
def test_a_store_that_was_damaged_is_made_again(
    on_disk: Project, harm: Callable[[Path], object]
) -> None:
    expected = here("show", "--project", on_disk.root, "Inserm")
    (folder,) = stores(on_disk)
    harm(largest(folder))
    assert here("show", "--project", on_disk.root, "Inserm") == expected
    assert [one for one in stores(on_disk) if one != folder]


@pytest.mark.slow
def test_an_old_store_is_removed_when_nobody_reads_it(on_disk: Project) -> None:
    show = [sys.executable, "-c", _SHOW, on_disk.root]
    seen = set()
    for number in range(3):
        append(Path(on_disk.root, "data", "organisations.ttl"), b"# %d\n" % number)
        subprocess.run(show, check=True)
        (folder,) = stores(on_disk)
        seen.add(folder)
    assert len(seen) == 3


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_the_old_store_or_the_new_one(on_disk: Project) -> None:
    subprocess.run([sys.executable, "-c", _SHOW, on_disk.root], check=True)
    chance = random.Random(7)  # noqa: S311 - no secret
    for _ in range(4):
        cache.forget(on_disk)
        process = subprocess.Popen([sys.executable, "-c", _SHOW, on_disk.root])
        time.sleep(chance.uniform(0.1, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([sys.executable, "-c", _SHOW, on_disk.root], check=True)
    assert len(stores(on_disk)) == 1
    assert here("show", "--project", on_disk.root, "Inserm").code == DONE


_SHOW = """
import sys
from onehealthkg.cli import main
from onehealthkg.dataset import cache
cache.MOST_IN_MEMORY = 0
sys.stdout = open('/dev/null', 'w')
sys.exit(main(['show', '--project', sys.argv[1], 'id:organisation-inserm']))
"""
