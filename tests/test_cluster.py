"""A Dask cluster of separate processes reads and checks a project: the same bytes and findings as
one machine, even if a worker dies."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ending import spoil
from misbehaving import free_port
from projects import copied

from onehealthkg.checks.check import check
from onehealthkg.checks.parts import check_project
from onehealthkg.cli import main
from onehealthkg.dataset import dataset as dataset_module
from onehealthkg.dataset import divided, units
from onehealthkg.dataset.cluster import cluster
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.dataset.jobs import Each
from onehealthkg.errors import InputError
from onehealthkg.exports.build import build
from onehealthkg.paths import Project, bundled

distributed = pytest.importorskip("distributed")
Local = Any  # distributed has no types


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """Two workers, each a separate process, that are started again when they die."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_module, "_RECORDS", 5)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files that one machine builds."""
    return contents(build(bundled(), tmp_path_factory.mktemp("alone")).files)


def contents(files: Iterable[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files}


@pytest.mark.slow
@pytest.mark.usefixtures("small_tasks")
def test_a_cluster_builds_the_same_bytes(
    local: Local, alone: dict[str, bytes], tmp_path: Path
) -> None:
    with cluster(local.scheduler_address) as each:
        assert contents(build(bundled(), tmp_path, each).files) == alone


@pytest.mark.slow
@pytest.mark.usefixtures("small_tasks")
def test_a_worker_that_is_killed_costs_only_time(
    local: Local, alone: dict[str, bytes], tmp_path: Path
) -> None:
    with cluster(local.scheduler_address) as each, killing(local, each, 1) as watched:
        assert contents(build(bundled(), tmp_path, watched).files) == alone


@pytest.mark.slow
def test_a_cluster_builds_a_large_project(
    local: Local, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "WHOLE", 0)
    monkeypatch.setattr(divided, "TOGETHER", 15)
    project = copied(tmp_path / "project")
    with cluster(local.scheduler_address) as each:
        assert contents(build(project, tmp_path / "built", each).files) == alone


@pytest.mark.slow
def test_a_cluster_finds_the_same_even_if_a_worker_is_killed(
    local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "WHOLE", 0)
    monkeypatch.setattr(divided, "TOGETHER", 15)
    project = copied(tmp_path)
    spoil(Path(project.root, "data/partnerships/anses-invs-2012.yaml"), "confidence: medium\n", "")
    expected = check(read_dataset(project))
    assert [finding.check for finding in expected] == ["Record-confidence"]
    with cluster(local.scheduler_address) as each:
        assert check_project(project, jobs=each) == expected
        with killing(local, each, 2) as watched:  # after reading
            assert check_project(project, jobs=watched, full=True) == expected


@contextmanager
def killing(local: Local, each: Each, call: int) -> Iterator[Each]:
    """A function like ``each``, on a cluster of which a worker is killed during one of its calls."""
    pid = next(worker.process.pid for worker in local.workers.values())
    timer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
    calls = itertools.count(1)

    def watched(work: Callable[..., object], tasks: Sequence[object]) -> Iterator[object]:
        results = each(slowly, [(work, task) for task in tasks])
        if next(calls) == call:
            timer.start()
        yield from results

    yield watched
    timer.join()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def slowly(job: tuple[Callable[..., object], object]) -> object:
    work, task = job
    time.sleep(0.3)
    return work(task)


@pytest.mark.slow
def test_the_commands_agree_and_name_an_unreadable_file(
    local: Local, release: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--project", str(release.root), "--scheduler", local.scheduler_address]
    assert main(["check", *words]) == 0
    assert main(["build", "-o", str(tmp_path / "graph"), *words]) == 0
    capsys.readouterr()
    Path(release.root, "data", "people.ttl").write_text("id:x a", encoding="utf-8")
    assert main(["check", *words]) == InputError.exit_code
    assert "people.ttl:1" in capsys.readouterr().err


def test_an_address_without_a_scheduler_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--scheduler", "http://localhost/"]) == 2
    assert "write the scheduler as tcp://HOST:PORT" in capsys.readouterr().err


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--scheduler", f"tcp://127.0.0.1:{free_port()}"]) == 4
    assert "no Dask scheduler answers there" in capsys.readouterr().err
