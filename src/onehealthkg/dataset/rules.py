"""Inferences: the triples that rules derive, each with the graphs behind it.

A rule is a SPARQL CONSTRUCT query in ontology/rules/ that any engine runs on the named graphs. Each
solution describes one derivation with the terms of RDF reification
(https://www.w3.org/TR/rdf-schema/#ch_reificationvocab) and PROV (https://www.w3.org/TR/prov-o/):
the triple, and with prov:wasDerivedFrom the graph of each of its premises.

A premise that is itself inferred is replaced by its own premises, so that every inference leads
directly to passages and curated graphs. Rules run until they derive nothing new. If one derivation
of a triple needs a superset of the premises of another, only the smaller is kept. Each derivation
is a named graph with one triple; the graph ``inferences`` gives its rule and premises.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from onehealthkg import limits
from onehealthkg.errors import InputError
from onehealthkg.names import GRAPH, INFERENCE, OH, ONTOLOGY, PREFIXES, RDF_TYPE, RULE
from onehealthkg.rdf.sparql_files import query_errors, read_file
from onehealthkg.terms import Term, in_graph, named_node

KEYS = ("label", "label-fr", "definition")
ASSUMPTION = ("assumption", "assumption-fr")
"""The keys of a rule whose inferences hold only under an assumption."""

_RDF, _PROV, _RDFS, _SKOS = (PREFIXES[name] for name in ("rdf", "prov", "rdfs", "skos"))
_DERIVED_FROM = named_node("prov:wasDerivedFrom")
_HOME = NamedNode(GRAPH + "inferences")


class Rule(NamedTuple):
    """A rule file: its IRI, the values of its header, and the query."""

    path: Path
    iri: str
    label: str
    label_fr: str
    definition: str
    query: str
    assumption: str = ""
    assumption_fr: str = ""


class Inference(NamedTuple):
    """One derivation: its graph, the rule's IRI, the triple and the graphs of its premises."""

    graph: NamedNode
    rule: str
    triple: Triple
    sources: frozenset[NamedNode]


def read_rule(path: Path) -> Rule:
    """A rule from its file; InputError if its header is invalid."""
    header, query = read_file(path, KEYS, ASSUMPTION)
    return Rule(
        path,
        RULE + path.stem,
        header["label"],
        header["label-fr"],
        header["definition"],
        query,
        *(header.get(key, "") for key in ASSUMPTION),
    )


def derive(store: Store, rules: Iterable[Rule]) -> tuple[Inference, ...]:
    """All inferences of the rules on a store, sorted; they are also added to its named graphs.

    Raises InputError for a rule that is not a query or does not describe its derivations.
    """
    found: dict[Triple, dict[frozenset[NamedNode], Inference]] = defaultdict(dict)
    by_graph: dict[NamedNode, Inference] = {}
    ordered = sorted(rules, key=lambda rule: rule.iri)
    grows = True
    while grows:
        grows = False
        for rule in ordered:
            limits.renew()
            for triple, premises in _derivations(store, rule):
                sources = _sources(premises, by_graph)
                if any(known <= sources for known in found[triple]) or _is_stated(
                    store, triple, sources
                ):
                    continue
                for larger in [known for known in found[triple] if sources < known]:
                    _forget(found[triple].pop(larger), store, by_graph)
                inference = _inference(rule, triple, sources)
                found[triple][sources] = by_graph[inference.graph] = inference
                store.add(in_graph(triple, inference.graph))
                grows = True
    kept = [inference for by_sources in found.values() for inference in by_sources.values()]
    return tuple(
        sorted(
            kept,
            key=lambda derivation: (str(derivation.triple), sorted(map(str, derivation.sources))),
        )
    )


def describe(inferences: Iterable[Inference], rules: Iterable[Rule]) -> list[Quad]:
    """The quads of the inferences, and of the graph that describes them."""
    return [*describe_rules(rules), *describe_inferences(inferences)]


def describe_rules(rules: Iterable[Rule]) -> Iterator[Quad]:
    """The description of the graph of inferences, and of the rules."""
    yield _about(_HOME, RDF_TYPE, named_node("oh:CuratedGraph"))
    yield _about(_HOME, PREFIXES["dcterms"] + "source", NamedNode(ONTOLOGY))
    for title in (Literal("Inferences", language="en"), Literal("Inférences", language="fr")):
        yield _about(_HOME, PREFIXES["dcterms"] + "title", title)
    for rule in rules:
        subject = NamedNode(rule.iri)
        yield _about(subject, RDF_TYPE, named_node("oh:InferenceRule"))
        yield _about(subject, _RDFS + "label", Literal(rule.label, language="en"))
        yield _about(subject, _RDFS + "label", Literal(rule.label_fr, language="fr"))
        definition = Literal(rule.definition, language="en")
        yield _about(subject, _SKOS + "definition", definition)
        for text, language in ((rule.assumption, "en"), (rule.assumption_fr, "fr")):
            if text:
                yield _about(subject, OH + "assumption", Literal(text, language=language))


def describe_inferences(inferences: Iterable[Inference]) -> Iterator[Quad]:
    """The quads of the inferences, and their descriptions."""
    for inference in inferences:
        yield in_graph(inference.triple, inference.graph)
        yield _about(inference.graph, RDF_TYPE, named_node("oh:Inference"))
        yield _about(inference.graph, OH + "rule", NamedNode(inference.rule))
        for source in inference.sources:
            yield Quad(inference.graph, _DERIVED_FROM, source, _HOME)


def _about(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(predicate), value, _HOME)


def _derivations(store: Store, rule: Rule) -> list[tuple[Triple, frozenset[NamedNode]]]:
    described: dict[Term, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    with query_errors(rule.path):
        results = store.query(rule.query)
        if not isinstance(results, QueryTriples):
            raise InputError(f"{rule.path}: a rule must be a CONSTRUCT query.")
        for triple in results:
            described[triple.subject][triple.predicate.value].add(triple.object)
    derivations = (_derivation(solution, rule) for solution in described.values())
    return [derivation for derivation in derivations if derivation]


def _derivation(
    solution: dict[str, set[Term]], rule: Rule
) -> tuple[Triple, frozenset[NamedNode]] | None:
    """The triple and its premises, or None if the solution is not a valid triple.

    A literal in place of a thing, or a graph without a name, makes it invalid; the checks report
    both.
    """
    parts = [solution[_RDF + part] for part in ("subject", "predicate", "object")]
    premises = solution[_DERIVED_FROM.value]
    if not premises or any(len(terms) != 1 for terms in parts):
        raise InputError(
            f"{rule.path}: each solution must have one rdf:subject, one rdf:predicate, one "
            "rdf:object, and prov:wasDerivedFrom for each graph that it draws on."
        )
    subject, predicate, value = (next(iter(terms)) for terms in parts)
    named = frozenset(term for term in premises if isinstance(term, NamedNode))
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        return None
    return (Triple(subject, predicate, value), named) if len(named) == len(premises) else None


def _is_stated(store: Store, triple: Triple, sources: frozenset[NamedNode]) -> bool:
    return any(in_graph(triple, source) in store for source in sources)


def _sources(
    premises: frozenset[NamedNode], known: dict[NamedNode, Inference]
) -> frozenset[NamedNode]:
    return frozenset().union(
        *(known[premise].sources if premise in known else {premise} for premise in premises)
    )


def _inference(rule: Rule, triple: Triple, sources: frozenset[NamedNode]) -> Inference:
    text = "\n".join([str(triple), *sorted(map(str, sources))])
    name = f"{rule.iri.removeprefix(RULE)}-{sha256(text.encode()).hexdigest()[:12]}"
    return Inference(NamedNode(INFERENCE + name), rule.iri, triple, sources)


def _forget(inference: Inference, store: Store, by_graph: dict[NamedNode, Inference]) -> None:
    store.remove(in_graph(inference.triple, inference.graph))
    del by_graph[inference.graph]
