"""The parser of the command line: the commands of the modules beside this one, assembled."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import onehealthkg
from onehealthkg.commands import build, check, coverage, passages, report, show
from onehealthkg.commands import enrich as commands_enrich
from onehealthkg.commands import export as commands_export
from onehealthkg.commands import link as commands_link
from onehealthkg.commands import links as commands_links
from onehealthkg.commands import new as commands_new
from onehealthkg.commands import query as commands_query
from onehealthkg.commands import review as commands_review
from onehealthkg.commands.options import given

_EXITS = (
    "Exit codes: 0 done, 1 problems found, 2 wrong use, 3 a file cannot be read or written, "
    "4 an endpoint gave no answer."
)


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; what comes back is the exit code.

    Wrong arguments end the program with exit code 2, ``--help`` with 0.
    """
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "onehealthkg",
        description="Who works with whom on One Health, and the sentence that says so.",
        epilog=f"onehealthkg COMMAND --help tells more. {_EXITS}",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    for module in (build, check, show, coverage, report):
        module.add(commands, _command)

    commands_query.add(commands, _command)
    commands_export.add(commands, _command)
    commands_links.add(commands, _command)
    commands_enrich.add(commands, _command)
    commands_review.add(commands, _command)
    commands_link.add(commands, _command)
    commands_new.add(commands, _command)

    passages.add(commands, _command)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(onehealthkg.__version__)
        parser.exit()


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"Example:\n  {example}\n\n{_EXITS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.set_defaults(run=run)
    one.add_argument(
        "--project",
        metavar="DIR",
        type=given,
        help="folder with ontology/, data/ and queries/ (default: the bundled one)",
    )
    return one
