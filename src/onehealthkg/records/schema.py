"""The JSON Schema of records (https://json-schema.org/draft/2020-12), from shapes and context.

Text editors use it to complete and check YAML. The allowed and required keys are read from the
closed shape of a class, the form of values from the context, the kinds of agreement from the
thesaurus; this module only translates SHACL into JSON Schema.

A schema sees one file, a shape all of them. So the name of a thing is matched against a pattern,
not looked up, and the required keys of an agreement are only required if the record gives it a
title, since another file may state the rest. Dependent things, such as signatures, are described in
full.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, SKOS
from rdflib.term import Node, URIRef

from onehealthkg.names import HOME, PREFIXES
from onehealthkg.paths import Project
from onehealthkg.rdf.rdflib_terms import to_rdflib
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.records.context import TEXTS, THING, WORD, Json, Key, record_context
from onehealthkg.records.node import (
    ACCORDING_TO,
    DOCUMENT,
    OWN,
    RECORD_KINDS,
    TYPE_OF_RECORD,
    WIDER,
)

ADDRESS = HOME + "record.schema.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHAPES = rdflib.Namespace(PREFIXES["ohs"])
_XSD = PREFIXES["xsd"]
_NAME = "[a-z0-9]+(-[a-z0-9]+)*"
_TEXT = {"type": "string", "pattern": r"\S"}
_ADDRESS = {"type": "string", "format": "iri", "pattern": r"^https?://[^/\s]+(/\S*)?$"}
_LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_FORMS: dict[str, Json] = {
    _XSD + "date": {"type": "string", "pattern": f"^{_DAY}$", "format": "date"},
    _XSD + "gYearMonth": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    _XSD + "gYear": {"type": ["integer", "string"], "minimum": 1000, "maximum": 9999,
                     "pattern": "^[0-9]{4}$"},
    _XSD + "duration": {"type": "string", "pattern": "^P[1-9][0-9]*[YMD]$"},
}  # fmt: skip
# The classes that a record may describe, besides documents, and the prefixes of their names.
_TOPICS = ("Arrangement", "Partnership")
_DESCRIBED = {kind: name for name, kind in RECORD_KINDS.items()}


def record_schema(project: Project) -> bytes:
    """The schema for the records of a project, as JSON."""
    schema = _Schema(project).schema()
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


class _Schema:
    def __init__(self, project: Project) -> None:
        self.context = record_context(project)
        self.shapes = to_rdflib(read_quads(project.shapes_file))
        self.curated = to_rdflib(x for path in project.curated for x in read_quads(path))

    def schema(self) -> dict[str, Json]:
        """The schema: the agreement with the record's own keys, then the other classes."""
        own = self._thing(TYPE_OF_RECORD, only=True)
        about = {kind: self._thing(kind) for kind in _TOPICS}
        described = (kind for kind in RECORD_KINDS.values() if kind not in about)
        return {
            "$schema": _DRAFT,
            "$id": ADDRESS,
            "title": "A record of a One Health partnership",
            "description": self._message(TYPE_OF_RECORD),
            "if": {"properties": {"id": {"pattern": "^partnership-"}}, "required": ["id"]},
            "then": _with(about["Partnership"], own),
            "else": _with(about["Arrangement"], own),
            "$defs": {kind: self._thing(kind) for kind in sorted((*described, DOCUMENT))},
        }

    def _thing(self, kind: str, *, only: bool = False) -> dict[str, Json]:
        """The allowed and required keys of a class by its closed shape; for a record, OWN."""
        shape = self._shape(kind)
        properties: dict[str, Json] = {}
        required: list[Json] = [] if only else [["id"]]
        for property_shape in self._properties(shape):
            keys = [key for key in self._keys(property_shape) if (key.name in OWN) == bool(only)]
            if len(set(self._paths(self.shapes.value(property_shape, SH.path)))) == 1:
                properties |= {key.name: self._values(key, property_shape) for key in keys}
            if keys and (least := self._least(property_shape)):
                required.append(_of(keys, least))
        properties |= self._hanging(kind) if not only else {}
        name = {"id": self._own_name(kind), "type": {"enum": self._types(kind)}} if not only else {}
        return {
            "type": "object",
            "description": self._message(kind),
            "properties": name
            | {key: properties[key] for key in self.context.keys if key in properties},
            "additionalProperties": False,
            **_required(required, kind),
            **self._exclusive(properties),
        }

    def _exclusive(self, properties: dict[str, Json]) -> dict[str, Json]:
        """The rule that at most one key of a property, such as a date and a year, is given."""
        by_iri: dict[tuple[str, bool], list[str]] = {}
        for key in self.context.keys.values():
            if key.name in properties:
                by_iri.setdefault((key.iri, key.reverse), []).append(key.name)
        rivals = [names for names in by_iri.values() if len(names) > 1]
        clashes = [
            {"required": [name, other]}
            for names in rivals
            for at, name in enumerate(names)
            for other in names[at + 1 :]
        ]
        return {"not": {"anyOf": clashes}} if clashes else {}

    def _shape(self, kind: str) -> Node:
        iri = URIRef(self.context.classes[kind])
        closed = rdflib.Literal(True)
        shapes = self.shapes.subjects(SH.targetClass, iri)
        return next(shape for shape in shapes if (shape, SH.closed, closed) in self.shapes)

    def _properties(self, shape: Node) -> list[Node]:
        """The property shapes, with those of all things last, which constrain values."""
        shapes = self.shapes.objects(shape, SH.property)
        return sorted(shapes, key=lambda node: ("#Thing-" in str(node), str(node)))

    def _keys(self, shape: Node) -> list[Key]:
        """The keys for the path of a property shape; for alternative paths, those in records."""
        paths = set(self._paths(self.shapes.value(shape, SH.path)))
        keys = (key for key in self.context.keys.values() if not key.reverse)
        return [key for key in keys if (key.iri, False) in paths]

    def _paths(self, path: Node | None) -> Iterator[tuple[str, bool]]:
        """The properties of a path, each with whether it is inverse."""
        if isinstance(path, URIRef):
            yield str(path), False
        elif inverse := self.shapes.value(path, SH.inversePath):
            yield str(inverse), True
        elif alternatives := self.shapes.value(path, SH.alternativePath):
            for step in Collection(self.shapes, alternatives):
                yield from self._paths(step)
        elif back := self.shapes.value(self.shapes.value(path, RDF.first), SH.inversePath):
            yield str(back), True  # a path of several steps, the first of them inverse

    def _least(self, shape: Node) -> int:
        """The minimum number of values, except those by which a thing depends on another."""
        if self.shapes.value(shape, SH.severity) != SH.Violation:
            return 0
        paths = set(self._paths(self.shapes.value(shape, SH.path)))
        given = {
            (key.iri, not key.reverse) for key in self.context.keys.values() if key.kind == THING
        }
        hangs = any(inverse for _, inverse in paths) or paths <= {
            (iri, False) for iri, inverse in given if not inverse
        }
        return 0 if hangs else int(str(self.shapes.value(shape, SH.minCount) or 0))

    def _values(self, key: Key, shape: Node) -> dict[str, Json]:
        """The schema of a key's value: one value, or a list if there may be several."""
        about = {"description": str(self.shapes.value(shape, SH.message) or "")}
        if key.kind == TEXTS:
            return about | self._texts(key, shape)
        value = self._value(key, shape)
        if not key.many:
            return about | value
        values: dict[str, Json] = {"type": "array", "items": value, "minItems": 1}
        return about | values

    def _texts(self, key: Key, shape: Node) -> dict[str, Json]:
        texts = {"type": "array", "items": _TEXT, "minItems": 1}
        schema: dict[str, Json] = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"anyOf": [_TEXT, texts]} if key.many else _TEXT,
        }
        languages = self.shapes.value(shape, SH.languageIn)
        if languages is None:
            return schema | {"propertyNames": {"pattern": _LANGUAGE}}
        allowed = [str(language) for language in Collection(self.shapes, languages)]
        least = int(str(self.shapes.value(shape, SH.minCount) or 0))
        required = {"required": allowed} if least == len(allowed) else {}
        return schema | {"propertyNames": {"enum": allowed}} | required

    def _value(self, key: Key, shape: Node) -> dict[str, Json]:
        if key.kind == THING:
            return self._named(key, shape)
        if key.kind == WORD:
            return {"enum": sorted(key.words)}
        if key.kind in _FORMS:
            return dict(_FORMS[key.kind])
        allowed = self.shapes.value(shape, SH["in"])
        if allowed is not None:
            return {"enum": [term.toPython() for term in Collection(self.shapes, allowed)]}  # type: ignore[attr-defined]
        return dict(_TEXT)

    def _named(self, key: Key, shape: Node) -> dict[str, Json]:
        """A thing by its name, or described in place if records describe its class."""
        if chosen := self._concepts(shape):
            return chosen
        if key.name == ACCORDING_TO:
            return dict(_ADDRESS)
        if key.name == "sources":
            return {"$ref": f"#/$defs/{DOCUMENT}"}
        classes = list(self._classes(shape))
        described = [class_ for class_ in classes if class_ in _DESCRIBED and class_ not in _TOPICS]
        return self._either(classes, described)

    def _concepts(self, shape: Node) -> dict[str, Json]:
        """The concepts below a concept, or the pattern of names in a scheme; else empty."""
        inner = self.shapes.value(self.shapes.value(shape, SH.node), SH.property)
        top = self.shapes.value(inner, SH.hasValue)
        if top is None:
            return {}
        if self.shapes.value(inner, SH.path) == SKOS.inScheme:
            members = map(_local, self.curated.subjects(SKOS.inScheme, top))
            kinds = sorted({member.partition("-")[0] for member in members})
            return {"type": "string", "pattern": f"^({'|'.join(kinds)})-{_NAME}$"}
        below = self.curated.transitive_subjects(SKOS.broader, top)
        return {"enum": sorted(map(_local, below))}

    def _hanging(self, kind: str) -> dict[str, Json]:
        """The reverse keys of a class, such as signatures, with their dependent things."""
        properties: dict[str, Json] = {}
        for key in (key for key in self.context.keys.values() if key.reverse):
            shape = self.shapes.value(predicate=SH.path, object=URIRef(key.iri))
            if shape is None or kind not in self._classes(shape):
                continue
            owners = [
                name
                for name in RECORD_KINDS.values()
                if (self._shape(name), SH.property, shape) in self.shapes
            ]
            items = self._either(owners, owners)
            properties[key.name] = {"type": "array", "items": items, "minItems": 1}
        return properties

    def _either(self, classes: list[str], described: list[str]) -> dict[str, Json]:
        """A name of a thing of these classes, or a mapping that describes one."""
        named = {"type": "string", "pattern": f"^{self._beginnings(classes)}-{_NAME}$"}
        refs = [{"$ref": f"#/$defs/{name}"} for name in described]
        return {"anyOf": [named, *refs]} if refs else named

    def _classes(self, shape: Node) -> Iterator[str]:
        """The classes, by their names in the context, that the values of a key may have."""
        classes = list(self.shapes.objects(shape, SH["class"]))
        for either in self.shapes.objects(shape, SH["or"]):
            parts = Collection(self.shapes, either)
            classes += [node for part in parts for node in self.shapes.objects(part, SH["class"])]
        by_iri = {iri: name for name, iri in self.context.classes.items()}
        yield from sorted(by_iri[str(cls)] for cls in classes)

    def _beginnings(self, classes: list[str]) -> str:
        """The prefixes of names of these classes; any for a concept, whose scheme decides."""
        beginnings = {
            **_DESCRIBED,
            "Organization": "organisation",
            "Person": "person",
            "Place": "place",
            "Programme": "programme",
        }
        names = sorted(beginnings[class_] for class_ in classes if class_ in beginnings)
        if not names or len(names) < len(classes):
            return "[a-z]+"
        return names[0] if len(names) == 1 else f"({'|'.join(names)})"

    def _own_name(self, kind: str) -> dict[str, Json]:
        if kind == DOCUMENT:
            return dict(_ADDRESS)
        return {"type": "string", "pattern": f"^{_DESCRIBED[kind]}-{_NAME}$"}

    def _types(self, kind: str) -> list[str]:
        narrower = [name for name, wider in WIDER.items() if wider == kind]
        return [kind, "PressRelease"] if kind == DOCUMENT else [*narrower, kind]

    def _message(self, kind: str) -> str:
        return str(self.shapes.value(self._shape(kind), SH.message) or "")


def _with(agreement: dict[str, Json], own: dict[str, Json]) -> dict[str, Json]:
    """The schema of an agreement with the keys of its record."""
    schema = agreement | {"properties": agreement["properties"] | own["properties"]}
    return schema | {"required": sorted({*agreement.get("required", ()), *own.get("required", ())})}


def _local(thing: Node | None) -> str:
    return str(thing).rpartition("/")[2]


def _of(keys: list[Key], least: int) -> list[Json]:
    """The alternatives for giving ``least`` values: a name of a key, or a schema, for each."""
    if least == 1 or len(keys) == 1:
        return sorted(key.name for key in keys)
    options = [
        {key.name: {"minProperties" if key.kind == TEXTS else "minItems": least}} for key in keys
    ]
    schemas: list[Json] = [{"required": list(option), "properties": option} for option in options]
    return [*schemas, {"required": sorted(key.name for key in keys)}]


def _required(groups: list[Json], kind: str) -> dict[str, Json]:
    """The required keys: the only key of a group, or one alternative of a larger group."""
    alone = sorted({group[0] for group in groups if len(group) == 1})
    either = [{"anyOf": [_requiring(option) for option in group]} for group in groups if group[1:]]
    if kind in _TOPICS:
        rest = [name for name in alone if name not in ("id", "label")]
        schema: dict[str, Json] = {"required": ["id"], "dependentRequired": {"label": rest}}
        return schema | ({"dependentSchemas": {"label": {"allOf": either}}} if either else {})
    return {"required": alone} | ({"allOf": either} if either else {})


def _requiring(option: Json) -> Json:
    return {"required": [option]} if isinstance(option, str) else option
