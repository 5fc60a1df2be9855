"""The words of the passages and the names that they mention, as facts that the checks ask for.

A name is mentioned where its words stand in a passage, one after the other. Only letters and digits
count, upper and lower case are alike. The facts are in the default graph of a copy of the store, so
that they are in no file, export or citation::

    <passage> ohs:words " the words of the passage " ;
        ohs:quotes " words of a text that its graph states " .
    [] ohs:in <passage> ; ohs:of <thing> ; ohs:name " words of a name of the thing " .

The space on either side makes ``CONTAINS`` find whole words only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from onehealthkg.labels import FORMER_NAME, PREFERRED, WORDING
from onehealthkg.terms import named_node, subjects, values

WORDS, QUOTES, IN, OF, NAME = (
    named_node(f"ohs:{name}") for name in ("words", "quotes", "in", "of", "name")
)
_SELECTOR, _EXACT = named_node("oa:hasSelector"), named_node("oa:exact")
_NAMING = (PREFERRED, named_node("skos:altLabel"), FORMER_NAME, WORDING)
"""The names that editors give; what a passage itself states as a name says nothing of its words."""

_WORD = re.compile(r"[^\W_]+")


def with_words(store: Store) -> Store:
    """A copy of a store that also has the words of its passages and what they mention."""
    copy = Store()
    copy.extend(store)
    copy.extend(_facts(store))
    return copy


def normalised(text: str) -> str:
    """The words of a text in lower case, one space before, between and after them."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def mentioned(words: str, names: Container[str], longest: int) -> Iterator[str]:
    """The names of at most ``longest`` words that stand in the words of a passage, each once.

    Words and names are normalised.
    """
    parts = words.split()
    runs = (
        f" {' '.join(parts[start:end])} "
        for start in range(len(parts))
        for end in range(start + 1, min(start + longest, len(parts)) + 1)
    )
    return (run for run in dict.fromkeys(runs) if run in names)


def _facts(store: Store) -> Iterator[Quad]:
    names = _names(store)
    longest = max((len(name.split()) for name in names), default=0)
    for passage in subjects(store, _SELECTOR):
        words = "".join(normalised(exact) for exact in _quotes(store, passage))
        yield Quad(passage, WORDS, Literal(words))
        for quad in store.quads_for_pattern(None, None, None, passage):
            if isinstance(quad.object, Literal) and normalised(quad.object.value) in words:
                yield Quad(passage, QUOTES, Literal(normalised(quad.object.value)))
        for name in mentioned(words, names, longest):
            for thing in names[name]:
                mention = BlankNode()
                yield Quad(mention, IN, passage)
                yield Quad(mention, OF, thing)
                yield Quad(mention, NAME, Literal(name))


def _quotes(store: Store, passage: NamedNode) -> Iterator[str]:
    """The text of a passage: one, unless its selectors are wrong."""
    texts = (
        text
        for selector in values(store, passage, _SELECTOR)
        for text in values(store, selector, _EXACT)
    )
    return (text.value for text in dict.fromkeys(texts) if isinstance(text, Literal))


def _names(store: Store) -> dict[str, set[NamedNode]]:
    """The things that have each name."""
    things: dict[str, set[NamedNode]] = defaultdict(set)
    for naming in _NAMING:
        for quad in store.quads_for_pattern(None, naming, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                things[normalised(quad.object.value)].add(quad.subject)
    return things
