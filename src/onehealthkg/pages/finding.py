"""Search over the names of all things, in both languages, and over the words of the passages.

Case, accents and the order of words do not matter; each word of the search must begin a word of
the result. Things come before passages, exact names before others.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import NamedTuple
from unicodedata import normalize

from pyoxigraph import NamedNode

from onehealthkg.names import local_name
from onehealthkg.pages.view import Name, View
from onehealthkg.pages.world import World
from onehealthkg.terms import Term, plain

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
    """An index of the words of a world, each with the things and passages that contain it.

    A thing or a passage is a number here: its place in the list of all.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._texts = _passages(world)
        self._all = [*world.kinds, *self._texts]
        self._names = [self._folded_names(thing) for thing in world.kinds]
        self._places: dict[str, array[int]] = {}
        for number, names in enumerate(self._names):
            self._add(number, names.split())
        for number, text in enumerate(self._texts.values(), len(self._names)):
            self._add(number, folded_words(text))
        self._sorted = sorted(self._places)

    def _folded_names(self, thing: NamedNode) -> str:
        """The names of a thing, each in a line."""
        return "\n".join(" ".join(folded_words(name)) for name in self._names_of(thing))

    def _names_of(self, thing: NamedNode) -> Iterator[str]:
        for table in self.world.texts.values():
            yield from (name.value for name in sorted(table.get(thing, ()), key=str))

    def _add(self, number: int, words: Iterable[str]) -> None:
        for word in set(words):
            self._places.setdefault(word, array("I")).append(number)

    def things(self, sought: str) -> list[NamedNode]:
        """The first ``MOST`` things whose names have all the words, exact names first."""
        words = folded_words(sought)
        whole = " ".join(words)

        def rank(number: int) -> tuple[int, str, str]:
            names = f"\n{self._names[number]}\n"
            order = 0 if f"\n{whole}\n" in names else 1 if f"\n{whole}" in names else 2
            return order, names.split("\n", 2)[1], self._all[number].value

        found = (number for number in self._having(words) if number < len(self._names))
        return [self._all[number] for number in nsmallest(MOST, found, key=rank)]

    def passages(self, sought: str) -> list[tuple[NamedNode, str]]:
        """The first ``MOST`` passages that contain all the words, with their texts, in order."""
        having = self._having(folded_words(sought))
        found = nsmallest(MOST, (number for number in having if number >= len(self._names)))
        return [(self._all[number], self._texts[self._all[number]]) for number in found]

    def _having(self, words: list[str]) -> set[int]:
        """The things and passages with a word that begins with each of these."""
        sets = [self._beginning(word) for word in dict.fromkeys(words)]
        return set.intersection(*sets) if sets else set()

    def _beginning(self, start: str) -> set[int]:
        found: set[int] = set()
        for place in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                break
            found.update(self._places[self._sorted[place]])
        return found


def _passages(world: World) -> dict[NamedNode, str]:
    """The words of the passages of all archived texts, in order."""
    facts = world.facts
    order = {document: number for number, document in enumerate(world.text_addresses)}
    texts: dict[Term, tuple[int, str]] = {
        text: (order[document], plain(text))
        for text, document in facts.pairs("dcterms:isFormatOf")
        if isinstance(document, NamedNode) and document in order
    }
    starts: dict[Term, str] = {each: plain(start) for each, start in facts.pairs("oa:start")}
    quotes: dict[Term, str] = {each: plain(quote) for each, quote in facts.pairs("oa:exact")}
    selectors: dict[Term, list[Term]] = defaultdict(list)
    for passage, selector in facts.pairs("oa:hasSelector"):
        selectors[passage].append(selector)
    places: dict[NamedNode, tuple[int, str, int]] = {}
    for passage, text in facts.pairs("oa:hasSource"):
        if isinstance(passage, NamedNode) and text in texts:
            start = next((starts[each] for each in selectors[passage] if each in starts), "")
            places[passage] = (*texts[text], int(start) if start.isdecimal() else 0)
    return {
        passage: next((quotes[each] for each in selectors[passage] if each in quotes), "")
        for passage in sorted(places, key=places.__getitem__)
    }


def folded_words(text: str) -> list[str]:
    """The words of a text without case and accents."""
    plain_letters = _MARK.sub("", normalize("NFKD", text.casefold()))
    return [word for word in _NOT_A_LETTER.split(plain_letters) if word]


def results_page(view: View, index: Index, sought: str) -> str:
    """The page ``search`` with the results."""
    things = [Found(view.name(thing), view.world.kinds[thing]) for thing in index.things(sought)]
    passages = [
        Found(_place(view, passage), quote=quote) for passage, quote in index.passages(sought)
    ]
    heading = view.words["results_for"].format(text=sought) if sought else view.words["search_all"]
    return view.render("found.html", heading, sought=sought, things=things, passages=passages)


def _place(view: View, passage: NamedNode) -> Name:
    """A passage by the title of its text, with a link to the passage."""
    iri, _, anchor = passage.value.partition("#")
    document = NamedNode(iri)
    page = view.world.text_addresses[document]
    return Name(f"{view.facts.label(document)}, {local_name(anchor)}", f"{view.to(page)}#{anchor}")
