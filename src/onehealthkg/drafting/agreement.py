"""The agreement that a text announces: its kind, its parties and its signatories.

A sentence describes an act if it has a verb of signing, a verb such as *conclude* with a word for
an agreement, or says that bodies become partners. The parties are the bodies that perform the act,
those after *between*, *with* or *by*, and those that a person signs for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.drafting.bodies import MAYBE, PROGRAMME, Named, Place
from onehealthkg.drafting.document import (
    ABOUT,
    CAPTION,
    DATELINE,
    ITEM,
    SENTENCE,
    TITLE,
    Document,
    Passage,
)
from onehealthkg.drafting.knowledge import Knowledge
from onehealthkg.drafting.people import Person
from onehealthkg.drafting.words import END, any_of, pattern, words


class Act(NamedTuple):
    """A passage that describes an act, done or planned, and the place of its verb."""

    passage: Passage
    start: int
    end: int
    signs: bool
    planned: bool = False


def acts(document: Document) -> list[Act]:
    """The acts in a text, in text order.

    They include the sentences about a ceremony right after an act, the sentence before *all three
    signed*, and the items of a list of signatories.
    """
    passages = [passage for passage in document.passages if passage.role not in (ABOUT, DATELINE)]
    found = {passage.number: list(_acts_of(passage, document.language)) for passage in passages}
    for passage in passages:
        near = any(found.get(passage.number - back) for back in (0, 1, 2))
        for scene in words(document.language, "scenes").finditer(passage.text) if near else ():
            start, end = passage.start + scene.start(), passage.start + scene.end()
            found[passage.number].append(Act(passage, start, end, signs=True))
    theirs = pattern(
        document.language, r"(?:their|leurs?) (?:[\w'-]+ ){0,3}?<agreement_nouns>(?!\w)", re.I
    )
    for earlier, passage in pairwise(passages):
        if theirs.match(passage.text):
            found[earlier.number].append(Act(earlier, earlier.start, earlier.start, signs=False))
        if pattern(document.language, r"<all_signed>(?!\w)", re.I).match(passage.text):
            found[earlier.number].append(Act(earlier, earlier.start, earlier.start, signs=True))
    lead: Passage | None = None
    for passage in passages:
        if lead and any(act.signs for act in found[lead.number]):
            found[passage.number] = [Act(passage, passage.start, passage.start, signs=True)]
        if passage.role != ITEM:
            lead = passage if passage.text.endswith(":") else None
    return [act for passage in passages for act in found[passage.number]]


_UNDER = r"(?:<under>)\s?[^,.;:]*?(?<!\w)<agreement_nouns>(?!\w)[^.;:,]*,\s"
"""The words that lead to what parties do: *Under a new agreement, X and Y will*."""


def _acts_of(passage: Passage, language: str) -> Iterator[Act]:
    nouns = words(language, "agreement_nouns")
    agreement = nouns.search(passage.text)
    for keys, needs_noun in (
        (("sign_verbs",), False),
        (("partner_verbs",), False),
        (("make_verbs", "bind_verbs"), True),
    ):
        for verb in words(language, *keys).finditer(passage.text):
            if needs_noun and not (agreement and _is_object(passage.text, verb, language)):
                continue
            denied = _is_denied(passage.text, verb.start(), language)
            if not denied and not _is_of_earlier(passage.text, verb, language):
                start, end = passage.start + verb.start(), passage.start + verb.end()
                planned = _is_planned(passage.text, verb.start(), language)
                watched = planned or _is_watched(passage.text, verb.start(), language)
                yield Act(passage, start, end, keys == ("sign_verbs",) and not watched, planned)
    if pattern(language, rf"{_UNDER}<articles>?\s?(?=[A-ZÀ-Þ])", re.I).match(passage.text):
        yield Act(passage, passage.start, passage.start, signs=False)
    linked = pattern(
        language, r"(?<!\w)<agreement_nouns>(?!\w)[^.;,]{0,60}? (?:between|among|entre)(?!\w)", re.I
    )
    for link in linked.finditer(passage.text):
        early = pattern(language, r"(?<!\w)<earlier>\s(?:[\w-]+ )?$", re.I).search(
            passage.text, max(0, link.start() - 40), link.start()
        )
        if not early and not words(language, "negation", "doubted").search(passage.text):
            start, end = passage.start + link.start(), passage.start + link.end()
            planned = bool(words(language, "hoped").search(passage.text))
            yield Act(passage, start, end, signs=False, planned=planned)


def _is_object(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a word for an agreement is near a verb: after it, or before a participle."""
    nouns = words(language, "agreement_nouns")
    return bool(
        nouns.search(text, verb.end(), min(len(text), verb.end() + 90))
        or nouns.search(text, max(0, verb.start() - 60), verb.start())
    )


def _is_denied(text: str, place: int, language: str) -> bool:
    """Whether the action of a verb did not happen, and is not planned: *nobody has signed*."""
    clause = re.split(r"[,;:.]", text[:place])[-1]
    return bool(words(language, "negation", "doubted").search(clause[-50:]))


def _is_planned(text: str, place: int, language: str) -> bool:
    """Whether the action of a verb is only intended: *hopes to sign*."""
    clause = re.split(r"[,;:.]", text[:place])[-1]
    return bool(words(language, "hoped").search(clause[-50:]))


def _is_watched(text: str, place: int, language: str) -> bool:
    """Whether a signing is only attended: *X attended the signing*."""
    form = pattern(language, r"(?<!\w)<looking_on>\s(?:<articles>\s?)?(?:[a-zé]+ )?$", re.I)
    return bool(form.search(text[max(0, place - 40) : place]))


def _is_of_earlier(text: str, verb: re.Match[str], language: str) -> bool:
    """Whether a verb is about an earlier agreement: *had signed*, *a previous one, signed in*."""
    clause = re.split(r"[;:.]", text[: verb.start()])[-1]
    if pattern(language, r"(?<!\w)<past_perfect>(?: [\w'-]+){0,2} $", re.I).search(clause):
        return True
    noun = r"(?: [\w'-]+){0,3}? <agreement_nouns>(?!\w)[^;:.]{0,70}$"
    if pattern(language, rf"(?<!\w)<long_past>{noun}", re.I).search(clause):
        return True
    earlier = pattern(language, rf"(?<!\w)<earlier>{noun}", re.I).search(clause)
    year = pattern(language, r" (?:<in_year>) ?(?:19|20)\d\d").match(text, verb.end())
    return bool(earlier and year)


def are_several(text: str, language: str) -> bool:
    """Whether a text counts agreements: *two agreements*, *also signed another convention*."""
    noun = r"(?: [\w-]+){0,2} <agreement_nouns>(?!\w)"
    form = pattern(language, rf"(?<!\w)(?:<numbers>|<another>){noun}", re.I)
    made = words(language, "sign_verbs", "make_verbs")
    return any(
        made.search(text, max(0, match.start() - 120), match.end() + 60)
        for match in form.finditer(text)
    )


def kind(
    document: Document, acts_: Sequence[Act], knowledge: Knowledge
) -> tuple[int, int, NamedNode | None] | None:
    """The words for the kind of agreement, preferably in the act, and the graph's concept."""
    told = [act.passage for act in acts_ if act.passage.role != TITLE] + list(document.passages)
    for passage in told:
        known = [
            (mention.start, mention.end, thing)
            for mention in document.named(passage.start, passage.end)
            for thing in mention.things
            if thing in knowledge.agreements
        ]
        if known:
            return max(known, key=lambda span: (span[1] - span[0], -span[0]))
    nouns = [
        (act.passage.start + noun.start(), act.passage.start + noun.end(), None)
        for act in acts_
        for noun in words(document.language, "agreement_nouns").finditer(act.passage.text)
    ]
    return max(nouns, key=lambda span: (span[1] - span[0], -span[0]), default=None)


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
        return bool(_before_verb(language).fullmatch(text, group.end, act.start))
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


def _before_verb(language: str) -> re.Pattern[str]:
    """The words allowed between the agents and the verb of the act."""
    company = r"(?:[.,]*\s?<company_forms>\b\.?)*\.?"
    aside = r"(?:,\s(?-i:[a-zà-ÿ])[^,.;:]{3,90}(?=,))?"
    gap = r",?\s*(?:(?<!\w)(?:<subject_gap>)(?!\w)[\s,]*){0,14}"
    return pattern(language, r"\s*(?:\([^)]*\))?" + company + aside + gap, re.I)


def signatories(document: Document, acts_: Sequence[Act], people: Sequence[Person]) -> list[Person]:
    """The people who sign, not those who attend or comment."""
    found: dict[str, Person] = {}
    for act in (act for act in acts_ if not act.planned):
        inside = [
            person for person in people if act.passage.start <= person.start < act.passage.end
        ]
        if not act.signs and len({id(person.body) for person in inside if person.body}) < 2:
            continue
        ahead = [person.last for person in inside if person.last <= act.start]
        gap = max(ahead, default=act.start), act.start
        if not act.signs and not _before_verb(document.language).fullmatch(document.text, *gap):
            continue
        for person in inside:
            if _signs(document, act, person, inside):
                found.setdefault(person.name, person)
    return list(found.values())


def _signs(document: Document, act: Act, person: Person, inside: Sequence[Person]) -> bool:
    text, language = document.text, document.language
    before = text[act.passage.start : person.first]
    behind = text[person.last : act.passage.end]
    if pattern(language, r",?\s(?:[a-zé]+\s)?<denied>(?!\w)|,?\s(?:n'|ne\s)", re.I).match(behind):
        return False
    itself = pattern(language, r",?\s(?:who|qui)\s(?:[a-z]+\s)?<sign_verbs>", re.I).match(behind)
    if act.passage.role == CAPTION or itself:
        return True
    presence = list(words(language, "presence").finditer(before))
    if presence and not words(language, "sign_verbs").search(before, presence[-1].end()):
        first = min(
            person.first
            for person in inside
            if person.first - act.passage.start >= presence[-1].end()
        )
        return presence[-1].start() < 3 and person.first != first
    speech = words(language, "speaks").search(behind)
    if speech and speech.start() < 6 and not act.signs:
        return False
    if pattern(language, r"(?<!\w)<speaks>\s(?:<articles>\s?)?(?:<titles>\.?\s)*$", re.I).search(
        before[-60:]
    ):
        return False
    return not re.match(rf"[\s,]*{any_of(language, 'speaks')}(?!\w)", behind, re.I)


def with_bodies(signers: Sequence[Person], parties_: Sequence[Named]) -> list[Person]:
    """The signatories. A single one without a body is assigned the single unsigned party."""
    spoken = {id(signer.body) for signer in signers}
    silent = [party for party in parties_ if id(party) not in spoken]
    without = [signer for signer in signers if signer.body is None]
    if len(silent) != 1 or len(without) != 1 or len(signers) < len(parties_):
        return list(signers)
    return [signer if signer.body else signer._replace(body=silent[0]) for signer in signers]


def predecessors(document: Document) -> list[tuple[int, int]]:
    """The places where a text names an earlier agreement: *their first agreement*."""
    noun = r"(?:<agreement_nouns>)(?!\w)"
    earlier = rf"(?:<earlier>) (?:[\w'-]+ ){{0,3}}?{noun}"
    follows = rf"(?:<follows>){END} (?:[\w'-]+ ){{0,4}}?{noun}"
    dated = r"[^.,;]{0,60}?,? ?(?:<written_in>)\s[^.,;]{0,40}?(?:19|20)\d\d"
    since = rf"(?:<articles>\s?)(?:[\w'-]+ ){{0,2}}?{noun}(?: <old_since>)(?: [\w'-]+){{0,4}}? ?"
    ahead = rf"(?:<in_year>) ?(?:19|20)\d\d,? (?:<articles>\s?)(?:<earlier>) {noun}"
    led = rf"(?:<follows>){END} (?:<articles>\s)?(?:19|20)\d\d (?:[\w'-]+ ){{0,3}}?{noun}"
    over = rf"(?:<possessives>) (?:[\w'-]+ )?{noun}(?: [\w'-]+)?, (?:<finished>)(?!\w)"
    form = pattern(
        document.language,
        rf"(?<!\w)(?:(?:{earlier}|{follows}){dated}|{since}(?:19|20)\d\d(?!\w)|{ahead}|{led}|{over})",
        re.I,
    )
    return [
        (passage.start + match.start(), passage.start + match.end())
        for passage in document.passages
        if passage.role not in (ABOUT, CAPTION)
        for match in form.finditer(passage.text)
    ]


def opinions(document: Document, people: Sequence[Person], signers: Sequence[Person]) -> list[int]:
    """The numbers of the passages that report words or wishes of a person who does not sign."""
    signing = {signer.name for signer in signers}
    return [
        passage.number
        for passage in document.passages
        if words(document.language, "speaks").search(passage.text)
        and any(
            passage.start <= person.start < passage.end and person.name not in signing
            for person in people
        )
    ]
