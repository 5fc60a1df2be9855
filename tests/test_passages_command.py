"""The command passages: refusals change nothing; large texts; the output."""

import os
import subprocess
import sys
import time

import pytest
from passage_texts import BASE, THREE, A, B, C, X, both, write

from onehealthkg.cli import main
from onehealthkg.errors import InputError, UsageError
from onehealthkg.names import SOURCE
from onehealthkg.sources.passages import passages

# Refusals change nothing


def refused(text_file, *options):
    """The message of a refusal; the files are unchanged."""
    before = {path.name: path.read_bytes() for path in text_file.parent.iterdir()}
    with pytest.raises((InputError, UsageError)) as error:
        passages(text_file, *options)
    assert {path.name: path.read_bytes() for path in text_file.parent.iterdir()} == before
    return type(error.value), str(error.value).replace(f"{text_file.parent}{os.sep}", "")


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("my text.txt", "my-text.txt"),
        ("2020-Anses.txt", "2020-anses.txt"),
        ("2020-anses.TXT", "2020-anses.txt"),
        ("2020-anses", "2020-anses.txt"),
        ("2020_anses.txt", "2020-anses.txt"),
        ("-anses--x-.txt", "anses-x.txt"),
        ("Communiqué d’Été (1).pdf", "communique-dete-1.txt"),
        ("anses.trig", "anses.txt"),
        ("anses.passages.trig", "anses.txt"),
        ("été.txt", "ete.txt"),
        ("日本.txt", "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"),
        (".txt", "<date>-<words>.txt, as 2020-02-05-anses-inserm.txt"),
    ],
)
def test_a_name_that_cannot_be_part_of_an_iri_is_refused_with_one_that_can(tmp_path, name, right):
    assert refused(write(tmp_path / name, "The press.")) == (
        UsageError,
        f"{name}: this cannot be the name of an archived text, which is part of an IRI: it "
        f"may have only the letters a to z, digits and hyphens, and ends in .txt. Rename it, for example to {right}.",
    )


@pytest.mark.parametrize("text", ["", " \n\t\r\n \u00a0\u2028", "\ufeff", "\ufeff\n"])
@pytest.mark.parametrize("language", ["en", None])
def test_a_text_without_words_is_refused(tmp_path, text, language):
    assert refused(write(tmp_path / "x.txt", text), language) == (
        InputError,
        "x.txt: there are no words in it; put the text of the source here.",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("de",), '"de" is not a supported language of texts; write en or fr.'),
        (("",), '"" is not a supported language of texts; write en or fr.'),
        *(
            (
                ("en", address),
                f'"{address}" is not the address of a page; write one, as https://example.org/page, with %20 for a space.',
            )
            for address in (
                "https://www.example.org/a page",
                "www.example.org/page",
                "file:///etc/passwd",
                "https://",
                "https:///page",
                "https://[",
                "https://www.example.org/100%",
                "https://www.example.org/> ; a <x",
                "",
            )
        ),
    ],
)
def test_an_unknown_language_and_a_wrong_address_are_refused(tmp_path, options, message):
    assert refused(write(tmp_path / "x.txt", "The press."), *options) == (UsageError, message)


@pytest.mark.parametrize("text", ["Anses : 2020", "The press et l’agence"])
def test_the_message_about_an_ambiguous_language_names_the_option(tmp_path, text):
    message = "x.txt: the language cannot be guessed from its words; add --language en or fr."
    assert refused(write(tmp_path / "x.txt", text)) == (
        UsageError,
        message,
    )


EU = "http://publications.europa.eu/resource/authority/language"


@pytest.mark.parametrize(
    ("said", "asked", "end"),
    [
        (f"<{EU}/ENG>", "fr", "correct it, or leave out --language fr."),
        (
            f"<{EU}/DEU>",
            None,
            f"write <{EU}/ENG> or <{EU}/FRA>; other languages are not supported.",
        ),
        (
            f"<{EU}/DEU>",
            "en",
            f"write <{EU}/ENG> or <{EU}/FRA>; other languages are not supported.",
        ),
        (
            f"<{EU}/ENG> , <{EU}/FRA>",
            "en",
            f"write <{EU}/ENG> or <{EU}/FRA>; other languages are not supported.",
        ),
    ],
)
def test_a_language_other_than_that_of_the_authors_file_is_refused(tmp_path, said, asked, end):
    text_file = write(tmp_path / "x.txt", "The press.")
    write(
        text_file.with_suffix(".trig"),
        f"{BASE}<#a> {{ <> <http://purl.org/dc/terms/language> {said} }}",
    )
    message = f"x.trig: dcterms:language is {said} here; {end}"
    assert refused(text_file, asked) == (UsageError, message)


def test_an_address_that_the_authors_file_does_not_have_is_refused(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file, "en", "https://www.example.org/a")
    passages(text_file, "en", "https://www.example.org/a")
    assert refused(text_file, "en", "https://www.example.org/b") == (
        UsageError,
        "x.trig: this file is the author's and is not rewritten; "
        "write <x.txt> dcterms:source <https://www.example.org/b> in its graph <#about>.",
    )


def test_a_mistake_in_the_authors_file_is_reported_with_its_line(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(author, author.read_text("utf-8").replace("<#s1> {", "<#s1> {\n    <> a ;"))
    write(text_file, "The press of today.")
    kind, message = refused(text_file)
    assert kind is InputError
    assert message.startswith("x.trig:29:")


def test_a_mistake_in_the_programs_file_is_reported_with_the_remedy(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press.")
    passages(text_file)
    of_program = text_file.with_suffix(".passages.trig")
    write(of_program, "<<<<<<< HEAD\n" + of_program.read_text("utf-8"))
    kind, message = refused(text_file)
    assert kind is InputError
    assert message.startswith("x.passages.trig:1:")
    assert message.endswith(
        ". Put the file back as it was; or delete it, and the names are taken from the comments of x.trig."
    )


@pytest.mark.parametrize("base", [f"@base <{SOURCE}y> .", f"{BASE}<#s1> {{}} BASE <{SOURCE}y>"])
def test_an_authors_file_with_the_base_of_another_source_is_refused(tmp_path, base):
    text_file = write(tmp_path / "x.txt", THREE)
    write(text_file.with_suffix(".trig"), base)
    assert refused(text_file) == (
        InputError,
        f"x.trig: its @base is not that of this text; write @base <{SOURCE}x> . at its top, and no other.",
    )


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path):
    text_file = tmp_path / "x.txt"
    text_file.write_bytes("The press.\nLa santé.".encode("latin-1"))
    assert refused(text_file) == (
        InputError,
        "x.txt:2: byte 0xe9 is not UTF-8; save the file as UTF-8.",
    )
    write(text_file, "The press.")
    text_file.with_suffix(".trig").write_bytes(b"# \xe9")
    assert refused(text_file) == (
        InputError,
        "x.trig:1: byte 0xe9 is not UTF-8; save the file as UTF-8.",
    )


LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from onehealthkg.cli import main
sys.exit(main(sys.argv[2:]))
"""


def run_with_largest_file(size, text_file):
    command = [sys.executable, "-B", "-c", LIMITED, str(size), "passages", str(text_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of file sizes")
def test_neither_file_changes_when_one_cannot_be_written(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(author, author.read_text("utf-8") + "# a long comment\n" * 1000)
    write(text_file, f"{A}\n\n{C}")
    before = both(text_file)
    assert run_with_largest_file(10_000, text_file) == (
        3,
        "",
        f"onehealthkg: {author}: cannot be written: File too large.\n",
    )
    assert both(text_file) == before
    assert run_with_largest_file(1000, text_file)[0] == 3
    assert both(text_file) == before
    text_file.with_suffix(".passages.trig").unlink()
    assert run_with_largest_file(10_000, text_file)[0] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.trig", "x.txt"]


def test_the_next_run_completes_one_that_was_interrupted(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    before = author.read_bytes()
    write(text_file, f"{X}\n\n{A}\n\n{C}")
    passages(text_file)
    expected = both(text_file)
    author.write_bytes(before)
    passages(text_file)
    assert both(text_file) == expected


# Size


@pytest.mark.slow
def test_five_thousand_passages_take_seconds(tmp_path):
    words = "".join(f"{one:03}" for one in range(300))
    sentences = [
        f"The case {at} of {words[at % 700 :][:150]} is the {at}th’s." for at in range(5000)
    ]
    text_file = write(tmp_path / "x.txt", "\n\n".join(sentences))
    start = time.monotonic()
    passages(text_file)
    changed = ["A first one.", *(one.replace("’", "'") for one in sentences)]
    write(text_file, "\n\n".join(changed))
    done = passages(text_file)
    assert time.monotonic() - start < 60  # 5 s when this was written
    assert done[2:] == (5001, ["s5001"], [f"s{at}" for at in range(1, 5001)], [])


def test_equal_lines_take_seconds(tmp_path):
    text_file = write(tmp_path / "x.txt", "The press\n\n" * 3000)
    start = time.monotonic()
    passages(text_file)
    write(text_file, "The press\n\nThe end\n\n" * 1500)
    done = passages(text_file)
    assert time.monotonic() - start < 60
    assert done.total == 3000


# The command


def test_the_command_lists_the_passages_to_read_again(tmp_path, capsys):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    assert main(["passages", str(text_file), "--address", "https://www.example.org/x"]) == 0
    files = f"{tmp_path / 'x.passages.trig'}, {tmp_path / 'x.trig'}"
    assert capsys.readouterr() == (f"3 passages: {files}\nnew (3): s1, s2, s3\n", "")
    write(text_file, f"{X}\n\n{A.replace('ee', 'e')}\n\n{C}")
    assert main(["passages", str(text_file)]) == 0
    assert capsys.readouterr() == (
        f"3 passages: {files}\nnew (1): s4\n"
        "changed, read their statements again (1): s1\n"
        "gone from the text, move their statements (1): s2\n",
        "",
    )
    assert main(["passages", str(tmp_path / "y.txt")]) == 3
    assert capsys.readouterr() == (
        "",
        f"onehealthkg: {tmp_path / 'y.txt'}: there is no such file; check the path.\n",
    )
