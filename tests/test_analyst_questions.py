"""The questions of an analyst in docs/: each is one command, and prints the output on the page."""

from pathlib import Path

import pytest
from pages_of_commands import blocks, output

PAGE = (Path(__file__).parents[1] / "docs" / "how-to" / "analyst-questions.md").read_text(
    encoding="utf-8"
)
BLOCKS = blocks(PAGE)


@pytest.mark.parametrize(("command", "printed"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_a_command_prints_the_answer_of_the_page(
    command: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert output(command) == printed


def test_each_question_has_one_command_and_a_sentence_on_how_to_read_it() -> None:
    sections = PAGE.split("\n## ")[1:]
    assert len(sections) == len(BLOCKS) == 16
    for section in sections:
        assert len(blocks(section)) == 1, section
        assert section.rstrip().split("```")[-1].strip().endswith("."), section
