"""Mutants of the data: each statement deleted, and each altered, and what the checks say of it.

Run as a program it judges the mutants of every file in random order, writes each verdict into a
file, and prints a table; with the file of a run that was stopped it goes on from there:

    python tests/mutations.py verdicts.tsv

A mutant is caught when a check reports a violation, and noticed when one reports a warning. Each
other one is explained by ``reason``, or the test fails.
"""

import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from quick_check import Findings, QuickCheck, judged_whole, spoilt

from onehealthkg.checks.findings import VIOLATION, WARNING
from onehealthkg.dataset.dataset import DataFile, Dataset, read_dataset
from onehealthkg.names import ID, OH, RDF_TYPE, compact
from onehealthkg.paths import bundled
from onehealthkg.reading.names import NAMING
from onehealthkg.terms import named_node

DELETED, ALTERED = "deleted", "altered"
CAUGHT, NOTICED, EXPLAINED, MISSED = "caught", "noticed", "explained", "missed"

# Kinds of things that sentences refer to without naming them.
NAMELESS = ("agreement", "undertaking", "partnership", "signature", "task")
# The editors' own words: no check can find another wording wrong.
FREE_WORDS = {
    "dcterms:created", "dcterms:creator", "dcterms:issued", "dcterms:license", "dcterms:modified",
    "dcterms:source", "dcterms:title", "rdfs:label",
    "oh:formerName", "skos:historyNote",
    "skos:altLabel", "skos:definition", "skos:example", "skos:hiddenLabel", "skos:prefLabel",
    "skos:scopeNote", "vann:preferredNamespacePrefix", "vann:preferredNamespaceUri",
}  # fmt: skip
# Links among concepts and terms that an editor chooses.
EDITORS_CHOICE = {
    "dcterms:isPartOf", "dcterms:language", "dcterms:publisher", "oh:antecedent",
    "oh:withoutStatement", "schema:inLanguage", "schema:sameAs",
    "rdfs:seeAlso", "rdfs:subClassOf", "rdfs:subPropertyOf", "skos:broadMatch", "skos:exactMatch",
    "skos:narrowMatch", "skos:broader", "skos:closeMatch",
    "skos:hasTopConcept", "skos:related", "skos:relatedMatch", "skos:topConceptOf",
}  # fmt: skip
# Made by the program from the table of links, and so not altered by hand.
DERIVED_FROM_LINKS = {"schema:identifier", "schema:propertyID", "schema:url", "schema:value"}
# Verifiable only with the answers of an endpoint, or the identifiers of a register.
SETTINGS = {
    "settings:checkDigits", "settings:requestsPerSecond", "settings:rowsPerAnswer", "sh:select",
    "void:sparqlEndpoint",
}  # fmt: skip
REASONS = (
    ("the editors' own words", FREE_WORDS),
    ("the editors' choice", EDITORS_CHOICE),
    ("a setting that only the endpoint or register can prove", SETTINGS),
)
OF_CURATED = {
    **dict.fromkeys(
        ("changes", "organisations", "people", "places", "programmes"),
        "of an authority record no text is archived",
    ),
    "vocabularies": "a setting that only the endpoint or register can prove",
    "": "the editors' choice",
}
"""The reasons for other statements of curated files."""

# Stated in words that are not a name, so that no check can look for them.
UNNAMED_DETAIL = {
    "prov:atLocation", "foaf:name", "oh:agent", "oh:durationInWords",
    "oh:inPost", "oh:partiesNote", "oh:reportedWith",
    "oh:scopeInWords", "oh:setOutIn",
    "oh:signedOnDateOf", "oh:supervisedBy", "oh:term", "oh:formalises", "rdf:type",
    "schema:alternateName", "schema:foundingDate", "oh:dateRenamed", "oh:jointlySupervisedBy",
}  # fmt: skip


class Mutant(NamedTuple):
    """One change of one file: the removed quad, and its replacement."""

    file: DataFile
    how: str
    old: Quad
    new: Quad | None


class Laboratory:
    """The bundled data, and the findings on its mutants."""

    def __init__(self) -> None:
        self.dataset = read_dataset(bundled())
        self._like = _alike(self.dataset)
        self._quick = QuickCheck(self.dataset)

    def mutants(self, file: DataFile) -> Iterator[Mutant]:
        """Each statement of a file deleted, and each altered."""
        for quad in file.quads:
            yield Mutant(file, DELETED, quad, None)
            altered = Quad(quad.subject, quad.predicate, self.other(quad.object), quad.graph_name)
            yield Mutant(file, ALTERED, quad, altered)

    def other(self, term: object) -> NamedNode | Literal:
        """Another value of the same sort: the next thing of its kind, the next number or day."""
        if isinstance(term, Literal):
            return _other_literal(term)
        alike = self._like.get(term, [])
        if len(alike) > 1:
            return alike[(alike.index(term) + 1) % len(alike)]
        return NamedNode(term.value + "x")

    def verdict(self, mutant: Mutant) -> tuple[str, str]:
        """The result for a mutant: caught, noticed, explained or missed, with check or reason."""
        with closing(self._quick.findings(mutant.file, mutant.old, mutant.new)) as findings:
            return self._verdict(mutant, findings)

    def verdict_of_whole(self, mutant: Mutant) -> tuple[str, str]:
        """The same by the whole check, which takes about a second."""
        files = spoilt(self.dataset.files, mutant.file, mutant.old, mutant.new)
        return self._verdict(mutant, judged_whole(Dataset(self.dataset.project, files)))

    def _verdict(self, mutant: Mutant, findings: Findings) -> tuple[str, str]:
        noticed = ""
        for severity, name in findings:
            if severity == VIOLATION:
                return CAUGHT, name
            if severity == WARNING:
                noticed = noticed or name
        if noticed:
            return NOTICED, noticed
        reason = self.reason(mutant)
        return (EXPLAINED, reason) if reason else (MISSED, "")

    def reason(self, mutant: Mutant) -> str:
        """The reason why no check can distinguish a mutant from the truth; empty if one should."""
        predicate = compact(mutant.old.predicate.value)
        if mutant.how == DELETED and self._said_elsewhere(mutant.old):
            return "another graph says it too"
        if _is_record(mutant.file):
            return "of a record no text is archived"
        if mutant.file.path.suffix == ".tsv" and predicate in DERIVED_FROM_LINKS:
            return "the program derives it from the table of links"
        for reason, predicates in REASONS:
            if predicate in predicates:
                return reason
        if mutant.file.path.suffix == ".ttl":
            return OF_CURATED.get(mutant.file.path.stem, OF_CURATED[""])
        return self._reason_of_words(mutant, predicate)

    def _reason_of_words(self, mutant: Mutant, predicate: str) -> str:
        """Why the words of a text do not betray a mutant."""
        if mutant.new and _kind(mutant.new.object) in NAMELESS:
            return "one thing without a name for another"
        if mutant.new and isinstance(mutant.new.object, NamedNode):
            return "the words name the other thing too"
        if mutant.how == DELETED and predicate in UNNAMED_DETAIL:
            return "a detail in words that are no name"
        if mutant.how == DELETED and self._named_by_another(mutant.old):
            return "the words that name it are taken up by another statement"
        if mutant.how == DELETED and self._is_in_antecedent(mutant.old):
            return "the sentence has a pronoun for it"
        return ""

    def _is_in_antecedent(self, quad: Quad) -> bool:
        """Whether the sentence does not name the object, and another one that it refers to may."""
        store, passage = self.dataset.store, quad.graph_name
        refers = any(store.quads_for_pattern(passage, named_node("oh:antecedent"), None))
        return refers and not any(
            label.object.value.lower() in text.object.value.lower()
            for label in store.quads_for_pattern(quad.object, None, None)
            if label.predicate in NAMING
            for selector in store.quads_for_pattern(passage, named_node("oa:hasSelector"), None)
            for text in store.quads_for_pattern(selector.object, named_node("oa:exact"), None)
        )

    def _said_elsewhere(self, quad: Quad) -> bool:
        quads = self.dataset.store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
        return any(
            one.graph_name not in (quad.graph_name, DefaultGraph())
            and "/inference/" not in str(one.graph_name)
            for one in quads
        )

    def _named_by_another(self, quad: Quad) -> bool:
        """Whether another statement of the graph is about the same thing, or a longer name."""
        if isinstance(quad.object, Literal):
            return False
        graph = self.dataset.store.quads_for_pattern(None, None, None, quad.graph_name)
        labels = {
            str(label.object.value).lower()
            for label in self.dataset.store.quads_for_pattern(quad.object, None, None)
            if "abel" in label.predicate.value
        }
        for other in graph:
            for term in (other.subject, other.object):
                if isinstance(term, Literal) and any(
                    label in term.value.lower() for label in labels
                ):
                    return True
                if other == quad or not isinstance(term, NamedNode):
                    continue
                if term == quad.object:
                    return True
                for one in self.dataset.store.quads_for_pattern(term, None, None):
                    text = str(getattr(one.object, "value", "")).lower()
                    if "abel" in one.predicate.value and any(label in text for label in labels):
                        return True
        return False


def _is_record(file: DataFile) -> bool:
    return file.path.suffix == ".yaml"


def _other_literal(term: Literal) -> Literal:
    text, datatype = term.value, term.datatype.value.rpartition("#")[2]
    if datatype in ("integer", "gYear"):
        new = str(int(text) + 1)
    elif datatype == "date":
        new = text[:-1] + ("1" if text[-1] != "1" else "2")
    elif datatype == "duration":
        new = "P" + str(int(text[1:-1]) + 1) + text[-1]
    else:
        new = ("x" if text[:1] != "x" else "y") + text[1:]
    return (
        Literal(new, language=term.language)
        if term.language
        else Literal(new, datatype=term.datatype)
    )


def _alike(dataset: Dataset) -> dict[object, list[NamedNode]]:
    """Each thing with those of the same class and kind, itself among them."""
    groups: dict[tuple[str, str], set[NamedNode]] = defaultdict(set)
    for quad in dataset.store.quads_for_pattern(None, NamedNode(RDF_TYPE), None, DefaultGraph()):
        groups[quad.object.value, _kind(quad.subject)].add(quad.subject)
    return {one: sorted(group, key=str) for group in groups.values() for one in group}


def _kind(term: object) -> str:
    """The kind in an IRI: ``topic`` of ``id:topic-zoonoses``, ``oh`` of a term."""
    iri = getattr(term, "value", "")
    if iri.startswith(ID):
        return iri.removeprefix(ID).split("-")[0]
    return "oh" if iri.startswith(OH) else iri.rpartition("#")[0]


_GROUPS = {
    ".passages.trig": "passages of the release",
    ".trig": "the author's file of the release",
    ".yaml": "records",
    ".tsv": "links",
    "onehealth.ttl": "ontology",
    "vocabularies.ttl": "vocabularies",
    ".ttl": "thesauri and authority records",
}


def group_of(name: str) -> str:
    """The row of the table that a file's mutants are counted in."""
    return next(group for ending, group in _GROUPS.items() if name.endswith(ending))


def in_random_order(laboratory: Laboratory) -> list[Mutant]:
    """All mutants, so that the first thousands are a fair sample.

    The first are one of each kind of change, file and property.
    """
    mutants = [mutant for file in laboratory.dataset.files for mutant in laboratory.mutants(file)]
    random.Random(2020).shuffle(mutants)  # noqa: S311 - no secret
    first = {
        (mutant.how, group_of(mutant.file.path.name), mutant.old.predicate): mutant
        for mutant in reversed(mutants)
    }
    chosen = {id(mutant) for mutant in first.values()}
    return [*first.values(), *(mutant for mutant in mutants if id(mutant) not in chosen)]


def judge_all(laboratory: Laboratory, path: Path) -> None:
    """Judge the mutants that a file has no verdicts of, and append these."""
    with path.open("a+", encoding="utf-8", newline="") as file:
        file.seek(0)
        done = {tuple(row[:3]) for row in csv.reader(file, "excel-tab")}
        writer = csv.writer(file, "excel-tab")
        for mutant in in_random_order(laboratory):
            name = mutant.file.path.name, mutant.how, str(mutant.old)
            if name not in done:
                writer.writerow([*name, *laboratory.verdict(mutant)])
                file.flush()


def table(rows: Iterable[list[str]]) -> str:
    """How many mutants of each file are caught, noticed, explained (by reason) and missed."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    missed = []
    for name, how, statement, verdict, reason in rows:
        for group in (group_of(name), "together"):
            counts[group][verdict] += 1
        reasons.update([reason] if verdict == EXPLAINED else [])
        missed += [f"missed: {name} {how} {statement}"] if verdict == MISSED else []
    verdicts = (CAUGHT, NOTICED, EXPLAINED, MISSED)
    lines = [f"| file | mutants | {' | '.join(verdicts)} |"]
    for group in (*_GROUPS.values(), "together"):
        cells = [counts[group].total(), *(counts[group][verdict] for verdict in verdicts)]
        lines.append(f"| {group} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    lines += [f"| {count:,} | {reason} |" for reason, count in reasons.most_common()]
    return "\n".join(lines + missed).replace(",", " ")


if __name__ == "__main__":
    verdicts = Path(sys.argv[1])
    judge_all(Laboratory(), verdicts)
    with verdicts.open(encoding="utf-8", newline="") as read:
        print(table(csv.reader(read, "excel-tab")))  # noqa: T201 - a program
