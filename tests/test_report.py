"""The report as a site: the content of its pages, their links, and a browser's view."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from chromium import PALE, Chromium, browsers
from markupsafe import escape
from pyoxigraph import Literal, NamedNode
from selections import HARM, everything, harmful, part

from onehealthkg.cli import main
from onehealthkg.errors import InputError, OutputError, UsageError
from onehealthkg.evidence.selection import Selection
from onehealthkg.files import write_folder
from onehealthkg.html import visible
from onehealthkg.pages.network import clusters
from onehealthkg.pages.site import page as page_at
from onehealthkg.pages.site import site
from onehealthkg.pages.world import World
from onehealthkg.paths import Project

DATE, MONTH, YEAR, BOOLEAN = (
    NamedNode("http://www.w3.org/2001/XMLSchema#" + name)
    for name in ("date", "gYearMonth", "gYear", "boolean")
)
KINDS_OF_PAGES = (
    *("index.html", "timeline.html", "network.html", "topics.html", "countries.html"),
    *("sources.html", "search.html", "agreements/anses-inserm-2020.html"),
    *("organisations/anses.html", "topics/zoonoses.html", "texts/2020-02-05-anses-inserm.html"),
)
VOID = {"link", "meta", "input", "br"}


class Reader(HTMLParser):
    """The elements of a page with their attributes and text, and the elements that are not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, name: str) -> list[str]:
        return [given[name] for _, given in self.elements if name in given]


def site_of(selection: Selection) -> dict[str, bytes]:
    return dict(site(World(selection)))


def read(files: dict[str, bytes], name: str) -> Reader:
    return Reader(files[name].decode())


def rows(text: str) -> dict[str, str]:
    """The rows of the first list of facts: the name of each property, and its values."""
    found = re.findall(r"<div><dt>(.*?)</dt>(.*?)</div>", text)
    return {name: Reader(inside).text for name, inside in found}


@pytest.fixture(scope="module")
def bundle() -> Selection:
    return everything()


@pytest.fixture(scope="module")
def files(bundle: Selection) -> dict[str, bytes]:
    return site_of(bundle)


@pytest.fixture(scope="module")
def bad() -> dict[str, bytes]:
    return site_of(harmful())


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("report") / "site"
    write_folder(target, files.items(), "SHA256SUMS")
    return target


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    yield from browsers(tmp_path_factory)


def go(chromium: Chromium, page: Path, width: int = 1280, script: bool = True) -> None:
    chromium.load(page, width)
    if script:
        chromium.run("new Promise(done => setTimeout(done, 100))")


def test_each_agreement_organisation_and_topic_has_its_page(
    files: dict[str, bytes], bundle: Selection
) -> None:
    world = World(bundle)
    wanted = {f"{kind}s": len(things) for kind, things in world.things.items()}
    wanted |= {"people": wanted.pop("persons"), "texts": len(world.text_addresses), ".": 11}
    made = [str(PurePosixPath(name).parent) for name in files]
    assert {name: made.count(name) for name in wanted} == wanted
    assert sum(wanted.values()) == len(files)
    for thing, address in world.addresses.items():
        assert (
            f'<h1 dir="auto">{escape(visible(world.facts.label(thing)))}</h1>'
            in files[address].decode()
        )


def test_every_internal_link_leads_to_an_existing_page_and_anchor(
    files: dict[str, bytes],
) -> None:
    ids, wrong = {}, []
    readers = {name: read(files, name) for name in files}
    for name, reader in readers.items():
        ids[name] = set(reader.values("id"))
        assert len(ids[name]) == len(reader.values("id")), name
        assert reader.wrong == [], name
    for name, reader in readers.items():
        for href in reader.values("href"):
            if not href.startswith(("http://", "https://", "data:")):
                path, _, place = href.partition("#")
                target = os.path.normpath(PurePosixPath(name).parent / path) if path else name
                if target not in ids or (place and place not in ids[target]):
                    wrong.append((name, href))
    assert wrong == []


def test_nothing_is_requested_elsewhere_except_by_readers(files: dict[str, bytes]) -> None:
    for name in files:
        for tag, given in read(files, name).elements:
            assert not {"src", "srcset", "action", "style", "data", "poster"} & set(given)
            is_icon = given.get("href", "").startswith("data:image/svg+xml,")
            assert ("href" in given) <= (tag == "a" or (tag == "link" and is_icon)), (name, tag)
            assert not [one for one in given if one.startswith("on")]


def test_each_statement_of_a_thing_has_a_note_with_its_source(
    files: dict[str, bytes],
) -> None:
    count = 0
    for name in files:
        if name.startswith(("agreements/", "organisations/", "topics/")):
            text = files[name].decode()
            stated = re.findall(r"<dd>(.*?)</dd>", text)
            values = [
                each for one in stated for each in re.findall(r"<li>(.*?)</li>", one) or [one]
            ]
            assert [one for one in values if '<a href="#n' not in one] == [], name
            count += len(values)
    assert count > 3000


@pytest.mark.slow
def test_the_page_of_the_release_quotes_the_sentences_and_leads_to_them(
    files: dict[str, bytes],
) -> None:
    text = files["agreements/anses-inserm-2020.html"].decode()
    told = rows(text.partition('<section id="facts">')[2].partition("</section>")[0])
    assert told["term"] == "5 years [2]"
    note = next(one for one in re.findall(r'<li id="n2">(.*?)</li>', text))
    assert "The five-year framework agreement signed today" in note
    assert 'href="../texts/2020-02-05-anses-inserm.html#s8"' in note
    ends = re.findall(r"\d+", told["end date"].partition("[")[2])[0]
    inferred = next(one for one in re.findall(rf'<li id="n{ends}">(.*?)</li>', text))
    assert (
        "Inferred: ends when the term has run from the date of signature, assuming that the term runs from the signature; from"
        in inferred
    )


def test_a_quote_is_shown_with_the_sentences_that_explain_it(
    files: dict[str, bytes],
) -> None:
    text = files["agreements/anses-inserm-2020.html"].decode()
    notes = re.findall(r"<q lang=\"en\">It also plans[^<]*</q> <a.*?</a> \[read with (.*?)\]", text)
    assert notes
    behind = notes[0]
    assert behind.startswith('<q lang="en">The partnership provides for targeted joint research')
    assert re.findall(r"#(s\d+)", behind) == ["s9"]


def test_facts_from_documents_are_marked_as_without_archived_text(
    files: dict[str, bytes],
) -> None:
    page = read(files, "agreements/anses-invs-2012.html").text
    assert "Not in an archived text. Read in: Nouvelle-Aquitaine Santé Environnement" in page
    assert "13 April 2012" in page


def test_a_source_without_a_publisher_has_a_name_and_not_an_address(
    files: dict[str, bytes],
) -> None:
    page = read(files, "sources.html").text
    assert "GeoNames 2988507" in page
    assert "wattagnet.com" in page
    assert not re.findall(r"\b[\w.-]+\.(?:com|org|fr|net|io)/\S*", page)


def test_a_topic_has_the_agreements_on_all_that_is_narrower(bundle: Selection) -> None:
    world = World(bundle)
    diseases, zoonoses = (
        NamedNode(f"https://w3id.org/onehealthkg/id/topic-{name}")
        for name in ("infectious-diseases", "zoonoses")
    )
    assert zoonoses in world.within(diseases)
    assert set(world.about(zoonoses)) < set(world.about(diseases))
    assert world.about(zoonoses)
    on = {each for topic in world.within(diseases) for each in world.agreements_on.get(topic, ())}
    assert set(world.about(diseases)) == on


def test_topics_in_a_circle_are_handled() -> None:
    files = site_of(
        part(
            ("id:topic-a", "rdf:type", "skos:Concept"),
            ("id:topic-b", "rdf:type", "skos:Concept"),
            ("id:topic-c", "rdf:type", "skos:Concept"),
            ("id:topic-a", "skos:broader", "id:topic-b"),
            ("id:topic-b", "skos:broader", "id:topic-a"),
            ("id:topic-a", "skos:broader", "id:topic-c"),
        )
    )
    assert {"topics/a.html", "topics/b.html", "topics/c.html"} < set(files)


def test_a_month_or_a_year_is_drawn_as_wide_as_it_is() -> None:
    selection = part(
        ("id:agreement-a", "rdf:type", "oh:Arrangement"),
        ("id:agreement-a", "oh:dateSigned", Literal("2019", datatype=YEAR)),
        ("id:agreement-a", "oh:dateEnds", Literal("2022-06", datatype=MONTH)),
        ("id:agreement-b", "rdf:type", "oh:Arrangement"),
        ("id:agreement-b", "oh:dateSigned", Literal("2020-01-01", datatype=DATE)),
        ("id:agreement-b", "oh:indefinite", Literal("true", datatype=BOOLEAN)),
        ("id:agreement-c", "rdf:type", "oh:Arrangement"),
        ("id:agreement-c", "oh:dateSigned", Literal("2021-01-01", datatype=DATE)),
    )
    text = site_of(selection)["timeline.html"].decode().partition('<ol class="rows">')[2]
    assert re.findall(
        r'<(?:rect|circle) class="((?:bar|mark)[a-z ]*)" (?:c?x)="([\d.]+)%"', text
    ) == [
        ("bar open", "50.0"),
        ("mark", "50.0"),
        ("bar", "25.0"),
        ("mark", "25.0"),
        ("bar", "0.0"),
        ("mark", "0.0"),
        ("mark", "85.42"),
    ]
    assert re.findall(r'<rect class="bar[a-z ]*" x="[\d.]+%" y="8" width="([\d.]+)%"', text) == [
        "4.00",  # nobody knows the end
        "75.00",  # it has none
        "87.50",
    ]
    assert re.findall(r'<rect class="mark" x="[\d.]+%" y="\d+" width="([\d.]+)%"', text) == [
        "25.00",
        "2.08",
    ]
    assert "signed 2019 · ends June 2022" in Reader(text).text
    assert "signed 1 January 2020 · indefinite" in Reader(text).text


def test_the_network_has_each_agreement_of_two_or_more_and_says_which_it_leaves_out(
    bundle: Selection, files: dict[str, bytes]
) -> None:
    world = World(bundle)
    parts = clusters(world)
    drawn = {each for one in parts for known in one.lines.values() for each in known}
    alone = {one for one in world.begins if len(world.parties(one)) < 2}
    assert drawn | alone == set(world.begins)
    assert drawn & alone == set()
    members = [one for each in parts for one in each.organisations]
    assert len(members) == len(set(members))
    left = (
        files["network.html"]
        .decode()
        .partition("Not in the picture, because ")[2]
        .partition("</p>")[0]
    )
    assert {world.facts.label(one) for one in alone} == set(re.findall("<bdi>(.*?)</bdi>", left))


def test_the_cells_of_the_heat_map_add_up(bundle: Selection, files: dict[str, bytes]) -> None:
    world = World(bundle)
    table = files["topics.html"].decode().partition("<tbody>")[2].partition("</tbody>")[0]
    seen = {}
    for row in re.findall(r"<tr.*?</tr>", table):
        name = re.findall(r"<bdi>(.*?)</bdi>", row)[0]
        cells = [int(one or 0) for one in re.findall(r"<td[^>]*>(\d*)</td>", row)]
        assert sum(cells[:-1]) == cells[-1]
        seen[name] = cells[-1]
    wanted = {world.facts.label(one): len(world.about(one)) for one in world.top}
    assert {name: count for name, count in seen.items() if name in wanted} == {
        name: count for name, count in wanted.items() if count
    }


def test_in_french_all_words_are_french() -> None:
    french = World(everything("fr"))
    page = page_at(french, "agreements/anses-inserm-2020.html").decode()
    assert '<html lang="fr">' in page
    assert "5 février 2025" in page
    assert "Déduit\u00a0:" in page
    assert "Signatures" in page
    assert "agreement" not in Reader(page_at(french, "index.html").decode()).text
    with pytest.raises(UsageError, match='"de" is not a supported language; write one of en, fr'):
        site_of(everything("de"))


@pytest.mark.slow
def test_another_process_with_another_hash_seed_makes_the_same_bytes(
    files: dict[str, bytes],
) -> None:
    script = (
        "from selections import everything; from onehealthkg.pages.site import site; from onehealthkg.pages.world import World;"
        "from hashlib import sha256; files = dict(site(World(everything())));"
        "print(sha256(repr(list(files.items())).encode()).hexdigest(), end='')"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parent,
        env={
            **os.environ,
            "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1",
        },
        text=True,
    ).stdout
    assert other == sha256(repr(list(files.items())).encode()).hexdigest()


def test_text_from_data_never_becomes_markup_or_a_link(bad: dict[str, bytes]) -> None:
    for name in bad:
        reader = read(bad, name)
        assert reader.wrong == [], name
        own = {"index", "search", "network", "timeline", "topics", "countries"}
        has_script = name in {f"{page}.html" for page in own} or name.startswith(
            ("agreements/", "organisations/")
        )
        assert sum(tag == "script" for tag, _ in reader.elements) == has_script
        assert not [one for one in reader.values("href") if one.startswith("javascript")]
        assert "\u202e" not in bad[name].decode()
        assert "\x01" not in bad[name].decode()
    assert HARM[:20] in read(bad, "agreements/harm.html").text


def test_no_name_of_a_thing_leads_out_of_the_folder() -> None:
    names = ("agreement-..", "agreement-%2E%2E%2Fx", "agreement-", "agreement-é", "agreement-x")
    more = "https://evil.example/agreement-x"
    things = [(f"id:{name}", "rdf:type", "oh:Arrangement") for name in names]
    files = site_of(part(*things, (more, "rdf:type", "oh:Arrangement")))
    made = sorted(name for name in files if name.startswith("agreements/"))
    assert len(made) == len(names) + 1
    assert all(re.fullmatch(r"agreements/(x|-[0-9a-f]{16})\.html", name) for name in made)


def test_a_folder_that_was_made_here_is_replaced_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write_folder(target, {"a/b.html": b"1", "c.html": b"2"}.items(), "SUMS")
    write_folder(target, {"a/d.html": b"3"}.items(), "SUMS")
    assert sorted(one.name for one in target.rglob("*")) == ["SUMS", "a", "d.html"]
    (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt: this file was not made here, or was chan"):
        write_folder(target, {"c.html": b"2"}.items(), "SUMS")
    assert sorted(one.name for one in target.rglob("*")) == ["SUMS", "a", "d.html", "notes.txt"]
    (target / "notes.txt").unlink()
    (target / "a" / "d.html").write_text("mine")
    with pytest.raises(OutputError, match="or was changed; move it away first"):
        write_folder(target, {"c.html": b"2"}.items(), "SUMS")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["site"]


def test_a_folder_is_unchanged_if_one_of_its_new_files_cannot_be_made(tmp_path: Path) -> None:
    def made() -> Iterator[tuple[str, bytes]]:
        yield "a.html", b"2"
        raise InputError("the text cannot be read.")

    write_folder(tmp_path / "site", [("a.html", b"1")], "SUMS")
    with pytest.raises(InputError):
        write_folder(tmp_path / "site", made(), "SUMS")
    assert (tmp_path / "site" / "a.html").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.slow
def test_the_report_of_a_large_project_has_the_overviews(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, target = tmp_path / "project", tmp_path / "site"
    generator = Path(__file__).parents[1] / "benchmarks" / "generate.py"
    sizes = ("--records", "1501", "--texts", "3", "--mistakes", "0")
    subprocess.run([sys.executable, generator, *sizes, "-o", project], check=True)
    assert main(["report", "-o", str(target), "--project", str(project)]) == 0
    shown = capsys.readouterr()
    made = {path.name: path.read_text("utf-8") for path in target.iterdir()}
    assert shown.out == f"{len(made) - 1} pages; open {target / 'index.html'}\n"
    assert "more than 1,500 records and texts. onehealthkg serve also shows" in shown.err
    pages = {name for name in made if name.endswith(".html")}
    assert {"index.html", "network.html", "agreements-8.html", "sources-8.html"} < pages
    for name in pages:
        assert "onehealthkg serve" in made[name], name
        assert set(re.findall(r'href="([\w/.-]+)[#"]', made[name])) <= pages, name
    rows = [
        row
        for name in pages
        if name.startswith("agreements")
        for row in re.findall('<th scope="row".*?<bdi>(.*?)</bdi>', made[name])
    ]
    assert len(rows) == len(set(rows)) == 1505  # one is that of the bundled text


@pytest.mark.parametrize("made", ["folder", "file", "beneath a file"])
def test_existing_files_are_unchanged(made: str, tmp_path: Path) -> None:
    target = tmp_path / "site"
    if made == "folder":
        target.mkdir()
        (target / "mine.txt").write_text("mine")
    else:
        target.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError):
        write_folder(target / "x" if made == "beneath a file" else target, [("a", b"1")], "SUMS")
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    assert write_folder(tmp_path, [("a.html", b"1")], "SUMS") == 1
    assert (tmp_path / "a.html").read_bytes() == b"1"


def test_the_command_writes_the_site_and_prints_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, bytes], light: Project
) -> None:
    target = tmp_path / "site"
    assert main(["report", "-o", str(target)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (f"{len(files)} pages; open {target}/index.html\n", "")
    written = {one.relative_to(target).as_posix(): one for one in target.rglob("*.html")}
    assert {name: path.read_bytes() for name, path in written.items()} == files
    (target / "mine.txt").write_text("mine")
    assert main(["report", "-o", str(target), "--project", light.root]) == 3
    assert max(map(len, files.values())) < 200_000


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", KINDS_OF_PAGES)
def test_a_page_requests_nothing_has_no_error_and_fits_the_window(
    chromium: Chromium, folder: Path, page: str, width: int
) -> None:
    go(chromium, folder / page, width)
    assert chromium.requests() == [(folder / page).as_uri()]
    assert chromium.complaints() == []
    assert chromium.run("document.documentElement.scrollWidth <= innerWidth")
    assert chromium.run("document.querySelectorAll('h1').length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", [one for one in KINDS_OF_PAGES if one != "network.html"])
def test_all_text_has_enough_contrast(
    chromium: Chromium, folder: Path, page: str, scheme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    chromium.send("Emulation.setEmulatedMedia", features=[feature])
    go(chromium, folder / page)
    pale = chromium.run(PALE)
    chromium.send("Emulation.setEmulatedMedia", features=[])
    assert pale == []


def search(chromium: Chromium, sought: str) -> tuple[list[str], str]:
    """The results of typing, and the announcements to a screen reader."""
    chromium.run("(f => { f.value = ''; f.focus(); })(document.querySelector('#q'))")
    chromium.send("Input.insertText", text=sought)
    chromium.run("new Promise(done => setTimeout(done, 400))")
    names = "[...document.querySelectorAll('#found li a')].map(one => one.textContent)"
    told = chromium.run("document.querySelector('[role=status]').textContent")
    return chromium.run(names), told


def test_the_search_finds_names_in_both_languages_whatever_case_and_accents(
    chromium: Chromium, folder: Path
) -> None:
    go(chromium, folder / "search.html")
    assert search(chromium, "antibioresistance")[0][:1] == ["antibiotic resistance"]
    assert search(chromium, "OIE")[0][0] == "WOAH"
    assert search(chromium, "santé recherche médicale") == (["Inserm"], "1 found")
    assert search(chromium, "xyzzy") == ([], "Nothing has such a name.")
    assert chromium.run("document.querySelector('#index').hidden")
    assert chromium.complaints() == []


def test_the_search_works_with_only_the_keyboard(chromium: Chromium, folder: Path) -> None:
    go(chromium, folder / "search.html")
    search(chromium, "anses inserm")
    for key, code in (("Enter", 13), ("Enter", 13)):
        press = {"key": key, "code": key, "windowsVirtualKeyCode": code, "text": "\r"}
        chromium.send("Input.dispatchKeyEvent", type="keyDown", **press)
        chromium.send("Input.dispatchKeyEvent", type="keyUp", **press)
    chromium.run("new Promise(done => setTimeout(done, 500))")
    assert chromium.run("location.pathname").endswith("agreements/anses-inserm-2020.html")


def test_without_script_all_things_are_listed(
    chromium: Chromium, folder: Path, files: dict[str, bytes]
) -> None:
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    go(chromium, folder / "search.html", script=False)
    chromium.send("Emulation.setScriptExecutionDisabled", value=False)
    seen = chromium.run("document.querySelector('#search').checkVisibility()")
    listed = chromium.run("document.querySelectorAll('#index li[data-name] a').length")
    of_things = [one for one in files if "/" in one and not one.startswith("texts/")]
    assert (seen, listed) == (False, len(of_things))


def test_a_page_of_harmful_data_runs_nothing(
    chromium: Chromium, bad: dict[str, bytes], tmp_path: Path
) -> None:
    write_folder(tmp_path / "bad", bad.items(), "SUMS")
    for name in bad:
        go(chromium, tmp_path / "bad" / name)
        assert chromium.requests() == [(tmp_path / "bad" / name).as_uri()]
        assert chromium.complaints() == []
    go(chromium, tmp_path / "bad" / "search.html")
    assert len(search(chromium, "hyperlink")[0]) == 2
    assert chromium.run("document.querySelectorAll('script').length") == 1
    script = json.dumps("<script>document.title = 'run'</script><img src=x onerror=alert(1)>")
    chromium.run(
        "{const range = document.createRange();"
        f"document.body.append(range.createContextualFragment({script}));}}"
    )
    assert chromium.run("document.title") != "run"
