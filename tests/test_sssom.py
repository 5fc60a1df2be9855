"""Mapping files: reading, refusals with their place, and the canonical form."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onehealthkg.errors import InputError, UsageError
from onehealthkg.mappings.graph import link_quads
from onehealthkg.mappings.sssom import (
    Mapping,
    MappingSet,
    mapping_bytes,
    read_candidates,
    read_mappings,
)
from onehealthkg.mappings.sssom_slots import cell_of, values_of
from onehealthkg.names import MAPPINGS
from onehealthkg.paths import bundled
from onehealthkg.safe import HIDDEN

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


@pytest.mark.parametrize("sign", [",", ";"])
def test_a_table_with_commas_or_semicolons_is_read(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "theirs.sssom.csv"
    header = HEADER.replace("\n", f"{sign * 4}\n")  # as a spreadsheet fills the lines
    text = header + (COLUMNS + ROW).replace("\t", sign)
    path.write_text(text.replace(f"Curation{sign}", f'Curation{sign}"a{sign} ""b"""'), "utf-8")
    expected = (A._replace(comment=f'a{sign} "b"'),)
    assert read_candidates(path).mappings == read_mappings(path).mappings == expected


def test_values_of_the_header_apply_to_each_mapping(tmp_path: Path) -> None:
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
        (GOOD.encode() + b"caf\xe9\n", ":8: byte 0xe9 is not UTF-8"),
        (GOOD.replace("topic-a", "topic\x00a"), r":7: there is an invisible character, U\+0000"),
        (GOOD.replace("\t\n", "\tx\uffffy\n"), r":7: there is an invisible character, U\+FFFF"),
        (GOOD.replace("\t\n", "\tx\u202ey\n"), r":7: there is an invisible character, U\+202E"),
        (GOOD.replace("#  id: ", "#  id: &x "), ":2: there is an anchor, &x; remove it"),
        (GOOD.replace("#  id: ", "#  id: !!str "), ":2: there is a tag, !!str; remove it"),
        (GOOD.replace("#license: h", '#license: "h'), "this is not YAML"),
        (
            "#" + "[" * 9000 + "\n" + COLUMNS,
            ":1: this is not YAML|:1: there are more than 20 levels",
        ),
        ("#- one\n" + COLUMNS, ":1: write the header as lines #key: value"),
        ("#a: 1\n#a: 2\n" + COLUMNS, ":2: the key a is already given, on line 1"),
        ("#" + "x" * 300_000 + "\n" + COLUMNS, "the header is longer than 256"),
        (GOOD.replace("#  id: https://w3id", "#  id: w3id"), 'curie_map: "id: w3id.org'),
        (GOOD.replace("#  id: ", "#  skos: https://e.example/\n#  id: "), "skos always means"),
        (GOOD.replace("\tcomment", "\tcomment\tcomment"), ":6: the column comment occurs 2"),
        (GOOD.replace("\tcomment", "\tcoment"), ':6: the column "coment" is not an SSSOM slot'),
        (GOOD.replace("\tcomment", "\t\tcomment"), ":6: a column has no name"),
        (GOOD.replace("object_id\t", ""), ":6: the column object_id is missing"),
        (HEADER, ":6: the column subject_id is missing"),
        (GOOD + "id:topic-b\n", ":8: the line has 1 cells, and there are 5 columns"),
        (GOOD + ROW.replace("\t\n", "\ta\tb\n"), ":8: the line has 6 cells"),
        (GOOD + '"id:topic-b\n', ":8: the line cannot be read"),
        (GOOD.replace("id:topic-a", "wd:Q1"), ':7: subject_id: "wd:Q1": the curie_map'),
        (GOOD.replace("id:topic-a", ""), ":7: subject_id: this is empty"),
        (GOOD.replace("mesh:D1", "http://id.nlm.nih.gov/mesh/D1"), "object_id: .* not a short"),
        (GOOD.replace("mesh:D1", "mesh:D<1"), ':7: object_id: "mesh:D<1" does not give an IRI'),
        (GOOD.replace("mesh:D1", '"mesh:D\t1"'), ":7: object_id: .* is not a short identifier"),
        (GOOD.replace("mesh:D1", '"mesh:D\n1"'), "(?s):7: object_id: .* is not a short identifier"),
        (
            GOOD.replace("skos:exactMatch", "owl:sameAs"),
            ":7: predicate_id: .* is not one of skos:ex",
        ),
        (GOOD.replace("ManualMapping", "Guessing"), ":7: mapping_justification: .* is not one of"),
    ],
)
def test_an_invalid_file_is_refused_with_its_place(
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
        ("confidence", "1e1"),
        ("confidence", "0,9"),
        ("object_source", "mesh"),
        ("reviewer_id", "mesh:a|mesh"),
        ("author_id", "orcid:1"),
        ("mapping_tool_id", "https://e.example/"),
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


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r")).map(
    lambda text: HIDDEN.sub("", text.replace("\r", "\n"))
)
MAPPINGS = st.builds(
    A._replace,
    predicate_id=st.sampled_from(MAPPINGS),
    predicate_modifier=st.sampled_from(["", "Not"]),
    subject_label=TEXT,
    object_label=TEXT,
    comment=TEXT,
)


@given(st.lists(MAPPINGS, max_size=4), TEXT)
def test_a_written_file_is_read_back(
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
    assert mapping_bytes(read_mappings(path), Mapping.columns()) == path.read_bytes()


# Variants of GOOD that the standard allows; each gives the mapping A.
TABS = "\t" * 4
SAME = {
    "empty last line": GOOD + "\n",
    "byte order mark": "\ufeff" + GOOD,
    "empty line behind the header": HEADER + "\n\n" + COLUMNS + ROW,
    "empty lines": GOOD.replace(ROW, "\n" + ROW + "\t\t\n"),
    "carriage returns": GOOD.replace("\n", "\r\n"),
    "space behind the sign": GOOD.replace("#", "# "),
    "tabs behind the header": re.sub("^(#.*)", r"\1" + TABS, GOOD, flags=re.MULTILINE),
    "tabs behind all": GOOD.replace("\n", TABS + "\n"),
    "header in quotation marks": re.sub("^(#.*)", r'"\1"\t', GOOD, flags=re.MULTILINE),
    "no tab for the last cell": GOOD.replace("\t\n", "\n"),
    "value in quotation marks": GOOD.replace("id:topic-a", '"id:topic-a"'),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_additions_of_editors_and_spreadsheets_change_nothing(tmp_path: Path, text: str) -> None:
    mappings = read(tmp_path, text)
    assert (mappings.mappings, mappings.header) == ((A,), read(tmp_path, GOOD).header)
    assert read_candidates(tmp_path / "links.sssom.tsv").mappings == (A,)


@pytest.mark.parametrize("name", ["links.sssom.yml", "links.sssom.yaml"])
def test_the_header_may_be_in_a_separate_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(HEADER.replace("#", ""), encoding="utf-8")
    mappings = read(tmp_path, COLUMNS + ROW)
    assert (mappings.mappings, mappings.lines) == ((A,), (2,))
    assert mappings.header == read(tmp_path, GOOD).header


def test_errors_name_a_separate_header_file(tmp_path: Path) -> None:
    (tmp_path / "links.sssom.yml").write_text("license: &a b", encoding="utf-8")
    with pytest.raises(InputError, match=r"links\.sssom\.yml:1: there is an anchor"):
        read(tmp_path, COLUMNS + ROW)


@pytest.mark.parametrize("number", ["9e-05", "9E-5", "1.0e0", ".5", "+0.5", "1.", "0.500000000000000000000001"])  # fmt: skip
def test_a_confidence_is_an_xsd_double(tmp_path: Path, number: str) -> None:
    text = GOOD.replace("comment", "confidence").replace("\t\n", f"\t{number}\n")
    [mapping] = read(tmp_path, text).mappings
    assert mapping.confidence == number
    assert read(tmp_path, mapping_bytes(read(tmp_path, text))).mappings


def test_columns_that_are_not_used_here_are_kept(tmp_path: Path) -> None:
    header = HEADER.replace(
        "#  id", "#  ext: https://e.example/p/\n#  orcid: https://orcid.org/\n#  id"
    )
    header += "#extension_definitions:\n#  - slot_name: ext_b\n#    property: ext:a\n"
    header += "#  - slot_name: ext_a\n#    property: ext:b\n"
    columns = "ext_a\text_b\tsee_also\tcreator_id\tauthor_id\trecord_id\t" + COLUMNS
    row = "1\t2\thttps://e.example/\torcid:2|orcid:3\torcid:1\text:7\t" + ROW
    first = read(tmp_path, header + columns + row)
    written = mapping_bytes(first).decode()
    assert written.splitlines()[-2:] == [
        "record_id\tsubject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\t"
        "creator_id\tsee_also\text_b\text_a",
        "ext:7\tid:topic-a\tskos:exactMatch\tmesh:D1\tsemapv:ManualMappingCuration\torcid:1\t"
        "orcid:2|orcid:3\thttps://e.example/\t2\t1",
    ]
    assert read(tmp_path, written) == first._replace(lines=(16,))


@pytest.mark.parametrize("line", ["3dmet: https://e.example/", "bad: a b", "rel: name_"])
def test_prefixes_of_others_that_are_not_used_may_be_wrong(tmp_path: Path, line: str) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    path.write_text(GOOD.replace("#  id: ", f"#  {line}\n#  id: "), encoding="utf-8")
    assert read_candidates(path).mappings == (A,)


def test_candidates_of_others_may_have_any_column(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    columns = "author_id\tmy_own\tsubject_source\t" + COLUMNS
    path.write_text(HEADER + columns + "orcid:1\tx\tno:1\t" + ROW, encoding="utf-8")
    assert read_candidates(path).mappings == (A,)


NO_LINKS = {
    "no term": ("", "", "sssom:NoTermFound", "it says that there is no such term"),
    "no term of ours": ("", "sssom:NoTermFound", "", "it says that there is no such term"),
    "literal": ("rdfs literal", " ", "", "a side is a literal"),
    "expression": ("composed entity expression", "", "", "a side is an expression made of several terms"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "subject", "target", "reason"), NO_LINKS.values(), ids=NO_LINKS)
def test_rows_that_propose_no_link_are_left_out(
    tmp_path: Path, kind: str, subject: str, target: str, reason: str
) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    row = ROW.replace("id:topic-a", subject.strip() if subject else "id:topic-a")
    row = row.replace("mesh:D1", target or "mesh:D1").replace("\t\n", f"\t{kind}\n")
    path.write_text(HEADER + COLUMNS.replace("comment", "subject_type") + row, encoding="utf-8")
    candidates = read_candidates(path)
    assert (candidates.mappings, candidates.left_out) == ((), ((7, reason),))


@pytest.mark.parametrize(
    ("prefix", "term"), [("ss: https://w3id.org/sssom/", "ss:NoTermFound"), ("w: https://w3id.org/", "w:sssom/NoTermFound")]
)  # fmt: skip
def test_a_missing_term_is_not_a_link_regardless_of_its_prefix(
    tmp_path: Path, prefix: str, term: str
) -> None:
    text = GOOD.replace("#  id: ", f"#  {prefix}\n#  id: ").replace("mesh:D1", term)
    assert not read(tmp_path, text).mappings[0].is_link
    assert not read_candidates(tmp_path / "links.sssom.tsv").mappings


def test_other_predicates_and_literals_for_all_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sssom.tsv"
    path.write_text(GOOD.replace("skos:exactMatch", "owl:sameAs") + ROW, encoding="utf-8")
    candidates = read_candidates(path)
    assert candidates.mappings == (A,)
    [(line, reason)] = candidates.left_out
    assert (line, reason.partition(" ")[0]) == (7, '"owl:sameAs"')
    path.write_text(
        HEADER + "#subject_type: rdfs literal\nsubject_label\tpredicate_id\tobject_id\t"
        "mapping_justification\na\tskos:exactMatch\tmesh:D1\tsemapv:LexicalMatching\n",
        encoding="utf-8",
    )
    assert read_candidates(path).left_out == ((8, "a side is a literal"),)


def test_a_statement_that_there_is_no_term_is_kept_but_is_not_a_link(tmp_path: Path) -> None:
    [mapping] = read(tmp_path, GOOD.replace("mesh:D1", "sssom:NoTermFound")).mappings
    assert mapping.object_id == "sssom:NoTermFound"
    assert not mapping.is_link
    quads = link_quads(tmp_path / "links.sssom.tsv", ())
    assert not [quad for quad in quads if "NoTermFound" in str(quad)]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ada|Kent", ["Ada", "Kent"]),
        (r"Ada \| Kent", ["Ada | Kent"]),
        (r"Ada\\|Kent", ["Ada\\", "Kent"]),
        (r"Ada\\\|Kent", [r"Ada\|Kent"]),
        (r"A\da\\", ["A\\da\\"]),
        ("", []),
    ],
)
def test_several_values_are_separated_by_unescaped_bars(cell: str, people: list[str]) -> None:
    assert values_of("reviewer_label", cell) == people
    assert values_of("reviewer_label", cell_of(people)) == people


@given(st.lists(TEXT.filter(bool)))
def test_values_that_are_written_are_read_again(people: list[str]) -> None:
    assert values_of("author_label", cell_of(people)) == people
