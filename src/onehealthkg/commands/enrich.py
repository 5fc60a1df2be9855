"""The command ``enrich``: fetch other vocabularies' statements about concepts linked to ours."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pyoxigraph import Store

from onehealthkg.commands.options import project_of, write
from onehealthkg.commands.remote import remote_client, remote_options
from onehealthkg.commands.values import offer
from onehealthkg.commands.values import vocabularies as vocabulary_names
from onehealthkg.dataset.cache import load_store
from onehealthkg.days import day
from onehealthkg.errors import UsageError
from onehealthkg.files import write_atomic
from onehealthkg.paths import Project
from onehealthkg.suggest import hint
from onehealthkg.vocabularies.enrich import Enriched, enrich, from_dump, from_endpoint, linked
from onehealthkg.vocabularies.vocabulary import Vocabulary, vocabularies

EXAMPLES = (
    "enrich agrovoc --file agrovoc.nt -o enriched-agrovoc.ttl",
    "enrich agrovoc mesh",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    names = parser.add_argument(
        "names",
        metavar="VOCABULARY",
        nargs="*",
        help="such as agrovoc (default: all linked vocabularies with an endpoint)",
    )
    offer(names, vocabulary_names)
    parser.add_argument(
        "--file",
        metavar="DUMP",
        help="read this RDF file (also .gz or .zip) instead of calling an endpoint",
    )
    parser.add_argument(
        "--vocabulary",
        metavar="FILE.ttl",
        action="append",
        default=[],
        help="also use the vocabularies described in this file, like data/vocabularies.ttl",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="file to write for one vocabulary, - for standard output "
        "(default: data/enriched-VOCABULARY.ttl)",
    )
    remote_options(parser)
    parser.add_argument(
        "--date", metavar="DATE", help="day of DUMP, such as 2026-01-31 (default: today)"
    )


def run(options: argparse.Namespace) -> int:
    """Write a graph for each vocabulary, and print its counts."""
    project = project_of(options)
    store = load_store(project)
    known = vocabularies(store, [Path(name) for name in options.vocabulary])
    names = options.names or [x.name for x in known.values() if x.endpoint and linked(store, x)]
    if (options.output or options.file) and len(names) != 1:
        raise UsageError("enrich: -o and --file are for one vocabulary; name it.")
    if not names:
        print("Nothing is linked to a vocabulary that has an endpoint.", file=sys.stderr)
    for vocabulary in [_known(known, name, options.file) for name in names]:
        _write(project, vocabulary, _found(store, vocabulary, options), options.output)
    return 0


def _known(known: dict[str, Vocabulary], name: str, file: str | None) -> Vocabulary:
    if name not in known:
        message = f'enrich: there is no vocabulary "{name}".'
        raise UsageError(message + hint(name, known))
    if not (file or known[name].endpoint):
        raise UsageError(f"enrich: {name} has no endpoint; pass a copy of it with --file DUMP.")
    return known[name]


def _found(store: Store, vocabulary: Vocabulary, options: argparse.Namespace) -> Enriched:
    concepts = linked(store, vocabulary)
    if options.file:
        source = vocabulary.space or vocabulary.iri
        return enrich(
            vocabulary, concepts, from_dump(Path(options.file), day(options.date, "enrich")), source
        )
    return enrich(
        vocabulary, concepts, from_endpoint(remote_client(options), vocabulary), vocabulary.endpoint
    )


def _write(project: Project, vocabulary: Vocabulary, found: Enriched, output: str | None) -> None:
    """Write the graph, and report its contents and missing concepts."""
    talk = sys.stderr if output == "-" else sys.stdout
    if output == "-":
        write("-", found.data)
    else:
        if not output:
            project.must_be_own("enrich")
        path = Path(output) if output else project.enriched(vocabulary.name)
        write_atomic(path, found.data)
        print(
            f"{path}: {found.linked} linked concepts of {vocabulary.name}, {found.broader} broader"
        )
    for words, iris in (("does not know", found.unknown), ("has given up", found.obsolete)):
        for iri in iris:
            print(f"{vocabulary.name} {words} {iri}", file=talk)
