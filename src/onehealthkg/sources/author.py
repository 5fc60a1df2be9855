"""The author's file beside an archived text: which graphs it has, and how it is brought up to date.

The program changes only the comments that begin with ``#|``, above the graphs, and appends graphs
for new passages. The parser finds the existing graphs, so that any spelling of a name is
understood: it reads the text with an extra statement in each.
"""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.sources.naming import on_one_line
from onehealthkg.terms import named_node, plain

_EU = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {"en": _EU + "ENG", "fr": _EU + "FRA"}

MARK = "#|"
NAME = re.compile(r"s[0-9]{1,9}")

_TOKEN = re.compile(
    r"(?P<comment>#[^\r\n]*)|[{}]|<[^<>\s]*>"
    r'|"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\])*"'
    r"|'''(?:\\.|[^\\])*?'''|'(?:\\.|[^'\\])*'"
    r"|(?:\\.|[^\\\s{}<>\"'#])+",
    re.DOTALL,
)
_PROBE = "urn:onehealthkg:opening"


class Opening(NamedTuple):
    """The opening of a passage's graph: the passage, the text above, and where the name begins.

    Only white space and comments are above it, from the end of the previous token.
    """

    name: str
    above: str
    start: int


class AuthorFile(NamedTuple):
    """The author's file: its text, quads and graphs, all empty if there is no such file."""

    path: Path
    document: str
    text: str
    quads: list[Quad]
    openings: list[Opening]

    @property
    def stated(self) -> set[str]:
        """The names of the passages whose graphs have statements."""
        found = {_passage_name(quad.graph_name, self.document) for quad in self.quads}
        return found - {""}

    @property
    def languages(self) -> list[str]:
        """The languages of the document, as IRIs."""
        return self._values(self.document, "dcterms:language")

    @property
    def addresses(self) -> list[str]:
        """The pages from which the archived text was taken."""
        return self._values(f"{self.document}.txt", "dcterms:source")

    def _values(self, subject: str, predicate: str) -> list[str]:
        about = NamedNode(subject), named_node(predicate)
        values = {quad.object for quad in self.quads if (quad.subject, quad.predicate) == about}
        return sorted(map(plain, values))


def read_author(path: Path, document: str) -> AuthorFile:
    """The author's file of a document; InputError if it cannot be read."""
    if not path.exists():
        return AuthorFile(path, document, "", [], [])
    text = read_text(path)
    return AuthorFile(path, document, text, read_quads(path), _openings(text, document))


def _openings(text: str, document: str) -> list[Opening]:
    """The openings of the graphs of a document's passages, however their names are written.

    The parser names each opened graph: it reads the text with an extra statement in each.
    """
    places: list[tuple[str, int]] = []
    probed: list[str] = []
    copied = 0
    recent = deque([(0, 0, "")] * 3, maxlen=3)
    for token in _TOKEN.finditer(text):
        if token["comment"]:
            continue
        if token.group() == "{":
            if recent[1][2].upper() != "GRAPH":
                recent.popleft()
            floor, start = recent[0][1], recent[1][0]
            probed += text[copied : token.end()], f" <{_PROBE}> <{_PROBE}> {len(places)} ."
            places.append((text[floor:start], start))
            copied = token.end()
        recent.append((*token.span(), token.group()))
    found = []
    for quad in parse("".join([*probed, text[copied:]]).encode(), format=RdfFormat.TRIG):
        name = _passage_name(quad.graph_name, document)
        if name and quad.predicate.value == _PROBE:
            above, start = places[int(plain(quad.object))]
            found.append(Opening(name, above, start))
    return found


def _passage_name(graph: object, document: str) -> str:
    """The name of the passage whose graph this is, or empty."""
    iri = graph.value if isinstance(graph, NamedNode) else ""
    name = iri.removeprefix(document + "#")
    return name if NAME.fullmatch(name) else ""


def updated(author: AuthorFile, text: str, quotes: dict[str, str]) -> str:
    """The author's file with graphs for the passages that lack one, and updated comments."""
    there = {opening.name for opening in author.openings}
    missing = {name: quote for name, quote in quotes.items() if name not in there}
    text = _with_graphs(text, missing)
    openings = _openings(text, author.document)
    if not {opening.name for opening in openings}.issuperset(missing):
        raise InputError(
            f"{author.path}: its @base is not that of this text; "
            f"write @base <{author.document}> . at its top, and no other."
        )
    parts: list[str] = []
    copied = 0
    for opening in openings:
        if opening.name in quotes:
            above = _marked(opening.above, _comment(quotes[opening.name]))
            parts += text[copied : opening.start - len(opening.above)], above
            copied = opening.start
    return "".join([*parts, text[copied:]])


def _with_graphs(text: str, quotes: dict[str, str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    end = newline if quotes and not text.endswith("\n") else ""
    lines = (["", _comment(quote), f"<#{name}> {{", "}", ""] for name, quote in quotes.items())
    return text + end + "".join(newline.join(line) for line in lines)


def _marked(above: str, comment: str) -> str:
    """The text above a graph, with ``comment`` as its only generated comment.

    It is unchanged if the graph does not begin a line.
    """
    first, *lines = above.split("\n")
    marks = [number for number, line in enumerate(lines) if is_mark(line)]
    if not lines or (len(marks) == 1 and lines[marks[0]].strip() == comment):
        return above
    if not marks:
        marks = [len(lines) - 1]
        lines.insert(marks[0], lines[-1])
    indent = re.match(r"[ \t]*", lines[marks[-1]])
    lines[marks[-1]] = (indent.group() if indent else "") + comment + "\r" * ("\r\n" in above)
    return "\n".join([first, *(line for at, line in enumerate(lines) if at not in marks[:-1])])


def is_mark(line: str) -> bool:
    """Whether a line is one of the comments that the program writes."""
    return line.lstrip().startswith(MARK)


def _comment(quote: str) -> str:
    return f"{MARK} {on_one_line(quote)}"


def head(stem: str, language: str, address: str | None) -> str:
    """The start of a new author's file: prefixes, and the graph about the document."""
    source = f"dcterms:source <{address}> ;" if address else "# dcterms:source <https://...> ;"
    page = f"{'' if address else '# '}<{stem}.txt> dcterms:source <{address or 'https://...'}> ."
    prefixes = ("dcterms", "foaf", "id", "oh", "org", "schema", "skos", "xsd")
    lines = [f"@base <{SOURCE}{stem}> .\n"]
    lines += [f"@prefix {prefix + ':':<8} <{PREFIXES[prefix]}> .\n" for prefix in prefixes]
    lines.append(
        f"""
# What the text itself does not say: where it was published, labels for what it describes, what its
# pronouns stand for (oh:antecedent), and why a passage states nothing (oh:withoutStatement).
<#about> {{
    <#about>
        a oh:CuratedGraph ;
        {source}
        dcterms:title "About {stem}"@en , "À propos de {stem}"@fr .

    <>
        a foaf:Document ;
        # dcterms:publisher id:organisation-... ;
        dcterms:language <{LANGUAGES[language]}> .

    {page}
}}
"""
    )
    return "".join(lines)
