"""The command ``serve``: the pages and the SPARQL endpoint over HTTP."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from onehealthkg.commands.options import add_quiet, positive, project_of, whole_number
from onehealthkg.errors import UsageError

EXAMPLES = ("serve", "serve --port 0 --reload")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=whole_number,
        default=8000,
        help="port to listen on; 0 picks a free one (default: 8000)",
    )
    parser.add_argument(
        "--reload", action="store_true", help="read the data again whenever a file changes"
    )
    limits = parser.add_argument_group("limits of a query")
    limits.add_argument(
        "--timeout", metavar="SECONDS", type=positive, default=10.0, help="time (default: 10)"
    )
    limits.add_argument(
        "--memory", metavar="MIB", type=positive, default=1024, help="memory (default: 1024)"
    )
    limits.add_argument(
        "--answer",
        metavar="MIB",
        type=positive,
        default=64,
        help="size of the answer (default: 64)",
    )
    limits.add_argument(
        "--workers",
        metavar="N",
        type=whole_number,
        default=0,
        help="queries that run at the same time (default: one for each core)",
    )
    proxy = parser.add_argument_group("behind a proxy")
    proxy.add_argument(
        "--root-path",
        metavar="PATH",
        default="",
        help="path under which the proxy serves this, such as /onehealth",
    )
    proxy.add_argument(
        "--trusted-proxy",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="trust the proxy at this IP address for the host and scheme that clients see; may be "
        "repeated",
    )
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted. Raises UsageError where processes cannot be limited."""
    if not hasattr(os, "sched_setscheduler"):
        raise UsageError(
            "serve: this needs Linux, where a query can be limited in time and memory; elsewhere "
            "run it in a container, or write a site without a server: onehealthkg report -o FOLDER."
        )
    from onehealthkg.serving.run import Settings, serve

    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO, format="%(message)s"
    )
    settings = Settings(
        host=options.host,
        port=options.port,
        seconds=options.timeout,
        memory=int(options.memory * (1 << 20)),
        bytes=int(options.answer * (1 << 20)),
        workers=options.workers,
        root_path=options.root_path.rstrip("/"),
        trusted=frozenset(options.trusted_proxy),
        reload=options.reload,
    )
    serve(project_of(options), settings, _started)
    return 0


def _started(address: str) -> None:
    print(f"{address}  (SPARQL: {address}sparql; stop with Ctrl-C)", file=sys.stderr, flush=True)
