"""No decision is lost, however a review ends and whoever else reviews at the same time."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad
from reviewing import EXPOSOME, HEADER, JANE, VIRAL, ZOONOSES, by_jane, candidate

from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import InputError, OneHealthKGError
from onehealthkg.mappings.sssom import Mapping, MappingSet, read_mappings
from onehealthkg.paths import Project
from onehealthkg.reviewing.links_file import Change, LinksFile, Meanwhile, links


@pytest.fixture
def process(own: Project, kept: Path) -> Callable[[Path], subprocess.Popen[bytes]]:
    """A session in a separate process, whose answers are written to a pipe."""

    def started(candidates: Path) -> subprocess.Popen[bytes]:
        command = ["-m", "onehealthkg", "review", str(candidates), "-o", str(kept), *JANE]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-u", *command, "--project", own.root],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )

    return started


class Reader:
    """The output of a session, as it arrives."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.rest = b""

    def until(self, words: bytes) -> bytes:
        """The output up to and including the words; all of it if the session ends first."""
        while words not in self.rest:
            ready, _, _ = select.select([self.descriptor], [], [], 60)
            more = self._read() if ready else b""
            assert more, f"{words!r} did not come after {self.rest!r}"
            self.rest += more
        seen, found, self.rest = self.rest.partition(words)
        return seen + found

    def _read(self) -> bytes:
        try:
            return os.read(self.descriptor, 1000)
        except OSError:  # how a terminal ends
            return b""


def many(number: int) -> list[Mapping]:
    return [
        candidate("zoonoses", "related", f"mesh:D{one:06}", f"label {one}") for one in range(number)
    ]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_the_session_between_decisions_loses_nothing(
    process, make, kept: Path, how: signal.Signals
) -> None:
    path = make(*many(5))
    with process(path) as one:
        assert one.stdin
        assert one.stdout
        read = Reader(one.stdout.fileno())
        for number in (1, 2):
            one.stdin.write(b"accept\n")
            one.stdin.flush()
            read.until(b"Kept: ")
            assert len(read_mappings(kept).mappings) == number
        one.send_signal(how)
        assert one.wait(20) == (130 if how == signal.SIGINT else -how)
    assert len(read_mappings(kept).mappings) == 2
    assert [name for name in os.listdir(kept.parent) if ".tmp" in name] == []


def test_kill_at_any_moment_leaves_a_whole_file_with_all_saved_decisions(
    process, make, kept: Path
) -> None:
    path = make(*many(300))
    kills = 0
    for _ in range(4):
        with process(path) as one:
            assert one.stdin
            assert one.stdout
            one.stdin.write(b"accept\n" * 300)
            one.stdin.flush()
            read = Reader(one.stdout.fileno())
            seen = read.until(b"3 of")
            one.kill()
            seen += read.rest + one.stdout.read()
            kills += one.wait() == -signal.SIGKILL
        found = {mapping.object_id for mapping in read_mappings(kept).mappings}
        said = set(re.findall(r"Kept: \S+ \S+ (mesh:D\d+)$", seen.decode(), re.MULTILINE))
        assert said
        assert said <= found
    assert kills


def test_a_full_disk_ends_the_session_with_a_message_and_keeps_the_old_file(
    talk, make, kept: Path, own: Project
) -> None:
    talk("a\n", make(ZOONOSES))
    before = kept.read_bytes()
    path = make(EXPOSOME)
    review = f"review {path} -o {kept} --reviewer J --project {own.root}"
    command = f"ulimit -f 0; exec {sys.executable} -B -m onehealthkg {review}"
    ended = subprocess.run(["bash", "-c", command], input=b"a\n", capture_output=True)
    assert (ended.returncode, kept.read_bytes()) == (3, before)
    assert b"File too large" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_an_output_that_is_full_gives_a_message(make, kept: Path, own: Project) -> None:
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES)), "-o", str(kept)]
    command += [*JANE, "--project", own.root]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, input=b"a\n", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 3
    assert b"Traceback" not in ended.stderr


def test_two_reviews_at_the_same_time_lose_nothing(process, make, kept: Path) -> None:
    one, two = make(*many(60), name="one"), make(*many(90)[30:], name="two")
    with process(one) as first, process(two) as second:
        # The second session to decide on a pair gets a message, and one answer fewer is needed.
        ended = [run.communicate(b"accept\n" * 90, timeout=100) for run in (first, second)]
        codes = [run.returncode for run in (first, second)]
    assert codes == [0, 0]
    assert [err for _, err in ended] == [b"", b""]
    assert len(read_mappings(kept).mappings) == 90


def test_the_second_user_gets_a_message_and_overwrites_nothing(kept: Path) -> None:
    first, second = (LinksFile(kept, HEADER) for _ in range(2))
    pair = links(MappingSet(HEADER, (ZOONOSES,)))[0].pair
    first.change([Change(pair, (), (by_jane(ZOONOSES),))])
    with pytest.raises(Meanwhile) as told:
        second.change([Change(pair, (), (ZOONOSES._replace(predicate_modifier="Not"),))])
    assert str(told.value) == (
        "Another user has decided meanwhile: exact, by Jane Doe. That decision is unchanged."
    )
    with pytest.raises(Meanwhile, match="its decision was undone"):
        second.change([Change(("https://a", "https://b"), (ZOONOSES,), ())])
    assert read_mappings(kept).mappings == (by_jane(ZOONOSES),)


def test_a_file_deleted_or_damaged_meanwhile_is_not_overwritten(kept: Path) -> None:
    file = LinksFile(kept, HEADER)
    pair = links(MappingSet(HEADER, (ZOONOSES,)))[0].pair
    file.change([Change(pair, (), (ZOONOSES,))])
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text + "<<<<<<< HEAD\n", encoding="utf-8")
    with pytest.raises(InputError, match="cells"):
        file.change([Change(pair, (ZOONOSES,), ())])
    kept.unlink()
    with pytest.raises(InputError, match="has been deleted"):
        file.change([Change(pair, (ZOONOSES,), ())])
    assert not kept.exists()


def test_a_lock_that_is_held_ends_with_a_message(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onehealthkg.locks._PATIENCE", 0.05)
    descriptor = os.open(kept.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(OneHealthKGError, match="another program has locked this folder"):
            LinksFile(kept, HEADER).change([])
    finally:
        os.close(descriptor)


@pytest.fixture
def terminal(make, kept: Path, own: Project) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A session in a pseudo-terminal, and the end of the terminal at which a person sits."""
    here, there = pty.openpty()
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES, VIRAL)), "-o"]
    run = subprocess.Popen(
        [*command, str(kept), *JANE, "--project", own.root],
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "COLUMNS": "80"},
    )
    os.close(there)
    yield here, run
    run.kill()
    run.wait()
    with suppress(OSError):  # a test may have closed it
        os.close(here)


def test_a_person_who_mistypes_is_asked_again(terminal, kept: Path) -> None:
    here, run = terminal
    read = Reader(here)
    talk = [
        (b"elp > ", b"yes\n"),
        (b'"yes" is not an answer here', b""),
        (b" > ", b"\n"),
        (b"elp > ", b"r\n"),
        (b"not a match? > ", b"\n"),
        (b"needs a reason", b"r \xc3\xa9\xff other\n"),
        (b"Rejected: ", b""),
        (b"elp > ", b"accept\n"),
        (b"Kept: ", b""),
        (b"That was the last one. [b]ack [q]uit > ", b"q\n"),
    ]
    for words, answer in talk:
        read.until(words)
        os.write(here, answer)
    assert run.wait(20) == 0
    assert [(one.predicate_modifier, one.comment) for one in read_mappings(kept).mappings] == [
        ("", ""),
        ("Not", "é� other"),
    ]


def test_a_terminal_has_colours_and_ends_with_control_c(terminal) -> None:
    here, run = terminal
    read = Reader(here)
    seen = read.until(b"elp > ")
    assert b"\x1b[2m" + "─".encode() * 80 + b"\x1b[0m" in seen
    os.write(here, b"\x03")
    seen = read.until(b"left. Nothing was written.")
    assert run.wait(20) == 130
    assert b"0 accepted, 0 rejected, 0 later, 2 left." in seen
    assert b"Traceback" not in seen


def test_a_closed_terminal_loses_nothing(terminal, kept: Path) -> None:
    here, run = terminal
    read = Reader(here)
    read.until(b"elp > ")
    os.write(here, b"a\n")
    read.until(b"Kept: ")
    os.close(here)
    assert run.wait(20) == -signal.SIGHUP
    assert read_mappings(kept).mappings == (by_jane(ZOONOSES),)


@pytest.mark.slow
def test_accepted_candidates_are_in_the_links_graph(make, project: Project) -> None:
    project.links_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES, VIRAL))]
    own = ["--project", project.root, *JANE]
    subprocess.run([*command, *own], input=b"a\nr no\n", check=True, capture_output=True)
    graph = NamedNode("https://w3id.org/onehealthkg/graph/links")
    zoonoses = NamedNode("https://w3id.org/onehealthkg/id/topic-zoonoses")
    assert set(load_store(project).quads_for_pattern(zoonoses, None, None, graph)) == {
        Quad(
            zoonoses,
            NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
            NamedNode("http://aims.fao.org/aos/agrovoc/c_8530"),
            graph,
        )
    }
