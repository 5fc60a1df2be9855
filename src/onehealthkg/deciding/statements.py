"""The statements of the author's file, made from decisions, each fact under its sentence.

Topics belong to the undertaking of their sentence, else to the agreement. A thing that is only
named gets its type. Labels, antecedents and marks of unseen passages are in ``<#about>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, Triple

from onehealthkg.days import is_period
from onehealthkg.deciding.about_graph import DATED, ISSUED, about_document, about_passages
from onehealthkg.deciding.agreed import DATES, Agreed, Labels, dated, listed
from onehealthkg.deciding.decisions import About, Decision
from onehealthkg.deciding.source import Named, Source
from onehealthkg.deciding.undertakings import undertakings
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.facts import FORMER_NAME, MERGER
from onehealthkg.drafting.proposals import Proposal, things_of
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import label
from onehealthkg.names import ID, local_name
from onehealthkg.terms import QuadSource, in_graph, named_node, subjects

_A, _LABEL = named_node("rdf:type"), named_node("skos:prefLabel")
_MERGED = {"en": "merger of {} into {} ({})", "fr": "fusion de {} en {} ({})"}
_RESULT = named_node("org:resultingOrganization")
_OF_AGREEMENT = {
    **DATED,
    fields.PARTY: "oh:party",
    fields.KIND: "oh:kind",
    fields.TERM: "oh:term",
    fields.PLACE: "prov:atLocation",
    fields.ACTIVITY: "oh:activity",
    fields.TOPIC: "oh:topic",
    fields.PREDECESSOR: "oh:predecessor",
}
"""The property of the agreement that each field gives."""


class Statements:
    """Makes the statements of an author's file from the decisions on a text."""

    def __init__(
        self,
        store: QuadSource,
        source: Source,
        named: Named,
        about: About,
        decisions: Iterable[Decision],
    ) -> None:
        self._store = store
        self._source = source
        self._about = about
        self._agreed = Agreed(store, source, named, decisions)
        self._agreement = self._agreed.agreement
        self._labels: dict[NamedNode, Labels] = {}
        self._events: list[NamedNode] = []

    def quads(self) -> set[Quad]:
        """All statements, those about the document and the labels in the graph ``<#about>``."""
        quads = set(self._stated())
        stated: set[object] = {quad.graph_name for quad in quads}
        document = self._source.document
        home = NamedNode(f"{document.value}#about")
        about = [
            *about_document(self._agreed, self._about, home),
            *about_passages(self._agreed, stated),
        ]
        quads |= {in_graph(triple, home) for triple in about}
        if not any(quad.predicate == ISSUED for quad in quads) and self._about.published:
            quads.add(Quad(document, ISSUED, dated(self._about.published), home))
        page = NamedNode(self._about.address)
        quads |= {Quad(event, named_node("dcterms:source"), page, home) for event in self._events}
        for thing, texts in self._labels.items():
            quads |= {Quad(thing, _LABEL, Literal(x, language=y), home) for y, x in texts.items()}
        return quads

    # The graphs of the passages

    def _stated(self) -> Iterator[Quad]:
        for number, here, named in self._agreed.passages():
            graph = self._source.passage(number)
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
        made = list(undertakings(self._agreed, number, here))
        for undertaking in made:
            yield from undertaking.triples
            self._labels[undertaking.node] = undertaking.labels
        first = made[0].node if made else self._agreement
        about_agreement = list(self._of_agreement(here, first))
        if about_agreement:
            yield from (Triple(self._agreement, _A, class_) for class_ in self._classes())
            self._labels[self._agreement] = self._agreed.label(self._about.published)
        yield from about_agreement
        for proposal in here:
            yield from self._elsewhere(proposal, first)

    def _classes(self) -> list[NamedNode]:
        """The classes of the arrangement; only an agreement is also an oh:Agreement."""
        agreements = _with_narrower(self._store, NamedNode(ID + "kind-agreement"))
        is_agreement = not self._agreed.kinds or not agreements.isdisjoint(self._agreed.kinds)
        names = ("oh:Agreement", "oh:Arrangement") if is_agreement else ("oh:Arrangement",)
        return [named_node(name) for name in names]

    def _of_agreement(self, here: list[Proposal], first: NamedNode) -> Iterator[Triple]:
        """The statements about the agreement, without those about its undertakings."""
        for proposal in here:
            on_undertaking = proposal.field == fields.TOPIC and first != self._agreement
            if (
                proposal.field in _OF_AGREEMENT
                and not on_undertaking
                and self._agreed.is_written(proposal)
            ):
                said = self._of_field(proposal)
                if said:
                    yield Triple(self._agreement, named_node(said[0]), said[1])

    def _of_field(self, proposal: Proposal) -> tuple[str, NamedNode | Literal] | None:
        """A property of the agreement and its value; None for a proposal that lacks its thing."""
        if proposal.field == fields.SIGNED and self._agreed.is_today(proposal):
            return "oh:signedOnDateOf", self._source.document
        if proposal.field == fields.PREDECESSOR:
            return "oh:predecessor", self._predecessor(proposal)
        if proposal.field == fields.KIND:
            return "oh:kind", NamedNode(proposal.value)
        if proposal.field == fields.TERM:
            return "oh:term", Literal(proposal.value, datatype=named_node("xsd:duration"))
        if proposal.field in DATES:
            return _OF_AGREEMENT[proposal.field], dated(proposal.value)
        if proposal.field == fields.PLACE and not _is_place(proposal.thing):
            return "oh:placeInWords", self._agreed.words(proposal)
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
                self._predecessor(proposal), named_node("oh:inWords"), self._agreed.words(proposal)
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
            value = values[0] if values else dated(proposal.label)
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
        yield Triple(event, named_node("dcterms:date"), dated(date))
        self._labels[event] = {
            language: form.format(
                listed(self._store, parts, language),
                label(self._store, body, language),
                date[:4],
            )
            for language, form in _MERGED.items()
        }
        self._events.append(event)

    def _of_document(self, proposal: Proposal) -> Iterator[Triple]:
        document = self._source.document
        if proposal.field == fields.TITLE:
            yield Triple(document, named_node("dcterms:title"), self._agreed.words(proposal))
        elif is_period(proposal.value):  # a day without its year is not the date of a document
            yield Triple(document, ISSUED, dated(proposal.value))
        if proposal.field == fields.DATELINE and proposal.thing:
            yield Triple(document, named_node("schema:locationCreated"), proposal.thing)

    def _of_undertaking(self, field: str, thing: NamedNode, first: NamedNode) -> Iterator[Triple]:
        """A topic or programme of the first undertaking of a sentence, if it has any."""
        if field == fields.PROGRAMME:
            yield Triple(thing, _A, named_node("oh:Programme"))
        if first != self._agreement:
            related = "oh:relatedProgramme" if field == fields.PROGRAMME else "oh:topic"
            yield Triple(first, named_node(related), thing)

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


def _with_narrower(store: QuadSource, concept: NamedNode) -> set[NamedNode]:
    """A concept and all narrower concepts."""
    found, todo = {concept}, [concept]
    while todo:
        narrower = subjects(store, named_node("skos:broader"), todo.pop()) - found
        found |= narrower
        todo += narrower
    return found


def _is_place(thing: NamedNode | None) -> bool:
    return thing is not None and thing.value.startswith(f"{ID}place-")
