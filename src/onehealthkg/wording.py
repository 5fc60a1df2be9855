"""The words of the interface, for pages and the command line: a file for each language.

They stand in ``words/``, and all languages have the same keys. What the graph holds is named by its
labels instead (``labels``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from onehealthkg.errors import UsageError
from onehealthkg.files import read_text

Words = dict[str, Any]
"""The words of the interface in one language, by their keys: texts, lists and tables of texts."""

_FOLDER = Path(__file__).parent / "words"


def languages() -> list[str]:
    """The languages that have a file of words, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def words(language: str) -> Words:
    """The words of the interface; UsageError for a language that has none."""
    import yaml

    if language not in languages():
        raise UsageError(
            f'"{language}" is not a language here; write one of {", ".join(languages())}.'
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is libyaml
    found: Words = yaml.load(read_text(_FOLDER / f"{language}.yaml"), loader)  # noqa: S506
    return found
