"""Selections for the tests of the exports: the bundled data, its release, and data that means harm."""

from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from onehealthkg.evidence.selection import Selection, select
from onehealthkg.exports.export import export
from onehealthkg.names import RECORD, expand
from onehealthkg.paths import bundled

HARM = '=HYPERLINK("http://evil.example")</script><script>alert(1)</script>\x01\u202e;@x'
THING = NamedNode("https://w3id.org/onehealthkg/id/agreement-harm")
HOME = NamedNode("https://w3id.org/onehealthkg/graph/harm")


def everything(language: str = "en") -> Selection:
    """All of the bundled data, read once a process."""
    return _everything(language)


@cache
def _everything(language: str) -> Selection:
    return select(bundled()) if language == "en" else _everything("en")._replace(language=language)


@cache
def exported(name: str) -> bytes:
    """All of the bundled data in a format, written once a process."""
    return export(everything(), name)


def release(language: str = "en") -> Selection:
    """The bundled data without the records and the inferences from them."""
    return _release(language)


@cache
def _release(language: str) -> Selection:
    whole = _everything(language)
    derived_from = expand("prov:wasDerivedFrom")
    from_records = {
        quad.subject.value
        for quad in whole.quads
        if quad.predicate.value == derived_from and str(quad.object).startswith(f"<{RECORD}")
    }
    quads = tuple(
        quad
        for quad in whole.quads
        if not quad.graph_name.value.startswith(RECORD)
        and quad.graph_name.value not in from_records
    )
    return whole._replace(quads=quads)


def part(*triples: tuple[str, str, object]) -> Selection:
    """Triples in one curated graph; names are short forms."""
    quads = [
        Quad(
            NamedNode(expand(subject)),
            NamedNode(expand(predicate)),
            NamedNode(expand(term)) if isinstance(term, str) else term,
            HOME,
        )
        for subject, predicate, term in (
            *triples,
            (HOME.value, "rdf:type", "oh:CuratedGraph"),
        )
    ]
    return Selection(tuple(sorted(quads, key=str)), "en", bundled(), "0" * 64)


def harmful() -> Selection:
    """An agreement, its party and its partnership, all of whose texts are attempts at harm."""
    return part(
        ("id:agreement-harm", "rdf:type", "oh:Arrangement"),
        ("id:agreement-harm", "skos:prefLabel", Literal(HARM, language="en")),
        ("id:agreement-harm", "oh:party", "id:organisation-harm"),
        ("id:agreement-harm", "oh:party", "javascript:alert(1)"),
        ("id:organisation-harm", "rdf:type", "org:Organization"),
        ("id:organisation-harm", "skos:prefLabel", Literal(HARM)),
    )


def without_evidence(selection: Selection) -> Selection:
    quads = tuple(sorted({Quad(*one.triple) for one in selection.quads}, key=str))
    return selection._replace(quads=quads)
