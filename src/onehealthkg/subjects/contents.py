"""Sentences that say what an agreement consists of: *the partnership covers*, *key activities:*.

The agreement itself, or its axes, activities or aims, is the subject. Behind some verbs only the
phrases that name an action are undertakings, *covers staff exchanges and food safety*; others are
said of the undertaking itself: *builds the capacity of laboratories*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onehealthkg.naming.words import END, pattern, words

_LOOK_BACK = 200
"""The characters before a verb among which its subject is looked for."""

_SENTENCE = re.compile(r"[.;:!?]\s")
_CLAUSES = re.compile(r",\s|(?:^|\s)(?:and|et|while|but|mais|tandis que)\s")


def lists(text: str, language: str, ahead: str | None) -> Iterator[tuple[int, int]]:
    """The words behind which a sentence lists what an agreement consists of.

    ``ahead`` is the passage before, which says whether *it* is an agreement; without it, *it* is.
    """
    verbs = pattern(language, rf"(?<!\w)<contents_verbs>{END}(?:[^.:;,]{{0,40}}:(?=\s))?", re.I)
    for match in verbs.finditer(text):
        if is_subject(text, match.start(), language, ahead):
            yield match.span()
    lead = pattern(
        language,
        r"(?:[^.:;]{0,80}\s)?<list_leads>(?:\s[^.:;,]{1,60}?)??"
        r"(?:\s?:(?:\s|$)|\s(?:will )?<list_verbs>(?:\s?:)?\s)",
        re.I,
    ).match(text)
    if lead:
        yield lead.span()


def acts(text: str, language: str, ahead: str | None) -> Iterator[int]:
    """The places of the verbs in the present tense that say what an agreement does.

    Behind *under the agreement*, the verbs of the partners count, too.
    """
    under = pattern(language, r"<under_agreement>", re.I).match(text)
    actor = pattern(language, r"(?:^|[,;]\s|\s(?:and|et|while|tandis que)\s)<actors>\s$", re.I)
    for match in pattern(language, rf"(?<!\w)<present_verbs>{END}").finditer(text):
        ahead_of_verb = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        by_partner = under and actor.search(ahead_of_verb)
        if by_partner or is_subject(text, match.start(), language, ahead):
            yield match.start()


def is_subject(text: str, verb: int, language: str, ahead: str | None) -> bool:
    """Whether an agreement, or a part of it, is the subject of the verb at a place."""
    sentence = _SENTENCE.split(text[max(0, verb - _LOOK_BACK) : verb])[-1]
    adverbs = pattern(language, rf"(?:(?:^|\s)<contents_adverbs>{END},?)+\s*$", re.I)
    sentence = adverbs.sub(" ", sentence)
    clauses = _CLAUSES.split(sentence)
    subject = clauses[-1].strip() or clauses[0].strip()
    if pattern(language, "<pronouns_of_things>", re.I).fullmatch(subject):
        return ahead is None or bool(words(language, "contents_nouns").search(ahead))
    form = (
        r"(?:[\w'’-]+\s|\w'){0,5}?<contents_nouns>(?:\s\([^)]*\))?"
        r"(?:\s(?:<prepositions|subject_tails>)(?!\w).*)?"
    )
    return bool(pattern(language, form, re.I).fullmatch(subject))
