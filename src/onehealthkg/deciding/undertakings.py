"""The undertakings of a sentence: what the parties promise, plan or hope to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from onehealthkg.deciding.agreed import Agreed, Labels, listed
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.names import ID, OH, local_name
from onehealthkg.terms import named_node

EXPECTED = "expected"


class Undertaking(NamedTuple):
    """An undertaking with its statements and labels."""

    node: NamedNode
    triples: list[Triple]
    labels: Labels


def undertakings(agreed: Agreed, number: int, here: Iterable[Proposal]) -> Iterator[Undertaking]:
    """The undertakings of a sentence, one for the activities of each modality."""
    by_modality: dict[str, list[NamedNode]] = {}
    for proposal in here:
        if proposal.field == fields.ACTIVITY and proposal.thing and proposal.modality:
            by_modality.setdefault(proposal.modality, []).append(proposal.thing)
    for modality, activities in by_modality.items():
        words = local_name(activities[0].value).partition("-")[2]
        node = NamedNode(f"{ID}undertaking-{agreed.source.name}-{number}-{words}")
        triples = list(_triples(agreed, number, node, modality, activities))
        labels = {
            "en": f"{agreed.short('en')}: {listed(agreed.store, activities, 'en')}",
            "fr": f"{agreed.short('fr')} : {listed(agreed.store, activities, 'fr')}",
        }
        yield Undertaking(node, triples, labels)


def _triples(
    agreed: Agreed, number: int, node: NamedNode, modality: str, activities: Iterable[NamedNode]
) -> Iterator[Triple]:
    yield Triple(node, named_node("rdf:type"), named_node("oh:Undertaking"))
    yield Triple(node, named_node("oh:modality"), NamedNode(OH + modality))
    for activity in activities:
        yield Triple(node, named_node("oh:activity"), activity)
    if modality != EXPECTED:
        for party in agreed.parties:
            if agreed.reaches(number, party):
                yield Triple(node, named_node("oh:agent"), party)
    set_out = named_node("oh:setOutIn")
    is_worded = agreed.named.names(number, set_out) and modality != EXPECTED
    link = set_out if is_worded else named_node("oh:reportedWith")
    yield Triple(node, link, agreed.agreement)
