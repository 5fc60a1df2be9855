"""Records: facts about a partnership that editors read in documents that may not be archived.

A file data/partnerships/X.yaml is YAML-LD (https://json-ld.github.io/yaml-ld/spec/): plain YAML
whose keys are those of our JSON-LD context. PyLD turns it into triples; this module maps no keys.
All triples are in the graph of the record, record/X. The keys of RECORD describe the record itself,
all others the agreement, and

- the name of a thing implies its kind, so ``signature-...`` needs no type;
- a record may describe the agreement and its parts (RECORD_KINDS), and documents, which are named
  by their addresses; all other things are described in data/ and only named here;
- a value must have the form that the context gives its key: a date, a duration, a name, text by
  language. The shapes and checks validate the values.

All errors of a file are reported at once, each with line and key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from onehealthkg.days import is_day
from onehealthkg.errors import InputError, UnknownThing
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import find, near
from onehealthkg.names import OH, PREFIXES, RDF_TYPE, RECORD, local_name
from onehealthkg.paths import Project
from onehealthkg.rdf.positions import Positions
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.records.context import (
    PLAIN,
    TEXTS,
    THING,
    WORD,
    Json,
    Key,
    RecordContext,
    base_of,
    record_context,
)
from onehealthkg.records.yaml import Entry, Value, read_yaml
from onehealthkg.suggest import MOST_ASKED, did_you_mean, question
from onehealthkg.terms import plain

MOST_VALUES = 500
"""The number of values that a key may have; PyLD takes minutes for thousands."""

OWN = ("sources", "confidence", "confidenceNote", "dateNote", "oneHealthNote")
RECORD_KINDS = {
    kind: CLASSES[kind].partition(":")[2]
    for kind in (
        *("agreement", "alternative", "undertaking", "funding", "partnership"),
        *("post", "predecessor", "signature"),
    )
}
"""The kinds of things that a record may describe, each with the type that its name implies."""

WIDER = {"Agreement": "Arrangement"}
"""The broader type that a thing also has, so that plain queries for either find it."""

ACCORDING_TO = "accordingTo"
"""The key whose value is the address of a document, which ``sources`` describes."""

DESCRIBES, DOCUMENT, TYPE_OF_RECORD = "describes", "Document", "Record"

_XSD = PREFIXES["xsd"]
# The pattern of a literal, and an example.
_FORMS = {
    _XSD + "date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "2012-04-10"),
    _XSD + "gYearMonth": ("[0-9]{4}-(?:0[1-9]|1[0-2])", "2012-04"),
    _XSD + "gYear": ("[0-9]{4}", "2012"),
    _XSD + "duration": ("P[1-9][0-9]*[YMD]", "P5Y for five years, P18M for eighteen months"),
}
_NAME = re.compile("[a-z]+(?:-[a-z0-9]+)+")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^/\s]+(?:/\S*)?")


class Record(NamedTuple):
    """A record as JSON for PyLD, and the lines of its statements."""

    graph: str
    node: dict[str, Json]
    positions: Positions


def read_records(project: Project, paths: Sequence[Path]) -> Iterator[tuple[Path, list[Quad]]]:
    """The quads of each file, in its graph; InputError lists all errors of a file."""
    if not paths:
        return
    context = record_context(project)
    records = {path: read_record(path, context) for path in paths}
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads_of(records.values(), context):
        by_graph.setdefault(plain(quad.graph_name), []).append(quad)
    for path, record in records.items():
        yield path, by_graph.get(record.graph, [])


def quads_of(records: Iterable[Record], context: RecordContext) -> list[Quad]:
    """The quads of records, by one call of PyLD, so that the context is processed once."""
    from pyld import jsonld

    document = [{"@id": record.graph, "@graph": record.node} for record in records]
    options = {
        "base": "",
        "documentLoader": _refuse,
        "expandContext": context.json_ld,
        "format": "application/n-quads",
        "processingMode": "json-ld-1.1",
    }
    try:
        lines = jsonld.to_rdf(document, options)
    except jsonld.JsonLdError as error:
        reason = str(error).partition("\n")[0][:200]
        raise InputError(f"{context.project.context_file}: cannot be used: {reason}") from None
    return list(parse(lines.encode(), RdfFormat.N_QUADS, lenient=True))


def _refuse(address: str, _: object) -> Json:
    raise InputError(f"{address}: nothing is fetched; write the terms into the context.")


def record_iri(path: Path) -> str:
    """The IRI of the record of a file; InputError if its name cannot be part of an IRI."""
    if not re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", path.stem):
        raise InputError(
            f"{path}: rename the file, with lower-case letters, digits and hyphens only, as in "
            "anses-invs-2012.yaml: the name becomes part of an IRI."
        )
    return RECORD + path.stem


def read_record(path: Path, context: RecordContext) -> Record:
    """A file as a record; InputError lists all its errors."""
    graph = record_iri(path)
    value = read_yaml(path)
    if not isinstance(value.data, dict):
        raise InputError(f"{path}:{value.line}: a record is a mapping: write key: value.")
    reader = _Reader(context, graph)
    node = reader.record(value)
    if reader.errors:
        lines = [f"{path}:{line}: {text}" for line, text in sorted(reader.errors)]
        more = len(lines) - MOST_ASKED
        lines[MOST_ASKED:] = [f"{path}: and {more:,} more like these."] if more > 0 else []
        raise InputError("\n".join(lines))
    return Record(graph, node, Positions(reader.lines))


class _Reader:
    """One record: its JSON, its errors, and the lines of its statements."""

    def __init__(self, context: RecordContext, graph: str) -> None:
        self.context = context
        self.graph = graph
        self.base = base_of(context)
        self.errors: list[tuple[int, str]] = []
        self.lines: dict[tuple[str | None, ...], int] = {}

    def record(self, value: Value) -> dict[str, Json]:
        """The record with the things that it describes."""
        own = {key: entry for key, entry in value.data.items() if key in OWN}
        rest = {key: entry for key, entry in value.data.items() if key not in OWN}
        described = self._node(Value(rest, value.line), "")
        self._lines(self.graph, RDF_TYPE, "", value.line)
        return {
            "id": self.graph,
            "type": TYPE_OF_RECORD,
            **self._facts(self.graph, own),
            DESCRIBES: described,
        }

    def _node(self, value: Value, within: str) -> dict[str, Json]:
        """A thing that is described, with its name and type."""
        entries: dict[str, Entry] = value.data
        name = self._own_name(entries.get("id"), value.line, within)
        kind = RECORD_KINDS.get(name.partition("-")[0], "") if within != "sources" else DOCUMENT
        if "type" in entries:
            kind = self._class(entries["type"]) or kind
        iri = name if within == "sources" else self.base + name
        self._lines(iri, RDF_TYPE, self.context.classes.get(kind, ""), value.line)
        others = {key: entry for key, entry in entries.items() if key not in ("id", "type")}
        for key in [key for key in others if key in OWN]:
            self._wrong(others.pop(key).line, f"{key}: move this to the left, to the whole record.")
        types = [kind, WIDER[kind]] if kind in WIDER else kind
        return {"id": name, "type": types, **self._facts(iri, others)}

    def _own_name(self, entry: Entry | None, line: int, within: str) -> str:
        if entry is None:
            example = "https://..." if within == "sources" else "agreement-anses-invs-2012"
            self._wrong(line, f"id: this has no name; add id: {example}.")
            return ""
        if within == "sources":
            return self._address(entry)
        name = self._name("id", entry.value)
        kind = name.partition("-")[0]
        if name and not within and kind not in ("agreement", "partnership"):
            right = "a record is about an agreement: write id: agreement-..."
            self._wrong(entry.line, f"id: {name} is not an agreement; {right}")
        elif name and kind not in RECORD_KINDS:
            right = f"write {within}: {name} alone"
            self._wrong(entry.line, f"id: {name} is described in data/, not in a record; {right}.")
        return name

    def _address(self, entry: Entry, key: str = "id") -> str:
        text = entry.value.text
        try:
            NamedNode(text)
            right = bool(_ADDRESS.fullmatch(text))
        except ValueError:
            right = False
        if not right:
            self._wrong(
                entry.line,
                f"{key}: {text} is not an address; write that of the page, https://...",
            )
        return text

    def _class(self, entry: Entry) -> str:
        text = entry.value.text
        if text in self.context.classes:
            return text
        meant = self._did_you_mean(text, self.context.classes)
        self._wrong(entry.line, f"type: there is no type {text}.{meant}")
        return ""

    def _facts(self, subject: str, entries: dict[str, Entry]) -> dict[str, Json]:
        """The values of the keys, in the form that PyLD expects."""
        names_by_property: dict[tuple[str, bool], str] = {}
        facts = {}
        for name, entry in entries.items():
            key = self.context.keys.get(name)
            if key is None:
                self._unknown(name, entry.line)
                continue
            other = names_by_property.setdefault((key.iri, key.reverse), name)
            if other != name:
                self._wrong(entry.line, f"{name}: there is {other} already; keep one of them.")
            facts[name] = self._values(subject, key, entry)
        return facts

    def _unknown(self, name: str, line: int) -> None:
        if name.startswith("@"):
            right = "a record uses only the keys of ontology/context.jsonld; remove this"
            self._wrong(line, f"{name}: {right}.")
        else:
            meant = self._did_you_mean(name, (*self.context.keys, "id", "type"))
            self._wrong(line, f"{name}: there is no such key.{meant or ' See README, Records.'}")

    def _values(self, subject: str, key: Key, entry: Entry) -> Json:
        value = entry.value
        if key.kind == TEXTS:
            return self._texts(subject, key, entry)
        if not isinstance(value.data, tuple):
            return self._value(subject, key, entry)
        if not key.many:
            self._wrong(entry.line, f"{key.name}: this takes one value, not a list.")
            return None
        if len(value.data) > MOST_VALUES:
            self._wrong(
                entry.line,
                f"{key.name}: there are {len(value.data):,} values; a key has at most "
                f"{MOST_VALUES}: is this one record?",
            )
            return None
        return [self._value(subject, key, Entry(item.line, item)) for item in value.data]

    def _value(self, subject: str, key: Key, entry: Entry) -> Json:
        value = entry.value
        if value.data is None or value.data in ("", (), {}):
            self._wrong(entry.line, f"{key.name}: there is no value; write one, or delete the key.")
        elif key.kind == THING:
            return self._thing(subject, key, entry)
        elif isinstance(value.data, dict | tuple):
            self._wrong(entry.line, f"{key.name}: write one value here, as {_example(key)}.")
        else:
            self._line_of(subject, key, value.text, entry.line)
            return self._scalar(key, entry)
        return None

    def _thing(self, subject: str, key: Key, entry: Entry) -> Json:
        value = entry.value
        if key.name == ACCORDING_TO:
            address = self._address(entry, key.name)
            self._line_of(subject, key, address, entry.line)
            return address
        if isinstance(value.data, dict):
            node = self._node(value, key.name)
            iri = node["id"] if key.name == "sources" else self.base + node["id"]
            self._line_of(subject, key, iri, value.line)
            return node
        if key.name == "sources":
            self._wrong(entry.line, "sources: write - id: https://..., with publisherName.")
            return None
        name = self._name(key.name, value)
        self._line_of(subject, key, self.base + name, entry.line)
        return name

    def _name(self, key: str, value: Value) -> str:
        """A local name; the message for any other form suggests the right one."""
        text = value.text
        if isinstance(value.data, str) and _NAME.fullmatch(text):
            return text
        if isinstance(value.data, dict | tuple):
            text = "a list or mapping"
        if ":" in text:
            right = "names have no prefix and are not addresses, as in organisation-anses."
        elif len(self.errors) < MOST_ASKED:
            right = f"write {_meant(self.context.project, text)}"
        else:
            right = "write a name in lower-case letters, such as organisation-anses."
        self._wrong(value.line, f"{key}: {text} is not the name of a thing; {right}")
        return ""

    def _texts(self, subject: str, key: Key, entry: Entry) -> Json:
        texts_by_language: dict[str, Json] = {}
        if not isinstance(entry.value.data, dict) or not entry.value.data:
            self._wrong(entry.line, f"{key.name}: write the text with its language, {{en: ...}}.")
            return texts_by_language
        for language, translation in entry.value.data.items():
            if not _LANGUAGE.fullmatch(language):
                self._wrong(
                    translation.line, f"{key.name}: {language} is not a language; write en or fr."
                )
            texts = (
                translation.value.data
                if isinstance(translation.value.data, tuple)
                else (translation.value,)
            )
            if len(texts) > 1 and not key.many:
                self._wrong(translation.line, f"{key.name}: write one text in each language.")
            for text in texts:
                if not isinstance(text.data, str) or not text.data.strip():
                    self._wrong(
                        text.line, f"{key.name}: {language}: write text, quoted if necessary."
                    )
                self._line_of(subject, key, text.text, text.line)
            texts_by_language[language] = [text.data for text in texts]
        return texts_by_language

    def _scalar(self, key: Key, entry: Entry) -> Json:
        """A word, a date, a duration, text or true."""
        value, text = entry.value, entry.value.text
        if key.kind == WORD:
            if key.words and text not in key.words:
                self._wrong(entry.line, f"{key.name}: write one of {', '.join(key.words)}.")
            return text
        if key.kind == PLAIN:
            if not isinstance(value.data, str | bool):
                self._wrong(entry.line, f"{key.name}: put the text into quotes.")
            return value.data
        if not _has_form(key.kind, text):
            others = [f"{form.name}: {_FORMS[form.kind][1]}" for form in self._forms(key)]
            self._wrong(entry.line, f"{key.name}: {text} is invalid; write {' or '.join(others)}.")
        return text

    def _forms(self, key: Key) -> list[Key]:
        return [other for other in self.context.beside(key) if other.kind in _FORMS] or [key]

    def _did_you_mean(self, text: str, names: Iterable[str]) -> str:
        return did_you_mean(text, names) if len(self.errors) < MOST_ASKED else ""

    def _wrong(self, line: int, text: str) -> None:
        self.errors.append((line, text))

    def _line_of(self, subject: str, key: Key, value: str, line: int) -> None:
        if key.kind == WORD:
            value = key.words.get(value, OH + value)
        ends = (value, subject) if key.reverse else (subject, value)
        self._lines(ends[0], key.iri, ends[1], line)

    def _lines(self, subject: str, predicate: str, value: str, line: int) -> None:
        key = (None, subject, predicate, value)
        for size in (2, 3, 4):
            self.lines.setdefault(key[:size], line)


def _meant(project: Project, text: str) -> str:
    """The end of a message: the name of the thing with this label, or an example."""
    store = _curated(project)
    try:
        return local_name(find(store, text).value) + "."
    except UnknownThing:
        meant = question(near(store, text))
        return f"a name in lower-case letters, such as organisation-anses.{meant}"


@lru_cache(maxsize=1)
def _curated(project: Project) -> Store:
    """The things described in data/."""
    store = Store()
    for path in project.curated:
        store.extend([Quad(*quad.triple) for quad in read_quads(path)])
    return store


def _has_form(datatype: str, text: str) -> bool:
    """Whether a literal has the form of its datatype, and a date exists in the calendar."""
    if datatype not in _FORMS:
        return True
    if not re.fullmatch(_FORMS[datatype][0], text, re.ASCII):
        return False
    return datatype != _XSD + "date" or is_day(text)


def _example(key: Key) -> str:
    return f"{key.name}: {_FORMS[key.kind][1] if key.kind in _FORMS else '...'}"
