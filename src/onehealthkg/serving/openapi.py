"""The questions described for programs: https://spec.openapis.org/oas/v3.1.0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import onehealthkg
from onehealthkg.dataset.publication import DESCRIPTIONS, LICENCE, LICENCE_NAME, TITLE
from onehealthkg.queries.questions import FLAG, Parameter, Question

_OWN: tuple[dict[str, object], ...] = (
    {
        "name": "cite",
        "in": "query",
        "description": "Add the sentences behind each row.",
        "schema": {"type": "string", "enum": ["on"]},
    },
)
_TYPES = {FLAG: "boolean", "integer": "integer"}
_JSON_RESULTS = {
    "type": "object",
    "description": "https://www.w3.org/TR/sparql11-results-json/",
    "required": ["head"],
    "properties": {"head": {"type": "object"}, "results": {"type": "object"}},
}
_LIST = {"type": "array", "items": {"type": "object"}}


def listed(questions: Iterable[Question]) -> list[dict[str, object]]:
    """The questions with their parameters, as data."""
    return [
        {
            "name": question.place,
            "answers": question.summary,
            "description": question.description,
            "tags": [*question.tags],
            "columns": [*question.columns],
            "parameters": {each.name: _about(each) for each in question.parameters},
        }
        for question in questions
    ]


def _about(parameter: Parameter) -> dict[str, object]:
    allowed = {"allowed": [*parameter.allowed]} if parameter.allowed else {}
    return {
        "type": parameter.type,
        "required": parameter.default is None,
        "description": parameter.description,
        **allowed,
    }


def openapi(
    questions: Iterable[Question], formats: Mapping[str, str], server: str
) -> dict[str, object]:
    """The description: a path for each question, which answers in each of ``formats``."""
    paths: dict[str, object] = {"/questions": _path("All questions", "questions", [], _json(_LIST))}
    for question in questions:
        parameters = [*map(_parameter, question.parameters), *_OWN, _format(formats)]
        path = _path(question.summary, question.place, parameters, _contents(formats))
        paths[f"/questions/{question.place}"] = path
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": onehealthkg.__version__,
            "description": DESCRIPTIONS["en"],
            "license": {"name": LICENCE_NAME, "url": LICENCE},
        },
        "servers": [{"url": server}],
        "paths": paths,
    }


def _path(
    summary: str, name: str, parameters: list[dict[str, object]], content: dict[str, object]
) -> dict[str, object]:
    problem = {"description": "The error, in words.", "content": {"text/plain": {}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "400": problem,
                "503": {**problem, "description": "Too many requests at once: see Retry-After."},
                "504": {**problem, "description": "The answer takes too long."},
            },
        }
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    schema: dict[str, object] = {"type": _TYPES.get(parameter.type, "string")}
    if parameter.allowed:
        schema["enum"] = [*parameter.allowed]
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": parameter.description,
        "schema": schema,
    }


def _format(formats: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": "format",
        "in": "query",
        "description": "The format of the answer; takes precedence over Accept.",
        "schema": {"type": "string", "enum": [*formats]},
    }


def _contents(formats: Mapping[str, str]) -> dict[str, object]:
    """The content of each format, by its media type."""
    found: dict[str, object] = {"text/html": {}}
    for form, media in formats.items():
        content = {"schema": _JSON_RESULTS} if form == "json" else {}
        found[media.partition(";")[0]] = content
    return found


def _json(schema: object) -> dict[str, object]:
    return {"text/html": {}, "application/json": {"schema": schema}}
