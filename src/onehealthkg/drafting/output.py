"""A draft as one JSON object, for scripts and for measuring."""

from __future__ import annotations

from typing import Any

from onehealthkg.drafting.proposals import (
    ACTIVITY,
    ENDS,
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
    """The proposals by field, each with its quotation; null for what the text does not say.

    ``kind`` is the words for it; ``signed``, ``starts``, ``term`` and ``ends`` are in xsd lexical
    form.
    """

    def values(field: str, key: str = "label") -> list[dict[str, Any]]:
        return [
            {key: one.label, "thing": _short(one), "quote": draft.quote(one)}
            for one in draft.of(field)
        ]

    return {
        "kind": next((one.label for one in draft.of(KIND)), None),
        **{
            field: next((one.value for one in draft.of(field)), None)
            for field in (SIGNED, STARTS, TERM, ENDS)
        },
        "parties": values(PARTY, "name"),
        "signatories": [
            {
                "person": one.label,
                "post": one.post or None,
                "organisation": one.organisation or None,
                "quote": draft.quote(one),
            }
            for one in draft.of(SIGNATORY)
        ],
        "topics": values(TOPIC),
        "activities": [
            {
                "label": one.label,
                "thing": _short(one),
                "modality": one.modality or None,
                "quote": draft.quote(one),
            }
            for one in draft.of(ACTIVITY)
        ],
        "programmes": values(PROGRAMME),
        "places": values(PLACE),
        "predecessors": values(PREDECESSOR),
        "new": [
            {"kind": one.value, "name": one.label, "quote": draft.quote(one)}
            for one in draft.of(NEW)
        ],
    }


def _short(one: Proposal) -> str | None:
    return compact(one.thing.value) if one.thing else None
