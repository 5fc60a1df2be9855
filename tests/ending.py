"""Commands that end, in this process or in one of their own, and files to spoil for them.

Exit codes: 0 done, 1 problems found, 2 wrong use, 3 a file cannot be read or written.
"""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from onehealthkg.cli import main
from onehealthkg.paths import Project

STEM = "2020-02-05-anses-inserm"
DONE, PROBLEMS, WRONG_USE, NO_FILE = 0, 1, 2, 3


class Ended(NamedTuple):
    """The end of a command; ``err`` is without the line in which ``check`` names its files."""

    code: object
    out: str
    err: str


def _ended(code: object, out: str, err: str) -> Ended:
    first, newline, rest = err.partition("\n")
    return Ended(code, out, rest if newline and first.startswith("checked: ") else err)


def here(*arguments: object) -> Ended:
    """The command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main([str(one) for one in arguments])
        except SystemExit as error:
            code = error.code
    assert "Traceback" not in out.getvalue() + err.getvalue()
    return _ended(code, out.getvalue(), err.getvalue())


def limits(memory: int = 4 << 30, file_size: int = -1) -> Callable[[], None]:
    """Run first in a separate process: it limits its resources; -1 is no limit."""
    resource = pytest.importorskip("resource", reason="limits are Unix's")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return limit


def alone(
    *arguments: object,
    limit: Callable[[], None] | None = None,
    **environment: str,
) -> Ended:
    """The command, in a separate process.

    It writes no bytecode (-B): Python would keep one that a limit of file size has cut off.
    """
    done = subprocess.run(
        [sys.executable, "-B", "-m", "onehealthkg", *map(str, arguments)],
        capture_output=True,
        env=os.environ | environment,
        preexec_fn=limit,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr
    return _ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def script(code: str, *arguments: object) -> Ended:
    """Some lines that prepare the process, and then the command."""
    lines = f"import os, signal, sys\nfrom onehealthkg.cli import main\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", lines, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return _ended(done.returncode, done.stdout, done.stderr)


def content(folder: Path) -> dict[Path, bytes | None]:
    """The files with their bytes; folders, links that lead nowhere, pipes with None."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    before = content(folder)
    yield
    assert content(folder) == before


def data(project: Project, name: str) -> Path:
    return next(Path(project.root).rglob(name))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


MANY = 100_000


# Files of the project that cannot be read

OWN = {
    "ontology": "onehealth.ttl",
    "shapes": "shapes.ttl",
    "rule": "end-date.rq",
    "check": "graph-has-home.rq",
    "curated": "people.ttl",
    "statements": f"{STEM}.trig",
    "passages": f"{STEM}.passages.trig",
    "text": f"{STEM}.txt",
}


def append(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + data)


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        path.unlink()
        make(path)

    return replace


# The archived text and its passages

TEXT, PASSAGES, STATEMENTS = f"{STEM}.txt", f"{STEM}.passages.trig", f"{STEM}.trig"


# Output that cannot be written

SMALL = 2000  # bytes: less than each of the files


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """The command, in this process, with its output as pytest has caught it."""
    code = main(arguments)
    out, err = capsys.readouterr()
    return Ended(code, out, err)
