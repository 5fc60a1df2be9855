"""The score of a candidate: a number between 0 and 1, and the reasons for it in words.

Each reason is a piece of evidence with a weight between 0 and 1, the chance that it alone would
make the two the same. Independent pieces add up as chances do: 1 − (1 − a)(1 − b)... One label in
each language counts, the best; a label that the vocabulary has for something narrower weighs less.
Then count broader concepts with the same label, and words that the definitions share.
Counter-evidence multiplies: differing labels in the other language, which weigh more if the labels
are single words, as these are more often homonyms ("surveillance" in English is "garde à vue" in
the French of EuroVoc 5144); an obsolete concept.

exactMatch is proposed from ``EXACT`` on, if a preferred label of ours is a preferred label there
(what a thesaurus has as another label is often broader or narrower), and the candidate is the only
best one for the thing in the vocabulary, and the thing for the candidate (skos:exactMatch is
transitive, https://www.w3.org/TR/skos-reference/#mapping); all others are closeMatch. The choice of
weights and their quality are described in tests/vocabularies/README.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import NamedTuple

from onehealthkg.vocabularies.concepts import Concept, Label
from onehealthkg.vocabularies.labels_index import (
    LONGEST,
    Forms,
    content_words,
    forms,
    same_language,
)
from onehealthkg.vocabularies.properties import ALT, NARROW, PREF

EXACT = 0.8  # the least confidence of an exactMatch
LEAST = 0.3  # the least confidence of a candidate
# Of a label of ours with one of theirs.
_KINDS = {
    (PREF, PREF): 0.85,
    (PREF, ALT): 0.7,
    (ALT, PREF): 0.7,
    (ALT, ALT): 0.5,
    (PREF, NARROW): 0.4,
    (ALT, NARROW): 0.3,
}
_SAME, _VARIANT, _NEAR = "=", "≈", "~"
_LIKENESS = {_SAME: 1.0, _VARIANT: 0.97, _NEAR: 0.6}
_BROADER, _DEFINITION = 0.4, 0.25
_DIFFERENT, _DIFFERENT_LONG, _OBSOLETE = 0.5, 0.97, 0.4
_MOST_LABELS = 1000  # of a concept; no real one has as many


class Reason(NamedTuple):
    """A piece of evidence: a sign of likeness, "context" or "against"; its weight, its words."""

    kind: str
    weight: float
    words: str


class Score(NamedTuple):
    """The confidence, the reasons for it, and whether preferred labels of both are the same."""

    confidence: float
    reasons: tuple[Reason, ...]
    is_preferred: bool = False

    @property
    def is_near(self) -> bool:
        """Whether no two labels are the same."""
        return not any(reason.kind in (_SAME, _VARIANT) for reason in self.reasons)

    @property
    def has_context(self) -> bool:
        """Whether more than labels speaks for it."""
        return any(reason.kind == "context" for reason in self.reasons)

    def comment(self) -> str:
        """The reasons in words, each followed by its weight."""
        return "; ".join(f"{reason.words} ({reason.weight:.2f})" for reason in self.reasons)


class _Labelled(NamedTuple):
    label: Label
    forms: Forms


def score(ours: Concept, theirs: Concept) -> Score:
    """The score of a candidate; 0 if no labels are alike."""
    own, its = (list(_formed(concept.labels)) for concept in (ours, theirs))
    labels = list(_best_labels(own, its))
    if not labels:
        return Score(0.0, ())
    speaking = [*labels, *_context(ours, theirs)]
    against = list(_differences(own, its, labels))
    if theirs.obsolete:
        against.append(Reason("against", _OBSOLETE, "the concept is obsolete"))
    chance = 1 - prod(1 - reason.weight for reason in speaking)
    confidence = round(chance * prod(reason.weight for reason in against), 3)
    return Score(confidence, (*speaking, *against), _have_preferred(own, its))


def _have_preferred(own: Iterable[_Labelled], its: Iterable[_Labelled]) -> bool:
    """Whether a preferred label of ours is one of theirs, regardless of its form."""
    mine, other = (
        [labelled for labelled in side if labelled.label.kind == PREF] for side in (own, its)
    )
    return any(
        ours.forms.key == theirs.forms.key
        and same_language(ours.label.language, theirs.label.language)
        for ours in mine
        for theirs in other
    )


def _formed(labels: Iterable[Label]) -> Iterator[_Labelled]:
    short = [label for label in labels if len(label.text) <= LONGEST]
    for label in sorted(short, key=lambda label: label.kind != PREF)[:_MOST_LABELS]:
        yield _Labelled(label, forms(label.text, label.language))


def _sign(ours: Forms, theirs: Forms) -> str:
    """The sign for the likeness of two labels, or ""."""
    if ours.plain == theirs.plain:
        return _SAME
    return _VARIANT if ours.key == theirs.key else _NEAR if ours.bag == theirs.bag else ""


def _best_labels(own: list[_Labelled], its: list[_Labelled]) -> Iterator[Reason]:
    """The best pair of labels in each of our languages; a label of theirs counts once."""
    used: set[Label] = set()
    for language in sorted({labelled.label.language for labelled in own}):
        pairs = [
            (_weight(ours.label, theirs.label, sign), ours.label, theirs.label, sign)
            for ours in own
            if ours.label.language == language
            for theirs in its
            if same_language(language, theirs.label.language) and theirs.label not in used
            if (sign := _sign(ours.forms, theirs.forms))
        ]
        if pairs:
            weight, ours, theirs, sign = max(pairs, key=lambda pair: (pair[0], pair[1:]))
            used.add(theirs)
            yield Reason(sign, weight, f"{_shown(ours)} {sign} {_shown(theirs)}")


def _weight(ours: Label, theirs: Label, sign: str) -> float:
    return round(_KINDS[ours.kind, theirs.kind] * _LIKENESS[sign], 3)


def _shown(label: Label) -> str:
    tag = f"@{label.language}" if label.language else ""
    return f"{label.kind} “{label.text}”{tag}"


def _context(ours: Concept, theirs: Concept) -> Iterator[Reason]:
    keys = {
        forms(label.text, label.language).key
        for label in ours.broader
        if len(label.text) <= LONGEST
    }
    shared = sorted(
        label.text for label in theirs.broader if forms(label.text, label.language).key in keys
    )
    if shared:
        yield Reason("context", _BROADER, f"both below “{shared[0]}”")
    words = _shared_words(ours, theirs)
    if len(words) > 1:
        yield Reason("context", _DEFINITION, f"definitions share {', '.join(words)}")


def _shared_words(ours: Concept, theirs: Concept) -> list[str]:
    """The beginnings of words shared by both definitions in a language, without the labels'."""
    labels = [*ours.labels, *theirs.labels[:_MOST_LABELS]]
    in_labels = {word for label in labels for word in content_words(label.text, label.language)}
    shared = {
        word
        for definition in ours.definitions
        for other in theirs.definitions
        if same_language(definition.language, other.language)
        for word in content_words(definition.text, definition.language)
        & content_words(other.text, other.language)
    }
    return sorted(shared - in_labels)[:5]


def _differences(
    own: list[_Labelled], its: list[_Labelled], labels: list[Reason]
) -> Iterator[Reason]:
    """Each language in which both have preferred labels, and none of their labels are alike."""
    for language in sorted(
        {labelled.label.language for labelled in own if labelled.label.kind == PREF}
    ):
        mine = [labelled for labelled in own if labelled.label.language == language]
        other = [labelled for labelled in its if labelled.label.language == language]
        if not any(labelled.label.kind == PREF for labelled in other):
            continue
        if not any(_sign(ours.forms, theirs.forms) for ours in mine for theirs in other):
            first = min(labelled.label for labelled in other if labelled.label.kind == PREF)
            weight = _DIFFERENT if _is_short(labels) else _DIFFERENT_LONG
            yield Reason("against", weight, f"{_shown(first)} is not one of our labels")


def _is_short(labels: list[Reason]) -> bool:
    """Whether the similar labels are single words, which are more often homonyms than phrases."""
    return not any(" " in reason.words.partition("”")[0].partition("“")[2] for reason in labels)
