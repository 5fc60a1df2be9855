"""Rows shown as one: those that differ only in the columns listed under ``lists``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import Literal

from onehealthkg.queries.tables import Cell, Rows
from onehealthkg.terms import Term, plain

BETWEEN = "; "
"""The separator of several values in one cell."""

Groups = Sequence[Sequence[int]]
Binding = dict[str, Any]
"""A row of SPARQL JSON results, https://www.w3.org/TR/sparql11-results-json/#select-bindings."""


def groups(columns: Sequence[str], rows: Rows, lists: Sequence[str]) -> Groups:
    """The places of the rows that are shown as one, ordered by the first row of each group."""
    if not lists:
        return [[place] for place in range(len(rows))]
    alike: dict[tuple[Term | None, ...], list[int]] = {}
    alone = [place for place, name in enumerate(columns) if name not in lists]
    for number, row in enumerate(rows):
        alike.setdefault(tuple(row[place] for place in alone), []).append(number)
    return list(alike.values())


def values(rows: Rows, group: Iterable[int], place: int) -> list[Term]:
    """The different terms that a column has in a group of rows, in the order of the rows."""
    terms = (rows[number][place] for number in group)
    return list(dict.fromkeys(term for term in terms if term is not None))


def one_row(rows: Rows, group: Sequence[int]) -> list[Term | None]:
    """A group of rows as one, several values as a text."""
    return [_one(values(rows, group, place)) for place in range(len(rows[group[0]]))]


def one_row_of_cells(rows: Sequence[Sequence[Cell]], group: Sequence[int]) -> list[Cell]:
    """As ``one_row``, for a table as people read it."""
    return [
        _one_cell([cell for cell in dict.fromkeys(column) if cell.text])
        for column in zip(*(rows[number] for number in group), strict=True)
    ]


def with_lists(bindings: Sequence[Binding], lists: Sequence[str]) -> Binding:
    """A group of bindings as one, which has for each of ``lists`` a list of terms."""
    return bindings[0] | {name: _different(bindings, name) for name in lists}


def with_texts(bindings: Sequence[Binding]) -> Binding:
    """A group of bindings as one, several terms as a literal."""
    names = dict.fromkeys(name for binding in bindings for name in binding)
    return {name: _one_term(_different(bindings, name)) for name in names}


def _different(bindings: Sequence[Binding], name: str) -> list[Binding]:
    terms: list[Binding] = []
    for binding in bindings:
        if name in binding and binding[name] not in terms:
            terms.append(binding[name])
    return terms


def _one_term(terms: Sequence[Binding]) -> Binding:
    if len(terms) == 1:
        return terms[0]
    return {"type": "literal", "value": BETWEEN.join(term["value"] for term in terms)}


def _one(terms: Sequence[Term]) -> Term | None:
    if len(terms) < 2:
        return terms[0] if terms else None
    return Literal(BETWEEN.join(map(plain, terms)))


def _one_cell(cells: Sequence[Cell]) -> Cell:
    if len(cells) < 2:
        return cells[0] if cells else Cell()
    return Cell(BETWEEN.join(cell.text for cell in cells), parts=cells)
