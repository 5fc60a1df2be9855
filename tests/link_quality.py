"""The precision of exact candidates, over the samples of tests/vocabularies.

``python tests/link_quality.py [PROJECT [FOLDER]]`` prints the figures, the misses and what is false.
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from onehealthkg.dataset.cache import load_store
from onehealthkg.mappings.sssom import read_mappings
from onehealthkg.paths import Project, bundled
from onehealthkg.terms import merge
from onehealthkg.vocabularies.concepts import Concept, labels_of, things
from onehealthkg.vocabularies.lookup_dump import concepts_in_dump
from onehealthkg.vocabularies.match import Candidate, candidates

HERE = Path(__file__).parent / "vocabularies"
PATTERNS = {
    "agrovoc": r"^http://aims\.fao\.org/aos/agrovoc/c_\w+$",
    "eurovoc": r"^http://eurovoc\.europa\.eu/\w+$",
    "gemet": r"^http://www\.eionet\.europa\.eu/gemet/concept/\d+$",
    "mesh": r"^http://id\.nlm\.nih\.gov/mesh/D\d+$",
}


class Quality(NamedTuple):
    """The exact candidates that are right, those that are false, and the answers not given."""

    right: list[Candidate]
    false: list[Candidate]
    missed: list[tuple[str, str]]

    @property
    def precision(self) -> float:
        """The part of the exact candidates that is right."""
        return len(self.right) / (len(self.right) + len(self.false))

    @property
    def recall(self) -> float:
        """The part of the answers that is found as an exact candidate."""
        return len(self.right) / (len(self.right) + len(self.missed))


def our_things(project: Project) -> dict[str, Concept]:
    return things(merge(load_store(project)))


def answers(ours: dict[str, Concept], vocabulary: str) -> dict[str, set[str]]:
    """For each thing that the answers name, the concepts that are exactly it, which may be none."""
    named: dict[str, str] = {}  # of an activity and a topic with one name, the activity
    for one in sorted(ours.values()):
        for label in one.labels:
            named.setdefault(label.text.casefold(), one.iri)
    found: dict[str, set[str]] = defaultdict(set)
    with (HERE / "right-answers.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            iris = {named.get(name.casefold()) for name in row["thing"].split(" / ")} - {None}
            for iri in iris:
                if row["vocabulary"] == vocabulary:
                    found[str(iri)] |= {row["concept"]} if row["match"] == "exact" else set()
    return found


def quality(ours: dict[str, Concept], vocabulary: str, path: Path) -> Quality:
    """The quality of the exact candidates for the things that the answers name."""
    right_ones = answers(ours, vocabulary)
    wanted = re.compile(PATTERNS[vocabulary]).search
    found = concepts_in_dump(path, labels_of(ours.values()), lambda iri: bool(wanted(iri)))
    exact = [one for one in candidates(ours.values(), found) if one.is_exact]
    judged = [one for one in exact if one.thing.iri in right_ones]
    right = [one for one in judged if one.concept.iri in right_ones[one.thing.iri]]
    given = {(one.thing.iri, one.concept.iri) for one in right}
    wanted_pairs = {(iri, one) for iri, those in right_ones.items() for one in those}
    false = [one for one in judged if one not in right]
    return Quality(right, false, sorted(wanted_pairs - given))


def own_quality(ours: dict[str, Concept], vocabulary: str, path: Path) -> Quality:
    """The quality by another measure: the exact links of data/links.sssom.tsv, for their things."""
    links = read_mappings(bundled().links_file)
    wanted = re.compile(PATTERNS[vocabulary]).search
    exact = {
        (links.expand(one.subject_id), links.expand(one.object_id))
        for one in links.mappings
        if one.predicate_id == "skos:exactMatch" and not one.predicate_modifier
    }
    found = concepts_in_dump(path, labels_of(ours.values()), lambda iri: bool(wanted(iri)))
    linked = {thing for thing, concept in exact if wanted(concept)}
    judged = [
        one for one in candidates(ours.values(), found) if one.is_exact and one.thing.iri in linked
    ]
    right = [one for one in judged if (one.thing.iri, one.concept.iri) in exact]
    given = {(one.thing.iri, one.concept.iri) for one in right}
    false = [one for one in judged if one not in right]
    return Quality(right, false, sorted({one for one in exact if wanted(one[1])} - given))


def show(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    project = Project(sys.argv[1]) if sys.argv[1:] else bundled()
    folder = Path(sys.argv[2]) if sys.argv[2:] else HERE
    ours = our_things(project)
    for vocabulary in PATTERNS:
        path = next(folder.glob(f"{vocabulary}*.ttl"))
        for measure in (quality, own_quality):
            report(f"{vocabulary}, {measure.__name__}", measure(ours, vocabulary, path))


def report(name: str, one: Quality) -> None:
    numbers = f"{len(one.right)} right, {len(one.false)} false, {len(one.missed)} missed"
    show(f"{name}: precision {one.precision:.3f}, recall {one.recall:.3f}: {numbers}")
    for wrong in one.false:
        show(f"  false  {wrong.thing.iri} {wrong.concept.iri} {wrong.score.comment()}")
    for iri, concept in one.missed:
        show(f"  missed {iri} {concept}")


if __name__ == "__main__":
    main()
