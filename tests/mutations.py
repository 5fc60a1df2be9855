"""Mutants of the data: each statement deleted, and each altered, and what the checks say of it.

Run as a program it tries every mutant of every file and prints a table:

    python tests/mutations.py

A mutant is caught when a check reports a violation, and noticed when one reports a warning. Each
other one is explained by ``reason``, or the test fails. To be quick, the records are left out where
the file is none of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from onehealthkg.checks import check
from onehealthkg.checks.findings import VIOLATION, Finding, Places
from onehealthkg.checks.validators import by_shacl
from onehealthkg.dataset.dataset import DataFile, Dataset, read_dataset
from onehealthkg.names import ID, OH, RDF_TYPE, compact, local_name
from onehealthkg.paths import bundled
from onehealthkg.rdf.read_write import read_quads

DELETED, ALTERED = "deleted", "altered"
CAUGHT, NOTICED, EXPLAINED, MISSED = "caught", "noticed", "explained", "missed"

# Kinds of things that sentences refer to without naming them.
NAMELESS = ("agreement", "undertaking", "partnership", "signature", "task")
# What the editors word freely: nothing says that another wording would be wrong.
FREE_WORDS = {
    "dcterms:created", "dcterms:license", "dcterms:source", "dcterms:title", "rdfs:label",
    "oh:formerName", "skos:historyNote",
    "skos:altLabel", "skos:definition", "skos:example", "skos:hiddenLabel", "skos:prefLabel",
    "skos:scopeNote", "vann:preferredNamespacePrefix", "vann:preferredNamespaceUri",
}  # fmt: skip
# Links among concepts and terms that an editor chooses.
EDITORS_CHOICE = {
    "dcterms:isPartOf", "dcterms:language", "dcterms:publisher", "oh:antecedent",
    "schema:inLanguage",
    "rdfs:subClassOf", "rdfs:subPropertyOf", "skos:broader", "skos:closeMatch",
    "skos:hasTopConcept", "skos:related", "skos:relatedMatch", "skos:topConceptOf",
}  # fmt: skip
# What a sentence says in words that are no name, so that no check can look for it.
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
        self._shapes = read_quads(self.dataset.project.shapes_file)
        self._like = _alike(self.dataset)
        self._nowhere = Places(Dataset(self.dataset.project, []))

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
        """The result for a mutant: caught, noticed, explained or missed, with the check or the
        reason.
        """
        kept = tuple(quad for quad in mutant.file.quads if quad != mutant.old)
        spoilt = DataFile(mutant.file.path, kept + ((mutant.new,) if mutant.new else ()))
        of_record = _is_record(mutant.file)
        beside = self._beside(records=of_record)
        files = [spoilt if one is mutant.file else one for one in beside]
        dataset = Dataset(self.dataset.project, files)
        broken = self._shapes_broken(dataset)  # first, since the shapes are tried fastest
        if broken:
            return CAUGHT, broken[0]
        noticed = ""
        for finding in self._findings(dataset):
            if finding.severity == VIOLATION:
                return CAUGHT, finding.check
            noticed = noticed or finding.check
        if noticed:
            return NOTICED, noticed
        reason = self.reason(mutant)
        return (EXPLAINED, reason) if reason else (MISSED, "")

    def _findings(self, dataset: Dataset) -> Iterator[Finding]:
        """The findings of queries and texts, each when its check has run, and without its place."""
        checks = dataset.project.checks
        for finding, _ in check._queries(dataset, self._nowhere, checks):  # noqa: SLF001 - the parts of check.check
            yield finding
        yield from check._texts(dataset, dataset.files, self._nowhere)  # noqa: SLF001

    def _beside(self, *, records: bool) -> list[DataFile]:
        """The files among which one is spoilt: of the others than records, all but the records."""
        return [one for one in self.dataset.files if records or not _is_record(one)]

    def _shapes_broken(self, dataset: Dataset) -> list[str]:
        results = by_shacl(self._shapes, {quad.triple for quad in dataset.quads})
        return sorted(local_name(one.shape) for one in results if one.severity == VIOLATION)

    def reason(self, mutant: Mutant) -> str:
        """The reason why no check can distinguish a mutant from the truth; empty if one should."""
        predicate = compact(mutant.old.predicate.value)
        if mutant.how == DELETED and self._said_elsewhere(mutant.old):
            return "another graph says it too"
        if _is_record(mutant.file):
            return "of a record no text is archived"
        if predicate in FREE_WORDS:
            return "the editors' own words"
        if predicate in EDITORS_CHOICE or predicate == "oh:withoutStatement":
            return "the editors' choice"
        if mutant.new and _kind(mutant.new.object) in NAMELESS:
            return "one thing without a name for another"
        if mutant.new and isinstance(mutant.new.object, NamedNode):
            return "the words name the other thing too"
        if mutant.how == DELETED and predicate in UNNAMED_DETAIL:
            return "a detail in words that are no name"
        if mutant.how == DELETED and self._named_by_another(mutant.old):
            return "the words that name it are taken up by another statement"
        return ""

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


def table(laboratory: Laboratory) -> str:
    """How many mutants of each file are caught, noticed, explained (by reason) and missed."""
    lines = []
    reasons: Counter[str] = Counter()
    for file in laboratory.dataset.files:
        verdicts = [(mutant, *laboratory.verdict(mutant)) for mutant in laboratory.mutants(file)]
        counts = Counter(verdict for _, verdict, _ in verdicts)
        reasons.update(reason for _, verdict, reason in verdicts if verdict == EXPLAINED)
        row = "  ".join(f"{counts[one]:>5} {one}" for one in (CAUGHT, NOTICED, EXPLAINED, MISSED))
        lines.append(f"{file.path.name:<40} {len(verdicts):>5} mutants  {row}")
        lines += [f"    missed: {m.how} {m.old}" for m, verdict, _ in verdicts if verdict == MISSED]
    return "\n".join(lines + [f"{count:>6}  {reason}" for reason, count in reasons.most_common()])


if __name__ == "__main__":
    print(table(Laboratory()))  # noqa: T201 - a program
