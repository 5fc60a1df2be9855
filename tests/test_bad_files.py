"""Files that cannot be read, or are wrong: a message that says what and where, and an exit code.

Nothing that a user can pass may print a traceback, hang, fill the memory or leave a temporary file.
What could do so runs in a process of its own, under limits.
"""

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ending import (
    DONE,
    MANY,
    NO_FILE,
    PROBLEMS,
    alone,
    data,
    here,
    limits,
    spoil,
    untouched,
)
from pyoxigraph import RdfFormat, parse

from onehealthkg.checks.check import check
from onehealthkg.checks.formats import FORMATS
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.paths import Project

pytest.importorskip("resource", reason="limits, pipes and devices are Unix's")

HEAD = """\
@base <https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix oh: <https://w3id.org/onehealthkg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
XML = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:">'


# A file given to `check` that cannot be read

TTL = HEAD + 'id:a oh:p "b" .\n'
NO_CONTEXT = "nothing is fetched; write the context itself into the file"
CUT_OFF = "it is cut off, or lacks a full stop, a bracket or a quotation mark"
MISSING_END = f"Unexpected end; {CUT_OFF}"
MISSING_FILE_END = f"Unexpected end of file; {CUT_OFF}"
NO_BASE = "No scheme found in an absolute IRI; write the whole IRI, or give a base"
NO_TYPES = (
    "RDF/XML with a document type or entities is not read; write the namespaces out, or convert "
    "the file to Turtle"
)
NOT_DEEPER = (
    "RDF/XML is read to a depth of 100 elements with 1000 attributes; convert the file to Turtle"
)
NO_TRIPLE_TERMS = "triple terms (RDF 1.2) are not read; use a passage's graph"
ENDINGS = "the name must end in one of .jsonld, .nq, .nt, .rdf, .trig, .ttl"
UNREADABLE = {
    "string not closed": ("x.ttl", HEAD + 'id:a oh:p "b .\n', f":6:11: {MISSING_FILE_END}"),
    "long string not closed": ("x.ttl", HEAD + 'id:a oh:p """b .\n', f":6:11: {MISSING_FILE_END}"),
    "no full stop between": ("x.ttl", TTL + "id:a oh:p 1\nid:b oh:p 1 .", ":8:1: A dot is expected at the end of statements"),
    "no full stop": ("x.ttl", TTL + "id:a oh:p 1", f":7:12: {MISSING_END}"),
    "two full stops": ("x.ttl", TTL + "id:a oh:p 1 . .", ":7:15: . is not a valid subject or graph name"),
    "no object": ("x.trig", HEAD + "<#s1> {\n id:a oh:p .\n}", ":7:12: . is not a valid RDF object"),
    "graph not closed": ("x.trig", HEAD + "<#s1> { id:a oh:p 1 .", f":6:22: {MISSING_END}"),
    "cut off": ("x.trig", HEAD + "<#s1> {\n id:a oh:", f":7:10: {MISSING_END}"),
    "unknown prefix": ("x.ttl", TTL + "no:a oh:p 1 .", ":7:1: The prefix no: has not been declared; declare it with @prefix at the top"),
    "no base": ("x.ttl", "<a> <urn:p> 1 .", f":1:1: {NO_BASE}"),
    "no base in N-Triples": ("x.nt", "<a> <urn:p> <urn:o> .", f":1:1: {NO_BASE}"),
    "no base in RDF/XML": ("x.rdf", f'{XML}\n<r:Description r:about="a" a:p="1"/></r:RDF>', f":2: error while parsing IRI 'a': {NO_BASE}"),
    "space in an IRI": ("x.ttl", TTL + "<urn:a b> oh:p 1 .", ":7:1: Invalid IRI code point ' '; write a space in an IRI as %20"),
    "space in an IRI of N-Quads": ("x.nq", "<urn:a> <urn:p> <urn:a b> .\n", ":1:17: Invalid IRI code point ' '; write a space in an IRI as %20"),
    "space in an IRI of RDF/XML": ("x.rdf", f'{XML}\n\n<r:Description r:about="urn:a b"/></r:RDF>', ":3: error while parsing IRI 'urn:a b': Invalid IRI code point ' '; write a space in an IRI as %20"),
    "space in an IRI of JSON-LD": ("x.jsonld", '{"@id": "urn:a", "urn:p":\n {"@id": "urn:a b"}}', ":2: \"urn:a b\" is not an IRI: Invalid IRI code point ' '; write a space as %20"),
    "control character in an IRI": ("x.ttl", TTL + "<urn:\\u001b> oh:p 1 .", r":7:1: Invalid IRI code point '\u001b'"),
    "relative @id": ("x.jsonld", '{"@id": "a", "urn:p": 1}', ':1: "a" is a relative IRI; write the whole IRI, or an absolute @base in the @context'),
    "relative @type": ("x.jsonld", '{"@id": "urn:a", "@type": "T"}', ':1: "T" is a relative IRI; write the whole IRI, or an absolute @base in the @context'),
    "no statement": ("x.jsonld", '{"@id": "urn:a", "name": "lost"}', ": no statement could be read; write whole IRIs, or a @context"),
    "half a character": ("x.ttl", TTL + 'id:a oh:p "\\ud800" .', ":7:12: The escape sequence '\\ud800' is encoding D800 that is not a valid unicode character"),
    "statement of four words": ("x.nt", "<urn:a> <urn:p> <urn:o> <urn:g> .", ":1:25: Quads must be followed by a dot"),
    "JSON cut off": ("x.jsonld", '{"@id": "urn:a", "urn:p": [', ":1:28: this is not JSON: Expecting value"),
    "JSON with a comma": ("x.jsonld", '{"@id": "urn:a",\n "urn:p": 1,}', ":2:13: this is not JSON: Expecting property name enclosed in double quotes"),
    "JSON twice": ("x.jsonld", "{} {}", ":1:4: this is not JSON: Extra data"),
    "JSON empty": ("x.jsonld", "", ":1:1: this is not JSON: Expecting value"),
    "XML cut off": ("x.rdf", f"{XML}\n<r:Description", ":2:1: unclosed token"),
    "XML not closed": ("x.rdf", XML, f":1:{len(XML) + 1}: no element found"),
    "XML of another kind": ("x.rdf", "<html/>", ": XML namespaces are required in RDF/XML"),
    "XML empty": ("x.rdf", "", ":1:1: no element found"),
    "remote context": ("x.jsonld", '{\n"@context": "http://localhost:9/c", "urn:p": 1}', f":2: a remote context; {NO_CONTEXT}"),
    "context from the disk": ("x.jsonld", '{"@context": "file:///etc/passwd", "urn:p": 1}', f":1: a remote context; {NO_CONTEXT}"),
    "context beside the file": ("x.jsonld", '{"@context": [\n"c.jsonld"], "urn:p": 1}', f":2: a remote context; {NO_CONTEXT}"),
    "context imported": ("x.jsonld", '{"@context": {\n"@import": "http://localhost:9/c"}, "urn:p": 1}', f":2: a remote context; {NO_CONTEXT}"),
    "context second in a list": ("x.jsonld", '{"@context": [{}, "http://localhost:9/c"], "urn:p": 1}', f":1: a remote context; {NO_CONTEXT}"),
    "document type": ("x.rdf", f"<!DOCTYPE a>\n{XML}</r:RDF>", f":1: {NO_TYPES}"),
    "document type in small letters": ("x.rdf", f"\n<!doctype a>\n{XML}</r:RDF>", f":2: {NO_TYPES}"),
    "triple term": ("x.trig", HEAD + "<#s1> { id:a oh:p <<( id:a oh:p 1 )>> }", f": {NO_TRIPLE_TERMS}"),
    "annotation": ("x.trig", HEAD + "<#s1> { id:a oh:p 1 {| oh:p 1 |} }", f": {NO_TRIPLE_TERMS}"),
    "reified triple": ("x.ttl", HEAD + "<< id:a oh:p 1 >> oh:p 1 .", f": {NO_TRIPLE_TERMS}"),
    "unknown ending": ("x.owl", TTL, f": {ENDINGS}"),
    "ending in capitals": ("x.TTL", TTL, f": {ENDINGS}"),
    "no ending": ("x", TTL, f": {ENDINGS}"),
    "name that is no part of an IRI": ("a b.ttl", TTL, ": rename the file, with letters, digits and hyphens only, as in organisations.ttl: the name becomes part of an IRI"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_file_is_named_with_line_and_remedy(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with untouched(tmp_path):
        ended = here("check", path)
    assert ended == (NO_FILE, "", f"onehealthkg: {path}{message}.\n")


ENCODINGS = {
    "Latin-1": ("é".encode("latin-1"), "2: byte 0xe9"),
    "half of a character": ("é".encode()[:1], "2: byte 0xc3"),
    "a character too large": (b"\xf5\x80\x80\x80", "2: byte 0xf5"),
    "half of a pair": (b"\xed\xa0\x80", "2: byte 0xed"),
}


@pytest.mark.parametrize("ending", [".jsonld", ".nq", ".nt", ".rdf", ".trig", ".ttl"])
@pytest.mark.parametrize(("word", "where"), ENCODINGS.values(), ids=ENCODINGS)
def test_a_byte_that_is_not_utf_8_is_named(
    tmp_path: Path, ending: str, word: bytes, where: str
) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes(b'<urn:s> <urn:p> "a" .\n<urn:s> <urn:p> "' + word)
    message = f"onehealthkg: {path}:{where} is not UTF-8; save the file as UTF-8.\n"
    assert here("check", path) == (NO_FILE, "", message)


@pytest.mark.parametrize("ending", [".jsonld", ".nq", ".nt", ".rdf", ".trig", ".ttl"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_an_encoding_other_than_utf_8_is_named(tmp_path: Path, ending: str, encoding: str) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode(encoding))
    byte = "e9" if encoding == "utf-16-be" else "ff"
    message = f"onehealthkg: {path}:1: byte 0x{byte} is not UTF-8; save the file as UTF-8.\n"
    assert here("check", path) == (NO_FILE, "", message)


@pytest.mark.parametrize("ending", [".nq", ".nt", ".trig", ".ttl"])
def test_a_byte_order_mark_is_named(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    path.write_bytes(b"\xef\xbb\xbf<urn:s> <urn:p> <urn:o> .\n")
    ended = here("check", path)
    message = f"onehealthkg: {path}:1: there is a byte order mark; save the file as UTF-8 without"
    assert ended == (NO_FILE, "", f"{message} one.\n")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


NO_FILES = {
    "missing": (lambda _: None, "there is no such file; check the path"),
    "folder": (Path.mkdir, "this is a folder; name a file in it"),
    "pipe": (_pipe, "this is a pipe or a device; name a file on the disk"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "this is a pipe or a device; name a file on the disk"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "there is no such file; check the path"),
    "link to itself": (lambda path: path.symlink_to(path.name), "cannot be read: Too many levels of symbolic links"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "message"), NO_FILES.values(), ids=NO_FILES)
def test_a_path_that_is_not_a_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "x.ttl"
    make(path)
    assert here("check", path) == (NO_FILE, "", f"onehealthkg: {path}: {message}.\n")


def test_a_file_that_is_larger_than_the_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.touch()
    os.truncate(path, 1 << 40)
    ended = alone("check", path, limit=limits())
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(
        f"onehealthkg: {path}: the file has 1,099,511,627,776 bytes; a file"
    )


# Files that are made to harm a parser: each in a process of its own, under limits


def _bomb(encoding: str) -> bytes:
    letters = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(letters)
    )
    text = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{entities}]>{XML}'
    return f"{text}<r:Description><a:p>&j;</a:p></r:Description></r:RDF>".encode(encoding)


HARMFUL = {
    "entity bomb": ("x.rdf", _bomb("utf-8"), f":1: {NO_TYPES}."),
    "entity bomb in UTF-16": ("x.rdf", _bomb("utf-16"), ":1: byte 0xff is not UTF-8; save the file as UTF-8."),
    "entity bomb in UTF-16 without a mark": ("x.rdf", _bomb("utf-16-le"), ":1: byte 0x00; save the file as UTF-8."),
    "deep XML": ("x.rdf", XML.encode() + b"<r:Description><a:p>" * MANY, f":1: {NOT_DEEPER}."),
    "many attributes": ("x.rdf", XML.encode() + b"\n<r:Description " + b" ".join(b'a:p%d="1"' % n for n in range(MANY)) + b"/></r:RDF>", f":2: {NOT_DEEPER}."),
    "deep blank nodes": ("x.ttl", b"<urn:s> <urn:p> " + b"[<urn:p> " * MANY, f":1:900017: {MISSING_END}."),
    "deep list": ("x.ttl", b"<urn:s> <urn:p> " + b"(" * MANY, f":1:100017: {MISSING_END}."),
    "deep triple terms": ("x.ttl", b"<urn:s> <urn:p> " + b"<<( <urn:s> <urn:p> " * MANY + b"1 " + b")>> " * MANY + b".", f": {NO_TRIPLE_TERMS}."),
    "deep triple terms in N-Quads": ("x.nq", b"<urn:s> <urn:p> " + b"<<( <urn:s> <urn:p> " * MANY + b"<urn:o> " + b")>> " * MANY + b".", f": {NO_TRIPLE_TERMS}."),
    "deep JSON list": ("x.jsonld", b"[" * MANY, ": the JSON is nested too deep; convert it to N-Quads."),
    "deep JSON": ("x.jsonld", b'{"urn:p":' * MANY + b"1" + b"}" * MANY, ": the JSON is nested too deep; convert it to N-Quads."),
    "long word": ("x.nt", b'<urn:s> <urn:p> "' + b"x" * (20 << 20) + b'" .', ": too long for the memory: Reached the buffer maximal size of 16777216; shorten it."),
    "50 MB": ("x.nt", (b'<urn:s> <urn:p> "' + b"x" * (1 << 20) + b'" .\n') * 50 + b"<urn:s> <urn:p>", f":51:16: {MISSING_END}."),
}  # fmt: skip


@pytest.mark.sampled(7)
@pytest.mark.parametrize(("name", "harm", "message"), HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_file_is_refused_and_costs_little(
    tmp_path: Path, name: str, harm: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(harm)
    ended = alone("check", path, limit=limits(memory=4 << 30))
    assert ended == (NO_FILE, "", f"onehealthkg: {path}{message}\n")


CLOSED = {
    "deep blank nodes": b"<urn:s> <urn:p> " + b"[<urn:p> " * 2000 + b"1" + b"]" * 2000 + b" .",
    "deep list": b"<urn:s> <urn:p> " + b"(" * 2000 + b")" * 2000 + b" .",
    "many statements without a graph": b"".join(b"<urn:s%d> <urn:p> 1 .\n" % n for n in range(2000)),
    "many objects": b"<urn:s> <urn:p> " + b", ".join(b"%d" % n for n in range(2000)) + b" .",
}  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("harm", CLOSED.values(), ids=CLOSED)
def test_the_cost_of_a_check_grows_with_the_number_of_findings_only(
    tmp_path: Path, light: Project, harm: bytes
) -> None:
    path = tmp_path / "x.trig"
    path.write_bytes(harm)
    ended = here("check", "--verbose", "--project", light.root, path)
    assert ended.code == PROBLEMS
    assert f"violation  statement-has-graph  {path}:1\n" in ended.out


# A file given to `check` that can be read, but is wrong

WRONG = (
    HEAD
    + """\
@prefix foaf: <http://xmlns.com/foaf/0.1/#> .
<#s4> {
    id:agreement-anses-inserm-2020 oh:dateSigned "2020-13-05"^^xsd:date .
    id:agreement-anses-inserm-2020 oh:term "5 years"^^xsd:duration , "many" .
    id:agreement-anses-inserm-2020 oh:party 3 .
    id:agreement-anses-inserm-2020 dcterms:issued "9e999999"^^xsd:decimal , "maybe"^^xsd:boolean .
    id:agreement-anses-inserm-2020 oh:party [] .
    _:b oh:party id:organisation-anses .
}
<#s777> { id:agreement-anses-inserm-2020 oh:party id:organisation-anses . }
<urn:no:home> { id:agreement-anses-inserm-2020 oh:party id:organisation-anses . }
_:g { id:agreement-anses-inserm-2020 oh:party id:organisation-inserm . }
id:agreement-anses-inserm-2020 oh:party id:organisation-anses .
{ id:agreement-anses-inserm-2020 oh:party id:organisation-inserm . }
"""
)
FOUND = {  # the line, and a check that must find it
    (6, "prefix-has-one-meaning"),
    (8, "date-is-written"),
    (9, "term-is-written"),
    (9, "text-is-quoted"),
    (10, "Arrangement-party"),
    (10, "thing-has-name"),  # of what stands in [ ], the first line with subject and predicate
    (11, "Arrangement"),
    (13, "thing-has-name"),
    (15, "graph-has-home"),
    (16, "graph-has-home"),
    (17, "graph-has-home"),
    (18, "statement-has-graph"),
    (19, "statement-has-graph"),
}


def _findings(out: str) -> set[tuple[int, str]]:
    found = json.loads(out)
    return {(one["line"], one["check"]) for one in found if one["severity"] == "violation"}


def test_each_flaw_of_a_readable_file_is_found_at_its_line(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x.trig"
    path.write_text(WRONG, encoding="utf-8")
    with untouched(tmp_path):
        ended = here("check", "--project", light.root, "--format", "json", path)
    assert (ended.code, ended.err) == (PROBLEMS, "")
    assert _findings(ended.out) >= FOUND
    assert {one["file"] for one in json.loads(ended.out)} == {str(path)}
    blank = {one["thing"] for one in json.loads(ended.out) if one["thing"].startswith("_:")}
    assert blank == {"_:b", "_:g"}  # as the file has them


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ('oh:dateSigned "2020-13-05"^^xsd:date', "Thing-date-signed"),
        ('oh:dateSigned "2020"^^xsd:date', "Thing-date-signed"),
        ('oh:term "5 years"^^xsd:duration', "Thing-term"),
    ],
)
def test_a_literal_that_its_datatype_does_not_allow_is_found(
    tmp_path: Path, light: Project, value: str, shape: str
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(f"{HEAD}id:agreement-anses-inserm-2020 {value} .\n", encoding="utf-8")
    ended = here("check", "--project", light.root, "--format", "json", path)
    assert (ended.code, ended.err) == (PROBLEMS, "")
    assert (6, shape) in _findings(ended.out)


@pytest.mark.slow
def test_every_format_can_express_every_finding(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x.trig"
    path.write_text(WRONG, encoding="utf-8")
    findings = check(read_dataset(light, [path]), [path])
    out = {name: write(findings) for name, write in FORMATS.items()}
    number = len(findings)
    assert number > len(FOUND)
    assert len(json.loads(out["json"])) == number
    assert len(list(csv.reader(io.StringIO(out["csv"])))) == number + 1
    assert len(ElementTree.fromstring(out["junit"])) == number  # noqa: S314 - our own
    results = list(parse(out["turtle"].encode(), format=RdfFormat.TURTLE))
    assert sum(one.predicate.value.endswith("#result") for one in results) == number
    assert out["table"].count("\n\n") == number


def test_a_warning_does_not_hide_a_violation(light: Project) -> None:
    spoil(data(light, "people.ttl"), "@prefix", HEAD.partition("\n")[2] + "@prefix")
    with data(light, "people.ttl").open("a") as file:
        file.write('id:agreement-anses-inserm-2020 oh:term "many" .\n')
    found = json.loads(here("check", "--format", "json", "--project", light.root).out)
    about = {(one["check"], one["severity"]) for one in found if one["value"] == "many"}
    assert about >= {("sources-agree", "warning"), ("Thing-term", "violation")}


@pytest.mark.slow
def test_a_long_chain_of_classes_is_refused_only_by_pyshacl(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x.ttl"
    chain = "".join(f"<urn:{n}> rdfs:subClassOf <urn:{n + 1}> .\n" for n in range(5000))
    prefix = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    path.write_text(f"{prefix}{HEAD}{chain}<urn:5000> rdfs:subClassOf oh:Agreement .\n")
    assert "cannot be validated" not in here("check", "--project", light.root, path).err
    message = "The shapes cannot be validated: a chain of rdfs:subClassOf is too long; shorten it."
    assert here("check", "--shacl", "pyshacl", "--project", light.root, path) == (
        NO_FILE,
        "",
        f"onehealthkg: {message}\n",
    )


@pytest.mark.slow
def test_a_file_is_read_once_under_different_paths(
    tmp_path: Path, light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    people = shutil.copy(data(light, "people.ttl"), folder)
    (folder / "link.ttl").symlink_to(people)
    for name in ("twice.ttl", "again.ttl"):
        (folder / name).symlink_to("once.ttl")
    (folder / "once.ttl").write_text("<urn:a> <urn:p> [] .\n")
    monkeypatch.chdir(folder)
    check_it = ("check", "--project", light.root)
    own = here(*check_it, "link.ttl", "../folder/people.ttl", people)
    assert own == (DONE, "No findings.\n", "")
    names = ("once.ttl", "./once.ttl", "twice.ttl", "again.ttl")
    other = here(*check_it, "--format", "json", *names)
    assert [one["check"] for one in json.loads(other.out)].count("thing-has-name") == 1
