"""Whether a full stop ends a sentence, by the words around it."""

from __future__ import annotations

import re
from unicodedata import normalize

from onehealthkg.reading.characters import is_ignorable
from onehealthkg.sources.abbreviations import Language, knows

OPENING = "\"'“‘„«‹([{¿¡"
CLOSING = "\"'”’»›)]}"
_CONTINUING = ",;:!?)]}»›”’/=%&+-–—"  # no sentence begins with one of these
LONGEST = 40  # characters: no abbreviation is longer
_WORD = re.compile(r"[^\W\d_]{1,40}")
_NUMBER = re.compile(
    r"\d|[IVXLC]{2,6}\b|[VX]\b|I(?=[.,;:)])|[LRD]\. ?\d|[Nn](?:os?\.|°) ?\d"
    r"|(?:[a-z]{1,3}|[A-Z]{2,4})\)|[§°]"
)
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?){1,9}[^\W\d_]{1,3}")
_LETTERED = re.compile(r"(?:[a-z]|[ivx]{2,5})[.)]\s+[^\W\d_a-z]")


def skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The offset after a pattern, if it matches."""
    match = pattern.match(text, at)
    return match.end() if match else at


def can_begin(text: str, at: int) -> bool:
    """Whether a sentence can begin here; in lower case only with words such as "iPhone"."""
    if at == len(text) or text[at] in _CONTINUING:
        return False
    if text[at] == "." and text[at - 1 : at] not in ("[", "("):
        return False
    word = _WORD.match(text, at)
    return not (word and word.group().islower()) or _LETTERED.match(text, at) is not None


def word_before(text: str, sign: int) -> str:
    """The word before a sign, after white space or an elision ("l'art.")."""
    word = re.split(r"[\s'’]", text[max(0, sign - LONGEST) : sign])[-1]
    word = "".join(letter for letter in word if not is_ignorable(letter))
    return normalize("NFC", word.lstrip(OPENING))


def is_known(word: str, rules: Language) -> bool:
    """Whether a word is, or looks like, an abbreviation, regardless of the next word."""
    known = (rules.inner, rules.numbered, rules.either)
    initial = len(word) == 1 and word.isalpha()
    return initial or any(knows(words, word) for words in known)


def is_abbreviation(word: str, text: str, at: int, rules: Language) -> bool:
    """Whether the full stop after a word belongs to it, given the text at `at`."""
    if knows(rules.inner, word):
        return True
    if knows(rules.numbered, word) and _NUMBER.match(text, at):
        return True
    initials = _DOTTED.fullmatch(word) is not None or (len(word) == 1 and word.isupper())
    return (initials or knows(rules.either, word)) and not _opens(text, at, initials, rules)


def _opens(text: str, at: int, initials: bool, rules: Language) -> bool:
    """Whether a word opens a sentence, rather than being an initial or part of a surname."""
    word = _WORD.match(text, at)
    if not word or word.group() not in rules.openers:
        return False
    following = text[word.end() : word.end() + 3]
    if initials and word.group() in rules.particles:
        return not following.lstrip("'’ \u00a0\u202f\r\n")[:1].isupper()
    return len(word.group()) > 1 or not following.startswith(".")
