"""The bodies for which people sign, where no post names them.

*X for Y*; *Y, represented by X*; *signed for the university*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onehealthkg.naming.bodies import Place
from onehealthkg.naming.document import Document
from onehealthkg.naming.words import pattern, words
from onehealthkg.persons.names import PersonName

_NOUN = r"(<body_heads|company_nouns>)"
"""A noun that means a body."""


def represented(
    document: Document, start: int, before: int, bodies: Sequence[Place]
) -> Place | None:
    """The body that a person represents: *X, represented by Commissioner Y*."""
    own = r"(?:its |the |their |son |sa |leur |le |la |l')?(?:[a-z]+ )?"
    form = pattern(
        document.language,
        r",?\s(?:(?:was|were|is|are|est|était|sont|étaient|a été) )?"
        rf"(?:represented(?: (?:at|in|during|for)\s[^.,;]{{3,40}})? by"
        rf"|représentée?s?(?: (?:à|lors|pour)\s?[^.,;]{{3,40}})? par)\s{own}",
    )
    direct_ = re.compile(
        rf"(?:\s(?:was|were)\s|\s?[,:]\s(?:c'est |it was )?|\s(?=by|par))(?:by |par )?{own}"
    )
    inside = re.compile(r"\s\(|\s(?:counterpart|homologue)(?: [\w-]+)?,?\s")
    behalf = _behalf_before(document.language)
    for body in bodies:
        if before <= body.start and body.end <= start:
            speaks = behalf.search(document.text[max(0, body.start - 40) : body.start])
            direct = speaks and direct_.fullmatch(document.text, body.end, start)
            bracketed = inside.fullmatch(document.text, body.end, start)
            if direct or bracketed or form.fullmatch(document.text, body.end, start):
                return body
    return None


def _behalf_before(language: str) -> re.Pattern[str]:
    """The words before the body for which somebody signs: *on behalf of the*."""
    return pattern(
        language, r"(?<!\w)<stood_for> ?(?:the |l'|la |le )?(?:<company_nouns> )?$", re.I
    )


def described(
    document: Document, name: PersonName, post: str, before: int, bodies: Sequence[Place]
) -> Place | None:
    """The only body of the kind that a person signs for: *for the university*, *Rector*."""
    ahead = document.text[before : name.titled]
    of_field = _of_field(document, post, bodies)
    if of_field:
        return of_field
    for kind in ("ministries", "universities"):
        noun = words(document.language, kind)
        told = re.search(rf"(?<!\w)(?:for|pour) (?:the |l'|le )?(?:{noun.pattern})", ahead, re.I)
        if told or words(document.language, f"{kind}_posts").match(post):
            return _only(noun, bodies)
    company = pattern(
        document.language, r"(?<!\w)(?:for|pour) (?:the |l'|la |le )(<company_nouns>)"
    )
    stood = company.search(ahead)
    return _meant(document, stood[1], bodies) if stood else None


def _of_field(document: Document, post: str, bodies: Sequence[Place]) -> Place | None:
    """The only ministry with the field of a post in its name: *directeur de l'Élevage*."""
    field = re.search(r"\s(?:of|for|de la|de l'|du|des)\s?(?:the )?([A-ZÀ-Þ][\w-]{3,})", post)
    ministries = words(document.language, "ministries")
    named = [body for body in bodies if ministries.search(body.named.name)]
    return _only(re.compile(rf"(?<!\w){field[1]}(?!\w)"), named) if field else None


def _for_country(
    document: Document, name: PersonName, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The only body of a country that somebody signs for: *X for Thailand*."""
    form = pattern(
        document.language,
        r"\s(?:(?:[a-zé]+ )?(?:<sign_verbs>|<did_so>) )?(?:<speaking_for>) (?:the |la |le |l')?"
        r"((?-i:<countries>))(?![\w'])",
        re.I,
    )
    country = form.match(document.text, name.end, behind)
    return _only(re.compile(rf"(?<!\w){country[1]}(?!\w)"), bodies) if country else None


def by_noun(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The only body that a noun means: *signed for the university*, *director of the institute*."""
    the = r"(?:the |l'|le |la |les )"
    form = pattern(
        document.language,
        rf"(?<!\w)(?:<behalf>)\s?{the}{_NOUN}(?![\w-])",
        re.I,
    )
    near = form.search(document.text, name.end, min(behind, name.end + 60))
    ahead = pattern(
        document.language,
        rf"(?:^|[.;:,] |[.;:,] and |et ){the}{_NOUN},? (?:was |est |était )?<stands_in>",
        re.I,
    ).search(document.text, before, name.titled)
    listed = pattern(
        document.language,
        rf"(?<!\w)<speaking_for>\s?{the}{_NOUN}\s?[:,]\s$",
        re.I,
    ).search(document.text[: name.titled], max(before, name.titled - 60))
    if near and re.search(r"\b(?:and|et)\b", document.text[name.end : near.start()]):
        near = None  # signed by X and the director of the institute, Y
    told = near or ahead or listed
    if told:
        return _meant(document, told[1], bodies)
    return _for_country(document, name, behind, bodies)


def of_noun(document: Document, start: int, end: int, bodies: Sequence[Place]) -> Place | None:
    """The only body that a noun beside a post means: *the director of the institute*."""
    of = r"\s(?:of the |at the |du |de la |de l')"
    noun = pattern(document.language, rf"{of}{_NOUN}(?=[\s,)]*(?:[,)]|$))", re.I)
    owner = pattern(document.language, r"(?<!\w){_NOUN}'s (?:[a-z-]+ )?$", re.I)
    told = noun.match(document.text, end) or owner.search(document.text[:start], max(0, start - 40))
    return _meant(document, told[1], bodies) if told else None


def _meant(document: Document, noun: str, bodies: Sequence[Place]) -> Place | None:
    """The only body that a noun means: by its name, or a company that has no word for a body."""
    body = _only(re.compile(rf"(?<!\w){re.escape(noun)}", re.I), bodies)
    if body or not words(document.language, "company_nouns").fullmatch(noun):
        return body
    forms = pattern(document.language, r"(?<!\w)<company_forms>\b")
    plain = words(document.language, "body_heads")
    bare = [place for place in bodies if not plain.search(place.named.name)]
    return _only(forms, bodies) or _only(re.compile(""), bare)


def _only(noun: re.Pattern[str], bodies: Sequence[Place]) -> Place | None:
    """The body with a noun in its name, if only one has it."""
    meant = {id(body.named): body for body in bodies if noun.search(body.named.name)}
    return next(iter(meant.values())) if len(meant) == 1 else None


def _speaks_for(document: Document, end: int, start: int) -> bool:
    """Whether the words between a name and a body say that the person represents the body."""
    between = document.text[end:start]
    signed = r"(?:,\s(?:who|qui))?\s+(?:[a-zé]+\s)?(?:<sign_verbs>|<did_so>)"
    signs = pattern(document.language, signed, re.I).match(between)
    behalf = pattern(
        document.language,
        r"\s*(?:,? <stands_for> ?(?:the |l'|la |le |d')?(?:<company_nouns> )?|\()",
    )
    return bool(behalf.fullmatch(between) or (signs and behalf.fullmatch(between, signs.end())))


def behind_name(
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


def spoken_for(
    document: Document, name: PersonName, before: int, behind: int, bodies: Sequence[Place]
) -> Place | None:
    """The body that a person without a post signs for: *X of Y*, *for Y, X*."""
    text, language = document.text, document.language
    stood_for = behind_name(document, name, behind, bodies)
    stood_for = stood_for or represented(document, name.titled, before, bodies)
    if stood_for:
        return stood_for
    for body in bodies:
        if before <= body.start and text[body.end : name.titled] == "'s ":
            return body  # CSIRO's Cathy Foley
        listed = re.match(r"\s?(?:[;.)]|$)", text[body.end : behind])
        if name.end <= body.start and text[name.end : body.start] == ", " and listed:
            return body  # Signatories: Jane Roe, Lund University; ...
        beside = re.fullmatch(r"[,:]?\s+", text[body.end : name.titled])
        ahead = text[max(0, body.start - 20) : body.start]
        if before <= body.start and beside and _behalf_before(language).search(ahead):
            return body
    return by_noun(document, name, before, behind, bodies)
