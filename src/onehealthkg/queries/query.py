"""Running queries: a bundled question by its name, a file, or the text of a query.

A query runs on pyoxigraph over the merged graph: the default graph has each fact once, the named
graphs show which sentences state it. Measured with pyoxigraph 0.5.13, and tested:

- ``SERVICE`` calls any address, in every form and place, and ``SILENT`` hides that it did; so a
  query with it is refused before it runs (see ``rdf.sparql_files``). Python cannot give the engine
  a handler; ``vocabularies.federate`` calls endpoints instead;
- ``FROM`` and ``FROM NAMED`` open nothing: a graph that the store does not have is empty;
- ``LOAD``, ``INSERT`` and all other updates are not queries, and are a syntax error;
- brackets nested ten thousand deep overflow the stack and end the process, and no query can be
  stopped from Python; so a user's query runs in a separate process, see ``limits``. An answer
  has at most ``LARGEST`` bytes and ``results.MOST`` rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
)

from onehealthkg.dataset.units import WHOLE
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import read_text
from onehealthkg.limited import limited
from onehealthkg.names import PREFIXES
from onehealthkg.paths import Project
from onehealthkg.queries.parameters import Given, bind, terms
from onehealthkg.queries.questions import Question, parse, question_named, questions
from onehealthkg.queries.results import Result
from onehealthkg.queries.syntax import message
from onehealthkg.rdf.sparql_files import has_service, parse_query
from onehealthkg.terms import QuadSource, Term

if TYPE_CHECKING:
    from typing_extensions import Buffer

USER_SECONDS = 30.0
"""The default time limit of a user's own query, in seconds."""

LARGEST = 128 << 20
"""The limit on the size of an answer, as SPARQL JSON results or N-Triples, in bytes."""

LONGEST, LARGEST_FILE = 500_000, 4_000_000
"""The limits on a query: its characters, and the bytes of its file."""

NETWORK = ("hubs", "shortest-path")
"""The questions whose values networkx computes."""

_TABLE, _TRUTH, _TRIPLES = b"S", b"B", b"T"
_WORDS_WITHOUT_BRACES = tuple(
    f"{word} " for word in ("DESCRIBE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
)
"""The words with which SPARQL may begin that has no braces; updates get a message of their own."""


def run(
    store: QuadSource,
    project: Project,
    query: str | Question,
    parameters: Mapping[str, Given | Sequence[Given]] | None = None,
    language: str = "en",
    seconds: float | None = None,
) -> Result:
    """The answer to a query: the name of a bundled question, a file's path, SPARQL, or a Question.

    ``store`` has the RDF merge as its default graph. ``parameters`` map names to texts or RDF
    terms, or several of them; ``language`` is that of the labels. ``seconds`` limits the time; 0 is
    no limit. By default a bundled question has no limit, any other query 30 seconds.

    Raises UsageError for an unknown name, a wrong parameter or a forbidden keyword; InputError
    for a file that cannot be read or is not a query, with file, line and column; TimeLimit.
    """
    asked, parameter_terms, ours = prepare(store, project, query, parameters, language)
    if seconds is None:
        seconds = 0 if ours else USER_SECONDS
    return answer(store, asked, parameter_terms, seconds, ours, language)


def prepare(
    store: QuadSource,
    project: Project,
    query: str | Question,
    parameters: Mapping[str, Given | Sequence[Given]] | None = None,
    language: str = "en",
) -> tuple[Question, dict[str, list[Term]], bool]:
    """A question with its parameters bound, their terms, and whether it is a bundled one.

    Takes the arguments of ``run`` and raises the same errors; nothing is evaluated.
    """
    asked, ours = find(project, query) if isinstance(query, str) else (query, False)
    given = dict(parameters or {})
    if any(parameter.name == "lang" for parameter in asked.parameters):
        given.setdefault("lang", language)
    parameter_terms = terms(store, asked, given)
    bound = asked._replace(text=bind(asked, parameter_terms))
    if ours and asked.place in NETWORK:
        from onehealthkg.queries.network import filled

        bound = bound._replace(text=filled(store, bound, parameter_terms))
    return bound, parameter_terms, ours


def example_questions(project: Project) -> Iterator[Question]:
    """The questions without required values.

    Those whose queries are written from the whole network are left out of a large project.
    """
    is_large = len(project.records) + len(project.texts) >= WHOLE
    for question in questions(project):
        is_complete = all(parameter.default is not None for parameter in question.parameters)
        if is_complete and not (is_large and question.place in NETWORK):
            yield question


def find(project: Project, query: str) -> tuple[Question, bool]:
    """The question given by name, path or text, and whether it is bundled."""
    if "{" in query or query.lstrip().upper().startswith(_WORDS_WITHOUT_BRACES):
        return own("query", query), False
    if query.endswith((".rq", ".sparql")) or os.sep in query:
        if "\0" in query:
            raise UsageError("a path has no NUL character.")
        return own(query, read_text(Path(query), LARGEST_FILE)), False
    return question_named(project, query), True


def answer(
    store: QuadSource,
    asked: Question,
    parameter_terms: Mapping[str, Sequence[object]],
    seconds: float = 0,
    ours: bool = True,
    language: str = "en",
) -> Result:
    """A store's answer to a query whose parameters are bound."""
    _refuse_unreadable(asked)
    prefixes = None if ours else prefixes_in(asked.text)

    def work() -> bytes:
        _refuse_service(asked, prefixes)
        return _evaluate(store, asked, prefixes)

    start = perf_counter()
    data = limited(work, seconds, asked.place) if seconds else work()
    return Result(
        asked, parameter_terms, data[:1], data[1:], perf_counter() - start, store, language
    )


def check_syntax(asked: Question) -> None:
    """Raise InputError, with place, line, column and a hint, for a query that cannot be run."""
    _refuse_unreadable(asked)
    _parse(asked, asked.text, prefixes_in(asked.text))


def calls_others(asked: Question, seconds: float) -> bool:
    """Whether a query has SERVICE, decided within a time limit; InputError if it is not a query."""
    _refuse_unreadable(asked)
    if "service" not in asked.text.lower():
        return False

    def work() -> bytes:
        check_syntax(asked)
        return b"1" if has_service(asked.text, prefixes_in(asked.text)) else b""

    return bool(limited(work, seconds, asked.place) if seconds else work())


def whole(asked: Question) -> str:
    """The text of a query with the declarations of the project's prefixes that it may need."""
    declared = (f"PREFIX {name}: <{iri}>" for name, iri in prefixes_in(asked.text).items())
    return "\n".join([*declared, asked.text])


def own(place: str, text: str) -> Question:
    """A user's own query, from ``place``; its header is read if it has parameters.

    A byte order mark before the text is removed.
    """
    text = text.removeprefix("\ufeff")
    if any(line.startswith("#+ parameters:") for line in text.split("\n")):
        return parse(place, text)
    return Question(place, text)


def prefixes_in(text: str) -> dict[str, str]:
    """The project's prefixes, which users need not declare."""
    return {prefix: iri for prefix, iri in PREFIXES.items() if f"{prefix}:" in text}


def _evaluate(store: QuadSource, asked: Question, prefixes: dict[str, str] | None) -> bytes:
    """The answer as a letter for its kind, and SPARQL JSON results or N-Triples."""
    try:
        results = store.query(asked.text, prefixes=prefixes)
        if isinstance(results, QuerySolutions):
            return _TABLE + _bytes(asked.place, results, QueryResultsFormat.JSON)
        if isinstance(results, QueryBoolean):
            return _TRUTH + _bytes(asked.place, results, QueryResultsFormat.JSON)
        return _TRIPLES + _bytes(asked.place, results, RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise _syntax(asked, error) from None
    except (RuntimeError, OSError, ValueError) as error:
        raise UsageError(f"{asked.place}: the query cannot be answered: {error}.") from None


def _bytes(
    place: str, results: QuerySolutions | QueryBoolean | QueryTriples, form: object
) -> bytes:
    answer = _Answer(place)
    results.serialize(answer, format=form)  # type: ignore[arg-type]
    return answer.getvalue()


class _Answer(BytesIO):
    """The engine's output; UsageError if it exceeds the limit of an answer."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def write(self, data: Buffer) -> int:
        size = super().write(data)
        if self.tell() > LARGEST:
            raise UsageError(
                f"{self._place}: the answer has more than {LARGEST >> 20} MB; ask for fewer rows "
                "or columns, as with LIMIT, or export the graph."
            )
        return size


def _refuse_unreadable(asked: Question) -> None:
    try:
        asked.text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{asked.place}: the query is not UTF-8.") from None
    if len(asked.text) > LONGEST:
        raise UsageError(
            f"{asked.place}: the query has {len(asked.text):,} characters; at most {LONGEST:,} are "
            "read: split it into several queries."
        )


def _refuse_service(asked: Question, prefixes: dict[str, str] | None) -> None:
    if "service" not in asked.text.lower():
        return

    if has_service(asked.text, prefixes):
        raise UsageError(
            f"{asked.place}: SERVICE is not allowed: a query is answered from this graph alone, "
            "except for the vocabularies given with --remote NAME."
        )


def _parse(asked: Question, text: str, prefixes: dict[str, str] | None) -> None:
    try:
        parse_query(text, prefixes)
    except SyntaxError as error:
        raise _syntax(asked, error) from None


def _syntax(asked: Question, error: SyntaxError) -> InputError:
    return InputError(message(asked.place, asked.text, error.msg))
