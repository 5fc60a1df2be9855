r"""SPARQL files and queries: the header, the keyword SERVICE, and errors.

The **header** is comment lines at the top of a file that are YAML, so that people and grlc
(https://grlc.io) read them. Every value is a JSON string or a list of them, so no YAML parser is
needed, whose import takes as long as a query. A long value may continue on the next line, indented
by five spaces or more, which YAML reads as one space
(https://yaml.org/spec/1.2.2/#flow-folding)::

    #+ summary: "Who signed an agreement, in which post and for whom"
    #+ description: "One row per signature; unknown values
    #+     are empty."
    #+ tags: ["agreements", "people"]
    #+ parameters:
    #+   - {name: "agreement", type: "agreement"}

**SERVICE** (https://www.w3.org/TR/sparql11-federated-query/) would call another host, and FROM does
in some engines. The engine's own parser decides whether a query has such a keyword: every "service"
in the text, in any case, gets an extra letter in its middle that makes a word absent from the
text. Comments, strings, IRIs and names remain valid; the keyword does not. No other keyword of
SPARQL contains the word, and no escape can stand for a letter of a keyword.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, Store, Variable

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.limits import at

HeaderValue = str | list[str]

_MARK, _CONTINUED, _PARAMETERS, _ITEM = "#+", "#+     ", "#+ parameters:", "#+   - {"
_STRING = r'"(?:[^"\\]|\\.)*"'
_VALUE = rf"(?:{_STRING}|\[(?:{_STRING}(?:, {_STRING})*)?\])"
_PAIR = re.compile(rf"([\w-]+): ({_VALUE})")
_LINE = re.compile(rf"#\+ {_PAIR.pattern}")
_PARAMETER = re.compile(rf"#\+   - \{{{_PAIR.pattern}(?:, {_PAIR.pattern})*\}}")


def without_header(text: str) -> str:
    """The query without the lines of its header."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(_MARK)).strip()


class Header(NamedTuple):
    """The values of a header and its parameters, and the number of the line of each, from 1."""

    values: dict[str, HeaderValue]
    lines: dict[str, int]
    parameters: list[tuple[int, dict[str, HeaderValue]]]


def read_header(text: str, place: str) -> Header:
    """The header of a query; InputError names ``place`` and the first malformed line.

    A text that does not begin with a header line has an empty header.
    """
    header = Header({}, {}, [])
    for number, line in _header_lines(text):
        values = _values(line)
        if values is None:
            raise InputError(
                f'{place}:{number}: write this line as #+ key: "value". '
                'Several values are ["value", "value"].'
            )
        if line.startswith(_ITEM):
            header.parameters.append((number, values))
        else:
            header.values.update(values)
            header.lines.update(dict.fromkeys(values, number))
    return header


def _header_lines(text: str) -> list[tuple[int, str]]:
    """The lines of the header, each joined with its continuation lines, and their numbers."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(_MARK):
            break
        if lines and line.startswith(_CONTINUED):
            first, start = lines.pop()
            lines.append((first, f"{start.rstrip()} {line[len(_MARK) :].strip()}"))
        else:
            lines.append((number, line))
    return lines


def _values(line: str) -> dict[str, HeaderValue] | None:
    """The keys and values of a line of the header; None if it is malformed."""
    if line == _PARAMETERS:
        return {}
    if not (_LINE.fullmatch(line) or _PARAMETER.fullmatch(line)):
        return None
    try:
        values = {key: json.loads(written) for key, written in _PAIR.findall(line)}
        json.dumps(values, ensure_ascii=False).encode()  # fails for half a character, \ud800
    except ValueError:
        return None
    return values


def read_file(
    path: Path, keys: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[dict[str, str], str]:
    """The header of a rule or check, and the text of the file.

    The header must have exactly these keys, and may have any of the optional ones after them.
    Raises InputError, with file and line, for a malformed header, for a file name that cannot be
    part of an IRI, and for SERVICE.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+", path.stem):
        raise InputError(
            f"{path}: rename the file, with letters, digits and hyphens only, as in end-date.rq: "
            "the name becomes part of an IRI."
        )
    text = read_text(path)
    if text.startswith("\ufeff"):
        raise InputError(f"{path}:1: there is a byte order mark; save the file without one.")
    header = read_header(text, str(path))
    values = {key: value for key, value in header.values.items() if isinstance(value, str)}
    is_complete = tuple(values) in (keys, keys + optional) and len(values) == len(header.values)
    if not is_complete or header.parameters:
        also = f"; it may have {', '.join(optional)} after them" if optional else ""
        raise InputError(
            f"{path}:1: the header must have the lines {', '.join(keys)}, in this order{also}."
        )
    refuse_calls(text, str(path))
    return values, text


def refuse_calls(
    text: str,
    place: str,
    keywords: Iterable[str] = ("SERVICE", "FROM"),
    prefixes: Mapping[str, str] | None = None,
    first: int = 1,
) -> None:
    """InputError for a query with a keyword that reads another host or file.

    ``place`` is the file of the query, ``first`` the line on which it begins there.
    Some engines fetch what FROM names; a project's own graphs are all in the store.
    """
    for keyword in keywords:
        line = line_of(keyword, text, prefixes)
        if line:
            raise InputError(
                f"{place}:{first + line - 1}: {keyword} is not allowed here: no other host or "
                "file is read; remove it."
            )


def has_service(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Whether a query has the keyword SERVICE; False for a text that is not a query.

    Nothing is evaluated.
    """
    return line_of("SERVICE", text, prefixes) > 0


def line_of(keyword: str, text: str, prefixes: Mapping[str, str] | None = None) -> int:
    """The line of a query, from 1, with a keyword; 0 if it has none or the query is invalid.

    If several lines have it, any of them is returned. Nothing is evaluated.
    """
    lower, word = text.lower(), keyword.lower()
    if word not in lower:
        return 0
    places = [found.start() for found in re.finditer(f"(?ia:{word})", text)]
    if not places or not _is_query(text, prefixes):
        return 0
    letter = next((x for x in "qxzjkwyghdfbmp" if f"{word[:3]}{x}{word[3:]}" not in lower), "")

    def breaks(number: int) -> bool:
        """Whether the text is invalid when the first ``number`` words have the extra letter."""
        parts, start = [], 0
        for place in places[:number]:
            parts += [text[start : place + 3], letter]
            start = place + 3
        return not _is_query("".join([*parts, text[start:]]), prefixes)

    if letter and not breaks(len(places)):
        return 0
    number = 1 + bisect_left(range(1, len(places)), True, key=breaks) if letter else 1
    return text.count("\n", 0, places[number - 1]) + 1


def _is_query(text: str, prefixes: Mapping[str, str] | None) -> bool:
    try:
        parse_query(text, prefixes)
    except SyntaxError:
        return False
    return True


def parse_query(text: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Raise the engine's SyntaxError for a text that is not a query. Nothing is evaluated.

    The engine parses the query and then rejects it, because it is given a value for a variable that
    the query does not have.
    """
    name = "absent"
    while name in text:
        name += "t"
    try:
        declared = dict(prefixes) if prefixes else None
        Store().query(text, prefixes=declared, substitutions={Variable(name): Literal("")})
    except RuntimeError:
        pass


@contextmanager
def query_errors(path: Path) -> Iterator[None]:
    """Turn the engine's errors, on parsing and on evaluating a query, into InputError."""
    at(path)
    try:
        yield
    except SyntaxError as error:
        place = re.match(r"error at ([0-9]+:[0-9]+): (.*)", str(error))
        where, text = (f"{path}:{place[1]}", place[2]) if place else (path, str(error))
        text = text if len(text) <= 80 else text[:79] + "…"
        raise InputError(f"{where}: the query cannot be parsed from here: {text}") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{path}: the query cannot be answered: {error}.") from None
