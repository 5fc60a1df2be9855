"""The command ``completion``: lines for a shell's start file, and completions for Tab.

Whenever Tab is pressed, these lines run ``onehealthkg`` with the line typed so far in the
environment; ``complete`` answers from the parser of the commands and from the graph, and ends the
program. Both are done by argcomplete: https://kislyuk.github.io/argcomplete/.
"""

from __future__ import annotations

import argparse
import os
import sys
from io import BytesIO, TextIOWrapper

from onehealthkg.commands.parser import command_line
from onehealthkg.errors import OneHealthKGError

EXAMPLES = ("completion bash",)

_STARTS = {
    "bash": '# In ~/.bashrc: eval "$(onehealthkg completion bash)"',
    "zsh": '# In ~/.zshrc, after compinit: eval "$(onehealthkg completion zsh)"',
    "fish": "# In ~/.config/fish/config.fish: onehealthkg completion fish | source",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", metavar="SHELL", choices=_STARTS, help="bash, zsh or fish")


def run(options: argparse.Namespace) -> int:
    """Print the lines for the start file of the shell."""
    from argcomplete.shell_integration import shellcode

    print(_STARTS[options.shell])
    print(shellcode(["onehealthkg"], shell=options.shell).strip())
    return 0


def complete() -> None:
    """Write the completions of the word under the cursor for the shell, and exit."""
    from argcomplete import autocomplete
    from argcomplete.lexers import split_line

    sys.stdin = TextIOWrapper(BytesIO())  # the query of ``query -`` is not yet available
    line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
    line = line.replace("#", r"\#")  # argcomplete would treat the name of a passage as a comment
    os.environ.update(COMP_LINE=line, COMP_POINT=str(len(line)))
    words = split_line(line)[3][1:]
    try:
        parser = command_line(words)
    except OneHealthKGError:  # such as an unknown question
        parser = command_line(())
    autocomplete(parser, always_complete_options="long", validator=_fits)


def _fits(value: str, typed: str) -> bool:
    """Whether a value begins with the typed letters, ignoring case."""
    return value.casefold().startswith(typed.casefold())
