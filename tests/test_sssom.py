"""Mapping files: what is read, what is refused with its place, and the canonical form."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onehealthkg.errors import InputError, UsageError
from onehealthkg.mappings.sssom import (
    Mapping,
    MappingSet,
    mapping_bytes,
    read_mappings,
)
from onehealthkg.names import MAPPINGS
from onehealthkg.paths import bundled

HEADER = """#curie_map:
#  id: https://w3id.org/onehealthkg/id/
#  mesh: http://id.nlm.nih.gov/mesh/
#mapping_set_id: https://mappings.example/set
#license: https://creativecommons.org/licenses/by/4.0/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\n"
ROW = "id:topic-a\tskos:exactMatch\tmesh:D1\tsemapv:ManualMappingCuration\t\n"
GOOD = HEADER + COLUMNS + ROW
A = Mapping(
    "id:topic-a",
    predicate_id="skos:exactMatch",
    object_id="mesh:D1",
    mapping_justification="semapv:ManualMappingCuration",
)


def read(folder: Path, text: str | bytes) -> MappingSet:
    path = folder / "links.sssom.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_mappings(path)


def test_header_and_mappings_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found.header == {
        "curie_map": {
            "id": "https://w3id.org/onehealthkg/id/",
            "mesh": "http://id.nlm.nih.gov/mesh/",
        },
        "mapping_set_id": "https://mappings.example/set",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert found.mappings == (A,)
    assert found.lines == (7,)


def test_what_the_header_says_for_all_is_said_of_each(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "#mapping_date: 2026-11-23\n" + COLUMNS + ROW)
    assert [one.mapping_date for one in found.mappings] == ["2026-11-23"]
    assert "mapping_date" not in found.header


def test_a_header_value_stays_where_a_mapping_has_its_own(tmp_path: Path) -> None:
    columns = COLUMNS.replace("comment", "mapping_date")
    dated = ROW.replace("\t\n", "\t2025-01-01\n")
    other = ROW.replace("D1", "D2")
    found = read(tmp_path, HEADER + "#mapping_date: 2026-11-23\n" + columns + dated + other)
    assert [one.mapping_date for one in found.mappings] == ["2025-01-01", ""]
    assert found.header["mapping_date"] == "2026-11-23"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\ufeff" + GOOD, ":1: there is a byte order mark"),
        (GOOD.encode() + b"caf\xe9\n", ":8: byte 0xe9 is not UTF-8"),
        (GOOD.replace("topic-a", "topic\x00a"), r":7: there is a control character, U\+0000"),
        (GOOD.replace("#  id: ", "#  id: &x "), ":2: there is an anchor, &x; take it out"),
        (GOOD.replace("#  id: ", "#  id: !!str "), ":2: there is a tag, !!str; take it out"),
        (GOOD.replace("#license: h", '#license: "h'), "this is no YAML"),
        (
            "#" + "[" * 9000 + "\n" + COLUMNS,
            ":1: this is no YAML|:1: there are more than 20 levels",
        ),
        ("#- one\n" + COLUMNS, ":1: write the header as lines #key: value"),
        ("#a: 1\n#a: 2\n" + COLUMNS, ":2: the key a is there already, on line 1"),
        ("#" + "x" * 300_000 + "\n" + COLUMNS, "the header is longer than 256"),
        (GOOD.replace("#  id: https://w3id", "#  id: w3id"), 'curie_map: "id: w3id.org'),
        (GOOD.replace("#  id: ", "#  skos: https://e.example/\n#  id: "), "skos always means"),
        (GOOD.replace("\tcomment", "\tcomment\tcomment"), ":6: the column comment is there 2"),
        (GOOD.replace("\tcomment", "\tsubject_type"), 'column "subject_type" is not kept here'),
        (GOOD.replace("object_id\t", ""), ":6: the column object_id is missing"),
        (HEADER, ":6: the column subject_id is missing"),
        (GOOD + "id:topic-b\n", ":8: the line has 1 cells, and there are 5 columns"),
        (GOOD + "\n", ":8: the line has 0 cells"),
        (GOOD + '"id:topic-b\n', ":8: the line is no TSV"),
        (GOOD.replace("id:topic-a", "wd:Q1"), ':7: subject_id: "wd:Q1": the curie_map'),
        (GOOD.replace("id:topic-a", ""), ":7: subject_id: there is nothing here"),
        (GOOD.replace("mesh:D1", "http://id.nlm.nih.gov/mesh/D1"), "object_id: .* no short"),
        (GOOD.replace("mesh:D1", "mesh:D<1"), ':7: object_id: "mesh:D<1" does not give an IRI'),
        (GOOD.replace("mesh:D1", '"mesh:D\t1"'), ":7: object_id: .* is no short identifier"),
        (GOOD.replace("mesh:D1", '"mesh:D\n1"'), "(?s):7: object_id: .* is no short identifier"),
        (GOOD.replace("skos:exactMatch", "owl:sameAs"), ":7: predicate_id: .* is none of skos:ex"),
        (GOOD.replace("ManualMapping", "Guessing"), ":7: mapping_justification: .* is none of"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "links.sssom.tsv"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("predicate_modifier", "not"),
        ("mapping_date", "23.11.2026"),
        ("mapping_date", "2026-02-30"),
        ("confidence", "1.1"),
        ("confidence", "nan"),
        ("object_source", "mesh"),
    ],
)
def test_a_value_that_its_column_cannot_have_is_refused(
    tmp_path: Path, column: str, value: str
) -> None:
    text = HEADER + COLUMNS.replace("comment", column) + ROW.replace("\t\n", f"\t{value}\n")
    with pytest.raises(InputError, match=rf":7: {column}: "):
        read(tmp_path, text)


def test_a_prefix_that_is_not_declared_is_not_written() -> None:
    with pytest.raises(UsageError, match='"id:topic-a": the curie_map'):
        mapping_bytes(MappingSet({}, (A,)))


def test_the_canonical_form_is_sorted_and_has_what_is_used() -> None:
    header = {
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "zzz": ["a: b", "c"],
        "mapping_set_id": "https://mappings.example/set",
        "curie_map": {
            "unused": "https://unused.example/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "mesh": "http://id.nlm.nih.gov/mesh/",
            "id": "https://w3id.org/onehealthkg/id/",
        },
    }
    mappings = (
        A._replace(subject_id="id:topic-b", comment='say "x"', confidence="0.66666"),
        A,
        A,
        A._replace(object_id="mesh:D2", predicate_modifier="Not", confidence="1.0"),
    )
    assert mapping_bytes(MappingSet(header, mappings)).decode() == (
        "#curie_map:\n"
        "#  id: https://w3id.org/onehealthkg/id/\n"
        "#  mesh: http://id.nlm.nih.gov/mesh/\n"
        "#mapping_set_id: https://mappings.example/set\n"
        "#license: https://creativecommons.org/licenses/by/4.0/\n"
        "#zzz:\n"
        '#  - "a: b"\n'
        "#  - c\n"
        "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\t"
        "confidence\tcomment\n"
        "id:topic-a\tskos:exactMatch\t\tmesh:D1\tsemapv:ManualMappingCuration\t\t\n"
        "id:topic-a\tskos:exactMatch\tNot\tmesh:D2\tsemapv:ManualMappingCuration\t1\t\n"
        "id:topic-b\tskos:exactMatch\t\tmesh:D1\tsemapv:ManualMappingCuration\t0.667\t"
        '"say ""x"""\n'
    )


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r"))
MAPPINGS = st.builds(
    A._replace,
    predicate_id=st.sampled_from(MAPPINGS),
    predicate_modifier=st.sampled_from(["", "Not"]),
    subject_label=TEXT,
    object_label=TEXT,
    comment=TEXT,
)


@given(st.lists(MAPPINGS, max_size=4), TEXT)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, mappings: list[Mapping], title: str
) -> None:
    header = {
        "curie_map": {
            "id": "https://w3id.org/onehealthkg/id/",
            "mesh": "http://id.nlm.nih.gov/mesh/",
        },
        "mapping_set_title": title,
    }
    data = mapping_bytes(MappingSet(header, tuple(mappings)))
    found = read(tmp_path_factory.mktemp("sssom"), data)
    assert set(found.mappings) == set(mappings)
    assert found.header["mapping_set_title"] == title
    assert mapping_bytes(found) == data


def test_short_and_long_identifiers_go_both_ways() -> None:
    known = MappingSet({"curie_map": {"a": "https://e.example/", "b": "https://e.example/b/"}}, ())
    assert known.expand("b:1") == "https://e.example/b/1"
    assert known.contract("https://e.example/b/1") == "b:1"
    assert known.contract("https://e.example/c") == "a:c"
    assert known.expand("semapv:LexicalMatching").endswith("/LexicalMatching")
    with pytest.raises(UsageError, match="no prefix"):
        known.contract("https://other.example/1")
    with pytest.raises(UsageError, match="no such prefix"):
        known.expand("c:1")


def test_a_large_file_is_read(tmp_path: Path) -> None:
    rows = "".join(ROW.replace("D1", f"D{number}") for number in range(20_000))
    assert len(read(tmp_path, HEADER + COLUMNS + rows).mappings) == 20_000


def test_the_file_of_the_project_is_in_canonical_form() -> None:
    path = bundled().links_file
    assert mapping_bytes(read_mappings(path)) == path.read_bytes()
