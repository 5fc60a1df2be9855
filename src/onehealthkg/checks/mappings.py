"""Checks of mappings that queries cannot make: digits, labels, and all those of refused mappings.

Refused mappings, those with ``Not``, are in no graph, but their identifiers must be valid too, or
the same candidate would be proposed again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from onehealthkg.checks.findings import VIOLATION
from onehealthkg.checks.mapping_labels import is_obsolete, label_flaws
from onehealthkg.mappings.check_digits import METHODS, has_right_digits
from onehealthkg.mappings.descriptions import descriptions_in
from onehealthkg.mappings.graph import triple
from onehealthkg.mappings.sssom import Mapping, MappingSet
from onehealthkg.terms import named_node, value

_PROPERTIES = ("void:uriSpace", "void:uriRegexPattern", "settings:checkDigits")
_TYPE = named_node("rdf:type")


class MappingFlaw(NamedTuple):
    """An error in a mapping: check, severity, what to do, the mapping's triple and its line."""

    check: str
    severity: str
    message: str
    statement: tuple[NamedNode, NamedNode, NamedNode]
    line: int


class _Vocabulary(NamedTuple):
    iri: str
    space: str
    pattern: str
    digits: str


def mapping_flaws(mappings: MappingSet, store: Store) -> Iterator[MappingFlaw]:
    """All errors in mappings that no query finds, in the order of the mappings."""
    vocabularies = list(_vocabularies(store))
    pairs = Counter((mapping.subject_id, mapping.object_id) for mapping in mappings.mappings)
    for mapping, line in zip(mappings.mappings, mappings.lines, strict=True):
        statement = triple(mappings, mapping)
        if pairs[mapping.subject_id, mapping.object_id] > 1:
            message = "This pair is mapped more than once; keep the line with the narrowest match."
            yield MappingFlaw("mapping-is-said-once", VIOLATION, message, statement, line)
        candidates = (each for each in vocabularies if statement[2].value.startswith(each.space))
        vocabulary = max(candidates, key=lambda each: len(each.space), default=None)
        for check, message in _flaws(mappings, mapping, vocabulary, store):
            yield MappingFlaw(check, VIOLATION, message, statement, line)
        subject, _, target = statement
        for check, severity, message in label_flaws(mapping, subject, target, store):
            yield MappingFlaw(check, severity, message, statement, line)


def _flaws(
    mappings: MappingSet, mapping: Mapping, vocabulary: _Vocabulary | None, store: Store
) -> Iterator[tuple[str, str]]:
    subject, _, target = triple(mappings, mapping)
    if mapping.predicate_modifier:
        yield from _flaws_of_refused(mapping, subject, target, vocabulary, store)
    elif is_obsolete(mapping):
        message = (
            f'"{mapping.object_label}" is obsolete in its vocabulary; map to what replaces it.'
        )
        yield "mapping-is-not-obsolete", message
    if vocabulary is None:
        return
    if mapping.object_source and mappings.expand(mapping.object_source) != vocabulary.iri:
        message = (
            f"The vocabulary of {mapping.object_id} is not {mapping.object_source}; correct one."
        )
        yield "mapping-names-its-vocabulary", message
    identifier = target.value.removeprefix(vocabulary.space)
    if vocabulary.digits in METHODS and not has_right_digits(vocabulary.digits, identifier):
        message = f"The check digits of {mapping.object_id} are wrong; look it up and correct it."
        yield "check-digits-are-right", message


def _flaws_of_refused(
    mapping: Mapping,
    subject: NamedNode,
    target: NamedNode,
    vocabulary: _Vocabulary | None,
    store: Store,
) -> Iterator[tuple[str, str]]:
    """The errors in refused mappings that queries find in other mappings."""
    if value(store, subject, _TYPE) is None:
        message = (
            f"Nothing says what {mapping.subject_id} is; correct its name or delete the mapping."
        )
        yield "refused-thing-exists", message
    if vocabulary is None or not re.search(vocabulary.pattern, target.value):
        message = (
            f"{mapping.object_id} has the form of no known vocabulary's identifiers; correct it."
        )
        yield "refused-fits-pattern", message


def _vocabularies(store: Store) -> Iterator[_Vocabulary]:
    for vocabulary in descriptions_in(store):
        space, pattern, digits = map(vocabulary.text, _PROPERTIES)
        if space and _compiles(pattern):
            yield _Vocabulary(vocabulary.iri, space, pattern, digits)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
