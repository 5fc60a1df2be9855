"""The words of a text, the punctuation between them, and the addresses among them.

A word is a run of letters and digits; an acronym may have full stops in it, U.S. A comma, a stop, a
bracket or a dash between two words is a token too, since a name does not continue across it.
Hyphens, apostrophes, quotation marks and footnote marks are not tokens.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from onehealthkg.reading.characters import without_accents
from onehealthkg.reading.inflection import singular

_TOKEN = re.compile(
    r"(?P<dotted>\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b(?!['-]))?)"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<stop>[,;:()\[\]/?!…–•|]|(?<!\b[^\W\d_])(?<!\b[A-Z][^\W\d_])\.(?=\s|$)|(?<=\s)-(?=\s)|\n\s*\n)"
    r"|(?P<and>&)"
)
_NOTED = re.compile(r"([^\W\d_]{3,}[^\W\d_A-Z])\d{1,3}")
"""A word followed by the number of a footnote; CO2 and H5N1 do not match."""

_TOP_LEVELS = "com|org|net|int|edu|gov|info|eu|pdf|html?|docx?|[a-z]{2}"
_ADDRESS = re.compile(
    r"(?:https?://|www\.|ftp://|mailto:)[^\s<>\"«»]+"
    r"|[\w.+-]*\w@\w[\w.-]*\w"
    r"|(?<![\w@])@\w+"
    rf"|\b(?:[\w-]+\.)+(?:{_TOP_LEVELS})\b(?![.]\w)(?:/[^\s<>\"«»]*)?",
)


class Token(NamedTuple):
    """A word or a stop: its place in the comparable text, its letters, and its forms.

    ``folded`` is in lower case, ``key`` a form that all spellings of the word share, without
    accents and endings of the plural; unrelated words can share a key. ``noted`` is the word
    without the number of a footnote, or empty.
    """

    start: int
    end: int
    text: str
    folded: str
    key: str
    noted: str
    is_stop: bool

    @property
    def is_acronym(self) -> bool:
        """Whether it has two letters or more, all capitals."""
        return len(self.text) > 1 and self.text.isupper()


def tokens(text: str, language: str) -> list[Token]:
    """The words and stops of a comparable text in a language, ``en`` or ``fr``."""
    return [_token(match, language) for match in _TOKEN.finditer(text)]


def addresses(text: str) -> list[tuple[int, int]]:
    """The offsets of web and e-mail addresses, handles and file names."""
    return [match.span() for match in _ADDRESS.finditer(text)]


def _token(match: re.Match[str], language: str) -> Token:
    word = match[0]
    if match["stop"]:
        return Token(*match.span(), word, word.strip(), word.strip(), "", True)
    if match["and"]:
        word = "et" if language == "fr" else "and"
    if match["dotted"]:
        word = word.replace(".", "")
    note = _NOTED.fullmatch(word)
    noted = note[1] if note else ""
    key = without_accents(singular((noted or word).lower(), language))
    return Token(*match.span(), word, word.lower(), key, noted, False)
