"""JSON-LD read as quads: each value of a document becomes a statement, or the document is refused.

PyLD expands the document by its contexts (https://www.w3.org/TR/json-ld11-api/#expansion); the
expanded nodes are turned into quads here. The standard lets a processor drop what has no RDF
form: a relative IRI, an IRI with a space, a malformed language tag, a blank node as a property.
Each of these is an InputError here. A key that the context does not define is left out, as the
standard requires, and a warning is logged.

Text with a language and a direction becomes a literal of RDF 1.2 with both. A remote context is an
error: nothing is fetched.
"""

from __future__ import annotations

import json
import logging
import math
import re
import warnings
from pathlib import Path
from typing import Any, NoReturn

from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode, Quad

from onehealthkg.errors import InputError
from onehealthkg.names import PREFIXES, RDF_TYPE

Json = Any
Resource = NamedNode | BlankNode
Graph = NamedNode | BlankNode | DefaultGraph

_RDF, _XSD = PREFIXES["rdf"], PREFIXES["xsd"]
_TYPE = NamedNode(RDF_TYPE)
_FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("first", "rest", "nil"))
_RELATIVE = "relative:/"  # the base of a document without one, or PyLD would use its own
_LARGEST_INTEGER = 10**21  # from here on a number is an xsd:double
_MOST_DIGITS = 300  # of a whole number; more do not fit into an xsd:double
_LONGEST_SHOWN = 24  # digits
_KEYWORDS = frozenset(
    "@" + name
    for name in (
        *("base", "container", "context", "direction", "graph", "id", "import", "included"),
        *("index", "json", "language", "list", "nest", "none", "prefix", "propagate", "protected"),
        *("reverse", "set", "type", "value", "version", "vocab"),
    )
)
_RESET = ("@vocab", "@language", "@direction")  # PyLD fails if null resets nothing
_KEYWORD_LIKE = re.compile("@[A-Za-z]+")
# Both halves of a character as JSON escapes them, one half, or another escape.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL
)
_NOT_FETCHED = "a remote context; nothing is fetched; write the context itself into the file"
_LOG = logging.getLogger(__name__)


def parse_jsonld(text: str, path: Path, base: str = "") -> list[Quad]:
    """The quads of a JSON-LD document; ``base`` is its address, if known.

    Raises InputError if the text is not JSON-LD, and for each value that would be lost.
    """
    document = _Document(text, path)
    try:
        return document.quads(base)
    except RecursionError:
        raise InputError(f"{path}: the JSON is nested too deep; convert it to N-Quads.") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # not caught by PyLD
        if error.args and error.args[0] in _RESET:
            reason = f'a @context sets "{error.args[0]}" to null where it has no value; take it out'
        else:
            reason = f"this is not JSON-LD 1.1 ({error!r})"
        raise InputError(f"{path}: {reason}.") from None


class _Document:
    """A JSON-LD document, the quads made from it so far, and the keys left out."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path
        self.made: dict[Quad, None] = {}
        self.dropped: dict[str, None] = {}
        self.fresh = 0
        self.prefix = "b"  # of the labels of unlabelled nodes
        while f'"_:{self.prefix}' in text:
            self.prefix += "b"

    def quads(self, base: str) -> list[Quad]:
        """All quads, each once, in the order of the document."""
        for node in self._expanded(self._json(), base):
            self._node(node, DefaultGraph())
        if self.dropped and not self.made:
            raise InputError(
                f"{self.path}: no statement could be read; write whole IRIs, or a @context."
            )
        if self.dropped:
            keys = ", ".join(f'"{key}"' for key in self.dropped)
            _LOG.warning(
                f"{self.path}: left out, as the context gives these keys no meaning: {keys}."
            )
        return list(self.made)

    def _json(self) -> Json:
        for escape in _ESCAPE.finditer(self.text):
            if escape["half"]:
                line = self.text.count("\n", 0, escape.start()) + 1
                raise InputError(
                    f"{self.path}:{line}: {escape[0]} is half of a character (UTF-16); write "
                    "the whole character."
                )
        try:
            document = json.loads(
                self.text,
                object_pairs_hook=self._object_of,
                parse_int=self._whole_number,
                parse_constant=self._refuse_number,
            )
        except json.JSONDecodeError as error:
            raise InputError(
                f"{self.path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}."
            ) from None
        if not isinstance(document, dict | list):
            raise InputError(f"{self.path}:1: a JSON-LD document is an object or a list.")
        return document

    def _object_of(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """A JSON object; a duplicate key is an error."""
        entries = dict(pairs)
        if len(entries) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            self._refuse(twice, f'the key "{twice}" is given twice in one object; keep one.')
        for key in entries:
            if _KEYWORD_LIKE.fullmatch(key) and key not in _KEYWORDS:
                self.dropped[key] = None
        return entries

    def _whole_number(self, digits: str) -> int:
        if len(digits) > _MOST_DIGITS:
            raise InputError(
                f"{self.path}: a number has too many digits; write it as a text with a @type."
            )
        number = int(digits)
        if abs(number) >= _LARGEST_INTEGER and number != int(float(number)):
            raise InputError(
                f"{self.path}: {digits[:_LONGEST_SHOWN]}… has more digits than an xsd:double "
                "keeps; write it as a text with a @type."
            )
        return number

    def _refuse_number(self, constant: str) -> NoReturn:
        raise InputError(f"{self.path}: JSON has no number {constant}; write it as a text.")

    def _expanded(self, document: Json, base: str) -> list[dict[str, Json]]:
        from pyld import jsonld

        def drop(key: str | None) -> None:
            if key and ":" in key:
                self._iri(key)
            if key:  # None is a key that the context maps to null
                self.dropped[key] = None

        options = {
            "base": base or _RELATIVE,
            "documentLoader": self._refuse_to_load,
            "processingMode": "json-ld-1.1",
        }
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # PyLD's, about values refused or logged here
                nodes: list[dict[str, Json]] = jsonld.expand(
                    document, options, on_property_dropped=drop
                )
        except jsonld.JsonLdError as error:
            raise InputError(f"{self.path}: {_reason(error)}.") from None
        return nodes

    def _refuse_to_load(self, address: str, _: object) -> NoReturn:
        self._refuse(address.removeprefix(_RELATIVE), f"{_NOT_FETCHED}.")

    def _node(self, node: dict[str, Json], graph: Graph) -> Resource:
        """The node; all its statements are added."""
        subject = self._resource(node["@id"]) if "@id" in node else self._blank()
        for name in node.get("@type", ()):
            self._add(subject, _TYPE, self._resource(name), graph)
        for inner in node.get("@graph", ()):
            self._node(inner, subject)
        for inner in node.get("@included", ()):
            self._node(inner, graph)
        for name, others in node.get("@reverse", {}).items():
            for other in others:
                self._add(self._node(other, graph), self._property(name), subject, graph)
        for name in (key for key in node if key not in _KEYWORDS):
            for item in node[name]:
                self._add(subject, self._property(name), self._object(item, graph), graph)
        return subject

    def _object(self, item: dict[str, Json], graph: Graph) -> Resource | Literal:
        if "@value" in item:
            return self._literal(item)
        return self._list(item["@list"], graph) if "@list" in item else self._node(item, graph)

    def _list(self, items: list[dict[str, Json]], graph: Graph) -> Resource:
        chain: list[Resource] = [*(self._blank() for _ in items), _NIL]
        for cell, item, rest in zip(chain, items, chain[1:], strict=False):
            self._add(cell, _FIRST, self._object(item, graph), graph)
            self._add(cell, _REST, rest, graph)
        return chain[0]

    def _literal(self, item: dict[str, Json]) -> Literal:
        """A value converted by https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion."""
        value, kind = item["@value"], item.get("@type")
        if kind == "@json":
            from c14n.Canonicalize import canonicalize  # comes with PyLD

            return Literal(canonicalize(value).decode(), datatype=NamedNode(_RDF + "JSON"))
        if "@language" in item:
            return self._in_language(value, item["@language"], item.get("@direction"))
        if "@direction" in item:
            self._refuse(value, f'"{value}" has a direction but no language; add its @language.')
        text, native = self._spelt(value, kind)
        return Literal(text, datatype=self._datatype(kind or native))

    def _in_language(self, text: str, tag: str, direction: str | None) -> Literal:
        try:
            if direction is None:
                return Literal(text, language=tag)
            return Literal(text, language=tag, direction=BaseDirection(direction))
        except ValueError:
            place = re.search(re.escape(tag), self.text, re.IGNORECASE)
            written = place[0] if place else tag  # PyLD lower-cases the tag
            right = written.replace("_", "-") if "_" in tag else "en or fr-CA"
            self._refuse(tag, f'"{written}" is not a language tag; write it as {right}.')

    def _spelt(self, value: Json, kind: str | None) -> tuple[str, str]:
        """The lexical form of a value and its default datatype."""
        if isinstance(value, bool):
            return str(value).lower(), _XSD + "boolean"
        if isinstance(value, str):
            return value, _XSD + "string"
        whole = float(value).is_integer() and abs(value) < _LARGEST_INTEGER
        if whole and kind != _XSD + "double":
            return str(int(value)), _XSD + "integer"
        if not math.isfinite(value):
            raise InputError(f"{self.path}: a number is too large; write it as a text.")
        return _double(value), _XSD + "double"

    def _property(self, iri: str) -> NamedNode:
        if iri.startswith("_:"):
            self._refuse(iri, f'"{iri}" is a blank node, which cannot be a property; name an IRI.')
        return self._iri(iri)

    def _datatype(self, iri: str) -> NamedNode:
        if iri.startswith("_:"):
            self._refuse(iri, f'"{iri}" is a blank node, which cannot be a datatype; name an IRI.')
        return self._iri(iri)

    def _resource(self, name: str | None) -> Resource:
        if name is None:
            raise InputError(f'{self.path}: an "@id" is a word that begins with @; write an IRI.')
        if not name.startswith("_:"):
            return self._iri(name)
        try:
            return BlankNode(name.removeprefix("_:"))
        except ValueError:
            self._refuse(name, f'"{name}" is not the label of a blank node; write it as _:a1.')

    def _iri(self, name: str) -> NamedNode:
        relative = name.removeprefix(_RELATIVE)
        if relative != name or ":" not in name:
            right = "write the whole IRI, or an absolute @base in the @context"
            self._refuse(relative, f'"{relative}" is a relative IRI; {right}.')
        try:
            return NamedNode(name)
        except ValueError as error:
            self._refuse(name, f'"{name}" is not an IRI: {error}; write a space as %20.')

    def _blank(self) -> BlankNode:
        self.fresh += 1
        return BlankNode(f"{self.prefix}{self.fresh}")

    def _add(
        self, subject: Resource, name: NamedNode, value: Resource | Literal, graph: Graph
    ) -> None:
        self.made[Quad(subject, name, value, graph)] = None

    def _refuse(self, word: str, message: str) -> NoReturn:
        """Raise InputError, with the line on which the word first occurs."""
        spelt = re.escape(json.dumps(word, ensure_ascii=False))
        place = re.search(spelt, self.text, re.IGNORECASE)
        line = f":{self.text.count(chr(10), 0, place.start()) + 1}" if place else ""
        raise InputError(f"{self.path}{line}: {message}")


def _double(value: float) -> str:
    """The canonical form: ``1.5E0`` (https://www.w3.org/TR/xmlschema11-2/#double)."""
    digits, _, exponent = f"{value:.15E}".partition("E")
    digits = digits.rstrip("0")
    return f"{digits}0E{int(exponent)}" if digits.endswith(".") else f"{digits}E{int(exponent)}"


def _reason(error: Exception) -> str:
    """The innermost cause of PyLD's error about a document."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, InputError):
        raise cause from None
    return str(getattr(cause, "args", (cause,))[0]).rstrip(".")
