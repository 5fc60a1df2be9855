"""The pages of the ontology and of the shapes, from their files and from the graph that uses them.

Each term has an anchor that is its local name, so that its IRI leads to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import MAPPINGS, OH, ONTOLOGY, compact, expand, local_name
from onehealthkg.pages.view import Name, View

_CLASSES = {
    "classes": ("owl:Class",),
    "relations": ("owl:ObjectProperty",),
    "attributes": ("owl:DatatypeProperty",),
    "concepts": ("skos:ConceptScheme", "skos:Concept"),
}
_BROADER = ("rdfs:subClassOf", "rdfs:subPropertyOf", "skos:broader")


class Term(NamedTuple):
    """A term of the ontology with everything that a reader needs in order to use it."""

    anchor: str
    name: str
    iri: str
    labels: Sequence[Name]
    definition: Name
    example: Name
    counter_example: Name
    words: Sequence[Name]
    broader: Sequence[Name]
    close: Sequence[Name]
    shapes: Sequence[Name]
    uses: int


def ontology_page(view: View) -> str:
    """The page ``ontology.html``: all terms of the ontology, by their kind."""
    terms = {
        key: [term for term in view.facts.things(*names) if term.value.startswith(OH)]
        for key, names in _CLASSES.items()
    }
    own = _own_uses(view, [NamedNode(ONTOLOGY), *chain.from_iterable(terms.values())])
    sections = [
        (key, [_term(view, term, own[term]) for term in each]) for key, each in terms.items()
    ]
    return view.render(
        "ontology.html",
        view.words["ontology"],
        subject=NamedNode(ONTOLOGY),
        definition=_text(view, NamedNode(ONTOLOGY), "skos:definition"),
        sections=[(key, terms) for key, terms in sections if terms],
    )


def shapes_page(view: View) -> str:
    """The page ``shapes.html``: all shapes with their requirements."""
    return view.render("shapes.html", view.words["shapes"], shapes=view.world.shapes.all)


def _term(view: View, term: NamedNode, own_uses: int) -> Term:
    facts = view.facts
    counter = _text(view, term, "skos:scopeNote")
    return Term(
        anchor=local_name(term.value),
        name=compact(term.value),
        iri=term.value,
        labels=_texts(view, term, "rdfs:label", "skos:prefLabel"),
        definition=_text(view, term, "skos:definition"),
        example=_text(view, term, "skos:example"),
        counter_example=counter._replace(text=counter.text.removeprefix("Not: ")),
        words=_texts(view, term, "skos:altLabel", "skos:hiddenLabel"),
        broader=[_broader(node) for node in facts.nodes(term, *_BROADER)],
        close=[Name(compact(node.value), iri=node.value) for node in facts.nodes(term, *MAPPINGS)],
        shapes=[
            Name(name, f"{view.to('shapes.html')}#{name}") for name in view.world.shapes.using(term)
        ],
        uses=view.facts.uses(term) - own_uses,
    )


def _broader(term: NamedNode) -> Name:
    """A broader term: one of ours further up or down on this page, or one of the web."""
    page = f"#{local_name(term.value)}" if term.value.startswith(OH) else ""
    return Name(compact(term.value), page, term.value)


def _own_uses(view: View, subjects: Iterable[NamedNode]) -> Counter[NamedNode]:
    """The number of statements in which the ontology uses each term, in those about its own."""
    triples = (
        triple for subject in dict.fromkeys(subjects) for triple in view.facts.about(subject)
    )
    ends = (end for triple in triples for end in (triple.predicate, triple.object))
    return Counter(end for end in ends if isinstance(end, NamedNode))


def _texts(view: View, term: NamedNode, *predicates: str) -> list[Name]:
    found: Iterable[object] = view.facts.values(term, *map(expand, predicates))
    return [
        Name(literal.value, language=literal.language or "")
        for literal in found
        if type(literal) is Literal
    ]


def _text(view: View, term: NamedNode, predicate: str) -> Name:
    """The text in the language of the page, else in English, else an empty one."""
    texts = {text.language: text for text in _texts(view, term, predicate)}
    return texts.get(view.language) or texts.get("en") or Name("")
