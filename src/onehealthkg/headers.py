"""The header of a rule or check: comment lines ``#+ key: "value"`` at the top of a SPARQL file.

The lines are YAML whose values are JSON strings, so that people and grlc (https://grlc.io) read
them.
"""

import json
from pathlib import Path

from onehealthkg.errors import InputError
from onehealthkg.files import read_text


def read_header(path: Path, keys: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """The values of the header, which must have just these keys, and the whole text of the file.

    Raises InputError with file and line.
    """
    text = read_text(path)
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        key, _, value = line[2:].strip().partition(": ")
        try:
            values[key] = str(json.loads(value))
        except ValueError:
            raise InputError(f'{path}:{number}: write this line as #+ key: "value".') from None
    if tuple(values) != keys:
        raise InputError(
            f"{path}:1: the header must have the lines {', '.join(keys)}, in this order."
        )
    return values, text
