"""Labels whose words occur in a text in sequence, found by an index.

The index maps the keys of the words of a label, without accents and endings, to the label. A run of
words in the index is then compared word by word:

- Upper and lower case are alike, but an acronym matches only capitals (*who* is not WHO), and a
  proper name of a single word only a capitalised word (*nice* is not Nice).
- Singular and plural are alike, and in French masculine and feminine, but not of proper names (*the
  Instituts Pasteur*); capitals may lack accents.
- A label of the other language matches only as a proper name with the same capitals
  (*the Institut Pasteur*).
- No name continues across a comma or other punctuation that the label does not have.

A dictionary of words is enough: a character automaton (Aho-Corasick) would find no more, as names
begin and end with words, and could not ignore endings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.reading.characters import plain, without_accents
from onehealthkg.reading.inflection import singular
from onehealthkg.reading.tokens import Token, tokens

LANGUAGES = ("en", "fr")
"""The languages of texts."""

ORGANISATION, POST, PLACE, PERSON, PROGRAMME, WORD = (
    "organisation", "post", "place", "person", "programme", "word",
)  # fmt: skip
_PROPER = (ORGANISATION, PLACE, PERSON, PROGRAMME)

_COMMON_WORDS = {
    "en": "am an and are as at be by do for go he her his if in is it me my no not of on or our she"
    " so the they to up us was we who will you",
    "fr": "ai as au aux avec car ce ces dans de des du elle en est et eu il ils la le les leur ma"
    " mes mon ne ni nos on or ou par pas pour que qui sa se ses si son sur ta tu un une",
}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
"""Words that are also acronyms, so that in a line of capitals the meaning is ambiguous."""

_LONGEST = 60
"""The words of the longest name: of longer texts, each beginning would be looked for."""

_LINE = re.compile(r"[^\n]+")


class Label(NamedTuple):
    """A label of a thing of a kind; ``kind`` is WORD unless its labels are names."""

    literal: Literal
    thing: NamedNode
    kind: str

    @property
    def is_proper(self) -> bool:
        """Whether it is a proper name, not a word of the language."""
        return self.kind in _PROPER


class Index:
    """The labels that can match in texts of a language."""

    def __init__(self, labels: Iterable[Label], language: str) -> None:
        """Index the labels of one language, and proper names of the others."""
        self._language = language
        self._labels: dict[tuple[str, ...], list[tuple[Label, tuple[Token, ...]]]] = {}
        self._beginnings: set[tuple[str, ...]] = set()
        for label in labels:
            if not _is_foreign(label, language) or _counts_abroad(label):
                self._add(label, label_words(label.literal.value, language))

    def _add(self, label: Label, words: tuple[Token, ...]) -> None:
        if len(words) > _LONGEST:
            return
        without_stops = tuple(word for word in words if not word.is_stop)
        for form in dict.fromkeys((words, without_stops)):
            key = tuple(word.key for word in form)
            if key:
                self._labels.setdefault(key, []).append((label, form))
                self._beginnings.update(key[:length] for length in range(1, len(key) + 1))

    def runs(self, words: Sequence[Token], text: str) -> Iterator[tuple[int, int, Label]]:
        """The labels that occur in the words of a text, with their first and last character."""
        capitals = _lines_of_capitals(text)
        keys = [word.key for word in words]
        for first in range(len(words)):
            shout = any(words[first].start in line for line in capitals)
            last = first + 1
            while last <= len(words) and tuple(keys[first:last]) in self._beginnings:
                for label, form in self._labels.get(tuple(keys[first:last]), ()):
                    if self._say(words[first:last], form, label, shout=shout):
                        yield words[first].start, _end(words[last - 1], form[-1]), label
                last += 1

    def _say(
        self, words: Sequence[Token], form: Sequence[Token], label: Label, *, shout: bool
    ) -> bool:
        alone, language = len(form) == 1, self._language
        if alone and label.is_proper and form[0].text[0].isupper() > words[0].text[0].isupper():
            return False
        if _is_foreign(label, language) and not shout:
            return all(word.text == other.text for word, other in zip(words, form, strict=True))
        return all(
            _is_acronym(word, other, language, shout=shout, inflected=not label.is_proper)
            if other.is_acronym
            else _is_word(word, other, language, inflected=not label.is_proper)
            for word, other in zip(words, form, strict=True)
        )


@lru_cache(maxsize=4)  # the labels of a graph stay the same while its statements are tried
def index(labels: frozenset[Label], language: str) -> Index:
    """The index of labels for texts in a language."""
    return Index(labels, language)


@lru_cache(maxsize=1 << 16)  # the labels of a graph are read again with each of its variants
def label_words(label: str, language: str) -> tuple[Token, ...]:
    """The words and stops of a label, as they are compared with those of a text."""
    return tuple(tokens(plain(label).text, language))


def _is_foreign(label: Label, language: str) -> bool:
    """Whether a label is in another of the languages of texts."""
    tag = (label.literal.language or "").split("-")[0]
    return tag in LANGUAGES and tag != language


def _counts_abroad(label: Label) -> bool:
    return label.is_proper and not label.literal.value.isupper()


def _is_acronym(
    word: Token, acronym: Token, language: str, *, shout: bool, inflected: bool
) -> bool:
    """Whether a word is an acronym or its plural, and, in a line of capitals, not a common word."""
    if shout and word.folded in _COMMON[language]:
        return False
    singular_text = word.text.removesuffix("s") if inflected else word.text
    return acronym.text in (word.text, singular_text, word.noted)


def _is_word(word: Token, other: Token, language: str, *, inflected: bool) -> bool:
    """Whether two words are equal, ignoring case, an ending, and accents that capitals lack."""
    for folded in filter(None, (word.folded, word.noted.lower())):
        given, right = folded, other.folded
        if inflected:
            given, right = singular(given, language), singular(right, language)
        if word.text[0].isupper():
            capitals = len(word.text) if word.text.isupper() else 1
            given = without_accents(given[:capitals]) + given[capitals:]
            right = without_accents(right[:capitals]) + right[capitals:]
        if given == right:
            return True
    return False


def _end(word: Token, other: Token) -> int:
    """The end of a name whose last word is ``word``: before the number of a footnote."""
    noted = word.noted and word.folded != other.folded
    return word.start + len(word.noted) if noted else word.end


def _lines_of_capitals(text: str) -> list[range]:
    """The lines without a lower-case letter."""
    return [
        range(*line.span())
        for line in _LINE.finditer(text)
        if line[0].isupper() and not line[0].islower()
    ]
