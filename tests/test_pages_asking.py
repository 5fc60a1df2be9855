"""The pages of questions: the answer first, all values as links, the sentences of the right row."""

import re

import pytest

from onehealthkg.evidence.selection import select
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import HOME
from onehealthkg.pages.asking import problem_page, question_page
from onehealthkg.pages.view import View
from onehealthkg.pages.world import World


@pytest.fixture(scope="module")
def worlds(graph: KnowledgeGraph) -> dict[str, World]:
    whole = select(graph.project)
    return {language: World(whole.in_language(language), served=True) for language in ("en", "fr")}


def page(world: World, name: str, **given: str) -> str:
    return question_page(
        View(world, f"questions/{name}"), name, {key: [value] for key, value in given.items()}
    )


def test_the_answer_comes_before_the_description_and_the_form_is_folded(
    worlds: dict[str, World],
) -> None:
    html = page(worlds["en"], "agreements", **{"with": "Inserm"})
    folded = html.index('<details class="change">')
    assert folded < html.index('<form class="ask"') < html.index('id="answer"')
    assert html.index('id="answer"') < html.index("One row for each agreement")
    assert "With: Inserm</span>" in html


def test_a_thing_that_a_link_names_by_its_address_is_shown_by_its_label(
    worlds: dict[str, World],
) -> None:
    html = page(worlds["fr"], "works-on", organisation=f"{HOME}id/organisation-anses")
    assert "Organisme\u00a0: Anses</span>" in html
    assert "Pas de réponse possible" in page(worlds["fr"], "works-on", organisation="http://[")


def test_a_question_without_its_required_values_shows_its_form(worlds: dict[str, World]) -> None:
    html = page(worlds["en"], "partners-of")
    assert "<details" not in html
    assert html.index("One row for each partner") < html.index('<form class="ask"')


def test_each_of_several_values_in_a_cell_is_a_link(worlds: dict[str, World]) -> None:
    html = page(worlds["en"], "agreements", **{"with": "Inserm"})
    (parties,) = re.findall(r'<td role="cell" data-head="parties">(.*?)</td>', html)
    assert re.findall(r'href="(.*?)"', parties) == [
        "../organisations/anses.html",
        "../organisations/inserm.html",
    ]
    assert re.sub("<.*?>", "", parties) == "ANSES; Inserm"
    (sources,) = re.findall(r'<td role="cell" data-head="sources">(.*?)</td>', html)
    assert re.findall(">(ANSES, 5 February 2020|Référence Agro)</a>", sources)
    assert "http" not in re.sub("<.*?>", "", sources)


def test_the_sentences_are_those_of_the_row(worlds: dict[str, World]) -> None:
    """Rows that are shown as one have other numbers than the rows of the answer."""
    html = page(worlds["en"], "conflicts", row="2")
    (row,) = re.findall(r'(?s)<tbody[^>]*id="row-2">(.*?)</tbody>', html)
    answer, _, said = row.partition('class="behind"')
    assert "Memorandum between OIE and the Inter-American Development Bank" in answer
    assert "agreement-with-the-interamerican-development-bank" in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The answer takes too long. Ask for less at once."),
        ("fr", "La réponse demande trop de temps. Restreignez la question."),
    ],
)
def test_a_question_that_takes_too_long_keeps_its_form(
    worlds: dict[str, World], language: str, said: str
) -> None:
    view = View(worlds[language], "questions/agreements")
    html = problem_page(view, 504, "stopped after 10 seconds", {"with": ["Inserm"]})
    assert html.index('<form class="ask"') < html.index(said) < html.index("stopped after")
    assert 'value="Inserm"' in html
    assert 'id="answer"' not in html
