"""The people in a text, with their posts and the bodies that they represent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onehealthkg.naming.bodies import BODY, MAYBE, Named, Place
from onehealthkg.naming.document import Document
from onehealthkg.naming.words import pattern, words
from onehealthkg.persons.behalf import (
    behind_name,
    by_noun,
    described,
    of_noun,
    represented,
    spoken_for,
)
from onehealthkg.persons.names import PersonName
from onehealthkg.persons.posts import post_before, post_behind, post_in_clause


class Person(NamedTuple):
    """A person in a text: the name's place, the post in its words, and the body.

    ``last`` is the end of what the text says of the person: name, post and body.
    """

    start: int
    end: int
    first: int
    last: int
    name: str
    post: str
    post_place: tuple[int, int]
    body: Named | None


def people(
    document: Document, names: Sequence[PersonName], places: Sequence[Place]
) -> list[Person]:
    """The people in a text, in text order, with posts and bodies (those in ``places``)."""
    countries = words(document.language, "countries")
    bodies = [
        place
        for place in places
        if place.named.kind in (BODY, MAYBE) and not countries.fullmatch(place.named.name)
    ]
    found: list[Person] = []
    for number, name in enumerate(names):
        passage = document.passage_at(name.start)
        before = max(
            [
                passage.start,
                *(earlier.end for earlier in names[:number] if earlier.end <= name.start),
                *(person.last for person in found if person.last <= name.titled),
            ]
        )
        behind = min([passage.end, *(later.titled for later in names[number + 1 :])])
        found.append(_person(document, name, before, behind, bodies))
    return found


def _person(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Person:
    """A person with the post and body after the name, or else before it."""
    text = document.text
    said = text[name.start : name.end]
    found = post_behind(document, name, behind, bodies)
    ahead = post_before(document, name, before, bodies)
    if found is None or (ahead and _is_of_next(document, found, behind)):
        found = ahead
    if found:
        (start, end), body = found
        here = body is not None and document.passage_at(name.start).start <= body.start
        first = min(name.titled, start, *([body.start] if body and here else []))
        last = max(name.end, end, *([body.end] if body else []))
        post = " ".join(text[start:end].split())
        body = body or behind_name(document, name, behind, bodies)
        body = body or represented(document, min(start, name.titled), before, bodies)
        body = body or of_noun(document, start, end, bodies)
        body = body or described(document, name, post, before, bodies)
        body = body or by_noun(document, name, before, behind, bodies)
        last = max(last, body.end) if body and name.end < body.end < behind else last
        return Person(
            name.start,
            name.end,
            first,
            last,
            said,
            post,
            (start, end),
            body.named if body else None,
        )
    body = spoken_for(document, name, before, behind, bodies)
    first = min(name.titled, body.start if body else name.titled)
    start, end = post_in_clause(document, name, body, behind) or (0, 0)
    last = max(name.end, end, body.end if body else 0)
    post = " ".join(text[start:end].split())
    named = body.named if body else None
    return Person(name.start, name.end, first, last, said, post, (start, end), named)


def _is_of_next(
    document: Document, found: tuple[tuple[int, int], Place | None], behind: int
) -> bool:
    """Whether a post behind a name is that of the next person: *the rector, X, the dean, Y*."""
    (_, end), body = found
    last = max(end, body.end if body else 0)
    rest = pattern(document.language, r"(?:\s(?:of the|du|de la|de l')\s?[\w'-]+)?,?\s", re.I)
    passage = document.passage_at(end)
    return behind < passage.end and bool(rest.fullmatch(document.text, last, behind))
