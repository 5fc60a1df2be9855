"""The command ``build``: check the data, derive the inferences and write the graph."""

from __future__ import annotations

from onehealthkg.commands.options import given, load_graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the command of this module to a parser's; ``command`` makes one."""
    one = command(
        commands,
        "build",
        _build,
        "check the data, derive the inferences and write the graph",
        "onehealthkg build -o build",
    )
    one.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=given,
        default="build",
        help="folder for onehealthkg.trig and onehealthkg.nq (default: build)",
    )


def _build(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.exports.build import build

    print(build(load_graph(options).project, Path(options.output)).text)
    return 0
