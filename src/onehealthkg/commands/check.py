"""The command ``check``: find what is wrong with the data."""

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
        "check",
        _check,
        "find what is wrong with the data",
        "onehealthkg check --format junit",
    )
    one.add_argument(
        "files",
        metavar="FILE",
        type=given,
        nargs="*",
        help="check only what lies in these RDF files, read beside the project's own",
    )
    one.add_argument(
        "--format",
        choices=("table", "json", "csv", "junit", "turtle"),
        default="table",
        help="turtle is a SHACL report (default: table)",
    )
    one.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")


def _check(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.checks.check import check
    from onehealthkg.checks.findings import VIOLATION, WARNING
    from onehealthkg.checks.formats import FORMATS
    from onehealthkg.dataset.dataset import read_dataset

    files = [Path(name) for name in options.files]
    findings = check(read_dataset(load_graph(options).project, files), files)
    print(FORMATS[options.format](findings))
    failing = (VIOLATION, WARNING) if options.strict else (VIOLATION,)
    return int(any(one.severity in failing for one in findings))
