"""The commands ``query``, ``queries`` and ``completion``: read the words, ask, print.

``onehealthkg query NAME --organisation Inserm --date 2022-01-01 ...`` takes an option for each
parameter of the question, whatever the question, so its words are read here and not with argparse,
which would have to know all questions first, and takes a third of the time of the answer. argparse
only shows the help.
"""

from __future__ import annotations

import os
import sys

from onehealthkg.errors import UsageError
from onehealthkg.queries.questions import FLAG, FLAGGED

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from pyoxigraph import Store

    from onehealthkg.paths import Project
    from onehealthkg.queries.questions import Question
    from onehealthkg.queries.results import Result

    Command = Callable[..., argparse.ArgumentParser]

_OPTIONS = ("--format", "--output", "--timeout", "--project")
_SHORT = {"-o": "--output"}
_WIDTH = 100


class Words:
    """The words after ``query``: what is asked, its parameters, the options, what is explained."""

    __slots__ = ("asking", "cite", "explain", "options", "parameters", "query", "remotes")

    def __init__(self, words: Sequence[str]) -> None:
        self.query = ""
        self.cite = self.explain = False
        self.remotes: list[str] = []
        self.asking: list[str] = []  # the options of commands/remote.py, which reads them
        self.options: dict[str, str] = {}
        self.parameters: dict[str, list[str]] = {}
        rest = list(words)
        while rest:
            self._take(rest)
        if not self.query:
            raise UsageError(
                "query needs the name of a question, a FILE.rq, - for the standard input, or "
                "SPARQL; onehealthkg queries lists the questions."
            )

    def _take(self, rest: list[str]) -> None:
        word = rest.pop(0)
        if word in ("--cite", "--explain", "--offline", "--refresh"):
            self._switch(word)
            return
        if word == "-" or not word.startswith("-"):
            self._ask(word)
            return
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if not equals and name.startswith(f"--{FLAGGED}"):
            value = "true"
        elif not equals:
            if not rest:
                raise UsageError(f"query: {name} needs a value after it.")
            value = rest.pop(0)
        if name in _OPTIONS:
            self.options[name[2:]] = value
        elif name == "--remote":
            self.remotes.append(value)
        elif name == "--max-age":
            self.asking.append(f"{name}={value}")
        elif name.startswith("--"):
            self.parameters.setdefault(name[2:], []).append(value)
        else:
            raise UsageError(f'query: there is no option "{name}"; try onehealthkg query --help.')

    def _ask(self, word: str) -> None:
        if self.query:
            raise UsageError(f'query takes one query, and "{word}" is a second one.')
        self.query = word

    def _switch(self, word: str) -> None:
        if word in ("--offline", "--refresh"):
            self.asking.append(word)
        else:
            setattr(self, word[2:], True)


def run_query(words: Sequence[str]) -> int:
    """Answer a query that a command line asks; what comes back is the exit code."""
    from onehealthkg.dataset.cache import load_store
    from onehealthkg.queries.query import run
    from onehealthkg.terms import merge

    asked = Words(words)
    project = _project(asked.options.get("project"))
    form = _format(asked.options)
    query = _standard_input() if asked.query == "-" else asked.query
    language = asked.parameters.get("lang", ["en"])[-1]
    store = merge(load_store(project))
    seconds = _seconds(asked.options.get("timeout"))
    remotes: Sequence[str] = ()
    if asked.remotes:
        result, remotes = _federated(store, project, query, asked, language, seconds)
    else:
        result = run(store, project, query, asked.parameters, language, seconds)
    if asked.explain:
        print(result.explanation(), file=sys.stderr)
    output = asked.options.get("output", "-")
    if asked.cite:
        from onehealthkg.citations.cited import cited

        text = cited(store, result, form or "table", language, _width(), remotes)
        _put(text.encode(), output)
    else:
        _write(result, form, output, language)
    return 0


def _federated(
    store: Store,
    project: Project,
    query: str | Question,
    asked: Words,
    language: str,
    seconds: float | None,
) -> tuple[Result, list[str]]:
    """The answer to a query that may call the endpoints named, and what was asked of whom."""
    import argparse

    from onehealthkg.commands.remote import remote_client, remote_options
    from onehealthkg.vocabularies.federate import ask, named

    known, remotes = named(store, asked.remotes)
    parser = argparse.ArgumentParser("onehealthkg query", add_help=False)
    remote_options(parser, timeout=False)
    parser.set_defaults(timeout=seconds)
    client = remote_client(parser.parse_args(asked.asking))
    result, called = ask(
        store, project, query, asked.parameters, language, seconds, remotes, known, client
    )
    told = [str(one) for one in called]
    print(
        "\n".join(told or ["No other host was asked: the query has no SERVICE."]), file=sys.stderr
    )
    return result, told


def add(commands: object, command: Command) -> None:
    """Add the commands of this module to a parser's; ``command`` makes one."""
    from onehealthkg.commands.remote import remote_options

    one = command(
        commands,
        "query",
        _show_no_help,
        "the answer to a question: a bundled one by its name, a file, or SPARQL",
        "onehealthkg query active-on --date 2022-01-01 --cite\n"
        "  onehealthkg query partners-of --organisation Inserm --format csv -o partners.csv\n"
        "  onehealthkg query 'SELECT ?name { ?who a foaf:Person ; foaf:name ?name }'\n"
        "  onehealthkg query topics.rq --remote agrovoc",
    )
    one.add_argument(
        "query", metavar="QUERY", help="a question's name, FILE.rq, - (standard input) or SPARQL"
    )
    one.add_argument(
        "--PARAMETER",
        metavar="VALUE",
        help="a parameter of the question, such as --organisation Inserm; a thing by label, "
        "acronym or IRI; onehealthkg queries NAME lists them",
    )
    one.add_argument("--lang", metavar="LANGUAGE", help="of the labels (default: en)")
    one.add_argument(
        "--format",
        metavar="FORMAT",
        help="table, csv, tsv, json, xml, markdown, html or xlsx; for a graph turtle, ntriples, "
        "nquads, trig, rdfxml, json-ld or n3 (default: by FILE, else table or turtle)",
    )
    one.add_argument("-o", "--output", metavar="FILE", help="- is the standard output (default)")
    one.add_argument(
        "--cite",
        action="store_true",
        help="add to each row the sentences that support it (table, json, markdown, html)",
    )
    one.add_argument(
        "--explain",
        action="store_true",
        help="also show the query as sent, its parameters, the time and the number of rows",
    )
    one.add_argument(
        "--remote",
        metavar="NAME",
        help="let SERVICE ask the endpoint of this vocabulary, such as agrovoc, or those that a "
        "FILE.ttl like data/vocabularies.ttl describes; can be repeated",
    )
    remote_options(one, timeout=False)
    one.add_argument(
        "--timeout",
        metavar="SECONDS",
        help="stop then; 0 is no limit (default: none for a bundled question, 30 for another)",
    )
    two = command(
        commands,
        "queries",
        _queries,
        "the questions that can be asked, and what each one takes",
        "onehealthkg queries partners-of",
    )
    two.add_argument("name", metavar="NAME", nargs="?", help="tell all about this one")
    two.add_argument("--tag", metavar="TAG", help="only those with this tag, such as topics")
    three = command(
        commands,
        "completion",
        _completion,
        "lines for the start file of a shell, so that Tab completes names and values",
        "onehealthkg completion bash",
    )
    three.add_argument("shell", metavar="SHELL", nargs="?", help="bash, zsh or fish")
    three.add_argument("--words", metavar="WORD", nargs="...", help="used by these lines")
    three.set_defaults(commands=commands)


def _show_no_help(options: argparse.Namespace) -> int:
    raise AssertionError(f"query is read by run_query, not by argparse: {options}")


def _queries(options: argparse.Namespace) -> int:
    from onehealthkg.queries.questions import question, questions

    project = _project(options.project)
    if options.name is not None:
        print(_described(question(project, options.name)))
        return 0
    known = questions(project)
    found = [one for one in known if options.tag is None or options.tag in one.tags]
    if not found:
        tags = sorted({tag for one in known for tag in one.tags})
        raise UsageError(f'No question has the tag "{options.tag}"; there are: {", ".join(tags)}.')
    width = max(len(one.place) for one in found)
    for one in found:
        print(f"{one.place:<{width}}  {one.summary}")
    return 0


def _completion(options: argparse.Namespace) -> int:
    from onehealthkg.queries.completion import candidates, script

    if options.words is None:
        print(script(options.shell or ""), end="")
    else:
        print("\n".join(candidates(options.words, list(options.commands.choices))))
    return 0


def _described(one: Question) -> str:
    from textwrap import fill

    lines = [f"{one.place}: {one.summary}", "", fill(one.description, 78), ""]
    for parameter in one.parameters:
        default = "" if parameter.default is None else f" (default: {parameter.default})"
        if parameter.default == "*":
            default = " (default: any)"
        kind = "" if parameter.type == FLAG else f" {parameter.type.upper()}{default}"
        lines.append(f"  --{parameter.name}{kind}")
        allowed = f" One of: {', '.join(parameter.allowed)}." if parameter.allowed else ""
        lines.append(
            fill(
                parameter.description + allowed,
                78,
                initial_indent=" " * 6,
                subsequent_indent=" " * 6,
            )
        )
    lines += ["", fill(f"Columns: {', '.join(one.columns)}", 78, subsequent_indent=" " * 9)]
    return "\n".join(lines)


def _project(folder: str | None) -> Project:
    from onehealthkg.paths import Project, bundled

    return Project(folder) if folder else bundled()


def _format(options: dict[str, str]) -> str:
    """The format: the one asked for, else by the name of the file; empty where neither says."""
    from onehealthkg.queries.results import BY_ENDING, FORMATS

    wanted, output = options.get("format"), options.get("output", "-")
    if wanted is None:
        return BY_ENDING.get(os.path.splitext(output)[1].lower(), "") if output != "-" else ""
    if wanted not in FORMATS:
        raise UsageError(f'query: the format "{wanted}" is none of {", ".join(FORMATS)}.')
    return wanted


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 1e6:
        raise UsageError(f'query: --timeout "{text}" is no number of seconds, such as 10 or 0.5.')
    return seconds


def _standard_input() -> Question:
    from pathlib import Path

    from onehealthkg.files import decode
    from onehealthkg.queries.query import own

    place = "standard input"
    return own(place, decode(sys.stdin.buffer.read(), Path(place)))


def _write(result: Result, form: str, output: str, language: str) -> None:
    if not form and output == "-":
        print(result.text(_width()))
        return
    data = result.serialize(form or ("turtle" if result.is_graph else "table"), language)
    if form == "xlsx" and output == "-" and sys.stdout.isatty():
        raise UsageError("query: a spreadsheet cannot be shown here; write it with -o FILE.xlsx.")
    _put(data if data.endswith(b"\n") or form == "xlsx" else data + b"\n", output)


def _put(data: bytes, output: str) -> None:
    if output != "-":
        from pathlib import Path

        from onehealthkg.files import write_atomic

        write_atomic(Path(output), data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def _width() -> int:
    """The width of the terminal, or a usual one where the output is none."""
    try:
        return int(os.environ.get("COLUMNS", "")) or _WIDTH
    except ValueError:
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH
