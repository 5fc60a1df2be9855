"""Attacks on the program with files, queries and projects; ``python tests/attacks.py`` measures them.

Each attack is a line for the shell in a folder that ``prepare`` fills. The program is ``$O``, a copy
of the bundled project is ``p``. It has to end with the documented exit code and a message, without a
traceback, within SECONDS of computing and KILOBYTES of memory.
"""

import csv
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from onehealthkg.editing.fields import BY_NAME
from onehealthkg.paths import bundled

SECONDS, KILOBYTES = 60.0, 1_500_000
MANY = 100_000
_SHAPE = """
<urn:s> a sh:NodeShape ; sh:targetSubjectsOf skos:prefLabel ; {} .
"""
_BY_QUERY = 'sh:sparql [ a sh:SPARQLConstraint ; sh:message "x"@en ; sh:select "{}" ]'
_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_RULE = '#+ label: "x"\n#+ label-fr: "x"\n#+ definition: "x"\n'
_GROWING = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
CONSTRUCT { [] rdf:subject <urn:s> ; rdf:predicate <urn:p> ; rdf:object ?o ; prov:wasDerivedFrom ?g }
WHERE {
  { GRAPH ?g { <https://w3id.org/onehealthkg/id/place-europe> a ?class } BIND(<urn:o> AS ?o) }
  UNION
  { GRAPH ?g { <urn:s> <urn:p> ?known } BIND(IRI(CONCAT(STR(?known), "x")) AS ?o) }
}
"""
_CHECK = '#+ severity: "violation"\n#+ message: "x"\n#+ description: "x"\n'
_QUESTION = '#+ summary: "x"\n#+ description: "x"\n#+ tags: ["x"]\n#+ columns: ["n: x"]\n'


class Attack(NamedTuple):
    """A line for the shell, the exit code and a part of the message that it has to end with."""

    line: str
    code: int
    message: str
    prepare: Callable[[Path], object] = lambda _: None


class Ended(NamedTuple):
    """The exit code and output of a line, its computing time, and the most memory of its processes."""

    code: int
    err: str
    seconds: float
    kilobytes: int


def _text(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text)


def _add(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text((folder / name).read_text() + text)


def _sparse(folder: Path) -> None:
    for ending in ("csv", "nq", "nt", "rdf", "rq", "tsv", "ttl", "txt"):
        (folder / f"x.{ending}").touch()
        os.truncate(folder / f"x.{ending}", 3 << 30)


def _pipes(folder: Path) -> None:
    for ending in ("nt", "rq", "tsv", "ttl", "txt", "csv"):
        os.mkfifo(folder / f"x.{ending}")


def _utf_16(folder: Path) -> None:
    for ending in ("csv", "rdf", "rq", "tsv", "ttl", "txt"):
        (folder / f"x.{ending}").write_text("<urn:a> <urn:b> <urn:c> .", "utf-16")


def _record(folder: Path) -> Path:
    return min((folder / "p/data/partnerships").glob("*.yaml"))


def _sheet(inside: bytes = b"", after: bytes = b"", sheets: int = 0) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        book.worksheets[0].append(list(BY_NAME))
        book.save(folder / "plain.xlsx")
        with (
            ZipFile(folder / "plain.xlsx") as plain,
            ZipFile(folder / "x.xlsx", "w", ZIP_DEFLATED) as spoilt,
        ):
            for name in plain.namelist():
                end = inside + b"</sheetData>" + after
                spoilt.writestr(name, plain.read(name).replace(b"</sheetData>", end))
            for number in range(2, sheets):
                spoilt.writestr(f"xl/worksheets/sheet{number}.xml", "<x/>")

    return make


def _bombs(folder: Path) -> None:
    """300 MB in 300 kB: a line of N-Triples, and a sheet of a spreadsheet."""
    line = b'<urn:a> <urn:b> "' + b"x" * 300_000_000 + b'" .\n'
    (folder / "x.nt.gz").write_bytes(gzip.compress(line, 1))
    _sheet(inside=b" " * 300_000_000)(folder)


def _pipe_of_project(folder: Path) -> None:
    os.mkfifo(folder / "p/ontology/checks/aaa.rq")


def _unknown_names(folder: Path) -> None:
    with (folder / "x.csv").open("w") as file:
        rows = csv.DictWriter(file, list(BY_NAME))
        rows.writeheader()
        for number in range(5000):
            rows.writerow({"party": f"Nobody {number}; Someone {number}", "kind": f"k{number}"})


def _cache(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """A file in the place of the graph that was kept of the project."""

    def prepare(folder: Path) -> None:
        line = [sys.executable, "-m", "onehealthkg", "show", "-p", "p", "ANSES"]
        environment, null = _environment(folder), subprocess.DEVNULL
        subprocess.run(line, cwd=folder, env=environment, check=True, stdout=null)
        (kept,) = (folder / "cache").glob("*.nq")
        kept.unlink()
        make(kept)

    return prepare


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 20 << 30)


_DEEP_JSON = '{"@id":"urn:a","urn:p":' * 60_000 + "1" + "}" * 60_000
_XML = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:">'
_FILE = "a file has at most 268,435,456"
_NO_PIPE = "this is a pipe or a device; name a file on the disk."
_NESTED = "this is nested too deeply, or needs too much memory."
_STOPPED = "stopped after 5 seconds of computing"
_HERE = "is not allowed here: no other host or file is read; remove it."

ATTACKS = {
    # Queries
    "ten million rows": Attack("$O query 'SELECT ?a ?b { ?a ?x ?y . ?b ?z ?w }'", 2, "the answer has more than 128 MB"),
    "a million rows, cited": Attack("$O query --cite --timeout 5 'SELECT ?a { ?a ?x ?y . ?b a ?w } LIMIT 900000'", 2, "query: "),
    "ten million triples": Attack("$O query 'CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }'", 2, "the answer has more than 128 MB"),
    "a query that never ends": Attack(f"$O query --timeout 2 '{_ENDLESS}'", 2, "query: stopped after 2 seconds"),
    "50,000 braces": Attack("$O query x.rq", 3, _NESTED, _text("x.rq", f"SELECT * {'{' * 50_000}{'}' * 50_000}")),
    "50,000 negations": Attack("$O query x.rq", 3, _NESTED, _text("x.rq", f"SELECT * {{ FILTER({'!' * 50_000}true) }}")),
    "100,000 variables": Attack("$O query x.rq", 2, "at most 500,000 are read", _text("x.rq", "SELECT " + " ".join(f"?v{n}" for n in range(MANY)) + " { ?v1 ?v2 ?v3 }")),
    "a literal of 10 MB": Attack("$O query x.rq", 3, "a file has at most 4,000,000", _text("x.rq", f'SELECT ("{"x" * 10_000_000}" AS ?a) {{}}')),
    "20,000 times OPTIONAL": Attack("$O query --cite x.rq", 3, _NESTED, _text("x.rq", f"SELECT * {{ {'OPTIONAL { ?a ?b ?c ' * 20_000}{'}' * 20_000} }}")),
    "50,000 brackets in a path": Attack("$O query x.rq", 3, _NESTED, _text("x.rq", f"SELECT * {{ ?a {'(' * 50_000}<urn:p>{')' * 50_000} ?b }}")),
    "9,000 patterns": Attack("$O query x.rq", 3, _NESTED, _text("x.rq", f"SELECT * {{ {' '.join(f'?v{n} <urn:p> ?w{n} .' for n in range(9000))} }}")),
    "SERVICE": Attack("$O query 'SELECT * { SERVICE <http://localhost:1/> { ?a ?b ?c } }'", 2, "SERVICE is not allowed"),
    "LOAD": Attack("$O query 'LOAD <file:///etc/passwd>'", 3, "only queries are allowed"),
    # Files
    **{f"UTF-16: {line}": Attack(f"$O {line}", 3, "is not UTF-8; save the file as UTF-8", _utf_16) for line in ("convert x.ttl y.nt", "convert x.rdf y.nt", "query ./x.rq", "review x.tsv", "passages x.txt", "new --from-csv x.csv")},
    "an external entity": Attack("$O convert x.rdf y.nq", 3, "document type or entities is not read", _text("x.rdf", f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{_XML}</r:RDF>')),
    "a link to itself": Attack("$O convert x.ttl y.nq", 3, "Too many levels of symbolic links", lambda folder: (folder / "x.ttl").symlink_to("x.ttl")),
    "a folder": Attack("$O convert x.ttl y.nq", 3, "this is a folder", lambda folder: (folder / "x.ttl").mkdir()),
    "300 MB in a dump": Attack("$O link agrovoc zoonoses --file x.nt.gz", 3, "there is a line of more than 16000000 bytes", _bombs),
    "300 MB in a spreadsheet": Attack("$O new --from-csv x.xlsx", 3, "unpacked, the file has 300,", _bombs),
    **{f"3 GB: {line}": Attack(f"$O {line}", 3, _FILE, _sparse) for line in ("check x.ttl", "check x.rdf", "convert x.nq y.nt", "diff x.ttl x.nq", "review x.tsv", "passages x.txt", "query --remote x.ttl 'SELECT * { SERVICE <urn:x:> { ?a ?b ?c } }'")},
    "3 GB: query x.rq": Attack("$O query ./x.rq", 3, "a file has at most 4,000,000", _sparse),
    "3 GB: new --from-csv": Attack("$O new --from-csv x.csv", 3, "a table has at most 10,000,000", _sparse),
    **{f"pipe: {line}": Attack(f"$O {line}", 3, _NO_PIPE, _pipes) for line in ("check x.ttl", "convert x.ttl y.nt", "query ./x.rq", "review x.tsv", "passages x.txt", "link agrovoc --file x.nt", "new --from-csv x.csv")},
    "an input without end": Attack("cat /dev/zero | $O query -", 3, "standard input: there are more than 4,000,000 bytes"),
    "a closed input": Attack("$O query - <&-", 3, "standard input is closed"),
    "JSON-LD 60,000 deep": Attack("$O convert x.jsonld y.nq", 3, "the JSON is nested too deep", _text("x.jsonld", _DEEP_JSON)),
    "RDF/XML 100,000 deep": Attack("$O convert x.rdf y.nq", 3, "read to a depth of 100 elements", _text("x.rdf", _XML + "<r:Description><a:p>" * MANY)),
    "triple terms 100,000 deep": Attack("$O convert x.ttl y.nq", 3, "triple terms (RDF 1.2) are not read", _text("x.ttl", f"<urn:a> <urn:b> {'<<( <urn:c> <urn:d> ' * MANY}1 .")),
    "UTF-7": Attack("$O convert x.rdf y.nq", 3, "Only UTF-8", _text("x.rdf", f'<?xml version="1.0" encoding="UTF-7"?>{_XML}</r:RDF>')),
    "a link out of the project": Attack("$O check -p p", 3, "secret.ttl: this link leads out of the project", lambda folder: (folder / "p/data/secret.ttl").symlink_to("/etc/passwd")),
    # Records and link tables
    "20,000 unknown keys": Attack("$O check -p p", 3, "unknown1: there is no such key", lambda folder: _record(folder).write_text(_record(folder).read_text() + "".join(f"unknown{n}: x\n" for n in range(20_000)))),
    "20,000 parties": Attack("$O check -p p", 3, "parties: there are 20,000 values", lambda folder: _record(folder).write_text("id: agreement-x\nparties:\n" + "".join(f"  - organisation-x{n}\n" for n in range(20_000)))),
    "a bell": Attack("$O check -p p", 3, "the character U+0007 is not allowed in YAML", lambda folder: _record(folder).write_text(_record(folder).read_text() + 'x: "a\x07b"\n')),
    "an anchor": Attack("$O check -p p", 3, "there is an anchor, &a; remove it", lambda folder: _record(folder).write_text("a: &a [x]\nb: *a\n")),
    "lists in YAML 100,000 deep": Attack("$O check -p p", 3, "exceeded maximum nesting", lambda folder: _record(folder).write_text("id: " + "[" * MANY)),
    "a header 100,000 deep": Attack("$O check -p p", 3, "links.sssom.tsv:1: ", lambda folder: (folder / "p/data/links.sssom.tsv").write_text("#x: " + "[" * MANY + "\n")),
    # Tables
    "all cells merged": Attack("$O new --from-csv x.xlsx", 3, "are merged or linked", _sheet(after=b'<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>')),
    "all cells linked": Attack("$O new --from-csv x.xlsx", 3, "are merged or linked", _sheet(after=b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>')),
    "a far cell": Attack("$O new --from-csv x.xlsx", 3, "there is something in row 400,000", _sheet(inside=b'<row r="400000"><c r="GA400000" t="str"><v>x</v></c></row>')),
    "2,000 sheets": Attack("$O new --from-csv x.xlsx", 3, "there are 2,000 sheets", _sheet(sheets=2001)),
    "a million columns": Attack("$O new --from-csv x.csv", 3, "a table has at most 200", _text("x.csv", ",".join([*BY_NAME, *(f"x{n}" for n in range(1_000_000))]))),
    "5,000 rows of unknown names": Attack("$O new --from-csv x.csv --dry-run", 1, 'named "Nobody 0"', _unknown_names),
    # Somebody else's project
    "a check that never ends": Attack("$O check -p p", 2, f"aaa.rq: {_STOPPED}", _text("p/ontology/checks/aaa.rq", _CHECK + _ENDLESS)),
    "a pipe among the checks": Attack("$O check -p p", 3, _NO_PIPE, _pipe_of_project),
    "a rule that never ends": Attack("$O show -p p ANSES", 2, f"aaa.rq: {_STOPPED}", _text("p/ontology/rules/aaa.rq", _RULE + _ENDLESS.replace("SELECT (COUNT(*) AS ?n)", "CONSTRUCT { ?a ?b ?l } WHERE"))),
    "a rule that always infers more": Attack("$O check -p p", 2, "seconds of computing", _text("p/ontology/rules/aaa.rq", _RULE + _GROWING)),
    "a rule of 10,000 braces": Attack("$O show -p p ANSES", 3, f"aaa.rq: the engine gave up (SIGSEGV): {_NESTED}", _text("p/ontology/rules/aaa.rq", _RULE + f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {'{' * 10_000} ?a ?b ?c {'}' * 10_000} }}")),
    "a question that never ends": Attack("$O query -p p aaa", 2, _STOPPED, _text("p/queries/aaa.rq", _QUESTION + _ENDLESS)),
    "FROM in a question": Attack("$O query -p p aaa", 3, f"aaa.rq:6: FROM {_HERE}", _text("p/queries/aaa.rq", f"{_QUESTION}SELECT *\nFROM <file:///etc/passwd> {{ ?a ?b ?c }}")),
    "FROM in a shape": Attack("$O check -p p", 3, f"FROM {_HERE}", _add("p/ontology/shapes.ttl", _SHAPE.format(_BY_QUERY.format("SELECT $this FROM <file:///etc/passwd> { $this a ?value }")))),
    "SERVICE in a shape": Attack("$O check -p p", 3, f"SERVICE {_HERE}", _add("p/ontology/shapes.ttl", _SHAPE.format(_BY_QUERY.format("SELECT $this { SERVICE <http://localhost:1/> { $this a ?value } }")))),
    "a pattern that never ends": Attack("$O check -p p", 2, _STOPPED, _add("p/ontology/shapes.ttl", _SHAPE.format('sh:property [ sh:path skos:prefLabel ; sh:pattern "^(([a-zA-Z0-9 ,.-]*)*)*%$" ]'))),
    "a context with an address": Attack("$O check -p p", 3, "context.jsonld:1: http://localhost:1/ is a remote context", _text("p/ontology/context.jsonld", '{"@context": {"@import": "http://localhost:1/"}}')),
    "a context 100,000 deep": Attack("$O check -p p", 3, "context.jsonld: ", _text("p/ontology/context.jsonld", '{"@context": ' + "[" * MANY + "]" * MANY + "}")),
    # The cache and the system
    "a pipe as the cache": Attack("$O show -p p ANSES", 0, "", _cache(os.mkfifo)),
    "a device as the cache": Attack("$O show -p p ANSES", 0, "", _cache(lambda path: path.symlink_to("/dev/zero"))),
    "20 GB as the cache": Attack("$O show -p p ANSES", 0, "", _cache(_large)),
    "60 MB of memory": Attack("ulimit -v 60000; $O check -p p", 3, "onehealthkg: "),
    "100 MB of memory": Attack("ulimit -v 100000; $O check -p p", 3, "onehealthkg: "),
    "six open files": Attack("ulimit -n 6; $O show ANSES", 3, "Too many open files."),
    "eight open files": Attack("ulimit -n 8; $O show ANSES", 0, ""),
    "a full disk": Attack("$O query network > /dev/full", 3, "standard output: No space left on device."),
}  # fmt: skip

SLOW = {"a check that never ends", "a million rows, cited", "a question that never ends", "a pattern that never ends", "a rule that always infers more", "a rule that never ends", "ten million triples", "5,000 rows of unknown names"}  # fmt: skip


def attack(name: str, folder: Path) -> Ended:
    """Make the attack in an empty folder; how it ended."""
    line, _, _, prepare = ATTACKS[name]
    for part in ("ontology", "data", "queries"):
        if " -p p" in line:
            shutil.copytree(Path(bundled().root, part), folder / "p" / part)
    prepare(folder)
    with (folder / "err").open("wb") as err:
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE, line],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            check=True,
        )
    code, seconds, kilobytes = measured.stdout.split()
    text = (folder / "err").read_text(errors="replace")
    return Ended(int(code), text, float(seconds), int(kilobytes))


_MEASURE = """\
import resource, subprocess, sys
code = subprocess.call(["bash", "-c", sys.argv[1]], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A process between, as the memory that is counted for a child begins with that of its parent."""


def _environment(folder: Path) -> dict[str, str]:
    own = {"O": f"{sys.executable} -m onehealthkg", "ONEHEALTHKG_CACHE": str(folder / "cache")}
    return {**os.environ, **own, "ONEHEALTHKG_TIMEOUT": "5"}


def main() -> None:
    """Print the cost of each attack as a table of Markdown."""
    print("| attack | exit code | seconds | MB | message |\n|---|---|---|---|---|")
    for name in ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            code, err, seconds, kilobytes = attack(name, Path(folder))
        message = err.partition("\n")[0].replace(folder, "").removeprefix("onehealthkg: ")[:90]
        print(f"| {name} | {code} | {seconds:.1f} | {kilobytes // 1024} | {message} |", flush=True)


if __name__ == "__main__":
    main()
