r"""The lines of statements in a Turtle, TriG, N-Triples or N-Quads text.

Neither pyoxigraph nor rdflib reports positions. One regular expression cuts the text into tokens
(https://www.w3.org/TR/turtle/#sec-grammar-grammar , https://www.w3.org/TR/trig/#sec-grammar), and
a list holds the terms of the statement at hand; ``,`` ``;`` ``.`` shorten it. Terms in
``[ ]``, ``( )``, ``<< >>`` or ``{| |}`` have no name and are skipped.

The text has been parsed before, so nothing is checked, and unknown syntax is not recorded. Any text
is read once, in linear time. Two rules ensure this: no part of the expression that spans many
characters can fail after them and be tried again further on (an unclosed string runs to the end),
and no base or namespace longer than 2048 characters is used, because each short name would be that
long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import RdfFormat, parse

from onehealthkg.names import RDF_TYPE

DEFAULT = "DEFAULT"  # how pyoxigraph prints the name of the default graph

_Token = tuple[str, str, int]  # kind, text, line
_END: _Token = ("end", "", 0)
_LONGEST = 2048
_DIRECTIVES = ("@base", "@prefix", "@version", "base", "prefix", "version")
_OPENING, _CLOSING = ("[", "(", "<<", "{|"), ("]", ")", ">>", "|}")
_KEPT = {",": 2, "~": 2, ";": 1, ".": 0, "}": 0}  # the separator, and how many terms carry over
_WORDS = {"a": RDF_TYPE, "false": "false", "true": "true"}
_CHARACTERS = dict(zip("tbnrf", "\t\b\n\r\f", strict=True))

_NAME = r"[\w\-\x80-\U0010ffff]+"
_LOCAL = r"(?:[\w\-%:\x80-\U0010ffff]|\\[!-/_~;=?@])+"
_TOKEN = re.compile(
    rf"""
      (?P<space>  [ \t\r\n]+ | \#[^\r\n]* )
    | (?P<iri>    <[^\x00-\x20<>"{{}}|^`]*> )
    | (?P<string> \"""(?:[^"\\]+|\\.|"(?!""))*(?:\""")? | '''(?:[^'\\]+|\\.|'(?!''))*(?:''')?
                | "(?:[^"\\\r\n]+|\\[^\r\n])*"? | '(?:[^'\\\r\n]+|\\[^\r\n])*'? )
    | (?P<number> [+-]?(?:[0-9]+(?:\.[0-9]+|\.(?=[eE]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    | (?P<tag>    @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word>   {_NAME}(?:\.+{_NAME})*(?::(?:{_LOCAL}(?:\.+{_LOCAL})*)?)?
                | :(?:{_LOCAL}(?:\.+{_LOCAL})*)? )
    | (?P<mark>   \^\^ | << | >> | \{{\| | \|\}} | . )
    """,
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_JSON_OR_XML = re.compile(r'[\ufeff\s]*(?:[\[{]\s*["{]|<!--|<[^<>\s]+\s)')
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\\]*\Z")
_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(rf"\\(?:u({_HEX}{{4}})|U(00(?:0{_HEX}|10){_HEX}{{4}})|([tbnrf\"'\\]))")


class Positions:
    """Lines, counted from 1 and ended by a line feed, by graph, subject, predicate and object.

    An IRI is a plain string, a literal its lexical form, without language or datatype; DEFAULT is
    the default graph's name. If a statement occurs twice, the first place counts.
    """

    def __init__(self, lines: dict[tuple[str | None, ...], int]) -> None:
        self._lines = lines

    def line(
        self,
        graph: str | None,
        subject: str,
        predicate: str | None = None,
        object: str | None = None,  # noqa: A002 - it is RDF's word
    ) -> int | None:
        """The line of the statement's object, or of the nearest part whose line is known.

        That is its predicate, the first mention of its subject in this graph, or the opening of
        the graph. A graph of None matches any graph. Returns None if no line is known.
        """
        key = (graph, subject, predicate, object)
        found = (self._lines.get(key[:size]) for size in (4, 3, 2, 1))
        return next((line for line in found if line), None)


def locate(text: str, base: str = "") -> Positions:
    """The positions in a text, whose relative IRIs are resolved against ``base``.

    JSON-LD and RDF/XML have no positions.
    """
    reader = _Reader(base)
    if not _JSON_OR_XML.match(text):
        reader.read(_tokens(text))
    return Positions(reader.lines)


def _tokens(text: str) -> Iterator[_Token]:
    line, position = 1, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "space":
            line += text.count("\n", position, match.start())
            position = match.start()
            yield match.lastgroup, match.group(), line


class _Reader:
    """The current graph and the terms so far of the current statement; None is an unknown term."""

    def __init__(self, base: str) -> None:
        self.lines: dict[tuple[str | None, ...], int] = {}
        self.base: str | None = base
        self.prefixes: dict[str, str | None] = {}
        self.graph: str | None = DEFAULT
        self.terms: list[tuple[str | None, int]] = []
        self.depth = 0  # of brackets

    def read(self, tokens: Iterator[_Token]) -> None:
        for kind, text, line in tokens:
            if text == "^^":
                next(tokens, _END)
            elif kind == "mark":
                self._mark(text, line)
            elif self.depth:
                continue
            elif not self.terms and text.lower() in _DIRECTIVES:
                self._directive(text.lower(), tokens)
            elif kind != "tag":
                self.terms.append((self._value(kind, text), line))
        self._end(0)

    def _directive(self, name: str, tokens: Iterator[_Token]) -> None:
        kind, text, _ = next(tokens, _END)
        if name.endswith("base"):
            self.base = self._start(kind, text)
        elif name.endswith("prefix"):
            self.prefixes[text.removesuffix(":")] = self._start(*next(tokens, _END)[:2])

    def _start(self, kind: str, text: str) -> str | None:
        iri = self._value(kind, text)
        return iri if iri and len(iri) <= _LONGEST else None

    def _mark(self, mark: str, line: int) -> None:
        if mark in _OPENING:
            self.depth += 1
        elif mark in _CLOSING:
            self.depth = max(0, self.depth - 1)
            if not self.depth and mark != "|}":  # an annotation is not a term
                self.terms.append((None, line))
        elif mark == "{":
            self.graph = self._open(*self.terms[-1] if self.terms else (DEFAULT, line))
            self.terms.clear()
        elif mark in _KEPT and not self.depth:
            self._end(_KEPT[mark])
            if mark == "}":
                self.graph = DEFAULT

    def _open(self, graph: str | None, line: int) -> str | None:
        if graph is not None:
            self.lines.setdefault((graph,), line)
        return graph

    def _end(self, kept: int) -> None:
        """Record the statement, if it is one, and keep its first terms for the next."""
        if len(self.terms) in (3, 4):  # in N-Quads the graph comes last
            graph = self._open(*self.terms[3]) if self.terms[3:] else self.graph
            for home in (graph, None):
                key: tuple[str | None, ...] = (home,)
                for value, line in self.terms[:3]:
                    if value is None:
                        break
                    key = (*key, value)
                    self.lines.setdefault(key, line)
        del self.terms[kept:]

    def _value(self, kind: str, text: str) -> str | None:
        """The IRI, the label of a blank node, or the literal's lexical form."""
        if kind == "iri":
            return _resolve(text, self.base)
        if kind == "string":
            size = 3 if text[:3] in ('"""', "'''") else 1
            return _ESCAPE.sub(_character, text[size:-size])
        if kind == "number":
            return text
        prefix, colon, local = text.partition(":")
        if not colon or prefix == "_":
            return text if colon else _WORDS.get(text)
        start = self.prefixes.get(prefix)
        return None if start is None else start + re.sub(r"\\(.)", r"\1", local)


def _resolve(text: str, base: str | None) -> str | None:
    """The IRI of ``<...>``. If it is relative or has escapes, the parser resolves it.

    urllib's urljoin knows the paths of a few schemes only, and drops an empty fragment.
    """
    if _ABSOLUTE.match(text):
        return text[1:-1]
    try:
        triples = parse(f"{text} a {text} .".encode(), RdfFormat.TURTLE, base_iri=base or None)
        return str(next(triples).subject.value)
    except (SyntaxError, ValueError):
        return None


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _CHARACTERS.get(escape[3], escape[3])
