"""Answers with the sentences behind each row: as text, JSON, Markdown and a web page.

As JSON the answer is SPARQL results (https://www.w3.org/TR/sparql11-results-json/) with one member
more, ``citations``, which has an object for each binding.
"""

from __future__ import annotations

import json

from pyoxigraph import Store

from onehealthkg.errors import UsageError
from onehealthkg.queries.cite import cite
from onehealthkg.queries.quotes import as_data, html, markdown, render
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import as_html, as_markdown, as_text

FORMATS = ("table", "json", "markdown", "html")


def cited(store: Store, result: Result, form: str, language: str = "en", width: int = 100) -> str:
    """The rows of an answer, each with the sentences that support it.

    UsageError for an answer without rows of a table, or for a format that has no place for
    sentences; NotCitable, with the reason, for a query whose rows cannot be cited.
    """
    if result.is_graph or result.truth is not None:
        raise UsageError("--cite is for the rows of a SELECT query.")
    if form not in FORMATS:
        raise UsageError(f"--cite goes with the formats {', '.join(FORMATS)}, not with {form}.")
    found = cite(store, result.question.text, result.columns, result.rows)
    if form == "json":
        data = json.loads(result.serialize("json"))
        data["citations"] = [as_data(store, one, language) for one in found]
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if form == "markdown":
        cells = [markdown(store, one, language) for one in found]
        return as_markdown(result.columns, result.rows, cells)
    if form == "html":
        title = result.question.summary or "Answer"
        cells = [html(store, one, language) for one in found]
        return as_html(title, result.columns, result.rows, language, cells)
    blocks = [
        f"{as_text(result.columns, [row], width)}\n\n{_indented(render(store, one, language))}\n"
        for row, one in zip(result.rows, found, strict=True)
    ]
    return "\n".join(blocks) or f"{result.text(width)}\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))
