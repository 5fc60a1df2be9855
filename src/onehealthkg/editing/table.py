"""Tables that people fill in: CSV and XLSX as rows of texts with their row numbers.

The first row has the names of fields (``fields``). A CSV file is UTF-8, with or without Excel's
byte order mark, and has commas, semicolons (Excel in French) or tabs: the delimiter that splits the
first row into the most names of fields, so that nothing is guessed from the values
(https://www.rfc-editor.org/rfc/rfc4180).

In a spreadsheet the first visible sheet is read; ``cells`` returns the text of its cells. Formulas
are refused, because only the value of some earlier computation is known; so are merged cells, which
leave open which rows are meant, and hidden rows and columns, which nobody has checked. A file may
have ten megabytes, unpacked fifty, and no entities, so that neither a packed nor a nested bomb
fills the memory.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Container, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from onehealthkg.editing.cells import text_of
from onehealthkg.editing.fields import BY_NAME
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import decode, read_bytes
from onehealthkg.suggest import did_you_mean

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST, LARGEST_UNPACKED = 10_000_000, 50_000_000  # bytes
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_SHEETS = 5_000, 200, 500_000, 100
DELIMITERS = ",;\t"
_OTHERS = {
    b"<?xml": "XML, not a table",
    b"<html": "a page of HTML, not a table",
    b"<!DOCTYPE": "a page of HTML, not a table",
    b"%PDF-": "a PDF file",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "a file of Excel before 2007 (.xls), or has a password",
    b"mimetypeapplication/vnd.oasis.opendocument": "an OpenDocument file (.ods)",
}
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
MOST_SPREAD = 100_000  # cells that are merged with others, or linked together
_SPREAD = re.compile(
    rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=["']\$?([A-Za-z]{1,3})\$?(\d{1,7})"""
    rb""":\$?([A-Za-z]{1,3})\$?(\d{1,7})["']"""
)


class SheetRow(NamedTuple):
    """A row of a table: its number, from 1 for the names, and the filled cells by field."""

    number: int
    cells: dict[str, str]


class Problem(NamedTuple):
    """An error in a table; the column is a field's name, a letter, or empty for the row."""

    row: int
    column: str
    message: str


class Sheet(NamedTuple):
    """The non-empty rows of a table, and the errors in its form."""

    rows: list[SheetRow]
    problems: list[Problem]


def read_table(path: Path) -> Sheet:
    """The table of a file; InputError if it cannot be read at all."""
    data = read_bytes(path, LARGEST, "a table", "split it.")
    _refuse_others(path, data)
    cells = _xlsx(path, data) if data.startswith(b"PK") else _csv(path, data)
    return _table(path, cells)


def _refuse_others(path: Path, data: bytes) -> None:
    """Refuse other kinds of files by their content, regardless of the ending of the name."""
    for mark, kind in _OTHERS.items():
        if mark in data[:100]:
            raise InputError(f"{path}: this is {kind}; save it as .xlsx, or as CSV UTF-8.")


def _table(path: Path, cells: Iterator[tuple[int, dict[int, str | Problem]]]) -> Sheet:
    _, first = next(cells, (1, {}))
    texts = {at: cell.strip() for at, cell in first.items() if isinstance(cell, str)}
    names = {at: text.casefold() for at, text in texts.items() if text}
    unnamed = {at: cell for at, cell in first.items() if isinstance(cell, Problem)}
    problems = [*unnamed.values(), *_wrong_names(names)]
    if not set(names.values()) & set(BY_NAME) and not unnamed:
        raise InputError(
            f"{path}: row 1 has none of the columns of a table of partnerships; "
            "onehealthkg new --template makes one."
        )
    rows = []
    for number, row in cells:
        problems += [cell for cell in row.values() if isinstance(cell, Problem)]
        filled = {at: cell.strip() for at, cell in row.items() if isinstance(cell, str)}
        filled = {at: text for at, text in filled.items() if text}
        problems += [
            Problem(number, _letter(at), "The column has no name in row 1; is a cell unquoted?")
            for at in filled
            if at not in names and at not in unnamed
        ]
        if filled or any(isinstance(cell, Problem) for cell in row.values()):
            rows.append(
                SheetRow(number, {names[at]: text for at, text in filled.items() if at in names})
            )
        if len(rows) > MOST_ROWS:
            raise InputError(f"{path}: there are more than {MOST_ROWS:,} rows; split the table.")
    return Sheet(rows, problems)


def _wrong_names(names: dict[int, str]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for at, name in names.items():
        if name in seen:
            yield Problem(1, _letter(at), f"{name} names column {_letter(seen[name])} too.")
        elif name not in BY_NAME:
            right = did_you_mean(name, BY_NAME) or " See new --template."
            yield Problem(1, _letter(at), f'There is no field "{name}".{right}')
        seen.setdefault(name, at)


def _letter(at: int) -> str:
    """The letters of a column, from 0: A, B, ... Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _csv(path: Path, data: bytes) -> Iterator[tuple[int, dict[int, str | Problem]]]:
    try:
        text = decode(data, path).removeprefix("\ufeff")
    except InputError as error:
        raise InputError(f"{error} In Excel: save as “CSV UTF-8”.") from None
    first = text.partition("\n")[0]
    if first.strip().lower().startswith("sep="):  # a line that only Excel understands
        raise InputError(f"{path}:1: remove the line {first.strip()}; row 1 has the names.")
    delimiter = max(DELIMITERS, key=lambda sign: _names_in(first, sign))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(rows, 1):
            if any(row[MOST_COLUMNS:]):
                raise InputError(
                    f"{path}:{rows.line_num}: there are {len(row):,} columns; a table has at most "
                    f"{MOST_COLUMNS}: clear what is beside the table."
                )
            yield number, dict(enumerate(row[:MOST_COLUMNS]))
    except csv.Error as error:
        raise InputError(f"{path}:{rows.line_num}: this is not CSV: {error}.") from None


def _names_in(line: str, delimiter: str) -> int:
    names = (name.strip().strip('"').casefold() for name in line.split(delimiter))
    return sum(name in BY_NAME for name in names)


def _xlsx(path: Path, data: bytes) -> Iterator[tuple[int, dict[int, str | Problem]]]:
    import openpyxl

    _refuse_bomb(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that a table does not need
            book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
        sheet = _visible(book.worksheets)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except Exception:  # noqa: BLE001 - openpyxl raises anything for a broken file
        raise InputError(
            f"{path}: this is not a readable spreadsheet; open it in a spreadsheet program, and "
            "save it as .xlsx, or as CSV UTF-8."
        ) from None
    if sheet.max_row * sheet.max_column > MOST_CELLS or sheet.max_column > MOST_COLUMNS:
        raise InputError(
            f"{path}: there is something in row {sheet.max_row:,}, column "
            f"{_letter(sheet.max_column - 1)}; clear what is beside the table."
        )
    merged, hidden = _merged(sheet), _hidden_columns(sheet)
    for number, cells in enumerate(sheet.iter_rows(), 1):
        filled = {cell.column - 1: _value(cell, merged) for cell in cells}
        filled = {at: value for at, value in filled.items() if value}
        if filled and _is_hidden(sheet, number):
            message = "The row is hidden; show it, or delete it."
            filled = {0: Problem(number, "", message)}
        for at in hidden & filled.keys():
            message = "The column is hidden; show it, or delete it."
            filled[at] = Problem(number, _letter(at), message)
        yield number, filled


def _visible(sheets: list[Worksheet]) -> Worksheet:
    """The visible sheet with the table, else the first visible one; InputError if two have one."""
    if not sheets:
        raise InputError("there is no sheet with cells; save it again as .xlsx, or as CSV UTF-8.")
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not shown:
        raise InputError("all sheets are hidden; show the one with the table.")
    tables = [sheet for sheet in shown if _has_table(sheet)]
    if len(tables) > 1:
        raise InputError(
            f'the sheets "{tables[0].title}" and "{tables[1].title}" both have a table; keep one '
            "in this file, or hide it."
        )
    return (tables or shown)[0]


def _has_table(sheet: Worksheet) -> bool:
    """Whether the first row has the names of at least two fields."""
    first = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
    return len({str(cell).strip().casefold() for cell in first} & set(BY_NAME)) > 1


def _refuse_bomb(path: Path, data: bytes) -> None:
    """Refuse a file that would fill the memory, by the sizes that the archive declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > LARGEST_UNPACKED:
                raise InputError(
                    f"{path}: unpacked, the file has {size:,} bytes; a table has at most "
                    f"{LARGEST_UNPACKED:,}: clear what is beside the table, or save it as CSV."
                )
            members = archive.namelist()
            sheets = sum(member.startswith("xl/worksheets/sheet") for member in members)
            if sheets > MOST_SHEETS:
                raise InputError(
                    f"{path}: there are {sheets:,} sheets; keep only the sheet with the table."
                )
            for member in members:
                if member.endswith((".xml", ".rels")):
                    _refuse_xml(path, member, archive.read(member).replace(b"\0", b""))  # UTF-16
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"{path}: this is not a spreadsheet: {error}; save it again.") from None


def _refuse_xml(path: Path, member: str, xml: bytes) -> None:
    """Refuse entities, areas that openpyxl would expand to too many cells, and other dialects."""
    if b"<!DOCTYPE" in xml:
        raise InputError(f"{path}: {member} has a document type; save the file again.")
    if _STRICT in xml:
        raise InputError(f"{path}: this is “Strict Open XML”; save it as an ordinary .xlsx.")
    if xml.count(b"<c ") + xml.count(b":c ") + xml.count(b"<row") > MOST_CELLS:
        raise InputError(f"{path}: there are more than {MOST_CELLS:,} cells; split the table.")
    cells = 0
    for first, top, last, bottom in _SPREAD.findall(xml):
        cells += (_place(last) - _place(first) + 1) * (int(bottom) - int(top) + 1)
        if cells > MOST_SPREAD:
            area = f"{first.decode()}{int(top)}:{last.decode()}{int(bottom)}"
            raise InputError(
                f"{path}: more than {MOST_SPREAD:,} cells are merged or linked, such as {area}; "
                "unmerge them, remove the links, or save the table as CSV."
            )


def _place(letters: bytes) -> int:
    """The number of a column, from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _is_hidden(sheet: Worksheet, number: int) -> bool:
    if number not in sheet.row_dimensions:
        return False
    row = sheet.row_dimensions[number]
    return bool(row.hidden) or row.height == 0


def _hidden_columns(sheet: Worksheet) -> set[int]:
    """The hidden columns, from 0."""
    return {
        number - 1
        for area in sheet.column_dimensions.values()
        if area.hidden or area.width == 0
        for number in range(area.min or 1, min(area.max or 1, MOST_COLUMNS) + 1)
    }


def _merged(sheet: Worksheet) -> set[tuple[int, int]]:
    return {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def _value(cell: Cell, merged: Container[tuple[int, int]]) -> str | Problem:
    """The text of a cell, or the error in it."""
    at = cell.row, _letter(cell.column - 1)
    if (cell.row, cell.column) in merged:
        return Problem(*at, "The cell is merged with others; unmerge them, and fill each.")
    try:
        return text_of(cell)
    except UsageError as error:
        return Problem(*at, str(error))
