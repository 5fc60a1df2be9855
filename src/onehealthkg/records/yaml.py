"""A safe subset of YAML, read with the line of each key and value.

It is the basic form of YAML-LD (https://json-ld.github.io/yaml-ld/spec/): one document of
mappings, lists and scalars in UTF-8, which stands for JSON. Plain scalars are those of YAML's core
schema (https://yaml.org/spec/1.2.2/#core-schema), which knows no dates: 2012-04-10 is text.

Anything that hides content from a reader or a program is refused, with file and line: anchors and
aliases (nine lines of them can make a billion values), tags, a second document, directives, tabs,
duplicate keys, keys that are not text, more than a megabyte or twenty levels, and, in a YAML file,
invisible characters. No value is built before these checks: PyYAML only supplies parser events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from onehealthkg.errors import InputError
from onehealthkg.files import decode, read_bytes
from onehealthkg.safe import HIDDEN

if TYPE_CHECKING:
    from yaml import Event

LARGEST = 1_000_000  # bytes of a file
DEEPEST = 20  # levels

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}
_BOOLEAN["FALSE"] = False
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class Value(NamedTuple):
    """A value and the line, from 1, on which it begins.

    ``data`` is a dict of Entry by key, a tuple of Value, or a str, int, float, bool or None;
    ``text`` is a scalar as it is written, without its quotation marks.
    """

    data: Any
    line: int
    text: str = ""

    def plain(self) -> Any:
        """The value that ``json.loads`` would return for the same data."""
        if isinstance(self.data, dict):
            return {key: entry.value.plain() for key, entry in self.data.items()}
        if isinstance(self.data, tuple):
            return [item.plain() for item in self.data]
        return self.data


class Entry(NamedTuple):
    """A value of a mapping, and the line of its key."""

    line: int
    value: Value


def read_yaml(path: Path) -> Value:
    """The single document of a file; InputError, with file and line, for refused content."""
    value = parse_yaml(_text(path), path)
    for scalar in _scalars(value):
        hidden = HIDDEN.search(scalar.text)
        if hidden:
            raise InputError(
                f"{path}:{scalar.line}: there is an invisible character, "
                f"U+{ord(hidden[0]):04X}; remove it."
            )
    return value


def parse_yaml(text: str, path: Path) -> Value:
    """The single document of a text from a file; InputError as ``read_yaml``."""
    return _Reader(path, text).document()


def _scalars(value: Value) -> Iterator[Value]:
    if isinstance(value.data, dict):
        for entry in value.data.values():
            yield from _scalars(entry.value)
    elif isinstance(value.data, tuple):
        for item in value.data:
            yield from _scalars(item)
    else:
        yield value


def _text(path: Path) -> str:
    text = decode(read_bytes(path, LARGEST, "a record", "is it one?"), path)
    for mark, name, right in (
        ("\ufeff", "byte order mark", "save the file without one"),
        ("\0", "NUL character", "remove it"),
        ("\t", "tab", "write spaces instead"),
    ):
        if mark in text:
            line = text.count("\n", 0, text.index(mark)) + 1
            raise InputError(f"{path}:{line}: there is a {name}; {right}.")
    return text


class _Reader:
    """The events of PyYAML's parser as values."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.depth = 0
        self.documents = 0

    def document(self) -> Value:
        import yaml

        self._refuse_not_printable()
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is libyaml
        try:
            events = (self._allowed(event) for event in yaml.parse(self.text, Loader=loader))
            value = self._document(events)
            for _ in events:
                pass
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = ", ".join(part for part in (error.context, error.problem) if part)
            where = mark.line + 1 if mark else 1
            raise InputError(f"{self.path}:{where}: this is not YAML: {said}.") from None
        return value

    def _refuse_not_printable(self) -> None:
        """Raise InputError for characters that YAML forbids; PyYAML's parsers differ on these."""
        import yaml

        found = yaml.reader.Reader.NON_PRINTABLE.search(self.text)
        if found:
            line = self.text.count("\n", 0, found.start()) + 1
            raise InputError(
                f"{self.path}:{line}: the character U+{ord(found[0]):04X} is not allowed in YAML; "
                "remove it."
            )

    def _document(self, events: Iterator[Event]) -> Value:
        import yaml

        next(events)  # the start of the stream
        if isinstance(next(events), yaml.StreamEndEvent):
            raise InputError(f"{self.path}:1: the file is empty; write a mapping, key: value.")
        return self._value(next(events), events)

    def _allowed(self, event: Event) -> Event:
        """The event itself; InputError if it is not plain data."""
        import yaml

        refused = ""
        if isinstance(event, yaml.AliasEvent):
            refused = f"an alias, {_at(event, self.text)}; write the value itself"
        elif getattr(event, "anchor", None):
            refused = f"an anchor, {_at(event, self.text)}; remove it"
        elif getattr(event, "tag", None):
            refused = f"a tag, {_at(event, self.text)}; remove it"
        elif isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
            refused = "a directive, %; remove it"
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                refused = "a second document, ---; put it into another file"
        if refused:
            raise InputError(f"{self.path}:{_line(event)}: there is {refused}.")
        return event

    def _value(self, event: Event, events: Iterator[Event]) -> Value:
        import yaml

        if isinstance(event, yaml.ScalarEvent):
            plain = event.value if event.style else _scalar(event.value)
            return Value(plain, _line(event), event.value)
        self.depth += 1
        if self.depth > DEEPEST:
            raise InputError(
                f"{self.path}:{_line(event)}: there are more than {DEEPEST} levels; remove some."
            )
        mapping = isinstance(event, yaml.MappingStartEvent)
        data = self._entries(events) if mapping else tuple(self._items(events))
        self.depth -= 1
        return Value(data, _line(event))

    def _items(self, events: Iterator[Event]) -> Iterator[Value]:
        import yaml

        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._value(event, events)

    def _entries(self, events: Iterator[Event]) -> dict[str, Entry]:
        import yaml

        entries: dict[str, Entry] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise InputError(f"{self.path}:{_line(event)}: a key must be a word.")
            key, line = event.value, _line(event)
            if key in entries:
                raise InputError(
                    f"{self.path}:{line}: the key {key} is already given, on line "
                    f"{entries[key].line}; keep one, or write its values as a list."
                )
            entries[key] = Entry(line, self._value(next(events), events))
        return entries


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _at(event: Event, text: str) -> str:
    """The word in the text at which an event begins: ``&name``."""
    lines, mark = text.split("\n"), event.start_mark
    return (lines[mark.line][mark.column :].split() or [""])[0] if mark else ""


def _scalar(text: str) -> str | int | float | bool | None:
    """A plain scalar by the core schema; of numbers only those that JSON has too."""
    if _NULL.fullmatch(text):
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= 18 else text
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
