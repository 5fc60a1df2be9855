"""Rows of terms as tables for people: plain text, Markdown, a web page, a spreadsheet.

IRIs are shown in their short forms (``id:organisation-anses``), literals by their words. In a
spreadsheet a text is a text, though it begin with ``=``; integers, decimals and dates are numbers
and dates.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import PREFIXES, compact
from onehealthkg.terms import Term, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[Term | None]]

_XSD = PREFIXES["xsd"]
_CELL = 32767  # letters in a cell: https://support.microsoft.com/office/1672b34d


def cell(term: Term | None) -> str:
    """A term in a table for people."""
    return compact(term.value) if isinstance(term, NamedNode) else plain(term)


def as_text(columns: Sequence[str], rows: Rows, width: int = 100) -> str:
    """The rows under their columns; where that is wider than ``width``, a block of lines a row."""
    cells = [[_line(cell(term)) for term in row] for row in rows]
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
    cited: Sequence[object] = (),
    also_from: Sequence[str] = (),
) -> str:
    """A web page with the table, which stands alone; its own words are in ``language``.

    ``cited`` are the ``Sentences`` behind each row, for a last column; ``also_from`` tells of
    endpoints that gave a part of the rows. UsageError for a language that has no words.
    """
    from onehealthkg.html import render, words

    heading = title or words(language)["answer"]
    return render(
        "answer.html",
        language,
        title=heading,
        heading=heading,
        columns=columns,
        rows=[[_shown(term) for term in row] for row in rows],
        cited=cited,
        also_from=also_from,
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
    sheet.write_string(row, column, _line(text)[:_CELL])  # type: ignore[attr-defined]


def _line(text: str) -> str:
    """The text on one line, without letters that move the cursor of a terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _marked(term: Term | None) -> str:
    """A cell of Markdown, its signs escaped: https://spec.commonmark.org/0.31.2/#backslash-escapes."""
    return "".join(f"\\{one}" if one in r"\`*_[]<>#|~&" else one for one in _line(cell(term)))


def _shown(term: Term | None) -> dict[str, str]:
    """A cell of a page: its text, the IRI of a thing, the language of a text."""
    return {
        "text": cell(term),
        "iri": term.value if isinstance(term, NamedNode) else "",
        "language": (term.language or "") if isinstance(term, Literal) else "",
    }
