"""The things that the parties do, will do, intend to do or may do together.

A verb of modality such as *may*, *will*, *provides for* or *entendent* opens a clause. Its scope,
up to the end of the clause, is split at commas and *and*: each part with a word for an activity is
an undertaking. In the passive a part includes its subject: *data could be pooled*. A list of items
under such a clause is entirely in its scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.naming.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    FIELD,
    HEADING,
    ITEM,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.nouns import may_name_action, names_action
from onehealthkg.naming.speech import is_speech
from onehealthkg.naming.words import pattern, words
from onehealthkg.subjects.cues import CONTENTS, LIST, Cue, cues_of
from onehealthkg.subjects.scopes import (
    CONJUNCTION,
    behind_aside,
    clause_start,
    opens_with_verb,
    parts_of,
    scope_end,
    scope_start,
)

_MODAL = r"(?:will|shall|may|might|could|can|pourr(?:a|ont|ait|aient))"
_TO_DO = re.compile(
    rf"(?:to|de|d'|à|entendent|souhaitent|{_MODAL})(?:\s(?:also|later|également|aussi|notamment))?\s*$",
    re.I,
)
_STOP = re.compile(r"[.!?…;][\"'»”)\s]*$")
_NEW_SUBJECT = re.compile(r"(?:an?|une?)\s", re.I)
_LONGEST = 22  # words
_LONG, _BRIEF = 8, 4  # words of an undertaking that is cut, and of the least that is left


def core(words_: str, language: str) -> str:
    """The first words of an undertaking, up to its object: *exchange of information*."""
    tail = pattern(language, r"\s<tail_words>\s").search(words_, 8)
    return words_[: tail.start()] if tail else words_


class Activity(NamedTuple):
    """An undertaking: the place of its words, the activity of the graph in them, its modality."""

    start: int
    end: int
    thing: NamedNode | None
    modality: str
    score: float


def activities(
    document: Document,
    knowledge: Knowledge,
    barred: Sequence[tuple[int, int]],
    opinions: Sequence[int] = (),
) -> list[Activity]:
    """The undertakings in a text, each once, in text order.

    ``barred`` are names of other things; ``opinions`` are the numbers of the passages that
    only quote a speaker.
    """
    found: dict[str, Activity] = {}
    listed = ahead = ""
    for passage in document.passages:
        if passage.role in (TITLE, HEADING, FIELD, ABOUT, DATELINE, CAPTION):
            continue
        said = passage.number in opinions or is_speech(passage.text, document.language)
        cues = [] if said else cues_of(passage.text, document.language, ahead)
        ahead = passage.text
        if passage.role == ITEM and listed and not cues:
            cues = [Cue(_item_start(passage.text), _item_start(passage.text), listed)]
        elif passage.role != ITEM:
            lasts = not _STOP.search(passage.text)
            listed = (cues[-1].modality if cues else "planned") if lasts else ""
        for cue in _told(document, knowledge, passage, cues, barred):
            found.setdefault(document.text[cue.start : cue.end].casefold(), cue)
    return sorted(found.values())


def _item_start(text: str) -> int:
    match = re.match(r"(?:[-–•*·]|\d{1,2}[.)]|\(?[a-z]\))\s+", text)
    return match.end() if match else 0


class _Scope(NamedTuple):
    """The scope of words that open an undertaking: its clause, its own place, and its parts."""

    cue: Cue
    clause: int
    start: int
    end: int
    parts: list[tuple[int, int]]


def _told(
    document: Document,
    knowledge: Knowledge,
    passage: Passage,
    cues: Sequence[Cue],
    barred: Sequence[tuple[int, int]],
) -> Iterator[Activity]:
    """The undertakings in the scope of each verb of modality, or in the list behind a cue."""
    text, language = passage.text, document.language
    names = [(start - passage.start, end - passage.start) for start, end in barred]
    for scope in _scopes(text, cues, names, language):
        for first, last in _parts(passage, scope, names, language):
            last = _brief_end(text, first, last, language)
            place = passage.start + first, passage.start + last
            yield Activity(*place, _thing(document, knowledge, *place), scope.cue.modality, 0.6)


def _scopes(
    text: str, cues: Sequence[Cue], names: Sequence[tuple[int, int]], language: str
) -> Iterator[_Scope]:
    """The scope of each cue, up to the next one."""
    for number, cue in enumerate(cues):
        limit = cues[number + 1].start if number + 1 < len(cues) else len(text)
        before = cues[number - 1].end if number else 0
        start = scope_start(text, cue, before, language)
        end = scope_end(text, cue, limit, language)
        if cue.of_subject and not re.match(r" (?:for|pour) (?!\d)", text[cue.end :]):
            start, end = before, cue.start
        parts = parts_of(text, _behind_names(text, start, names), end, language)
        if rest := behind_aside(text, end, limit, language):
            behind = cue._replace(start=rest, end=rest)
            parts += parts_of(text, rest, scope_end(text, behind, limit, language), language)
        yield _Scope(cue, clause_start(text, cue, before), start, end, parts)


def _parts(
    passage: Passage, scope: _Scope, names: Sequence[tuple[int, int]], language: str
) -> list[tuple[int, int]]:
    """The parts of a scope that are undertakings, with their subject where it belongs to them."""
    text, cue = passage.text, scope.cue
    parts, certain = _members(passage, scope, names, language)
    kept = [
        part
        for part in parts
        if text[part[1] - 1] != ":"
        and not _is_name(part, names)
        and (
            _is_activity(text[slice(*part)], language) or _is_phrase(text, part, certain, language)
        )
    ]
    if cue.of_subject and not any(_is_activity(text[slice(*part)], language) for part in kept):
        kept = [(scope.clause, cue.end)] if kept else []  # an app is in preparation
    modal = re.match(_MODAL, text[cue.start : cue.end], re.I)
    if not kept and modal and _is_activity(text[scope.clause : cue.start], language):
        return [(scope.clause, scope.end)]  # members of staff will change places
    subject = text[scope.clause : cue.start]
    if (
        kept
        and scope.clause < min(scope.start, kept[0][0])
        and _NEW_SUBJECT.match(subject)
        and _is_brief(subject)
    ):
        kept[0] = scope.clause, kept[0][1]  # a steering group is to meet
    return kept


def _members(
    passage: Passage, scope: _Scope, names: Sequence[tuple[int, int]], language: str
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The parts that may be undertakings, and those that are regardless of their words."""
    text, parts = passage.text, scope.parts
    if scope.cue.opens == CONTENTS:
        parts = _actions(text, parts, language)
        return parts, parts
    if scope.cue.opens == LIST:
        about = parts and words(language, "concluding").match(text, *parts[0])
        return ([], []) if about else (parts, parts)  # cooperation in the fields of
    if not _is_certain(passage, scope.cue, scope.clause, scope.start, names, language):
        return parts, []
    rest = [part for part in parts[1:] if opens_with_verb(text, part, language)]
    return parts, parts[:1] + rest  # each of a list of verbs


def _is_brief(subject: str) -> bool:
    """Whether the subject of a clause is short enough to be read with it."""
    return "," not in subject and len(subject.split()) <= _LONG


def _brief_end(text: str, start: int, end: int, language: str) -> int:
    """The end of a long undertaking without its circumstances: *train staff from X at Y*."""
    if len(text[start:end].split()) <= _LONG:
        return end
    tails = pattern(language, r"(?<! is)(?<! are)\s<long_tails>\s(?!be )").finditer(
        text, start, end
    )
    cuts = (start + len(CONJUNCTION.sub("", text[start : tail.start()])) for tail in tails)
    return next((cut for cut in cuts if len(text[start:cut].split()) >= _BRIEF), end)


def _is_certain(
    passage: Passage,
    cue: Cue,
    clause: int,
    start: int,
    names: Sequence[tuple[int, int]],
    language: str,
) -> bool:
    """Whether the scope of a verb is an undertaking, regardless of its words.

    It is in the future tense and in a list, in the passive with its subject, after words such as
    *the aim is to*, and if the parties are the subject.
    """
    text = passage.text
    if cue.start == cue.end:
        return True
    words_ = text[cue.start : cue.end]
    passive = start == clause and re.match(rf"(?:{_MODAL}|seront|sera)\b", words_, re.I)
    if passive or cue.of_subject or words(language, "aims").fullmatch(words_):
        return True
    named = any(clause <= first and cue.start - last in range(3) for first, last in names)
    subject = named or _is_by_parties(text[clause : cue.start], language)
    bound = cue.modality == "committed" or opens_with_verb(text, (start, len(text)), language)
    return bool((subject or bound) and _TO_DO.search(text[: cue.end]))


def _actions(text: str, parts: Sequence[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """The parts of a list that name actions; the other members of a list may be fields."""
    article = pattern(language, r"(?<!\w)<articles>\s?$", re.I)
    firm = [
        part
        for part in parts
        if names_action(text[slice(*part)], language)
        or (opens_with_verb(text, part, language) and not article.search(text, 0, part[0]))
    ]
    soft = [part for part in parts if may_name_action(text[slice(*part)], language)]
    return sorted({*firm, *(soft if firm else [])})


def _is_phrase(
    text: str, part: tuple[int, int], certain: Sequence[tuple[int, int]], language: str
) -> bool:
    """Whether a part of several words is an undertaking of the parties, and not vague."""
    words_ = text[slice(*part)]
    vague = words(language, "vague_words").search(words_)
    concluded = words(language, "concluding", "agreement_nouns").match(words_)
    told = not vague and not concluded and not words_.endswith(":")
    return part in certain and " " in words_ and told


def _behind_names(text: str, start: int, names: Sequence[tuple[int, int]]) -> int:
    """The place after the bodies that open a scope: *lets ILRI and WHO coordinate*."""
    for first, last in sorted(names):
        if first >= start and re.fullmatch(
            r"\s*(?:(?:and|et|,)\s)?\s*(?:the |l'|le |la )?", text[start:first]
        ):
            start = last
    return start


def _is_name(part: tuple[int, int], names: Sequence[tuple[int, int]]) -> bool:
    """Whether most of a part is the name of something."""
    covered = sum(max(0, min(part[1], end) - max(part[0], start)) for start, end in names)
    return covered > 0.6 * (part[1] - part[0])


def _is_by_parties(subject: str, language: str) -> bool:
    """Whether the subject of a clause is those who conclude the agreement: *the partners*."""
    some = r"(?:<subject_ends>|<reference>|<doers>)(?!\w)"
    return bool(pattern(language, rf"{some}|.*(?<!\w){some}\s*$", re.I).match(subject))


def _is_activity(words_: str, language: str) -> bool:
    """Whether one of the words names an activity."""
    count = len(words_.split())
    named = words(language, "activity_words").search(words_)
    concludes = words(language, "concluding", "agreement_nouns").match(words_)
    alone = words(language, "verbs").fullmatch(words_)  # a verb without its object
    return 0 < count <= _LONGEST and bool(named) and not concludes and not alone


def _thing(document: Document, knowledge: Knowledge, start: int, end: int) -> NamedNode | None:
    """The activity of the graph with the longest name in these words."""
    inside = [
        (mention.end - mention.start, thing)
        for mention in document.named(start, end)
        if mention.end <= end
        for thing in mention.things
        if knowledge.kinds.get(thing) == "activity"
    ]
    return (
        max(inside, key=lambda candidate: (candidate[0], candidate[1].value))[1] if inside else None
    )
