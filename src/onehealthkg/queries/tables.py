"""Answers as tables for people: plain text, Markdown, a web page (and ``spreadsheet``).

An ``AnswerTable`` has headings in words, and labels of things in place of their ids. The labels are
those of another column of the answer, else those of the graph: ``agreementLabel`` has the labels of
``agreement``, ``label`` has those of the nearest preceding column of ids without labels of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from textwrap import fill
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import compact
from onehealthkg.safe import printable
from onehealthkg.terms import Term, plain
from onehealthkg.words import (
    Words,
    languages,
    literal_in_words,
    value_in_words,
    words,
    words_or_english,
)

Rows = Sequence[Sequence[Term | None]]

_LEAST = 12
"""The narrowest column into which a cell is cut; a date has 10 characters."""


class Cell(NamedTuple):
    """The text of a cell, the IRI of a thing, the language of a text.

    ``parts`` are the cells of the single values, if there are several.
    """

    text: str = ""
    iri: str = ""
    language: str = ""
    parts: Sequence[Cell] = ()

    @property
    def values(self) -> Sequence[Cell]:
        """The cells of the single values; empty for an empty cell."""
        return self.parts or ((self,) if self.text or self.iri else ())


class AnswerTable(NamedTuple):
    """Headings and rows as people read them."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def table(
    columns: Sequence[str],
    rows: Rows,
    language: str = "en",
    *,
    name: Callable[[NamedNode], str] | None = None,
    ids: bool = False,
    in_words: bool = False,
    shown: Sequence[str] = (),
) -> AnswerTable:
    """An answer as people read it, the words of the interface in ``language``, else in English.

    ``name`` returns the label of a thing; without it all columns and ids are unchanged. ``ids``
    appends the columns of ids. ``in_words`` is for dates, which otherwise are written as in the
    data. ``shown`` limits the table to these columns, in this order.
    """
    own = words_or_english(language)
    labels = _labels(columns, rows) if name else {}  # from the places of ids to their labels

    def cell_of(row: Sequence[Term | None], place: int) -> Cell:
        term, label = row[place], row[labels.get(place, place)]
        if name and isinstance(term, NamedNode):
            if isinstance(label, Literal):
                return Cell(label.value, term.value, label.language or "")
            return Cell(name(term), term.value)
        return _cell(term, own["cells"].get(columns[place], {}), own, in_words=in_words)

    usual = [place for place in range(len(columns)) if place not in labels.values()]
    places = [columns.index(name) for name in shown] or usual
    headings = [_heading(columns[place], own) for place in places]
    cells = [[cell_of(row, place) for place in places] for row in rows]
    if ids and name:
        of_ids = [at for at in places if any(isinstance(row[at], NamedNode) for row in rows)]
        headings += [f"{_heading(columns[place], own)} (id)" for place in of_ids]
        for row, row_cells in zip(rows, cells, strict=True):
            row_cells += [_id(row[place]) for place in of_ids]
    return AnswerTable(headings, cells)


def cell(term: Term | None) -> str:
    """A term as text: an IRI in its short form, ``id:organisation-anses``, a literal as it is."""
    return compact(term.value) if isinstance(term, NamedNode) else plain(term)


def as_text(
    headings: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None
) -> str:
    """The rows under their headings, no wider than ``width``.

    Cells that are too long are cut. If there are too many columns for that, a row is a block of
    lines, with nothing cut.
    """
    cells = [[printable(text) for text in row] for row in rows]
    sizes = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    if width is not None:
        longest = _longest(sizes, width - 2 * (len(sizes) - 1))
        if longest < min(_LEAST, max(sizes, default=0)):
            return _blocks(headings, cells, width)
        sizes = [min(size, longest) for size in sizes]
    lines = [
        "  ".join(_cut(text, size).ljust(size) for text, size in zip(row, sizes, strict=True))
        for row in (headings, ["-" * size for size in sizes], *cells)
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_markdown(answer: AnswerTable, language: str = "en", cited: Sequence[str] = ()) -> str:
    """A table of GitHub's Markdown, https://github.github.com/gfm/#tables-extension-.

    ``cited`` are cells of Markdown for a last column, one for each row, with a heading in
    ``language``.
    """
    last = [_marked(words_or_english(language)["sentences"])] if cited else []
    heads = [*map(_marked, answer.headings), *last]
    cells = [[_marked(cell.text) for cell in row] for row in answer.rows]
    cells = (
        [[*row, citation] for row, citation in zip(cells, cited, strict=True)] if cited else cells
    )
    lines = [heads, ["---"] * len(heads), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_html(
    title: str,
    answer: AnswerTable,
    language: str = "en",
    cited: Sequence[object] = (),
    also_from: Sequence[str] = (),
) -> str:
    """A self-contained web page with the table; its interface words are in ``language``.

    ``cited`` are the ``Sentences`` behind each row, for a last column; ``also_from`` names
    endpoints that supplied part of the rows. UsageError for an unsupported language.
    """
    from onehealthkg.html import render

    heading = title or words(language)["answer"]
    return render(
        "answer.html",
        language,
        title=heading,
        heading=heading,
        columns=answer.headings,
        rows=answer.rows,
        cited=cited,
        also_from=also_from,
    )


def as_html_table(answer: AnswerTable, language: str = "en", cited: Sequence[object] = ()) -> str:
    """The ``<table>`` of ``as_html`` alone, as a notebook shows it; English for other languages."""
    from onehealthkg.html import render

    language = language if language in languages() else "en"
    return render(
        "answer_table.html", language, columns=answer.headings, rows=answer.rows, cited=cited
    )


def _labels(columns: Sequence[str], rows: Rows) -> dict[int, int]:
    """The places of columns of ids, each with the place of the column that has their labels."""
    ids = [
        place
        for place in range(len(columns))
        if all(row[place] is None or isinstance(row[place], NamedNode) for row in rows)
    ]
    labels = {
        place: columns.index(f"{columns[place]}Label")
        for place in ids
        if f"{columns[place]}Label" in columns
    }
    if "label" in columns:
        at = columns.index("label")
        before = [place for place in ids if place < at and place not in labels]
        labels |= {before[-1]: at} if before else {}
    return labels


def _heading(column: str, own: Words) -> str:
    """The name of a column in words; an unknown name is split at its capitals."""
    name = column.removesuffix("Label") or column
    return str(own["columns"].get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _id(term: Term | None) -> Cell:
    return Cell(cell(term), term.value) if isinstance(term, NamedNode) else Cell()


def _cell(
    term: Term | None, meanings: dict[str, str], own: Words, *, in_words: bool = False
) -> Cell:
    if isinstance(term, NamedNode):
        return _id(term)
    if not isinstance(term, Literal):
        return Cell(cell(term))
    if term.language:
        return Cell(term.value, language=term.language)
    said = literal_in_words(term, own) if in_words else value_in_words(term, own)
    return Cell(meanings.get(term.value) or said)


def _longest(sizes: Sequence[int], room: int) -> int:
    """The length of a cell with which columns of these sizes fit side by side; 0 if none fits."""
    fitting = range(max(sizes, default=0), 0, -1)
    return next((most for most in fitting if sum(min(size, most) for size in sizes) <= room), 0)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 1].rstrip()}…"


def _blocks(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    size = max(map(len, headings))
    return "\n\n".join(
        "\n".join(
            _block_line(heading.ljust(size), text, width)
            for heading, text in zip(headings, row, strict=True)
            if text
        )
        for row in rows
    )


def _block_line(heading: str, text: str, width: int) -> str:
    """A heading and its text, which continues below itself; no word is broken."""
    indent = " " * (len(heading) + 2)
    return fill(
        text,
        max(width, len(indent) + _LEAST),
        initial_indent=f"{heading}  ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marked(text: str) -> str:
    """A cell of Markdown, its signs escaped: https://spec.commonmark.org/0.31.2/#backslash-escapes."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#|~&" else sign for sign in printable(text))
