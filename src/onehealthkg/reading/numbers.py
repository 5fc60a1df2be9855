"""Cardinal numbers, in figures and in words, in English and French.

A number is read whole or not at all: *twenty-four* contains no *four*, *2.5* no *5*. Digits are
grouped by spaces, points or commas as the language does, and the decimal mark is a point in English
and a comma in French; the other mark is read if it is unambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from onehealthkg.reading.characters import without_accents
from onehealthkg.reading.spoken import POWERS, begins, spoken

_DECIMAL = {"en": ".", "fr": ","}
_FRACTIONS = {"¼": "0.25", "½": "0.5", "¾": "0.75"}

_FIGURES = re.compile(
    r"(?<![\w^])(?<!\d[.,/:-])"
    r"(?:\d{1,3}(?:(?P<group>[ '.,])\d{3})(?:(?P=group)\d{3})*(?!\d)|\d+)(?:[.,]\d+)?"
    r"(?: ?[¼½¾])?(?:\^\d+)?(?![.,:]\d)(?![^\W\d_]*\d)|(?<!\w)[¼½¾]"
)
_WORD = re.compile(r"[^\W\d_]+")
_HALF = {
    "en": re.compile(r"[ -]and[ -]a[ -]half\b"),
    "fr": re.compile(r" et demie?\b"),
}
_SHARE = re.compile(r"\b(half|a quarter of|three[ -]quarters of) $", re.IGNORECASE)
_SHARES = {
    "half": "0.5",
    "a quarter of": "0.25",
    "three quarters of": "0.75",
    "three-quarters of": "0.75",
}
_NEXT = re.compile(r"[ \n-](\w+)")
_LAST = re.compile(r"([^\W\d_]+)$")
_OF = re.compile(r" (?:of|de|d')\b")
_LINK = re.compile(r"[ \n]?-?[ \n]?")
"""The separator between the words of a number: a space or a hyphen."""


class Number(NamedTuple):
    """A number, and its place in the comparable text."""

    start: int
    end: int
    value: Decimal


def numbers(text: str, language: str) -> list[Number]:
    """The numbers of a comparable text in a language, in order and without overlap."""
    found: list[Number] = []
    for number in sorted([*_figures(text, language), *_in_words(text, language)]):
        if not found or number.start >= found[-1].end:
            found.append(_scaled(text, number, language))
    return found


def _figures(text: str, language: str) -> Iterator[Number]:
    for match in _FIGURES.finditer(text):
        value = _value(match[0].strip(), match["group"] or "", language)
        if value is not None:
            yield Number(*match.span(), value)


def _value(figures: str, group: str, language: str) -> Decimal | None:
    """The value of digits, or None if it is ambiguous."""
    digits, caret, exponent = figures.partition("^")
    if caret:
        return Decimal(10) ** int(exponent) if digits == "10" else None
    fraction = Decimal(_FRACTIONS.get(digits[-1], 0))
    digits = digits.rstrip("¼½¾ ") or "0"
    if group and (group != _DECIMAL[language] or digits.count(group) > 1):
        digits = digits.replace(group, "")
    digits = digits.replace(",", ".")
    return Decimal(digits) + fraction if digits.count(".") < 2 else None


def _in_words(text: str, language: str) -> Iterator[Number]:
    words = [(*match.span(), without_accents(match[0])) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        used = 0
        if begins(words[at][2], language):
            run = _run(text, words, at)
            value, used = spoken([word for _, _, word in run], language)
            if used:
                yield Number(run[0][0], run[used - 1][1], Decimal(value))
        at += max(used, 1)


def _run(text: str, words: Sequence[tuple[int, int, str]], at: int) -> list[tuple[int, int, str]]:
    """The words from a place on that only spaces and hyphens separate, at most twelve."""
    run = [words[at]]
    for word in words[at + 1 : at + 12]:
        if not _LINK.fullmatch(text[run[-1][1] : word[0]]):
            break
        run.append(word)
    return run


def _scaled(text: str, number: Number, language: str) -> Number:
    """The number with the power and the half: *2.5 million*, *two and a half*, *half a million*."""
    start, end, value = number
    if text[end - 1].isdigit():
        end, power = _power(_NEXT.match(text, end), end, language)
        value *= power
    half = _HALF[language].match(text, end)
    _, power = _power(_LAST.search(text, start, end), end, language)
    if half and (power > 1 or not _OF.match(text, half.end())):
        end, value = half.end(), value + Decimal(power) / 2
        if power == 1:
            end, power = _power(_NEXT.match(text, end), end, language)
            value *= power
    share = _SHARE.search(text, 0, start)
    if share and power > 1 and value == power:
        start, value = share.start(), value * Decimal(_SHARES[share[1].lower()])
    return Number(start, end, value)


def _power(word: re.Match[str] | None, end: int, language: str) -> tuple[int, int]:
    """The end of the word for a power of ten, and the power; else ``end`` and 1."""
    power = POWERS[language].get(word[1].lower().removesuffix("s")) if word else None
    return (word.end(), power) if word and power else (end, 1)
