"""The lead of an agreement's page: who agreed, when, for how long, and its status today.

The last known day is compared with today as text, because a date can be a month or a year: during
2026, an agreement that ends in 2026 may have ended. The status includes its basis: stated by a
source, inferred, assumed, or only possible. It is that of the question ``agreements``, which has
fewer words: both compare the days that the rules of the ontology derive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.days import today
from onehealthkg.pages.spans import Moment, Span
from onehealthkg.pages.view import Name, View
from onehealthkg.words import Words, date_in_words, duration_in_words

STATED, POSSIBLE = "stated", "possible"
_NAMED = 5  # parties that are named; further ones are counted


class Status(NamedTuple):
    """The status of an agreement: a key of ``words.status``, its basis, and the date."""

    key: str
    basis: str
    date: str = ""


class Lead(NamedTuple):
    """The first sentence of the page: the parties with links, the rest, and the status."""

    parties: Sequence[Name]
    text: str
    status: Status


def status(span: Span, day: str) -> Status:
    """The status of an agreement on a day."""
    if span.begin and span.begin.date > day:
        return Status("to_begin", span.begin.basis or STATED, span.begin.date)
    if span.replaced and span.replaced.date <= day:
        return Status("superseded", span.replaced.basis or STATED, span.replaced.date)
    is_doubtful = not span.begin or any(
        start and start <= day for start in (span.doubtful, span.perhaps_replaced)
    )
    if not span.ends:
        is_sure = span.indefinite and not is_doubtful
        return Status("indefinite", STATED) if is_sure else Status("open", POSSIBLE)
    last, basis = span.ends.date, span.ends.basis or STATED
    so_far = day[: len(last)]
    if last < so_far:
        return Status("ended", basis, last)
    if last == so_far and len(last) < len(day):
        return Status("ending", POSSIBLE, last)
    return Status("perhaps", POSSIBLE, last) if is_doubtful else Status("running", basis, last)


def lead(view: View, agreement: NamedNode) -> Lead:
    """The first sentence about an agreement: ANSES and Inserm agreed on 5 February 2020 ..."""
    own, span = view.words, view.world.span(agreement)
    parties = view.names(view.world.parties(agreement))
    rest = max(0, len(parties) - _NAMED)
    found = status(span, today())
    said = own["agreed"][len(parties) > 1] if parties else own["agreed_on"]
    if span.begin:
        said += " " + _when(span.begin, own)
    term = view.facts.words(agreement, "oh:term")
    if term:
        said += own["for_term"].format(term=_spelled(duration_in_words(term, own), own))
    others = " " + own["and_others"].format(count=rest) if rest else ""
    text = f"{others}{' ' if parties else ''}{said}{own['before_status']}{sentence(found, own)}"
    return Lead(parties[:_NAMED], text, found)


def sentence(found: Status, own: Words) -> str:
    """The status as a part of a sentence: ``assumed to have ended on 5 February 2025``."""
    said = own["status"][found.key]
    text = said[found.basis] if isinstance(said, dict) else said
    when = _when(Moment(found.date), own) if found.date else ""
    return str(text).format(when=when, date=date_in_words(found.date, own))


def _when(moment: Moment, own: Words) -> str:
    """A date within a sentence: ``on 5 February 2020``, ``in June 2009``."""
    form = own["on_day"] if len(moment.date) == len("2020-02-05") else own["in_period"]
    basis = f" ({own['backed'][moment.basis]})" if moment.basis else ""
    return str(form.format(date=date_in_words(moment.date, own))) + basis


def _spelled(text: str, own: Words) -> str:
    """A duration with a small number spelled out: ``five years``."""
    numbers = own["numbers"]

    def spelled(match: re.Match[str]) -> str:
        number = int(match[0])
        return str(numbers[number]) if number < len(numbers) else match[0]

    return re.sub(r"\d+", spelled, text)
