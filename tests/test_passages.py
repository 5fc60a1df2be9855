"""Passages of a new text: its quotes, positions and names, and the skeleton of the author's file."""

from hashlib import sha256

import pytest
from passage_texts import SKELETON, assert_quotes_are_right, both, described, named, stated, write

from onehealthkg.checks.check import check
from onehealthkg.checks.coverage import coverage
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import SOURCE
from onehealthkg.sources.passages import context, passages

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
PASSAGES = """\
@base <https://w3id.org/onehealthkg/source/x> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa:      <http://www.w3.org/ns/oa#> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix schema:  <http://schema.org/> .

# Made by `onehealthkg passages`, which overwrites it: do not edit.
<#passages> {
    <#passages>
        a oh:CuratedGraph ;
        dcterms:source <x.txt> ;
        dcterms:title "Passages of x"@en , "Passages de x"@fr .

    <x.txt>
        a oh:ArchivedText ;
        dcterms:isFormatOf <> ;
        schema:sha256 "DIGEST" .

    <#s1>
        a oh:Passage ;
        oa:hasSelector <#s1-position> , <#s1-quote> ;
        oa:hasSource <x.txt> .

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
        oa:hasSource <x.txt> .

    <#s2-position>
        a oa:TextPositionSelector ;
        oa:end 27 ;
        oa:start 12 .

    <#s2-quote>
        a oa:TextQuoteSelector ;
        oa:exact "Call the\\npress." .
}
"""


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
    assert skeleton.count("\n        dcterms:source <https://www.example.org/a?b=c#d> ;\n") == 1
    assert skeleton.count("\n    <x.txt> dcterms:source <https://www.example.org/a?b=c#d> .\n") == 1


@pytest.mark.parametrize("commented", ["publisher", "source", "publisher source"])
def test_commented_lines_of_the_skeleton_can_be_used_one_by_one(tmp_path, commented):
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
def test_common_words_decide_on_the_language(tmp_path, text, code):
    passages(write(tmp_path / "x.txt", text))
    assert f"language/{code}>" in (tmp_path / "x.trig").read_text("utf-8")


def test_equal_quotes_are_distinguished_by_their_context(tmp_path):
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


def test_check_of_a_skeleton_reports_only_what_is_to_be_written(release):
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
    """Write the statements that check requires into the French skeleton."""
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


@pytest.mark.slow
def test_a_skeleton_that_is_filled_in_passes_the_check_and_again_when_the_text_has_changed(light):
    text_file = write(light.sources / "2021-03-10-anses.txt", FRENCH)
    passages(text_file, address="https://www.example.org/x")
    fill_in(text_file.with_suffix(".trig"))
    known = [(one.check, one.sentence) for one in findings(light)]
    assert {check for check, _ in known} == {"named-thing-is-stated"}  # of what is called silent
    assert {sentence for _, sentence in known} == {dict(FRENCH_PASSAGES)[s] for s in NAMING}

    before = stated(text_file)
    write(
        text_file, FRENCH.replace("\r\n", "\n").replace("COMMUNIQUÉ", "UNE ALERTE.\n\nCOMMUNIQUÉ")
    )
    assert "text-is-unchanged" in [one.check for one in findings(light)]
    assert passages(text_file)[3:] == (["s14"], [], [])
    assert stated(text_file) == before
    left = {(one.check, one.sentence) for one in findings(light)}
    assert left - set(known) == {("passage-is-read", "UNE ALERTE.")}
    covered = coverage(read_dataset(light).store, light, "2021-03-10-anses")
    assert [one.state for one in covered.passages] == [
        "modelled",
        "open",
        *["modelled"] * 2,
        *["silent"] * 10,
    ]


def test_the_files_of_our_sources_are_as_the_program_makes_them(project):
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


def test_the_language_of_the_first_run_is_kept(tmp_path):
    text_file = write(
        tmp_path / "x.txt", "The time of M. Le Guen in the U.S. The end of the No. 5."
    )
    passages(text_file, "fr")
    before = both(text_file)
    assert passages(text_file)[3:] == ([], [], [])
    assert both(text_file) == before
