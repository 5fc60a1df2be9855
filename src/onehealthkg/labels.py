"""From names to things and back: labels in a language, and the thing that a text means.

A thing is named by its IRI, its short form (``id:organisation-inserm``), its local name
(``organisation-inserm``), a passage also by document and number
(``2020-02-05-anses-inserm#s5``), or by any of its labels, upper and lower case alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard
from unicodedata import normalize

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg import suggest
from onehealthkg.errors import UnknownThing
from onehealthkg.names import HOME, ID, OH, SOURCE, compact, expand, local_name
from onehealthkg.terms import Term, named_node, plain, values

PREFERRED = named_node("skos:prefLabel")
FULL_NAME = named_node("foaf:name")
FORMER_NAME = named_node("oh:formerName")
OTHER_NAMES = (
    FULL_NAME,
    *(named_node(name) for name in ("schema:alternateName", "skos:altLabel")),
    FORMER_NAME,
)
TITLES = tuple(named_node(name) for name in ("rdfs:label", "dcterms:title", "oh:inWords"))
NAMING = (PREFERRED, *OTHER_NAMES, *TITLES)
"""The properties that name a thing, the best names first: the one list of them."""

LABELS = tuple(named_node(name) for name in ("skos:prefLabel", "rdfs:label", "dcterms:title"))
"""The properties of these that give a thing no more than the label by which it is shown."""

WORDING = named_node("skos:hiddenLabel")
"""The property for words by which texts mention a thing, and which are no name of it."""

SHOWN = (PREFERRED, FULL_NAME, *TITLES)
"""The properties by whose values things are shown, the best first."""

_NOT_IN_IRI = frozenset(' <>"{}|\\^`') | {chr(code) for code in range(32)}


def label(store: Store, thing: Term, language: str = "en") -> str:
    """The label of a thing in a language, else in English, else any, else its short form."""
    for naming in SHOWN:
        labels = {
            name.language: name.value
            for name in values(store, thing, naming)
            if isinstance(name, Literal)
        }
        if labels:
            return labels.get(language) or labels.get("en") or labels[min(labels, key=str)]
    return compact(plain(thing))


def names_of(store: Store, thing: NamedNode) -> Iterator[str]:
    """All names of a thing, the best first, then its local name."""
    for naming in NAMING:
        for name in values(store, thing, naming):
            if isinstance(name, Literal):
                yield name.value
    yield local_name(thing.value)


def named_things(store: Store) -> list[NamedNode]:
    """The things of ours that have a name, sorted."""
    return sorted({thing for _, thing, _ in _names(store)}, key=lambda thing: thing.value)


def find(store: Store, text: str) -> NamedNode:
    """The thing that a text names.

    Raises UnknownThing, which says what may have been meant, or which things have the name.
    """
    for node in spellings(text):
        about = store.quads_for_pattern(node, None, None)
        if next(about, None) or next(store.quads_for_pattern(None, None, node), None):
            return node
    folded = text.casefold()
    matches = [(rank, thing) for rank, thing, name in _names(store) if name.casefold() == folded]
    best = {thing.value for rank, thing in matches if rank == min(matches)[0]}
    if len(best) == 1:
        return NamedNode(best.pop())
    if best:
        raise UnknownThing(
            f'"{text}" is the name of several things; write one of them: '
            + ", ".join(sorted(map(compact, best)))
        )
    meant = suggest.question(near(store, text))
    raise UnknownThing(f'There is nothing named "{text}".{meant}')


def near(store: Store, text: str) -> list[str]:
    """The names most like a text, each with the short form of its thing: ``ANSES (id:...)``."""
    shown: dict[str, str] = {}
    for _, thing, name in _names(store):
        shown.setdefault(name.casefold(), f"{name} ({compact(thing.value)})")
        shown.setdefault(local_name(thing.value).casefold(), compact(thing.value))
    return [shown[name] for name in suggest.nearest(text.removeprefix("id:"), shown)]


def nearest(store: Store, iri: str) -> str:
    """What may have been meant by the IRI of a thing that does not exist, as a sentence or nothing.

    First come things of the same kind that have its words as a label, as a body has its former
    name, then those whose own names look alike.
    """
    kind, _, words = local_name(iri).partition("-")
    words = words.replace("-", " ")
    same_kind: dict[str, NamedNode] = {}
    labelled = set()
    for _, thing, name in _names(store):
        if thing.value.startswith(f"{ID}{kind}-"):
            same_kind[local_name(thing.value)] = thing
            if _ascii_words(name) == words:
                labelled.add(local_name(thing.value))
    meant = sorted(labelled) or suggest.nearest(local_name(iri), sorted(same_kind))
    return suggest.question(f"{name} ({label(store, same_kind[name])})" for name in meant)


def _ascii_words(name: str) -> str:
    """A name as it stands in the names of things: small ASCII letters and digits."""
    letters = normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in letters if c < "\x80").split())


def spellings(text: str) -> Iterator[NamedNode]:
    """The IRIs that a text can stand for; nothing where it cannot be part of an IRI."""
    candidates = [expand(text), *(start + text for start in (ID, SOURCE, OH) if ":" not in text)]
    for iri in candidates:
        if ":" in iri and not _NOT_IN_IRI.intersection(iri):
            try:
                node = NamedNode(iri)
            except ValueError:  # a letter that no IRI has, or a lone %
                continue
            yield node


def _names(store: Store) -> Iterator[tuple[int, NamedNode, str]]:
    """The names of our things, each with its rank: preferred labels, other names, titles."""
    for rank, properties in enumerate(((PREFERRED,), OTHER_NAMES, TITLES)):
        for naming in properties:
            for quad in store.quads_for_pattern(None, naming, None):
                if isinstance(quad.object, Literal) and _is_ours(quad.subject):
                    yield rank, quad.subject, quad.object.value


def _is_ours(thing: Term) -> TypeGuard[NamedNode]:
    """Whether a thing may be meant by its name, which concepts elsewhere have too."""
    return isinstance(thing, NamedNode) and thing.value.startswith(HOME)
