"""Checks of labels against the names of their things, and against the labels of others.

The name of a thing never changes and is made of its label, ``id:organisation-institut-pasteur``: so
a label that is altered or given to another thing no longer has its words. English and French words
often begin alike: if the French labels of two concepts would be much more similar to the English
ones after an exchange, they were probably exchanged by mistake. If the words of both labels of a
thing occur elsewhere only in labels of the other language, their language tags are exchanged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from onehealthkg.kinds import WORDED, kind_of
from onehealthkg.labels import OTHER_NAMES, PREFERRED, WORDING
from onehealthkg.names import ID
from onehealthkg.reading.characters import without_accents
from onehealthkg.terms import Term, named_node, subjects, values

_STEM = 4  # letters: comparing and comparison
# The highest gain among the right labels is 0.46; that of two exchanged ones mostly is 1 to 2.
_EXCHANGED = 0.5
# A piece that is in more English labels does not suggest any pair: the number of pairs would grow
# with the square of the number of labels.
_COMMON = 150
_LANGUAGES = ("en", "fr")
_COUNTRY, _CODE = named_node("oh:country"), named_node("skos:notation")
_LABELS = (PREFERRED, *OTHER_NAMES, WORDING)

Flaw = tuple[str, Term, Term | None, str]
_Pair = tuple[set[str], set[str]]
_Labels = dict[NamedNode, tuple[Literal, Literal]]


def label_flaws(store: Store) -> Iterator[Flaw]:
    """Check, thing, label and message of each flaw."""
    yield from _unlike_names(store)
    pairs = _pairs_of_labels(store)
    yield from _exchanged(pairs)
    yield from _wrong_languages(pairs)
    yield from _other_countries(store)


def _unlike_names(store: Store) -> Iterator[Flaw]:
    stems: dict[NamedNode, set[str]] = defaultdict(set)
    for naming in _LABELS:
        for quad in store.quads_for_pattern(None, naming, None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID):
                stems[quad.subject] |= {word[:_STEM] for word in _words(quad.object)}
    for thing in stems:
        kind, *words = thing.value.removeprefix(ID).split("-")
        missing = [word for word in words if len(word) > 2 and word.isalpha()]
        missing = [word for word in missing if word[:_STEM] not in stems[thing]]
        if kind in WORDED and missing:
            message = (
                f"No label of the thing has the word {missing[0]} of its identifier; correct the "
                "label, or add the old label as skos:altLabel or oh:formerName."
            )
            yield "label-has-words-of-name", thing, None, message


def _exchanged(labels: _Labels) -> Iterator[Flaw]:
    pairs = {
        thing: (_pieces(english), _pieces(french)) for thing, (english, french) in labels.items()
    }
    having: dict[str, list[NamedNode]] = defaultdict(list)
    for thing, (english, _) in pairs.items():
        for piece in english:
            having[piece].append(thing)
    for thing, pair in pairs.items():
        near = (having[piece] for piece in pair[1] if len(having.get(piece, ())) <= _COMMON)
        for other in dict.fromkeys(other for having_it in near for other in having_it):
            gain = _gain(pair, pairs[other])
            if gain > _EXCHANGED and kind_of(thing) == kind_of(other) and thing != other:
                message = (
                    f"The French label is more similar to {labels[other][0]} of another thing; "
                    "exchange the labels if they are mixed up, else make one more precise."
                )
                yield "labels-translate-each-other", thing, labels[thing][1], message


def _gain(one: _Pair, other: _Pair) -> float:
    """The gain in similarity of two things' labels if the French ones were exchanged.

    0 if the first French label is not similar to the second English one.
    """
    crossed = _likeness(one[1], other[0])
    if crossed <= _EXCHANGED / 2:
        return 0.0
    return crossed + _likeness(one[0], other[1]) - _likeness(*one) - _likeness(*other)


def _wrong_languages(labels: _Labels) -> Iterator[Flaw]:
    """Pairs of labels whose words occur elsewhere only in the other language."""
    english = Counter(word for pair in labels.values() for word in set(_words(pair[0])))
    french = Counter(word for pair in labels.values() for word in set(_words(pair[1])))
    for thing, (one, other) in labels.items():
        first, second = set(_words(one)), set(_words(other))
        is_exchanged = _is_strange(first - second, english, french)
        if is_exchanged and _is_strange(second - first, french, english):
            message = (
                "Elsewhere the words of the English label are French, and those of the French "
                "label English; exchange the language tags."
            )
            yield "label-is-in-its-language", thing, one, message


def _is_strange(words: set[str], own: Counter[str], other: Counter[str]) -> bool:
    """Whether a word occurs elsewhere only in the other language, and none only in its own."""
    only_other = any(other[word] and own[word] == 1 for word in words)
    return only_other and not any(own[word] > 1 and not other[word] for word in words)


def _other_countries(store: Store) -> Iterator[Flaw]:
    """The labels of organisations that name another country."""
    names = {
        country: {label.value for label in _labels(store, country, PREFERRED)}
        for country in subjects(store, _CODE)
        | {quad.object for quad in store.quads_for_pattern(None, _COUNTRY, None)}
    }
    if not names:
        return
    known = sorted((re.escape(name) for each in names.values() for name in each), key=len)
    pattern = re.compile(rf"\b(?:{'|'.join(reversed(known))})\b")
    for quad in store.quads_for_pattern(None, _COUNTRY, None, DefaultGraph()):
        for label in _labels(store, quad.subject, PREFERRED, *OTHER_NAMES):
            named = set(pattern.findall(label.value))
            if named and not named & names[quad.object]:
                message = f"The label names {min(named)}; correct oh:country or the label."
                yield "country-is-in-name", quad.subject, label, message


def _labels(store: Store, thing: Term, *naming: NamedNode) -> set[Literal]:
    found = {label for one in naming for label in values(store, thing, one)}
    return {label for label in found if isinstance(label, Literal)}


def _pairs_of_labels(store: Store) -> _Labels:
    """The English and the French label of each thing."""
    labels: dict[NamedNode, dict[str, Literal]] = defaultdict(dict)
    for quad in store.quads_for_pattern(None, PREFERRED, None, DefaultGraph()):
        thing, label = quad.subject, quad.object
        if not isinstance(label, Literal) or not isinstance(thing, NamedNode):
            continue
        if label.language and kind_of(thing) in WORDED:
            labels[thing][label.language] = label
    return {
        thing: (by["en"], by["fr"]) for thing, by in labels.items() if {"en", "fr"} <= by.keys()
    }


def _likeness(one: set[str], other: set[str]) -> float:
    """From 0 to 1: the share of common pieces (the coefficient of Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _pieces(label: Term) -> set[str]:
    """All runs of four letters in the words of a label."""
    words = (word for word in _words(label) if len(word) >= _STEM)
    return {word[at : at + _STEM] for word in words for at in range(len(word) - _STEM + 1)}


@lru_cache(maxsize=1 << 13)
def _words(label: Term) -> list[str]:
    text = label.value if isinstance(label, Literal) else ""
    return re.findall(r"[a-z0-9]+", without_accents(text).replace("œ", "oe"))
