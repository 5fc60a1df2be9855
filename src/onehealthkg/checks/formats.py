"""Findings as a table for people, and as JSON, CSV, JUnit XML and a SHACL report for programs."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from onehealthkg.checks.findings import SEVERITIES, VIOLATION, Finding
from onehealthkg.names import PREFIXES, compact
from onehealthkg.safe import for_spreadsheet, for_xml

_FIELDS = (
    *("severity", "check", "message", "thing", "label", "predicate", "value"),
    *("file", "line", "sentence"),
)


def as_table(findings: list[Finding]) -> str:
    """The findings for people, each with where, what to do, about what, and the sentence."""
    blocks = []
    for one in findings:
        about = compact(one.thing)
        named = about if one.label in (about, "") else f"{one.label} ({about})"
        lines = [f"{one.severity}  {one.check}  {_place(one)}".rstrip()]
        lines += [f"  {named}"] if named else []
        if one.predicate:
            lines.append(f"  {compact(one.predicate)} {compact(one.value)}".rstrip())
        lines.append(f"  {one.message}")
        lines += [f"  “{one.sentence}”"] if one.sentence else []
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, summary(findings)])


def summary(findings: list[Finding]) -> str:
    """One line: how many findings of each severity."""
    counts = Counter(one.severity for one in findings)
    if not findings:
        return "No findings."
    return ", ".join(
        f"{counts[name]} {name}{'s' if counts[name] != 1 else ''}"
        for name in SEVERITIES
        if counts[name]
    )


def as_json(findings: list[Finding]) -> str:
    """A JSON list with an object a finding."""
    return json.dumps([_record(one) for one in findings], ensure_ascii=False, indent=2)


def as_csv(findings: list[Finding]) -> str:
    """A CSV table (RFC 4180); cells that a spreadsheet would run as a formula begin with '."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _FIELDS)
    writer.writeheader()
    for one in findings:
        writer.writerow({name: _cell(value) for name, value in _record(one).items()})
    return out.getvalue().rstrip("\r\n")


def as_junit(findings: list[Finding]) -> str:
    """JUnit XML, as CI systems show it: a failed test case a finding, or one case that passed.

    https://github.com/testmoapp/junitxml
    """
    failures = sum(one.severity == VIOLATION for one in findings)
    tests = str(max(len(findings), 1))
    suite = Element("testsuite", name="onehealthkg check", tests=tests, failures=str(failures))
    if not findings:
        SubElement(suite, "testcase", classname="onehealthkg", name="all checks")
    for one in findings:
        named = f"{compact(one.thing)} {compact(one.predicate)} {one.value}".strip()
        case = SubElement(suite, "testcase", classname=one.check, name=for_xml(named))
        if one.path:
            case.set("file", for_xml(str(_file(one))))
        if one.line:
            case.set("line", str(one.line))
        tag = "failure" if one.severity == VIOLATION else "system-out"
        child = SubElement(case, tag)
        if tag == "failure":
            child.set("message", for_xml(one.message))
            child.set("type", one.severity)
        child.text = for_xml(f"{_place(one)}\n{one.message}\n{one.sentence}".strip())
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True)


def as_turtle(findings: list[Finding]) -> str:
    """A SHACL validation report (https://www.w3.org/TR/shacl/#validation-report) in Turtle.

    The findings of the other checks are results too; sh:sourceShape is ``ohs:<name of the check>``.
    """
    from pyoxigraph import Literal, NamedNode

    def node(text: str) -> str:
        if text.startswith("_:"):
            return "[]"  # the name of a blank node means nothing outside of its file
        try:
            return str(NamedNode(text))
        except ValueError:
            return str(Literal(text))

    shapes = PREFIXES["ohs"]
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("ohs", "sh"))
    conforms = str(not any(one.severity == VIOLATION for one in findings)).lower()
    blocks = [f"{prefixes}\n[] a sh:ValidationReport ;\n    sh:conforms {conforms}"]
    for one in findings:
        lines = [
            "    sh:result [\n        a sh:ValidationResult",
            f"        sh:focusNode {node(one.thing)}",
            f"        sh:resultMessage {Literal(one.message, language='en')}",
            f"        sh:resultSeverity sh:{one.severity.title()}",
            f"        sh:sourceShape <{shapes}{one.check}>",
        ]
        lines += [f"        sh:resultPath {node(one.predicate)}"] if one.predicate else []
        lines += [f"        sh:value {node(one.value)}"] if one.value else []
        blocks.append(" ;\n".join(lines) + "\n    ]")
    return " ;\n".join(blocks) + " ."


FORMATS: dict[str, Callable[[list[Finding]], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "junit": as_junit,
    "turtle": as_turtle,
}


def _record(one: Finding) -> dict[str, object]:
    fields = one._asdict()
    fields["file"] = str(_file(one)) if one.path else None
    return {name: fields[name] for name in _FIELDS}


def _file(one: Finding) -> Path:
    """The path from the current folder where it lies below that, else as it is."""
    path = one.path or Path()
    try:
        return Path(os.path.realpath(path)).relative_to(Path.cwd())
    except (OSError, ValueError):  # no current folder, or the path lies elsewhere
        return path


def _place(one: Finding) -> str:
    parts = [str(_file(one))] if one.path else []
    return ":".join(parts + ([str(one.line)] if one.line else []))


def _cell(value: object) -> object:
    """A value for CSV, without NUL, which some readers refuse."""
    return for_spreadsheet(for_xml(value)) if isinstance(value, str) else value
