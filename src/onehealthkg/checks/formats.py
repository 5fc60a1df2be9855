"""Findings as a table for people, and as JSON, CSV, JUnit XML and a SHACL report for programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pyoxigraph import Literal, NamedNode

from onehealthkg.checks.findings import SEVERITIES, VIOLATION, Finding
from onehealthkg.files import shown_path
from onehealthkg.names import PREFIXES, compact
from onehealthkg.safe import for_spreadsheet, for_xml
from onehealthkg.words import Words, words

_FEW = 3  # findings of a check that are shown one by one in any case
_LONGEST_LINE = 2000  # characters of a finding for people; the other formats have all of it
_FIELDS = (
    *("severity", "check", "message", "thing", "label", "predicate", "value"),
    *("file", "line", "sentence"),
)


def as_table(findings: list[Finding], language: str = "en") -> str:
    """The findings for people, each with its place, remedy, thing and sentence.

    ``language`` is that of the words around the messages of the checks, which are in English.
    """
    blocks = [_block(finding, language) for finding in findings]
    return "\n\n".join([*blocks, summary(findings, language)])


def as_groups(findings: list[Finding], language: str = "en") -> str:
    """The findings for people; for a check with many findings, the first ones and the count.

    A group also says how many passages or files its findings are in; ``language`` as ``as_table``.
    """
    own = words(language)["findings"]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.check), []).append(finding)
    blocks: list[str] = []
    for (severity, check), group in groups.items():
        if len(group) <= _FEW:
            blocks += [_block(finding, language) for finding in group]
            continue
        named = severity_in_words(severity, 1, language)
        blocks.append(own["group"].format(named, len(group), check, _homes(group, own), _FEW))
        blocks += [_block(finding, language) for finding in group[:_FEW]]
    left = any(len(group) > _FEW for group in groups.values())
    hint = f"\n{own['all']}" if left else ""
    return "\n\n".join([*blocks, summary(findings, language) + hint])


def _homes(findings: list[Finding], own: Words) -> str:
    """The number of passages or, outside of texts, of files that have findings."""
    sentences = {finding.sentence for finding in findings if finding.sentence}
    named, count = ("passage", len(sentences)) if sentences else ("file", 0)
    count = count or len({finding.path for finding in findings})
    return f"{count} {own[named][count != 1]}"


def severity_in_words(severity: str, count: int, language: str = "en") -> str:
    """The noun for a number of findings of a severity: violation, warnings."""
    return str(words(language)["findings"][severity][count != 1])


def _block(finding: Finding, language: str) -> str:
    about = compact(finding.thing)
    named = about if finding.label in (about, "") else f"{finding.label} ({about})"
    severity = severity_in_words(finding.severity, 1, language)
    lines = [f"{severity}  {finding.check}  {_place(finding)}".rstrip()]
    lines += [f"  {named}"] if named else []
    if finding.predicate:
        lines.append(f"  {compact(finding.predicate)} {compact(finding.value)}".rstrip())
    lines.append(f"  {finding.message}")
    lines += [f"  “{finding.sentence}”"] if finding.sentence else []
    return "\n".join(
        line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines
    )


def summary(findings: list[Finding], language: str = "en") -> str:
    """A line with the number of findings of each severity."""
    counts = Counter(finding.severity for finding in findings)
    if not findings:
        return str(words(language)["findings"]["none"])
    return ", ".join(
        f"{counts[name]} {severity_in_words(name, counts[name], language)}"
        for name in SEVERITIES
        if counts[name]
    )


def as_json(findings: list[Finding]) -> str:
    """A JSON list with an object for each finding."""
    return json.dumps([_record(finding) for finding in findings], ensure_ascii=False, indent=2)


def as_csv(findings: list[Finding]) -> str:
    """A CSV table (RFC 4180); cells that a spreadsheet would run as a formula begin with '."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _FIELDS)
    writer.writeheader()
    for finding in findings:
        writer.writerow({name: _cell(value) for name, value in _record(finding).items()})
    return out.getvalue().rstrip("\r\n")


def as_junit(findings: list[Finding]) -> str:
    """JUnit XML for CI systems: a failed test case for each finding, or one case that passed.

    https://github.com/testmoapp/junitxml
    """
    failures = sum(finding.severity == VIOLATION for finding in findings)
    tests = str(max(len(findings), 1))
    suite = Element("testsuite", name="onehealthkg check", tests=tests, failures=str(failures))
    if not findings:
        SubElement(suite, "testcase", classname="onehealthkg", name="all checks")
    for finding in findings:
        named = f"{compact(finding.thing)} {compact(finding.predicate)} {finding.value}".strip()
        case = SubElement(suite, "testcase", classname=finding.check, name=for_xml(named))
        if finding.path:
            case.set("file", for_xml(str(_file(finding))))
        if finding.line:
            case.set("line", str(finding.line))
        tag = "failure" if finding.severity == VIOLATION else "system-out"
        child = SubElement(case, tag)
        if tag == "failure":
            child.set("message", for_xml(finding.message))
            child.set("type", finding.severity)
        child.text = for_xml(f"{_place(finding)}\n{finding.message}\n{finding.sentence}".strip())
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True)


def as_turtle(findings: list[Finding]) -> str:
    """A SHACL validation report (https://www.w3.org/TR/shacl/#validation-report) in Turtle.

    The findings of the other checks are results too; sh:sourceShape is ``ohs:<name of the check>``.
    """

    def node(text: str) -> str:
        if text.startswith("_:"):
            return "[]"  # the label of a blank node has no meaning outside its file
        try:
            return str(NamedNode(text))
        except ValueError:
            return str(Literal(text))

    shapes = PREFIXES["ohs"]
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("ohs", "sh"))
    conforms = str(not any(finding.severity == VIOLATION for finding in findings)).lower()
    blocks = [f"{prefixes}\n[] a sh:ValidationReport ;\n    sh:conforms {conforms}"]
    for finding in findings:
        lines = [
            "    sh:result [\n        a sh:ValidationResult",
            f"        sh:focusNode {node(finding.thing)}",
            f"        sh:resultMessage {Literal(finding.message, language='en')}",
            f"        sh:resultSeverity sh:{finding.severity.title()}",
            f"        sh:sourceShape <{shapes}{finding.check}>",
        ]
        lines += [f"        sh:resultPath {node(finding.predicate)}"] if finding.predicate else []
        lines += [f"        sh:value {node(finding.value)}"] if finding.value else []
        blocks.append(" ;\n".join(lines) + "\n    ]")
    return " ;\n".join(blocks) + " ."


FORMATS: dict[str, Callable[[list[Finding]], str]] = {
    "table": as_groups,
    "json": as_json,
    "csv": as_csv,
    "junit": as_junit,
    "turtle": as_turtle,
}


def _record(finding: Finding) -> dict[str, object]:
    fields = finding._asdict()
    fields["file"] = str(_file(finding)) if finding.path else None
    return {name: fields[name] for name in _FIELDS}


def _file(finding: Finding) -> Path:
    return shown_path(finding.path or Path())


def _place(finding: Finding) -> str:
    parts = [str(_file(finding))] if finding.path else []
    return ":".join(parts + ([str(finding.line)] if finding.line else []))


def _cell(value: object) -> object:
    """A value for CSV, without NUL, which some readers refuse."""
    return for_spreadsheet(for_xml(value)) if isinstance(value, str) else value
