"""Queries and answers for the tests of the client."""

from collections.abc import Callable

import pytest
from misbehaving import (
    Server,
)
from pyoxigraph import Literal

from onehealthkg.endpoints.client import Client
from onehealthkg.errors import RemoteError

QUERY = "SELECT ?x WHERE { ?x ?y ?z }"
ONE = ((Literal("1"),),)
Asking = Callable[..., Server]


def message(client: Client, address: str, query: str = QUERY) -> str:
    """The client's message about an endpoint that it cannot use, after the address."""
    with pytest.raises(RemoteError) as caught:
        client.select(address, query, rate=1000)
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith(address + ": ")
    return str(caught.value).removeprefix(address + ": ")
