"""The concepts of an endpoint that have a label of ours.

An endpoint finds only exact labels, so each of ours is looked up in the spellings that vocabularies
use, which differ in case and in singular and plural.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from onehealthkg.endpoints.client import Client
from onehealthkg.terms import plain
from onehealthkg.vocabularies.concepts import Concept, Label, labels_of, with_relevant_labels
from onehealthkg.vocabularies.properties import KINDS_OF_LABELS, PREF, language_of
from onehealthkg.vocabularies.vocabulary import Vocabulary, candidate_query, tagged

BATCH = 200
"""The number of labels in one request."""
_TRUE = ("true", "1")
_QUOTES = re.compile(r"«\s*|\s*»|[“”„\"]")


def concepts_at_endpoint(
    client: Client, vocabulary: Vocabulary, things: Sequence[Concept]
) -> list[Concept]:
    """The concepts of an endpoint that have a label of the things; RemoteError as the client's."""
    parts: dict[str, _Parts] = defaultdict(_Parts)
    batches = client.batches(
        vocabulary.endpoint,
        [label for label in _spelled(things) if any(tagged(vocabulary.languages, label))],
        lambda labels: candidate_query(vocabulary, labels),
        size=BATCH,
        rate=vocabulary.rate,
        rows=vocabulary.rows,
    )
    for _, solutions in batches:
        for row in solutions.rows:
            cells = dict(zip(solutions.variables, row, strict=True))
            concept, value = cells.get("concept"), cells.get("value")
            if isinstance(concept, NamedNode) and isinstance(value, Literal):
                parts[concept.value].add(plain(cells.get("kind")), value)
    index = labels_of(things)
    return [
        with_relevant_labels(parts[iri].concept(iri), index)
        for iri in sorted(parts)
        if not parts[iri].is_excluded
    ]


def _spelled(things: Iterable[Concept]) -> list[Literal]:
    """The labels to request from an endpoint, sorted."""
    every = {
        Literal(spelling, language=label.language) if label.language else Literal(spelling)
        for thing in things
        for label in thing.labels
        for spelling in spellings(label.text, label.language)
    }
    return sorted(every, key=str)


class _Parts:
    """The parts of a concept gathered from rows."""

    def __init__(self) -> None:
        self._labels: set[Label] = set()
        self._definitions: set[Label] = set()
        self._broader: set[Label] = set()
        self._is_obsolete = False
        self.is_excluded = False

    def add(self, kind: str, value: Literal) -> None:
        """Keep a value of a kind; an unknown kind is ignored."""
        label = Label(value.value, language_of(value), kind if kind in KINDS_OF_LABELS else PREF)
        if kind in KINDS_OF_LABELS:
            self._labels.add(label)
        elif kind == "definition":
            self._definitions.add(label)
        elif kind == "broader":
            self._broader.add(label)
        elif kind == "obsolete":
            self._is_obsolete |= value.value in _TRUE
        elif kind == "excluded":
            self.is_excluded |= value.value in _TRUE

    def concept(self, iri: str) -> Concept:
        """The concept, all its parts sorted."""
        parts = (self._labels, self._definitions, self._broader)
        labels, definitions, broader = (tuple(sorted(part)) for part in parts)
        return Concept(iri, labels, definitions, broader, self._is_obsolete)


def spellings(text: str, language: str) -> Iterator[str]:
    """The spellings of a label that a vocabulary may use, itself first."""
    is_french = language.startswith("fr")
    numbers = _french_numbers(text) if is_french else _english_numbers(text)
    spaced = text.replace("-", " ").replace("Î", "I").replace("É", "E")
    unquoted = _QUOTES.sub("", text)
    for label in dict.fromkeys((text, *numbers, spaced, unquoted)):
        lower = label.lower()
        yield from dict.fromkeys((label, lower, label[:1].upper() + label[1:], lower.capitalize()))
        if not is_french:
            yield " ".join(word[:1].upper() + word[1:] for word in label.split(" "))


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
    """The label with its last word in the singular and the plural, as far as its ending shows."""
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
