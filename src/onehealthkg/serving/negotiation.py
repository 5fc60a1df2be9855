"""The format of an answer that a client prefers: https://www.rfc-editor.org/rfc/rfc9110#name-accept."""

from __future__ import annotations

from collections.abc import Mapping

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
TRIPLES = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "json-ld", ".rdf": "rdfxml"}
QUADS = {".trig": "trig", ".nq": "nquads"}
ENDINGS = {
    ".html": "text/html",
    **{ending: GRAPHS[form] for ending, form in TRIPLES.items()},
    **{ending: DATASETS[form] for ending, form in QUADS.items()},
}
"""The endings of the addresses of documents, and their media types."""

ALIASES = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-turtle": "turtle",
    "text/n3": "turtle",  # which has all of Turtle
    "text/rdf+n3": "turtle",
    "text/plain": "ntriples",
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "n3": "turtle",
    "rdf+xml": "rdfxml",
    "nt": "ntriples",
    "jsonld": "json-ld",
    "rdf": "rdfxml",
    "nq": "nquads",
}


def accepted(accept: str, forms: Mapping[str, str]) -> str | None:
    """The format that an Accept header prefers, the earlier of equals; None if it accepts none.

    ``forms`` maps each format to its media type. An empty header accepts anything. A more specific
    range takes precedence over a less specific one.
    """
    accept = accept.strip()
    for form, media in forms.items():
        if accept in (media, ""):  # most programs name one type, and nothing need be compared
            return form
    ranges = _ranges(accept)
    qualities = {form: _quality(form, media, ranges) for form, media in forms.items()}
    best = max(qualities, key=lambda form: qualities[form])  # the first of equals
    return best if qualities[best] > 0 else None


def _quality(form: str, media: str, ranges: Mapping[str, float]) -> float:
    """The client's preference for a format, by its media type, or by another name that was sent."""
    others = [ranges[name] for name, means in ALIASES.items() if means == form and name in ranges]
    wide = ranges.get(f"{media.partition('/')[0]}/*", ranges.get("*/*", ranges.get("*", 0.0)))
    return max(ranges.get(media, wide), *others, 0.0)


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
