"""Long lists in several pages."""

import re

import pytest

from onehealthkg.errors import UnknownThing
from onehealthkg.evidence.selection import select
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.pages import paging
from onehealthkg.pages.paging import page_of, split
from onehealthkg.pages.site import addresses, page
from onehealthkg.pages.world import World


@pytest.mark.parametrize(
    ("address", "base", "number"),
    [
        ("agreements.html", "agreements.html", 1),
        ("agreements-2.html", "agreements.html", 2),
        ("agreements-1.html", "agreements-1.html", 1),
        ("agreements-02.html", "agreements-02.html", 1),
        ("topics/one-health-2.html", "topics/one-health-2.html", 1),
    ],
)
def test_the_number_of_a_page_is_in_its_address(address: str, base: str, number: int) -> None:
    assert split(address) == (base, number)


def test_a_page_links_the_first_the_last_and_those_around_it() -> None:
    middle = page_of(range(1000), "agreements-50.html", 10)
    assert list(middle.items) == list(range(490, 500))
    assert " ".join(link.text for link in middle.links) == "1 … 48 49 50 51 52 … 100"
    assert [link.page for link in middle.links[:3]] == ["agreements.html", "", "agreements-48.html"]
    assert len(page_of([], "agreements.html").links) == 1


@pytest.fixture
def world(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(paging.pages, "__defaults__", (30,))
    monkeypatch.setattr(paging.page_of, "__defaults__", (30,))
    return World(select(graph.project))


def test_all_agreements_are_on_one_of_the_pages_in_order(world: World) -> None:
    every = [one for one in addresses(world) if re.fullmatch(r"agreements(-\d+)?\.html", one)]
    assert every == ["agreements.html", "agreements-2.html", "agreements-3.html"]
    texts = [page(world, address).decode() for address in every]
    listed = [one for text in texts for one in re.findall(r'<th scope="row".*?href="(.*?)"', text)]
    assert listed == [world.addresses[one] for one in world.newest(world.begins)]
    assert '<a rel="next" href="agreements-2.html">' in texts[0]
    assert '<a rel="prev" href="agreements.html">' in texts[1]
    assert "onehealthkg serve" in texts[2]
    assert 'aria-current="page">Agreements</a>' in texts[2]


@pytest.mark.parametrize("address", ["agreements-4.html", "countries-2.html"])
def test_there_is_no_page_behind_the_last(world: World, address: str) -> None:
    with pytest.raises(UnknownThing):
        page(world, address)


def test_accents_do_not_matter_for_the_order_of_names(graph: KnowledgeGraph) -> None:
    french = World(select(graph.project, language="fr"))
    names = [french.facts.label(thing) for thing in french.things["place"]]
    assert names.index("États-Unis") < names.index("France")
