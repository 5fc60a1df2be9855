"""The statements about a thing, each with its notes, and those of its dependent parts.

Statements are grouped by predicate; a topic that is named as an example is marked as one. The
predicates of ``_ORDER`` come first, then the others by name. Statements about evidence are left
out, as are the links to other vocabularies, which have a separate section. Statements that only
repeat the title of the page are left out too; their notes are above the title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from onehealthkg.evidence.about import PART_OF
from onehealthkg.evidence.evidence import ASSUMED, BASES, DOCUMENTED, INFERRED, STATED
from onehealthkg.labels import NAMING
from onehealthkg.names import COUNTERPARTS, RDF_TYPE, compact, expand
from onehealthkg.pages.notes import Notes, Numbers
from onehealthkg.pages.paging import MOST
from onehealthkg.pages.view import Name, View
from onehealthkg.reading.characters import without_accents
from onehealthkg.terms import Term, named_node, plain

MATCHES = COUNTERPARTS
_ORDER = (
    *("skos:prefLabel", "skos:altLabel", "oh:formerName", "oh:dateRenamed"),
    *("skos:definition", "oh:kind", "org:classification", "oh:country"),
    *("oh:party", "oh:partner", "oh:agent", "oh:signatory", "oh:inPost", "oh:onBehalfOf"),
    *("oh:dateSigned", "oh:dateStarted", "oh:term", "oh:dateEnds", "oh:indefinite"),
    *("oh:modality", "oh:activity", "oh:topic", "oh:exampleTopic", "skos:broader"),
)
_PLACES = {expand(name): place for place, name in enumerate(_ORDER)}
_LEFT_OUT = {
    *(RDF_TYPE, expand("skos:inScheme"), expand("skos:topConceptOf"), expand("skos:hiddenLabel")),
    *(expand("schema:identifier"), expand("skos:notation")),
    *map(expand, MATCHES),
}

_UNDERTAKEN = ("oh:setOutIn", "oh:reportedWith")
_FIRM = frozenset(map(named_node, ("oh:committed", "oh:planned")))
_FEW = 3
_SECTIONS = (
    *("signature", "undertaking", "partnership"),
    *("funding", "predecessor", "alternative", "record"),
)


class Value(NamedTuple):
    """A value of a property, with its notes; ``wholes`` are the things that it is a part of.

    ``before`` and ``after`` are words around it.
    """

    name: Name
    notes: Numbers
    wholes: Sequence[Name] = ()
    before: str = ""
    after: str = ""


class Property(NamedTuple):
    """The values of a thing for one predicate; a long list of things is ``side_by_side``.

    ``more`` says how many further values there are.
    """

    label: str
    values: list[Value]
    side_by_side: bool = False
    more: str = ""


class Part(NamedTuple):
    """A part of a thing, its properties, and the notes for its name and for the part relation."""

    name: str
    notes: Numbers
    properties: list[Property]


class Statements:
    """Reads the statements of one page, and numbers their evidence."""

    def __init__(self, view: View, notes: Notes) -> None:
        self.view = view
        self.facts = view.facts
        self.notes = notes

    def about(self, thing: NamedNode, without: Iterable[str] = ()) -> list[Property]:
        """The properties of a thing, except the predicates in ``without``."""
        left_out = _LEFT_OUT | {expand(name) for name in without}
        known = {*self.naming(thing), *self._examples(thing)}
        triples = [
            triple
            for triple in self.facts.about(thing)
            if triple.predicate.value not in left_out and triple not in known
        ]
        triples.sort(key=self._place)
        return [
            self._property(NamedNode(predicate), list(group))
            for predicate, group in groupby(triples, key=lambda triple: triple.predicate.value)
        ]

    def naming(self, thing: NamedNode) -> list[Triple]:
        """The statements that give a thing the name that is the title of its page."""
        title = self.facts.label(thing)
        return [
            triple
            for triple in self.facts.about(thing)
            if triple.predicate in NAMING and plain(triple.object) == title
        ]

    def _examples(self, thing: NamedNode) -> list[Triple]:
        """The statements that name a topic as an example, if it is also stated as a topic."""
        topics = self.facts.values(thing, "oh:topic")
        return [
            triple for triple in self.facts.of(thing, "oh:exampleTopic") if triple.object in topics
        ]

    def _place(self, triple: Triple) -> tuple[object, ...]:
        name = triple.predicate.value
        label = self.facts.label(triple.predicate)
        own = self.facts.label(triple.object) if isinstance(triple.object, NamedNode) else ""
        return (
            _PLACES.get(name, len(_PLACES)),
            label,
            name,
            without_accents(own),
            str(triple.object),
        )

    def _property(self, predicate: NamedNode, triples: list[Triple]) -> Property:
        same: dict[str, list[Triple]] = {}  # a name may be the same in two languages
        for triple in triples:
            same.setdefault(compact(plain(triple.object)), []).append(triple)
        values = [self._value(group) for group in same.values()]
        things = all(isinstance(triple.object, NamedNode) for triple in triples)
        return Property(self.facts.label(predicate), values, things and len(values) > _FEW)

    def _value(self, triples: list[Triple]) -> Value:
        """The value that some statements share."""
        first = triples[0]
        examples = []
        remarks = [self._basis(triples)]
        if first.predicate.value == expand("oh:topic") and isinstance(first.subject, NamedNode):
            examples = [
                triple for triple in self._examples(first.subject) if triple.object == first.object
            ]
            remarks = [self.view.words["as_example"] if examples else "", self.firmness(first)]
        notes = self.notes.cite(*triples, *examples)
        language = first.object.language if isinstance(first.object, Literal) else None
        if language and language != self.view.language:
            remarks.append(self.view.words["languages"].get(language, language))
        after = ", ".join(filter(None, remarks))
        return Value(self.view.name(first.object), notes, after=f"({after})" if after else "")

    def _basis(self, triples: list[Triple]) -> str:
        """How a value is known, if only by an inference or an assumption."""
        bases = {self.facts.basis(triple) for triple in triples}
        best = next((basis for basis in BASES if basis in bases), "")
        return str(self.view.words["backed"][best]) if best in (INFERRED, ASSUMED) else ""

    def firmness(self, triple: Triple) -> str:
        """The modality of a topic on which an agreement has no firm work, such as intended."""
        agreement = NamedNode(plain(triple.subject))
        wholes = (agreement, *self.facts.nodes(agreement, "oh:formalises"))
        joins = [triple for whole in wholes for triple in self.facts.naming(whole, *_UNDERTAKEN)]
        modalities = {
            modality
            for join in joins
            if triple.object in self.facts.values(join.subject, "oh:topic")
            for modality in self.facts.nodes(join.subject, "oh:modality")
        }
        stated = [Triple(whole, triple.predicate, triple.object) for whole in wholes]
        is_stated = any(self.facts.basis(each) in (STATED, DOCUMENTED) for each in stated)
        is_firm = is_stated or modalities & _FIRM
        return "" if is_firm else ", ".join(sorted(map(self.facts.label, modalities)))

    def parts(self, thing: NamedNode) -> list[tuple[str, list[Part]]]:
        """The parts of an agreement by kind, a word of ``words.parts``."""
        by_kind: dict[str, list[NamedNode]] = {kind: [] for kind in (*_SECTIONS, "other")}
        for part in self._parts(thing):
            kind = self.facts.kind(part)
            by_kind[kind if kind in _SECTIONS else "other"].append(part)
        return [
            (kind, [self._part(part, thing) for part in parts])
            for kind, parts in by_kind.items()
            if parts
        ]

    def _parts(self, thing: NamedNode) -> list[NamedNode]:
        """The parts of a thing that have no pages, and the records that describe it."""
        parts = self.facts.parts(thing, without=self.view.world.addresses)
        records = [triple.subject for triple in self.facts.naming(thing, "foaf:primaryTopic")]
        return parts + [record for record in records if isinstance(record, NamedNode)]

    def _part(self, part: NamedNode, whole: NamedNode) -> Part:
        """A part with its name and properties; its place shows that it is a part."""
        labels = self.facts.of(part, "skos:prefLabel") + self.facts.of(part, "oh:inWords")
        joins = [triple for triple in self.facts.about(part) if triple.object == whole]
        joins += [triple for triple in self.facts.about(whole) if triple.object == part]
        notes = self.notes.cite(*labels, *joins)
        said = [compact(triple.predicate.value) for triple in joins if triple.subject == part]
        properties = self.about(part, (*said, "skos:prefLabel", "oh:inWords"))
        return Part(self._part_name(part), notes, properties)

    def _part_name(self, part: NamedNode) -> str:
        """The signatory of a signature; nothing for a record; the label of any other part."""
        if self.facts.kind(part) == "record":
            return ""
        signatories = self.facts.nodes(part, "oh:signatory")
        return ", ".join(map(self.facts.label, signatories or [part]))

    def elsewhere(self, thing: NamedNode) -> list[Property]:
        """The links of a thing to other vocabularies and registers."""
        properties = [
            Property(self.facts.label(NamedNode(expand(name))), list(map(self._match, triples)))
            for name in MATCHES
            if (triples := self.facts.of(thing, name))
        ]
        linked = {plain(concept) for concept in self.facts.values(thing, *MATCHES)}
        identifiers = [
            self._identifier(triple)
            for triple in self.facts.of(thing, "schema:identifier")
            if not linked & {plain(triple.object), self.facts.words(triple.object, "schema:url")}
        ]
        label = self.facts.label(NamedNode(expand("schema:identifier")))
        return [*properties, *([Property(label, identifiers)] if identifiers else [])]

    def _match(self, triple: Triple) -> Value:
        """A counterpart, by its vocabulary and the end of its address: ``ROR 0471kz689``."""
        iri, notes = plain(triple.object), self.notes.cite(triple)
        space = self.view.world.vocabulary(iri)
        if not space or iri == space[0]:
            return Value(Name(iri, iri=iri), notes)
        return Value(Name(iri.removeprefix(space[0]), iri=iri), notes, before=space[1])

    def _identifier(self, triple: Triple) -> Value:
        """A number in a register: ``ROR 0471kz689``, as a link if it has an address."""
        node = NamedNode(plain(triple.object))
        register = next(iter(self.facts.nodes(node, "schema:propertyID")), None)
        number = self.facts.words(node, "schema:value") or node.value
        name = Name(number, iri=self.facts.words(node, "schema:url"))
        before = self.facts.label(register) if register else ""
        return Value(name, self.notes.cite(triple), before=before)

    def mentions(self, thing: NamedNode, without: Iterable[str] = ()) -> list[Property]:
        """The other statements that name the thing, by relation."""
        left_out = _LEFT_OUT | {expand(name) for name in without}
        naming: dict[NamedNode, list[Triple]] = {}
        for triple in self.facts.naming(thing):
            if triple.predicate.value not in left_out and isinstance(triple.subject, NamedNode):
                naming.setdefault(triple.predicate, []).append(triple)
        shown = [triple for triples in naming.values() for triple in self._not_apparatus(triples)]
        shown.sort(key=self._mention_place)
        properties = []
        for label, group in groupby(shown, key=lambda triple: self.facts.label(triple.predicate)):
            triples = list(group)
            predicates = {triple.predicate for triple in triples}
            others = sum(max(0, len(naming[predicate]) - MOST) for predicate in predicates)
            more = self.view.words["and_others"].format(count=others) if others else ""
            properties.append(Property(label, list(map(self._mention, triples)), more=more))
        return properties

    def _not_apparatus(self, triples: Sequence[Triple]) -> list[Triple]:
        """The first ``MOST`` of some triples, without those whose subject is evidence."""
        is_apparatus = self.view.world.is_apparatus
        return [triple for triple in triples[:MOST] if not is_apparatus(triple.subject)]

    def _mention_place(self, triple: Triple) -> tuple[str, str, str]:
        subject = without_accents(self.facts.label(triple.subject))
        return self.facts.label(triple.predicate), subject, str(triple)

    def _mention(self, triple: Triple) -> Value:
        """A thing that names another; for a part, its name and the agreement it belongs to."""
        subject: Term = triple.subject
        notes = self.notes.cite(triple)
        if not isinstance(subject, NamedNode) or subject in self.view.world.addresses:
            return Value(self.view.name(subject), notes)
        name = self._part_name(subject) or self.facts.label(subject)
        if triple.predicate.value == expand("oh:signatory"):  # the page is about this person
            posts = self.facts.nodes(subject, "oh:inPost", "oh:onBehalfOf")[:1]
            name = ", ".join(map(self.facts.label, posts)) or name
        wholes = self.facts.nodes(subject, *PART_OF)
        agreements = [whole for whole in wholes if whole in self.view.world.begins]
        return Value(Name(name), notes, self.view.names(agreements))
