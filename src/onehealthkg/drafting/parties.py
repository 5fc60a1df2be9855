"""The parties to an agreement.

They are the bodies that perform an act, those after *between*, *with* or *by*, and those that a
person signs for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.bodies import MAYBE, PROGRAMME, Named, Place
from onehealthkg.drafting.document import CAPTION, SENTENCE, TITLE, Document, Passage
from onehealthkg.drafting.people import Person
from onehealthkg.drafting.words import END, pattern, words


class Group(NamedTuple):
    """Bodies that a text lists: *X, Y and Z*."""

    start: int
    end: int
    places: tuple[Place, ...]


def groups(document: Document, passage: Passage, places: Sequence[Place]) -> list[Group]:
    """The lists of bodies in a passage."""
    inside = [
        place
        for place in places
        if passage.start <= place.start < passage.end
        and place.named.kind != PROGRAMME
        and not (place.named.kind == MAYBE and _is_somewhere(document, place.start))
        and not (place.named.kind == MAYBE and _is_of_title(document, place.named))
        and not words(document.language, "countries").fullmatch(place.named.name)
    ]
    rows: list[list[Place]] = []
    for place in inside:
        if (
            rows
            and _joins(document.language).fullmatch(document.text, rows[-1][-1].end, place.start)
            and not (len(rows[-1]) == 1 and _opens_with_host(document, passage, rows[-1][0]))
        ):
            rows[-1].append(place)
        else:
            rows.append([place])
    return [Group(row[0].start, row[-1].end, tuple(row)) for row in rows]


def parties(
    document: Document, acts_: Sequence[Act], places: Sequence[Place], signatories: Sequence[Person]
) -> list[Named]:
    """The parties, in the order of the text."""
    found: dict[int, Named] = {}
    for person in signatories:
        if person.body and person.body.kind != PROGRAMME:
            found[id(person.body)] = person.body
    for act in acts_:
        if act.passage.role == CAPTION:
            continue
        for group in groups(document, act.passage, places):
            if _acts(document, act, group):
                found.update((id(place.named), place.named) for place in group.places)
    found.update((id(place.named), place.named) for place in _represented(document, places))
    order = {id(body): min(body.places) for body in found.values()}
    return sorted(found.values(), key=lambda body: order[id(body)])


def _opens_with_host(document: Document, passage: Passage, place: Place) -> bool:
    """Whether a sentence opens with a body that is only present: *Under the auspices of FAO,*."""
    opening = pattern(document.language, rf"<presence>{END}\s?(?:<articles>\s?)?", re.I)
    return bool(opening.fullmatch(document.text, passage.start, place.start))


def _is_of_title(document: Document, name: Named) -> bool:
    """Whether a name is only in the title, where any word may have a capital."""
    sentences = document.of_role(SENTENCE)
    titles = [(passage.start, passage.end) for passage in document.of_role(TITLE)]
    return bool(sentences) and all(
        any(first <= start < last for first, last in titles) for start, _ in name.places
    )


def _is_somewhere(document: Document, start: int) -> bool:
    """Whether *in*, *à* or *en* before a name says that it is a place."""
    before = document.text[max(0, start - 40) : start]
    form = r"(?<!\w)(?:<located_in>|<post_heads> (?:for|in|to|pour|en|au|aux)(?: the| la| l')?)\s?$"
    return bool(pattern(document.language, form, re.I).search(before))


def _represented(document: Document, places: Sequence[Place]) -> Iterator[Place]:
    """The bodies that represent others in an agreement."""
    form = pattern(document.language, rf"(?<!\w)<represented>{END}[^.,;]{{0,25}}$", re.I)
    for place in places:
        if form.search(document.text, max(0, place.start - 90), place.start):
            yield place


def _acts(document: Document, act: Act, group: Group) -> bool:
    """Whether a list of bodies performs an act, or joins it."""
    text, language = document.text, document.language
    before = text[act.passage.start : group.start]
    if pattern(language, rf"(?<!\w)<presence>{END}[^,;]{{0,40}}$", re.I).search(before):
        return False
    told = words(language, "speaks").search(act.passage.text)
    if act.planned and (len(group.places) < 2 or (told and group.end > act.start)):
        return False
    some = (
        r"\s*(?:(?:its|their|son|sa|leur) (?:[\w-]+ )?(?:counterpart|homologue)(?: [\w-]+)?,?\s)?"
        r"(?:<articles>(?:\s|(?<='))){0,2}(?:[a-zé-]+\s){0,3}(?:l'|d')?$"
    )
    brought = pattern(language, rf"(?<!\w)(?:<between>|<bind_verbs>){END}" + some, re.I)
    if brought.search(before) and _concerns(document, act, group):
        return True
    if act.start == act.end == act.passage.start and len(group.places) > 1:
        lead = pattern(language, r"(?:[A-Z][\w' ]{2,30},?\s)?<articles>?\s?", re.I)
        return bool(lead.fullmatch(before)) or _opens(document, act, group)
    if group.end <= act.start:
        return bool(before_verb(language).fullmatch(text, group.end, act.start))
    if _opens(document, act, group):
        return True
    agent = pattern(language, r"(?<!\w)(<agents>)" + some.replace(r"\s*", r"\s", 1), re.I).search(
        before
    )
    return bool(agent and group.start - act.end < 120 and _is_agent(document, act, agent[1]))


def _opens(document: Document, act: Act, group: Group) -> bool:
    """Whether a list of bodies follows words for an agreement: *Under it, X and Y will*."""
    lead = pattern(
        document.language,
        r"(?:<under>)\s?[^,]*(?<!\w)<agreement_nouns>(?!\w)[^.;:]*,\s<articles>?\s?",
        re.I,
    )
    return bool(lead.fullmatch(document.text, act.passage.start, group.start))


def _is_agent(document: Document, act: Act, link: str) -> bool:
    """Whether *by* or *to* before a list of bodies belongs to the verb of the act."""
    verb = document.text[act.start : act.end]
    if link.lower() in ("to", "à"):
        return bool(words(document.language, "bind_verbs", "partner_verbs").fullmatch(verb))
    return True


def _concerns(document: Document, act: Act, group: Group) -> bool:
    """Whether *between* or *with* is about the agreement, and not about something else."""
    text = document.text[act.passage.start : group.start]
    nouns = words(document.language, "agreement_nouns")
    near = text[-140:]
    return bool(nouns.search(near)) or act.passage.start + len(text) - act.end in range(60)


def _joins(language: str) -> re.Pattern[str]:
    """The words between two names of a list: a comma or *and*, perhaps after an explanation."""
    explained = r"\s*(?:\([^)]*\))?(?:,\s(?:<articles>|[A-Z]\w+'s)\s?[^,.;]{3,70}(?=,)"
    explained += r"|,\s(?:represented by|représentée?s? par)\s[^;.]{3,90}?(?=,))?"
    link = r"\s*(?:[,;/]\s*)?(?:<row_links>)?\s*"
    word = r"<row_words>(?:\s+|(?<='))"
    small = rf"(?:{word}){{0,3}}(?:(?!<subordinators>\s)[a-zéè-]+\s){{0,3}}(?:{word})?"
    return pattern(language, explained + r"(?=[\s]*[,;/&]|\s+<row_links>\s)" + link + small, re.I)


def before_verb(language: str) -> re.Pattern[str]:
    """The words allowed between the agents and the verb of the act."""
    company = r"(?:[.,]*\s?<company_forms>\b\.?)*\.?"
    aside = r"(?:,\s(?-i:[a-zà-ÿ])[^,.;:]{3,90}(?=,))?"
    gap = r",?\s*(?:(?<!\w)(?:<subject_gap>)(?!\w)[\s,]*){0,14}"
    return pattern(language, r"\s*(?:\([^)]*\))?" + company + aside + gap, re.I)
