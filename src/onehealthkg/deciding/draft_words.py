"""Proposals for a sentence in plain words, each thing with its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pyoxigraph import NamedNode

from onehealthkg.deciding.decisions import MENTION
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.facts import MERGER
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.labels import label
from onehealthkg.names import OH, expand
from onehealthkg.terms import QuadSource
from onehealthkg.words import Words, duration_in_words, list_in_words, words


def order_of(proposal: Proposal) -> tuple[int, str, int]:
    """The sort key of proposals as they are shown: by field, the parties first."""
    return (*fields.FIELDS, MENTION).index(proposal.field), proposal.modality, proposal.start


def in_words(
    store: QuadSource, proposals: Iterable[Proposal], language: str = "en", *, numbers: bool = True
) -> list[str]:
    """The proposals as lines, as in "the parties are ANSES (1) and FLI (2)"."""
    own = words(language)["draft"]
    lines = []
    for (field, modality), group in groupby(
        enumerate(proposals, 1), lambda numbered: (numbered[1].field, numbered[1].modality)
    ):
        things = [
            _shown(store, proposal, language) + (f" ({number})" if numbers else "")
            for number, proposal in group
        ]
        several = len(things) > 1
        listed = list_in_words(things, language)
        if field != fields.ACTIVITY:
            lines.append(own["said"][field][several].format(listed))
        elif modality:
            firm = label(store, NamedNode(OH + modality), language)
            lines.append(own["how"].format(firm, listed))
        else:
            lines.append(own["done"].format(listed))
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


def _shown(store: QuadSource, proposal: Proposal, language: str) -> str:
    own: Words = words(language)["draft"]

    def named(thing: NamedNode) -> str:
        return label(store, thing, language)

    if proposal.field == fields.SIGNATORY:
        said = (proposal.label, proposal.post, proposal.organisation)
        return ", ".join(part for part in said if part)
    if proposal.field == fields.KIND:
        return named(NamedNode(proposal.value)) if proposal.value else proposal.label
    if proposal.field == fields.ANTECEDENT:
        things = list_in_words([named(thing) for thing in proposal.things], language)
        things = things or own["what_is_named"]
        return str(own["stands_for"].format(proposal.label, things, proposal.value))
    if proposal.field == fields.FACT:
        return _fact(proposal, [named(thing) for thing in proposal.things], store, language)
    if proposal.field in (fields.SIGNED, fields.STARTS, fields.ENDS, fields.TERM, fields.DATELINE):
        if proposal.value.startswith("--"):  # a day without a year
            return proposal.label
        value = duration_in_words(proposal.value, words(language))
        exact = value == proposal.label or not proposal.label
        return value if exact else f"{value}, {proposal.label}"
    if proposal.field == fields.NEW:
        return f"{proposal.label}, {own['kinds'][proposal.value]}"
    if proposal.thing or proposal.field in (fields.TITLE, fields.PREDECESSOR):
        return named(proposal.thing) if proposal.thing else proposal.label
    return str(own["new"].format(proposal.label))


def _fact(proposal: Proposal, names: Sequence[str], store: QuadSource, language: str) -> str:
    own: Words = words(language)["draft"]
    body, *values = names
    if proposal.value == MERGER:
        return str(own["merged"].format(body, list_in_words(values, language), proposal.label[:4]))
    property_ = label(store, NamedNode(expand(proposal.value)), language)
    return str(own["fact"].format(body, property_, values[0] if values else proposal.label))
