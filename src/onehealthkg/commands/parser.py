"""The parser of the command line: the table of commands, and the parsing common to all.

Each command is a module of this package with the same name. It has ``EXAMPLES``, which run
unchanged, ``add_arguments(parser)``, which defines its arguments, and ``run(options)``, which runs
it and returns the exit code. Only the module of the given command is imported.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

import onehealthkg
from onehealthkg.commands.options import add_project, project_of
from onehealthkg.dataset.cache import forget
from onehealthkg.suggest import hint, nearest, question

COMMANDS = {
    "show": "show all statements about a thing, with the sentences that support them",
    "evidence": "show the sentences behind a statement, or the statements of a sentence",
    "inferences": "show inferred statements with their rules and sentences",
    "query": "answer a question: a bundled one by its name, a file, or SPARQL",
    "queries": "list the questions, or describe one",
    "links": "show the counterparts of things in other vocabularies, each with its reason",
    "coverage": "show an archived text and how much of it is modelled",
    "report": "write a website about all partnerships that works without a server",
    "serve": "serve the pages and a SPARQL endpoint over HTTP",
    "mcp": "provide the graph as tools for a language model, over standard input (MCP)",
    "check": "find errors in the data",
    "build": "check the data, derive the inferences and write the graph",
    "push": "send the graph to another store, only the graphs that differ there",
    "export": "write the graph, or the part about one thing, in another format",
    "convert": "convert an RDF file to another format",
    "diff": "list the statements added and removed between two RDF files",
    "passages": "cut a text into passages, ready to be modelled",
    "draft": "propose statements for an announcement, to be reviewed sentence by sentence",
    "init": "create a project of your own, with the ontology, names and questions of the package",
    "add": "add a body, person, post, programme, place, topic or activity",
    "new": "create a partnership record, interactively, from options or from a table",
    "link": "find candidates for links from our things to the concepts of a vocabulary",
    "review": "decide on candidates for links one by one; each decision is saved at once",
    "enrich": "fetch labels, definitions and broader concepts of linked concepts",
    "completion": "print the lines that make a shell complete commands, names and values with Tab",
}

_EXITS = (
    "Exit codes: 0 done, 1 problems found, 2 wrong use, 3 a file cannot be read or written, "
    "4 an endpoint gave no answer."
)


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors suggest similar names.

    ``words`` are the arguments to be parsed: the options of ``query`` depend on them.
    """

    words: Sequence[str] = ()
    unnamed: Sequence[argparse.Action] = ()
    """The options whose values may be given without their names, in this order."""
    named: str = ""
    """An option to suggest for a value without a name, if none may be given so."""

    def place(self, options: argparse.Namespace, words: Sequence[str]) -> Sequence[str]:
        """Give values without a name to the options of ``unnamed``; return the remaining words."""
        if unknown := [word for word in words if word.startswith("-")]:
            return unknown
        lacking = [one for one in self.unnamed if getattr(options, one.dest) is None]
        for action, word in zip(lacking, words, strict=False):
            setattr(options, action.dest, [word])
        return words[len(lacking) :]

    def refuse(self, words: Sequence[str]) -> NoReturn:
        """Exit with code 2 because of unexpected arguments."""
        word = words[0]
        if not word.startswith("-"):
            how = f'; name the parameter, as in {self.named} "{word}"' if self.named else ""
            self.error(f'"{word}" is an unexpected argument{how}.')
        name = word.partition("=")[0]
        options = [option[2:] for option in self._option_string_actions if option.startswith("--")]
        meant = question(f"--{option}" for option in nearest(name.lstrip("-"), options))
        self.error(f'there is no option "{name}".{meant}')

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse a value that is not among the choices, with a suggestion."""
        if action.choices is not None and value not in action.choices:
            choices = list(map(str, action.choices))
            message = f'"{value}" is unknown.' + hint(str(value), choices)
            raise argparse.ArgumentError(action, message)


def run(words: Sequence[str]) -> int:
    """Run the command given by the arguments, and return its exit code.

    Invalid arguments end the program with exit code 2, ``--help`` with 0.
    """
    options, surplus = command_line(words).parse_known_args(words)
    if surplus := options.parser.place(options, surplus):
        options.parser.refuse(surplus)
    if getattr(options, "fresh", False):
        forget(project_of(options))
    quiet = getattr(options, "quiet", False)
    logging.getLogger("onehealthkg").setLevel(logging.ERROR if quiet else logging.NOTSET)
    code: int = options.run(options)
    return code


def command_line(words: Sequence[str]) -> CommandParser:
    """The parser for these arguments: all commands by name, with the options of the given one."""
    parser = CommandParser(
        "onehealthkg",
        description="Who works with whom on One Health, and the sentence that says so.",
        epilog=f"More about a command: onehealthkg COMMAND --help. {_EXITS}",
    )
    parser.set_defaults(parser=parser, run=_print_help)
    parser.add_argument("-V", "--version", action=_Version, nargs=0, help="print name and version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    named = words[0] if words and words[0] in COMMANDS else ""
    for name in [named] if named else COMMANDS:
        summary = COMMANDS[name]
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if named:
            _add_command(command, name, words[1:])
    return parser


def _add_command(parser: CommandParser, name: str, words: Sequence[str]) -> None:
    module = import_module(f"onehealthkg.commands.{name}")
    parser.words = words
    parser.epilog = _epilog(module.EXAMPLES)
    parser.set_defaults(parser=parser, run=module.run)
    add_project(parser)
    module.add_arguments(parser)


def _epilog(examples: Iterable[str]) -> str:
    lines = [f"  onehealthkg {example}" for example in examples]
    return "\n".join(["Example:" if len(lines) == 1 else "Examples:", *lines, "", _EXITS])


def _print_help(options: argparse.Namespace) -> int:
    options.parser.print_help()
    return 0


class _Version(argparse.Action):
    """Prints the version, which is slow to look up."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"onehealthkg {onehealthkg.__version__}")
        parser.exit()
