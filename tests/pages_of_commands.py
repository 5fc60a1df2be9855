"""Pages of docs/ whose blocks are commands with their output.

A block begins with ```` ```console ````, the command stands behind ``$``, and what it prints follows.
``python tests/pages_of_commands.py docs/PAGE.md`` writes the output anew.
"""

import contextlib
import io
import os
import re
import shlex
import sys
from pathlib import Path

from onehealthkg.cli import main

_BLOCK = re.compile(
    r"^```console\n\$ (?P<command>onehealthkg [^\n]+)\n(?P<output>.*?)^```$", re.M | re.S
)


def blocks(page: str) -> list[tuple[str, str]]:
    """The commands of a page, each with its output on the page."""
    return [(found["command"], found["output"]) for found in _BLOCK.finditer(page)]


def output(command: str) -> str:
    """The output of a command in a terminal of 80 columns, without trailing spaces."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    os.environ["COLUMNS"] = "80"
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        main(shlex.split(command)[1:])
    printed.flush()
    return re.sub(r" +$", "", printed.buffer.getvalue().decode(), flags=re.M)


def answered(page: str) -> str:
    """The page with the output of its commands."""
    return _BLOCK.sub(
        lambda found: f"```console\n$ {found['command']}\n{output(found['command'])}```", page
    )


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(answered(path.read_text(encoding="utf-8")), encoding="utf-8")
