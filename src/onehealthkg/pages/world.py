"""The subject matter of the pages: agreements, organisations and topics, and their relations.

A topic is a concept of the scheme of topics. The broader and narrower topics are followed over any
number of steps, and cycles are allowed. An agreement belongs to the year in which it was signed, or
else began.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from onehealthkg.checks.coverage import Coverage, Origin, coverage, origin
from onehealthkg.checks.unmarked import Finder
from onehealthkg.evidence.evidence import EVIDENCE_CLASSES
from onehealthkg.evidence.facts import Facts
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import NAMING, OTHER_NAMES, PREFERRED, WORDING
from onehealthkg.names import RDF_TYPE, SOURCE, expand, local_name
from onehealthkg.pages.paging import MOST, Listing
from onehealthkg.pages.shapes import Shapes
from onehealthkg.pages.spans import Span, begins, span
from onehealthkg.reading.characters import without_accents
from onehealthkg.terms import Term, plain

if TYPE_CHECKING:
    from onehealthkg.evidence.selection import Selection, StoredSelection

AGREEMENT, ORGANISATION, TOPIC = "agreement", "organisation", "topic"
COUNTED = 500
"""The number of agreements, the latest ones, whose statements are counted."""

_WITH_PAGES = (AGREEMENT, ORGANISATION, TOPIC, "person", "programme", "place")
_CLASSES = {kind: CLASSES.get(kind, "skos:Concept") for kind in _WITH_PAGES}
_PLURALS = {"person": "people"}
_APPARATUS = frozenset(
    map(expand, (*EVIDENCE_CLASSES, "foaf:Document", "oh:PressRelease", "skos:ConceptScheme"))
)
_YEAR = re.compile(r"-?\d{4,}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,100}")


_SHARED = (
    *("members", "kinds", "addresses", "text_addresses", "at", "begins", "years"),
    *("agreements_of", "agreements_on", "countries", "texts", "figures", "bases"),
    *("_places", "_parties", "_narrower", "_about"),
)


class World:
    """The things of a selection that have pages.

    What lists need of all things is looked up at once, what a page of one thing needs for it alone.
    """

    def __init__(
        self,
        selection: Selection | StoredSelection,
        *,
        served: bool = False,
        overviews: bool = False,
        rows: int = MOST,
    ) -> None:
        """``served``: the pages come from a server, which also answers questions.

        ``overviews``: the things have no pages, so that their names are no links. ``rows`` is the
        number of rows on a page of a list.
        """
        self.facts = Facts(selection)
        self.served = served
        self.overviews = overviews
        self.rows = rows
        self.listings: dict[str, Listing[NamedNode]] = {}
        self._about: dict[NamedNode, list[NamedNode]] = {}
        self._coverages: dict[NamedNode, Coverage] = {}
        self._spans: dict[NamedNode, Span] = {}

    def in_language(self, language: str) -> World:
        """The same things with labels in another language; both share all that has no labels."""
        other = World(
            self.facts.selection.in_language(language),
            served=self.served,
            overviews=self.overviews,
            rows=self.rows,
        )
        vars(other).update({name: getattr(self, name) for name in _SHARED})
        return other

    @cached_property
    def members(self) -> dict[str, list[NamedNode]]:
        """The things of each kind, by IRI."""
        found = {kind: self.facts.things(name) for kind, name in _CLASSES.items()}
        found[TOPIC] = [thing for thing in found[TOPIC] if self.facts.kind(thing) == TOPIC]
        return found

    @cached_property
    def things(self) -> dict[str, list[NamedNode]]:
        """The things of each kind, by label."""
        self.facts.learn_labels(self.texts[PREFERRED])
        return {kind: self.by_label(things) for kind, things in self.members.items()}

    @cached_property
    def texts(self) -> dict[NamedNode, dict[NamedNode, list[Literal]]]:
        """The names of all things that have pages, and words for them, by property and thing."""
        found: dict[NamedNode, dict[NamedNode, list[Literal]]] = {}
        for naming in (*NAMING, WORDING):
            its: dict[NamedNode, list[Literal]] = {}
            found[naming] = its
            # Many things without pages have labels too, but few have any other name.
            for class_ in _CLASSES.values() if naming == PREFERRED else ("",):
                for thing, text in self.facts.pairs(naming.value, class_):
                    if not (isinstance(thing, NamedNode) and isinstance(text, Literal)):
                        continue
                    if thing in self.kinds:
                        its.setdefault(thing, []).append(text)
        return found

    @cached_property
    def kinds(self) -> dict[NamedNode, str]:
        """The kind of each thing that has a page."""
        return {thing: kind for kind, things in self.members.items() for thing in things}

    def by_label(self, things: Iterable[NamedNode]) -> list[NamedNode]:
        """The things, each once, in the order of their labels."""
        return sorted(
            set(things), key=lambda thing: (without_accents(self.facts.label(thing)), thing.value)
        )

    def most(self, counts: Counter[NamedNode]) -> list[NamedNode]:
        """The counted things, the most frequent first, then by label."""
        return sorted(self.by_label(counts), key=lambda thing: -counts[thing])

    @cached_property
    def addresses(self) -> dict[NamedNode, str]:
        """The page of each thing: ``organisations/anses.html``.

        The name of the page is a digest if the last part of the IRI is not a plain name, or is that
        of another thing.
        """
        found: dict[NamedNode, str] = {}
        for kind, things in self.members.items():
            taken: set[str] = set()
            for thing in things:
                name = local_name(thing.value).removeprefix(f"{kind}-")
                if not _NAME.fullmatch(name) or name in taken:
                    name = "-" + sha256(thing.value.encode()).hexdigest()[:16]
                taken.add(name)
                found[thing] = f"{_PLURALS.get(kind, kind + 's')}/{name}.html"
        return found

    @cached_property
    def text_addresses(self) -> dict[NamedNode, str]:
        """The page of each archived text with passages: ``texts/2020-02-05-anses-inserm.html``."""
        archived = {plain(text) for _, text in self.facts.pairs("oa:hasSource")}
        return {
            NamedNode(SOURCE + path.stem): f"texts/{path.stem}.html"
            for path in self.facts.selection.project.texts
            if SOURCE + path.name in archived
        }

    @cached_property
    def at(self) -> dict[str, NamedNode]:
        """The thing or document to which each of these pages belongs."""
        pages = {**self.addresses, **self.text_addresses}
        return {address: thing for thing, address in pages.items()}

    @cached_property
    def begins(self) -> dict[NamedNode, str]:
        """When each agreement began, in the order of time; those without a date last."""
        return begins(self.facts, self.members[AGREEMENT])

    def span(self, agreement: NamedNode) -> Span:
        """An agreement and its dates."""
        if agreement not in self._spans:
            self._spans[agreement] = span(self.facts, agreement)
        return self._spans[agreement]

    def newest(self, agreements: Iterable[NamedNode]) -> list[NamedNode]:
        """The agreements, the latest first; those without a date last."""
        places = self._places
        wanted = sorted(set(agreements) & places.keys(), key=lambda one: places[one])
        dated = [agreement for agreement in wanted if self.begins[agreement]]
        return [*reversed(dated), *wanted[len(dated) :]]

    @cached_property
    def _places(self) -> dict[NamedNode, int]:
        """The places of the agreements in the order of their beginning."""
        return {agreement: place for place, agreement in enumerate(self.begins)}

    def year(self, agreement: NamedNode) -> str:
        """The year in which an agreement was signed or began, or empty."""
        match = _YEAR.match(self.begins[agreement])
        return match[0] if match else ""

    @cached_property
    def years(self) -> list[str]:
        """All years from the first to the last in which an agreement began."""
        known = sorted({int(year) for agreement in self.begins if (year := self.year(agreement))})
        return [f"{year:04}" for year in range(known[0], known[-1] + 1)] if known else []

    def parties(self, agreement: NamedNode) -> list[NamedNode]:
        """The organisations that are party to an agreement, by label."""
        return self.by_label(self.parties_of(agreement))

    def parties_of(self, agreement: NamedNode) -> Collection[NamedNode]:
        """The organisations that are party to an agreement, in any order."""
        return self._parties.get(agreement, ())

    @cached_property
    def _parties(self) -> dict[NamedNode, list[NamedNode]]:
        """The organisations that are party to each agreement."""
        return self._of_agreements("oh:party")

    @cached_property
    def agreements_of(self) -> dict[NamedNode, list[NamedNode]]:
        """The agreements of each organisation, in time."""
        return self._by_value(self._parties)

    @cached_property
    def agreements_on(self) -> dict[NamedNode, list[NamedNode]]:
        """The agreements that are about each topic itself, in time."""
        return self._by_value(self._of_agreements("oh:topic", "oh:exampleTopic"))

    def _of_agreements(self, *predicates: str) -> dict[NamedNode, list[NamedNode]]:
        """The things that agreements have as values of any of these predicates."""
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        same: dict[NamedNode, NamedNode] = {}  # so that each thing is in memory once
        for predicate in predicates:
            for subject, thing in self.facts.pairs(predicate):
                if isinstance(subject, NamedNode) and isinstance(thing, NamedNode):
                    found[subject].append(same.setdefault(thing, thing))
        return found

    def _by_value(
        self, values: dict[NamedNode, list[NamedNode]]
    ) -> dict[NamedNode, list[NamedNode]]:
        """The agreements, in time, by their values."""
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for agreement in self.begins:
            for thing in dict.fromkeys(values.get(agreement, ())):
                found[thing].append(agreement)
        return dict(found)

    @cached_property
    def _narrower(self) -> dict[NamedNode, list[NamedNode]]:
        """The topics one step narrower than each."""
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for topic in self.members[TOPIC]:
            for broader in self.facts.nodes(topic, "skos:broader"):
                found[broader].append(topic)
        return dict(found)

    def narrower(self, topic: NamedNode) -> list[NamedNode]:
        """The topics one step narrower than a topic, by label."""
        return self.by_label(self._narrower.get(topic, ()))

    @cached_property
    def top(self) -> list[NamedNode]:
        """The topics without a broader topic, by label."""
        return [
            topic for topic in self.things[TOPIC] if not self.facts.nodes(topic, "skos:broader")
        ]

    def within(self, topic: NamedNode) -> list[NamedNode]:
        """A topic and all that are narrower, the topic first."""
        found = {topic: None}
        waiting = [topic]
        while waiting:
            new = [topic for topic in self._narrower.get(waiting.pop(), ()) if topic not in found]
            found.update(dict.fromkeys(new))
            waiting += new
        return list(found)

    def about(self, topic: NamedNode) -> list[NamedNode]:
        """The agreements on a topic or anything narrower, in time."""
        if topic not in self._about:
            on = (self.agreements_on.get(narrower, ()) for narrower in self.within(topic))
            self._about[topic] = sorted({*chain.from_iterable(on)}, key=self._places.__getitem__)
        return self._about[topic]

    def coverage(self, document: NamedNode) -> Coverage:
        """An archived text with its passages and their statements."""
        if document not in self._coverages:
            chosen = self.facts.selection
            self._coverages[document] = coverage(
                chosen.store, chosen.project, document.value, chosen.language, self._finder
            )
        return self._coverages[document]

    @cached_property
    def _finder(self) -> Finder:
        """The finder of words without a statement, which knows all names."""
        return Finder(self.facts.selection.store)

    def origin(self, document: NamedNode) -> Origin:
        """Where an archived text comes from."""
        return origin(self.facts.selection.store, document, self.facts.selection.language)

    def is_apparatus(self, thing: Term) -> bool:
        """Whether a thing belongs to the evidence and not to the subject matter."""
        return any(plain(kind) in _APPARATUS for kind in self.facts.values(thing, RDF_TYPE))

    @cached_property
    def figures(self) -> dict[str, int]:
        """The number of things of each sort, by the keys of ``words.figures``."""
        sources = self.facts.pairs("dcterms:source", "oh:Record")
        agreements = len(self.facts.things("oh:Agreement"))
        return {
            "agreements": agreements,
            "arrangements": len(self.members[AGREEMENT]) - agreements,
            "organisations": len(self.members[ORGANISATION]),
            "countries": len({*map(self.country, self.agreements_of)} - {None}),
            "topics": len(self.agreements_on.keys() & self.addresses.keys()),
            "texts": len(self.text_addresses),
            "documents": len({it for _, it in sources if isinstance(it, NamedNode)}),
        }

    @cached_property
    def bases(self) -> Counter[str]:
        """The number of statements with each basis, about the latest agreements and their parts."""
        latest = self.newest(self.begins)[:COUNTED]
        parts = {part for agreement in latest for part in (agreement, *self.facts.parts(agreement))}
        return Counter(
            self.facts.basis(triple) for part in parts for triple in self.facts.about(part)
        )

    def vocabulary(self, iri: str) -> tuple[str, str] | None:
        """The vocabulary that an address belongs to: the start of its addresses, and its label."""
        return next(
            (vocabulary for vocabulary in self._vocabularies if iri.startswith(vocabulary[0])), None
        )

    @cached_property
    def _vocabularies(self) -> list[tuple[str, str]]:
        """The vocabularies, those with the longest start of addresses first."""
        spaces = self.facts.pairs("void:uriSpace")
        found = {(plain(space), self.facts.label(vocabulary)) for vocabulary, space in spaces}
        return sorted(found, key=lambda vocabulary: (-len(vocabulary[0]), vocabulary))

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the project."""
        return Shapes(self.facts.selection.project)

    @cached_property
    def countries(self) -> dict[Term, NamedNode]:
        """The country of each national body; of several, the first."""
        found: dict[Term, NamedNode] = {}
        for body, country in self.facts.pairs("oh:country"):
            if isinstance(country, NamedNode):
                found[body] = min(found.get(body, country), country, key=str)
        return found

    def country(self, organisation: NamedNode) -> NamedNode | None:
        """The country of a national body."""
        return self.countries.get(organisation)

    def names(self, thing: NamedNode) -> list[str]:
        """All names of a thing except its label, in all languages."""
        tables = (self.texts[naming] for naming in (PREFERRED, *OTHER_NAMES))
        found = {text.value for table in tables for text in table.get(thing, ())}
        return sorted(found - {self.facts.label(thing)}, key=lambda name: (name.casefold(), name))
