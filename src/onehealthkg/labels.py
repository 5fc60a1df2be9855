"""From names to things and back: labels in a language, and the thing that a text means.

A thing is named by its IRI, its short form (``id:organisation-inserm``), its local name
(``organisation-inserm``), a passage also by document and number
(``2020-02-05-anses-inserm#s5``), or by any of its labels, compared as ``suggest.folded`` says. A
former name means the thing of today, and a note in the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeGuard
from unicodedata import normalize

from pyoxigraph import Literal, NamedNode

from onehealthkg import suggest
from onehealthkg.errors import UnknownThing
from onehealthkg.names import HOME, ID, OH, SOURCE, compact, expand, local_name
from onehealthkg.terms import QuadSource, Term, named_node, plain, value, values

PREFERRED = named_node("skos:prefLabel")
FORMER_NAME = named_node("oh:formerName")
_RENAMED = named_node("oh:dateRenamed")
OTHER_NAMES = (named_node("skos:altLabel"), FORMER_NAME)
TITLES = tuple(named_node(name) for name in ("rdfs:label", "dcterms:title", "oh:inWords"))
NAMING = (PREFERRED, *OTHER_NAMES, *TITLES)
"""The properties that name a thing, the best names first: the one list of them."""

LABELS = tuple(named_node(name) for name in ("skos:prefLabel", "rdfs:label", "dcterms:title"))
"""The properties among these that only give the label by which a thing is shown."""

WORDING = named_node("skos:hiddenLabel")
"""The property for words by which texts mention a thing without being a name of it."""

_log = logging.getLogger(__name__)
_RANKS = {
    PREFERRED: 0,
    **dict.fromkeys(OTHER_NAMES, 1),
    FORMER_NAME: 2,
    **dict.fromkeys(TITLES, 3),
}
_RANK_OF_LOCAL_NAMES = 4
_TAGS = ("en", "fr", None)  # the languages of most names
SHOWN = (PREFERRED, *TITLES)
"""The properties whose values are shown as labels, the best first."""

_NOT_IN_IRI = frozenset(' <>"{}|\\^`') | {chr(code) for code in range(32)}


def label(store: QuadSource, thing: Term, language: str = "en") -> str:
    """The label of a thing in a language, else in English, else any, else its short form."""
    texts = (in_language(store, thing, naming, language) for naming in SHOWN)
    return next(filter(None, texts), "") or compact(plain(thing))


def in_language(store: QuadSource, thing: Term, predicate: NamedNode, language: str = "en") -> str:
    """The value of a property in a language, else in English, else in any, else empty."""
    return best_text(values(store, thing, predicate), language)


def best_text(terms: Iterable[Term], language: str = "en") -> str:
    """The text in a language, else in English, else in any, else empty."""
    texts = {term.language: term.value for term in terms if isinstance(term, Literal)}
    if not texts:
        return ""
    return texts.get(language) or texts.get("en") or texts[min(texts, key=str)]


def named_things(store: QuadSource) -> list[NamedNode]:
    """The things of ours that have a name, sorted."""
    return sorted({thing for _, thing, _ in _names(store)}, key=lambda thing: thing.value)


def find(store: QuadSource, text: str) -> NamedNode:
    """The thing that a text names.

    Raises UnknownThing, which suggests similar names or lists the things that share the name.
    """
    for node in spellings(text):
        about = store.quads_for_pattern(node, None, None)
        if next(about, None) or next(store.quads_for_pattern(None, None, node), None):
            return node
    best = _best(store, text, _exact(store, text) or _matches(text, list(_names(store))))
    if len(best) == 1:
        return best[0]
    if best:
        raise UnknownThing(
            f'"{text}" is the name of several things; write one of them: '
            + ", ".join(compact(thing.value) for thing in best)
        )
    meant = suggest.question(near(store, text))
    raise UnknownThing(f'There is nothing named "{text}".{meant}')


def called(
    store: QuadSource,
    text: str,
    is_meant: Callable[[NamedNode], bool],
    things: Callable[[], Iterable[NamedNode]],
) -> list[NamedNode]:
    """The things that have a text as a name, sorted; only the best rank counts.

    They are among ``things``, which ``is_meant`` accepts.
    """
    matches = [(rank, thing) for rank, thing in _exact(store, text) if is_meant(thing)]
    if not matches:
        names = [
            (rank, thing, name) for thing in things() for rank, name in _names_of(store, thing)
        ]
        matches = _matches(text, names)
    return _best(store, text, matches)


def _exact(store: QuadSource, text: str) -> list[tuple[int, NamedNode]]:
    """The things that have a text as a name, in its case or a usual one, with its rank.

    The store finds them at once, and to compare all names takes as long as there are names.
    """
    cases = dict.fromkeys((text, text.lower(), text.upper(), text.title(), text.capitalize()))
    try:
        literals = [Literal(case, language=tag) for case in cases for tag in _TAGS]
    except UnicodeEncodeError:  # not a name
        return []
    return [
        (_RANKS[quad.predicate], quad.subject)
        for literal in literals
        for quad in store.quads_for_pattern(None, None, literal)
        if quad.predicate in _RANKS and _is_ours(quad.subject)
    ]


def _matches(text: str, names: Sequence[tuple[int, NamedNode, str]]) -> list[tuple[int, NamedNode]]:
    """The things that have a text as a name, with its rank; if none has, accents do not count."""
    for form in (suggest.folded, suggest.unaccented):
        wanted = form(text)
        matches = [(rank, thing) for rank, thing, name in names if form(name) == wanted]
        if matches:
            return matches
    return []


def near(store: QuadSource, text: str) -> list[str]:
    """The things with names most like a text, at most three: ``ANSES (id:organisation-anses)``."""
    names = [(name, thing) for _, thing, name in _names(store)]
    likest = _most_similar(store, text.removeprefix("id:"), names)
    return [f"{name} ({short})" if name != short else short for name, short in likest]


def near_among(store: QuadSource, text: str, things: Iterable[NamedNode]) -> list[str]:
    """The names of some things most like a text, at most three, each of a different thing."""
    names = [
        (name, thing)
        for thing in things
        for rank, name in _names_of(store, thing)
        if rank != _RANK_OF_LOCAL_NAMES
    ]
    return [name for name, _ in _most_similar(store, text, names)]


def _most_similar(
    store: QuadSource, text: str, names: Iterable[tuple[str, NamedNode]]
) -> list[tuple[str, str]]:
    """The most similar names, one for each thing, with short forms; labels replace local names."""
    given = list(names)
    named = {name.casefold(): (name, thing) for name, thing in reversed(given)}
    local = {local_name(thing.value): thing for _, thing in given}
    likest: dict[NamedNode, str] = {}
    for name in suggest.ranked(text, {**named, **local}):
        shown, thing = named.get(name) or ("", local[name])
        likest.setdefault(thing, shown or label(store, thing))
    return [(name, compact(thing.value)) for thing, name in likest.items()][: suggest.MOST]


def nearest(store: QuadSource, iri: str) -> str:
    """A suggestion for the IRI of a thing that does not exist, as a sentence, or empty.

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
    """A text as it appears in local names: small ASCII letters and digits."""
    letters = normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in letters if c < "\x80").split())


def spellings(text: str) -> Iterator[NamedNode]:
    """The IRIs that a text can stand for; empty if it cannot be part of an IRI."""
    candidates = [expand(text), *(start + text for start in (ID, SOURCE, OH) if ":" not in text)]
    for iri in candidates:
        if ":" in iri and not _NOT_IN_IRI.intersection(iri):
            try:
                node = NamedNode(iri)
            except ValueError:  # a character not allowed in an IRI, or a lone %
                continue
            yield node


def _best(store: QuadSource, text: str, matches: list[tuple[int, NamedNode]]) -> list[NamedNode]:
    """The things whose name ranks best, sorted; logs a note if it is a former name."""
    best = min((rank for rank, _ in matches), default=0)
    things = sorted(
        {thing for rank, thing in matches if rank == best}, key=lambda thing: thing.value
    )
    if best == _RANKS[FORMER_NAME] and len(things) == 1:
        name, short = label(store, things[0]), compact(things[0].value)
        renamed = value(store, things[0], _RENAMED)
        since = f", renamed {plain(renamed)}" if renamed else ""
        note = '"%s" is a former name of %s (%s%s), which is meant here.'
        _log.warning(note, text, name, short, since)
    return things


def _names_of(store: QuadSource, thing: NamedNode) -> Iterator[tuple[int, str]]:
    """The names of a thing, each with its rank, best first; its local name comes last."""
    for naming, rank in _RANKS.items():
        for name in values(store, thing, naming):
            if isinstance(name, Literal):
                yield rank, name.value
    yield _RANK_OF_LOCAL_NAMES, local_name(thing.value)


def _names(store: QuadSource) -> Iterator[tuple[int, NamedNode, str]]:
    """The names of our things, each with its rank: preferred labels, other names, titles."""
    for naming, rank in _RANKS.items():
        for quad in store.quads_for_pattern(None, naming, None):
            if isinstance(quad.object, Literal) and _is_ours(quad.subject):
                yield rank, quad.subject, quad.object.value


def _is_ours(thing: Term) -> TypeGuard[NamedNode]:
    """Whether a thing belongs to this project; external concepts may share its name."""
    return isinstance(thing, NamedNode) and thing.value.startswith(HOME)
