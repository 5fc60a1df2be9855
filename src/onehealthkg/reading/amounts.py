"""Amounts of money: *€2.5 million*, *11 millions d'euros*, *EUR 300,000*, *5 M€*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from onehealthkg.reading.characters import without_accents
from onehealthkg.reading.numbers import Number

_CURRENCIES = {
    "EUR": r"€|eur(?:os?)?\b",
    "USD": r"us ?\$|usd\b|us dollars?\b|dollars? (?:des etats-unis|us|americains?)\b",
    "GBP": r"£|gbp\b|pounds?(?: sterling)?\b|livres? sterling\b",
    "CHF": r"chf\b|swiss francs?\b|francs? suisses?\b",
    "CAD": r"ca\$|cad\b|canadian dollars?\b|dollars? canadiens?\b",
    "AUD": r"au\$|aud\b|australian dollars?\b|dollars? australiens?\b",
    "": r"\$|dollars?\b|francs?\b",
}
_CURRENCY = "|".join(f"(?P<c{code}>{form})" for code, form in _CURRENCIES.items())
_AFTER = re.compile(
    r"(?: ?(?P<power>k|m|mn|bn|md|mds|mio)(?=[ €$£]|eur|usd|\b))?"
    rf"[ -]?(?:d'|de |of )?(?:{_CURRENCY})"
)
_IN_FRONT = re.compile(rf"(?<!\w)(?:{_CURRENCY}) ?$")
_POWER = re.compile(r" ?(k|m|mn|bn)\b")
_POWERS = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "bn": 10**9,
    "md": 10**9,
    "mds": 10**9,
}


class Amount(NamedTuple):
    """An amount of money and its place in the comparable text; its ISO 4217 code, or empty."""

    start: int
    end: int
    value: Decimal
    currency: str


def amounts(text: str, found: list[Number]) -> list[Amount]:
    """The amounts in a comparable text with these numbers, in order."""
    return sorted(_amounts(without_accents(text), found))


def _amounts(words: str, found: list[Number]) -> Iterator[Amount]:
    for number in found:
        in_front = _IN_FRONT.search(words, max(0, number.start - 20), number.start)
        after = _AFTER.match(words, number.end)
        if in_front:
            power = _POWER.match(words, number.end)
            value = number.value * (_POWERS[power[1]] if power else 1)
            end = power.end() if power else number.end
            yield Amount(in_front.start(), end, value, _code(in_front))
        elif after:
            value = number.value * _POWERS.get(after["power"] or "", 1)
            yield Amount(number.start, after.end(), value, _code(after))


def _code(match: re.Match[str]) -> str:
    return next(code for code in _CURRENCIES if match[f"c{code}"])
