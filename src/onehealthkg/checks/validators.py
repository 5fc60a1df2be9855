"""Two SHACL validators behind one interface: pyshacl, the authority, and ``shacl``, which is fast.

https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from onehealthkg.checks.findings import INFO, VIOLATION, WARNING
from onehealthkg.errors import InputError
from onehealthkg.terms import Term, named_node, plain

if TYPE_CHECKING:
    import shacl

_RESULT, _FOCUS, _PATH, _VALUE, _SHAPE, _COMPONENT, _SEVERITY, _MESSAGE, _PROPERTY = (
    named_node(f"sh:{name}")
    for name in (
        *("result", "focusNode", "resultPath", "value", "sourceShape"),
        *("sourceConstraintComponent", "resultSeverity", "resultMessage", "property"),
    )
)
SEVERITIES = {
    named_node("sh:Violation"): VIOLATION,
    named_node("sh:Warning"): WARNING,
    named_node("sh:Info"): INFO,
}


class Result(NamedTuple):
    """A SHACL result: the IRIs of shape and component, severity, message, and subject.

    The shape is the named shape that contains the failing one. ``about`` is the focus node,
    the path and the value. Blank nodes are None, and so are a path that is not a single property
    and a missing value. If there are several messages, ``message`` is the English one.
    """

    shape: str
    component: str
    severity: str
    message: str
    about: tuple[Term | None, Term | None, Term | None]


class UnreadableError(Exception):
    """``shacl`` cannot read the shapes or the data; pyshacl reports the error."""


def by_shacl(shapes: Iterable[Quad], data: Iterable[Triple]) -> list[Result]:
    """The results of the package ``shacl``. Raises UnreadableError."""
    return results_of(compiled(shapes), _ntriples(data))


def compiled(shapes: Iterable[Quad]) -> shacl.Shapes:
    """The shapes, ready to validate data with. Raises UnreadableError."""
    import shacl

    with _readable():
        return shacl.Shapes.from_text(_ntriples(quad.triple for quad in shapes), "ntriples")


def results_of(shapes: shacl.Shapes, data: str) -> list[Result]:
    """The results of compiled shapes on data in N-Triples. Raises UnreadableError."""
    with _readable():
        report = shapes.validate_text(data, "ntriples")
    names = {str(each.source_shape): (each.root_shape or "").strip("<>") for each in report.results}
    return _results(parse(report.serialize("ntriples"), format=RdfFormat.N_TRIPLES), names)


def conforms_to_shacl(shapes: Iterable[Quad]) -> bool:
    """Whether the shapes are well-formed by the shapes of shapes, which are part of pyshacl.

    https://www.w3.org/TR/shacl/#shacl-shacl. Raises UnreadableError.
    """
    import shacl

    package = find_spec("pyshacl")  # its import takes longer than all that is done here
    if not package or not package.origin:
        return False
    path = Path(package.origin).with_name("assets") / "shacl-shacl.ttl"
    with _readable():
        report = shacl.Shapes.from_file(str(path)).validate_text(
            _ntriples(quad.triple for quad in shapes), "ntriples"
        )
    return report.conforms


def by_pyshacl(shapes: Iterable[Quad], data: Iterable[Triple], path: Path) -> list[Result]:
    """The results of pyshacl. Raises InputError, for the shapes' file, if they cannot be used.

    pyshacl gets a plain rdflib graph, literals as they are written: given a store of another
    library it reports false violations.
    """
    import pyshacl
    import rdflib

    from onehealthkg.rdf.rdflib_terms import to_rdflib

    shapes = list(shapes)
    try:
        with _alone():
            _, report, text = pyshacl.validate(
                to_rdflib(data), shacl_graph=to_rdflib(shapes), inference="none"
            )
    except RecursionError:
        raise InputError(
            "The shapes cannot be validated: a chain of rdfs:subClassOf is too long; shorten it."
        ) from None
    except Exception as error:  # noqa: BLE001 - Exception itself for an unknown prefix in SPARQL
        text = str(error).partition("\n")[0]
        raise InputError(f"{path}: pyshacl cannot use the shapes: {text}") from None
    if not isinstance(report, rdflib.Graph):
        raise InputError(f"{path}: pyshacl cannot use the shapes: {text}")
    quads = parse(report.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    return _results(quads, _names(shapes))


def _ntriples(triples: Iterable[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UnreadableError(str(error).partition("\n")[0]) from None
    except BaseException as error:  # a Rust panic is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(str(error).partition("\n")[0]) from None


@contextmanager
def _alone() -> Iterator[None]:
    """Suppress rdflib's warnings about ill-formed literals, and undo pyshacl's global settings.

    rdflib logs a traceback for each; the shapes report them better. pyshacl changes how the whole
    process reads literals.
    """
    import rdflib

    disabled, normalize = logging.root.manager.disable, rdflib.NORMALIZE_LITERALS
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="rdflib|pyshacl")
            yield
    finally:
        logging.disable(disabled)
        rdflib.NORMALIZE_LITERALS = normalize


def _names(shapes: Iterable[Quad]) -> dict[str, str]:
    """The name of the containing shape, by the label of each unnamed shape."""
    around = {quad.object: quad.subject for quad in shapes if quad.predicate == _PROPERTY}
    names = {}
    for shape in around:
        outer: Term | None = shape
        while isinstance(outer, BlankNode):
            outer = around.get(outer)
        names[str(shape)] = plain(outer)
    return names


def _results(report: Iterable[Quad], names: dict[str, str]) -> list[Result]:
    """The results in a report; ``names`` has those of shapes that are blank nodes."""
    nodes: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in report:
        nodes[quad.subject][quad.predicate].append(quad.object)
    found = [node for facts in list(nodes.values()) for node in facts.get(_RESULT, [])]
    return [_result(nodes[node], names) for node in found]


def _result(facts: dict[NamedNode, list[Term]], names: dict[str, str]) -> Result:
    (shape,), (severity,), (component,) = facts[_SHAPE], facts[_SEVERITY], facts[_COMPONENT]
    name = names.get(str(shape), plain(shape)) if isinstance(shape, BlankNode) else plain(shape)
    if not isinstance(severity, NamedNode) or severity not in SEVERITIES:
        raise InputError(f"{name}: sh:severity is sh:Violation, Warning or Info.")
    messages = sorted(facts.get(_MESSAGE, []), key=_english_first)
    message = plain(next(iter(messages), None))
    focus, path, value = (_about(facts.get(part)) for part in (_FOCUS, _PATH, _VALUE))
    return Result(name, plain(component), SEVERITIES[severity], message, (focus, path, value))


def _english_first(message: Term) -> tuple[bool, str]:
    language = message.language if isinstance(message, Literal) else None
    return language not in ("en", None), str(message)


def _about(terms: list[Term] | None) -> Term | None:
    term = terms[0] if terms else None
    return None if isinstance(term, BlankNode) else term
