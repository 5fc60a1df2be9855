"""The command ``add``: describe a body, a person or a topic that the project does not know."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from onehealthkg.commands.link import concepts, vocabulary_of
from onehealthkg.commands.options import add_language, given, project_of
from onehealthkg.commands.remote import remote_options
from onehealthkg.dataset.cache import load_store
from onehealthkg.days import day
from onehealthkg.editing.add_session import AddSession
from onehealthkg.editing.additions import ADD_FIELDS, question_of
from onehealthkg.editing.terminal import Terminal
from onehealthkg.files import write_atomic
from onehealthkg.mappings.graph import project_mappings
from onehealthkg.mappings.sssom import mapping_bytes
from onehealthkg.paths import Project
from onehealthkg.reviewing.review_session import ReviewSession
from onehealthkg.reviewing.review_start import open_review, signature
from onehealthkg.terms import merge
from onehealthkg.vocabularies.concepts import things
from onehealthkg.vocabularies.match import KnownLinks, candidates, mapping_set
from onehealthkg.words import words

EXAMPLES = (
    "add organisation CNRS",
    "add organisation CNRS --category 'research institution' --country France "
    "--full-name 'French National Centre for Scientific Research'",
    "add topic 'Nipah virus' --vocabulary mesh --file mesh.nt.gz",
)
_FIELDS = tuple(dict.fromkeys(field.name for fields in ADD_FIELDS.values() for field in fields))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "kind", metavar="KIND", choices=tuple(ADD_FIELDS), help=", ".join(ADD_FIELDS)
    )
    parser.add_argument("name", metavar="NAME", type=given, help="preferred name")
    add_language(parser, "the questions and answers of the session")
    about = parser.add_argument_group("its properties; in a terminal, missing ones are asked for")
    for name in _FIELDS:
        if name != "name":
            about.add_argument(f"--{name}", metavar="TEXT", dest=f"field_{name}", help=_help(name))
    links = parser.add_argument_group("its identifier elsewhere")
    links.add_argument(
        "--vocabulary", metavar="NAME", help="propose links to this vocabulary, such as ror or mesh"
    )
    links.add_argument(
        "--file", metavar="DUMP", type=given, help="match against this copy of the vocabulary"
    )
    links.add_argument("--reviewer", metavar="NAME", help="reviewer of links (default: git's name)")
    remote_options(parser)
    parser.set_defaults(files=[])


def _help(name: str) -> str:
    """The questions about a field, each with the kinds of things that have it."""
    kinds: dict[str, list[str]] = {}
    for kind, fields in ADD_FIELDS.items():
        for field in fields:
            if field.name == name:
                kinds.setdefault(question_of(kind, field, "en"), []).append(kind)
    return " ".join(f"{', '.join(of)}: {question}" for question, of in kinds.items())


def run(options: argparse.Namespace) -> int:
    """Add the thing that options or answers describe, and propose links for it."""
    project = project_of(options)
    project.must_be_own("add")
    said = {name: getattr(options, f"field_{name}") for name in _FIELDS if name != "name"}
    said = {"name": options.name} | {name: text for name, text in said.items() if text}
    terminal = Terminal(sys.stdin, sys.stdout, language=options.lang)
    session = AddSession(project, terminal)
    if terminal.is_person:
        thing = session.run(options.kind, said)
    else:
        thing = session.added(options.kind, said)
    if thing is None:
        print(words(options.lang)["add"]["nothing"])
        return 0
    if options.vocabulary:
        _link(options, project, thing.value, terminal)
    return 0


def _link(options: argparse.Namespace, project: Project, thing: str, terminal: Terminal) -> None:
    """Propose links for a thing, like ``link`` followed by ``review``."""
    store = load_store(project)
    vocabulary = vocabulary_of(store, options)
    links = KnownLinks(project_mappings(project), vocabulary)
    wanted = [things(merge(store))[thing]]
    found = candidates(wanted, concepts(vocabulary, wanted, options), links)
    if not found:
        print(f"No candidates in {vocabulary.name}.")
        return
    with TemporaryDirectory(prefix="onehealthkg-") as folder:
        path = Path(folder, "candidates.sssom.tsv")
        write_atomic(path, mapping_bytes(mapping_set(found, vocabulary, day(None, "add"))))
        copies = [Path(options.file)] if options.file else []
        decided = signature(options.reviewer, None, project.root)
        review, sides = open_review(project, path, decided, vocabularies=copies)
        ReviewSession(review, sides, terminal).run()
