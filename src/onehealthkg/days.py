"""Dates as exact as people write them: 2026-01-31, 2026-01 or 2026, or the word today.

The forms are those of XML Schema (https://www.w3.org/TR/xmlschema11-2/#date).
"""

from __future__ import annotations

from datetime import date
from time import strftime

from onehealthkg.errors import UsageError

TODAY = "today"
_FIRST_DAY = {4: "-01-01", 7: "-01", 10: ""}


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, as in 2026-01-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_period(text: str) -> bool:
    """Whether a text is a day, a month or a year, as in 2026-01-31, 2026-01 or 2026."""
    return len(text) in _FIRST_DAY and is_day(text + _FIRST_DAY[len(text)])


def today() -> str:
    """Today's date, in the local time zone."""
    return strftime("%Y-%m-%d")


def day(text: str | None, command: str) -> str:
    """The date given with ``--date``, or today if None; raises UsageError if invalid."""
    if text is None or text == TODAY:
        return today()
    if not is_day(text):
        raise UsageError(
            f'{command}: --date "{text}" is not a date; write year-month-day, such as 2026-01-31.'
        )
    return text
