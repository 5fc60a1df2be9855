"""The command ``draft``: what an announcement seems to say, as proposals."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from onehealthkg.commands.options import add_format, given, load_graph
from onehealthkg.drafting.draft import draft
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.output import as_json
from onehealthkg.errors import UsageError
from onehealthkg.files import read_text
from onehealthkg.sources.passages import language_of

EXAMPLES = ("draft data/sources/2020-02-05-anses-inserm.txt --format json",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("text", metavar="TEXT.txt", type=given, help="the text of an announcement")
    parser.add_argument("--language", choices=("en", "fr"), help="of the text (default: guessed)")
    parser.add_argument(
        "--published", metavar="DATE", type=_date, help="of the text, as 2024-06-17"
    )
    add_format(parser, ("json",), "json")


def _date(words: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", words):
        raise argparse.ArgumentTypeError(f'"{words}" is no date; write it as 2024-06-17.')
    return words


def run(options: argparse.Namespace) -> int:
    """Print the proposals for a text."""
    path = Path(options.text)
    text = read_text(path)
    if not text.strip():
        raise UsageError(f"{path}: there is no text in this file; write the announcement into it.")
    language = options.language or language_of(text, path)
    knowledge = Knowledge.of(load_graph(options).store)
    print(
        json.dumps(
            as_json(draft(text, language, knowledge, options.published or "")),
            ensure_ascii=False,
            indent=2,
        )
    )
    return 0
