"""Dates as people write them in English and French, as exact as they are written.

Days, months and years written together, in each common order: *5 February 2020*,
*February 5th, 2020*, *le 1er mars*, *2020-02-05*, *05/02/2020*. In a date in figures the day comes
first, unless the result is not a date. *5-7 March 2020*, *5 and 6 February 2020* and *28 February
to 2 March 2020* are two dates each. A year alone is four digits that are not a quantity. Quarters
and seasons are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from onehealthkg.reading.characters import without_accents

_MONTHS = {
    "en": (
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
        "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
    "fr": (
        "janvier|janv", "fevrier|fevr|fev", "mars", "avril|avr", "mai", "juin", "juillet|juil",
        "aout", "septembre|sept", "octobre|oct", "novembre|nov", "decembre|dec",
    ),
}  # fmt: skip
_ORDINAL_WORDS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    " twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth"
    " twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first",
    "fr": "premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize dix-sept dix-huit dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre"
    " vingt-cinq vingt-six vingt-sept vingt-huit vingt-neuf trente trente-et-un",
}
_ORDINALS = {language: words.split() for language, words in _ORDINAL_WORDS.items()}
_DAY = {
    "en": r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?",
    "fr": r"(?:0?[1-9]|[12]\d|3[01])(?: ?(?:er|e))?",
}
_ANY_YEAR = r"(?:1[5-9]|20|21)\d\d(?![\w^])(?!\s?[%€$£])"
_YEAR = _ANY_YEAR + r"(?![.,]\d)"
_LINK = {"en": r"(?:to|through|until|and)", "fr": r"(?:au|a|et|ou)"}
_THE = {"en": r"(?:the )?", "fr": r"(?:le )?"}
_START = r"(?<![\w^])(?<!\d[.,/:-])"
_SHARED = re.compile(
    r"\s?(?:–|-|&|\b(?:to|and|until|through|or|au|a|et|ou|jusqu'au)\b)\s?(?:(?:the|le|du|au) )?"
)
_ISO = re.compile(rf"{_START}(\d{{4}})(?P<mark>[-/.])(\d\d?)(?P=mark)(\d\d?)(?!\d)(?![/-]\d)")
_FIGURES = re.compile(
    rf"{_START}(\d\d?)(?P<mark>\s?[-/.]\s?)(\d\d?)(?P=mark)(\d{{4}})(?!\w)(?![/-]\d)"
)
_MONTH_YEAR = re.compile(rf"{_START}(?:(0\d|1[0-2])/(\d{{4}})|(\d{{4}})-(0[1-9]))(?!\w)(?![/-]\d)")
_BARE_YEAR = re.compile(rf"(?<![\w^])(?<!\d[.,/:]){_YEAR}(?!(?:[/:]\d{{1,3}}|-(?:\d|\d{{3}}))\b)")
_SHORT_YEAR = re.compile(r"(20)\d\d[–-](1[3-9]|[2-9]\d)(?![\w.,/–-]\d|\w)")
_NUMBERED = re.compile(r"(?:[€$£]|\bn(?:°|os?\b)?\.?|\b(?:law|reg|art|loi|numero)\b\.?) ?$")
_COUNTED = re.compile(
    r"\s+(?!as\b|is\b|was\b|has\b|does\b|this\b|its\b|les\b|des\b|ses\b|nos\b|sous\b|dans\b|plus\b)"
    r"(?:[a-z]+s\b|euros?\b|people\b|million)"
)
_BEFORE_YEAR = re.compile(
    r"(?:[(,;:–-]|\b(?:in|since|of|until|till|by|from|to|before|after|during|the|en|depuis|de"
    r"|d'ici|pour|a|avant|apres|l'an|fin|debut|la|les|le|des|this|year|annee))\s*$"
)
_BEFORE_MONTH = re.compile(
    r"\b(?:in|of|since|until|by|early|late|mid|en|depuis|jusqu'en|fin|debut|mi|de|d')[ '-]*$"
)


class Date(NamedTuple):
    """A day, month or year and its place in the comparable text; 0 for a missing part."""

    start: int
    end: int
    year: int
    month: int
    day: int

    @property
    def lexical(self) -> str:
        """``2020-02-05``, ``2020-02``, ``2020``, or without a year ``--02-05`` or ``--02``."""
        year = f"{self.year:04}" if self.year else "-"
        month = f"-{self.month:02}" if self.month else ""
        return year + month + (f"-{self.day:02}" if self.day else "")

    @property
    def exists(self) -> bool:
        """Whether the calendar has this date."""
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return True


def dates(text: str, language: str) -> list[Date]:
    """The dates in a comparable text in a language, in order."""
    words = without_accents(text)
    found = [*_in_figures(words), *_with_names(text, words, language)]
    found = _with_shared_years(
        words, [candidate for candidate in sorted(found) if candidate.exists]
    )
    taken = [range(candidate.start, candidate.end) for candidate in found]
    years = (year for year in _years(words) if not any(year.start in span for span in taken))
    return sorted([*found, *years])


def _in_figures(words: str) -> Iterator[Date]:
    for match in _ISO.finditer(words):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        if year and month and day:
            yield Date(*match.span(), year, month, day)
    for match in _FIGURES.finditer(words):
        year, first, second = int(match[4]), int(match[1]), int(match[3])
        month, day = (second, first) if second <= 12 else (first, second)
        if 1500 <= year < 2200 and month and day:
            yield Date(*match.span(), year, month, day)
    for match in _MONTH_YEAR.finditer(words):
        year, month = int(match[2] or match[3]), int(match[1] or match[4])
        numbered = _NUMBERED.search(words, max(0, match.start() - 12), match.start())
        if 1500 <= year < 2200 and month and not numbered:
            yield Date(*match.span(), year, month, 0)


def _with_names(text: str, words: str, language: str) -> Iterator[Date]:
    """The dates whose month is written as a name."""
    for match in _PATTERNS[language].finditer(words):
        month = next(at for at in range(1, 13) if match[f"m{at}"])
        name, year = match.span(f"m{month}"), int(match["year"] or 0)
        capital = text[name[0]].isupper() or language == "fr"
        spans = list(_days(words, match, language))
        if spans and (year or capital):
            for number, (start, end, day) in enumerate(spans):
                start = min(start, name[0]) if number == 0 else start
                end = match.end() if number == len(spans) - 1 else end
                yield Date(start, end, year, month, day)
        elif not spans and (year or (capital and _stands_for_month(words, match, language))):
            yield Date(*match.span(), year, month, 0)


def _days(words: str, match: re.Match[str], language: str) -> Iterator[tuple[int, int, int]]:
    """The days named in a match, with their places."""
    start, end = match.span("before") if match["before"] else match.span("after")
    if start >= 0:
        for day in _ONE_DAY[language].finditer(words, start, end):
            figures = re.match(r"\d+", day[0])
            if figures:
                yield *day.span(), int(figures[0])
            elif language == "fr" or match["after"] or match["of"]:
                yield *day.span(), _ORDINALS[language].index(day[0].replace(" ", "-")) + 1


def _stands_for_month(words: str, match: re.Match[str], language: str) -> bool:
    """Whether a month's name without a day means the month: *in May*, *February and March 2020*."""
    if _BEFORE_MONTH.search(words[max(0, match.start() - 12) : match.start()]):
        return True
    link = _SHARED.match(words, match.end())
    return bool(link and _PATTERNS[language].match(words, link.end()))


def _with_shared_years(words: str, found: list[Date]) -> list[Date]:
    """The dates, with the year of the next date if they share it."""
    shared: list[Date] = []
    for candidate in reversed(found):
        following = shared[-1] if shared else None
        if (
            following
            and not candidate.year
            and _SHARED.fullmatch(words, candidate.end, following.start)
            and (candidate.month, candidate.day) <= (following.month, following.day or 31)
        ):
            candidate = candidate._replace(year=following.year)
        shared.append(candidate)
    return shared[::-1]


def _years(words: str) -> Iterator[Date]:
    for match in _BARE_YEAR.finditer(words):
        before = words[max(0, match.start() - 12) : match.start()]
        counts = _COUNTED.match(words, match.end()) and not _BEFORE_YEAR.search(before)
        if not counts and not _NUMBERED.search(before):
            yield Date(*match.span(), int(match[0]), 0, 0)
    for match in _SHORT_YEAR.finditer(words):
        yield Date(*match.span(2), int(match[1] + match[2]), 0, 0)


def _pattern(language: str) -> re.Pattern[str]:
    """Days before or after the name of a month, then a year."""
    day, link, the = _one_day(language), _LINK[language], _THE[language]
    between = rf"(?:\s?(?:–|-|&)\s?|\s{link}\s)"
    days = rf"{day}(?:,\s{the}{day})*,?{between}{the}{day}|{day}(?:{between}{the}{day})?"
    month = "|".join(
        f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS[language], start=1)
    )
    of = r"(?P<of>(?:day\s)?of\s)?"
    after = rf"(?:\s(?:the\s)?(?P<after>{days})(?!\w))?" if language == "en" else "(?P<after>(?!))?"
    return re.compile(
        rf"{_START}(?:(?P<before>{days})[\s-]{of})?(?<![\w])(?:{month})\b\.?{after}"
        rf"(?:,?[\s-](?:of\s|de\s)?(?P<year>{_YEAR}|{_ANY_YEAR}(?=[.,]\d{{1,3}}(?:\s|$))))?"
    )


def _one_day(language: str) -> str:
    spoken = "|".join(
        name.replace("-", "[ -]") for name in sorted(_ORDINALS[language], key=len, reverse=True)
    )
    return rf"(?<!\w)(?:{_DAY[language]}|{spoken})(?!\w)"


_ONE_DAY = {language: re.compile(_one_day(language)) for language in _MONTHS}
_PATTERNS = {language: _pattern(language) for language in _MONTHS}
