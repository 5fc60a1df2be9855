"""Spreadsheets (Office Open XML, ECMA-376) by openpyxl: the same bytes on every run.

A text is stored as a text, even if it begins with ``=`` or looks like an address, and a character
that XML lacks as ``_x0001_`` (ECMA-376, part 1, 22.9.2.19, ST_Xstring). Integers,
decimals and dates are numbers and dates if a spreadsheet stores them exactly. Content that does not
fit into a spreadsheet is refused, not cut: https://support.microsoft.com/office/1672b34d
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter
from pyoxigraph import Literal

from onehealthkg.errors import OutputError
from onehealthkg.files import zipped
from onehealthkg.names import PREFIXES
from onehealthkg.queries.tables import cell
from onehealthkg.terms import Term

LONGEST_TEXT, MOST_ROWS, MOST_COLUMNS = 32_767, 1_048_576, 16_384

_XSD = PREFIXES["xsd"]
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day; no time is meant
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DIGITS = 15  # that a number in a spreadsheet keeps
_FIRST_DATE = "1900-03-01"  # before it, spreadsheets disagree: they have a 29 February 1900
# Characters that XML forbids or changes, and the start of what would be read as one (ST_Xstring).
_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def as_xlsx(columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> bytes:
    """A workbook with one sheet of rows under their columns.

    Raises OutputError for more rows, more columns or a longer text than a spreadsheet holds.
    """
    if len(rows) >= MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise OutputError(
            f"A spreadsheet has at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns, and this "
            f"answer has {len(rows):,} and {len(columns):,}; choose another format, such as csv."
        )
    book = Workbook()
    sheet = book.active
    sheet.title = "Answer"
    sheet.freeze_panes = "A2"
    for column, name in enumerate(columns, 1):
        write_text(sheet.cell(1, column), name)
        sheet.cell(1, column).font = Font(bold=True)
    for number, row in enumerate(rows, 2):
        for column, term in enumerate(row, 1):
            if term is not None:
                _write(sheet.cell(number, column), term, columns[column - 1])
    return workbook_bytes(book)


def write_text(target: Cell, text: str) -> None:
    """Store a text in a cell unchanged, not as a formula, number, date or link."""
    target.value = _escaped(text)
    target.data_type = "s"  # whatever openpyxl took it for


def workbook_bytes(book: Workbook) -> bytes:
    """A workbook as a file, without the date and time at which it is written."""
    book.properties.creator = "onehealthkg"
    book.properties.created = book.properties.modified = _CREATED
    buffer = BytesIO()
    ExcelWriter(book, ZipFile(buffer, "w")).save()
    with ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def _write(target: Cell, term: Term, column: str) -> None:
    text = cell(term)
    kind = term.datatype.value.removeprefix(_XSD) if isinstance(term, Literal) else ""
    if kind in ("integer", "decimal") and len(text) <= _DIGITS and _NUMBER.fullmatch(text):
        target.value = float(text)
        return
    day = _day(text) if kind == "date" else None
    if day:
        target.value = day
        return
    length = len(_escaped(text).encode("utf-16-le")) // 2  # as spreadsheets count
    if length > LONGEST_TEXT:
        raise OutputError(
            f"Row {target.row - 1}, column {column}: a cell of a spreadsheet holds "
            f"{LONGEST_TEXT:,} characters, and this text has {length:,}; choose another format, "
            "such as csv."
        )
    write_text(target, text)


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _day(text: str) -> date | None:
    """The day of a text of ten characters; None for a day that spreadsheets lack."""
    if len(text) != 10 or text < _FIRST_DATE:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
