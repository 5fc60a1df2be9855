"""A real OWL reasoner finds no contradiction in the ontology together with the bundled data.

HermiT (in owlready2, run by Java) reads the ontology, the bundled data with what the rules derive
from them, all graphs merged, and the axioms of the vocabularies that we reuse (`BORROWED`). Nothing
comes from the network: there is no `owl:imports`.

What it does not see, on purpose:

- literals of the datatypes in `NO_DATATYPE_OF_OWL`, which OWL 2 leaves out of its datatype map
  (https://www.w3.org/TR/owl2-syntax/#Datatype_Maps) and HermiT refuses; the shapes check those;
- which graph a statement stands in: OWL has no named graphs;
- two rules of SKOS that no OWL 2 DL reasoner can read, as they make transitive properties disjoint
  (S27 related / broaderTransitive, S46 exactMatch / relatedMatch).

A predicate that nothing declares is declared from its values, since HermiT would otherwise take it
for an annotation and skip it without a word.
"""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import OH, PREFIXES, RDF_TYPE
from onehealthkg.paths import bundled

CI = os.environ.get("CI") == "true"
if not CI and shutil.which("java") is None:
    pytest.skip("HermiT needs java", allow_module_level=True)
owlready2 = importlib.import_module("owlready2") if CI else pytest.importorskip("owlready2")
pytestmark = pytest.mark.slow

RDF, RDFS, OWL, XSD = (PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd"))
TYPE = ox.NamedNode(RDF_TYPE)
SUPERIOR = {RDFS + "subClassOf", RDFS + "subPropertyOf"}
OF_CLASSES = {RDFS + "subClassOf", OWL + "disjointWith", OWL + "equivalentClass"}
OF_PROPERTIES = {OWL + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation")}
NO_DATATYPE_OF_OWL = {XSD + name for name in ("date", "duration", "gYear", "gYearMonth")}
READ = {RDF + "langString"} | {
    XSD + name
    for name in (
        *("anyURI", "boolean", "dateTime", "decimal", "integer", "nonNegativeInteger", "string"),
    )
}

VOCABULARIES = tuple(PREFIXES[name] for name in ("foaf", "frapo", "oa", "org", "prov", "skos"))

# What the vocabularies' own files say, of the terms that matter here: foaf, org, prov, skos as in
# zazuko/rdf-vocabularies@3fe7612 ontologies/<prefix>/<prefix>.nq, oa as in
# w3c/web-annotation@74992e5 vocab/wd/ontology/oa.ttl, frapo as in
# SPAROntologies/frapo@60c91da docs/current/frapo.ttl. Only the kinds of the oa: properties, of
# org:purpose and of the three labels are ours: their files do not choose a kind, or say annotation.
BORROWED = """
foaf:Person rdfs:subClassOf foaf:Agent ; owl:disjointWith foaf:Organization , foaf:Project .
foaf:Organization rdfs:subClassOf foaf:Agent ; owl:disjointWith foaf:Document .
foaf:Document owl:disjointWith foaf:Project .
foaf:name a owl:DatatypeProperty .
foaf:familyName a owl:DatatypeProperty ; rdfs:domain foaf:Person .
foaf:givenName a owl:DatatypeProperty .
foaf:homepage a owl:ObjectProperty , owl:InverseFunctionalProperty ; rdfs:range foaf:Document .
foaf:page a owl:ObjectProperty ; rdfs:range foaf:Document .
foaf:primaryTopic a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:domain foaf:Document .

org:Organization owl:equivalentClass foaf:Organization ;
    owl:disjointWith org:ChangeEvent , org:Membership , org:Role , org:Site .
org:FormalOrganization rdfs:subClassOf org:Organization .
org:OrganizationalUnit rdfs:subClassOf org:Organization .
org:OrganizationalCollaboration owl:equivalentClass [ a owl:Class ; owl:intersectionOf (
    org:Organization
    [ a owl:Restriction ; owl:onProperty org:hasMember ; owl:allValuesFrom org:Organization ]
) ] .
org:Role rdfs:subClassOf skos:Concept ;
    owl:disjointWith org:ChangeEvent , org:Membership , org:Site .
org:Membership owl:disjointWith org:ChangeEvent , org:Site .
org:ChangeEvent rdfs:subClassOf prov:Activity ; owl:disjointWith org:Site .
org:Post a owl:Class .
org:hasMember a owl:ObjectProperty ; rdfs:domain org:Organization ; rdfs:range foaf:Agent .
org:memberOf a owl:ObjectProperty ; owl:inverseOf org:hasMember .
org:linkedTo a owl:ObjectProperty ;
    rdfs:domain org:Organization ; rdfs:range org:Organization .
org:subOrganizationOf a owl:ObjectProperty ;
    rdfs:domain org:Organization ; rdfs:range org:Organization .
org:unitOf a owl:ObjectProperty ; rdfs:subPropertyOf org:subOrganizationOf ;
    rdfs:domain org:OrganizationalUnit ; rdfs:range org:Organization .
org:classification a owl:ObjectProperty ;
    rdfs:domain org:Organization ; rdfs:range skos:Concept .
org:originalOrganization a owl:ObjectProperty ; rdfs:domain org:ChangeEvent ;
    rdfs:range org:Organization .
org:resultingOrganization a owl:ObjectProperty ; rdfs:domain org:ChangeEvent ;
    rdfs:range org:Organization .
org:purpose a owl:ObjectProperty ; rdfs:domain org:Organization .
org:heldBy a owl:ObjectProperty ; rdfs:domain org:Post ; rdfs:range foaf:Agent .
org:postIn a owl:ObjectProperty ; rdfs:domain org:Post ; rdfs:range org:Organization .

prov:Activity owl:disjointWith prov:Entity .
prov:Entity owl:disjointWith prov:InstantaneousEvent .
prov:Agent owl:disjointWith prov:InstantaneousEvent .
prov:atLocation a owl:ObjectProperty ; rdfs:range prov:Location .
prov:Plan rdfs:subClassOf prov:Entity .
prov:Association rdfs:subClassOf prov:AgentInfluence .
prov:Derivation rdfs:subClassOf prov:EntityInfluence .
prov:EntityInfluence owl:disjointWith prov:ActivityInfluence .
prov:wasAssociatedWith a owl:ObjectProperty ; rdfs:domain prov:Activity ; rdfs:range prov:Agent .
prov:wasGeneratedBy a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Activity .
prov:used a owl:ObjectProperty ; rdfs:domain prov:Activity ; rdfs:range prov:Entity .
prov:wasDerivedFrom a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:wasQuotedFrom a owl:ObjectProperty ; rdfs:subPropertyOf prov:wasDerivedFrom .
prov:hadPrimarySource a owl:ObjectProperty ; rdfs:subPropertyOf prov:wasDerivedFrom .
prov:wasAttributedTo a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:actedOnBehalfOf a owl:ObjectProperty ; rdfs:domain prov:Agent ; rdfs:range prov:Agent .
prov:hadPlan a owl:ObjectProperty ; rdfs:domain prov:Association ; rdfs:range prov:Plan .

skos:Concept owl:disjointWith skos:Collection , skos:ConceptScheme .
skos:ConceptScheme owl:disjointWith skos:Collection .
skos:inScheme a owl:ObjectProperty ; rdfs:range skos:ConceptScheme .
skos:topConceptOf a owl:ObjectProperty ; rdfs:subPropertyOf skos:inScheme ;
    rdfs:domain skos:Concept ; owl:inverseOf skos:hasTopConcept .
skos:hasTopConcept a owl:ObjectProperty ; rdfs:domain skos:ConceptScheme ; rdfs:range skos:Concept .
skos:semanticRelation a owl:ObjectProperty ; rdfs:domain skos:Concept ; rdfs:range skos:Concept .
skos:broaderTransitive a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:broader a owl:ObjectProperty ; rdfs:subPropertyOf skos:broaderTransitive ;
    owl:inverseOf skos:narrower .
skos:narrower a owl:ObjectProperty .
skos:related a owl:ObjectProperty , owl:SymmetricProperty ;
    rdfs:subPropertyOf skos:semanticRelation .
skos:mappingRelation a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:closeMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation .
skos:exactMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:closeMatch .
skos:broadMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation , skos:broader .
skos:narrowMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation , skos:narrower .
skos:relatedMatch a owl:ObjectProperty ; rdfs:subPropertyOf skos:mappingRelation , skos:related .
# S13, a comment in the file: the three labels are pairwise disjoint.
skos:prefLabel a owl:DatatypeProperty .
skos:altLabel a owl:DatatypeProperty .
skos:hiddenLabel a owl:DatatypeProperty .
[] a owl:AllDisjointProperties ; owl:members ( skos:prefLabel skos:altLabel skos:hiddenLabel ) .
skos:notation a owl:DatatypeProperty .
skos:definition a owl:AnnotationProperty .
skos:scopeNote a owl:AnnotationProperty .
skos:example a owl:AnnotationProperty .
skos:editorialNote a owl:AnnotationProperty .
skos:historyNote a owl:AnnotationProperty .
skos:note a owl:AnnotationProperty .

oa:SpecificResource rdfs:subClassOf oa:ResourceSelection .
oa:TextQuoteSelector rdfs:subClassOf oa:Selector .
oa:TextPositionSelector rdfs:subClassOf oa:Selector .
oa:hasSource a owl:ObjectProperty ; rdfs:domain oa:ResourceSelection .
oa:hasSelector a owl:ObjectProperty ; rdfs:domain oa:ResourceSelection ; rdfs:range oa:Selector .
oa:exact a owl:DatatypeProperty ; rdfs:range xsd:string .
oa:prefix a owl:DatatypeProperty ; rdfs:range xsd:string .
oa:suffix a owl:DatatypeProperty ; rdfs:range xsd:string .
oa:start a owl:DatatypeProperty ; rdfs:range xsd:nonNegativeInteger .
oa:end a owl:DatatypeProperty ; rdfs:range xsd:nonNegativeInteger .

frapo:collaboratesWith a owl:ObjectProperty , owl:SymmetricProperty ;
    rdfs:domain foaf:Agent ; rdfs:range foaf:Agent .
"""

CONTRADICTIONS = {
    "an organisation is a document": "id:organisation-anses a foaf:Document .",
    "a person has posts": "id:post-x org:postIn id:person-roger-genet .",
    "an activity is an entity": "id:x a oh:Inference , oh:Signature .",
    "an organisation is a role": "id:organisation-anses a org:Role .",
    "a modality is a concept scheme": "oh:possible a skos:ConceptScheme .",
    "a label is preferred and alternative": 'oh:possible skos:altLabel "possible"@fr .',
    "a quote has a language": 'id:x oa:exact "mot"@fr .',
    "a position is before the text": "id:x oa:start -1 .",
}


def turtle(text: str) -> list[ox.Triple]:
    names = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    parsed = ox.parse(names + text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in parsed]


@cache
def statements() -> frozenset[ox.Triple]:
    """The ontology, the data files and the inferences of all graphs."""
    return frozenset(quad.triple for quad in read_dataset(bundled()).quads)


def everything() -> list[ox.Triple]:
    return [*statements(), *turtle(BORROWED)]


def datatype(term: object) -> str | None:
    return term.datatype.value if isinstance(term, ox.Literal) else None


def classes(triples: list[ox.Triple]) -> set[ox.NamedNode]:
    """The terms that are used as classes."""
    found = {end for s, p, o in triples if p.value in OF_CLASSES for end in (s, o)}
    found |= {o for _, p, o in triples if p == TYPE or p.value == RDFS + "domain"}
    return {term for term in found if isinstance(term, ox.NamedNode) and is_not_built_in(term)}


def is_not_built_in(term: ox.NamedNode) -> bool:
    return not term.value.startswith((RDF, RDFS, OWL, XSD))


def declarations(triples: list[ox.Triple]) -> Iterator[ox.Triple]:
    """The declarations that HermiT needs for classes, and for predicates of an unstated kind."""
    for term in classes(triples):
        yield ox.Triple(term, TYPE, ox.NamedNode(OWL + "Class"))
    kinds = {s: o for s, p, o in triples if p == TYPE and o.value in OF_PROPERTIES}
    for s, p, o in triples:
        if p.value == RDFS + "subPropertyOf" and o not in kinds:
            yield ox.Triple(o, TYPE, kinds[s])
    values: dict[ox.NamedNode, set[str]] = {}
    for _, p, o in triples:
        if is_not_built_in(p) and p not in kinds:
            values.setdefault(p, set()).add("Datatype" if isinstance(o, ox.Literal) else "Object")
    for predicate, found in values.items():
        assert len(found) == 1, f"{predicate} has literals and things as values."
        yield ox.Triple(predicate, TYPE, ox.NamedNode(OWL + found.pop() + "Property"))


def unsatisfiable(triples: list[ox.Triple], folder: Path) -> list[str]:
    """The named classes that can have no member; raises if the statements contradict each other."""
    assert shutil.which("java"), "HermiT needs java: install default-jre-headless."
    read = [triple for triple in triples if datatype(triple.object) not in NO_DATATYPE_OF_OWL]
    path = folder / "all.nt"
    ox.serialize([*read, *declarations(read)], path, ox.RdfFormat.N_TRIPLES)
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load(only_local=True)
    owlready2.sync_reasoner_hermit(world, debug=0)
    return sorted(c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where owlready2 leaves its file when HermiT finds a contradiction."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_ontology_and_data_agree_and_every_class_can_have_members(folder: Path) -> None:
    assert unsatisfiable(everything(), folder) == []


@pytest.mark.parametrize("extra", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_found(extra: str, folder: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        unsatisfiable([*everything(), *turtle(extra)], folder)


def test_a_class_that_can_have_no_member_is_found(folder: Path) -> None:
    muddle = turtle("oh:Muddle rdfs:subClassOf oh:Inference , oh:Signature .")
    assert unsatisfiable([*everything(), *muddle], folder) == [OH + "Muddle"]


def test_only_literals_of_known_datatypes_are_left_out() -> None:
    used = {datatype(o) for _, _, o in everything()} - {None}
    unknown = used - READ - NO_DATATYPE_OF_OWL
    assert unknown == set(), "Look up whether OWL 2 has the datatype; add it to a set."


def test_nothing_is_imported() -> None:
    assert [t for t in statements() if t.predicate.value == OWL + "imports"] == []


def test_the_definitions_of_borrowed_terms_are_read_from_their_vocabularies() -> None:
    used = {p for _, p, _ in statements()}
    used |= {o for _, p, o in statements() if p == TYPE or p.value in SUPERIOR}
    said = {term for s, _, o in turtle(BORROWED) for term in (s, o)}
    silent = {term.value for term in used - said if term.value.startswith(VOCABULARIES)}
    assert silent == set(), "Look them up in the vocabularies' own files and add them to BORROWED."
