"""Cut an archived press release into passages: its headings, datelines, list items and sentences.

The text is cut by rules alone, from the layout down to the word. The same text always gives the
same spans, in linear time. The passages are numbered by these spans, so a change of the rules
changes published names.

1. A blank line ends a passage. A byte order mark before the text counts as white space.
2. Any other line break is white space inside a sentence, except before a list item, around a line
   of signs ("-----"), and after a line that is evidently a heading: it opens a unit, has no end
   sign, the next line does not continue in lower case, and the first word of the next line would
   have fitted, so that the writer broke the line, not the wrapping.
3. Inside such a block a full stop, "?", "!" or ellipsis ends a sentence where white space and a
   possible beginning follow. Closing quotation marks, brackets and note numbers after it belong
   to the sentence that it ends.
4. A full stop after an abbreviation, an initial or the number of an item is not an end, unless
   the abbreviation can end a sentence and the next word opens one ("in the U.S. The agency"). An
   item has its number at the beginning of a sentence, or in a list that continues in the line ("on
   three points: 1. Training. 2. Data."). Spaced dots count as one sign.
5. A quotation or bracket inside a sentence stays whole, even with sentences in it, so that
   reported speech keeps its speaker; a quotation on its own is cut into its sentences. An opening
   sign that is not closed in its block is ignored.

In doubt, two sentences stay together: a passage that is too long still contains the words that
state a fact, a passage that is too short does not.

The characters that can follow or close an end are taken from Unicode Standard Annex 29, rules SB6
to SB11 (https://www.unicode.org/reports/tr29/#Sentence_Boundaries); invisible characters are
skipped as in SB5. The word lists were tested on English and French treebanks of the Universal
Dependencies (https://universaldependencies.org).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from onehealthkg.reading.characters import is_ignorable
from onehealthkg.sources.abbreviations import LANGUAGES, Language
from onehealthkg.sources.full_stops import (
    CLOSING,
    LONGEST,
    can_begin,
    is_abbreviation,
    is_known,
    skip,
    word_before,
)
from onehealthkg.sources.layout import ENDING, ITEM, LEAD, Span, blocks
from onehealthkg.sources.quotations import Pair, pairs_of

_FULL_WIDTH = "。！？｡"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SIGN = re.compile(rf"\.(?:[ \u00a0\u202f]?\.)+(?!\w)|[{re.escape(ENDING)}]+")
_SPACE = re.compile(r"\s*")
_DASH = re.compile(r"(?:[-–—]\s+)?")
_SEVERAL = r"{0}(?: ?[,–-] ?{0}){{0,9}}"  # numbers of notes
_THREE, _TWO, _RAISED = (
    _SEVERAL.format(number) for number in (r"\d{1,3}", r"\d{1,2}", "[¹²³⁰⁴-⁹]{1,3}")
)
_NOTE = re.compile(
    rf"[ \u00a0\u202f]?\[(?:{_THREE}|[a-z])\]|\({_TWO}\)|{_RAISED}|[ᵃ-ᶻ]|[*†‡§]{{1,3}}(?=\s)"
    rf"|(?:(?<=[^\W\d_][.?!…])|(?<=[)\]»”’\"'][.?!…])|(?<=[.?!…][)\]»”’\"'])){_THREE}(?=\s)"
)
_LETTER = re.compile(r"[^\W_]")
_LABEL = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[^\W\d_]|[ivxIVX]{2,5})[.)]\s")
_COUNT = r"(?P<count>\d{1,3}(?:\.\d{1,2}){0,4}|[IVXLC]{1,5}|[ivxlc]{1,5}|[^\W\d_])"
_NUMBERED = re.compile(
    r"\W*(?:[AQR](?=\d)|(?:Art(?:icle)?|Chap(?:ter|itre)?|Sect(?:ion)?|Ann(?:exe?)?|Tit(?:re|le)"
    r"|Part(?:ie)?|Clause|Step|Étape|Point|Question|Réponse|Answer|Item|Objecti(?:f|ve)|Axe|Rule"
    rf"|Règle)\.? )?\(?(?:{_COUNT}|\d{{1,3}}(?:er|re|ère|e|st|nd|rd|th))\)?\."
)
"""A text that is only the number or letter of an item: *1.*, *A.*, *Art. 1er.*"""
_LISTED = re.compile(rf"(?P<mark>[:;,.–—(]|\b(?:and|or|et|ou))\s+\(?{_COUNT}\)?\.$")


@dataclass(frozen=True)
class _Stop:
    """A possible end of a sentence: the offset of its sign, and the end of the sentence."""

    sign: int
    end: int


def cut(text: str, language: str) -> list[Span]:
    """The passages of a text in order, separated only by white space.

    `language` is "en" or "fr". Raises ValueError for any other.
    """
    if language not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        raise ValueError(f"cannot cut a text in {language!r}: the supported languages are {known}")
    rules = LANGUAGES[language]
    return [
        Span(block.start + start, block.start + end)
        for block in blocks(text, rules)
        for start, end in _sentences(text[block.start : block.end], rules)
    ]


def _sentences(text: str, rules: Language) -> Iterator[tuple[int, int]]:
    """Cut a block at the ends of its sentences."""
    head = max(skip(_LABEL, text, 0), skip(ITEM, text, 0))
    last = len(text) - 1 - _letter(text[::-1], 0)  # signs after the last letter are not a sentence
    pairs = pairs_of(text, head)
    stops = _stops(text, head, last, {pair.closing for pair in pairs}, rules)
    start = 0
    for end in [*_outside(head, last, stops, pairs), len(text)]:
        yield start, end
        start = skip(_SPACE, text, end)


def _stops(text: str, head: int, last: int, closings: set[int], rules: Language) -> list[_Stop]:
    """Find the ends of sentences, in quotations or not, each near a letter or digit."""
    found = []
    letter, start = _letter(text, head), head
    listed = ""  # the number of the last item of a list in the line
    for sign in _SIGN.finditer(text, head, last):
        number = _number_of_item(text, start, sign, listed)
        if number:
            listed = number
            continue
        end = _tail(text, sign.end(), closings)
        following = skip(LEAD, text, end)
        if (
            letter < sign.start()
            and following <= last
            and _is_end(text, sign, end, following, rules)
        ):
            found.append(_Stop(sign.start(), end))
            letter, start = _letter(text, end), end
    return found


def _number_of_item(text: str, start: int, sign: re.Match[str], listed: str) -> str:
    """The number of the item to which a full stop belongs, or empty.

    It opens a sentence, or continues a list: *on three points: 1. Training, 2. Data*.
    """
    opening = _NUMBERED.fullmatch(text, max(start, sign.end() - LONGEST), sign.end())
    if opening and opening.start() == start:
        return opening["count"] or "1"
    match = _LISTED.search(text, max(start, sign.end() - LONGEST), sign.end())
    if not match:
        return ""
    first = match["count"] in ("1", "a", "A", "i", "I") and match["mark"] not in (",", ".")
    return match["count"] if first or _follows(listed, match["count"]) else ""


def _follows(before: str, number: str) -> bool:
    """Whether the number or letter of an item follows another."""
    if before.isdecimal() and number.isdecimal():
        return int(number) == int(before) + 1
    if before in _ROMAN and number in _ROMAN:
        return _ROMAN.index(number) == _ROMAN.index(before) + 1
    return len(before) == len(number) == 1 and ord(number) == ord(before) + 1


def _letter(text: str, at: int) -> int:
    """The offset of the next letter or digit."""
    match = _LETTER.search(text, at)
    return match.start() if match else len(text)


def _tail(text: str, at: int, closings: set[int]) -> int:
    """Skip what closes a sentence after its sign: quotation marks, brackets, notes."""
    while at < len(text):
        note = _NOTE.match(text, at)
        gap = skip(_SPACE, text, at)
        if note:
            at = note.end()
        elif text[at] in CLOSING or is_ignorable(text[at]):
            at += 1
        elif text[gap] in "»›" or gap in closings:
            at = gap + 1
        else:
            break
    return at


def _is_end(text: str, sign: re.Match[str], end: int, following: int, rules: Language) -> bool:
    """Whether a sign with its tail up to `end` ends a sentence, before text at `following`."""
    if not text[end].isspace() and sign.group()[-1] not in _FULL_WIDTH:
        return False
    bare = end == sign.end()
    begins = can_begin(text, skip(_DASH, text, following) if bare else following)
    if sign.group() == ".":
        word = word_before(text, sign.start())
        if begins and text[sign.end()].isdecimal():  # a note, or the number after "p."
            return not is_known(word, rules)
        if begins:
            return not is_abbreviation(word, text, following, rules)
        return bare and _ends_before_lower(word, text, following, rules)
    if not sign.group().strip(".… \u00a0\u202f"):
        elided = text[sign.start() - 1] in "[("
        return begins and not elided and not text[following].isdigit()
    return begins


def _ends_before_lower(word: str, text: str, following: int, rules: Language) -> bool:
    """Whether a word is too long and plain for an abbreviation: a stop before "adidas"."""
    return (
        text[following].islower()
        and len(word) > 4
        and word.isalpha()
        and word.islower()
        and not is_abbreviation(word, text, following, rules)
    )


def _outside(head: int, last: int, stops: list[_Stop], pairs: list[Pair]) -> list[int]:
    """The ends of the stops outside of quotations and brackets inside a sentence."""
    ends = [stop.end for stop in stops]
    kept = [True] * len(ends)
    held = -1  # everything before this offset is settled
    for pair in pairs:
        if pair.opening < held:
            continue
        first, past = bisect_right(ends, pair.opening), bisect_right(ends, pair.closing)
        opens = pair.before < (ends[first - 1] if first else head)
        closes = pair.closing > last or (past < len(stops) and stops[past].sign <= pair.closing + 1)
        if not (opens and closes):
            kept[first:past] = [False] * (past - first)
            held = pair.closing
    return [end for end, keep in zip(ends, kept, strict=True) if keep]
