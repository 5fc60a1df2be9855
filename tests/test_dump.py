"""Dumps of vocabularies: one reader for ``link``, ``review`` and ``enrich``, and its refusals."""

import gzip
import io
import os
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from onehealthkg.errors import InputError
from onehealthkg.reviewing.sides import read_facts, side
from onehealthkg.vocabularies.concepts import Concept
from onehealthkg.vocabularies.dump import read_dump
from onehealthkg.vocabularies.enrich import from_dump
from onehealthkg.vocabularies.labels_index import LabelsIndex
from onehealthkg.vocabularies.lookup_dump import concepts_in_dump
from onehealthkg.vocabularies.match import candidates

SKOS = "http://www.w3.org/2004/02/skos/core#"
SPACE = "http://x.example/"
PREFIXES = f"""\
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix euvoc: <http://publications.europa.eu/ontology/euvoc#> .
@prefix gemet: <http://www.eionet.europa.eu/gemet/2004/06/gemet-schema.rdf#> .
@prefix iao: <http://purl.obolibrary.org/obo/IAO_> .
@prefix iso: <http://purl.org/iso25964/skos-thes#> .
@prefix mads: <http://www.loc.gov/mads/rdf/v1#> .
@prefix meshv: <http://id.nlm.nih.gov/mesh/vocab#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <{SKOS}> .
@prefix status: <http://publications.europa.eu/resource/authority/concept-status/> .
@prefix vs: <http://www.w3.org/2003/06/sw-vocab-status/ns#> .
@prefix x: <{SPACE}> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
"""
INDEX = LabelsIndex([("zoonoses", "zoonoses", "en"), ("zoonoses", "zoonoses", "fr")])
LINE = f'<{SPACE}1> <{SKOS}prefLabel> "zoonoses"@en .\n'


def concepts(path: Path, data: str | bytes) -> list[Concept]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return concepts_in_dump(path, INDEX, lambda iri: iri.startswith(SPACE))


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


# Things other than concepts, and replaced concepts


@pytest.mark.parametrize(
    "about",
    [
        "a skos:Collection",
        "a skos:OrderedCollection",
        "a skos:ConceptScheme",
        "a iso:ConceptGroup",
        "a gemet:Theme , skos:Concept",
        "a rdf:Property",
        "a owl:ObjectProperty",
        "a owl:AnnotationProperty",
        "skos:member x:2",
        "skos:hasTopConcept x:2",
        "rdfs:subPropertyOf x:2",
        "rdfs:range x:2",
        "owl:inverseOf x:2",
        "skos:note 'a scheme' . x:2 skos:inScheme x:1",
        "skos:note 'a scheme' . x:2 skos:topConceptOf x:1",
    ],
)
@pytest.mark.parametrize("label", ["skos:prefLabel", "rdfs:label"])
def test_collections_schemes_and_properties_are_not_candidates(
    tmp_path: Path, about: str, label: str
) -> None:
    statements = f'x:1 {label} "zoonoses"@en ; {about} . x:3 {label} "zoonoses"@en .'
    found = concepts(tmp_path / "v.ttl", PREFIXES + statements)
    assert [concept.iri for concept in found] == [SPACE + "3"]


@pytest.mark.parametrize(
    "link", ["x:1 dcterms:isReplacedBy x:2", "x:1 iao:0100001 x:2", "x:2 dcterms:replaces x:1"]
)
def test_a_concept_that_was_replaced_gives_its_labels_to_its_successor(
    tmp_path: Path, link: str
) -> None:
    statements = f"""
        x:1 skos:prefLabel "zoonoses"@en , "zoonoses"@fr . {link} .
        x:2 skos:prefLabel "zoonotic diseases"@en ; skos:broader x:3 .
        x:3 skos:prefLabel "diseases"@en ."""
    [concept] = concepts(tmp_path / "v.ttl", PREFIXES + statements)
    assert (concept.iri, concept.obsolete) == (SPACE + "2", False)
    assert [tuple(label) for label in concept.labels] == [
        ("zoonoses", "en", "alt"),
        ("zoonoses", "fr", "alt"),
        ("zoonotic diseases", "en", "pref"),
    ]
    assert [label.text for label in concept.broader] == ["diseases"]


def test_successors_follow_one_another_and_labels_of_a_split_concept_are_narrower(
    tmp_path: Path,
) -> None:
    statements = """
        x:1 skos:prefLabel "zoonoses"@en ; dcterms:isReplacedBy x:2 .
        x:2 skos:prefLabel "animal ills"@en ; dcterms:isReplacedBy x:3 , x:4 .
        x:3 skos:prefLabel "bird ills"@en . x:4 skos:prefLabel "pig ills"@en ."""
    found = concepts(tmp_path / "v.ttl", PREFIXES + statements)
    assert {(concept.iri[-1], label.kind) for concept in found for label in concept.labels} == {
        ("3", "narrow"),
        ("3", "pref"),
        ("4", "narrow"),
        ("4", "pref"),
    }


@pytest.mark.parametrize(
    "about",
    [
        "owl:deprecated true",
        "a owl:DeprecatedClass",
        "meshv:active false",
        "euvoc:status status:DEPRECATED",
        "euvoc:status status:RETIRED",
        "adms:status <http://purl.org/adms/status/Withdrawn>",
        'vs:term_status "deprecated"',
        "a mads:DeprecatedAuthority",
        "dcterms:isReplacedBy x:elsewhere",
        "dcterms:isReplacedBy <http://other.example/2>",
    ],
)
def test_an_obsolete_concept_without_a_successor_is_never_exact(tmp_path: Path, about: str) -> None:
    [concept] = concepts(
        tmp_path / "v.ttl", f'{PREFIXES}x:1 skos:prefLabel "zoonoses"@en ; {about} .'
    )
    assert concept.obsolete
    [ours] = concepts(tmp_path / "ours.ttl", f'{PREFIXES}x:1 skos:prefLabel "zoonoses"@en .')
    thing = ours._replace(iri="https://w3id.org/onehealthkg/id/topic-zoonoses")
    assert [one.is_exact for one in candidates([thing], [concept])] == [False]
    assert [one.is_exact for one in candidates([thing], [ours])] == [True]


def test_concepts_that_replace_one_another_are_not_candidates(tmp_path: Path) -> None:
    statements = 'x:1 skos:prefLabel "zoonoses"@en ; dcterms:isReplacedBy x:2 . ' + (
        'x:2 skos:prefLabel "zoonosis"@en ; dcterms:isReplacedBy x:1 .'
    )
    assert concepts(tmp_path / "v.ttl", PREFIXES + statements) == []


# Labels and languages


@pytest.mark.parametrize(
    ("tag", "language"),
    [("eng", "en"), ("fra", "fr"), ("fre", "fr"), ("ENG", "en"), ("fra-CA", "fr-ca")],
)
@pytest.mark.parametrize("ending", [".nt", ".ttl"])
def test_language_tags_of_three_letters_are_read(
    tmp_path: Path, tag: str, language: str, ending: str
) -> None:
    [concept] = concepts(tmp_path / f"v{ending}", LINE.replace("@en", f"@{tag}"))
    assert [tuple(label) for label in concept.labels] == [("zoonoses", language, "pref")]


@pytest.mark.parametrize("letter", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\\u00AD"])
def test_invisible_letters_in_a_label_do_not_hide_it(tmp_path: Path, letter: str) -> None:
    data = LINE.replace("zoonoses", f"zoo{letter}noses")
    assert [concept.iri for concept in concepts(tmp_path / "v.nt", data)] == [SPACE + "1"]


# Files


XML = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="{SKOS}">
<rdf:Description rdf:about="{SPACE}1"><skos:prefLabel xml:lang="en">zoonoses</skos:prefLabel>
</rdf:Description></rdf:RDF>"""
JSON = f'{{"@id": "{SPACE}1", "{SKOS}prefLabel": {{"@value": "zoonoses", "@language": "en"}}}}'


def text_only(value: object) -> str:
    """The name of an example: packed bytes differ from one run to the next."""
    return value if isinstance(value, str) else ""


def facts_of(path: Path) -> object:
    return list(read_facts([path], {SPACE + "1"}))


def said_by(path: Path) -> object:
    return next(rows for rows, _ in from_dump(path, "2026-01-31")([SPACE + "1"]))


READERS: list[Callable[[Path], object]] = [
    lambda path: concepts_in_dump(path, INDEX, lambda iri: iri.startswith(SPACE)),
    facts_of,
    said_by,
]
COMMANDS = pytest.mark.parametrize("reader", READERS, ids=["link", "review", "enrich"])


@COMMANDS
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("v.nt", LINE.encode()),
        ("v.NT", LINE.encode()),
        ("v.ttl", LINE.encode()),
        ("v.nq", LINE.replace(" .", f" <{SPACE}graph> .").encode()),
        ("v.trig", f"<{SPACE}graph> {{ {LINE} }}".encode()),
        ("v.jsonld", JSON.encode()),
        ("v.rdf", XML.encode()),
        ("v.owl", XML.encode()),
        ("v.XML", XML.encode()),
        ("v.N3", b"\xef\xbb\xbf" + LINE.encode()),
        ("v.JSON-LD", JSON.encode()),
        ("v.nt.gz", gzip.compress(LINE.encode(), mtime=0)),
        ("v.RDF.GZ", gzip.compress(XML.encode(), mtime=0)),
        ("v.zip", zipped(("folder/", b""), ("folder/w.NT", LINE.encode()))),
        ("v.ttl.zip", zipped(("w.rdf", XML.encode()))),
    ],
    ids=text_only,
)
def test_every_command_reads_every_format_packed_or_not(
    tmp_path: Path, reader: Callable[[Path], object], name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert reader(path)


DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]>\n<r/>'
NESTED = f"<{SPACE}1> <{SKOS}prefLabel> {'<<( <x:s> <x:p> ' * 100_000}"


@COMMANDS
@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("v.csv", b"", "the name must end in one of .json, .json-ld, .jsonld, .n3, .nq, .nt,"),
        ("v.nt", LINE.replace("@en", "@en_GB").encode(), "v.nt:1: "),
        ("v.nt", b"# A text\n\nand no statement\n", "v.nt:3: "),
        ("v.nt", b"<html>\n<body/></html>\n", "is it N-Triples?"),
        ("v.nt", b"<urn:a> <urn:b> <urn:c> .\n", "v.nt: there is no label"),
        ("v.ttl", b"", "v.ttl: there is no label"),
        ("v.zip", zipped(("w.csv", b"")), "the name w.csv in it must end in one of"),
        ("v.zip", zipped(("a.nt", b""), ("b.nt", b"")), "there are 2 files in it; pack one"),
        ("v.zip", zipped(), "there are 0 files in it"),
        ("v.zip", b"not packed", "cannot be unpacked"),
        ("v.zip", zipped(("w.nt", LINE.encode() * 999))[:-200], "cannot be unpacked"),
        (
            "v.zip",
            zipped(("w.nt", b""), method=zipfile.ZIP_LZMA),
            "its compression method is not supported",
        ),
        ("v.rdf", DOCTYPE.encode(), "v.rdf:2: RDF/XML with a document type is not read"),
        ("v.owl.gz", gzip.compress(DOCTYPE.encode(), mtime=0), "with a document type is not read"),
        ("v.zip", zipped(("w.xml", DOCTYPE.encode())), "with a document type is not read"),
        ("v.ttl", NESTED.encode(), "triple terms (RDF 1.2) are not read"),
        ("v.nt", NESTED.encode(), "triple terms (RDF 1.2) are not read"),
        ("v.jsonld", JSON.replace(SPACE, "").encode(), "is a relative IRI"),
        ("v.jsonld", b'{"@context": "http://127.0.0.1:9/"}', "a remote context"),
    ],
    ids=text_only,
)
def test_every_command_refuses_the_same_files(
    tmp_path: Path, reader: Callable[[Path], object], name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        reader(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


@COMMANDS
def test_a_pipe_is_refused_at_once(tmp_path: Path, reader: Callable[[Path], object]) -> None:
    path = tmp_path / "v.nt"
    os.mkfifo(path)
    with pytest.raises(InputError, match="this is a pipe or a device"):
        reader(path)


def bomb(name: str, ending: str) -> bytes:
    """A packed file that has 200 megabytes, unpacked."""
    line = {".nt": b"#" * 99 + b"\n", ".rdf": b"<r>" + b" " * 97, ".jsonld": b" " * 100}[ending]
    data = line * 10_000
    if name.endswith(".gz"):
        return gzip.compress(data, mtime=0) * 200  # a file of 200 parts is one file
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"w{ending}", "w") as entry,
    ):
        for _ in range(200):
            entry.write(data)
    return out.getvalue()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("ending", [".nt", ".jsonld"])
@pytest.mark.parametrize("packing", [".gz", ".zip"])
def test_a_bomb_is_refused_at_its_beginning(tmp_path: Path, ending: str, packing: str) -> None:
    path = tmp_path / f"v{ending}{packing}"
    path.write_bytes(bomb(path.name, ending))
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(InputError, match="unpacked, this is larger than 100 times its size"):
        list(read_dump(path, {SKOS + "prefLabel"}))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - before.ru_maxrss < 300_000  # kilobytes


# The cards of review


def test_labels_and_definitions_that_are_nodes_are_shown_with_those_of_neighbours(
    tmp_path: Path,
) -> None:
    path = tmp_path / "v.ttl"
    path.write_text(
        PREFIXES
        + """x:1 xl:prefLabel [ xl:literalForm "zoonoses"@eng ] ; meshv:preferredConcept x:m ;
            skos:definition [ rdf:value "From animals."@en ] ; skos:broader x:2 .
        x:m meshv:scopeNote "As a note."@en .
        x:2 xl:prefLabel [ xl:literalForm "diseases"@en ] . x:3 skos:prefLabel "not near"@en .""",
        encoding="utf-8",
    )
    facts = read_facts([path], {SPACE + "1"})
    found = side([facts], SPACE + "1", "x:1")
    assert (found.labels, found.broader) == (("zoonoses (en)",), ("diseases",))
    assert found.texts == ("As a note. (en)", "From animals. (en)")
