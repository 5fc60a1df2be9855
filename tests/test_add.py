"""Adding unknown things: the file to which they are written, and similar names."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ending import run
from projects import light_copy

from onehealthkg.editing.additions import add_wording, with_source
from onehealthkg.names import ID
from onehealthkg.paths import Project
from onehealthkg.terms import named_node

CNRS = ("add", "organisation", "CNRS", "--category", "research institution", "--country", "France")
SAID = {
    "organisation": ("--category", "treaty secretariat"),
    "person": (),
    "post": ("--name-fr", "directeur", "--organisation", "ANSES"),
    "programme": ("--organisation", "ANSES"),
    "place": ("--part-of", "France"),
    "topic": ("--name-fr", "mot", "--broader", "zoonoses", "--definition", "A word for a test."),
    "activity": ("--name-fr", "mot", "--broader", "research", "--definition", "A word for a test."),
}


@pytest.fixture
def own(tmp_path: Path) -> Project:
    return light_copy(tmp_path)


def read(terminal: int) -> bytes:
    """The output of a pseudo-terminal; empty if the other end is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def lines(project: Project, name: str) -> list[str]:
    return Path(project.root, "data", name).read_text(encoding="utf-8").splitlines()


def test_a_body_is_put_between_its_neighbours_and_nothing_else_changes(
    capsys: pytest.CaptureFixture[str], own: Project
) -> None:
    before = lines(own, "organisations.ttl")
    options = ("--full-name", "National Centre", "--former-name", "Old", "--project", own.root)
    code, out, err = run(capsys, *CNRS, *options)
    assert (code, err) == (0, "")
    assert "Added: CNRS" in out
    after = lines(own, "organisations.ttl")
    at = after.index("id:organisation-cnrs")
    block = [
        "id:organisation-cnrs",
        "    a org:FormalOrganization , org:Organization ;",
        '    skos:prefLabel "CNRS"@en , "CNRS"@fr ;',
        '    skos:altLabel "National Centre"@en ;',
        "    oh:country id:place-france ;",
        '    oh:formerName "Old"@en ;',
        "    org:classification id:category-research-institution .",
        "",
    ]
    assert after[at : at + len(block)] == block
    assert after[:at] + after[at + len(block) :] == before
    names = [line for line in after if line.startswith("id:organisation-")]
    assert names == sorted(names)


@pytest.mark.slow
def test_an_added_thing_passes_the_checks(capsys: pytest.CaptureFixture[str], own: Project) -> None:
    words = dict(
        zip(SAID, ("Quillon", "Brask", "Tovel", "Merrin", "Zandry", "Huxel", "Fendal"), strict=True)
    )
    for kind, word in words.items():
        code, _, err = run(capsys, "add", kind, f"{word} Word", *SAID[kind], "--project", own.root)
        assert (code, err) == (0, "")
    for word in words.values():
        code, out, _ = run(capsys, "show", f"{word} Word", "--project", own.root)
        assert code == 0
        assert f"{word} Word" in out
    code, out, _ = run(capsys, "check", "--project", own.root)
    lines_of_these = [
        line for line in out.splitlines() if any(word in line for word in words.values())
    ]
    assert (code, lines_of_these) == (0, [])


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("organisation", "Nobody"), "add: --category is missing: What kind of body is it?"),
        (("organisation", "Inserm", "--category", "company"), 'add: "Inserm" is known: Inserm'),
        (("organisation", "X Y", "--category", "company"), "add: --country is missing"),
        (("organisation", "X Y", "--category", "compny"), "Did you mean company"),
        (("person", "X Y", "--country", "France"), "add: --country does not apply to a person"),
        (("person", "X Y", "--source", "here"), '"here" is not the address of a page'),
        (("place", "Xy", "--part-of", "France", "--code", "FRA"), "is not a country code"),
    ],
)
def test_an_impossible_value_is_refused_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], own: Project, words: tuple[str, ...], message: str
) -> None:
    before = {path: path.read_bytes() for path in own.curated}
    code, _, err = run(capsys, "add", *words, "--project", own.root)
    assert code == 2
    assert message in err
    assert {path: path.read_bytes() for path in own.curated} == before


def test_similar_names_are_pointed_out(capsys: pytest.CaptureFixture[str], own: Project) -> None:
    words = ("add", "organisation", "Institut Pasteur de Lille", "--category", "company")
    words = (*words, "--country", "France")
    code, out, _ = run(capsys, *words, "--project", own.root)
    assert code == 0
    assert "Similar names: Institut Pasteur" in out


def test_a_source_is_put_among_those_of_the_file(own: Project) -> None:
    text = Path(own.root, "data", "places.ttl").read_text(encoding="utf-8")
    added = with_source(text, "https://sws.geonames.org/2/")
    assert len(added.splitlines()) == len(text.splitlines()) + 1
    assert with_source(added, "https://sws.geonames.org/2/") == added


def test_words_of_a_text_find_a_thing(own: Project) -> None:
    before = lines(own, "topics.ttl")
    add_wording(own, named_node("id:topic-zoonoses"), "zoonotic illness", "en")
    after = lines(own, "topics.ttl")
    changed = [line for line in after if line not in before]
    assert [line.split(maxsplit=1)[0] for line in changed] == ["skos:hiddenLabel"]
    assert '"zoonotic illness"@en' in changed[0]
    assert named_node("id:topic-zoonoses").value == ID + "topic-zoonoses"


def test_a_person_is_asked_and_may_say_that_it_is_known(own: Project) -> None:
    main_end, other_end = pty.openpty()
    command = [sys.executable, "-m", "onehealthkg", "add", "organisation", "Institut Pasteur X"]
    process = subprocess.Popen(
        [*command, "--project", own.root], stdin=other_end, stdout=other_end, stderr=other_end
    )
    os.close(other_end)
    os.write(main_end, b"1\n")
    end = time.monotonic() + 30
    told = b""
    while process.poll() is None and time.monotonic() < end:
        told += read(main_end)
    assert process.wait(10) == 0
    assert b"Is it one of these?" in told
    assert not any("pasteur-x" in line for line in lines(own, "organisations.ttl"))


def test_the_session_of_add_speaks_french(capsys: pytest.CaptureFixture[str], own: Project) -> None:
    words = ("add", "organisation", "Institut Exemple", "--lang", "fr", "--project", own.root)
    code, _, err = run(capsys, *words)
    assert code == 2
    assert "il manque --category : Quel genre d’organisme est-ce" in err.replace("\u00a0", " ")
