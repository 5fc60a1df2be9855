"""Checks of the labels in mappings: they show readers of the table which two things are meant.

A slip, such as the exchange of the objects of two rows, leaves labels that do not fit. In a
``LexicalMatching``, the labels must have the same words
(https://mapping-commons.github.io/semantic-mapping-vocabulary/#LexicalMatching); in one with a
``confidence`` below 1, and in any other mapping, they must have a word in common, or the comment
must explain the match with a word of the object's label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import NamedNode, Store

from onehealthkg.checks.findings import VIOLATION, WARNING
from onehealthkg.days import today
from onehealthkg.labels import LABELS, NAMING, WORDING
from onehealthkg.mappings.sssom import Mapping
from onehealthkg.reading.characters import plain as comparable
from onehealthkg.reading.lookup import LANGUAGES
from onehealthkg.reading.tokens import tokens
from onehealthkg.suggest import folded
from onehealthkg.terms import named_node, plain, values

_LEXICAL = "semapv:LexicalMatching"
_EXTERNAL = named_node("oh:ExternalConcept")
_TYPE = named_node("rdf:type")
_PROVENANCE = re.compile(r"\b(?:In French|Seen in): .*", re.DOTALL)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_STEM = 5  # letters: diagnosis and diagnostic, agriculture and agricultural


def label_flaws(
    mapping: Mapping, subject: NamedNode, target: NamedNode, store: Store
) -> Iterator[tuple[str, str, str]]:
    """Check, severity and message of each flaw in the labels of a mapping."""
    shown = {plain(label) for naming in LABELS for label in values(store, subject, naming)}
    if mapping.subject_label and shown and mapping.subject_label not in shown:
        message = (
            f'{mapping.subject_id} is "{min(shown)}", not "{mapping.subject_label}"; '
            "correct subject_id, or write its label as subject_label."
        )
        yield "mapping-names-its-thing", VIOLATION, message
    if mapping.mapping_date > today():
        message = f"{mapping.mapping_date} is in the future; correct mapping_date."
        yield "mapping-date-is-past", WARNING, message
    yield from _flaws_of_object(mapping, target, store)
    if mapping.predicate_modifier:
        yield from _flaws_of_refusal(mapping)
    elif mapping.object_label and shown and not is_obsolete(mapping):
        names = {
            plain(label)
            for naming in (*NAMING, WORDING)
            for label in values(store, subject, naming)
        }
        yield from _flaws_of_pair(mapping, names)


def _flaws_of_pair(mapping: Mapping, names: set[str]) -> Iterator[tuple[str, str, str]]:
    """The flaw of labels that are less similar than the mapping requires."""
    lexical = mapping.mapping_justification == _LEXICAL
    if lexical and mapping.confidence in ("", "1", "1.0"):
        if not _is_label(mapping.object_label, names):
            message = (
                f'"{mapping.object_label}" is not a label of {mapping.subject_id}, as '
                f"{_LEXICAL} requires; correct the object or the justification."
            )
            yield "mapping-labels-are-alike", VIOLATION, message
        return
    theirs = _stems(mapping.object_label)
    said = _stems(reason(mapping))
    if not theirs & (said | {stem for name in names for stem in _stems(name)}):
        message = (
            f'"{mapping.object_label}" has no word in common with the labels of '
            f"{mapping.subject_id}; correct the object, or explain in the comment, with "
            "its words, why it matches."
        )
        yield "mapping-labels-are-alike", WARNING, message


def _flaws_of_object(
    mapping: Mapping, target: NamedNode, store: Store
) -> Iterator[tuple[str, str, str]]:
    """The flaw of a label that the vocabulary does not have, as far as enrich has read it."""
    if _EXTERNAL not in set(values(store, target, _TYPE)):
        return
    given = {plain(label) for naming in NAMING for label in values(store, target, naming)}
    if given and mapping.object_label and not _is_label(mapping.object_label, given):
        message = (
            f'{mapping.object_id} is "{min(given)}" in its vocabulary, not '
            f'"{mapping.object_label}"; correct the identifier or the label.'
        )
        yield "mapping-names-its-object", WARNING, message


def _flaws_of_refusal(mapping: Mapping) -> Iterator[tuple[str, str, str]]:
    if mapping.mapping_justification == _LEXICAL or not reason(mapping):
        message = (
            "This refused match has no reason; give it in the comment, with "
            "semapv:ManualMappingCuration as the justification, or remove the Not."
        )
        yield "refusal-has-reason", WARNING, message


def is_obsolete(mapping: Mapping) -> bool:
    """Whether the label of the object says that its vocabulary no longer uses it."""
    return mapping.object_label.lower().startswith("obsol")


def reason(mapping: Mapping) -> str:
    """The comment of a mapping without the French label and the place it was seen."""
    return _PROVENANCE.sub("", mapping.comment).strip()


def _is_label(label: str, names: set[str]) -> bool:
    """Whether a label has the same words as one of the names."""
    if folded(label) in map(folded, names):
        return True
    words = _words(label)
    return any(words & _words(name) for name in names)


@lru_cache(maxsize=1 << 12)
def _words(label: str) -> set[frozenset[str]]:
    """The words of a label regardless of order, number, case and brackets, in each language."""
    text = comparable(_BRACKETS.sub("", label)).text
    return {
        frozenset(word.key for word in tokens(text, language) if word.key) for language in LANGUAGES
    }


def _stems(text: str) -> set[str]:
    """The beginnings of the words of a text."""
    return {word[:_STEM] for words in _words(text) for word in words if len(word) > 2}
