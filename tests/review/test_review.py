"""Reviewing candidates: questions, cards, refusals, and the written file."""

import io
import os
import sys
from pathlib import Path

import pytest
from reviewing import DAY, EXPOSOME, HEADER, JANE, PREFIXES, VIRAL, ZOONOSES, by_jane, candidate

from onehealthkg.cli import main
from onehealthkg.errors import UsageError
from onehealthkg.mappings.sssom import MappingSet, mapping_bytes, read_mappings
from onehealthkg.paths import Project, bundled
from onehealthkg.reviewing.links_file import LinksFile
from onehealthkg.reviewing.review import Signature
from onehealthkg.reviewing.review_start import signature

RESISTANCE = candidate(
    "antimicrobial-resistance", "exact", "eurovoc:c_7dda56e2", "antimicrobial resistance", "1"
)
ANTIBIOTIC = candidate(
    "antibiotic-resistance", "exact", "eurovoc:c_7dda56e2", "antimicrobial resistance", "0.71"
)


def test_a_session_accepts_rejects_changes_and_postpones(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, VIRAL, EXPOSOME, RESISTANCE)
    answers = "later\na\na the same\nreject only the viral ones\n"
    code, out, err = talk(answers, path)
    assert (code, err) == (0, "")
    assert read_mappings(kept).mappings == (
        by_jane(EXPOSOME),
        by_jane(ZOONOSES, comment="the same"),
        by_jane(VIRAL, predicate_modifier="Not", comment="only the viral ones"),
    )
    assert out.splitlines()[-1] == f"2 accepted, 1 rejected, 1 later, 0 left. Saved in {kept}."
    assert read_mappings(kept).header == {
        "curie_map": {name: PREFIXES[name] for name in ("agrovoc", "id", "mesh")},
        "license": HEADER["license"],
        "mapping_set_id": "https://w3id.org/onehealthkg/graph/links",
    }


def test_decided_candidates_are_not_asked_again_but_postponed_ones_are(
    talk, make, kept: Path
) -> None:
    path = make(ZOONOSES, VIRAL, EXPOSOME)
    talk("later\naccept\nr another thing\n", path)
    code, out, _ = talk("close nearly\n", path)
    assert [line for line in out.splitlines() if " of " in line] == [
        "1 of 1 · score 0.98 · proposed: exact (theirs means the same as ours)"
    ]
    assert (code, out.splitlines()[-1]) == (
        0,
        f"1 accepted, 0 rejected, 0 later, 0 left. Saved in {kept}.",
    )
    assert by_jane(EXPOSOME, predicate_id="skos:closeMatch", comment="nearly") in (
        read_mappings(kept).mappings
    )
    before = kept.read_bytes()
    code, out, _ = talk("accept\n", path)
    assert (code, out) == (
        0,
        "No candidates are open: all have been decided on.\n"
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


def test_back_undoes_decisions_and_postponements(talk, make, kept: Path) -> None:
    path = make(ZOONOSES, EXPOSOME)
    code, out, _ = talk("later\naccept\nback\nback\nquit\n", path)
    assert read_mappings(kept).mappings == ()
    assert (code, [line[:6] for line in out.splitlines() if " of 2 " in line]) == (
        0,
        ["1 of 2", "2 of 2", "2 of 2", "1 of 2"],
    )
    assert "Undone: agrovoc:c_8530\n" in out
    assert talk("back\n", path)[::2] == (
        2,
        "onehealthkg: review: mesh:D000081413: There is no decision of this session to undo.\n",
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
Clash: theirs is already linked to another thing of ours: exact, id:topic-antibiotic-resistance
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
        "onehealthkg: review: mesh:D004785: This thing already has an exact link into the "
        "vocabulary, to mesh:D000081413 (Exposome), and only one can be right. Choose another kind of "
        "link, or reject; or quit, and correct the other link first.\n",
    )
    talk("later\na\n", make(ANTIBIOTIC, RESISTANCE))
    code, _, err = talk("a\n", make(ANTIBIOTIC))
    assert (code, err[:116]) == (
        2,
        "onehealthkg: review: eurovoc:c_7dda56e2: This concept is already an exact match of "
        "id:topic-antimicrobial-resistance",
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
        ("yes\n", '"yes" is not an answer here; there are: accept, other, '),
        ("reject\n", "A rejection needs a reason"),
        ("reject\n\n", "A rejection needs a reason"),
        ("other\nsame\n", '"same" is not an answer here'),
        ("other\n", '"" is not an answer here'),
        ("\udcff\n", '"" is not an answer here'),
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
    assert out.splitlines()[-1] == f"3 accepted, 0 rejected, 0 later, 1 left. Saved in {kept}."
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
        "clash:    id:topic-exposome exact mesh:D004785 (Pollution): already has an exact link to "
        "mesh:D000081413\n"
        "Clashes need a decision: run the same command without --accept-above.\n"
        f"1 accepted, 0 rejected, 0 later, 3 left. Saved in {kept}.\n",
    )
    assert len(read_mappings(kept).mappings) == 2


def test_a_dry_run_writes_nothing_and_shows_what_would_clash(talk, make, kept: Path) -> None:
    code, out, _ = talk("a\na\n", make(ANTIBIOTIC, RESISTANCE), *JANE, "--dry-run")
    assert (code, kept.exists()) == (2, False)
    assert "Clash: theirs is already linked" in out
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
    # Links of the project are not asked about again, and clash, if another file is written.
    beside = Path(project.root, "mine.sssom.tsv")
    other = candidate("zoonoses", "exact", "agrovoc:c_1", "another")
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["review", str(make(ZOONOSES, other)), *own, "-o", str(beside)]) == 0
    assert "Clash: ours already has an exact link into this vocabulary" in capsys.readouterr().out
    assert not beside.exists()


def test_the_data_of_an_installed_package_is_not_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, make, project: Project
) -> None:
    monkeypatch.setattr(Project, "is_installed", property(lambda _: True))
    assert main(["review", str(make(ZOONOSES)), "--project", project.root, *JANE]) == 2
    assert capsys.readouterr().err == (
        "onehealthkg: review: the bundled data is a part of the installed package, and an update "
        "would undo what you write. Make a project of your own with onehealthkg init DIR, and run "
        "the command there.\n"
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
        ("0000-0002-1825-0098", DAY, "this is not an ORCID"),
        ("Jane 0000-0002-1825", DAY, "this is not an ORCID"),
        ("https://orcid.org/1", DAY, "this is not an ORCID"),
        (" ", DAY, "name the reviewer"),
        ("Jane", "31.1.2026", "is not a date"),
        ("Jane", "20260131", "is not a date"),
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
    with pytest.raises(UsageError, match="name the reviewer"):
        signature(None, DAY, str(tmp_path))
    config.write_text("[user]\n name = Jane Doe\n", encoding="utf-8")
    assert signature(None, DAY, str(tmp_path)) == Signature("Jane Doe", "", DAY)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="name the reviewer"):
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
        "No candidates are open: all have been decided on.",
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
        "No candidates are open: all have been decided on.",
    )
    assert err.startswith(f'review: left out, {path}:7: "owl:sameAs" is not one of skos:exactMatch')


def test_a_name_with_a_bar_is_one_reviewer(talk, make, kept: Path) -> None:
    assert talk("a\n", make(ZOONOSES), "--reviewer", r"Ada | Ken\t")[0] == 0
    [mapping] = read_mappings(kept).mappings
    assert mapping.reviewer_label == r"Ada \| Ken\\t"
    assert mapping.reviewers == [r"Ada | Ken\t"]


def test_a_link_of_several_reviewers_names_them(kept: Path) -> None:
    row = ZOONOSES._replace(reviewer_label="Ada|Jane Doe")
    kept.write_bytes(mapping_bytes(MappingSet(HEADER, (row,))))
    [link] = LinksFile(kept, HEADER).links
    assert link.in_words == "exact, by Ada and Jane Doe"


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


def test_the_first_decision_changes_only_the_lines_of_its_pair(
    monkeypatch: pytest.MonkeyPatch, make, project: Project
) -> None:
    before = bundled().links_file.read_text(encoding="utf-8").splitlines()
    project.links_file.write_text("\n".join(before) + "\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))
    made = make(candidate("zoonoses", "related", "agrovoc:c_1", "another"))
    assert main(["review", str(made), "--project", project.root, *JANE]) == 0
    after = project.links_file.read_text(encoding="utf-8").splitlines()
    added = [line for line in after if line not in before]
    assert [line for line in before if line not in after] == []
    assert [line for line in added if line[0] != "#"] == [
        line for line in added if "agrovoc:c_1\t" in line
    ]
    assert len(after) - len(before) == len(added) <= 2
