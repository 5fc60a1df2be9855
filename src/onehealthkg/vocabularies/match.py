"""Candidates for links: which concepts of a vocabulary may be which things of ours.

Each pair that has labels alike is scored (``score``). What data/links.sssom.tsv has already, mapped
or rejected, is left out. Of the others a thing gets the ten best; exactMatch is proposed where the
confidence is high, preferred labels are the same, and neither the thing nor the concept has another
candidate as good. What comes out is an SSSOM mapping set for ``review``
(https://mapping-commons.github.io/sssom/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from onehealthkg.mappings.sssom import Mapping, MappingSet
from onehealthkg.names import HOME, ID
from onehealthkg.safe import one_line
from onehealthkg.suggest import without_ignorable
from onehealthkg.vocabularies.concepts import Concept, Label, labels_of
from onehealthkg.vocabularies.labels_index import LabelsIndex
from onehealthkg.vocabularies.score import EXACT, LEAST, Score, score
from onehealthkg.vocabularies.vocabulary import Vocabulary

_MOST = 10  # candidates of a thing
_MARGIN = 0.02  # by which the best must be better than the next

_LEXICAL = "semapv:LexicalMatching"
_COMPOSITE = "semapv:CompositeMatching"
_NEAR = "semapv:LexicalSimilarityThresholdMatching"


class Candidate(NamedTuple):
    """A thing of ours, a concept that may be the same, how good that is, and whether exact."""

    thing: Concept
    concept: Concept
    score: Score
    is_exact: bool


class KnownLinks:
    """The links of a mapping set to a vocabulary, which are not proposed again.

    ``pairs`` are the IRIs of things and concepts that are mapped or rejected; ``linked`` are the
    things, and the concepts, that have an exact link.
    """

    def __init__(self, links: MappingSet, vocabulary: Vocabulary) -> None:
        pairs: set[tuple[str, str]] = set()
        linked: set[str] = set()
        for one in links.mappings:
            pair = links.expand(one.subject_id), links.expand(one.object_id)
            if vocabulary.has(pair[1]):
                pairs.add(pair)
                if one.predicate_id == "skos:exactMatch" and not one.predicate_modifier:
                    linked.update(pair)
        self.pairs, self.linked = frozenset(pairs), frozenset(linked)


def candidates(
    things: Iterable[Concept],
    concepts: Iterable[Concept],
    known: KnownLinks | None = None,
) -> list[Candidate]:
    """The candidates of things among concepts, by thing, the best first; not what is known."""
    pairs, linked = (known.pairs, known.linked) if known else (frozenset(), frozenset())
    scored = _scored(things, concepts, pairs)
    best = _bests(scored)
    chosen: dict[str, list[Candidate]] = defaultdict(list)
    for thing, concept, one in sorted(scored, key=_order):
        if len(chosen[thing.iri]) < _MOST:
            free = linked.isdisjoint((thing.iri, concept.iri))
            both = free and {thing.iri, concept.iri} <= best.get((concept.iri, thing.iri), set())
            exact = both and one.confidence >= EXACT and one.is_preferred
            chosen[thing.iri].append(Candidate(thing, concept, one, exact))
    return [one for iri in sorted(chosen) for one in chosen[iri]]


_Scored = tuple[Concept, Concept, Score]


def _order(one: _Scored) -> tuple[float, str, str]:
    return -one[2].confidence, one[0].iri, one[1].iri


def _scored(
    things: Iterable[Concept], concepts: Iterable[Concept], known: Collection[tuple[str, str]]
) -> list[_Scored]:
    by_iri = {one.iri: one for one in things}
    index = labels_of(by_iri.values())
    scored = []
    for concept in concepts:
        for iri in sorted(_owners(concept.labels, index)):
            one = score(by_iri[iri], concept)
            if one.confidence >= LEAST and (iri, concept.iri) not in known:
                scored.append((by_iri[iri], concept, one))
    return scored


def _owners(labels: Iterable[Label], index: LabelsIndex[str]) -> set[str]:
    return {entry.owner for one in labels for entry in index.found(one.text, one.language)}


def _bests(scored: Iterable[_Scored]) -> dict[tuple[str, str], set[str]]:
    """For each pair, which of the two has no other candidate that is nearly as good.

    Of things of ours with the same name, as the activity and the topic "risk assessment", a concept
    has the better one, else the first by IRI: the activity, as in data/links.sssom.tsv.
    """
    found: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for thing, concept, one in scored:
        found[thing.iri].append((one.confidence, concept.iri, concept.iri))
        found[concept.iri].append((one.confidence, thing.iri, thing.name()))
    best: dict[tuple[str, str], set[str]] = defaultdict(set)
    for iri, others in found.items():
        first, *rest = sorted(others, key=lambda one: (-one[0], one[1]))
        if not any(one[0] >= first[0] - _MARGIN and one[2] != first[2] for one in rest):
            best[_pair(iri, first[1])].add(iri)
    return best


def _pair(one: str, other: str) -> tuple[str, str]:
    """Two IRIs, the concept's first."""
    return (other, one) if one.startswith(ID) else (one, other)


def mapping_set(found: Iterable[Candidate], vocabulary: Vocabulary, date: str) -> MappingSet:
    """The candidates as an SSSOM mapping set; the date is YYYY-MM-DD."""
    header = {
        "curie_map": {"id": ID, vocabulary.prefix: vocabulary.space},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "mapping_set_id": f"{HOME}candidates/{vocabulary.name}",
        "mapping_set_title": f"Candidates for links to {vocabulary.label}, for review",
    }
    made = MappingSet(header, ())
    mappings = (_mapping(one, made, vocabulary, date) for one in found)
    return MappingSet(header, tuple(mappings))


def _mapping(one: Candidate, made: MappingSet, vocabulary: Vocabulary, date: str) -> Mapping:
    return Mapping(
        subject_id=made.contract(one.thing.iri),
        subject_label=one_line(one.thing.name()),
        predicate_id="skos:exactMatch" if one.is_exact else "skos:closeMatch",
        object_id=made.contract(one.concept.iri),
        object_label=one_line(without_ignorable(one.concept.name())),
        object_source=made.contract(vocabulary.iri),
        mapping_justification=_justification(one.score),
        mapping_date=date,
        confidence=f"{one.score.confidence:.3f}",
        comment=one_line(one.score.comment()),
    )


def _justification(one: Score) -> str:
    return _COMPOSITE if one.has_context else _NEAR if one.is_near else _LEXICAL
