"""Countries lie in the regions of the United Nations (M49), so that questions can ask for regions.

https://unstats.un.org/unsd/methodology/m49/ puts Cyprus in Asia; as a member state of the European
Union it is in Europe too, so that no question takes it for a country outside Europe.
"""

from pyoxigraph import QuerySolutions

from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import PREFIXES

REGIONS = {
    "Africa": {"Kenya", "South Africa"},
    "Americas": {"Canada", "Costa Rica", "Saint Kitts and Nevis", "United States"},
    "Asia": {"China", "Cyprus", "Japan", "South Korea", "Thailand"},
    "Europe": {
        "Belgium",
        "Cyprus",
        "Denmark",
        "France",
        "Germany",
        "Ireland",
        "Italy",
        "Sweden",
        "United Kingdom",
    },
    "Oceania": set(),
}


def select(graph: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    solutions = graph.merged.query(f"{prefixes}\n{query}")
    assert isinstance(solutions, QuerySolutions)
    return [tuple(term.value for term in row) for row in solutions]


def test_each_country_lies_in_its_region_and_each_region_in_the_world(
    graph: KnowledgeGraph,
) -> None:
    rows = select(
        graph,
        """SELECT ?region ?country {
          ?place dcterms:isPartOf id:place-world ; skos:prefLabel ?region .
          FILTER(LANG(?region) = "en")
          OPTIONAL {
            ?part dcterms:isPartOf ?place ; skos:notation ?code ; skos:prefLabel ?name .
            FILTER(LANG(?name) = "en")
          }
          BIND(COALESCE(?name, "") AS ?country)
        }""",
    )
    found: dict[str, set[str]] = {region: set() for region, _ in rows}
    for region, country in rows:
        found[region] |= {country} - {""}
    assert found == REGIONS


def test_every_country_has_a_region(graph: KnowledgeGraph) -> None:
    codes = select(graph, "SELECT ?country { ?country a dcterms:Location ; skos:notation ?code }")
    assert len(codes) == len(set().union(*REGIONS.values()))


def test_agreements_with_a_french_and_a_non_european_party_can_be_asked_for(
    graph: KnowledgeGraph,
) -> None:
    rows = select(
        graph,
        """SELECT DISTINCT ?agreement {
          ?agreement oh:party/oh:country id:place-france ; oh:party/oh:country ?other .
          FILTER NOT EXISTS { ?other dcterms:isPartOf+ id:place-europe }
        } ORDER BY ?agreement""",
    )
    assert [row[0].removeprefix(PREFIXES["id"] + "agreement-") for row in rows] == [
        "anses-caas-2",
        "anses-cfsa-2015",
        "anses-fscj-2015",
        "anses-health-canada-2013",
        "anses-nifds-2016",
        "anses-umontreal",
        "arc-cirad-inrae-2020",
    ]
