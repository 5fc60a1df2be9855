"""The description of a page for programs: JSON-LD with the terms of schema.org.

https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents; search engines for data sets
read the block of the first page.
"""

from __future__ import annotations

import json

from markupsafe import Markup
from pyoxigraph import NamedNode

from onehealthkg.dataset.publication import CREATOR_NAME, LICENCE
from onehealthkg.evidence.facts import Facts
from onehealthkg.names import HOME, SAME_THING
from onehealthkg.safe import is_web_address

_TYPES = {
    "organisation": "Organization",
    "person": "Person",
    "place": "Place",
    "programme": "Project",
    "topic": "DefinedTerm",
    "document": "CreativeWork",
}


def data_block(facts: Facts, about: NamedNode | None, summary: str) -> Markup:
    """The block about a thing, or about the data set if ``about`` is None."""
    whole = {
        "@id": HOME + "dataset",
        "@type": "Dataset",
        "name": "onehealthkg",
        "license": LICENCE,
        "creator": {"@type": "Organization", "name": CREATOR_NAME},
        "version": facts.selection.version,
        "dateModified": facts.newest_date,
    }
    if about:
        same = [
            node.value
            for node in facts.nodes(about, "skos:exactMatch", "owl:sameAs", SAME_THING)
            if is_web_address(node.value)
        ]
        data = {
            "@id": about.value,
            "@type": _TYPES.get(facts.kind(about), "Thing"),
            "name": facts.label(about),
            "description": summary,
            "sameAs": same,
            "subjectOf": {"@id": whole["@id"]},
        }
    else:
        data = {**whole, "description": summary}
    data = {key: value for key, value in data.items() if value}
    text = json.dumps({"@context": "https://schema.org", **data})
    for character in "<>&":  # so that no text can end the block
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - it has no markup
