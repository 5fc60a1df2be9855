"""The header of a mapping file: YAML, in lines that begin with ``#`` or in a file of its own.

YAML may have texts, lists and maps; all values are kept as they are written. ``records.yaml``
refuses tags, anchors and aliases, which the standard forbids
(https://mapping-commons.github.io/sssom/spec-formats-tsv/#metadata-block), and duplicate keys. The
header is written in block style and, if YAML reads it back unchanged, plain style.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.mappings.sssom_slots import HEADER
from onehealthkg.mappings.sssom_tsv import delimiter_of
from onehealthkg.records.yaml import Value, parse_yaml

Header = dict[str, Any]

_LONGEST = 256 * 1024  # characters; some thousand prefixes, read in seconds


def split(text: str, path: Path) -> tuple[Header, str, int]:
    """The header of a file, the table that follows, and the line on which the table begins.

    Blank lines between them are skipped. If the file has no header, it is taken from the YAML file
    beside it, if there is one
    (https://mapping-commons.github.io/sssom/spec-formats-tsv/#external-metadata-mode). Tabs or
    commas after header lines, and quotation marks around lines that contain some, as spreadsheets
    add them, are removed. Raises InputError, with the line, for an invalid header.
    """
    start = re.search('^(?!"?#)', text, re.MULTILINE)
    end = start.start() if start else len(text)
    table = text[end:].lstrip("\t\r\n")
    delimiter = delimiter_of(table)
    lines = [_line(line, delimiter) for line in text[:end].splitlines()]
    first = 1 + text.count("\n", 0, len(text) - len(table))
    return _parsed("\n".join(lines), path) if lines else _beside(path), table, first


def _line(line: str, delimiter: str) -> str:
    """A line of the header without the leading sign and a spreadsheet's additions."""
    line = line.rstrip(f"{delimiter}\t\r")
    if line.startswith('"'):
        line = next(csv.reader([line], delimiter=delimiter))[0]
    return line.removeprefix("#")


def _beside(path: Path) -> Header:
    """The header in the file that the standard names after the table, else an empty one."""
    stem = path.name.removesuffix(".csv").removesuffix(".tsv").removesuffix(".sssom")
    for ending in (".sssom.yml", ".sssom.yaml"):
        beside = path.with_name(stem + ending)
        if beside.exists():
            return _parsed(read_text(beside), beside)
    return {}


def _parsed(text: str, path: Path) -> Header:
    if len(text) > _LONGEST:
        raise InputError(
            f"{path}: the header is longer than {_LONGEST // 1024} thousand characters."
        )
    header = _plain(parse_yaml(text, path)) if text.strip() else {}
    if not isinstance(header, dict):
        raise InputError(f"{path}:1: write the header as lines #key: value.")
    return header


def header_text(header: Header) -> str:
    """The lines of a header, its slots in the order of the standard, then others by name."""
    order = {name: number for number, name in enumerate(HEADER)}
    keys = sorted(header, key=lambda name: (order.get(name, len(order)), name))
    return "".join(f"#{line}\n" for line in _lines({key: header[key] for key in keys}))


def _plain(value: Value) -> Any:
    """A YAML value as text, list or dictionary; other scalars are kept as they are written."""
    if isinstance(value.data, dict):
        return {key: _plain(entry.value) for key, entry in value.data.items()}
    return list(map(_plain, value.data)) if isinstance(value.data, tuple) else value.text


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """The lines of a dictionary or a list in block style, without empty values."""
    items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in items:
        start = f"{indent}-" if key is None else f"{indent}{_scalar(key)}:"
        if isinstance(item, str):
            yield f"{start} {_scalar(item)}"
        elif item:
            yield start
            yield from _lines(item, indent + "  ")


def _scalar(text: str) -> str:
    """A text in plain style if YAML reads it back unchanged, else in double quotes."""
    import yaml

    try:
        node = yaml.compose(f"- {text}", yaml.SafeLoader)
    except yaml.YAMLError:
        node = None
    scalar = node.value[0] if node and len(node.value) == 1 else None
    plain = isinstance(scalar, yaml.ScalarNode) and not scalar.style and scalar.value == text
    return text if plain else json.dumps(text, ensure_ascii=False)
