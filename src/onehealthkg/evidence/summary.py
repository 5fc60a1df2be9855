"""A thing in one line: kind, category and country; for an agreement also parties and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from onehealthkg.evidence.evidence import STATED, basis, statements
from onehealthkg.labels import label
from onehealthkg.names import compact
from onehealthkg.terms import QuadSource, Term, named_node, plain, values
from onehealthkg.words import words_or_english

_NARROWER = ("oh:kind", "org:classification")
_DATES = {"signed": "oh:dateSigned", "started": "oh:dateStarted", "ends": "oh:dateEnds"}
_MOST = 6  # parties to name


def summary(store: QuadSource, thing: NamedNode, language: str = "en") -> str:
    """A thing's label and description: ``Inserm — organisation; public institute; France``."""
    parts = [
        _kind(store, thing, language),
        *_labels(store, _narrowest(store, thing), language),
        _parties(store, thing, language),
        *_labels(store, values(store, thing, named_node("oh:country")), language),
        *_dates(store, thing, language),
    ]
    said = "; ".join(dict.fromkeys(filter(None, parts)))
    name = label(store, thing, language)
    return f"{name} — {said}" if said else name


def _kind(store: QuadSource, thing: NamedNode, language: str) -> str:
    """The word of the pages for a kind of thing, such as *topic*; else the label of its class."""
    kind = compact(thing.value).removeprefix("id:").partition("-")[0]
    word = words_or_english(language)["kinds"].get(kind) if kind != "agreement" else None
    types = set(values(store, thing, named_node("rdf:type")))
    named = [name for name in _labels(store, types, language) if ":" not in name]
    return str(word or min(named, default=""))


def _narrowest(store: QuadSource, thing: NamedNode) -> list[Term]:
    """The kinds and categories of a thing, without those that are broader than another."""
    found = [concept for name in _NARROWER for concept in values(store, thing, named_node(name))]
    above = {broader for concept in found for broader in _above(store, concept)}
    return [concept for concept in found if concept not in above]


def _above(store: QuadSource, concept: Term) -> set[Term]:
    """All concepts that are broader than a concept."""
    found: set[Term] = set()
    waiting = [concept]
    while waiting:
        new = set(values(store, waiting.pop(), named_node("skos:broader"))) - found
        found |= new
        waiting += new
    return found


def _parties(store: QuadSource, thing: NamedNode, language: str) -> str:
    parties = set(values(store, thing, named_node("oh:party")))
    named = sorted(_labels(store, parties, language), key=str.casefold)
    return ", ".join(named[:_MOST]) + (" …" if len(named) > _MOST else "")


def _labels(store: QuadSource, things: Iterable[Term], language: str) -> list[str]:
    return sorted({label(store, thing, language) for thing in things})


def _dates(store: QuadSource, thing: NamedNode, language: str) -> Iterator[str]:
    """The dates of an agreement, each with its basis unless a sentence states it."""
    own = words_or_english(language)
    for word, name in _DATES.items():
        quads = store.quads_for_pattern(thing, named_node(name), None)
        for statement in statements(store, quads):
            known = basis(store, statement.evidence[0])
            note = "" if known == STATED else f" ({own['backed'][known]})"
            yield f"{own['dates'][word]} {plain(statement.object)}{note}"
