"""Output of statements with their sentences, for ``show``, ``evidence`` and ``inferences``."""

from __future__ import annotations

import argparse
import json

from onehealthkg.commands.options import add_format, add_language
from onehealthkg.evidence.answers import Answer


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang`` and ``--format``."""
    add_language(parser)
    add_format(parser, ("text", "json"), "text")


def print_answer(answer: Answer, options: argparse.Namespace) -> int:
    """Print the answer in the requested format, and return the exit code."""
    if options.format == "json":
        print(json.dumps(answer.as_data(), ensure_ascii=False, indent=2))
    else:
        print(answer)
    return 0
