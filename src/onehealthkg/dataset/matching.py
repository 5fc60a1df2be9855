"""The statements that a person names, in the words that ``show`` prints or by short names."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad, Store

from onehealthkg.dataset.answers import BETWEEN, spelled
from onehealthkg.dataset.evidence import Statement, statements
from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.labels import SHOWN, find
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import Term
from onehealthkg.wording import languages, words


def matching(store: Store, text: str, language: str = "en") -> list[Statement]:
    """The statements that a text names by subject, predicate and object, with their evidence.

    The three parts are separated as ``show`` prints them, by `` · ``, or by white space, with a
    part that has spaces between double quotes; ``*`` stands for anything. Raises UsageError, which
    says what is wrong, and UnknownThing, which says which part is unknown or has several meanings,
    or that nothing states it.
    """
    subject, predicate, term = _parts(text)
    quads: Iterable[Quad] = store.quads_for_pattern(
        None if subject == "*" else _thing(store, subject),
        None if predicate == "*" else _property(store, predicate),
        None,
    )
    found = statements(store, quads if term == "*" else _with_object(store, quads, term), language)
    if not found:
        raise UnknownThing(f"No graph holds the statement {text}.")
    return found


def _parts(text: str) -> list[str]:
    if BETWEEN in text:
        parts = [part.strip() for part in text.split(BETWEEN)]
    else:
        try:
            parts = shlex.split(text, posix=True)
        except ValueError:
            parts = []
    if len(parts) != 3:
        raise UsageError(
            f'"{text}" is no statement; write subject, predicate and object, with double quotes '
            "around a part that has spaces, as in: Inserm founded 1964, or copy a line of show, as "
            "in: Inserm · founded · 1964"
        )
    return parts


def _thing(store: Store, text: str) -> NamedNode:
    """The thing that a text names, one of others too if it is shown by that label."""
    try:
        return find(store, text)
    except UnknownThing:
        shown = _labelled(store, text)
        if len(shown) == 1:
            return shown.pop()
        raise


def _property(store: Store, text: str) -> NamedNode:
    """The property that a text names, by its label above all."""
    if any(text == words(language)["is_a"] for language in languages()):
        return NamedNode(RDF_TYPE)
    used = [one for one in _labelled(store, text) if _is_used(store, one)]
    if len(used) > 1:
        raise UnknownThing(
            f'"{text}" is the name of several properties; write one of them: '
            + ", ".join(sorted(compact(one.value) for one in used))
        )
    return used[0] if used else _thing(store, text)


def _with_object(store: Store, quads: Iterable[Quad], text: str) -> list[Quad]:
    """The quads whose object a text names: a thing, or a value as it is or as it is shown."""
    named, unknown = _labelled(store, text), None
    try:
        named = {find(store, text)}
    except UnknownThing as error:
        unknown = error
    found = [
        quad
        for quad in quads
        if quad.object in named
        or (isinstance(quad.object, Literal) and text in _forms(store, quad.object))
    ]
    things = {quad.object for quad in found if isinstance(quad.object, NamedNode)}
    if unknown and (not found or len(things) > 1):
        raise unknown
    return found


def _forms(store: Store, literal: Literal) -> tuple[str, str]:
    return literal.value, spelled(store, literal)


def _labelled(store: Store, text: str) -> set[NamedNode]:
    """The things, ours and others, that are shown by a label."""
    labels: list[Term] = [Literal(text)]
    labels += [Literal(text, language=language) for language in languages()]
    return {
        quad.subject
        for naming in SHOWN
        for name in labels
        for quad in store.quads_for_pattern(None, naming, name)
        if isinstance(quad.subject, NamedNode)
    }


def _is_used(store: Store, one: NamedNode) -> bool:
    return next(store.quads_for_pattern(None, one, None), None) is not None
