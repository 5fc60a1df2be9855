"""The quotations and brackets of a block."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from onehealthkg.sources.full_stops import OPENING

_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’"} | {
    '"': '"',
    "'": "'",
}
_PAIRING = re.compile(f"[{re.escape(''.join(_PAIRS) + ''.join(_PAIRS.values()))}]")


@dataclass(frozen=True)
class Pair:
    """An opening sign, its closing sign, and the last other character before the opening one."""

    opening: int
    closing: int
    before: int


def pairs_of(text: str, head: int) -> list[Pair]:
    """Pair the opening and closing signs, in the order of the opening ones."""
    pairs: list[Pair] = []
    opened: list[Pair] = []  # not yet closed
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
            opened.append(Pair(at, -1, before))
            awaited[_PAIRS[sign]] += 1
            continue
        before = at
    return sorted(pairs, key=lambda pair: pair.opening)


def _closed(text: str, opened: list[Pair], awaited: Counter[str], at: int) -> Pair:
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
        return (before.isspace() or before in OPENING) and (
            following.isalpha() or following in _PAIRS
        )
    return text[at] != '"' or before.isspace() or before in OPENING + "’-–—/"
