"""Proposals for the statements of a text. A proposal becomes a fact only if a person accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.names import ID

PARTY, SIGNATORY, KIND = "party", "signatory", "kind"
SIGNED, STARTS, TERM, ENDS = "signed", "starts", "term", "ends"
TOPIC, ACTIVITY, PROGRAMME, PLACE = "topic", "activity", "programme", "place"
PREDECESSOR, TITLE, DATELINE, PUBLISHER = "predecessor", "title", "dateline", "publisher"
FACT, ANTECEDENT, NEW = "fact", "antecedent", "new"
OF_ACT = "of act"
"""The value of a place where the text says that the agreement was signed or launched."""

FIELDS = (
    *(PARTY, SIGNATORY, KIND, SIGNED, STARTS, TERM, ENDS),
    *(TOPIC, ACTIVITY, PROGRAMME, PLACE),
    *(PREDECESSOR, TITLE, DATELINE, PUBLISHER),
    *(FACT, ANTECEDENT, NEW),
)


class Proposal(NamedTuple):
    """A statement that a passage seems to make.

    ``field`` is one of FIELDS. ``start`` and ``end`` are offsets of its words in the whole text, in
    code points, and ``passage`` is the number of the sentence, from 1. ``label`` names it in words
    of the text or of the graph; ``thing`` is the thing of the graph with that name, or None.
    ``value`` is a date, a duration (xsd lexical forms), the IRI of a kind or OF_ACT, else empty.
    ``score`` is the confidence of the reader, from 0 to 1. For an undertaking, ``modality`` is the
    local name of a modality of the ontology (``planned``, ``possible`` ...). For a signatory,
    ``label`` is the person; ``post`` and ``organisation`` are names as the text has them, with
    their things in the graph. For a NEW thing, ``value`` is its kind (``organisation``, ``person``,
    ``post``, ``programme``, ``place``) and ``acronym`` the acronym that the text introduces in
    brackets. For an ANTECEDENT, ``label`` is the pronoun or phrase, ``things`` are its antecedents,
    and ``value`` is the number of the passage that names them. For a FACT about the body
    ``organisation``, ``value`` is the short form of the property, ``label`` its value in words, and
    ``things`` are the body and the values that are things, empty until all of them are in the
    graph.
    """

    field: str
    passage: int
    start: int
    end: int
    label: str
    score: float
    thing: NamedNode | None = None
    value: str = ""
    modality: str = ""
    post: str = ""
    organisation: str = ""
    post_thing: NamedNode | None = None
    organisation_thing: NamedNode | None = None
    acronym: str = ""
    things: tuple[NamedNode, ...] = ()


class Draft(NamedTuple):
    """All proposals for a text, in its order, with the text, its language and its passages.

    ``passages`` are the places of the sentences, as the splitter returns them.
    """

    text: str
    language: str
    passages: Sequence[tuple[int, int]]
    proposals: Sequence[Proposal]

    def of(self, *fields: str) -> list[Proposal]:
        """The proposals for some fields, in the order of the text."""
        return [proposal for proposal in self.proposals if proposal.field in fields]

    def quote(self, proposal: Proposal) -> str:
        """The words of a proposal, character for character."""
        return self.text[proposal.start : proposal.end]


def things_of(proposal: Proposal) -> set[NamedNode]:
    """The known things of a proposal."""
    things = {proposal.thing, proposal.post_thing, proposal.organisation_thing, *proposal.things}
    if proposal.value.startswith(ID):
        things.add(NamedNode(proposal.value))
    return {thing for thing in things if thing}
