"""Answers with the sentences behind each row, in every format of a table.

Text, Markdown and the web page have the sentences beside each row. As JSON the answer is SPARQL
results (https://www.w3.org/TR/sparql11-results-json/) with an additional member, ``citations``,
which has an object for each binding. The other formats have three additional columns: the quotes of
a row, their sources and their links, one on each line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from onehealthkg.citations.cite import Citation, cite, cite_together, for_readers
from onehealthkg.citations.quotes import Line, as_data, lines, markdown, render, sentences
from onehealthkg.errors import UsageError
from onehealthkg.queries.query import whole
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import AnswerTable, as_html, as_html_table, as_markdown, as_text
from onehealthkg.terms import QuadSource
from onehealthkg.words import words_or_english

_COLUMNS = ("quote", "source", "link")


def cited(
    store: QuadSource,
    result: Result,
    form: str,
    language: str = "en",
    width: int | None = 100,
    remotes: Sequence[str] = (),
    *,
    ids: bool = False,
    labels: bool = False,
) -> bytes:
    """The rows of an answer, each with the sentences that support it.

    ``language``, ``width`` and ``ids`` are those of ``Result.text``. ``remotes`` describe the calls
    to other endpoints, which have no sentences here; with ``labels``, the labels in the rows are
    cited too. UsageError for an answer without rows of a table, or for a format of graphs;
    NotCitable, with the reason, for a query whose rows cannot be cited.
    """
    found = citations(store, result, labels=labels)
    return _written(store, result, found, form, language, width, remotes, ids=ids)


def citations(
    store: QuadSource,
    result: Result,
    chosen: Sequence[int] | None = None,
    *,
    labels: bool = False,
) -> list[Citation]:
    """The citation of each row that a table shows, or of the ``chosen`` ones, counted from 0.

    Raises the same errors as ``cited``.
    """
    if result.is_graph or result.truth is not None:
        raise UsageError("only the rows of a SELECT query can be cited.")
    text, groups = whole(result.question), result.groups
    shown = groups if chosen is None else [groups[place] for place in chosen]
    rows = [[result.rows[number] for number in group] for group in shown]
    if result.question.lists:
        found = cite_together(store, text, result.columns, rows)
    else:
        found = cite(store, text, result.columns, [row for [row] in rows])
    return found if labels else [for_readers(citation) for citation in found]


class CitedResult:
    """An answer with the sentences behind each row.

    Iterating yields pairs: a row as ``Result`` yields it, and its list of ``Line``, each with
    ``quote``, ``source`` and ``link``. ``str`` and a notebook show both side by side.
    """

    def __init__(self, store: QuadSource, result: Result, language: str = "en") -> None:
        """Raises the same errors as ``cited``."""
        self.result = result
        self._store = store
        self._language = language
        self._citations = citations(store, result)

    def __len__(self) -> int:
        return len(self.result)

    def __iter__(self) -> Iterator[tuple[dict[str, str | int | float | bool | None], list[Line]]]:
        found = (lines(self._store, citation, self._language) for citation in self._citations)
        return zip(self.result, found, strict=True)

    def __str__(self) -> str:
        return self.serialize("table").decode().rstrip("\n")

    def __repr__(self) -> str:
        return f"<CitedResult of {self.result.question.place}: {len(self)}>\n{self}"

    def serialize(self, form: str) -> bytes:
        """The answer with its sentences in one of the formats of a table; else UsageError."""
        return _written(self._store, self.result, self._citations, form, self._language)

    def _repr_html_(self) -> str:
        """The answer as Jupyter shows it: a table, whose texts are escaped."""
        behind = [sentences(self._store, citation, self._language) for citation in self._citations]
        return as_html_table(self.result.table(in_words=True), self._language, behind)


def _written(
    store: QuadSource,
    result: Result,
    found: Sequence[Citation],
    form: str,
    language: str,
    width: int | None = 100,
    remotes: Sequence[str] = (),
    *,
    ids: bool = False,
) -> bytes:
    if form == "json":
        data = json.loads(result.serialize("json"))
        data["citations"] = [as_data(store, citation, language) for citation in found]
        data |= {"remotes": list(remotes)} if remotes else {}
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    if form not in ("table", "markdown", "html"):
        return _with_columns(store, result, found, language).serialize(form, language)
    table = result.table(language, ids=ids, in_words=form == "html")
    if form == "markdown":
        cells = [markdown(store, citation, language) for citation in found]
        also = "".join(f"\n{_also(remote, language)}\n" for remote in remotes)
        return (as_markdown(table, language, cells) + also).encode()
    if form == "html":
        behind = [sentences(store, citation, language) for citation in found]
        return as_html(result.question.summary, table, language, behind, remotes).encode()
    if not found:
        return f"{result.text(width, language)}\n".encode()
    return _text(store, table, found, language, width, remotes).encode()


def _text(
    store: QuadSource,
    table: AnswerTable,
    found: Sequence[Citation],
    language: str,
    width: int | None,
    remotes: Sequence[str],
) -> str:
    blocks = [
        f"{as_text(table.headings, [[cell.text for cell in row]], width)}\n\n"
        f"{_indented(render(store, citation, language))}\n"
        for row, citation in zip(table.rows, found, strict=True)
    ]
    return "\n".join([*blocks, *(f"{_also(remote, language)}\n" for remote in remotes)])


def _with_columns(
    store: QuadSource, result: Result, found: Sequence[Citation], language: str
) -> Result:
    """The answer with the columns of the citations after its own."""
    data = json.loads(result.as_w3c())
    names = [name if name not in result.columns else f"cited_{name}" for name in _COLUMNS]
    data["head"]["vars"] += names
    for row, citation in zip(data["results"]["bindings"], found, strict=True):
        columns = zip(*lines(store, citation, language), strict=True)
        for name, column in zip(names, columns, strict=True):
            row[name] = {"type": "literal", "value": "\n".join(column)}
    extended = json.dumps(data, ensure_ascii=False).encode()
    question = result.question._replace(lists=())
    return Result(question, result.parameters, b"S", extended, result.seconds, store)


def _also(remote: str, language: str) -> str:
    """The remark about an endpoint that supplied part of the rows."""
    return f"{words_or_english(language)['also_from']} {remote}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))
