"""Recognisers of names that users plug in: spaCy, GLiNER or their own list.

A recogniser is a callable that takes a text and its language, ``en`` or ``fr``, and returns the
names in it as ``(start, end, kind)``: offsets in code points, and one of RECOGNISED_KINDS. A
package provides it as an entry point of the group ``onehealthkg.recognisers``
(https://packaging.python.org/en/latest/specifications/entry-points/)::

    [project.entry-points."onehealthkg.recognisers"]
    spacy = "my_package:recognise"

Its names are proposed like those that the reader itself finds, and a person decides.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, distributions

from onehealthkg.errors import UsageError

GROUP = "onehealthkg.recognisers"
RECOGNISED_KINDS = ("organisation", "person", "programme", "place")

Recognised = tuple[int, int, str]
"""A name: its first and last place in the text, and its kind."""

Recogniser = Callable[[str, str], Iterable[Recognised]]


def recognised(text: str, language: str) -> list[Recognised]:
    """The names that the recognisers of installed packages find in a text, in its order.

    Raises UsageError if a recogniser fails, or returns a place or kind that does not exist.
    """
    found: list[Recognised] = []
    for plug_in in _plug_ins(tuple(sys.path)):
        try:
            recogniser: Recogniser = plug_in.load()
            names = [
                (int(start), int(end), str(kind)) for start, end, kind in recogniser(text, language)
            ]
        except Exception as error:  # the code of others, which can raise anything
            raise UsageError(
                f'The recogniser "{plug_in.name}" ({plug_in.value}) failed: {error}; '
                "correct it, or uninstall its package."
            ) from error
        for start, end, kind in names:
            if kind not in RECOGNISED_KINDS or not 0 <= start < end <= len(text):
                raise UsageError(
                    f'The recogniser "{plug_in.name}" ({plug_in.value}) returned '
                    f"{(start, end, kind)}; a place must be within the text, and a kind one of "
                    f"{', '.join(RECOGNISED_KINDS)}."
                )
        found += names
    return sorted(set(found))


@lru_cache(maxsize=1)
def _plug_ins(path: tuple[str, ...]) -> list[EntryPoint]:
    """The recognisers of the packages on the path; looking for them takes as long as a draft."""
    found = (entry for package in distributions(path=list(path)) for entry in package.entry_points)
    return sorted({entry for entry in found if entry.group == GROUP}, key=lambda entry: entry.name)
