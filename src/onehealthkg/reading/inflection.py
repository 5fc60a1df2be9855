"""Words in the singular: the plural of English, and number and gender of French.

These are the rules of the minimal stemmers (D. Harman, How effective is suffixing?, 1991; J. Savoy,
A stemming procedure for French, 1999), less those that join words of different meaning: a stemmer
such as Snowball conflates *university* and *universal*, and a check would accept either.
"""

from __future__ import annotations

import re

_SHORTEST = 4  # letters: shorter words are unchanged, "has", "plus", "gaz"

_INVARIABLE = frozenset(
    ("avis", "bois", "corps", "cours", "fois", "mois", "pays", "poids", "temps")
)

_ENGLISH = tuple(
    (re.compile(pattern), ending)
    for pattern, ending in (
        (r"(?<=\w{2})ies$", "y"),
        (r"(?<=\w{2})sis$", "se"),  # zoonosis, zoonoses
        (r"(?<=[^aeo]us)es$", ""),  # viruses, and not causes, houses
        (r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<=zz)es$", ""),
        (r"(?<![sui])s$", ""),
    )
)
_FRENCH = tuple(
    (re.compile(pattern), ending)
    for pattern, ending in (
        (r"(?<=e)aux$", "au"),  # réseaux
        (r"aux$", "al"),
        (r"(?<!s)[sx]$", ""),
    )
)
_FEMININE = tuple(
    (re.compile(pattern), ending)
    for pattern, ending in (
        (r"(?<=\w{2}al)e$", ""),
        (r"(?<=\w{2}el)le$", ""),
        (r"(?<=\w{2}i)ve$", "f"),
        (r"(?<=\w{2}(?:eu|ai|oi))se$", ""),
        (r"(?<=\w{3}[ae]nt)e$", ""),
        (r"(?<=oint)e$", ""),
        (r"(?<=\w{2}ain)e$", ""),
        (r"(?<=\w{2}[ié]en)ne$", ""),
        (r"(?<=\w{2}é)e$", ""),
    )
)


def singular(word: str, language: str) -> str:
    """A word in lower case without the endings of the plural and, in French, of the feminine.

    The result need not be a word; words with the same result differ only in such endings.
    """
    if len(word) < _SHORTEST or not word.isalpha() or word in _INVARIABLE:
        return word
    word = _without(word, _FRENCH if language == "fr" else _ENGLISH)
    return _without(word, _FEMININE) if language == "fr" else word


def _without(word: str, endings: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    """The word without the first ending that fits."""
    for pattern, ending in endings:
        if pattern.search(word):
            return pattern.sub(ending, word)
    return word
