"""The least that a query in another process costs: httptools and a forked worker, without limits.

    python benchmarks/two_processes.py PORT FACTS.nt

It answers any request with the result of its query. `serve.py` compares this with `serve`.
"""

import asyncio
import os
import socket
import sys
from typing import cast
from urllib.parse import unquote

import uvloop
from httptools import HttpRequestParser, parse_url
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store


class Worker(asyncio.Protocol):
    """A process that answers one query at a time."""

    reply: asyncio.Future[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process can be asked."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take the reply, which is so short that it arrives at once."""
        self.reply.set_result(data)


def forked(store: Store) -> socket.socket:
    """The socket of a new process that answers queries."""
    ours, theirs = socket.socketpair()
    if not os.fork():
        ours.close()
        while query := theirs.recv(1 << 16):
            solutions = cast(QuerySolutions, store.query(query.decode()))
            theirs.sendall(solutions.serialize(format=QueryResultsFormat.JSON) or b"")
        os._exit(0)
    theirs.close()
    return ours


class Connection(asyncio.Protocol):
    """A connection of a client that waits for each reply."""

    def __init__(self, idle: asyncio.Queue[Worker]) -> None:
        self._idle = idle
        self._parser = HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client can be answered."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Read a request, which is so short that it arrives at once."""
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        """Take the target of the request."""
        self._url = url

    def on_message_complete(self) -> None:
        """Answer the request."""
        self._task = asyncio.get_running_loop().create_task(self._answer())

    async def _answer(self) -> None:
        query = unquote((parse_url(self._url).query or b"").decode().partition("query=")[2])
        worker = await self._idle.get()
        worker.reply = asyncio.get_running_loop().create_future()
        worker.transport.write(query.encode())
        body = await worker.reply
        self._idle.put_nowait(worker)
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )


async def serve(port: int, sockets: list[socket.socket]) -> None:
    """Answer until the process is stopped."""
    loop = asyncio.get_running_loop()
    idle: asyncio.Queue[Worker] = asyncio.Queue()
    for one in sockets:
        _, worker = await loop.create_unix_connection(Worker, sock=one)
        idle.put_nowait(worker)
    server = await loop.create_server(lambda: Connection(idle), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """Load the facts, fork two workers, and serve."""
    store = Store()
    store.load(path=sys.argv[2], format=RdfFormat.N_TRIPLES)
    uvloop.run(serve(int(sys.argv[1]), [forked(store), forked(store)]))


if __name__ == "__main__":
    main()
