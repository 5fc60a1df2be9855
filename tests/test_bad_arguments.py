"""Arguments that name nothing or are used wrongly are repeated in the message."""

import os
from pathlib import Path

import pytest
from ending import STEM, WRONG_USE, alone, here, untouched

NOTHING = 'There is nothing named "{}".'
STATEMENT = (
    '"{}" is not a statement; write subject, predicate and object, with double quotes around a part '
    "that has spaces, as in: Inserm founded 1964, or copy a line of show, as in: "
    "Inserm · founded · 1964"
)
ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "nothing": (["show", ""], NOTHING.format("")),
    "white space": (["show", " "], NOTHING.format(" ")),
    "line break": (["show", "a\nb"], NOTHING.format("a\nb")),
    "space in an IRI": (["show", "https://example.org/a b"], NOTHING.format("https://example.org/a b")),
    "per cent": (["show", "100%"], NOTHING.format("100%")),
    "bracket in a host": (["show", "http://[x"], NOTHING.format("http://[x")),
    "two hashes": (["show", "a#b#c"], NOTHING.format("a#b#c")),
    "prefix alone": (["show", "id:"], NOTHING.format("id:")),
    "angle brackets": (["show", "<>"], NOTHING.format("<>")),
    "not UTF-8": (["show", "\udcff"], NOTHING.format("\\udcff")),
    "not UTF-8 after a prefix": (["show", "id:\udcff"], NOTHING.format("id:\\udcff")),
    "zero byte": (["show", "a\0b"], NOTHING.format("a\\u0000b")),
    "long": (["show", "x" * 100_000], NOTHING.format("x" * 100_000)),
    "long IRI": (["show", "urn:" + "x" * 100_000], NOTHING.format("urn:" + "x" * 100_000)),
    "no statement": (["evidence", ""], STATEMENT.format("")),
    "quotation mark not closed": (["evidence", 'Inserm * "1964'], STATEMENT.format('Inserm * "1964')),
    "backslash at the end": (["evidence", "Inserm * \\"], STATEMENT.format("Inserm * \\")),
    "two words": (["evidence", "Inserm *"], STATEMENT.format("Inserm *")),
    "four words": (["evidence", "Inserm * * *"], STATEMENT.format("Inserm * * *")),
    "long statement": (["evidence", "x " * 50_000], STATEMENT.format("x " * 50_000)),
    "predicate no IRI": (["evidence", "Inserm 100% *"], NOTHING.format("100%")),
    "object not UTF-8": (["evidence", "* * \udcff"], NOTHING.format("\\udcff")),
    "passage without a name": (["evidence", "--passage", ""], NOTHING.format("")),
    "passage no IRI": (["evidence", "--passage", "s5%"], NOTHING.format("s5%")),
    "passage and statement": (["evidence", "* * *", "--passage", "s5"], 'write either a statement, "subject predicate object", or --passage NAME.'),
    "neither": (["evidence"], 'write either a statement, "subject predicate object", or --passage NAME.'),
    "source upwards": (["coverage", "../sources/x"], f'There is no source "../sources/x"; there are: {STEM}.'),
    "source without a name": (["coverage", ""], f'There is no source ""; there are: {STEM}.'),
    "source not UTF-8": (["coverage", "\udcff"], f'There is no source "\\udcff"; there are: {STEM}.'),
}  # fmt: skip


@pytest.mark.sampled(10)
@pytest.mark.parametrize(("arguments", "message"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_unknown_names_are_quoted_in_the_message(arguments: list[str], message: str) -> None:
    ended = here(*arguments)
    assert (ended.code, ended.out) == (WRONG_USE, "")
    start, end = message[:-1], message[-1:]  # "Did you mean ...?" may follow
    assert ended.err.startswith(f"onehealthkg: {start}")
    assert ended.err.removeprefix(f"onehealthkg: {start}").startswith(end)


def test_an_argument_that_is_not_utf_8_reaches_no_terminal() -> None:
    ended = alone("show", os.fsdecode(b"id:\xff\x1b]0;x\x07"))
    message = 'onehealthkg: There is nothing named "id:\\udcff\\u001b]0;x\\u0007".\n'
    assert ended == (WRONG_USE, "", message)


def test_a_password_in_an_address_is_not_repeated() -> None:
    message = "an endpoint's address may have no user name or password."
    assert here("push", "http://me:secret@x.example/") == (
        WRONG_USE,
        "",
        f"onehealthkg: http://…@x.example/: {message}\n",
    )


def test_a_limit_that_is_no_number_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEHEALTHKG_TIMEOUT", "nan")
    message = 'ONEHEALTHKG_TIMEOUT: "nan" is not a number of seconds; write one, such as 300.'
    assert alone("show", "ANSES") == (WRONG_USE, "", f"onehealthkg: {message}\n")


USAGES: dict[str, tuple[list[str], str]] = {
    "unknown command": (["shw"], "argument COMMAND: \"shw\" is unknown. Did you mean show?"),
    "empty command": ([""], "argument COMMAND: \"\" is unknown. There are: show, "),
    "option before the command": (["--project", "x", "show", "Inserm"], "argument COMMAND: \"x\" is unknown. There are: show, "),
    "unknown option": (["show", "Inserm", "--no"], "there is no option \"--no\"."),
    "unknown format": (["check", "--format", "xml"], "argument -f/--format: \"xml\" is unknown. There are: table, json, csv, junit, turtle."),
    "unknown language": (["show", "Inserm", "--lang", "de"], "argument -l/--lang: \"de\" is unknown. There are: en, fr."),
    "no thing": (["show"], "the following arguments are required: THING"),
    "two things": (["show", "a", "b"], '"b" is an unexpected argument.'),
    "empty project": (["show", "--project", "", "Inserm"], "argument -p/--project: the name is empty; pass the name of a file or folder."),
    "empty output": (["build", "-o", ""], "argument -o/--output: the name is empty; pass the name of a file or folder."),
    "empty page": (["coverage", STEM, "--html", ""], "argument --html: the name is empty; pass the name of a file or folder."),
    "empty file": (["check", ""], "argument FILE: the name is empty; pass the name of a file or folder."),
    "empty text": (["passages", ""], "argument TEXT.txt: the name is empty; pass the name of a file or folder."),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGES.values(), ids=USAGES)
def test_wrong_use_is_reported_with_the_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with untouched(tmp_path):
        ended = here(*arguments)
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert ended.err.startswith("usage: onehealthkg ")
    assert f"error: {message}" in ended.err
