"""Validation of the merged facts by the SHACL shapes (https://www.w3.org/TR/shacl/).

pyshacl is the authority. The package ``shacl`` takes a hundredth of its time, and validates
the shapes that are known to give the same results. Both get the quads as they were parsed, each
triple once: a store may rewrite literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import Quad, Triple

from onehealthkg.checks.known_shapes import Split, split
from onehealthkg.checks.validators import (
    Result,
    UnreadableError,
    by_pyshacl,
    by_shacl,
    conforms_to_shacl,
)
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads


def validate(
    quads: Iterable[Quad],
    project: Project,
    *,
    known: bool = True,
    remark: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """The results of all shapes on the merged quads, in a total order.

    pyshacl validates all of them unless ``known``; ``remark`` is called with a sentence if it still
    validates some. Raises InputError if the shapes cannot be used.
    """
    path = project.shapes_file
    shapes = read_quads(path)
    triples = dict.fromkeys(quad.triple for quad in quads)
    results, parts = _by_shacl(shapes, triples) if known else ([], Split([], shapes, []))
    if parts.others:
        results += by_pyshacl(parts.others, triples, path)
    if parts.unknown:
        remark(f"{path}: validated by pyshacl, which takes longer: {', '.join(parts.unknown)}.")
    return sorted(set(results), key=lambda result: tuple(map(str, result)))


def _by_shacl(shapes: list[Quad], triples: Iterable[Triple]) -> tuple[list[Result], Split]:
    """The results of the known shapes, and the shapes left to pyshacl.

    All shapes are left to pyshacl if ``shacl`` cannot read the shapes or the data, or if a result
    has no message, because pyshacl then generates one.
    """
    try:
        if not conforms_to_shacl(shapes):
            return [], Split([], shapes, ["all shapes (not well-formed)"])
        parts = split(shapes)
        results = by_shacl(parts.known, triples)
    except ImportError:
        return [], Split([], shapes, ["all shapes (the package shacl is not installed)"])
    except UnreadableError as error:
        return [], Split([], shapes, [f"all shapes ({error})"])
    if all(result.message for result in results):
        return results, parts
    return [], Split([], shapes, ["all shapes (one that is broken has no sh:message)"])
