"""Shared by all tests: the bundled project, copies of it to spoil, and a separate cache."""

import os
from pathlib import Path

import pytest
from effort import EVERYTHING, beyond
from hypothesis import settings
from projects import copied, light_copy
from pyoxigraph import Store

from onehealthkg.graph import KnowledgeGraph, load
from onehealthkg.paths import Project

settings.load_profile("all" if EVERYTHING else "sample")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow the tests that open a browser, and the parameters beyond a sample."""
    sampled: dict[str, list[pytest.Item]] = {}
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
        elif item.get_closest_marker("sampled"):
            sampled.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for group in sampled.values():
        quick = [item for item in group if not item.get_closest_marker("slow")]
        [most] = quick[0].get_closest_marker("sampled").args if quick else [0]
        for item in beyond(quick, most):
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    os.environ["ONEHEALTHKG_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return load()


@pytest.fixture(scope="session")
def merged(graph: KnowledgeGraph) -> Store:
    """The bundled data, each fact once in the default graph. No test may change it."""
    return graph.merged


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the bundled project, which a test may spoil."""
    return copied(tmp_path)


@pytest.fixture
def release(tmp_path: Path) -> Project:
    """A copy of the bundled project without records, which is quicker to check."""
    return copied(tmp_path, "partnerships")


@pytest.fixture
def light(tmp_path: Path) -> Project:
    """A copy that is checked in a quarter of the time; the whole project with `make test-all`."""
    return copied(tmp_path) if EVERYTHING else light_copy(tmp_path, "links.sssom.tsv")


@pytest.fixture
def linked(tmp_path: Path) -> Project:
    """As ``light``, with the links to other vocabularies; the release with `make test-all`."""
    return copied(tmp_path, "partnerships") if EVERYTHING else light_copy(tmp_path)
