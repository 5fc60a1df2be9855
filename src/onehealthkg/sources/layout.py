"""The blocks of a text, each of one or several sentences, by its lines, items and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from onehealthkg.reading.characters import IGNORABLE
from onehealthkg.sources.abbreviations import Language, knows
from onehealthkg.sources.full_stops import CLOSING, OPENING, can_begin, skip, word_before

ENDING = ".!?…。！？｡؟۔।‽"
_HANGING = ",-–—/&+([{«‹“„"  # no heading ends with one of these
_RULED = frozenset("-–—_=*~#·•.")
_NARROWEST = 40  # columns: no press release is wrapped more narrowly
_BREAK = re.compile(r"\r\n|[\n\v\r\x85\u2028\u2029]")
LEAD = re.compile(rf"[\s{IGNORABLE}{re.escape(OPENING)}]*")
ITEM = re.compile(
    r"(?P<bullet>[•●▪■◦○‣⁃►➢➤✓✔·]|\*(?=\s))"
    r"|(?P<dash>[-–—](?=\s|[^\W\d_]))"
    r"|\(?(?:(?P<digit>\d{1,2}[.)])|(?P<letter>[a-zA-Z]\))|(?P<roman>[ivxIVX]{2,5}[.)]))"
    r"(?=\s|[^\W\d_])"
)


@dataclass(frozen=True)
class Span:
    """A passage: `text[start:end]`, in code points from 0, without white space at its ends."""

    start: int
    end: int


def blocks(text: str, rules: Language) -> Iterator[Span]:
    """The blocks of a text in order; each consists of one or several sentences."""
    for lines in _paragraphs(text):
        yield from _blocks(lines, rules)


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
    match = ITEM.match(line)
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
    words = line.rstrip(CLOSING + " \u00a0\u202f")
    if not words or words[-1] not in ENDING:
        return False
    return not knows(rules.either, word_before(words, len(words) - 1))


def _is_heading(line: str, after: str, width: int, rules: Language) -> bool:
    """Whether the writer ended a line that has no end sign."""
    last = line.split()[-1]
    item = _item(after) != ""
    first = after.split(maxsplit=2)[: 2 if item else 1]
    return (
        len(line) + 1 + len(" ".join(first)) <= width
        and last not in rules.linking
        and last[-1] not in _HANGING
        and (_item(line) != "" or can_begin(line, skip(LEAD, line, 0)))
        and (item or can_begin(after, skip(LEAD, after, 0)))
    )
