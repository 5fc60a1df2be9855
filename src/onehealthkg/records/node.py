"""One record as JSON-LD, with its errors and the lines of its statements.

The keys of OWN describe the record itself, all others the agreement, and

- the name of a thing implies its kind, so ``signature-...`` needs no type;
- a record may describe the agreement and its parts (RECORD_KINDS), and documents, which are named
  by their addresses; all other things are described in data/ and only named here;
- a value must have the form that the context gives its key: a date, a duration, a name, text by
  language. The shapes and checks validate the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import Quad, Store

from onehealthkg.errors import UnknownThing
from onehealthkg.kinds import CLASSES
from onehealthkg.labels import find, near
from onehealthkg.names import OH, RDF_TYPE, local_name
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.records.context import PLAIN, TEXTS, THING, WORD, Json, Key, RecordContext, base_of
from onehealthkg.records.forms import FORMS, example, has_form, is_address
from onehealthkg.records.yaml import Entry, Value
from onehealthkg.suggest import MOST_ASKED, did_you_mean, question

MOST_VALUES = 500
"""The number of values that a key may have; more are a mistake."""

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

_NAME = re.compile("[a-z]+(?:-[a-z0-9]+)+")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class NodeReader:
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
        if not is_address(text):
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
        """The values of the keys, as JSON-LD."""
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
            self._wrong(entry.line, f"{key.name}: write one value here, as {example(key)}.")
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
        if not has_form(key.kind, text):
            others = [f"{form.name}: {FORMS[form.kind][1]}" for form in self._forms(key)]
            self._wrong(entry.line, f"{key.name}: {text} is invalid; write {' or '.join(others)}.")
        return text

    def _forms(self, key: Key) -> list[Key]:
        return [other for other in self.context.beside(key) if other.kind in FORMS] or [key]

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
