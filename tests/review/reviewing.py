"""Candidates and projects for the tests of review."""

from onehealthkg.mappings.sssom import Mapping

PREFIXES = {
    "agrovoc": "http://aims.fao.org/aos/agrovoc/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "id": "https://w3id.org/onehealthkg/id/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
}
HEADER = {
    "curie_map": PREFIXES,
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "mapping_set_id": "https://w3id.org/onehealthkg/graph/candidates",
}
DAY = "2026-01-31"
JANE = ("--reviewer", "Jane Doe", "--date", DAY)


def candidate(
    subject: str, kind: str, concept: str, label: str, confidence: str = "0.9", comment: str = ""
) -> Mapping:
    return Mapping(
        f"id:topic-{subject}",
        subject.replace("-", " "),
        f"skos:{kind}Match",
        "",
        concept,
        label,
        "",
        "semapv:LexicalMatching",
        confidence=confidence,
        comment=comment,
    )


ZOONOSES = candidate("zoonoses", "exact", "agrovoc:c_8530", "zoonoses", "0.97", "labels equal")
VIRAL = candidate("zoonoses", "exact", "mesh:D000086965", "Viral Zoonoses", "0.62")
EXPOSOME = candidate("exposome", "exact", "mesh:D000081413", "Exposome", "0.98")


TOPICS = """
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/onehealthkg/graph/topics> a <https://w3id.org/onehealthkg/ontology#CuratedGraph> .
id:topic-antimicrobial-resistance a skos:Concept ;
    skos:prefLabel "antimicrobial resistance"@en , "résistance aux antimicrobiens"@fr ;
    skos:altLabel "AMR"@en ;
    skos:definition "The ability of microorganisms to withstand substances that kill them."@en .
id:topic-antibiotic-resistance a skos:Concept ;
    skos:prefLabel "antibiotic resistance"@en ;
    skos:broader id:topic-antimicrobial-resistance .
id:topic-exposome a skos:Concept ; skos:prefLabel "exposome"@en .
id:topic-zoonoses a skos:Concept ; skos:prefLabel "zoonoses"@en .
"""


def by_jane(one: Mapping, **cells: str) -> Mapping:
    """The mapping as Jane Doe decided on it."""
    changed = {
        "mapping_justification": "semapv:ManualMappingCuration",
        "reviewer_label": "Jane Doe",
        "mapping_date": DAY,
        "confidence": "",
    }
    return one._replace(**{**changed, **cells})
