"""The command ``queries``: the bundled questions and their parameters."""

from __future__ import annotations

import argparse

from onehealthkg.commands.options import project_of
from onehealthkg.commands.parser import CommandParser
from onehealthkg.commands.query import add_parameters, describe
from onehealthkg.commands.values import offer
from onehealthkg.commands.values import questions as question_names
from onehealthkg.queries.questions import Question, question_named, questions

EXAMPLES = ("queries partners-of", "queries --tag topics")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    name = parser.add_argument("name", metavar="NAME", nargs="?", help="describe this question")
    offer(name, question_names)
    parser.add_argument(
        "--tag", metavar="TAG", help="only the questions with this tag, such as topics"
    )


def run(options: argparse.Namespace) -> int:
    """Print the questions with their summaries, or the help of one of them."""
    project = project_of(options)
    if options.name is not None:
        print(_description(question_named(project, options.name)), end="")
        return 0
    tagged = questions(project, options.tag or "")
    width = max(len(question.place) for question in tagged)
    for question in tagged:
        print(f"{question.place:<{width}}  {question.summary}")
    return 0


def _description(asked: Question) -> str:
    """The help of ``query NAME`` without the options that all questions share."""
    parser = CommandParser(
        "onehealthkg query", add_help=False, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    describe(parser, asked)
    add_parameters(parser.add_argument_group("parameters of the question"), asked)
    return parser.format_help()
