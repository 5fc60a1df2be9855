"""The least that a query in another process costs: uvicorn and a forked worker, without limits.

``FACTS`` in the environment names the N-Triples to load. `serve.py` compares this with `serve`.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import unquote

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

Send = Callable[[dict[str, object]], Awaitable[None]]

STORE = Store()
STORE.load(path=os.environ["FACTS"], format=RdfFormat.N_TRIPLES)


class Worker(asyncio.Protocol):
    """A process that answers one query at a time."""

    reply: asyncio.Future[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process can be asked."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take the reply, which is so short that it arrives at once."""
        self.reply.set_result(data)


def forked() -> socket.socket:
    """The socket of a new process that answers queries."""
    ours, theirs = socket.socketpair()
    if not os.fork():
        ours.close()
        while query := theirs.recv(1 << 16):
            solutions = cast(QuerySolutions, STORE.query(query.decode()))
            theirs.sendall(solutions.serialize(format=QueryResultsFormat.JSON) or b"")
        os._exit(0)
    theirs.close()
    return ours


SOCKETS = [forked(), forked()]
IDLE: asyncio.Queue[Worker] = asyncio.Queue()


async def app(scope: dict[str, Any], _: object, send: Send) -> None:
    """Answer any request with the result of its query."""
    loop = asyncio.get_running_loop()
    while SOCKETS:
        _, worker = await loop.create_unix_connection(Worker, sock=SOCKETS.pop())
        IDLE.put_nowait(worker)
    query = unquote(scope["query_string"].decode().partition("query=")[2])
    worker = await IDLE.get()
    worker.reply = loop.create_future()
    worker.transport.write(query.encode())
    body = await worker.reply
    IDLE.put_nowait(worker)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
