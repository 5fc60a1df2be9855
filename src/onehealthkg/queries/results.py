"""Answers of queries as files: tables in nine formats, graphs in any format of RDF.

The answer is kept as the engine returns it: SPARQL JSON results for SELECT and ASK, N-Triples for
CONSTRUCT and DESCRIBE. ``json``, ``xml``, ``csv`` and ``tsv`` are the formats of the W3C, written
by the engine: https://www.w3.org/TR/sparql11-results-json/,
https://www.w3.org/TR/rdf-sparql-XMLres/, https://www.w3.org/TR/sparql11-results-csv-tsv/.

CSV is exact, so a spreadsheet may run a cell that begins with ``=`` as a formula; ``xlsx`` is for
spreadsheets, and has texts as texts. ``table``, ``markdown`` and ``html`` are for people, with
headings in words and names in place of ids; see ``tables``. The other formats have all columns
under their names. Several values in a column under ``lists`` are one text, separated by ``; ``;
in ``json`` they are a list of terms, an extension of the W3C's format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from pyoxigraph import (
    Literal,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from onehealthkg.errors import OutputError, UsageError
from onehealthkg.labels import label
from onehealthkg.names import PREFIXES
from onehealthkg.queries import tables
from onehealthkg.queries.joined import (
    Binding,
    Groups,
    groups,
    one_row,
    one_row_of_cells,
    with_lists,
    with_texts,
)
from onehealthkg.queries.questions import Question
from onehealthkg.queries.tables import AnswerTable, as_text
from onehealthkg.safe import NOT_IN_XML, with_carriage_returns
from onehealthkg.terms import QuadSource, Term, plain, python_value
from onehealthkg.words import words_or_english

_JSON = QueryResultsFormat.JSON
EXACT = {
    "csv": QueryResultsFormat.CSV,
    "json": _JSON,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
TABLES = ("table", "markdown", "html", "xlsx")
GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "json-ld": RdfFormat.JSON_LD,
    "n3": RdfFormat.N3,
}
FORMATS = (*TABLES, *EXACT, *GRAPHS)
MOST, MOST_COLUMNS = 1_000_000, 1_000
"""The limits on the rows or triples of an answer, and on its columns."""

BY_ENDING = {
    ".csv": "csv",
    ".html": "html",
    ".json": "json",
    ".jsonld": "json-ld",
    ".md": "markdown",
    ".n3": "n3",
    ".nq": "nquads",
    ".nt": "ntriples",
    ".rdf": "rdfxml",
    ".srj": "json",
    ".srx": "xml",
    ".trig": "trig",
    ".tsv": "tsv",
    ".ttl": "turtle",
    ".txt": "table",
    ".xlsx": "xlsx",
    ".xml": "xml",
}


class Result:
    """The answer to a query, with the query's text as sent, its parameters and the time.

    ``store`` is the queried store, for labels; ``language`` is the default language of tables.
    ``columns`` and ``rows`` are those of a SELECT, ``groups`` the indexes of the rows shown as one,
    each alone if the question has no lists; ``truth`` is the answer of an ASK, ``triples`` those of
    a CONSTRUCT or DESCRIBE; each is empty, or None, for the other kinds. ``shown`` are the columns
    of tables, in this order; empty means all.
    """

    def __init__(
        self,
        question: Question,
        parameters: Mapping[str, Sequence[object]],
        kind: bytes,
        data: bytes,
        seconds: float,
        store: QuadSource,
        language: str = "en",
    ) -> None:
        self.question = question
        self.parameters = parameters
        self.seconds = seconds
        self.is_graph = kind == b"T"
        self.truth: bool | None = None
        self.columns: list[str] = []
        self.rows: list[list[Term | None]] = []
        self.groups: Groups = []
        self.shown: Sequence[str] = ()
        self.triples: list[Quad] = []
        self._data = data
        self._store = store
        self._language = language
        if self.is_graph:
            quads = parse(data, format=RdfFormat.N_TRIPLES)
            self.triples = sorted(set(islice(quads, MOST + 1)), key=str)
            self._refuse_more(len(self.triples), MOST, "triples")
        else:
            self._read(parse_query_results(data, format=_JSON))

    def _read(self, solutions: QuerySolutions | QueryBoolean) -> None:
        if isinstance(solutions, QueryBoolean):
            self.truth = bool(solutions)
        else:
            self.columns = [variable.value for variable in solutions.variables]
            self._refuse_more(len(self.columns), MOST_COLUMNS, "columns")
            rows = ([solution[name] for name in self.columns] for solution in solutions)
            self.rows = list(islice(rows, MOST + 1))
            self._refuse_more(len(self.rows), MOST, "rows")
            self.groups = groups(self.columns, self.rows, self.question.lists)

    def _refuse_more(self, number: int, most: int, things: str) -> None:
        if number > most:
            raise UsageError(
                f"{self.question.place}: the answer has more than {most:,} {things}; ask for "
                "fewer, or export the graph."
            )

    def __len__(self) -> int:
        """The number of rows or triples; 1 for the answer of an ASK."""
        return len(self.triples) + len(self.groups) + (self.truth is not None)

    def __bool__(self) -> bool:
        """The answer of an ASK; for other queries, whether there are rows or triples."""
        return len(self) > 0 if self.truth is None else self.truth

    def __iter__(self) -> Iterator[dict[str, str | int | float | bool | None]]:
        """The rows as dictionaries: numbers and booleans of Python, else text; None for no value.

        A triple is a row of subject, predicate and object; a boolean is a row with ``answer``.
        """
        if self.truth is not None:
            yield {"answer": self.truth}
        for row in self.rows:
            yield dict(zip(self.columns, map(python_value, row), strict=True))
        for triple in self.triples:
            terms = (triple.subject, triple.predicate, triple.object)
            yield dict(
                zip(("subject", "predicate", "object"), map(python_value, terms), strict=True)
            )

    def _repr_html_(self) -> str:
        """The answer as Jupyter shows it: a table, whose texts are escaped."""
        if self.is_graph:
            from markupsafe import escape

            return f"<pre>{escape(self.text())}</pre>"
        return tables.as_html_table(self.table(in_words=True), self._language)

    def __repr__(self) -> str:
        return f"<Result of {self.question.place}: {len(self)}>\n{self}"

    def __str__(self) -> str:
        return self.text()

    def table(
        self, language: str = "", *, ids: bool = False, in_words: bool = False
    ) -> AnswerTable:
        """The rows as people read them; all columns for a query without a header.

        ``ids`` adds the ids of things, which are named by their labels. ``in_words`` is for dates,
        which otherwise are written as in the data.
        """
        language = language or self._language
        name = partial(label, self._store, language=language) if self.question.summary else None
        if self.truth is not None:
            return tables.table(*self._answer(), language, name=name)
        answer = tables.table(
            self.columns,
            self.rows,
            language,
            name=name,
            ids=ids,
            in_words=in_words,
            shown=self.shown,
        )
        return AnswerTable(
            answer.headings, [one_row_of_cells(answer.rows, group) for group in self.groups]
        )

    def text(self, width: int | None = 100, language: str = "", *, ids: bool = False) -> str:
        """The answer for people: a table, cut to ``width`` if it is not None; or Turtle."""
        if self.is_graph:
            return self.serialize("turtle").decode().rstrip("\n")
        if self.truth is not None:
            return "yes" if self.truth else "no"
        if not self.rows:
            return str(words_or_english(language or self._language)["no_rows"])
        headings, rows = self.table(language, ids=ids)
        return as_text(headings, [[cell.text for cell in row] for row in rows], width)

    def serialize(self, form: str, language: str = "", *, ids: bool = False) -> bytes:
        """The answer in one of ``FORMATS``; UsageError if it does not fit this kind of answer.

        ``language`` and ``ids`` are those of ``table``.
        """
        if self.is_graph:
            return self._graph(form)
        if form in EXACT:
            return self._exact(form)
        if form not in TABLES:
            raise UsageError(
                f'this answer is a table, not a graph: "{form}" is not one of '
                f"{', '.join((*TABLES, *EXACT))}."
            )
        if form == "table":
            return f"{self.text(None, language, ids=ids)}\n".encode()
        if form == "xlsx":
            from onehealthkg.queries.spreadsheet import as_xlsx

            return as_xlsx(*self._answer())
        answer = self.table(language, ids=ids, in_words=form == "html")
        if form == "markdown":
            return tables.as_markdown(answer).encode()
        language = language or self._language
        return tables.as_html(self.question.summary, answer, language).encode()

    def _answer(self) -> tuple[list[str], list[list[Term | None]]]:
        """The columns and rows, several values as a text; for a boolean, yes or no."""
        if self.truth is None:
            names = list(self.shown or self.columns)
            places = [self.columns.index(name) for name in names]
            rows = (one_row(self.rows, group) for group in self.groups)
            return names, [[row[place] for place in places] for row in rows]
        return ["answer"], [[Literal("yes" if self.truth else "no")]]

    def _exact(self, form: str) -> bytes:
        if form == "json":
            return self._as_one(partial(with_lists, lists=self.question.lists))
        if self.truth is not None and form != "xml":
            raise UsageError(f"the answer is yes or no, which has no {form}; use json or xml.")
        if form == "xml":
            self._refuse_not_xml()
        answer = parse_query_results(self.as_w3c(), format=_JSON)
        data = answer.serialize(format=EXACT[form]) or b""
        return with_carriage_returns(data) if form == "xml" else data

    def as_w3c(self) -> bytes:
        """The rows as SPARQL JSON results, several values as a text."""
        return self._as_one(with_texts)

    def _as_one(self, shape: Callable[[list[Binding]], Binding]) -> bytes:
        """SPARQL JSON results with a binding for each group of rows, and the columns shown."""
        if not (self.question.lists or self.shown):
            return self._data
        data = json.loads(self._data)
        bindings = data["results"]["bindings"]
        rows = (shape([bindings[number] for number in group]) for group in self.groups)
        names = data["head"]["vars"] = list(self.shown or self.columns)
        data["results"]["bindings"] = [
            {name: row[name] for name in names if name in row} for row in rows
        ]
        return json.dumps(data, ensure_ascii=False).encode()

    def _refuse_not_xml(self) -> None:
        """Raise OutputError for a character that XML forbids; the engine would write it."""
        for number, row in enumerate(self.rows, 1):
            for column, term in zip(self.columns, row, strict=True):
                character = NOT_IN_XML.search(plain(term))
                if character:
                    raise OutputError(
                        f"row {number}, ?{column}: XML has no character "
                        f"U+{ord(character.group()):04X}; choose another format, such as json."
                    )

    def _graph(self, form: str) -> bytes:
        form = "turtle" if form == "table" else form
        if form not in GRAPHS:
            raise UsageError(
                f'this answer is a graph, not a table: "{form}" is not one of {", ".join(GRAPHS)}.'
            )
        if form == "rdfxml":
            from onehealthkg.rdf.rdf_xml import rdf_xml  # compiles the letters of XML for 5 ms

            return rdf_xml(quad.triple for quad in self.triples)
        text = " ".join(map(str, self.triples))
        prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if iri in text}
        return serialize(self.triples, format=GRAPHS[form], prefixes=prefixes) or b""

    def explanation(self) -> str:
        """The query as it was sent, the parameters as terms, the time and the number of rows."""
        lines = [self.question.text.rstrip("\n"), ""]
        for name, terms in sorted(self.parameters.items()):
            lines.append(f"# {name} = {' '.join(map(str, terms))}")
        counted = "triples" if self.is_graph else "rows"
        lines.append(f"# {len(self)} {counted} in {self.seconds * 1000:.1f} ms")
        return "\n".join(lines)
