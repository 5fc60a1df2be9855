"""The links of things as tables: mappings with their reasons, coverage, and unlinked things.

A link is a line of data/links.sssom.tsv. A thing counts as linked if it has a mapping that is not
refused; ``LINKED_KINDS`` are the kinds of things that could have links.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from onehealthkg.kinds import members
from onehealthkg.labels import label
from onehealthkg.mappings.sssom import Mapping, MappingSet
from onehealthkg.mappings.sssom_slots import values_of
from onehealthkg.names import compact
from onehealthkg.terms import named_node, subjects

LINKED_KINDS = ("topic", "activity", "organisation", "person", "place", "programme")
_COLUMNS = (
    *("thing", "label", "relation", "link", "label there", "vocabulary"),
    *("reason", "by", "date", "confidence", "comment"),
)
_DEPRECATED = named_node("owl:deprecated")


class LinkTable(NamedTuple):
    """Columns and rows of texts."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def links(mappings: MappingSet, thing: NamedNode | None = None) -> LinkTable:
    """The mappings of one thing or of all, refused ones too, each with its reason."""
    chosen = (
        mapping
        for mapping in mappings.mappings
        if thing is None or mappings.expand(mapping.subject_id) == thing.value
    )
    return LinkTable(_COLUMNS, [_row(mappings, mapping) for mapping in chosen])


def coverage(store: Store, mappings: MappingSet) -> LinkTable:
    """The number of linked things of each kind, in total (``any``) and for each vocabulary."""
    linked = _linked(mappings)
    rows = []
    for kind in LINKED_KINDS:
        things = _things(store, kind)
        linked_to = [linked.get(thing.value, set()) for thing in things]
        counts = [("any", sum(map(bool, linked_to)))]
        for name in sorted(set().union(*linked_to)):
            counts.append((name, sum(name in names for names in linked_to)))
        for name, count in counts:
            share = f"{100 * count / len(things):.0f}%" if things else ""
            rows.append((kind, name, str(len(things)), str(count), share))
    return LinkTable(("kind", "vocabulary", "things", "linked", "share"), rows)


def unlinked(store: Store, mappings: MappingSet, language: str = "en") -> LinkTable:
    """The things of all kinds that have no mapping, or only refused ones."""
    linked = _linked(mappings)
    rows = [
        (compact(thing.value), label(store, thing, language), kind)
        for kind in LINKED_KINDS
        for thing in _things(store, kind)
        if thing.value not in linked
    ]
    return LinkTable(("thing", "label", "kind"), rows)


def _row(mappings: MappingSet, mapping: Mapping) -> tuple[str, ...]:
    relation = f"{mapping.predicate_modifier.lower()} {mapping.predicate_id}".strip()
    people = [
        name
        for slot in ("author_label", "reviewer_label")
        for name in values_of(slot, getattr(mapping, slot))
    ]
    return (
        compact(mappings.expand(mapping.subject_id)),
        mapping.subject_label,
        relation,
        mappings.expand(mapping.object_id),
        mapping.object_label,
        _vocabulary(mapping),
        mapping.mapping_justification,
        "; ".join(people),
        mapping.mapping_date,
        mapping.confidence,
        mapping.comment,
    )


def _vocabulary(mapping: Mapping) -> str:
    """The prefix of the identifier, which is the name of its vocabulary."""
    return mapping.object_id.partition(":")[0]


def _linked(mappings: MappingSet) -> dict[str, set[str]]:
    """The vocabularies to which each thing is linked."""
    found: dict[str, set[str]] = {}
    for mapping in mappings.mappings:
        if mapping.is_link:
            found.setdefault(mappings.expand(mapping.subject_id), set()).add(_vocabulary(mapping))
    return found


def _things(store: Store, kind: str) -> list[NamedNode]:
    """The things of a kind that are in use, sorted."""
    deprecated = subjects(store, _DEPRECATED)
    return [thing for thing in members(store, kind) if thing not in deprecated]
