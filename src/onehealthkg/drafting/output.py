"""A draft as one JSON object, for scripts and for measuring."""

from __future__ import annotations

from typing import Any

from onehealthkg.drafting.proposals import (
    ACTIVITY,
    ENDS,
    FACT,
    KIND,
    NEW,
    PARTY,
    PLACE,
    PREDECESSOR,
    PROGRAMME,
    SIGNATORY,
    SIGNED,
    STARTS,
    TERM,
    TOPIC,
    Draft,
    Proposal,
)
from onehealthkg.names import compact


def as_json(draft: Draft) -> dict[str, Any]:
    """The proposals by field, each with its quotation; null for values that the text lacks.

    ``kind`` has the words of the text; ``signed``, ``starts``, ``term`` and ``ends`` are in xsd
    lexical form.
    """

    def values(field: str, key: str = "label") -> list[dict[str, Any]]:
        return [
            {key: proposal.label, "thing": _short(proposal), "quote": draft.quote(proposal)}
            for proposal in draft.of(field)
        ]

    return {
        "kind": next((proposal.label for proposal in draft.of(KIND)), None),
        **{
            field: next((proposal.value for proposal in draft.of(field)), None)
            for field in (SIGNED, STARTS, TERM, ENDS)
        },
        "parties": values(PARTY, "name"),
        "signatories": [
            {
                "person": proposal.label,
                "post": proposal.post or None,
                "organisation": proposal.organisation or None,
                "quote": draft.quote(proposal),
            }
            for proposal in draft.of(SIGNATORY)
        ],
        "topics": values(TOPIC),
        "activities": [
            {
                "label": proposal.label,
                "thing": _short(proposal),
                "modality": proposal.modality or None,
                "quote": draft.quote(proposal),
            }
            for proposal in draft.of(ACTIVITY)
        ],
        "programmes": values(PROGRAMME),
        "places": values(PLACE),
        "predecessors": values(PREDECESSOR),
        "facts": [
            {
                "subject": proposal.organisation,
                "property": proposal.value,
                "value": proposal.label,
                "quote": draft.quote(proposal),
            }
            for proposal in draft.of(FACT)
        ],
        "new": [
            {"kind": proposal.value, "name": proposal.label, "quote": draft.quote(proposal)}
            for proposal in draft.of(NEW)
        ],
    }


def _short(proposal: Proposal) -> str | None:
    return compact(proposal.thing.value) if proposal.thing else None
