"""The text of a spreadsheet cell as a reader sees it, or the reason why it has no text.

A date is as exact as it is shown, because a spreadsheet turns everything that looks like a date
into a day: a month into its first day, a day without a year into a day of this year. The number
format decides which parts are shown; an ``m`` beside ``h`` or ``s`` is minutes (ECMA-376, part 1,
18.8.31).
In texts, ``_x000D_`` is the character with this number (22.9.2.19, ST_Xstring). A spreadsheet
keeps fifteen digits of a number; one with more is refused, because its last digits are made up.
https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from onehealthkg.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

# The parts of a number format that are not dates: words, spaces, colours, languages.
_NOT_SHOWN = re.compile(r'am/pm|a/p|"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]')
_PART = re.compile("h+|m+|s+|d+|j+|y+|a{3,}|e+")
_LARGEST = 10**15
_FIRST_YEAR = 1900  # of the dates of a spreadsheet
_NO_DATE = "is not a readable date; write it as text: 2012-04-10, 2012-04 or 2012."


def text_of(cell: Cell) -> str:
    """The text of a cell; UsageError if it has no text, with the reason and the remedy."""
    value = cell.value
    if cell.data_type == "f":
        raise UsageError("There is a formula; replace it with its value, as text.")
    if cell.data_type == "e":
        raise UsageError(f"The spreadsheet shows an error here, {value}; correct it.")
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, datetime | date | time | timedelta):
        return _date(value, cell.number_format)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else _number(value, cell.number_format)


def unescaped(text: str) -> str:
    """The text of a cell, in which ``_x000D_`` is a carriage return and ``_x005F_`` is ``_``.

    Two of them may be the halves of a character (UTF-16); UsageError if one half is missing.
    """
    text = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise UsageError("There is half of a character here; write the whole one.") from None


def _number(value: float | Decimal, form: str) -> str:
    """A number as it is shown: 5% for 0.05, 0042 for 42 if the format has four zeros."""
    number = Decimal(str(value))
    if abs(number) >= _LARGEST:
        raise UsageError("A spreadsheet keeps only 15 digits of a number; write it as text.")
    percent = "%" in _NOT_SHOWN.sub("", form)
    text = f"{number * 100 if percent else number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    zeros = len(form) if set(form) == {"0"} else 0
    return text.zfill(zeros) + ("%" if percent else "")


def _date(value: date | time | timedelta, form: str) -> str:
    """A date as exact as it is shown; UsageError if that is a time, or lacks its year."""
    if not isinstance(value, date):
        raise UsageError(f"A time {_NO_DATE}")
    if value.year < _FIRST_YEAR:
        raise UsageError(f"A negative number {_NO_DATE}")
    parts = _parts(form)
    if not parts:  # the date has no format of its own
        return value.strftime("%Y-%m-%d")
    if "y" not in parts:
        shown = "only a time" if parts <= {"h", "s", "minutes"} else "no year"
        raise UsageError(f"The text shown, {shown}, {_NO_DATE}")
    if "d" in parts:
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m") if "m" in parts else value.strftime("%Y")


def _parts(form: str) -> set[str]:
    """The parts of a date and time that a number format shows: d, m, y, h, minutes, s."""
    if form == "General":
        return set()
    words = _PART.findall(_NOT_SHOWN.sub("", form.lower().partition(";")[0]))
    shown = set()
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word[0] == "m":
            beside_time = before[:1] == "h" or after[:1] == "s"
            shown.add("minutes" if beside_time else "m")
        elif word[0] in "dj":
            shown |= {"d"} if len(word) < 3 else set()  # ddd is the day of the week
        else:
            shown.add("y" if word[0] in "yae" else word[0])
    return shown
