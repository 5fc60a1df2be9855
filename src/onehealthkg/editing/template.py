"""The template of a table of partnerships: a column a field, and one row as an example.

As a spreadsheet all its cells are text, so that Excel makes no day of a month, and its columns tell
what belongs into them.
"""

from __future__ import annotations

import csv
import io

from onehealthkg.editing.fields import FIELDS


def csv_template(*, mark: bool) -> bytes:
    """The template as CSV; with a ``mark`` Excel sees that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([one.name for one in FIELDS])
    writer.writerow([one.example for one in FIELDS])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def xlsx_template() -> bytes:
    """The template as a spreadsheet, with a note on each column."""
    from datetime import datetime, timezone

    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    data = io.BytesIO()
    with Workbook(data, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=timezone.utc)})
        sheet = book.add_worksheet("partnerships")
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        bold.set_num_format("@")
        sheet.set_column(0, len(FIELDS) - 1, 22, text)
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(FIELDS):
            several = " Several: a semicolon between." if field.many else ""
            needed = " Needed." if field.needed else ""
            sheet.write_string(0, column, field.name, bold)
            sheet.write_comment(0, column, f"{field.question}\n{field.help}{several}{needed}")
            sheet.write_string(1, column, field.example, text)
    return data.getvalue()
