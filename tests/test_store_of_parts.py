"""The graph of a large project, made in parts, is that of a project that is read as a whole."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
from effort import EVERYTHING
from ending import append, spoil
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple
from test_parts import HARMS, MERGER, NASTY, RECORD, afresh, in_parts, many
from test_store_on_disk import HARMS as DAMAGE
from test_store_on_disk import largest, stores

from onehealthkg import limits
from onehealthkg.cli import main
from onehealthkg.commands.options import progress_for
from onehealthkg.dataset import database, divided, store_of_parts, tasks, units
from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.kept import Kept
from onehealthkg.dataset.unit_reader import lines_of
from onehealthkg.errors import FindingsError, InputError
from onehealthkg.evidence.selection import select
from onehealthkg.exports import build_in_parts
from onehealthkg.exports.build import build
from onehealthkg.exports.export import export
from onehealthkg.exports.in_parts import export_in_parts
from onehealthkg.paths import Project
from onehealthkg.rdf import large
from onehealthkg.terms import merge

__all__ = ["many"]  # the fixture
EDITS = 42 if EVERYTHING else 7


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
    of = tasks.inferences_of
    monkeypatch.setattr(
        tasks,
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
        every = [*HARMS, *NASTY] if EVERYTHING else HARMS
        harm = every[number % len(every)]
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


@pytest.mark.slow
def test_a_build_in_parts_writes_the_same_bytes(
    many: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "_TOGETHER", 1 << 20)
    monkeypatch.setattr(large, "_PARSED", 100)
    in_parts = build(many, tmp_path / "parts", jobs=2)
    monkeypatch.setattr(units, "WHOLE", 10**6)
    whole = build(many, tmp_path / "whole")
    for name in ("onehealthkg.nq", "onehealthkg.trig"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert in_parts._replace(files=[]) == whole._replace(files=[])


@pytest.mark.slow
def test_a_file_that_changes_during_a_build_is_checked(
    many: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = build_in_parts.check_project

    def edited(project: Project, **options: object) -> object:
        findings = check(project, **options)  # type: ignore[arg-type]
        monkeypatch.setattr(build_in_parts, "check_project", check)
        spoil(Path(many.root, RECORD), "confidence: medium\n", "")
        return findings

    monkeypatch.setattr(build_in_parts, "check_project", edited)
    with pytest.raises(FindingsError, match="Record-confidence"):
        build(many, tmp_path / "built")
    assert not (tmp_path / "built").exists()


@pytest.mark.slow
def test_exports_in_parts_have_the_same_bytes(
    many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "_TOGETHER", 1 << 20)
    selection = select(many)
    for name in ("nquads", "ntriples", "trig", "turtle"):
        pieces: list[bytes] = []
        assert export_in_parts(many, name, pieces.extend)
        assert b"".join(pieces) == export(selection, name)
    assert not export_in_parts(many, "rdfxml", pieces.extend)
    append(many.statements[0], b"<https://example.org/s> a <https://example.org/o> .\n")
    assert not export_in_parts(many, "nquads", pieces.extend)


def test_an_export_without_room_is_refused_before_anything_is_read(
    many: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits, "MEMORY", 10_000_000)
    monkeypatch.setattr(divided.Divided, "read", None)
    assert main(["export", "--project", str(many.root), "-f", "csv"]) == 2
    said = capsys.readouterr().err
    assert "records and texts need about" in said
    assert "export a part of it with --only THING, or the whole graph as nquads" in said


LITERALS = ["plain", 'a " b', "<https://x.org/g> .", "line\nline", "\u2028", "a .", '" .']


@pytest.mark.parametrize("graph", [DefaultGraph(), NamedNode("https://x.org/g")], ids=str)
def test_a_line_without_a_graph_is_recognised(graph: NamedNode | DefaultGraph) -> None:
    thing = NamedNode("https://x.org/s")
    literals = [Literal(text) for text in LITERALS]
    literals += [Literal(text, language="en") for text in LITERALS]
    literals += [Literal(text, datatype=thing) for text in LITERALS]
    for value in (thing, BlankNode("b"), *literals):
        line = lines_of([Quad(thing, thing, value, graph)])
        assert large.is_in_graphs(line) == (graph != DefaultGraph()), line
        if large.is_in_graphs(line):
            ours = large.triple_of(line.encode())
            assert ours == f"{Triple(thing, thing, value)} .\n".encode()


_SHOW = """
import sys
from onehealthkg.cli import main
from onehealthkg.dataset import divided, units
units.WHOLE, divided.TOGETHER = 0, 30
sys.exit(main(['show', '--project', sys.argv[1], 'id:agreement-anses-invs-2012']))
"""


def show(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _SHOW, project.root], stdout=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_is_killed_leaves_a_store_that_is_right(many: Project) -> None:
    show(many).communicate()
    chance = random.Random(11)  # noqa: S311 - no secret
    levels = ["confidence: medium\n", "confidence: low\n"]
    for number in range(6):
        spoil(Path(many.root, RECORD), levels[number % 2], levels[(number + 1) % 2])
        process = show(many)
        time.sleep(chance.uniform(0.2, 1.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if number % 2:
            assert of_parts(many) == whole(many)
    show(many).communicate()
    assert len(stores(many)) <= 3  # those that this process has read, and none of the killed


@pytest.mark.slow
def test_processes_at_the_same_time_give_the_same_answer(many: Project) -> None:
    processes = [show(many) for _ in range(3)]
    answers = {process.communicate()[0] for process in processes}
    assert len(answers) == 1
    assert answers != {b""}
    assert len(stores(many)) == 1
    assert of_parts(many) == whole(many)


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_store(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    load_store(many)
    (folder,) = stores(many)
    old = {path.name: path.read_bytes() for path in (folder / "data").iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store_of_parts, "revise_store", full)
    monkeypatch.setattr(store_of_parts, "write_store", full)
    spoil(Path(many.root, RECORD), "confidence: medium\n", "confidence: low\n")
    stated = {quad for quad in of_parts(many) if quad.graph_name != DefaultGraph()}  # type: ignore[union-attr]
    assert stated == {quad for quad in whole(many) if quad.graph_name != DefaultGraph()}  # type: ignore[union-attr]
    assert {path.name: path.read_bytes() for path in (folder / "data").iterdir()} == old
    monkeypatch.undo()


@pytest.mark.slow
def test_a_merger_in_a_text_is_known_to_all_parts(many: Project) -> None:
    before = whole(many)
    append(many.statements[0], MERGER.encode())
    found = of_parts(many)
    assert found == whole(many)
    doubtful = {str(quad.predicate) for quad in found - before}  # type: ignore[operator]
    assert any("doubtfulFrom" in predicate for predicate in doubtful)


@pytest.mark.slow
def test_a_large_project_with_other_rules_says_why_it_is_read_at_once(many: Project) -> None:
    said: list[str] = []
    rule = Path(many.root, "ontology/rules/period-begin.rq")
    rule.write_text(rule.read_text(encoding="utf-8") + "\n# ours\n", encoding="utf-8")
    load_store(many, lambda sentence, *_: said.append(sentence))
    assert [sentence for sentence in said if "init --update" in sentence] == [
        f"{many.root}/ontology/rules: these rules are not the package's, so all files are read at "
        "once, which takes much memory; onehealthkg init --update brings those of the package."
    ]


@pytest.mark.slow
def test_who_waits_for_another_process_says_so(
    light: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(units, "WHOLE", 0)
    monkeypatch.setattr(database, "_PATIENCE", 100)
    other = Kept(light)
    load_store(light, progress_for(Namespace(quiet=False)))
    assert "Another process is reading this project" in capsys.readouterr().err
    other.close()
