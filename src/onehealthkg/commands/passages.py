"""The command ``passages``: cut a text into passages, ready to be modelled."""

from __future__ import annotations

from onehealthkg.commands.options import given

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the command of this module to a parser's; ``command`` makes one."""
    one = command(
        commands,
        "passages",
        _passages,
        "cut a text into passages, ready to be modelled",
        "onehealthkg passages data/sources/2020-02-05-anses-inserm.txt",
    )
    one.add_argument("text", metavar="TEXT.txt", type=given, help="<date>-<words>.txt, archived")
    one.add_argument("--language", choices=("en", "fr"), help="of the text (default: guessed)")
    one.add_argument("--address", metavar="URL", help="where the text was published")


def _passages(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.sources.passages import passages

    done = passages(Path(options.text), options.language, options.address)
    print(f"{done.total} passages: {done.passages_file}, {done.statements_file}")
    for words, names in (
        ("new", done.new),
        ("changed, read their statements again", done.changed),
        ("gone from the text, move their statements", done.gone),
    ):
        if names:
            some = ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
            print(f"{words} ({len(names)}): {some}")
    return 0
