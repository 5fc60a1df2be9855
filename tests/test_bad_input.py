"""Bad input: a message that says what is wrong and where, an exit code, and nothing half written.

Exit codes: 0 done, 1 problems found, 2 wrong use, 3 a file cannot be read or written. Nothing that a
user can pass may print a traceback, hang, fill the memory or leave a temporary file. What could do
so runs in a process of its own, under limits.
"""

import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from effort import EVERYTHING, examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import copied, light_copy
from pyoxigraph import RdfFormat, parse

from onehealthkg.checks.archive import flaws
from onehealthkg.checks.check import check
from onehealthkg.checks.formats import FORMATS
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import OneHealthKGError
from onehealthkg.files import write_all
from onehealthkg.graph import load
from onehealthkg.paths import Project, bundled, cache_file

resource = pytest.importorskip("resource", reason="limits, pipes and devices are Unix's")

STEM = "2020-02-05-anses-inserm"
DONE, PROBLEMS, WRONG_USE, NO_FILE = 0, 1, 2, 3
HEAD = """\
@base <https://w3id.org/onehealthkg/source/2020-02-05-anses-inserm> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix oh: <https://w3id.org/onehealthkg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
XML = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:">'


class Ended(NamedTuple):
    code: object
    out: str
    err: str


def here(*arguments: object) -> Ended:
    """The command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main([str(one) for one in arguments])
        except SystemExit as error:
            code = error.code
    assert "Traceback" not in out.getvalue() + err.getvalue()
    return Ended(code, out.getvalue(), err.getvalue())


def limits(memory: int = 4 << 30, file_size: int = resource.RLIM_INFINITY) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return limit


def alone(
    *arguments: object,
    cwd: Path | None = None,
    limit: Callable[[], None] | None = None,
    **environment: str,
) -> Ended:
    """The command, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "onehealthkg", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | environment,
        preexec_fn=limit,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stdout + done.stderr
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def script(code: str, *arguments: object) -> Ended:
    """Some lines that prepare the process, and then the command."""
    lines = f"import os, signal, sys\nfrom onehealthkg.cli import main\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", lines, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


def content(folder: Path) -> dict[Path, bytes | None]:
    """The files with their bytes; folders, links that lead nowhere, pipes with None."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    before = content(folder)
    yield
    assert content(folder) == before


def data(project: Project, name: str) -> Path:
    return next(Path(project.root).rglob(name))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# A file given to `check` that cannot be read

TTL = HEAD + 'id:a oh:p "b" .\n'
NO_CONTEXT = "nothing is fetched; write the context itself into the file"
CUT_OFF = "it is cut off, or lacks a full stop, a bracket or a quotation mark"
MISSING_END = f"Unexpected end; {CUT_OFF}"
MISSING_FILE_END = f"Unexpected end of file; {CUT_OFF}"
MISSING_VALUE = f"Unexpected end of file, a value was expected; {CUT_OFF}"
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
    "space in an IRI of JSON-LD": ("x.jsonld", '{"@id": "urn:a", "urn:p":\n {"@id": "urn:a b"}}', ":2: this @id is no IRI; write a space as %20"),
    "control character in an IRI": ("x.ttl", TTL + "<urn:\\u001b> oh:p 1 .", r":7:1: Invalid IRI code point '\u001b'"),
    "relative @id": ("x.jsonld", '{"@id": "a", "urn:p": 1}', ': "a" is a relative IRI; write the whole IRI, or an absolute @base in the @context'),
    "relative @type": ("x.jsonld", '{"@id": "urn:a", "@type": "T"}', ': "T" is a relative IRI; write the whole IRI, or an absolute @base in the @context'),
    "no statement": ("x.jsonld", '{"@id": "urn:a", "name": "lost"}', ": no statement could be read; write whole IRIs, or a @context"),
    "half a character": ("x.ttl", TTL + 'id:a oh:p "\\ud800" .', ":7:12: The escape sequence '\\ud800' is encoding D800 that is not a valid unicode character"),
    "statement of four words": ("x.nt", "<urn:a> <urn:p> <urn:o> <urn:g> .", ":1:25: Quads must be followed by a dot"),
    "JSON cut off": ("x.jsonld", '{"@id": "urn:a", "urn:p": [', f":1:28: {MISSING_VALUE}"),
    "JSON with a comma": ("x.jsonld", '{"@id": "urn:a",\n "urn:p": 1,}', ":2:13: Trailing commas are not allowed"),
    "JSON twice": ("x.jsonld", "{} {}", ":1:4: The JSON already contains one root element"),
    "JSON empty": ("x.jsonld", "", f":1:1: {MISSING_VALUE}"),
    "XML cut off": ("x.rdf", f"{XML}\n<r:Description", ":2:1: unclosed token"),
    "XML not closed": ("x.rdf", XML, f":1:{len(XML) + 1}: no element found"),
    "XML of another kind": ("x.rdf", "<html/>", ": XML namespaces are required in RDF/XML"),
    "XML empty": ("x.rdf", "", ":1:1: no element found"),
    "remote context": ("x.jsonld", '{\n"@context": "http://localhost:9/c", "urn:p": 1}', f":2: a remote context; {NO_CONTEXT}"),
    "context from the disk": ("x.jsonld", '{"@context": "file:///etc/passwd", "urn:p": 1}', f":1: a remote context; {NO_CONTEXT}"),
    "context beside the file": ("x.jsonld", '{"@context": [\n"c.jsonld"], "urn:p": 1}', f":1: a remote context; {NO_CONTEXT}"),
    "context imported": ("x.jsonld", '{"@context": {\n"@import": "http://localhost:9/c"}, "urn:p": 1}', f":2: a remote context; {NO_CONTEXT}"),
    "context second in a list": ("x.jsonld", '{"@context": [{}, "http://localhost:9/c"], "urn:p": 1}', f": No LoadDocumentCallback has been set to load remote contexts; {NO_CONTEXT}"),
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
def test_a_file_that_cannot_be_read_is_named_with_the_line_and_what_would_be_right(
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
def test_what_is_no_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "x.ttl"
    make(path)
    assert here("check", path) == (NO_FILE, "", f"onehealthkg: {path}: {message}.\n")


def test_a_file_that_is_larger_than_the_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.touch()
    os.truncate(path, 1 << 40)
    message = f"onehealthkg: {path}: the file does not fit into the memory; split it.\n"
    assert alone("check", path, limit=limits()) == (NO_FILE, "", message)


# Files that are made to harm a parser: each in a process of its own, under limits


def _bomb(encoding: str) -> bytes:
    letters = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(letters)
    )
    text = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{entities}]>{XML}'
    return f"{text}<r:Description><a:p>&j;</a:p></r:Description></r:RDF>".encode(encoding)


MANY = 100_000
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
    "deep JSON list": ("x.jsonld", b"[" * MANY, ":1:65538: Max stack size of 65536 reached on an object opening."),
    "deep JSON": ("x.jsonld", b'{"urn:p":' * MANY + b"1" + b"}" * MANY, ":1:589834: Max stack size of 65536 reached on an object opening."),
    "long word": ("x.nt", b'<urn:s> <urn:p> "' + b"x" * (20 << 20) + b'" .', ": too long for the memory: Reached the buffer maximal size of 16777216; shorten it."),
    "50 MB": ("x.nt", (b'<urn:s> <urn:p> "' + b"x" * (1 << 20) + b'" .\n') * 50 + b"<urn:s> <urn:p>", f":51:16: {MISSING_END}."),
}  # fmt: skip


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


@pytest.mark.parametrize("harm", CLOSED.values(), ids=CLOSED)
def test_the_cost_of_a_check_grows_with_the_number_of_findings_only(
    tmp_path: Path, light: Project, harm: bytes
) -> None:
    path = tmp_path / "x.trig"
    path.write_bytes(harm)
    began = time.process_time()
    ended = here("check", "--project", light.root, path)
    assert ended.code == PROBLEMS
    assert f"violation  statement-has-graph  {path}:1\n" in ended.out
    assert time.process_time() - began < 10


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


def test_every_format_can_tell_every_flaw(tmp_path: Path, light: Project) -> None:
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


def test_a_long_chain_of_classes_is_refused(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x.ttl"
    chain = "".join(f"<urn:{n}> rdfs:subClassOf <urn:{n + 1}> .\n" for n in range(5000))
    prefix = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    path.write_text(f"{prefix}{HEAD}{chain}<urn:5000> rdfs:subClassOf oh:Agreement .\n")
    message = "The shapes cannot be tried: a chain of rdfs:subClassOf is too long; shorten it."
    assert here("check", "--project", light.root, path) == (
        NO_FILE,
        "",
        f"onehealthkg: {message}\n",
    )


def test_a_file_is_read_once_by_whatever_path_it_is_given(tmp_path: Path, light: Project) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    people = shutil.copy(data(light, "people.ttl"), folder)
    (folder / "link.ttl").symlink_to(people)
    for name in ("twice.ttl", "again.ttl"):
        (folder / name).symlink_to("once.ttl")
    (folder / "once.ttl").write_text("<urn:a> <urn:p> [] .\n")
    check_it = ("check", "--project", light.root)
    own = alone(*check_it, "link.ttl", "../folder/people.ttl", people, cwd=folder)
    assert own == (DONE, "No findings.\n", "")
    names = ("once.ttl", "./once.ttl", "twice.ttl", "again.ttl")
    other = alone(*check_it, "--format", "json", *names, cwd=folder)
    assert [one["check"] for one in json.loads(other.out)].count("thing-has-name") == 1


# Files of the project that cannot be read

OWN = {
    "ontology": "onehealth.ttl",
    "shapes": "shapes.ttl",
    "rule": "end-date.rq",
    "check": "graph-has-home.rq",
    "curated": "people.ttl",
    "statements": f"{STEM}.trig",
    "passages": f"{STEM}.passages.trig",
    "text": f"{STEM}.txt",
}


def _cut_off(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("." if path.suffix == ".ttl" else "}")], encoding="utf-8")


def _append(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + data)


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(path: Path) -> None:
        path.unlink()
        make(path)

    return replace


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (_cut_off, ":"),
    "not UTF-8": (lambda path: _append(path, b"\n# \xe9"), "is not UTF-8; save the file as UTF-8."),
    "byte order mark": (lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()), ":1: there is a byte order mark; save the file"),
    "folder": (_instead(Path.mkdir), ": this is a folder; name a file in it."),
    "pipe": (_instead(os.mkfifo), ": this is a pipe or a device; name a file on the disk."),
    "link to itself": (_instead(lambda path: path.symlink_to(path.name)), ": cannot be read: Too many levels of symbolic links."),
    "link to nothing": (_instead(lambda path: path.symlink_to("nothing")), ": there is no such file; check the path."),
}  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("flaw", SPOILT)
def test_a_file_of_the_project_that_cannot_be_read_is_named(
    light: Project, kind: str, flaw: str
) -> None:
    path = data(light, OWN[kind])
    spoil_it, message = SPOILT[flaw]
    if kind == "text" and flaw in ("cut off", "byte order mark"):
        pytest.skip("it can be read: the next test")
    spoil_it(path)
    out = Path(light.root, "out")
    with untouched(Path(light.root)):
        ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {path}")
    assert message in ended.err
    assert not out.exists()


# The archived text and its passages

TEXT, PASSAGES, STATEMENTS = f"{STEM}.txt", f"{STEM}.passages.trig", f"{STEM}.trig"
CHANGED = "The text is not the one from which the passages were made: its SHA-256 differs."
TEXTS: dict[str, tuple[Callable[[Path], object], str, int]] = {
    "mark added": (lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()), CHANGED, 4),
    "line ends changed": (lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")), CHANGED, 3),
    "first letter": (lambda path: spoil(path, "Maisons", "maisons"), f"{CHANGED} The first passage whose words no longer stand there is {STEM}#s1. Put the archived text back; ", 5),
    "letter in the middle": (lambda path: spoil(path, "today signed", "today Signed"), f"{CHANGED} The first passage whose words no longer stand there is {STEM}#s4. ", 11),
    "letter at the end": (lambda path: path.write_bytes(path.read_bytes().rstrip()[:-1] + b"!\n"), f"{CHANGED} The first passage whose words no longer stand there is {STEM}#s21. ", 27),
    "white space at the end": (lambda path: _append(path, b"\n"), f"{CHANGED} Put the archived text back; ", 1),
    "empty": (lambda path: path.write_bytes(b""), "The text is empty. Put the archived text back.", 1),
    "white space": (lambda path: path.write_bytes(b"\n \n"), "The text is empty. Put the archived text back.", 1),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message", "line"), TEXTS.values(), ids=TEXTS)
def test_a_text_that_was_changed_after_its_passages_were_made_is_found(
    light: Project, change: Callable[[Path], object], message: str, line: int
) -> None:
    path = data(light, TEXT)
    change(path)
    with untouched(Path(light.root)):
        checked = here("check", "--format", "json", "--project", light.root)
        covered = here("coverage", "--project", light.root, STEM)
    [one] = json.loads(checked.out)
    assert (checked.code, one["check"], one["line"]) == (PROBLEMS, "text-is-unchanged", line)
    assert one["file"] == str(path)
    assert one["message"].startswith(message)
    assert (covered.code, covered.out) == (PROBLEMS, "")
    assert covered.err.startswith(f"{path}:")


FIRST = """
    <#s1>
        a oh:Passage ;
        oa:hasSelector <#s1-position> , <#s1-quote> ;
        oa:hasSource <> .

    <#s1-position>
        a oa:TextPositionSelector ;
        oa:end 35 ;
        oa:start 4 .

    <#s1-quote>
        a oa:TextQuoteSelector ;
        oa:exact "Maisons-Alfort, 5 February 2020" .
"""


def _described(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: spoil(data(project, PASSAGES), old, new)


def _again(name: str, *changes: tuple[str, str]) -> Callable[[Project], None]:
    """The first passage once more, under another name."""
    text = FIRST.replace("#s1", f"#{name}")
    for old, new in changes:
        text = text.replace(old, new)
    return _described(FIRST, FIRST + text)


def _without(name: str) -> Callable[[Project], None]:
    return lambda project: data(project, name).unlink()


DESCRIBED: dict[str, tuple[Callable[[Project], object], set[str]]] = {
    "the same passage under two names": (_again("s99"), {"passages-cover-text"}),
    "overlapping passages": (_again("s99", ("oa:end 35", "oa:end 50"), ('2020"', '2020\\n\\nPress release"')), {"passages-cover-text"}),
    "a passage of nothing": (_again("s99", ("oa:end 35", "oa:end 4"), ("Maisons-Alfort, 5 February 2020", "")), {"passages-cover-text"}),
    "two starts": (_described("oa:start 4 ", "oa:start 4 , 5 "), {"PositionSelector-start"}),
    "two selectors of a kind": (_described("<#s1-position> , <#s1-quote>", "<#s1-position> , <#s2-position> , <#s1-quote>"), {"Passage-position"}),
    "no selector": (_described("oa:hasSelector <#s1-position> , <#s1-quote> ;", ""), {"Passage-position", "Passage-quote"}),
    "a start in words": (_described("oa:start 4 ", 'oa:start "four" '), {"PositionSelector-start", "quote-is-in-text"}),
    "a start below zero": (_described("oa:start 4 ", "oa:start -4 "), {"PositionSelector-start", "quote-is-in-text"}),
    "an end behind the text": (_described("oa:end 35", "oa:end 999999"), {"quote-is-in-text"}),
    "an end too large for a computer": (_described("oa:end 35", f"oa:end {'9' * 30}"), {"quote-is-in-text"}),
    "an end too long for Python": (_described("oa:end 35", f"oa:end {'9' * 5000}"), {"quote-is-in-text"}),
    "an end before the start": (_described("oa:end 35", "oa:end 3"), {"quote-is-in-text"}),
    "a passage too few": (_described(FIRST, ""), {"passages-cover-text", "graph-has-home"}),
    "no digest": (_described("<> schema:sha256", "# "), {"text-has-passages"}),
    "a wrong digest": (_described('sha256 "', 'sha256 "0'), {"text-is-unchanged", "Document-digest"}),
    "two digests": (_described('sha256 "', 'sha256 "0" , "'), {"text-is-unchanged", "Document-digest"}),
    "no text": (_without(TEXT), {"text-is-archived"}),
    "no passages": (_without(PASSAGES), {"text-has-passages", "graph-has-home"}),
}  # fmt: skip


@pytest.mark.parametrize(("change", "checks"), DESCRIBED.values(), ids=DESCRIBED)
def test_a_wrong_description_of_the_passages_is_found(
    light: Project, change: Callable[[Project], object], checks: set[str]
) -> None:
    change(light)
    ended = here("check", "--format", "json", "--project", light.root)
    found = [one for one in json.loads(ended.out) if one["severity"] == "violation"]
    assert ended.code == PROBLEMS
    assert {one["check"] for one in found} >= checks
    assert all(one["file"] and one["line"] for one in found)
    assert here("evidence", "--project", light.root, "* * *").code == DONE


# Rules, checks and shapes that are wrong

HEADER_LINE = 'write this line as #+ key: "value".'
QUERIES: dict[str, tuple[str, str, str, str]] = {
    "bracket not closed": ("end-date.rq", "WHERE {", "WHERE { {", "the query cannot be read from here: expected one of "),
    "no rule": ("end-date.rq", "CONSTRUCT {", "DELETE {", ":14:1: the query cannot be read from here: expected CONSTRUCT"),
    "no check": ("graph-has-home.rq", "SELECT ?graph", "ASK", ": a check must be a SELECT query."),
    "unknown function": ("end-date.rq", "xsd:date(", "<urn:f>(", ": the query cannot be answered: The custom function <urn:f> is not supported."),
    "remote service": ("end-date.rq", "WHERE {", "WHERE { SERVICE SILENT <http://localhost:1/> { ?x ?y ?z }", ": SERVICE is not allowed here: no other host is asked."),
    "header no JSON": ("end-date.rq", '#+ label: "', "#+ label: ", f":1: {HEADER_LINE}"),
    "header no text": ("end-date.rq", '#+ label: "', '#+ label: ["', f":1: {HEADER_LINE}"),
    "header deep": ("end-date.rq", '#+ label: "', "#+ label: " + "[" * MANY, f":1: {HEADER_LINE}"),
    "header with half a character": ("end-date.rq", '#+ label: "', '#+ label: "\\ud800', f":1: {HEADER_LINE}"),
    "header line unknown": ("end-date.rq", "#+ label:", "#+ title:", ":1: the header must have the lines label, label-fr, definition, in this order; it may have assumption, assumption-fr after them."),
    "no header": ("graph-has-home.rq", "#+ severity", "\n#+ severity", ":1: the header must have the lines severity, message, description, in this order."),
    "unknown severity": ("graph-has-home.rq", '"violation"', '"Violation"', ":1: severity must be one of violation, warning, info."),
    "rule without a subject": ("end-date.rq", "rdf:subject ?agreement ;", "", ": each solution must have one rdf:subject, one rdf:predicate, one rdf:object, and prov:wasDerivedFrom for each graph that it draws on."),
    "shape with a number in words": ("shapes.ttl", "sh:minCount 1", 'sh:minCount "one"', ": pyshacl cannot use the shapes: MinCountConstraintComponent sh:minCount must be a literal with datatype xsd:integer."),
    "shape with half a pattern": ("shapes.ttl", "sh:pattern \"", "sh:pattern \"(", ": pyshacl cannot use the shapes: missing ), unterminated subpattern at position 0"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), QUERIES.values(), ids=QUERIES)
def test_a_wrong_rule_check_or_shape_is_named(
    release: Project, name: str, old: str, new: str, message: str
) -> None:
    path = data(release, name)
    spoil(path, old, new)
    ended = here("check", "--project", release.root)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {path}")
    assert message in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("name", ["people.ttl", "end-date.rq", "graph-has-home.rq"])
def test_a_name_that_cannot_be_part_of_an_iri_is_refused(light: Project, name: str) -> None:
    path = data(light, name)
    wrong = path.rename(path.with_stem("a <b>"))
    ended = here("check", "--project", light.root)
    assert (ended.code, ended.out) == (NO_FILE, "")
    start = f"onehealthkg: {wrong}: rename the file, with letters, digits and hyphens only, as in "
    assert ended.err.startswith(start)


def test_files_that_an_editor_hides_are_not_read(light: Project) -> None:
    Path(light.root, "data", ".#people.ttl").symlink_to("user@host.1234")  # Emacs locks so
    Path(light.root, "data", ".people.ttl.swp.ttl").write_bytes(b"\xff")
    assert here("check", "--project", light.root) == (DONE, "No findings.\n", "")
    assert here("show", "--project", light.root, "Inserm").code == DONE


# Folders

PARTS = "; a project has the folders ontology, ontology/rules, ontology/checks, data, data/sources"
FOLDERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    name: (name, shutil.rmtree)
    for name in ("ontology/rules", "ontology/checks", "data", "data/sources", "queries")
} | {
    "a file instead": ("data/sources", lambda path: (shutil.rmtree(path), path.touch())),
    "a link to itself instead": ("data", lambda path: (shutil.rmtree(path), path.symlink_to("data"))),
}  # fmt: skip


@pytest.mark.parametrize(("name", "lose"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_that_cannot_be_read_is_named(
    light: Project, name: str, lose: Callable[[Path], object]
) -> None:
    lose(Path(light.root, name))
    out = Path(light.root, "out")
    ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out, out.exists()) == (NO_FILE, "", False)
    assert ended.err.startswith(f"onehealthkg: {light.root}/{name}")
    assert ": cannot be read: " in ended.err
    assert PARTS in ended.err


@pytest.mark.parametrize(
    "command", ["build", "check", "show", "evidence", "inferences", "coverage"]
)
def test_a_project_that_is_none_is_named(tmp_path: Path, command: str) -> None:
    words = {"show": ["Inserm"], "evidence": ["* * *"], "coverage": [STEM]}.get(command, [])
    with untouched(tmp_path):
        for folder, reason in ((tmp_path / "no", "No such file"), (Path("/dev/null"), "Not a dir")):
            ended = here(command, "--project", folder, *words)
            assert (ended.code, ended.out) == (NO_FILE, "")
            assert ended.err.startswith(f"onehealthkg: {folder}/")
            assert f": cannot be read: {reason}" in ended.err


def test_a_project_without_data_is_named(release: Project) -> None:
    for path in Path(release.root, "data").rglob("*.t*"):
        path.unlink()
    message = f"{release.root}: there is no data/*.ttl and no data/sources/*.trig here."
    ended = here("check", "--project", release.root)
    assert ended == (NO_FILE, "", f"onehealthkg: {message}\n")


def test_the_current_folder_may_be_gone(tmp_path: Path, light: Project) -> None:
    gone = "os.makedirs(sys.argv[1]); os.chdir(sys.argv[1]); os.rmdir(sys.argv[1])\n"
    run = "sys.exit(main(sys.argv[2:]))"
    folder = tmp_path / "gone"
    path = tmp_path / "x.nt"
    path.write_text("<urn:a> <urn:p> 1 .".replace("1", '"1"'))
    assert script(gone + run, folder, "show", "Inserm").code == DONE
    assert script(gone + run, folder, "check", "--project", light.root, path).code == PROBLEMS
    ended = script(gone + run, folder, "show", "--project", ".", "Inserm")
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith("onehealthkg: .: the current folder cannot be read: No such file")


@pytest.fixture
def public(light: Project) -> Iterator[Path]:
    """A copy of the project that every user may read; pytest's own folders are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copytree(light.root, folder / "project")
    yield folder
    shutil.rmtree(folder)


# What a command needs is imported while there are rights; then the rights are given up.
NOBODY = """
*first, last = [words.split() for words in sys.argv[1:]]
out, sys.stdout = sys.stdout, open(os.devnull, "w")
with sys.stdout:
    for words in first:
        main(words)
sys.stdout = out
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(last))
"""


def test_a_folder_and_a_file_without_rights_are_named(public: Path, light: Project) -> None:
    own = public / "project"
    people = own / "data" / "people.ttl"
    people.chmod(0)
    ended = script(NOBODY, f"check --project {light.root}", f"check --project {own}")
    message = f"onehealthkg: {people}: cannot be read: Permission denied.\n"
    assert ended == (NO_FILE, "", message)
    people.chmod(0o644)
    sources = own / "data" / "sources"
    sources.chmod(0)
    ended = script(NOBODY, f"check --project {light.root}", f"show --project {own} Inserm")
    sources.chmod(0o755)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {sources}: cannot be read: Permission denied; a ")


def test_what_may_not_be_written_stays_as_it_is(public: Path) -> None:
    page = public / "page.html"
    page.write_text("mine")
    page.chmod(0o444)
    public.chmod(0o777)
    own = f"--project {public / 'project'}"
    cover = f"coverage {STEM} {own} --html"
    first = (f"check {own}", f"{cover} {public / 'first.html'}")
    ended = script(NOBODY, *first, f"{cover} {page}")
    message = f"onehealthkg: {page}: cannot be written: Permission denied.\n"
    assert (ended, page.read_text()) == ((NO_FILE, "", message), "mine")
    public.chmod(0o755)
    other = public / "other.html"
    ended = script(NOBODY, *first, f"{cover} {other}")
    message = f"onehealthkg: {other}: cannot be written: Permission denied.\n"
    assert (ended, other.exists()) == ((NO_FILE, "", message), False)


# Output that cannot be written

SMALL = 2000  # bytes: less than each of the files


def _file_for_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("mine")


UNWRITABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder in its place": (Path.mkdir, "{path}: this is a folder, a pipe or a device; name a file."),
    "a pipe in its place": (os.mkfifo, "{path}: this is a folder, a pipe or a device; name a file."),
    "a device in its place": (lambda path: path.symlink_to("/dev/full"), "{path}: this is a folder, a pipe or a device; name a file."),
    "a file for its folder": (_file_for_folder, "{path}: cannot be written: a part of this path is a file."),
    "a full disk": (lambda path: path.write_text("mine"), "{path}: cannot be written: File too large."),
}  # fmt: skip
OUTPUTS = {
    "build": (["build", "-o", "out"], "onehealthkg.trig"),  # the second of two files
    "coverage": (["coverage", STEM, "--html", "out/page.html"], "page.html"),
}


@pytest.mark.parametrize("command", OUTPUTS)
@pytest.mark.parametrize("flaw", UNWRITABLE)
def test_output_that_cannot_be_written_leaves_everything_as_it_was(
    tmp_path: Path, light: Project, command: str, flaw: str
) -> None:
    arguments, name = OUTPUTS[command]
    block, message = UNWRITABLE[flaw]
    out = tmp_path / "out"
    out.mkdir()
    block(out / name)
    limit = limits(file_size=SMALL) if flaw == "a full disk" else None
    with untouched(tmp_path):
        ended = alone(*arguments, "--project", light.root, cwd=tmp_path, limit=limit)
    assert (ended.code, ended.out) == (NO_FILE, "")
    paths = [Path("out", one) for one in (name, "onehealthkg.nq")]
    assert ended.err in [f"onehealthkg: {message.format(path=path)}\n" for path in paths]


@pytest.mark.parametrize("name", ["x" * 300, "new/folders/" + "x" * 300])
def test_a_name_that_no_file_can_have_is_named(tmp_path: Path, name: str) -> None:
    with untouched(tmp_path):
        ended = alone("coverage", STEM, "--html", name, cwd=tmp_path)
    assert ended == (NO_FILE, "", f"onehealthkg: {name}: cannot be written: File name too long.\n")


def test_passages_writes_both_files_or_none(tmp_path: Path) -> None:
    text = tmp_path / "2021-01-01-a.txt"
    text.write_text("A first sentence of the text. A second sentence is in the text.\n" * 20)
    with untouched(tmp_path):
        ended = alone("passages", text, limit=limits(file_size=SMALL))
        message = f"{text.with_suffix('.passages.trig')}: cannot be written: File too large."
        assert ended == (NO_FILE, "", f"onehealthkg: {message}\n")
    text.with_suffix(".passages.trig").mkdir()
    with untouched(tmp_path):
        assert alone("passages", text).code == NO_FILE
    text.with_suffix(".passages.trig").rmdir()
    text.with_suffix(".trig").mkdir()
    with untouched(tmp_path):
        assert alone("passages", text).code == NO_FILE


def test_data_with_violations_is_not_built(light: Project, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    spoil(data(light, STATEMENTS), "oh:party", "oh:no")
    ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out, out.parent.exists()) == (PROBLEMS, "", False)
    assert ended.err.endswith("\nNothing was written.\n")


def test_an_interrupted_write_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    old = tmp_path / "old"
    old.write_text("mine")
    monkeypatch.setattr(os, "fsync", interrupt)
    with untouched(tmp_path), pytest.raises(KeyboardInterrupt):
        write_all({old: b"new", tmp_path / "new": b"new"})


def test_a_written_file_keeps_its_permissions_and_a_link_its_target(tmp_path: Path) -> None:
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_text("mine")
    old.chmod(0o640)
    link.symlink_to(old)
    write_all({link: b"new"})
    assert (old.read_text(), old.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)


def test_an_interrupt_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    alarm = """
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.2)  # a build takes longer on any machine
sys.exit(main(sys.argv[1:]))
"""
    with untouched(tmp_path):
        assert script(alarm, "build", "-o", tmp_path / "out") == (130, "", "")


def test_builders_at_the_same_time_do_not_disturb_each_other(
    tmp_path: Path, light: Project
) -> None:
    def build(out: Path, cache: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", TWICE, light.root, str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"ONEHEALTHKG_CACHE": str(cache)},
        )

    out, cache = tmp_path / "out", tmp_path / "cache"
    ended = [one.communicate() for one in [build(out, cache) for _ in range(3)]]
    assert [err for _, err in ended] == [b""] * 3
    assert len({text for text, _ in ended}) == 1
    assert sorted(path.name for path in out.iterdir()) == ["onehealthkg.nq", "onehealthkg.trig"]
    assert len(list(cache.iterdir())) == 1
    for path in out.iterdir():
        assert list(parse(path.read_bytes(), format=RdfFormat.from_extension(path.suffix[1:])))


TWICE = """
import sys
from onehealthkg.checks.archive import flaws
from onehealthkg.cli import main
own = ["--project", sys.argv[1]]
sys.exit(main(["build", *own, "-o", sys.argv[2]]) or main(["show", *own, "Inserm"]))
"""


# Standard output and standard error

STREAMS = {
    "full": ("show Inserm > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, help": ("--help > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, version": ("--version > /dev/full", NO_FILE, "standard output: No space left on device."),
    "full, much": ("evidence '* * *' > /dev/full", NO_FILE, "standard output: No space left on device."),
    "closed": ("show Inserm >&-", NO_FILE, "standard output is closed; send it to a file, or to /dev/null."),
    "closed, help": ("--help >&-", NO_FILE, "standard output is closed; send it to a file, or to /dev/null."),
    "errors full": ("show nothing 2> /dev/full", WRONG_USE, ""),
    "errors closed": ("show nothing 2>&-", WRONG_USE, ""),
    "errors closed, arguments": ("nothing 2>&-", WRONG_USE, ""),
    "errors full, arguments": ("nothing 2> /dev/full", WRONG_USE, ""),
    "all closed": ("show Inserm >&- 2>&-", NO_FILE, ""),
    "input closed": ("show Inserm <&- > /dev/null", DONE, ""),
}  # fmt: skip


@pytest.mark.parametrize(("words", "code", "message"), STREAMS.values(), ids=STREAMS)
def test_a_stream_that_takes_nothing_is_said_and_counted(
    words: str, code: int, message: str
) -> None:
    line = f"{sys.executable} -m onehealthkg {words}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    expected = f"onehealthkg: {message}\n" if message else ""
    assert (done.returncode, done.stdout, done.stderr) == (code, "", expected)


@pytest.mark.parametrize("words", ["show Inserm", "evidence '* * *'", "--help"])
def test_a_reader_that_has_seen_enough_is_no_error(words: str) -> None:
    line = f"set -o pipefail; {sys.executable} -m onehealthkg {words} | head -c 1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 1, b"")


ASCII = {
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "UTF-8": {"PYTHONIOENCODING": "utf-8"},
}


@pytest.mark.parametrize("environment", ASCII.values(), ids=ASCII)
def test_what_the_encoding_of_the_output_lacks_is_escaped(environment: dict[str, str]) -> None:
    line = [sys.executable, "-m", "onehealthkg", "show", "Inserm"]
    whole = os.environ | environment
    text = subprocess.run(line, capture_output=True, env=whole, check=True).stdout
    first = text.partition(b"\n")[0]
    assert (first[:7], first[-26:]) == (b"Inserm ", b"  (id:organisation-inserm)")
    data = subprocess.run([*line, "--format", "json"], capture_output=True, env=whole, check=True)
    encoding = environment.get("PYTHONIOENCODING", "ascii")
    assert json.loads(data.stdout.decode(encoding)) == load().show("Inserm").as_data()


# What could command a terminal

HOSTILE = "\x1b]0;title\x07 \x1b[31m \x1b[2J \x9b31m \x7f \r \x00 \u202e \u2066"
HARMLESS = r"\u001b]0;title\u0007 \u001b[31m \u001b[2J \u009b31m \u007f \u000d \u0000 \u202e \u2066"


def test_no_command_sends_control_characters(light: Project) -> None:
    escaped = "".join(f"\\u{ord(one):04x}" for one in HOSTILE)
    spoil(data(light, "people.ttl"), '"Roger Genet"', f'"Genet {escaped}"')
    spoil(data(light, STATEMENTS), "oh:party", "oh:no")
    own = ("--project", light.root)
    commands = [
        ("show", "person-roger-genet", *own),
        ("show", "person-roger-genet", "--format", "json", *own),
        ("show", f"Genet {HOSTILE}"[:-1], *own),
        ("show", f"Nothing {HOSTILE}"),
        ("evidence", "* oh:signatory *", *own),
        ("evidence", f"{HOSTILE} {HOSTILE}", *own),
        ("inferences", "--rule", HOSTILE),
        ("coverage", STEM, *own),
        ("coverage", HOSTILE),
        ("build", *own),
        ("check", HOSTILE.replace("\0", "")),
        *(("check", "--format", name, *own) for name in ("table", "csv")),
    ]
    ended = [here(*one) for one in commands]
    sent = set("".join(one.out + one.err for one in ended))
    assert sent.isdisjoint(set(HOSTILE.replace(" ", "")) - set("\r0;[]title31m2J"))
    shown = [json.loads(one.out) if "json" in words else one.out for one, words in zip(ended, commands, strict=True)]  # fmt: skip
    assert f"Genet {HARMLESS}" in str(shown[0])
    assert shown[1]["heading"].startswith(f"Genet {HOSTILE}")  # JSON says the same in ASCII


def test_a_file_name_that_no_encoding_can_hold_is_escaped(tmp_path: Path, light: Project) -> None:
    path = tmp_path / "x\x1b[2J\udcff.nt"
    path.write_text('<urn:a> <urn:p> "o" .\n')
    check_it = ("check", "--project", light.root)
    for name in ("table", "json"):
        ended = here(*check_it, "--format", name, path)
        assert (ended.code, ended.err) == (PROBLEMS, "")
        assert set(ended.out).isdisjoint("\x1b\udcff")
    assert f"{tmp_path}/x\\u001b[2J\\udcff.nt:1\n" in alone(*check_it, path).out
    path.write_text("<")
    ended = alone(*check_it, path)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {tmp_path}/x\\u001b[2J\\udcff.nt:1:1: ")


# The cache

CACHES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off in a line": lambda path: os.truncate(path, path.stat().st_size - 9),
    "cut off at a line": lambda path: path.write_bytes(b"".join(path.read_bytes().splitlines(True)[:-9])),
    "only the first line": lambda path: path.write_bytes(path.read_bytes().splitlines(True)[0]),
    "one letter changed": lambda path: path.write_bytes(path.read_bytes().replace(b'"Inserm"', b'"Insert"', 1)),
    "a line added": lambda path: _append(path, b"<urn:a> <urn:p> <urn:o> <urn:g> .\n"),
    "bytes that are not UTF-8": lambda path: _append(path, b"\xff"),
    "garbage": lambda path: path.write_bytes(random.Random(1).randbytes(100_000)),  # noqa: S311
    "a folder": _instead(Path.mkdir),
    "a link to itself": _instead(lambda path: path.symlink_to(path.name)),
    "of another format": lambda path: path.write_bytes(path.read_bytes().replace(b"# (", b"# (0", 1)),
}  # fmt: skip


@pytest.mark.parametrize("harm", CACHES.values(), ids=CACHES)
def test_a_cache_that_was_damaged_is_made_anew(
    light: Project, harm: Callable[[Path], object]
) -> None:
    path = Path(cache_file(light))
    expected = here("show", "--project", light.root, "Inserm")
    good = path.read_bytes()
    harm(path)
    assert here("show", "--project", light.root, "Inserm") == expected
    assert path.is_dir() or path.read_bytes() == good
    assert not list(path.parent.glob(".*"))


def test_a_cache_that_cannot_be_made_is_done_without(tmp_path: Path, light: Project) -> None:
    show = ("show", "--project", light.root, "Inserm")
    expected = alone(*show)
    (tmp_path / "file").touch()
    with untouched(tmp_path):
        for folder in (tmp_path / "file", tmp_path / "file" / "in", "/dev/full", "/proc/no"):
            assert alone(*show, ONEHEALTHKG_CACHE=str(folder)) == expected
        folder = tmp_path / "new"
        limit = limits(file_size=SMALL)
        assert alone(*show, limit=limit, ONEHEALTHKG_CACHE=str(folder)) == expected
        folder.rmdir()


def test_the_cache_of_another_project_is_not_taken(light: Project, tmp_path: Path) -> None:
    other = Project(tmp_path / "other")
    shutil.copytree(light.root, other.root)
    spoil(data(other, "organisations.ttl"), '"Inserm"@en', '"Other"@en')
    mine, others = Path(cache_file(light)), Path(cache_file(other))
    assert here("show", "--project", other.root, "Other").code == DONE
    assert here("show", "--project", light.root, "Other").code == WRONG_USE
    shutil.copy(others, mine)
    assert here("show", "--project", light.root, "Other").code == WRONG_USE


def test_a_project_may_lie_in_a_folder_of_any_name(light: Project, tmp_path: Path) -> None:
    for name in ("é \n\x1b#?%", "\udcff"):
        folder = shutil.copytree(light.root, tmp_path / name)
        assert here("show", "--project", folder, "Inserm").code == DONE
        assert here("show", "--project", folder, "Inserm").code == DONE
        assert here("check", "--project", folder) == (DONE, "No findings.\n", "")


# Arguments

NOTHING = 'There is nothing named "{}".'
STATEMENT = (
    '"{}" is no statement; write subject, predicate and object, with double quotes around a part '
    "that has spaces, as in: Inserm founded 1964, or copy a line of show, as in: "
    "Inserm · founded · 1964"
)
ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "nothing": (["show", ""], NOTHING.format("")),
    "white space": (["show", " "], NOTHING.format(" ")),
    "line break": (["show", "a\nb"], NOTHING.format("a\nb")),
    "space in an IRI": (["show", "https://example.org/a b"], NOTHING.format("https://example.org/a b")),
    "per cent": (["show", "100%"], NOTHING.format("100%")),
    "bracket in a host": (["show", "http://[x"], NOTHING.format("http://[x")),
    "two hashes": (["show", "a#b#c"], NOTHING.format("a#b#c")),
    "prefix alone": (["show", "id:"], NOTHING.format("id:")),
    "angle brackets": (["show", "<>"], NOTHING.format("<>")),
    "not UTF-8": (["show", "\udcff"], NOTHING.format("\\udcff")),
    "not UTF-8 after a prefix": (["show", "id:\udcff"], NOTHING.format("id:\\udcff")),
    "zero byte": (["show", "a\0b"], NOTHING.format("a\\u0000b")),
    "long": (["show", "x" * 100_000], NOTHING.format("x" * 100_000)),
    "long IRI": (["show", "urn:" + "x" * 100_000], NOTHING.format("urn:" + "x" * 100_000)),
    "no statement": (["evidence", ""], STATEMENT.format("")),
    "quotation mark not closed": (["evidence", 'Inserm * "1964'], STATEMENT.format('Inserm * "1964')),
    "backslash at the end": (["evidence", "Inserm * \\"], STATEMENT.format("Inserm * \\")),
    "two words": (["evidence", "Inserm *"], STATEMENT.format("Inserm *")),
    "four words": (["evidence", "Inserm * * *"], STATEMENT.format("Inserm * * *")),
    "long statement": (["evidence", "x " * 50_000], STATEMENT.format("x " * 50_000)),
    "predicate no IRI": (["evidence", "Inserm 100% *"], NOTHING.format("100%")),
    "object not UTF-8": (["evidence", "* * \udcff"], NOTHING.format("\\udcff")),
    "passage without a name": (["evidence", "--passage", ""], NOTHING.format("")),
    "passage no IRI": (["evidence", "--passage", "s5%"], NOTHING.format("s5%")),
    "passage and statement": (["evidence", "* * *", "--passage", "s5"], 'write either a statement, "subject predicate object", or --passage NAME.'),
    "neither": (["evidence"], 'write either a statement, "subject predicate object", or --passage NAME.'),
    "source upwards": (["coverage", "../sources/x"], f'There is no source "../sources/x"; there are: {STEM}.'),
    "source without a name": (["coverage", ""], f'There is no source ""; there are: {STEM}.'),
    "source not UTF-8": (["coverage", "\udcff"], f'There is no source "\\udcff"; there are: {STEM}.'),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_words_that_name_nothing_are_repeated(arguments: list[str], message: str) -> None:
    ended = here(*arguments)
    assert (ended.code, ended.out) == (WRONG_USE, "")
    start, end = message[:-1], message[-1:]  # "Did you mean ...?" may follow
    assert ended.err.startswith(f"onehealthkg: {start}")
    assert ended.err.removeprefix(f"onehealthkg: {start}").startswith(end)


def test_an_argument_that_is_not_utf_8_reaches_no_terminal() -> None:
    ended = alone("show", os.fsdecode(b"id:\xff\x1b]0;x\x07"))
    message = 'onehealthkg: There is nothing named "id:\\udcff\\u001b]0;x\\u0007".\n'
    assert ended == (WRONG_USE, "", message)


USAGES: dict[str, tuple[list[str], str]] = {
    "unknown command": (["shw"], "argument COMMAND: \"shw\" is unknown. Did you mean show?"),
    "empty command": ([""], "argument COMMAND: \"\" is unknown. There are: show, "),
    "option before the command": (["--project", "x", "show", "Inserm"], "argument COMMAND: \"x\" is unknown. There are: show, "),
    "unknown option": (["show", "Inserm", "--no"], "there is no option \"--no\"."),
    "unknown format": (["check", "--format", "xml"], "argument -f/--format: \"xml\" is unknown. There are: table, json, csv, junit, turtle."),
    "unknown language": (["show", "Inserm", "--lang", "de"], "argument -l/--lang: \"de\" is unknown. There are: en, fr."),
    "no thing": (["show"], "the following arguments are required: THING"),
    "two things": (["show", "a", "b"], '"b" is one word too many.'),
    "empty project": (["show", "--project", "", "Inserm"], "argument -p/--project: the name is empty; write that of a file or folder."),
    "empty output": (["build", "-o", ""], "argument -o/--output: the name is empty; write that of a file or folder."),
    "empty page": (["coverage", STEM, "--html", ""], "argument --html: the name is empty; write that of a file or folder."),
    "empty file": (["check", ""], "argument FILE: the name is empty; write that of a file or folder."),
    "empty text": (["passages", ""], "argument TEXT.txt: the name is empty; write that of a file or folder."),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGES.values(), ids=USAGES)
def test_wrong_use_is_told_with_the_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with untouched(tmp_path):
        ended = here(*arguments)
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert ended.err.startswith("usage: onehealthkg ")
    assert f"error: {message}" in ended.err


# Anything at all

FAST = settings(
    max_examples=examples(300), derandomize=True, suppress_health_check=list(HealthCheck)
)
MUTATED = sorted(
    path
    for kind in OWN.values()
    for path in Path(bundled().root).rglob(kind)
    if "/.venv/" not in str(path)
)
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b'"""', b"<", b">", b"{", b"}", b"[", b"]", b"(", b")", b".", b";", b"\\", b"\\ud800", b"_:b", b"[]", b"<<( <urn:a> <urn:p> 1 )>>", b"\xff", b"\xef\xbb\xbf", b"\x00", b'"2020-13-05"^^xsd:date', b"9" * 5000, b"@en--ltr", b"a", b"<>", b"<#s1>", b"SERVICE <urn:x> {}", b"?x", b"FILTER(1/0)"]),
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=4)


def mutated(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The bytes with some cut out and others put in, each at a part of the length."""
    for where, length, piece in edits:
        start = int(where * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("own")
    return copied(folder) if EVERYTHING else light_copy(folder, "links.sssom.tsv")


@FAST
@given(kind=st.sampled_from(sorted(set(OWN) - {"shapes", "check"})), edits=EDITS)
def test_no_mutation_of_a_file_breaks_reading(own: Project, kind: str, edits: list) -> None:
    path = data(own, OWN[kind])
    before = path.read_bytes()
    path.write_bytes(mutated(before, edits))
    message = str(path)
    try:
        dataset = read_dataset(own)
        list(flaws(dataset.store, own.texts))
    except OneHealthKGError as error:
        message = str(error)
    finally:
        path.write_bytes(before)
    assert str(path) in message


@settings(FAST, max_examples=examples(8, 4))
@given(kind=st.sampled_from(sorted(OWN)), edits=EDITS, name=st.sampled_from(sorted(FORMATS)))
def test_no_mutation_of_a_file_breaks_a_command(
    own: Project, kind: str, edits: list, name: str
) -> None:
    path = data(own, OWN[kind])
    before = path.read_bytes()
    path.write_bytes(mutated(before, edits))
    try:
        with untouched(Path(own.root)):
            for words in (["check", "--format", name], ["show", "Inserm"], ["coverage", STEM]):
                ended = here(*words, "--project", own.root)
                assert ended.code in (DONE, PROBLEMS, WRONG_USE, NO_FILE)
                assert "Warning" not in ended.err
    finally:
        path.write_bytes(before)


@settings(FAST, max_examples=examples(60))
@given(words=st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_no_words_break_a_question(words: list[str]) -> None:
    for arguments in (["show", "--", *words[:1]], ["evidence", "--", " ".join(words)]):
        ended = here(*arguments)
        assert ended.code in (DONE, WRONG_USE)
