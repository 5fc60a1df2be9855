"""The programs of others against our server, as docs/how-to/serve.md shows them."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from servers import found
from serving import Running, serving

DOCS = Path(__file__).parent.parent / "docs" / "how-to" / "serve.md"
SHOWN = "http://localhost:8000"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("-q") as running:
        yield running


def examples(language: str, url: str) -> list[str]:
    """The examples in a language that ask a server, for one that is at an address."""
    text = DOCS.read_text("utf-8")
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return [one.replace(SHOWN, url) for one in blocks if SHOWN in one]


def printed(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("number", [0, 1], ids=["SPARQLWrapper", "rdflib"])
def test_python(server: Running, number: int) -> None:
    lines = printed(sys.executable, "-c", examples("python", server.url)[number]).splitlines()
    assert len(lines) == 5
    assert all(lines)


def test_curl(server: Running) -> None:
    found("curl")
    text = printed("bash", "-ec", examples("bash", server.url)[0])
    assert text.startswith("label\n")
    assert '"bindings"' in text
    assert "@prefix oh:" in text


def test_the_address_of_a_table_is_that_of_a_csv_file(server: Running) -> None:
    address = re.findall(r'read\.csv\("http://localhost:8000(.*?)"\)', DOCS.read_text("utf-8"))[0]
    answer = server.ask(address)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(answer.text)))
    assert len(rows) > 50
    assert len({len(row) for row in rows}) == 1
