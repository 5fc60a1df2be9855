"""The SHACL shapes, run by pyshacl on the merged facts (https://www.w3.org/TR/shacl/).

pyshacl gets a plain rdflib graph of the quads as they were parsed, each triple once: given a store
of another library it reports violations that are none, and a store may rewrite literals.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pyshacl
import rdflib
from pyoxigraph import Quad
from rdflib.namespace import SH

from onehealthkg.checks.findings import INFO, VIOLATION, WARNING
from onehealthkg.errors import InputError
from onehealthkg.paths import Project
from onehealthkg.rdf.rdflib_terms import term_of, to_rdflib
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.terms import Term

SEVERITIES = {SH.Violation: VIOLATION, SH.Warning: WARNING, SH.Info: INFO}


class Result(NamedTuple):
    """A SHACL result: the shape's IRI, its severity and message, and what it is about.

    ``about`` is focus node, path and value; the path is None where it is no single property, the
    value where there is none.
    """

    shape: str
    severity: str
    message: str
    about: tuple[Term | None, Term | None, Term | None]


def validate(quads: Iterable[Quad], project: Project) -> list[Result]:
    """The results of all shapes on the merged quads, in an order that is total.

    Raises InputError where the shapes cannot be used.
    """
    try:
        with _alone():
            shapes, data = to_rdflib(read_quads(project.shapes_file)), to_rdflib(quads)
            _, report, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    except RecursionError:
        raise InputError(
            "The shapes cannot be tried: a chain of rdfs:subClassOf is too long; shorten it."
        ) from None
    except (AttributeError, LookupError, RuntimeError, TypeError, ValueError, re.error) as error:
        text = str(error).partition("\n")[0]
        raise InputError(f"{project.shapes_file}: pyshacl cannot use the shapes: {text}") from None
    if not isinstance(report, rdflib.Graph):
        raise InputError(f"{project.shapes_file}: pyshacl cannot use the shapes: {text}")
    results = [_result(report, node) for node in report.objects(None, SH.result)]
    return sorted(set(results), key=lambda result: tuple(map(str, result)))


@contextmanager
def _alone() -> Iterator[None]:
    """Keep to this run what rdflib says of ill-formed literals, and what pyshacl sets.

    rdflib logs a traceback for each; the shapes say it better. pyshacl changes how the whole
    process reads literals.
    """
    disabled, normalize = logging.root.manager.disable, rdflib.NORMALIZE_LITERALS
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="rdflib")
            yield
    finally:
        logging.disable(disabled)
        rdflib.NORMALIZE_LITERALS = normalize


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    properties = dict(report.predicate_objects(node))
    severity = rdflib.URIRef(str(properties[SH.resultSeverity]))
    if severity not in SEVERITIES:
        raise InputError(
            f"{properties[SH.sourceShape]}: sh:severity is sh:Violation, Warning or Info."
        )
    return Result(
        str(properties[SH.sourceShape]),
        SEVERITIES[severity],
        str(properties.get(SH.resultMessage, "")),
        (
            term_of(properties[SH.focusNode]),
            term_of(properties.get(SH.resultPath)),
            term_of(properties.get(SH.value)),
        ),
    )
