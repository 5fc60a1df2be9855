"""The statements of the author's file, made from decisions, each fact under its sentence.

Topics belong to the undertaking of their sentence, else to the agreement. A thing that is only
named gets its type. Labels, antecedents and marks of unseen passages are in ``<#about>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from onehealthkg.days import is_period
from onehealthkg.deciding.decisions import ACCEPTED, NAMED, SENTENCE, About, Decision
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.facts import FORMER_NAME, MERGER
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import label
from onehealthkg.names import ID, OH, PREFIXES, SOURCE, local_name
from onehealthkg.naming.words import words
from onehealthkg.reading.mention import DATE, NAME, Mention
from onehealthkg.reading.names import names_of
from onehealthkg.reading.read import introduced, read
from onehealthkg.sources.author import LANGUAGES
from onehealthkg.terms import in_graph, named_node, subjects
from onehealthkg.words import agreement_in_words

NOTHING = "Says nothing about the agreement."
EXPECTED = "expected"
_XSD = PREFIXES["xsd"]
_DATES = (fields.SIGNED, fields.STARTS, fields.ENDS)
_ITEM = re.compile(r"[-–•*·]\s|\d{1,2}[.)]\s|\(?[a-z]\)\s")
_FORMS = {4: "gYear", 7: "gYearMonth", 10: "date"}
_CONCEPTS = (fields.TOPIC, fields.ACTIVITY)
_SHORT, _LONG = 4, 12  # words of a wording of a thing, and of a topic or an activity
_A, _LABEL = named_node("rdf:type"), named_node("skos:prefLabel")
_MERGED = {"en": "merger of {} into {} ({})", "fr": "fusion de {} en {} ({})"}
_ISSUED = named_node("dcterms:issued")
_RESULT = named_node("org:resultingOrganization")
# The property of the agreement that each field gives.
_OF_AGREEMENT = {
    fields.PARTY: "oh:party",
    fields.KIND: "oh:kind",
    fields.SIGNED: "oh:dateSigned",
    fields.TERM: "oh:term",
    fields.STARTS: "oh:dateStarted",
    fields.ENDS: "oh:dateEnds",
    fields.PLACE: "prov:atLocation",
    fields.ACTIVITY: "oh:activity",
    fields.TOPIC: "oh:topic",
    fields.PREDECESSOR: "oh:predecessor",
}


class Source(NamedTuple):
    """An archived text: its name, its text, and the names and places of its passages."""

    stem: str
    text: str
    language: str
    passages: Mapping[str, tuple[int, int]]

    @property
    def document(self) -> NamedNode:
        """The document."""
        return NamedNode(SOURCE + self.stem)

    def passage(self, number: int) -> NamedNode:
        """The passage of a number, from 1."""
        return NamedNode(f"{SOURCE}{self.stem}#{list(self.passages)[number - 1]}")

    def words(self, number: int) -> str:
        """The words of a passage."""
        start, end = list(self.passages.values())[number - 1]
        return self.text[start:end]

    @property
    def name(self) -> str:
        """The words after which the agreement is named: those of the file, and its year."""
        date = re.match(r"(\d{4})(?:-\d\d){0,2}-", self.stem)
        words = self.stem[date.end() :] if date else self.stem
        return f"{words}-{date[1]}" if date and not words.endswith(date[1]) else words


class Named:
    """The things that the words of each passage name, as the checks read them."""

    def __init__(self, store: Store, source: Source) -> None:
        names = names_of(store)
        acronyms: dict[str, Mention] = {}
        self.mentions: dict[int, list[Mention]] = {}
        self.dates: dict[int, set[str]] = {}
        for number in range(1, len(source.passages) + 1):
            words = source.words(number)
            mentions = read(words, source.language, names, acronyms)
            acronyms = {**introduced(words, mentions), **acronyms}
            self.mentions[number] = [mention for mention in mentions if mention.kind == NAME]
            dates = {mention.value.value for mention in mentions if mention.kind == DATE}
            self.dates[number] = {date[:size] for date in dates for size in (4, 7, 10)}

    def names(self, number: int, thing: NamedNode) -> bool:
        """Whether the words of a passage name a thing."""
        return any(thing in mention.things for mention in self.mentions[number])


class Statements:
    """Makes the statements of an author's file from the decisions on a text."""

    def __init__(
        self, store: Store, source: Source, about: About, decisions: Iterable[Decision]
    ) -> None:
        self._store = store
        self._source = source
        self._about = about
        self._named = Named(store, source)
        self._decisions = [
            decision for decision in decisions if decision.verdict in (ACCEPTED, NAMED)
        ]
        self._agreed = [
            decision.proposal for decision in self._decisions if decision.verdict == ACCEPTED
        ]
        self._agreement = NamedNode(f"{ID}agreement-{source.name}")
        self._parties = self._things(fields.PARTY)
        self._kinds = [
            NamedNode(proposal.value) for proposal in self._of(fields.KIND) if proposal.value
        ]
        self._labels: dict[NamedNode, dict[str, str]] = {}
        self._events: list[NamedNode] = []

    def quads(self) -> set[Quad]:
        """All statements, those about the document and the labels in the graph ``<#about>``."""
        quads = set(self._stated())
        stated: set[object] = {quad.graph_name for quad in quads}
        document = self._source.document
        home = NamedNode(f"{document.value}#about")
        quads |= {in_graph(triple, home) for triple in self._about_document(home)}
        if not any(quad.predicate == _ISSUED for quad in quads) and self._about.published:
            quads.add(Quad(document, _ISSUED, _dated(self._about.published), home))
        quads |= {in_graph(triple, home) for triple in self._about_passages(stated)}
        page = NamedNode(self._about.address)
        quads |= {Quad(event, named_node("dcterms:source"), page, home) for event in self._events}
        for thing, texts in self._labels.items():
            quads |= {Quad(thing, _LABEL, Literal(x, language=y), home) for y, x in texts.items()}
        return quads

    def _of(self, *names: str) -> list[Proposal]:
        return [proposal for proposal in self._agreed if proposal.field in names]

    def _things(self, field: str) -> list[NamedNode]:
        return list(dict.fromkeys(proposal.thing for proposal in self._of(field) if proposal.thing))

    # The graphs of the passages

    def _stated(self) -> Iterator[Quad]:
        numbers = sorted({decision.proposal.passage for decision in self._decisions})
        for number in numbers:
            graph = self._source.passage(number)
            here = [proposal for proposal in self._agreed if proposal.passage == number]
            named = [
                decision.proposal
                for decision in self._decisions
                if decision.proposal.passage == number and decision.verdict == NAMED
            ]
            triples = chain(self._said(number, here), self._mentioned(named))
            yield from (in_graph(triple, graph) for triple in triples)

    def _mentioned(self, proposals: Iterable[Proposal]) -> Iterator[Triple]:
        for proposal in proposals:
            yield from (Triple(thing, _A, self._class(thing)) for thing in things_of(proposal))

    def _class(self, thing: NamedNode) -> NamedNode:
        kind = local_name(thing.value).partition("-")[0]
        return named_node(CLASSES.get(kind, "skos:Concept"))

    def _said(self, number: int, here: list[Proposal]) -> Iterator[Triple]:
        """The statements of the sentence with a number."""
        undertakings = self._undertakings(number, here)
        for node, triples in undertakings.items():
            yield Triple(node, _A, named_node("oh:Undertaking"))
            yield from triples
        first = next(iter(undertakings), self._agreement)
        about_agreement = list(self._of_agreement(here, first))
        if about_agreement:
            yield from (Triple(self._agreement, _A, class_) for class_ in self._classes())
            self._label_agreement()
        yield from about_agreement
        for proposal in here:
            yield from self._elsewhere(proposal, first)

    def _classes(self) -> list[NamedNode]:
        """The classes of the arrangement; only an agreement is also an oh:Agreement."""
        agreements = _with_narrower(self._store, NamedNode(ID + "kind-agreement"))
        is_agreement = not self._kinds or not agreements.isdisjoint(self._kinds)
        names = ("oh:Agreement", "oh:Arrangement") if is_agreement else ("oh:Arrangement",)
        return [named_node(name) for name in names]

    def _of_agreement(self, here: list[Proposal], first: NamedNode) -> Iterator[Triple]:
        """The statements about the agreement, without those about its undertakings."""
        for proposal in here:
            on_undertaking = proposal.field == fields.TOPIC and first != self._agreement
            if (
                proposal.field in _OF_AGREEMENT
                and not on_undertaking
                and self._is_written(proposal)
            ):
                said = self._of_field(proposal)
                if said:
                    yield Triple(self._agreement, named_node(said[0]), said[1])

    def _is_written(self, proposal: Proposal) -> bool:
        """Whether the sentence has the full date; otherwise an editor has completed it."""
        if proposal.field not in _DATES or self._is_today(proposal):
            return True
        return proposal.value in self._named.dates[proposal.passage]

    def _is_today(self, proposal: Proposal) -> bool:
        """Whether the words say that the day of signature is that of the document."""
        said = self._source.text[proposal.start : proposal.end]
        today = words(self._source.language, "today").fullmatch(said)
        return proposal.field == fields.SIGNED and today is not None

    def _of_field(self, proposal: Proposal) -> tuple[str, NamedNode | Literal] | None:
        """A property of the agreement and its value; None for a proposal that lacks its thing."""
        if proposal.field == fields.SIGNED and self._is_today(proposal):
            return "oh:signedOnDateOf", self._source.document
        if proposal.field == fields.PREDECESSOR:
            return "oh:predecessor", self._predecessor(proposal)
        if proposal.field == fields.KIND:
            return "oh:kind", NamedNode(proposal.value)
        if proposal.field == fields.TERM:
            return "oh:term", Literal(proposal.value, datatype=NamedNode(_XSD + "duration"))
        if proposal.field in _DATES:
            return _OF_AGREEMENT[proposal.field], _dated(proposal.value)
        if proposal.field == fields.PLACE and not _is_place(proposal.thing):
            return "oh:placeInWords", self._words(proposal)
        if proposal.thing is None or proposal.modality:
            return None
        return _OF_AGREEMENT[proposal.field], proposal.thing

    def _predecessor(self, proposal: Proposal) -> NamedNode:
        name = f"predecessor-{self._source.name}-{proposal.passage}-{proposal.start}"
        return proposal.thing or NamedNode(ID + name)

    def _elsewhere(self, proposal: Proposal, first: NamedNode) -> Iterator[Triple]:
        """The statements about things other than the agreement."""
        if proposal.field in (fields.TITLE, fields.DATELINE):
            yield from self._of_document(proposal)
        elif proposal.field == fields.SIGNATORY and proposal.thing and proposal.organisation_thing:
            yield from self._signature(proposal, proposal.thing, proposal.organisation_thing)
        elif proposal.field == fields.PREDECESSOR and not proposal.thing:
            yield Triple(self._predecessor(proposal), _A, named_node("oh:Predecessor"))
            yield Triple(
                self._predecessor(proposal), named_node("oh:inWords"), self._words(proposal)
            )
        elif proposal.field == fields.FACT and proposal.things:
            yield from self._fact(proposal)
        elif proposal.thing and proposal.field in (fields.TOPIC, fields.PROGRAMME):
            yield from self._of_undertaking(proposal.field, proposal.thing, first)

    def _fact(self, proposal: Proposal) -> Iterator[Triple]:
        """The statements about a body."""
        body, *values = proposal.things
        if proposal.value == MERGER:
            yield from self._merger(proposal.label, body, values)
        elif proposal.value == FORMER_NAME:
            name = Literal(proposal.label, language=self._source.language)
            yield Triple(body, named_node(FORMER_NAME), name)
        else:
            value = values[0] if values else _dated(proposal.label)
            yield Triple(body, named_node(proposal.value), value)

    def _merger(self, date: str, body: NamedNode, parts: Sequence[NamedNode]) -> Iterator[Triple]:
        """The event by which bodies were merged: that of the graph, or a new one."""
        known = subjects(self._store, _RESULT, body)
        name = local_name(body.value).removeprefix("organisation-")
        event = min(known, key=str) if known else NamedNode(f"{ID}change-{name}-{date[:4]}")
        yield Triple(event, _A, named_node("org:ChangeEvent"))
        yield Triple(event, _RESULT, body)
        for part in parts:
            yield Triple(event, named_node("org:originalOrganization"), part)
        if known:
            return
        yield Triple(event, named_node("dcterms:date"), _dated(date))
        self._labels[event] = {
            language: form.format(
                _listed(self._store, parts, language),
                label(self._store, body, language),
                date[:4],
            )
            for language, form in _MERGED.items()
        }
        self._events.append(event)

    def _of_document(self, proposal: Proposal) -> Iterator[Triple]:
        document = self._source.document
        if proposal.field == fields.TITLE:
            yield Triple(document, named_node("dcterms:title"), self._words(proposal))
        elif is_period(proposal.value):  # a day without its year is not the date of a document
            yield Triple(document, _ISSUED, _dated(proposal.value))
        if proposal.field == fields.DATELINE and proposal.thing:
            yield Triple(document, named_node("schema:locationCreated"), proposal.thing)

    def _of_undertaking(self, field: str, thing: NamedNode, first: NamedNode) -> Iterator[Triple]:
        """A topic or programme of the first undertaking of a sentence, if it has any."""
        if field == fields.PROGRAMME:
            yield Triple(thing, _A, named_node("oh:Programme"))
        if first != self._agreement:
            related = "oh:relatedProgramme" if field == fields.PROGRAMME else "oh:topic"
            yield Triple(first, named_node(related), thing)

    def _words(self, proposal: Proposal) -> Literal:
        words = " ".join(self._source.text[proposal.start : proposal.end].split())
        return Literal(words, language=self._source.language)

    def _signature(
        self, proposal: Proposal, person: NamedNode, organisation: NamedNode
    ) -> Iterator[Triple]:
        who = local_name(person.value).partition("-")[2]
        node = NamedNode(f"{ID}signature-{who}-{self._source.name}")
        yield Triple(node, _A, named_node("oh:Signature"))
        yield Triple(node, named_node("oh:signs"), self._agreement)
        yield Triple(node, named_node("oh:signatory"), person)
        yield Triple(node, named_node("oh:onBehalfOf"), organisation)
        yield Triple(person, _A, named_node("foaf:Person"))
        if proposal.post_thing:
            yield Triple(node, named_node("oh:inPost"), proposal.post_thing)
            yield Triple(proposal.post_thing, _A, named_node("org:Post"))
            yield Triple(proposal.post_thing, named_node("org:postIn"), organisation)

    # Undertakings

    def _undertakings(self, number: int, here: list[Proposal]) -> dict[NamedNode, list[Triple]]:
        """The undertakings of a sentence, one for the activities of each modality."""
        by_modality: dict[str, list[NamedNode]] = {}
        for proposal in here:
            if proposal.field == fields.ACTIVITY and proposal.thing and proposal.modality:
                by_modality.setdefault(proposal.modality, []).append(proposal.thing)
        made = {}
        for modality, activities in by_modality.items():
            words = local_name(activities[0].value).partition("-")[2]
            name = f"undertaking-{self._source.name}-{number}-{words}"
            node = NamedNode(ID + name)
            made[node] = list(self._undertaking(number, node, modality, activities))
        return made

    def _undertaking(
        self, number: int, node: NamedNode, modality: str, activities: list[NamedNode]
    ) -> Iterator[Triple]:
        yield Triple(node, named_node("oh:modality"), NamedNode(OH + modality))
        for activity in activities:
            yield Triple(node, named_node("oh:activity"), activity)
        agents = [party for party in self._parties if self._reaches(number, party)]
        if modality != EXPECTED:
            yield from (Triple(node, named_node("oh:agent"), agent) for agent in agents)
        set_out = named_node("oh:setOutIn")
        is_worded = self._named.names(number, set_out) and modality != EXPECTED
        link = set_out if is_worded else named_node("oh:reportedWith")
        yield Triple(node, link, self._agreement)
        self._labels[node] = {
            "en": f"{self._short('en')}: {_listed(self._store, activities, 'en')}",
            "fr": f"{self._short('fr')} : {_listed(self._store, activities, 'fr')}",
        }

    def _reaches(self, number: int, thing: NamedNode) -> bool:
        """Whether a passage names a thing, or the antecedent of its pronouns does."""
        onward: dict[int, set[int]] = {}
        for antecedent in self._of(fields.ANTECEDENT):
            onward.setdefault(antecedent.passage, set()).update(_numbers(antecedent))
        todo, seen = [number], {number}
        while todo:
            here = todo.pop()
            if self._named.names(here, thing):
                return True
            todo += onward.get(here, set()) - seen
            seen |= onward.get(here, set())
        return False

    # Labels, and the graph <#about>

    def _short(self, language: str) -> str:
        """The parties in short: ANSES–Inserm."""
        return "–".join(label(self._store, party, language) for party in self._parties)

    def _label_agreement(self) -> None:
        signed = next((proposal.value for proposal in self._of(fields.SIGNED)), "")
        year = (signed or self._about.published or "")[:4]
        kinds = self._kinds or [NamedNode(ID + "kind-agreement")]
        self._labels[self._agreement] = {
            language: agreement_in_words(
                label(self._store, kinds[0], language),
                [label(self._store, party, language) for party in self._parties],
                year,
                language,
            )
            for language in ("en", "fr")
        }

    def _about_document(self, home: NamedNode) -> Iterator[Triple]:
        document, stem = self._source.document, self._source.stem
        title = named_node("dcterms:title")
        yield Triple(home, _A, named_node("oh:CuratedGraph"))
        yield Triple(home, title, Literal(f"About {stem}", language="en"))
        yield Triple(home, title, Literal(f"À propos de {stem}", language="fr"))
        yield Triple(document, _A, named_node("foaf:Document"))
        language = NamedNode(LANGUAGES[self._source.language])
        yield Triple(document, named_node("dcterms:language"), language)
        for subject in (home, NamedNode(f"{document.value}.txt")):
            if self._about.address:
                yield Triple(subject, named_node("dcterms:source"), NamedNode(self._about.address))
        if self._about.title:
            yield Triple(
                document, title, Literal(self._about.title, language=self._source.language)
            )
        publishers = [NamedNode(self._about.publisher)] if self._about.publisher else []
        for publisher in publishers or self._things(fields.PUBLISHER):
            yield Triple(document, named_node("dcterms:publisher"), publisher)

    def _items(self) -> Iterator[tuple[int, int]]:
        """The items of lists, each with the sentence that introduces the list."""
        before = 0
        for number in range(1, len(self._source.passages) + 1):
            if not _ITEM.match(self._source.words(number)):
                before = number
            elif before:
                yield number, before

    def _about_passages(self, stated: set[object]) -> Iterator[Triple]:
        yield from self._antecedents(stated)
        yield from self._unseen()
        for proposal in self._of(*_DATES):
            if not self._is_written(proposal):
                dated = named_node(_OF_AGREEMENT[proposal.field])
                yield Triple(self._agreement, dated, _dated(proposal.value))
        for proposal in self._of(SENTENCE):
            passage = self._source.passage(proposal.passage)
            if passage not in stated:
                reason = Literal(proposal.label or NOTHING, language="en")
                yield Triple(passage, named_node("oh:withoutStatement"), reason)

    def _antecedents(self, stated: set[object]) -> Iterator[Triple]:
        """The antecedents of sentences; for an item, the sentence before its list."""
        for proposal in self._of(fields.ANTECEDENT):
            for number in _numbers(proposal):
                here, there = self._source.passage(proposal.passage), self._source.passage(number)
                yield Triple(here, named_node("oh:antecedent"), there)
        for fact in self._of(fields.FACT):
            names = fact.things[:1]
            if names and not self._named.names(fact.passage, names[0]):
                before = self._naming(names[0], fact.passage)
                if before:
                    here = self._source.passage(fact.passage)
                    yield Triple(here, named_node("oh:antecedent"), self._source.passage(before))
        for number, before in self._items():
            here, there = self._source.passage(number), self._source.passage(before)
            if here in stated:
                yield Triple(here, named_node("oh:antecedent"), there)

    def _naming(self, thing: NamedNode, limit: int) -> int:
        """The last passage before one that names a thing; 0 for none."""
        numbers = (number for number in range(1, limit) if self._named.names(number, thing))
        return max(numbers, default=0)

    def _unseen(self) -> Iterator[Triple]:
        """The passages with proposals that no person has reviewed, with their lowest score."""
        unseen: dict[int, float] = {}
        for decision in self._decisions:
            if not decision.seen:
                number = decision.proposal.passage
                unseen[number] = min(unseen.get(number, 1.0), decision.proposal.score)
        for number, score in unseen.items():
            least = Literal(f"{score:.2f}", datatype=NamedNode(_XSD + "decimal"))
            yield Triple(self._source.passage(number), named_node("oh:unseenAbove"), least)


def things_of(proposal: Proposal) -> set[NamedNode]:
    """The known things of a proposal."""
    things = {proposal.thing, proposal.post_thing, proposal.organisation_thing, *proposal.things}
    if proposal.value.startswith(ID):
        things.add(NamedNode(proposal.value))
    return {thing for thing in things if thing}


def wordings(
    store: Store, source: Source, proposals: Iterable[Proposal]
) -> Iterator[tuple[NamedNode, str]]:
    """The words of the text that name things but are not labels of them, each with the thing.

    A wording is short: of longer words those that the proposal shows, and no names of people. The
    wording of a post includes its body, as in President of BfR.
    """
    named = Named(store, source)
    for proposal in proposals:
        post = proposal.post_thing
        if post and not named.names(proposal.passage, post):
            _, title, rest = source.text[proposal.start : proposal.end].partition(proposal.post)
            if re.match(r"\s+(of|de|du|des|d['’])", rest):
                yield post, " ".join((title + rest).split())
        thing, words = proposal.thing, " ".join(source.text[proposal.start : proposal.end].split())
        if proposal.field in (fields.SIGNATORY, fields.PREDECESSOR, fields.TITLE, fields.DATELINE):
            continue
        if len(words.split()) > _SHORT and proposal.label in words:
            words = proposal.label
        most = _LONG if proposal.field in _CONCEPTS else _SHORT
        if thing and 0 < len(words.split()) <= most and not named.names(proposal.passage, thing):
            yield thing, words


def _with_narrower(store: Store, concept: NamedNode) -> set[NamedNode]:
    """A concept and all narrower concepts."""
    found, todo = {concept}, [concept]
    while todo:
        narrower = subjects(store, named_node("skos:broader"), todo.pop()) - found
        found |= narrower
        todo += narrower
    return found


def _numbers(antecedent: Proposal) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", antecedent.value)]


def _is_place(thing: NamedNode | None) -> bool:
    return thing is not None and thing.value.startswith(f"{ID}place-")


def _dated(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_XSD + _FORMS.get(len(text), "date")))


def _listed(store: Store, things: Sequence[NamedNode], language: str) -> str:
    return ", ".join(label(store, thing, language) for thing in things)
