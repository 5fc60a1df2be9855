"""Rows of terms as tables for people: plain text, Markdown, a web page (and ``spreadsheet``).

IRIs are shown in their short forms (``id:organisation-anses``), literals by their words.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import compact
from onehealthkg.safe import printable
from onehealthkg.terms import Term, plain

Rows = Sequence[Sequence[Term | None]]


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
    cited: Sequence[object] = (),
    also_from: Sequence[str] = (),
) -> str:
    """A web page with the table, which stands alone; its own words are in ``language``.

    ``cited`` are the ``Sentences`` behind each row, for a last column; ``also_from`` tells of
    endpoints that gave a part of the rows. UsageError for a language that has no words.
    """
    from onehealthkg.html import render
    from onehealthkg.wording import words

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


def _marked(term: Term | None) -> str:
    """A cell of Markdown, its signs escaped: https://spec.commonmark.org/0.31.2/#backslash-escapes."""
    return "".join(f"\\{one}" if one in r"\`*_[]<>#|~&" else one for one in printable(cell(term)))


def _shown(term: Term | None) -> dict[str, str]:
    """A cell of a page: its text, the IRI of a thing, the language of a text."""
    return {
        "text": cell(term),
        "iri": term.value if isinstance(term, NamedNode) else "",
        "language": (term.language or "") if isinstance(term, Literal) else "",
    }
