"""Mappings between our things and those of others, as SSSOM/TSV files: read, check, write.

A file has a header, lines that begin with ``#`` and are YAML, and a table whose columns are slots
of a mapping (https://mapping-commons.github.io/sssom/spec-formats-tsv/). Identifiers are short,
``mesh:D015047``; the ``curie_map`` of the header says what their prefixes mean.

The reader refuses what it would otherwise lose or guess: a column that is not among the slots of
``Mapping``, a prefix that is not declared, an identifier that gives no IRI, a predicate that is
not among ``RELATIONS``. Of YAML it takes texts, lists and maps only: no tags, anchors and aliases,
which the standard forbids too. A slot that the header gives for all mappings is written into each
(propagation). The writer gives the canonical form of the standard, but for one thing: it does not
move what all mappings share into the header, so that one more mapping is one more line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.days import is_day
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import decode, read_bytes
from onehealthkg.mappings.relations import RELATIONS
from onehealthkg.mappings.sssom_header import Header, header_text, read_header
from onehealthkg.names import PREFIXES
from onehealthkg.safe import CONTROL

BUILT_IN = {
    **{name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos", "xsd")},
    "linkml": "https://w3id.org/linkml/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
}

JUSTIFICATIONS = tuple(
    "semapv:" + name
    for name in (
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
        "UnspecifiedMatching",
    )
)
# In the order of the standard.
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "reviewer_id",
    "reviewer_label",
    "object_source",
    "mapping_date",
    "confidence",
    "comment",
)
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_CURIES = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "object_source",
    "reviewer_id",
)
_PROPAGATED = ("object_source", "mapping_date")


class Mapping(NamedTuple):
    """A mapping: the SSSOM slots that are kept, as texts, empty where there is no value.

    Identifiers are CURIEs. ``predicate_modifier`` is ``Not`` for what has been looked at and
    refused. https://mapping-commons.github.io/sssom/Mapping/
    """

    subject_id: str
    subject_label: str = ""
    predicate_id: str = ""
    predicate_modifier: str = ""
    object_id: str = ""
    object_label: str = ""
    object_source: str = ""
    mapping_justification: str = ""
    author_label: str = ""
    reviewer_label: str = ""
    mapping_date: str = ""
    confidence: str = ""
    comment: str = ""
    reviewer_id: str = ""


class MappingSet(NamedTuple):
    """A header, as texts, lists and dictionaries, and the mappings in the order of the file.

    ``lines`` are the lines of the file on which they stand; empty where they come from no file.
    """

    header: Header
    mappings: tuple[Mapping, ...]
    lines: tuple[int, ...] = ()

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes with their IRIs, those that the standard builds in among them."""
        return {**self.header.get("curie_map", {}), **BUILT_IN}

    def expand(self, curie: str) -> str:
        """The IRI of ``mesh:D015047``; UsageError where its prefix is not declared."""
        prefix, colon, local = curie.partition(":")
        start = BUILT_IN.get(prefix) or self.header.get("curie_map", {}).get(prefix)
        if not colon or start is None:
            raise UsageError(f'"{curie}": the curie_map of the mappings has no such prefix.')
        return start + local

    def contract(self, iri: str) -> str:
        """The CURIE of an IRI, by the longest prefix; UsageError where none fits."""
        fits = [
            item for item in self.prefixes.items() if iri.startswith(item[1]) and iri != item[1]
        ]
        if not fits:
            raise UsageError(f"<{iri}>: no prefix in the curie_map of the mappings fits; add one.")
        prefix, start = max(fits, key=lambda item: (len(item[1]), item[0]))
        return f"{prefix}:{iri[len(start) :]}"


def read_mappings(path: Path) -> MappingSet:
    """The mapping set in an SSSOM/TSV file.

    Raises InputError with file, line and column for what is not as the standard or this project
    wants it.
    """
    text = decode(read_bytes(path), path)
    if text.startswith("\ufeff"):
        raise InputError(f"{path}:1: there is a byte order mark; save the file without one.")
    _refuse_control(text, path)
    start = re.search(r"^(?!#)", text, re.MULTILINE)
    end = start.start() if start else len(text)
    header = read_header(text[:end], path)
    _check_prefixes(header.setdefault("curie_map", {}), path)
    rows = list(_rows(text[end:], text.count("\n", 0, end) + 1, path))
    return _checked(_propagated(header, rows), path)


def mapping_bytes(mappings: MappingSet) -> bytes:
    """The mapping set in the canonical form: sorted, prefixes and columns that are used.

    Raises UsageError for an identifier whose prefix is not declared.
    """
    rows = sorted({_canonical(mapping) for mapping in mappings.mappings})
    used = {name for row in rows for name, cell in zip(_COLUMNS, row, strict=True) if cell}
    columns = [name for name in _COLUMNS if name in used or name in _NEEDED]
    lines = [header_text(_header(mappings)), "\t".join(columns) + "\n"]
    for row in rows:
        cells = zip(_COLUMNS, row, strict=True)
        lines.append("\t".join(_cell(cell) for name, cell in cells if name in columns) + "\n")
    return "".join(lines).encode()


def _refuse_control(text: str, path: Path) -> None:
    found = CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        code = f"U+{ord(found[0]):04X}"
        raise InputError(f"{path}:{line}: there is a control character, {code}; delete it.")


def _check_prefixes(curie_map: Any, path: Path) -> None:
    if not isinstance(curie_map, dict):
        raise InputError(f"{path}: curie_map must be lines prefix: IRI.")
    for prefix, iri in curie_map.items():
        if not (
            isinstance(iri, str) and re.fullmatch(r"[A-Za-z_][\w.-]*", prefix) and _is_iri(iri)
        ):
            raise InputError(f'{path}: curie_map: "{prefix}: {iri}" is not a prefix and an IRI.')
        if BUILT_IN.get(prefix, iri) != iri:
            raise InputError(f"{path}: curie_map: {prefix} always means {BUILT_IN[prefix]}.")


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _rows(text: str, first: int, path: Path) -> Iterator[tuple[int, Mapping]]:
    """Each mapping with its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    line = first
    try:
        columns = next(reader, [])
        _check_columns(columns, first, path)
        line = first + reader.line_num
        for cells in reader:
            if len(cells) != len(columns):
                message = f"has {len(cells)} cells, and there are {len(columns)} columns"
                raise InputError(f"{path}:{line}: the line {message}; they are parted by tabs.")
            yield line, Mapping(**dict(zip(columns, cells, strict=True)))
            line = first + reader.line_num
    except csv.Error as error:
        raise InputError(
            f"{path}:{line}: the line is no TSV: {error}; a cell that begins with a quotation mark "
            "ends with one, and has those within it twice."
        ) from None


def _check_columns(columns: list[str], line: int, path: Path) -> None:
    for name, times in Counter(columns).items():
        if name not in _COLUMNS:
            raise InputError(
                f'{path}:{line}: the column "{name}" is not kept here; leave it out. These are: '
                f"{', '.join(_COLUMNS)}."
            )
        if times > 1:
            raise InputError(f"{path}:{line}: the column {name} is there {times} times; keep one.")
    for name in _NEEDED:
        if name not in columns:
            raise InputError(f"{path}:{line}: the column {name} is missing.")


def _propagated(header: Header, rows: list[tuple[int, Mapping]]) -> MappingSet:
    """What the header says for all mappings, in each of them."""
    mappings = [mapping for _, mapping in rows]
    for slot in _PROPAGATED:
        value = header.get(slot)
        if (
            isinstance(value, str)
            and mappings
            and not any(getattr(mapping, slot) for mapping in mappings)
        ):
            mappings = [mapping._replace(**{slot: value}) for mapping in mappings]
            header = {name: other for name, other in header.items() if name != slot}
    return MappingSet(header, tuple(mappings), tuple(line for line, _ in rows))


def _checked(mappings: MappingSet, path: Path) -> MappingSet:
    problems: dict[str, str] = {}
    for line, mapping in zip(mappings.lines, mappings.mappings, strict=True):
        for column, problem in _problems(mapping, mappings.prefixes, problems):
            raise InputError(f"{path}:{line}: {column}: {problem}")
    return mappings


def _problems(
    mapping: Mapping, prefixes: dict[str, str], problems: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a mapping, with the column; ``problems`` keeps those of each CURIE."""
    for column in ("subject_id", "predicate_id", "object_id", "object_source", "reviewer_id"):
        curie = getattr(mapping, column)
        if curie not in problems:
            problems[curie] = _curie_problem(curie, prefixes)
        if problems[curie] and (curie or column not in ("object_source", "reviewer_id")):
            yield column, problems[curie]
    if mapping.predicate_id not in RELATIONS:
        yield "predicate_id", f'"{mapping.predicate_id}" is none of {", ".join(RELATIONS)}.'
    if mapping.predicate_modifier not in ("", "Not"):
        yield "predicate_modifier", f'"{mapping.predicate_modifier}" must be empty or Not.'
    if mapping.mapping_justification not in JUSTIFICATIONS:
        names = ", ".join(JUSTIFICATIONS)
        yield "mapping_justification", f'"{mapping.mapping_justification}" is none of {names}.'
    if mapping.mapping_date and not is_day(mapping.mapping_date):
        yield "mapping_date", f'"{mapping.mapping_date}" is no date as 2026-01-31.'
    if mapping.confidence and not re.fullmatch(r"0(\.\d{1,20})?|1(\.0{1,20})?", mapping.confidence):
        yield "confidence", f'"{mapping.confidence}" is no number from 0 to 1 as 0.95.'


def _curie_problem(curie: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = curie.partition(":")
    if not curie:
        return "there is nothing here; write an identifier as mesh:D015047."
    if not colon or not local or local.startswith("//") or re.search(r"\s", curie):
        return f'"{curie}" is no short identifier as mesh:D015047.'
    if prefix not in prefixes:
        return f'"{curie}": the curie_map in the header does not declare {prefix}.'
    return "" if _is_iri(prefixes[prefix] + local) else f'"{curie}" does not give an IRI.'


def _canonical(mapping: Mapping) -> tuple[str, ...]:
    """The cells in the order of the columns."""
    if mapping.confidence:
        number = Decimal(mapping.confidence).quantize(Decimal("0.001"), ROUND_HALF_UP).normalize()
        mapping = mapping._replace(confidence=f"{number:f}")
    return tuple(getattr(mapping, name) for name in _COLUMNS)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search('["\t\n\r]', text) else text


def _header(mappings: MappingSet) -> Header:
    """The header, its curie_map with the prefixes that are used and not built in."""
    curies = {getattr(mapping, slot) for mapping in mappings.mappings for slot in _CURIES} - {""}
    for curie in sorted(curies):
        mappings.expand(curie)  # raises UsageError for a prefix that is not declared
    header = {key: value for key, value in mappings.header.items() if key != "curie_map"}
    curies |= set(_texts(header))
    used = {curie.partition(":")[0] for curie in curies} & set(mappings.prefixes) - set(BUILT_IN)
    return {**header, "curie_map": {name: mappings.prefixes[name] for name in sorted(used)}}


def _texts(value: Any) -> Iterator[str]:
    """The texts of the header, whatever they stand in."""
    if isinstance(value, str):
        yield value
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
