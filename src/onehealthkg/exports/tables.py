"""The facts as tidy CSV tables in a zip, described by a Frictionless data package.

https://datapackage.org/standard/data-package/ , https://datapackage.org/standard/table-schema/ ,
https://www.rfc-editor.org/rfc/rfc4180

A table has a row for each thing or fact of its kind; a thing that another table names has a row
even if nothing else is known about it, so that foreign keys are valid. ``table_rows`` defines the
tables. Files are UTF-8 with a byte order mark, without which Excel assumes another encoding; the
dates in the zip are constant.

A cell that a spreadsheet might run as a formula gets an apostrophe before it (``safe``).
"""

import csv as csv_files
import io
import json
from collections.abc import Iterable

from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.table_rows import TABLES, ExportedTable, Field, TableRow, rows_of
from onehealthkg.files import zipped
from onehealthkg.safe import for_spreadsheet

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
DESCRIPTION = (
    "Each fact with the sentence that states it. Cells that a spreadsheet would run as a formula "
    "have an apostrophe before them. The licence covers the statements; the quotes in the table "
    "passages belong to the publishers of the texts."
)


def csv(selection: Selection) -> bytes:
    """A zip with a CSV file for each table and a ``datapackage.json``."""
    return zipped(package(selection))


def package(selection: Selection) -> dict[str, bytes]:
    """The files of the data package by their names."""
    rows = rows_of(Facts(selection))
    files = {f"{table.name}.csv": _csv(table, rows[table.name]) for table in TABLES}
    described = json.dumps(describe(selection.version), ensure_ascii=False, indent=2) + "\n"
    return {"datapackage.json": described.encode(), **files}


def describe(version: str) -> dict[str, object]:
    """The descriptor of the data package; ``version`` is that of the data."""
    return {
        "$schema": PROFILE,
        "name": "onehealthkg",
        "id": "https://w3id.org/onehealthkg/",
        "title": "onehealthkg: One Health partnerships",
        "description": DESCRIPTION,
        "version": version,
        "licenses": [LICENCE],
        "contributors": [{"title": "onehealthkg contributors", "roles": ["creator"]}],
        "resources": [_resource(table) for table in TABLES],
    }


def _csv(table: ExportedTable, rows: Iterable[TableRow]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv_files.writer(text, quoting=csv_files.QUOTE_ALL)
    writer.writerow([field.name for field in table.fields])
    for row in rows:
        writer.writerow(map(_cell, table.fields, row))
    return text.getvalue().encode("utf-8-sig")


def _cell(field: Field, text: str) -> str:
    return text if field.type == "integer" else for_spreadsheet(text)


def _resource(table: ExportedTable) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(table, field) for field in table.fields]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {"fields": [field.name], "reference": {"resource": target, "fields": [key]}}
        for field in table.fields
        if field.refers_to
        for target, _, key in [field.refers_to.partition(".")]
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(table: ExportedTable, field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if field.name in table.key:
        constraints["required"] = True
    if field.pattern:
        constraints["pattern"] = field.pattern
    if field.values:
        constraints["enum"] = list(field.values)
    described = {"name": field.name, "type": field.type, "description": field.description}
    return described | ({"constraints": constraints} if constraints else {})
