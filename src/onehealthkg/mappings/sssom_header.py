"""The header of a mapping file: lines that begin with ``#`` and are YAML.

Of YAML, texts, lists and maps are taken, all values as they are written. ``records.yaml`` refuses
tags, anchors and aliases, which the standard forbids
(https://mapping-commons.github.io/sssom/spec-formats-tsv/#metadata-block), and duplicate keys. The
header is written in block style and, where YAML reads it back as it is, plain style.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onehealthkg.errors import InputError
from onehealthkg.records.yaml import Value, parse_yaml

if TYPE_CHECKING:
    pass

Header = dict[str, Any]

# The order in which the standard lists the slots of a mapping set.
_ORDER = (
    "curie_map",
    "sssom_version",
    "mapping_set_id",
    "mapping_set_version",
    "mapping_set_source",
    "mapping_set_title",
    "mapping_set_description",
    "mapping_set_confidence",
    "creator_id",
    "creator_label",
    "license",
    "subject_type",
    "subject_source",
    "subject_source_version",
    "object_type",
    "object_source",
    "object_source_version",
    "predicate_type",
    "mapping_provider",
    "cardinality_scope",
    "mapping_tool",
    "mapping_tool_id",
    "mapping_tool_version",
    "mapping_date",
    "publication_date",
    "subject_match_field",
    "object_match_field",
    "subject_preprocessing",
    "object_preprocessing",
    "similarity_measure",
    "curation_rule",
    "curation_rule_text",
    "see_also",
    "issue_tracker",
    "other",
    "comment",
    "extension_definitions",
)
_LONGEST = 256 * 1024  # characters; some thousand prefixes, read in seconds


def read_header(block: str, path: Path) -> Header:
    """The header as texts, lists and dictionaries; InputError says where it is wrong and how."""
    if len(block) > _LONGEST:
        raise InputError(
            f"{path}: the header is longer than {_LONGEST // 1024} thousand characters."
        )
    text = re.sub("^#", "", block, flags=re.MULTILINE)
    header = _plain(parse_yaml(text, path)) if text.strip() else {}
    if not isinstance(header, dict):
        raise InputError(f"{path}:1: write the header as lines #key: value.")
    return header


def header_text(header: Header) -> str:
    """The lines of a header, its slots in the order of the standard, then others by name."""
    order = {name: number for number, name in enumerate(_ORDER)}
    keys = sorted(header, key=lambda name: (order.get(name, len(order)), name))
    return "".join(f"#{line}\n" for line in _lines({key: header[key] for key in keys}))


def _plain(value: Value) -> Any:
    """A YAML value as text, list or dictionary; what is not text is kept as it is written."""
    if isinstance(value.data, dict):
        return {key: _plain(entry.value) for key, entry in value.data.items()}
    return list(map(_plain, value.data)) if isinstance(value.data, tuple) else value.text


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """The lines of a dictionary or a list in block style; what is empty is left out."""
    items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in items:
        start = f"{indent}-" if key is None else f"{indent}{_scalar(key)}:"
        if isinstance(item, str):
            yield f"{start} {_scalar(item)}"
        elif item:
            yield start
            yield from _lines(item, indent + "  ")


def _scalar(text: str) -> str:
    """A text in plain style where YAML reads it back as it is, else in double quotes."""
    import yaml

    try:
        node = yaml.compose(f"- {text}", yaml.SafeLoader)
    except yaml.YAMLError:
        node = None
    scalar = node.value[0] if node and len(node.value) == 1 else None
    plain = isinstance(scalar, yaml.ScalarNode) and not scalar.style and scalar.value == text
    return text if plain else json.dumps(text, ensure_ascii=False)
