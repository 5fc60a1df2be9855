"""The command ``inferences``: inferred statements with their rules and premises."""

from __future__ import annotations

import argparse

from onehealthkg.commands.answers import add_reading, print_answer
from onehealthkg.commands.options import load_graph
from onehealthkg.commands.values import offer, things

EXAMPLES = ("inferences --rule end-date",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    rule = parser.add_argument(
        "--rule", metavar="RULE", default="", help="only by this rule, a file in ontology/rules/"
    )
    offer(rule, things("rule"))
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Print the inferred statements, each under the sentences behind it."""
    return print_answer(load_graph(options).inferences(options.rule), options)
