"""Conditions that something is not in the graph, and their wording.

The words are the labels of the properties in the condition: *no “start date” is known*; if the
condition is more than one value, the forbidden statements: *there is no statement of the form
… · predecessor · ANSES–Inserm agreement*. Values of the row are filled in, and … matches any term.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.evidence.answers import BETWEEN, spelled
from onehealthkg.evidence.quotes import in_marks
from onehealthkg.labels import label
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import QuadSource, Term
from onehealthkg.words import words_or_english

Place = str | NamedNode | Literal
"""A variable by its name, or another term."""

_ANYTHING = "…"


class Step(NamedTuple):
    """A triple pattern; ``paths`` are its alternatives, each a sequence of properties."""

    subject: Place
    paths: tuple[tuple[str, ...], ...]
    object: Place


class Pattern(NamedTuple):
    """A forbidden pattern: all ``steps``, unless those in ``without`` match too.

    ``has_more`` is true if filters narrow it, which are not put into words.
    """

    steps: tuple[Step, ...]
    without: tuple[Pattern, ...] = ()
    has_more: bool = False


class Condition(NamedTuple):
    """A condition of absence: its SPARQL, and the pattern that must not match.

    If ``is_value``, any of the steps would have given the forbidden value.
    """

    text: str
    pattern: Pattern
    is_value: bool


class Absence(NamedTuple):
    """A condition of absence that a row depends on, with the values of the row by column."""

    condition: Condition
    row: Mapping[str, Term]

    @property
    def text(self) -> str:
        """The condition as SPARQL."""
        return self.condition.text


def in_words(store: QuadSource, absence: Absence, language: str = "en") -> str:
    """A condition in words; as SPARQL with short names if it has no pattern."""
    own, pattern = words_or_english(language), absence.condition.pattern
    if not pattern.steps:
        return re.sub(r"<([^<>]+)>", lambda match: compact(match[1]), absence.text)
    if absence.condition.is_value or _asks_for_value(pattern, absence.row):
        paths = (path for step in pattern.steps for path in step.paths)
        named = (in_marks(_path(store, path, language), language) for path in paths)
        asked = f" {own['or']} ".join(dict.fromkeys(named)) or _ANYTHING
        return str(own["not_known"].format(properties=asked))
    return str(own["none_such"].format(statements=_such(store, pattern, absence.row, language)))


def _asks_for_value(pattern: Pattern, row: Mapping[str, Term]) -> bool:
    """Whether a pattern only says that a thing of the row has some value."""
    [first, *others] = pattern.steps
    is_alone = not (others or pattern.without or pattern.has_more)
    return is_alone and _is_open(first.object, row) and not _is_open(first.subject, row)


def _is_open(place: Place, row: Mapping[str, Term]) -> bool:
    return isinstance(place, str) and place not in row


def _such(store: QuadSource, pattern: Pattern, row: Mapping[str, Term], language: str) -> str:
    own = words_or_english(language)
    said = f" {own['and']} ".join(
        BETWEEN.join(
            (
                _place(store, step.subject, row, language),
                _paths(store, step, language),
                _place(store, step.object, row, language),
            )
        )
        for step in pattern.steps
    )
    for inner in pattern.without:
        said += f" {own['without']} {_such(store, inner, row, language)}"
    return f"{said} ({own['on_conditions']})" if pattern.has_more else said


def _place(store: QuadSource, place: Place, row: Mapping[str, Term], language: str) -> str:
    term = row.get(place) if isinstance(place, str) else place
    return spelled(store, term, language) if term is not None else _ANYTHING


def _paths(store: QuadSource, step: Step, language: str) -> str:
    own = words_or_english(language)
    named = (_path(store, path, language) for path in step.paths)
    return f" {own['or']} ".join(named) or _ANYTHING


def _path(store: QuadSource, path: tuple[str, ...], language: str) -> str:
    is_a: str = words_or_english(language)["is_a"]
    return " / ".join(
        is_a if predicate == RDF_TYPE else label(store, NamedNode(predicate), language)
        for predicate in path
    )
