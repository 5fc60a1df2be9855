r"""A candidate as a card in the terminal: our side on the left, theirs on the right.

From 80 columns on the two stand beside each other, below that one under the other. Labels may be
anybody's, so whatever could command a terminal or turn the direction of what follows is written as
``\u001b``, before lines are measured; long texts are cut, and say so. Widths are those of the
characters in a terminal (https://www.unicode.org/reports/tr11/).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from onehealthkg.editing.links_file import Link
from onehealthkg.editing.review import KINDS, Clash, score
from onehealthkg.editing.sides import Side

BESIDE = 80  # columns, from which the sides stand beside each other
_WIDEST = 120
_LONG, _MOST = 320, 5  # characters of a text, entries of a list
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_INDENT = "  "

_QUESTIONS = {
    "exact": "Does theirs mean the same as ours?",
    "close": "Does theirs mean nearly the same as ours?",
    "broad": "Is theirs broader than ours?",
    "narrow": "Is theirs narrower than ours?",
    "related": "Does theirs belong together with ours, without being the same?",
}


class Card(NamedTuple):
    """All that a card shows."""

    place: str
    candidate: Link
    ours: Side
    theirs: Side
    links: list[Link]
    clashes: list[Clash]
    rivals: list[Link]


def card_lines(card: Card, width: int) -> list[tuple[str, str]]:
    """The lines of a card, no wider than ``width``; each with ``dim``, ``warning`` or nothing."""
    room = min(max(width, 20), _WIDEST)
    lines = [("─" * room, "dim")]
    lines += [(one, "") for one in wrapped(_headline(card), room)]
    lines.append(("", ""))
    lines += [(one, "") for one in _sides(card, room)]
    lines.append(("", ""))
    if card.candidate.mapping.comment:
        lines += [(one, "") for one in entry("Why", card.candidate.mapping.comment, room)]
    for link in card.links:
        lines += [(one, "") for one in entry("Linked already", _linked(link), room)]
    for rival in card.rivals[:_MOST]:
        lines += [(one, "") for one in entry("Also open", _rival(rival), room)]
    for clash in card.clashes:
        lines += [(one, "warning") for one in entry("Clash", _clash(clash), room)]
    question = _QUESTIONS[card.candidate.kind]
    return [*lines, *((one, "") for one in wrapped(question, room))]


def shown(text: str, most: int = _LONG) -> str:
    """A text on one line, safe for a terminal, and cut where it is longer than ``most``."""
    kept = " ".join(text[: most * 2].split())
    kept = "".join(_visible(one) for one in kept[:most])
    size = len(text)
    return kept if size <= most else f"{kept} … ({size:,} characters)".replace(",", " ")


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A text in lines of this width, which begin with ``first`` and then with ``rest``."""
    lines, line, empty = [], first, True
    for word in text.split():
        for part in _parts(word, width - max(len(first), len(rest))):
            longer = line + part if empty else f"{line} {part}"
            if not empty and _columns(longer) > width:
                lines.append(line)
                longer = rest + part
            line, empty = longer, False
    return [*lines, line]


def entry(name: str, text: str, width: int) -> list[str]:
    """``Name: text`` in lines, the text made safe."""
    return wrapped(f"{name}: {shown(text)}", width, rest=_INDENT)


def _headline(card: Card) -> str:
    kind = card.candidate.kind
    return f"{card.place} · {_score(card.candidate)} · proposed: {kind} ({KINDS[kind]})"


def _sides(card: Card, width: int) -> Iterator[str]:
    source = shown(card.theirs.home, 60)
    theirs_name = f"THEIRS: {source}" if source else "THEIRS"
    if width < BESIDE:
        yield from ["OURS", *_side(card.ours, width)]
        yield from ["", *wrapped(theirs_name, width), *_side(card.theirs, width)]
        return
    half = (width - 3) // 2
    left = ["OURS", *_side(card.ours, half)]
    right = [*wrapped(theirs_name, half), *_side(card.theirs, half)]
    for one, two in zip_longest(left, right, fillvalue=""):
        yield f"{one}{' ' * (half - _columns(one))} │ {two}".rstrip()


def _side(side: Side, width: int) -> Iterator[str]:
    for text in side.labels[:_MOST] or ["(no label is known)"]:
        yield from wrapped(shown(text), width, _INDENT, _INDENT * 2)
    yield from wrapped(shown(side.name), width, _INDENT, _INDENT * 2)
    for name, texts in (
        ("Also", side.others),
        ("Is a", (side.kind,) if side.kind else ()),
        ("Meaning", side.texts[:2]),
        ("Broader", side.broader),
        ("Narrower", side.narrower),
    ):
        if texts:
            yield from entry(name, _listed(texts), width)
    if side.iri != side.name and not side.iri.startswith("https://w3id.org/onehealthkg/"):
        yield from entry("Address", side.iri, width)


def _listed(texts: Iterable[str]) -> str:
    texts = list(texts)
    some = "; ".join(shown(one) for one in texts[:_MOST])
    return some + (f"; and {len(texts) - _MOST} more" if len(texts) > _MOST else "")


def _linked(link: Link) -> str:
    row = link.mapping
    label = f" ({shown(row.object_label, 80)})" if row.object_label else ""
    return f"{link.kind}, {row.object_id}{label}"


def _rival(link: Link) -> str:
    row = link.mapping
    ours, theirs = shown(row.subject_label, 80), shown(row.object_label, 80)
    return f"{ours or row.subject_id} – {theirs or row.object_id}, {_score(link)}"


def _score(link: Link) -> str:
    value = score(link)
    return "no score" if value is None else f"score {value:.2f}"


def _clash(clash: Clash) -> str:
    row = clash.link.mapping
    if clash.scheme:
        return f"ours has an exact link into this vocabulary already: {_linked(clash.link)}"
    label = f" ({shown(row.subject_label, 80)})" if row.subject_label else ""
    other = f"{clash.link.kind}, {row.subject_id}{label}"
    return f"theirs is linked already to another thing of ours: {other}"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _columns(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _parts(word: str, width: int) -> Iterator[str]:
    """A word, cut where it is wider than a line."""
    part, used = "", 0
    for one in word:
        columns = _columns(one)
        if used + columns > width:
            yield part
            part, used = "", 0
        part, used = part + one, used + columns
    yield part
