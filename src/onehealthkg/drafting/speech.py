"""Which passages only quote somebody: what is said there is not what the parties agree."""

from __future__ import annotations

import re

from onehealthkg.drafting.words import words

_QUOTED = re.compile(r"[\"“«][^\"”»]{12,}[\"”»]")


def is_speech(text: str, language: str) -> bool:
    """Whether a sentence reports the very words of a person."""
    return bool(_QUOTED.search(text) and words(language, "speaks").search(text))
