"""What an announcement says that the parties do, will do, mean to do or may do together.

A verb of modality opens a clause, *may*, *will*, *provides for*, *entendent*, and what stands in its
scope, up to the end of the clause, is cut at commas and *and*: each part with a word for an activity
in it is one. In the passive the part has its subject: *data could be pooled*. A list of items under
such a clause is in its scope as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    HEADING,
    ITEM,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.words import END, pattern, words

MODALITIES = ("expected", "committed", "possible", "intended", "ongoing", "planned")
"""The modalities, by their local names in the ontology; of two that begin alike the first counts."""

_CUT = re.compile(
    r"\s*(?:[,;]|\s[–-]\s)\s*(?:(?:and|et|or|ou|as well as|ainsi que|de même que|then|also)\s+)?|\s+(?:as well as|ainsi que|de même que)\s+"
)
_AND = re.compile(r"\s+(?:and|et)\s+")
_PASSIVE = {
    "en": re.compile(r"\s*(?:also |then |jointly |both )?(?:be |been )"),
    "fr": re.compile(
        r"\s*(?:aussi |également |ainsi )?(?:être |(?=[a-zé]+(?:é|ée|és|ées|is|ise|ises|us|ue|ues)(?!\w)))"
    ),
}
_LEAD = re.compile(
    r"(?:(?:and|et|or|ou|to|de|d'|à|also|aussi|également|notamment|in particular|for|of|des|du|les|la|le|l'|the|a|an|une?|that|then|avec|ainsi|both|jointly)(?:\s+|(?<=')))+",
    re.I,
)
_LONGEST = 22  # words


def core(words_: str, language: str) -> str:
    """The first words of an undertaking, up to what it is about: *exchange of information*."""
    tail = _TAIL[language].search(words_, 8)
    return words_[: tail.start()] if tail else words_


_TAIL = {
    "en": re.compile(
        r"\s(?:on|in|at|by|with|from|to|for a|within|between|across|that|which|organi[sz]ed|carried out)\s"
    ),
    "fr": re.compile(r"\s(?:sur|en|dans|par|avec|à|au|aux|entre|qui|que|lors|menée?s?)\s"),
}


class Activity(NamedTuple):
    """An undertaking: the place of its words, the activity of the graph in them, its modality."""

    start: int
    end: int
    thing: NamedNode | None
    modality: str
    score: float


class _Cue(NamedTuple):
    start: int
    end: int
    modality: str
    of_subject: bool = False


def activities(
    document: Document, knowledge: Knowledge, barred: Sequence[tuple[int, int]]
) -> list[Activity]:
    """The undertakings in a text, in its order; ``barred`` are names of other things."""
    found: list[Activity] = []
    listed = ""
    for passage in document.passages:
        if passage.role in (TITLE, HEADING, ABOUT, DATELINE, CAPTION):
            continue
        cues = _cues(passage, document.language)
        if passage.role == ITEM and listed and not cues:
            cues = [_Cue(_item_start(passage.text), _item_start(passage.text), listed)]
        elif passage.role != ITEM:
            listed = (
                (cues[-1].modality if cues else "planned") if passage.text.endswith(":") else ""
            )
        found += _told(document, knowledge, passage, cues)
    return sorted(
        one
        for one in found
        if not any(start <= one.start and one.end <= end for start, end in barred)
    )


def _item_start(text: str) -> int:
    match = re.match(r"(?:[-–•*·]|\d{1,2}[.)]|\(?[a-z]\))\s+", text)
    return match.end() if match else 0


def _cues(passage: Passage, language: str) -> list[_Cue]:
    """The verbs of modality in a passage, in its order."""
    found: dict[int, _Cue] = {}
    for modality in MODALITIES:
        for match in words(language, f"modal_{modality}").finditer(passage.text):
            if not any(
                cue.start < match.end() and match.start() < cue.end for cue in found.values()
            ):
                found[match.start()] = _Cue(*match.span(), modality)
    for match in words(language, "subject_cues").finditer(passage.text):
        for cue in [one for one in found.values() if one.start < match.end() and match.start() < one.end]:
            del found[cue.start]
        found[match.start()] = _Cue(*match.span(), "planned", of_subject=match.start() > 3)
    return sorted(found.values())


def _told(
    document: Document, knowledge: Knowledge, passage: Passage, cues: Sequence[_Cue]
) -> Iterator[Activity]:
    """What stands in the scope of each verb of modality."""
    for number, cue in enumerate(cues):
        limit = cues[number + 1].start if number + 1 < len(cues) else len(passage.text)
        before = cues[number - 1].end if number else 0
        start = _scope_start(passage.text, cue, before, document.language)
        end = _scope_end(passage.text, cue, limit, document.language)
        if cue.of_subject:
            start, end = before, cue.start
        for first, last in _parts(passage.text, start, end):
            if _is_activity(passage.text[first:last], document.language):
                place = passage.start + first, passage.start + last
                yield Activity(*place, _thing(document, knowledge, *place), cue.modality, 0.6)


def _scope_start(text: str, cue: _Cue, before: int, language: str) -> int:
    """Where the scope of a verb begins: behind it, or with its subject in the passive."""
    if not _PASSIVE[language].match(text, cue.end):
        return cue.end
    clause = re.split(r"[;:]\s|,\s(?:and|et)\s|(?<=,)\s", text[before : cue.start])[-1]
    subject = cue.start - len(clause)
    lead = words(language, "subject_ends").match(text, subject + len(clause) - len(clause.lstrip()))
    return cue.end if lead else subject


def _scope_end(text: str, cue: _Cue, limit: int, language: str) -> int:
    """Where the scope of a verb ends: with the clause, or where the next verb has its own."""
    stop = pattern(language, rf"(?<!\w)<clause_end>{END}|[.;!?](?=\s|$)|:(?=\s)", re.I).search(
        text, cue.end, limit
    )
    end = stop.start() if stop and stop.start() > cue.end + 8 else limit
    if end == limit < len(text):  # the subject of the next verb belongs to that verb
        comma = max(text.rfind(", ", cue.end, limit), text.rfind("; ", cue.end, limit))
        end = comma if comma > 0 else limit
    return end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for before, after in [*(match.span() for match in _CUT.finditer(text, start, end)), (end, end)]:
        yield from _halves(text, at, before)
        at = after


def _halves(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A part without what leads to it; two where both sides of *and* are phrases of some words."""
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    while start < end and text[start] in ' \n"«“':
        start += 1
    last = start + len(text[start:end].rstrip(" .,;\n"))
    for match in _AND.finditer(text, start, last):
        left, right = text[start : match.start()].split(), text[match.end() : last].split()
        if (
            len(left) > 1
            and len(right) > 1
            and not re.search(r"(?:of|on|for|in|de|d'\w+|des|du|sur)$", " ".join(left[-2:-1]))
        ):
            yield start, match.start()
            yield from _halves(text, match.end(), last)
            return
    if last > start:
        yield start, last


def _is_activity(words_: str, language: str) -> bool:
    return 0 < len(words_.split()) <= _LONGEST and bool(
        words(language, "activity_words").search(words_)
    )


def _thing(document: Document, knowledge: Knowledge, start: int, end: int) -> NamedNode | None:
    """The activity of the graph with the longest name in these words."""
    inside = [
        (one.end - one.start, thing)
        for one in document.named(start, end)
        if one.end <= end
        for thing in one.things
        if knowledge.kinds.get(thing) == "activity"
    ]
    return max(inside, key=lambda one: (one[0], one[1].value))[1] if inside else None
