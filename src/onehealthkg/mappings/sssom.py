"""Mappings between our things and external terms, as SSSOM/TSV files: read, check, write.

A file has a header, lines that begin with ``#`` and are YAML, and a table whose columns are slots
of a mapping (https://mapping-commons.github.io/sssom/spec-formats-tsv/). Identifiers are short,
``mesh:D015047``; the ``curie_map`` of the header says what their prefixes mean.

A project's own file is refused if it has anything that would be lost or guessed: a column that
neither the standard nor the header defines, a prefix that is not declared, an identifier that does
not give an IRI, a predicate that is not among ``RELATIONS``. Slots that are not used here are kept.
A file from elsewhere is read for the links that it proposes, and only has to follow the standard.
YAML may have texts, lists and maps, but no tags, anchors or aliases, which the standard forbids. A
slot that the header gives for all mappings is copied into each (propagation). The writer produces
the standard's canonical form, with one exception: it does not move values shared by all mappings
into the header, so that one more mapping is one more line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import decode, read_bytes
from onehealthkg.mappings.relations import RELATIONS
from onehealthkg.mappings.sssom_cells import cell_problems, is_prefix, prefix_problem
from onehealthkg.mappings.sssom_header import Header, header_text, split
from onehealthkg.mappings.sssom_slots import (
    BUILT_IN,
    COLUMNS,
    NEEDED,
    NO_TERM,
    NO_TERM_IRI,
    REFERENCES,
    values_of,
)
from onehealthkg.mappings.sssom_tsv import NumberedRow, cell_text, read_table
from onehealthkg.safe import HIDDEN, numbered

_PROPAGATED = ("object_source", "mapping_date")
_LITERAL, _EXPRESSION = "rdfs literal", "composed entity expression"
_NO_TERMS = {_LITERAL, _EXPRESSION}
_TYPES = ("subject_type", "object_type")
_ENDS = ("subject_id", "object_id")


class Mapping(NamedTuple):
    """A mapping: the cells of the SSSOM slots that are used here, empty if there is no value.

    Identifiers are CURIEs. ``predicate_modifier`` is ``Not`` for a refused candidate. A cell may
    have several values (``sssom_slots.values_of``). ``rest`` are the other slots that have a value,
    with their cells. https://mapping-commons.github.io/sssom/Mapping/
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
    rest: tuple[tuple[str, str], ...] = ()

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns of our own file, used or not, so that a decision changes only its lines."""
        return tuple(name for name in cls._fields if name != "rest")

    @property
    def is_link(self) -> bool:
        """Whether it states a match, rather than a non-match or a missing term."""
        kinds = {cell for name, cell in self.rest if name in _TYPES}
        ends = (self.subject_id, self.object_id)
        return not (self.predicate_modifier or kinds & _NO_TERMS or NO_TERM in ends)

    @property
    def reviewers(self) -> list[str]:
        """The reviewers: their names, else their identifiers."""
        names = values_of("reviewer_label", self.reviewer_label)
        return names or values_of("reviewer_id", self.reviewer_id)

    @property
    def cells(self) -> dict[str, str]:
        """The cells that have a value, by slot."""
        own = dict(zip(self._fields, self, strict=True))
        own.pop("rest")
        return {name: str(cell) for name, cell in (*own.items(), *self.rest) if cell}


class MappingSet(NamedTuple):
    """A header, as texts, lists and dictionaries, and the mappings in the order of the file.

    ``lines`` are their lines in the file; empty if they were not read from a file. ``left_out`` are
    the lines that propose no link, with the reason (``read_candidates``).
    """

    header: Header
    mappings: tuple[Mapping, ...]
    lines: tuple[int, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes with their IRIs, including those built into the standard."""
        return {**self.header.get("curie_map", {}), **BUILT_IN}

    def expand(self, curie: str) -> str:
        """The IRI of ``mesh:D015047``; UsageError if its prefix is not declared."""
        prefix, colon, local = curie.partition(":")
        start = BUILT_IN.get(prefix) or self.header.get("curie_map", {}).get(prefix)
        if not colon or start is None:
            raise UsageError(f'"{curie}": the curie_map of the mappings has no such prefix.')
        return start + local

    def contract(self, iri: str) -> str:
        """The CURIE of an IRI, by the longest prefix; UsageError if none fits."""
        fits = [
            item for item in self.prefixes.items() if iri.startswith(item[1]) and iri != item[1]
        ]
        if not fits:
            raise UsageError(f"<{iri}>: no prefix in the curie_map of the mappings fits; add one.")
        prefix, start = max(fits, key=lambda item: (len(item[1]), item[0]))
        return f"{prefix}:{iri[len(start) :]}"


def read_mappings(path: Path) -> MappingSet:
    """The mapping set in the project's own SSSOM/TSV file.

    Raises InputError with file, line and column for a violation of the standard or of the rules
    above, such as an undefined column, or a predicate that is not in ``RELATIONS``.
    """
    header, table, first = _parts(path)
    _refuse_prefixes(header, path)
    columns, rows = read_table(table, first, path)
    extensions = _extensions(header)
    for name in columns:
        if name not in COLUMNS and name not in extensions:
            raise InputError(
                f'{path}:{first}: the column "{name}" is not an SSSOM slot, and is not '
                "defined under extension_definitions; correct or remove it."
            )
    _need(NEEDED, columns, first, path)
    spelt = _with_no_term(header, rows)
    mappings = _propagated(header, [(line, _mapping(cells)) for line, cells in spelt])
    _refuse_predicates(_checked(mappings, path), path)
    return mappings


def read_candidates(path: Path) -> MappingSet:
    """The links proposed by an SSSOM/TSV file from elsewhere, with the slots that are used here.

    Rows that propose no link are left out: a literal or an expression as a side, ``NO_TERM``, an
    unknown predicate. Prefixes that the standard does not allow are skipped, because published
    curie_maps have many that their file does not use. InputError as ``read_mappings`` for any other
    violation of the standard.
    """
    header, table, first = _parts(path)
    if isinstance(header["curie_map"], dict):
        allowed = {name: iri for name, iri in header["curie_map"].items() if is_prefix(name, iri)}
        header["curie_map"] = allowed
    _refuse_prefixes(header, path)
    columns, rows = read_table(table, first, path)
    types = {name: header.get(name, "") for name in _TYPES}
    sides = zip(_ENDS, _TYPES, strict=True)
    literals = {side for side, kind in sides if kind in columns or types[kind] == _LITERAL}
    _need([name for name in NEEDED if name not in literals], columns, first, path)
    links: list[tuple[int, Mapping]] = []
    left_out: list[tuple[int, str]] = []
    for line, cells in _with_no_term(header, rows):
        reason = _no_link({**types, **cells})
        if reason:
            left_out.append((line, reason))
        else:
            links.append((line, _mapping(cells)._replace(rest=())))
    return _checked(_propagated(header, links)._replace(left_out=tuple(left_out)), path)


def _parts(path: Path) -> tuple[Header, str, int]:
    """The header, the table and the line on which the table begins."""
    text = decode(read_bytes(path), path)
    _refuse_hidden(text, path)
    header, table, first = split(text.removeprefix("\ufeff"), path)
    header.setdefault("curie_map", {})
    return header, table, first


def _refuse_prefixes(header: Header, path: Path) -> None:
    problem = prefix_problem(header["curie_map"])
    if problem:
        raise InputError(f"{path}: curie_map: {problem}.")


def _with_no_term(header: Header, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    """The rows, in which a missing term is ``NO_TERM`` regardless of its prefix."""
    curies = {
        f"{prefix}:{NO_TERM_IRI.removeprefix(start)}"
        for prefix, start in header["curie_map"].items()
        if NO_TERM_IRI.startswith(start)
    }
    for line, cells in rows:
        ends = {name: NO_TERM for name in _ENDS if cells.get(name) in curies}
        yield line, {**cells, **ends}


def _shown(cell: str) -> str:
    """The cell with invisible characters, which reading refuses, as their numbers."""
    return "\r".join(map(numbered, cell.split("\r")))


def _refuse_hidden(text: str, path: Path) -> None:
    hidden = HIDDEN.search(text.replace("\r", ""))
    if hidden:
        line = hidden.string.count("\n", 0, hidden.start()) + 1
        code = f"U+{ord(hidden[0]):04X}"
        raise InputError(f"{path}:{line}: there is an invisible character, {code}; delete it.")


def _extensions(header: Header) -> dict[str, str]:
    """The property of each column that the header defines in addition to the standard's."""
    definitions = header.get("extension_definitions", [])
    definitions = definitions if isinstance(definitions, list) else [definitions]
    return {
        str(definition["slot_name"]): str(definition.get("property", ""))
        for definition in definitions
        if isinstance(definition, dict) and definition.get("slot_name")
    }


def _need(names: Iterable[str], columns: list[str], line: int, path: Path) -> None:
    for name in names:
        if name not in columns:
            raise InputError(f"{path}:{line}: the column {name} is missing.")


def _no_link(cells: dict[str, str]) -> str:
    """The reason why a row proposes no link; empty if it does."""
    kinds = {cells.get(name, "") for name in _TYPES}
    if _LITERAL in kinds:
        return "a side is a literal"
    if _EXPRESSION in kinds:
        return "a side is an expression made of several terms"
    if NO_TERM in (cells.get(name) for name in _ENDS):
        return "it says that there is no such term"
    predicate = cells.get("predicate_id", "")
    if predicate and predicate not in RELATIONS:
        return f'"{predicate}" is not one of {", ".join(RELATIONS)}'
    return ""


def _refuse_predicates(mappings: MappingSet, path: Path) -> None:
    for line, mapping in zip(mappings.lines, mappings.mappings, strict=True):
        if mapping.predicate_id not in RELATIONS:
            raise InputError(
                f'{path}:{line}: predicate_id: "{mapping.predicate_id}" is not one of '
                f"{', '.join(RELATIONS)}."
            )


def mapping_bytes(mappings: MappingSet, columns: Iterable[str] = NEEDED) -> bytes:
    """The mapping set in the canonical form: sorted, prefixes and columns that are used.

    ``columns`` are written even if no mapping uses them. Raises UsageError for an identifier
    whose prefix is not declared.
    """
    extensions = _extensions(mappings.header)
    names = (*COLUMNS, *sorted(extensions, key=lambda name: (extensions[name], name)))
    rows = sorted({_canonical(mapping, names) for mapping in mappings.mappings})
    used = {name for row in rows for name, cell in zip(names, row, strict=True) if cell}
    used |= {*columns}
    written = [name for name in names if name in used]
    lines = [header_text(_header(mappings)), "\t".join(written) + "\n"]
    for row in rows:
        cells = zip(names, row, strict=True)
        lines.append(
            "\t".join(cell_text(_shown(cell)) for name, cell in cells if name in used) + "\n"
        )
    return "".join(lines).encode()


def _mapping(cells: dict[str, str]) -> Mapping:
    own = {name: cell for name, cell in cells.items() if name in Mapping._fields}
    rest = tuple(sorted((name, cell) for name, cell in cells.items() if name not in own))
    return Mapping(**{"subject_id": "", **own}, rest=rest)


def _propagated(header: Header, rows: list[tuple[int, Mapping]]) -> MappingSet:
    """The mappings, each with the values that the header gives for all."""
    mappings = [mapping for _, mapping in rows]
    for slot in _PROPAGATED:
        value = header.get(slot)
        if (
            isinstance(value, str)
            and mappings
            and not any(getattr(mapping, slot) for mapping in mappings)
        ):
            shared: dict[str, Any] = {slot: value}
            mappings = [mapping._replace(**shared) for mapping in mappings]
            header = {name: other for name, other in header.items() if name != slot}
    return MappingSet(header, tuple(mappings), tuple(line for line, _ in rows))


def _checked(mappings: MappingSet, path: Path) -> MappingSet:
    problems: dict[str, str] = {}
    for line, mapping in zip(mappings.lines, mappings.mappings, strict=True):
        for column, problem in cell_problems(mapping.cells, mappings.prefixes, problems):
            raise InputError(f"{path}:{line}: {column}: {problem}")
    return mappings


def _canonical(mapping: Mapping, names: Iterable[str]) -> tuple[str, ...]:
    """The cells in the order of the columns."""
    if mapping.confidence:
        number = Decimal(mapping.confidence).quantize(Decimal("0.001"), ROUND_HALF_UP).normalize()
        mapping = mapping._replace(confidence=f"{abs(number):f}")  # not -0
    cells = mapping.cells
    return tuple(cells.get(name, "") for name in names)


def _header(mappings: MappingSet) -> Header:
    """The header, with the prefixes that are used and not built in as its curie_map."""
    curies = set()
    for mapping in mappings.mappings:
        cells = mapping.cells
        for slot in REFERENCES:
            curies |= set(values_of(slot, cells.get(slot, "")))
    for curie in sorted(curies - {""}):
        mappings.expand(curie)  # raises UsageError for a prefix that is not declared
    curies |= {cell for mapping in mappings.mappings for _, cell in mapping.rest}
    header = {key: value for key, value in mappings.header.items() if key != "curie_map"}
    curies |= set(_texts(header))
    used = {curie.partition(":")[0] for curie in curies} & set(mappings.prefixes) - set(BUILT_IN)
    return {**header, "curie_map": {name: mappings.prefixes[name] for name in sorted(used)}}


def _texts(value: Any) -> Iterator[str]:
    """The texts of the header, at any depth."""
    if isinstance(value, str):
        yield value
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
