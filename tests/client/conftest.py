"""A client, and servers whose behaviour a test decides."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetching import Asking
from misbehaving import (
    Behaviour,
    Server,
)

from onehealthkg.endpoints.client import Client


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "answers", timeout=5)


@pytest.fixture
def serve() -> Iterator[Asking]:
    servers: list[Server] = []

    def start(behaviour: Behaviour | bytes, certificate: str = "") -> Server:
        given = behaviour
        server = Server((lambda _: given) if isinstance(given, bytes) else given, certificate)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()
