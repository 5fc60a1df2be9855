"""Statements matching a pattern written by a person, in the words of ``show`` or short names."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.evidence.answers import BETWEEN, spelled
from onehealthkg.evidence.evidence import Statement, statements
from onehealthkg.labels import SHOWN, find, spellings
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.safe import is_unicode
from onehealthkg.terms import QuadSource, Term, named_node, plain, subjects
from onehealthkg.words import languages, words

_TYPE, _SYMMETRIC = named_node("rdf:type"), named_node("owl:SymmetricProperty")


def matching(store: QuadSource, text: str, language: str = "en") -> list[Statement]:
    """The statements that a text names by subject, predicate and object, with their evidence.

    The three parts are separated as ``show`` prints them, by `` · ``, or by white space, with a
    part that has spaces between double quotes; ``*`` matches any term. If several things share a
    name, the one with a matching statement is meant. A symmetric property matches in both
    directions. Raises UsageError for a malformed pattern, and UnknownThing if a part is unknown or
    ambiguous, or nothing matches.
    """
    subject, predicate, term = _parts(text)
    quads = [
        quad
        for start in _meant(store, subject) or [None]
        for verb in _properties(store, predicate) or [None]
        for quad in _either_way(store, start, verb)
    ]
    if term != "*":
        quads = _with_value(store, quads, term) or _with_object(store, quads, term)
    for place, part in ((0, subject), (1, predicate), (2, term)):
        quads = _of_one(store, quads, place, part)
    if not quads:
        raise UnknownThing(f"No graph holds the statement {text}.")
    stated = [quad if quad in store else _turned(quad) for quad in quads]
    return statements(store, dict.fromkeys(stated), language)


def _either_way(
    store: QuadSource, start: NamedNode | None, verb: NamedNode | None
) -> Iterator[Quad]:
    """The quads of a subject and a property; those of a symmetric property from either side."""
    yield from store.quads_for_pattern(start, verb, None)
    if verb in subjects(store, _TYPE, _SYMMETRIC):
        yield from map(_turned, store.quads_for_pattern(None, verb, start))


def _turned(quad: Quad) -> Quad:
    """A quad with subject and object exchanged; unchanged if the object is a literal."""
    if isinstance(quad.object, Literal):
        return quad
    return Quad(quad.object, quad.predicate, quad.subject, quad.graph_name)


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
            f'"{text}" is not a statement; write subject, predicate and object, with double quotes '
            "around a part that has spaces, as in: Inserm founded 1964, or copy a line of show, as "
            "in: Inserm · founded · 1964"
        )
    return parts


def _things(store: QuadSource, text: str) -> tuple[set[NamedNode], UnknownThing | None]:
    """The things that a text may mean, and the error if it does not name a thing of the project."""
    found = _labelled(store, text)
    try:
        found.add(find(store, text))
    except UnknownThing as unknown:
        return found, unknown.with_traceback(None)  # else it keeps iterators of the store alive
    return found, None


def _meant(store: QuadSource, text: str) -> set[NamedNode]:
    """The things that a text may mean; none for ``*``. Raises UnknownThing."""
    if text == "*":
        return set()
    found, unknown = _things(store, text)
    if unknown and not found:
        raise unknown
    return found


def _properties(store: QuadSource, text: str) -> set[NamedNode]:
    """The properties that a text may mean; none for ``*``. Raises UnknownThing."""
    if any(text == words(language)["is_a"] for language in languages()):
        return {NamedNode(RDF_TYPE)}
    spelt = {predicate for predicate in spellings(text) if _is_used(store, predicate)}
    found = spelt or _meant(store, text)
    return {predicate for predicate in found if _is_used(store, predicate)} or found


def _with_value(store: QuadSource, quads: list[Quad], text: str) -> list[Quad]:
    """The quads with a value, if all objects are values: then no name need be looked for."""
    if any(not isinstance(quad.object, Literal) for quad in quads):
        return []
    return [quad for quad in quads if _is(store, quad.object, text, set())]


def _with_object(store: QuadSource, quads: list[Quad], text: str) -> list[Quad]:
    """The quads with an object. Raises UnknownThing for one without quads that names nothing."""
    things, unknown = _things(store, text)
    found = [quad for quad in quads if _is(store, quad.object, text, things)]
    if unknown and not found:
        raise unknown
    return found


def _is(store: QuadSource, term: Term, text: str, things: set[NamedNode]) -> bool:
    """Whether an object is one of the things, or a value as it is written or shown."""
    if isinstance(term, Literal):
        return text == term.value or text in (
            spelled(store, term, language) for language in languages()
        )
    return term in things


def _of_one(store: QuadSource, quads: list[Quad], place: int, text: str) -> list[Quad]:
    """The quads with a single thing in a place: the best match of the name, if there is one.

    Raises UnknownThing with the candidates.
    """
    named = {quad[place] for quad in quads if isinstance(quad[place], NamedNode)}
    if text == "*" or len(named) < 2:
        return quads
    best = named & {find(store, text)} if _things(store, text)[1] is None else set()
    if not best:
        raise UnknownThing(
            f'"{text}" is the name of several things; write one of them: '
            + ", ".join(sorted(compact(plain(thing)) for thing in named))
        )
    return [quad for quad in quads if quad[place] in best]


def _labelled(store: QuadSource, text: str) -> set[NamedNode]:
    """The things, ours and others, that are shown by a label."""
    if not is_unicode(text):
        return set()  # a lone surrogate is in no label
    labels: list[Term] = [Literal(text)]
    labels += [Literal(text, language=language) for language in languages()]
    return {
        quad.subject
        for naming in SHOWN
        for name in labels
        for quad in store.quads_for_pattern(None, naming, name)
        if isinstance(quad.subject, NamedNode)
    }


def _is_used(store: QuadSource, predicate: NamedNode) -> bool:
    return next(store.quads_for_pattern(None, predicate, None), None) is not None
