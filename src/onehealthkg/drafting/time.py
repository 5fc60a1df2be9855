"""When an agreement was signed, how long it will last, and when it ends.

The date of signature is a date next to the verb of signing, or the date of the dateline if the
text says *today*; the date of publication does not count. A term is a length of time next to the
word for the agreement: *five-year agreement*, *conclue pour cinq ans*, and not
*after ten years of work*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    HEADING,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.drafting.words import END, pattern, words
from onehealthkg.reading.durations import in_months_and_days
from onehealthkg.reading.mention import DATE, DURATION, Mention

_DATELINE = re.compile(r"[^.!?]{0,60}$")
_BEHIND_DATELINE = re.compile(r"\)?(?: ?\([^()]{2,40}\))?\s*[–—:-]\s|\)\s")
_SPAN = re.compile(r"\s?(?:[-–—/]|to|and|until|à|et|au|jusqu'au)\s?")
_WEEKDAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_DAYS_OF_LATE_NEWS = 400


class Said(NamedTuple):
    """A date or a length of time in xsd lexical form, and the place of its words."""

    start: int
    end: int
    value: str


def dateline(document: Document) -> Mention | None:
    """The date at the head of a text: a line of its own, or before a dash in the first line."""
    for passage in document.passages[:6]:
        for mention in document.named(passage.start, passage.end, DATE):
            behind = document.text[mention.end : passage.end]
            leads = passage.role == DATELINE or (
                _BEHIND_DATELINE.match(behind)
                and _DATELINE.fullmatch(document.text, passage.start, mention.start)
            )
            if leads and "-" in mention.value.value:
                return mention
    return None


def signed(document: Document, acts: Sequence[Act], published: str) -> list[Said]:
    """The dates of signature, ``2024-06-17`` or ``2024-06``, each once: one for each agreement."""
    found: dict[str, Said] = {}
    for said in _signings(document, acts, published):
        found.setdefault(said.value, said)
    return list(found.values())


def _signings(document: Document, acts: Sequence[Act], published: str) -> Iterator[Said]:
    head = dateline(document)
    dated = False
    for act in acts:
        if act.passage.role in (CAPTION, ABOUT) or _is_to_come(document, act):
            continue
        for mention in document.named(act.passage.start, act.passage.end, DATE):
            if mention != head and _is_of_act(document, act, mention):
                value = _with_year(
                    document, mention, published or (head.value.value if head else "")
                )
                if value and (not dated or act.signs):
                    dated = True
                    yield Said(mention.start, mention.end, value)
                    break
    full = head and re.fullmatch(r"\d{4}-\d\d-\d\d", head.value.value)
    said = _from_dateline(document, acts, date.fromisoformat(full[0])) if full else None
    if said and not dated:
        yield said


def _from_dateline(document: Document, acts: Sequence[Act], head: date) -> Said | None:
    """A day relative to the dateline: *today*, *yesterday*, *on Tuesday*."""
    for act in acts:
        if act.passage.role in (CAPTION, ABOUT, TITLE, HEADING) or _is_to_come(document, act):
            continue
        for key in ("today", "yesterday", "on_weekday"):
            told = words(document.language, key).search(
                document.text, act.passage.start, act.passage.end
            )
            if told and not _is_dated(document, told.end()) and not _announces(document, told):
                back = {"today": 0, "yesterday": 1}.get(key, -1)
                if back < 0:
                    back = (head.weekday() - _weekday(told[0], document.language)) % 7
                return Said(*told.span(), (head - timedelta(days=back)).isoformat())
    return None


def _announces(document: Document, told: re.Match[str]) -> bool:
    """Whether a day is that of the news, and not of the act: *today announced that*."""
    text, language = document.text, document.language
    behind = pattern(language, r"\s<announcing>(?!\w)", re.I).match(text, told.end())
    ahead = pattern(language, r"(?<!\w)<announcing>\s$", re.I).search(
        text, max(0, told.start() - 30), told.start()
    )
    return bool(behind or ahead)


def _is_dated(document: Document, place: int) -> bool:
    """Whether a weekday is part of the date that follows it."""
    return any(
        mention.start - place in range(-2, 8)
        for mention in document.named(place - 2, place + 8, DATE)
    )


def _weekday(words_: str, language: str) -> int:
    """The number of the weekday in some words, 0 for Monday."""
    return next(number for number, day in enumerate(_WEEKDAYS[language]) if day in words_.lower())


def _is_to_come(document: Document, act: Act) -> bool:
    """Whether an act is still to come: *will sign*, *are to sign*."""
    if act.planned:
        return True
    before = document.text[max(act.passage.start, act.start - 40) : act.start]
    verb = document.text[act.start : act.end]
    return bool(
        words(document.language, "future").fullmatch(verb)
        or pattern(document.language, rf"(?<!\w)<future>{END}[\s\w]{{0,12}}$", re.I).search(before)
    )


def _is_of_act(document: Document, act: Act, mention: Mention) -> bool:
    """Whether a date is the date of an act: near its verb, and not about something else."""
    text, language = document.text, document.language
    if "-" not in mention.value.value or (act.passage.role in (TITLE, HEADING) and not act.signs):
        return False
    before = text[act.passage.start : mention.start]
    clause = re.split(r"[;:(]|, (?:which|who|and|et|qui) ", before)[-1]
    if words(language, "not_signing").search(clause[-28:]) or _is_end(document, before):
        return False
    if pattern(language, r"(?<!\w)<possessives> <agreement_nouns> (?:of|du|de) $", re.I).search(
        clause
    ):
        return False  # acceded to their agreement of 4 March 2021
    first, last = sorted(((act.start, act.end), (mention.start, mention.end)))
    between = text[first[1] : last[0]]
    if (
        words(language, "earlier").search(text, max(act.passage.start, act.start - 40), act.start)
        and mention.start > act.end
    ):
        return False
    if mention.start > act.end and words(language, "speaks").search(between):
        return False
    return len(between) < 220 and not words(language, "not_signing").search(
        between[-28:] if mention.start > act.start else ""
    )


def _with_year(document: Document, mention: Mention, published: str) -> str:
    """The date, with the year of publication if it has no year; empty if no year fits.

    The day must not be after the publication, and must be the weekday that the text gives.
    """
    value = mention.value.value
    if _is_one_of_two(document, mention):
        value = value[:-3]  # on 3 and 4 March
    if not value.startswith("--"):
        return value
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", published):
        return ""
    for year in (int(published[:4]), int(published[:4]) - 1):
        full = f"{year}{value[1:]}"
        if full[: len(published)] <= published and _fits_weekday(document, mention, full):
            return full
    return ""


def _is_one_of_two(document: Document, mention: Mention) -> bool:
    """Whether a day is one of two, or the first or last of several: *on 3 and 4 March*."""
    text = document.text
    joins = r"\s?(?:and|et|to|au|[-–])\s?"
    ahead = re.search(
        rf"(?<![\w-])\d{{1,2}}{joins}$", text[max(0, mention.start - 8) : mention.start]
    )
    behind = re.match(rf"{joins}\d{{1,2}}(?!\d)", text[mention.end :])
    inside = re.match(rf"\d{{1,2}}{joins}\d{{1,2}}(?!\d)", text[mention.start : mention.end])
    is_day = re.search(r"-\d\d-\d\d$", mention.value.value)
    return bool(is_day and (ahead or behind or inside))


def _fits_weekday(document: Document, mention: Mention, full: str) -> bool:
    named = [
        number
        for number, day in enumerate(_WEEKDAYS[document.language])
        if re.search(
            rf"{day},? (?:the )?(?:le )?$",
            document.text[max(0, mention.start - 16) : mention.start].lower(),
        )
    ]
    try:
        day = date.fromisoformat(full)
    except ValueError:
        return not named and len(full) == 7
    return not named or day.weekday() == named[0]


def term(document: Document, acts: Sequence[Act]) -> Said | None:
    """How long the agreement will last, ``P5Y``; None if the text does not say."""
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION):
            continue
        for mention in document.named(passage.start, passage.end, DURATION):
            later = _is_of_later(document, passage, mention)
            if not later and _is_term(document, passage, mention, acts):
                return Said(mention.start, mention.end, _lexical(mention.value.value))
    return None


def _is_of_later(document: Document, passage: Passage, mention: Mention) -> bool:
    """Whether a length of time is that of an agreement to come: *the future convention*."""
    form = r"(?<!\w)<to_come> (?:[\w-]+ )?<agreement_nouns>(?!\w)[^.;:]*$"
    before = document.text[passage.start : mention.start]
    return bool(pattern(document.language, form, re.I).search(before))


def _is_term(document: Document, passage: Passage, mention: Mention, acts: Sequence[Act]) -> bool:
    text, language = document.text, document.language
    before, behind = text[passage.start : mention.start], text[mention.end : passage.end]
    clause = re.split(r"[;:.]|, (?=\w+ \w+ed )", before)[-1]
    lasting = text[mention.start : mention.end]
    noun = pattern(language, r"(?:[\s-]+(?!<working>)[\w'-]+){0,4}?[\s-]+<term_nouns>(?!\w)", re.I)
    if re.search(r"(?:year|month)$|enn(?:i|al)", lasting) and noun.match(behind):
        return True  # five-year framework agreement
    if (
        pattern(language, r"(?:(?<!\w)<term_nouns>(?: [a-zé]+)?|[)])\s*,?\s*$", re.I).search(before)
        and language == "fr"
    ):
        return True
    if acts and pattern(language, r"(?<!\w)<lies_ahead>\s$", re.I).search(before):
        return not pattern(language, r"(?<!\w)<budget>(?!\w)", re.I).search(clause)
    if re.search(r"\w-(?:year|month|week|day)", lasting):
        return False  # a two-day visit
    if pattern(language, r"(?<!\w)<prolonged>[^.;]{0,60}\s<longer_by>\s$", re.I).search(before):
        return True  # extended by two years
    if pattern(
        language, r"(?<!\w)<agreement_nouns>(?: [a-zé-]+){0,2} (?:de |d'|of )$", re.I
    ).search(before):
        return not words(language, "working").search(clause)
    if pattern(language, rf"\s*(?:<lasting_after>){END}", re.I).match(behind):
        return not words(language, "working").search(clause)
    if not pattern(language, r"(?<!\w)(?:<lasting>)\s*$", re.I).search(before):
        return False
    if words(language, "working").search(clause) and not words(
        language, "sign_verbs", "make_verbs"
    ).search(clause):
        return False
    made = words(language, "sign_verbs", "make_verbs", "term_nouns").search(clause)
    explicit = re.search(
        r"(?:duration|dur[ée]e|term|period|p[ée]riode|validity|valid|lasts?|runs|court|valable)",
        clause[-60:],
        re.I,
    )
    follows = bool(acts) and re.match(r"\s*(?:it|the text|this|il|elle|ce texte)\b", clause, re.I)
    return bool(made or (explicit and (follows or acts)))


def _lexical(months_and_days: str) -> str:
    """A length of time, in years if it is whole years: ``P60M`` as ``P5Y``."""
    months, days = in_months_and_days(months_and_days) or (0, 0)
    years = f"P{months // 12}Y" if months and months % 12 == 0 and not days else ""
    return years or months_and_days


def _is_end(document: Document, before: str) -> bool:
    """Whether the words before a date say that something ends then: *until the end of*."""
    until = r"(?<!\w)(?:<until>)\s*(?:the |le |l'année )?(?:(?:end|fin|beginning) (?:of |de )?(?:l'année )?)?$"
    return bool(pattern(document.language, until, re.I).search(before))


def ends(document: Document, acts: Sequence[Act]) -> Said | None:
    """When the agreement ends, ``2029-12-31`` or ``2029``; None if the text does not say."""
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION):
            continue
        for mention in document.named(passage.start, passage.end, DATE):
            before = document.text[passage.start : mention.start]
            if mention.value.value.startswith("--") or not _is_end(document, before):
                continue
            clause = re.split(r"[;:.]", before)[-1]
            told = words(document.language, "term_nouns", "sign_verbs", "make_verbs").search(clause)
            runs = re.match(r"\s*(?:it|il|elle)\s", clause, re.I) and acts
            past = words(document.language, "working").search(clause)
            ahead = words(document.language, "continues").search(clause) and acts
            if ahead or ((told or runs) and not past):
                return Said(mention.start, mention.end, mention.value.value)
    return None


def period(document: Document, acts: Sequence[Act]) -> tuple[Said, Said] | None:
    """The first and last year or day of an agreement: *for the period 2020–2025*."""
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION) or not acts:
            continue
        for first, last in pairwise(document.named(passage.start, passage.end, DATE)):
            alike = len(first.value.value) == len(last.value.value) in (4, 10)
            between = document.text[first.end : last.start]
            if alike and _SPAN.fullmatch(between) and _is_period(document, passage, first, last):
                return (
                    Said(first.start, first.end, first.value.value),
                    Said(last.start, last.end, last.value.value),
                )
    return None


def _is_period(document: Document, passage: Passage, first: Mention, last: Mention) -> bool:
    """Whether two dates are those of an agreement: *for 2020-2025*, *the 2020-2025 agreement*."""
    before = document.text[passage.start : first.start]
    behind = document.text[last.end : passage.end]
    led = pattern(document.language, rf"(?<!\w)<over_period>{END}\s*$", re.I)
    named = pattern(document.language, r"(?<!\w)<agreement_nouns> \(?$", re.I)
    names = pattern(document.language, r"\)? (?:[a-z]+ )?<agreement_nouns>(?!\w)", re.I)
    return bool(led.search(before) or named.search(before) or names.match(behind))
