"""The server behind a real nginx, under a path, as docs/how-to/serve.md configures it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from misbehaving import free_port, wait_until_open
from servers import found
from serving import Running, serving

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parent.parent / "docs" / "how-to" / "serve.md"
FRAME = """\
user root;  # where nginx is not started by root, it ignores this line
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
{location}
    }}
}}
"""


def location(port: int) -> str:
    """The part of nginx's configuration that the documentation shows, for another port."""
    text = DOCS.read_text("utf-8").partition("```text\nlocation ")[2].partition("```")[0]
    assert "127.0.0.1:8001" in text
    return "location " + text.replace("127.0.0.1:8001", f"127.0.0.1:{port}")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    nginx, folder, port = (
        found("nginx", "/usr/sbin/nginx"),
        tmp_path_factory.mktemp("n"),
        free_port(),
    )
    with serving("-q", "--root-path", "/onehealth", "--trusted-proxy", "127.0.0.1") as running:
        config = folder / "nginx.conf"
        text = FRAME.format(folder=folder, port=port, location=location(running.port))
        config.write_text(text, encoding="utf-8")
        with subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)]) as process:
            assert wait_until_open(port, 20)
            yield Running(port, running.process)
            process.terminate()


def test_pages_and_data_are_under_the_path(proxied: Running) -> None:
    assert proxied.ask("/onehealth/").status == 200
    assert proxied.ask("/onehealth/assets/style.css").headers["content-type"].startswith("text/css")
    answer = proxied.ask("/onehealth/sparql?query=ASK%7B%3Fa%20%3Fb%20%3Fc%7D")
    assert json.loads(answer.body)["boolean"] is True
    assert proxied.ask("/onehealth/ontology.ttl").status == 200
    assert proxied.ask("/").status == 404


def test_the_endpoint_names_itself_as_clients_see_it(proxied: Running) -> None:
    text = proxied.ask("/onehealth/sparql", host="data.example.org").text
    assert "<http://data.example.org/onehealth/sparql>" in text


def test_a_thing_leads_to_its_page_under_the_path(proxied: Running) -> None:
    thing = proxied.ask("/onehealth/id/organisation-anses", accept="text/html")
    assert thing.status == 303
    assert thing.headers["location"].endswith("/onehealth/id/organisation-anses.html")
    page = proxied.ask("/onehealth/id/organisation-anses.html")
    assert (page.status, page.headers["location"]) == (303, "../organisations/anses.html")


def test_the_limits_are_those_of_the_server(proxied: Running) -> None:
    body = b"query=" + b"x" * 300_000
    kind = "application/x-www-form-urlencoded"
    assert proxied.ask("/onehealth/sparql", "POST", body, content_type=kind).status == 413
