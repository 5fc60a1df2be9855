"""The commands that write the graph in other forms: export, convert, diff."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

# As in export.FORMATS and export.LEFT_OUT, which are not imported here: every command passes by.
FORMATS = (
    "turtle",
    "trig",
    "ntriples",
    "nquads",
    "rdfxml",
    "rdf12",
    "json-ld",
    "json-ld-dataset",
    "yaml-ld",
    "graphml",
    "gexf",
    "csv",
    "html",
    "nanopub",
    "dcat",
    "ro-crate",
)
LEFT_OUT = ("evidence", "inferences", "links")

Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the commands to a parser's ``commands``; ``command`` makes the parser of one."""
    _add_export(
        command(
            commands,
            "export",
            _export,
            "write the graph, or what is about one thing, in another format",
            "onehealthkg export -o onehealthkg.jsonld\n"
            "  onehealthkg export --only ANSES --without evidence --format turtle",
        )
    )
    _add_convert(
        command(
            commands,
            "convert",
            _convert,
            "write an RDF file in another format",
            "onehealthkg convert build/onehealthkg.trig onehealthkg.jsonld",
        )
    )
    _add_diff(
        command(
            commands,
            "diff",
            _diff,
            "what was added and removed between two RDF files",
            "onehealthkg diff before.trig after.trig",
        )
    )


def _add_export(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="file to write, - for standard output (default: -)",
    )
    one.add_argument("--format", choices=FORMATS, help="(default: what the name of the file tells)")
    one.add_argument("--only", metavar="THING", default="", help="label, IRI, or a source's name")
    one.add_argument(
        "--without", choices=LEFT_OUT, action="append", default=[], help="can be repeated"
    )
    _language(one)


def _add_convert(one: argparse.ArgumentParser) -> None:
    one.add_argument("source", metavar="IN", help="RDF file, - for standard input")
    one.add_argument("target", metavar="OUT", help="file to write, - for standard output")
    one.add_argument("--from", dest="source_ending", metavar="ENDING", default="", help="as ttl")
    one.add_argument("--to", dest="target_ending", metavar="ENDING", default="", help="as trig")
    one.add_argument("--merge", action="store_true", help="leave the named graphs out")


def _add_diff(one: argparse.ArgumentParser) -> None:
    one.add_argument("before", metavar="A", help="RDF file")
    one.add_argument("after", metavar="B", help="RDF file; - for standard input, with --from")
    one.add_argument("--from", dest="source_ending", metavar="ENDING", default="", help="of -")
    one.add_argument("--format", choices=("text", "json", "patch"), default="text")
    one.add_argument("--merge", action="store_true", help="leave the named graphs out of account")
    _language(one)


def _language(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--lang",
        choices=("en", "fr"),
        default="en",
        help="of labels in what is made to be read; RDF keeps all (default: en)",
    )


def _export(options: argparse.Namespace) -> int:
    from onehealthkg.dataset.selection import select
    from onehealthkg.errors import UsageError
    from onehealthkg.exports.export import export, format_of
    from onehealthkg.paths import Project, bundled

    if options.output == "-" and not options.format:
        raise UsageError("name a file with -o, or the format with --format, such as turtle.")
    name = options.format or format_of(options.output)
    project = Project(options.project) if options.project else bundled()
    chosen = select(project, options.only, options.without, options.lang)
    _write(options.output, export(chosen, name))
    return 0


def _convert(options: argparse.Namespace) -> int:
    from onehealthkg.exports.convert import convert, ending_of, read

    ending = ending_of(options.target, options.target_ending)
    done = convert(read(options.source, options.source_ending), ending, merge=options.merge)
    _write(options.target, done.data)
    if done.lost_graphs:
        print(
            f"{done.lost_graphs} named graphs were merged: the output does not say which of them "
            f"holds a statement ({done.statements} statements).",
            file=sys.stderr,
        )
    return 0


def _diff(options: argparse.Namespace) -> int:
    import json

    from onehealthkg.exports.convert import read
    from onehealthkg.exports.diff import as_data, as_patch, as_text, diff

    after = read(options.after, options.source_ending if options.after == "-" else "")
    found = diff(read(options.before), after, merge=options.merge)
    if options.format == "json":
        print(json.dumps(as_data(found), ensure_ascii=False, indent=2))
    elif options.format == "patch":
        print(as_patch(found), end="")
    else:
        print(as_text(found, options.lang))
    return int(bool(found))


def _write(name: str, data: bytes) -> None:
    """Write a file whole or not at all, or to standard output."""
    if name == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from pathlib import Path

    from onehealthkg.files import write_atomic

    write_atomic(Path(name), data)
