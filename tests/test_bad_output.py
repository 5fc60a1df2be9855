"""Output that cannot be written leaves everything as it was, and commands no terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ending import (
    DONE,
    NO_FILE,
    PROBLEMS,
    SMALL,
    STATEMENTS,
    STEM,
    WRONG_USE,
    alone,
    data,
    here,
    limits,
    script,
    spoil,
    untouched,
)
from pyoxigraph import RdfFormat, parse

from onehealthkg.files import write_all
from onehealthkg.graph import load
from onehealthkg.paths import Project

pytest.importorskip("resource", reason="limits, pipes and devices are Unix's")


def _file_for_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("mine")


UNWRITABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder in its place": (Path.mkdir, "{path}: this is a folder, a pipe or a device; name a file."),
    "a pipe in its place": (os.mkfifo, "{path}: this is a folder, a pipe or a device; name a file."),
    "a device in its place": (lambda path: path.symlink_to("/dev/full"), "{path}: this is a folder, a pipe or a device; name a file."),
    "a file for its folder": (_file_for_folder, "{path}: cannot be written: a part of this path is a file."),
    "a full disk": (lambda path: path.write_text("mine"), "{path}: cannot be written: File too large."),
}  # fmt: skip
OUTPUTS = {
    "build": (["build", "-o", "out"], "onehealthkg.trig"),  # the second of two files
    "coverage": (["coverage", STEM, "--html", "out/page.html"], "page.html"),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", OUTPUTS)
@pytest.mark.parametrize("flaw", UNWRITABLE)
def test_output_that_cannot_be_written_leaves_everything_as_it_was(
    tmp_path: Path, light: Project, command: str, flaw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, name = OUTPUTS[command]
    block, message = UNWRITABLE[flaw]
    out = tmp_path / "out"
    out.mkdir()
    block(out / name)
    monkeypatch.chdir(tmp_path)
    words = (*arguments, "--project", light.root)
    with untouched(tmp_path):
        if flaw == "a full disk":
            ended = alone(*words, limit=limits(file_size=SMALL))
        else:
            ended = here(*words)
    assert (ended.code, ended.out) == (NO_FILE, "")
    paths = [Path("out", one) for one in (name, "onehealthkg.nq")]
    assert ended.err in [f"onehealthkg: {message.format(path=path)}\n" for path in paths]


@pytest.mark.parametrize("name", ["x" * 300, "new/folders/" + "x" * 300])
def test_a_name_that_no_file_can_have_is_named(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with untouched(tmp_path):
        ended = here("coverage", STEM, "--html", name)
    assert ended == (NO_FILE, "", f"onehealthkg: {name}: cannot be written: File name too long.\n")


def test_passages_writes_both_files_or_none(tmp_path: Path) -> None:
    text = tmp_path / "2021-01-01-a.txt"
    text.write_text("A first sentence of the text. A second sentence is in the text.\n" * 20)
    with untouched(tmp_path):
        ended = alone("passages", text, limit=limits(file_size=SMALL))
        message = f"{text.with_suffix('.passages.trig')}: cannot be written: File too large."
        assert ended == (NO_FILE, "", f"onehealthkg: {message}\n")
    text.with_suffix(".passages.trig").mkdir()
    with untouched(tmp_path):
        assert here("passages", text).code == NO_FILE
    text.with_suffix(".passages.trig").rmdir()
    text.with_suffix(".trig").mkdir()
    with untouched(tmp_path):
        assert here("passages", text).code == NO_FILE


@pytest.mark.slow
def test_data_with_violations_is_not_built(light: Project, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    spoil(data(light, STATEMENTS), "oh:party", "oh:no")
    ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out, out.parent.exists()) == (PROBLEMS, "", False)
    assert ended.err.endswith("\nNothing was written.\n")


def test_an_interrupted_write_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    old = tmp_path / "old"
    old.write_text("mine")
    monkeypatch.setattr(os, "fsync", interrupt)
    with untouched(tmp_path), pytest.raises(KeyboardInterrupt):
        write_all({old: b"new", tmp_path / "new": b"new"})


def test_a_written_file_keeps_its_permissions_and_a_link_its_target(tmp_path: Path) -> None:
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_text("mine")
    old.chmod(0o640)
    link.symlink_to(old)
    write_all({link: b"new"})
    assert (old.read_text(), old.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)


def test_an_interrupt_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    alarm = """
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.2)  # a build takes longer on any machine
sys.exit(main(sys.argv[1:]))
"""
    with untouched(tmp_path):
        assert script(alarm, "build", "-o", tmp_path / "out") == (130, "", "")


@pytest.mark.slow
def test_builders_at_the_same_time_do_not_disturb_each_other(
    tmp_path: Path, light: Project
) -> None:
    def build(out: Path, cache: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", TWICE, light.root, str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"ONEHEALTHKG_CACHE": str(cache)},
        )

    out, cache = tmp_path / "out", tmp_path / "cache"
    ended = [one.communicate() for one in [build(out, cache) for _ in range(3)]]
    assert [err for _, err in ended] == [b""] * 3
    assert len({text for text, _ in ended}) == 1
    assert sorted(path.name for path in out.iterdir()) == ["onehealthkg.nq", "onehealthkg.trig"]
    assert {path.suffix for path in cache.iterdir()} == {".nq", ".json"}  # the graph, the words
    assert len(list(cache.iterdir())) == 2
    for path in out.iterdir():
        assert list(parse(path.read_bytes(), format=RdfFormat.from_extension(path.suffix[1:])))


TWICE = """
import sys
from onehealthkg.checks.archive import flaws
from onehealthkg.cli import main
own = ["--project", sys.argv[1]]
sys.exit(main(["build", *own, "-o", sys.argv[2]]) or main(["show", *own, "Inserm"]))
"""


# Standard output and standard error

STREAMS = {
    "full": ("show Inserm > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, help": ("--help > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, version": ("--version > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, much": ("evidence '* * *' > /dev/full", NO_FILE, "standard output: No space left on device."),
    "closed": ("show Inserm >&-", NO_FILE, "standard output is closed; send it to a file, or to /dev/null."),
    "closed, help": ("--help >&-", NO_FILE, "standard output is closed; send it to a file, or to /dev/null."),
    "errors full": ("show nothing 2> /dev/full", WRONG_USE, ""),
    "errors closed": ("show nothing 2>&-", WRONG_USE, ""),
    "errors closed, arguments": ("nothing 2>&-", WRONG_USE, ""),
    "errors full, arguments": ("nothing 2> /dev/full", WRONG_USE, ""),
    "all closed": ("show Inserm >&- 2>&-", NO_FILE, ""),
    "input closed": ("show Inserm <&- > /dev/null", DONE, ""),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("words", "code", "message"), STREAMS.values(), ids=STREAMS)
def test_a_stream_that_cannot_be_written_is_reported(words: str, code: int, message: str) -> None:
    line = f"{sys.executable} -m onehealthkg {words}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    expected = f"onehealthkg: {message}\n" if message else ""
    assert (done.returncode, done.stdout, done.stderr) == (code, "", expected)


@pytest.mark.parametrize("words", ["show Inserm", "evidence '* * *'", "--help"])
def test_a_reader_that_closes_early_is_not_an_error(words: str) -> None:
    line = f"set -o pipefail; {sys.executable} -m onehealthkg {words} | head -c 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 1, b"")


ASCII = {
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "UTF-8": {"PYTHONIOENCODING": "utf-8"},
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("environment", ASCII.values(), ids=ASCII)
def test_characters_that_the_output_encoding_lacks_are_escaped(environment: dict[str, str]) -> None:
    line = [sys.executable, "-m", "onehealthkg", "show", "Inserm"]
    whole = os.environ | environment
    text = subprocess.run(line, capture_output=True, env=whole, check=True).stdout
    first = text.partition(b"\n")[0]
    assert (first[:7], first[-26:]) == (b"Inserm ", b"  (id:organisation-inserm)")
    data = subprocess.run([*line, "--format", "json"], capture_output=True, env=whole, check=True)
    encoding = environment.get("PYTHONIOENCODING", "ascii")
    assert json.loads(data.stdout.decode(encoding)) == load().show("Inserm").as_data()


# Characters that could control a terminal

HOSTILE = "\x1b]0;title\x07 \x1b[31m \x1b[2J \x9b31m \x7f \r \x00 \u202e \u2066"
HARMLESS = r"\u001b]0;title\u0007 \u001b[31m \u001b[2J \u009b31m \u007f \u000d \u0000 \u202e \u2066"


@pytest.mark.slow
def test_no_command_sends_control_characters(light: Project) -> None:
    escaped = "".join(f"\\u{ord(one):04x}" for one in HOSTILE)
    spoil(data(light, "people.ttl"), '"Roger Genet"', f'"Genet {escaped}"')
    spoil(data(light, STATEMENTS), "oh:party", "oh:no")
    own = ("--project", light.root)
    commands = [
        ("show", "person-roger-genet", *own),
        ("show", "person-roger-genet", "--format", "json", *own),
        ("show", f"Genet {HOSTILE}"[:-1], *own),
        ("show", f"Nothing {HOSTILE}"),
        ("evidence", "* oh:signatory *", *own),
        ("evidence", f"{HOSTILE} {HOSTILE}", *own),
        ("inferences", "--rule", HOSTILE),
        ("coverage", STEM, *own),
        ("coverage", HOSTILE),
        ("build", *own),
        ("check", HOSTILE.replace("\0", "")),
        *(("check", "--format", name, *own) for name in ("table", "csv")),
    ]
    ended = [here(*one) for one in commands]
    sent = set("".join(one.out + one.err for one in ended))
    assert sent.isdisjoint(set(HOSTILE.replace(" ", "")) - set("\r0;[]title31m2J"))
    shown = [json.loads(one.out) if "json" in words else one.out for one, words in zip(ended, commands, strict=True)]  # fmt: skip
    assert f"Genet {HARMLESS}" in str(shown[0])
    assert shown[1]["heading"].startswith(f"Genet {HOSTILE}")  # JSON says the same in ASCII


@pytest.mark.slow
def test_a_file_name_that_no_encoding_can_hold_is_escaped(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x\x1b[2J\udcff.nt"
    path.write_text('<urn:a> <urn:p> "o" .\n')
    check_it = ("check", "--project", light.root)
    for name in ("table", "json"):
        ended = here(*check_it, "--format", name, path)
        assert (ended.code, ended.err) == (PROBLEMS, "")
        assert set(ended.out).isdisjoint("\x1b\udcff")
    assert f"{tmp_path}/x\\u001b[2J\\udcff.nt:1\n" in alone(*check_it, path).out
    path.write_text("<")
    ended = alone(*check_it, path)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {tmp_path}/x\\u001b[2J\\udcff.nt:1:1: ")
