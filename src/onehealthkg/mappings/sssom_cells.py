"""Errors in the cells of a mapping and in the prefixes of its identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyoxigraph import NamedNode

from onehealthkg.days import is_day
from onehealthkg.mappings.sssom_slots import (
    BUILT_IN,
    JUSTIFICATIONS,
    NEEDED,
    REFERENCES,
    values_of,
)

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")  # of xsd:double


def prefix_problem(curie_map: Any) -> str:
    """The error in the prefixes of a header, or empty."""
    if not isinstance(curie_map, dict):
        return "must be lines prefix: IRI"
    for prefix, iri in curie_map.items():
        if not is_prefix(prefix, iri):
            return f'"{prefix}: {iri}" is not a prefix and an IRI'
        if BUILT_IN.get(prefix, iri) != iri:
            return f"{prefix} always means {BUILT_IN[prefix]}"
    return ""


def is_prefix(prefix: str, iri: Any) -> bool:
    """Whether the standard allows the prefix, and it means an IRI."""
    is_name = re.fullmatch(r"[A-Za-z_][\w.-]*", prefix)
    return isinstance(iri, str) and bool(is_name) and _is_iri(iri)


def cell_problems(
    cells: dict[str, str], prefixes: dict[str, str], known: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Each column with an invalid cell, and the reason; ``known`` caches the reasons by CURIE."""
    for column in (name for name in REFERENCES if name in cells or name in NEEDED):
        for curie in values_of(column, cells.get(column, "")):
            if curie not in known:
                known[curie] = _curie_problem(curie, prefixes)
            if known[curie]:
                yield column, known[curie]
    justification = cells.get("mapping_justification", "")
    if justification.startswith("semapv:") and justification not in JUSTIFICATIONS:
        yield (
            "mapping_justification",
            f'"{justification}" is not one of {", ".join(JUSTIFICATIONS)}.',
        )
    for column, is_right, right in (
        (
            "predicate_modifier",
            lambda cell: cell == "Not",
            "is not a modifier that SSSOM defines; write Not, or nothing",
        ),
        ("mapping_date", is_day, "is not a date such as 2026-01-31"),
        ("confidence", _is_share, "is not a number from 0 to 1 such as 0.95"),
    ):
        cell = cells.get(column, "")
        if cell and not is_right(cell):
            yield column, f'"{cell}" {right}.'


def _curie_problem(curie: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = curie.partition(":")
    if not curie:
        return "this is empty; write an identifier such as mesh:D015047."
    if not colon or not local or local.startswith("//") or re.search(r"\s", curie):
        return f'"{curie}" is not a short identifier such as mesh:D015047.'
    if prefix not in prefixes:
        return f'"{curie}": the curie_map in the header does not declare {prefix}.'
    return "" if _is_iri(prefixes[prefix] + local) else f'"{curie}" does not give an IRI.'


def _is_share(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and 0 <= float(text) <= 1


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
