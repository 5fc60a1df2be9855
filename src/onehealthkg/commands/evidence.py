"""The command ``evidence``: from a statement to its sentences, and back."""

from __future__ import annotations

import argparse

from onehealthkg.commands.answers import add_reading, print_answer
from onehealthkg.commands.options import load_graph
from onehealthkg.commands.values import offer, things
from onehealthkg.errors import UsageError

EXAMPLES = (
    "evidence 'Inserm founded *'",
    "evidence 'agreement-anses-inserm-2020 oh:dateSigned *'",
    "evidence 'Inserm · founded · 1964'",
    "evidence --passage s5",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "statement",
        metavar="STATEMENT",
        nargs="?",
        help='"subject predicate object" by label or short name, * for anything; or a line of show',
    )
    passage = parser.add_argument("--passage", metavar="NAME", help="show what this passage states")
    offer(passage, things("passage"))
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Print the statements that match, each under its sentences, or what a passage states."""
    if (options.statement is None) == (options.passage is None):
        raise UsageError('write either a statement, "subject predicate object", or --passage NAME.')
    graph = load_graph(options)
    if options.passage is not None:
        return print_answer(graph.passage(options.passage), options)
    return print_answer(graph.evidence(options.statement), options)
