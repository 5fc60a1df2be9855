"""Cardinal numbers in words: *twenty-four*, *one hundred and five*, *quatre-vingt-dix-sept*."""

from __future__ import annotations

from collections.abc import Sequence

_UNITS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize",
}
_TENS = {
    "en": "ten twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "dix vingt trente quarante cinquante soixante septante huitante nonante",
}
_VALUES = {
    language: {
        **{word: 10 * value for value, word in enumerate(_TENS[language].split(), start=1)},
        **{word: value for value, word in enumerate(_UNITS[language].split(), start=1)},
    }
    for language in _UNITS
}
_VALUES["fr"] |= {"une": 1, "vingts": 20, "octante": 80}
_HUNDRED = {"en": ("hundred",), "fr": ("cent", "cents")}
_BEGINNINGS = {"en": ("a",), "fr": ("cent", "mille")}
_AND = {"en": "and", "fr": "et"}
POWERS = {
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    "fr": {"mille": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**12},
}
"""The words for thousand and more, in the singular."""


def begins(word: str, language: str) -> bool:
    """Whether a number can begin with a word, in lower case without accents."""
    return word in _VALUES[language] or word in _BEGINNINGS[language]


def spoken(words: Sequence[str], language: str) -> tuple[int, int]:
    """The number at the start of some words, and the count of words it takes, or 0 and 0.

    The words are in lower case, without accents, and separated only by spaces and hyphens.
    """
    total, below, last_power, used = 0, 0, 10**15, 0
    if language == "en" and words[:1] == ["a"] and words[1:2] and _counts_hundreds(words[1]):
        words = ["one", *words[1:]]
    at = 0
    while at < len(words):
        if words[at] == _AND[language] and _joins(total + below, words[at + 1 :], language):
            at += 1
        word = words[at]
        power = POWERS[language].get(word.removesuffix("s") if language == "fr" else word, 0)
        following = _followed(below, word, language)
        if following is not None and following < last_power:
            below = following
        elif 0 < power < last_power and (below or (word == "mille" and not total)):
            total, below, last_power = total + (below or 1) * power, 0, power
        else:
            break
        at += 1
        used = at
    return (total + below, used) if used else (0, 0)


def _counts_hundreds(word: str) -> bool:
    return word in _HUNDRED["en"] or word in POWERS["en"]


def _joins(said: int, words: Sequence[str], language: str) -> bool:
    """Whether *and* is part of a number: *one hundred and five*, *vingt et un*."""
    if not words or not said:
        return False
    if language == "en":
        return said % 100 == 0 and words[0] in _VALUES["en"]
    return 20 <= said % 100 <= 70 and words[0] in ("un", "une", "onze")


def _followed(below: int, word: str, language: str) -> int | None:
    """A number below a thousand extended by a word, or None if that is not a number."""
    if word in _HUNDRED[language]:
        if language == "fr" and not below:
            return 100
        return 100 * below if 0 < below < 100 else None
    value, last = _VALUES[language].get(word, 0), below % 100
    if not value:
        return None
    if last == 0:
        return below + value
    if value < 10 and last % 10 == 0 and last >= 20:
        return below + value
    return _french(below, last, value) if language == "fr" else None


def _french(below: int, last: int, value: int) -> int | None:
    """*dix-sept*, *soixante-dix*, *quatre-vingts*."""
    if value in (7, 8, 9) and last in (10, 70, 90):
        return below + value
    if 10 <= value <= 16 and last in (60, 80):
        return below + value
    return below + 76 if (last, value) == (4, 20) else None
