"""Projects with wrong files, folders, texts, rules or shapes: each error is named, with the remedy."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from effort import EVERYTHING, sample
from ending import (
    DONE,
    MANY,
    NO_FILE,
    OWN,
    PASSAGES,
    PROBLEMS,
    STEM,
    TEXT,
    append,
    data,
    here,
    instead,
    script,
    spoil,
    untouched,
)

from onehealthkg.paths import Project

pytest.importorskip("resource", reason="limits, pipes and devices are Unix's")


def _cut_off(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("." if path.suffix == ".ttl" else "}")], encoding="utf-8")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (_cut_off, ":"),
    "not UTF-8": (lambda path: append(path, b"\n# \xe9"), "is not UTF-8; save the file as UTF-8."),
    "byte order mark": (lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()), ":1: there is a byte order mark; save the file"),
    "folder": (instead(Path.mkdir), ": this is a folder; name a file in it."),
    "pipe": (instead(os.mkfifo), ": this is a pipe or a device; name a file on the disk."),
    "link to itself": (instead(lambda path: path.symlink_to(path.name)), ": cannot be read: Too many levels of symbolic links."),
    "link to nothing": (instead(lambda path: path.symlink_to("nothing")), ": there is no such file; check the path."),
}  # fmt: skip


# By default every second pair, so that each kind of file and each flaw is there.
PAIRS = [
    (kind, flaw)
    for row, kind in enumerate(OWN)
    for column, flaw in enumerate(SPOILT)
    if EVERYTHING or (row + column) % 2 == 0
]


@pytest.mark.sampled(14)
@pytest.mark.parametrize(("kind", "flaw"), PAIRS)
def test_a_file_of_the_project_that_cannot_be_read_is_named(
    light: Project, kind: str, flaw: str
) -> None:
    path = data(light, OWN[kind])
    spoil_it, message = SPOILT[flaw]
    if kind == "text" and flaw in ("cut off", "byte order mark"):
        pytest.skip("it can be read: the next test")
    spoil_it(path)
    out = Path(light.root, "out")
    with untouched(Path(light.root)):
        ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {path}")
    assert message in ended.err
    assert not out.exists()


CHANGED = "The text is not the one from which the passages were made: its SHA-256 differs."
TEXTS: dict[str, tuple[Callable[[Path], object], str, int]] = {
    "mark added": (lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()), CHANGED, 4),
    "line ends changed": (lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n")), CHANGED, 3),
    "first letter": (lambda path: spoil(path, "Maisons", "maisons"), f"{CHANGED} The first passage whose words are no longer there is {STEM}#s1. Put the archived text back; ", 5),
    "letter in the middle": (lambda path: spoil(path, "today signed", "today Signed"), f"{CHANGED} The first passage whose words are no longer there is {STEM}#s4. ", 11),
    "letter at the end": (lambda path: path.write_bytes(path.read_bytes().rstrip()[:-1] + b"!\n"), f"{CHANGED} The first passage whose words are no longer there is {STEM}#s21. ", 27),
    "white space at the end": (lambda path: append(path, b"\n"), f"{CHANGED} Put the archived text back; ", 1),
    "empty": (lambda path: path.write_bytes(b""), "The text is empty. Put the archived text back.", 1),
    "white space": (lambda path: path.write_bytes(b"\n \n"), "The text is empty. Put the archived text back.", 1),
}  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("how", sample(TEXTS, 5))
def test_a_text_that_was_changed_after_its_passages_were_made_is_found(
    light: Project, how: str
) -> None:
    change, message, line = TEXTS[how]
    path = data(light, TEXT)
    change(path)
    with untouched(Path(light.root)):
        checked = here("check", "--format", "json", "--project", light.root)
        covered = here("coverage", "--project", light.root, STEM)
    [one] = json.loads(checked.out)
    assert (checked.code, one["check"], one["line"]) == (PROBLEMS, "text-is-unchanged", line)
    assert one["file"] == str(path)
    assert one["message"].startswith(message)
    assert (covered.code, covered.out) == (PROBLEMS, "")
    assert covered.err.startswith(f"{path}:")


FIRST = """
    <#s1>
        a oh:Passage ;
        oa:hasSelector <#s1-position> , <#s1-quote> ;
        oa:hasSource <2020-02-05-anses-inserm.txt> .

    <#s1-position>
        a oa:TextPositionSelector ;
        oa:end 35 ;
        oa:start 4 .

    <#s1-quote>
        a oa:TextQuoteSelector ;
        oa:exact "Maisons-Alfort, 5 February 2020" .
"""


def _described(old: str, new: str) -> Callable[[Project], None]:
    return lambda project: spoil(data(project, PASSAGES), old, new)


def _again(name: str, *changes: tuple[str, str]) -> Callable[[Project], None]:
    """The first passage once more, under another name."""
    text = FIRST.replace("#s1", f"#{name}")
    for old, new in changes:
        text = text.replace(old, new)
    return _described(FIRST, FIRST + text)


def _without(name: str) -> Callable[[Project], None]:
    return lambda project: data(project, name).unlink()


DESCRIBED: dict[str, tuple[Callable[[Project], object], set[str]]] = {
    "the same passage under two names": (_again("s99"), {"passages-cover-text"}),
    "overlapping passages": (_again("s99", ("oa:end 35", "oa:end 50"), ('2020"', '2020\\n\\nPress release"')), {"passages-cover-text"}),
    "a passage of nothing": (_again("s99", ("oa:end 35", "oa:end 4"), ("Maisons-Alfort, 5 February 2020", "")), {"passages-cover-text"}),
    "two starts": (_described("oa:start 4 ", "oa:start 4 , 5 "), {"PositionSelector-start"}),
    "two selectors of a kind": (_described("<#s1-position> , <#s1-quote>", "<#s1-position> , <#s2-position> , <#s1-quote>"), {"Passage-position"}),
    "no selector": (_described("oa:hasSelector <#s1-position> , <#s1-quote> ;", ""), {"Passage-position", "Passage-quote"}),
    "a start in words": (_described("oa:start 4 ", 'oa:start "four" '), {"PositionSelector-start", "quote-is-in-text"}),
    "a start below zero": (_described("oa:start 4 ", "oa:start -4 "), {"PositionSelector-start", "quote-is-in-text"}),
    "an end behind the text": (_described("oa:end 35", "oa:end 999999"), {"quote-is-in-text"}),
    "an end too large for a computer": (_described("oa:end 35", f"oa:end {'9' * 30}"), {"quote-is-in-text"}),
    "an end too long for Python": (_described("oa:end 35", f"oa:end {'9' * 5000}"), {"quote-is-in-text"}),
    "an end one character behind the text": (_described("oa:end 3397", "oa:end 3398"), {"quote-is-in-text"}),
    "an end before the start": (_described("oa:end 35", "oa:end 3"), {"quote-is-in-text"}),
    "a passage too few": (_described(FIRST, ""), {"passages-cover-text", "graph-has-home"}),
    "no digest": (_described(";\n        schema:sha256", ". # "), {"text-has-passages"}),
    "a wrong digest": (_described('sha256 "', 'sha256 "0'), {"text-is-unchanged", "ArchivedText-digest"}),
    "two digests": (_described('sha256 "', 'sha256 "0" , "'), {"text-is-unchanged", "ArchivedText-digest"}),
    "no text": (_without(TEXT), {"text-is-archived"}),
    "no passages": (_without(PASSAGES), {"text-has-passages", "graph-has-home"}),
}  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("wrong", sample(DESCRIBED, 9))
def test_a_wrong_description_of_the_passages_is_found(light: Project, wrong: str) -> None:
    change, checks = DESCRIBED[wrong]
    change(light)
    ended = here("check", "--format", "json", "--project", light.root)
    found = [one for one in json.loads(ended.out) if one["severity"] == "violation"]
    assert ended.code == PROBLEMS
    assert {one["check"] for one in found} >= checks
    assert all(one["file"] and one["line"] for one in found)
    assert here("evidence", "--project", light.root, "* oh:party *").code == DONE


# Rules, checks and shapes that are wrong

HEADER_LINE = 'write this line as #+ key: "value".'
QUERIES: dict[str, tuple[str, str, str, str]] = {
    "bracket not closed": ("end-date.rq", "WHERE {", "WHERE { {", "the query cannot be parsed from here: expected one of "),
    "no rule": ("end-date.rq", "CONSTRUCT {", "DELETE {", ":14:1: the query cannot be parsed from here: expected CONSTRUCT"),
    "no check": ("graph-has-home.rq", "SELECT ?graph", "ASK", ": a check must be a SELECT query."),
    "unknown function": ("end-date.rq", "xsd:date(", "<urn:f>(", ": the query cannot be answered: The custom function <urn:f> is not supported."),
    "remote service": ("end-date.rq", "WHERE {", "WHERE { SERVICE SILENT <http://localhost:1/> { ?x ?y ?z }", ": SERVICE is not allowed here: no other host or file is read; remove it."),
    "header no JSON": ("end-date.rq", '#+ label: "', "#+ label: ", f":1: {HEADER_LINE}"),
    "header no text": ("end-date.rq", '#+ label: "', '#+ label: ["', f":1: {HEADER_LINE}"),
    "header deep": ("end-date.rq", '#+ label: "', "#+ label: " + "[" * MANY, f":1: {HEADER_LINE}"),
    "header with half a character": ("end-date.rq", '#+ label: "', '#+ label: "\\ud800', f":1: {HEADER_LINE}"),
    "header line unknown": ("end-date.rq", "#+ label:", "#+ title:", ":1: the header must have the lines label, label-fr, definition, in this order; it may have assumption, assumption-fr after them."),
    "no header": ("graph-has-home.rq", "#+ severity", "\n#+ severity", ":1: the header must have the lines severity, message, description, in this order."),
    "unknown severity": ("graph-has-home.rq", '"violation"', '"Violation"', ":1: severity must be one of violation, warning, info."),
    "rule without a subject": ("end-date.rq", "rdf:subject ?agreement ;", "", ": each solution must have one rdf:subject, one rdf:predicate, one rdf:object, and prov:wasDerivedFrom for each graph that it draws on."),
    "shape with a number in words": ("shapes.ttl", "sh:minCount 1", 'sh:minCount "one"', ": pyshacl cannot use the shapes: MinCountConstraintComponent sh:minCount must be a literal with datatype xsd:integer."),
    "shape with half a pattern": ("shapes.ttl", "sh:pattern \"", "sh:pattern \"(", ": pyshacl cannot use the shapes: missing ), unterminated subpattern at position 0"),
}  # fmt: skip


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("name", "old", "new", "message"), QUERIES.values(), ids=QUERIES)
def test_a_wrong_rule_check_or_shape_is_named(
    release: Project, name: str, old: str, new: str, message: str
) -> None:
    path = data(release, name)
    spoil(path, old, new)
    ended = here("check", "--project", release.root)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {path}")
    assert message in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["people.ttl", "end-date.rq", "graph-has-home.rq", TEXT])
def test_a_name_that_cannot_be_part_of_an_iri_is_refused(light: Project, name: str) -> None:
    path = data(light, name)
    wrong = path.rename(path.with_stem("a <b>"))
    ended = here("check", "--project", light.root)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {wrong}: rename the file, with ")


@pytest.mark.slow
def test_files_that_an_editor_hides_are_not_read(light: Project) -> None:
    Path(light.root, "data", ".#people.ttl").symlink_to("user@host.1234")  # Emacs locks so
    Path(light.root, "data", ".people.ttl.swp.ttl").write_bytes(b"\xff")
    checked = here("check", "--project", light.root)
    assert (checked.code, checked.out) == (DONE, "No findings.\n")
    assert here("show", "--project", light.root, "Inserm").code == DONE


# Folders

PARTS = "; a project has the folders ontology, ontology/rules, ontology/checks, data, data/sources"
FOLDERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    name: (name, shutil.rmtree)
    for name in ("ontology/rules", "ontology/checks", "data", "data/sources", "queries")
} | {
    "a file instead": ("data/sources", lambda path: (shutil.rmtree(path), path.touch())),
    "a link to itself instead": ("data", lambda path: (shutil.rmtree(path), path.symlink_to("data"))),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("name", "lose"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_that_cannot_be_read_is_named(
    light: Project, name: str, lose: Callable[[Path], object]
) -> None:
    lose(Path(light.root, name))
    out = Path(light.root, "out")
    ended = here("build", "--project", light.root, "-o", out)
    assert (ended.code, ended.out, out.exists()) == (NO_FILE, "", False)
    assert ended.err.startswith(f"onehealthkg: {light.root}/{name}")
    assert ": cannot be read: " in ended.err
    assert PARTS in ended.err


@pytest.mark.parametrize(
    "command", ["build", "check", "show", "evidence", "inferences", "coverage"]
)
def test_a_folder_that_is_not_a_project_is_named(tmp_path: Path, command: str) -> None:
    words = {"show": ["Inserm"], "evidence": ["* * *"], "coverage": [STEM]}.get(command, [])
    with untouched(tmp_path):
        for folder, reason in (
            (tmp_path / "no", ": there is no such folder; name the folder of a project."),
            (Path("/dev/null"), ": there is no such folder; name the folder of a project."),
            (tmp_path, "/data: cannot be read: No such file or directory; a project has the folde"),
        ):
            ended = here(command, "--project", folder, *words)
            assert (ended.code, ended.out) == (NO_FILE, "")
            assert ended.err.startswith(f"onehealthkg: {folder}{reason}")


def test_a_project_without_data_is_named(release: Project) -> None:
    for path in Path(release.root, "data").rglob("*.t*"):
        path.unlink()
    message = f"{release.root}: there is no data/*.ttl and no data/sources/*.trig here."
    ended = here("check", "--project", release.root)
    assert ended == (NO_FILE, "", f"onehealthkg: {message}\n")


@pytest.mark.slow
def test_the_current_folder_may_be_gone(tmp_path: Path, light: Project) -> None:
    gone = "os.makedirs(sys.argv[1]); os.chdir(sys.argv[1]); os.rmdir(sys.argv[1])\n"
    run = "sys.exit(main(sys.argv[2:]))"
    folder = tmp_path / "gone"
    path = tmp_path / "x.nt"
    path.write_text("<urn:a> <urn:p> 1 .".replace("1", '"1"'))
    assert script(gone + run, folder, "show", "Inserm").code == DONE
    assert script(gone + run, folder, "check", "--project", light.root, path).code == PROBLEMS
    ended = script(gone + run, folder, "show", "--project", ".", "Inserm")
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith("onehealthkg: .: the current folder cannot be read: No such file")


@pytest.fixture
def public(light: Project) -> Iterator[Path]:
    """A copy of the project that every user may read; pytest's own folders are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copytree(light.root, folder / "project")
    yield folder
    shutil.rmtree(folder)


# The modules of the command are imported while there are rights, which are then dropped.
NOBODY = """
*first, last = [words.split() for words in sys.argv[1:]]
out, sys.stdout = sys.stdout, open(os.devnull, "w")
with sys.stdout:
    for words in first:
        main(words)
sys.stdout = out
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(last))
"""


@pytest.mark.slow
def test_a_folder_and_a_file_without_rights_are_named(public: Path, light: Project) -> None:
    own = public / "project"
    people = own / "data" / "people.ttl"
    people.chmod(0)
    ended = script(NOBODY, f"check --project {light.root}", f"check --project {own}")
    message = f"onehealthkg: {people}: cannot be read: Permission denied.\n"
    assert ended == (NO_FILE, "", message)
    people.chmod(0o644)
    sources = own / "data" / "sources"
    sources.chmod(0)
    ended = script(NOBODY, f"check --project {light.root}", f"show --project {own} Inserm")
    sources.chmod(0o755)
    assert (ended.code, ended.out) == (NO_FILE, "")
    assert ended.err.startswith(f"onehealthkg: {sources}: cannot be read: Permission denied; a ")


@pytest.mark.slow
def test_a_file_that_may_not_be_written_is_unchanged(public: Path) -> None:
    page = public / "page.html"
    page.write_text("mine")
    page.chmod(0o444)
    public.chmod(0o777)
    own = f"--project {public / 'project'}"
    cover = f"coverage {STEM} {own} --html"
    first = (f"check {own}", f"{cover} {public / 'first.html'}")
    ended = script(NOBODY, *first, f"{cover} {page}")
    message = f"onehealthkg: {page}: cannot be written: Permission denied.\n"
    assert (ended, page.read_text()) == ((NO_FILE, "", message), "mine")
    public.chmod(0o755)
    other = public / "other.html"
    ended = script(NOBODY, *first, f"{cover} {other}")
    message = f"onehealthkg: {other}: cannot be written: Permission denied.\n"
    assert (ended, other.exists()) == ((NO_FILE, "", message), False)
