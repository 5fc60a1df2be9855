"""Candidates to review, and sessions that review them."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from reviewing import HEADER, JANE, TOPICS

from onehealthkg.cli import main
from onehealthkg.mappings.sssom import Mapping, MappingSet, mapping_bytes
from onehealthkg.paths import Project, bundled


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with four topics and no links."""
    own = Project(tmp_path_factory.mktemp("project"))
    shutil.copytree(Path(bundled().root, "ontology"), Path(own.root, "ontology"))
    own.sources.mkdir(parents=True)
    Path(own.root, "data", "topics.ttl").write_text(TOPICS, encoding="utf-8")
    return own


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "links.sssom.tsv"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def made(*mappings: Mapping, name: str = "candidates") -> Path:
        path = tmp_path / f"{name}.sssom.tsv"
        path.write_bytes(mapping_bytes(MappingSet(HEADER, mappings)))
        return path

    return made


@pytest.fixture
def talk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept: Path, own: Project
) -> Callable[..., tuple[int, str, str]]:
    """A session whose answers are lines; returns exit code, output and dialogue."""
    monkeypatch.setenv("COLUMNS", "100")

    def talked(answers: str, candidates: Path, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        where = ["-o", str(kept), "--project", own.root]
        code = main(["review", str(candidates), *where, *(options or JANE)])
        out, err = capsys.readouterr()
        return code, out, err

    return talked
