"""The session of draft: questions, written and kept statements, undoing and refusals."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ending import run
from pyoxigraph import NamedNode, Store

from onehealthkg.deciding.decisions import ACCEPTED, Decision, Journal
from onehealthkg.deciding.draft_resolve import Resolver
from onehealthkg.deciding.source import Named, Source, wordings
from onehealthkg.drafting.announcement import LARGEST, read_announcement
from onehealthkg.drafting.proposals import ACTIVITY, PARTY, Proposal
from onehealthkg.editing.terminal import Terminal
from onehealthkg.errors import InputError, UsageError
from onehealthkg.evidence.selection import select
from onehealthkg.names import ID, OH, SOURCE
from onehealthkg.pages.site import page as page_at
from onehealthkg.pages.world import World
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.reading.names import names_of
from onehealthkg.words import words as interface

TEXT = """\
15 May 2024

ANSES and Inserm sign an agreement

ANSES and Inserm signed today a framework agreement for five years.

The two organisations intend to develop joint research on zoonoses.

Roger Genet, Director General of ANSES, and Marie Dumont, President of Inserm, signed it.

The weather was fine that day.
"""
STEM = "2024-05-15-anses-inserm"
PAGE = "https://www.example.org/news/1"
GIVEN = ("--address", PAGE, "--publisher", "ANSES")
# One answer a sentence; the post of Marie Dumont is asked for in French.
ANSWERS = ["a", "a", "a", "a", "a", "présidente de l'Inserm", "a"]


@pytest.fixture
def own(light: Project) -> Project:
    return light


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "anses_inserm.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def talk(capsys: pytest.CaptureFixture[str], tmp_path: Path, own: Project, text: Path):  # type: ignore[no-untyped-def]
    def talked(*answers: str, options: tuple[str, ...] = GIVEN) -> tuple[int, str, str]:
        path = tmp_path / "answers.txt"
        path.write_text("".join(f"{line}\n" for line in answers), encoding="utf-8")
        words = ("--answers", str(path), "--project", own.root)
        return run(capsys, "draft", str(text), *words, *options)

    return talked


def stated(project: Project, passage: str) -> set[str]:
    """The statements of the author's file in the graph of a passage, as local names."""
    graph = f"{SOURCE}{STEM}#{passage}"
    quads = read_quads(project.sources / f"{STEM}.trig")
    return {
        " ".join(
            getattr(term, "value", str(term)).removeprefix(ID).removeprefix(OH)
            for term in quad.triple
        )
        for quad in quads
        if getattr(quad.graph_name, "value", "") == graph
    }


def author(project: Project) -> str:
    return (project.sources / f"{STEM}.trig").read_text(encoding="utf-8")


def test_each_fact_is_in_the_graph_of_its_sentence_and_the_check_is_clean(
    capsys: pytest.CaptureFixture[str], own: Project, talk
) -> None:
    code, out, err = talk(*ANSWERS)
    assert (code, err) == (0, "")
    assert "the parties are ANSES (1) and Inserm (2)" in out or "a party is" in out
    agreement = "agreement-anses-inserm-2024"
    signed = stated(own, "s3")
    assert f"{agreement} term P5Y" in signed
    assert f"{agreement} signedOnDateOf {SOURCE}{STEM}" in signed
    assert any(one.startswith(f"{agreement} kind kind-framework") for one in signed)
    signature = "signature-marie-dumont-anses-inserm-2024"
    assert f"{signature} signatory person-marie-dumont" in stated(own, "s5")
    assert f"{signature} onBehalfOf organisation-inserm" in stated(own, "s5")
    assert stated(own, "s6") == set()
    assert 'oh:withoutStatement "Says nothing about the agreement."@en' in author(own)
    code, out, _ = run(capsys, "check", "--project", own.root)
    assert code == 0, out
    assert "violation" not in out


def test_nothing_enters_the_graph_before_a_person_agrees(own: Project, talk) -> None:
    code, _, err = talk()
    assert code == 2
    assert "there are fewer answers than sentences; earlier decisions are saved" in err
    assert all(stated(own, f"s{number}") == set() for number in range(1, 7))
    talk("a", "a", "r")
    assert stated(own, "s3") == set()


@pytest.mark.slow
def test_a_session_resumes_where_it_ended(own: Project, talk) -> None:
    assert talk("a", "a", "quit")[0] == 1
    before = stated(own, "s1")
    assert before
    code, out, _ = talk(*ANSWERS[2:])
    assert code == 0
    assert "Answers reused from earlier sessions: 2." in out
    assert "Sentence 1 of 6" not in out
    assert stated(own, "s1") == before


def test_of_two_sessions_about_a_text_the_second_loses_nothing(tmp_path: Path) -> None:
    first, second = (Journal(Project(tmp_path), "text") for _ in range(2))
    answer = [Decision((PARTY, 1, 0, 5), ACCEPTED, Proposal(PARTY, 1, 0, 5, "ANSES", 1.0))]
    first.decide(answer)
    with pytest.raises(UsageError, match="another session has decided on this text since"):
        second.decide([])
    assert Journal(Project(tmp_path), "text").answers == first.answers == [answer]
    assert second.answers == []


def test_the_words_of_a_chosen_name_become_a_wording_of_the_thing(merged: Store) -> None:
    text = "Staff received in each other's laboratories will learn."
    source = Source("x", text, "en", {"s1": (0, len(text))})
    named = Named(names_of(merged), source)
    exchange = NamedNode(f"{ID}activity-staff-exchanges")
    proposal = Proposal(ACTIVITY, 1, 0, 43, "Staff received", 1.0, exchange)
    assert list(wordings(named, source, [proposal])) == [(exchange, "Staff received")]
    whole = proposal._replace(label="staff exchanges")
    assert list(wordings(named, source, [whole])) == [(exchange, text[:43])]
    body = whole._replace(field=PARTY, thing=NamedNode(f"{ID}organisation-fao"))
    assert list(wordings(named, source, [body])) == []


@pytest.mark.slow
def test_a_date_completed_by_the_day_of_publication_passes_the_check(
    capsys: pytest.CaptureFixture[str], own: Project, text: Path, talk
) -> None:
    text.write_text(
        "Title\n\nANSES and Inserm signed a framework agreement on 3 October.\n", encoding="utf-8"
    )
    assert talk("a", "a", options=(*GIVEN, "--published", "2024-10-05"))[0] == 0
    assert "oh:dateSigned" in (own.sources / "2024-10-05-anses-inserm.trig").read_text("utf-8")
    code, out, _ = run(capsys, "check", "--project", own.root)
    assert code == 0, out


@pytest.mark.slow
def test_a_finished_session_reviews_a_sentence_again(own: Project, talk) -> None:
    talk(*ANSWERS)
    before = author(own)
    code, out, err = talk(
        "3", "a 1 2", "r", "a", options=()
    )  # the text is enough to find the session
    assert (code, err) == (1, ""), out
    assert "All 6 sentences are decided." in out
    assert 'Sentence 3: + kind framework agreement "the words for it"' in out
    assert not any(" kind kind-" in statement for statement in stated(own, "s3"))
    assert talk("undo", "undo", "a", options=())[0] == 0
    assert author(own) == before
    assert talk("3", "undo", options=())[0] == 0
    assert author(own) == before
    assert talk("7", options=())[0] == 2


@pytest.mark.slow
def test_an_unknown_kind_of_agreement_is_chosen_from_all(talk) -> None:
    code, out, _ = talk("a", "a", "+ kind pact", "2", "quit")
    assert code == 1
    assert "Its number, another name, or empty to leave it out." in out
    assert "charter (kind-charter)" in out


@pytest.mark.slow
def test_an_answer_of_an_earlier_session_is_undone(own: Project, talk) -> None:
    talk("a", "a", "a", "quit")
    assert stated(own, "s3")
    _, out, _ = talk("undo", "quit")
    assert "Undone: sentence 3." in out
    assert stated(own, "s3") == set()
    assert stated(own, "s2")


@pytest.mark.slow
def test_single_proposals_are_accepted_rejected_changed_and_added(own: Project, talk) -> None:
    *_, out = talk("a", "a", "r 1", "+ topic zoonoses", "quit")
    assert stated(own, "s3") == set() or "party" not in " ".join(stated(own, "s3"))
    talk("undo", "undo", "+ party Cirad", "a", "quit")
    assert any(one.endswith("party organisation-cirad") for one in stated(own, "s3"))
    assert "thing" not in out


def test_additions_without_words_in_the_sentence_are_all_kept(own: Project, talk) -> None:
    added = ("+ activity staff exchanges", "+ activity training")
    _, out, _ = talk(*ANSWERS[:-1], *added, "a")
    stated_now = " ".join(stated(own, "s6"))
    assert "activity activity-staff-exchanges" in stated_now
    assert "activity activity-training" in stated_now
    assert "Added: the activity is: staff exchanges" in out
    assert "No words of the sentence name it" in out


@pytest.mark.slow
def test_a_thing_that_is_only_named_gets_only_its_type(own: Project, talk) -> None:
    talk("a", "a", "a", "n 1", "quit")
    types = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert any(types in one for one in stated(own, "s4"))
    assert not any("undertaking" in one for one in stated(own, "s4"))


@pytest.mark.slow
def test_statements_written_by_hand_are_kept(own: Project, talk) -> None:
    talk("a", "a", "a", "quit")
    path = own.sources / f"{STEM}.trig"
    mine = '    id:agreement-anses-inserm-2024 oh:scopeInWords "for five years"@en .\n'
    text = author(own)
    assert "<#s3> {\n" in text
    path.write_text(text.replace("<#s3> {\n", "<#s3> {\n" + mine), encoding="utf-8")
    talk("a", "quit")
    assert "agreement-anses-inserm-2024 scopeInWords for five years" in stated(own, "s3")
    assert stated(own, "s4")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (("yes",), '"yes" is not an answer here'),
        (("a 9",), '"9" is not one of the numbers 1 to'),
        (("+ colour blue",), "Write the statement to add"),
        (("c 1 tomorrow",), '"tomorrow" is not a date'),
        (("undo",), "There is no answer to undo."),
    ],
)
def test_a_script_with_an_invalid_answer_is_stopped(
    talk, answers: tuple[str, ...], message: str
) -> None:
    code, _, err = talk(*answers)
    assert code == 2
    assert "sentence 1: " in err
    assert message in err


@pytest.mark.slow
def test_unreviewed_statements_are_marked_until_they_are_reviewed(
    capsys: pytest.CaptureFixture[str], own: Project, talk
) -> None:
    code, out, err = talk(options=(*GIVEN, "--accept-above", "0.8"))
    assert (code, err) == (0, "")
    assert "marked as not reviewed" in out
    assert "oh:unseenAbove" in author(own)
    _, out, _ = run(capsys, "check", "--project", own.root)
    assert "passage-is-seen" in out
    agreement = page_at(World(select(own)), "agreements/anses-inserm-2024.html").decode()
    assert "accepted by its score; not reviewed" in agreement
    code, out, _ = talk(*ANSWERS)
    assert "not reviewed yet" in out
    assert code == 0
    assert "oh:unseenAbove" not in author(own)


@pytest.mark.slow
def test_a_record_instead_of_an_archived_text(own: Project, talk) -> None:
    code, out, _ = talk(*ANSWERS, "a", options=(*GIVEN, "--record", "--name", "x"))
    assert not list(own.sources.glob(f"{STEM[:10]}*"))
    assert code == 0
    assert "parties: [organisation-anses, organisation-inserm]" in out


def test_the_proposals_alone_are_printed(
    capsys: pytest.CaptureFixture[str], own: Project, text: Path
) -> None:
    words = ("draft", str(text), "--format", "json", "--project", own.root)
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert {party["name"] for party in json.loads(out)["parties"]} == {"ANSES", "Inserm"}
    assert not own.drafts.exists()


def test_a_person_is_asked_again_and_leaves(own: Project, text: Path) -> None:
    main_end, other_end = pty.openpty()
    command = [sys.executable, "-m", "onehealthkg", "draft", str(text), "--project", own.root]
    process = subprocess.Popen(
        [*command, *GIVEN], stdin=other_end, stdout=other_end, stderr=other_end
    )
    os.close(other_end)
    os.write(main_end, b"perhaps\na\nquit\n")
    told, end = b"", time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        told += read(main_end)
    assert process.wait(10) == 0
    assert b"\r\n> " in told
    assert b'"perhaps" is not an answer here' in told
    assert b"the same command continues from here" in told
    assert stated(own, "s1")
    assert stated(own, "s2") == set()


def read(terminal: int) -> bytes:
    """The output of a pseudo-terminal; empty if the other end is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


# Files that are not announcements


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "there are no words in it"),
        (b" \n\n ", "there are no words in it"),
        (b"%PDF-1.7\n", "pdftotext bad.txt bad-text.txt"),
        (b"PK\x03\x04zip", "office document"),
        (b"<!DOCTYPE html><html><body><p>ANSES</p><p>x</p></body>", "this is a web page"),
        (b"word " * (LARGEST // 4), "an announcement has at most"),
        (
            b"News\n\nThey " + b"share the data and " * 250,
            "bad.txt:3: this sentence has 4,754 char",
        ),
        ("Die Behörde und das Institut haben eine Vereinbarung für den Schutz.".encode(), "German"),
        ("El instituto y los ministerios firman para una alianza con el país.".encode(), "Spanish"),
        (b"\xff\xfe\x00A\x00N", "the file is in UTF-16"),
        ("ANSES signed it.".encode("utf-16-le"), "the file is in UTF-16"),
        ("\u4e16\u754c\u52a8\u7269\u536b\u751f FAO".encode(), "not in the Latin alphabet"),
    ],
)
def test_the_message_about_an_unreadable_file_gives_the_remedy(
    capsys: pytest.CaptureFixture[str], own: Project, tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    code, _, err = run(capsys, "draft", str(path), *GIVEN, "--project", own.root)
    assert code == 3
    assert message in err
    assert not own.drafts.exists()
    assert list(own.sources.glob("bad*")) == []


def test_a_file_that_cannot_be_read_is_refused_in_french_too(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    for data, message in [
        (b"%PDF-1.7\n", "c’est un PDF\u00a0; extrayez-en le texte avec pdftotext bad.txt"),
        ("Die Behörde und das Institut für den Schutz.".encode(), "semble être en allemand"),
        (b"les parties et " * 300, "bad.txt:1\u00a0: cette phrase compte 4,499 caractères"),
        (b"\x81 \x8d", "bad.txt:1\u00a0: l’octet 0x81 n’est pas de l’UTF-8"),
    ]:
        path.write_bytes(data)
        with pytest.raises(InputError, match=re.escape(message)):
            read_announcement(path, lang="fr")


def test_windows_1252_is_read_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "fr.txt"
    path.write_bytes("L’Anses et l'Inserm ont signé une convention pour la santé.".encode("cp1252"))
    read_text = read_announcement(path)
    assert read_text.language == "fr"
    assert "signé une convention" in read_text.text
    assert "read as Windows-1252" in read_text.notes[0]
    with pytest.raises(InputError):
        read_announcement(tmp_path / "nowhere.txt")


def test_a_text_without_an_agreement_is_refused(
    capsys: pytest.CaptureFixture[str], own: Project, tmp_path: Path
) -> None:
    path = tmp_path / "recipe.txt"
    path.write_text("Take the flour and the eggs, and mix them with the milk in a bowl.")
    code, _, err = run(capsys, "draft", str(path), *GIVEN, "--project", own.root)
    assert code == 1
    assert "no agreement between bodies was found" in err
    assert "--any-text" in err
    assert list(own.sources.glob("*recipe*")) == []


@pytest.mark.slow
def test_a_name_that_is_taken_is_refused(own: Project, text: Path, talk) -> None:
    talk("a", "quit")
    text.write_text(TEXT.replace("fine", "bad"), encoding="utf-8")
    code, _, err = talk("a", "quit")
    assert code == 2
    assert "another text has this name; give yours another one with --name" in err
    assert "fine" in (own.sources / f"{STEM}.txt").read_text(encoding="utf-8")


def test_answers_may_come_through_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own: Project, text: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nquit\n"))
    code, out, _ = run(capsys, "draft", str(text), *GIVEN, "--project", own.root)
    assert code == 1
    assert "> a" in out


FACTS = """\
15 May 2024

ANSES and INRAE sign an agreement

ANSES and INRAE signed on Monday a framework agreement for the period 2024–2028.

About INRAE

INRAE, created on 1 January 2020 from the merger of INRA and Irstea, is a research institution \
under the joint authority of the French Ministry of Agriculture and the French Ministry of Research.

About Sciensano

It was created on 1 April 2018 by merging CODA-CERVA and WIV-ISP, and is based in Brussels, Belgium.

About Inserm

Founded in 1964, it is dedicated to human health.

About BfR

BfR was created in 2002 by merging ECDC and FLI.
"""


@pytest.mark.slow
def test_places_elsewhere_are_only_named(own: Project, text: Path, talk) -> None:  # type: ignore[no-untyped-def]
    text.write_text(
        "15 May 2024\n\nANSES and Inserm sign an agreement\n\nANSES and Inserm signed a framework "
        "agreement in Paris. The teams met in Belgium in 2020.\n",
        encoding="utf-8",
    )
    code, out, err = talk("a", "a", "a", "a")
    assert (code, err) == (0, ""), out
    assert "agreement-anses-inserm-2024 http://www.w3.org/ns/prov#atLocation place-paris" in (
        stated(own, "s3")
    )
    assert not any("atLocation" in one for one in stated(own, "s4"))


@pytest.mark.slow
def test_facts_about_bodies_are_stated_as_the_ontology_has_them(
    capsys: pytest.CaptureFixture[str], own: Project, text: Path, talk
) -> None:
    text.write_text(FACTS, encoding="utf-8")
    code, out, err = talk(*["a"] * 12)
    assert (code, err) == (0, ""), out
    assert "INRAE was formed from INRA and Irstea in 2020" in out
    agreement = "agreement-anses-inserm-2024"
    assert {f"{agreement} dateStarted 2024", f"{agreement} dateEnds 2028"} <= {
        one.replace('"', "").split("^^")[0] for one in stated(own, "s3")
    }
    org = "http://www.w3.org/ns/org#"
    about_inrae = stated(own, "s5")
    assert f"change-inrae-2020 {org}originalOrganization organisation-irstea" in about_inrae
    ministry = "organisation-agriculture-ministry-france"
    assert f"organisation-inrae jointlySupervisedBy {ministry}" in about_inrae
    category = "category-research-institution"
    assert f"organisation-inrae {org}classification {category}" in about_inrae
    assert "organisation-sciensano country place-belgium" in stated(own, "s7")
    assert f"organisation-inserm {org}purpose topic-human-health" in stated(own, "s9")
    assert "change-bfr-2002 http://purl.org/dc/terms/date" in " ".join(stated(own, "s11"))
    assert "into BfR (2002)" in author(own)
    assert 'oh:dateSigned "2024-05-13"^^xsd:date' in author(own)  # Monday, in <#about>
    code, out, _ = run(capsys, "check", "--project", own.root)
    assert code == 0, out
    assert "violation" not in out


@pytest.mark.slow
def test_a_text_with_two_agreements_is_reported_and_loses_nothing(
    capsys: pytest.CaptureFixture[str], own: Project, text: Path, talk
) -> None:
    first = "ANSES and Inserm signed a framework agreement on 3 May 2021."
    second = "On 5 May 2021 ANSES also signed a memorandum of understanding with BfR."
    text.write_text(f"Two signatures\n\n{first} {second}\n", encoding="utf-8")
    code, out, err = talk("a", "a", "n", options=(*GIVEN, "--published", "2021-05-10"))
    assert (code, err) == (0, ""), out
    said = " ".join(out.split())
    assert "more than one agreement, signed on 2021-05-03 and 2021-05-05." in said
    assert "answer n to sentences about the other, and describe that one with " in said
    code, out, _ = run(capsys, "check", "--project", own.root)
    assert code == 0, out
    written = (own.sources / "2021-05-10-anses-inserm.trig").read_text("utf-8")
    assert ("2021-05-03" in written, "2021-05-05" in written) == (True, False)
    assert "organisation-bfr a org" in " ".join(written.split())


@pytest.mark.slow
def test_the_session_speaks_french(talk, text: Path) -> None:
    french = (*GIVEN, "--lang", "fr")
    code, out, err = talk("a", "accepter", "x", options=french)
    assert code == 2
    assert "« x » n’est pas une réponse ici : [a]ccepter" in err.replace("\xa0", " ")
    assert "Phrase 3 sur 6" in out
    assert "les parties sont Anses (1) et Inserm (2)" in " ".join(out.split())
    code, out, err = talk("+ x", options=french)
    assert "Écrivez l’énoncé à ajouter" in err
    assert "partie, type, signature, début" in err
    text.write_text("The weather was fine that day, and it rained in the night.\n", "utf-8")
    code, _, err = talk(options=french)
    assert code == 1
    assert "aucun accord entre organismes" in err


def test_a_name_of_a_french_text_is_french_and_question_marks_explain(own: Project) -> None:
    answers = io.StringIO("?\n+\n?\nQwertz overseas\nFrance\n\n")
    out = io.StringIO()
    resolver = Resolver(own, Terminal(answers, out, language="fr"), "", "fr")
    place = resolver.found("place", "Qwertz d'outre-mer")
    assert place
    assert "un autre nom est cherché à son tour" in " ".join(out.getvalue().split())
    assert "< revient à la question précédente" in " ".join(out.getvalue().split())
    written = Path(own.root, "data", "places.ttl").read_text("utf-8")
    assert '"Qwertz overseas"@en , "Qwertz d\'outre-mer"@fr' in written


@pytest.mark.parametrize("session", ["draft", "add", "new", "findings"])
def test_both_languages_have_the_same_texts_with_the_same_gaps(session: str) -> None:
    english, french = (interface(language)[session] for language in ("en", "fr"))
    assert list(english) == list(french)
    for key, text in english.items():
        if isinstance(text, str):
            assert text.count("{}") == french[key].count("{}"), key
    for table in ("said", "questions", "kinds", "helps", "forms"):
        assert list(english.get(table, ())) == list(french.get(table, ()))
    assert len(english.get("help", ())) == len(french.get("help", ()))
