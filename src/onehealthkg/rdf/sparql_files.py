"""SPARQL files: the header of a rule, check or question, and what its query may fail with.

The header is comment lines ``#+ key: "value"`` at the top of the file (``header``).

The lines are YAML whose values are JSON strings, so that people and grlc (https://grlc.io) read
them.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.rdf.header import header_lines
from onehealthkg.rdf.service import has_service


def read_header(path: Path, keys: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """The values of the header, which must have just these keys, and the whole text of the file.

    Raises InputError with file and line, for a name that cannot be part of an IRI, and for SERVICE.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+", path.stem):
        raise InputError(
            f"{path}: rename the file, with letters, digits and hyphens only, as in end-date.rq: "
            "the name becomes part of an IRI."
        )
    text = read_text(path)
    if text.startswith("\ufeff"):
        raise InputError(f"{path}:1: there is a byte order mark; save the file without one.")
    values = {}
    for number, line in header_lines(text):
        key, _, value = line[2:].strip().partition(": ")
        try:
            values[key] = _string(value)
        except ValueError:
            raise InputError(f'{path}:{number}: write this line as #+ key: "value".') from None
    if tuple(values) != keys:
        raise InputError(
            f"{path}:1: the header must have the lines {', '.join(keys)}, in this order."
        )
    if has_service(text):
        raise InputError(f"{path}: SERVICE is not allowed here: no other host is asked.")
    return values, text


def _string(text: str) -> str:
    """The value of a JSON string; ValueError where the text is none."""
    if not text.startswith('"'):
        raise ValueError(text)
    value = str(json.loads(text))
    value.encode()  # JSON can write half a character, \ud800, which no file can hold
    return value


@contextmanager
def query_errors(path: Path) -> Iterator[None]:
    """Turn what the engine raises, when it reads a query and when it answers, into InputError."""
    try:
        yield
    except SyntaxError as error:
        found = re.match(r"error at ([0-9]+:[0-9]+): (.*)", str(error))
        where, text = (f"{path}:{found[1]}", found[2]) if found else (path, str(error))
        text = text if len(text) <= 80 else text[:79] + "…"
        raise InputError(f"{where}: the query cannot be read from here: {text}") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{path}: the query cannot be answered: {error}.") from None
