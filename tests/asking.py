"""Questions of the bundled data, for the tests of queries: their cells, or why they are refused."""

import pytest
from pyoxigraph import Store

from onehealthkg.errors import (
    OneHealthKGError,
)
from onehealthkg.paths import bundled
from onehealthkg.queries.query import run
from onehealthkg.queries.results import Result
from onehealthkg.queries.tables import cell

PROJECT = bundled()
AGREEMENT = "agreement-anses-inserm-2020"
XSD = "http://www.w3.org/2001/XMLSchema#"


def cells(result: Result) -> list[list[str]]:
    return [[cell(term) for term in row] for row in result.rows]


def refused(store: Store, query: str, **values: object) -> str:
    with pytest.raises(OneHealthKGError) as error:
        run(store, PROJECT, query, values)  # type: ignore[arg-type]
    return str(error.value)
