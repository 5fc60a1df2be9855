"""The commands ``show``, ``evidence`` and ``inferences``: statements with their sentences."""

from __future__ import annotations

from onehealthkg.commands.options import load_graph, reading
from onehealthkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from onehealthkg.dataset.answers import Answer

    Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the commands of this module to a parser's; ``command`` makes one."""
    one = command(
        commands,
        "show",
        _show,
        "all that is known about a thing, with the sentences",
        "onehealthkg show Inserm",
    )
    one.add_argument("thing", metavar="THING", help="label, IRI, id:... or local name")
    reading(one)

    one = command(
        commands,
        "evidence",
        _evidence,
        "from a statement to its sentences, and back",
        "onehealthkg evidence 'agreement-anses-inserm-2020 oh:dateSigned *'\n"
        "  onehealthkg evidence --passage s5",
    )
    one.add_argument(
        "statement",
        metavar="STATEMENT",
        nargs="?",
        help='"subject predicate object", * for anything',
    )
    one.add_argument("--passage", metavar="NAME", help="what this passage states")
    reading(one)

    one = command(
        commands,
        "inferences",
        _inferences,
        "what is inferred, by which rule and from what",
        "onehealthkg inferences --rule end-date",
    )
    one.add_argument("--rule", default="", help="of this rule only, a file of ontology/rules/")
    reading(one)


def _show(options: argparse.Namespace) -> int:
    return _print_answer(load_graph(options).show(options.thing), options)


def _evidence(options: argparse.Namespace) -> int:
    if (options.statement is None) == (options.passage is None):
        raise UsageError('write either a statement, "subject predicate object", or --passage NAME.')
    graph = load_graph(options)
    if options.passage is not None:
        return _print_answer(graph.passage(options.passage), options)
    return _print_answer(graph.evidence(options.statement), options)


def _inferences(options: argparse.Namespace) -> int:
    return _print_answer(load_graph(options).inferences(options.rule), options)


def _print_answer(answer: Answer, options: argparse.Namespace) -> int:
    if options.format == "json":
        import json

        print(json.dumps(answer.as_data(), ensure_ascii=False, indent=2))
    else:
        print(answer)
    return 0
