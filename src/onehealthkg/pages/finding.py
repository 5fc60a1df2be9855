"""Search over the names of all things, in both languages, and over the words of the passages.

Case, accents and the order of words do not matter; each word of the search must begin a word of
the result. Things come before passages, exact names before others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple
from unicodedata import normalize

from pyoxigraph import NamedNode

from onehealthkg.evidence.evidence import passages_of, texts_of
from onehealthkg.labels import NAMING, WORDING
from onehealthkg.names import local_name
from onehealthkg.pages.view import Name, View
from onehealthkg.pages.world import World
from onehealthkg.terms import plain

MOST = 50
"""The number of things, and of passages, that a page shows."""

_NOT_A_LETTER = re.compile(r"[^\w]+")
_MARK = re.compile(r"[\u0300-\u036f]")


class Found(NamedTuple):
    """A result: its name, the key of its kind, or the words of a passage."""

    name: Name
    kind: str = ""
    quote: str = ""


class Index:
    """An index of the words of a world, each with the things and passages that contain it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._names: dict[NamedNode, list[str]] = {}
        self._texts: dict[NamedNode, str] = {}
        self._places: dict[str, set[NamedNode]] = defaultdict(set)
        for thing in world.kinds:
            values = world.facts.values(
                thing, *(predicate.value for predicate in (*NAMING, WORDING))
            )
            self._names[thing] = list(map(plain, values))
        store = world.facts.selection.store
        texts = (text for document in world.text_addresses for text in texts_of(store, document))
        for passage in (passage for text in texts for passage in passages_of(store, text)):
            self._texts[NamedNode(passage.iri)] = passage.quote
        for thing, names in self._names.items():
            self._add(thing, " ".join(names))
        for node, words in self._texts.items():
            self._add(node, words)
        self._sorted = sorted(self._places)

    def _add(self, thing: NamedNode, words: str) -> None:
        for word in folded_words(words):
            self._places[word].add(thing)

    def things(self, sought: str) -> list[NamedNode]:
        """The things whose names have all the words, exact names first."""
        words = folded_words(sought)
        whole = " ".join(words)

        def rank(thing: NamedNode) -> tuple[int, str]:
            names = [" ".join(folded_words(name)) for name in self._names[thing]]
            first = next((place for place, name in enumerate(names) if name == whole), None)
            begins = any(name.startswith(whole) for name in names)
            return (0 if first is not None else 1 if begins else 2), names[0]

        return sorted((thing for thing in self._having(words) if thing in self._names), key=rank)

    def passages(self, sought: str) -> list[tuple[NamedNode, str]]:
        """The passages that contain all the words, with their texts, in order."""
        found = self._having(folded_words(sought)) & self._texts.keys()
        return [(passage, self._texts[passage]) for passage in self._texts if passage in found]

    def _having(self, words: list[str]) -> set[NamedNode]:
        """The things and passages with a word that begins with each of these."""
        sets = [self._beginning(word) for word in dict.fromkeys(words)]
        return set.intersection(*sets) if sets else set()

    def _beginning(self, start: str) -> set[NamedNode]:
        found: set[NamedNode] = set()
        for place in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                break
            found |= self._places[self._sorted[place]]
        return found


def folded_words(text: str) -> list[str]:
    """The words of a text without case and accents."""
    plain_letters = _MARK.sub("", normalize("NFKD", text.casefold()))
    return [word for word in _NOT_A_LETTER.split(plain_letters) if word]


def results_page(view: View, index: Index, sought: str) -> str:
    """The page ``search`` with the results."""
    things = [
        Found(view.name(thing), view.world.kinds[thing]) for thing in index.things(sought)[:MOST]
    ]
    passages = [
        Found(_place(view, passage), quote=quote)
        for passage, quote in index.passages(sought)[:MOST]
    ]
    heading = view.words["results_for"].format(text=sought) if sought else view.words["search_all"]
    return view.render("found.html", heading, sought=sought, things=things, passages=passages)


def _place(view: View, passage: NamedNode) -> Name:
    """A passage by the title of its text, with a link to the passage."""
    iri, _, anchor = passage.value.partition("#")
    document = NamedNode(iri)
    page = view.world.text_addresses[document]
    return Name(f"{view.facts.label(document)}, {local_name(anchor)}", f"{view.to(page)}#{anchor}")
