"""The graph as tools for a language model: https://modelcontextprotocol.io, over standard input.

Every answer has the sentences behind it with their links, or says that there are none, and what
rests on an inference or an assumption says so. Queries have limits of time, and of rows.
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
from onehealthkg.dataset.selection import select_cached
from onehealthkg.errors import OneHealthKGError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.labels import label
from onehealthkg.limits import limited
from onehealthkg.names import compact
from onehealthkg.pages.finding import MOST, Index
from onehealthkg.pages.world import World
from onehealthkg.queries.query import own, run
from onehealthkg.queries.questions import question
from onehealthkg.queries.results import Result
from onehealthkg.serving.openapi import listed

ROWS = 200
"""How many rows an answer has at most."""

_SECONDS = 10.0
_INSTRUCTIONS = (
    "Who works with whom on One Health, and the sentence that says so. List the questions first; "
    "ask one of them rather than write SPARQL. Repeat an answer only with its quotes and links, "
    "and say of a value whether it is stated, inferred, assumed or only possible, as the answer "
    "does. No rows means that nothing is recorded, not that there is nothing."
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
        made.tool()(_telling(tool))
    return made


def _telling(tool: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """The tool, with errors of use as messages for the model."""

    @wraps(tool)
    def telling(*arguments: Arguments.args, **more: Arguments.kwargs) -> str:
        try:
            return tool(*arguments, **more)
        except OneHealthKGError as error:
            raise ToolError(str(error)) from None

    return telling


class _Tools:
    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._index: Index | None = None

    def list_questions(self) -> str:
        """List the questions that can be asked, with their parameters, as JSON."""
        return json.dumps(listed(self._graph.questions()), ensure_ascii=False)

    def ask_question(self, name: str, parameters: dict[str, str] | None = None) -> str:
        """Ask a question by its name. The answer has the sentences that support each row."""
        question(self._graph.project, name)  # a name only: no file is read
        return self._cited(self._graph.query(name, parameters, _SECONDS))

    def show_thing(self, name: str) -> str:
        """Show all that is known about a thing, by label or id, under the sentences that say so."""
        return str(self._graph.show(name))

    def find_evidence(self, statement: str) -> str:
        """Find what states "SUBJECT PROPERTY OBJECT"; * stands for anything."""
        return str(self._graph.evidence(statement))

    def search(self, text: str) -> str:
        """Search names, in English and French, and the words of archived texts."""
        if self._index is None:
            self._index = Index(World(select_cached(self._graph.project)))
        index, store = self._index, self._graph.store
        things = [
            f"{label(store, one, self._graph.language)} ({compact(one.value)})"
            for one in index.things(text)[:MOST]
        ]
        passages = [
            f"“{quote}” ({compact(one.value)})" for one, quote in index.passages(text)[:MOST]
        ]
        return "\n".join([*things, *passages]) or "Nothing was found."

    def run_sparql(self, query: str) -> str:
        """Run a SPARQL 1.1 query, read only; the prefixes of the project need no declaration."""
        graph = self._graph
        asked = own("query", query)
        return self._cited(run(graph.merged, graph.project, asked, None, graph.language, _SECONDS))

    def _cited(self, result: Result) -> str:
        """The answer as text, each row with its sentences; at most so many rows, and a remark."""
        if result.is_graph or result.truth is not None or not result.rows:
            return str(result)
        count = len(result.groups)
        result.groups = result.groups[:ROWS]
        del result.rows[1 + max(map(max, result.groups)) :]
        store, language = self._graph.merged, self._graph.language

        def written() -> bytes:
            return cited(store, result, "table", language, None)

        try:
            text = limited(written, _SECONDS, "the sentences").decode()
        except OneHealthKGError as error:
            text = f"{result}\n\nThe sentences cannot be given: {error}"
        more = f"\n\nOnly the first {ROWS} of {count} rows are here." if count > ROWS else ""
        return text + more
