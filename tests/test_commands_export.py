"""The commands export, convert and diff: their output and exit codes."""

from pathlib import Path

import pytest

from onehealthkg.commands import parser
from onehealthkg.errors import OneHealthKGError
from onehealthkg.rdf.read_write import read_quads

TRIG = "<https://e.example/g> { <https://e.example/a> <https://e.example/b> 1 . }\n"


def run(*arguments: str | Path) -> int:
    """The exit code of a command."""
    return parser.run([str(one) for one in arguments])


@pytest.fixture
def trig(tmp_path: Path) -> Path:
    path = tmp_path / "a.trig"
    path.write_text(TRIG)
    return path


@pytest.mark.slow
def test_export_writes_the_format_that_the_name_tells(tmp_path: Path) -> None:
    assert run("export", "--only", "Inserm", "-o", tmp_path / "a.trig") == 0
    assert run("export", "--only", "Inserm", "-o", tmp_path / "a.dataset.jsonld") == 0
    one, other = (set(read_quads(tmp_path / name)) for name in ("a.trig", "a.dataset.jsonld"))
    assert one == other


def test_export_to_standard_output_needs_a_format(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(OneHealthKGError, match="name a file with -o, or the format"):
        run("export")
    assert run("export", "--format", "turtle", "--only", "Inserm", "--without", "evidence") == 0
    assert capfdbinary.readouterr().out.startswith(b"@prefix ")


def test_convert_says_that_graphs_were_merged(
    trig: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.ttl"
    with pytest.raises(OneHealthKGError, match="add --merge"):
        run("convert", trig, target)
    assert not target.exists()
    assert run("convert", trig, target, "--merge") == 0
    assert capsys.readouterr().err.startswith("1 named graphs were merged")
    assert run("convert", trig, target, "--merge", "--quiet") == 0
    assert capsys.readouterr().err == ""
    assert len(read_quads(target)) == 1


def test_convert_that_fails_leaves_the_old_file(trig: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.rdf"
    target.write_text("old")
    trig.write_text("<https://e.example/a> <https://e.example/1> 1 .")
    with pytest.raises(OneHealthKGError, match="does not end in a name"):
        run("convert", trig, target)
    assert [path.name for path in tmp_path.iterdir() if path != trig] == ["a.rdf"]
    assert target.read_text() == "old"


def test_diff_gives_0_for_the_same_and_1_for_a_difference(
    trig: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "b.trig"
    other.write_text(TRIG.replace("1 .", "2 ."))
    assert run("diff", trig, trig) == 0
    assert run("diff", trig, other) == 1
    assert run("diff", trig, other, "--format", "patch") == 1
    assert run("diff", trig, other, "--format", "json") == 1
    assert capsys.readouterr().out.startswith("No difference.\nhttps://e.example/a")
