"""The commands query, queries and completion, as a person calls them."""

import argparse
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from onehealthkg.commands.query import add, run_query
from onehealthkg.errors import InputError, UsageError
from onehealthkg.paths import bundled
from onehealthkg.queries.completion import SCRIPTS, candidates
from onehealthkg.queries.questions import questions


def command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    *_: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(name)
    one.set_defaults(run=run)
    one.add_argument("--project")
    return one


def called(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add(parser.add_subparsers(), command)
    options = parser.parse_args(words)
    code: int = options.run(options)
    return code


def test_a_question_is_answered_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_query(["parties-of", "--agreement", "agreement-anses-inserm-2020"]) == 0
    assert capsys.readouterr().out == (
        "party                   label\n"
        "----------------------  ------\n"
        "id:organisation-anses   ANSES\n"
        "id:organisation-inserm  Inserm\n"
    )


def test_options_are_written_with_or_without_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    run_query(["active-on", "--date=2022-01-01", "--lang=fr", "--format=tsv"])
    assert "Convention-cadre" in capsys.readouterr().out


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
        assert run_query(["agreements", "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(start)


def test_what_is_explained_is_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    run_query(["funding", "--explain", "--format", "json"])
    out, err = capsys.readouterr()
    assert len(json.loads(out)["results"]["bindings"]) == 1
    assert "# 1 rows in" in err


def test_a_query_can_come_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, expected in (
        ("ASK { ?x a oh:Agreement }", "yes\n"),
        ("DESCRIBE id:person-gilles-bloch", "@prefix"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        run_query(["-"])
        assert capsys.readouterr().out.startswith(expected)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"SELECT")))
    with pytest.raises(InputError, match="standard input:1:"):
        run_query(["-"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "query needs the name of a question"),
        (["agreements", "pairs"], 'takes one query, and "pairs" is a second one'),
        (["active-on", "--date"], "--date needs a value after it"),
        (["agreements", "-x", "1"], 'there is no option "-x"'),
        (["agreements", "--format", "pdf"], 'the format "pdf" is none of table'),
        (["agreements", "--timeout", "nan"], 'query: --timeout "nan" is no number'),
        (["agreements", "--lang", "en", "--lang", "fr"], "give --lang one value, not 2"),
    ],
)
def test_wrong_words_are_told(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run_query(words)


def test_the_questions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    called("queries")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        one.place for one in questions(bundled())
    ]
    called("queries", "--tag", "links")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "links-of",
        "topics-by-broader",
        "unlinked",
    ]
    with pytest.raises(UsageError, match="there are: agreements, aims"):
        called("queries", "--tag", "nothing")


def test_a_question_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    called("queries", "unlinked")
    out = capsys.readouterr().out
    words = " ".join(out.split())
    assert "  --kind TEXT (default: any)\n" in out
    assert "One of: organisation, person, place, programme, topic." in words
    assert words.endswith("Columns: thing, label, kind")
    called("queries", "works-on")
    assert "\n  --with-units\n      Also " in capsys.readouterr().out


def test_a_flag_needs_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["agreements-of", "--with-predecessors", "--organisation", "INRAE", "--format", "csv"]
    run_query(words)
    asked = capsys.readouterr().out
    run_query([*words[:1], "--with-predecessors=true", *words[2:]])
    assert capsys.readouterr().out == asked
    run_query([*words[:1], *words[2:]])
    plain = capsys.readouterr().out
    assert set(plain.splitlines()) < set(asked.splitlines())
    with pytest.raises(UsageError, match='"maybe" is neither true nor false'):
        run_query([*words[:1], "--with-predecessors=maybe", *words[2:]])


@pytest.mark.parametrize(
    "forbidden", ["argparse", "dataclasses", "json", "pathlib", "re", "typing"]
)
def test_a_bundled_question_imports_only_what_it_needs(forbidden: str) -> None:
    script = (
        "import sys; from onehealthkg.commands.query import run_query;"
        "run_query(['partners-of', '--organisation', 'Inserm']);"
        "print(*sorted(set(sys.modules)), file=sys.stderr)"
    )
    again = [subprocess.run([sys.executable, "-c", script], capture_output=True) for _ in range(2)][
        1
    ]
    assert again.returncode == 0
    assert forbidden not in again.stderr.decode().split()


# Completion


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["que"], ["queries", "query"]),
        (
            ["query", "part"],
            ["parties-of", "partners-by-country", "partners-of", "partnerships-of"],
        ),
        (["query", "active-on", "--d"], ["--date"]),
        (["query", "partners-of", "--organisation", "inse"], ["Inserm"]),
        (["query", "partners-of", "--organisation", "'anse"], ["ANSES", "Anses"]),
        (["query", "unlinked", "--kind", "p"], ["person", "place", "programme"]),
        (["query", "inferred", "--rule", "sub"], ["sub-property"]),
        (["query", "said-by", "--passage", "2020-02-05-anses-inserm#s21"], None),
        (["query", "agreements", "--format", "x"], ["xlsx", "xml"]),
        (["query", "agreements-of", "--with-u"], ["--with-units"]),
        (["query", "agreements-of", "--with-units", "--l"], ["--lang"]),
        (["query", "no-such", "--x"], []),
        (["query", "active-on", "--date", "2"], []),
        (
            ["show", "gilles"],
            ["Gilles Bloch", "Gilles Bloch's signature of the ANSES–Inserm agreement"],
        ),
        (["check", "x"], []),
    ],
)
def test_the_last_word_is_completed(words: list[str], expected: list[str] | None) -> None:
    expected = [words[-1]] if expected is None else expected
    assert candidates(words, ["queries", "query", "show"]) == expected


def test_the_lines_of_a_shell_get_what_is_completed(capsys: pytest.CaptureFixture[str]) -> None:
    called("completion", "--words", "query", "partners-of", "--organisation", "inse")
    assert capsys.readouterr().out == "Inserm\n"
    called("completion", "--words", "q")
    assert capsys.readouterr().out == "queries\nquery\n"
    called("completion", "fish")
    assert capsys.readouterr().out == SCRIPTS["fish"]
    with pytest.raises(UsageError, match='"tcsh" is none of bash, zsh, fish'):
        called("completion", "tcsh")


def test_bash_completes(tmp_path: Path) -> None:
    program = tmp_path / "onehealthkg"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom onehealthkg.queries.completion import candidates\n"
        "print('\\n'.join(candidates(sys.argv[3:], ['query'])))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    lines = (
        f'{SCRIPTS["bash"]}\nPATH="{tmp_path}:$PATH"\n'
        "COMP_WORDS=(onehealthkg query parties-of --agreement ANSES–); COMP_CWORD=4; _onehealthkg\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout == "ANSES–Inserm\\ framework\\ partnership\\ agreement\\ \\(2020\\)\n"
