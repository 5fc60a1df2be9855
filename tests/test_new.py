"""New records: questions, options, and hostile files."""

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ending import run
from test_parts import in_parts, whole

from onehealthkg.cli import main
from onehealthkg.commands.parser import command_line
from onehealthkg.dataset import units
from onehealthkg.editing.field_values import NotUnderstood, Reader
from onehealthkg.editing.fields import BY_NAME, FIELDS
from onehealthkg.editing.new_record import reader_of, trial
from onehealthkg.editing.table_records import several
from onehealthkg.editing.things import to_add
from onehealthkg.errors import InputError
from onehealthkg.paths import Project, bundled

ROOT = Path(bundled().root)
SOURCE = "https://news.example/1 | News | en"
# The options of a record that is right, and the record.
OPTIONS = [
    *("--party", "ANSES", "--party", "Food Safety Commission of Japan"),
    *("--kind", "cooperation agreement", "--signed", "2015-10", "--term", "5 years"),
    *("--signatory", "Marc Mortureux | Director General | ANSES"),
    *("--topic", "Food microbiology", "--place", "tokyo"),
    *("--predecessor", "First agreement | 2009", "--undertaking", "data sharing | Planned"),
    *("--funding", "Horizon Europe | 3 million euros", "--funding", "A bank"),
    *("--source", SOURCE + " | 2015-10-05", "--confidence", "high"),
    *("--confidence-note", "No: not read in full."),
]
RECORD = """\
id: agreement-anses-fscj-2015
type: Agreement
label:
  en: Cooperation agreement between ANSES and Food Safety Commission of Japan (2015)
  fr: Accord de coopération entre Anses et Food Safety Commission of Japan (2015)
kinds: [kind-cooperation-agreement]
monthSigned: 2015-10
term: P5Y
parties: [organisation-anses, organisation-fscj]
about: [topic-food-microbiology]
funding:
  - id: funding-anses-fscj-2015
    funderInWords: {en: A bank}
  - id: funding-horizon-europe-anses-fscj-2015
    amountInWords: {en: 3 million euros}
    fundingProgramme: programme-horizon-europe
place: place-tokyo
predecessors:
  - id: predecessor-2009-anses-fscj-2015
    year: 2009
    inWords: {en: First agreement}
signatures:
  - id: signature-marc-mortureux-anses-fscj-2015
    signatory: person-marc-mortureux
    onBehalfOf: organisation-anses
    inPost: post-anses-director-general
undertakings:
  - id: undertaking-planned-data-sharing-anses-fscj-2015
    label:
      en: 'data sharing by ANSES and Food Safety Commission of Japan: planned'
      fr: 'partage de données par Anses et Food Safety Commission of Japan : prévu'
    modality: planned
    agents: [organisation-anses, organisation-fscj]
    activities: [activity-data-sharing]
sources:
  - id: https://news.example/1
    datePublished: 2015-10-05
    publisherName: News
    inLanguage: en
confidence: high
confidenceNote: {en: 'No: not read in full.'}
"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return reader_of(bundled(), "en")


def records(project: Project) -> list[str]:
    return [path.name for path in project.records]


def without(option: str, value: str = "") -> list[str]:
    """The options without one, or with a value for it."""
    pairs = list(zip(OPTIONS[::2], OPTIONS[1::2], strict=True))
    kept = [pair for pair in pairs if pair[0] != option]
    return [x for pair in [*kept, *([(option, value)] if value else [])] for x in pair]


# Options.


def test_options_make_a_record_in_its_usual_form(
    capsys: pytest.CaptureFixture[str], linked: Project
) -> None:
    path = Path(linked.root, "data", "partnerships", "anses-fscj-2015.yaml")
    code, out, err = run(capsys, "new", *OPTIONS, "--project", linked.root)
    assert (code, out) == (0, RECORD)
    assert err.splitlines() == [
        'new: "A bank" is not a known programme or body; it is recorded as text.',
        f"new: Written: {path}",
    ]
    assert path.read_text("utf-8") == RECORD
    export = ("export", "--project", linked.root, "--only", "agreement-anses-fscj-2015")
    assert main((*export, "--format", "yaml-ld")) == 0
    assert capsys.readouterr().out == RECORD
    code, out, err = run(
        capsys, "new", *OPTIONS, "--project", linked.root, "--name", "anses-fscj-2015"
    )
    assert (code, out) == (2, "")
    assert "a record or agreement anses-fscj-2015 already exists; pass another --name" in err
    code, out, err = run(capsys, "new", *OPTIONS, "--project", linked.root)
    assert (code, out) == (1, "")
    assert err.splitlines()[-2:] == [
        "new: agreement-anses-fscj-2015 has the same parties and may be the same agreement "
        "(2015-10).",
        "new: Nothing was written; --allow-repeats writes it anyway.",
    ]
    assert path.read_text("utf-8") == RECORD


@pytest.mark.slow
def test_a_dry_run_and_standard_output_write_no_file(
    capsys: pytest.CaptureFixture[str], linked: Project
) -> None:
    before = records(linked)
    options = [*without("--funding"), "--project", linked.root]
    code, out, err = run(capsys, "new", *options, "--dry-run")
    assert (code, err) == (0, "new: A dry run: nothing is written.\n")
    assert out.startswith("id: agreement-anses-fscj-2015\n")
    assert run(capsys, "new", *options, "-o", "-") == (0, out, "")
    assert records(linked) == before


@pytest.mark.slow
def test_the_file_gives_the_record_its_name_and_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, linked: Project
) -> None:
    path = tmp_path / "records" / "other-name.yaml"
    options = [*without("--funding"), "--project", linked.root, "-o", str(path)]
    assert run(capsys, "new", *options)[0] == 0
    text = path.read_text("utf-8")
    assert text.startswith("id: agreement-other-name\n")
    code, _, err = run(capsys, "new", *options)
    assert code == 3
    assert err.endswith(f"{path}: the file already exists; it is not overwritten.\n")
    assert path.read_text("utf-8") == text
    assert [one.name for one in path.parent.iterdir()] == ["other-name.yaml"]


def test_all_errors_in_options_are_reported_at_once(
    capsys: pytest.CaptureFixture[str], linked: Project
) -> None:
    code, out, err = run(
        capsys,
        "new",
        *("--party", "ANSES", "--party", "Instut Pasteur", "--signed", "5.2.2020"),
        *("--topic", "quantum gravity", "--source", "https://news.example/1 | News"),
        *("--confidence", "certain", "--project", linked.root),
    )
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        'onehealthkg: new: --party: There is no organisation named "Instut Pasteur". Did you mean '
        "Institut Pasteur (organisation-institut-pasteur)?",
        'new: --signed: "5.2.2020" is not a calendar date in a known form; write 2012-04-10, '
        "2012-04 or 2012, as exact as the source.",
        'new: --topic: There is no topic named "quantum gravity".',
        'new: --source: "https://news.example/1 | News" lacks the publisher or the language; write '
        "address | publisher | language | date; the date may be left out.",
        'new: --confidence: "certain" is not one of high, low, medium.',
        "new: --kind is missing: Which kind of agreement is it?",
    ]
    assert not Path(linked.root, "data", "partnerships", "anses.yaml").exists()


@pytest.mark.slow
def test_a_record_with_violations_is_not_written(
    capsys: pytest.CaptureFixture[str], linked: Project
) -> None:
    before = records(linked)
    options = [*without("--term"), "--ends", "2014"]
    code, _, err = run(capsys, "new", *options, "--project", linked.root)
    assert code == 1
    assert re.search(r"^violation: anses-fscj-2015.yaml:\d+: .*", err, re.MULTILINE)
    assert err.endswith("new: Nothing was written; correct the errors.\n")
    assert records(linked) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--template", "--party", "ANSES"], "--party does not go with a table or a schema."),
        (["--skip-bad", "--party", "ANSES"], "--skip-bad is about the rows of --from-csv TABLE."),
        ([*OPTIONS, "-o", "x.txt"], "x.txt: the file of a record ends in .yaml."),
    ],
)
def test_options_that_conflict_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = run(capsys, "new", *arguments)
    assert (code, out, err.splitlines()[-1]) == (2, "", f"onehealthkg: new: {message}")


def test_each_field_is_an_option_with_its_help() -> None:
    parser = command_line(["new"])
    command = next(x for x in parser._actions if x.metavar == "COMMAND").choices["new"]  # noqa: SLF001
    options = {x for one in command._actions for x in one.option_strings}  # noqa: SLF001
    assert {f"--{one.name}" for one in FIELDS} <= options


# Answers.


def read(reader: Reader, name: str, text: str) -> tuple[str, object]:
    answer = reader.read(BY_NAME[name], text)
    return answer.key, answer.value


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("signed", "2012-04-10", "dateSigned", "2012-04-10"),
        ("signed", "2012-04", "monthSigned", "2012-04"),
        ("started", "2012", "yearStarted", 2012),
        ("ends", "2029-04", "monthEnds", "2029-04"),
        ("ends", "Indefinite", "indefinite", True),
        ("term", "P18M", "term", "P18M"),
        ("term", "18 months", "term", "P18M"),
        ("term", "1 an", "term", "P1Y"),
        ("term", "90 jours", "term", "P90D"),
        ("automatic-extension", "oui", "automaticExtension", True),
        ("confidence", "High", "confidence", "high"),
        ("party", "l'anses", "parties", "organisation-anses"),
        ("party", "OMSA", "parties", "organisation-woah"),
        ("party", "id:organisation-woah", "parties", "organisation-woah"),
        ("topic", "zoonosis", "about", "topic-zoonoses"),
        ("topic", "  Antibiotic   Resistance ", "about", "topic-antibiotic-resistance"),
        ("kind", "accord-cadre", "kinds", "kind-framework-agreement"),
        ("title-fr", "Un accord", "label", {"fr": "Un accord"}),
        ("name", "agreement-anses-x-2000", "id", "anses-x-2000"),
        (
            "predecessor",
            "agreement-anses-inserm-2020",
            "predecessors",
            "agreement-anses-inserm-2020",
        ),
    ],
)
def test_an_answer_becomes_the_value_of_a_key(
    reader: Reader, name: str, text: str, key: str, value: object
) -> None:
    assert read(reader, name, text) == (key, value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("signed", "10/04/2012"),
        ("signed", "2012-02-30"),
        ("signed", "avril 2012"),
        ("signed", "indefinite"),
        ("signed", "12"),
        ("term", "5"),
        ("term", "0 years"),
        ("term", "five years"),
        ("automatic-extension", "no"),
        ("confidence", "certain"),
        ("name", "../../etc/passwd"),
        ("name", "Été"),
        ("party", "ANSES | FR"),
        ("party", "|"),
        ("kind", "kind-programme"),
        ("topic", "activity-data-sharing"),
        ("source", "file:///etc/passwd | me | en"),
        ("source", "https://x.example/ | X | klingon"),
        ("source", "https://x.example/ | X | en | 1/2/2020"),
        ("source", "https://x.example/ | X | en | 2020 | more"),
        ("signatory", "Nobody NamedThing | Director General | ANSES"),
        ("signatory", "Marc Mortureux | King | ANSES"),
        ("signatory", "Marc Mortureux"),
        ("undertaking", "data sharing"),
        ("undertaking", "data sharing | sworn"),
        ("predecessor", "| 2009"),
        ("predecessor", "First | last year"),
    ],
)
def test_an_impossible_answer_is_not_understood(reader: Reader, name: str, text: str) -> None:
    with pytest.raises(NotUnderstood):
        reader.read(BY_NAME[name], text)


def test_a_former_name_is_pointed_out(reader: Reader) -> None:
    assert reader.read(BY_NAME["party"], "OIE").notes == (
        '"OIE" is the former name of WOAH (organisation-woah).',
    )


def test_every_suggested_name_is_understood(reader: Reader) -> None:
    for name in ("party", "topic", "activity", "kind", "place"):
        field = BY_NAME[name]
        unclear = []
        for text in reader.things.names(field.things):
            try:
                reader.read(field, text)
            except NotUnderstood as error:  # noqa: PERF203 - one name may mean several things
                unclear.append((text, bool(error.near)))
        assert [text for text, near in unclear if not near] == []


def test_the_partnerships_of_the_examples_are_understood(reader: Reader) -> None:
    for field in FIELDS:
        for text in several(field, field.example):
            reader.read(field, text)


@pytest.mark.parametrize(
    "kind", ["organisation", "person", "post", "place", "topic", "activity", "kind"]
)
def test_an_unknown_thing_can_be_added_as_a_block_of_turtle(kind: str) -> None:
    where, block = to_add(kind, 'Straße "X"')
    assert where.startswith("Add this to data/")
    assert (ROOT / where.split()[3].rstrip(",")).is_file()
    assert block.startswith(f"id:{kind}-strasse-x\n    a ")
    assert 'skos:prefLabel "Straße \\"X\\""' in block
    assert block.endswith(" .\n")


# Sessions.

ANSWERS = {
    "party": "ANSES\nFood Safety Commission of Japan\n\n",
    "parties-note": "\n",
    "kind": "cooperation agreement\n\n",
    "signed": "2015-10\n",
    "signatory": "\n",
    "source": SOURCE + "\n\n",
    "confidence": "medium\n",
}


def script(last: str = "write\n", **changes: str) -> str:
    answers = ANSWERS | {name.replace("_", "-"): text for name, text in changes.items()}
    return "".join(answers.get(one.name, "\n") for one in FIELDS) + last


def told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str, *more: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return run(capsys, "new", *more)


@pytest.mark.slow
def test_lines_on_standard_input_answer_the_questions(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, linked: Project
) -> None:
    text = script(topic="?\nzoonoses\n\n", activity="<\n", last="change\nsigned\n2015\nw\n")
    text = text.replace("<\n", "<\nzoonoses\naquaculture\n\n\n")  # the topics are asked again
    code, out, err = told(capsys, monkeypatch, text, "--project", linked.root)
    assert (code, err) == (0, "")
    path = Path(linked.root, "data", "partnerships", "anses-fscj-2015.yaml")
    assert out.splitlines()[-2:] == ["> w", f"Written: {path}"]
    assert BY_NAME["topic"].help().split(".")[0] in out.replace("\n", " ")
    written = path.read_text("utf-8")
    assert written in out
    assert "yearSigned: 2015\n" in written
    assert "about: [topic-aquaculture, topic-zoonoses]\n" in written


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            script(party="ANSES\nInstut Pasteur\n\n"),
            'new: Which organisations agreed? There is no organisation named "Instut Pasteur". Did '
            "you mean Institut Pasteur (organisation-institut-pasteur)?",
        ),
        (script(party="\n"), "new: there is no answer to: Which organisations agreed?"),
        ("ANSES\n", "new: there are too few answers for a record; nothing was written."),
        ("", "new: there are too few answers for a record; nothing was written."),
    ],
)
def test_a_script_with_an_invalid_answer_is_stopped_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    linked: Project,
    text: str,
    message: str,
) -> None:
    before = records(linked)
    code, _, err = told(capsys, monkeypatch, text, "--project", linked.root)
    assert (code, err) == (2, f"onehealthkg: {message}\n")
    assert records(linked) == before


def test_the_session_of_new_speaks_french(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, linked: Project
) -> None:
    text = script(
        undertaking="partage de données | prévu\n\n",
        confidence="moyenne\n",
        name="quitter\n",
        last="",
    )
    code, out, err = told(capsys, monkeypatch, text, "--lang", "fr", "--project", linked.root)
    assert (code, err) == (0, "")
    assert "  undertakings: planned, activity-data-sharing" in out
    assert "  confidence: medium" in out
    assert out.endswith("Rien n’a été écrit.\n")
    shown = out.replace("\n", " ")
    assert [field.name for field in FIELDS if field.question("fr") not in shown] == []
    assert [field.name for field in FIELDS if field.question() in shown] == []
    with pytest.raises(NotUnderstood, match=r"«.hier.» n’est pas une date du calendrier"):
        reader_of(linked, "fr", "fr").read(BY_NAME["signed"], "hier")


def test_quitting_writes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, linked: Project
) -> None:
    before = records(linked)
    code, out, _ = told(capsys, monkeypatch, "ANSES\nquit\n", "--project", linked.root)
    assert (code, out.splitlines()[-1]) == (0, "Nothing was written.")
    assert records(linked) == before


class Terminal:
    """``onehealthkg new`` in a terminal of 80 columns, as a person has it."""

    def __init__(self, project: Project) -> None:
        self.master, slave = pty.openpty()
        environment = os.environ | {"TERM": "dumb", "COLUMNS": "80", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "onehealthkg", "new", "--project", project.root]
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.seen = ""

    def until(self, text: str) -> str:
        """The output since the last call, up to a text."""
        end = time.monotonic() + 60
        while text not in self.seen and time.monotonic() < end:
            if not select.select([self.master], [], [], 1)[0]:
                continue
            try:
                self.seen += os.read(self.master, 65536).decode(errors="replace").replace("\r", "")
            except OSError:  # the program has ended
                break
        before, found, self.seen = self.seen.partition(text)
        assert found, before
        return before

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def close(self) -> int:
        code = self.process.wait(30)
        os.close(self.master)
        return code


def test_a_person_chooses_proposals_adds_things_and_completes_names(
    linked: Project,
) -> None:
    terminal = Terminal(linked)
    terminal.until("Which organisations agreed? (required)\n> ")
    terminal.type("Instut Pasteur\n")
    shown = terminal.until("leave it out.\n> ")
    assert "\n  1 Institut Pasteur (organisation-institut-pasteur)\n" in shown
    terminal.type("1\n")
    terminal.until("  Institut Pasteur (organisation-institut-pasteur)\n> ")
    terminal.type("Institut Qwertz\n")
    terminal.until("leave it out.\n> ")
    terminal.type("+\n")
    terminal.until("Is it one of these?")
    for answer in ("", "", "", "", "", "", "company", "France", "", "", ""):
        terminal.until("\n> ")
        terminal.type(answer + "\n")
    terminal.until("  Institut Qwertz (organisation-institut-qwertz)\n> ")
    path = Path(linked.root, "data", "organisations.ttl")
    block = "id:organisation-institut-qwertz\n    a org:FormalOrganization , org:Organization ;"
    assert block in path.read_text("utf-8")
    terminal.type("Food Safety Commission of J\t\n")
    terminal.until("  Food Safety Commission of Japan (organisation-fscj)\n> ")
    time.sleep(0.5)  # readline misses what comes between its prompt and its waiting
    terminal.process.send_signal(signal.SIGINT)
    terminal.until("Nothing was written.\n")
    assert terminal.close() == 130
    assert not [one for one in records(linked) if "fscj" in one]


@pytest.mark.slow
def test_a_session_that_was_left_resumes(linked: Project) -> None:
    terminal = Terminal(linked)
    terminal.until("Which organisations agreed? (required)\n> ")
    terminal.type("ANSES\n")
    terminal.until("ANSES (organisation-anses)\n> ")
    terminal.type("Inserm\n\n")
    terminal.until("Are there other parties, which are not named?")
    terminal.until("> ")
    terminal.type("quit\n")
    terminal.until("Your answers are saved")
    terminal.until("Nothing was written.\n")
    assert terminal.close() == 0
    again = Terminal(linked)
    again.until("An earlier session ended at question 2.")
    again.until("> ")
    again.type("\n")
    again.until("ANSES (organisation-anses)\n")
    again.until("Inserm (organisation-inserm)\n")
    again.until("2/")
    again.until("> ")
    again.type("quit\n")
    assert again.close() == 0
    third = Terminal(linked)
    third.until("An earlier session")
    third.until("> ")
    third.type("new\n")
    third.until("Which organisations agreed? (required)\n> ")
    third.type("quit\n")
    assert third.close() == 0
    assert not (linked.drafts / "new.json").exists()


def test_a_person_may_choose_several_meanings_of_a_phrase(
    linked: Project,
) -> None:
    terminal = Terminal(linked)
    for field in FIELDS[: FIELDS.index(BY_NAME["activity"])]:
        terminal.until(field.question().partition(" ")[0])
        terminal.until("> ")
        for line in ANSWERS.get(field.name, "\n").splitlines(keepends=True):
            terminal.type(line)
            time.sleep(0.05)
    terminal.until("What will they do together?\n> ")
    terminal.type("sharing of information and methods\n")
    terminal.until("leave it out.\n> ")
    terminal.type("1 2\n")
    terminal.until("(activity-information-sharing)")
    terminal.until("(activity-method-sharing)\n> ")
    terminal.type("\x04")
    terminal.until("Nothing was written.\n")
    assert terminal.close() == 0


@pytest.mark.slow
def test_a_record_is_tried_in_a_large_project_as_in_a_small_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(project.root, "data", "partnerships", "anses-fscj-2015.yaml").unlink()
    record = RECORD.replace("kind-cooperation-agreement", "topic-zoonoses").encode()
    files = sorted(Path(project.root).rglob("*"))
    found = trial(project, {"anses-fscj-2015": record})
    assert "Arrangement-kind" in {finding.check for finding in found}
    monkeypatch.setattr(units, "WHOLE", 0)
    assert trial(project, {"anses-fscj-2015": record}) == found
    assert trial(project, {"anses-fscj-2015": RECORD.encode()}) == []
    with pytest.raises(InputError, match=r"^anses-fscj-2015\.yaml:2: "):
        trial(project, {"anses-fscj-2015": b"id: x\n- y"})
    assert sorted(Path(project.root).rglob("*")) == files
    assert in_parts(project) == whole(project)
