"""The commands: parse, call, print. Each imports what it needs, and so starts in its own time."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import onehealthkg
from onehealthkg.commands import export as commands_export
from onehealthkg.commands import link as commands_link
from onehealthkg.commands import query as commands_query
from onehealthkg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.dataset.text import Answer
    from onehealthkg.graph import KnowledgeGraph

_EXITS = "Exit codes: 0 done, 1 problems found, 2 wrong use, 3 a file cannot be read or written."


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; what comes back is the exit code.

    Wrong arguments end the program with exit code 2, ``--help`` with 0.
    """
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "onehealthkg",
        description="Who works with whom on One Health, and the sentence that says so.",
        epilog=f"onehealthkg COMMAND --help tells more. {_EXITS}",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    one = _command(
        commands,
        "build",
        _build,
        "check the data, derive the inferences and write the graph",
        "onehealthkg build -o build",
    )
    one.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=_given,
        default="build",
        help="folder for onehealthkg.trig and onehealthkg.nq (default: build)",
    )

    one = _command(
        commands,
        "check",
        _check,
        "find what is wrong with the data",
        "onehealthkg check --format junit",
    )
    one.add_argument(
        "files",
        metavar="FILE",
        type=_given,
        nargs="*",
        help="check only what lies in these RDF files, read beside the project's own",
    )
    one.add_argument(
        "--format",
        choices=("table", "json", "csv", "junit", "turtle"),
        default="table",
        help="turtle is a SHACL report (default: table)",
    )
    one.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")

    one = _command(
        commands,
        "show",
        _show,
        "all that is known about a thing, with the sentences",
        "onehealthkg show Inserm",
    )
    one.add_argument("thing", metavar="THING", help="label, IRI, id:... or local name")
    _reading(one)

    one = _command(
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
    _reading(one)

    one = _command(
        commands,
        "inferences",
        _inferences,
        "what is inferred, by which rule and from what",
        "onehealthkg inferences --rule end-date",
    )
    one.add_argument("--rule", default="", help="of this rule only, a file of ontology/rules/")
    _reading(one)

    one = _command(
        commands,
        "coverage",
        _coverage,
        "an archived text, and what of it is modelled",
        "onehealthkg coverage 2020-02-05-anses-inserm",
    )
    one.add_argument("source", metavar="SOURCE", help="name of a text in data/sources/")
    one.add_argument(
        "--html", metavar="FILE", type=_given, help="write a page for the browser instead"
    )
    _language(one)

    commands_query.add(commands, _command)
    commands_export.add(commands, _command)
    commands_link.add(commands, _command)

    one = _command(
        commands,
        "passages",
        _passages,
        "cut a text into passages, ready to be modelled",
        "onehealthkg passages data/sources/2020-02-05-anses-inserm.txt",
    )
    one.add_argument("text", metavar="TEXT.txt", type=_given, help="<date>-<words>.txt, archived")
    one.add_argument("--language", choices=("en", "fr"), help="of the text (default: guessed)")
    one.add_argument("--address", metavar="URL", help="where the text was published")
    return parser


def _given(name: str) -> str:
    """The name of a file or folder, which an empty shell variable is not."""
    if not name:
        raise argparse.ArgumentTypeError("the name is empty; write that of a file or folder.")
    return name


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(onehealthkg.__version__)
        parser.exit()


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"Example:\n  {example}\n\n{_EXITS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.set_defaults(run=run)
    one.add_argument(
        "--project",
        metavar="DIR",
        type=_given,
        help="folder with ontology/, data/ and queries/ (default: the bundled one)",
    )
    return one


def _language(one: argparse.ArgumentParser) -> None:
    one.add_argument("--lang", choices=("en", "fr"), default="en", help="of the labels")


def _reading(one: argparse.ArgumentParser) -> None:
    _language(one)
    one.add_argument("--format", choices=("text", "json"), default="text")


def _graph(options: argparse.Namespace) -> KnowledgeGraph:
    from onehealthkg.graph import load

    return load(options.project, getattr(options, "lang", "en"))


def _print_answer(answer: Answer, options: argparse.Namespace) -> int:
    if options.format == "json":
        import json

        print(json.dumps(answer.as_data(), ensure_ascii=False, indent=2))
    else:
        print(answer)
    return 0


def _build(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.exports.build import build

    print(build(_graph(options).project, Path(options.output)).text)
    return 0


def _check(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.checks.check import check
    from onehealthkg.checks.findings import VIOLATION, WARNING
    from onehealthkg.checks.report import FORMATS
    from onehealthkg.dataset.dataset import read_dataset

    files = [Path(name) for name in options.files]
    findings = check(read_dataset(_graph(options).project, files), files)
    print(FORMATS[options.format](findings))
    failing = (VIOLATION, WARNING) if options.strict else (VIOLATION,)
    return int(any(one.severity in failing for one in findings))


def _show(options: argparse.Namespace) -> int:
    return _print_answer(_graph(options).show(options.thing), options)


def _evidence(options: argparse.Namespace) -> int:
    if (options.statement is None) == (options.passage is None):
        raise UsageError('write either a statement, "subject predicate object", or --passage NAME.')
    graph = _graph(options)
    if options.passage is not None:
        return _print_answer(graph.passage(options.passage), options)
    return _print_answer(graph.evidence(options.statement), options)


def _inferences(options: argparse.Namespace) -> int:
    return _print_answer(_graph(options).inferences(options.rule), options)


def _coverage(options: argparse.Namespace) -> int:
    coverage = _graph(options).coverage(options.source)
    if options.html:
        from pathlib import Path

        from onehealthkg.checks.coverage_page import page
        from onehealthkg.files import write_atomic

        write_atomic(Path(options.html), page(coverage, options.lang).encode())
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(coverage.text(colour))
    return 0


def _passages(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.sources.passages import passages

    done = passages(Path(options.text), options.language, options.address)
    print(f"{done.total} passages: {done.passages_file}, {done.statements_file}")
    for words, names in (
        ("new", done.new),
        ("changed, read their statements again", done.changed),
        ("gone from the text, move their statements", done.gone),
    ):
        if names:
            some = ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
            print(f"{words} ({len(names)}): {some}")
    return 0
