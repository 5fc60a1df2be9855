"""The proposals for an announcement, read with the names of a graph.

Each module of this package reads one kind of thing; this module combines their findings. The same
text, graph and plug-ins always give the same proposals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from onehealthkg.drafting import agreement, lasting, signing_days
from onehealthkg.drafting.acts import Act, acts
from onehealthkg.drafting.facts import facts
from onehealthkg.drafting.parties import parties as parties_of
from onehealthkg.drafting.places import places
from onehealthkg.drafting.predecessors import predecessors
from onehealthkg.drafting.proposals import (
    ACTIVITY,
    ANTECEDENT,
    DATELINE,
    ENDS,
    FACT,
    KIND,
    NEW,
    OF_ACT,
    PARTY,
    PLACE,
    PREDECESSOR,
    PUBLISHER,
    SIGNATORY,
    SIGNED,
    STARTS,
    TERM,
    TOPIC,
    Draft,
    Proposal,
)
from onehealthkg.drafting.proposals import PROGRAMME as A_PROGRAMME
from onehealthkg.drafting.proposals import TITLE as A_TITLE
from onehealthkg.drafting.signatories import opinions, signatories, with_bodies
from onehealthkg.drafting.unsigned import founders, launchers, members
from onehealthkg.naming.antecedents import antecedents
from onehealthkg.naming.bodies import BODY, MAYBE, PROGRAMME, Named, Place
from onehealthkg.naming.document import CAPTION, TITLE, Document, document
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.named import named
from onehealthkg.naming.recognisers import Recognised, recognised
from onehealthkg.persons.names import person_names
from onehealthkg.persons.people import Person, people
from onehealthkg.subjects.fields import topics
from onehealthkg.subjects.undertakings import activities, core


def draft(text: str, language: str, knowledge: Knowledge, published: str = "") -> Draft:
    """The proposals for a text in a language, ``en`` or ``fr``.

    ``published`` is the date of publication, ``2024-06-17``: it gives a day of signature the year
    that the text leaves out, but is never used as the day of signature. Raises UsageError
    if a plug-in fails.
    """
    read = document(text, language, knowledge)
    found = sorted(
        _proposals(read, knowledge, published),
        key=lambda proposal: (proposal.start, proposal.end, proposal.field),
    )
    return Draft(
        text,
        language,
        [_original(read, passage.start, passage.end) for passage in read.passages],
        [
            proposal._replace(start=start, end=end)
            for proposal in found
            for start, end in [_original(read, proposal.start, proposal.end)]
        ],
    )


def _original(read: Document, start: int, end: int) -> tuple[int, int]:
    """The place in the original text."""
    return read.shown.span(start, end)


def _proposals(read: Document, knowledge: Knowledge, published: str) -> Iterator[Proposal]:
    plugged = recognised(read.text, read.language)
    called = person_names(read, knowledge, plugged)
    names = [(name.start, name.end) for name in called]
    spots = named(read, knowledge, plugged, names)
    persons = people(read, called, spots)
    spots = _outside_posts(spots, persons)
    done = acts(read)
    signers = signatories(read, done, persons)
    parties = parties_of(read, done, spots, signers)
    if len(parties) < 2:
        unsigned = (find(read, spots) for find in (members, founders, launchers))
        parties = next(filter(None, unsigned), parties)
    signers = with_bodies(read, signers, parties)

    yield from _head(read, parties)
    for party in parties:
        yield _of(read, PARTY, *_said_at(read, party), party.name, 0.9, party.thing)._replace(
            acronym=party.acronym
        )
    for person in signers:
        said = _signatory(read, knowledge, person, parties)
        if said.organisation or read.passage_at(person.start).role != CAPTION:
            yield said
    if done and (parties or signers):
        yield from _terms(read, knowledge, done, published)
    yield from _matters(read, knowledge, done, spots, persons, signers, names, parties, plugged)


def _said_at(read: Document, party: Named) -> tuple[int, int]:
    """Where a text names a party best: in full, or else in a sentence and not in the title."""
    told = [place for place in party.places if read.passage_at(place[0]).role != TITLE]
    longest = max(told, key=lambda place: (place[1] - place[0], -place[0]), default=party.place)
    return party.full or longest


def _outside_posts(spots: Sequence[Place], persons: Sequence[Person]) -> list[Place]:
    """The names without the fields of posts: *ministre de la Santé et de l'Action sociale*."""
    return [
        spot
        for spot in spots
        if spot.named.kind != MAYBE
        or not any(
            start <= spot.start < end for start, end in (each.post_place for each in persons)
        )
    ]


def _of(
    read: Document,
    field: str,
    start: int,
    end: int,
    label: str,
    score: float,
    thing: NamedNode | None = None,
) -> Proposal:
    """A proposal for words at a place, without white space and half a pair of quotation marks."""
    start, end = _trimmed(read.text, start, end)
    number = read.passage_at(start).number
    return Proposal(field, number, start, end, " ".join(label.split()), score, thing)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A place without white space at its ends, and with both or none of two quotation marks."""
    said = text[start:end]
    for opening, closing in ("«»", "“”"):
        if said.count(opening) > said.count(closing):
            behind = re.match(rf"\s?{closing}", text[end:])
            end += behind.end() if behind else 0
            start += 0 if behind else len(said) - len(said.lstrip(f" {opening}"))
        elif said.count(opening) < said.count(closing):
            end -= len(said) - len(said.rstrip(f" {closing}"))
    said = text[start:end]
    return end - len(said.lstrip()), start + len(said.rstrip())


def _head(read: Document, parties: Sequence[Named]) -> Iterator[Proposal]:
    """The title and the dateline."""
    head = signing_days.dateline(read)
    if head:
        said = _of(read, DATELINE, head.start, head.end, read.text[head.start : head.end], 0.9)
        yield said._replace(value=head.value.value)
    for passage in read.of_role(TITLE):
        start = head.end if head and passage.start < head.start < passage.end else passage.start
        start += len(read.text[start : passage.end]) - len(
            read.text[start : passage.end].lstrip(" )–—:-")
        )
        yield _of(read, A_TITLE, start, passage.end, read.text[start : passage.end], 0.9)
        first = next(
            (
                party
                for party in parties
                if any(passage.start <= at < passage.end for at, _ in party.places)
            ),
            None,
        )
        if first:
            place = next(
                place for place in sorted(first.places) if passage.start <= place[0] < passage.end
            )
            yield _of(read, PUBLISHER, *place, first.name, 0.3, first.thing)


def _signatory(
    read: Document, knowledge: Knowledge, person: Person, parties: Sequence[Named]
) -> Proposal:
    """A signatory; the body is the party for which the graph says that the person has signed."""
    thing = _thing(read, knowledge, person.start, person.end, "person")
    post = _thing(read, knowledge, person.first, person.last, "post") if person.post else None
    homes = knowledge.homes.get(thing, frozenset()) if thing else frozenset()
    body = person.body or next((party for party in parties if party.thing in homes), None)
    score = 0.8 if person.post else 0.5
    said = _of(read, SIGNATORY, person.first, person.last, person.name, score, thing)
    return said._replace(
        post=person.post,
        organisation=body.in_full if body else "",
        post_thing=post,
        organisation_thing=body.thing if body else None,
    )


def _thing(
    read: Document, knowledge: Knowledge, start: int, end: int, kind: str
) -> NamedNode | None:
    """The thing of a kind in the graph with the longest name in these words."""
    inside = [
        (mention.end - mention.start, thing)
        for mention in read.named(start, end)
        for thing in mention.things
        if knowledge.kinds.get(thing) == kind and mention.end <= end
    ]
    return (
        max(inside, key=lambda candidate: (candidate[0], candidate[1].value))[1] if inside else None
    )


def _terms(
    read: Document, knowledge: Knowledge, acts: Sequence[Act], published: str
) -> Iterator[Proposal]:
    """The kind of the agreement, its dates and its predecessors."""
    kind = agreement.kind(read, acts, knowledge)
    if kind:
        start, end, thing = kind
        said = _of(read, KIND, start, end, read.text[start:end], 0.9 if thing else 0.5, thing)
        yield said._replace(value=thing.value if thing else "")
    acts = [act for act in acts if not act.planned]
    starts, ends = lasting.period(read, acts) or (None, lasting.ends(read, acts))
    signings = signing_days.signed(read, acts, published)
    days = {said.value for said in signings}
    for field, value in (
        *((SIGNED, said) for said in signings),
        (STARTS, starts),
        (TERM, lasting.term(read, acts)),
        (ENDS, ends),
    ):
        if value:
            words = read.text[value.start : value.end]
            yield _of(read, field, value.start, value.end, words, 0.9)._replace(value=value.value)
    for start, end in predecessors(read, days):
        yield _of(read, PREDECESSOR, start, end, read.text[start:end], 0.5)


def _matters(
    read: Document,
    knowledge: Knowledge,
    acts: Sequence[Act],
    spots: Sequence[Place],
    persons: Sequence[Person],
    signers: Sequence[Person],
    names: Sequence[tuple[int, int]],
    parties: Sequence[Named],
    plugged: Sequence[Recognised],
) -> Iterator[Proposal]:
    """Places, programmes, topics, undertakings, facts, antecedents and new names."""
    for place in places(read, knowledge, acts, spots, names, plugged):
        yield _of(
            read,
            PLACE,
            place.start,
            place.end,
            read.text[place.start : place.end],
            0.7,
            place.thing,
        )._replace(value=OF_ACT if place.of_act else "")
    for spot in _each_once(spots, PROGRAMME):
        yield _of(
            read, A_PROGRAMME, spot.start, spot.end, spot.named.name, 0.7, spot.named.thing
        )._replace(acronym=spot.named.acronym)
    bodies = [spot for spot in spots if spot.named.kind != MAYBE or spot.named in parties]
    barred = [(body.start, body.end) for body in bodies] + list(names)
    barred += [person.post_place for person in persons]
    undertaken = activities(read, knowledge, barred, opinions(read, persons, signers))
    places_of_these = [(undertaking.start, undertaking.end) for undertaking in undertaken]
    for topic in topics(read, knowledge, barred, places_of_these):
        words = read.text[topic.start : topic.end]
        yield _of(read, TOPIC, topic.start, topic.end, words, topic.score, topic.thing)
    for activity in undertaken:
        start, end = activity.start, activity.end
        words = core(read.text[start:end], read.language)
        said = _of(read, ACTIVITY, start, end, words, activity.score, activity.thing)
        yield said._replace(modality=activity.modality)
    for meant in antecedents(read, spots, parties):
        said = _of(
            read, ANTECEDENT, meant.start, meant.end, read.text[meant.start : meant.end], 0.6
        )
        things = tuple(body.thing for body in meant.stands_for if body.thing)
        yield said._replace(value=str(meant.passage), things=things)
    for fact in facts(read, knowledge, spots):
        said = _of(read, FACT, fact.start, fact.end, fact.value, 0.7)
        things = tuple(thing for thing in (fact.body.thing, *fact.things) if thing)
        known = len(things) == 1 + len(fact.things)
        yield said._replace(
            value=fact.property,
            organisation=fact.body.in_full,
            things=things if known else (),
        )
    yield from _new(read, knowledge, spots, persons, parties)


def _each_once(spots: Sequence[Place], kind: str) -> list[Place]:
    """The first place of each thing of a kind."""
    first: dict[int, Place] = {}
    for spot in spots:
        if spot.named.kind == kind:
            first.setdefault(id(spot.named), spot)
    return list(first.values())


def _new(
    read: Document,
    knowledge: Knowledge,
    spots: Sequence[Place],
    persons: Sequence[Person],
    parties: Sequence[Named],
) -> Iterator[Proposal]:
    """The names of bodies, programmes and people that are not in the graph."""
    for kind in (BODY, PROGRAMME, MAYBE):
        for spot in _each_once(spots, kind):
            if spot.named.thing is None and (kind != MAYBE or spot.named in parties):
                said = _of(read, NEW, spot.start, spot.end, spot.named.name, 0.6)
                yield said._replace(value=kind or BODY, acronym=spot.named.acronym)
    for person in persons:
        if _thing(read, knowledge, person.start, person.end, "person") is None:
            yield _of(read, NEW, person.start, person.end, person.name, 0.6)._replace(
                value="person"
            )
        if person.post and _thing(read, knowledge, person.first, person.last, "post") is None:
            yield _of(read, NEW, *person.post_place, person.post, 0.5)._replace(value="post")
