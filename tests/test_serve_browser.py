"""A walk through the pages of a server with a real Chromium: links, forms, downloads, the editor.

axe-core comes with the package axe-core-python; nothing of it is in this repository.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from chromium import PALE, Chromium, browsers
from serving import Running, serving

pytestmark = pytest.mark.slow

PAGES = {
    "overview": "/",
    "found": "/search?q=antibior%C3%A9sistance",
    "nothing found": "/search?q=xyzzy",
    "agreements": "/agreements.html",
    "agreement": "/agreements/anses-inserm-2020.html",
    "organisations": "/organisations.html",
    "organisation": "/organisations/anses.html",
    "topic": "/topics/one-health.html",
    "person": "/people/gilles-bloch.html",
    "topics": "/topics.html",
    "countries": "/countries.html",
    "timeline": "/timeline.html",
    "network": "/network.html",
    "sources": "/sources.html",
    "index": "/search.html",
    "text": "/source/2020-02-05-anses-inserm",
    "record": "/record/anses-ansm-2024",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "questions": "/questions",
    "question": "/questions/agreements",
    "answer": "/questions/agreements?with=Inserm&cite=on",
    "editor": "/sparql",
    "result": f"/sparql?query={quote('SELECT ?a ?p { ?a oh:party ?p } LIMIT 5')}",
    "error": f"/sparql?query={quote('SELECT ?a { ?a oh:party }')}",
    "french": "/fr/agreements/anses-inserm-2020.html",
    "french answer": "/fr/questions/agreements?with=Inserm",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("-q") as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    yield from browsers(tmp_path_factory)


@pytest.fixture
def plain(chromium: Chromium) -> Iterator[Chromium]:
    """A browser in which scripts are off."""
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    yield chromium
    chromium.send("Emulation.setScriptExecutionDisabled", value=False)


def click(chromium: Chromium, selector: str) -> None:
    """Click the element that a selector finds, and wait for the page that it leads to."""
    chromium.events.clear()
    chromium.run(f"document.querySelector({json.dumps(selector)}).click()")
    chromium.wait()


def text_of(chromium: Chromium, selector: str = "main") -> str:
    return chromium.run(f"document.querySelector({json.dumps(selector)}).innerText")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Chromium, server: Running, page: str, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    chromium.visit(server.url + PAGES[page], 360 if scheme == "dark" else 1280)
    chromium.run(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8") + "; 0")
    found = chromium.run(
        "axe.run({resultTypes: ['violations']}).then(all => all.violations.map(one =>"
        " [one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]))"
    )
    assert found == []
    # Boxes are drawn behind the letters of the network; the editor's stand in front of others.
    if page not in ("network", "result", "error"):
        assert chromium.run(PALE) == []
    chromium.send("Emulation.setEmulatedMedia", features=[])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_error_requests_nothing_elsewhere_and_fits_a_phone(
    chromium: Chromium, server: Running, page: str
) -> None:
    chromium.visit(server.url + PAGES[page], 360)
    assert chromium.complaints() == []
    assert all(url.startswith(server.url) for url in chromium.requests())
    assert chromium.run("document.documentElement.scrollWidth") <= 360


def walk(chromium: Chromium, server: Running, width: int) -> None:
    """From the first page to an answer and a file of it."""
    chromium.visit(server.url + "/", width)
    chromium.run("document.querySelector('form.find input').value = 'antibiorésistance'")
    click(chromium, "form.find button")
    assert "antibiorésistance" in text_of(chromium, "h1")
    chromium.visit(server.url + "/search?q=Anses+Inserm", width)
    click(chromium, 'a[href$="agreements/anses-inserm-2020.html"]')
    assert "assumed to have ended on 5 February 2025" in text_of(chromium, ".lead")
    click(chromium, '#notes a[href*="#s8"]')
    assert "five-year framework agreement" in text_of(chromium, ":target")
    chromium.visit(server.url + "/agreements/anses-inserm-2020.html", width)
    click(chromium, '.lead a[href$="inserm.html"]')
    assert text_of(chromium, "h1") == "Inserm"
    chromium.visit(server.url + "/questions", width)
    click(chromium, 'a[href$="questions/agreements"]')
    chromium.run("document.querySelector('#p-with').value = 'Inserm'")
    click(chromium, "form.ask button")
    assert "Framework partnership agreement between ANSES and Inserm" in text_of(
        chromium, "#answer"
    )
    click(chromium, '#answer td a[href*="row="]')
    assert chromium.run("document.querySelectorAll('#answer q').length") > 0
    link = chromium.run("document.querySelector('a[href$=\"format=csv\"]').href")
    csv = server.ask(link.removeprefix(server.url))
    assert csv.headers["content-type"].startswith("text/csv")
    assert "anses-inserm" in csv.text


@pytest.mark.parametrize("width", [360, 1280])
def test_the_walk(chromium: Chromium, server: Running, width: int) -> None:
    walk(chromium, server, width)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_walk_without_scripts(plain: Chromium, server: Running, width: int) -> None:
    walk(plain, server, width)


def test_the_editor_shows_errors_with_their_place_and_shares_by_link(
    chromium: Chromium, server: Running
) -> None:
    chromium.visit(server.url + "/sparql")
    query = "SELECT ?a {\n  ?a oh:party\n}"
    chromium.run(f"document.querySelector('#query').value = {json.dumps(query)}")
    click(chromium, "form.ask button")
    problem = text_of(chromium, "#problem")
    assert "query:3" in problem
    assert "^" in problem
    good = "SELECT ?a { ?a a oh:Agreement } ORDER BY ?a LIMIT 3"
    chromium.run(f"document.querySelector('#query').value = {json.dumps(good)}")
    click(chromium, "form.ask button")
    shared = chromium.run("location.href")
    chromium.visit("about:blank")
    chromium.visit(shared)
    assert chromium.run("document.querySelector('#query').value") == good
    assert chromium.run("document.querySelectorAll('#answer tbody tr').length") == 3


def test_with_the_keyboard_alone(chromium: Chromium, server: Running) -> None:
    chromium.visit(server.url + "/")
    chromium.press("Tab")
    assert chromium.run("document.activeElement.className") == "skip"
    for _ in range(30):
        chromium.press("Tab")
        if chromium.run("document.activeElement.name") == "q":
            break
    chromium.send("Input.insertText", text="Inserm")
    chromium.events.clear()
    chromium.press("Enter")
    chromium.wait()
    assert "Inserm" in text_of(chromium, "h1")
    for _ in range(40):
        chromium.press("Tab")
        if chromium.run("document.activeElement.pathname || ''").endswith(
            "/organisations/inserm.html"
        ):
            break
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert chromium.run(ring) == "solid"
    chromium.events.clear()
    chromium.press("Enter")
    chromium.wait()
    assert text_of(chromium, "h1") == "Inserm"


def test_the_language_switch_stays_on_the_page(chromium: Chromium, server: Running) -> None:
    for page in ("agreement", "answer", "text"):
        chromium.visit(server.url + PAGES[page])
        click(chromium, "a.language")
        assert chromium.run("document.documentElement.lang") == "fr"
        assert text_of(chromium, ".language") == "English"
        click(chromium, "a.language")
        assert chromium.run("document.documentElement.lang") == "en"


def test_the_network_stands_out(chromium: Chromium, server: Running) -> None:
    chromium.visit(server.url + "/network.html")
    chromium.run(
        "document.querySelector('svg.network .box').dispatchEvent(new PointerEvent('pointerenter')); 0"
    )
    dim = chromium.run(
        "getComputedStyle(document.querySelector('.network .box:not(.near)')).opacity"
    )
    assert dim == "0.15"


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("network", "WOAH"),
        ("timeline", "collaborating"),
        ("countries", "Saint Kitts and Nevis"),
        ("topics", "One Health"),
        ("agreements/anses-inserm-2020", "2025"),
    ],
)
def test_a_picture_is_saved(
    chromium: Chromium, server: Running, tmp_path: Path, page: str, word: str
) -> None:
    chromium.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    chromium.visit(f"{server.url}/{page}.html")
    chromium.run("document.querySelector('button.save').click()")
    chromium.run("new Promise(done => setTimeout(done, 1500))")
    (saved,) = tmp_path.glob("*.svg")
    root = ElementTree.parse(saved).getroot()  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(word in text for text in texts)
    assert any("CC-BY-4.0" in text for text in texts)
    assert "--mark: #" in saved.read_text("utf-8")
