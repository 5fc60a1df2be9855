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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize

from onehealthkg.reading.characters import IGNORABLE, is_ignorable
from onehealthkg.sources.abbreviations import LANGUAGES, Language, knows


@dataclass(frozen=True)
class Span:
    """A passage: `text[start:end]`, in code points from 0, without white space at its ends."""

    start: int
    end: int


@dataclass(frozen=True)
class _Stop:
    """A possible end of a sentence: the offset of its sign, and the end of the sentence."""

    sign: int
    end: int


@dataclass(frozen=True)
class _Pair:
    """An opening sign, its closing sign, and the last other character before the opening one."""

    opening: int
    closing: int
    before: int


_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’"} | {
    '"': '"',
    "'": "'",
}
_OPENING = "\"'“‘„«‹([{¿¡"
_CLOSING = "\"'”’»›)]}"
_ENDING = ".!?…。！？｡؟۔।‽"
_FULL_WIDTH = "。！？｡"
_CONTINUING = ",;:!?)]}»›”’/=%&+-–—"  # no sentence begins with one of these
_HANGING = ",-–—/&+([{«‹“„"  # no heading ends with one of these
_RULED = frozenset("-–—_=*~#·•.")
_NARROWEST = 40  # columns: no press release is wrapped more narrowly
_LONGEST = 40  # characters: no abbreviation is longer

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_BREAK = re.compile(r"\r\n|[\n\v\r\x85\u2028\u2029]")
_SIGN = re.compile(rf"\.(?:[ \u00a0\u202f]?\.)+(?!\w)|[{re.escape(_ENDING)}]+")
_PAIRING = re.compile(f"[{re.escape(''.join(_PAIRS) + ''.join(_PAIRS.values()))}]")
_LEAD = re.compile(rf"[\s{IGNORABLE}{re.escape(_OPENING)}]*")
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
_WORD = re.compile(r"[^\W\d_]{1,40}")
_NUMBER = re.compile(
    r"\d|[IVXLC]{2,6}\b|[VX]\b|I(?=[.,;:)])|[LRD]\. ?\d|[Nn](?:os?\.|°) ?\d"
    r"|(?:[a-z]{1,3}|[A-Z]{2,4})\)|[§°]"
)
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?){1,9}[^\W\d_]{1,3}")
_LABEL = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[^\W\d_]|[ivxIVX]{2,5})[.)]\s")
_COUNT = r"(?P<count>\d{1,3}(?:\.\d{1,2}){0,4}|[IVXLC]{1,5}|[ivxlc]{1,5}|[^\W\d_])"
_NUMBERED = re.compile(
    r"\W*(?:[AQR](?=\d)|(?:Art(?:icle)?|Chap(?:ter|itre)?|Sect(?:ion)?|Ann(?:exe?)?|Tit(?:re|le)"
    r"|Part(?:ie)?|Clause|Step|Étape|Point|Question|Réponse|Answer|Item|Objecti(?:f|ve)|Axe|Rule"
    rf"|Règle)\.? )?\(?(?:{_COUNT}|\d{{1,3}}(?:er|re|ère|e|st|nd|rd|th))\)?\."
)
"""A text that is only the number or letter of an item: *1.*, *A.*, *Art. 1er.*"""
_LETTERED = re.compile(r"(?:[a-z]|[ivx]{2,5})[.)]\s+[^\W\d_a-z]")
_LISTED = re.compile(rf"(?P<mark>[:;,.–—(]|\b(?:and|or|et|ou))\s+\(?{_COUNT}\)?\.$")
_ITEM = re.compile(
    r"(?P<bullet>[•●▪■◦○‣⁃►➢➤✓✔·]|\*(?=\s))"
    r"|(?P<dash>[-–—](?=\s|[^\W\d_]))"
    r"|\(?(?:(?P<digit>\d{1,2}[.)])|(?P<letter>[a-zA-Z]\))|(?P<roman>[ivxIVX]{2,5}[.)]))"
    r"(?=\s|[^\W\d_])"
)


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
        for lines in _paragraphs(text)
        for block in _blocks(lines, rules)
        for start, end in _sentences(text[block.start : block.end], rules)
    ]


# Layout


@dataclass(frozen=True)
class _Line:
    """A line without surrounding white space, and where it starts in the text."""

    start: int
    words: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """The lines that are not blank, grouped into paragraphs."""
    run: list[_Line] = []
    for line in _lines(text):
        if line.words:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _lines(text: str) -> Iterator[_Line]:
    start = 1 if text.startswith("\ufeff") else 0
    for end, following in [*(match.span() for match in _BREAK.finditer(text)), (len(text),) * 2]:
        line = text[start:end].rstrip()
        words = line.lstrip()
        yield _Line(start + len(line) - len(words), words)
        start = following


def _blocks(lines: list[_Line], rules: Language) -> Iterator[Span]:
    """Join the lines of a paragraph, except those that are passages by themselves."""
    width = max([_NARROWEST, *(len(line.words) for line in lines)])
    items = [_item(line.words) for line in lines]
    siblings = Counter(items)
    start, fresh = lines[0].start, True  # fresh: the line opens a unit
    for line, after, item in zip(lines, lines[1:], items[1:], strict=False):
        ended = _ends(line.words, rules)
        if (
            _is_ruled(line.words)
            or _is_ruled(after.words)
            or _is_item(item, siblings, ended or line.words[-1] in ":;")
            or (fresh and not ended and _is_heading(line.words, after.words, width, rules))
        ):
            yield Span(start, line.end)
            start, fresh = after.start, True
        else:
            fresh = ended
    yield Span(start, lines[-1].end)


def _item(line: str) -> str:
    """The kind of list item that a line opens, or empty."""
    match = _ITEM.match(line)
    if not match:
        return ""
    return "bullet" if match["bullet"] else f"{match.lastgroup} {match.group()[-1]}"


def _is_item(item: str, siblings: Counter[str], ended: bool) -> bool:
    """Whether a line is an item: a bullet always is, other signs need a sibling or a lead."""
    return item == "bullet" or (item != "" and (ended or siblings[item] > 1))


def _is_ruled(line: str) -> bool:
    signs = "".join(line.split())
    return len(signs) > 2 and _RULED.issuperset(signs)


def _ends(line: str, rules: Language) -> bool:
    """Whether a line ends with an end sign, ignoring that of "About Acme Inc."."""
    words = line.rstrip(_CLOSING + " \u00a0\u202f")
    if not words or words[-1] not in _ENDING:
        return False
    return not knows(rules.either, _word_before(words, len(words) - 1))


def _is_heading(line: str, after: str, width: int, rules: Language) -> bool:
    """Whether the writer ended a line that has no end sign."""
    last = line.split()[-1]
    item = _item(after) != ""
    first = after.split(maxsplit=2)[: 2 if item else 1]
    return (
        len(line) + 1 + len(" ".join(first)) <= width
        and last not in rules.linking
        and last[-1] not in _HANGING
        and (_item(line) != "" or _can_begin(line, _skip(_LEAD, line, 0)))
        and (item or _can_begin(after, _skip(_LEAD, after, 0)))
    )


# Words that decide whether a full stop ends a sentence


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The offset after a pattern, if it matches."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _can_begin(text: str, at: int) -> bool:
    """Whether a sentence can begin here; in lower case only with words such as "iPhone"."""
    if at == len(text) or text[at] in _CONTINUING:
        return False
    if text[at] == "." and text[at - 1 : at] not in ("[", "("):
        return False
    word = _WORD.match(text, at)
    return not (word and word.group().islower()) or _LETTERED.match(text, at) is not None


def _word_before(text: str, sign: int) -> str:
    """The word before a sign, after white space or an elision ("l'art.")."""
    word = re.split(r"[\s'’]", text[max(0, sign - _LONGEST) : sign])[-1]
    word = "".join(letter for letter in word if not is_ignorable(letter))
    return normalize("NFC", word.lstrip(_OPENING))


def _is_known(word: str, rules: Language) -> bool:
    """Whether a word is, or looks like, an abbreviation, regardless of the next word."""
    known = (rules.inner, rules.numbered, rules.either)
    initial = len(word) == 1 and word.isalpha()
    return initial or any(knows(words, word) for words in known)


def _is_abbreviation(word: str, text: str, at: int, rules: Language) -> bool:
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


# Sentences of a block


def _sentences(text: str, rules: Language) -> Iterator[tuple[int, int]]:
    """Cut a block at the ends of its sentences."""
    head = max(_skip(_LABEL, text, 0), _skip(_ITEM, text, 0))
    last = len(text) - 1 - _letter(text[::-1], 0)  # signs after the last letter are not a sentence
    pairs = _pairs(text, head)
    stops = _stops(text, head, last, {pair.closing for pair in pairs}, rules)
    start = 0
    for end in [*_outside(head, last, stops, pairs), len(text)]:
        yield start, end
        start = _skip(_SPACE, text, end)


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
        following = _skip(_LEAD, text, end)
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
    opening = _NUMBERED.fullmatch(text, max(start, sign.end() - _LONGEST), sign.end())
    if opening and opening.start() == start:
        return opening["count"] or "1"
    match = _LISTED.search(text, max(start, sign.end() - _LONGEST), sign.end())
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
        gap = _skip(_SPACE, text, at)
        if note:
            at = note.end()
        elif text[at] in _CLOSING or is_ignorable(text[at]):
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
    begins = _can_begin(text, _skip(_DASH, text, following) if bare else following)
    if sign.group() == ".":
        word = _word_before(text, sign.start())
        if begins and text[sign.end()].isdecimal():  # a note, or the number after "p."
            return not _is_known(word, rules)
        if begins:
            return not _is_abbreviation(word, text, following, rules)
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
        and not _is_abbreviation(word, text, following, rules)
    )


# Quotations and brackets of a block


def _pairs(text: str, head: int) -> list[_Pair]:
    """Pair the opening and closing signs, in the order of the opening ones."""
    pairs: list[_Pair] = []
    opened: list[_Pair] = []  # not yet closed
    awaited: Counter[str] = Counter()
    before, seen = -1, head
    for match in _PAIRING.finditer(text, head):
        at, sign = match.start(), match.group()
        between = text[seen:at].rstrip()
        before = seen + len(between) - 1 if between else before
        seen = at + 1
        if awaited[sign] and _can_close(text, at):
            pairs.append(_closed(text, opened, awaited, at))
        elif sign in _PAIRS and _can_open(text, at):
            opened.append(_Pair(at, -1, before))
            awaited[_PAIRS[sign]] += 1
            continue
        before = at
    return sorted(pairs, key=lambda pair: pair.opening)


def _closed(text: str, opened: list[_Pair], awaited: Counter[str], at: int) -> _Pair:
    """Close the last sign that awaits the one at `at`; signs opened since are ignored."""
    while True:
        pair = opened.pop()
        closing = _PAIRS[text[pair.opening]]
        awaited[closing] -= 1
        if closing == text[at]:
            return replace(pair, closing=at)


def _can_close(text: str, at: int) -> bool:
    """Whether a quotation mark closes, rather than opens or is an apostrophe."""
    before_word = text[at + 1 : at + 2].isalnum()
    if text[at] == '"':
        return not text[at - 1].isspace() or not before_word
    if text[at] == "'":
        plural = text[at - 1] == "s" and re.match(r"\s[^\W\d_]", text[at + 1 : at + 3])
        return not text[at - 1].isspace() and not before_word and not plural
    return text[at] != "’" or not before_word


def _can_open(text: str, at: int) -> bool:
    """Whether a straight quote opens, rather than being an inch sign (5") or an apostrophe."""
    before = text[at - 1] if at else " "
    if text[at] == "'":
        following = text[at + 1 : at + 2]
        return (before.isspace() or before in _OPENING) and (
            following.isalpha() or following in _PAIRS
        )
    return text[at] != '"' or before.isspace() or before in _OPENING + "’-–—/"


def _outside(head: int, last: int, stops: list[_Stop], pairs: list[_Pair]) -> list[int]:
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
