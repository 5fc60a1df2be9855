"""The posts of people, with the bodies that the same words name.

*X, Director General of Y*; *Y Director General X*; *the director of Y, X*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onehealthkg.naming.bodies import BODY, MAYBE, Place
from onehealthkg.naming.capitals import CAPITAL
from onehealthkg.naming.document import Document
from onehealthkg.naming.words import any_of, pattern, words
from onehealthkg.persons.names import PersonName, forms

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


def post_behind(
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
    match = post.search(text, opening.end(), limit)
    apart = pattern(language, r"[;.]|\b(?:and|et)\b|(?<!\w)<presence>", re.I)
    if (
        not match
        or match.start() > opening.end() + 40
        or apart.search(text, opening.end(), match.start())
    ):
        return None
    field = words(language, "field_posts").match(match[0])
    inside = [
        body
        for body in bodies
        if opening.end() <= body.start < limit and not (field and body.named.kind == MAYBE)
    ]
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
    owned = re.search(r"(?:its|their|son|sa|leur) $", opening[0])
    if (
        late
        and not (owned and re.match(r",?\s(?:and|et)\s", text[match.end() : late.start]))
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


def post_before(
    document: Document, name: PersonName, limit: int, bodies: Sequence[Place]
) -> tuple[tuple[int, int], Place | None] | None:
    """The post and body before a name: *the director of Y, X*, *Y Director General X*."""
    text, language = document.text, document.language
    _, post = forms(language)
    matches = list(post.finditer(text, max(limit, name.titled - 200), name.titled))
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
            r"(?:\s(?:country )?(?:office|representation|delegation|team|branch|mission))?"
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
            r"(?:'s?)?\s*(?:(?!(?:by|par|with|avec|and|et|to|à|for|pour)\s)\w+\s"
            r"|(?:counterpart|homologue),?\s)?",
            text[owner.end : match.start()],
        )
        else None
    )
    near = near or _owner(
        document, text[max(limit, match.start() - 6) : match.start()], name.start, bodies
    )
    end = _field_end(document, match.end(), name.titled)
    beside = re.compile(r",?\s*(?:the |le |la |l')?")
    noun = pattern(
        language, r"\s(?:of the |at the |du |de la |de l')<body_heads|company_nouns>,\s", re.I
    ).match(text, match.end(), name.titled)
    if noun and noun.end() == name.titled:  # the director of the institute, X
        return match.span(), near
    if beside.fullmatch(text, end, name.titled) or beside.fullmatch(between):
        return (match.start(), end), near
    described = words(language, "field_posts").match(match[0]) or near
    if described and re.fullmatch(r"[^.;:()]{1,80},\s", between):
        return (match.start(), name.titled - 2), near
    return None


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
    if not re.search(r"(?:its|their|son|sa) $", opening, re.I):
        return None
    passage = document.passage_at(place)
    here = next((body for body in reversed(bodies) if passage.start <= body.start < place), None)
    if here or place - passage.start > 40 or passage.number < 2:
        return here
    before = document.passages[passage.number - 2]
    return next((body for body in bodies if before.start <= body.start < before.end), None)


def _field_end(document: Document, end: int, limit: int) -> int:
    """The end of a post with its field: *Minister of Health*, *ministre de la Santé*."""
    word = rf"(?:the |de la |de l'|du |des |à la |à l'|l')?{CAPITAL}[\w'-]+"
    link = r"(?:,\s+|\s+(?:and|et|of|de la|de l'|du|des|de)\s*|\s+)"
    first = r"\s+(?:of|for|(?:chargée? )?(?:de la|de l'|du|des)|de|d'|à la|à l'|à|aux?)\s*"
    if document.language == "fr":  # directeur de l'eau et de la biodiversité
        word = rf"(?:{word}|(?:de la |de l'|du |des )?{words('fr', 'field_words').pattern})"
    field = re.compile(f"{first}{word}(?:{link}{word})*").match(document.text, end, limit)
    return field.end() if field else end


def post_in_clause(
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
