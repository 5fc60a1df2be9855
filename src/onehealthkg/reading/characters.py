"""A text normalised for comparison, with the offset of each character in the original.

Composed and decomposed accents, kinds of spaces, hyphens and apostrophes are alike (NFKC,
https://www.unicode.org/reports/tr15/). Soft hyphens, zero-width spaces and other invisible
characters are skipped (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point),
and so are superscript digits and letters after a word, which mark footnotes. Superscript letters
after a digit end an ordinal, 1ᵉʳ, and superscript digits after 10 are an exponent.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category, normalize

IGNORABLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff"
)
"""The skipped characters, as in a character class of a pattern."""

_IGNORABLE = re.compile(f"[{IGNORABLE}]")
_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒−", "-") | {"—": "–", "―": "–"} | dict.fromkeys("‘’ʼ′", "'")
)
_MARK = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_CHARACTER = re.compile(rf".[{_MARK}]*", re.DOTALL)
_RAISED_FIGURES = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_FRACTIONS = frozenset("¼½¾")
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*(?:\r\n|[\n\r\x85\u2028])\s*(?=[^\W\d_])")
"""The end of a line inside a word."""
_TEN = re.compile(r"(?<!\d)10$")
_ORDINAL_OR_TITLE = re.compile(r"(?:\d[a-z]*|\W[MDPn][a-z]*)$")


class Plain(NamedTuple):
    """A normalised text.

    Its character at ``place`` comes from ``starts[place]`` to ``ends[place]`` in the original.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of ``text[start:end]``, which is not empty, in the original."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str, *, whole_words: bool = False) -> Plain:
    """The text normalised; with ``whole_words``, words divided at line ends are joined."""
    gaps = {match.start(): match.end() for match in _DIVIDED.finditer(text)} if whole_words else {}
    if text.isascii() and not gaps:
        return Plain(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        if at in gaps:
            at = gaps[at]
            continue
        match = _CHARACTER.match(text, at)
        end = match.end() if match else at + 1
        shown = _shown(text[at:end], "".join([" ", *letters[-6:]][-6:]))
        letters += shown
        starts += [at] * len(shown)
        ends += [end] * len(shown)
        at = end
    return Plain("".join(letters), tuple(starts), tuple(ends))


def has_divided_words(text: str) -> bool:
    """Whether a line ends inside a word, or after the hyphen of a compound."""
    return _DIVIDED.search(text) is not None


def is_ignorable(character: str) -> bool:
    """Whether a character is skipped when texts are compared."""
    return _IGNORABLE.match(character) is not None


def without_accents(text: str) -> str:
    """The text in lower case without accents, character for character."""
    if text.isascii():
        return text.lower()
    return "".join(normalize("NFD", letter)[0].lower()[0] for letter in text)


def _shown(character: str, before: str) -> str:
    """A character, with its accents, as it is compared; ``before`` are some before it."""
    if character.isascii() or character in _FRACTIONS:
        return character
    if is_ignorable(character[0]):
        return ""
    form = normalize("NFKC", character).translate(_ALIKE)
    if character in _RAISED_FIGURES:
        return f"^{form}" if _TEN.search(before) else form if "^" in before else ""
    if category(character[0]) == "Lm" and form != character:
        return form if _ORDINAL_OR_TITLE.search(before) else ""
    return form
