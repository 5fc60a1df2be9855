"""A new thing in a file of authority records: its statements, and the place where they go.

A file of data/ is a list of blocks, one for each thing, in the order of their names. A thing is
added by inserting its block between two others, so that nothing else in the file changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from onehealthkg.editing.things import words_of
from onehealthkg.errors import InputError, UsageError
from onehealthkg.files import read_text, write_atomic
from onehealthkg.labels import WORDING
from onehealthkg.locks import locked
from onehealthkg.names import GRAPH, ID, PREFIXES, compact, local_name
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import spell, spell_predicate
from onehealthkg.terms import named_node
from onehealthkg.words import words

TEXT, ADDRESS, CODE = "text", "address", "code"
_BLOCK = re.compile(r"^id:(\S+)\n(?:.*\n)*?(?=\n|\Z)", re.MULTILINE)
_PREFIX = re.compile(r"^@prefix (\w+):( +)<[^>]*> \.\n", re.MULTILINE)
_USED = re.compile(r"^    (\w+):", re.MULTILINE)
_SOURCES = re.compile(r"(?<=dcterms:source)(\s+<[^>]*>(?:\s*,\s*<[^>]*>)*)")


class AddField(NamedTuple):
    """A question about a new thing.

    ``form`` is TEXT, ADDRESS, CODE, or the kind of the known thing that the answer names;
    ``languages`` are those of the text, empty for a text without a language.
    """

    name: str
    predicate: str
    form: str = TEXT
    languages: tuple[str, ...] = ()
    needed: bool = False


_NAME = AddField("name", "skos:prefLabel", TEXT, ("en",))
_NAMES = (
    _NAME._replace(needed=True),
    AddField("name-fr", "skos:prefLabel", TEXT, ("fr",)),
)
_FULL = (
    AddField("full-name", "skos:altLabel", languages=("en",)),
    AddField("full-name-fr", "skos:altLabel", languages=("fr",)),
)
_ACRONYM = (
    AddField("acronym", "skos:altLabel", languages=("en",)),
    AddField("acronym-fr", "skos:altLabel", languages=("fr",)),
)
_SOURCE = AddField("source", "dcterms:source", ADDRESS)
_WORDS = (
    AddField("other-name", "skos:altLabel", languages=("en",)),
    AddField("other-name-fr", "skos:altLabel", languages=("fr",)),
)
_DEFINITION = AddField("definition", "skos:definition", TEXT, ("en",), needed=True)


def _concept(kind: str) -> tuple[AddField, ...]:
    broader = AddField("broader", "skos:broader", kind, needed=True)
    return (*_NAMES, *_WORDS, broader, _DEFINITION, _SOURCE)


ADD_FIELDS: Mapping[str, tuple[AddField, ...]] = {
    "organisation": (
        *_NAMES,
        *_FULL,
        *_ACRONYM,
        AddField("category", "org:classification", "category", needed=True),
        AddField("country", "oh:country", "place"),
        AddField("part-of", "org:subOrganizationOf", "organisation"),
        AddField("former-name", "oh:formerName", languages=("en",)),
        _SOURCE,
    ),
    "person": (
        AddField("name", "skos:prefLabel", needed=True),
        _SOURCE,
    ),
    "post": (
        *_NAMES,
        AddField("organisation", "org:postIn", "organisation", needed=True),
        _SOURCE,
    ),
    "programme": (
        *_NAMES,
        *_FULL,
        *_ACRONYM,
        AddField("organisation", "oh:programmeOf", "organisation"),
        AddField("kind", "oh:kind", "programme-kind"),
        _SOURCE,
    ),
    "place": (
        *_NAMES,
        AddField("part-of", "dcterms:isPartOf", "place", needed=True),
        AddField("code", "skos:notation", CODE),
        _SOURCE,
    ),
    "topic": _concept("topic"),
    "activity": _concept("activity"),
}
"""The questions about a new thing of each kind, in this order."""


def question_of(kind: str, field: AddField, language: str) -> str:
    """The question about a field of a kind of things, in a language of the interface."""
    own = words(language)["add"]
    questions = own["questions"]
    asked = questions.get(f"{kind}.{field.name}", questions[field.name])
    return str(asked.format(own["kinds"][kind]))


_FILES = {
    "organisation": "organisations.ttl",
    "person": "people.ttl",
    "post": "people.ttl",
    "programme": "programmes.ttl",
    "place": "places.ttl",
    "topic": "topics.ttl",
    "activity": "activities.ttl",
    "kind": "kinds.ttl",
}
_TYPES = {
    "organisation": ("org:FormalOrganization", "org:Organization"),
    "person": ("foaf:Person",),
    "post": ("org:Post",),
    "programme": ("oh:Programme",),
    "place": ("dcterms:Location",),
    "topic": ("skos:Concept",),
    "activity": ("skos:Concept",),
}
_SCHEMES = {"topic": "id:scheme-topics", "activity": "id:scheme-activities"}


class Addition(NamedTuple):
    """A thing to be added: its kind, and the answers by field, names in data/ for known things."""

    kind: str
    answers: Mapping[str, str]

    @property
    def local_name(self) -> str:
        """The name of the thing in data/: its kind and words; for a post also those of its body."""
        body = self.answers["organisation"].partition("-")[2] if self.kind == "post" else ""
        title = words_of(self.answers["name"])
        title = title.split(f"-of-the-{body}")[0].split(f"-of-{body}")[0] if body else title
        return "-".join(part for part in (self.kind, body, title) if part)[:100]

    @property
    def triples(self) -> list[Triple]:
        """The statements about the thing, without its source, which is that of the file."""
        thing = NamedNode(ID + self.local_name)
        said: set[tuple[NamedNode, NamedNode | Literal]]
        said = {(named_node("rdf:type"), named_node(name)) for name in _TYPES[self.kind]}
        for field in ADD_FIELDS[self.kind]:
            text = self.answers.get(field.name, "")
            if text and field.form != ADDRESS:
                said |= {(named_node(field.predicate), term) for term in _terms(field, text)}
        if self.kind in _SCHEMES:
            said.add((named_node("skos:inScheme"), named_node(_SCHEMES[self.kind])))
        labels = {term for predicate, term in said if predicate == _PREFERRED}
        said -= {(_OTHER, label) for label in labels}
        return [Triple(thing, predicate, term) for predicate, term in said]


_PREFERRED, _OTHER = named_node("skos:prefLabel"), named_node("skos:altLabel")
_FIRST = (named_node("rdf:type"), _PREFERRED, _OTHER, WORDING)


def _terms(field: AddField, text: str) -> list[Literal | NamedNode]:
    if field.form not in (TEXT, CODE):
        return [NamedNode(ID + text)]
    languages = field.languages or (None,)
    return [Literal(text, language=language) for language in languages]


def file_of(project: Project, kind: str) -> Path:
    """The file of a project where things of a kind are described."""
    return Path(project.root, "data", _FILES[kind])


def add(project: Project, addition: Addition) -> NamedNode:
    """Add a thing to the file of its kind, and its source to those of the file; return the thing.

    Raises UsageError if a thing already has the name, InputError if the file does not have the
    project's form, OutputError if it cannot be written.
    """
    path = file_of(project, addition.kind)
    with locked(path):
        text = read_text(path)
        text = with_block(text, addition.local_name, addition.triples, path)
        source = addition.answers.get("source", "")
        write_atomic(path, (with_source(text, source) if source else text).encode())
    return NamedNode(ID + addition.local_name)


def add_wording(project: Project, thing: NamedNode, words: str, language: str) -> None:
    """Add the words by which a text mentions a thing as a hidden label, so that they find it.

    Raises UsageError if no file of the project describes the thing.
    """
    name = local_name(thing.value)
    path = file_of(project, name.partition("-")[0])
    with locked(path):
        text = read_text(path)
        block = next((block for block in _BLOCK.finditer(text) if block[1] == name), None)
        if block is None:
            raise UsageError(f"{path}: there is no {name} here; add it first.")
        naming = "skos:altLabel" if name.startswith("post-") else "skos:hiddenLabel"
        written = _with_wording(block[0], naming, spell(Literal(words, language=language)))
        write_atomic(path, (text[: block.start()] + written + text[block.end() :]).encode())


def _with_wording(block: str, naming: str, words: str) -> str:
    """The block of a thing with an additional label, after its other labels of this kind."""
    there = re.search(rf"^    {naming} (?:.*\n)*?.*?(?= [;.]\n)", block, re.MULTILINE)
    if there:
        return f"{block[: there.end()]} , {words}{block[there.end() :]}"
    behind = re.search(r"^    (?!a |skos:prefLabel|skos:altLabel)\S", block, re.MULTILINE)
    if behind:
        return f"{block[: behind.start()]}    {naming} {words} ;\n{block[behind.start() :]}"
    return block.removesuffix(" .\n") + f" ;\n    {naming} {words} .\n"


def with_block(text: str, name: str, triples: Iterable[Triple], path: Path) -> str:
    """The text of a file with an additional block, before the first block with a later name."""
    body = _body(name, triples)
    blocks = [block for block in _BLOCK.finditer(text) if not block[1].startswith("scheme-")]
    if any(block[1] == name for block in blocks):
        raise UsageError(f"{path}: a thing named {name} already exists; write another name.")
    later = next((block.start() for block in blocks if block[1] > name), None)
    if later is None:
        end = text if text.endswith("\n") else text + "\n"
        text = f"{end}\n{body}"
    else:
        text = f"{text[:later]}{body}\n{text[later:]}"
    return _with_prefixes(text, sorted(set(_USED.findall(body)) & set(PREFIXES)), path)


def _body(name: str, triples: Iterable[Triple]) -> str:
    """The block of a thing: types and labels first, English before French, a line for each."""
    lines = [
        f"    {spell_predicate(predicate)} {' , '.join(spell(triple.object) for triple in group)}"
        for predicate, group in groupby(sorted(set(triples), key=_order), lambda x: x.predicate)
    ]
    return f"id:{name}\n" + " ;\n".join(lines) + " .\n"


def _order(triple: Triple) -> tuple[int, str, str, str]:
    predicate = triple.predicate
    rank = _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)
    language = triple.object.language if isinstance(triple.object, Literal) else None
    return rank, compact(predicate.value), language or "", str(triple.object)


def _with_prefixes(text: str, used: Iterable[str], path: Path) -> str:
    """The text with the missing declarations of prefixes, each in its place."""
    for prefix in used:
        there = list(_PREFIX.finditer(text))
        if not there:
            raise InputError(f"{path}: there are no @prefix lines at its top; put them there.")
        if prefix in (line[1] for line in there):
            continue
        width = there[0].start(2) - there[0].start() + len(there[0][2])
        line = f"{f'@prefix {prefix}:':<{width}}<{PREFIXES[prefix]}> .\n"
        place = next((block.start() for block in there if block[1] > prefix), there[-1].end())
        text = text[:place] + line + text[place:]
    return text


def with_source(text: str, address: str) -> str:
    """The text of a file with an address among the sources of its graph, in their order."""
    graph = text.find(f"<{GRAPH}")
    sources = _SOURCES.search(text, max(graph, 0))
    if sources is None:
        return text
    listed = re.findall(r"<[^>]*>", sources[1])
    if f"<{address}>" in listed:
        return text
    sorts = listed == sorted(listed)
    listed.append(f"<{address}>")
    separator = re.search(r",\s*", sources[1])
    joint = f" {separator[0]}" if separator else " , "
    start = re.match(r"\s*", sources[1])
    written = (start[0] if start else "") + joint.join(sorted(listed) if sorts else listed)
    return text[: sources.start()] + written + text[sources.end() :]
