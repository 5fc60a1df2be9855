"""The template of a table of partnerships: a column for each field, and a row as an example.

In the spreadsheet all cells are text, so that Excel does not turn a month into a day, and a note on
each column explains its values.
"""

import csv
import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from onehealthkg.editing.fields import FIELDS, RecordField
from onehealthkg.queries.spreadsheet import workbook_bytes, write_text

_TEXT = "@"  # the number format of a text
_WIDTH = 22  # characters
_NOTE = {"width": 300, "height": 150}  # pixels


def csv_template(*, mark: bool) -> bytes:
    """The template as CSV; with a ``mark`` Excel sees that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in FIELDS])
    writer.writerow([field.example for field in FIELDS])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def xlsx_template() -> bytes:
    """The template as a spreadsheet, with a note on each column."""
    book = Workbook()
    sheet = book.active
    sheet.title = "partnerships"
    sheet.freeze_panes = "A2"
    for column, field in enumerate(FIELDS, 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.number_format = _WIDTH, _TEXT
        name, example = sheet.cell(1, column), sheet.cell(2, column)
        name.number_format = example.number_format = _TEXT
        name.font = Font(bold=True)
        name.comment = Comment(_note(field), "onehealthkg", **_NOTE)
        write_text(name, field.name)
        write_text(example, field.example)
    return workbook_bytes(book)


def _note(field: RecordField) -> str:
    several = " Separate several values with semicolons." if field.many else ""
    needed = " Required." if field.needed else ""
    return f"{field.question()}\n{field.help()}{several}{needed}"
