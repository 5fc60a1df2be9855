"""The terms of our JSON-LD: ontology/context.jsonld, and the meaning of each key.

Records are read with ontology/record.jsonld, a context that imports that one and makes ``id`` and
``type`` keys. The import is resolved here, beside the file; nothing is fetched
(https://www.w3.org/TR/json-ld11/#context-definitions).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.names import ID, expand_with
from onehealthkg.paths import Project, bundled

Json = Any
THING, WORD, TEXTS, PLAIN = "@id", "@vocab", "@language", "@none"


class Key(NamedTuple):
    """A key of a record: its property and the kind of its values.

    ``kind`` is THING for the name of a thing, WORD for one of ``words`` or of the ontology, TEXTS
    for text by language, PLAIN for text or true, or else the IRI of a datatype. ``reverse`` is true
    if the value points to the thing that has the key; ``many`` if there may be a list.
    """

    name: str
    iri: str
    kind: str
    reverse: bool
    many: bool
    words: dict[str, str]


class RecordContext(NamedTuple):
    """The keys and classes of a project's contexts by their names; ``json_ld`` are the contexts."""

    project: Project
    keys: dict[str, Key]
    classes: dict[str, str]
    json_ld: list[Json]

    def beside(self, key: Key) -> list[Key]:
        """The keys of the same property, for dates of other exactness, the key itself first."""
        same = [
            candidate
            for candidate in self.keys.values()
            if (candidate.iri, candidate.reverse) == (key.iri, False)
        ]
        return sorted(same, key=lambda candidate: candidate.name != key.name)


def read_terms(project: Project | None = None) -> dict[str, Json]:
    """The terms of ``ontology/context.jsonld``, from the project or the bundled file.

    Raises InputError if the file is not JSON with a ``@context``.
    """
    path = (project or bundled()).context_file
    path = path if path.exists() else bundled().context_file
    terms: Json = _context(path)
    if not isinstance(terms, dict):
        raise InputError(f'{path}: write one mapping of terms: {{"@context": {{...}}}}.')
    return terms


def record_context(project: Project) -> RecordContext:
    """The keys and classes of records; InputError if a context cannot be read."""
    terms = read_terms(project)
    path = project.record_context_file
    path = path if path.exists() else bundled().record_context_file
    parts = _context(path)
    if not isinstance(parts, list):
        raise InputError(f'{path}: write a list: {{"@context": ["context.jsonld", {{...}}]}}.')
    texts = {name: iri for name, iri in terms.items() if isinstance(iri, str)}
    prefixes = {name: iri for name, iri in texts.items() if not name.startswith("@")}
    keys = {name: _key(name, term, prefixes) for name, term in terms.items() if _has_key(term)}
    classes = {
        name: expand_with(prefixes, iri)
        for name, iri in prefixes.items()
        if not iri.endswith(("/", "#"))
    }
    context = [terms if part == "context.jsonld" else part for part in parts]
    return RecordContext(project, keys, classes, context)


def base_of(context: RecordContext) -> str:
    """The start of the IRIs of things that records name."""
    bases = [part["@base"] for part in context.json_ld if "@base" in part]
    return str(bases[-1]) if bases else ID


def _context(path: Path) -> Json:
    """The value of ``@context`` in a file; InputError if it would have to be fetched."""
    text = read_text(path)
    try:
        context = json.loads(text)["@context"]
        addresses = [address for address in _remote(context) if address != "context.jsonld"]
    except (KeyError, TypeError):
        raise InputError(f'{path}: write {{"@context": {{...}}}}.') from None
    except (ValueError, RecursionError) as error:
        raise InputError(f'{path}: write {{"@context": {{...}}}}: {error}.') from None
    if addresses:
        line = text.count("\n", 0, max(0, text.find(json.dumps(addresses[0])))) + 1
        raise InputError(
            f"{path}:{line}: {addresses[0][:80]} is a remote context; nothing is fetched: write "
            "the terms themselves into the file."
        )
    return context


def _remote(context: Json) -> Iterator[str]:
    """The addresses of remote contexts in a context, at any depth."""
    if isinstance(context, str):
        yield context
    elif isinstance(context, list):
        for part in context:
            yield from _remote(part)
    elif isinstance(context, dict):
        if "@import" in context:
            yield str(context["@import"])
        for term in context.values():
            if isinstance(term, dict) and "@context" in term:
                yield from _remote(term["@context"])


def _has_key(term: Json) -> bool:
    return isinstance(term, dict) and ("@id" in term or "@reverse" in term)


def _key(name: str, term: dict[str, Json], prefixes: dict[str, str]) -> Key:
    containers = term.get("@container", [])
    containers = [containers] if isinstance(containers, str) else containers
    kind = TEXTS if "@language" in containers else expand_with(prefixes, term.get("@type", PLAIN))
    return Key(
        name,
        expand_with(prefixes, term.get("@id") or term["@reverse"]),
        kind,
        "@reverse" in term,
        "@set" in containers,
        {word: expand_with(prefixes, iri) for word, iri in term.get("@context", {}).items()},
    )
