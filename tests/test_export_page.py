"""The report: what it says, what it does with data that means harm, and how a browser shows it."""

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from chromium import HIDDEN, OPEN_ALL, PALE, Chromium, browsers
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from onehealthkg.pages.picture import lines_of
from onehealthkg.pages.whole import html
from pyoxigraph import Literal, NamedNode, Quad
from selections import HARM, harmful, part, without_evidence

from onehealthkg.dataset.edges import network
from onehealthkg.dataset.facts import Facts
from onehealthkg.dataset.selection import Selection, select
from onehealthkg.errors import UsageError
from onehealthkg.names import OH
from onehealthkg.pages.layout import layout
from onehealthkg.pages.spans import axis, spans
from onehealthkg.paths import bundled

DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
YEAR = NamedNode("http://www.w3.org/2001/XMLSchema#gYear")


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


def release(language: str = "en") -> Selection:
    """The archived release, and no record of what others say of the agreement."""
    whole = select(bundled(), "2020-02-05-anses-inserm", (), language)
    gone = {one.subject for one in whole.quads if one.object == NamedNode(OH + "Record")}
    gone |= {one.subject for one in whole.quads if one.object in gone}  # what is inferred from it
    quads = (one for one in whole.quads if not {one.graph_name, one.subject} & gone)
    return whole._replace(quads=tuple(quads))


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return release()


@pytest.fixture(scope="module")
def page(bundle: Selection) -> str:
    return html(bundle).decode()


@pytest.fixture(scope="module")
def french() -> str:
    return html(release("fr")).decode()


@pytest.fixture(scope="module")
def bad() -> str:
    return html(harmful()).decode()


def test_the_timeline_has_both_dates_and_the_sentences_behind_them(page: str) -> None:
    timeline = Reader(page.partition('<section id="timeline">')[2].partition("</section>")[0])
    assert timeline.text == (
        "Agreements in time ANSES–Inserm framework partnership agreement (2020) "
        "signed 5 February 2020 (inferred) s1 s4 s8 · ends 5 February 2025 (inferred) s1 s8 "
        "2020 2021 2022 2023 2024 2025 2026 stated in a source inferred"
    )


def test_in_french_dates_and_labels_are_french(french: str) -> None:
    text = Reader(french).text
    assert "Convention-cadre de partenariat Anses–Inserm (2020)" in text
    assert "signé le 5 février 2020 (déduit)" in text
    assert '<html lang="fr">' in french


def test_a_stated_end_is_drawn_unlike_an_inferred_one(page: str) -> None:
    stated = html(
        part(
            ("id:agreement-x", "rdf:type", "oh:Agreement"),
            ("id:agreement-x", "oh:dateSigned", Literal("2019-07-01", datatype=DATE)),
            ("id:agreement-x", "oh:dateEnds", Literal("2023", datatype=YEAR)),
        )
    ).decode()
    assert re.findall('<rect class="(bar[a-z ]*)"', stated) == ["bar"]
    assert re.findall('<rect class="(bar[a-z ]*)"', page) == ["bar inferred"]


def test_a_year_runs_from_its_beginning_to_its_end() -> None:
    selection = part(
        ("id:agreement-x", "rdf:type", "oh:Agreement"),
        ("id:agreement-x", "oh:dateSigned", Literal("2019", datatype=YEAR)),
        ("id:agreement-x", "oh:dateEnds", Literal("2022", datatype=YEAR)),
        ("id:agreement-y", "rdf:type", "oh:Agreement"),
    )
    found = spans(Facts(selection))
    assert [one.iri.rpartition("-")[2] for one in found] == ["x", "y"]
    assert axis(found)[:2] == (2019, 2024)
    assert '<rect class="bar" x="0.0%" y="8" width="80.00%"' in html(selection).decode()
    assert "no dates are known" in html(selection).decode()


def test_an_agreement_without_an_end_runs_out() -> None:
    selection = part(
        ("id:agreement-x", "rdf:type", "oh:Agreement"),
        ("id:agreement-x", "oh:dateSigned", Literal("2019-01-01", datatype=DATE)),
    )
    assert '<rect class="bar open"' in html(selection).decode()


def test_the_lines_of_the_network_are_the_relations_of_the_release(bundle: Selection) -> None:
    found = network(Facts(bundle))
    labels = {one.iri: one.label for one in found.nodes}
    lines = {
        (labels[one.source], one.words, labels[one.target], one.style)
        for one in lines_of(found)
        if "ministry" not in labels[one.target]
    }
    agreement = "ANSES–Inserm framework partnership agreement (2020)"
    research = "National Research Programme for Environmental and Occupational Health (PNR EST)"
    assert lines == {
        (agreement, "party", "ANSES", "together"),
        (agreement, "party", "Inserm", "together"),
        (agreement, "formalises", "ANSES–Inserm collaboration", "together"),
        ("ANSES–Inserm collaboration", "partner", "ANSES", "together"),
        ("ANSES–Inserm collaboration", "partner", "Inserm", "together"),
        ("Inserm's partnerships with research institutions", "partner", "Inserm", "together"),
        ("Gilles Bloch", "signs", agreement, "person"),
        ("Gilles Bloch", "Chairman and CEO of Inserm, on behalf of", "Inserm", "person"),
        ("Roger Genet", "signs", agreement, "person"),
        ("Roger Genet", "Director General of ANSES, on behalf of", "ANSES", "person"),
        ("One Health DIM", "participant", "ANSES", "programme"),
        ("One Health DIM", "participant", "Inserm", "programme"),
        (research, "programme of", "ANSES", "programme"),
        (research, "funds projects of", "Inserm", "programme"),
    }


def test_each_line_is_in_the_table_with_the_passages_that_say_so(
    bundle: Selection, page: str
) -> None:
    rows = re.findall("<tr><td>.*?</tr>", page)
    assert len(rows) == len(lines_of(network(Facts(bundle))))
    assert [row for row in rows if 'class="cite"' not in row] == []


def rectangles(page: str) -> list[tuple[float, ...]]:
    picture = page.partition('<svg class="network"')[2].partition("</svg>")[0]
    form = r'<rect x="(-?\d+)" y="(-?\d+)" width="(\d+)" height="(\d+)"'
    return [tuple(map(float, one)) for one in re.findall(form, picture)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_box_lies_on_another_and_no_line_goes_behind_one(
    language: str, page: str, french: str
) -> None:
    text = {"en": page, "fr": french}[language]
    boxes = rectangles(text)
    assert len(boxes) == 15
    for number, (x, y, width, height) in enumerate(boxes):
        for left, top, wide, high in boxes[:number]:
            assert x + width < left or left + wide < x or y + height < top or top + high < y
    ends = re.findall(r'<line class="\w+" x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)">', text)
    for x1, y1, x2, y2 in (tuple(map(float, one)) for one in ends):
        points = [(x1 + (x2 - x1) * t / 200, y1 + (y2 - y1) * t / 200) for t in range(201)]
        touched = [
            box
            for box in boxes
            if any(box[0] < x < box[0] + box[2] and box[1] < y < box[1] + box[3] for x, y in points)
        ]
        assert len(touched) == 2


def test_a_large_network_is_drawn_in_part_and_says_so() -> None:
    triples = [
        triple
        for number in range(70)
        for triple in (
            (f"id:organisation-{number}", "rdf:type", "org:FormalOrganization"),
            (f"id:organisation-{number}", "oh:supervisedBy", f"id:organisation-{number // 3}"),
        )
    ]
    shown = html(part(*triples)).decode()
    assert len(rectangles(shown)) == 60
    assert "The picture has the 60 things with the most relations, of 70" in shown
    assert shown.count("<tr><td>") == 69  # nothing is joined to itself


@settings(max_examples=examples(40))
@given(
    st.integers(1, 14).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20),
        )
    )
)
def test_boxes_of_any_network_stand_apart(given_network: tuple[int, list[tuple[int, int]]]) -> None:
    count, lines = given_network
    boxes = layout([(120.0, 40.0)] * count, [one for one in lines if one[0] != one[1]])
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            across, down = abs(one.x - other.x), abs(one.y - other.y)
            assert across >= 120 or down >= 40


@pytest.mark.parametrize("kind", ["page", "french", "bad"])
def test_links_within_the_page_lead_somewhere_and_no_name_is_there_twice(
    kind: str, request: pytest.FixtureRequest
) -> None:
    found = Reader(request.getfixturevalue(kind))
    names = found.values("id")
    assert len(names) == len(set(names))
    inward = {one.removeprefix("#") for one in found.values("href") if one.startswith("#")}
    assert inward <= set(names)


def test_a_passage_whose_text_is_not_archived_is_named_without_a_link(bundle: Selection) -> None:
    other = [
        Quad(*[renamed(part_) for part_ in one.triple], renamed(one.graph_name))
        for one in bundle.quads
    ]
    shown = html(bundle._replace(quads=tuple(other))).decode()
    assert '<span class="cite">2020-02-05-elsewhere#s8</span>' in shown
    assert 'href="#' not in shown


def renamed(term: object) -> object:
    if not isinstance(term, NamedNode):
        return term
    return NamedNode(
        term.value.replace("source/2020-02-05-anses-inserm", "source/2020-02-05-elsewhere")
    )


def test_every_passage_is_there_with_its_statements(page: str) -> None:
    names = [one for one in Reader(page).values("id") if re.search("-s[0-9]+$", one)]
    assert names == [f"2020-02-05-anses-inserm-s{one}" for one in range(1, 22)]
    assert page.count("<details class=") == 22


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


def test_the_same_data_gives_the_same_page(bundle: Selection, page: str) -> None:
    assert html(bundle._replace(quads=tuple(reversed(bundle.quads)))).decode() == page


def test_another_language_is_refused(bundle: Selection) -> None:
    with pytest.raises(UsageError, match='"de" is not a language here; write one of en, fr'):
        html(bundle._replace(language="de"))


def test_without_evidence_or_facts_there_is_still_a_page(bundle: Selection) -> None:
    bare = html(without_evidence(bundle)).decode()
    assert 'id="timeline"' in bare
    assert "(inferred)" not in bare
    assert html(bundle._replace(quads=())).startswith(b"<!DOCTYPE html>")


# What follows needs Chromium, which .ci/run installs.


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    yield from browsers(tmp_path_factory)


@pytest.fixture(params=["page", "french", "bad"])
def each(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


def test_a_page_asks_for_nothing_and_the_browser_complains_of_nothing(
    chromium: Chromium, each: str, tmp_path: Path
) -> None:
    chromium.open(each, tmp_path)
    assert chromium.requests() == [(tmp_path / "page.html").as_uri()]
    assert chromium.complaints() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_only_the_picture_scrolls_to_the_side(
    chromium: Chromium, each: str, tmp_path: Path, width: int
) -> None:
    chromium.open(each, tmp_path, width=width)
    chromium.run(OPEN_ALL)
    assert chromium.run("document.documentElement.scrollWidth") <= width


def test_each_label_lies_within_its_box(chromium: Chromium, each: str, tmp_path: Path) -> None:
    chromium.open(each, tmp_path)
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
    assert chromium.run(PALE) == []
    # In the picture, letters and what is behind them are fills.
    fills = """[...document.querySelectorAll('.network .box')].map(one => ['text', 'rect']
        .map(tag => getComputedStyle(one.querySelector(tag)).fill))"""
    for pair in chromium.run(fills):
        light, dark = sorted((luminance(one) for one in pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    chromium.send("Emulation.setEmulatedMedia", features=[])


def luminance(colour: str) -> float:
    parts = [int(one) / 255 for one in re.findall("[0-9]+", colour)[:3]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(one * weight for one, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_paper_has_picture_table_and_every_statement(
    chromium: Chromium, page: str, tmp_path: Path
) -> None:
    chromium.open(page, tmp_path)
    chromium.send("Emulation.setEmulatedMedia", media="print")
    assert chromium.run(HIDDEN % "dd, .stated p, td, .network") == []
    chromium.send("Emulation.setEmulatedMedia", media="")
    pdf = base64.b64decode(chromium.send("Page.printToPDF")["data"])
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9
