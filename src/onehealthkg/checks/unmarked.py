"""The significant words of a passage, and those that no statement accounts for.

Significant words are those that a reader would look for in the graph: those with a digit, those
with a capital letter inside the passage, and the names of concepts, organisations, people, posts,
places and programmes. A word is accounted for if it belongs to a name of something in the graph of
the passage, to a name or title stated there, or to a date, duration or number that is stated.
Literals that only repeat the text, such as ``oh:scopeInWords``, account for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from onehealthkg.checks.mentions import is_text, language_of
from onehealthkg.names import OH
from onehealthkg.reading.characters import plain
from onehealthkg.reading.durations import in_months_and_days
from onehealthkg.reading.mention import DATE, DURATION, Mention
from onehealthkg.reading.names import names_of
from onehealthkg.reading.read import quoted, read
from onehealthkg.reading.tokens import Token, tokens
from onehealthkg.terms import named_node, values

_TYPE = named_node("rdf:type")
_KINDS = {
    *(named_node("skos:Concept"), named_node("foaf:Person"), named_node("dcterms:Location")),
    *(named_node("org:Organization"), named_node("org:Post"), named_node("oh:Programme")),
}


class Unmarked(NamedTuple):
    """The number of significant words of a passage, and the places of those not accounted for.

    ``places`` are pairs of offsets in the text of the passage, the second after the last letter.
    """

    significant: int
    places: list[tuple[int, int]]


class Finder:
    """Finds the unmarked words of the passages of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = names_of(store)

    def unmarked(self, passage: NamedNode, text: str) -> Unmarked:
        """The significant words of a passage with this text, and those without a statement."""
        language = language_of(self._store, passage)
        mentions = read(text, language, self._names)
        shown = plain(text)
        words = {
            shown.span(word.start, word.end): word
            for word in tokens(shown.text, language)
            if not word.is_stop
        }
        named = [(mention.start, mention.end) for mention in mentions if self._is_of_thing(mention)]
        significant = [
            place
            for number, (place, word) in enumerate(words.items())
            if _is_inside(place, named) or _catches_the_eye(word, first=number == 0)
        ]
        accounted = list(self._accounted(passage, text, mentions))
        left = [place for place in significant if not _is_inside(place, accounted)]
        return Unmarked(len(significant), left)

    def _is_of_thing(self, mention: Mention) -> bool:
        """Whether a mention is of a thing that a graph can be about."""
        kinds = {kind for thing in mention.things for kind in values(self._store, thing, _TYPE)}
        return not _KINDS.isdisjoint(kinds)

    def _accounted(
        self, passage: NamedNode, text: str, mentions: list[Mention]
    ) -> Iterator[tuple[int, int]]:
        """The places of words that express a statement of the passage's graph."""
        quads = [
            quad
            for quad in self._store.quads_for_pattern(None, None, None, passage)
            if not (isinstance(quad.object, Literal) and quad.object.language and _is_ours(quad))
        ]
        stated = {term for quad in quads for term in quad.triple}
        literals = [term for term in stated if isinstance(term, Literal)]
        for mention in mentions:
            if not stated.isdisjoint(mention.things) or any(
                _says(mention, literal) for literal in literals
            ):
                yield mention.start, mention.end
        for literal in literals:
            if is_text(literal):
                yield from quoted(literal.value, text)


def _is_ours(quad: Quad) -> bool:
    return quad.predicate.value.startswith(OH)


def _is_inside(place: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def _catches_the_eye(word: Token, *, first: bool) -> bool:
    """Whether a word has a digit, or a capital letter that does not open the passage."""
    return any(map(str.isdigit, word.text)) or (not first and word.text[0].isupper())


def _says(mention: Mention, literal: Literal) -> bool:
    """Whether a date, length of time or number is the one that a literal states."""
    if mention.things:
        return False
    if mention.kind == DURATION:
        return in_months_and_days(mention.value.value) == in_months_and_days(literal.value)
    same = mention.value.value == literal.value
    return same and (mention.kind != DATE or mention.value.datatype == literal.datatype)
