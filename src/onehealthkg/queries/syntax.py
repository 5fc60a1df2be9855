"""Readable messages for syntax errors in queries: place, line, column, and a hint.

pyoxigraph reports ``error at 4:2: expected one of "}", FILTER, ['0' ..= '9'], [_]``: the furthest
place that its parser reached, and all tokens that could follow. Sets of characters are left out
here, and the rest is shortened; the line is shown with a mark under the place.
"""

import re

from onehealthkg.names import PREFIXES
from onehealthkg.safe import printable

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SET = re.compile(r"\[(?:'[^']*'|[^\]'])*\]")
_UPDATE = re.compile(
    r"(?i)\A(?:\s|#[^\n]*\n|(?:PREFIX|BASE)\s[^\n]*)*"
    r"(LOAD|INSERT|DELETE|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b"
)
_WIDTH = 100


def message(place: str, text: str, said: str) -> str:
    """The message for a syntax error that the engine reports with these words."""
    match = _PLACE.match(said)
    if not match:
        return f"{place}: this is not a SPARQL 1.1 query: {said}.{_hint(text, said, 0)}"
    if _UPDATE.match(text):
        return f"{place}: this is not a query.{_hint(text, said, 0)}"
    number, column = int(match[1]), int(match[2])
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    start = max(0, column - _WIDTH)
    shown = printable(line[start:][:_WIDTH])
    mark = " " * (column - 1 - start) + "^"
    offset = sum(len(line) + 1 for line in lines[: number - 1]) + column - 1
    return (
        f"{place}:{number}:{column}: this is not a SPARQL 1.1 query{_expected(match[3])}."
        f"{_hint(text, match[3], offset)}\n  {shown}\n  {mark}"
    )


def _expected(said: str) -> str:
    """The tokens expected there, at most eight, or the engine's message."""
    names = [
        part.strip() for part in _SET.sub("", said.partition("one of ")[2] or said).split(", ")
    ]
    names = [name.removeprefix("expected ").strip('"') for name in names if name.strip("| \n")]
    sentences = [name for name in names if " " in name.strip()]
    if sentences:
        return f": {'; '.join(sentences)}"
    short = [name for name in names if name and name not in ("expected", "LATERAL", "SERVICE")]
    more = " ..." if len(short) > 8 else ""
    return f"; expected here: {' '.join(short[:8])}{more}" if short else ""


def _hint(text: str, said: str, offset: int) -> str:
    update = _UPDATE.match(text)
    if update:
        return f" {update[1].upper()} changes data: only queries are allowed, such as SELECT."
    if "Prefix not found" in said:
        name = re.findall(r"([A-Za-z][\w.-]*):[^\s/]*\Z", text[:offset])
        prefix = name[0] if name else "x"
        iri = PREFIXES.get(prefix, "...")
        return f" Write PREFIX {prefix}: <{iri}> at the top."
    if text.count("{") != text.count("}"):
        return f" There are {text.count('{')} {{ and {text.count('}')} }}; is one missing?"
    if "unbound" in said:
        return " With GROUP BY, SELECT takes grouped variables, and sums such as (COUNT(?x) AS ?n)."
    if "{" not in text:
        return " A query looks like this: SELECT ?thing WHERE { ?thing ?property ?value }."
    return " Each triple is three terms and ends with a dot; a FILTER has its test in brackets."
