"""A push has the store to itself: while it writes, the store has a graph that claims it.

Each push puts a claim into the store and then looks for other claims. If there is one, it removes
its own and gives up. Of two pushes at the same time, at most one therefore continues, although
neither SPARQL Update nor the Graph Store protocol has a lock: both see the later of two claims.

The name of the claim has the process and a digest of the machine. A push that was killed leaves its
claim; the next push on the same machine finds that the process has ended, and removes it.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from time import monotonic, sleep

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.ledger import LEDGER
from onehealthkg.endpoints.paging import Pages
from onehealthkg.endpoints.writers import Writer
from onehealthkg.errors import RemoteError, UsageError
from onehealthkg.names import GRAPH
from onehealthkg.terms import named_node, plain

_PUSH = GRAPH + "push-"
_FORM = re.compile(re.escape(_PUSH) + r"([0-9a-f]{12})-([0-9]+)-[0-9a-f]{16}")
_OF = named_node("dcterms:isPartOf")
_PATIENCE = 2.0  # seconds in which a process that was killed has ended


@contextmanager
def claimed(client: Client, endpoint: str, writer: Writer, *, take_over: bool) -> Iterator[None]:
    """Have the store alone; with ``take_over``, end the claims of other pushes.

    Raises UsageError if another push is writing to it; RemoteError.
    """
    own = f"{_PUSH}{_machine()}-{os.getpid()}-{os.urandom(8).hex()}"
    writer.put(own, [f"<{own}> {_OF} <{LEDGER}>"])
    try:
        _without_others(client, endpoint, writer, own, take_over=take_over)
        yield
    finally:
        with suppress(RemoteError):  # the next push removes it
            writer.drop(own)


def _without_others(
    client: Client, endpoint: str, writer: Writer, own: str, *, take_over: bool
) -> None:
    end = monotonic() + _PATIENCE
    while others := _claims(client, endpoint) - {own}:
        gone = {claim for claim in others if take_over or _has_ended(claim)}
        for claim in gone:
            writer.drop(claim)
        if others - gone and monotonic() > end:
            raise UsageError(
                f"{endpoint}: another push is writing to this store; wait until it has ended. If "
                "it was stopped on another machine, push with --take-over."
            )
        sleep(0.2 if others - gone else 0)


def _claims(client: Client, endpoint: str) -> set[str]:
    pattern = f"GRAPH ?g {{ ?g {_OF} <{LEDGER}> }}"
    found = {plain(graph) for (graph,) in Pages(client, endpoint).rows(("g",), pattern)}
    return {iri for iri in found if _FORM.fullmatch(iri)}


def _machine() -> str:
    return sha256(platform.node().encode()).hexdigest()[:12]


def _has_ended(claim: str) -> bool:
    """Whether a claim is of a process of this machine that has ended."""
    match = _FORM.fullmatch(claim)
    if not match or match[1] != _machine() or os.name != "posix":
        return False
    try:
        os.kill(int(match[2]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # another user's
        return False
    return False
