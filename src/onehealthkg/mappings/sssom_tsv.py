"""The table of a mapping file: tab-separated values, read and written.

https://mapping-commons.github.io/sssom/spec-formats-tsv/#mappings-block . A table with commas
(SSSOM/CSV, a variant that other programs write) or with semicolons (Excel in French) is read too.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onehealthkg.errors import InputError
from onehealthkg.mappings.sssom_slots import NEEDED

_DELIMITERS = "\t,;"  # the standard's first

NumberedRow = tuple[int, dict[str, str]]
"""The line of a row, and its cells that have a value, by column."""


def read_table(text: str, first: int, path: Path) -> tuple[list[str], Iterator[NumberedRow]]:
    """The names of the columns, and the rows; ``first`` is the line of the names.

    Raises InputError, with the line, for an invalid table. Blank lines are skipped, as are tabs
    that a spreadsheet adds after names and cells; tabs of empty cells at the end of a line may be
    missing.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        columns = next(reader, [])
    except csv.Error as error:
        raise _no_table(path, first, error) from None
    while columns and not columns[-1]:
        columns.pop()
    for name, times in Counter(columns).items():
        if not name:
            raise InputError(f"{path}:{first}: a column has no name; name or remove it.")
        if times > 1:
            raise InputError(f"{path}:{first}: the column {name} occurs {times} times; keep one.")
    return columns, _rows(reader, columns, first, path)


def delimiter_of(text: str) -> str:
    """The sign between the cells of a table: the one that separates most names in ``NEEDED``."""
    names = text.partition("\n")[0].replace('"', "").strip()
    return max(_DELIMITERS, key=lambda sign: len({*names.split(sign)} & {*NEEDED}))


def _rows(reader: Any, columns: list[str], first: int, path: Path) -> Iterator[NumberedRow]:
    line = first + reader.line_num
    try:
        for cells in reader:
            if any(cells):
                if any(cells[len(columns) :]) or {*columns[len(cells) :]} & {*NEEDED}:
                    raise InputError(
                        f"{path}:{line}: the line has {len(cells)} cells, and there are "
                        f"{len(columns)} columns; separate cells by tabs."
                    )
                yield line, {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
            line = first + reader.line_num
    except csv.Error as error:
        raise _no_table(path, line, error) from None


def _no_table(path: Path, line: int, error: csv.Error) -> InputError:
    return InputError(
        f"{path}:{line}: the line cannot be read: {error}; a cell that begins with a quotation "
        "mark ends with one, and has those within it twice."
    )


def cell_text(text: str) -> str:
    """A cell as written in the table, quoted if necessary."""
    return '"' + text.replace('"', '""') + '"' if re.search('["\t\n\r]', text) else text
