"""What is compared: things of ours and concepts of a vocabulary, with their labels and context.

Things are the topics, activities, organisations, people, places and programmes of the graph, and
the other concepts that its texts name. Concepts come from a dump (``vocabulary_file``) or, here,
from a SPARQL endpoint, which is asked for our labels in the ways in which vocabularies write them:
letters' case counts there, and so do singular and plural.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode, Store

from onehealthkg.labels import FULL_NAME, OTHER_NAMES, PREFERRED
from onehealthkg.names import ID, PREFIXES, local_name
from onehealthkg.terms import Term, plain, values
from onehealthkg.vocabularies.answers import Answers
from onehealthkg.vocabularies.client import Client
from onehealthkg.vocabularies.labels_index import LONGEST, LabelsIndex
from onehealthkg.vocabularies.vocabulary import Vocabulary, candidate_query, tagged

T = TypeVar("T")

KINDS = (
    *("activity", "aim", "audience", "category", "kind", "organisation", "person", "place"),
    *("population", "programme", "topic"),
)
PREF, ALT, NARROW = KINDS_OF_LABELS = ("pref", "alt", "narrow")
BATCH = 200
"""How many labels are asked for at once."""
_SKOS = PREFIXES["skos"]
_BROADER = NamedNode(_SKOS + "broader")
_OURS = (
    (PREF, PREFERRED),
    *((PREF if naming == FULL_NAME else ALT, naming) for naming in OTHER_NAMES),
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
        return min(
            self.labels,
            key=lambda one: (KINDS_OF_LABELS.index(one.kind), ranks.get(one.language[:3], 3), one),
            default=Label("", "", PREF),
        ).text


def labels_of(things: Iterable[Concept]) -> LabelsIndex[str]:
    """The index of the labels of things, whose IRIs are the owners."""
    return LabelsIndex(
        (one.iri, label.text, label.language) for one in things for label in one.labels
    )


def seen(concept: Concept, index: LabelsIndex[T]) -> Concept:
    """The concept with those of its labels that are preferred or in the index, each as its best."""
    best: dict[tuple[str, str], Label] = {}
    for one in sorted(concept.labels, key=lambda one: KINDS_OF_LABELS.index(one.kind)):
        if len(one.text) <= LONGEST and (one.kind == PREF or index.found(one.text, one.language)):
            best.setdefault((one.text, one.language), one)
    return concept._replace(labels=tuple(sorted(best.values())))


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
    is_french = language.startswith("fr")
    numbers = _french_numbers(text) if is_french else _english_numbers(text)
    spaced = text.replace("-", " ").replace("Î", "I").replace("É", "E")
    for one in dict.fromkeys((text, *numbers, spaced)):
        lower = one.lower()
        yield from dict.fromkeys((one, lower, one[:1].upper() + one[1:], lower.capitalize()))
        if not is_french:
            yield " ".join(word[:1].upper() + word[1:] for word in one.split(" "))


def _french_numbers(text: str) -> Iterator[str]:
    """The label with its first words, one, two and so on, in the singular and in the plural."""
    words = text.split(" ")
    yield re.sub(r"\bd['’](?=\w)", "de l'", text)
    yield re.sub(r"\bde l['’](?=\w)", "d'", text)
    for change in (_french_singular, _french_plural):
        for number in range(1, len(words) + 1):
            yield " ".join((*map(change, words[:number]), *words[number:]))


def _french_singular(word: str) -> str:
    if word.endswith("eaux") or len(word) < 4:
        return word.removesuffix("x") if len(word) > 4 else word
    if word.endswith("iaux"):
        return word.removesuffix("x")  # matériaux
    return word.removesuffix("aux") + "al" if word.endswith("aux") else word.removesuffix("s")


def _french_plural(word: str) -> str:
    if word.endswith(("eau", "iau")):
        return word + "x"
    if word.endswith("al") and len(word) > 4:
        return word.removesuffix("al") + "aux"
    return word if len(word) < 4 or word[-1] in "sxz" else word + "s"


def _english_numbers(text: str) -> Iterator[str]:
    """The label with its last word in the singular and in the plural, as far as its end tells."""
    *words, last = text.split(" ")
    for ending, other in (
        ("ies", "y"),
        ("oses", "osis"),
        ("osis", "oses"),
        ("yses", "ysis"),
        ("ysis", "yses"),
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
        [one for one in asked(wanted) if any(tagged(vocabulary.languages, one))],
        lambda labels: candidate_query(vocabulary, labels),
        size=BATCH,
        rate=vocabulary.rate,
        rows=vocabulary.rows,
    )
    for _, answers in batches:
        _gather(answers, parts)
    index = labels_of(wanted)
    return [seen(parts[iri].concept(iri), index) for iri in sorted(parts)]


class _Parts:
    """What the rows say of a concept."""

    def __init__(self) -> None:
        self.labels: set[Label] = set()
        self.definitions: set[Label] = set()
        self.broader: set[Label] = set()
        self.obsolete = False

    def add(self, kind: str, value: Literal) -> None:
        """Keep a value of a kind; one of a kind that nobody knows is passed over."""
        if kind in KINDS_OF_LABELS:
            self.labels.add(_label(value, kind))
        elif kind == "definition":
            self.definitions.add(_label(value, PREF))
        elif kind == "broader":
            self.broader.add(_label(value, PREF))
        elif kind == "obsolete":
            self.obsolete |= value.value in ("true", "1")

    def concept(self, iri: str) -> Concept:
        """The concept, all its parts sorted."""
        parts = (tuple(sorted(one)) for one in (self.labels, self.definitions, self.broader))
        labels, definitions, broader = parts
        return Concept(iri, labels, definitions, broader, self.obsolete)


def _gather(answers: Answers, parts: dict[str, _Parts]) -> None:
    for row in answers.rows:
        cells = dict(zip(answers.variables, row, strict=True))
        concept, kind, value = cells.get("concept"), plain(cells.get("kind")), cells.get("value")
        if isinstance(concept, NamedNode) and isinstance(value, Literal):
            parts[concept.value].add(kind, value)
