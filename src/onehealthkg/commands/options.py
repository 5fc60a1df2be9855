"""The options that several commands have, and the graph that ``--project`` and ``--lang`` name."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.graph import KnowledgeGraph


def given(name: str) -> str:
    """The name of a file or folder, which an empty shell variable is not."""
    if not name:
        raise argparse.ArgumentTypeError("the name is empty; write that of a file or folder.")
    return name


def language(one: argparse.ArgumentParser) -> None:
    """Add ``--lang``."""
    one.add_argument("--lang", choices=("en", "fr"), default="en", help="of the labels")


def reading(one: argparse.ArgumentParser) -> None:
    """Add ``--lang`` and ``--format``."""
    language(one)
    one.add_argument("--format", choices=("text", "json"), default="text")


def load_graph(options: argparse.Namespace) -> KnowledgeGraph:
    """The graph of the project that the options name, labels in their language."""
    from onehealthkg.graph import load

    return load(options.project, getattr(options, "lang", "en"))
