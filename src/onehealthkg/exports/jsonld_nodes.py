"""Nodes of JSON-LD in its expanded form, and facts as trees of them.

https://www.w3.org/TR/json-ld11/#expanded-document-form

In the trees each thing is described once, nested in another thing if it depends on that: things
that point to it with a property that is reversed in the context, and the values of a few other
properties. Further mentions have only an IRI and a label.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from onehealthkg.errors import OutputError
from onehealthkg.names import OH, PREFIXES, RDF_TYPE, expand_with
from onehealthkg.terms import Term, plain

# A tree of JSON, as json and PyLD use it.
Json = Any
Node = dict[str, Json]

_NESTED = frozenset(
    [OH + name for name in ("formalises", "inPost", "signatory", "signedOnDateOf")]
    + [PREFIXES["oa"] + "hasSelector"]
)
_FIRST = [
    *(OH + name for name in ("Agreement", "Arrangement", "Partnership", "PressRelease")),
    PREFIXES["org"] + "Organization",
    PREFIXES["foaf"] + "Person",
    *(OH + name for name in ("Programme", "Task", "Undertaking")),
    PREFIXES["org"] + "Post",
    PREFIXES["dcterms"] + "Location",
    PREFIXES["skos"] + "ConceptScheme",
    PREFIXES["skos"] + "Concept",
]
_LAST = [OH + "CuratedGraph", OH + "Inference", OH + "InferenceRule"]
_LABELS = [
    PREFIXES[prefix] + name
    for prefix, name in (("skos", "prefLabel"), ("foaf", "name"), ("dcterms", "title"))
]
_DEEPEST = 20  # levels of nested things; deeper ones are described separately
_DIGITS = re.compile("([0-9]+)")
_NUMBER = re.compile("0|-?[1-9][0-9]{0,14}")  # integers that JSON keeps as written
_XSD_BOOLEAN = PREFIXES["xsd"] + "boolean"
_XSD_INTEGER = PREFIXES["xsd"] + "integer"
_XSD_STRING = PREFIXES["xsd"] + "string"


class Forest:
    """Triples as trees of expanded JSON-LD, in which each thing is described once."""

    def __init__(self, triples: Iterable[Triple], terms: dict[str, Json]) -> None:
        self.facts = by_subject(triples)
        prefixes = {name: iri for name, iri in terms.items() if isinstance(iri, str)}
        self.reverse = [
            expand_with(prefixes, term["@reverse"])
            for term in terms.values()
            if isinstance(term, dict) and "@reverse" in term
        ]
        self.words = {
            expand_with(prefixes, term["@id"])
            for term in terms.values()
            if isinstance(term, dict) and term.get("@type") == "@vocab"
        }
        self.pointing: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        for subject, facts in self.facts.items():
            for name in self.reverse:
                for value in facts.get(name, ()):
                    self.pointing[value, name].append(subject)
        self.waiting = dict.fromkeys(self.facts)
        self.depth = 0

    def trees(self) -> list[Node]:
        """The trees, agreements first."""
        trees = []
        for thing in sorted(self.facts, key=self._rank):
            if thing in self.waiting:
                del self.waiting[thing]
                trees.append(self._tree(thing))
        return trees

    def _rank(self, thing: Term) -> tuple[int, str]:
        kinds = {plain(kind) for kind in self.facts[thing].get(RDF_TYPE, ())}
        order = [*_FIRST, "", *_LAST]
        ranks = [order.index(kind) for kind in kinds if kind in order]
        return min(ranks, default=len(_FIRST)), str(thing)

    def _tree(self, thing: Term, apart_from: tuple[str, Term] | None = None) -> Node:
        """A thing, without the fact expressed by its nesting."""
        self.depth += 1
        within = {name: self._pointing_to(thing, name) for name in self.reverse}
        node = described(
            thing,
            {
                name: [self._value(name, item) for item in values if (name, item) != apart_from]
                for name, values in self.facts[thing].items()
            },
        )
        if any(within.values()):
            node["@reverse"] = {name: nodes for name, nodes in within.items() if nodes}
        self.depth -= 1
        return node

    def _pointing_to(self, thing: Term, name: str) -> list[Node]:
        """The trees of the things that point to a thing and are not described elsewhere."""
        pointing = self.pointing.get((thing, name), ()) if self.depth < _DEEPEST else ()
        parts = sorted((part for part in pointing if part in self.waiting), key=_counted)
        for part in parts:
            del self.waiting[part]
        return [self._tree(part, (name, thing)) for part in parts]

    def _value(self, name: str, value: Term) -> Term | Node:
        """A value; for a thing, its tree, its IRI and label, or a term of the context."""
        if isinstance(value, Literal) or name == RDF_TYPE or name in self.words:
            return value
        if name in _NESTED and value in self.waiting and self.depth < _DEEPEST:
            del self.waiting[value]
            return self._tree(value)
        facts = self.facts.get(value, {})
        label = next((label for label in _LABELS if label in facts), "")
        return described(value, {label: list(facts[label])} if label else {})


def _counted(thing: Term) -> list[tuple[int, str]]:
    """The sort key of things, with s10 after s9."""
    return [(int(part) if part.isdecimal() else 0, part) for part in _DIGITS.split(str(thing))]


def by_subject(triples: Iterable[Triple]) -> dict[Term, dict[str, list[Term]]]:
    """The values of each predicate of each subject, in order."""
    subjects: dict[Term, dict[str, list[Term]]] = {}
    for triple in sorted(triples, key=str):
        facts = subjects.setdefault(triple.subject, {})
        facts.setdefault(triple.predicate.value, []).append(triple.object)
    return subjects


def described(thing: Term, facts: dict[str, list[Term | Node]]) -> Node:
    """A node of expanded JSON-LD."""
    node: Node = {"@id": name_of(thing)}
    for name, values in facts.items():
        types = [item for item in values if name == RDF_TYPE and isinstance(item, NamedNode)]
        others = [item for item in values if item not in types]
        if types:
            node["@type"] = [name_of(item) for item in types]
        if others:
            node[name] = [item if isinstance(item, dict) else _term(item) for item in others]
    return node


def name_of(term: object) -> str:
    """An IRI, or the label of a blank node; OutputError for any other term."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    raise OutputError(f"{term} cannot be written as JSON-LD; choose another format, such as rdf12.")


def _term(term: Term) -> Node:
    if not isinstance(term, Literal):
        return {"@id": name_of(term)}
    if getattr(term, "direction", None):
        raise OutputError(f"{term}: JSON-LD loses the direction of a text; choose N-Quads.")
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _XSD_STRING:
        return {"@value": term.value}
    if term.datatype.value == _XSD_BOOLEAN and term.value in ("true", "false"):
        return {"@value": term.value == "true"}
    if term.datatype.value == _XSD_INTEGER and _NUMBER.fullmatch(term.value):
        return {"@value": int(term.value)}
    return {"@value": term.value, "@type": term.datatype.value}
