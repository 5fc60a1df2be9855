"""Durations: *five-year*, *three years and six months*, *quinquennal*, *un an et demi*.

A duration is read with all of its units, in months or in days. Expressions that are not the
duration of something are skipped: how long ago (*il y a un an*, *two years later*), how often
(*every five years*, *three meetings a year*), ages, deadlines (*within six months*), and ranges
(*two to five years*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from onehealthkg.reading.characters import without_accents
from onehealthkg.reading.numbers import Number
from onehealthkg.words import DURATION_FORM

_MONTH, _DAY = "months", "days"
_UNITS = {
    "en": {
        (_MONTH, 120): "decades?",
        (_MONTH, 12): "years?|yrs?",
        (_MONTH, 1): "months?|mths?|mos?",
        (_DAY, 14): "fortnights?",
        (_DAY, 7): "weeks?|wks?",
        (_DAY, 1): "days?",
    },
    "fr": {
        (_MONTH, 120): "decennies?",
        (_MONTH, 12): "ans?|annees?",
        (_MONTH, 6): "semestres?",
        (_MONTH, 3): "trimestres?",
        (_MONTH, 1): "mois",
        (_DAY, 7): "semaines?",
        (_DAY, 1): "jours?",
    },
}
_LATIN = {2: "bi", 3: "tri", 4: "quadri?", 5: "quinqu", 6: "sex", 7: "sept", 8: "oct", 10: "dec"}
_ADJECTIVES = {
    "en": {years: f"{stem}enni(?:al|um)" for years, stem in _LATIN.items()},
    "fr": {years: f"{stem}enn(?:ale?s?|aux|at)" for years, stem in _LATIN.items()}
    | {2: "biennales?|biennal|biennaux|bisannuel(?:le)?s?"},
}
"""Words for a number of years; biannual is missing because it means twice a year."""

_UNIT = {
    language: re.compile(
        r"(?:\s?\((?:\d+|[a-z -]+)\))?[\s–-]{0,2}(?:(?:full|calendar|consecutive)\s)?(?:"
        + "|".join(f"(?P<{kind}_{size}>{words})" for (kind, size), words in units.items())
        + r")\b"
    )
    for language, units in _UNITS.items()
}
_AND_HALF = {"en": re.compile(r" and a half\b"), "fr": re.compile(r" et demie?\b")}
_HALF = {
    "en": re.compile(r"\bhalf(?:[\s-]an?)?(?=[\s-](?:year|decade)\b)"),
    "fr": re.compile(r"\bdemie?(?=[\s-](?:annee|decennie)\b)"),
}
_A = re.compile(
    r"\b(?:for|of|over|during|lasts?|lasting) (?P<lasts>an?)(?= )"
    r"|\b(?P<long>an?)(?= \w+(?:[ -]long| and a half)\b)"
    r"|(?<!\btimes )(?<!\bonce )(?<!\btwice )\b(?P<decade>a)(?= decade\b)"
)
"""*a*, if it counts a unit and does not say how often."""
_THEN = {"en": re.compile(r"(?:,? and|,)? (?=\S)"), "fr": re.compile(r"(?:,? et|,)? (?=\S)")}
_BEFORE = {
    "en": re.compile(
        r"\b(?:every|each|per|within|in|since|aged?|(?:the |these )?(?:last|past|previous))"
        r"(?: (?:about|around|only|just|the))?[\s-]*$"
    ),
    "fr": re.compile(
        r"(?:\bil y a(?:vait|ura)?(?: [a-z']+){0,4}"
        r"|\b(?:voila|voici|depuis|dans(?: les| un delai de)?|sous|par|chaque|tous les)"
        r"|\btoutes les|\bd'ici(?: a)?|\bagee?s? de)"
        r"(?: (?:environ|plus de|pres de|moins de))?[\s(]*$"
    ),
}
_AFTER = {
    "en": re.compile(
        r"[\s-](?:ago|earlier|later|old|hence|previously|prior|back|from now)\b|'s? (?:time|old)\b"
    ),
    "fr": re.compile(r" (?:plus (?:tard|tot)|auparavant|d'age)\b"),
}
_SINCE_THEN = {"en": re.compile(r" (?:before|after)\b"), "fr": re.compile(r" (?:avant|apres)\b")}
_TERM = re.compile(r"\b(?:for|of|lasts?|lasting|de|dure|durent|pour|pendant|durant)[\s-]*$")
_OR = re.compile(r"\s?(?:\bto\b|\bor\b|–|-|\ba\b|\bou\b)\s?$")
_BETWEEN = re.compile(r"\b(?:between|entre)\s[^,;.]{1,40}\s(?:and|et)\s$")


class Duration(NamedTuple):
    """A duration in months and days, and its place in the comparable text."""

    start: int
    end: int
    months: int
    days: int

    @property
    def lexical(self) -> str:
        """As an xsd:duration in months and days: ``P60M``, ``P14D``, ``P3M15D``."""
        months = f"{self.months}M" if self.months else ""
        days = f"{self.days}D" if self.days else ""
        return f"P{months}{days}" if months or days else "P0D"


def in_months_and_days(lexical: str) -> tuple[int, int] | None:
    """An xsd:duration of years, months and days, ``P5Y``, in months and days; else None."""
    match = DURATION_FORM.fullmatch(lexical)
    if not match:
        return None
    years, months, days = (int(part or 0) for part in match.groups())
    return 12 * years + months, days


def durations(text: str, found: list[Number], language: str) -> list[Duration]:
    """The durations in a comparable text with these numbers, in order."""
    words = without_accents(text)
    counts = sorted([*found, *_counts(words, language)])
    lengths = [*_lengths(words, counts, language), *_adjectives(words, language)]
    return sorted(length for length in lengths if _is_length(words, length, language))


def _counts(words: str, language: str) -> Iterator[Number]:
    """*a* and *half*, if they count a unit."""
    for match in _HALF[language].finditer(words):
        yield Number(*match.span(), Decimal("0.5"))
    for match in _A.finditer(words) if language == "en" else ():
        yield Number(*match.span(match.lastgroup or 0), Decimal(1))


def _lengths(words: str, counts: list[Number], language: str) -> Iterator[Duration]:
    at = -1
    by_start = {count.start: count for count in counts}
    for count in counts:
        length = _unit(words, count, language) if count.start >= at else None
        if length is None or _is_open(words, count, counts):
            continue
        size = length
        while True:
            link = _THEN[language].match(words, length.end)
            more = by_start.get(link.end()) if link else None
            part = _unit(words, more, language) if more else None
            if not part or (part.months, part.days) >= (size.months, size.days):
                break
            months, days = length.months + part.months, length.days + part.days
            length, size = Duration(count.start, part.end, months, days), part
        at = length.end
        yield length


def _unit(words: str, count: Number, language: str) -> Duration | None:
    """The duration of a number and the unit after it, if it is whole months or days."""
    match = _UNIT[language].match(words, count.end)
    if not match or not match.lastgroup:
        return None
    kind, _, size = match.lastgroup.partition("_")
    value, end = count.value, match.end()
    half = _AND_HALF[language].match(words, end)
    if half:
        value, end = value + Decimal("0.5"), half.end()
    amount = value * int(size)
    if amount != int(amount):
        return None
    months, days = (int(amount), 0) if kind == _MONTH else (0, int(amount))
    return Duration(count.start, end, months, days)


def _adjectives(words: str, language: str) -> Iterator[Duration]:
    for years, pattern in _ADJECTIVES[language].items():
        for match in re.finditer(rf"\b(?:{pattern})\b", words):
            yield Duration(*match.span(), 12 * years, 0)


def _is_open(words: str, count: Number, counts: list[Number]) -> bool:
    """Whether a number ends a range: *two to five years*."""
    before = words[max(0, count.start - 60) : count.start]
    match = _OR.search(before)
    end = count.start - len(match[0]) if match else -1
    return _BETWEEN.search(before) is not None or any(other.end == end for other in counts)


def _is_length(words: str, length: Duration, language: str) -> bool:
    """Whether the words around a duration allow it to be one."""
    before = words[max(0, length.start - 60) : length.start]
    if _BEFORE[language].search(before) or _AFTER[language].match(words, length.end):
        return False
    return bool(_TERM.search(before) or not _SINCE_THEN[language].match(words, length.end))
