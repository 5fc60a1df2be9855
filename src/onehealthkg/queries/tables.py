"""Rows of terms as tables for people: plain text, Markdown, a web page, a spreadsheet.

IRIs are shown in their short forms (``id:organisation-anses``), literals by their words. A web page
links addresses of the web only, ``http:`` and ``https:``, as an IRI can be ``javascript:...``; it
stands alone and loads nothing. In a spreadsheet a text is a text, though it begin with ``=``;
integers, decimals and dates are numbers and dates.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import PREFIXES, compact
from onehealthkg.safe import printable
from onehealthkg.terms import Term, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[Term | None]]

_XSD = PREFIXES["xsd"]
_CELL = 32767  # letters in a cell: https://support.microsoft.com/office/1672b34d
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #bbb; padding: .3rem .8rem .3rem 0; text-align: left;
  vertical-align: top; }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; } a { color: #8ab4f8; } }
"""


def cell(term: Term | None) -> str:
    """A term in a table for people."""
    return compact(term.value) if isinstance(term, NamedNode) else plain(term)


def as_text(columns: Sequence[str], rows: Rows, width: int = 100) -> str:
    """The rows under their columns; where that is wider than ``width``, a block of lines a row."""
    cells = [[printable(cell(term)) for term in row] for row in rows]
    sizes = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    if not rows or sum(sizes) + 2 * (len(sizes) - 1) <= width:
        lines = [
            "  ".join(one.ljust(size) for one, size in zip(row, sizes, strict=True)).rstrip()
            for row in (columns, ["-" * size for size in sizes], *cells)
        ]
        return "\n".join(lines)
    label = max(map(len, columns), default=0)
    blocks = [
        "\n".join(
            f"{name.ljust(label)}  {one}" for name, one in zip(columns, row, strict=True) if one
        )
        for row in cells
    ]
    return "\n\n".join(blocks)


def as_markdown(columns: Sequence[str], rows: Rows, cited: Sequence[str] = ()) -> str:
    """A table of GitHub's Markdown, https://github.github.com/gfm/#tables-extension-.

    ``cited`` are cells of Markdown for a last column, one a row.
    """
    heads = [*columns, *(["sentences"] if cited else [])]
    cells = [[_marked(term) for term in row] for row in rows]
    cells = [[*row, one] for row, one in zip(cells, cited, strict=True)] if cited else cells
    lines = [heads, ["---"] * len(heads), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_html(
    title: str,
    columns: Sequence[str],
    rows: Rows,
    language: str = "en",
    cited: Sequence[str] = (),
) -> str:
    """A web page with the table, which stands alone; ``cited`` are HTML for a last column."""
    from html import escape

    heads = [*columns, *(["sentences"] if cited else [])]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    lines = ["".join(map(_data, row)) for row in rows]
    if cited:
        lines = [f"{row}<td>{one}</td>" for row, one in zip(lines, cited, strict=True)]
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}">\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
        "</body>\n</html>\n"
    )


def as_xlsx(columns: Sequence[str], rows: Rows) -> bytes:
    """An Office Open XML workbook with one sheet, the same bytes on every run."""
    from datetime import datetime
    from io import BytesIO

    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    output = BytesIO()
    book = Workbook(output, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no time of day is meant
    sheet = book.add_worksheet("Answer")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, term in enumerate(row):
            if term is not None:
                _write(sheet, number, column, term, day)
    sheet.freeze_panes(1, 0)
    book.close()
    return output.getvalue()


def _write(sheet: object, row: int, column: int, term: Term, day: object) -> None:
    from datetime import date, datetime

    text = cell(term)
    kind = term.datatype.value.removeprefix(_XSD) if isinstance(term, Literal) else ""
    if kind in ("integer", "decimal") and len(text) <= 15:
        sheet.write_number(row, column, float(text))  # type: ignore[attr-defined]
        return
    if kind == "date" and len(text) == 10 and text >= "1900-03-01":
        when = datetime.combine(date.fromisoformat(text), datetime.min.time())
        sheet.write_datetime(row, column, when, day)  # type: ignore[attr-defined]
        return
    sheet.write_string(row, column, printable(text)[:_CELL])  # type: ignore[attr-defined]


def _marked(term: Term | None) -> str:
    """A cell of Markdown, its signs escaped: https://spec.commonmark.org/0.31.2/#backslash-escapes."""
    return "".join(f"\\{one}" if one in r"\`*_[]<>#|~&" else one for one in printable(cell(term)))


def _data(term: Term | None) -> str:
    from html import escape

    text = escape(cell(term))
    if isinstance(term, NamedNode) and term.value.lower().startswith(("http://", "https://")):
        text = f'<a href="{escape(term.value)}">{text}</a>'
    if isinstance(term, Literal) and term.language:
        return f'<td lang="{escape(term.language)}">{text}</td>'
    return f"<td>{text}</td>"
