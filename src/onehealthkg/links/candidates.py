"""What is compared: things of ours and concepts of a vocabulary, with their labels and context.

Things are the topics, activities, organisations, people, places and programmes of the graph, and
the other concepts that its texts name. Concepts come from a dump (``vocabulary_file``) or, here,
from a SPARQL endpoint, which is asked for our labels in the ways in which vocabularies write them:
letters' case counts there, and so do singular and plural.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.links.answers import Answers
from onehealthkg.links.client import Client
from onehealthkg.links.vocabularies import Vocabulary, candidate_query
from onehealthkg.names import ID, PREFIXES, local_name
from onehealthkg.terms import Term, plain, values

KINDS = (
    *("activity", "aim", "audience", "category", "kind", "organisation", "person", "place"),
    *("population", "programme", "topic"),
)
PREF, ALT, NARROW = "pref", "alt", "narrow"
_SKOS = PREFIXES["skos"]
_BROADER = NamedNode(_SKOS + "broader")
_OURS = (
    (PREF, NamedNode(_SKOS + "prefLabel")),
    (PREF, NamedNode(PREFIXES["foaf"] + "name")),
    (ALT, NamedNode(_SKOS + "altLabel")),
    (ALT, NamedNode(PREFIXES["schema"] + "alternateName")),
)


class Label(NamedTuple):
    """A label, its language tag ("" where there is none), and its kind.

    ``narrow`` is a label that the vocabulary gives for something narrower or only related.
    """

    text: str
    language: str
    kind: str


class Concept(NamedTuple):
    """A thing of ours, or a concept of a vocabulary; all parts sorted."""

    iri: str
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...] = ()
    broader: tuple[Label, ...] = ()
    obsolete: bool = False

    def name(self) -> str:
        """The label to show: the preferred one in English, else in French, else any."""
        ranks = {"en": 0, "": 1, "mul": 1, "fr": 2}
        kinds = (PREF, ALT, NARROW)
        return min(
            self.labels,
            key=lambda one: (kinds.index(one.kind), ranks.get(one.language[:3], 3), one),
            default=Label("", "", PREF),
        ).text


def things(store: Store) -> dict[str, Concept]:
    """The things of a store that can be linked, by IRI, sorted; its default graph is the merge."""
    found = {
        quad.subject.value
        for _, predicate in _OURS
        for quad in store.quads_for_pattern(None, predicate, None)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
    }
    named = sorted(iri for iri in found if local_name(iri).partition("-")[0] in KINDS)
    return {iri: _thing(store, NamedNode(iri)) for iri in named}


def _thing(store: Store, node: NamedNode) -> Concept:
    definition = NamedNode(_SKOS + "definition")
    broader = [label for up in values(store, node, _BROADER) for label in _labels(store, up)]
    return Concept(
        node.value,
        tuple(sorted(set(_labels(store, node)))),
        tuple(sorted({_label(one, PREF) for one in values(store, node, definition)})),
        tuple(sorted(set(broader))),
    )


def _labels(store: Store, node: Term) -> Iterator[Label]:
    for kind, predicate in _OURS:
        for one in values(store, node, predicate):
            yield _label(one, kind)


def _label(term: Term | None, kind: str) -> Label:
    language = term.language if isinstance(term, Literal) else None
    return Label(plain(term), (language or "").lower(), kind)


def spellings(text: str, language: str) -> Iterator[str]:
    """A label in the ways in which a vocabulary may write it, itself first."""
    for one in dict.fromkeys((text, *_numbers(text, language))):
        yield from dict.fromkeys(
            (one, one.lower(), one[:1].upper() + one[1:], one.lower().capitalize(), _titled(one))
        )


def _titled(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def _numbers(text: str, language: str) -> Iterator[str]:
    """The label in the singular and in the plural, as far as its endings tell."""
    words = text.split(" ")
    if language.startswith("fr"):
        yield " ".join(word.removesuffix("s") if len(word) > 3 else word for word in words)
        yield " ".join(
            word + "s" if len(word) > 3 and word[-1] not in "sxz" else word for word in words
        )
        return
    last = words.pop()
    for ending, other in (
        ("ies", "y"),
        ("oses", "osis"),
        ("osis", "oses"),
        ("s", ""),
        ("y", "ies"),
    ):
        if last.endswith(ending) and len(last) > 3:
            yield " ".join((*words, last.removesuffix(ending) + other))
            break
    if not last.endswith("s"):
        yield " ".join((*words, last + "s"))


def asked(wanted: Iterable[Concept]) -> list[Literal]:
    """The labels to ask an endpoint for, sorted."""
    every = {
        Literal(spelling, language=one.language) if one.language else Literal(spelling)
        for thing in wanted
        for one in thing.labels
        for spelling in spellings(one.text, one.language)
    }
    return sorted(every, key=str)


def from_endpoint(
    client: Client, vocabulary: Vocabulary, wanted: Sequence[Concept]
) -> list[Concept]:
    """The concepts of an endpoint that have a label of the things; RemoteError as the client's."""
    parts: dict[str, _Parts] = defaultdict(_Parts)
    batches = client.batches(
        vocabulary.endpoint,
        asked(wanted),
        lambda labels: candidate_query(vocabulary, labels),
        size=100,
        rate=vocabulary.rate,
        rows=vocabulary.rows,
    )
    for _, answers in batches:
        _gather(answers, parts)
    return [parts[iri].concept(iri) for iri in sorted(parts)]


class _Parts:
    """What the rows say of a concept."""

    def __init__(self) -> None:
        self.labels: set[Label] = set()
        self.definitions: set[Label] = set()
        self.broader: set[Label] = set()
        self.obsolete = False

    def concept(self, iri: str) -> Concept:
        parts = (tuple(sorted(one)) for one in (self.labels, self.definitions, self.broader))
        labels, definitions, broader = parts
        return Concept(iri, labels, definitions, broader, self.obsolete)


def _gather(answers: Answers, parts: dict[str, _Parts]) -> None:
    for row in answers.rows:
        cells = dict(zip(answers.variables, row, strict=True))
        concept, label = cells.get("concept"), cells.get("label")
        if not isinstance(concept, NamedNode) or not isinstance(label, Literal):
            continue
        one = parts[concept.value]
        kind = plain(cells.get("kind"))
        one.labels.add(_label(label, kind if kind in (PREF, ALT, NARROW) else ALT))
        for name, target in (
            ("prefLabel", one.labels),
            ("definition", one.definitions),
            ("broader", one.broader),
        ):
            if cells.get(name) is not None:
                target.add(_label(cells[name], PREF))
        one.obsolete |= plain(cells.get("obsolete")) in ("true", "1")
