"""What all tests share: the bundled project, a copy of it to spoil, and a cache of their own."""

import os
from pathlib import Path

import pytest
from projects import copied

from onehealthkg.graph import KnowledgeGraph, load
from onehealthkg.paths import Project


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    os.environ["ONEHEALTHKG_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return load()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the bundled project, which a test may spoil."""
    return copied(tmp_path)


@pytest.fixture
def release(tmp_path: Path) -> Project:
    """A copy of the bundled project without records, which is quicker to check."""
    return copied(tmp_path, "partnerships")
