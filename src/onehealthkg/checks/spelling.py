"""Checks of the letters of texts and addresses: two scripts in a word, and invisible characters.

A Cyrillic *А* looks like a Latin *A*, so two names can look the same but differ, and a search for
one does not find the other. All letters of a word must be of one script, which is Latin in a
language written in Latin letters, as Unicode recommends for identifiers
(https://www.unicode.org/reports/tr39/#Restriction_Level_Detection, *Highly Restrictive*); a single
letter, such as *β*, may be of any script. Python has no table of scripts, but the Unicode name of a
letter begins with its script. Statements of passages are skipped, as their words are those of the
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.names import SOURCE
from onehealthkg.terms import Term

_WORD = re.compile(r"[^\W\d_]+")
_HOST = re.compile(r"https?://([^/?#]*)")
_LATIN = frozenset(("LATIN",))
# Scripts that some languages combine in a word; the names of Han letters begin with CJK.
_COMBINED = [frozenset(scripts.split()) for scripts in ("CJK HIRAGANA KATAKANA", "CJK HANGUL")]
# The languages of the European Union that use Latin letters, and of its neighbours.
_IN_LATIN = re.compile(
    r"(ca|cs|da|de|en|es|et|fi|fr|ga|hr|hu|is|it|lt|lv|mt|nb|nl|no|pl|pt|ro|sk|sl|sv)\b"
)
_INVISIBLE = ("Cc", "Cf", "Co", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # Persian and Indian languages need them


def misspelt(quads: Iterable[Quad]) -> Iterator[tuple[Quad, str]]:
    """The statements outside passages with such a text or address, each with a message."""
    for quad in quads:
        text = quad.object.value if isinstance(quad.object, Literal | NamedNode) else ""
        if (text.isascii() and text == text.strip()) or _is_quoted(quad):
            continue
        if message := _flaw(quad.object):
            yield quad, message


def _is_quoted(quad: Quad) -> bool:
    """Whether a statement is in the graph of a passage, or about its words."""
    iri = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    return iri.startswith(SOURCE)


def _flaw(term: Term) -> str:
    if isinstance(term, NamedNode):
        host = _HOST.match(term.value)
        words = _WORD.findall(host[1]) if host else []
        bad = [word for word in words if _scripts(word) != _LATIN]
        return f"The host has {_shown(bad[0])}; write the address in Latin letters." if bad else ""
    if not isinstance(term, Literal):
        return ""
    text = term.value
    if "\n" not in text and text != text.strip():
        return "Remove the space at the beginning or end."
    if not unicodedata.is_normalized("NFC", text):
        return "Write each accented letter as one character (NFC), as a keyboard does."
    latin = term.language is None or _IN_LATIN.match(term.language) is not None
    allowed = "\n\t" if latin else "\n\t" + _JOINERS
    for character in text:
        if unicodedata.category(character) in _INVISIBLE and character not in allowed:
            return f"Remove the character U+{ord(character):04X}, which is invisible."
    for word in _WORD.findall(text):
        scripts = _scripts(word)
        foreign = latin and term.language is not None and len(word) > 1 and scripts != _LATIN
        if foreign or (len(scripts) > 1 and not any(scripts <= each for each in _COMBINED)):
            return f"Write {_shown(word)} in the letters of one script, those of its language."
    return ""


def _scripts(word: str) -> frozenset[str]:
    """The scripts of a word: LATIN, CYRILLIC, GREEK, CJK..."""
    return frozenset(
        unicodedata.name(letter, "?").split()[0].removesuffix(",")
        for letter in word
        if unicodedata.category(letter)[0] == "L" and letter not in "ªº"
    )


def _shown(word: str) -> str:
    """A word with the names of its letters that are not Latin."""
    letters = dict.fromkeys(
        f"U+{ord(letter):04X} {unicodedata.name(letter, '').lower()}"
        for letter in word
        if _scripts(letter) not in (_LATIN, frozenset())
    )
    return f"“{word}” ({', '.join(list(letters)[:3])})"
