"""The page of `coverage --html`: it agrees with the coverage, and requests nothing.

A real Chromium opens the page of the bundled source and that of a hostile one, which tries to get
markup, scripts, styles, links and turned text in by every door: titles, labels, quotes, reasons,
IRIs and language.
"""

import base64
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from chromium import HIDDEN, OPEN_ALL, PALE, Chromium, browsers
from markupsafe import escape

from onehealthkg.checks.coverage import Coverage, coverage
from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import UsageError
from onehealthkg.pages.coverage import page
from onehealthkg.paths import Project, bundled

REAL = "2020-02-05-anses-inserm"
LANGUAGES = ("en", "fr")

IMAGE = "<img src=https://evil.example/x.png onerror=\"document.body.id='hit'\">"
SCRIPT = "</title></style><script>document.body.id='hit'</script>"
STYLE = "</style><style>*{display:none!important}@import'https://evil.example/'</style>"
TURN = "abc \u202e\u2066cba\u2069 \x00\x1b[31m"
QUOTES = {
    "s1": f"Heading {SCRIPT}",
    "s2": f"First, {IMAGE} \"quoted\" 'and' &amp; so on.",
    "s3": f"Second {STYLE}.",
    "s4'onfocus='hit()&lt;": "Third. </span></article></main>",
    "s5": f"Fourth {TURN}.",
    "s6": "\u05e9\u05dc\u05d5\u05dd Hebrew first.",
    "s7": "A" * 300,
}
# The text before each passage: the start, a new paragraph, a space, a new line, ...
GAPS = ["\ufeff\r\n", "\r\n\r\n", " ", "\n", " ", "\n \n", "\n\n"]


class Reader(HTMLParser):
    """The elements of a page and the text in them, as any reader of HTML has them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def literal(text: str, language: str = "") -> str:
    """A literal of TriG with every character that could end it as a number."""
    escaped = "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"' + (f"@{language}" if language else "")


def hostile_text() -> str:
    return "".join(gap + quote for gap, quote in zip(GAPS, QUOTES.values(), strict=True)) + "\n"


def hostile_passages() -> Iterator[str]:
    text, start = hostile_text(), 0
    for number, (name, quote) in enumerate(QUOTES.items()):
        start = text.index(quote, start)
        yield f"""
            <#{name}> a oh:Passage ; oa:hasSource <2030-01-01-hostile.txt> ; oa:hasSelector <#p{number}> , <#q{number}> .
            <#p{number}> oa:start {start} ; oa:end {start + len(quote)} .
            <#q{number}> oa:exact {literal(quote)} ."""


def hostile_statements() -> str:
    return f"""
        @base <https://w3id.org/onehealthkg/source/2030-01-01-hostile> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix id: <https://w3id.org/onehealthkg/id/> .
        @prefix oa: <http://www.w3.org/ns/oa#> .
        @prefix oh: <https://w3id.org/onehealthkg/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <#about> {{
            <#about> a oh:CuratedGraph .
            <2030-01-01-hostile.txt> a oh:ArchivedText ; dcterms:isFormatOf <> ;
                <http://schema.org/sha256> "{sha256(hostile_text().encode()).hexdigest()}" ;
                dcterms:source <javascript:document.body.id='hit'> , <https://evil.example/?a=1&b='2'> .
            <>  dcterms:title {literal(SCRIPT + TURN, "en")} ;
                dcterms:issued {literal('"><script>')} ;
                dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> ;
                dcterms:publisher id:hostile-1 .
            id:hostile-1 skos:prefLabel {literal(IMAGE + TURN, "en")} .
            id:hostile-2 skos:prefLabel {literal(STYLE, "en")} .
            <#s3> oh:withoutStatement {literal(SCRIPT + IMAGE + TURN)} .
            {"".join(hostile_passages())}
        }}
        <#s1> {{
            id:hostile-1 a id:hostile-2 ;
                id:hostile-2 {literal(SCRIPT, "en")} , <javascript:alert(1)> , <data:text/html,x> ,
                    <HTTPS://evil.example/'x'> , 5 .
        }}
        <#s4'onfocus='hit()&lt;> {{ id:hostile-2 a oh:Agreement . }}
    """


@pytest.fixture(scope="module")
def hostile(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    assert cache.is_dir()
    root = tmp_path_factory.mktemp("hostile")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(Path(bundled().root, folder), root / folder)
    sources = root / "data" / "sources"
    (sources / "2030-01-01-hostile.txt").write_bytes(hostile_text().encode())
    (sources / "2030-01-01-hostile.trig").write_text(hostile_statements(), encoding="utf-8")
    project = Project(root)
    return coverage(load_store(project), project, "2030-01-01-hostile")


@pytest.fixture(scope="module", params=LANGUAGES)
def real(cache: Path, request: pytest.FixtureRequest) -> tuple[Coverage, str]:
    assert cache.is_dir()
    return coverage(load_store(bundled()), bundled(), REAL, request.param), request.param


def test_the_page_of_a_source_has_its_whole_text_and_all_its_statements(
    real: tuple[Coverage, str],
) -> None:
    covered, language = real
    text = Reader(page(*real)).text
    for one, words in zip(covered.passages, covered.words, strict=True):
        assert one.passage.quote in text
        for subject, predicate, value in words:
            assert subject in text
            assert predicate in text or predicate == "is a"
            assert value in text
    assert ("est de type" in text) is (language == "fr")


def test_words_for_which_no_statement_accounts_are_underlined(real: tuple[Coverage, str]) -> None:
    shown = page(*real)
    marked = re.findall(r"<u title=[^>]*>(.*?)</u>", shown)
    assert marked == [word for one in real[0].passages for word in one.unmarked_words]
    assert marked[:2] == ["public", "interest"]


def test_a_page_counts_passages_statements_and_words(hostile: Coverage) -> None:
    text = " ".join(Reader(page(hostile)).text.split())
    assert "3 of 7 passages read." in text
    assert f"{hostile.whole_percent}% of the names, numbers and known terms" in text
    assert hostile.whole_percent < 100
    assert "modelled: 2 passages, 7 statements." in text
    assert "states nothing: 1 passage." in text
    assert "open: 4 passages." in text
    assert "s1 ✓ 6 statements" in text
    assert "s4'onfocus='hit()&lt; ✓ 1 statement" in text
    assert "s3 – states nothing" in text
    assert "s2 ? open" in text


def test_the_head_names_publisher_date_address_and_source(real: tuple[Coverage, str]) -> None:
    head = Reader(page(*real).partition("<main>")[0])
    address = (
        "https://www.anses.fr/en/content/"
        "anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0"
    )
    assert head.values("href") == [address]
    publisher = {"en": "ANSES", "fr": "Anses"}[real[1]]
    archived = {"en": "archived as", "fr": "archivé sous le nom"}[real[1]]
    assert f"{publisher} · 2020-02-05 · {archived} {REAL}" in head.text


def test_text_and_page_say_their_languages(real: tuple[Coverage, str]) -> None:
    elements = Reader(page(*real)).elements
    assert ("html", {"lang": real[1]}) in elements
    assert ("div", {"class": "text", "lang": "en"}) in elements
    assert ("h1", {"lang": "en", "dir": "auto"}) in elements
    assert {given["lang"] for tag, given in elements if tag == "details"} == {real[1]}


def test_a_page_is_the_same_each_time(real: tuple[Coverage, str]) -> None:
    covered, language = real
    again = coverage(load_store(bundled()), bundled(), REAL, language)
    assert page(again, language) == page(covered, language)


def test_another_language_is_refused_by_name(hostile: Coverage) -> None:
    with pytest.raises(UsageError, match='"de" is not a supported language; write one of en, fr'):
        page(hostile, "de")


def test_paragraphs_and_line_breaks_are_those_of_the_text(hostile: Coverage) -> None:
    text = page(hostile).partition("<article")[2].partition("</article>")[0]
    paragraphs = [
        re.findall(r'id="(s\d)|(<br>)', one) for one in text.split('<div dir="auto">')[1:]
    ]
    assert [["".join(one) for one in found] for found in paragraphs] == [
        ["s1"],
        ["s2", "s3", "<br>", "s4", "s5"],
        ["s6"],
        ["s7"],
    ]


def test_a_line_that_is_not_a_sentence_is_a_heading(
    real: tuple[Coverage, str],
) -> None:
    found = re.findall(r'class="passage \w+ heading" id="(\w+)"', page(*real))
    assert found == ["s1", "s2", "s3", "s14", "s18"]


def test_text_outside_passages_is_shown_without_a_mark(hostile: Coverage) -> None:
    first, *rest = hostile.passages
    cut = hostile._replace(passages=rest, words=hostile.words[1:])
    shown = page(cut)
    assert escape(QUOTES["s1"]) in shown
    assert 'id="s1"' not in shown
    assert first.passage.name.endswith("#s1")


def test_nothing_of_the_hostile_data_becomes_markup(hostile: Coverage) -> None:
    found = Reader(page(hostile))
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"img", "script", "iframe", "object", "embed", "link", "base", "form"}
    assert sum(tag == "style" for tag, _ in found.elements) == 1
    assert not [name for _, given in found.elements for name in given if name.startswith("on")]


def test_only_web_addresses_become_links(hostile: Coverage) -> None:
    outward = [one for one in Reader(page(hostile)).values("href") if not one.startswith("#")]
    assert outward == ["https://evil.example/?a=1&b='2'", "HTTPS://evil.example/'x'"]


def test_characters_that_turn_or_control_text_are_shown_by_their_numbers(hostile: Coverage) -> None:
    shown = page(hostile)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "abc [U+202E][U+2066]cba[U+2069] [U+0000][U+001B][31m" in shown


def test_open_passages_are_listed_as_links_to_them(hostile: Coverage) -> None:
    found = Reader(page(hostile))
    inward = [one.removeprefix("#") for one in found.values("href") if one.startswith("#")]
    assert inward == ["s2", "s5", "s6", "s7"]
    assert set(inward) <= set(found.values("id"))
    assert found.values("id") == list(QUOTES)


# The following tests need Chromium, which .ci/run installs.


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    yield from browsers(tmp_path_factory)


@pytest.fixture(params=[*LANGUAGES, "hostile"])
def each(cache: Path, hostile: Coverage, request: pytest.FixtureRequest) -> str:
    """The pages: the bundled source in English and in French, and the hostile source."""
    assert cache.is_dir()
    if request.param == "hostile":
        return page(hostile)
    return page(coverage(load_store(bundled()), bundled(), REAL, request.param), request.param)


def test_a_page_requests_nothing_and_the_browser_reports_no_errors(
    chromium: Chromium, each: str, tmp_path: Path
) -> None:
    chromium.open(each, tmp_path)
    assert chromium.requests() == [(tmp_path / "page.html").as_uri()]
    assert chromium.complaints() == []


def test_no_script_of_the_hostile_data_runs(
    chromium: Chromium, hostile: Coverage, tmp_path: Path
) -> None:
    chromium.open(page(hostile), tmp_path)
    assert chromium.run("document.body.id") == ""
    assert chromium.run("document.images.length + document.scripts.length") == 0


def test_the_policy_blocks_injected_markup(
    chromium: Chromium, hostile: Coverage, tmp_path: Path
) -> None:
    markup = f"<base href=https://evil.example><link rel=stylesheet href=x>{IMAGE}{SCRIPT}{STYLE}"
    chromium.open(re.sub("<body[^>]*>", f"<body>{markup}", page(hostile)), tmp_path)
    assert chromium.run("document.images.length + document.scripts.length") == 2
    assert chromium.run("document.body.id") == ""
    assert chromium.run("document.baseURI") == (tmp_path / "page.html").as_uri()
    assert chromium.run(HIDDEN % ".passage") == []
    assert chromium.requests() == [(tmp_path / "page.html").as_uri()]


def test_all_passages_can_be_seen(chromium: Chromium, each: str, tmp_path: Path) -> None:
    chromium.open(each, tmp_path)
    assert chromium.run(HIDDEN % ".passage") == []
    assert chromium.run("document.querySelectorAll('.passage').length") == each.count(
        'class="passage '
    )


def test_a_paragraph_runs_on_past_marks_that_are_closed(
    chromium: Chromium, real: tuple[Coverage, str], tmp_path: Path
) -> None:
    chromium.open(page(*real), tmp_path, width=20_000)
    chromium.run("document.body.style.maxWidth = 'none'")
    lines = "document.getElementById('s4').parentElement.getBoundingClientRect().height / 32 | 0"
    assert chromium.run(lines) in (0, 1)
    chromium.run(OPEN_ALL)
    assert chromium.run(lines) > 36


def test_a_mark_opens_by_the_keyboard(chromium: Chromium, each: str, tmp_path: Path) -> None:
    chromium.open(each, tmp_path)
    chromium.run("document.querySelector('summary').focus()")
    assert chromium.run(HIDDEN % "details:first-of-type dd") != []
    for kind in ("keyDown", "keyUp"):
        chromium.send(
            "Input.dispatchKeyEvent", type=kind, key="Enter", text="\r", windowsVirtualKeyCode=13
        )
    assert chromium.run("document.querySelector('details').open")
    assert (
        chromium.run("[...document.querySelectorAll('details')].filter(one => one.open).length")
        == 1
    )


def test_a_screen_reader_has_landmarks_headings_and_marks_by_name(
    chromium: Chromium, hostile: Coverage, tmp_path: Path
) -> None:
    chromium.open(page(hostile), tmp_path)
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in chromium.send("Accessibility.getFullAXTree")["nodes"]
        if not node["ignored"]
    ]
    roles = ("banner", "main", "navigation", "article")
    assert [one for one in named if one[0] in roles] == [
        ("banner", ""),
        ("main", ""),
        ("navigation", "Still to be modelled"),
        ("article", ""),
    ]
    assert [name for role, name in named if role == "heading"][1:] == [
        f"{hostile.whole_percent}% of the names, numbers and known terms are accounted for",
        "Still to be modelled",
        "The text",
    ]
    assert [name for role, name in named if role == "DisclosureTriangle"] == [
        "s1 6 statements",
        "s3 states nothing",
        "s4'onfocus='hit()&lt; 1 statement",
    ]


@pytest.mark.parametrize("unfold", ["", OPEN_ALL])
def test_a_phone_does_not_scroll_sideways(
    chromium: Chromium, each: str, tmp_path: Path, unfold: str
) -> None:
    chromium.open(each, tmp_path, width=360)
    chromium.run(unfold)
    assert chromium.run("document.documentElement.scrollWidth") <= 360
    outside = """[...document.querySelectorAll('body *')].filter(one => one.checkVisibility())
        .filter(one => [...one.getClientRects()].some(box => box.left < 0 || box.right > 360))
        .map(one => one.outerHTML)"""
    assert chromium.run(outside) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(
    chromium: Chromium, each: str, tmp_path: Path, scheme: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    chromium.open(each, tmp_path)
    assert chromium.run(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    assert chromium.run(PALE) == []
    chromium.run(OPEN_ALL)
    assert chromium.run(PALE) == []


def test_links_within_the_page_lead_to_their_passages(
    chromium: Chromium, hostile: Coverage, tmp_path: Path
) -> None:
    chromium.open(page(hostile), tmp_path)
    reached = chromium.run(
        "[...document.querySelectorAll('nav a')].map(one => {"
        " one.click(); return document.querySelector(':target')?.id})"
    )
    assert reached == ["s2", "s5", "s6", "s7"]


def test_paper_has_every_statement(chromium: Chromium, each: str, tmp_path: Path) -> None:
    chromium.open(each, tmp_path)
    chromium.send("Emulation.setEmulatedMedia", media="print")
    assert chromium.run(HIDDEN % "dd, .stated p") == []
    chromium.send("Emulation.setEmulatedMedia", media="")
    pdf = base64.b64decode(chromium.send("Page.printToPDF")["data"])
    assert pdf.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9
