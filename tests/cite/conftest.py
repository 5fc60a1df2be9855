"""The bundled data, whole and damaged, of which citations are asked."""

import pytest
from citing import Damaged, whole
from pyoxigraph import Quad, Store
from selections import release

from onehealthkg.dataset.cache import load_store
from onehealthkg.paths import bundled


@pytest.fixture(scope="session")
def quads() -> list[Quad]:
    """Of the bundled data all but the records, which would make of each question dozens of rows."""
    graphs = {quad.graph_name for quad in release().quads}
    return [quad for quad in load_store(bundled()) if quad.graph_name in graphs]


@pytest.fixture(scope="session")
def store(quads: list[Quad]) -> Store:
    return whole(quads)


@pytest.fixture(scope="session")
def damaged(quads: list[Quad]) -> Damaged:
    return Damaged(quads)
