"""The statements about a thing, each with its notes, and those of the parts that hang on it.

Statements with one predicate stand together. First come the predicates of ``_ORDER``, then the
others by their names. What is about the apparatus is left out, as are the links to other
vocabularies, which have a section of their own.
"""

from __future__ import annotations

from itertools import groupby

from pyoxigraph import NamedNode, Triple

from onehealthkg.names import MAPPINGS, RDF_TYPE, SAME, compact, expand
from onehealthkg.pages.coverage import linked, shown
from onehealthkg.pages.frame import Frame, section
from onehealthkg.pages.notes import Notes
from onehealthkg.terms import Term, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MATCHES = (*MAPPINGS, *SAME)
_ORDER = (
    *("skos:prefLabel", "skos:altLabel", "foaf:name", "schema:alternateName", "oh:formerName"),
    *("skos:definition", "oh:kind", "org:classification", "oh:country"),
    *("oh:party", "oh:partner", "oh:agent", "oh:signatory", "oh:inPost", "oh:onBehalfOf"),
    *("oh:dateSigned", "oh:dateStarted", "oh:term", "oh:dateEnds", "oh:indefinite"),
    *("oh:modality", "oh:activity", "oh:topic", "oh:exampleTopic", "skos:broader"),
)
_UNTOLD = {
    *(RDF_TYPE, expand("skos:inScheme"), expand("skos:topConceptOf"), expand("skos:hiddenLabel")),
    *(expand("schema:identifier"), expand("skos:notation")),
    *map(expand, MATCHES),
}
_PLACES = {expand(name): place for place, name in enumerate(_ORDER)}

# What hangs on a thing: it names the thing with one of these, or is named with one of those.
_PART_OF = (
    *("oh:signs", "oh:setOutIn", "oh:partnership", "oh:consolidatedBy", "oh:extensionOf"),
    *("oh:effectOf", "oh:shownBy", "foaf:primaryTopic"),
)
_HAS_PART = ("oh:formalises", "oh:funding", "oh:predecessor")
_FEW = 3
_SECTIONS = ("signature", "commitment", "partnership", "funding", "predecessor", "record")


class Statements:
    """Writes the statements of one page, and notes what backs them."""

    def __init__(self, frame: Frame, notes: Notes) -> None:
        self.frame = frame
        self.facts = frame.facts
        self.notes = notes

    def about(self, thing: NamedNode, without: Iterable[str] = ()) -> str:
        """What is said of a thing, but for what the predicates in ``without`` say."""
        left = _UNTOLD | {expand(one) for one in without}
        told = [one for one in self.facts.about(thing) if one.predicate.value not in left]
        told.sort(key=self._place)
        rows = "".join(
            f"<div><dt>{shown(self.facts.label(NamedNode(predicate)))}</dt>"
            f"{self._values(list(group))}</div>"
            for predicate, group in groupby(told, key=lambda one: one.predicate.value)
        )
        return f'<dl class="facts">{rows}</dl>' if rows else ""

    def _place(self, one: Triple) -> tuple[object, ...]:
        name = one.predicate.value
        label = self.facts.label(one.predicate)
        own = self.facts.label(one.object) if isinstance(one.object, NamedNode) else ""
        return _PLACES.get(name, len(_PLACES)), label, name, own.casefold(), str(one.object)

    def _values(self, triples: list[Triple]) -> str:
        """The objects, each with its notes; many things stand side by side."""
        same: dict[str, list[Triple]] = {}  # a name may be the same in two languages
        for one in triples:
            same.setdefault(compact(plain(one.object)), []).append(one)
        told = [f"{self.frame.link(one[0].object)}{self.notes.cite(*one)}" for one in same.values()]
        if len(told) > _FEW and all(isinstance(one.object, NamedNode) for one in triples):
            return f'<dd><ul class="flat">{"".join(f"<li>{one}</li>" for one in told)}</ul></dd>'
        return "".join(f"<dd>{one}</dd>" for one in told)

    def parts(self, thing: NamedNode) -> str:
        """The parts of an agreement, those of each kind in a section."""
        found = [one for one in self._parts(thing) if one != thing]
        own = self.frame.own
        sections = []
        for kind in (*_SECTIONS, "other"):
            parts = [
                one
                for one in found
                if (self.facts.kind(one) if self.facts.kind(one) in _SECTIONS else "other") == kind
            ]
            body = "".join(self.part(one, thing) for one in parts)
            sections.append(section(kind, own[f"section {kind}"], body))
        return "".join(sections)

    def _parts(self, thing: NamedNode) -> list[NamedNode]:
        """The thing, its parts, and theirs."""
        found = {thing: None}
        waiting = [thing]
        while waiting:
            whole = waiting.pop(0)
            parts = [plain(one.subject) for one in self.facts.naming(whole, *_PART_OF)]
            new = [NamedNode(one) for one in parts] + self.facts.nodes(whole, *_HAS_PART)
            new = [one for one in new if one not in found and one not in self.frame.world.addresses]
            found.update(dict.fromkeys(new))
            waiting += new
        return list(found)

    def part(self, one: NamedNode, whole: NamedNode) -> str:
        """A part with its name and what is said of it; that it is a part is said by its place."""
        labels = self.facts.of(one, "skos:prefLabel") + self.facts.of(one, "oh:inWords")
        joins = [each for each in self.facts.about(one) if each.object == whole]
        joins += [each for each in self.facts.about(whole) if each.object == one]
        head = f"<h3><bdi>{shown(self.name(one))}</bdi>{self.notes.cite(*labels, *joins)}</h3>"
        told = [compact(each.predicate.value) for each in joins if each.subject == one]
        about = self.about(one, (*told, "skos:prefLabel", "oh:inWords"))
        return f'<div class="part">{head}{about}</div>'

    def name(self, one: NamedNode) -> str:
        """The label of a part; of a signature without one, who signed; else what it is."""
        if self.facts.values(one, "skos:prefLabel", "oh:inWords"):
            return self.facts.label(one)
        told = self.facts.nodes(one, "oh:signatory") or self.facts.nodes(one, "rdf:type")
        return ", ".join(map(self.facts.label, told))

    def _named_in(self, one: Term) -> str:
        """A thing as a link; of a part its name, and a link to the agreement of which it is."""
        if not isinstance(one, NamedNode) or one in self.frame.world.addresses:
            return self.frame.link(one)
        known = self.frame.world.spans
        wholes = [each for each in self.facts.nodes(one, *_PART_OF) if each in known]
        told = f" ({self.frame.links(wholes)})" if wholes else ""
        return f"<bdi>{shown(self.name(one) or one.value)}</bdi>{told}"

    def elsewhere(self, thing: NamedNode) -> str:
        """The links of a thing to other vocabularies and registers."""
        rows = [
            f"<div><dt>{shown(self.facts.label(NamedNode(expand(name))))}</dt>"
            f"{''.join(map(self._match, triples))}</div>"
            for name in MATCHES
            if (triples := self.facts.of(thing, name))
        ]
        numbers = [
            f"<dd>{self._identifier(plain(one.object))}{self.notes.cite(one)}</dd>"
            for one in self.facts.of(thing, "schema:identifier")
        ]
        label = shown(self.facts.label(NamedNode(expand("schema:identifier"))))
        rows += [f"<div><dt>{label}</dt>{''.join(numbers)}</div>"] if numbers else []
        body = f'<dl class="facts">{"".join(rows)}</dl>' if rows else ""
        return section("elsewhere", self.frame.own["elsewhere"], body)

    def _match(self, one: Triple) -> str:
        iri = plain(one.object)
        return f"<dd><bdi>{linked(iri, iri)}</bdi>{self.notes.cite(one)}</dd>"

    def _identifier(self, iri: str) -> str:
        """A number in a register: ``ROR 0471kz689``, as a link where it has an address."""
        node = NamedNode(iri)
        register = next(iter(self.facts.nodes(node, "schema:propertyID")), None)
        name = self.facts.label(register) if register else ""
        number = self.facts.words(node, "schema:value") or iri
        return f"{shown(name)} <bdi>{linked(self.facts.words(node, 'schema:url'), number)}</bdi>"

    def mentions(self, thing: NamedNode, without: Iterable[str]) -> str:
        """What else names the thing, each with the relation by which it does."""
        left = {expand(one) for one in without}
        found = [
            one
            for one in self.facts.naming(thing)
            if one.predicate.value not in left and self._is_told(one)
        ]
        found.sort(key=lambda one: (self.facts.label(one.predicate), str(one)))
        rows = "".join(
            f"<div><dt>{shown(label)}</dt>"
            + "".join(
                f"<dd>{self._named_in(one.subject)}{self.notes.cite(one)}</dd>" for one in group
            )
            + "</div>"
            for label, group in groupby(found, key=lambda one: self.facts.label(one.predicate))
        )
        heading = self.frame.own["mentions"]
        return section("mentions", heading, f'<dl class="facts turned">{rows}</dl>' if rows else "")

    def _is_told(self, one: Triple) -> bool:
        return (
            isinstance(one.subject, NamedNode)
            and one.predicate.value not in _UNTOLD
            and not self.frame.world.is_apparatus(one.subject)
        )
