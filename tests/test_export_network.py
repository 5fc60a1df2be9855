"""The network: nodes, edges and their weights, and files that other programs read."""

import io
import re
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from selections import harmful, part, release, without_evidence

from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.network import Network, gexf, graphml, network
from onehealthkg.names import compact

XSD = "http://www.w3.org/2001/XMLSchema#"
WRITERS = {"graphml": graphml, "gexf": gexf}


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return release()


@pytest.fixture(scope="module")
def things(bundle: Selection) -> Network:
    return network(Facts(bundle))


@pytest.fixture(scope="module", params=WRITERS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def written(bundle: Selection, form: str) -> bytes:
    return WRITERS[form](bundle)


def read(data: bytes, form: str) -> nx.MultiDiGraph:
    if form == "graphml":
        return nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    return nx.read_gexf(io.BytesIO(data))


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314  # our own bytes


def test_nodes_are_things_with_label_kind_and_dates(things: Network) -> None:
    nodes = {compact(one.iri): one[1:] for one in things.nodes}
    assert nodes["id:agreement-anses-inserm-2020"] == (
        "Framework partnership agreement between ANSES and Inserm (2020)",
        "agreement",
        "2020-02-05",
        "2025-02-05",
    )
    assert nodes["id:organisation-inserm"] == ("Inserm", "organisation", "1964", "")
    assert nodes["source:2020-02-05-anses-inserm"][1] == "press-release"
    kinds = {one[1] for one in nodes.values()}
    assert {"organisation", "person", "agreement", "partnership", "topic", "programme"} <= kinds
    assert not [name for name in nodes if "#" in name or name.startswith(("graph:", "oh:"))]


def test_two_partners_have_one_edge_for_all_that_they_share(things: Network) -> None:
    found = [one for one in things.edges if one.relation == "partnerOf"]
    assert [(compact(one.source), compact(one.target), *one[2:]) for one in found] == [
        (
            "id:organisation-anses",
            "id:organisation-inserm",
            "partnerOf",
            "partner of",
            1,  # the agreement, and the partnership that it formalises
            "2020-02-05",
            "inferred",
            ("2020-02-05-anses-inserm#s3", "2020-02-05-anses-inserm#s4"),
        )
    ]


def test_each_agreement_in_common_adds_to_the_weight() -> None:
    agreements = [
        triple
        for name in ("id:agreement-a", "id:agreement-b")
        for triple in (
            (name, "oh:party", "id:organisation-x"),
            (name, "oh:party", "id:organisation-y"),
        )
    ]
    organisations = [
        (name, "rdf:type", "org:Organization")
        for name in ("id:organisation-x", "id:organisation-y")
    ]
    joined = ("id:organisation-x", "oh:partnerOf", "id:organisation-y")
    found = network(Facts(part(*agreements, *organisations, joined)))
    assert [(one.relation, one.weight, one.basis) for one in found.edges] == [
        ("partnerOf", 2, "curated")
    ]


def test_another_document_adds_to_the_weight_and_the_oldest_gives_the_date() -> None:
    said = ("id:organisation-x", "oh:supervisedBy", "id:organisation-y")
    quads = list(
        part(
            said,
            ("id:organisation-x", "rdf:type", "org:Organization"),
            ("id:organisation-y", "rdf:type", "org:Organization"),
            *(
                triple
                for year in (2019, 2021)
                for triple in (
                    (f"source:{year}#s1", "oa:hasSource", f"source:{year}.txt"),
                    (f"source:{year}.txt", "dcterms:isFormatOf", f"source:{year}"),
                    (
                        f"source:{year}",
                        "dcterms:issued",
                        Literal(f"{year}-01-01", datatype=NamedNode(XSD + "date")),
                    ),
                )
            ),
        ).quads
    )
    triple = next(one.triple for one in quads if one.predicate.value.endswith("supervisedBy"))
    home = "https://w3id.org/onehealthkg/source/{}#s1"
    quads += [Quad(*triple, NamedNode(home.format(year))) for year in (2021, 2019)]
    edge = network(Facts(part()._replace(quads=tuple(quads)))).edges[0]
    assert (edge.weight, edge.first, edge.basis) == (2, "2019-01-01", "stated")
    assert edge.passages == ("2019#s1", "2021#s1")


@pytest.mark.sampled(1)
def test_networkx_reads_all_nodes_and_edges(things: Network, written: bytes, form: str) -> None:
    read_back = read(written, form)
    assert (len(read_back.nodes), len(read_back.edges)) == (len(things.nodes), len(things.edges))
    assert sorted(data["label"] for _, data in read_back.nodes(data=True)) == sorted(
        one.label for one in things.nodes
    )
    assert sorted(
        (data["relation"], int(data["weight"]), data.get("first", ""))
        for *_, data in read_back.edges(data=True)
    ) == sorted((one.relation, one.weight, one.first) for one in things.edges)


def test_the_names_in_graphml_are_name_tokens_and_belong_to_one_node(bundle: Selection) -> None:
    other = part(("http://example.org/a b/ü".replace(" ", "%20"), "rdf:type", "oh:Arrangement"))
    both = bundle._replace(quads=bundle.quads + other.quads)
    names = list(read(graphml(both), "graphml").nodes)
    assert [one for one in names if not re.fullmatch(r"[A-Za-z][\w.:-]*", one, re.ASCII)] == []
    assert len(set(names)) == len(network(Facts(both)).nodes)
    assert "id:organisation-anses" in names


@pytest.mark.parametrize("write", [graphml, gexf])
def test_characters_that_xml_cannot_hold_are_replaced_and_the_rest_is_escaped(write) -> None:
    root = parsed(write(harmful()))
    texts = [one.text or "" for one in root.iter()]
    texts += [value for one in root.iter() for value in one.attrib.values()]
    assert any("</script><script>alert(1)</script>\ufffd\u202e" in one for one in texts)
    assert not [one for one in root.iter() if one.tag.rpartition("}")[2] == "script"]


def test_the_dates_and_kinds_of_nodes_are_attributes(written: bytes, form: str) -> None:
    nodes = read(written, form).nodes(data=True)
    agreement = next(data for _, data in nodes if data["kind"] == "agreement")
    dates = {"begins": "2020-02-05", "ends": "2025-02-05"}
    assert {name: agreement[name] for name in dates} == dates


def test_gexf_distinguishes_relations_of_two_things_and_has_no_date(
    bundle: Selection,
) -> None:
    gexf_name = "{http://gexf.net/1.3}"
    root = parsed(gexf(bundle))
    edges = list(root.iter(f"{gexf_name}edge"))
    assert len({(one.get("source"), one.get("target"), one.get("kind")) for one in edges}) == len(
        {one.get("id") for one in edges}
    )
    assert len({(one.get("source"), one.get("target")) for one in edges}) < len(edges)
    meta = root.find(f"{gexf_name}meta")
    assert meta is not None
    assert meta.attrib == {}
    assert "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation" in root.attrib


def test_the_same_data_gives_the_same_bytes(bundle: Selection, written: bytes, form: str) -> None:
    assert WRITERS[form](bundle._replace(quads=tuple(reversed(bundle.quads)))) == written


@pytest.mark.sampled(1)
@pytest.mark.parametrize("write", [graphml, gexf])
def test_without_evidence_or_facts_there_is_still_a_network(bundle: Selection, write) -> None:
    bare = network(Facts(without_evidence(bundle)))
    assert {(one.basis, one.first) for one in bare.edges} == {("", "")}
    parsed(write(without_evidence(bundle)))
    parsed(write(bundle._replace(quads=())))


def test_labels_are_in_the_requested_language() -> None:
    edges = read(gexf(release("fr")), "gexf").edges(data=True)
    assert {data["label"] for *_, data in edges if data["relation"] == "partnerOf"} == {
        "partenaire de"
    }
