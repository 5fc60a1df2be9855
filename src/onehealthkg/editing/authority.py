"""What to add, and where, for a thing that no file of data/ has yet, as Turtle to paste.

``new`` does not write it itself: the label in the other language, the category, the country, the
place in the thesaurus and the definition are for a person to say, and a guess would stay.
"""

from __future__ import annotations

from onehealthkg.editing.draft import words_of

_LABELS = '    skos:prefLabel "{text}"@en , "..."@fr'
_CONCEPT = (
    " ;\n    skos:broader id:{kind}-... ;\n"
    '    skos:definition "...."@en ;\n    skos:inScheme id:scheme-{scheme} .'
)
# The file, and the block: what stands as ... is to be filled in.
_BLOCKS = {
    "organisation": (
        "data/organisations.ttl",
        "    a org:FormalOrganization ;\n"
        + _LABELS
        + " ;\n    oh:country id:place-... ;\n    org:classification id:category-... .",
    ),
    "person": ("data/people.ttl", '    a foaf:Person ;\n    skos:prefLabel "{text}" .'),
    "post": (
        "data/people.ttl",
        "    a org:Post ;\n" + _LABELS + " ;\n    org:postIn id:organisation-... .",
    ),
    "place": (
        "data/places.ttl",
        "    a dcterms:Location ;\n" + _LABELS + " ;\n    dcterms:isPartOf id:place-... .",
    ),
    "programme": (
        "data/programmes.ttl",
        "    a oh:Programme ;\n" + _LABELS + " ;\n    oh:programmeOf id:organisation-... .",
    ),
    "topic": ("data/topics.ttl", "    a skos:Concept ;\n" + _LABELS + _CONCEPT),
    "activity": ("data/activities.ttl", "    a skos:Concept ;\n" + _LABELS + _CONCEPT),
    "kind": ("data/kinds.ttl", "    a skos:Concept ;\n" + _LABELS + _CONCEPT),
}
_SCHEMES = {"topic": "topics", "activity": "activities", "kind": "kinds"}
_BY = {"payer": "programme", "whole": "programme"}


def to_add(things: str, text: str) -> tuple[str, str]:
    """Where a thing of a kind (``FIELD_KINDS``) is to be added, and a block of Turtle for it.

    Agreements have records, and no block.
    """
    kind = _BY.get(things, things)
    if kind not in _BLOCKS:
        return "An agreement has a record of its own: onehealthkg new.", ""
    path, block = _BLOCKS[kind]
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    body = block.replace("{scheme}", _SCHEMES.get(kind, "")).replace("{kind}", kind)
    body = body.replace("{text}", written)
    where = f"Add this to {path}, in the order of the names, with what is right in place of ... ."
    return where, f"id:{kind}-{words_of(text) or '...'}\n{body}\n"
