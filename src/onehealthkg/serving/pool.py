"""A pool of workers for one kind of request: at most so many at a time, and a short queue."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from socket import socket
from typing import NamedTuple

from onehealthkg.serving.reply import GONE, LENGTHS, Reply, Request, packed, text
from onehealthkg.serving.workers import Limits, Template


class Worker(NamedTuple):
    """A process that waits for requests, and the template from which it was forked."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    template: Template

    def kill(self) -> None:
        """End the process, whatever it does."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.writer.close()


class Pool:
    """Workers forked from a template, which can be replaced by that of newer data."""

    def __init__(self, size: int, seconds: float, limits: Limits) -> None:
        """``size`` workers at most; each request may take ``seconds``, and wait as long again."""
        self._limits = limits
        self.seconds = seconds
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: list[Worker] = []
        self._busy: dict[Template, int] = {}
        self._template: Template | None = None
        self._ready = asyncio.Event()
        self._forking = asyncio.Lock()

    def use(self, template: Template) -> None:
        """Take the workers of a template from now on; those that are at work finish."""
        old, self._template = self._template, template
        self._busy[template] = 0
        template.pools += 1
        idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()
        if old is not None:
            self._retire(old)
        self._ready.set()

    @property
    def is_ready(self) -> bool:
        """Whether there is data from which to answer."""
        return self._ready.is_set()

    def close(self) -> None:
        """End all workers and their templates."""
        for template in list(self._busy):
            self._leave(template)

    @property
    def counts(self) -> dict[str, int]:
        """The number of workers that are idle and busy, and of requests that wait for one."""
        return {
            "idle": len(self._idle),
            "busy": sum(self._busy.values()),
            "waiting": self._waiting,
        }

    async def run(self, request: Request, gone: asyncio.Future[None]) -> Reply:
        """The reply to a request; ``gone`` is done when the client has gone.

        503 where the queue is full or the data is not read yet, 504 after the time limit, 500 where
        the worker died, as it does of too much memory.
        """
        if self._waiting >= _QUEUE * self._size:
            return text(503, "Too many requests are waiting. Try again later.", **_LATER)
        self._waiting += 1
        try:
            await asyncio.wait_for(self._turn(), self.seconds)
        except asyncio.TimeoutError:
            return text(503, "No worker became free. Try again later.", **_LATER)
        finally:
            self._waiting -= 1
        try:
            worker = self._idle.pop() if self._idle else await self._forked()
            return await self._ask(worker, request, gone)
        except OSError:
            return text(503, "No worker could be started. Try again later.", **_LATER)
        finally:
            self._free.release()

    async def _turn(self) -> None:
        await self._ready.wait()
        await self._free.acquire()

    async def _forked(self) -> Worker:
        async with self._forking:
            template = self._template
            assert template is not None  # noqa: S101 - _ready says so
            pid, connection = await asyncio.to_thread(template.fork, self._limits)
        reader, writer = await _streams(connection)
        return Worker(pid, reader, writer, template)

    async def _ask(self, worker: Worker, request: Request, gone: asyncio.Future[None]) -> Reply:
        """Send the request and wait for the reply, the client's going or the end of the time."""
        self._busy[worker.template] += 1
        asked = asyncio.ensure_future(_reply(worker, request))
        try:
            await asyncio.wait(
                (asked, gone), timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if asked.done() and asked.exception() is None:
                self._release(worker)
                return asked.result()
            worker.kill()
            if gone.done():
                return text(GONE, "The client has gone.")
            if asked.done():
                return text(500, _DIED)
            return text(504, f"Stopped after {self.seconds:g} seconds. Ask for less at once.")
        except asyncio.CancelledError:
            worker.kill()
            raise
        finally:
            asked.cancel()
            with suppress(asyncio.CancelledError, OSError, EOFError):
                await asked
            self._busy[worker.template] -= 1
            self._retire(worker.template)

    def _release(self, worker: Worker) -> None:
        if worker.template is self._template:
            self._idle.append(worker)
        else:
            worker.kill()

    def _retire(self, template: Template) -> None:
        """End a template that was replaced once the last of its workers has finished."""
        if template is not self._template and not self._busy.get(template, 1):
            self._leave(template)

    def _leave(self, template: Template) -> None:
        """Have no more workers of a template, and end it where no other pool has."""
        del self._busy[template]
        template.pools -= 1
        if not template.pools:
            template.close()


_QUEUE = 16  # requests that may wait, for each worker
_LATER = {"retry-after": "2"}
_DIED = (
    "The worker gave up: the request needs too much memory, or is nested too deeply. "
    "Ask for less at once."
)


async def _streams(connection: socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    connection.setblocking(False)
    return await asyncio.open_connection(sock=connection, limit=1 << 20)


async def _reply(worker: Worker, request: Request) -> Reply:
    """Raises EOFError (IncompleteReadError) where the worker dies."""
    worker.writer.write(packed(request))
    lengths = LENGTHS.unpack(await worker.reader.readexactly(LENGTHS.size))
    status, headers = json.loads(await worker.reader.readexactly(lengths[0]))
    return Reply(status, headers, await worker.reader.readexactly(lengths[1]))
