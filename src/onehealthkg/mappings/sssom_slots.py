"""The slots of SSSOM 1.1, in its order (https://mapping-commons.github.io/sssom/Mapping/)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onehealthkg.names import PREFIXES

BUILT_IN = {
    **{name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos", "xsd")},
    "linkml": "https://w3id.org/linkml/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
}
NO_TERM = "sssom:NoTermFound"
"""The subject or object of a mapping that states that no such term exists."""
NO_TERM_IRI = BUILT_IN["sssom"] + "NoTermFound"

NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COLUMNS = (
    "record_id",
    *("subject_id", "subject_label", "subject_category"),
    *("predicate_id", "predicate_label", "predicate_modifier"),
    *("object_id", "object_label", "object_category"),
    "mapping_justification",
    *("author_id", "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label"),
    "license",
    *("subject_type", "subject_source", "subject_source_version"),
    *("object_type", "object_source", "object_source_version"),
    "predicate_type",
    *("mapping_provider", "mapping_source", "mapping_cardinality", "cardinality_scope"),
    *("mapping_tool", "mapping_tool_id", "mapping_tool_version"),
    *("mapping_date", "publication_date", "review_date"),
    *("confidence", "reviewer_agreement"),
    *("curation_rule", "curation_rule_text"),
    *("subject_match_field", "object_match_field", "match_string"),
    *("subject_preprocessing", "object_preprocessing"),
    *("similarity_score", "similarity_measure"),
    *("see_also", "issue_tracker_item", "other", "comment"),
)
REFERENCES = (
    "record_id",
    *NEEDED,
    *("author_id", "reviewer_id", "creator_id"),
    *("subject_source", "object_source", "mapping_source", "mapping_tool_id"),
    *("curation_rule", "subject_match_field", "object_match_field"),
    *("subject_preprocessing", "object_preprocessing", "issue_tracker_item"),
)
"""The slots whose values are CURIEs."""

MANY = (
    *("author_id", "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label"),
    *("cardinality_scope", "curation_rule", "curation_rule_text"),
    *("subject_match_field", "object_match_field", "match_string"),
    *("subject_preprocessing", "object_preprocessing", "see_also"),
)
"""The slots with more than one value, separated by bars."""

# In the order of the standard.
HEADER = (
    *("curie_map", "sssom_version"),
    *("mapping_set_id", "mapping_set_version", "mapping_set_source", "mapping_set_title"),
    *("mapping_set_description", "mapping_set_confidence"),
    *("creator_id", "creator_label", "license"),
    *("subject_type", "subject_source", "subject_source_version"),
    *("object_type", "object_source", "object_source_version", "predicate_type"),
    *("mapping_provider", "cardinality_scope"),
    *("mapping_tool", "mapping_tool_id", "mapping_tool_version"),
    *("mapping_date", "publication_date", "subject_match_field", "object_match_field"),
    *("subject_preprocessing", "object_preprocessing", "similarity_measure"),
    *("curation_rule", "curation_rule_text"),
    *("see_also", "issue_tracker", "other", "comment", "extension_definitions"),
)
JUSTIFICATIONS = tuple(
    "semapv:" + name
    for name in (
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
        "UnspecifiedMatching",
    )
)
_WORD = re.compile(r"\\[\\|]|[|]|[^\\|]+|\\")
_ESCAPED = re.compile(r"[\\|]")


def values_of(slot: str, cell: str) -> list[str]:
    r"""The values in a cell: of ``a\|b|c`` in a slot of ``MANY`` the two values ``a|b`` and ``c``.

    https://mapping-commons.github.io/sssom/spec-formats-tsv/#multi-valued-slots
    """
    if slot not in MANY:
        return [cell]
    parts = [""]
    for word in _WORD.findall(cell):
        if word == "|":
            parts.append("")
        else:
            parts[-1] += word[-1] if _ESCAPED.match(word) else word
    return [part for part in parts if part]


def cell_of(parts: Iterable[str]) -> str:
    """The cell of a slot of ``MANY`` with these values."""
    return "|".join(_ESCAPED.sub(r"\\\g<0>", part) for part in parts)
