"""The bodies that work together although their text reports no act between them.

One becomes a member of another, *X has been admitted to Y*, they have founded something together,
*fruit d'une initiative de X et de Y*, or they launch it, *X, together with Y, today launched*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onehealthkg.drafting.acts import Act, is_denied
from onehealthkg.drafting.parties import leads_to_verb
from onehealthkg.naming.bodies import Named, Place
from onehealthkg.naming.document import ABOUT, CAPTION, DATELINE, Document, Passage
from onehealthkg.naming.groups import Group, groups
from onehealthkg.naming.speech import is_speech
from onehealthkg.naming.words import pattern, words


def members(document: Document, places: Sequence[Place]) -> list[Named]:
    """The bodies that join, and the body or network that they join, of the first sentence so.

    The list is empty if the text says that something is not signed.
    """
    if _is_unsigned(document):
        return []
    for passage in _own_words(document):
        if is_speech(passage.text, document.language):
            continue
        for verb in words(document.language, "join_verbs").finditer(passage.text):
            start, end = passage.start + verb.start(), passage.start + verb.end()
            act = Act(passage, start, end, signs=False)
            joining = [
                place.named
                for group in groups(document, passage, places)
                if group.end <= start and leads_to_verb(document, group.end, act)
                for place in group.places
            ]
            joined = list(_joined(document, act, places))
            if joining and joined and not is_denied(passage.text, verb.start(), document.language):
                return list(dict.fromkeys([*joining, *joined]))
    return []


def _own_words(document: Document) -> list[Passage]:
    """The passages in which a text says what happened."""
    return [each for each in document.passages if each.role not in (ABOUT, CAPTION, DATELINE)]


def _is_unsigned(document: Document) -> bool:
    """Whether a text says that there is no agreement: *Aucune convention ne lie les organismes*."""
    return any(
        is_denied(passage.text, verb.start(), document.language)
        for passage in _own_words(document)
        for verb in words(document.language, "sign_verbs", "bind_verbs").finditer(passage.text)
    )


def _joined(document: Document, act: Act, places: Sequence[Place]) -> Iterator[Named]:
    """The body or network behind a verb of joining; an agreement is neither."""
    link = pattern(document.language, r"\s?<articles>?\s?(?:[a-zé-]+\s){0,3}(?:d')?", re.I)
    agreement = words(document.language, "agreement_names")
    countries = words(document.language, "countries")
    for place in places:
        behind = act.end <= place.start and link.fullmatch(document.text, act.end, place.start)
        name = place.named.name
        if behind and not (agreement.search(name) or countries.fullmatch(name)):
            yield place.named


def founders(document: Document, places: Sequence[Place]) -> list[Named]:
    """The bodies, two or more, that have founded or lead together what a text announces."""
    link = pattern(document.language, r"\s?<articles>?\s?", re.I)
    for passage in _own_words(document):
        for cue in words(document.language, "founded_by").finditer(passage.text):
            end = passage.start + cue.end()
            for row in _rows(document, passage, places):
                if link.fullmatch(document.text, end, row.start):
                    return _bodies(row)
    return []


def launchers(document: Document, places: Sequence[Place]) -> list[Named]:
    """The bodies, two or more, that launch something together; none if nothing is agreed."""
    if _is_unsigned(document):
        return []
    for passage in _own_words(document):
        for verb in words(document.language, "launch_verbs").finditer(passage.text):
            start, end = passage.start + verb.start(), passage.start + verb.end()
            act = Act(passage, start, end, signs=False)
            for row in _rows(document, passage, places):
                if row.end <= start and leads_to_verb(document, row.end, act):
                    return _bodies(row)
    return []


def _rows(document: Document, passage: Passage, places: Sequence[Place]) -> list[Group]:
    """The lists of two bodies and more in a passage."""
    return [row for row in groups(document, passage, places) if len(_bodies(row)) > 1]


def _bodies(row: Group) -> list[Named]:
    return list(dict.fromkeys(place.named for place in row.places))
