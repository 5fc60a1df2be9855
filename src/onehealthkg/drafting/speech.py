"""Passages that only quote a person: their statements are not those of the parties."""

from __future__ import annotations

import re

from onehealthkg.drafting.words import words

_QUOTED = re.compile(r"[\"“«][^\"”»]{12,}[\"”»]")


def is_speech(text: str, language: str) -> bool:
    """Whether a sentence quotes a person."""
    return bool(_QUOTED.search(text) and words(language, "speaks").search(text))


def quotations(text: str, language: str) -> list[tuple[int, int]]:
    """The places of what a person says in a sentence that quotes somebody."""
    if not is_speech(text, language):
        return []
    return [match.span() for match in _QUOTED.finditer(text)]
