"""The shapes of a project: the shapes that use a term, and the page that lists them.

The shapes validate the graph and are not part of it, so they are read from their file.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Store

from onehealthkg.labels import in_language
from onehealthkg.names import compact, expand, local_name
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.terms import named_node, plain, value

_SEVERITY = named_node("sh:severity")


class Shape(NamedTuple):
    """A shape: its name, its target, its severity, its requirement and its message."""

    name: str
    about: str
    severity: str
    description: str
    message: str


class Shapes:
    """The shapes of a project."""

    def __init__(self, project: Project) -> None:
        self._store = Store()
        self._store.extend(read_quads(project.shapes_file))

    @cached_property
    def all(self) -> list[Shape]:
        """All named shapes, by name."""
        quads = self._store.quads_for_pattern(None, _SEVERITY, None)
        named = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return [self._shape(shape) for shape in sorted(named, key=plain)]

    def _shape(self, shape: NamedNode) -> Shape:
        about = value(self._store, shape, named_node("sh:path")) or value(
            self._store, shape, named_node("sh:targetClass")
        )
        texts = (
            in_language(self._store, shape, named_node(name), "en")
            for name in ("sh:description", "sh:message")
        )
        severity = plain(value(self._store, shape, _SEVERITY) or shape).partition("#")[2].lower()
        path = compact(about.value) if isinstance(about, NamedNode) else ""
        return Shape(local_name(shape.value), path, severity, *(text or "" for text in texts))

    def using(self, term: NamedNode) -> list[str]:
        """The names of the shapes that name a term: as target, path, class or within a list."""
        found: set[str] = set()
        waiting: list[NamedNode | BlankNode] = [term]
        while waiting:
            for quad in self._store.quads_for_pattern(None, None, waiting.pop()):
                if isinstance(quad.subject, BlankNode):
                    waiting.append(quad.subject)
                elif isinstance(quad.subject, NamedNode):
                    found.add(quad.subject.value)
        return sorted(map(local_name, found - {term.value, expand("owl:Thing")}))
