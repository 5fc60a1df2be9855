"""Proposals for a sentence in plain words, each thing with its number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pyoxigraph import NamedNode, Store

from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.decisions import MENTION
from onehealthkg.drafting.facts import MERGER
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.labels import label
from onehealthkg.names import expand

# The words for one thing, and for several.
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


def order_of(proposal: Proposal) -> tuple[int, str, int]:
    """The sort key of proposals as they are shown: by field, the parties first."""
    return (*fields.FIELDS, MENTION).index(proposal.field), proposal.modality, proposal.start


def in_words(store: Store, numbered: Sequence[tuple[int, Proposal]]) -> list[str]:
    """The proposals as lines, as in "the parties are ANSES (1) and FLI (2)"."""
    lines = []
    for (field, modality), group in groupby(
        numbered, lambda numbered: (numbered[1].field, numbered[1].modality)
    ):
        things = [f"{_shown(store, proposal)} ({number})" for number, proposal in group]
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
    for proposal in sorted(proposals, key=lambda proposal: (proposal.start, -proposal.end)):
        first, last = proposal.start - start, proposal.end - start
        whole = first <= 0 and last >= len(text)
        if not whole and 0 <= first < last <= len(text) and (not spans or spans[-1][1] <= first):
            spans.append((first, last))
    parts: list[str] = []
    at = 0
    for first, last in spans:
        parts += text[at:first], f"[{text[first:last]}]"
        at = last
    return " ".join("".join([*parts, text[at:]]).split())


def _shown(store: Store, proposal: Proposal) -> str:
    if proposal.field == fields.SIGNATORY:
        return ", ".join(
            part for part in (proposal.label, proposal.post, proposal.organisation) if part
        )
    if proposal.field == fields.KIND:
        return label(store, NamedNode(proposal.value)) if proposal.value else proposal.label
    if proposal.field == fields.ANTECEDENT:
        things = " and ".join(label(store, thing) for thing in proposal.things)
        sentences = f"sentence {proposal.value}"
        return f'"{proposal.label}" stands for {things or "the things named"} in {sentences}'
    if proposal.field == fields.FACT:
        subject, *values = (label(store, thing) for thing in proposal.things)
        if proposal.value == MERGER:
            return f"{subject} was made of {_joined(values)} in {proposal.label[:4]}"
        property_ = label(store, NamedNode(expand(proposal.value)))
        return f"{subject}: {property_} {values[0] if values else proposal.label}"
    if proposal.field in (fields.SIGNED, fields.STARTS, fields.ENDS, fields.TERM, fields.DATELINE):
        return (
            proposal.value
            if proposal.value == proposal.label or not proposal.label
            else f"{proposal.value}, {proposal.label}"
        )
    if proposal.field == fields.NEW:
        return f"{proposal.label}, {proposal.value}"
    named = label(store, proposal.thing) if proposal.thing else proposal.label
    known = proposal.thing or proposal.field in (fields.TITLE, fields.PREDECESSOR)
    return named if known else f"{named}, which is new"


def _joined(parts: Sequence[str]) -> str:
    *first, last = parts
    return ", ".join(first) + (" and " if first else "") + last
