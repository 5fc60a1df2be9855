"""Days of the calendar, written as 2026-01-31 (https://www.w3.org/TR/xmlschema11-2/#date)."""

from __future__ import annotations

from datetime import date, datetime

from onehealthkg.errors import UsageError


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, in that form."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day(text: str | None, command: str) -> str:
    """The day that ``--date`` of a command names, today for None; UsageError for what is none."""
    if text is None:
        return datetime.now().astimezone().date().isoformat()
    if not is_day(text):
        raise UsageError(
            f'{command}: --date "{text}" is no date; write year-month-day, such as 2026-01-31.'
        )
    return text
