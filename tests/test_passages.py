"""What `onehealthkg.passages` holds: a skeleton that can be filled, and nothing lost when it is updated."""

import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from onehealthkg.checks.check import check
from onehealthkg.checks.coverage import coverage
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import InputError, UsageError
from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.rdf.positions import locate
from onehealthkg.sources.passages import context, passages

BASE = f"@base <{SOURCE}x> .\n"
HEAD = BASE + f"@prefix oh: <{PREFIXES['oh']}> .\n"
OA = PREFIXES["oa"]

FRENCH = """\
Maisons-Alfort, le 10 mars 2021 – 9 h 30

COMMUNIQUÉ DE PRESSE

« Une seule santé » : l’Anses s’engage

Le Dr. J.-P. Martin, directeur de l'Anses, et Mme A. Durand (p. ex. présidente du conseil) ont signé un accord-cadre. « Nous voulons agir vite. Nous voulons agir bien », a-t-il déclaré.

L'accord porte sur :
• les zoonoses, etc. ;
• l’antibiorésistance 🦠 ;
• le partage des données.

Contact presse
Tél. : 01 02 03 04 05

Contact presse
Tél. : 05 04 03 02 01
""".replace("\n", "\r\n")
FRENCH_PASSAGES = [
    ("s1", "Maisons-Alfort, le 10 mars 2021 – 9 h 30"),
    ("s2", "COMMUNIQUÉ DE PRESSE"),
    ("s3", "« Une seule santé » : l’Anses s’engage"),
    (
        "s4",
        "Le Dr. J.-P. Martin, directeur de l'Anses, et Mme A. Durand (p. ex. présidente du conseil) ont signé un accord-cadre.",
    ),
    ("s5", "« Nous voulons agir vite. Nous voulons agir bien », a-t-il déclaré."),
    ("s6", "L'accord porte sur :"),
    ("s7", "• les zoonoses, etc. ;"),
    ("s8", "• l’antibiorésistance 🦠 ;"),
    ("s9", "• le partage des données."),
    ("s10", "Contact presse"),
    ("s11", "Tél. : 01 02 03 04 05"),
    ("s12", "Contact presse"),
    ("s13", "Tél. : 05 04 03 02 01"),
]

ENGLISH = """\
Brussels, 3 May 2022

Press release

Two agencies share their data

Dr. A. B. Smith of the U.S. Agency signed at 9 a.m. on 3 May 2022.
"We share data. We share risks," she said.

- antimicrobial resistance, e.g. in poultry;
- zoonoses.
"""
ENGLISH_QUOTES = [
    "Brussels, 3 May 2022",
    "Press release",
    "Two agencies share their data",
    "Dr. A. B. Smith of the U.S. Agency signed at 9 a.m. on 3 May 2022.",
    '"We share data. We share risks," she said.',
    "- antimicrobial resistance, e.g. in poultry;",
    "- zoonoses.",
]

SKELETON = """\
@base <https://w3id.org/onehealthkg/source/x> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf:    <http://xmlns.com/foaf/0.1/> .
@prefix id:      <https://w3id.org/onehealthkg/id/> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix org:     <http://www.w3.org/ns/org#> .
@prefix schema:  <http://schema.org/> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

# What the text itself does not say: where it was published, labels for what it describes, what its
# pronouns stand for (oh:antecedent), and why a passage states nothing (oh:withoutStatement).
<#about> {
    <#about>
        a oh:CuratedGraph ;
        # dcterms:source <https://...> ;
        dcterms:title "About x"@en , "À propos de x"@fr .

    <>
        a foaf:Document ;
        # dcterms:publisher id:organisation-... ;
        # dcterms:source <https://...> ;
        dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> .
}

#| The Press
<#s1> {
}

#| Call the press.
<#s2> {
}
"""
PASSAGES = """\
@base <https://w3id.org/onehealthkg/source/x> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa:      <http://www.w3.org/ns/oa#> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix schema:  <http://schema.org/> .

# Made by `onehealthkg passages`, which makes it anew: write nothing here.
<#passages> {
    <#passages>
        a oh:CuratedGraph ;
        dcterms:source <> ;
        dcterms:title "Passages of x"@en , "Passages de x"@fr .

    <> schema:sha256 "DIGEST" .

    <#s1>
        a oh:Passage ;
        oa:hasSelector <#s1-position> , <#s1-quote> ;
        oa:hasSource <> .

    <#s1-position>
        a oa:TextPositionSelector ;
        oa:end 9 ;
        oa:start 0 .

    <#s1-quote>
        a oa:TextQuoteSelector ;
        oa:exact "The Press" .

    <#s2>
        a oh:Passage ;
        oa:hasSelector <#s2-position> , <#s2-quote> ;
        oa:hasSource <> .

    <#s2-position>
        a oa:TextPositionSelector ;
        oa:end 27 ;
        oa:start 12 .

    <#s2-quote>
        a oa:TextQuoteSelector ;
        oa:exact "Call the\\npress." .
}
"""


def write(path, text):
    path.write_bytes(text.encode())
    return path


def described(text_file):
    """The passages that the program's file describes, in the order of the text: name, start, end, quote, context."""
    rows = {}
    for quad in parse(path=text_file.with_suffix(".passages.trig"), format=RdfFormat.TRIG):
        if quad.predicate.value.startswith(OA) and hasattr(quad.object, "datatype"):
            name = quad.subject.value.rpartition("#")[2].split("-")[0]
            rows.setdefault(name, {})[quad.predicate.value.removeprefix(OA)] = quad.object.value
    found = [
        (
            name,
            int(row["start"]),
            int(row["end"]),
            row["exact"],
            (row.get("prefix", ""), row.get("suffix", "")),
        )
        for name, row in rows.items()
    ]
    return sorted(found, key=lambda row: row[1])


def named(text_file):
    return [(name, " ".join(quote.split())) for name, _, _, quote, _ in described(text_file)]


def stated(text_file):
    return set(parse(path=text_file.with_suffix(".trig"), format=RdfFormat.TRIG))


def both(text_file):
    return [text_file.with_suffix(end).read_bytes() for end in (".passages.trig", ".trig")]


def own(text):
    """The author's own lines: all but our comments."""
    return [line for line in text.split("\n") if not line.lstrip().startswith("#|")]


def assert_quotes_are_right(text_file):
    text = text_file.read_bytes().decode()
    at = 1 if text.startswith("\ufeff") else 0
    for _, start, end, quote, around in described(text_file):
        assert (text[start:end], text[at:start].strip(), around) == (
            quote,
            "",
            context(text, start, end),
        )
        at = end
    assert text[at:].strip() == ""


# A new source


def test_the_skeleton_is_an_empty_graph_for_each_passage_under_its_words(tmp_path):
    text = "The Press\n\n\nCall the\npress.\n"
    text_file = write(tmp_path / "x.txt", text)
    done = passages(text_file)
    assert done == (tmp_path / "x.passages.trig", tmp_path / "x.trig", 2, ["s1", "s2"], [], [])
    assert (tmp_path / "x.trig").read_text("utf-8") == SKELETON
    digest = sha256(text.encode()).hexdigest()
    assert (tmp_path / "x.passages.trig").read_text("utf-8") == PASSAGES.replace("DIGEST", digest)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "x.passages.trig",
        "x.trig",
        "x.txt",
    ]


def test_the_skeleton_names_the_address_in_both_places(tmp_path):
    passages(write(tmp_path / "x.txt", "The press."), address="https://www.example.org/a?b=c#d")
    skeleton = (tmp_path / "x.trig").read_text("utf-8")
    assert skeleton.count("\n        dcterms:source <https://www.example.org/a?b=c#d> ;\n") == 2


@pytest.mark.parametrize("commented", ["publisher", "source", "publisher source"])
def test_what_is_commented_out_in_the_skeleton_can_be_put_in_line_by_line(tmp_path, commented):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file)
    skeleton = text_file.with_suffix(".trig").read_text("utf-8").replace("...", "x")
    before = stated(text_file)
    for name in commented.split():
        skeleton = skeleton.replace(f"# dcterms:{name}", f"dcterms:{name}")
    write(text_file.with_suffix(".trig"), skeleton)
    added = {quad.predicate.value.rpartition("/")[2] for quad in stated(text_file) - before}
    assert added == set(commented.split())


def test_a_french_release_is_cut_into_its_headings_sentences_and_items(tmp_path):
    text_file = write(tmp_path / "x.txt", FRENCH)
    passages(text_file)
    assert named(text_file) == FRENCH_PASSAGES
    assert_quotes_are_right(text_file)


def test_an_english_release_is_cut_into_its_headings_sentences_and_items(tmp_path):
    text_file = write(tmp_path / "x.txt", ENGLISH)
    passages(text_file)
    assert [quote for _, quote in named(text_file)] == ENGLISH_QUOTES
    assert_quotes_are_right(text_file)


@pytest.mark.parametrize(("text", "code"), [(FRENCH, "FRA"), (ENGLISH, "ENG")])
def test_the_commoner_words_tell_the_language(tmp_path, text, code):
    passages(write(tmp_path / "x.txt", text))
    assert f"language/{code}>" in (tmp_path / "x.trig").read_text("utf-8")


def test_equal_quotes_are_told_apart_by_what_stands_about_them(tmp_path):
    text_file = write(tmp_path / "x.txt", FRENCH)
    passages(text_file)
    contexts = {row[0]: row[4] for row in described(text_file) if row[4] != ("", "")}
    assert contexts == {
        "s10": (
            ";\r\n• le partage des données.\r\n\r\n",
            "\r\nTél. : 01 02 03 04 05\r\n\r\nConta",
        ),
        "s12": ("resse\r\nTél. : 01 02 03 04 05\r\n\r\n", "\r\nTél. : 05 04 03 02 01\r\n"),
    }


def test_the_context_grows_until_it_is_unique_or_long():
    lines = "".join(f"{number:02}\n" for number in range(50))
    text = f"{lines}Same.\n{lines}Same.\n{lines}"
    at = text.index("Same")
    assert context(text, at, at + 5) == (text[:at], text[at + 5 : at + 5 + 256])
    repeated = "Same.\n" * 1000
    assert context(repeated, 3000, 3005) == (repeated[3000 - 1024 : 3000], repeated[3005:4029])
    assert context("ha ha ha", 0, 5) == ("", " ha")  # the other one overlaps it


def test_check_says_of_a_skeleton_what_is_to_be_written_and_no_more(release):
    text_file = write(release.sources / "2021-03-10-anses.txt", FRENCH)
    passages(text_file)
    document = SOURCE + "2021-03-10-anses"
    found = [(one.severity, one.check, one.thing) for one in findings(release)]
    assert sorted(found) == sorted(
        [
            ("violation", "CuratedGraph-source", f"{document}#about"),
            ("violation", "Document-dated", document),
            ("violation", "Document-published", document),
            ("violation", "Document-addressed", document),
            ("violation", "Document-titled", document),
            *(("warning", "passage-is-read", f"{document}#{name}") for name, _ in FRENCH_PASSAGES),
        ]
    )


def findings(project):
    return [one for one in check(read_dataset(project)) if "2021-03-10-anses" in one.thing]


NAMING = ("s4", "s7", "s8", "s9")  # passages of FRENCH that name things of ours and state nothing


def fill_in(author):
    """Write into the French skeleton what check asks for."""
    text = author.read_text("utf-8")
    for name, statement in {
        "s1": '<> dcterms:issued "2021-03-10"^^xsd:date ; schema:locationCreated id:place-maisons-alfort .',
        "s2": "<> a oh:PressRelease .",
        "s3": '<> dcterms:title "« Une seule santé » : l’Anses s’engage"@fr .',
    }.items():
        text = text.replace(f"<#{name}> {{\n}}", f"<#{name}> {{\n    {statement}\n}}")
    text = text.replace(
        "# dcterms:publisher id:organisation-...", "dcterms:publisher id:organisation-anses"
    )
    silent = [name for name, _ in FRENCH_PASSAGES if name not in ("s1", "s2", "s3")]
    reasons = "".join(f'\n    <#{name}> oh:withoutStatement "Rien."@fr .' for name in silent)
    write(author, text.replace("language/FRA> .", "language/FRA> ." + reasons))


def test_a_skeleton_that_is_filled_in_passes_the_check_and_again_when_the_text_has_changed(release):
    text_file = write(release.sources / "2021-03-10-anses.txt", FRENCH)
    passages(text_file, address="https://www.example.org/x")
    fill_in(text_file.with_suffix(".trig"))
    known = [(one.check, one.sentence) for one in findings(release)]
    assert {check for check, _ in known} == {"named-thing-is-stated"}  # of what is called silent
    assert {sentence for _, sentence in known} == {dict(FRENCH_PASSAGES)[s] for s in NAMING}

    before = stated(text_file)
    write(
        text_file, FRENCH.replace("\r\n", "\n").replace("COMMUNIQUÉ", "UNE ALERTE.\n\nCOMMUNIQUÉ")
    )
    assert "text-is-unchanged" in [one.check for one in findings(release)]
    assert passages(text_file)[3:] == (["s14"], [], [])
    assert stated(text_file) == before
    left = {(one.check, one.sentence) for one in findings(release)}
    assert left - set(known) == {("passage-is-read", "UNE ALERTE.")}
    covered = coverage(read_dataset(release).store, release, "2021-03-10-anses")
    assert [one.state for one in covered.passages] == [
        "modelled",
        "open",
        *["modelled"] * 2,
        *["silent"] * 10,
    ]


def test_the_files_of_our_own_sources_are_what_the_program_makes(project):
    for text_file in project.texts:
        before = both(text_file)
        assert passages(text_file)[3:] == ([], [], [])
        assert both(text_file) == before


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        ENGLISH,
        "\ufeffThe end.",
        'The end \x00 is \u2028 "\\here\\".\r\rThe\x85end.',
        "The " * 9,
    ],
)
def test_running_twice_changes_no_byte(tmp_path, text):
    text_file = write(tmp_path / "x.txt", text)
    passages(text_file)
    before = both(text_file)
    times = [path.stat().st_mtime_ns for path in sorted(tmp_path.iterdir())]
    assert passages(text_file)[3:] == ([], [], [])
    assert both(text_file) == before
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.iterdir())] == times
    assert_quotes_are_right(text_file)


def test_the_language_that_was_given_once_is_kept(tmp_path):
    text_file = write(
        tmp_path / "x.txt", "The time of M. Le Guen in the U.S. The end of the No. 5."
    )
    passages(text_file, "fr")
    before = both(text_file)
    assert passages(text_file)[3:] == ([], [], [])
    assert both(text_file) == before


# Changes of the text

A = "The agency signed a framework agreement with the institute on zoonoses."
B = "Both bodies intend to share data and equipment for five years."
C = "Antimicrobial resistance in poultry remains a concern for the ministry."
D = "The laboratory was founded in 1964 and employs nine hundred people."
D1, D2 = "The laboratory was founded in 1964.", "It employs nine hundred people."
X = "A new programme on vector-borne diseases will be launched in autumn."
PRESS, PHONE = "Contact for the press", "Phone: 01 02 03 04 05"

EDITS = {  # before, after, the names after, those changed, those gone
    "inserted at the start": ([A, B, C], [X, A, B, C], "s4 s1 s2 s3", "", ""),
    "inserted at the end": ([A, B, C], [A, B, C, X], "s1 s2 s3 s4", "", ""),
    "deleted": ([A, B, C], [A, C], "s1 s3", "", "s2"),
    "replaced": ([A, B, C], [A, X, C], "s1 s4 s3", "", "s2"),
    "all replaced": ([A, B], [C, D], "s3 s4", "", "s1 s2"),
    "split": ([A, D, C], [A, D1, D2, C], "s1 s2 s4 s3", "s2", ""),
    "merged": ([A, D1, D2, C], [A, D, C], "s1 s2 s4", "s2", "s3"),
    "typing error": ([A, B, C], [A, B.replace("t", "tt", 1), C], "s1 s2 s3", "s2", ""),
    "all with a typing error": (
        [A, B, C],
        [one.replace("e", "ee", 1) for one in (A, B, C)],
        "s1 s2 s3",
        "s1 s2 s3",
        "",
    ),
    "moved": ([A, B, C, D], [D, C, A, B], "s4 s3 s1 s2", "", ""),
    "moved with a typing error": ([A, B, C], [C.replace("n", "m", 1), A, B], "s3 s1 s2", "s3", ""),
    "doubled": ([A, B, C], [A, B, B, C], "s1 s4 s2 s3", "", ""),
    "doubled far away": ([A, B, C], [B, A, B, C], "s4 s1 s2 s3", "", ""),
    "first of two equal ones deleted": (
        [A, PRESS, B, PRESS, PHONE],
        [A, B, PRESS, PHONE],
        "s1 s3 s4 s5",
        "",
        "s2",
    ),
    "second of two equal ones deleted": (
        [A, PRESS, B, PRESS, PHONE],
        [A, PRESS, B, PHONE],
        "s1 s2 s3 s5",
        "",
        "s4",
    ),
    "inserted before the second of two equal ones": (
        [PRESS, PHONE, PRESS, A],
        [PRESS, PHONE, X, PRESS, A],
        "s1 s2 s5 s3 s4",
        "",
        "",
    ),
    "moved with equal ones": ([PRESS, A, PRESS, B], [PRESS, B, PRESS, A], "s3 s4 s1 s2", "", ""),
    "moved with equal ones behind them": (
        [A, PRESS, B, PRESS],
        [B, PRESS, A, PRESS],
        "s3 s4 s1 s2",
        "",
        "",
    ),
    "two alike, the second more so": (
        [A, B, C],
        [A, "Both bodies intend to share data.", B.replace("t", "tt", 1), C],
        "s1 s4 s2 s3",
        "s2",
        "",
    ),
    "white space": ([A, B], [A.replace(" ", "\n"), B.replace(" ", "  ")], "s1 s2", "", ""),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("edit", EDITS)
def test_names_go_with_their_words(tmp_path, edit, line_end):
    old, new, *names = EDITS[edit]
    names, changed, gone = (one.split() for one in names)
    text_file = write(tmp_path / "x.txt", "\n\n".join(old))
    passages(text_file, "en")
    author = text_file.with_suffix(".trig")
    text = author.read_text("utf-8").replace("> {\n}", "> {\n    <> a <#kept> . # mine\n}")
    write(author, text)
    before = stated(text_file)

    write(text_file, "\n\n".join(new).replace("\n", line_end))
    done = passages(text_file)
    assert done[2:] == (len(new), [n for n in names if int(n[1:]) > len(old)], changed, gone)
    assert named(text_file) == list(zip(names, (" ".join(one.split()) for one in new), strict=True))
    assert_quotes_are_right(text_file)
    assert stated(text_file) == before
    written = author.read_text("utf-8")
    assert own(written)[: len(own(text)) - 1] == own(text)[:-1]
    marks = named(text_file) + [(name, old[int(name[1:]) - 1]) for name in gone]
    for name, words in marks:
        assert f"\n#| {words}\n<#{name}> {{\n" in written
    assert written.count("#|") == written.count("> {") - 1 == len(marks)

    again = both(text_file)
    assert passages(text_file)[3:] == ([], [], gone)
    assert both(text_file) == again


def test_a_name_is_not_given_again_when_its_graph_was_taken_out(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(text_file, A)
    assert passages(text_file).gone == ["s2"]
    write(author, author.read_text("utf-8").partition(f"\n#| {B}")[0])
    assert passages(text_file)[3:] == ([], [], [])
    write(text_file, f"{A}\n\n{X}")
    assert passages(text_file).new == ["s3"]
    assert "s2" not in author.read_text("utf-8")
    last = text_file.with_suffix(".passages.trig").read_text("utf-8").splitlines()[-3:]
    assert last == ["", "# Gone from the text; no other words get these names:", f"# s2 {B}"]


def test_words_that_come_back_get_their_name_back(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    passages(text_file)
    of_program, of_author = both(text_file)
    write(text_file, f"{X}\n\n{C}")
    assert passages(text_file)[3:] == (["s4"], [], ["s1", "s2"])
    write(text_file, f"{A}\n\n{B}\n\n{C}")
    assert passages(text_file)[3:] == (["s1", "s2"], [], ["s4"])
    gone = f"\n# Gone from the text; no other words get these names:\n# s4 {X}\n"
    assert both(text_file) == [
        of_program + gone.encode(),
        of_author + f"\n#| {X}\n<#s4> {{\n}}\n".encode(),
    ]


@pytest.mark.parametrize(
    "mention",
    [
        "<#about> { <#s7> oh:antecedent <#s1> }",
        "<#about> { <#s1> oh:antecedent <https://w3id.org/onehealthkg/source/x#s7> }",
        "@prefix p: <#> . p:about { p:s1 oh:antecedent p:s7 }",
        "@prefix p: <https://w3id.org/onehealthkg/source/> . p:x\\#s7 { }",
        "@prefix p: <#s> . p:7 { }",
        "<#\\u0073\\u0037> { }",
        "<#s7> { <> a oh:PressRelease }",
        "# was in <#s7> once",
    ],
)
def test_a_name_that_only_the_author_uses_is_not_given(tmp_path, mention):
    text_file = write(tmp_path / "x.txt", A)
    write(text_file.with_suffix(".trig"), f"{HEAD}\n{mention}\n")
    assert passages(text_file).new == ["s8"]


def test_a_passage_that_is_gone_is_reported_as_long_as_it_has_statements(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    text = author.read_text("utf-8")
    write(author, text.replace("<#s3> {", "<#s3> { <> a <#kept> ."))
    write(text_file, A)
    assert [passages(text_file).gone, passages(text_file).gone] == [["s2", "s3"], ["s3"]]
    write(author, text)
    assert passages(text_file).gone == []


POOL = [
    A,
    B,
    C,
    D,
    X,
    PRESS,
    PHONE,
    "Agency",
    "« Une seule santé » 🦠",
    "The\ttab \\ and the #| sign",
    "{ <#s1> {",
]
TEXTS = st.lists(st.sampled_from(POOL) | st.text("ab .\n\r\"'\\#<>{}é🦠", max_size=12), max_size=9)


@st.composite
def edited(draw):
    """A text as a list of paragraphs, and the same after some edits, and after some more."""
    versions = [draw(TEXTS)]
    for _ in range(draw(st.integers(1, 3))):
        text = list(versions[-1])
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(text)))
            text[at : at + draw(st.integers(0, 2))] = draw(TEXTS.map(lambda one: one[:2]))
        versions.append(text)
    return versions


@settings(max_examples=examples(150))
@given(edited(), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_whatever_the_edits_names_and_statements_are_kept(versions, gap):
    given_to = {}  # the words that each name has had
    with tempfile.TemporaryDirectory() as folder:
        text_file, author = Path(folder, "x.txt"), Path(folder, "x.trig")
        for version in versions:
            write(text_file, gap.join(["The start.", *version]))
            before = author.read_text("utf-8") if author.exists() else ""
            kept = dict(named(text_file)) if given_to else {}
            done = passages(text_file, "en")
            names = named(text_file)

            assert_quotes_are_right(text_file)
            assert len({name for name, _ in names}) == len(names) == done.total
            assert {name for name, _ in names} - set(kept) == set(done.new)
            assert not {
                name
                for name in set(done.new) & set(given_to)
                if (name, given_to[name]) not in names
            }
            assert {name for name, words in names if name in kept and kept[name] != words} == set(
                done.changed
            )
            now = [words for _, words in names]
            for words in kept.values():
                if list(kept.values()).count(words) == now.count(words) == 1:
                    assert [n for n, one in kept.items() if one == words] == [
                        n for n, one in names if one == words
                    ]
            given_to |= dict(names)

            written = author.read_text("utf-8")
            assert own(written)[: len(own(before)) - 1] == own(before)[:-1]
            assert sorted(written.count(f"\n<#{name}> {{") for name in given_to) == [1] * len(
                given_to
            )
            assert all(f"\n#| {words}\n<#{name}> {{" in written for name, words in names)
            again = both(text_file)
            assert passages(text_file)[3:5] == ([], [])
            assert both(text_file) == again
            write(author, written.replace("> {\n}", "> {\n    <> a <#kept> . # mine\n}"))


# The author's file

THREE = "The first.\n\nThe second.\n\nThe third.\n"
ALL_MISSING = (
    "\n#| The first.\n<#s1> {\n}\n\n#| The second.\n<#s2> {\n}\n\n#| The third.\n<#s3> {\n}\n"
)
LAYOUTS = {
    "another layout": (
        "GRAPH <#s1> {\n}\n<#s2>{}\n\t graph\t<#s3> { <> a <#y> }\n",
        "#| The first.\nGRAPH <#s1> {\n}\n#| The second.\n<#s2>{}\n\t #| The third.\n\t graph\t<#s3> { <> a <#y> }\n",
    ),
    "several on a line": (
        "<#s1> {} <#s2> { <> a <#y> } <#s3>{}\n",
        "#| The first.\n<#s1> {} <#s2> { <> a <#y> } <#s3>{}\n",
    ),
    "one over several lines": (
        "GRAPH # a {\n<#s1>\n# b {\n{ }<#s2>\n{}\n<#s3> # c\n{}",
        "#| The first.\nGRAPH # a {\n<#s1>\n# b {\n{ }<#s2>\n{}\n#| The third.\n<#s3> # c\n{}",
    ),
    "comments edited and deleted": (
        "#| The 1st.\n#| of two lines\n<#s1> {}\n\n<#s2> {}\n  #|The third.\n  <#s3> {}\n",
        "#| The first.\n<#s1> {}\n\n#| The second.\n<#s2> {}\n  #| The third.\n  <#s3> {}\n",
    ),
    "notes of the author": (
        "<#a> {} #| mine\n# 1\n#| old\n# 2\n\n<#s1> {}\n# | 3\n<#s2> {}\n#|The third.\n\n<#s3> {} # end",
        "<#a> {} #| mine\n# 1\n#| The first.\n# 2\n\n<#s1> {}\n# | 3\n#| The second.\n<#s2> {}\n#| The third.\n\n<#s3> {} # end",
    ),
    "a graph taken out, its comment left": (
        "#| The first.\n\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n",
        "\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n\n#| The first.\n<#s1> {\n}\n",
    ),
    "graphs in comments and literals": (
        "# <#s1> {\n<#a> { <> a \"<#s2> {\\\"\" , '<#s2> {\\'' , '#' , \"\"\"\n#| \"\\\"\"\n<#s3> {\n\"\"\" , '''\n<#s3> { ''\\'''' }",
        "# <#s1> {\n<#a> { <> a \"<#s2> {\\\"\" , '<#s2> {\\'' , '#' , \"\"\"\n#| \"\\\"\"\n<#s3> {\n\"\"\" , '''\n<#s3> { ''\\'''' }\n"
        + ALL_MISSING,
    ),
    "a quotation mark in a long literal": (
        '<#a> { <> a """a " b""" }\n<#s1> {}\n<#s2> {}\n<#s3> { <> a "c" }',
        '<#a> { <> a """a " b""" }\n#| The first.\n<#s1> {}\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> { <> a "c" }',
    ),
    "other forms of the names": (
        "@prefix p: <#> .\nPREFIX source: <https://w3id.org/onehealthkg/source/>\np:s1 {}\nsource:x\\#s2 {}\n<https://w3id.org/onehealthkg/source/x#s3> { <> a p:it\\'s }\n",
        "@prefix p: <#> .\nPREFIX source: <https://w3id.org/onehealthkg/source/>\n#| The first.\np:s1 {}\n#| The second.\nsource:x\\#s2 {}\n#| The third.\n<https://w3id.org/onehealthkg/source/x#s3> { <> a p:it\\'s }\n",
    ),
    "graphs with other names": (
        "@prefix s: <https://w3id.org/onehealthkg/source/y#> .\n#| The first.\ns:s1 {}\n_:s2 {}\n{ <> a <#y> }\n<#s03> {} GRAPH <#s1a> {}",
        "@prefix s: <https://w3id.org/onehealthkg/source/y#> .\n#| The first.\ns:s1 {}\n_:s2 {}\n{ <> a <#y> }\n<#s03> {} GRAPH <#s1a> {}\n"
        + ALL_MISSING,
    ),
    "a graph in two parts": (
        "<#s1> {}\n<#s2> {}\n<#s3> {}\n#| x\n<#s1> { <> a <#y> }\n",
        "#| The first.\n<#s1> {}\n#| The second.\n<#s2> {}\n#| The third.\n<#s3> {}\n#| The first.\n<#s1> { <> a <#y> }\n",
    ),
    "CRLF": (
        "\r\n#| x\r\n<#s1> {\r\n}\r\n\r\n<#s2> {\r\n    <> a <#y> .\r\n}",
        "\r\n#| The first.\r\n<#s1> {\r\n}\r\n\r\n#| The second.\r\n<#s2> {\r\n    <> a <#y> .\r\n}\r\n\r\n#| The third.\r\n<#s3> {\r\n}\r\n",
    ),
    "the comment of the last graph left": ("<#a> {}\n#| old\n", "<#a> {}\n" + ALL_MISSING),
    "blank lines at the end": ("<#a> {}\n\n\n", "<#a> {}\n\n\n" + ALL_MISSING),
    "no graph": ("# nothing yet", "# nothing yet\n" + ALL_MISSING),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_authors_file_keeps_its_layout(tmp_path, layout):
    written, expected = LAYOUTS[layout]
    text_file = write(tmp_path / "x.txt", THREE)
    passages(text_file)
    author = write(text_file.with_suffix(".trig"), BASE + written)
    before = [str(quad.triple) for quad in parse(path=author)]
    assert passages(text_file)[2:] == (3, [], [], [])
    assert author.read_bytes().decode() == BASE + expected
    assert [str(quad.triple) for quad in parse(path=author)] == before
    positions = locate(BASE + expected)
    assert all(positions.graph_line(f"{SOURCE}x#{name}") for name in ("s1", "s2", "s3"))
    assert passages(text_file)[2:] == (3, [], [], [])
    assert author.read_bytes().decode() == BASE + expected


GRAPHS = [
    "<#s1> { }",
    "<#s2>{<> a <#kept> . }",
    "GRAPH\n<#s3> {}",
    "graph <#s3> # {\n {}",
    f"<{SOURCE}x#s1>\n{{ <> a '}}' }}",
    "p:s2 {}",
    "q:x\\#s3 {}",
    '<#about> { <> a "<#s1> {" , \'\\\'<#s1> {\' , "#" }',
    '<#about> { <> a """\n#| "\\""\n<#s1> {\n""" }',
    '{ <> a """a " <#s1> { """ }',
    "{ <> a '''\n<#s2> {\n''\\''\n''' , p:it\\'s }",
    "<> a <#kept> .",
    "_:s1 {}",
]
GAPS = [" ", "\n", "\n\n", "\r\n", "\n\t", "# note <#s1> {\n", "\n# {\n"]
GAPS += ["\n#| old\n", "\n  #| old\r\n", " #| old\n"]


@settings(max_examples=examples(150))
@given(
    st.lists(st.tuples(st.sampled_from(GAPS), st.sampled_from(GRAPHS)), max_size=8),
    st.sampled_from(GAPS),
)
def test_in_no_layout_is_a_graph_doubled_or_anything_lost(parts, end):
    head = f"{BASE}@prefix p: <#> .\n@prefix q: <{SOURCE}> ."
    text = "".join([head, *(gap + graph for gap, graph in parts), end])
    with tempfile.TemporaryDirectory() as folder:
        text_file, author = write(Path(folder, "x.txt"), THREE), Path(folder, "x.trig")
        passages(text_file)
        write(author, text)
        before = [str(quad.triple) for quad in parse(path=author)]
        passages(text_file)

        written = author.read_bytes().decode()
        assert [str(quad.triple) for quad in parse(path=author)] == before
        assert own(written)[: len(own(text)) - 1] == own(text)[:-1]
        assert opened(written) == {"s1", "s2", "s3"}
        assert written.count("{") - text.count("{") == 3 - len(opened(text))
        passages(text_file)
        assert author.read_bytes().decode() == written


def opened(text):
    positions = locate(text)
    return {name for name in ("s1", "s2", "s3") if positions.graph_line(f"{SOURCE}x#{name}")}


def test_names_are_taken_from_the_comments_should_the_programs_file_be_lost(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{X}\n\n{A}\n\n{B}\n\n{C}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(text_file, f"{A}\n\n{D}\n\n{B}\n\n{C}")
    assert passages(text_file)[3:] == (["s5"], [], ["s1"])
    of_program, of_author = both(text_file)
    text_file.with_suffix(".passages.trig").unlink()
    assert passages(text_file)[3:] == ([], [], ["s1"])
    assert both(text_file) == [of_program, of_author]
    author.unlink()
    assert passages(text_file)[3:] == ([], [], [])
    assert named(text_file) == [("s2", A), ("s5", D), ("s3", B), ("s4", C)]


def test_an_empty_file_of_the_author_is_a_new_one(tmp_path):
    text_file = write(tmp_path / "x.txt", "The Press\n\nCall the press.")
    write(text_file.with_suffix(".trig"), " \n")
    passages(text_file)
    assert text_file.with_suffix(".trig").read_text("utf-8") == SKELETON


# What cannot be done changes nothing


def refused(text_file, *options):
    """What is said; the files are as before."""
    before = {path.name: path.read_bytes() for path in text_file.parent.iterdir()}
    with pytest.raises((InputError, UsageError)) as error:
        passages(text_file, *options)
    assert {path.name: path.read_bytes() for path in text_file.parent.iterdir()} == before
    return type(error.value), str(error.value).replace(f"{text_file.parent}{os.sep}", "")


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("my text.txt", "my-text.txt"),
        ("2020-Anses.txt", "2020-anses.txt"),
        ("2020-anses.TXT", "2020-anses.txt"),
        ("2020-anses", "2020-anses.txt"),
        ("2020_anses.txt", "2020-anses.txt"),
        ("-anses--x-.txt", "anses-x.txt"),
        ("Communiqué d’Été (1).pdf", "communique-dete-1.txt"),
        ("anses.trig", "anses.txt"),
        ("anses.passages.trig", "anses.txt"),
        ("été.txt", "ete.txt"),
        ("日本.txt", "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"),
        (".txt", "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"),
    ],
)
def test_a_name_that_cannot_be_part_of_an_iri_is_refused_with_one_that_can(tmp_path, name, right):
    assert refused(write(tmp_path / name, "The press.")) == (
        UsageError,
        f"{name}: this cannot be the name of an archived text, which is part of an IRI: it has "
        f"lower-case letters from a to z, digits and hyphens only, and ends in .txt. Right would be {right}.",
    )


@pytest.mark.parametrize("text", ["", " \n\t\r\n \u00a0\u2028", "\ufeff", "\ufeff\n"])
@pytest.mark.parametrize("language", ["en", None])
def test_a_text_without_words_is_refused(tmp_path, text, language):
    assert refused(write(tmp_path / "x.txt", text), language) == (
        InputError,
        "x.txt: there are no words in it; put the text of the source here.",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("de",), '"de" is no language that can be cut here; write en or fr.'),
        (("",), '"" is no language that can be cut here; write en or fr.'),
        *(
            (
                ("en", address),
                f'"{address}" is no address of a page; write it as in https://www.example.org/page, with %20 for a space.',
            )
            for address in (
                "https://www.example.org/a page",
                "www.example.org/page",
                "file:///etc/passwd",
                "https://",
                "https:///page",
                "https://[",
                "https://www.example.org/100%",
                "https://www.example.org/> ; a <x",
                "",
            )
        ),
    ],
)
def test_an_unknown_language_and_a_wrong_address_are_refused(tmp_path, options, message):
    assert refused(write(tmp_path / "x.txt", "The press."), *options) == (UsageError, message)


@pytest.mark.parametrize("text", ["Anses : 2020", "The press et l’agence"])
def test_a_text_whose_words_do_not_tell_the_language_asks_for_it(tmp_path, text):
    message = "x.txt: the language cannot be told from its words; add --language en or fr."
    assert refused(write(tmp_path / "x.txt", text)) == (
        UsageError,
        message,
    )


EU = "http://publications.europa.eu/resource/authority/language"


@pytest.mark.parametrize(
    ("said", "asked", "end"),
    [
        (f"<{EU}/ENG>", "fr", "correct it, or leave out --language fr."),
        (f"<{EU}/DEU>", None, f"write <{EU}/ENG> or <{EU}/FRA>, for no other text can be cut."),
        (f"<{EU}/DEU>", "en", f"write <{EU}/ENG> or <{EU}/FRA>, for no other text can be cut."),
        (
            f"<{EU}/ENG> , <{EU}/FRA>",
            "en",
            f"write <{EU}/ENG> or <{EU}/FRA>, for no other text can be cut.",
        ),
    ],
)
def test_a_language_other_than_that_of_the_authors_file_is_refused(tmp_path, said, asked, end):
    text_file = write(tmp_path / "x.txt", "The press.")
    write(
        text_file.with_suffix(".trig"),
        f"{BASE}<#a> {{ <> <http://purl.org/dc/terms/language> {said} }}",
    )
    message = f"x.trig: dcterms:language is {said} here; {end}"
    assert refused(text_file, asked) == (UsageError, message)


def test_an_address_that_the_authors_file_does_not_have_is_refused(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file, "en", "https://www.example.org/a")
    passages(text_file, "en", "https://www.example.org/a")
    assert refused(text_file, "en", "https://www.example.org/b") == (
        UsageError,
        "x.trig: this file is the author's and is not rewritten; "
        "write dcterms:source <https://www.example.org/b> in its graph <#about>.",
    )


def test_a_mistake_in_the_authors_file_is_said_with_its_line(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(author, author.read_text("utf-8").replace("<#s1> {", "<#s1> {\n    <> a ;"))
    write(text_file, "The press of today.")
    kind, message = refused(text_file)
    assert kind is InputError
    assert message.startswith("x.trig:28:")


def test_a_mistake_in_the_programs_file_is_said_with_what_to_do(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file)
    of_program = text_file.with_suffix(".passages.trig")
    write(of_program, "<<<<<<< HEAD\n" + of_program.read_text("utf-8"))
    kind, message = refused(text_file)
    assert kind is InputError
    assert message.startswith("x.passages.trig:1:")
    assert message.endswith(
        ". Put the file back as it was; or delete it, and the names are taken from the comments of x.trig."
    )


@pytest.mark.parametrize("base", [f"@base <{SOURCE}y> .", f"{BASE}<#s1> {{}} BASE <{SOURCE}y>"])
def test_an_authors_file_with_the_base_of_another_source_is_refused(tmp_path, base):
    text_file = write(tmp_path / "x.txt", THREE)
    write(text_file.with_suffix(".trig"), base)
    assert refused(text_file) == (
        InputError,
        f"x.trig: its @base is not that of this text; write @base <{SOURCE}x> . at its top, and no other.",
    )


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path):
    text_file = tmp_path / "x.txt"
    text_file.write_bytes("The press.\nLa santé.".encode("latin-1"))
    assert refused(text_file) == (
        InputError,
        "x.txt:2: byte 0xe9 is not UTF-8; save the file as UTF-8.",
    )
    write(text_file, "The press.")
    text_file.with_suffix(".trig").write_bytes(b"# \xe9")
    assert refused(text_file) == (
        InputError,
        "x.trig:1: byte 0xe9 is not UTF-8; save the file as UTF-8.",
    )


LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from onehealthkg.cli import main
sys.exit(main(sys.argv[2:]))
"""


def run_with_largest_file(size, text_file):
    command = [sys.executable, "-c", LIMITED, str(size), "passages", str(text_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of file sizes")
def test_neither_file_changes_when_one_cannot_be_written(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(author, author.read_text("utf-8") + "# a long comment\n" * 1000)
    write(text_file, f"{A}\n\n{C}")
    before = both(text_file)
    assert run_with_largest_file(10_000, text_file) == (
        3,
        "",
        f"onehealthkg: {author}: cannot be written: File too large.\n",
    )
    assert both(text_file) == before
    assert run_with_largest_file(1000, text_file)[0] == 3
    assert both(text_file) == before
    text_file.with_suffix(".passages.trig").unlink()
    assert run_with_largest_file(10_000, text_file)[0] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.trig", "x.txt"]


def test_a_run_that_was_ended_between_the_two_files_is_made_good_by_the_next(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    before = author.read_bytes()
    write(text_file, f"{X}\n\n{A}\n\n{C}")
    passages(text_file)
    expected = both(text_file)
    author.write_bytes(before)
    passages(text_file)
    assert both(text_file) == expected


# Size


@pytest.mark.slow
def test_five_thousand_passages_take_seconds(tmp_path):
    words = "".join(f"{one:03}" for one in range(300))
    sentences = [
        f"The case {at} of {words[at % 700 :][:150]} is the {at}th’s." for at in range(5000)
    ]
    text_file = write(tmp_path / "x.txt", "\n\n".join(sentences))
    start = time.monotonic()
    passages(text_file)
    changed = ["A first one.", *(one.replace("’", "'") for one in sentences)]
    write(text_file, "\n\n".join(changed))
    done = passages(text_file)
    assert time.monotonic() - start < 60  # 5 s when this was written
    assert done[2:] == (5001, ["s5001"], [f"s{at}" for at in range(1, 5001)], [])


def test_equal_lines_take_seconds(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press\n\n" * 3000)
    start = time.monotonic()
    passages(text_file)
    write(text_file, "The press\n\nThe end\n\n" * 1500)
    done = passages(text_file)
    assert time.monotonic() - start < 60
    assert done.total == 3000


# The command


def test_the_command_says_what_is_to_be_read_again(tmp_path, capsys):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    assert main(["passages", str(text_file), "--address", "https://www.example.org/x"]) == 0
    files = f"{tmp_path / 'x.passages.trig'}, {tmp_path / 'x.trig'}"
    assert capsys.readouterr() == (f"3 passages: {files}\nnew (3): s1, s2, s3\n", "")
    write(text_file, f"{X}\n\n{A.replace('ee', 'e')}\n\n{C}")
    assert main(["passages", str(text_file)]) == 0
    assert capsys.readouterr() == (
        f"3 passages: {files}\nnew (1): s4\n"
        "changed, read their statements again (1): s1\n"
        "gone from the text, move their statements (1): s2\n",
        "",
    )
    assert main(["passages", str(tmp_path / "y.txt")]) == 3
    assert capsys.readouterr() == (
        "",
        f"onehealthkg: {tmp_path / 'y.txt'}: there is no such file; check the path.\n",
    )
