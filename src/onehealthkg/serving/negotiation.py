"""Which form of an answer a client wants: https://www.rfc-editor.org/rfc/rfc9110#name-accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TABLES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "json-ld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
DATASETS = {"trig": "application/trig", "nquads": "application/n-quads"}
ALIASES = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-turtle": "turtle",
    "text/plain": "ntriples",
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "nt": "ntriples",
    "jsonld": "json-ld",
    "rdf": "rdfxml",
    "nq": "nquads",
}


def accepted(accept: str, forms: Sequence[str], types: Mapping[str, str]) -> str | None:
    """The form that an Accept header likes best, the earlier of equals; None where it likes none.

    An empty header takes anything. A range that is more specific decides over a less specific one.
    """
    if not accept.strip():
        return forms[0]
    ranges = _ranges(accept)
    liked = [(_liking(form, types, ranges), form) for form in forms]
    best = max(quality for quality, _ in liked)
    return next(form for quality, form in liked if quality == best) if best > 0 else None


def _liking(form: str, types: Mapping[str, str], ranges: Mapping[str, float]) -> float:
    """How much a client likes a form, by its media type, or by another name that was sent."""
    others = [ranges[name] for name, means in ALIASES.items() if means == form and name in ranges]
    return max(_quality(types[form], ranges), *others, 0.0)


def _ranges(accept: str) -> dict[str, float]:
    """The quality of each media range of the header."""
    ranges = {}
    for part in accept.split(","):
        media, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                quality = _number(value)
        ranges[media] = quality
    return ranges


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 <= number <= 1 else 0.0


def _quality(media: str, ranges: Mapping[str, float]) -> float:
    group = media.partition("/")[0]
    return ranges.get(media, ranges.get(f"{group}/*", ranges.get("*/*", 0.0)))
