"""Proposals in plain words: what a sentence seems to say, each thing with its number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pyoxigraph import NamedNode, Store

from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.decisions import MENTION
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.labels import label
from onehealthkg.names import expand

# What is said of one thing, and of several.
_SAID = {
    fields.PARTY: ("a party is {}", "the parties are {}"),
    fields.KIND: ("it is a {}", "it is a {}"),
    fields.SIGNED: ("it was signed on {}", "it was signed on {}"),
    fields.TERM: ("it lasts {}", "it lasts {}"),
    fields.STARTS: ("it runs from {}", "it runs from {}"),
    fields.ENDS: ("it ends on {}", "it ends on {}"),
    fields.SIGNATORY: ("{} signed", "{} signed"),
    fields.PLACE: ("its place is {}", "its places are {}"),
    fields.PROGRAMME: ("a programme is {}", "the programmes are {}"),
    fields.PREDECESSOR: ("before it there was {}", "before it there were {}"),
    fields.TOPIC: ("the topic is {}", "the topics are {}"),
    fields.TITLE: ("the title of the text is {}", "the title of the text is {}"),
    fields.DATELINE: ("the text is of {}", "the text is of {}"),
    fields.PUBLISHER: ("the text was published by {}", "the text was published by {}"),
    fields.NEW: ("not known yet: {}", "not known yet: {}"),
    fields.ANTECEDENT: ("{}", "{}"),
    fields.FACT: ("{}", "{}"),
    MENTION: ("also named: {}", "also named: {}"),
}


def order_of(one: Proposal) -> tuple[int, str, int]:
    """What sorts proposals as they are shown: by field, the parties first."""
    return (*fields.FIELDS, MENTION).index(one.field), one.modality, one.start


def in_words(store: Store, numbered: Sequence[tuple[int, Proposal]]) -> list[str]:
    """Lines that say what is proposed, as in "the parties are ANSES (1) and FLI (2)"."""
    lines = []
    for (field, modality), group in groupby(numbered, lambda one: (one[1].field, one[1].modality)):
        things = [f"{_shown(store, one)} ({number})" for number, one in group]
        several = len(things) > 1
        if field == fields.ACTIVITY:
            how = f"{modality}: " if modality else "what is done: "
            lines.append(how + _joined(things))
        else:
            lines.append(_SAID[field][several].format(_joined(things)))
    return lines


def marked(text: str, start: int, proposals: Sequence[Proposal]) -> str:
    """The words of a sentence that begins at ``start``, those of proposals in brackets."""
    spans: list[tuple[int, int]] = []
    for one in sorted(proposals, key=lambda one: (one.start, -one.end)):
        first, last = one.start - start, one.end - start
        whole = first <= 0 and last >= len(text)
        if not whole and 0 <= first < last <= len(text) and (not spans or spans[-1][1] <= first):
            spans.append((first, last))
    parts: list[str] = []
    at = 0
    for first, last in spans:
        parts += text[at:first], f"[{text[first:last]}]"
        at = last
    return " ".join("".join([*parts, text[at:]]).split())


def _shown(store: Store, one: Proposal) -> str:
    if one.field == fields.SIGNATORY:
        return ", ".join(part for part in (one.label, one.post, one.organisation) if part)
    if one.field == fields.KIND:
        return label(store, NamedNode(one.value)) if one.value else one.label
    if one.field == fields.ANTECEDENT:
        things = " and ".join(label(store, thing) for thing in one.things)
        sentences = f"sentence {one.value}"
        return f'"{one.label}" stands for {things or "what is named"} in {sentences}'
    if one.field == fields.FACT and len(one.things) == 2:
        subject, value = (label(store, thing) for thing in one.things)
        return f"{subject}: {label(store, NamedNode(expand(one.value)))} {value}"
    if one.field in (fields.SIGNED, fields.STARTS, fields.ENDS, fields.TERM, fields.DATELINE):
        return one.value if one.value == one.label or not one.label else f"{one.value}, {one.label}"
    if one.field == fields.NEW:
        return f"{one.label}, {one.value}"
    named = label(store, one.thing) if one.thing else one.label
    known = one.thing or one.field in (fields.TITLE, fields.PREDECESSOR)
    return named if known else f"{named}, which is new"


def _joined(parts: Sequence[str]) -> str:
    *first, last = parts
    return ", ".join(first) + (" and " if first else "") + last
