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
from onehealthkg.drafting.document import (
    CAPTION,
    ITEM,
    ITEM_SIGN,
    SENTENCE,
    TITLE,
    Document,
    Passage,
)
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
        and not (place.named.kind == MAYBE and document.text[place.start - 1 : place.start] == "(")
        and not words(document.language, "countries").fullmatch(place.named.name)
    ]
    rows: list[list[Place]] = []
    for place in inside:
        if (
            rows
            and _joins(document.language).fullmatch(document.text, rows[-1][-1].end, place.start)
            and not (len(rows[-1]) == 1 and _is_in_adjunct(document, passage, rows[-1][0].start))
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


def _is_in_adjunct(document: Document, passage: Passage, start: int) -> bool:
    """Whether a body is named in words before the subject: *At the invitation of FAO,*."""
    opening = pattern(
        document.language,
        rf"(?:<presence>|(?:<adjunct_openings>)(?:\s[^,;:]*)?\s(?:<adjunct_ends>)){END}"
        r"\s?(?:<articles>\s?)?(?:[a-zé-]+\s)?",
        re.I,
    )
    return bool(opening.fullmatch(document.text, passage.start, start))


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
        return not _is_compared(before, language)
    if act.start == act.end == act.passage.start and act.passage.role == ITEM:
        return bool(
            pattern(
                language, rf"{ITEM_SIGN.pattern}(?:<articles>\s?)?(?:[a-zé]+\s)?", re.I
            ).fullmatch(before)
        )
    if act.start == act.end == act.passage.start and len(group.places) > 1:
        lead = pattern(language, r"(?:[A-Z][\w' ]{2,30},?\s)?<articles>?\s?", re.I)
        return bool(lead.fullmatch(before)) or _opens(document, act, group)
    if group.end <= act.start:
        return _is_subject(document, act, group)
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
    if link.lower() in ("to", "à", "au", "aux"):
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
    explained += r"|,\s(?:(?:which|who|whose|qui|dont)\s|(?-i:[a-zà-ÿ]))[^,.;:]{3,90}(?=,)"
    explained += r"|,\s(?:represented by|représentée?s? par)\s[^;.]{3,90}?(?=,))?"
    link = r"\s*(?:[,;/]\s*)?(?:<row_links>)?\s*"
    word = r"<row_words>(?:\s+|(?<='))"
    other = r"(?!(?:<subordinators>|<row_stops>)(?!\w))[a-zéè-]+\s"
    small = rf"(?:{word}){{0,3}}(?:{other}){{0,3}}(?:{word})?"
    row = explained + r"(?=[\s]*[,;/&]|\s+<row_links>(?:\s|(?<=')))" + link + small
    return pattern(language, rf"{row}|[-–/]", re.I)


def _is_subject(document: Document, act: Act, group: Group) -> bool:
    """Whether the bodies before a verb are its subject: *X, which makes vaccines, today signed*."""
    text, language = document.text, document.language
    led = pattern(
        language, rf"(?<!\w)<object_links>{END}\s?(?:<articles>\s?)?(?:[a-zé-]+\s)?$", re.I
    )
    before = text[act.passage.start : group.start]
    return not led.search(before) and leads_to_verb(document, group.end, act)


def leads_to_verb(document: Document, end: int, act: Act) -> bool:
    """Whether the words between a subject and the verb of an act leave it the subject.

    Brackets, and words between two commas, do not count. Other verbs of saying and attending, and
    subordinate clauses, take the subject away; so does an agreement that others signed: *FAO
    praises the agreement signed by X*.
    """
    language = document.language
    gap = re.sub(r"\s*\([^)]*\)", "", document.text[end : act.start])
    gap = pattern(language, r"^(?:[.,]*\s?<company_forms>\b\.?)+").sub("", gap)
    gap = pattern(language, rf"(?<!\w)<own_clauses>{END}", re.I).sub("", gap)
    aside = re.compile(r",\s(?!(?:and|et)\s)[a-zà-ÿ][^.;:]{2,160}?,(?=\s)")
    gap = aside.sub(" ", gap)
    others = words(
        language, "subordinators", "speaks", "looking_on", "presence", "doubted", "uncertain"
    )
    if len(gap) > 120 or re.search(r"[.;:]", gap) or others.search(gap):
        return False
    behind = document.text[act.end : min(act.end + 60, act.passage.end)]
    participle = pattern(language, r"(?<!\w)<agreement_nouns>(?: [\w-]+ly| [a-zé]+ment)?\s$", re.I)
    by_others = pattern(language, r"[^,;:]*?(?<!\w)(?:by|between|par|entre)(?!\w)", re.I)
    return not (participle.search(gap) and by_others.match(behind))


def _is_compared(before: str, language: str) -> bool:
    """Whether the bodies of another agreement are named: *Unlike the agreement between X and Y*."""
    form = r"(?<!\w)(?:<compared>)(?!\w)[^,;:.]*$|(?<!\w)<similar>\s(?:[\w-]+\s)?<agreement_nouns>\s(?:[\w-]+\s){0,3}$"
    return bool(pattern(language, form, re.I).search(before))
