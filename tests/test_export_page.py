"""A page as one file: that of the thing selected, or the overview; and how a browser shows it."""

import base64
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from chromium import HIDDEN, OPEN_ALL, PALE, Chromium, browsers
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from selections import HARM, everything, harmful, part, without_evidence

from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.evidence.selection import narrowed
from onehealthkg.pages.layout import layout
from onehealthkg.pages.network import clusters, picture
from onehealthkg.pages.site import page as page_at
from onehealthkg.pages.site import single
from onehealthkg.pages.spans import axis
from onehealthkg.pages.view import View
from onehealthkg.pages.world import World

DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
YEAR = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
SOURCE = "2020-02-05-anses-inserm"
AGREEMENT = "id:agreement-anses-inserm-2020"
# A selection, and its page in the site.
SAME = {
    "": "index.html",
    "ANSES": "organisations/anses.html",
    AGREEMENT: "agreements/anses-inserm-2020.html",
    "zoonoses": "topics/zoonoses.html",
    SOURCE: f"texts/{SOURCE}.html",
    f"{SOURCE}#s8": f"texts/{SOURCE}.html",
}


class Reader(HTMLParser):
    """The elements of a page and its text, without the style sheet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, name: str) -> list[str]:
        return [given[name] for _, given in self.elements if name in given]


@cache
def single_page(only: str, language: str = "en") -> str:
    return single(narrowed(everything(language), only)).decode()


def main_of(page: str) -> str:
    """The text of a page without its menu and its foot."""
    return Reader(re.search("<main.*?</main>", page, re.DOTALL)[0]).text


def bars(*triples: tuple[str, str, object]) -> list[str]:
    """The kinds of the bars of the timeline of some agreements."""
    text = page_at(World(part(*triples)), "timeline.html").decode()
    return re.findall('<rect class="(bar[a-z ]*)"', text.partition('<ol class="rows">')[2])


@pytest.fixture(scope="module")
def world() -> World:
    return World(everything())


@pytest.fixture(scope="module")
def page() -> str:
    return single_page(AGREEMENT)


@pytest.fixture(scope="module")
def french() -> str:
    return single_page(AGREEMENT, "fr")


@pytest.fixture(scope="module")
def text() -> str:
    return single_page(SOURCE)


@pytest.fixture(scope="module")
def overview() -> str:
    return single_page("")


@pytest.fixture(scope="module")
def bad() -> str:
    return single(harmful()).decode()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("only", SAME)
def test_the_page_of_a_thing_agrees_with_the_site(only: str, world: World) -> None:
    alone = single_page(only)
    assert main_of(alone) == main_of(page_at(world, SAME[only]).decode())
    links = Reader(alone).values("href")
    assert [one for one in links if not re.match("#|https?://", one)] == []
    assert "<nav" not in alone.partition("<main")[0]


@pytest.mark.slow
def test_the_page_of_an_organisation_has_all_its_agreements_and_no_others(world: World) -> None:
    anses = NamedNode("https://w3id.org/onehealthkg/id/organisation-anses")
    table = single_page("ANSES").partition('<section id="agreements">')[2].partition("</table>")[0]
    listed = re.findall('<th scope="row" role="rowheader"><bdi>(.*?)</bdi>', table)
    wanted = [world.facts.label(one) for one in world.newest(world.agreements_of[anses])]
    assert len(wanted) >= 16
    assert list(map(unescape, listed)) == wanted


@pytest.mark.slow
def test_a_thing_without_a_page_in_the_site_has_its_statements_and_their_sources() -> None:
    text = main_of(single_page("Gilles Bloch"))
    assert text.startswith("person [1] [2] Gilles Bloch Mentioned by")
    agreement = "Framework partnership agreement between ANSES and Inserm (2020)"
    assert f"signatory Chairman and CEO of Inserm ( {agreement}" in text
    assert "Gilles Bloch, Chairman and CEO of Inserm, and Roger Genet, Director General" in text


def test_an_address_without_a_page_is_unknown(world: World) -> None:
    with pytest.raises(UnknownThing, match=r'no page "x\.html"; index\.html leads to all pages'):
        page_at(world, "x.html")


@pytest.mark.slow
def test_a_selection_without_inferences_or_links_has_a_page_without_them() -> None:
    less = narrowed(everything(), AGREEMENT, ("inferences", "links"))
    text = main_of(single(less).decode())
    assert "Inferred:" not in text
    assert "end date" not in text


def test_both_dates_have_the_sentences_behind_them(page: str) -> None:
    assert '<rect class="bar inferred"' in page
    for date in ("date of signature", "end date"):
        numbers = re.findall(rf"<dt>{date}</dt>.*?</div>", page)[0]
        notes = [
            Reader(re.search(f'<li id="n{number}">.*?</li>', page, re.DOTALL)[0]).text
            for number in re.findall("#n([0-9]+)", numbers)
        ]
        assert any("Inferred" in one and "Maisons-Alfort, 5 February 2020" in one for one in notes)


def test_in_french_dates_and_labels_are_french(french: str) -> None:
    text = main_of(french)
    assert text.startswith(
        "accord [1] Convention-cadre de partenariat entre l'Anses et l'Inserm (2020)"
    )
    assert "5 février 2020" in text
    assert '<html lang="fr">' in french


def test_a_stated_end_is_drawn_unlike_an_inferred_one(page: str) -> None:
    stated = bars(
        ("id:agreement-x", "rdf:type", "oh:Arrangement"),
        ("id:agreement-x", "oh:dateSigned", Literal("2019-07-01", datatype=DATE)),
        ("id:agreement-x", "oh:dateEnds", Literal("2023", datatype=YEAR)),
    )
    assert stated == ["bar"]
    assert re.findall('<rect class="(bar[a-z ]*)"', page) == ["bar inferred"]


def test_a_year_runs_from_its_beginning_to_its_end() -> None:
    selection = part(
        ("id:agreement-x", "rdf:type", "oh:Arrangement"),
        ("id:agreement-x", "oh:dateSigned", Literal("2019", datatype=YEAR)),
        ("id:agreement-x", "oh:dateEnds", Literal("2022", datatype=YEAR)),
        ("id:agreement-y", "rdf:type", "oh:Arrangement"),
    )
    world = World(selection)
    found = [world.span(agreement) for agreement in world.begins]
    assert [one.iri.rpartition("-")[2] for one in found] == ["x", "y"]
    assert axis(found)[:2] == (2019, 2024)
    timeline = page_at(world, "timeline.html").decode()
    assert '<rect class="bar" x="0.0%" y="8" width="80.00%"' in timeline
    assert "no dates are known" in timeline


def test_an_agreement_without_an_end_runs_out() -> None:
    signed = ("id:agreement-x", "oh:dateSigned", Literal("2019-01-01", datatype=DATE))
    assert bars(("id:agreement-x", "rdf:type", "oh:Arrangement"), signed) == ["bar open"]


@pytest.mark.slow
def test_no_box_lies_on_another_and_few_lines_go_behind_one(world: World) -> None:
    """In a small picture none does; in the largest, of 87 boxes, fewer than it has lines."""
    for number, cluster in enumerate(clusters(world)):
        drawn = picture(View(world, "network.html"), cluster)
        places = [one["place"] for one in drawn["boxes"]]
        for at, box in enumerate(places):
            for other in places[:at]:
                across, down = abs(box.x - other.x), abs(box.y - other.y)
                assert across >= (box.width + other.width) / 2 or (
                    down >= (box.height + other.height) / 2
                )
        behind = 0
        for stroke in drawn["strokes"]:
            start, end = stroke["ends"]
            for box in places:
                if box not in (start, end):
                    points = [
                        (
                            start.x + (end.x - start.x) * t / 200,
                            start.y + (end.y - start.y) * t / 200,
                        )
                        for t in range(201)
                    ]
                    behind += any(
                        abs(x - box.x) < box.width / 2 and abs(y - box.y) < box.height / 2
                        for x, y in points
                    )
        assert behind < (len(drawn["strokes"]) if number == 0 else 1)


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(
    st.integers(1, 14).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20),
        )
    )
)
def test_boxes_of_any_network_do_not_touch(
    given_network: tuple[int, list[tuple[int, int]]],
) -> None:
    count, lines = given_network
    boxes = layout([(120.0, 40.0)] * count, [one for one in lines if one[0] != one[1]])
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            across, down = abs(one.x - other.x), abs(one.y - other.y)
            assert across >= 120 or down >= 40


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["page", "french", "text", "overview", "bad"])
def test_links_within_the_page_have_targets_and_no_anchor_is_repeated(
    kind: str, request: pytest.FixtureRequest
) -> None:
    found = Reader(request.getfixturevalue(kind))
    names = found.values("id")
    assert len(names) == len(set(names))
    inward = {one.removeprefix("#") for one in found.values("href") if one.startswith("#")}
    assert inward <= set(names)


def test_a_passage_whose_text_is_not_archived_is_named_without_a_link() -> None:
    whole = everything()
    quads = tuple(one for one in whole.quads if "oa#hasSource" not in one.predicate.value)
    shown = page_at(World(whole._replace(quads=quads)), SAME[AGREEMENT]).decode()
    assert "texts/" not in shown


def test_every_passage_has_its_statements(text: str) -> None:
    names = [one for one in Reader(text).values("id") if re.fullmatch("s[0-9]+", one)]
    assert names == [f"s{number}" for number in range(1, 22)]
    assert text.count("<details class=") == 21


def test_nothing_of_harmful_data_becomes_markup(bad: str) -> None:
    found = Reader(bad)
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    assert not [name for _, given in found.elements for name in given if name.startswith("on")]
    assert not [one for one in found.values("href") if not one.startswith(("#", "https:"))]
    assert HARM not in bad
    assert (
        '=HYPERLINK("http://evil.example")</script><script>alert(1)</script>[U+0001][U+202E]'
        in (found.text)
    )


def test_the_policy_allows_the_style_sheet_of_the_page_and_nothing_else(page: str) -> None:
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        in page
    )
    assert " style=" not in page


def test_the_same_data_gives_the_same_page() -> None:
    whole = everything()
    turned = whole._replace(quads=tuple(reversed(whole.quads)))
    assert single(turned) == single(whole)


def test_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match='"de" is not a supported language; write one of en, fr'):
        single(harmful()._replace(language="de"))


def test_without_evidence_or_facts_there_is_still_a_page() -> None:
    whole = everything()
    bare = single(without_evidence(whole)).decode()
    assert 'id="figures"' in bare
    assert 'id="basis"' not in bare
    assert single(whole._replace(quads=())).startswith(b"<!DOCTYPE html>")


# The following tests need Chromium, which .ci/run installs.


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    yield from browsers(tmp_path_factory)


@pytest.fixture(params=["page", "french", "text", "overview", "bad"])
def each(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


def test_a_page_requests_nothing_and_the_browser_reports_no_errors(
    chromium: Chromium, each: str, tmp_path: Path
) -> None:
    chromium.open(each, tmp_path)
    assert chromium.requests() == [(tmp_path / "page.html").as_uri()]
    assert chromium.complaints() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(
    chromium: Chromium, each: str, tmp_path: Path, width: int
) -> None:
    chromium.open(each, tmp_path, width=width)
    chromium.run(OPEN_ALL)
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def network(world: World) -> str:
    return page_at(world, "network.html").decode()


def test_each_label_lies_within_its_box(chromium: Chromium, network: str, tmp_path: Path) -> None:
    chromium.open(network, tmp_path)
    outside = """[...document.querySelectorAll('.network .box')].filter(one => {
        const [box, text] = ['rect', 'text'].map(tag => one.querySelector(tag).getBBox());
        return text.x < box.x || text.y < box.y || text.x + text.width > box.x + box.width
            || text.y + text.height > box.y + box.height}).map(one => one.textContent)"""
    assert chromium.run("document.querySelectorAll('.network .box').length") > 1
    assert chromium.run(outside) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(
    chromium: Chromium, each: str, tmp_path: Path, scheme: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    chromium.open(each, tmp_path)
    chromium.run(OPEN_ALL)
    pale = chromium.run(PALE)
    chromium.send("Emulation.setEmulatedMedia", features=[])
    assert pale == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_letters_of_the_network_have_the_contrast_of_wcag_aa(
    chromium: Chromium, network: str, tmp_path: Path, scheme: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    # Letters and what is behind them are fills.
    chromium.open(network, tmp_path)
    fills = """[...document.querySelectorAll('.network .box')].map(one => ['text', 'rect']
        .map(tag => getComputedStyle(one.querySelector(tag)).fill))"""
    pairs = chromium.run(fills)
    chromium.send("Emulation.setEmulatedMedia", features=[])
    for pair in pairs:
        light, dark = sorted((luminance(one) for one in pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(one) / 255 for one in re.findall("[0-9]+", colour)[:3]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(one * weight for one, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_paper_has_every_statement(chromium: Chromium, text: str, tmp_path: Path) -> None:
    chromium.open(text, tmp_path)
    chromium.send("Emulation.setEmulatedMedia", media="print")
    assert chromium.run(HIDDEN % "dd, .stated p") == []
    chromium.send("Emulation.setEmulatedMedia", media="")
    pdf = base64.b64decode(chromium.send("Page.printToPDF")["data"])
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9
