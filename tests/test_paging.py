"""Long lists in several pages."""

import re

import pytest

from onehealthkg.errors import UnknownThing
from onehealthkg.evidence.selection import select
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.pages.listings import LISTS
from onehealthkg.pages.paging import Heading, Listing, split
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
    middle = Listing(range(1000), [Heading("", "")] * 1000, 10).page("agreements-50.html")
    assert list(middle.items) == list(range(490, 500))
    assert " ".join(link.text for link in middle.links) == "1 … 48 49 50 51 52 … 100"
    assert [link.page for link in middle.links[:3]] == ["agreements.html", "", "agreements-48.html"]
    assert len(Listing([], []).page("agreements.html").links) == 1


def test_each_page_leads_to_the_beginning_of_each_part() -> None:
    headings = [Heading(letter, f"letter-{letter}") for letter in "aaabbbbc"]
    listing = Listing(range(8), headings, 3)
    second = listing.page("names-2.html")
    assert second.anchors == ["letter-b", "", ""]
    assert second.places == [
        ("a", "names.html#letter-a", False),
        ("b", "#letter-b", True),
        ("c", "names-3.html#letter-c", False),
    ]
    third = listing.page("names-3.html")
    assert third.anchors == ["", "letter-c"]
    assert [place.text for place in third.places if place.is_here] == ["b", "c"]
    assert Listing(range(8), headings).page("names.html").places == []


@pytest.fixture(scope="module")
def world(graph: KnowledgeGraph) -> World:
    return World(select(graph.project), rows=30)


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


def test_every_year_and_letter_of_a_long_list_is_a_link_to_where_it_begins(world: World) -> None:
    lists = tuple(base.removesuffix(".html") for base in LISTS)
    every = [one for one in addresses(world) if one.startswith(lists)]
    texts = {address: page(world, address).decode() for address in every}
    assert len(texts) > 10
    for address, text in texts.items():
        for other, anchor in re.findall(
            r'href="([\w-]+\.html)?#((?:year|letter)-\w+|texts)"', text
        ):
            assert f'id="{anchor}"' in texts[other or address], (address, other, anchor)
    assert ">2009</a>" in texts["agreements-3.html"]
    assert 'id="letter-41"' in texts["organisations.html"]


def test_overviews_have_no_pages_of_things_and_no_links_to_them(graph: KnowledgeGraph) -> None:
    world = World(select(graph.project), overviews=True)
    every = addresses(world)
    assert LISTS.keys() < set(every)
    assert not [address for address in every if "/" in address]
    for address in set(every) - {"network.html"}:  # its pictures take long
        text = page(world, address).decode()
        assert "onehealthkg serve" in text, address
        for other in re.findall(r'href="([\w/.-]+)[#"]', text):
            assert other in every, (address, other)


@pytest.mark.parametrize("address", ["agreements-4.html", "countries-2.html"])
def test_there_is_no_page_behind_the_last(world: World, address: str) -> None:
    with pytest.raises(UnknownThing):
        page(world, address)


def test_accents_do_not_matter_for_the_order_of_names(graph: KnowledgeGraph) -> None:
    french = World(select(graph.project, language="fr"))
    names = [french.facts.label(thing) for thing in french.things["place"]]
    assert names.index("États-Unis") < names.index("France")
