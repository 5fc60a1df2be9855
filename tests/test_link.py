"""``onehealthkg link``: candidates from dumps of any form and content."""

import gzip
from pathlib import Path

import pytest

from onehealthkg.cli import main
from onehealthkg.errors import InputError
from onehealthkg.paths import Project
from onehealthkg.vocabularies.concepts import Concept, Label
from onehealthkg.vocabularies.labels_index import LabelsIndex
from onehealthkg.vocabularies.lookup_dump import concepts_in_dump

INDEX = LabelsIndex([("zoonoses", "zoonoses", "en"), ("zoonoses", "zoonose", "fr")])
SKOS = "http://www.w3.org/2004/02/skos/core#"
PREFIXES = (
    f"@prefix skos: <{SKOS}> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .\n@prefix x: <http://x.example/> .\n"
    "@prefix meshv: <http://id.nlm.nih.gov/mesh/vocab#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix obo: <http://www.geneontology.org/formats/oboInOwl#> .\n"
)


def found(path: Path, data: str | bytes) -> list[Concept]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return concepts_in_dump(path, INDEX, lambda iri: iri.startswith("http://x.example/"))


@pytest.mark.parametrize(
    ("turtle", "labels"),
    [
        ('x:1 skos:prefLabel "zoonosis"@en .', {("zoonosis", "en", "pref")}),
        (
            'x:1 xl:altLabel [ xl:literalForm "Zoonose"@fr ] ; skos:prefLabel "ill"@en .',
            {("Zoonose", "fr", "alt"), ("ill", "en", "pref")},
        ),
        (
            'x:1 rdfs:label "Animal Ills"@en ; meshv:preferredConcept x:2 ; meshv:concept x:3 .\n'
            'x:2 meshv:preferredTerm x:4 . x:4 meshv:prefLabel "Animal Ills"@en .\n'
            'x:3 meshv:preferredTerm x:5 . x:5 meshv:prefLabel "Zoonoses"@en .',
            {("Animal Ills", "en", "pref"), ("Zoonoses", "en", "narrow")},
        ),
        (
            'x:1 rdfs:label "animal ill" ; obo:hasExactSynonym "zoonosis" .',
            {("animal ill", "", "pref"), ("zoonosis", "", "alt")},
        ),
    ],
)
def test_labels_are_read_in_each_model(
    tmp_path: Path, turtle: str, labels: set[tuple[str, str, str]]
) -> None:
    [one] = found(tmp_path / "v.ttl", PREFIXES + turtle)
    assert (one.iri, {tuple(label) for label in one.labels}) == ("http://x.example/1", labels)


NT = (
    f'<http://x.example/1> <{SKOS}prefLabel> "Zoonosis"@en .\n'
    f'<http://x.example/1> <{SKOS}definition> "From animals."@en .\n'
    f"<http://x.example/1> <{SKOS}broader> <http://x.example/2> .\n"
    f'<http://x.example/2> <{SKOS}prefLabel> "disease"@en .\n'
    f'<http://x.example/2> <{SKOS}prefLabel> "病"@zh .\n'
    '<http://x.example/1> <http://www.w3.org/2002/07/owl#deprecated> "true"'
    "^^<http://www.w3.org/2001/XMLSchema#boolean> .\n"
)
CONCEPT = Concept(
    "http://x.example/1",
    (Label("Zoonosis", "en", "pref"),),
    (Label("From animals.", "en", "pref"),),
    (Label("disease", "en", "pref"),),
    True,
)


def test_definitions_broader_concepts_and_obsolescence_are_read(tmp_path: Path) -> None:
    assert found(tmp_path / "v.nt", NT) == [CONCEPT]
    assert found(tmp_path / "v.nt.gz", gzip.compress(NT.encode())) == [CONCEPT]
    assert found(tmp_path / "v.ttl", NT) == [CONCEPT]


def test_very_many_equal_labels_end(tmp_path: Path) -> None:
    lines = (f'<http://x.example/{n}> <{SKOS}prefLabel> "zoonosis"@en .' for n in range(50_000))
    assert len(found(tmp_path / "v.nt", "\n".join(lines) + "\n")) == 1000


def test_a_concept_may_have_many_labels_and_long_ones(tmp_path: Path) -> None:
    alt = f"<http://x.example/1> <{SKOS}altLabel>"
    lines = [f'{alt} "zoonosis {n}"@en .' for n in range(20_000)]
    lines += [f'{alt} "{"zoonosis " * 100_000}"@en .', f'{alt} "zoonosis\\u0007"@en .']
    [one] = found(tmp_path / "v.nt", "\n".join(lines) + "\n")
    assert [label.text for label in one.labels] == ["zoonosis\x07"]


DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]>\n<r/>'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "v.csv",
            b"",
            "the name must end in one of .json, .json-ld, .jsonld, .n3, .nq, .nt, .owl, .rdf, .trig, .ttl, ",
        ),
        ("v.nt", NT.encode()[:-8], "it is cut off: the last line has no full stop; get it again."),
        ("v.nt", NT.encode().replace(b"Zoon", b"\xff\xfe"), ""),
        ("v.ttl", b"@prefix x: <http://x.example/> .\nx:1 x:2 ", ""),
        ("v.ttl", b'<http://x.example/1> <http://x.example/2> "\xff" .', ""),
        ("v.rdf", DOCTYPE.encode(), "RDF/XML with a document type is not read"),
        ("v.rdf", b"<r>", "no element found"),
        ("v.nt.gz", gzip.compress(NT.encode(), mtime=0)[:-20], "cannot be unpacked"),
        ("v.nt.gz", b"not packed", "cannot be unpacked"),
        (
            "v.nt.gz",
            gzip.compress(b"#" * 20_000_000, mtime=0),
            "a line of more than 16000000 bytes",
        ),
        (
            "v.nt.gz",
            gzip.compress((b"#" * 99 + b"\n") * 360_000, mtime=0),
            "unpacked, this is larger",
        ),
    ],
)
def test_an_unreadable_vocabulary_is_reported(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(InputError) as error:
        found(tmp_path / name, data)
    assert str(error.value).startswith(str(tmp_path / name))
    assert message in str(error.value)


def link(*words: str) -> int:
    return main(["link", "--date", "2026-01-31", *words])


DUMP = "http://www.eionet.europa.eu/gemet/concept/"


def test_candidates_are_written_without_known_links(
    tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    dump, out = tmp_path / "v.nt", tmp_path / "c.sssom.tsv"
    dump.write_text(
        f'<{DUMP}1> <{SKOS}prefLabel> "hazard"@en .\n'
        f'<{DUMP}1> <{SKOS}prefLabel> "danger"@fr .\n'
        f'<{DUMP}2> <{SKOS}altLabel> "hazards"@en .\n'
    )
    words = ("gemet", "topic-hazards", "--file", str(dump), "--project", project.root)
    assert link(*words, "-o", str(out)) == 0
    rows = [line.split("\t") for line in out.read_text().splitlines() if line[0] != "#"]
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [
        ("id:topic-hazards", "skos:closeMatch", "gemet:2"),
        ("id:topic-hazards", "skos:exactMatch", "gemet:1"),
    ]
    assert "2 candidates in gemet, 1 of them exact" in capsys.readouterr().out
    kept = project.links_file
    kept.write_text(
        "#curie_map:\n#  gemet: http://www.eionet.europa.eu/gemet/concept/\n"
        "#  id: https://w3id.org/onehealthkg/id/\n#license: https://x.example/\n"
        "#mapping_set_id: https://x.example/\n"
        "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"
        "id:topic-hazards\tskos:exactMatch\tNot\tgemet:1\tsemapv:ManualMappingCuration\n"
    )
    assert link(*words) == 0
    text = capsys.readouterr().out
    assert "gemet:1" not in text.replace("gemet:15", "")
    assert "gemet:2" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), 'there is no vocabulary "nowhere"; these are: '),
        (("gemet", "nobody-knows-this", "--file", "x.nt"), 'There is nothing named "nobody-kn'),
        (("gemet", "--file", "x.nt", "--date", "tomorrow"), '--date "tomorrow" is not a date'),
        (("ror",), "ror has no endpoint; pass a copy of it with --file DUMP."),
    ],
)
def test_wrong_use_is_reported(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    assert main(["link", *words]) == 2
    assert message in capsys.readouterr().err


def test_an_empty_result_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump = tmp_path / "v.nt"
    dump.write_text(f'<{DUMP}1> <{SKOS}prefLabel> "nothing of ours"@en .\n')
    assert link("gemet", "--file", str(dump)) == 0
    assert "no candidates in gemet for" in capsys.readouterr().err
