"""YAML-LD (https://json-ld.github.io/yaml-ld/spec/): records as people write them."""

from onehealthkg.dataset.selection import Selection
from onehealthkg.errors import UsageError
from onehealthkg.records.context import record_words
from onehealthkg.records.writer import record_bytes, records_of, whole


def yamlld(selection: Selection) -> bytes:
    """The records of a selection; UsageError where it has none."""
    words = record_words(selection.project)
    records = [
        record_bytes(record, words)
        for record in records_of(whole(selection.quads, selection.project), words)
    ]
    if not records:
        raise UsageError(
            "There is no record here; choose an agreement that has one in data/partnerships/, "
            "with --only, and leave the evidence in."
        )
    return b"---\n".join(records)
