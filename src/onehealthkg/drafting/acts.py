"""The sentences in which bodies agree: the acts that a text reports.

A sentence describes an act if it has a verb of signing, a verb such as *conclude* with a word for
an agreement, or says that bodies become partners.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from onehealthkg.naming.document import ABOUT, DATELINE, HEADING, ITEM, Document, Passage
from onehealthkg.naming.words import pattern, words


class Act(NamedTuple):
    """A passage that describes an act, done or planned, and the place of its verb."""

    passage: Passage
    start: int
    end: int
    signs: bool
    planned: bool = False


def acts(document: Document) -> list[Act]:
    """The acts in a text, in text order.

    They include the sentences about a ceremony right after an act, the sentence before *all three
    signed*, the list behind *they are*, and the items of a list of signatories.
    """
    passages = [passage for passage in document.passages if passage.role not in (ABOUT, DATELINE)]
    found = {passage.number: list(_acts_of(passage, document.language)) for passage in passages}
    for passage in passages:
        near = any(found.get(passage.number + step) for step in (0, -1, -2, 1, 2))
        lead = words(document.language, "row_leads").match(passage.text)
        named = lead and words(document.language, "agreement_nouns").search(lead[0])
        if lead and (near or named):
            place = passage.start + lead.end()
            found[passage.number].append(Act(passage, place, place, signs=False))
        near = near or _is_signature_line(passage, document.language)
        for scene in words(document.language, "scenes").finditer(passage.text) if near else ():
            start, end = passage.start + scene.start(), passage.start + scene.end()
            found[passage.number].append(Act(passage, start, end, signs=True))
    theirs = pattern(
        document.language, r"(?:their|leurs?) (?:[\w'-]+ ){0,3}?<agreement_nouns>(?!\w)", re.I
    )
    for earlier, passage in pairwise(passages):
        if theirs.match(passage.text):
            found[earlier.number].append(Act(earlier, earlier.start, earlier.start, signs=False))
        if pattern(document.language, r"<all_signed>(?!\w)", re.I).match(passage.text):
            found[earlier.number].append(Act(earlier, earlier.start, earlier.start, signs=True))
    _add_items(document, passages, found)
    return [act for passage in passages for act in found[passage.number]]


def _is_signature_line(passage: Passage, language: str) -> bool:
    """Whether a line at the foot of a deed says who signs: *For FAO: Jane Roe, Director*."""
    form = r"<speaking_for>\s?<articles>?\s?[^:.,]{2,70}\s?:\s(?-i:[A-Z])[^:.]{4,80}$"
    return bool(pattern(language, form, re.I).match(passage.text))


def _add_items(
    document: Document, passages: Sequence[Passage], found: dict[int, list[Act]]
) -> None:
    """Add the items of lists below a sentence of signing, or *The parties are:*, as acts."""
    opening: Passage | None = None
    for passage in passages:
        if opening and opening.text.endswith((" by:", " par :")) and not found[opening.number]:
            found[opening.number] = found.get(opening.number - 1, [])  # cut at an abbreviation
        if opening and (
            any(act.signs for act in found[opening.number])
            or _lists_parties(opening.text, document.language)
        ):
            found[passage.number] = [Act(passage, passage.start, passage.start, signs=True)]
        if passage.role != ITEM:
            heads = passage.role == HEADING and _lists_parties(
                f"{passage.text}:", document.language
            )
            opening = passage if heads or passage.text.endswith(":") else None


def _lists_parties(text: str, language: str) -> bool:
    """Whether a lead says that the items below it are the parties: *The partners are:*."""
    return bool(words(language, "party_lists").search(f"{text.rstrip(' :')}:"))


_UNDER = r"(?:<under>)\s?[^,.;:]*?(?<!\w)<agreement_nouns>(?!\w)[^.;:,]*,\s"
"""The words that lead to what parties do: *Under a new agreement, X and Y will*."""


def _acts_of(passage: Passage, language: str) -> Iterator[Act]:
    agreement = words(language, "agreement_nouns", "bonds").search(passage.text)
    for keys, needs_noun in (
        (("sign_verbs",), False),
        (("partner_verbs",), False),
        (("make_verbs", "bind_verbs"), True),
    ):
        for verb in words(language, *keys).finditer(passage.text):
            told = agreement and _is_object(passage.text, verb, language)
            if needs_noun and not told and not _has_pronoun(passage.text, verb, language):
                continue
            denied = is_denied(passage.text, verb.start(), language)
            if not denied and not _is_of_earlier(passage.text, verb, language):
                start, end = passage.start + verb.start(), passage.start + verb.end()
                planned = _is_planned(passage.text, verb.start(), language)
                watched = planned or _is_watched(passage.text, verb.start(), language)
                yield Act(passage, start, end, keys == ("sign_verbs",) and not watched, planned)
    if pattern(language, rf"{_UNDER}<articles>?\s?(?=[A-ZÀ-Þ])", re.I).match(passage.text):
        yield Act(passage, passage.start, passage.start, signs=False)
    linked = pattern(
        language, r"(?<!\w)<agreement_nouns>(?!\w)[^.;,]{0,60}? (?:between|among|entre)(?!\w)", re.I
    )
    for link in linked.finditer(passage.text):
        early = pattern(language, r"(?<!\w)<earlier>\s(?:[\w-]+ )?$", re.I).search(
            passage.text, max(0, link.start() - 40), link.start()
        )
        old = pattern(language, r"[^.;]{0,160}?\s(?:which|that|qui)\s<dates_back>(?!\w)", re.I)
        early = early or old.match(passage.text, link.end())
        if not early and not _is_in_doubt(passage.text, link, language):
            start, end = passage.start + link.start(), passage.start + link.end()
            planned = bool(words(language, "hoped").search(passage.text))
            yield Act(passage, start, end, signs=False, planned=planned)


def _has_pronoun(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a pronoun stands for the agreement: *It links X with Y*."""
    binds = words(language, "bind_verbs").fullmatch(verb[0])
    subject = re.compile(r"(?:It|This|Il|Elle|Celui-ci|Celle-ci) ")
    return bool(binds and subject.fullmatch(text, 0, verb.start()))


def _is_in_doubt(text: str, link: re.Match[str], language: str) -> bool:
    """Whether *agreement between* is about one that is only discussed: *talks on an agreement*."""
    doubted = words(language, "negation", "doubted")
    still = pattern(
        language, r"(?<!\w)(?:is|are|remains?|est|sont|reste|fait) (?:[\w']+ ){0,3}<doubted>", re.I
    )
    return bool(doubted.search(text, 0, link.start()) or still.search(text, link.end()))


def _is_object(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a word for an agreement is near a verb: after it, or before a participle."""
    nouns = words(language, "agreement_nouns", "bonds")
    if verb.start() == 0:  # Conclu le 17 septembre 2009 entre X et Y, l'accord
        return bool(nouns.search(text, verb.end()))
    passive = pattern(language, r"(?<!\w)<passives>\s(?:[a-zé]+\s)?$", re.I)
    if passive.search(text, 0, verb.start()) and nouns.search(text, 0, verb.start()):
        return True  # the partnership between X and Y, founded in 2010, has been extended
    return bool(
        nouns.search(text, verb.end(), min(len(text), verb.end() + 90))
        or nouns.search(text, max(0, verb.start() - 90), verb.start())
    )


def is_denied(text: str, place: int, language: str) -> bool:
    """Whether the action of a verb did not happen, and is not planned: *nobody has signed*."""
    clause = re.split(r"[,;:.]", text[:place])[-1]
    return bool(words(language, "negation", "doubted").search(clause[-50:]))


def _is_planned(text: str, place: int, language: str) -> bool:
    """Whether the action of a verb is only intended: *hopes to sign*."""
    clause = re.split(r"[,;:.]", text[:place])[-1]
    opens = words(language, "planned_openings").match(text)
    return bool(opens or words(language, "hoped").search(clause[-50:]))


def _is_watched(text: str, place: int, language: str) -> bool:
    """Whether a signing is only attended: *X attended the signing*."""
    form = pattern(language, r"(?<!\w)<looking_on>\s(?:<articles>\s?)?(?:[a-zé]+ )?$", re.I)
    return bool(form.search(text[max(0, place - 40) : place]))


def _is_of_earlier(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a verb is about an earlier agreement: *had signed*, *a previous one, signed in*."""
    clause = re.split(r"[;:.]", text[: verb.start()])[-1]
    if pattern(language, r"(?<!\w)<past_perfect>(?: [\w'-]+){0,2} $", re.I).search(clause):
        return True
    noun = r"(?: [\w'-]+){0,3}? <agreement_nouns>(?!\w)[^;:.]{0,70}$"
    if pattern(language, rf"(?<!\w)<long_past>{noun}", re.I).search(clause):
        return True
    earlier = pattern(language, rf"(?<!\w)<earlier>{noun}", re.I).search(clause)
    year = pattern(language, r" (?:<in_year>) ?(?:19|20)\d\d").match(text, verb.end())
    return bool(earlier and year)
