"""The command ``link``: candidates for links to a vocabulary, for ``review``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pyoxigraph import Store

from onehealthkg.commands.options import add_output, project_of, write
from onehealthkg.commands.remote import notice, remote_client, remote_options
from onehealthkg.commands.values import offer
from onehealthkg.commands.values import things as thing_names
from onehealthkg.commands.values import vocabularies as vocabulary_names
from onehealthkg.dataset.cache import load_store
from onehealthkg.days import day
from onehealthkg.errors import UsageError
from onehealthkg.labels import find
from onehealthkg.mappings.graph import project_mappings
from onehealthkg.mappings.sssom import mapping_bytes
from onehealthkg.terms import merge
from onehealthkg.vocabularies.concepts import Concept, labels_of, things
from onehealthkg.vocabularies.lookup_dump import concepts_in_dump
from onehealthkg.vocabularies.lookup_endpoint import concepts_at_endpoint
from onehealthkg.vocabularies.match import Candidate, KnownLinks, candidates, mapping_set
from onehealthkg.vocabularies.vocabulary import Vocabulary, vocabularies

EXAMPLES = ("link gemet 'air pollution' --file gemet.ttl -o candidates.sssom.tsv",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    vocabulary = parser.add_argument(
        "vocabulary", metavar="VOCABULARY", help="such as agrovoc, eurovoc or mesh"
    )
    offer(vocabulary, vocabulary_names)
    named = parser.add_argument(
        "things",
        metavar="THING",
        nargs="*",
        help="label, IRI or id:... (default: all that have no exact link to the vocabulary)",
    )
    offer(named, thing_names("thing"))
    parser.add_argument(
        "--file",
        metavar="DUMP",
        help="match against this copy of the vocabulary, in RDF (also .gz, or .zip of one file), "
        "instead of calling its endpoint",
    )
    parser.add_argument(
        "--vocabulary",
        dest="files",
        metavar="FILE.ttl",
        action="append",
        default=[],
        help="also use the vocabularies described in this file, like data/vocabularies.ttl",
    )
    add_output(parser)
    remote_options(parser)
    parser.add_argument(
        "--date", metavar="DATE", help="day of the candidates, such as 2026-01-31 (default: today)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the candidates, and print their number."""
    project = project_of(options)
    date = day(options.date, "link")
    store = load_store(project)
    vocabulary = vocabulary_of(store, options)
    links = KnownLinks(project_mappings(project), vocabulary)
    store = merge(store)
    wanted = _wanted(things(store), options.things, links, store)
    found = candidates(wanted, concepts(vocabulary, wanted, options), links)
    data = mapping_bytes(mapping_set(found, vocabulary, date))
    write(options.output, data)
    talk = sys.stderr if options.output == "-" else sys.stdout
    print(_summary(len(wanted), found, vocabulary, options.output), file=talk)
    return 0


def vocabulary_of(store: Store, options: argparse.Namespace) -> Vocabulary:
    """The vocabulary that the options name, if it can be searched.

    Raises UsageError if no vocabulary has this name, or if it has neither a copy nor an endpoint.
    """
    known = vocabularies(store, [Path(name) for name in options.files])
    vocabulary = known.get(options.vocabulary)
    if vocabulary is None:
        names = ", ".join(known)
        raise UsageError(
            f'link: there is no vocabulary "{options.vocabulary}"; these are: {names}.'
        )
    if not (vocabulary.prefix and vocabulary.space):
        raise UsageError(
            f"link: {vocabulary.name} needs vann:preferredNamespacePrefix and void:uriSpace in its "
            "description, so that its concepts have short names."
        )
    if not (options.file or vocabulary.endpoint):
        with_endpoint = ", ".join(name for name, other in known.items() if other.endpoint)
        raise UsageError(
            f"link: {vocabulary.name} has no endpoint; pass a copy of it with --file DUMP. "
            f"Vocabularies with an endpoint: {with_endpoint}."
        )
    return vocabulary


def _wanted(
    known: dict[str, Concept], names: list[str], links: KnownLinks, store: Store
) -> list[Concept]:
    """The things named, or all that have no exact link."""
    if not names:
        return [concept for iri, concept in known.items() if iri not in links.linked]
    wanted = {}
    for name in names:
        iri = find(store, name).value
        if iri not in known:
            raise UsageError(f'link: "{name}" cannot have links; topics and organisations can.')
        wanted[iri] = known[iri]
    return [wanted[iri] for iri in sorted(wanted)]


def concepts(
    vocabulary: Vocabulary, wanted: list[Concept], options: argparse.Namespace
) -> list[Concept]:
    """The concepts of a vocabulary that have labels of some things, from a copy or its endpoint."""
    if options.file:
        return concepts_in_dump(Path(options.file), labels_of(wanted), vocabulary.has, notice)
    found = concepts_at_endpoint(remote_client(options), vocabulary, wanted)
    return [concept for concept in found if vocabulary.has(concept.iri)]


def _summary(wanted: int, found: list[Candidate], vocabulary: Vocabulary, output: str) -> str:
    place = "" if output == "-" else f"{output}: "
    if not found:
        return f"{place}no candidates in {vocabulary.name} for {wanted} things."
    things = len({candidate.thing.iri for candidate in found})
    exact = sum(candidate.is_exact for candidate in found)
    return (
        f"{place}{len(found)} candidates in {vocabulary.name}, {exact} of them exact, for {things} "
        f"of {wanted} things; onehealthkg review decides on them."
    )
