"""The command ``review``: review candidates in the terminal, or accept a batch by score."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from onehealthkg import days
from onehealthkg.commands.options import given, project_of
from onehealthkg.editing.terminal import Terminal, colourful
from onehealthkg.errors import UsageError
from onehealthkg.paths import Project
from onehealthkg.reviewing.links_file import Link
from onehealthkg.reviewing.review import Review, Signature
from onehealthkg.reviewing.review_session import ReviewSession
from onehealthkg.reviewing.review_start import open_review, signature

EXAMPLES = (
    "review candidates.sssom.tsv --reviewer 'Jane Doe'",
    "review candidates.sssom.tsv --accept-above 0.95 --dry-run",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "candidates",
        metavar="CANDIDATES.sssom.tsv",
        type=given,
        help="SSSOM table made by onehealthkg link, or by hand",
    )
    parser.add_argument(
        "--reviewer",
        metavar="NAME",
        help="the reviewer: a name, an ORCID, or both (default: git's user.name)",
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
        help="RDF file (also .gz or .zip) that describes the external concepts; repeatable",
    )
    parser.add_argument(
        "--accept-above",
        metavar="SCORE",
        help="without asking, accept candidates with at least this score, marked as not reviewed",
    )
    parser.add_argument(
        "--unseen", action="store_true", help="also review the links that --accept-above accepted"
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
    """Run the review, and print the number of decisions."""
    least = _score(options.accept_above)
    project = project_of(options)
    review, sides = open_review(
        project,
        Path(options.candidates),
        _signature(options, project),
        output=Path(options.output) if options.output else None,
        vocabularies=[Path(name) for name in options.file],
        dry=options.dry_run,
        unseen=options.unseen,
    )
    _report_left_out(review, options.candidates)
    for candidate in review.unknown:
        row = candidate.mapping
        print(
            f"review: left out, as this project has no {row.subject_id}: the candidate "
            f"{row.object_id}.",
            file=sys.stderr,
        )
    refused = []
    try:
        if least is None:
            ReviewSession(review, sides, Terminal(sys.stdin, sys.stdout)).run()
        else:
            refused = _batch(review, least)
    finally:
        print(_summary(review, options))
    return int(bool(refused or review.unknown))


def _report_left_out(review: Review, name: str) -> None:
    """Print the lines of the file that propose no link, with the reasons."""
    lines: dict[str, list[int]] = {}
    for line, reason in review.left_out:
        lines.setdefault(reason, []).append(line)
    for reason, numbers in lines.items():
        others = f" and {len(numbers) - 1} more lines" if len(numbers) > 1 else ""
        print(f"review: left out, {name}:{numbers[0]}{others}: {reason}.", file=sys.stderr)


def _signature(options: argparse.Namespace, project: Project) -> Signature:
    """The reviewer; empty if candidates are accepted by their score."""
    if options.accept_above is None:
        return signature(options.reviewer, options.date, project.root)
    return Signature("", "", days.day(options.date, "review"))


def _score(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        score = float(text)
    except ValueError:
        score = -1
    if not 0 <= score <= 1:
        raise UsageError(
            f'review: --accept-above "{text}" is not a score from 0 to 1, such as 0.95.'
        )
    return score


def _batch(review: Review, least: float) -> list[tuple[Link, str]]:
    refused = review.accept_above(least)
    for decision in review.decisions:
        print(f"accepted: {_short(decision.candidate)}")
    for link, why in refused:
        print(colourful(f"clash:    {_short(link)}: {why}", "warning", sys.stdout))
    if refused:
        print("Clashes need a decision: run the same command without --accept-above.")
    return refused


def _summary(review: Review, options: argparse.Namespace) -> str:
    outcomes = [decision.outcome for decision in review.decisions]
    names = ("accepted", "rejected", "later")
    counts = ", ".join(f"{outcomes.count(name)} {name}" for name in names)
    if options.dry_run:
        where = "A dry run: nothing is written."
    elif set(outcomes) <= {"later"}:
        where = "Nothing was written."
    else:
        where = f"Saved in {review.kept.path}."
    return f"{counts}, {len(review.open())} left. {where}"


def _short(link: Link) -> str:
    row = link.mapping
    return f"{row.subject_id} {link.kind} {row.object_id} ({row.object_label[:80]})"
