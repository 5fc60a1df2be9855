"""The command ``enrich``: what other vocabularies say of the concepts that ours are linked to."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Store

from onehealthkg.commands.remote import remote_client, remote_options
from onehealthkg.dataset.cache import load_store
from onehealthkg.days import day
from onehealthkg.errors import UsageError
from onehealthkg.files import write_atomic
from onehealthkg.paths import Project, bundled
from onehealthkg.queries.questions import unknown
from onehealthkg.vocabularies.enrich import Enriched, enrich, from_dump, from_endpoint, linked
from onehealthkg.vocabularies.vocabulary import Vocabulary, vocabularies

Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the command to a parser's ``commands``; ``command`` makes its parser."""
    one = command(
        commands,
        "enrich",
        _enrich,
        "fetch labels, definitions and broader concepts of what our things are linked to",
        "onehealthkg enrich agrovoc --file agrovoc.nt -o enriched-agrovoc.ttl\n"
        "  onehealthkg enrich agrovoc mesh",
    )
    one.add_argument(
        "names",
        metavar="VOCABULARY",
        nargs="*",
        help="such as agrovoc (default: all that have an endpoint, and links)",
    )
    one.add_argument(
        "--file", metavar="DUMP", help="read this RDF file (also .gz or .zip), and ask no endpoint"
    )
    one.add_argument(
        "--vocabulary",
        metavar="FILE.ttl",
        action="append",
        default=[],
        help="also know the vocabularies of this file, which is like data/vocabularies.ttl",
    )
    one.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="of one vocabulary, - for standard output (default: data/enriched-VOCABULARY.ttl)",
    )
    remote_options(one)
    one.add_argument("--date", metavar="DATE", help="of DUMP, as 2026-01-31 (default: today)")


def _enrich(options: argparse.Namespace) -> int:
    project = Project(options.project) if options.project else bundled()
    store = load_store(project)
    known = vocabularies(store, [Path(name) for name in options.vocabulary])
    names = options.names or [x.name for x in known.values() if x.endpoint and linked(store, x)]
    if (options.output or options.file) and len(names) != 1:
        raise UsageError("enrich: -o and --file are for one vocabulary; name it.")
    if not names:
        print("Nothing is linked to a vocabulary that has an endpoint.", file=sys.stderr)
    for one in [_known(known, name, options.file) for name in names]:
        _write(project, one, _found(store, one, options), options.output)
    return 0


def _known(known: dict[str, Vocabulary], name: str, file: str | None) -> Vocabulary:
    if name not in known:
        message = f'enrich: there is no vocabulary "{name}".'
        raise UsageError(unknown(message, name, list(known)))
    if not (file or known[name].endpoint):
        raise UsageError(f"enrich: {name} has no endpoint; give a copy of it with --file DUMP.")
    return known[name]


def _found(store: Store, one: Vocabulary, options: argparse.Namespace) -> Enriched:
    concepts = linked(store, one)
    if options.file:
        source = one.space or one.iri
        return enrich(
            one, concepts, from_dump(Path(options.file), day(options.date, "enrich")), source
        )
    return enrich(one, concepts, from_endpoint(remote_client(options), one), one.endpoint)


def _write(project: Project, one: Vocabulary, found: Enriched, output: str | None) -> None:
    """Write the graph, and say what is in it and what is not, beside it."""
    talk = sys.stderr if output == "-" else sys.stdout
    if output == "-":
        sys.stdout.buffer.write(found.data)
    else:
        path = Path(output) if output else project.enriched(one.name)
        write_atomic(path, found.data)
        print(f"{path}: {found.linked} linked concepts of {one.name}, {found.broader} broader")
    for words, iris in (("does not know", found.unknown), ("has given up", found.obsolete)):
        for iri in iris:
            print(f"{one.name} {words} {iri}", file=talk)
