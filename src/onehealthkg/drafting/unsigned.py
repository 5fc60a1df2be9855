"""The bodies that work together although their text reports no act between them.

One becomes a member of another, *X has been admitted to Y*, or they have founded something
together, *fruit d'une initiative de X et de Y*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onehealthkg.drafting.acts import Act, is_denied
from onehealthkg.drafting.parties import leads_to_verb
from onehealthkg.naming.bodies import Named, Place
from onehealthkg.naming.document import ABOUT, CAPTION, DATELINE, Document
from onehealthkg.naming.groups import groups
from onehealthkg.naming.speech import is_speech
from onehealthkg.naming.words import pattern, words


def members(document: Document, places: Sequence[Place]) -> list[Named]:
    """The bodies that join, and the body or network that they join, of the first sentence so.

    The list is empty if the text says that something is not signed.
    """
    passages = [
        passage
        for passage in document.passages
        if passage.role not in (ABOUT, CAPTION, DATELINE)
        and not is_speech(passage.text, document.language)
    ]
    if any(_is_unsigned(passage.text, document.language) for passage in passages):
        return []
    for passage in passages:
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


def _is_unsigned(text: str, language: str) -> bool:
    """Whether a sentence says that something is not signed: *Aucune signature n'a eu lieu*."""
    return any(
        is_denied(text, verb.start(), language)
        for verb in words(language, "sign_verbs").finditer(text)
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
    for passage in document.passages:
        if passage.role in (ABOUT, CAPTION, DATELINE):
            continue
        rows = groups(document, passage, places)
        for cue in words(document.language, "founded_by").finditer(passage.text):
            end = passage.start + cue.end()
            for row in rows:
                bodies = list(dict.fromkeys(place.named for place in row.places))
                if len(bodies) > 1 and link.fullmatch(document.text, end, row.start):
                    return bodies
    return []
