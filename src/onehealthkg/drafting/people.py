"""The people in a text, with their posts and the bodies that they represent.

A post and a body stand behind a name or before it: *X, Director General of Y*; *Y Director General
X*; *the director of Y, X*; *X for Y*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onehealthkg.drafting.bodies import BODY, MAYBE, Named, Place
from onehealthkg.drafting.capitals import CAPITAL
from onehealthkg.drafting.document import Document
from onehealthkg.drafting.person_names import PersonName, forms
from onehealthkg.drafting.words import any_of, pattern, words


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
    bodies = [place for place in places if place.named.kind in (BODY, MAYBE)]
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


_GAP = {
    "en": re.compile(
        r"(?:\s\([^)]*\))?(?:\s+(?:of|for|at|with|in|and|&)|,)?(?:\s+[\w&'-]+){0,6}?\s*(?:the\s+)?",
        re.I,
    ),
    "fr": re.compile(
        r"(?:\s\([^)]*\))?(?:\s+(?:de|du|des|à|au|pour|et)|,)?(?:\s+[\w'-]+){0,6}?\s*"
        r"(?:l'|la |le |d')?",
        re.I,
    ),
}
_TRAILING = {
    "en": re.compile(r"(?:[\s,]+(?:of|for|at|with|in|the|its))*[\s,]*$", re.I),
    "fr": re.compile(r"(?:[\s,]+(?:de|du|des|à|au|pour|la|le|l'|d'|de l'))*[\s,]*$", re.I),
}


def _person(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Person:
    """A person with the post and body after the name, or else before it."""
    text = document.text
    said = text[name.start : name.end]
    found = _behind(document, name, behind, bodies)
    ahead = _before(document, name, before, bodies)
    if found is None or (ahead and _is_of_next(document, found, behind)):
        found = ahead
    if found:
        (start, end), body = found
        first = min(name.titled, start, *([body.start] if body else []))
        last = max(name.end, end, *([body.end] if body else []))
        post = " ".join(text[start:end].split())
        body = body or _behind_name(document, name, behind, bodies)
        body = body or _represented(document, min(start, name.titled), before, bodies)
        body = body or _of_noun(document, start, end, bodies)
        body = body or _described(document, name, post, before, bodies)
        body = body or _by_noun(document, name, before, behind, bodies)
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
    body = _spoken_for(document, name, before, behind, bodies)
    first = min(name.titled, body.start if body else name.titled)
    start, end = _in_clause(document, name, body, behind) or (0, 0)
    last = max(name.end, end, body.end if body else 0)
    post = " ".join(text[start:end].split())
    spoken_for = body.named if body else None
    return Person(name.start, name.end, first, last, said, post, (start, end), spoken_for)


def _in_clause(
    document: Document, name: PersonName, body: Place | None, behind: int
) -> tuple[int, int] | None:
    """The post in a clause behind a body: *for Pirbright, whose director she has been since*."""
    if not body or not name.end <= body.start < behind:
        return None
    clause = pattern(
        document.language,
        rf"[^.;:]{{0,40}}?,?\s(?:<in_posts>)\s?(?:<articles>\s?)?({forms(document.language)[1].pattern})",
        re.I,
    ).match(document.text, body.end, behind)
    return clause.span(1) if clause else None


def _is_of_next(
    document: Document, found: tuple[tuple[int, int], Place | None], behind: int
) -> bool:
    """Whether a post behind a name is that of the next person: *the rector, X, the dean, Y*."""
    (_, end), body = found
    last = max(end, body.end if body else 0)
    rest = pattern(document.language, r"(?:\s(?:of the|du|de la|de l')\s?[\w'-]+)?,?\s", re.I)
    passage = document.passage_at(end)
    return behind < passage.end and bool(rest.fullmatch(document.text, last, behind))


def _represented(
    document: Document, start: int, before: int, bodies: Sequence[Place]
) -> Place | None:
    """The body that a person represents: *X, represented by Commissioner Y*."""
    own = r"(?:its |the |their |son |sa |leur |le |la |l')?(?:[a-z]+ )?"
    form = pattern(
        document.language,
        r",?\s(?:(?:was|were|is|are|est|était|sont|étaient|a été) )?"
        rf"(?:represented by|représentée?s? par)\s{own}",
    )
    direct_ = re.compile(
        rf"(?:\s(?:was|were)\s|\s?[,:]\s(?:c'est |it was )?|\s(?=by|par))(?:by |par )?{own}"
    )
    inside = re.compile(r"\s\(|\s(?:counterpart|homologue)(?: [\w-]+)?,?\s")
    behalf = _behalf_before(document.language)
    for body in bodies:
        if before <= body.start and body.end <= start:
            speaks = behalf.search(document.text[max(0, body.start - 20) : body.start])
            direct = speaks and direct_.fullmatch(document.text, body.end, start)
            bracketed = inside.fullmatch(document.text, body.end, start)
            if direct or bracketed or form.fullmatch(document.text, body.end, start):
                return body
    return None


def _behalf_before(language: str) -> re.Pattern[str]:
    """The words before the body for which somebody signs: *on behalf of the*."""
    return pattern(language, r"(?<!\w)<stood_for> ?(?:the |l'|la |le )?$", re.I)


def _described(
    document: Document, name: PersonName, post: str, before: int, bodies: Sequence[Place]
) -> Place | None:
    """The only body of the kind that a person signs for: *for the university*, *Rector*."""
    ahead = document.text[before : name.titled]
    for kind in ("ministries", "universities"):
        noun = words(document.language, kind)
        told = re.search(rf"(?<!\w)(?:for|pour) (?:the |l'|le )?(?:{noun.pattern})", ahead, re.I)
        if told or words(document.language, f"{kind}_posts").match(post):
            return _only(noun, bodies)
    return None


def _by_noun(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The only body that a noun means: *signed for the university*, *director of the institute*."""
    the = r"(?:the |l'|le |la |les )"
    form = pattern(document.language, rf"(?<!\w)(?:<behalf>)\s?{the}(<body_heads>)(?![\w-])", re.I)
    near = form.search(document.text, name.end, min(behind, name.end + 60))
    ahead = pattern(
        document.language,
        rf"(?:^|[.;:,] |[.;:,] and |et ){the}(<body_heads>),? (?:was |est |était )?<stands_in>",
        re.I,
    ).search(document.text, before, name.titled)
    listed = pattern(
        document.language, rf"(?<!\w)<speaking_for>\s?{the}(<body_heads>)\s?[:,]\s$", re.I
    ).search(document.text[: name.titled], max(before, name.titled - 60))
    told = near or ahead or listed
    return _only(re.compile(rf"(?<!\w){re.escape(told[1])}", re.I), bodies) if told else None


def _of_noun(document: Document, start: int, end: int, bodies: Sequence[Place]) -> Place | None:
    """The only body that a noun beside a post means: *the director of the institute*."""
    of = r"\s(?:of the |at the |du |de la |de l')"
    noun = pattern(document.language, rf"{of}(<body_heads>)(?=[\s,)]*(?:[,)]|$))", re.I)
    owner = pattern(document.language, r"(?<!\w)(<body_heads>)'s (?:[a-z-]+ )?$", re.I)
    told = noun.match(document.text, end) or owner.search(document.text[:start], max(0, start - 40))
    return _only(re.compile(rf"(?<!\w){re.escape(told[1])}", re.I), bodies) if told else None


def _only(noun: re.Pattern[str], bodies: Sequence[Place]) -> Place | None:
    """The body with a noun in its name, if only one has it."""
    meant = {id(body.named): body for body in bodies if noun.search(body.named.name)}
    return next(iter(meant.values())) if len(meant) == 1 else None


def _behind(
    document: Document, name: PersonName, limit: int, bodies: Sequence[Place]
) -> tuple[tuple[int, int], Place | None] | None:
    """The post and body after a name: *X, Director General of Y*."""
    text, language = document.text, document.language
    _, post = forms(language)
    opening = re.compile(
        rf"\s*(?:\((?![^()]*{post.pattern})([^()]*)\)\s*)?(?:,\s+{any_of(language, 'degrees')})*"
        r"[,(]\s*(?:who is |qui est |the |its |their |le |la |l'|son |sa )?"
        rf"|[^.;:,]{{1,60}}?\s{any_of(language, 'in_posts')}\s?"
        r"(?:the |its |their |le |la |l'|son |sa )?",
        re.I,
    ).match(text, name.end, limit)
    if not opening:
        return None
    match = post.search(text, opening.end(), min(limit, opening.end() + 40))
    if not match or re.search(r"[;.]|\b(?:and|et)\b", text[opening.end() : match.start()]):
        return None
    inside = [body for body in bodies if opening.end() <= body.start < limit]
    ahead = [body for body in inside if body.end <= match.start()]
    listed = next((body for body in ahead if text[body.end : match.start()] == ", "), None)
    if not listed and "," in text[opening.end() : match.start()]:
        return None
    early = next(
        (body for body in ahead if re.fullmatch(r"(?:'s?)?\s*", text[body.end : match.start()])),
        None,
    )
    of_next = re.compile(rf"'s?\s+(?:{post.pattern})", re.I)
    later = [
        body for body in inside if body.start >= match.end() and not of_next.match(text, body.end)
    ]
    late = next((body for body in later if body.named.kind == BODY), next(iter(later), None))
    if early:  # X, ANSES Director General
        return (match.start(), _country_end(document, match.end(), limit)), early
    if listed and listed.start == opening.end():  # X (ANSES, Director General)
        return match.span(), listed
    if (
        late
        and _GAP[language].fullmatch(text, match.end(), late.start)
        and late.start - match.end() < 60
        and not re.search(
            r"\b(?:and|et)\b.*\b(?:for|behalf|pour|nom)\b", text[match.end() : late.start]
        )
    ):
        end = match.end() + len(_TRAILING[language].sub("", text[match.end() : late.start]))
        return (opening.end(), end), _whole(document, late, later)
    end = _field_end(document, match.end(), limit)
    return (opening.end(), end), _owner(document, opening[0], name.start, bodies)


def _country_end(document: Document, end: int, limit: int) -> int:
    """The end of a post with the country it is for: *Representative in Mexico*."""
    country = pattern(
        document.language,
        r"\s(?:in|for|to|en|au|aux|pour)\s(?:<articles>\s?)?"
        rf"{CAPITAL}[\w'-]+(?: {CAPITAL}[\w'-]+)*",
    ).match(document.text, end, limit)
    return country.end() if country else end


def _whole(document: Document, part: Place, later: Sequence[Place]) -> Place:
    """The body that a faculty is part of: *the Faculty of Medicine at Lund University*."""
    is_part = pattern(document.language, r"(?:<parts_of_bodies>)(?!\w)", re.I)
    within = pattern(document.language, r"\s?(?:,|at|of|in|de|du|d')\s?(?:<articles>\s?)?", re.I)
    if is_part.match(part.named.name):
        for whole in later:
            if within.fullmatch(document.text, part.end, whole.start):
                return whole
    return part


def _owner(document: Document, opening: str, place: int, bodies: Sequence[Place]) -> Place | None:
    """The body last named, if the post belongs to it: *its Director General*."""
    if not re.search(r"(?:its|their|son|sa) $", opening):
        return None
    passage = document.passage_at(place)
    return next((body for body in reversed(bodies) if passage.start <= body.start < place), None)


def _field_end(document: Document, end: int, limit: int) -> int:
    """The end of a post with its field: *Minister of Health*, *ministre de la Santé*."""
    word = rf"(?:the |de la |de l'|du |des |l')?{CAPITAL}[\w'-]+"
    link = r"(?:,\s+|\s+(?:and|et|of|de la|de l'|du|des|de)\s*|\s+)"
    first = r"\s+(?:of|for|de la|de l'|du|des|de|d')\s*"
    if document.language == "fr":  # directeur de l'eau et de la biodiversité
        word = rf"(?:{word}|(?:de la |de l'|du |des )?{words('fr', 'field_words').pattern})"
    field = re.compile(f"{first}{word}(?:{link}{word})*").match(document.text, end, limit)
    return field.end() if field else end


def _before(
    document: Document, name: PersonName, limit: int, bodies: Sequence[Place]
) -> tuple[tuple[int, int], Place | None] | None:
    """The post and body before a name: *the director of Y, X*, *Y Director General X*."""
    text, language = document.text, document.language
    _, post = forms(language)
    matches = list(post.finditer(text, max(limit, name.titled - 120), name.titled))
    if not matches:
        return None
    match = matches[-1]
    between = text[match.end() : name.titled]
    field = words(language, "field_posts").match(match[0])
    inside = [
        body
        for body in bodies
        if limit <= body.start
        and body.end <= name.titled
        and not (field and body.named.kind == MAYBE)
    ]
    within = [body for body in inside if body.start >= match.end()]
    if within and _GAP[language].fullmatch(text, match.end(), within[0].start):
        if re.fullmatch(
            r"(?:\s(?:in|au|en|à)\s[^,]{2,30})?,?\s*(?:the |le |la |l')?",
            text[within[-1].end : name.titled],
        ):
            end = match.end() + len(
                _TRAILING[language].sub("", text[match.end() : within[0].start])
            )
            return (match.start(), end), within[-1] if len(within) == 1 else within[0]
        return None
    owner = next((body for body in reversed(inside) if body.end <= match.start()), None)
    near = (
        owner
        if owner
        and re.fullmatch(
            r"(?:'s?)?\s*(?:\w+\s|(?:counterpart|homologue),?\s)?", text[owner.end : match.start()]
        )
        else None
    )
    near = near or _owner(
        document, text[max(limit, match.start() - 6) : match.start()], name.start, bodies
    )
    end = _field_end(document, match.end(), name.titled)
    beside = re.compile(r",?\s*(?:the |le |la |l')?")
    noun = pattern(language, r"\s(?:of the |at the |du |de la |de l')<body_heads>,\s", re.I).match(
        text, match.end(), name.titled
    )
    if noun and noun.end() == name.titled:  # the director of the institute, X
        return match.span(), near
    if beside.fullmatch(text, end, name.titled) or beside.fullmatch(between):
        return (match.start(), end), near
    described = words(language, "field_posts").match(match[0]) or near
    if described and re.fullmatch(r"[^.;:()]{1,80},\s", between):
        return (match.start(), name.titled - 2), near
    return None


def _speaks_for(document: Document, end: int, start: int) -> bool:
    """Whether the words between a name and a body say that the person represents the body."""
    between = document.text[end:start]
    signs = pattern(document.language, r"\s+(?:[a-zé]+\s)?(?:<sign_verbs>|<did_so>)", re.I).match(
        between
    )
    behalf = pattern(document.language, r"\s*(?:,? <stands_for> ?(?:the |l'|la |le |d')?|\()")
    return bool(behalf.fullmatch(between) or (signs and behalf.fullmatch(between, signs.end())))


def _behind_name(
    document: Document, name: PersonName, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The body directly after a name: *X of Y*, *X for Y*, *X, who heads Y*."""
    return next(
        (
            body
            for body in bodies
            if name.end <= body.start < behind and _speaks_for(document, name.end, body.start)
        ),
        None,
    )


def _spoken_for(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The body that a person without a post signs for: *X of Y*, *for Y, X*."""
    text, language = document.text, document.language
    stood_for = _behind_name(document, name, behind, bodies)
    stood_for = stood_for or _represented(document, name.titled, before, bodies)
    if stood_for:
        return stood_for
    for body in bodies:
        listed = re.match(r"\s?(?:[;.)]|$)", text[body.end : behind])
        if name.end <= body.start and text[name.end : body.start] == ", " and listed:
            return body  # Signatories: Jane Roe, Lund University; ...
        beside = re.fullmatch(r"[,:]?\s+", text[body.end : name.titled])
        ahead = text[max(0, body.start - 20) : body.start]
        if before <= body.start and beside and _behalf_before(language).search(ahead):
            return body
    return _by_noun(document, name, before, behind, bodies)
