"""The statements about a text and its passages, which no sentence makes: the graph ``<#about>``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from onehealthkg.deciding.agreed import DATES, Agreed, dated, numbers
from onehealthkg.deciding.decisions import SENTENCE, About
from onehealthkg.drafting import proposals as fields
from onehealthkg.sources.author import LANGUAGES
from onehealthkg.terms import named_node

NOTHING = "Says nothing about the agreement."
ISSUED = named_node("dcterms:issued")
DATED = {
    fields.SIGNED: "oh:dateSigned",
    fields.STARTS: "oh:dateStarted",
    fields.ENDS: "oh:dateEnds",
}
"""The property of the agreement that each date gives."""

_TITLE = named_node("dcterms:title")
_ITEM = re.compile(r"[-–•*·]\s|\d{1,2}[.)]\s|\(?[a-z]\)\s")


def about_document(agreed: Agreed, about: About, home: NamedNode) -> Iterator[Triple]:
    """The statements about the graph ``home`` and the document, without its date."""
    source = agreed.source
    document = source.document
    yield Triple(home, named_node("rdf:type"), named_node("oh:CuratedGraph"))
    yield Triple(home, _TITLE, Literal(f"About {source.stem}", language="en"))
    yield Triple(home, _TITLE, Literal(f"À propos de {source.stem}", language="fr"))
    yield Triple(document, named_node("rdf:type"), named_node("foaf:Document"))
    language = NamedNode(LANGUAGES[source.language])
    yield Triple(document, named_node("dcterms:language"), language)
    if about.address:
        for subject in (home, NamedNode(f"{document.value}.txt")):
            yield Triple(subject, named_node("dcterms:source"), NamedNode(about.address))
    if about.title:
        yield Triple(document, _TITLE, Literal(about.title, language=source.language))
    publishers = [NamedNode(about.publisher)] if about.publisher else []
    for publisher in publishers or agreed.things(fields.PUBLISHER):
        yield Triple(document, named_node("dcterms:publisher"), publisher)


def about_passages(agreed: Agreed, stated: Container[object]) -> Iterator[Triple]:
    """The antecedents and marks of passages, and the dates that an editor has completed.

    ``stated`` are the passages that make statements.
    """
    yield from _antecedents(agreed, stated)
    yield from _unseen(agreed)
    for proposal in agreed.of(*DATES):
        if not agreed.is_written(proposal):
            yield Triple(agreed.agreement, named_node(DATED[proposal.field]), dated(proposal.value))
    for proposal in agreed.of(SENTENCE):
        passage = agreed.source.passage(proposal.passage)
        if passage not in stated:
            reason = Literal(proposal.label or NOTHING, language="en")
            yield Triple(passage, named_node("oh:withoutStatement"), reason)


def _antecedents(agreed: Agreed, stated: Container[object]) -> Iterator[Triple]:
    """The antecedents of sentences; for an item, the sentence before its list."""
    pairs = [
        (proposal.passage, number)
        for proposal in agreed.of(fields.ANTECEDENT)
        for number in numbers(proposal)
    ]
    for fact in agreed.of(fields.FACT):
        body = next(iter(fact.things), None)
        if body and not agreed.named.names(fact.passage, body):
            before = _last_naming(agreed, body, fact.passage)
            pairs += [(fact.passage, before)] if before else []
    pairs += [(item, start) for item, start in _items(agreed) if _passage(agreed, item) in stated]
    for here, there in pairs:
        yield Triple(_passage(agreed, here), named_node("oh:antecedent"), _passage(agreed, there))


def _passage(agreed: Agreed, number: int) -> NamedNode:
    return agreed.source.passage(number)


def _last_naming(agreed: Agreed, thing: NamedNode, limit: int) -> int:
    """The last passage before one that names a thing; 0 for none."""
    passages = (number for number in range(1, limit) if agreed.named.names(number, thing))
    return max(passages, default=0)


def _items(agreed: Agreed) -> Iterator[tuple[int, int]]:
    """The items of lists, each with the sentence that introduces the list."""
    before = 0
    for number in range(1, len(agreed.source.passages) + 1):
        if not _ITEM.match(agreed.source.words(number)):
            before = number
        elif before:
            yield number, before


def _unseen(agreed: Agreed) -> Iterator[Triple]:
    """The passages with proposals that no person has reviewed, with their lowest score."""
    unseen: dict[int, float] = {}
    for decision in agreed.decisions:
        if not decision.seen:
            number = decision.proposal.passage
            unseen[number] = min(unseen.get(number, 1.0), decision.proposal.score)
    for number, score in unseen.items():
        least = Literal(f"{score:.2f}", datatype=named_node("xsd:decimal"))
        yield Triple(_passage(agreed, number), named_node("oh:unseenAbove"), least)
