"""The command ``query``: answer a bundled question, a file of SPARQL, or SPARQL.

``onehealthkg query NAME --organisation Inserm`` has an option for each parameter of the question.
The arguments are therefore parsed twice: once for the options common to all questions, which name
the question and the project, and again with the parameters in the question's header as options.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from textwrap import fill

from onehealthkg.commands.options import (
    add_endpoint,
    add_output,
    add_project,
    add_quiet,
    graph_of,
    progress_for,
    project_of,
    say,
    terminal_width,
    write,
)
from onehealthkg.commands.parser import CommandParser
from onehealthkg.commands.remote import remote_client, remote_options
from onehealthkg.commands.values import offer, questions, things, vocabularies
from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import decode, read_input
from onehealthkg.limits import deadline
from onehealthkg.queries.depth import remark
from onehealthkg.queries.network import remark as network_remark
from onehealthkg.queries.parameters import LITERALS, TYPES
from onehealthkg.queries.query import LARGEST_FILE, USER_SECONDS, find, own
from onehealthkg.queries.query import run as answer
from onehealthkg.queries.questions import ANYTHING, FLAG, Parameter, Question
from onehealthkg.queries.results import BY_ENDING, EXACT, FORMATS, GRAPHS, TABLES, Result
from onehealthkg.terms import QuadSource, merge

EXAMPLES = (
    "query agreements --date 2022-01-01 --status 'in force'",
    "query between ANSES Inserm",
    "query partners-of --organisation Inserm --format csv -o partners.csv",
    "query 'SELECT ?name { ?who a foaf:Person ; skos:prefLabel ?name }'",
    "query topics.rq --remote agrovoc",
    "query partners-of --help",
)

_PARAMETER = "parameter "  # the prefix that distinguishes parameters from other options


def add_arguments(parser: CommandParser) -> None:
    """Add the options of all questions, and the parameters of the given one."""
    parser.allow_abbrev = False  # --to is a parameter, not short for --timeout
    query = _add_query(parser)
    parameters = parser.add_argument_group("parameters of the question")
    _add_shared(parser.add_argument_group("options of all questions"))
    asked = _asked(parser.words)
    if asked is None:
        return  # the parser reports the error
    question, is_bundled = asked
    parser.set_defaults(asked=question.place if is_bundled else question)
    if question.summary:
        query.help = argparse.SUPPRESS
        describe(parser, question)
        added = add_parameters(parameters, question)
        required = {each.name for each in question.parameters if each.default is None}
        parser.unnamed = [added[name] for name in added if name in required]
        parser.named = "" if parser.unnamed else next((f"--{name}" for name in added), "")


def run(options: argparse.Namespace) -> int:
    """Answer the query and write the answer."""
    if options.query is None:
        raise UsageError(
            "query: name a question, as in onehealthkg query agreements, or give a FILE.rq or "
            "SPARQL; onehealthkg queries lists the questions."
        )
    store = _store(options)
    with _deadline(options):
        result, remotes = _answer(store, options)
        result.shown = _columns(result, options.columns)
        usual = "turtle" if result.is_graph else "table"
        form = options.format or _by_ending(options.output) or usual
        _refuse_on_terminal(form, options.output)
        shown = _shown(store, result, form, options, remotes)
        remarks = [
            remark(store, result.question, options.lang),
            network_remark(store, result.question, options.lang),
        ]
        remarks += [] if len(result) else [_why(store, result, form, options)]
    if options.explain:
        print(result.explanation(), file=sys.stderr)
    if isinstance(shown, str):
        print(shown)
    else:
        write(options.output, shown)
    for note in filter(None, remarks):
        say(options, note)
    return 0


def _store(options: argparse.Namespace) -> QuadSource:
    """The graph of the project, or that at ``--endpoint``."""
    if options.endpoint is None:
        return merge(load_store(project_of(options), progress_for(options)))
    if options.remote:
        raise UsageError("query: --endpoint and --remote cannot be combined; leave one out.")
    return graph_of(options).merged


def _deadline(options: argparse.Namespace) -> AbstractContextManager[None]:
    """The time for finding, citing and formatting the answer; writing it may wait for a reader.

    Without --timeout, a bundled question has the time limit of commands, and so has a query that
    calls other hosts, whose answers may be slow; each run of the engine has its own limit.
    """
    asked = options.asked
    is_bundled = isinstance(asked, str)
    if options.remote or (is_bundled and options.timeout is None):
        return nullcontext()
    seconds = USER_SECONDS if options.timeout is None else options.timeout
    return deadline(seconds, asked if is_bundled else asked.place)


def _shown(
    store: QuadSource,
    result: Result,
    form: str,
    options: argparse.Namespace,
    remotes: Sequence[str],
) -> str | bytes:
    """The answer as a text for standard output, or as the bytes of a file."""
    width = terminal_width() if options.output == "-" else None
    if options.cite or options.cite_labels:
        from onehealthkg.citations.cited import cited

        more = {"ids": options.ids, "labels": options.cite_labels}
        return cited(store, result, form, options.lang, width, remotes, **more)
    if form == "table" and options.output == "-":
        return result.text(width, options.lang, ids=options.ids)
    data = result.serialize(form, options.lang, ids=options.ids)
    return data if data.endswith(b"\n") or form == "xlsx" else data + b"\n"


def _columns(result: Result, names: str | None) -> Sequence[str]:
    """The columns given with ``--columns``; UsageError if the answer lacks one."""
    shown = [name.strip() for name in names.split(",")] if names else []
    for name in shown:
        if name not in result.columns:
            raise UsageError(
                f'{result.question.place}: --columns: there is no column "{name}"; '
                f"there are {', '.join(result.columns)}."
            )
    return shown


def describe(parser: argparse.ArgumentParser, question: Question) -> None:
    """Set the parser's usage and help to those of a question."""
    parser.prog += f" {question.place}"
    words = [parser.prog, *map(_usage, question.parameters), "[OPTION ...]"]
    parser.usage = " ".join(filter(None, words)).replace("%", "%%")
    parser.description = f"{question.summary}.\n\n{fill(question.description, 78)}"
    parser.epilog = fill(f"Columns: {', '.join(question.columns)}", 78, subsequent_indent=" " * 9)


def add_parameters(
    parameters: argparse._ActionsContainer, question: Question
) -> dict[str, argparse.Action]:
    """Add an option for each parameter of a question; the options by the parameters' names.

    Raises InputError for a parameter with the name of an option of all questions.
    """
    return {
        parameter.name: _add_parameter(parameters, question.place, parameter)
        for parameter in question.parameters
        if parameter.name != "lang"  # --lang is an option of all questions
    }


def _add_parameter(
    parameters: argparse._ActionsContainer, place: str, parameter: Parameter
) -> argparse.Action:
    is_flag = parameter.type == FLAG
    try:
        argument = parameters.add_argument(
            f"--{parameter.name}",
            dest=_PARAMETER + parameter.name,
            metavar=_metavar(parameter),
            action="append",
            nargs="?" if is_flag else None,
            const="true" if is_flag else None,
            choices=parameter.allowed or None,
            help=_help(parameter).replace("%", "%%"),
        )
    except argparse.ArgumentError:
        raise InputError(
            f"{place}: --{parameter.name} is an option of all questions; rename the parameter."
        ) from None
    if parameter.type == "language":
        offer(argument, lambda _: ("en", "fr"))
    elif parameter.type in LITERALS:
        offer(argument, lambda _: parameter.allowed)
    else:
        offer(argument, things(parameter.type))
    return argument


def _usage(parameter: Parameter) -> str:
    if parameter.name == "lang":
        return ""
    if parameter.type == FLAG:
        return f"[--{parameter.name}]"
    words = f"--{parameter.name} {_metavar(parameter)}"
    return words if parameter.default is None else f"[{words}]"


def _metavar(parameter: Parameter) -> str:
    if parameter.type == FLAG:
        return "true|false"
    return parameter.type.upper() if parameter.type in TYPES else "VALUE"


def _help(parameter: Parameter) -> str:
    sentences = [parameter.description]
    if parameter.allowed:
        sentences.append(f"One of: {', '.join(parameter.allowed)}.")
    if parameter.default is None:
        sentences.append("(required; the name of the option may be left out)")
    elif parameter.type != FLAG:
        default = "any" if parameter.default == ANYTHING else parameter.default
        sentences.append(f"(default: {default})")
    return " ".join(sentences)


def _add_query(parser: argparse.ArgumentParser) -> argparse.Action:
    query = parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="?",
        help="name of a question, FILE.rq, - for standard input, or SPARQL",
    )
    offer(query, questions)
    return query


def _add_shared(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        choices=FORMATS,
        help=f"a table as {', '.join((*TABLES, *EXACT))}; a graph as {', '.join(GRAPHS)} "
        "(default: by the ending of FILE, else table or turtle)",
    )
    language = parser.add_argument(
        "-l", "--lang", metavar="LANGUAGE", default="en", help="language of labels (default: en)"
    )
    offer(language, lambda _: ("en", "fr"))
    add_output(parser)
    parser.add_argument(
        "--ids",
        action="store_true",
        help="add the ids of things to a table for people; csv, json, tsv, xml and xlsx have them",
    )
    parser.add_argument(
        "--columns",
        metavar="NAMES",
        help="only these columns of a table, in this order, such as label,status,ends",
    )
    parser.add_argument(
        "--cite",
        action="store_true",
        help="add to each row the sentences that support it; csv, tsv, xlsx and xml have them in "
        "columns: quote, source and link",
    )
    parser.add_argument(
        "--cite-labels",
        action="store_true",
        help="like --cite, and also cite the labels in the row",
    )
    parser.add_argument(
        "-v",
        "--explain",
        action="store_true",
        help="also print the query as sent, its parameters, the time and the number of rows",
    )
    add_endpoint(parser)
    remote = parser.add_argument(
        "--remote",
        metavar="NAME",
        action="append",
        default=[],
        help="let SERVICE call the endpoint of this vocabulary, such as agrovoc, or those that a "
        "FILE.ttl like data/vocabularies.ttl describes; may be repeated",
    )
    offer(remote, vocabularies)
    remote_options(parser, timeout=False)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        help="stop after this time; 0 is no limit (default: none for a bundled question, else 30)",
    )
    add_quiet(parser)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 1e6:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not a number of seconds; write one, such as 10 or 0.5.'
        )
    return seconds


def _asked(words: Sequence[str]) -> tuple[Question, bool] | None:
    """The question given by the arguments, and whether it is bundled; None if they are invalid.

    Raises UsageError for an unknown question, InputError for a file that cannot be read.
    """
    parser = CommandParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    _add_query(parser)
    _add_shared(parser)
    add_project(parser)
    try:
        options, _ = parser.parse_known_args(words)
    except argparse.ArgumentError:
        return None
    if options.query is None:
        return None
    if options.query == "-":
        place = "standard input"
        return own(place, decode(read_input(LARGEST_FILE), Path(place))), False
    return find(project_of(options), options.query)


def _answer(store: QuadSource, options: argparse.Namespace) -> tuple[Result, Sequence[str]]:
    """The answer, and the remote endpoints that it uses."""
    project = project_of(options)
    given = {
        name.removeprefix(_PARAMETER): values
        for name, values in vars(options).items()
        if name.startswith(_PARAMETER) and values is not None
    }
    question, language, seconds = options.asked, options.lang, options.timeout
    if not options.remote:
        return answer(store, project, question, given, language, seconds), ()
    from onehealthkg.vocabularies.federate import ask, named

    known, remotes = named(store, options.remote)
    client = remote_client(options)
    result, calls = ask(store, project, question, given, language, seconds, remotes, known, client)
    called = [str(call) for call in calls]
    say(options, "\n".join(called or ["No other host was called: the query has no SERVICE."]))
    return result, called


def _by_ending(output: str) -> str:
    """The format that the ending of a file's name stands for; empty for a name without ending.

    Raises UsageError for an unknown ending.
    """
    ending = Path(output).suffix.lower()
    if ending and ending not in BY_ENDING:
        raise UsageError(
            f"query: {output}: the ending does not name a format; use "
            f"{', '.join(BY_ENDING)}, or add --format."
        )
    return BY_ENDING.get(ending, "")


def _why(store: QuadSource, result: Result, form: str, options: argparse.Namespace) -> str:
    """A remark that the answer is empty, if it does not show that, with possible reasons."""
    from onehealthkg.queries.empty import reasons

    nothing = "No triples." if result.is_graph else "No rows."
    sentences = [] if form == "table" else [nothing]
    sentences += [] if options.remote else reasons(store, result.question, options.lang)
    return " ".join(sentences)


def _refuse_on_terminal(form: str, output: str) -> None:
    if form == "xlsx" and output == "-" and sys.stdout.isatty():
        raise UsageError("query: a spreadsheet cannot be shown here; write it with -o FILE.xlsx.")
