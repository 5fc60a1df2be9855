"""The commands query, queries and completion, as a person calls them."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onehealthkg.cli import main
from onehealthkg.commands.parser import run
from onehealthkg.errors import InputError, UsageError
from onehealthkg.paths import Project, bundled
from onehealthkg.queries.questions import questions
from onehealthkg.queries.results import EXACT, TABLES


def query(*words: str) -> int:
    return run(["query", *words])


def test_a_question_is_answered_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("supervision", "--organisation", "Inserm", "--columns", "organisation,jointly")
    assert query(*asked) == 0
    assert capsys.readouterr().out == (
        "organisation  jointly\n------------  -------\nInserm        yes\nInserm        yes\n"
    )
    assert query(*asked, "--ids") == 0
    row = "Inserm        yes      id:organisation-inserm\n"
    assert capsys.readouterr().out == (
        "organisation  jointly  organisation (id)\n"
        f"------------  -------  ----------------------\n{row}{row}"
    )
    assert query(*asked[:-1], "jointly,organisationLabel") == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["jointly", "organisation"]
    with pytest.raises(UsageError, match='--columns: there is no column "x"; there are organ'):
        query("supervision", "--columns", "x")


def test_a_table_is_cut_to_the_terminal_and_whole_in_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    query("posts")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any("…" in line for line in lines)
    query("posts", "-o", str(tmp_path / "a.txt"))
    written = (tmp_path / "a.txt").read_text("utf-8")
    assert "Framework partnership agreement between ANSES and Inserm (2020)" in written
    assert "…" not in written


def test_an_unknown_ending_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"answer\.doc: the ending does not name a format; use \.csv"
    ):
        query("posts", "-o", str(tmp_path / "answer.doc"))
    assert not list(tmp_path.iterdir())


def test_options_are_written_with_or_without_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    query("agreements", "--date=2022-01-01", "--lang=fr", "--format=tsv")
    assert "Convention-cadre" in capsys.readouterr().out


@pytest.mark.slow
def test_the_format_follows_from_the_name_of_the_file(tmp_path: Path) -> None:
    for name, start in (
        ("a.json", b"{"),
        ("a.csv", b"agreement,"),
        ("a.tsv", b"?agreement\t"),
        ("a.xml", b"<?xml"),
        ("a.md", b"| agreement"),
        ("a.html", b"<!DOCTYPE html>"),
        ("a.xlsx", b"PK"),
        ("a.txt", b"agreement"),
        ("a", b"agreement"),
    ):
        assert query("agreements", "-o", str(tmp_path / name)) == 0
        assert (tmp_path / name).read_bytes().startswith(start)


def test_an_empty_answer_says_so_beside_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT ?x { ?x a oh:Partyy }"
    why = "oh:Partyy is not in the ontology. Did you mean oh:party or oh:partner?\n"
    for words, out, err in (
        ([], "No rows.\n", why),
        (["-f", "csv"], "x\r\n", f"No rows. {why}"),
        (["-f", "csv", "--quiet"], "x\r\n", ""),
    ):
        assert query(text, *words) == 0
        assert capsys.readouterr() == (out, err)
    query("CONSTRUCT WHERE { id:organisation-anses oh:party ?x }")
    assert capsys.readouterr().err == "No triples.\n"


def test_explanations_are_not_part_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    query("funding", "--explain", "--format", "json")
    out, err = capsys.readouterr()
    assert len(json.loads(out)["results"]["bindings"]) == 11
    assert "# 11 rows in" in err


def test_several_values_are_a_text_in_cells_and_a_list_in_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("agreements", "--organisation", "Inserm", "--columns", "agreement,partiesLabel")
    query(*asked, "--format", "csv")
    assert capsys.readouterr().out.endswith("agreement-anses-inserm-2020,ANSES; Inserm\r\n")
    query(*asked, "--format", "json")
    [row] = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert [one["value"] for one in row["partiesLabel"]] == ["ANSES", "Inserm"]


def test_a_query_can_come_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, expected in (
        ("ASK { ?x a oh:Agreement }", "yes\n"),
        ("DESCRIBE id:person-gilles-bloch", "@prefix"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        query("-")
        assert capsys.readouterr().out.startswith(expected)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"SELECT")))
    with pytest.raises(InputError, match="standard input:1:"):
        query("-")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "query: name a question, as in onehealthkg query agreements, or give"),
        (
            ["agreements", "hubs"],
            'query agreements: error: "hubs" is an unexpected argument; name the parameter, as in '
            '--organisation "hubs".',
        ),
        (["between", "ANSES", "Inserm", "FAO"], 'between: error: "FAO" is an unexpected argument.'),
        (["between", "ANSES", "--nor", "Inserm"], 'there is no option "--nor"'),
        (
            ["between", "ANSES", "Nobody"],
            'between: --other: there is no organisation named "Nobody',
        ),
        (["gaps", "--date"], "argument --date: expected one argument"),
        (["gaps"], "gaps: --date (date) is required: "),
        (["gaps", "--dat", "2022-01-01"], 'no option "--dat". Did you mean --date?'),
        (["gaps", "--date", "soon"], 'gaps: --date: "soon" is not a date; write a day,'),
        (["agreements", "--date", "2022", "--status", "sure"], '--status: "sure" is unknown'),
        (["agreements", "-x", "1"], 'there is no option "-x"'),
        (["agreements", "--format", "pdf"], 'argument -f/--format: "pdf" is unknown. There are: t'),
        (
            ["agreements", "--timeout", "nan"],
            'argument --timeout: "nan" is not a number of seconds',
        ),
        (
            ["signatures", "--agreement", "a", "--timeout", "-1"],
            'timeout: "-1" is not a number of se',
        ),
        (["network", "--least", "1", "--least", "2"], "network: --least takes one value, not 2"),
        (
            ["ASK {}", "--organisation", "Inserm"],
            'query: error: there is no option "--organisation',
        ),
        (["partnerz-of", "--organisation", "Inserm"], 'no question "partnerz-of". Did you mean pa'),
        (["partnerz-of", "--help"], 'no question "partnerz-of". Did you mean partners-of'),
    ],
)
def test_wrong_words_are_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    try:
        code: object = main(["query", *words])
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert message in err


def test_the_help_of_a_question_has_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        query("shortest-path", "--help")
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "usage: onehealthkg query shortest-path --from ORGANISATION --to ORGANISATION [OPTION ...]\n"
    )
    for option in (
        "--from ORGANISATION",
        "--to ORGANISATION",
        "--cite",
        "-f FORMAT, --format FORMAT",
    ):
        assert f"\n  {option}" in out


def test_options_of_all_questions_may_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    query("--format", "csv", "--cite", "network", "--least", "9", "--format", "json")
    assert {"results", "citations"} <= json.loads(capsys.readouterr().out).keys()
    query("-fcsv", "shortest-path", "--to", "ANSES", "--from", "Inserm")
    assert capsys.readouterr().out.startswith("step,")


@pytest.mark.parametrize(
    "words",
    [("Inserm", "ANSES"), ("Inserm", "--lang", "en", "ANSES"), ("--to", "ANSES", "Inserm")],
)
def test_required_parameters_need_no_names(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    query("shortest-path", "-fcsv", "--from", "Inserm", "--to", "ANSES")
    named = capsys.readouterr().out
    assert (
        "/organisation-inserm,Inserm,https://w3id.org/onehealthkg/id/organisation-anses," in named
    )
    query("shortest-path", "-fcsv", *words)
    assert capsys.readouterr().out == named


CITED = ("supervision", "--organisation", "Inserm", "--cite")


@pytest.mark.slow
def test_every_format_of_a_table_has_the_citations(tmp_path: Path) -> None:
    sentence = "Founded in 1964, Inserm is a public scientific and technological institute"
    link = "#:~:text=Founded%20in%201964%2C%20Inserm%20is,"
    for form in (*TABLES, *EXACT):
        path = tmp_path / f"answer.{form}"
        query(*CITED, "--format", form, "-o", str(path))
        if form == "xlsx":
            cells = [cell.value for row in load_workbook(path).active.rows for cell in row]
            text = "\n".join(str(cell) for cell in cells)
        else:
            text = path.read_text(encoding="utf-8")
        assert sentence in text, form
        assert link in text, form


def test_a_table_file_has_quote_source_and_link_in_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    query("partners-of", "--organisation", "Inserm", "--cite", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0])[-3:] == ["quote", "source", "link"]
    for row in rows:
        lines = {len(row[name].split("\n")) for name in ("quote", "source", "link")}
        assert len(lines) == 1
    [anses] = [row for row in rows if row["agreement"].endswith("agreement-anses-inserm-2020")]
    quotes, sources, links = (anses[name].split("\n") for name in ("quote", "source", "link"))
    assert quotes[0] == "“ANSES and Inserm sign a scientific cooperation partnership agreement”"
    assert sources[0].endswith(", ANSES, 2020-02-05")
    assert links[0].startswith("https://www.anses.fr/en/content/anses-and-inserm-sign")
    query("sources", "--cite", "--format", "csv")
    quotes = [row["quote"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]
    assert all(quotes)


def test_a_column_of_the_question_keeps_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    query("passages-with", "--text", "Inserm", "--cite", "--format", "csv")
    head = capsys.readouterr().out.partition("\r\n")[0]
    assert head == "passage,quote,document,start,cited_quote,source,link"


# Two agreements, one with its text and one without; and that none follows either, no sentence says.
WITHOUT_SUCCESSOR = """PREFIX id: <https://w3id.org/onehealthkg/id/>
PREFIX oh: <https://w3id.org/onehealthkg/ontology#>
SELECT ?agreement ?party {
  VALUES ?agreement { id:agreement-anses-inserm-2020 id:agreement-anses-invs-2012 }
  ?agreement oh:party ?party
  FILTER NOT EXISTS { ?later oh:predecessor ?agreement }
}"""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["table", "markdown", "html", "csv"])
def test_the_words_of_citations_are_in_the_language_of_the_labels(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    asked = (WITHOUT_SUCCESSOR, "--cite", "--format", form)
    words = {
        "en": ("documented, no archived text; read in", "No sentence says so", "[read with "),
        "fr": ("documenté, aucun texte archivé", "Aucune phrase ne le dit", "[à lire avec "),
    }
    told = {}
    for language in words:
        query(*asked, "--lang", language)
        told[language] = capsys.readouterr().out.replace("\\[", "[")
    for language, other in (("en", "fr"), ("fr", "en")):
        for word in words[language]:
            assert word in told[language]
            assert word not in told[other]


def test_labels_are_cited_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    query("signatures", "--agreement", "agreement-anses-inserm-2020", "--cite")
    assert "label · " not in capsys.readouterr().out
    query("signatures", "--agreement", "agreement-anses-inserm-2020", "--cite-labels")
    assert 'Inserm · label · "Inserm"' in capsys.readouterr().out


OWN = {
    "no PREFIX lines": "SELECT ?body { id:agreement-anses-inserm-2020 oh:party ?body }",
    "some PREFIX lines": "PREFIX oh: <https://w3id.org/onehealthkg/ontology#>\nSELECT ?body { id:agreement-anses-inserm-2020 oh:party ?body }",
    "a prefix of one's own": "PREFIX id: <https://w3id.org/onehealthkg/id/agreement->\nSELECT ?body { id:anses-inserm-2020 oh:party ?body }",
    "a base": "BASE <https://w3id.org/onehealthkg/id/>\nSELECT ?body { <agreement-anses-inserm-2020> oh:party ?body }",
    "a byte order mark": "\ufeffSELECT ?body { id:agreement-anses-inserm-2020 oh:party ?body }",
}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_users_own_query_is_cited(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    for asked in (str(file), text):
        query(asked, "--cite", "--format", "json")
        answer = json.loads(capsys.readouterr().out)
        assert [row["body"]["value"][-6:] for row in answer["results"]["bindings"]] == [
            "-anses",
            "inserm",
        ]
        assert all(one["supports"] for one in answer["citations"])


def test_a_question_with_a_byte_order_mark_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "own.rq"
    text = Path(bundled().root, "queries", "signatures.rq").read_text(encoding="utf-8")
    file.write_text("\ufeff" + text, encoding="utf-8")
    query(str(file), "--agreement", "agreement-anses-inserm-2020", "--format", "csv")
    assert "ANSES" in capsys.readouterr().out


HOSTILE = r"a\u001b]0;x\u0007b\u009b31m\u202e\u2028\u2029\u2066c"


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "markdown", "ntriples"])
def test_a_terminal_gets_no_hidden_characters(form: str) -> None:
    asked = f'SELECT ("{HOSTILE}" AS ?x) {{}}'
    if form == "ntriples":
        asked = f'CONSTRUCT {{ id:a id:b "{HOSTILE}" }} {{}}'
    terminal, end = pty.openpty()
    line = [sys.executable, "-m", "onehealthkg", "query", asked, "--format", form]
    subprocess.run(line, stdout=end, check=True)
    os.close(end)
    shown = b""
    with suppress(OSError):
        while part := os.read(terminal, 1 << 16):
            shown += part
    os.close(terminal)
    text = shown.decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
    assert "31m" in text


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_pipe_gets_the_data_as_they_are(form: str) -> None:
    line = [sys.executable, "-m", "onehealthkg", "query", f'SELECT ("{HOSTILE}" AS ?x) {{}}']
    done = subprocess.run([*line, "--format", form], capture_output=True, check=True)
    assert "\u202e" in done.stdout.decode()


def test_a_graph_has_no_citations() -> None:
    with pytest.raises(UsageError, match="only the rows of a SELECT query can be cited"):
        query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", "--cite")
    with pytest.raises(UsageError, match='"turtle" is not one of'):
        query(*CITED, "--format", "turtle")


def test_a_question_of_a_project_has_its_parameters_as_options(
    capsys: pytest.CaptureFixture[str], release: Project
) -> None:
    text = (
        '#+ summary: "100% own"\n#+ description: "x"\n#+ tags: ["x"]\n#+ parameters:\n'
        '#+   - {name: "NAME", variable: "who", type: "person", description: "100% own."}\n'
        '#+ columns: ["name"]\n'
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?name {\n  VALUES ?who { UNDEF }\n  ?who skos:prefLabel ?name\n}\n"
    )
    file = Path(release.root, "queries", "named.rq")
    file.write_text(text.replace("NAME", "who"), encoding="utf-8")
    for asked in ("named", str(file)):
        query(asked, "--who", "Gilles Bloch", "-p", str(release.root), "-f", "csv")
        assert capsys.readouterr().out.split() == ["name", "Gilles", "Bloch"]
        with pytest.raises(SystemExit):
            query("-p", str(release.root), asked, "--help")
        assert "100% own. (required;" in capsys.readouterr().out
    file.write_text(text.replace("NAME", "format"), encoding="utf-8")
    with pytest.raises(InputError, match="--format is an option of all questions; rename"):
        query(str(file))


def test_the_questions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    run(["queries"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        one.place for one in questions(bundled())
    ]
    run(["queries", "--tag", "links"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "links-of",
        "topics-by-broader",
        "unlinked",
    ]
    with pytest.raises(UsageError, match="there are: agreements, aims"):
        run(["queries", "--tag", "nothing"])


def test_a_question_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    run(["queries", "unlinked"])
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert out.startswith("usage: onehealthkg query unlinked [--kind TEXT] [OPTION ...]\n")
    assert "One of: organisation, person, place, programme, topic. (default: any)" in words
    assert words.endswith("Columns: thing, label, kind")
    run(["queries", "works-on"])
    assert "\n  --with-units [true|false]\n      " in capsys.readouterr().out


def test_a_flag_needs_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["agreements", "--with-predecessors", "--organisation", "INRAE", "--format", "csv"]
    query(*words)
    asked = capsys.readouterr().out
    query(*words[:1], "--with-predecessors=true", *words[2:])
    assert capsys.readouterr().out == asked
    query(*words[:1], *words[2:])
    plain = capsys.readouterr().out
    assert set(plain.splitlines()) < set(asked.splitlines())
    with pytest.raises(UsageError, match='"maybe" is neither true nor false'):
        query(*words[:1], "--with-predecessors=maybe", *words[2:])


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "forbidden", ["argcomplete", "importlib.metadata", "jinja2", "networkx", "rdflib"]
)
def test_a_bundled_question_imports_only_what_it_needs(forbidden: str) -> None:
    script = (
        "import sys; from onehealthkg.cli import main;"
        "main(['query', 'partners-of', '--organisation', 'Inserm']);"
        "print(*sorted(set(sys.modules)), file=sys.stderr)"
    )
    again = [subprocess.run([sys.executable, "-c", script], capture_output=True) for _ in range(2)][
        1
    ]
    assert again.returncode == 0
    assert forbidden not in again.stderr.decode().split()


# Completion


def completed(line: str, folder: Path) -> list[str]:
    """The completions that bash gets for the last word of a line."""
    answer = folder / "answer"
    asked = {
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
    }
    command = [sys.executable, "-m", "onehealthkg"]
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, check=True)
    assert done.stdout == b""
    return answer.read_text("utf-8").splitlines()


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("que", ["query", "queries"]),
        ("query part", ["partners-by-country", "partners-of"]),
        ("query gaps --d", ["--date"]),
        ("query partners-of --organisation inse", ["Inserm"]),
        ("query partners-of --organisation=inse", ["--organisation=Inserm"]),
        ("query partners-of --organisation 'anse", ["ANSES", "Anses"]),
        ("query unlinked --kind p", ["person", "place", "programme"]),
        ("query inferred --rule sub", ["sub-property"]),
        (
            "query said-by --passage 2020-02-05-anses-inserm#s2",
            ["2020-02-05-anses-inserm#s2"]
            + [f"2020-02-05-anses-inserm#s2{number}" for number in (0, 1)],
        ),
        ("query agreements --format x", ["xlsx", "xml"]),
        ("query agreements --with-u", ["--with-units"]),
        ("query agreements --with-units --l", ["--lang"]),
        ("query - --ex", ["--explain"]),
        ("query no-such --x", []),
        ("query gaps --date 2", []),
        ("queries part", ["partners-by-country", "partners-of"]),
        (
            "show gilles",
            ["Gilles\\ Bloch"],
        ),
        ("coverage 2", ["2020-02-05-anses-inserm"]),
        ("export --format g", ["graphml", "gexf"]),
        ("link agr", ["agrovoc"]),
        ("new --party inser", ["Inserm"]),
        ("completion ", ["--help", "--project", "--fresh", "bash", "zsh", "fish"]),
    ],
)
def test_the_last_word_is_completed(tmp_path: Path, words: str, expected: list[str]) -> None:
    assert completed(f"onehealthkg {words}", tmp_path) == expected


def test_values_are_those_of_the_project(tmp_path: Path, release: Project) -> None:
    Path(release.root, "queries", "own-question.rq").write_text("ASK {}")
    line = f"onehealthkg query --project {release.root} own"
    assert completed(line, tmp_path) == ["own-question"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_a_start_file_name_it(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert run(["completion", shell]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("# In ~/.")
    assert f"onehealthkg completion {shell}" in first
    assert any("_ARGCOMPLETE" in line for line in lines)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the program, as a shell finds it."""
    path = tmp_path / "bin" / "onehealthkg"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m onehealthkg "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path.parent


def test_bash_completes(program: Path) -> None:
    line = "onehealthkg query signatures --agreement Framework\\ partnership"
    lines = (
        f'PATH="{program}:$PATH"\neval "$(onehealthkg completion bash)"\n'
        f"complete -p onehealthkg\nCOMP_LINE='{line}' COMP_POINT={len(line)} COMP_TYPE=9\n"
        '_python_argcomplete onehealthkg\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "complete -o bashdefault -o default -o nospace -F _python_argcomplete onehealthkg\n"
        "Framework\\ partnership\\ agreement\\ between\\ ANSES\\ and\\ Inserm\\ \\(2020\\) \n"
    )
