"""The tools for language models, through the client of the official SDK, over standard input."""

import asyncio
import json
import os
import sys
from typing import Any

import pytest


def asked(*calls: tuple[str, dict[str, Any]]) -> list[tuple[bool, str]]:
    """Whether each call failed, and its text."""
    # Imported here, since each worker collects this file, which would take a second.
    from mcp import Client, StdioServerParameters

    command = StdioServerParameters(
        command=sys.executable, args=["-m", "onehealthkg", "mcp"], env=dict(os.environ)
    )

    async def ask() -> list[tuple[bool, str]]:
        async with Client(command) as client:
            tools = await client.list_tools()
            assert {one.name for one in tools.tools} == {
                *("list_questions", "ask_question", "show_thing"),
                *("find_evidence", "search", "run_sparql"),
            }
            assert all(one.description for one in tools.tools)
            answers = [await client.call_tool(name, given) for name, given in calls]
            return [
                (bool(one.is_error), "".join(getattr(part, "text", "") for part in one.content))
                for one in answers
            ]

    return asyncio.run(asyncio.wait_for(ask(), 120))


def test_each_tool_answers_with_sentences() -> None:
    answers = asked(
        ("list_questions", {}),
        ("list_questions", {"name": "signatures"}),
        (
            "ask_question",
            {"name": "signatures", "parameters": {"agreement": "agreement-anses-inserm-2020"}},
        ),
        ("show_thing", {"name": "Inserm"}),
        ("find_evidence", {"statement": "Inserm schema:foundingDate 1964"}),
        ("search", {"text": "antibioresistance"}),
        ("run_sparql", {"query": "SELECT ?p { ?a oh:party ?p } LIMIT 1"}),
    )
    assert not [text for failed, text in answers if failed]
    questions, about, signatories, inserm, founded, found, own = (text for _, text in answers)
    assert "\nsignatures: Who signed" in questions
    assert "Parameters: organisation" in questions
    assert len(questions) < 10_000
    assert json.loads(about)["parameters"]["agreement"]["required"] is False
    assert "Gilles Bloch" in signatories
    assert "“" in signatories
    assert "“Founded in 1964" in inserm
    assert "“Founded in 1964" in founded
    assert "(topic, id:topic-antibiotic-resistance)" in found
    assert "http" in own


@pytest.mark.slow
def test_errors_are_reported_and_harm_no_other_request() -> None:
    answers = asked(
        ("ask_question", {"name": "nothing"}),
        ("show_thing", {"name": "nobody at all"}),
        ("run_sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}),
        ("run_sparql", {"query": "/etc/passwd"}),
        ("ask_question", {"name": "/etc/passwd"}),
        (
            "run_sparql",
            {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 500", "sentences": False},
        ),
    )
    assert [failed for failed, _ in answers] == [True, True, True, True, True, False]
    assert "There is no question" in answers[0][1]
    assert not [text for _, text in answers if "root:" in text]
    assert "Only the first 10 of 500 rows" in answers[5][1]
