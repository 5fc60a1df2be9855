"""What the checks find in the bundled data after a small change, without checking all of it.

The data has no findings, so a change can only cause findings that depend on it:

- The rules run again if one of them derives something else from the changed statement.
- Texts and labels are read again for mentions if a name, a passage or the kind of a thing changes.
- A query runs again if one of its patterns matches a changed statement, given or inferred
  (``reads``). If the pattern has a variable predicate, the query runs for the graphs of the new
  statements only.
- The shapes validate everything, which takes 30 ms.

tests/test_mutations.py compares the findings with those of the whole check.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple, Variable
from reads import Reads, is_of_passage, reads
from unseen_labels import UnseenLabels

from onehealthkg.checks import check, mentions
from onehealthkg.checks.archive import flaws
from onehealthkg.checks.labels import label_flaws
from onehealthkg.checks.mappings import mapping_flaws
from onehealthkg.checks.spelling import misspelt
from onehealthkg.checks.validators import compiled, results_of
from onehealthkg.dataset.dataset import DataFile, Dataset
from onehealthkg.dataset.rules import _derivations
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import LABELS, NAMING, WORDING
from onehealthkg.mappings.graph import triple as triple_of
from onehealthkg.mappings.sssom import read_mappings
from onehealthkg.names import GRAPH, local_name
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.rdf.sparql_files import read_file
from onehealthkg.reading.names import NAMING as NAMES
from onehealthkg.terms import in_graph, named_node

Findings = Iterator[tuple[str, str]]
"""The severity and the check of each finding."""

_TYPE = named_node("rdf:type")
_LABELS = {*LABELS, *NAMING, WORDING}
_READ_IN_TEXTS = {
    named_node(name)
    for name in (
        *("oh:country", "oh:amountInWords", "oh:placeInWords", "dcterms:language"),
        *("dcterms:isFormatOf", "oa:hasSelector", "oa:hasSource", "oa:exact", "oa:start"),
    )
} | set(NAMES)
_KINDS_IN_TEXTS = {
    named_node(name)
    for name in (
        *(CLASSES[kind] for kind in ("organisation", "person", "post", "place", "programme")),
        *("oh:Passage", "oh:Arrangement", "org:ChangeEvent"),
    )
}
_COMPARED = {*NAMES, named_node("oh:country"), named_node("skos:notation")}
_VOCABULARIES = NamedNode(GRAPH + "vocabularies")


def judged_whole(dataset: Dataset) -> Findings:
    """The findings of all checks, first those of shapes, queries, then the others."""
    judged = check.judge(dataset)
    yield from sorted((finding.severity, finding.check) for finding in judged.shapes)
    yield from ((finding.severity, finding.check) for finding, _ in judged.asked)
    yield from ((finding.severity, finding.check) for finding in judged.direct)


class QuickCheck:
    """A store that is changed, checked, and changed back."""

    def __init__(self, dataset: Dataset) -> None:
        self._project = dataset.project
        self._files = dataset.files
        self._texts = dataset.texts
        self._derived = set(dataset.derived)
        self._quads: Counter[Quad] = Counter()
        self._triples: Counter[Triple] = Counter()
        self._lines: dict[Triple, str] = {}
        self._store = Store()
        for quads in (*(file.quads for file in dataset.files), dataset.derived):
            self._change((), dict.fromkeys(quads))
        self._mentions = _by_node(mentions.mentions_in(self._store))
        self._store.extend(quad for facts in self._mentions.values() for quad in facts)
        self._unseen = UnseenLabels(self._store)
        self._shapes = compiled(read_quads(self._project.shapes_file))
        self._checks = [
            (path, header["severity"], query, reads(query))
            for path in self._project.checks
            for header, query in [read_file(path, check.KEYS)]
        ]
        self._rules = [(rule, reads(rule.query)) for rule in dataset.rules]
        self._derivations = {
            rule.iri: sorted(map(str, _derivations(self._store, rule))) for rule in dataset.rules
        }
        self._inferred = {quad.triple for quad in self._derived}
        self._mappings = read_mappings(self._project.links_file)
        self._mapped = {
            term
            for mapping in self._mappings.mappings
            for term in triple_of(self._mappings, mapping)[::2]
        }

    def findings(self, file: DataFile, old: Quad, new: Quad | None) -> Findings:
        """The findings after a quad of a file is replaced or deleted, as ``judged_whole``.

        Each check is made when its findings are asked for, and the data are as before at the end.
        """
        added = [new] if new else []
        self._change([old], added)
        gone, come = self._inferences_changed(file, old, new)
        self._change(gone, come)
        try:
            yield from self._broken_shapes()
            yield from self._found([*gone, old], [*come, *added])
        finally:
            self._change(come, gone)
            self._change(added, [old])

    def _change(self, gone: Iterable[Quad], come: Iterable[Quad]) -> None:
        """Remove some quads and add others, in their graphs and in the merge of all."""
        for quad in gone:
            self._quads[quad] -= 1
            if not self._quads[quad]:
                self._store.remove(quad)
            self._triples[quad.triple] -= 1
            if not self._triples[quad.triple]:
                self._store.remove(in_graph(quad, DefaultGraph()))
                del self._lines[quad.triple]
        for quad in come:
            self._quads[quad] += 1
            self._triples[quad.triple] += 1
            self._store.extend((quad, in_graph(quad, DefaultGraph())))
            self._lines[quad.triple] = f"{quad.triple} .\n"

    def _inferences_changed(
        self, file: DataFile, old: Quad, new: Quad | None
    ) -> tuple[list[Quad], list[Quad]]:
        """The inferences that no longer follow, and those that now do."""
        changed = [quad for quad in (old, new) if quad]
        is_same = not any(quad.triple in self._inferred for quad in changed) and all(
            sorted(map(str, _derivations(self._store, rule))) == self._derivations[rule.iri]
            for rule, read in self._rules
            if read.anything or any(map(read.names, changed))
        )
        if is_same:
            return [], []
        derived = set(Dataset(self._project, spoilt(self._files, file, old, new)).derived)
        return list(self._derived - derived), list(derived - self._derived)

    def _mentions_changed(self, changed: list[Quad]) -> tuple[list[Quad], list[Quad]]:
        """The mentions that are no longer in the texts and labels, and those that now are."""
        if all(self._unseen.has(quad) for quad in changed if _is_read_in_texts(quad)):
            return [], []
        now = _by_node(mentions.mentions_in(self._store))
        return _only_in(self._mentions, now), _only_in(now, self._mentions)

    def _broken_shapes(self) -> Findings:
        results = results_of(self._shapes, "".join(self._lines.values()))
        yield from sorted((result.severity, local_name(result.shape)) for result in results)

    def _found(self, gone: list[Quad], come: list[Quad]) -> Findings:
        """The findings of queries and of the other checks."""
        outdated, mentioned = self._mentions_changed([*gone, *come])
        for quad in outdated:
            self._store.remove(quad)
        self._store.extend(mentioned)
        try:
            for path, severity, query, read in self._checks:
                if self._answers(query, read, [*gone, *outdated], [*come, *mentioned]):
                    yield severity, path.stem
            yield from self._others([*gone, *come], come)
        finally:
            for quad in mentioned:
                self._store.remove(quad)
            self._store.extend(outdated)

    def _answers(self, query: str, read: Reads, gone: list[Quad], come: list[Quad]) -> bool:
        """Whether a query has answers now; it had none before."""
        changed = [*gone, *come]
        if any(map(read.names, changed)):
            return any(self._store.query(query))
        if read.in_passages:
            concerned = any(map(read.matches_anything_in, changed))
            return concerned and any(self._store.query(query))
        graphs = {quad.graph_name for quad in come if read.matches_anything_in(quad)}
        return any(
            any(self._store.query(query, substitutions={Variable("graph"): graph}))
            for graph in graphs
            if isinstance(graph, NamedNode)
        )

    def _others(self, changed: list[Quad], come: list[Quad]) -> Findings:
        """The findings of the checks that are no queries, as far as the change concerns them."""
        yield from ((check.WARNING, "letters-are-of-one-script") for _ in misspelt(come))
        for flaw in flaws(self._store, sorted(self._texts), self._project.texts):
            yield check.VIOLATION, flaw.check
        if any(map(self._is_read_by_mappings, changed)):
            for found in mapping_flaws(self._mappings, self._store):
                yield found.severity, found.check
        if any(quad.predicate in _COMPARED for quad in changed):
            yield from ((check.WARNING, name) for name, *_ in label_flaws(self._store))

    def _is_read_by_mappings(self, quad: Quad) -> bool:
        if quad.graph_name == _VOCABULARIES:
            return True
        return quad.subject in self._mapped and quad.predicate in {*_LABELS, _TYPE}


def spoilt(
    files: Iterable[DataFile], file: DataFile, old: Quad, new: Quad | None
) -> list[DataFile]:
    """The files, one of them with a quad replaced or deleted."""
    kept = tuple(quad for quad in file.quads if quad != old)
    changed = DataFile(file.path, kept + ((new,) if new else ()))
    return [changed if each is file else each for each in files]


def _is_read_in_texts(quad: Quad) -> bool:
    is_kind = quad.predicate == _TYPE and quad.object in _KINDS_IN_TEXTS
    is_quote = is_of_passage(quad) and isinstance(quad.object, Literal)
    return is_kind or is_quote or quad.predicate in _READ_IN_TEXTS


def _by_node(facts: Iterable[Quad]) -> dict[frozenset[tuple[str, str]], list[Quad]]:
    """The facts about each blank node, by what they say of it."""
    by_node: dict[object, list[Quad]] = defaultdict(list)
    for quad in facts:
        by_node[quad.subject].append(quad)
    return {
        frozenset((quad.predicate.value, str(quad.object)) for quad in about): about
        for about in by_node.values()
    }


def _only_in(
    some: dict[frozenset[tuple[str, str]], list[Quad]],
    others: dict[frozenset[tuple[str, str]], list[Quad]],
) -> list[Quad]:
    return [quad for said in some.keys() - others.keys() for quad in some[said]]
