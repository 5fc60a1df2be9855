"""A pool of workers for one kind of request, with a limited number of workers and a short queue."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import cast

from onehealthkg.serving.reply import Reply, text, unpacked
from onehealthkg.serving.workers import OVERFLOW, Limits, Template


class Worker(asyncio.Protocol):
    """A process that answers one request at a time, and the template from which it was forked."""

    def __init__(self, pid: int, template: Template) -> None:
        self.template = template
        self.is_idle = True
        self._pid = pid
        self._received = bytearray()
        self._reply: asyncio.Future[Reply] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket on which the process takes requests is ready."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop has a class of its own

    def ask(self, message: bytes) -> asyncio.Future[Reply]:
        """Send a request; the reply is an error message if the process dies."""
        self.is_idle = False
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return self._reply

    def give_up(self, reply: Reply) -> None:
        """Give a reply in place of the process, which is still busy."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(reply)

    def data_received(self, data: bytes) -> None:
        """Take a part of the reply."""
        self._received += data
        if message := unpacked(self._received):
            (status, headers), body = message
            self._received = bytearray()
            self.is_idle = True
            self.give_up(Reply(status, headers, body))

    def connection_lost(self, _: Exception | None) -> None:
        """The process has died; the last that it sends may be the reason."""
        if self._received.startswith(OVERFLOW):
            self.give_up(text(400, _NESTED))
        else:
            self.give_up(text(500, _HUNGRY))

    @property
    def is_alive(self) -> bool:
        """Whether the process can be asked."""
        return not self._transport.is_closing()

    def kill(self) -> None:
        """Kill the process."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._transport.abort()


class Pool:
    """Workers forked from a template, which can be replaced by that of newer data."""

    def __init__(
        self, size: int, seconds: float, limits: Limits, patience: float | None = None
    ) -> None:
        """At most ``size`` workers; a request may run for ``seconds``, and wait as long before.

        Until the data is read, a request waits only for ``patience``, in seconds, if that is given.
        """
        self._patience = seconds if patience is None else patience
        self._limits = limits
        self.seconds = seconds
        self._size = size
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: list[Worker] = []
        self._busy: dict[Template, int] = {}
        self._template: Template | None = None
        self._ready = asyncio.Event()
        self._too_slow = text(504, f"Stopped after {seconds:g} seconds. Ask for less at once.")

    def use(self, template: Template) -> None:
        """Use the workers of a template from now on; busy workers of the old one finish."""
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
        """Whether the data has been read."""
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

    async def run(self, message: bytes) -> Reply:
        """The reply to a packed job; its worker is killed if this is cancelled.

        The status is 503 if the queue is full or the data is not read yet, 504 after the time
        limit, 400 if the worker's stack overflowed, and 500 if it died because of too much memory.
        """
        if self._waiting >= _QUEUE * self._size:
            return text(503, "Too many requests are waiting. Try again later.", **_LATER)
        if not self.is_ready and not await self._is_soon_ready():
            return PREPARING
        if not await self._has_turn():
            return text(503, "No worker became free. Try again later.", **_LATER)
        try:
            return await self._ask(await self._worker(), message)
        except OSError:
            return text(503, "No worker could be started. Try again later.", **_LATER)
        finally:
            self._free.release()

    async def _is_soon_ready(self) -> bool:
        try:
            await asyncio.wait_for(self._ready.wait(), self._patience)
        except asyncio.TimeoutError:
            return False
        return True

    async def _has_turn(self) -> bool:
        """Whether it was this request's turn before the time was up."""
        self._waiting += 1
        try:
            if not self._free.locked():
                await self._free.acquire()  # at once, without a timer and a task
            else:
                await asyncio.wait_for(self._free.acquire(), self.seconds)
        except asyncio.TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _worker(self) -> Worker:
        """A worker that is idle, or a new one. Raises OSError."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
        template = self._template
        assert template is not None  # noqa: S101 - _ready says so
        pid, connection = await asyncio.to_thread(template.fork, self._limits)
        loop = asyncio.get_running_loop()
        _, worker = await loop.create_unix_connection(
            lambda: Worker(pid, template), sock=connection
        )
        return worker

    async def _ask(self, worker: Worker, message: bytes) -> Reply:
        """Send the job and wait for the reply, or the end of the time."""
        self._busy[worker.template] += 1
        loop = asyncio.get_running_loop()
        clock = loop.call_later(self.seconds, worker.give_up, self._too_slow)
        try:
            return await worker.ask(message)
        finally:
            clock.cancel()
            self._busy[worker.template] -= 1
            if worker.is_idle and worker.is_alive:
                self._release(worker)
            else:
                worker.kill()
            self._retire(worker.template)

    def _release(self, worker: Worker) -> None:
        if worker.template is self._template:
            self._idle.append(worker)
        else:
            worker.kill()

    def _retire(self, template: Template) -> None:
        """End a replaced template once the last of its workers has finished."""
        if template is not self._template and not self._busy.get(template, 1):
            self._leave(template)

    def _leave(self, template: Template) -> None:
        """Release a template, and end it if no other pool has workers of it."""
        del self._busy[template]
        template.pools -= 1
        if not template.pools:
            template.close()


_QUEUE = 16  # requests that may wait, for each worker
_LATER = {"retry-after": "2"}
PREPARING = text(503, "The pages are being prepared. Try again later.", **{"retry-after": "5"})
"""The reply to a request for a page before the data is read."""

_NESTED = "This is nested too deeply, or is too long a chain. Use fewer levels or links."
_HUNGRY = "The worker gave up: the request needs too much memory. Ask for less at once."
