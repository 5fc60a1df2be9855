"""Options shared by several commands, and the functions that apply them."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import monotonic
from typing import Any

from onehealthkg.graph import KnowledgeGraph, StatedGraph, connect, load
from onehealthkg.paths import Project, bundled, nearest, project_in

_PATIENCE = 2.0  # seconds without news

VARIABLE = "ONEHEALTHKG_PROJECT"
"""The environment variable that names the project by default."""

_REQUEST = 60.0  # seconds for a request to an endpoint


def add_project(parser: argparse._ActionsContainer) -> None:
    """Add ``--project`` and ``--fresh``."""
    parser.add_argument(
        "-p",
        "--project",
        metavar="DIR",
        type=given,
        help="folder of a project (default: the one that contains the current folder, else "
        f"${VARIABLE}, else the bundled data)",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="read the project's files again, not the graph cached by an earlier command; build, "
        "check and export always do",
    )


def add_language(parser: argparse._ActionsContainer, purpose: str = "labels") -> None:
    """Add ``--lang``; the help names its purpose."""
    parser.add_argument(
        "-l",
        "--lang",
        choices=("en", "fr"),
        default="en",
        help=f"language of {purpose} (default: en)",
    )


def add_format(
    parser: argparse._ActionsContainer, formats: Iterable[str], default: str, note: str = ""
) -> None:
    """Add ``--format`` with these choices; ``note`` is a remark on them for the help."""
    choices = tuple(formats)
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        choices=choices,
        default=default,
        help=f"one of {', '.join(choices)}{note} (default: {default})",
    )


def add_output(parser: argparse._ActionsContainer, note: str = "") -> None:
    """Add ``--output`` for a command that writes to standard output by default."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=given,
        default="-",
        help=f"file to write, - for standard output (default: -){note}",
    )


def add_quiet(parser: argparse._ActionsContainer) -> None:
    """Add ``--quiet``, which silences ``say``."""
    parser.add_argument("-q", "--quiet", action="store_true", help="print only errors")


def given(name: str) -> str:
    """The name of a file or folder; an empty one, as from an unset variable, is an error."""
    if not name:
        raise argparse.ArgumentTypeError("the name is empty; pass the name of a file or folder.")
    return name


def whole_number(text: str) -> int:
    """The whole number, 0 or more, that a text is; an error of the parser for any other text."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number, such as 8.')
    return int(text)


def positive(text: str) -> float:
    """The number above 0 that a text is; an error of the parser for any other text."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 1e6:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not a number above 0; write one, such as 60.'
        )
    return number


def project_of(options: argparse.Namespace) -> Project:
    """The project that a command works on.

    It is given with ``--project``, else it is the one that contains the current folder, else the
    one in ``ONEHEALTHKG_PROJECT``, else the bundled data. Raises InputError if there is no such
    folder.
    """
    if options.project:
        return project_in(options.project)
    return nearest() or project_in(os.environ.get(VARIABLE) or bundled().root)


def load_graph(options: argparse.Namespace) -> KnowledgeGraph:
    """The graph of the project that the options name, labels in their language."""
    graph = load(project_of(options).root, getattr(options, "lang", "en"))
    graph.progress = progress_for(options)
    return graph


def add_endpoint(parser: argparse._ActionsContainer) -> None:
    """Add ``--endpoint``."""
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        help="read the graph that push has put into the store at this address, not the files",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add ``--jobs``, which is 0 if it is not given."""
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=_count,
        default=0,
        help="processes that work on a large project (default: one for each processor)",
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of processes, such as 2.')
    return int(text)


def add_scheduler(parser: argparse._ActionsContainer) -> None:
    """Add ``--scheduler``."""
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="read and check on the workers of this Dask scheduler, such as tcp://host:8786; they "
        "need the project at the same path (pip install 'onehealthkg[cluster]')",
    )


def reader_of(
    options: argparse.Namespace,
) -> AbstractContextManager[Callable[..., Iterable[Any]]]:
    """The function that applies another to tasks: ``map``, or the workers of ``--scheduler``."""
    if options.scheduler is None:
        return nullcontext(map)
    from onehealthkg.dataset.cluster import cluster

    return cluster(options.scheduler)


def graph_of(options: argparse.Namespace) -> StatedGraph:
    """The graph at ``--endpoint``, else that of the project, labels in the options' language."""
    if options.endpoint is None:
        return load_graph(options)
    timeout = getattr(options, "timeout", None) or _REQUEST
    return connect(options.endpoint, project_of(options).root, options.lang, timeout)


def say(options: argparse.Namespace, text: str) -> None:
    """Print a remark about the data to standard error, unless ``--quiet`` was given."""
    if not options.quiet:
        print(text, file=sys.stderr)


def progress_for(options: argparse.Namespace) -> Callable[[str, int, int], None]:
    """A function that shows how much of long work is done, and how long the rest may take.

    It writes to a standard error that is a terminal, after ``_PATIENCE`` seconds, unless
    ``--quiet`` was given.
    """
    is_quiet = getattr(options, "quiet", False)
    starts: dict[str, float] = {}

    def show(what: str, done: int, total: int) -> None:
        if not total and not is_quiet:
            print(what, file=sys.stderr)
        start = starts.setdefault(what, monotonic())
        passed = monotonic() - start
        if is_quiet or not sys.stderr.isatty() or passed < _PATIENCE or not done:
            return
        left = passed / done * (total - done)
        line = f"{what}: {done} of {total} parts, about {left:.0f} s left"
        print(f"\r{line:<60}", end="" if done < total else "\r" + " " * 60 + "\r", file=sys.stderr)
        sys.stderr.flush()

    return show


def terminal_width() -> int | None:
    """The columns of the terminal that shows standard output; None for a file or a pipe.

    The variable ``COLUMNS`` overrides both.
    """
    shown = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size().columns if shown else None


def write(name: str, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all, or to standard output for ``-``. Raises OutputError.

    The data may come in pieces that end with a line. On a terminal, hidden characters are shown by
    their numbers, as in all output.
    """
    from onehealthkg.files import write_all

    pieces = [data] if isinstance(data, bytes) else data
    if name == "-" and sys.stdout.isatty():
        for piece in pieces:
            sys.stdout.write(piece.decode("utf-8", "backslashreplace"))
    elif name == "-":
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    else:
        write_all({Path(name): pieces})
