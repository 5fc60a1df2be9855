"""JSON-LD: the nested document, its context, and the results of independent processors."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from selections import everything, exported, release

from onehealthkg.errors import InputError, OutputError
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.convert import convert
from onehealthkg.exports.export import export
from onehealthkg.exports.jsonld import dataset_of
from onehealthkg.names import ID, OH, PREFIXES
from onehealthkg.paths import Project, bundled
from onehealthkg.rdf.read_write import FORMATS, parse_quads, read_quads
from onehealthkg.records.context import read_terms

A, B, C = (NamedNode("https://e.example/" + name) for name in "abc")
NODE_SCRIPT = """
const jsonld = require('jsonld'), fs = require('fs');
const documentLoader = url => { throw new Error('fetched ' + url); };
jsonld.toRDF(JSON.parse(fs.readFileSync(process.argv[2])), {format: 'application/n-quads',
  documentLoader}).then(text => process.stdout.write(text));
"""


@pytest.fixture(scope="module", params=["json-ld", "json-ld-dataset"])
def written(request: pytest.FixtureRequest) -> tuple[bytes, set[Quad]]:
    """A document, and the quads that it must mean."""
    quads = set(everything().quads)
    if request.param == "json-ld":
        quads = {Quad(*triple) for triple in everything().triples}
    return exported(request.param), quads


@pytest.fixture(scope="module")
def agreement() -> dict[str, Any]:
    first: dict[str, Any] = json.loads(export(release(), "json-ld"))["@graph"][0]
    return first


def refuse(address: str, _: object) -> None:
    raise AssertionError(f"{address} was fetched")


@pytest.mark.slow
def test_pyld_reads_the_same_quads(written: tuple[bytes, set[Quad]]) -> None:
    document, quads = written
    options = {"format": "application/n-quads", "documentLoader": refuse}
    told = jsonld.to_rdf(json.loads(document), options)
    assert set(parse(told, format=RdfFormat.N_QUADS)) == quads


@pytest.mark.slow
def test_jsonld_js_reads_the_same_quads(
    written: tuple[bytes, set[Quad]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.getbasetemp() / "jsonld-js"
    if not (folder / "node_modules" / "jsonld").exists():
        folder.mkdir(exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        command += ["--fetch-retries=0", "--fetch-timeout=20000", "jsonld@9"]
        if subprocess.run(command, cwd=folder, capture_output=True, timeout=90).returncode:
            pytest.skip("npm's registry cannot be reached")
    document, quads = written
    (folder / "document.jsonld").write_bytes(document)
    (folder / "read.js").write_text(NODE_SCRIPT)
    done = subprocess.run(
        ["node", "read.js", "document.jsonld"], cwd=folder, capture_output=True, check=True
    )
    assert set(parse(done.stdout, format=RdfFormat.N_QUADS)) == quads


@pytest.mark.slow
def test_the_first_thing_is_an_agreement_with_its_parts(agreement: dict[str, Any]) -> None:
    assert agreement["@id"] == "id:agreement-anses-inserm-2020"
    assert agreement["@type"] == ["Agreement", "Arrangement"]
    assert (agreement["dateSigned"], agreement["term"]) == ("2020-02-05", "P5Y")
    assert agreement["parties"] == [
        {"@id": "id:organisation-anses", "label": {"en": "ANSES", "fr": "Anses"}},
        {"@id": "id:organisation-inserm", "label": {"en": "Inserm", "fr": "Inserm"}},
    ]
    assert [one["signatory"]["label"]["@none"] for one in agreement["signatures"]] == [
        "Gilles Bloch",
        "Roger Genet",
    ]
    assert agreement["formalises"]["@type"] == "Partnership"
    assert {one["modality"] for one in agreement["undertakings"]} == {"committed", "planned"}
    assert "possible" in {one["modality"] for one in agreement["reportedUndertakings"]}


def test_a_document_has_its_passages_in_the_order_of_the_text(agreement: dict[str, Any]) -> None:
    passages = agreement["signatures"][0]["signedOnDateOf"]["archivedTexts"][0]["passages"]
    assert [one["@id"].partition("#")[2] for one in passages] == [f"s{n}" for n in range(1, 22)]
    position, quote = passages[0]["selectors"]
    assert (position["start"], position["end"]) == (4, 35)
    assert quote["quote"] == "Maisons-Alfort, 5 February 2020"


@pytest.mark.slow
def test_a_thing_is_described_once() -> None:
    described: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "@type" in value and "@id" in value:
                described.append(value["@id"])
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(json.loads(exported("json-ld"))["@graph"])
    assert len(described) == len(set(described))


def test_things_that_point_to_each_other_are_all_written() -> None:
    shown = NamedNode(OH + "reportedWith")
    ring = [
        Triple(NamedNode(f"{ID}c{n}"), shown, NamedNode(f"{ID}c{(n + 1) % 3}")) for n in range(3)
    ]
    quads = tuple(Quad(*triple) for triple in ring)
    document = export(Selection(quads, "en", bundled(), ""), "json-ld")
    assert set(parse(document, format=RdfFormat.JSON_LD)) == set(quads)


def test_a_long_chain_is_not_nested_without_end() -> None:
    part = NamedNode(OH + "reportedWith")
    chain = [Quad(NamedNode(f"{ID}c{n}"), part, NamedNode(f"{ID}c{n + 1}")) for n in range(500)]
    document = export(Selection(tuple(chain), "en", bundled(), ""), "json-ld")
    assert set(parse(document, format=RdfFormat.JSON_LD)) == set(chain)


def test_the_context_names_every_term_of_the_ontology() -> None:
    """Without an entry in the context, a term would appear under its local name and links as
    objects.
    """
    terms = read_terms()
    ours = {term["@id"] for term in terms.values() if isinstance(term, dict) and "@id" in term}
    ours |= {term for term in terms.values() if isinstance(term, str)}
    kinds = {PREFIXES["owl"] + name for name in ("Class", "ObjectProperty", "DatatypeProperty")}
    declared = {
        "oh:" + quad.subject.value.removeprefix(OH)
        for quad in read_quads(bundled().ontology_file)
        if quad.predicate.value.endswith("#type") and quad.object.value in kinds
        if quad.subject.value.startswith(OH)
    }
    assert declared - ours == set(), "Add these to ontology/context.jsonld."


def test_the_context_has_our_prefixes_and_one_key_for_each_meaning() -> None:
    terms = read_terms()
    prefixes = {name: iri for name, iri in terms.items() if str(iri).startswith("http")}
    assert prefixes.pop("@vocab") == OH
    assert {name: PREFIXES.get(name) for name in prefixes} == prefixes
    meanings = [json.dumps(term) for term in terms.values()]
    meanings.remove(json.dumps(OH))  # of @vocab, and of the prefix oh
    assert len(meanings) == len(set(meanings))
    text = bundled().ontology_file.with_name("context.jsonld").read_text(encoding="utf-8")
    keys = re.findall(r'^    "([^"]+)":', text, re.MULTILINE)
    assert keys == list(terms)


def test_an_invalid_context_is_an_error(project: Project) -> None:
    path = project.ontology_file.with_name("context.jsonld")
    path.write_text("{")
    with pytest.raises(InputError, match=r'context\.jsonld: write \{"@context": \{\.\.\.\}\}: '):
        read_terms(project)


def test_statements_that_a_context_would_misread_are_an_error() -> None:
    with pytest.raises(OutputError, match=r"^source:a: cannot be written as JSON-LD with this"):
        dataset_of([Quad(A, B, NamedNode("source:a"))], read_terms())


def test_without_a_context_the_prefixes_are_those_that_are_used_and_not_misread() -> None:
    names = ("source:a", PREFIXES["source"] + "b", ID + "c", "urn:x", OH + "d")
    quads = {Quad(A, B, NamedNode(name), NamedNode("time:x")) for name in names}
    document = dataset_of(quads)
    assert json.loads(document)["@context"] == {"id": ID, "oh": OH}
    assert set(parse(document, format=RdfFormat.JSON_LD)) == quads


@pytest.mark.parametrize(
    "literal",
    [
        Literal("007", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
        Literal("-0", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
        Literal("12345678901234567890", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
        Literal("1.0E0", datatype=NamedNode(PREFIXES["xsd"] + "double")),
        Literal("true", datatype=NamedNode(PREFIXES["xsd"] + "boolean")),
        Literal("P18M", datatype=NamedNode(PREFIXES["xsd"] + "duration")),
        Literal('{"a": 1 }', datatype=NamedNode(PREFIXES["rdf"] + "JSON")),
        Literal("a", language="en-gb"),
        Literal(""),
    ],
    ids=str,
)
def test_literals_stay_as_they_are_written(literal: Literal) -> None:
    quad = Quad(A, B, literal, C)
    assert list(parse(dataset_of([quad]), format=RdfFormat.JSON_LD)) == [quad]


def test_a_type_that_is_not_an_iri_is_kept() -> None:
    quads = {Quad(A, NamedNode(PREFIXES["rdf"] + "type"), one, C) for one in (Literal("x"), B)}
    assert set(parse(dataset_of(quads), format=RdfFormat.JSON_LD)) == quads


@pytest.mark.sampled(1)
def test_the_exports_are_read_by_our_own_reader(
    written: tuple[bytes, set[Quad]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonld"
    path.write_bytes(written[0])
    assert set(read_quads(path)) == written[1]


def read(text: str) -> list[Quad]:
    return parse_quads(text.encode(), RdfFormat.JSON_LD, Path("a.jsonld"))


RELATIVE = "is a relative IRI; write the whole IRI, or an absolute @base in the @context."
NO_TAG = "is not a language tag; write it as"
SPACE = "is not an IRI: Invalid IRI code point ' '; write a space as %20."
# A context with one term, as JSON.
TERM = '{"@context": {"p": {"@id": "urn:p", %s}}, "@id": "urn:a", "p": %s}'
LOST = {
    "relative datatype": ('{"urn:p": {"@value": "x", "@type": "date"}}', f'"date" {RELATIVE}'),
    "relative datatype with a number": ('{"urn:p": {"@value": 1, "@type": "../int"}}', f'"int" {RELATIVE}'),
    "relative datatype in a list": ('{"urn:p": {"@list": [{"@value": "x", "@type": "t"}]}}', f'"t" {RELATIVE}'),
    "relative vocabulary": ('{"@context": {"@vocab": "v#"}, "p": 1}', f'"v#p" {RELATIVE}'),
    "relative word of a vocabulary": (TERM % ('"@type": "@vocab"', '"x"'), f'"x" {RELATIVE}'),
    "relative graph": ('{"@id": "g", "@graph": [{"urn:p": 1}]}', f'"g" {RELATIVE}'),
    "relative with its base taken away": ('{"@context": {"@base": null}, "@id": "a", "urn:p": 1}', f'"a" {RELATIVE}'),
    "language with an underscore": (TERM % ('"@container": "@language"', '{"fr_FR": "x"}'), f'"fr_FR" {NO_TAG} fr-FR.'),
    "language of a value": ('{"urn:p": {"@value": "x", "@language": "en_GB"}}', f'"en_GB" {NO_TAG} en-GB.'),
    "language of a term": (TERM % ('"@language": "français"', '"x"'), f'"français" {NO_TAG} en or fr-CA.'),
    "language of all": ('{"@context": {"@language": "english (UK)"}, "urn:p": "x"}', f'"english (UK)" {NO_TAG} en or fr-CA.'),
    "coerced address": (TERM % ('"@type": "@id"', '"urn:my page"'), f'"urn:my page" {SPACE}'),
    "address as a key": (TERM % ('"@container": "@id"', '{"urn:b c": {"urn:q": 1}}'), f'"urn:b c" {SPACE}'),
    "address in a reverse property": ('{"@id": "urn:a", "@reverse": {"urn:p": {"@id": "urn:b c"}}}', f'"urn:b c" {SPACE}'),
    "type": ('{"@id": "urn:a", "@type": ["urn:T", "urn:T U"]}', f'"urn:T U" {SPACE}'),
    "property": ('{"@id": "urn:a", "urn:p q": 1, "urn:r": 1}', f'"urn:p q" {SPACE}'),
    "blank node as a property": ('{"@id": "urn:a", "_:p": 1}', '"_:p" is a blank node, which cannot be a property; name an IRI.'),
    "key twice": ('{"@id": "urn:a", "urn:p": 1, "urn:p": 2}', 'the key "urn:p" is given twice in one object; keep one.'),
    "direction without a language": ('{"urn:p": {"@value": "x", "@direction": "rtl"}}', '"x" has a direction but no language; add its @language.'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), LOST.values(), ids=LOST)
def test_a_value_that_would_be_lost_or_invented_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"^a\.jsonld(:1)?: {re.escape(message)}$"):
        read(text)


NO_JSON_LD = {
    "text": ('"x"', ":1: a JSON-LD document is an object or a list."),
    "no number": ('{"urn:p": NaN}', ": JSON has no number NaN; write it as a text."),
    "too large a number": ('{"urn:p": 1e999}', ": a number is too large; write it as a text."),
    "too long a number": ('{"urn:p": %s}' % ("9" * 5000), ": a number has too many digits; write it as a text with a @type."),
    "a whole number that a double rounds": ('{"urn:p": 1000000000000000000000001}', ": 100000000000000000000000… has more digits than an xsd:double keeps; write it as a text with a @type."),
    "null that resets nothing": ('{"@context": {"@vocab": null}, "urn:p": "x"}', ': a @context sets "@vocab" to null where it has no value; take it out.'),
    "too large a whole number": ('{"urn:p": %s}' % ("9" * 400), ": a number has too many digits; write it as a text with a @type."),
    "half of a character": (r'{"urn:p": "a\ud800b"}', r":1: \ud800 is half of a character (UTF-16); write the whole character."),
    "half of a character in a key": ('{\n' + r'"urn:p\uDC00": 1}', r":2: \uDC00 is half of a character (UTF-16); write the whole character."),
    "halves in the wrong order": (r'{"urn:p": {"@value": "\\\ude00\ud83d", "@language": "en"}}', r":1: \ude00 is half of a character (UTF-16); write the whole character."),
    "mark": ("\ufeff{}", ":1: there is a byte order mark; save the file as UTF-8 without one."),
    "what makes PyLD stumble": ('{"@context": [], "@included": "urn:x"}', ": this is not JSON-LD 1.1 (AttributeError(\"'str' object has no attribute 'get'\"))."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), NO_JSON_LD.values(), ids=NO_JSON_LD)
def test_a_file_that_is_not_json_ld_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape('a.jsonld' + message)}$"):
        read(text)


@pytest.mark.parametrize("text", ["{}", "[]", '{"@context": {}, "@graph": []}', "[{}, []]"])
def test_an_empty_graph_is_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("ending", [".jsonld", ".nq", ".nt", ".rdf", ".trig", ".ttl"])
def test_an_empty_graph_survives_every_format(ending: str) -> None:
    assert parse_quads(convert([], ending).data, FORMATS[ending], Path("a" + ending)) == []


def test_keys_without_a_meaning_are_named(caplog: pytest.LogCaptureFixture) -> None:
    read('{"@id": "urn:a", "urn:p": 1, "lable": "x", "urn:q": {"@labels": "y", "urn:r": 1}}')
    [record] = caplog.records
    assert record.getMessage() == (
        'a.jsonld: left out, as the context gives these keys no meaning: "@labels", "lable".'
    )


def test_a_key_that_the_context_removes_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    assert len(read('{"@context": {"note": null}, "urn:p": 1, "note": "x"}')) == 1
    assert not caplog.records


def test_both_halves_of_a_character_and_an_escaped_backslash_are_read() -> None:
    [quad] = read(r'{"@id": "urn:a", "urn:p": "\ud83d\ude00 \\ud800"}')
    assert quad.object == Literal("\U0001f600 \\ud800")


def test_language_and_direction_are_kept() -> None:
    [quad] = read('{"@id": "urn:a", "urn:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}')  # fmt: skip
    assert str(quad.object) == '"x"@ar--rtl'


def test_labels_of_blank_nodes_differ_from_generated_ones() -> None:
    quads = read('{"@id": "_:b1", "urn:p": [{"@id": "_:bb2"}, {"urn:q": 1}, {"@list": [1]}]}')
    assert len({str(quad.subject) for quad in quads}) == 3
