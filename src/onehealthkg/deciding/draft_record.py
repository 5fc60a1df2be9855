"""A record made of the decisions on a text that may not be archived."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from onehealthkg.deciding.decisions import ACCEPTED, About, Decision
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.labels import label
from onehealthkg.names import local_name
from onehealthkg.terms import QuadSource

Texts = dict[str, list[str]]
_FIELDS = {
    fields.PARTY: "party",
    fields.KIND: "kind",
    fields.TOPIC: "topic",
    fields.PLACE: "place",
}
_VALUES = {
    fields.SIGNED: "signed",
    fields.STARTS: "started",
    fields.TERM: "term",
    fields.ENDS: "ends",
}
_ONE = ("signed", "term", "ends", "place")


def record_texts(
    store: QuadSource, about: About, language: str, decisions: Iterable[Decision]
) -> Texts:
    """The decisions as answers to the questions of ``new``."""
    texts: Texts = {}
    for decision in decisions:
        if decision.verdict == ACCEPTED:
            for name, text in _texts(decision.proposal):
                if text not in texts.setdefault(name, []):
                    texts[name].append(text)
    texts = {name: found[:1] if name in _ONE else found for name, found in texts.items()}
    publisher = label(store, NamedNode(about.publisher))
    by_party = local_name(about.publisher) in texts.get("party", ())
    texts["confidence"] = ["high" if by_party else "medium"]
    texts["source"] = [" | ".join((about.address, publisher, language, about.published))]
    return texts


def _texts(proposal: Proposal) -> list[tuple[str, str]]:
    if proposal.field in _VALUES:
        return [(_VALUES[proposal.field], proposal.value)]
    if proposal.field == fields.SIGNATORY and proposal.thing and proposal.organisation_thing:
        post = local_name(proposal.post_thing.value) if proposal.post_thing else ""
        parts = (
            local_name(proposal.thing.value),
            post,
            local_name(proposal.organisation_thing.value),
        )
        return [("signatory", " | ".join(parts))]
    if proposal.field == fields.ACTIVITY and proposal.thing and proposal.modality:
        return [("undertaking", f"{local_name(proposal.thing.value)} | {proposal.modality}")]
    if proposal.field == fields.PREDECESSOR:
        return [
            ("predecessor", local_name(proposal.thing.value) if proposal.thing else proposal.label)
        ]
    if proposal.field in _FIELDS and proposal.thing:
        return [(_FIELDS[proposal.field], local_name(proposal.thing.value))]
    return []
