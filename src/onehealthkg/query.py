"""The bundled questions: SPARQL files in queries/, one question a file.

They run on pyoxigraph over the merged graph: the default graph has each fact once, the named graphs
tell which sentences state it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pyoxigraph import QuerySolutions, Store

from onehealthkg.errors import InputError, UsageError
from onehealthkg.headers import read_header
from onehealthkg.paths import Project
from onehealthkg.terms import Term, merge, plain

KEYS = ("summary", "description")


class Rows(NamedTuple):
    """The answer of a SELECT query: the columns, and the rows with a term or None for each."""

    columns: list[str]
    rows: list[list[Term | None]]


def questions(project: Project) -> dict[str, str]:
    """The names of the bundled queries and their summaries, sorted."""
    return {path.stem: read_header(path, KEYS)[0]["summary"] for path in project.queries}


def query(store: Store, project: Project, name: str) -> Rows:
    """The answer to a bundled question; UsageError names those that there are."""
    known = {path.stem: path for path in project.queries}
    if name not in known:
        raise UsageError(f'There is no question "{name}"; there are: {", ".join(known)}.')
    return _select(merge(store), known[name])


def _select(store: Store, path: Path) -> Rows:
    try:
        solutions = store.query(read_header(path, KEYS)[1])
    except SyntaxError as error:
        raise InputError(f"{path}: {error}") from None
    if not isinstance(solutions, QuerySolutions):
        raise InputError(f"{path}: a question must be a SELECT query.")
    columns = [variable.value for variable in solutions.variables]
    return Rows(columns, [[solution[name] for name in columns] for solution in solutions])


def as_table(rows: Rows, width: int = 100) -> str:
    """The rows as a table, or where that is wider than ``width``, as a block of lines a row."""
    cells = [[plain(term) for term in row] for row in rows.rows]
    sizes = [max(map(len, column)) for column in zip(rows.columns, *cells, strict=True)]
    if sum(sizes) + 2 * len(sizes) <= width:
        lines = [
            "  ".join(cell.ljust(size) for cell, size in zip(row, sizes, strict=True)).rstrip()
            for row in (rows.columns, ["-" * size for size in sizes], *cells)
        ]
        return "\n".join(lines)
    label = max(map(len, rows.columns))
    blocks = [
        "\n".join(
            f"{name.ljust(label)}  {cell}" for name, cell in zip(rows.columns, row, strict=True)
        )
        for row in cells
    ]
    return "\n\n".join(blocks)
