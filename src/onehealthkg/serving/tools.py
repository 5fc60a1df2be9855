"""The graph as tools for a language model: https://modelcontextprotocol.io, over standard input.

Every answer has the sentences behind it with their links, or says that it has none, and marks
values that are inferred or assumed. Queries have limits on time and rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

import onehealthkg
from onehealthkg.citations.cited import cited
from onehealthkg.errors import OneHealthKGError
from onehealthkg.evidence.selection import select_cached
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.labels import label
from onehealthkg.limited import limited
from onehealthkg.names import compact
from onehealthkg.pages.finding import Index
from onehealthkg.pages.world import World
from onehealthkg.queries.query import own, run
from onehealthkg.queries.questions import Question, question_named
from onehealthkg.queries.results import Result
from onehealthkg.serving.description import listed

ROWS = 200
"""The limit on the rows of an answer."""

_SECONDS = 10.0
_CITING_SECONDS = 30.0
_LONGEST = 30_000  # characters of an answer
_INSTRUCTIONS = (
    "Who works with whom on One Health, and the sentence that says so. List the questions first, "
    "and prefer a question to writing SPARQL. Repeat an answer only with its quotes and links, and "
    "say whether a value is stated, inferred, assumed or only possible, as the answer does. An "
    "answer without rows means that nothing is recorded, not that nothing exists."
)

Arguments = ParamSpec("Arguments")


def server(graph: KnowledgeGraph) -> MCPServer[Any]:
    """The server with its tools; nothing is read before one is called."""
    tools = _Tools(graph)
    made: MCPServer[Any] = MCPServer(
        "onehealthkg",
        instructions=_INSTRUCTIONS,
        version=onehealthkg.__version__,
        log_level="CRITICAL",
    )
    for tool in (
        tools.list_questions,
        tools.ask_question,
        tools.show_thing,
        tools.find_evidence,
        tools.search,
        tools.run_sparql,
    ):
        made.tool()(_with_messages(tool))
    return made


def _with_messages(tool: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """The tool, with errors of use as messages for the model."""

    @wraps(tool)
    def with_messages(*arguments: Arguments.args, **more: Arguments.kwargs) -> str:
        try:
            return tool(*arguments, **more)
        except OneHealthKGError as error:
            raise ToolError(str(error)) from None

    return with_messages


class _Tools:
    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._index: Index | None = None

    def list_questions(self, name: str = "") -> str:
        """List the questions: name, meaning, parameters (those with a * are required).

        With the name of a question: its description as JSON, with the types of its parameters.
        """
        if name:
            asked = question_named(self._graph.project, name)
            return json.dumps(listed([asked])[0], ensure_ascii=False)
        return "\n".join(map(_in_short, self._graph.questions()))

    def ask_question(
        self,
        name: str,
        parameters: dict[str, str] | None = None,
        rows: int = 10,
        sentences: bool = True,
    ) -> str:
        """Ask a question by its name. The answer has the sentences that support each row.

        parameters: such as {"with": "Inserm", "date": "2022"}; a thing is given by its name.
        rows: the number of rows, at most 200; without sentences, many rows are fast.
        """
        question_named(self._graph.project, name)  # a name only: no file is read
        result = self._graph.query(name, parameters, _SECONDS)
        return self._answer(result, rows, sentences)

    def show_thing(self, name: str) -> str:
        """Show all statements about a thing, by label or id, under the sentences behind them.

        A thing is an organisation, person, place, programme, topic, agreement or other arrangement.
        """
        return _within_limit(str(self._graph.show(name)))

    def find_evidence(self, statement: str) -> str:
        """Find the sentences that state "SUBJECT PROPERTY OBJECT"; * stands for anything.

        Such as: "ANSES * Inserm", or "* oh:signatory Gilles Bloch".
        """
        return _within_limit(str(self._graph.evidence(statement)))

    def search(self, text: str) -> str:
        """Search names, in English and French, and the words of archived texts."""
        if self._index is None:
            self._index = Index(World(select_cached(self._graph.project)))
        index, world, store = self._index, self._index.world, self._graph.store
        things = [
            f"{label(store, thing, self._graph.language)} "
            f"({world.kinds[thing]}, {compact(thing.value)})"
            for thing in index.things(text)
        ]
        passages = [
            f"“{quote}” ({compact(passage.value)})" for passage, quote in index.passages(text)
        ]
        return "\n".join([*things, *passages]) or "Nothing was found."

    def run_sparql(self, query: str, rows: int = 10, sentences: bool = True) -> str:
        """Run a SPARQL 1.1 query, read only; the prefixes of the project need no declaration.

        rows and sentences are those of ask_question. Prefer a question if one fits.
        """
        graph = self._graph
        asked = own("query", query)
        result = run(graph.merged, graph.project, asked, None, graph.language, _SECONDS)
        return self._answer(result, rows, sentences)

    def _answer(self, result: Result, rows: int, sentences: bool) -> str:
        """The first rows of an answer, each with its sentences if requested, and a remark."""
        if result.is_graph or result.truth is not None or not result.rows:
            return _within_limit(str(result))
        count, rows = len(result.groups), max(1, min(rows, ROWS))
        result.groups = result.groups[:rows]
        del result.rows[1 + max(map(max, result.groups)) :]
        text = self._cited(result) if sentences else result.serialize("markdown").decode()
        more = f"\n\nOnly the first {rows} of {count} rows are here." if count > rows else ""
        return _within_limit(text) + more

    def _cited(self, result: Result) -> str:
        store, language = self._graph.merged, self._graph.language

        def written() -> bytes:
            return cited(store, result, "markdown", language)

        try:
            return limited(written, _CITING_SECONDS, "the sentences").decode()
        except OneHealthKGError as error:
            return f"{result}\n\nThe sentences cannot be shown: {error}"


def _in_short(question: Question) -> str:
    """A question in a line: its name, its summary, and its parameters."""
    names = [each.name + ("*" if each.default is None else "") for each in question.parameters]
    return f"{question.place}: {question.summary}. Parameters: {', '.join(names) or 'none'}."


def _within_limit(text: str) -> str:
    """The text, cut at a limit with a remark if it is longer."""
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST].rpartition("\n")[0]
    return f"{cut}\n\nCut here, after {len(cut):,} of {len(text):,} characters. Ask for less."
