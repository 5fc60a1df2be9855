"""Every term of the ontology is in use, said in two languages, and named as its kind is.

The pitfalls are those of OOPS!, the OntOlogy Pitfall Scanner (https://oops.linkeddata.es/catalogue.jsp),
as far as they can be looked for in the files. ARCHITECTURE.md answers the others.
"""

import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef

import onehealthkg
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import OH, ONTOLOGY, PREFIXES, expand
from onehealthkg.paths import bundled
from onehealthkg.terms import plain

TEXT = bundled().ontology_file.read_text(encoding="utf-8")
GRAPH = Graph().parse(data=TEXT, format="turtle")
CLASSES = {str(one) for one in GRAPH.subjects(RDF.type, OWL.Class)}
PROPERTIES = {
    str(one)
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
    for one in GRAPH.subjects(RDF.type, kind)
}
CONCEPTS = {str(one) for one in GRAPH.subjects(SKOS.inScheme, None)}
TERMS = CLASSES | PROPERTIES | CONCEPTS
# Terms that no bundled source needs, but another may: an agreement that goes on unless a party ends it, a record
# that the editors hardly trust, a passage that states nothing; and what `enrich` writes.
FOR_OTHERS = {
    OH + name
    for name in ("automaticExtension", "ExternalConcept", "low", "unseenAbove", "withoutStatement")
}


@cache
def used() -> frozenset[str]:
    """All things and terms in the statements of all graphs, except the ontology itself."""
    quads = (quad for quad in read_dataset(bundled()).quads if plain(quad.graph_name) != ONTOLOGY)
    return frozenset(plain(term) for quad in quads for term in quad.triple)


def test_every_term_is_in_use() -> None:
    broader = {str(one) for one in GRAPH.objects(None, SKOS.broader)}
    in_stores = {PREFIXES["settings"] + "digest"}  # what push notes of the graphs in a store
    assert sorted(TERMS - used() - broader - FOR_OTHERS - in_stores) == []


def test_terms_for_other_users_occur_in_a_question_or_shape() -> None:
    files = [*bundled().queries, bundled().shapes_file, bundled().context_file]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert [term for term in FOR_OTHERS if f"oh:{term.removeprefix(OH)}" not in texts] == []


def test_no_two_terms_differ_only_in_case() -> None:
    pairs = combinations(sorted(TERMS), 2)
    assert [pair for pair in pairs if pair[0].casefold() == pair[1].casefold()] == []


def test_classes_begin_with_a_capital_and_properties_do_not() -> None:  # P22
    local = {term: re.split("[#/]", term)[-1] for term in CLASSES | PROPERTIES}
    assert [term for term in CLASSES if not re.fullmatch("([A-Z][a-z]+)+", local[term])] == []
    assert [one for one in PROPERTIES if not re.fullmatch("[a-z]+([A-Z][a-z]+)*", local[one])] == []


@pytest.mark.parametrize("term", sorted(CLASSES | PROPERTIES))
def test_a_term_has_definition_example_and_counter_example(term: str) -> None:  # P08
    texts = {
        name: {one.language for one in GRAPH.objects(URIRef(term), name)}
        for name in (RDFS.label, SKOS.definition, SKOS.example, SKOS.scopeNote)
    }
    assert texts == {
        RDFS.label: {"en", "fr"},
        SKOS.definition: {"en"},
        SKOS.example: {"en"},
        SKOS.scopeNote: {"en"},
    }


@pytest.mark.parametrize("scheme", ["oh:modalities", "oh:confidences", "id:scheme-kinds"])
def test_a_modality_confidence_or_kind_has_an_example_and_a_counter_example(scheme: str) -> None:
    kinds = Graph().parse(Path(bundled().root, "data", "kinds.ttl"))
    graph = GRAPH + kinds
    concepts = set(graph.subjects(SKOS.inScheme, URIRef(expand(scheme))))
    assert len(concepts) > 2
    for concept in concepts:
        for name in (SKOS.example, SKOS.scopeNote):
            texts = list(graph.objects(concept, name))
            assert [text.language for text in texts] == ["en"], (concept, name)


def test_a_label_means_one_class_or_property() -> None:  # P07, P12
    labels = [
        (str(label), label.language)
        for term in CLASSES | PROPERTIES
        for label in GRAPH.objects(URIRef(term), RDFS.label)
    ]
    assert sorted(one for one in set(labels) if labels.count(one) > 1) == []


def test_there_are_no_inverses_domains_or_ranges() -> None:  # P05, P11, P19, P25
    held = {OWL.inverseOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty}
    assert set(GRAPH.predicates()) & held == set()


def test_no_iri_has_the_ending_of_a_file() -> None:  # P36
    assert [term for term in (*TERMS, ONTOLOGY) if re.search(r"\.[a-z]{2,4}$", term)] == []


def test_the_ontology_has_creator_dates_and_licence() -> None:  # P38, P41
    about = {
        name: list(GRAPH.objects(URIRef(ONTOLOGY), name))
        for name in (OWL.versionInfo, OWL.versionIRI, DCTERMS.license, VANN.preferredNamespaceUri)
    }
    version = onehealthkg.__version__
    assert about == {
        OWL.versionInfo: [Literal(version)],
        OWL.versionIRI: [URIRef(f"{ONTOLOGY}/{version}")],
        DCTERMS.license: [URIRef("https://creativecommons.org/licenses/by/4.0/")],
        VANN.preferredNamespaceUri: [Literal(OH)],
    }
    for name in (DCTERMS.creator, DCTERMS.title, DCTERMS.issued, DCTERMS.modified):
        assert list(GRAPH.objects(URIRef(ONTOLOGY), name)), name
