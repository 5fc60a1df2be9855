"""The people who sign an agreement, and those who only speak of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onehealthkg.drafting.acts import Act
from onehealthkg.drafting.parties import leads_to_verb
from onehealthkg.naming.bodies import Named
from onehealthkg.naming.document import CAPTION, Document
from onehealthkg.naming.words import pattern, words
from onehealthkg.persons.people import Person


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
        if not act.signs and not leads_to_verb(document, max(ahead, default=act.start), act):
            continue
        if not inside or min(person.start for person in inside) > act.start:
            meant = _meant(document, act, people)
            found.update((person.name, person) for person in meant)
        for person in inside:
            if _signs(document, act, person, inside):
                found.setdefault(person.name, person)
    return list(found.values())


def _meant(document: Document, act: Act, people: Sequence[Person]) -> list[Person]:
    """The person of the sentence before, if *she* or *il* is who signs."""
    pronoun = pattern(document.language, r"(?:s?he|ils?|elles?)\s(?:[a-zé']+\s){0,3}", re.I)
    if not act.signs or not pronoun.fullmatch(document.text, act.passage.start, act.start):
        return []
    number = act.passage.number - 1
    before = [person for person in people if document.passage_at(person.start).number == number]
    return before[-1:]


def _signs(document: Document, act: Act, person: Person, inside: Sequence[Person]) -> bool:
    text, language = document.text, document.language
    before = text[act.passage.start : person.first]
    behind = text[person.last : act.passage.end]
    if pattern(language, r",?\s(?:[a-zé]+\s)?<denied>(?!\w)|,?\s(?:n'|ne\s)", re.I).match(behind):
        return False
    itself = pattern(language, r",?\s(?:who|qui)\s(?:[a-z]+\s)?<sign_verbs>", re.I).match(behind)
    if act.passage.role == CAPTION or itself:
        return True
    if words(language, "attendance").search(act.passage.text):
        return False
    presence = [
        word
        for word in words(language, "presence").finditer(before)
        if not re.match(r"\s[a-zà-ÿ' -]{2,60},\s(?=[a-z])", before[word.end() :])
        or words(language, "post_heads").search(before[word.end() :].partition(",")[0])
    ]  # and not: in a ceremony attended by farmers, the director
    resumed = pattern(language, r"(?<!\w)(?:<sign_verbs>|by|par)(?!\w)|,\s(?:that|que|qu')", re.I)
    if presence and not resumed.search(before, presence[-1].end()):
        first = min(
            person.first
            for person in inside
            if person.first - act.passage.start >= presence[-1].end()
        )
        return presence[-1].start() < 3 and person.first != first
    if not person.body and _is_beside_the_point(document, act, person):
        return False
    speech = words(language, "speaks").search(behind)
    if speech and speech.start() < 6 and not act.signs:
        return False
    if pattern(language, r"(?<!\w)<speaks>\s(?:<articles>\s?)?(?:<titles>\.?\s)*$", re.I).search(
        before[-60:]
    ):
        return False
    aside = r"(?:,\s(?:who|qui|dont)\s[^,;.]{3,90}?(?=,))?"
    return not pattern(language, rf"{aside}[\s,]*<speaks|looking_on>(?!\w)", re.I).match(behind)


def _is_beside_the_point(document: Document, act: Act, person: Person) -> bool:
    """Whether a person without a body is neither subject nor agent: *paid tribute to X*."""
    between = document.text[act.end : person.first]
    if person.first < act.end:
        return False
    clause = pattern(document.language, r"(?<!\w)<which>(?!\w)[^,.;:]*$", re.I)
    link = pattern(
        document.language,
        r"(?:^|[,:;(–—-]|(?<!\w)(?:by|par|<between>|<row_links>|<speaking_for>))"
        r"\s*<articles>?\s*(?:[a-zé-]+\s)?$",
        re.I,
    )
    return bool(clause.search(between) or not link.search(between))


def with_bodies(
    document: Document, signers: Sequence[Person], parties_: Sequence[Named]
) -> list[Person]:
    """The signatories. A single one without a body is assigned the single unsigned party.

    Several are assigned the parties in their order if the text says so: *respectively*.
    """
    if ordered := _respectively(document, signers, parties_):
        return ordered
    spoken = {id(signer.body) for signer in signers}
    silent = [party for party in parties_ if id(party) not in spoken]
    without = [signer for signer in signers if signer.body is None]
    if len(without) == len(signers) == len(silent) > 1 and _are_in_order(document, signers):
        return [signer._replace(body=party) for signer, party in zip(signers, silent, strict=True)]
    if len(silent) != 1 or len(without) != 1 or len(signers) < len(parties_):
        return list(signers)
    return [signer if signer.body else signer._replace(body=silent[0]) for signer in signers]


def _respectively(
    document: Document, signers: Sequence[Person], parties_: Sequence[Named]
) -> list[Person]:
    """The signatories with the bodies in the order of a sentence that says *respectively*."""
    passage = document.passage_at(signers[0].start) if signers else None
    told = pattern(document.language, r"(?<!\w)(?:respectively|respectivement)(?!\w)", re.I)
    if passage is None or not told.search(passage.text):
        return []
    here = {
        min(start for start, _ in party.places if passage.start <= start < passage.end): party
        for party in parties_
        if any(passage.start <= start < passage.end for start, _ in party.places)
    }
    if not len(here) == len(signers) == len(parties_):
        return []
    bodies = [here[start] for start in sorted(here)]
    return [signer._replace(body=body) for signer, body in zip(signers, bodies, strict=True)]


def _are_in_order(document: Document, signers: Sequence[Person]) -> bool:
    """Whether signatories are named in the order of their bodies.

    The text says so, *respectively*, or gives each a post whose body goes without saying.
    """
    passage = document.passage_at(signers[0].start)
    told = pattern(document.language, r"(?<!\w)(?:<in_order>)(?!\w)", re.I)
    state = words(document.language, "ministries_posts")
    if any(state.match(signer.post) for signer in signers):
        return False
    return bool(told.search(passage.text) or all(signer.post for signer in signers))


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
