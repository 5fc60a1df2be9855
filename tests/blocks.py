"""The fenced blocks of a page of Markdown, and how each is run as its reader would run it.

- ``bash`` runs in bash and must end with 0.
- ``console`` is a transcript: each line that begins with ``$`` runs, and the lines below it are what it
  prints. ``...`` stands for any text within a line and, alone, for any lines. A comment
  ``# exit code 1`` behind a command says how it ends; else that is 0.
- ``python`` runs after all Python of the page before it.
- ``sparql`` is asked of the graph and must have an answer; one with SERVICE is only parsed.
- ``turtle``, ``trig``, ``json`` and ``yaml`` are parsed.
- ``text`` is only read by people, and so may not hold a command of ours that bash can run.

The blocks of a page run in order in one scratch folder. ``pip install`` checks that the package is
installed here, ``make`` that the Makefile has the target, ``git clone`` makes the folder.
"""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import yaml
from pyoxigraph import RdfFormat, parse

from onehealthkg.errors import InputError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.paths import bundled
from onehealthkg.queries.query import check_syntax, own

ROOT = Path(bundled().root)
LANGUAGES = ("bash", "console", "json", "python", "sparql", "text", "trig", "turtle", "yaml")

_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1 *$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit code (\d)$")

PREAMBLE = f"""
set -euo pipefail
onehealthkg() {{ {sys.executable} -m onehealthkg "$@"; }}
python() {{ {sys.executable} "$@"; }}
make() {{ command make -C {ROOT} --no-print-directory -n "$@" >/dev/null; }}
git() {{ [ "$1" = clone ] && mkdir "$(basename "$2" .git)"; }}
pip() {{
  [ "$1" = install ]
  {sys.executable} -c 'import importlib.metadata as m, sys; m.version(sys.argv[1])' "${{2%%[*}}"
}}
"""


class Block(NamedTuple):
    """A block of a page: where it begins, its language and its text."""

    line: int
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page; directives of MyST, ``{name}``, are none."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(text.count("\n", 0, match.start()) + 1, match[2].strip(), match[3])
        for match in _FENCE.finditer(text)
        if not match[2].startswith("{")
    ]


class Reader:
    """A reader who follows a page in a scratch folder."""

    def __init__(self, folder: Path, graph: KnowledgeGraph) -> None:
        self.folder, self.graph = folder, graph
        self.python: list[str] = []
        self.groups: list[int] = []

    def problem(self, block: Block) -> str:
        """Run a block, and return its error, or an empty text."""
        if block.language not in LANGUAGES:
            return f'"{block.language}" is not one of {", ".join(LANGUAGES)}'
        try:
            getattr(self, f"_{block.language}")(block.text)
        except (AssertionError, InputError, SyntaxError, ValueError) as error:
            return f"{type(error).__name__}: {str(error)[-2000:]}"
        return ""

    def close(self) -> None:
        """End the processes that the blocks have left running."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def _do(self, words: list[str]) -> tuple[int, str]:
        output = self.folder / ".output"  # a file, as a server keeps a pipe open
        environment = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT / "src")}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                words,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.groups.append(process.pid)
            code = process.wait(300)
        return code, output.read_text(encoding="utf-8")

    def _bash(self, text: str) -> None:
        code, printed = self._do(["bash", "-c", PREAMBLE + text])
        assert code == 0, printed

    def _console(self, text: str) -> None:
        for command, expected in transcript(text):
            wanted = _EXIT.search(command)
            code, printed = self._do(["bash", "-c", PREAMBLE + _EXIT.sub("", command)])
            assert code == (int(wanted[1]) if wanted else 0), printed
            assert matches(expected, printed), f"$ {command}\n{printed}"

    def _python(self, text: str) -> None:
        self.python.append(text)
        code, printed = self._do([sys.executable, "-c", "\n".join(self.python)])
        assert code == 0, printed

    def _sparql(self, text: str) -> None:
        check_syntax(own("block", text))
        if "SERVICE" not in text:
            assert len(self.graph.query(text)) > 0, "the query has no answer"

    def _turtle(self, text: str) -> None:
        assert list(parse(text, format=RdfFormat.TURTLE))

    def _trig(self, text: str) -> None:
        assert list(parse(text, format=RdfFormat.TRIG))

    def _json(self, text: str) -> None:
        json.loads(text)

    def _yaml(self, text: str) -> None:
        assert yaml.safe_load(text)

    def _text(self, text: str) -> None:
        commands = re.findall(r"^(?:\$ )?(?:onehealthkg|make|pip) .*", text, re.MULTILINE)
        assert commands == [], "commands belong into a block of bash or console"


def transcript(text: str) -> list[tuple[str, str]]:
    """The commands of a transcript, each with its expected output."""
    commands: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], ""))
        elif line.startswith("> ") and commands and commands[-1][0].endswith("\\"):
            commands[-1] = (f"{commands[-1][0]}\n{line[2:]}", "")
        else:
            commands[-1] = (commands[-1][0], f"{commands[-1][1]}{line}\n")
    return commands


def matches(expected: str, printed: str) -> bool:
    """Whether a command printed the output that a page shows; a page without output accepts any."""
    if not expected.strip():
        return True
    pattern = ""
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() in ("...", "…"):
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r".*?".join(re.escape(part.rstrip()) for part in re.split(r"\.\.\.", line))
            pattern += r"[^\S\n]*\n"
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n") is not None
