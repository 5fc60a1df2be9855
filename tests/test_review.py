"""The review of candidates for links: what is asked, what is kept, and what nothing can lose."""

import fcntl
import io
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from onehealthkg.cli import main
from onehealthkg.dataset.cache import load_store
from onehealthkg.editing.links_file import Change, LinksFile, Meanwhile, links
from onehealthkg.editing.review import Signature
from onehealthkg.editing.review_start import signature
from onehealthkg.editing.sides import read_facts, side
from onehealthkg.editing.terminal import shown, wrapped
from onehealthkg.errors import InputError, OneHealthKGError, UsageError
from onehealthkg.mappings.sssom import Mapping, MappingSet, mapping_bytes, read_mappings
from onehealthkg.paths import Project, bundled

PREFIXES = {
    "agrovoc": "http://aims.fao.org/aos/agrovoc/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "id": "https://w3id.org/onehealthkg/id/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
}
HEADER = {
    "curie_map": PREFIXES,
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "mapping_set_id": "https://w3id.org/onehealthkg/graph/candidates",
}
DAY = "2026-01-31"
JANE = ("--reviewer", "Jane Doe", "--date", DAY)


def candidate(
    subject: str, kind: str, concept: str, label: str, confidence: str = "0.9", comment: str = ""
) -> Mapping:
    return Mapping(
        f"id:topic-{subject}",
        subject.replace("-", " "),
        f"skos:{kind}Match",
        "",
        concept,
        label,
        "",
        "semapv:LexicalMatching",
        confidence=confidence,
        comment=comment,
    )


ZOONOSES = candidate("zoonoses", "exact", "agrovoc:c_8530", "zoonoses", "0.97", "labels equal")
VIRAL = candidate("zoonoses", "exact", "mesh:D000086965", "Viral Zoonoses", "0.62")
EXPOSOME = candidate("exposome", "exact", "mesh:D000081413", "Exposome", "0.98")
RESISTANCE = candidate(
    "antimicrobial-resistance", "exact", "eurovoc:c_7dda56e2", "antimicrobial resistance", "1"
)
ANTIBIOTIC = candidate(
    "antibiotic-resistance", "exact", "eurovoc:c_7dda56e2", "antimicrobial resistance", "0.71"
)


TOPICS = """
@prefix id: <https://w3id.org/onehealthkg/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/onehealthkg/graph/topics> a <https://w3id.org/onehealthkg/ontology#CuratedGraph> .
id:topic-antimicrobial-resistance a skos:Concept ;
    skos:prefLabel "antimicrobial resistance"@en , "résistance aux antimicrobiens"@fr ;
    skos:altLabel "AMR"@en ;
    skos:definition "The ability of microorganisms to withstand substances that kill them."@en .
id:topic-antibiotic-resistance a skos:Concept ;
    skos:prefLabel "antibiotic resistance"@en ;
    skos:broader id:topic-antimicrobial-resistance .
id:topic-exposome a skos:Concept ; skos:prefLabel "exposome"@en .
id:topic-zoonoses a skos:Concept ; skos:prefLabel "zoonoses"@en .
"""


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with four topics and no links."""
    own = Project(tmp_path_factory.mktemp("project"))
    shutil.copytree(Path(bundled().root, "ontology"), Path(own.root, "ontology"))
    own.sources.mkdir(parents=True)
    Path(own.root, "data", "topics.ttl").write_text(TOPICS, encoding="utf-8")
    return own


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "links.sssom.tsv"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def made(*mappings: Mapping, name: str = "candidates") -> Path:
        path = tmp_path / f"{name}.sssom.tsv"
        path.write_bytes(mapping_bytes(MappingSet(HEADER, mappings)))
        return path

    return made


@pytest.fixture
def talk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept: Path, own: Project
) -> Callable[..., tuple[int, str, str]]:
    """A session whose answers are lines; what comes back is the exit code, output and talk."""
    monkeypatch.setenv("COLUMNS", "100")

    def talked(answers: str, candidates: Path, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        where = ["-o", str(kept), "--project", own.root]
        code = main(["review", str(candidates), *where, *(options or JANE)])
        out, err = capsys.readouterr()
        return code, out, err

    return talked


def by_jane(one: Mapping, **cells: str) -> Mapping:
    """The mapping as Jane Doe decided on it."""
    changed = {
        "mapping_justification": "semapv:ManualMappingCuration",
        "reviewer_label": "Jane Doe",
        "mapping_date": DAY,
        "confidence": "",
    }
    return one._replace(**{**changed, **cells})


def test_a_session_accepts_rejects_changes_and_puts_off(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, VIRAL, EXPOSOME, RESISTANCE)
    answers = "later\na\na the same\nreject only the viral ones\n"
    code, out, err = talk(answers, path)
    assert (code, err) == (0, "")
    assert read_mappings(kept).mappings == (
        by_jane(EXPOSOME),
        by_jane(ZOONOSES, comment="the same"),
        by_jane(VIRAL, predicate_modifier="Not", comment="only the viral ones"),
    )
    assert out.splitlines()[-1] == f"2 accepted, 1 rejected, 1 later, 0 left. Kept in {kept}."
    assert read_mappings(kept).header == {
        "curie_map": {name: PREFIXES[name] for name in ("agrovoc", "id", "mesh")},
        "license": HEADER["license"],
        "mapping_set_id": "https://w3id.org/onehealthkg/graph/links",
    }


def test_what_is_decided_is_not_asked_again_and_what_was_put_off_is(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, VIRAL, EXPOSOME)
    talk("later\naccept\nr another thing\n", path)
    code, out, _ = talk("close nearly\n", path)
    assert [line for line in out.splitlines() if " of " in line] == [
        "1 of 1 · score 0.98 · proposed: exact (theirs means the same as ours)"
    ]
    assert (code, out.splitlines()[-1]) == (
        0,
        f"1 accepted, 0 rejected, 0 later, 0 left. Kept in {kept}.",
    )
    assert by_jane(EXPOSOME, predicate_id="skos:closeMatch", comment="nearly") in (
        read_mappings(kept).mappings
    )
    before = kept.read_bytes()
    code, out, _ = talk("accept\n", path)
    assert (code, out) == (
        0,
        "Nothing is open: every candidate here has been decided on.\n"
        "0 accepted, 0 rejected, 0 later, 0 left. Nothing was written.\n",
    )
    assert kept.read_bytes() == before


@pytest.mark.parametrize("kind", ["exact", "close", "broad", "narrow", "related"])
@pytest.mark.parametrize("answer", ["{}", "other\n{}", "o {}", "{} with a reason"])
def test_each_kind_of_link_can_be_chosen(talk, make, kept: Path, kind: str, answer: str) -> None:
    assert talk(answer.format(kind) + "\n", make(ZOONOSES))[0] == 0
    comment = "with a reason" if "reason" in answer else ZOONOSES.comment
    assert read_mappings(kept).mappings == (
        by_jane(ZOONOSES, predicate_id=f"skos:{kind}Match", comment=comment),
    )


def test_back_takes_back_what_was_decided_and_what_was_put_off(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, EXPOSOME)
    code, out, _ = talk("later\naccept\nback\nback\nquit\n", path)
    assert read_mappings(kept).mappings == ()
    assert (code, [line[:6] for line in out.splitlines() if " of 2 " in line]) == (
        0,
        ["1 of 2", "2 of 2", "2 of 2", "1 of 2"],
    )
    assert "Taken back: agrovoc:c_8530\n" in out
    assert talk("back\n", path)[::2] == (
        2,
        "onehealthkg: review: mesh:D000081413: There is no decision of this session to take "
        "back.\n",
    )


def test_the_card_shows_both_sides_links_and_clashes_before_the_question(
    talk, make, tmp_path: Path
) -> None:
    talk("accept\nlater\n", make(ANTIBIOTIC))
    facts = tmp_path / "eurovoc.ttl"
    facts.write_text(
        "@prefix e: <http://eurovoc.europa.eu/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '\ne:c_7dda56e2 skos:prefLabel "antimicrobial resistance"@en, "résistance aux '
        'antimicrobiens"@fr, "x"@de ; skos:broader e:1 . e:1 skos:prefLabel "illness"@en .'
        '\ne:2 skos:broader e:c_7dda56e2 ; skos:prefLabel "two"@fr .',
        encoding="utf-8",
    )
    other = candidate("antimicrobial-resistance", "exact", "eurovoc:1", "illness", "0.4")
    talk("broad\n", make(other))
    code, out, _ = talk("quit\n", make(RESISTANCE), *JANE, "--file", str(facts))
    assert code == 0
    assert out == (
        "─" * 100
        + """
1 of 1 · score 1.00 · proposed: exact (theirs means the same as ours)

OURS                                             │ THEIRS
  antimicrobial resistance (en)                  │   antimicrobial resistance (en)
  résistance aux antimicrobiens (fr)             │   résistance aux antimicrobiens (fr)
  id:topic-antimicrobial-resistance              │   eurovoc:c_7dda56e2
Also: AMR (en)                                   │ Broader: illness
Is a: concept                                    │ Narrower: two (fr)
Meaning: The ability of microorganisms to        │ Address: http://eurovoc.europa.eu/c_7dda56e2
  withstand substances that kill them. (en)      │
Narrower: antibiotic resistance                  │

Linked already: broad, eurovoc:1 (illness)
Clash: theirs is linked already to another thing of ours: exact, id:topic-antibiotic-resistance
  (antibiotic resistance)
Does theirs mean the same as ours?
[a]ccept [o]ther link [r]eject [l]ater [b]ack [q]uit [h]elp > quit
0 accepted, 0 rejected, 0 later, 1 left. Nothing was written.
"""
    )


@pytest.mark.parametrize("columns", [20, 40, 79, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(
    talk, make, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    wide = RESISTANCE._replace(object_label="抗菌薬耐性 " * 30, comment="word" * 100)
    monkeypatch.setenv("COLUMNS", str(columns))
    _, out, _ = talk("h\n?\nq\n", make(wide))
    card = out[: out.index("0 accepted")]
    widths = [sum(1 + ("一" <= one <= "鿿") for one in line) for line in card.splitlines()]
    assert max(widths) <= columns
    assert ("OURS  " in out) == (columns >= 80)


def test_a_second_exact_link_is_not_taken(talk, make, kept: Path) -> None:
    other = candidate("exposome", "exact", "mesh:D004785", "Environmental Pollution")
    talk("a\n", make(EXPOSOME))
    code, _, err = talk("a\n", make(other))
    assert (code, err) == (
        2,
        "onehealthkg: review: mesh:D004785: This thing has an exact link into the vocabulary "
        "already, to mesh:D000081413 (Exposome), and only one can be right. Choose another kind of "
        "link, or reject; or quit, and mend the other link first.\n",
    )
    talk("later\na\n", make(ANTIBIOTIC, RESISTANCE))
    code, _, err = talk("a\n", make(ANTIBIOTIC))
    assert (code, err[:99]) == (
        2,
        "onehealthkg: review: eurovoc:c_7dda56e2: This concept is exact for "
        "id:topic-antimicrobial-resistanc",
    )
    assert talk("narrow\n", make(ANTIBIOTIC))[0] == 0
    assert [one.predicate_id for one in read_mappings(kept).mappings] == [
        "skos:narrowMatch",
        "skos:exactMatch",
        "skos:exactMatch",
    ]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("yes\n", '"yes" is no answer here; there are: accept, other, '),
        ("reject\n", "A rejection needs a reason"),
        ("reject\n\n", "A rejection needs a reason"),
        ("other\nsame\n", '"same" is no answer here'),
        ("other\n", '"" is no answer here'),
        ("\udcff\n", '"" is no answer here'),
    ],
)
def test_a_script_with_an_answer_that_is_none_is_stopped_and_keeps_nothing(
    talk, make, kept: Path, answers: str, message: str
) -> None:
    if answers.startswith("\udcff"):
        answers = "other\n" + answers
    code, _, err = talk(answers, make(ZOONOSES))
    assert (code, kept.exists()) == (2, False)
    assert message in err


def test_accept_above_accepts_by_score_and_says_that_nobody_looked(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, VIRAL, EXPOSOME, RESISTANCE)
    code, out, err = talk("", path, "--accept-above", "0.97", "--date", DAY)
    mark = "accepted without a look: score of 0.97 or more."
    assert (code, err) == (0, "")
    assert read_mappings(kept).mappings == (
        RESISTANCE._replace(mapping_date=DAY, comment=mark),
        EXPOSOME._replace(mapping_date=DAY, comment=mark),
        ZOONOSES._replace(mapping_date=DAY, comment=f"{mark} labels equal"),
    )
    assert out.splitlines()[-1] == f"3 accepted, 0 rejected, 0 later, 1 left. Kept in {kept}."
    _, out, _ = talk("quit\n", path)
    assert "1 of 1 · score 0.62" in out
    assert talk("a\na\na\nr viral\n", path, *JANE, "--unseen")[0] == 0
    assert [one.reviewer_label for one in read_mappings(kept).mappings] == ["Jane Doe"] * 4
    assert {one.comment for one in read_mappings(kept).mappings} == {"", "labels equal", "viral"}


def test_accept_above_refuses_what_clashes_and_lists_it(talk, make, kept: Path) -> None:
    talk("a\n", make(EXPOSOME))
    second = candidate("exposome", "exact", "mesh:D004785", "Pollution", "0.99")
    code, out, _ = talk(
        "",
        make(second, ZOONOSES, ANTIBIOTIC._replace(confidence="1"), RESISTANCE),
        *("--accept-above", "0.95", "--date", DAY),
    )
    concept = "eurovoc:c_7dda56e2 (antimicrobial resistance)"
    assert (code, out) == (
        1,
        "accepted: id:topic-zoonoses exact agrovoc:c_8530 (zoonoses)\n"
        f"clash:    id:topic-antibiotic-resistance exact {concept}: "
        "id:topic-antimicrobial-resistance is a candidate for the same concept\n"
        f"clash:    id:topic-antimicrobial-resistance exact {concept}: "
        "id:topic-antibiotic-resistance is a candidate for the same concept\n"
        "clash:    id:topic-exposome exact mesh:D004785 (Pollution): has an exact link to "
        "mesh:D000081413 already\n"
        "What clashes needs a person: the same command without --accept-above asks.\n"
        f"1 accepted, 0 rejected, 0 later, 3 left. Kept in {kept}.\n",
    )
    assert len(read_mappings(kept).mappings) == 2


def test_a_dry_run_writes_nothing_and_shows_what_would_clash(talk, make, kept: Path) -> None:
    code, out, _ = talk("a\na\n", make(ANTIBIOTIC, RESISTANCE), *JANE, "--dry-run")
    assert (code, kept.exists()) == (2, False)
    assert "Clash: theirs is linked already" in out
    assert out.endswith("1 accepted, 0 rejected, 0 later, 1 left. A dry run: nothing is written.\n")
    code, _, _ = talk("", make(ZOONOSES), "--accept-above", "0.5", "--dry-run")
    assert (code, kept.exists()) == (0, False)


def test_without_an_output_the_links_are_those_of_the_project(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, make, project: Project
) -> None:
    project.links_file.unlink(missing_ok=True)
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))
    own = ["--project", project.root, *JANE]
    assert main(["review", str(make(ZOONOSES)), *own]) == 0
    assert read_mappings(project.links_file).mappings == (by_jane(ZOONOSES),)
    # What the project has is not asked again, and clashes, when another file is written.
    beside = Path(project.root, "mine.sssom.tsv")
    other = candidate("zoonoses", "exact", "agrovoc:c_1", "another")
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["review", str(make(ZOONOSES, other)), *own, "-o", str(beside)]) == 0
    assert "Clash: ours has an exact link into this vocabulary" in capsys.readouterr().out
    assert not beside.exists()


def test_the_data_of_an_installed_package_is_not_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, make, project: Project
) -> None:
    monkeypatch.setattr(Project, "is_installed", property(lambda _: True))
    assert main(["review", str(make(ZOONOSES)), "--project", project.root, *JANE]) == 2
    assert capsys.readouterr().err == (
        "onehealthkg: review: the bundled data is a part of the installed package, and an update "
        "would undo what you decide. Give the folder of your project with --project DIR, or a file "
        "for the links with -o FILE.\n"
    )


def test_only_what_lies_in_the_package_is_installed(project: Project) -> None:
    package = Path(sys.modules["onehealthkg"].__file__ or "").parent
    assert Project(package / "bundle").is_installed
    assert not project.is_installed
    assert not Project(f"{package}-other").is_installed


@pytest.mark.parametrize(
    ("text", "label", "orcid"),
    [
        ("Jane Doe", "Jane Doe", ""),
        ("0000-0002-1825-0097", "", "orcid:0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1694-233X", "", "orcid:0000-0002-1694-233X"),
        ("Jane Doe <orcid:0000-0002-1694-233x>", "Jane Doe", "orcid:0000-0002-1694-233X"),
    ],
)
def test_a_reviewer_is_a_name_an_orcid_or_both(text: str, label: str, orcid: str) -> None:
    assert signature(text, DAY, ".") == Signature(label, orcid, DAY)


@pytest.mark.parametrize(
    ("reviewer", "day", "message"),
    [
        ("0000-0002-1825-0098", DAY, "this is no ORCID"),
        ("Jane 0000-0002-1825", DAY, "this is no ORCID"),
        ("https://orcid.org/1", DAY, "this is no ORCID"),
        (" ", DAY, "say who decides"),
        ("Jane", "31.1.2026", "is no date"),
        ("Jane", "20260131", "is no date"),
    ],
)
def test_a_wrong_reviewer_or_date_is_refused(reviewer: str, day: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        signature(reviewer, day, ".")


def test_an_orcid_is_kept_with_its_prefix(talk, make, kept: Path) -> None:
    talk("a\n", make(ZOONOSES), "--reviewer", "0000-0002-1825-0097", "--date", DAY)
    found = read_mappings(kept)
    assert [(one.reviewer_id, one.reviewer_label) for one in found.mappings] == [
        ("orcid:0000-0002-1825-0097", "")
    ]
    assert found.expand("orcid:0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"


def test_the_reviewer_is_whom_git_names_if_nobody_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    with pytest.raises(UsageError, match="say who decides"):
        signature(None, DAY, str(tmp_path))
    config.write_text("[user]\n name = Jane Doe\n", encoding="utf-8")
    assert signature(None, DAY, str(tmp_path)) == Signature("Jane Doe", "", DAY)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="say who decides"):
        signature(None, DAY, str(tmp_path))


def test_a_thing_that_the_project_lacks_is_left_out_and_said(talk, make, kept: Path) -> None:
    code, out, err = talk("a\n", make(candidate("nothing", "exact", "mesh:D1", "x"), ZOONOSES))
    assert (code, err) == (
        1,
        "review: left out, as this project has no id:topic-nothing: the candidate mesh:D1.\n",
    )
    assert read_mappings(kept).mappings == (by_jane(ZOONOSES),)
    assert "1 of 1" in out


def test_a_candidate_that_says_not_is_none(talk, make) -> None:
    code, out, _ = talk("", make(ZOONOSES._replace(predicate_modifier="Not")))
    assert (code, out.splitlines()[0]) == (
        0,
        "Nothing is open: every candidate here has been decided on.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", ":1: the column subject_id is missing"),
        (b"\x89PNG\r\n", ":1: byte 0x89 is not UTF-8"),
        (b'{"mappings": []}', ":1: the column subject_id is missing"),
        (b"subject_id\tpredicate_id\tobject_id\tmapping_justification\n1\n", ":2: "),
    ],
)
def test_a_file_that_is_no_sssom_is_refused(
    talk, tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(data)
    code, out, err = talk("a\n", path)
    assert (code, out) == (3, "")
    assert err.startswith(f"onehealthkg: {path}")
    assert message in err


def test_what_proposes_no_link_is_left_out_and_named(talk, make) -> None:
    path = make(ZOONOSES)
    path.write_bytes(path.read_bytes().replace(b"skos:exactMatch", b"owl:sameAs"))
    code, out, err = talk("a\n", path)
    assert (code, out.splitlines()[0]) == (
        0,
        "Nothing is open: every candidate here has been decided on.",
    )
    assert err.startswith(f'review: left out, {path}:7: "owl:sameAs" is none of skos:exactMatch')


def test_a_name_with_a_bar_is_one_reviewer(talk, make, kept: Path) -> None:
    assert talk("a\n", make(ZOONOSES), "--reviewer", r"Ada | Ken\t")[0] == 0
    [mapping] = read_mappings(kept).mappings
    assert mapping.reviewer_label == r"Ada \| Ken\\t"
    assert mapping.reviewers == [r"Ada | Ken\t"]


def test_a_link_of_several_reviewers_names_them(kept: Path) -> None:
    row = ZOONOSES._replace(reviewer_label="Ada|Jane Doe")
    kept.write_bytes(mapping_bytes(MappingSet(HEADER, (row,))))
    [link] = LinksFile(kept, HEADER).links
    assert link.told == "exact, by Ada and Jane Doe"


def test_prefixes_that_mean_something_else_here_are_spelt_anew(talk, make, kept: Path) -> None:
    talk("a\n", make(ZOONOSES))
    path = make(EXPOSOME)
    text = path.read_text(encoding="utf-8").replace("mesh:", "agrovoc:")
    path.write_text(text, encoding="utf-8")
    code, _, err = talk("a\n", path)
    assert (code, "no prefix in the curie_map" in err) == (2, True)
    kept.write_text(
        kept.read_text(encoding="utf-8").replace(
            "#curie_map:\n", "#curie_map:\n#  m: http://id.nlm.nih.gov/mesh/\n"
        ),
        encoding="utf-8",
    )
    assert talk("a\n", path)[0] == 0
    assert [one.object_id for one in read_mappings(kept).mappings] == [
        "m:D000081413",
        "agrovoc:c_8530",
    ]


HOSTILE = {
    "escape": ("a\x1b[31mred\x9b2J", "a\\u001b[31mred\\u009b2J"),
    "bidi": ("a\u202egnp.exe\u2066", "a\\u202egnp.exe\\u2066"),
    "tabs and lines": ("a\tb\r\nc\x0bd", "a b c d"),
    "half a character": ("a\ud800", "a\\ud800"),
    "nothing": ("\u200b\u200f", "\\u200b\\u200f"),
}


@pytest.mark.parametrize(("text", "safe"), HOSTILE.values(), ids=HOSTILE)
def test_labels_cannot_command_the_terminal(text: str, safe: str) -> None:
    assert shown(text) == safe


def test_long_labels_are_cut_and_say_so() -> None:
    start = time.monotonic()
    assert shown("é" * 2**20) == "é" * 320 + " … (1 048 576 characters)"
    assert time.monotonic() - start < 1
    assert wrapped("e\u0301" * 6, 4) == ["e\u0301" * 4, "e\u0301" * 2]


def test_hostile_labels_of_a_vocabulary_are_shown_safely(talk, make, tmp_path: Path) -> None:
    facts = tmp_path / "x.nt"
    label = Literal("\x1b]0;title\x07\n" + "A" * 2**20, language="en")
    concept = NamedNode("http://aims.fao.org/aos/agrovoc/c_8530")
    predicate = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    facts.write_text(f"{concept} {predicate} {label} .\n", encoding="utf-8")
    bidi = ZOONOSES._replace(object_label="x", comment="\u202e" * 9)
    code, out, _ = talk("quit\n", make(bidi), *JANE, "--file", str(facts))
    assert (code, len(out) < 6000) == (0, True)
    assert set("\x1b\x07\u202e").isdisjoint(out)
    assert "\\u001b]0;title\\u0007\n" in out.replace(" ", "")


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".rdf", ".xyz"])
def test_a_vocabulary_that_cannot_be_read_is_named(talk, make, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    path.write_text("<a", encoding="utf-8")
    code, out, err = talk("a\n", make(ZOONOSES), *JANE, "--file", str(path))
    assert (code, out, err.startswith(f"onehealthkg: {path}:")) == (3, "", True)


def test_definitions_that_are_nodes_and_neighbours_without_labels_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://x.org/> ."
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
        ':a skos:prefLabel "a"@es ; skos:definition :d ; skos:broader :b . :d rdf:value "text"@en .'
        ':c skos:prefLabel "not near"@en .',
        encoding="utf-8",
    )
    facts = read_facts([path], {"http://x.org/a"})
    found = side([facts, Store()], "http://x.org/a", "x:a", "label there")
    assert (found.labels, found.texts, found.broader) == (
        ("a (es)",),
        ("text (en)",),
        ("http://x.org/b",),
    )
    assert [quad for quad in facts if quad.subject == NamedNode("http://x.org/c")] == []
    assert side([Store()], "http://x.org/a", "x:a", "label there").labels == ("label there",)


@pytest.fixture
def process(own: Project, kept: Path) -> Callable[[Path], subprocess.Popen[bytes]]:
    """A session in a process of its own, whose answers are written to a pipe."""

    def started(candidates: Path) -> subprocess.Popen[bytes]:
        command = ["-m", "onehealthkg", "review", str(candidates), "-o", str(kept), *JANE]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, "-u", *command, "--project", own.root],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )

    return started


class Reader:
    """What a session says, as it comes."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.rest = b""

    def until(self, words: bytes) -> bytes:
        """What is said up to and with the words; all that came when it ends before."""
        while words not in self.rest:
            ready, _, _ = select.select([self.descriptor], [], [], 60)
            more = self._read() if ready else b""
            assert more, f"{words!r} did not come after {self.rest!r}"
            self.rest += more
        seen, found, self.rest = self.rest.partition(words)
        return seen + found

    def _read(self) -> bytes:
        try:
            return os.read(self.descriptor, 1000)
        except OSError:  # how a terminal ends
            return b""


def many(number: int) -> list[Mapping]:
    return [
        candidate("zoonoses", "related", f"mesh:D{one:06}", f"label {one}") for one in range(number)
    ]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_the_session_between_decisions_loses_nothing(
    process, make, kept: Path, how: signal.Signals
) -> None:
    path = make(*many(5))
    with process(path) as one:
        assert one.stdin
        assert one.stdout
        read = Reader(one.stdout.fileno())
        for number in (1, 2):
            one.stdin.write(b"accept\n")
            one.stdin.flush()
            read.until(b"Kept: ")
            assert len(read_mappings(kept).mappings) == number
        one.send_signal(how)
        assert one.wait(20) == (130 if how == signal.SIGINT else -how)
    assert len(read_mappings(kept).mappings) == 2
    assert [name for name in os.listdir(kept.parent) if ".tmp" in name] == []


def test_kill_at_any_moment_leaves_a_whole_file_with_all_that_was_said_to_be_kept(
    process, make, kept: Path
) -> None:
    path = make(*many(300))
    kills = 0
    for _ in range(4):
        with process(path) as one:
            assert one.stdin
            assert one.stdout
            one.stdin.write(b"accept\n" * 300)
            one.stdin.flush()
            read = Reader(one.stdout.fileno())
            seen = read.until(b"3 of")
            one.kill()
            seen += read.rest + one.stdout.read()
            kills += one.wait() == -signal.SIGKILL
        found = {mapping.object_id for mapping in read_mappings(kept).mappings}
        said = set(re.findall(r"Kept: \S+ \S+ (mesh:D\d+)$", seen.decode(), re.MULTILINE))
        assert said
        assert said <= found
    assert kills


def test_a_full_disk_ends_the_session_with_a_message_and_keeps_the_old_file(
    talk, make, kept: Path, own: Project
) -> None:
    talk("a\n", make(ZOONOSES))
    before = kept.read_bytes()
    path = make(EXPOSOME)
    review = f"review {path} -o {kept} --reviewer J --project {own.root}"
    command = f"ulimit -f 0; exec {sys.executable} -m onehealthkg {review}"
    ended = subprocess.run(["bash", "-c", command], input=b"a\n", capture_output=True)
    assert (ended.returncode, kept.read_bytes()) == (3, before)
    assert b"File too large" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_an_output_that_is_full_gives_a_message(make, kept: Path, own: Project) -> None:
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES)), "-o", str(kept)]
    command += [*JANE, "--project", own.root]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, input=b"a\n", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 3
    assert b"Traceback" not in ended.stderr


def test_two_reviews_at_the_same_time_lose_nothing(process, make, kept: Path) -> None:
    one, two = make(*many(60), name="one"), make(*many(90)[30:], name="two")
    with process(one) as first, process(two) as second:
        # Where one comes second to a pair it is told, and has one answer fewer to give.
        ended = [run.communicate(b"accept\n" * 90, timeout=100) for run in (first, second)]
        codes = [run.returncode for run in (first, second)]
    assert codes == [0, 0]
    assert [err for _, err in ended] == [b"", b""]
    assert len(read_mappings(kept).mappings) == 90


def test_who_comes_second_is_told_and_overwrites_nothing(kept: Path) -> None:
    first, second = (LinksFile(kept, HEADER) for _ in range(2))
    pair = links(MappingSet(HEADER, (ZOONOSES,)))[0].pair
    first.change([Change(pair, (), (by_jane(ZOONOSES),))])
    with pytest.raises(Meanwhile) as told:
        second.change([Change(pair, (), (ZOONOSES._replace(predicate_modifier="Not"),))])
    assert str(told.value) == (
        "Somebody else has decided meanwhile: exact, by Jane Doe. That stays as it is."
    )
    with pytest.raises(Meanwhile, match="its decision was taken back"):
        second.change([Change(("https://a", "https://b"), (ZOONOSES,), ())])
    assert read_mappings(kept).mappings == (by_jane(ZOONOSES),)


def test_a_file_that_goes_or_breaks_meanwhile_is_not_written_over(kept: Path) -> None:
    file = LinksFile(kept, HEADER)
    pair = links(MappingSet(HEADER, (ZOONOSES,)))[0].pair
    file.change([Change(pair, (), (ZOONOSES,))])
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text + "<<<<<<< HEAD\n", encoding="utf-8")
    with pytest.raises(InputError, match="cells"):
        file.change([Change(pair, (ZOONOSES,), ())])
    kept.unlink()
    with pytest.raises(InputError, match="was here, and is gone"):
        file.change([Change(pair, (ZOONOSES,), ())])
    assert not kept.exists()


def test_a_lock_that_somebody_keeps_ends_with_a_message(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onehealthkg.editing.links_file._PATIENCE", 0.05)
    descriptor = os.open(kept.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(OneHealthKGError, match="another program has locked this folder"):
            LinksFile(kept, HEADER).change([])
    finally:
        os.close(descriptor)


@pytest.fixture
def terminal(make, kept: Path, own: Project) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A session in a terminal of its own, and the end of it that a person sits at."""
    here, there = pty.openpty()
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES, VIRAL)), "-o"]
    run = subprocess.Popen(
        [*command, str(kept), *JANE, "--project", own.root],
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "COLUMNS": "80"},
    )
    os.close(there)
    yield here, run
    run.kill()
    run.wait()
    with suppress(OSError):  # a test may have closed it
        os.close(here)


def test_a_person_who_mistypes_is_asked_again(terminal, kept: Path) -> None:
    here, run = terminal
    read = Reader(here)
    talk = [
        (b"elp > ", b"yes\n"),
        (b'"yes" is no answer here', b""),
        (b" > ", b"\n"),
        (b"elp > ", b"r\n"),
        (b"no match? > ", b"\n"),
        (b"needs a reason", b"r \xc3\xa9\xff other\n"),
        (b"Rejected: ", b""),
        (b"elp > ", b"accept\n"),
        (b"Kept: ", b""),
        (b"That was the last one. [b]ack [q]uit > ", b"q\n"),
    ]
    for words, answer in talk:
        read.until(words)
        os.write(here, answer)
    assert run.wait(20) == 0
    assert [(one.predicate_modifier, one.comment) for one in read_mappings(kept).mappings] == [
        ("", ""),
        ("Not", "é� other"),
    ]


def test_a_terminal_has_colours_and_ends_with_control_c(terminal) -> None:
    here, run = terminal
    read = Reader(here)
    seen = read.until(b"elp > ")
    assert b"\x1b[2m" + "─".encode() * 80 + b"\x1b[0m" in seen
    os.write(here, b"\x03")
    seen = read.until(b"left. Nothing was written.")
    assert run.wait(20) == 130
    assert b"0 accepted, 0 rejected, 0 later, 2 left." in seen
    assert b"Traceback" not in seen


def test_a_closed_terminal_loses_nothing(terminal, kept: Path) -> None:
    here, run = terminal
    read = Reader(here)
    read.until(b"elp > ")
    os.write(here, b"a\n")
    read.until(b"Kept: ")
    os.close(here)
    assert run.wait(20) == -signal.SIGHUP
    assert read_mappings(kept).mappings == (by_jane(ZOONOSES),)


def test_what_is_accepted_is_in_the_graph_of_links(make, project: Project) -> None:
    project.links_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "onehealthkg", "review", str(make(ZOONOSES, VIRAL))]
    own = ["--project", project.root, *JANE]
    subprocess.run([*command, *own], input=b"a\nr no\n", check=True, capture_output=True)
    graph = NamedNode("https://w3id.org/onehealthkg/graph/links")
    zoonoses = NamedNode("https://w3id.org/onehealthkg/id/topic-zoonoses")
    assert set(load_store(project).quads_for_pattern(zoonoses, None, None, graph)) == {
        Quad(
            zoonoses,
            NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
            NamedNode("http://aims.fao.org/aos/agrovoc/c_8530"),
            graph,
        )
    }
