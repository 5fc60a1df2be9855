"""A candidate as a card in the terminal: our side on the left, theirs on the right.

In terminals of 80 columns or more the two are side by side, in narrower ones one below the other.
Labels may come from anyone, so all are made safe (``terminal.shown``) before lines are measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from onehealthkg.editing.terminal import columns_of, shown, wrapped
from onehealthkg.reviewing.links_file import Link
from onehealthkg.reviewing.review import LINK_KINDS, Clash, score
from onehealthkg.reviewing.sides import Side

BESIDE = 80  # the least columns for sides that are beside each other
_WIDEST = 120
_MOST = 5  # entries of a list
_INDENT = "  "

_QUESTIONS = {
    "exact": "Does theirs mean the same as ours?",
    "close": "Does theirs mean nearly the same as ours?",
    "broad": "Is theirs broader than ours?",
    "narrow": "Is theirs narrower than ours?",
    "related": "Is theirs related to ours, without being the same?",
}


class Card(NamedTuple):
    """The content of a card."""

    place: str
    candidate: Link
    ours: Side
    theirs: Side
    links: list[Link]
    clashes: list[Clash]
    rivals: list[Link]


def card_lines(card: Card, width: int) -> list[tuple[str, str]]:
    """The lines of a card, no wider than ``width``, each with its style: dim, warning or none."""
    room = min(max(width, 20), _WIDEST)
    lines = [("─" * room, "dim")]
    lines += [(line, "") for line in wrapped(_headline(card), room)]
    lines.append(("", ""))
    lines += [(line, "") for line in _sides(card, room)]
    lines.append(("", ""))
    if card.candidate.mapping.comment:
        lines += [(line, "") for line in entry("Why", card.candidate.mapping.comment, room)]
    for link in card.links:
        lines += [(line, "") for line in entry("Linked already", _linked(link), room)]
    for rival in card.rivals[:_MOST]:
        lines += [(line, "") for line in entry("Also open", _rival(rival), room)]
    for clash in card.clashes:
        lines += [(line, "warning") for line in entry("Clash", _clash(clash), room)]
    question = _QUESTIONS[card.candidate.kind]
    return [*lines, *((line, "") for line in wrapped(question, room))]


def entry(name: str, text: str, width: int) -> list[str]:
    """``Name: text`` in lines, the text made safe."""
    return wrapped(f"{name}: {shown(text)}", width, rest=_INDENT)


def _headline(card: Card) -> str:
    kind = card.candidate.kind
    return f"{card.place} · {_score(card.candidate)} · proposed: {kind} ({LINK_KINDS[kind]})"


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
    for ours, theirs in zip_longest(left, right, fillvalue=""):
        yield f"{ours}{' ' * (half - columns_of(ours))} │ {theirs}".rstrip()


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
    some = "; ".join(shown(text) for text in texts[:_MOST])
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
        return f"ours already has an exact link into this vocabulary: {_linked(clash.link)}"
    label = f" ({shown(row.subject_label, 80)})" if row.subject_label else ""
    other = f"{clash.link.kind}, {row.subject_id}{label}"
    return f"theirs is already linked to another thing of ours: {other}"
