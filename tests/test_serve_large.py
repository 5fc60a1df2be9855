"""The server of a project whose graph stays on disk: its lists, a page of each kind, its search."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Running, serving

pytestmark = pytest.mark.slow
GENERATOR = Path(__file__).parent.parent / "benchmarks" / "generate.py"
RECORDS = 700


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    project = tmp_path_factory.mktemp("large") / "project"
    made = [f"--records={RECORDS}", "--texts=4", "--mistakes=0", f"--output={project}"]
    subprocess.run([sys.executable, GENERATOR, *made], check=True, capture_output=True)
    with serving("--project", str(project)) as running:
        yield running


def test_the_endpoint_answers_before_the_pages_are_ready(server: Running) -> None:
    query = "/sparql?query=ASK%20%7B%3Fs%20a%20oh%3AAgreement%7D"
    assert "true" in server.ask(query, accept="application/sparql-results+json").text
    early = server.ask("/agreements.html", accept="text/html")
    if early.status == 503:
        assert int(early.headers["retry-after"]) > 0
        assert "The pages are being prepared" in early.text
    until_ready(server)


def until_ready(server: Running) -> None:
    for _ in range(300):
        if server.ask("/ready").status == 200:
            return
        time.sleep(0.2)
    pytest.fail("the pages do not become ready")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/", "How the facts are known"),
        ("/agreements.html", 'href="agreements-2.html"'),
        ("/agreements-4.html", 'href="agreements-3.html"'),
        ("/fr/timeline.html", 'href="timeline-2.html"'),
        ("/organisations.html", 'href="organisations/anses.html"'),
        ("/network.html", 'href="agreements/generated-'),
        ("/topics.html", 'href="topics/one-health.html"'),
        ("/countries.html", "France"),
        ("/sources.html", 'href="texts/2020-02-05-anses-inserm.html"'),
        ("/search.html", "ANSES"),
        ("/ontology.html", "oh:Agreement"),
        ("/agreements/generated-000117.html", "Agreement 117"),
        ("/organisations/anses.html", "Inserm"),
        ("/texts/2020-02-05-anses-inserm.html", "Inserm"),
        ("/search?q=agreement+117", 'href="agreements/generated-000117.html"'),
        ("/record/generated-000117", "Agreement 117"),
        ("/sparql", "SELECT"),
        ("/terms.json", "oh:party"),
        ("/.well-known/void", "triples"),
        ("/openapi.json", "/questions/agreements"),
    ],
)
def test_each_page_is_made_from_the_store(server: Running, address: str, said: str) -> None:
    until_ready(server)
    answer = server.ask(address, accept="text/html, */*;q=0.1")
    assert answer.status == 200
    assert said in answer.text
