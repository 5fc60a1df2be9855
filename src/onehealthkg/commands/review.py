"""The command ``review``: candidates one by one in the terminal, or a batch of them by score."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from onehealthkg.commands.options import given
from onehealthkg.commands.review_session import Session, colourful
from onehealthkg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    from onehealthkg.editing.links_file import Link, LinksFile
    from onehealthkg.editing.review import Review
    from onehealthkg.editing.sides import Side
    from onehealthkg.mappings.sssom import MappingSet
    from onehealthkg.paths import Project

    Sides = Callable[[Link], tuple[Side, Side]]

EXAMPLES = (
    "review candidates.sssom.tsv --reviewer 'Jane Doe'",
    "review candidates.sssom.tsv --accept-above 0.95 --dry-run",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "candidates",
        metavar="CANDIDATES.sssom.tsv",
        type=given,
        help="SSSOM table made by onehealthkg link, or by hand",
    )
    parser.add_argument(
        "--reviewer",
        metavar="NAME",
        help="who decides: a name, an ORCID, or both (default: git's user.name)",
    )
    parser.add_argument(
        "--date", metavar="DATE", help="day of the decisions, such as 2026-01-31 (default: today)"
    )
    parser.add_argument(
        "--file",
        metavar="VOCABULARY",
        type=given,
        action="append",
        default=[],
        help="RDF file (also .gz or .zip) that says more about the external concepts; repeatable",
    )
    parser.add_argument(
        "--accept-above",
        metavar="SCORE",
        help="ask nothing: accept what scores this or more, marked as not reviewed by anybody",
    )
    parser.add_argument(
        "--unseen", action="store_true", help="also ask about what --accept-above has accepted"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=given,
        help="file of links to write (default: data/links.sssom.tsv of the project)",
    )


def run(options: argparse.Namespace) -> int:
    """Have the candidates decided on, and print how many were."""
    from onehealthkg.paths import Project, bundled

    least = _score(options.accept_above)
    project = Project(options.project) if options.project else bundled()
    review, sides = _prepared(options, project)
    for one in review.unknown:
        row = one.mapping
        print(
            f"review: left out, as this project has no {row.subject_id}: the candidate "
            f"{row.object_id}.",
            file=sys.stderr,
        )
    refused = []
    try:
        if least is None:
            Session(review, sides).run()
        else:
            refused = _batch(review, least)
    finally:
        print(_summary(review, options))
    return int(bool(refused or review.unknown))


def _score(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        score = float(text)
    except ValueError:
        score = -1
    if not 0 <= score <= 1:
        raise UsageError(f'review: --accept-above "{text}" is no score from 0 to 1, such as 0.95.')
    return score


def _prepared(options: argparse.Namespace, project: Project) -> tuple[Review, Sides]:
    """The review that the options ask for, and what knows both sides of a candidate."""
    from onehealthkg import days
    from onehealthkg.dataset.cache import load_store
    from onehealthkg.editing.links_file import links
    from onehealthkg.editing.review import Review
    from onehealthkg.editing.sides import label_of, read_facts
    from onehealthkg.editing.signature import Signature, signature
    from onehealthkg.mappings.sssom import read_mappings

    output = _output(options, project)
    candidates = read_mappings(Path(options.candidates))
    if options.accept_above is None:
        signed = signature(options.reviewer, options.date, project.root)
    else:
        signed = Signature("", "", days.day(options.date, "review"))
    store = load_store(project)
    facts = read_facts([Path(one) for one in options.file], {x.object for x in links(candidates)})
    own = project.links_file
    beside = own.exists() and own.resolve() != output.resolve()
    review = Review(
        candidates,
        _kept(output, candidates, dry=options.dry_run),
        lambda iri: label_of(store, iri),
        signed,
        links(read_mappings(own)) if beside else (),
        unseen=options.unseen,
    )
    return review, _sides(candidates, store, facts)


def _kept(output: Path, candidates: MappingSet, *, dry: bool) -> LinksFile:
    """The file of links; one that is made has the prefixes and the licence of the candidates."""
    from onehealthkg.editing.links_file import LinksFile
    from onehealthkg.names import GRAPH

    slots = ("curie_map", "license")
    header = {slot: candidates.header[slot] for slot in slots if slot in candidates.header}
    header["mapping_set_id"] = GRAPH + "links"
    return LinksFile(output, header, dry=dry)


def _sides(candidates: MappingSet, store: Store, facts: Store) -> Sides:
    from onehealthkg.editing.sides import label_of, side

    def sides(one: Link) -> tuple[Side, Side]:
        row = one.mapping
        source = row.object_source
        home = (label_of(store, candidates.expand(source)) or source) if source else ""
        theirs = side([facts, store], one.object, row.object_id, row.object_label)
        return side([store], one.subject, row.subject_id), theirs._replace(home=home)

    return sides


def _output(options: argparse.Namespace, project: Project) -> Path:
    if options.output:
        return Path(options.output)
    if project.is_installed and not options.dry_run:
        raise UsageError(
            "review: the bundled data is a part of the installed package, and an update would undo "
            "what you decide. Give the folder of your project with --project DIR, or a file for "
            "the links with -o FILE."
        )
    return project.links_file


def _batch(review: Review, least: float) -> list[tuple[Link, str]]:
    refused = review.accept_above(least)
    for one in review.decisions:
        print(f"accepted: {_short(one.candidate)}")
    for link, why in refused:
        print(colourful(f"clash:    {_short(link)}: {why}", "warning"))
    if refused:
        print("What clashes needs a person: the same command without --accept-above asks.")
    return refused


def _summary(review: Review, options: argparse.Namespace) -> str:
    outcomes = [one.outcome for one in review.decisions]
    counts = ", ".join(f"{outcomes.count(one)} {one}" for one in ("accepted", "rejected", "later"))
    if options.dry_run:
        where = "A dry run: nothing is written."
    elif set(outcomes) <= {"later"}:
        where = "Nothing was written."
    else:
        where = f"Kept in {review.kept.path}."
    return f"{counts}, {len(review.open())} left. {where}"


def _short(link: Link) -> str:
    row = link.mapping
    return f"{row.subject_id} {link.kind} {row.object_id} ({row.object_label[:80]})"
