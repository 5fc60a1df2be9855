"""From decisions to statements: what the author's file says, each fact under its sentence.

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
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.decisions import ACCEPTED, NAMED, SENTENCE, About, Decision
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import label
from onehealthkg.names import ID, OH, PREFIXES, SOURCE, expand, local_name
from onehealthkg.reading.mention import DATE, NAME, Mention
from onehealthkg.reading.names import names_of
from onehealthkg.reading.read import introduced, read
from onehealthkg.sources.author import LANGUAGES
from onehealthkg.terms import in_graph, named_node, subjects

NOTHING = "Says nothing about the agreement."
EXPECTED = "expected"
_XSD = PREFIXES["xsd"]
_DATES = (fields.SIGNED, fields.ENDS)
_ITEM = re.compile(r"[-–•*·]\s|\d{1,2}[.)]\s|\(?[a-z]\)\s")
_FORMS = {4: "gYear", 7: "gYearMonth", 10: "date"}
_A, _LABEL = named_node("rdf:type"), named_node("skos:prefLabel")
_ISSUED = named_node("dcterms:issued")
# The property of the agreement that each field gives.
_OF_AGREEMENT = {
    fields.PARTY: "oh:party",
    fields.KIND: "oh:kind",
    fields.SIGNED: "oh:dateSigned",
    fields.TERM: "oh:term",
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
    """What the words of each passage name, as the checks read them."""

    def __init__(self, store: Store, source: Source) -> None:
        names = names_of(store)
        acronyms: dict[str, Mention] = {}
        self.mentions: dict[int, list[Mention]] = {}
        self.dates: dict[int, set[str]] = {}
        for number in range(1, len(source.passages) + 1):
            words = source.words(number)
            mentions = read(words, source.language, names, acronyms)
            acronyms = {**introduced(words, mentions), **acronyms}
            self.mentions[number] = [one for one in mentions if one.kind == NAME]
            dates = {one.value.value for one in mentions if one.kind == DATE}
            self.dates[number] = {date[:size] for date in dates for size in (4, 7, 10)}

    def names(self, number: int, thing: NamedNode) -> bool:
        """Whether the words of a passage name a thing."""
        return any(thing in one.things for one in self.mentions[number])


class Statements:
    """Makes the statements of an author's file out of the decisions on a text."""

    def __init__(
        self, store: Store, source: Source, about: About, decisions: Iterable[Decision]
    ) -> None:
        self._store = store
        self._source = source
        self._about = about
        self._named = Named(store, source)
        self._decisions = [one for one in decisions if one.verdict in (ACCEPTED, NAMED)]
        self._agreed = [one.proposal for one in self._decisions if one.verdict == ACCEPTED]
        self._agreement = NamedNode(f"{ID}agreement-{source.name}")
        self._parties = self._things(fields.PARTY)
        self._kinds = [NamedNode(one.value) for one in self._of(fields.KIND) if one.value]
        self._labels: dict[NamedNode, dict[str, str]] = {}

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
        for thing, texts in self._labels.items():
            quads |= {Quad(thing, _LABEL, Literal(x, language=y), home) for y, x in texts.items()}
        return quads

    def _of(self, *names: str) -> list[Proposal]:
        return [one for one in self._agreed if one.field in names]

    def _things(self, field: str) -> list[NamedNode]:
        return list(dict.fromkeys(one.thing for one in self._of(field) if one.thing))

    # The graphs of the passages

    def _stated(self) -> Iterator[Quad]:
        numbers = sorted({one.proposal.passage for one in self._decisions})
        for number in numbers:
            graph = self._source.passage(number)
            here = [one for one in self._agreed if one.passage == number]
            named = [
                one.proposal
                for one in self._decisions
                if one.proposal.passage == number and one.verdict == NAMED
            ]
            triples = chain(self._said(number, here), self._mentioned(named))
            yield from (in_graph(triple, graph) for triple in triples)

    def _mentioned(self, proposals: Iterable[Proposal]) -> Iterator[Triple]:
        for one in proposals:
            yield from (Triple(thing, _A, self._class(thing)) for thing in things_of(one))

    def _class(self, thing: NamedNode) -> NamedNode:
        kind = local_name(thing.value).partition("-")[0]
        return named_node(CLASSES.get(kind, "skos:Concept"))

    def _said(self, number: int, here: list[Proposal]) -> Iterator[Triple]:
        """What the sentence of a number says."""
        undertakings = self._undertakings(number, here)
        for node, triples in undertakings.items():
            yield Triple(node, _A, named_node("oh:Undertaking"))
            yield from triples
        first = next(iter(undertakings), self._agreement)
        about_agreement = list(self._of_agreement(here, first))
        if about_agreement:
            yield from (Triple(self._agreement, _A, one) for one in self._classes())
            self._label_agreement()
        yield from about_agreement
        for one in here:
            yield from self._elsewhere(one, first)

    def _classes(self) -> list[NamedNode]:
        """The classes of what was concluded; anything but an agreement is an arrangement only."""
        agreements = _with_narrower(self._store, NamedNode(ID + "kind-agreement"))
        is_agreement = not self._kinds or not agreements.isdisjoint(self._kinds)
        names = ("oh:Agreement", "oh:Arrangement") if is_agreement else ("oh:Arrangement",)
        return [named_node(name) for name in names]

    def _of_agreement(self, here: list[Proposal], first: NamedNode) -> Iterator[Triple]:
        """The statements about the agreement, without those about its undertakings."""
        for one in here:
            on_undertaking = one.field == fields.TOPIC and first != self._agreement
            if one.field in _OF_AGREEMENT and not on_undertaking and self._is_written(one):
                said = self._of_field(one)
                if said:
                    yield Triple(self._agreement, named_node(said[0]), said[1])

    def _is_written(self, one: Proposal) -> bool:
        """Whether a date stands in its sentence, year and all; else an editor has completed it."""
        if one.field not in _DATES or self._is_today(one):
            return True
        return one.value in self._named.dates[one.passage]

    def _is_today(self, one: Proposal) -> bool:
        return one.field == fields.SIGNED and not _has_digit(self._source.text, one)

    def _of_field(self, one: Proposal) -> tuple[str, NamedNode | Literal] | None:
        """A property of the agreement and its value; None for a proposal that lacks its thing."""
        if one.field == fields.SIGNED and self._is_today(one):
            return "oh:signedOnDateOf", self._source.document
        if one.field == fields.PREDECESSOR:
            return "oh:predecessor", self._predecessor(one)
        if one.field == fields.KIND:
            return "oh:kind", NamedNode(one.value)
        if one.field == fields.TERM:
            return "oh:term", Literal(one.value, datatype=NamedNode(_XSD + "duration"))
        if one.field in (fields.SIGNED, fields.ENDS):
            return _OF_AGREEMENT[one.field], _dated(one.value)
        if one.field == fields.PLACE and not _is_place(one.thing):
            return "oh:placeInWords", self._words(one)
        if one.thing is None or one.modality:
            return None
        return _OF_AGREEMENT[one.field], one.thing

    def _predecessor(self, one: Proposal) -> NamedNode:
        name = f"predecessor-{self._source.name}-{one.passage}-{one.start}"
        return one.thing or NamedNode(ID + name)

    def _elsewhere(self, one: Proposal, first: NamedNode) -> Iterator[Triple]:
        """What is said of other things than the agreement."""
        if one.field in (fields.TITLE, fields.DATELINE):
            yield from self._of_document(one)
        elif one.field == fields.SIGNATORY and one.thing and one.organisation_thing:
            yield from self._signature(one, one.thing, one.organisation_thing)
        elif one.field == fields.PREDECESSOR and not one.thing:
            yield Triple(self._predecessor(one), _A, named_node("oh:Predecessor"))
            yield Triple(self._predecessor(one), named_node("oh:inWords"), self._words(one))
        elif one.field == fields.FACT and len(one.things) == 2:
            subject, value = one.things
            yield Triple(subject, NamedNode(expand(one.value)), value)
        elif one.thing and one.field in (fields.TOPIC, fields.PROGRAMME):
            yield from self._of_undertaking(one.field, one.thing, first)

    def _of_document(self, one: Proposal) -> Iterator[Triple]:
        document = self._source.document
        if one.field == fields.TITLE:
            yield Triple(document, named_node("dcterms:title"), self._words(one))
        elif is_period(one.value):  # a day without its year is not the date of a document
            yield Triple(document, _ISSUED, _dated(one.value))
        if one.field == fields.DATELINE and one.thing:
            yield Triple(document, named_node("schema:locationCreated"), one.thing)

    def _of_undertaking(self, field: str, thing: NamedNode, first: NamedNode) -> Iterator[Triple]:
        """A topic or programme of the first undertaking of a sentence, if it has any."""
        if field == fields.PROGRAMME:
            yield Triple(thing, _A, named_node("oh:Programme"))
        if first != self._agreement:
            related = "oh:relatedProgramme" if field == fields.PROGRAMME else "oh:topic"
            yield Triple(first, named_node(related), thing)

    def _words(self, one: Proposal) -> Literal:
        words = " ".join(self._source.text[one.start : one.end].split())
        return Literal(words, language=self._source.language)

    def _signature(
        self, one: Proposal, person: NamedNode, organisation: NamedNode
    ) -> Iterator[Triple]:
        who = local_name(person.value).partition("-")[2]
        node = NamedNode(f"{ID}signature-{who}-{self._source.name}")
        yield Triple(node, _A, named_node("oh:Signature"))
        yield Triple(node, named_node("oh:signs"), self._agreement)
        yield Triple(node, named_node("oh:signatory"), person)
        yield Triple(node, named_node("oh:onBehalfOf"), organisation)
        yield Triple(person, _A, named_node("foaf:Person"))
        if one.post_thing:
            yield Triple(node, named_node("oh:inPost"), one.post_thing)
            yield Triple(one.post_thing, _A, named_node("org:Post"))
            yield Triple(one.post_thing, named_node("org:postIn"), organisation)

    # Undertakings

    def _undertakings(self, number: int, here: list[Proposal]) -> dict[NamedNode, list[Triple]]:
        """The undertakings of a sentence, one for the activities of each modality."""
        by_modality: dict[str, list[NamedNode]] = {}
        for one in here:
            if one.field == fields.ACTIVITY and one.thing and one.modality:
                by_modality.setdefault(one.modality, []).append(one.thing)
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
        agents = [one for one in self._parties if self._reaches(number, one)]
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
        """Whether a passage names a thing, or one does that its pronouns stand for."""
        onward: dict[int, set[int]] = {}
        for one in self._of(fields.ANTECEDENT):
            onward.setdefault(one.passage, set()).update(_numbers(one))
        todo, seen = [number], {number}
        while todo:
            here = todo.pop()
            if self._named.names(here, thing):
                return True
            todo += onward.get(here, set()) - seen
            seen |= onward.get(here, set())
        return False

    # Labels, and what stands in <#about>

    def _short(self, language: str) -> str:
        """The parties in short: ANSES–Inserm."""
        return "–".join(label(self._store, party, language) for party in self._parties)

    def _label_agreement(self) -> None:
        year = next((f" ({one.value[:4]})" for one in self._of(fields.SIGNED)), "")
        year = year or (f" ({self._about.published[:4]})" if self._about.published else "")
        kinds = self._kinds or [NamedNode(ID + "kind-agreement")]
        english, french = (label(self._store, kinds[0], language) for language in ("en", "fr"))
        texts = {
            "en": f"{self._short('en')} {english}{year}".strip(),
            "fr": f"{french[:1].upper()}{french[1:]} {self._short('fr')}{year}",
        }
        self._labels[self._agreement] = texts

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
        for one in publishers or self._things(fields.PUBLISHER):
            yield Triple(document, named_node("dcterms:publisher"), one)

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
        for one in self._of(*_DATES):
            if not self._is_written(one):
                dated = named_node(_OF_AGREEMENT[one.field])
                yield Triple(self._agreement, dated, _dated(one.value))
        for one in self._of(SENTENCE):
            passage = self._source.passage(one.passage)
            if passage not in stated:
                reason = Literal(one.label or NOTHING, language="en")
                yield Triple(passage, named_node("oh:withoutStatement"), reason)

    def _antecedents(self, stated: set[object]) -> Iterator[Triple]:
        """The sentences from which others are understood; of an item, the one before its list."""
        for one in self._of(fields.ANTECEDENT):
            for number in _numbers(one):
                here, there = self._source.passage(one.passage), self._source.passage(number)
                yield Triple(here, named_node("oh:antecedent"), there)
        for number, before in self._items():
            here, there = self._source.passage(number), self._source.passage(before)
            if here in stated:
                yield Triple(here, named_node("oh:antecedent"), there)

    def _unseen(self) -> Iterator[Triple]:
        """The passages with proposals that nobody has looked at, with their lowest score."""
        unseen: dict[int, float] = {}
        for decision in self._decisions:
            if not decision.seen:
                number = decision.proposal.passage
                unseen[number] = min(unseen.get(number, 1.0), decision.proposal.score)
        for number, score in unseen.items():
            least = Literal(f"{score:.2f}", datatype=NamedNode(_XSD + "decimal"))
            yield Triple(self._source.passage(number), named_node("oh:unseenAbove"), least)


def things_of(one: Proposal) -> set[NamedNode]:
    """The known things of a proposal."""
    things = {one.thing, one.post_thing, one.organisation_thing, *one.things}
    if one.value.startswith(ID):
        things.add(NamedNode(one.value))
    return {thing for thing in things if thing}


def wordings(
    store: Store, source: Source, proposals: Iterable[Proposal]
) -> Iterator[tuple[NamedNode, str]]:
    """The words that name things which the graph would not find by them, each with the thing.

    A wording is short; of longer words, and of people, the label has to be that of the text. A post
    is worded with its body, as in President of BfR.
    """
    named = Named(store, source)
    for one in proposals:
        post = one.post_thing
        if post and not named.names(one.passage, post):
            _, title, rest = source.text[one.start : one.end].partition(one.post)
            if re.match(r"\s+(of|de|du|des|d['’])", rest):
                yield post, " ".join((title + rest).split())
        thing, words = one.thing, " ".join(source.text[one.start : one.end].split())
        if one.field in (fields.SIGNATORY, fields.PREDECESSOR, fields.TITLE, fields.DATELINE):
            continue
        if thing and words and len(words.split()) <= 4 and not named.names(one.passage, thing):
            yield thing, words


def _with_narrower(store: Store, concept: NamedNode) -> set[NamedNode]:
    """A concept and all that are narrower."""
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


def _has_digit(text: str, one: Proposal) -> bool:
    return any(map(str.isdigit, text[one.start : one.end]))


def _dated(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_XSD + _FORMS.get(len(text), "date")))


def _listed(store: Store, things: Sequence[NamedNode], language: str) -> str:
    return ", ".join(label(store, thing, language) for thing in things)
