"""Things and documents at their addresses, and the questions for programs, by a running server."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote

import pytest
from openapi_spec_validator import validate
from pyoxigraph import RdfFormat, parse
from serving import Running, serving

from onehealthkg.names import OH

DOCUMENTS = ("ontology", "shapes", "source/2020-02-05-anses-inserm", "record/anses-ansm-2024")
FORMS = {
    ".ttl": ("text/turtle", RdfFormat.TURTLE),
    ".nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    ".jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    ".rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("-q") as running:
        yield running


@pytest.mark.parametrize("path", [*DOCUMENTS, "id/organisation-inserm"])
def test_all_formats_of_a_document_have_the_same_content(server: Running, path: str) -> None:
    sizes = set()
    for ending, (media, form) in FORMS.items():
        answer = server.ask(f"/{path}{ending}")
        assert answer.status == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == media
        sizes.add(len({*parse(answer.body, format=form)}))
    assert len(sizes) == 1
    assert min(sizes) > 3


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_at_its_address_in_the_preferred_format(server: Running, path: str) -> None:
    page = server.ask(f"/{path}", accept="text/html,*/*;q=0.5")
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert f'<https://w3id.org/onehealthkg/{path}>; rel="canonical"' in page.headers["link"]
    assert page.text == server.ask(f"/{path}.html").text
    for ending, (media, _) in FORMS.items():
        answer = server.ask(f"/{path}", accept=media)
        assert answer.body == server.ask(f"/{path}{ending}").body
        assert "Accept" in answer.headers["vary"]
        assert f'{path}{ending}>; rel="alternate"; type="{media}"' in answer.headers["link"]
    assert server.ask(f"/{path}", accept="image/png").status == 406


def test_an_archived_text_is_at_its_address_byte_for_byte(server: Running) -> None:
    answer = server.ask("/source/2020-02-05-anses-inserm.txt", accept="text/html")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert f'"{sha256(answer.body).hexdigest()}"' in (
        server.ask("/source/2020-02-05-anses-inserm.ttl").text
    )
    for missing in ("nothing.txt", "..%2F..%2FLICENSE.txt"):
        assert server.ask(f"/source/{missing}").status == 404


@pytest.mark.parametrize("path", ["source/nothing", "record/nothing", "id/nothing"])
@pytest.mark.parametrize("ending", [".html", ".ttl"])
def test_a_missing_document_is_404(server: Running, path: str, ending: str) -> None:
    assert server.ask(f"/{path}{ending}").status == 404


def test_the_link_header_names_the_other_formats(server: Running) -> None:
    thing = server.ask("/id/organisation-inserm", accept="text/html")
    assert (thing.status, thing.headers["location"]) == (303, "/id/organisation-inserm.html")
    page = server.ask("/organisations/inserm.html")
    assert '<../id/organisation-inserm.ttl>; rel="alternate"' in page.headers["link"]
    assert '<link rel="canonical" href="https://w3id.org/onehealthkg/id/organisation-inserm">' in (
        page.text
    )
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    data = json.loads(block[0])
    assert (data["@type"], data["name"]) == ("Organization", "Inserm")
    assert "https://ror.org/02vjkv261" in data["sameAs"]


def test_the_first_page_describes_the_data_set(server: Running) -> None:
    text = server.ask("/").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    assert data["@type"] == "Dataset"
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert re.search('<meta name="description" content="[^"]{50}', text)


def test_each_sentence_has_its_anchor_and_each_term_its_own(server: Running) -> None:
    text = server.ask("/source/2020-02-05-anses-inserm", accept="text/html").text
    assert 'id="s5"' in text
    page = server.ask("/ontology", accept="text/html").text
    turtle = parse(server.ask("/ontology.ttl").body, format=RdfFormat.TURTLE)
    terms = {quad.subject.value for quad in turtle if quad.subject.value.startswith(OH)}
    anchors = set(re.findall('<article id="(.*?)">', page))
    assert {one.removeprefix(OH) for one in terms} == anchors
    agreement = page.partition('<article id="Agreement">')[2].partition("</article>")[0]
    for word in (
        "Example",
        "Not to be confused with",
        "shapes.html#Arrangement-of-both-classes",
        "<dd>49</dd>",
    ):
        assert word in agreement


def test_openapi_is_valid_and_its_questions_can_be_asked(server: Running) -> None:
    described = json.loads(server.ask("/openapi.json").body)
    validate(described)
    assert described["servers"] == [{"url": server.url}]
    listed = json.loads(server.ask("/questions", accept="application/json").body)
    assert len(described["paths"]) == len(listed) + 1
    assert {one["name"] for one in listed} > {"agreements", "hubs"}


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/questions/agreements?with=Inserm&format=json", "text/html"),
        ("/questions/agreements?with=Inserm", "application/json"),
        ("/questions/agreements?with=Inserm", "application/sparql-results+json"),
    ],
)
def test_a_question_is_answered_as_json(server: Running, path: str, accept: str) -> None:
    answer = server.ask(path, accept=accept, origin="https://example.org")
    assert answer.status == 200, answer.text
    rows = json.loads(answer.body)["results"]["bindings"]
    assert any("anses-inserm" in row["agreement"]["value"] for row in rows)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browser_gets_a_page(server: Running) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.ask("/questions/agreements?with=Inserm", accept=accept)
    assert answer.headers["content-type"].startswith("text/html")


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_a_problem_as_a_page(server: Running) -> None:
    page = server.ask("/agreements/nothing.html", accept=BROWSER)
    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>There is no such page</h1>" in page.text
    assert 'href="../agreements.html"' in page.text
    assert "<h1>Cette page n’existe pas</h1>" in server.ask("/fr/x", accept=BROWSER).text
    assert server.ask("/agreements/nothing.html").headers["content-type"].startswith("text/plain")
    harm = server.ask("/%3Cscript%3Ealert(1)%3C/script%3E.html", accept=BROWSER)
    assert harm.status == 404
    assert "<script>alert" not in harm.text


def test_the_editor_keeps_a_query_that_cannot_be_run(server: Running) -> None:
    query = f"ASK {{ FILTER({'!' * 15_000}true) }}"
    page = server.ask(f"/sparql?query={quote(query, safe='!')}", accept=BROWSER)
    assert page.status == 400
    assert "nested too deeply" in page.text
    assert f"{query}</textarea>" in page.text
