"""The parties to an agreement.

They are the bodies that perform an act, those after *between*, *with* or *by*, and those that a
person signs for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from onehealthkg.drafting.acts import Act
from onehealthkg.naming.antecedents import counted
from onehealthkg.naming.bodies import PROGRAMME, Named, Place
from onehealthkg.naming.document import CAPTION, ITEM, ITEM_SIGN, Document, Passage
from onehealthkg.naming.groups import Group, groups
from onehealthkg.naming.words import END, pattern, words
from onehealthkg.persons.people import Person


def parties(
    document: Document, acts_: Sequence[Act], places: Sequence[Place], signatories: Sequence[Person]
) -> list[Named]:
    """The parties, in the order of the text."""
    found: dict[int, Named] = {}
    for person in signatories:
        if person.body and person.body.kind != PROGRAMME:
            found[id(person.body)] = person.body
    rows = {passage.number: groups(document, passage, places) for passage in document.passages}
    for act in acts_:
        if act.passage.role != CAPTION:
            for group in _of_act(document, act, rows):
                found.update((id(place.named), place.named) for place in group.places)
    found.update((id(place.named), place.named) for place in _represented(document, places))
    order = {id(body): min(body.places) for body in found.values()}
    return sorted(found.values(), key=lambda body: order[id(body)])


def _of_act(document: Document, act: Act, rows: Mapping[int, Sequence[Group]]) -> list[Group]:
    """The lists of bodies that perform an act, or with which it is performed.

    A plan has parties only if the text names two, not if somebody only says so.
    """
    here = [
        group for group in rows[act.passage.number] if not _is_aside(document, act.passage, group)
    ]
    found = _subjects(document, act, here)
    found += [group for group in here if _is_object(document, act, group)]
    if _is_at_head(act) and act.passage.role == ITEM:
        found = [_first(document, group) for group in found]
    if not any(group.end <= act.start for group in here):
        found += _meant(document, act, rows)
    if act.planned and words(document.language, "speaks").search(act.passage.text):
        found = [group for group in found if group.end <= act.start and len(group.places) > 1]
    if act.planned and len({id(place.named) for group in found for place in group.places}) < 2:
        return []
    return found


def _subjects(document: Document, act: Act, here: Sequence[Group]) -> list[Group]:
    """The lists of bodies before a verb that are its subject.

    That is the last one that no *of* leads, with those that *and* joins to it.
    """
    fit = [
        group
        for group in here
        if group.end <= act.start and not _is_at_head(act) and _is_subject(document, act, group)
    ]
    owned = pattern(document.language, r"(?:\sof|\sde|\sdu|\sdes|\sd')\s?<articles>?\s?$", re.I)
    text = document.text
    direct = [group for group in fit if not owned.search(text[act.passage.start : group.start])]
    found = direct[-1:] or fit[:1]
    joined = pattern(document.language, r"[\s,]<row_links>\s?<articles>?\s?$", re.I)
    for group in reversed(fit):
        if found and group.end <= found[0].start and joined.search(text[: found[0].start]):
            found.insert(0, group)
    return found


def _is_aside(document: Document, passage: Passage, group: Group) -> bool:
    """Whether bodies are only present, compared, or parties to an agreement of the past."""
    before, language = document.text[passage.start : group.start], document.language
    present = pattern(language, rf"(?<!\w)<presence>{END}[^,;]{{0,40}}$", re.I)
    past = r"(?<!\w)<past_perfect>(?: [\w'-]+){0,2} <sign_verbs|make_verbs>(?!\w)[^,;:.]*$"
    compared = r"(?<!\w)<compared>(?!\w)[^,;:.]*$"
    similar = r"(?<!\w)<similar>\s(?:[\w-]+\s)?<agreement_nouns>\s(?:[\w-]+\s){0,3}$"
    founded = r"(?<!\w)(?:an?|une?) (?:[a-z-]+ )?(?:new|nouve(?:lle|au|l)) (?:[a-z]+ )?$"
    other = pattern(language, f"{past}|{compared}|{similar}|{founded}", re.I)
    behind = document.text[group.end : passage.end]
    doubtful = pattern(
        language, r"\s*<uncertain>(?!\w)|,?\s(?:which|that|qui)\s<dates_back>(?!\w)", re.I
    )
    return bool(present.search(before) or other.search(before) or doubtful.match(behind))


def _is_at_head(act: Act) -> bool:
    """Whether an act has no verb: an item of a list, or bodies to which *all three* refers."""
    return act.start == act.end == act.passage.start


def _first(document: Document, group: Group) -> Group:
    """The bodies of an item without what explains them: *X and Y, Department of Z*."""
    places = list(group.places)
    for number, (one, two) in enumerate(pairwise(places), start=1):
        if "," in document.text[one.end : two.start]:
            places = places[:number]
            break
    return Group(group.start, places[-1].end, tuple(places))


def _meant(document: Document, act: Act, rows: Mapping[int, Sequence[Group]]) -> list[Group]:
    """The bodies last listed, if *they* or *the three institutes* perform an act."""
    language = document.language
    form = rf"(?<!\w)((?:by|between|par|entre)\s)?(<reference>){END}"
    said = [
        match[2]
        for match in pattern(language, form, re.I).finditer(
            document.text, act.passage.start, min(act.end + 60, act.passage.end)
        )
        if (match.end() <= act.start or match[1])
        and words(language, "plural_reference").fullmatch(match[2])
    ]
    if not said:
        return []
    number = counted(said[-1])
    lists = [
        group
        for back in range(1, 4)
        for group in reversed(rows.get(act.passage.number - back, ()))
        if len(group.places) > 1 and (not number or len(group.places) == number)
    ]
    if lists or not number:
        return lists[:1]
    apart = list(rows.get(act.passage.number - 1, ()))
    named = {id(place.named) for group in apart for place in group.places}
    return apart if len(named) == number else []


def _is_object(document: Document, act: Act, group: Group) -> bool:
    """Whether an act is performed with bodies, by them or between them, or an item names them."""
    text, language = document.text, document.language
    before = text[act.passage.start : group.start]
    some = (
        r"\s*(?:(?:its|their|son|sa|leur) (?:[\w-]+ )?(?:counterpart|homologue)(?: [\w-]+)?,?\s)?"
        r"(?:<articles>(?:\s|(?<='))){0,2}(?-i:[a-zé-]+\s){0,3}(?:l'|d')?$"
    )
    brought = words(language, "between", "bind_verbs").finditer(
        text, act.passage.start, act.passage.end
    )
    led = pattern(language, some, re.I)
    near = (
        link.end() <= group.start and led.match(before, link.end() - act.passage.start)
        for link in brought
    )
    if any(near) and _concerns(document, act, group):
        return True
    if _is_at_head(act) and act.passage.role == ITEM:
        item = rf"{ITEM_SIGN.pattern}<articles>?\s?(?-i:[a-zé]+\s)?"
        return bool(pattern(language, item, re.I).fullmatch(before))
    if _is_at_head(act) and len(group.places) > 1:
        lead = pattern(language, r"(?:[A-Z][\w' ]{2,30},?\s)?<articles>?\s?", re.I)
        return bool(lead.fullmatch(before)) or _opens(document, act, group)
    if group.end <= act.start:
        return False
    if act.start == act.end and len(group.places) > 1:  # They are X and Y
        lead = pattern(language, r"\s?(?:<articles>|des?|du|d')?\s?(?:[a-zé-]+\s)?", re.I)
        return bool(lead.fullmatch(text, act.end, group.start))
    if _opens(document, act, group) or _follows(document, act, group):
        return True
    agent = pattern(language, r"(?<!\w)(<agents>)" + some.replace(r"\s*", r"\s", 1), re.I).search(
        before
    )
    return bool(agent and group.start - act.end < 120 and _is_agent(document, act, agent[1]))


def _is_subject(document: Document, act: Act, group: Group) -> bool:
    """Whether the bodies before a verb are its subject: *X, which makes vaccines, today signed*."""
    text, language = document.text, document.language
    led = pattern(
        language, rf"(?<!\w)<object_links>{END}\s?(?:<articles>\s?)?(?:[a-zé-]+\s)?$", re.I
    )
    before = text[act.passage.start : group.start]
    return not led.search(before) and leads_to_verb(document, group.end, act)


def _opens(document: Document, act: Act, group: Group) -> bool:
    """Whether a list of bodies follows words for an agreement: *Under it, X and Y will*."""
    lead = pattern(
        document.language,
        r"(?:<under>)\s?[^,]*(?<!\w)<agreement_nouns>(?!\w)[^.;:]*,\s<articles>?\s?",
        re.I,
    )
    return bool(lead.fullmatch(document.text, act.passage.start, group.start))


def _follows(document: Document, act: Act, group: Group) -> bool:
    """Whether bodies follow an act at once or behind a colon: *signed the charter: X and Y*."""
    language = document.language
    between = document.text[act.end : group.start]
    if pattern(language, r"[^.;:]{0,60}?\s?:\s<articles>?\s?", re.I).fullmatch(between):
        return True
    takes = re.search(
        r"^que\s|\s(?:of|to|with|in|à|avec)$|(?:chosen?|selected|picked|named|choisi|retenu|sélectionné)$",
        document.text[act.start : act.end],
    )
    return bool(takes and pattern(language, r"\s<articles>?\s?", re.I).fullmatch(between))


def _is_agent(document: Document, act: Act, link: str) -> bool:
    """Whether *by* or *to* before a list of bodies belongs to the verb of the act."""
    if link.lower() in ("to", "à", "au", "aux"):
        verbs = words(document.language, "bind_verbs", "partner_verbs")
        return bool(verbs.match(document.text, act.start))
    return True


def _concerns(document: Document, act: Act, group: Group) -> bool:
    """Whether *between* or *with* is about the agreement, and not about something else."""
    text = document.text[act.passage.start : group.start]
    nouns = words(document.language, "agreement_nouns", "bonds")
    near = text[-140:]
    return bool(nouns.search(near)) or act.passage.start + len(text) - act.end in range(60)


def _represented(document: Document, places: Sequence[Place]) -> Iterator[Place]:
    """The bodies that represent others in an agreement."""
    form = pattern(document.language, rf"(?<!\w)<represented>{END}[^.,;]{{0,25}}$", re.I)
    for place in places:
        if form.search(document.text, max(0, place.start - 90), place.start):
            yield place


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
    if pattern(language, r",?\s(?:<whose>)\s?[^,]*<agreement_nouns>(?!\w)", re.I).match(gap):
        return False  # the verb is that of a clause: X, whose agreement was signed
    under = r"\s<adjunct_openings>\s(?:an?|une?|their|leur)\s(?:[\w-]+\s){0,3}?<agreement_nouns>"
    gap = pattern(language, rf"{under}\s(?:[a-z-]+\s){{0,3}}$", re.I).sub("", gap)
    aside = re.compile(r",\s(?!(?:and|et)\s)[a-zà-ÿ][^.;:]{2,160}?,(?=\s)")
    gap = aside.sub(" ", gap)
    others = words(
        language, "subordinators", "speaks", "looking_on", "presence", "doubted", "uncertain"
    )
    if len(gap) > 120 or re.search(r"[.;:]", gap) or others.search(gap):
        return False
    passive = pattern(language, r"(?<!\w)<passives>\s(?:[a-zé]+\s)?$", re.I).search(gap)
    is_progressive = re.match(r"\w+ing\b", document.text[act.start : act.end])
    if passive and not is_progressive and not words(language, "agreement_nouns").search(gap):
        return False  # the MoU was signed
    behind = document.text[act.end : min(act.end + 60, act.passage.end)]
    participle = pattern(language, r"(?<!\w)<agreement_nouns>(?: [\w-]+ly| [a-zé]+ment)?\s$", re.I)
    by_others = pattern(language, r"[^,;:]*?(?<!\w)(?:by|between|par|entre)(?!\w)", re.I)
    return not (participle.search(gap) and by_others.match(behind))
