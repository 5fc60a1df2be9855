"""The command ``draft``: propose statements, sentence by sentence, from an announcement."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path

from onehealthkg.commands.new import write_record
from onehealthkg.commands.options import add_format, add_language, given, project_of
from onehealthkg.commands.values import offer, things
from onehealthkg.dataset.cache import load_store
from onehealthkg.days import is_period
from onehealthkg.deciding.draft_record import record_texts
from onehealthkg.deciding.draft_resolve import Left
from onehealthkg.deciding.draft_start import Opened, Start, open_draft, proposer
from onehealthkg.drafting.announcement import Announcement, read_announcement
from onehealthkg.drafting.output import as_json
from onehealthkg.editing.terminal import Terminal
from onehealthkg.files import read_text, shown_path
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.paths import Project
from onehealthkg.words import words

EXAMPLES = (
    "draft announcement.txt",
    "draft announcement.txt --address https://www.example.org/news/1 --accept-above 0.9",
    "draft data/sources/2020-02-05-anses-inserm.txt --format json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("text", metavar="TEXT.txt", type=given, help="the text of an announcement")
    parser.add_argument(
        "--language", choices=("en", "fr"), help="language of the text (default: guessed)"
    )
    add_language(parser, "the questions and answers of the session")
    about = parser.add_argument_group("facts that the text may lack; missing ones are asked for")
    about.add_argument(
        "--address", metavar="URL", default="", help="address at which it was published"
    )
    about.add_argument(
        "--published", metavar="DATE", type=_date, help="day of publication, such as 2024-06-17"
    )
    publisher = about.add_argument(
        "--publisher", metavar="NAME", default="", help="body that published it"
    )
    offer(publisher, things("organisation"))
    about.add_argument(
        "--title", metavar="TITLE", default="", help="title of a text that has no heading"
    )
    about.add_argument(
        "--name",
        metavar="NAME",
        default="",
        help="name of the archived text (default: its date and the name of the file)",
    )
    parser.add_argument(
        "--answers",
        metavar="FILE",
        type=given,
        help="read the answers from this file, one on each line",
    )
    parser.add_argument(
        "--accept-above",
        metavar="SCORE",
        type=_score,
        help="without asking, accept proposals with at least this score, marked as not reviewed",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="write a record instead of archiving the text, which its licence may forbid",
    )
    parser.add_argument(
        "--any-text", action="store_true", help="accept a text that does not seem to name parties"
    )
    add_format(parser, ("session", "json"), "session", "; json only prints the proposals")


def run(options: argparse.Namespace) -> int:
    """Print the proposals, or review and write them; the exit code is 1 if sentences are left."""
    project = project_of(options)
    text = read_announcement(Path(options.text), options.language, options.lang)
    if options.format == "json":
        draft = proposer(text, options.published or "")(Knowledge.of(load_store(project)))
        print(json.dumps(as_json(draft), ensure_ascii=False, indent=2))
        return 0
    project.must_be_own("draft")
    answers = io.StringIO(read_text(Path(options.answers))) if options.answers else sys.stdin
    return _run(options, project, text, Terminal(answers, sys.stdout, language=options.lang))


def _run(
    options: argparse.Namespace, project: Project, text: Announcement, terminal: Terminal
) -> int:
    start = Start(
        *(options.name, options.address, options.published or ""),
        *(options.publisher, options.title),
        *(options.record, options.any_text),
    )
    own = words(terminal.language)["draft"]
    try:
        draft = open_draft(project, Path(options.text), text, start, terminal)
    except Left:
        terminal.write(own["nothing_written"])
        return 0
    if options.accept_above is not None:
        count = draft.session.accept_above(options.accept_above)
        terminal.say(own["accepted"].format(count))
        return 0
    done = draft.session.run()
    if not done:
        terminal.say(own["goes_on"])
        return 0 if terminal.is_person else 1
    if options.record:
        return _record(project, text, draft)
    return _checked(project, draft, terminal)


def _record(project: Project, text: Announcement, draft: Opened) -> int:
    """Write the record made of the decisions, as ``new`` does."""
    decisions = draft.journal.decisions.values()
    texts = record_texts(load_store(project), draft.journal.about, text.language, decisions)
    return write_record(project, texts, lang="en")


def _checked(project: Project, draft: Opened, terminal: Terminal) -> int:
    """Print the findings of the checks in the files of the text."""
    from onehealthkg.checks.formats import as_groups
    from onehealthkg.checks.parts import check_project

    path = project.sources / f"{draft.stem}.trig"
    terminal.write()
    own = words(terminal.language)["draft"]
    terminal.say(own["written"].format(shown_path(path)))
    terminal.say(own["checking"], "dim")
    findings = [
        finding
        for finding in check_project(project)
        if finding.path and finding.path.stem.removesuffix(".passages") == draft.stem
    ]
    cures = draft.session.cures((finding.check, finding.sentence) for finding in findings)
    for line in [*as_groups(findings, terminal.language).splitlines(), *cures]:
        (terminal.say if terminal.is_person else terminal.write)(line)
    return int(any(finding.severity == "violation" for finding in findings))


def _date(words: str) -> str:
    if not is_period(words):
        raise argparse.ArgumentTypeError(f'"{words}" is not a date; write it as 2024-06-17.')
    return words


def _score(words: str) -> float:
    try:
        score = float(words)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise argparse.ArgumentTypeError(f'"{words}" is not a score from 0 to 1, such as 0.9.')
    return score
