"""The command ``show``: all statements about a thing, with the sentences."""

from __future__ import annotations

import argparse

from onehealthkg.commands.answers import add_reading, print_answer
from onehealthkg.commands.options import add_endpoint, graph_of
from onehealthkg.commands.values import offer, things

EXAMPLES = ("show Inserm", "show zoonoses --lang fr")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    thing = parser.add_argument("thing", metavar="THING", help="label, IRI, id:... or local name")
    offer(thing, things("thing"))
    add_endpoint(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Print the statements about the thing."""
    return print_answer(graph_of(options).show(options.thing), options)
