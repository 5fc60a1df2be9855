"""Candidates for links between our things and concepts of a vocabulary.

Each pair with similar labels is scored (``score``). Pairs already in data/links.sssom.tsv, mapped
or rejected, are left out. A thing gets the ten best of the others; an exact match is proposed if
the confidence is high, preferred labels are the same, and neither the thing nor the concept has
another candidate as good. The result is an SSSOM mapping set for ``review``
(https://mapping-commons.github.io/sssom/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from onehealthkg.mappings import relations
from onehealthkg.mappings.sssom import Mapping, MappingSet
from onehealthkg.names import HOME, ID, PREFIXES
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
    """A thing of ours, a concept that may be the same, their score, and whether it is exact."""

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
        for mapping in links.mappings:
            pair = links.expand(mapping.subject_id), links.expand(mapping.object_id)
            if vocabulary.has(pair[1]):
                pairs.add(pair)
                if mapping.predicate_id in relations.EXACT and not mapping.predicate_modifier:
                    linked.update(pair)
        self.pairs, self.linked = frozenset(pairs), frozenset(linked)


def candidates(
    things: Iterable[Concept],
    concepts: Iterable[Concept],
    known: KnownLinks | None = None,
) -> list[Candidate]:
    """The candidates of things among concepts, by thing, the best first, without known links."""
    pairs, linked = (known.pairs, known.linked) if known else (frozenset(), frozenset())
    scored = _scored(things, concepts, pairs)
    best = _bests(scored)
    chosen: dict[str, list[Candidate]] = defaultdict(list)
    for thing, concept, likeness in sorted(scored, key=_order):
        if len(chosen[thing.iri]) < _MOST:
            free = linked.isdisjoint((thing.iri, concept.iri))
            both = free and {thing.iri, concept.iri} <= best.get((concept.iri, thing.iri), set())
            exact = both and likeness.confidence >= EXACT and likeness.is_preferred
            chosen[thing.iri].append(Candidate(thing, concept, likeness, exact))
    return [candidate for iri in sorted(chosen) for candidate in chosen[iri]]


_Scored = tuple[Concept, Concept, Score]


def _order(pair: _Scored) -> tuple[float, str, str]:
    return -pair[2].confidence, pair[0].iri, pair[1].iri


def _scored(
    things: Iterable[Concept], concepts: Iterable[Concept], linked: Collection[tuple[str, str]]
) -> list[_Scored]:
    by_iri = {thing.iri: thing for thing in things}
    index = labels_of(by_iri.values())
    scored = []
    for concept in concepts:
        for iri in sorted(_owners(concept.labels, index)):
            likeness = score(by_iri[iri], concept)
            if likeness.confidence >= LEAST and (iri, concept.iri) not in linked:
                scored.append((by_iri[iri], concept, likeness))
    return scored


def _owners(labels: Iterable[Label], index: LabelsIndex[str]) -> set[str]:
    return {entry.owner for label in labels for entry in index.found(label.text, label.language)}


def _bests(scored: Iterable[_Scored]) -> dict[tuple[str, str], set[str]]:
    """For each pair, the sides that have no other candidate nearly as good.

    If our things share a name, as the activity and the topic "risk assessment", a concept goes to
    the better one, else to the first by IRI: the activity, as in data/links.sssom.tsv.
    """
    rivals: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for thing, concept, likeness in scored:
        rivals[thing.iri].append((likeness.confidence, concept.iri, concept.iri))
        rivals[concept.iri].append((likeness.confidence, thing.iri, thing.name()))
    best: dict[tuple[str, str], set[str]] = defaultdict(set)
    for iri, others in rivals.items():
        first, *rest = sorted(others, key=lambda end: (-end[0], end[1]))
        if not any(end[0] >= first[0] - _MARGIN and end[2] != first[2] for end in rest):
            best[_pair(iri, first[1])].add(iri)
    return best


def _pair(first: str, second: str) -> tuple[str, str]:
    """Two IRIs, the concept's first."""
    return (second, first) if first.startswith(ID) else (first, second)


def mapping_set(candidates: Iterable[Candidate], vocabulary: Vocabulary, date: str) -> MappingSet:
    """The candidates as an SSSOM mapping set; the date is YYYY-MM-DD."""
    header = {
        "curie_map": {"id": ID, "schema": PREFIXES["schema"], vocabulary.prefix: vocabulary.space},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "mapping_set_id": f"{HOME}candidates/{vocabulary.name}",
        "mapping_set_title": f"Candidates for links to {vocabulary.label}, for review",
    }
    made = MappingSet(header, ())
    mappings = (_mapping(candidate, made, vocabulary, date) for candidate in candidates)
    return MappingSet(header, tuple(mappings))


def _mapping(candidate: Candidate, made: MappingSet, vocabulary: Vocabulary, date: str) -> Mapping:
    return Mapping(
        subject_id=made.contract(candidate.thing.iri),
        subject_label=one_line(candidate.thing.name()),
        predicate_id=relations.relation(
            candidate.thing.iri, "exact" if candidate.is_exact else "close"
        ),
        object_id=made.contract(candidate.concept.iri),
        object_label=one_line(without_ignorable(candidate.concept.name())),
        object_source=made.contract(vocabulary.iri),
        mapping_justification=_justification(candidate.score),
        mapping_date=date,
        confidence=f"{candidate.score.confidence:.3f}",
        comment=one_line(candidate.score.comment()),
    )


def _justification(likeness: Score) -> str:
    return _COMPOSITE if likeness.has_context else _NEAR if likeness.is_near else _LEXICAL
