"""How long an agreement lasts, and when it ends.

A term is a length of time next to the word for the agreement: *five-year agreement*, *conclue pour
cinq ans*, and not *after ten years of work*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from onehealthkg.drafting.acts import Act
from onehealthkg.naming.document import ABOUT, CAPTION, Document, Passage
from onehealthkg.naming.words import END, pattern, words
from onehealthkg.reading.durations import in_months_and_days
from onehealthkg.reading.mention import DATE, DURATION, Mention

_SPAN = re.compile(r"\s?(?:[-–—/]|to|and|until|à|et|au|jusqu'au)\s?")


class Said(NamedTuple):
    """A date or a length of time in xsd lexical form, and the place of its words."""

    start: int
    end: int
    value: str


def term(document: Document, acts: Sequence[Act]) -> Said | None:
    """How long the agreement will last, ``P5Y``; None if the text does not say."""
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION):
            continue
        for mention in document.named(passage.start, passage.end, DURATION):
            another = _is_of_another(document, passage, mention)
            if not another and _is_term(document, passage, mention, acts):
                return Said(mention.start, mention.end, _lexical(mention.value.value))
    return None


def _is_of_another(document: Document, passage: Passage, mention: Mention) -> bool:
    """Whether a length of time is that of another agreement: *the future convention*."""
    form = r"(?<!\w)(?:<to_come>|<earlier>) (?:[\w-]+ )?<agreement_nouns>(?!\w)[^.;:]*$"
    before = document.text[passage.start : mention.start]
    return bool(pattern(document.language, form, re.I).search(before))


def _is_term(document: Document, passage: Passage, mention: Mention, acts: Sequence[Act]) -> bool:
    """Whether a length of time is how long the agreement lasts."""
    text, language = document.text, document.language
    before, behind = text[passage.start : mention.start], text[mention.end : passage.end]
    others = (
        r", (?:and|et) (?:the (?:two )?(?:partners|parties|bodies|institut\w+)|they|ils|elles) "
    )
    clause = re.split(rf"[;:.]|, (?=\w+ \w+ed )|{others}", before)[-1]
    if _qualifies(text[mention.start : mention.end], before, behind, language):
        return True
    if acts and pattern(language, r"(?<!\w)<lies_ahead>\s$", re.I).search(before):
        return not pattern(language, r"(?<!\w)<budget>(?!\w)", re.I).search(clause)
    if re.search(r"\w-(?:year|month|week|day)", text[mention.start : mention.end]):
        return False  # a two-day visit
    if pattern(language, r"(?<!\w)<prolonged>[^.;]{0,60}\s<longer_by>\s$", re.I).search(before):
        return True  # extended by two years
    beside = pattern(
        language, r"(?<!\w)<agreement_nouns>(?: [a-zé-]+){0,2} (?:de |d'|of )$", re.I
    ).search(before) or pattern(language, rf"\s*(?:<lasting_after>){END}", re.I).match(behind)
    if beside:
        return not words(language, "working").search(clause)
    lasts = pattern(language, r"(?<!\w)(?:<lasting>)\s*$", re.I).search(before)
    return bool(lasts and _is_of_agreement(clause, acts, language))


def _qualifies(lasting: str, before: str, behind: str, language: str) -> bool:
    """Whether a length of time is part of a name of the agreement: *five-year agreement*."""
    noun = pattern(language, r"(?:[\s-]+(?!<working>)[\w'-]+){0,4}?[\s-]+<term_nouns>(?!\w)", re.I)
    if re.search(r"(?:year|month)$|enn(?:i|al)", lasting) and noun.match(behind):
        return True
    named = pattern(language, r"(?:(?<!\w)<term_nouns>(?: [a-zé]+)?|[)])\s*,?\s*$", re.I)
    if language == "fr" and named.search(before):
        return True
    the = r"(?:<articles>\s?|this |cette |cet |ce )?"
    of_it = rf"\s(?:of|de|d')\s?{the}(?:<agreement_nouns>|application)(?!\w)"
    return bool(pattern(language, of_it, re.I).match(behind))  # the five years of the agreement


def _is_of_agreement(clause: str, acts: Sequence[Act], language: str) -> bool:
    """Whether a clause with a length of time is about the agreement, not about work together."""
    made = words(language, "sign_verbs", "make_verbs")
    if words(language, "working").search(clause) and not made.search(clause):
        return False
    if words(language, "sign_verbs", "make_verbs", "term_nouns").search(clause):
        return True
    explicit = re.search(
        r"(?:duration|dur[ée]e|term|period|p[ée]riode|validity|valid|lasts?|runs|court|valable)",
        clause[-60:],
        re.I,
    )
    subject = r"\s*(?:it|the text|this|il|elle|ce texte|celui-ci|celle-ci)\b"
    follows = acts and re.match(subject, clause, re.I)
    return bool((explicit and acts) or (follows and words(language, "given_for").search(clause)))


def _lexical(months_and_days: str) -> str:
    """A length of time, in years if it is whole years: ``P60M`` as ``P5Y``."""
    months, days = in_months_and_days(months_and_days) or (0, 0)
    years = f"P{months // 12}Y" if months and months % 12 == 0 and not days else ""
    return years or months_and_days


def is_end(document: Document, before: str) -> bool:
    """Whether the words before a date say that something ends then: *until the end of*."""
    part = r"(?:mid-|early |late |mi-|début |courant )?(?:the |le |l'année )?"
    part += r"(?:(?:end|fin|beginning) (?:of |de )?(?:l'année )?)?"
    until = pattern(document.language, rf"(?<!\w)(?:<until>)\s*{part}$", re.I)
    return bool(until.search(before))


def ends(document: Document, acts: Sequence[Act]) -> Said | None:
    """When the agreement ends, ``2029-12-31`` or ``2029``; None if the text does not say."""
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION):
            continue
        for mention in document.named(passage.start, passage.end, DATE):
            before = document.text[passage.start : mention.start]
            then = pattern(document.language, r",?\s<ends_then>(?!\w)", re.I)
            behind = then.match(document.text, mention.end, passage.end)
            if behind and acts and not mention.value.value.startswith("--"):
                return Said(mention.start, mention.end, mention.value.value)
            if mention.value.value.startswith("--") or not is_end(document, before):
                continue
            clause = re.split(r"[;:.]", before)[-1]
            if pattern(document.language, r"(?<!\w)<prolonged>[^.;]*<old_end>", re.I).search(
                clause
            ):
                continue  # extended their agreement, due to expire in 2021
            told = words(document.language, "term_nouns", "sign_verbs", "make_verbs").search(clause)
            runs = re.match(r"\s*(?:it|il|elle)\s", clause, re.I) and acts
            past = words(document.language, "working").search(clause)
            if past and words(document.language, "make_verbs").search(clause, past.end()):
                past = None  # has been extended to
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
    if _is_of_another(document, passage, first):
        return False
    before = document.text[passage.start : first.start]
    behind = document.text[last.end : passage.end]
    led = pattern(document.language, rf"(?<!\w)<over_period>{END}\s*$", re.I)
    named = pattern(document.language, r"(?<!\w)<agreement_nouns> \(?$", re.I)
    names = pattern(document.language, r"\)? (?:[a-z]+ )?<agreement_nouns>(?!\w)", re.I)
    return bool(led.search(before) or named.search(before) or names.match(behind))
