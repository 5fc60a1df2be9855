"""The options of commands that call endpoints, and the client that they configure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from onehealthkg.commands.options import positive
from onehealthkg.paths import answers_folder

if TYPE_CHECKING:
    from onehealthkg.endpoints.client import Client

_TIMEOUT = 60.0


def remote_options(parser: argparse._ActionsContainer, *, timeout: bool = True) -> None:
    """Add ``--offline``, ``--refresh`` and ``--max-age``, and ``--timeout`` unless it is false."""
    if timeout:
        add_timeout(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--offline", action="store_true", help="use only cached answers, regardless of age"
    )
    where.add_argument("--refresh", action="store_true", help="ignore cached answers and ask again")
    parser.add_argument(
        "--max-age",
        metavar="DAYS",
        type=positive,
        default=30.0,
        help="use cached answers up to this age (default: 30)",
    )


def add_timeout(parser: argparse._ActionsContainer) -> None:
    """Add ``--timeout`` for one request."""
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=positive,
        default=_TIMEOUT,
        help="limit for one request (default: 60)",
    )


def remote_client(options: argparse.Namespace) -> Client:
    """The client configured by the options; its notices go to standard error."""
    # The network takes 30 ms to import, and most queries do not use it.
    from onehealthkg.endpoints.client import Client

    return Client(
        Path(answers_folder()),
        timeout=options.timeout or _TIMEOUT,
        offline=options.offline,
        refresh=options.refresh,
        max_age=options.max_age,
        notice=notice,
    )


def notice(text: str) -> None:
    """Print a notice to standard error."""
    print(text, file=sys.stderr)
