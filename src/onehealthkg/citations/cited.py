"""Answers with the sentences behind each row: as text, JSON, Markdown and a web page.

As JSON the answer is SPARQL results (https://www.w3.org/TR/sparql11-results-json/) with one member
more, ``citations``, which has an object for each binding.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pyoxigraph import Store

from onehealthkg.citations.cite import cite
from onehealthkg.citations.quotes import as_data, markdown, render, sentences
from onehealthkg.errors import UsageError
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import as_html, as_markdown, as_text

FORMATS = ("table", "json", "markdown", "html")
ALSO = "Also from"
"""What stands before an endpoint that gave a part of the rows."""


def cited(
    store: Store,
    result: Result,
    form: str,
    language: str = "en",
    width: int | None = 100,
    remotes: Sequence[str] = (),
    *,
    ids: bool = False,
) -> str:
    """The rows of an answer, each with the sentences that support it.

    ``language``, ``width`` and ``ids`` are those of ``Result.text``. ``remotes`` tell what was
    asked of other endpoints, for which there are no sentences here.
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
        data |= {"remotes": list(remotes)} if remotes else {}
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    table = result.table(language, ids=ids, in_words=form == "html")
    if form == "markdown":
        cells = [markdown(store, one, language) for one in found]
        also = "".join(f"\n{ALSO} {remote}\n" for remote in remotes)
        return as_markdown(table, language, cells) + also
    if form == "html":
        behind = [sentences(store, one, language) for one in found]
        return as_html(result.question.summary, table, language, behind, remotes)
    blocks = [
        f"{as_text(table.headings, [[cell.text for cell in row]], width)}\n\n"
        f"{_indented(render(store, one, language))}\n"
        for row, one in zip(table.rows, found, strict=True)
    ]
    blocks += [f"{ALSO} {remote}\n" for remote in remotes] if blocks else []
    return "\n".join(blocks) or f"{result.text(width, language)}\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))
