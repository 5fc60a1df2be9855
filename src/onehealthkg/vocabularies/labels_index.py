"""A fast index of labels that mean the same although they are written differently.

A label has two normal forms. Two labels with the same **key** differ at most in case, accents,
punctuation (Unicode NFKD, https://www.unicode.org/reports/tr15/), British or American spelling,
singular or plural, articles, and inversion: "diseases, zoonotic", "assessment of risk". Labels with
the same **bag** have words with the same beginnings in any order: "environment monitoring" and
"environmental monitoring". Both are found by look-up, regardless of the number and length of
labels.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from onehealthkg.suggest import without_ignorable

T = TypeVar("T")

LONGEST = 200  # characters; our labels are shorter, and longer text is not a label
_BEGINNING = 3  # letters that distinguish most words from ours
_STEM = 6  # letters of a word that count in a bag
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "’": "'"})
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset(
    (
        "a",
        "an",
        "and",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "et",
        "l",
        "la",
        "le",
        "les",
        "of",
        "the",
    )
)
_PREFIXES = re.compile(r"\b(anti|co|inter|multi|non|post|pre|re|sub)[-‐‑](?=[^\W_])")
_SPELLINGS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        ("ae|oe", "e"),
        (r"(?<=[a-z]{2})our(?=s?$|al$|able$)", "or"),
        (r"is(?=(?:e|ed|es|er|ing|ation|ations)$)(?<=[a-z]{4})", "iz"),
        (r"ys(?=(?:e|ed|es|er|ing)$)(?<=[a-z]{4})", "yz"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        ("programme", "program"),
        ("ogue(?=s?$)", "og"),
        ("sulph", "sulf"),
        ("ll(?=(?:ed|er|ing)$)", "l"),
    )
)
_ENGLISH_PLURALS = (
    (re.compile("(?<=[a-z]{2})ies$"), "y"),
    (re.compile("(?<=[a-z]{2})s(?:is|es|e)$"), "s"),  # zoonosis, zoonoses; virus, viruses; disease
    (re.compile("(?<=x)es$|(?<=[cs]h)es$"), ""),
    (re.compile("(?<=[a-z]{2})(?<![sui])s$"), ""),
)
_FRENCH_PLURALS = (
    (re.compile("aux?$"), "al"),  # animaux, animal; matériaux, matériau
    (re.compile("(?<=[a-z]{2})[sx]$"), ""),
)


class Forms(NamedTuple):
    """A label made comparable: ``plain`` in case, accents and punctuation, ``key`` and ``bag``."""

    plain: str
    key: str
    bag: str


@lru_cache(maxsize=20_000)
def forms(text: str, language: str) -> Forms:
    """The forms of a label; ``language`` is its tag, or "", which is treated as English."""
    plain = _plain(text)
    words = _WORD.findall(plain)
    french = language.lower().partition("-")[0] == "fr"
    turned = _turned(plain) if not french else words
    kept = [_singular(word, french) for word in turned if word not in _ARTICLES] or turned
    if text.isupper() and " " not in text:
        kept = words  # an acronym has no plural: ANSES is not anse + s
    return Forms(" ".join(words), " ".join(kept), " ".join(sorted(word[:_STEM] for word in kept)))


def content_words(text: str, language: str) -> frozenset[str]:
    """The beginnings of the longer words of a text, for example of a definition."""
    words = forms(text[: 20 * LONGEST], language).bag.split(" ")
    return frozenset(word for word in words if len(word) >= _STEM)


def _plain(text: str) -> str:
    """The text in lower case, without accents, ligatures and signs of width."""
    plain = text.casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", without_ignorable(plain).translate(_LETTERS))
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _PREFIXES.sub(r"\1", plain)


def _turned(plain: str) -> list[str]:
    """The words in their natural order: "diseases, zoonotic", "care of pigs"."""
    head, comma, tail = plain.partition(",")
    if comma and "," not in tail:
        plain = f"{tail} {head}"
    words = _WORD.findall(plain)
    if len(words) > 2 and words.count("of") == 1 and 0 < words.index("of") < len(words) - 1:
        at = words.index("of")
        return words[at + 1 :] + words[:at]
    return words


def _singular(word: str, french: bool) -> str:
    for pattern, right in _FRENCH_PLURALS if french else _ENGLISH_PLURALS:
        word, changed = pattern.subn(right, word)
        if changed:
            break
    if not french:
        for pattern, right in _SPELLINGS:
            word = pattern.sub(right, word)
    return word


class Entry(NamedTuple, Generic[T]):
    """A label of ours in the index, and its owner."""

    owner: T
    label: str
    language: str
    forms: Forms


class LabelsIndex(Generic[T]):
    """An index of our labels, searched by labels of others."""

    def __init__(self, labels: Iterable[tuple[T, str, str]]) -> None:
        """Index labels, each with its owner and its language."""
        self._by_key: dict[str, list[Entry[T]]] = defaultdict(list)
        self._by_bag: dict[str, list[Entry[T]]] = defaultdict(list)
        self._beginnings = set(_ARTICLES)
        self.longest = 0
        for owner, label, language in labels:
            entry = Entry(owner, label, language, forms(label, language))
            self._by_key[entry.forms.key].append(entry)
            self._by_bag[entry.forms.bag].append(entry)
            words = [*entry.forms.plain.split(), *entry.forms.key.split()]
            self._beginnings.update(word[:_BEGINNING] for word in words)
            self.longest = max(self.longest, len(label))

    def found(self, label: str, language: str) -> list[Entry[T]]:
        """The entries of the same language, or without one, with the key or bag of this label."""
        if len(label) > min(LONGEST, 2 * self.longest + 10):
            return []
        if label.isascii() and not self._may_have(label.lower().split()):
            return []
        form = forms(label, language)
        near = self._by_bag.get(form.bag)
        if near is None and form.key not in self._by_key:
            return []
        both = dict.fromkeys([*self._by_key.get(form.key, ()), *(near or ())])
        return [entry for entry in both if same_language(entry.language, language)]

    def _may_have(self, words: list[str]) -> bool:
        """Whether each word begins like a word of ours: a fast test that rejects most labels."""
        beginnings = self._beginnings
        for word in words:
            start = word[:_BEGINNING]
            if start not in beginnings and word.isalpha() and "ae" not in word and "oe" not in word:
                return False
        return True


def same_language(language: str, other: str) -> bool:
    """Whether two language tags are of the same language; "" and ``mul`` match every tag."""
    own, its = (tag.lower().partition("-")[0] for tag in (language, other))
    return own == its or not {own, its}.isdisjoint(("", "mul"))
