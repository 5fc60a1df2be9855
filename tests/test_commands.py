"""The commands as a user runs them: output, messages and exit codes."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ending import run

from onehealthkg.cli import main
from onehealthkg.commands.parser import COMMANDS
from onehealthkg.graph import load
from onehealthkg.paths import Project, bundled

SOURCE = "2020-02-05-anses-inserm"
RELEASE = "ANSES and Inserm sign a scientific cooperation partnership agreement, ANSES, 2020-02-05"
ADDRESS = (
    "https://www.anses.fr/en/content/"
    "anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0"
)
ROOT = Path(bundled().root)


def test_show_puts_each_statement_under_its_sentence(
    capsys: pytest.CaptureFixture[str], release: Project
) -> None:
    code, out, err = run(capsys, "show", "person-roger-genet", "--project", str(release.root))
    assert (code, err) == (0, "")
    assert out.split("\n\n") == [
        "Roger Genet — person  (id:person-roger-genet)",
        "“Gilles Bloch, Chairman and CEO of Inserm, and Roger Genet, Director General of ANSES, "
        "today signed a framework partnership agreement formalising their long-standing "
        "collaboration on major public health issues such as endocrine disruptors, nanomaterials, "
        "air pollution, pesticides and infectious agents.” [read with s3: “ANSES and Inserm sign "
        "a scientific cooperation partnership agreement”]  [2020-02-05-anses-inserm#s4]\n"
        f"  {RELEASE}\n"
        f"  {ADDRESS}#:~:text=Gilles%20Bloch%2C%20Chairman%20and%20CEO,"
        "pollution%2C%20pesticides%20and%20infectious%20agents.\n"
        "    Roger Genet · is a · person\n"
        '    Roger Genet · label · "Roger Genet"\n'
        "    Signature by Roger Genet: Framework partnership agreement between ANSES and Inserm (2020) · signatory"
        " · Roger Genet",
        "curated: People and posts (graph:people), 24 sources\n"
        "    Roger Genet · is a · person\n"
        '    Roger Genet · label · "Roger Genet"\n',
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Inserm",
        "inserm",
        "INSERM",
        "organisation-inserm",
        "id:organisation-inserm",
        "https://w3id.org/onehealthkg/id/organisation-inserm",
        "<https://w3id.org/onehealthkg/id/organisation-inserm>",
        "Institut national de la santé et de la recherche médicale",
        "French National Institute for Health and Medical Research",
    ],
)
def test_a_thing_is_found_by_any_of_its_names(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, out, _ = run(capsys, "show", name)
    assert (code, out.splitlines()[0]) == (
        0,
        "Inserm — organisation; public scientific and technological institute; France"
        "  (id:organisation-inserm)",
    )


@pytest.mark.parametrize(
    ("name", "language", "line"),
    [
        (
            "agreement-anses-inserm-2020",
            "en",
            "Framework partnership agreement between ANSES and Inserm (2020) — agreement; framework partnership "
            "agreement; ANSES, Inserm; signed 2020-02-05 (inferred); ends 2025-02-05 (assumed)",
        ),
        (
            "Inserm",
            "fr",
            "Inserm — organisme; établissement public à caractère scientifique et technologique; "
            "France",
        ),
        ("topic-zoonoses", "fr", "zoonoses — thème"),
        (f"{SOURCE}#s5", "en", f"source:{SOURCE}#s5 — passage"),
    ],
)
def test_show_begins_with_the_kind_of_the_thing(
    capsys: pytest.CaptureFixture[str], name: str, language: str, line: str
) -> None:
    _, out, _ = run(capsys, "show", name, "--lang", language)
    assert out.splitlines()[0].partition("  ")[0] == line


def test_show_names_the_category_that_is_not_broader_than_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "show", "Inserm")
    assert "Inserm · category · public organisation" in out
    assert "public organisation" not in out.splitlines()[0]


def test_a_misspelt_name_gets_suggestions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "show", "zoonosis")
    assert (code, out) == (2, "")
    assert err.startswith(
        'onehealthkg: There is nothing named "zoonosis". Did you mean zoonoses (id:topic-zoonoses)'
    )


def test_the_message_about_an_ambiguous_name_lists_its_things(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    people = Path(project.root, "data", "people.ttl")
    text = people.read_text(encoding="utf-8")
    people.write_text(
        text + '\nid:person-other a foaf:Person ; skos:prefLabel "Roger Genet" .\n', "utf-8"
    )
    code, _, err = run(capsys, "show", "Roger Genet", "--project", project.root)
    assert (code, err) == (
        2,
        'onehealthkg: "Roger Genet" is the name of several things; write one of them: '
        "id:person-other, id:person-roger-genet\n",
    )


def test_labels_are_french_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "topic-zoonoses", "--lang", "fr")
    assert "maladies infectieuses" in out
    assert "libellé" in out


def test_the_words_around_the_sentences_are_french_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "show", "agreement-anses-inserm-2020", "--lang", "fr")
    assert " · est de type · accord" in out
    assert "\ndéduit\u00a0: " in out
    assert "\u00a0; d’après\n  «\u00a0Maisons-Alfort" in out
    assert "[à lire avec s4\u00a0: «\u00a0Gilles Bloch, Chairman" in out
    _, out, _ = run(capsys, "show", "agreement-tripartite-mou-2018", "--lang", "fr")
    assert "documenté, aucun texte archivé\u00a0; lu dans un ou plusieurs de\n" in out
    _, out, _ = run(capsys, "show", "person-bernard-vallat", "--lang", "fr")
    assert "rédigé par l’équipe\u00a0: Personnes et postes (graph:people), 24 sources\n" in out


def test_a_quote_is_shown_with_the_sentences_that_explain_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "evidence", "--passage", "s10")
    assert out.startswith("“It also plans ")
    assert out.splitlines()[0].endswith(
        "” [read with s9: “The partnership provides for targeted joint research and coordinated implementation …”]"
        "  [2020-02-05-anses-inserm#s10]"
    )
    _, told, _ = run(capsys, "evidence", "--passage", "s10", "--format", "json")
    [first, *_] = json.loads(told)["statements"]
    [passage] = first["evidence"][0]["passages"]
    assert [one["passage"].rpartition("#")[2] for one in passage["antecedents"]] == ["s9"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_evidence_accepts_every_line_that_show_prints(
    capsys: pytest.CaptureFixture[str], release: Project, language: str
) -> None:
    arguments = ("--project", str(release.root), "--lang", language)
    _, out, _ = run(capsys, "show", "Inserm", *arguments)
    lines = [line.strip() for line in out.splitlines() if line.count(" · ") == 2]
    assert len(lines) > 20
    graph = load(release.root, language)  # as the command, which would read it for each line
    for line in lines:
        assert f"    {line}\n" in f"{graph.evidence(line)}\n"
    code, out, err = run(capsys, "evidence", lines[0], *arguments)
    assert (code, out, err) == (0, f"{graph.evidence(lines[0])}\n", "")


@pytest.mark.parametrize(
    "statement",
    [
        "Inserm founded 1964",
        "inserm schema:foundingDate 1964",
        'Inserm "fondé en" *',
        "* founded 1964",
        "Inserm · founded · *",
    ],
)
def test_evidence_accepts_labels_and_short_names(
    capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    _, out, _ = run(capsys, "evidence", statement)
    assert "“Founded in 1964" in out
    assert "    Inserm · founded · 1964\n" in out


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "surveillance · is a · concept",
            '"surveillance" is the name of several things; write one of them: '
            "id:activity-surveillance, id:topic-surveillance",
        ),
        (
            '* "part of" *',
            '"part of" is the name of several things; write one of them: '
            "dcterms:isPartOf, org:subOrganizationOf",
        ),
        ("Inserm · fonded · 1964", 'There is nothing named "fonded". Did you mean '),
        ("Inserm · founded · 1965", 'There is nothing named "1965"'),
        ('Inserm "oh:no such" *', 'There is nothing named "oh:no such"'),
        ("Inserm · founded", '"Inserm · founded" is not a statement'),
    ],
)
def test_evidence_lists_the_things_that_a_name_may_mean(
    capsys: pytest.CaptureFixture[str], statement: str, message: str
) -> None:
    code, out, err = run(capsys, "evidence", statement)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    "statement",
    ["ANSES oh:partnerOf Inserm", "Inserm oh:partnerOf ANSES", "Inserm · partner of · ANSES"],
)
def test_evidence_finds_symmetric_statements_from_either_side(
    capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    code, out, _ = run(capsys, "evidence", statement)
    assert code == 0
    said = {line.strip() for line in out.splitlines() if line.count(" · ") == 2}
    assert said == {"ANSES · partner of · Inserm"}


def test_a_name_means_the_thing_that_has_such_a_statement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "evidence", 'funding-parc-2022-horizon-europe "is a" funding')
    assert code == 0
    paid = "European Partnership for the Assessment of Risks from Chemicals"
    assert f"Funding (Horizon Europe): {paid} · is a · funding\n" in out


def test_a_curated_statement_has_the_sources_of_its_subject(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "evidence", "change-anses-2010 * *")
    assert "https://www.anses.fr/en/content/creation-anses\n" in out
    assert "sources" not in out
    arguments = ("evidence", "person-bernard-vallat skos:prefLabel *", "--format", "json")
    _, out, _ = run(capsys, *arguments)
    [evidence] = json.loads(out)["statements"][0]["evidence"]
    assert len(evidence["sources"]) == 24


def test_evidence_leads_from_an_inferred_statement_to_rule_and_sentences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "evidence", "agreement-anses-inserm-2020 oh:dateEnds 2025-02-05")
    assert (code, out) == (
        0,
        "inferred: ends when the term has run from the date of signature, assuming that the term runs from the signature; from\n"
        "  “Maisons-Alfort, 5 February 2020”  [2020-02-05-anses-inserm#s1]\n"
        f"    {RELEASE}\n"
        f"    {ADDRESS}#:~:text=Maisons%2DAlfort%2C%205%20February%202020\n"
        "  “The five-year framework agreement signed today consolidates their ambition to "
        "reinvigorate and broaden their collaboration in support of public health policy-making.” "
        "[read with s4: “Gilles Bloch, Chairman and CEO of Inserm, and Roger Genet, …”, "
        "s7: “Inserm and ANSES have been conducting joint scientific projects for …”]"
        "  [2020-02-05-anses-inserm#s8]\n"
        f"    {RELEASE}\n"
        f"    {ADDRESS}#:~:text=The%20five%2Dyear%20framework%20agreement%20signed,"
        "support%20of%20public%20health%20policy%2Dmaking.\n"
        "    Framework partnership agreement between ANSES and Inserm (2020) · end date · 2025-02-05\n",
    )


def test_evidence_leads_from_a_passage_to_its_statements(
    capsys: pytest.CaptureFixture[str],
) -> None:
    short, full = (run(capsys, "evidence", "--passage", name) for name in ("s2", f"{SOURCE}#s2"))
    assert short == full
    assert short == (
        0,
        "“Press release”  [2020-02-05-anses-inserm#s2]\n"
        f"  {RELEASE}\n"
        f"  {ADDRESS}#:~:text=Press%20release\n"
        "    ANSES and Inserm sign a scientific cooperation partnership agreement · is a · "
        "press release\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evidence"], "write either a statement"),
        (["evidence", "a b c", "--passage", "s1"], "write either a statement"),
        (["evidence", "Inserm party"], "is not a statement"),
        (["evidence", "Inserm oh:party ANSES"], "No graph holds the statement"),
        (["evidence", "--passage", "s99"], 'There is nothing named "s99"'),
        (["evidence", "--passage", "Inserm"], "id:organisation-inserm is not a passage"),
        (["inferences", "--rule", "magic"], 'No rule "magic" has inferred anything; these have: '),
        (["coverage", "nothing"], 'There is no source "nothing"; there are: 2020-02-05-anses'),
        (["query", "nothing"], 'There is no question "nothing". There are: agreements, '),
    ],
)
def test_the_message_about_a_wrong_request_gives_the_remedy(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_answers_as_json_have_terms_and_passages(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "evidence", "Inserm schema:foundingDate *", "--format", "json")
    passage = {
        "iri": f"https://w3id.org/onehealthkg/source/{SOURCE}#s15",
        "document": f"https://w3id.org/onehealthkg/source/{SOURCE}",
        "quote": "Founded in 1964, Inserm is a public scientific and technological institute "
        "which operates under the joint authority of the French Ministries of Health and Research.",
        "start": 2344,
        "end": 2508,
        "link": f"{ADDRESS}#:~:text=Founded%20in%201964%2C%20Inserm%20is,"
        "Ministries%20of%20Health%20and%20Research.",
        "antecedents": [],
    }
    assert json.loads(out)["statements"] == [
        {
            "subject": "https://w3id.org/onehealthkg/id/organisation-inserm",
            "predicate": "http://schema.org/foundingDate",
            "object": {
                "type": "literal",
                "value": "1964",
                "datatype": "http://www.w3.org/2001/XMLSchema#gYear",
            },
            "evidence": [
                {
                    "kind": "stated",
                    "graph": passage["iri"],
                    "passages": [passage],
                    "documents": [],
                    "others": [],
                    "rule": None,
                    "sources": [],
                }
            ],
        }
    ]


def test_coverage_marks_modelled_silent_and_open_passages(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    path = Path(project.sources, f"{SOURCE}.trig")
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<#s18> \{.*?\n\}", "<#s18> {\n}", text, flags=re.DOTALL)
    text = re.sub(r"<#s2> \{.*?\n\}", "<#s2> {\n}", text, flags=re.DOTALL)
    text = text.replace(
        "    <#s5>  oh:ante", '    <#s2> oh:withoutStatement "A caption."@en .\n    <#s5>  oh:ante'
    )
    path.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "coverage", SOURCE, "--project", project.root)
    lines = out.splitlines()
    assert code == 0
    assert "  -  s2   Press release  (A caption.)" in lines
    assert "  ?  s18  ANSES" in lines
    assert lines[-3].startswith("20 of 21 passages read: 19 modelled with ")
    assert lines[-2].startswith("98 % of the names, numbers and known terms are accounted for: ")
    assert lines[-1] == f"Still to be modelled: {SOURCE}#s18"


def test_coverage_lists_the_words_that_no_statement_accounts_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "coverage", SOURCE)
    lines = out.splitlines()
    assert lines[-2].startswith("21 of 21 passages read: 21 modelled with ")
    assert [one.strip() for one in lines if "unmarked" in one] == [
        "unmarked: public, interest",
        "unmarked: world, committed, to",
    ]
    assert "\033" not in out


def test_coverage_writes_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    code, out, _ = run(capsys, "coverage", SOURCE, "--html", str(page))
    assert (code, out) == (0, "")
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


@pytest.mark.slow
def test_build_reports_the_written_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "build", "-o", str(tmp_path / "new" / "graph"))
    rows = dict(re.split(r"  +", line, maxsplit=1) for line in out.splitlines()[:8])
    assert code == 0
    assert rows["sources"] == "1"
    assert rows["passages"] == "21"
    assert int(rows["statements documented"]) > 2000
    assert rows["findings"] == "No findings."
    assert re.fullmatch(r"[0-9a-f]{64}", rows["version"])
    written = sorted(path.name for path in (tmp_path / "new" / "graph").iterdir())
    assert written == ["onehealthkg.nq", "onehealthkg.trig"]


def test_build_writes_nothing_when_a_violation_is_found(
    capsys: pytest.CaptureFixture[str], light: Project, tmp_path: Path
) -> None:
    text = Path(light.sources, f"{SOURCE}.txt")
    text.write_text(text.read_text(encoding="utf-8").replace("2020", "2021"), encoding="utf-8")
    code, out, err = run(capsys, "build", "--project", light.root, "-o", str(tmp_path / "graph"))
    assert (code, out) == (1, "")
    assert "text-is-unchanged" in err
    assert err.endswith("Nothing was written.\n")
    assert not (tmp_path / "graph").exists()


def test_a_former_name_is_noted_unless_quiet() -> None:
    command = [
        sys.executable,
        "-m",
        "onehealthkg",
        "query",
        "agreements",
        "--organisation",
        "OIE",
    ]
    notes = [
        subprocess.run([*command, *more], capture_output=True, text=True, check=True).stderr
        for more in ([], ["--quiet"])
    ]
    assert notes == [
        '"OIE" is a former name of WOAH (id:organisation-woah, renamed 2022-05-28), which is meant here.\n',
        "",
    ]


def test_a_question_is_answered_with_the_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("signatures", "--organisation", "Inserm", "--cite", "-f", "csv")
    code, out, _ = run(capsys, "query", *asked)
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert code == 0
    assert [row["label"] for row in rows] == ["Gilles Bloch"]
    assert {(row["signed"], row["ends"]) for row in rows} == {("2020-02-05", "2025-02-05")}
    assert "“Maisons-Alfort, 5 February 2020”" in rows[0]["quote"]


# The examples of these read, check or write everything.
LARGE = {"build", "check", "export", "report"}


@pytest.mark.sampled(11)
@pytest.mark.parametrize(
    "command",
    [pytest.param(x, marks=[pytest.mark.slow] if x in LARGE else []) for x in sorted(COMMANDS)],
)
def test_each_command_has_a_help_with_an_example_that_runs(
    capsys: pytest.CaptureFixture[str], command: str, project: Project
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    example = re.search(r"Examples?:\n  onehealthkg (.*)\n", text)
    assert example is not None
    if command in {"add", "draft", "mcp", "push", "serve"}:  # these wait for a person or others
        return
    words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", example.group(1))]
    for name in ("before.trig", "after.trig", "build/onehealthkg.trig"):
        file = Path(project.root, name)
        file.parent.mkdir(exist_ok=True)
        shutil.copy(Path(project.sources, f"{SOURCE}.trig"), file)
    Path(project.root, "agrovoc.nt").write_text(
        "<http://aims.fao.org/aos/agrovoc/c_1> "
        '<http://www.w3.org/2004/02/skos/core#prefLabel> "first"@en .\n'
    )
    shutil.copy(ROOT / "tests" / "vocabularies" / "gemet.ttl", project.root)
    shutil.copy(project.links_file, Path(project.root, "candidates.sssom.tsv"))
    ended_with = subprocess.run(
        [sys.executable, "-m", "onehealthkg", *words], cwd=project.root, capture_output=True
    )
    said = [line for line in ended_with.stderr.splitlines() if not line.startswith(b"checked: ")]
    assert (ended_with.returncode, said) == (0, [])


def test_a_closed_pipe_is_not_an_error() -> None:
    command = f"{sys.executable} -m onehealthkg show Inserm | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    version = re.search(r'^version = "(.*?)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert capsys.readouterr().out == f"onehealthkg {version.group(1)}\n"


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    for command, summary in COMMANDS.items():
        assert re.search(rf"^    {command} +{summary.split()[0]}", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shwo"], 'argument COMMAND: "shwo" is unknown. Did you mean show?'),
        (["--versoin"], 'there is no option "--versoin". Did you mean --version?'),
        (["show", "Inserm", "--fromat=json"], 'no option "--fromat". Did you mean --format?'),
        (["export", "--format", "gefx"], 'argument -f/--format: "gefx" is unknown. Did you mean g'),
        (["export", "--without", "link"], '--without: "link" is unknown. Did you mean links?'),
    ],
)
def test_misspelt_words_get_suggestions(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_short_options_mean_the_same_in_all_commands(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    long = {"f": "format", "h": "help", "j": "jobs", "l": "lang", "o": "output", "p": "project"}
    long |= {"q": "quiet", "v": "explain"}
    with pytest.raises(SystemExit):
        main([command, "--help"])
    options = capsys.readouterr().out.split("\n\n", 1)[1]
    pairs = re.findall(r"^  -(\w)(?: [^,]+)?, --(\w+)", options, re.MULTILINE)
    assert {"h", "p"} <= dict(pairs).keys()
    assert [name for short, name in pairs if long[short] != name] == []
    unpaired = re.findall(r"^  --(format|lang|output|project|quiet)\b", options, re.MULTILINE)
    assert unpaired == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "words", [["check"], ["build", "-o", "graph"], ["report", "-o", "site"]], ids=lambda x: x[0]
)
def test_quiet_prints_nothing(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    linked: Project,
    tmp_path: Path,
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, *words, "-q", "--project", str(linked.root)) == (0, "", "")
