"""The telling words of a passage, and those of them for which no statement accounts.

Telling are the words that a reader would look for in the graph: those with a digit, those with a
capital letter inside the passage, and the names of concepts, organisations, people, posts, places
and programmes. A word is accounted for where it belongs to a name of something in the graph of the
passage, to a name or title stated there, or to a date or number. What the graph merely repeats, as
``oh:scopeInWords`` does, accounts for nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from onehealthkg.checks.words import WORD, names, normalised
from onehealthkg.names import OH, expand
from onehealthkg.terms import named_node, values
from onehealthkg.words import languages, words

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPE = named_node("rdf:type")
_KINDS = {
    *(named_node("skos:Concept"), named_node("foaf:Person"), named_node("dcterms:Location")),
    *(named_node("org:Organization"), named_node("org:Post"), named_node("oh:Programme")),
}
_WITH_MONTH = {expand("xsd:date"), expand("xsd:gYearMonth")}
_NUMBER = re.compile(r"\d+")


class Unmarked(NamedTuple):
    """How many words of a passage are telling, and where those stand that nothing accounts for.

    ``places`` are pairs of offsets in the text of the passage, the second after the last letter.
    """

    telling: int
    places: list[tuple[int, int]]


class Finder:
    """Finds the unmarked words of the passages of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = names(store)
        self._longest = max((len(name.split()) for name in self._names), default=0)
        self._months = [
            {normalised(words(language)["months"][month]).strip() for language in languages()}
            for month in range(12)
        ]

    def unmarked(self, passage: NamedNode, text: str) -> Unmarked:
        """The telling words of a passage with this text, and those without a statement."""
        tokens = [match[0] for match in WORD.finditer(text)]
        triples = [
            quad.triple
            for quad in self._store.quads_for_pattern(None, None, None, passage)
            if not (isinstance(quad.object, Literal) and quad.object.language and _is_ours(quad))
        ]
        stated = {term for triple in triples for term in triple}
        literals = [term for term in stated if isinstance(term, Literal)]
        quoted = {normalised(literal.value) for literal in literals}
        telling = self._inside(tokens, lambda run: self._tells(self._names.get(run, set())))
        telling |= {
            place
            for place, token in enumerate(tokens)
            if _NUMBER.search(token) or (place and token[0].isupper())
        }
        accounted = self._inside(
            tokens, lambda run: run in quoted or not stated.isdisjoint(self._names.get(run, set()))
        )
        numbers = {word for literal in literals for word in self._numbers(literal)}
        accounted |= {place for place, token in enumerate(tokens) if _plain(token) in numbers}
        spans = [match.span() for match in WORD.finditer(text)]
        return Unmarked(len(telling), [spans[place] for place in sorted(telling - accounted)])

    def _inside(self, tokens: list[str], is_known: Callable[[str], bool]) -> set[int]:
        """The places of the words that belong to a run of words that is known, however long."""
        longest = max(self._longest, 1)
        lowered = [token.lower() for token in tokens]
        return {
            place
            for start in range(len(tokens))
            for end in range(start + 1, min(start + longest, len(tokens)) + 1)
            if is_known(f" {' '.join(lowered[start:end])} ")
            for place in range(start, end)
        }

    def _tells(self, things: set[NamedNode]) -> bool:
        return any(not _KINDS.isdisjoint(values(self._store, thing, _TYPE)) for thing in things)

    def _numbers(self, literal: Literal) -> set[str]:
        """The numbers in a literal, and the names of its month."""
        numbers = [_plain(number) for number in _NUMBER.findall(literal.value)]
        dated = literal.datatype.value in _WITH_MONTH and len(numbers) > 1
        return {*numbers, *(self._months[int(numbers[1]) - 1] if dated else ())}


def _is_ours(quad: Quad) -> bool:
    return quad.predicate.value.startswith(OH)


def _plain(token: str) -> str:
    """A word in lower case, a number without the zeros before it."""
    return token.lower().lstrip("0") or "0"
