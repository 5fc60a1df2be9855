"""The antecedents of pronouns and of phrases such as *the two organisations*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onehealthkg.naming.bodies import BODY, Named, Place
from onehealthkg.naming.document import DATELINE, HEADING, TITLE, Document, Passage
from onehealthkg.naming.words import END, pattern, words

_NUMBERS = {
    word: number
    for number, forms in {
        2: "two deux both",
        3: "three trois",
        4: "four quatre",
        5: "five cinq",
        6: "six",
    }.items()
    for word in forms.split()
}


class Antecedent(NamedTuple):
    """A pronoun or phrase, the bodies that it stands for, and the passage that names them."""

    start: int
    end: int
    stands_for: tuple[Named, ...]
    passage: int


def antecedents(
    document: Document, places: Sequence[Place], parties: Sequence[Named]
) -> list[Antecedent]:
    """The pronouns and phrases for bodies at the head of clauses, with their antecedents."""
    form = pattern(document.language, rf"(?<!\w)<reference>{END}", re.I)
    found = []
    for passage in document.passages:
        if passage.role in (TITLE, HEADING, DATELINE):
            continue
        for match in form.finditer(passage.text):
            start, end = passage.start + match.start(), passage.start + match.end()
            if any(place.start < end and start < place.end for place in places):
                continue  # the Institute of Health
            if _is_of_none(passage, match, document.language):
                continue
            meant = _meant(document, passage, match, places, parties)
            if meant:
                place = passage.start + match.start(), passage.start + match.end()
                found.append(Antecedent(*place, *meant))
    return found


def _is_of_none(passage: Passage, match: re.Match[str], language: str) -> bool:
    """Whether *it* means an agreement or nothing: *it was signed*, *put their names to it*."""
    if not words(language, "pronouns").fullmatch(match[0]):
        return False
    ahead = pattern(language, rf"(?<!\w)(?:<object_links>|of|de|on|sur){END}\s?$", re.I)
    behind = pattern(language, r"\s(?:<impersonal>)(?!\w)", re.I)
    return bool(
        ahead.search(passage.text, max(0, match.start() - 12), match.start())
        or behind.match(passage.text, match.end())
    )


def counted(phrase: str) -> int:
    """The number in a phrase such as *the two organisations*, or 0."""
    return next((_NUMBERS[word] for word in phrase.lower().split() if word in _NUMBERS), 0)


def _meant(
    document: Document,
    passage: Passage,
    match: re.Match[str],
    places: Sequence[Place],
    parties: Sequence[Named],
) -> tuple[tuple[Named, ...], int] | None:
    """The bodies that a phrase means, and the passage that names them; None if it is the same."""
    before = [
        place
        for place in places
        if place.end <= passage.start + match.start() and place.named.kind == BODY
    ]
    if words(document.language, "plural_reference").fullmatch(match[0]):
        number = counted(match[0])
        if len(parties) < 2 or (number and number != len(parties)):
            return None
        meant: tuple[Named, ...] = tuple(parties)
    else:
        if not before:
            return None
        meant = (before[-1].named,)
    named = [
        document.passage_at(place.start).number
        for place in before
        if any(place.named is body for body in meant)
    ]
    at = _last_with_all(document, before, meant) or (named[-1] if named else 0)
    return (meant, at) if at and at != passage.number else None


def _last_with_all(document: Document, before: Sequence[Place], meant: Sequence[Named]) -> int:
    """The last earlier passage that names all of the bodies."""
    by_passage: dict[int, set[int]] = {}
    for place in before:
        by_passage.setdefault(document.passage_at(place.start).number, set()).add(id(place.named))
    wanted = {id(body) for body in meant}
    return max((number for number, there in by_passage.items() if wanted <= there), default=0)
