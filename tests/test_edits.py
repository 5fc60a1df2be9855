"""The edits of a careless or malicious editor are detected, or the table gives the reason."""

import random

import pytest
from edits import EDITS, PAGE, TABLE, Desk, Edit, page, wrong
from effort import EVERYTHING

OF_EACH_KIND = 3


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


def tried(kind: str) -> list[Edit]:
    """The edits of a kind, or those of them that are tried by default."""
    edits = [edit for edit in EDITS if edit.kind == kind]
    draw = random.Random(2020)  # noqa: S311 - no secret
    return edits if EVERYTHING else draw.sample(edits, min(OF_EACH_KIND, len(edits)))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(OF_EACH_KIND))
def test_each_edit_shows_as_the_table_says(desk: Desk, part: int) -> None:
    assert wrong(desk, [edit for kind in TABLE for edit in tried(kind)[part::OF_EACH_KIND]]) == {}


def test_the_page_of_the_documentation_is_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python tests/edits.py"
