"""The command ``mcp``: the graph as tools for a language model."""

from __future__ import annotations

import argparse

from onehealthkg.commands.options import add_language, load_graph
from onehealthkg.errors import UsageError

EXAMPLES = ("mcp",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until standard input is closed. Raises UsageError if the SDK is not installed."""
    try:
        from onehealthkg.serving.tools import server
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        raise UsageError('mcp: this needs an extra; run: pip install "onehealthkg[mcp]"') from None
    server(load_graph(options)).run()
    return 0
