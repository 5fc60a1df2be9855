"""The crate, the description of the data set and the citation file."""

import io
import json
import re
import zipfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from effort import EVERYTHING
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rocrate.rocrate import ROCrate
from selections import everything, part, release, without_evidence

from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.catalogue import dcat, describe
from onehealthkg.exports.crate import METADATA, ro_crate
from onehealthkg.exports.export import FORMATS
from onehealthkg.names import OH, RDF_TYPE
from onehealthkg.paths import bundled
from onehealthkg.rdf.read_write import nquads

ROOT = Path(bundled().root)


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return everything()


@pytest.fixture(scope="module")
def files(bundle: Selection) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ro_crate(bundle))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def entities(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    return {one["@id"]: one for one in json.loads(files[METADATA])["@graph"]}


def test_the_crate_has_exports_texts_ontology_shapes_and_licence(files: dict[str, bytes]) -> None:
    assert [name for name in files if not name.startswith("tables/")] == [
        "ro-crate-metadata.json",
        "onehealthkg.trig",
        "onehealthkg.nq",
        "dataset.ttl",
        "report.html",
        "sources/2020-02-05-anses-inserm.txt",
        "ontology/onehealth.ttl",
        "ontology/shapes.ttl",
        "LICENSE.md",
    ]
    assert "tables/datapackage.json" in files


def test_each_file_is_described_with_its_size_and_digest(files: dict[str, bytes]) -> None:
    known = entities(files)
    parts = [one["@id"] for one in known["./"]["hasPart"]]
    assert parts == [name for name in files if name != METADATA]
    for name in parts:
        assert known[name]["@type"] == "File"
        assert known[name]["contentSize"] == str(len(files[name]))
        assert known[name]["sha256"] == sha256(files[name]).hexdigest()


@pytest.mark.slow
def test_entities_refer_only_to_files_in_the_crate(files: dict[str, bytes]) -> None:
    known = entities(files)
    named = {
        value["@id"] for one in known.values() for value in one.values() if isinstance(value, dict)
    }
    assert named - known.keys() == {"https://w3id.org/ro/crate/1.1"}


def test_the_root_has_what_ro_crate_requires(bundle: Selection, files: dict[str, bytes]) -> None:
    root = entities(files)["./"]
    assert {name: root[name] for name in ("name", "version", "datePublished", "license")} == {
        "name": "onehealthkg",
        "version": bundle.version,
        "datePublished": "2026-11-27",
        "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
    }


def test_the_text_is_not_under_the_licence_and_names_its_origin(
    files: dict[str, bytes],
) -> None:
    text = entities(files)["sources/2020-02-05-anses-inserm.txt"]
    assert "license" not in text
    assert text["datePublished"] == "2020-02-05"
    assert text["copyrightNotice"] == "The text belongs to its publisher."
    assert text["url"].startswith("https://www.anses.fr/")


@pytest.mark.slow
def test_rocrate_reads_it(bundle: Selection) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "crate.zip")
        path.write_bytes(ro_crate(bundle))
        crate = ROCrate(path)
        assert crate.name == "onehealthkg"
        known = {one.id for one in crate.data_entities}
        assert {"onehealthkg.trig", "tables/agreements.csv"} <= known


def test_the_quads_in_the_crate_are_those_of_the_selection(
    bundle: Selection, files: dict[str, bytes]
) -> None:
    for name, form in (("onehealthkg.trig", RdfFormat.TRIG), ("onehealthkg.nq", RdfFormat.N_QUADS)):
        assert set(parse(files[name], format=form)) == set(bundle.quads)


@pytest.mark.slow
def test_the_same_data_gives_the_same_crate(bundle: Selection) -> None:
    given = bundle if EVERYTHING else release()
    shuffled = given._replace(quads=tuple(reversed(given.quads)))
    assert ro_crate(shuffled) == ro_crate(given)


@pytest.mark.slow
def test_a_crate_of_less_has_no_texts(bundle: Selection) -> None:
    less = without_evidence(bundle if EVERYTHING else release())
    with zipfile.ZipFile(io.BytesIO(ro_crate(less))) as archive:
        assert "onehealthkg.nq" in archive.namelist()
    other = part(("id:agreement-x", "rdf:type", "oh:Arrangement"))
    with zipfile.ZipFile(io.BytesIO(ro_crate(other))) as archive:
        assert [name for name in archive.namelist() if name.startswith("sources/")] == []


def asked(selection: Selection, query: str) -> list[list[str]]:
    store = Store()
    store.extend(describe(Facts(selection)))
    head = (
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        "PREFIX oh: <https://w3id.org/onehealthkg/ontology#>"
        "PREFIX void: <http://rdfs.org/ns/void#>"
    )
    return [[term.value for term in row] for row in store.query(head + query)]


def test_the_description_has_licence_version_and_date(bundle: Selection) -> None:
    query = """SELECT ?licence ?version ?date {
        ?set a dcat:Dataset , void:Dataset ;
            dcterms:license ?licence ; dcat:version ?version ; dcterms:modified ?date }"""
    assert asked(bundle, query) == [
        ["https://creativecommons.org/licenses/by/4.0/", bundle.version, "2026-11-27"]
    ]


def test_the_numbers_of_the_description_are_those_of_the_merged_graph(bundle: Selection) -> None:
    query = """SELECT ?triples ?agreements ?parties {
        ?set void:triples ?triples ;
            void:classPartition [ void:class oh:Arrangement ; void:entities ?agreements ] ;
            void:propertyPartition [ void:property oh:party ; void:triples ?parties ] }"""
    merged = {one.triple for one in bundle.quads}
    agreements = sum(
        one.predicate.value == RDF_TYPE and one.object == NamedNode(OH + "Arrangement")
        for one in merged
    )
    parties = sum(one.predicate.value == OH + "party" for one in merged)
    assert asked(bundle, query) == [[str(len(merged)), str(agreements), str(parties)]]
    sums = asked(
        bundle,
        "SELECT (SUM(?n) AS ?sum) { ?set void:propertyPartition ?part . ?part void:triples ?n }",
    )
    assert sums == [[str(len(bundle.triples))]]


def test_every_format_is_a_distribution(bundle: Selection) -> None:
    query = "SELECT ?name { ?set dcat:distribution ?form . ?form dcterms:title ?name }"
    assert sorted(asked(bundle, query)) == [[name] for name in sorted(FORMATS)]


def test_the_description_names_the_vocabularies_that_are_used() -> None:
    selection = part(("id:agreement-x", "oh:party", "id:organisation-y"))
    assert sorted(asked(selection, "SELECT ?v { ?set void:vocabulary ?v }")) == [
        ["http://www.w3.org/1999/02/22-rdf-syntax-ns#"],
        ["https://w3id.org/onehealthkg/ontology#"],
    ]


def test_the_turtle_of_the_description_is_the_description(bundle: Selection) -> None:
    read = {Quad(*one.triple) for one in parse(dcat(bundle), format=RdfFormat.TURTLE)}
    assert nquads(read) == nquads(describe(Facts(bundle)))


def test_the_citation_file_has_the_version_and_licence_of_the_package() -> None:
    package = (ROOT / "pyproject.toml").read_text("utf-8")
    version, licence = (
        re.search(f'^{name} = "([^"]+)"', package, re.MULTILINE)[1]
        for name in ("version", "license")
    )
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == version
    assert sorted(cited["license"]) == sorted(licence.split(" AND "))
    assert f'authors = [{{ name = "{cited["authors"][0]["name"]}" }}]' in package
