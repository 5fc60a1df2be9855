"""The command ``evidence``: the sentences behind a statement, or the statements of a passage."""

from __future__ import annotations

import argparse

from onehealthkg.commands.answers import add_reading, print_answer
from onehealthkg.commands.options import add_endpoint, graph_of
from onehealthkg.commands.values import offer, things
from onehealthkg.errors import UsageError

EXAMPLES = (
    "evidence 'Inserm founded *'",
    "evidence 'agreement-anses-inserm-2020 oh:dateSigned *'",
    "evidence 'Inserm · founded · 1964'",
    "evidence --passage s5",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "statement",
        metavar="STATEMENT",
        nargs="?",
        help='"subject predicate object" by label or short name, * for anything; or a line of show',
    )
    passage = parser.add_argument(
        "--passage", metavar="NAME", help="show the statements of this passage"
    )
    offer(passage, things("passage"))
    add_endpoint(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Print the matching statements, each under its sentences, or those of a passage."""
    if (options.statement is None) == (options.passage is None):
        raise UsageError('write either a statement, "subject predicate object", or --passage NAME.')
    graph = graph_of(options)
    if options.passage is not None:
        return print_answer(graph.passage(options.passage), options)
    return print_answer(graph.evidence(options.statement), options)
