"""The HTTP server, whose data is renewed while it runs."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
import uvloop

from onehealthkg.errors import OneHealthKGError
from onehealthkg.paths import Project
from onehealthkg.serving.app import Application, prepare
from onehealthkg.serving.guard import GuardedProtocol
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.reading import Reading, begin, wait
from onehealthkg.serving.server import Base, Server
from onehealthkg.serving.settings import Settings
from onehealthkg.serving.workers import Limits, Template

_LOG = logging.getLogger("onehealthkg.serve")
_PAGE_SECONDS = 20.0
_BETWEEN_LOOKS = 1.0  # seconds between two looks at the files of the project


def run(
    listener: socket.socket,
    reading: Reading,
    project: Project,
    settings: Settings,
    started: Callable[[str], None],
) -> None:
    """Serve until the process is stopped, and end the processes that have the data."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listener.getsockname()[1]}"
    count, limits = settings.workers or os.cpu_count() or 2, Limits(settings.memory, 10)
    server = Server(
        queries=Pool(count, settings.seconds, limits),
        answers=Pool(count, settings.seconds, limits),
        pages=Pool(2, _PAGE_SECONDS, Limits(settings.memory)),
        base=Base(address, settings.root_path, settings.trusted),
    )
    data = Data(project, settings, server, reading)
    try:
        data.begin()
        started(f"{address}{settings.root_path}/")
        uvloop.run(_run(server, data, settings, listener))
    finally:
        for pool in server.pools.values():
            pool.close()


class Data:
    """The data of a project in its template processes, and whether it is up to date."""

    def __init__(
        self, project: Project, settings: Settings, server: Server, reading: Reading
    ) -> None:
        self._project = project
        self._settings = settings
        self.server = server
        self._first = reading

    def begin(self) -> None:
        """Answer queries; ``complete`` then adds the pages. Raises what reading the data raises."""
        wait(self._first.queries, self._first.pages)
        self.server.queries.use(self._first.queries)
        self.server.use(self._first.version)

    async def complete(self) -> None:
        """Answer with pages too, once they are ready. Raises what reading the data raises."""
        await asyncio.to_thread(self._first.pages.wait)
        self._use_pages(self._first.pages)

    def abandon(self) -> None:
        """End the process that still reads the data for pages, if it does."""
        if not self.server.pages.is_ready:
            self._first.pages.kill()

    def _use_pages(self, pages: Template) -> None:
        self.server.pages.use(pages)
        self.server.answers.use(pages)

    async def renew(self) -> None:
        """Read the data again whenever its files change; this never returns."""
        tried = self._first.version
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            with suppress(OneHealthKGError):
                version = await asyncio.to_thread(self._project.fingerprint)
                if version == tried:
                    continue
                tried = version
            try:
                reading = await asyncio.to_thread(self._read)
                self.server.queries.use(reading.queries)
                self._use_pages(reading.pages)
                self.server.use(reading.version)
                _LOG.warning("The data has changed and was read again.")
                await prepare(self.server)
            except OneHealthKGError as error:
                _LOG.warning("The changed data is invalid; the earlier data is served. %s", error)

    def _read(self) -> Reading:
        """The data of now, once it is read. Raises what reading raises."""
        reading = begin(self._project, self._settings.bytes)
        reading.wait()
        return reading


async def _run(server: Server, data: Data, settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        Application(server),
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        root_path=settings.root_path,
        limit_concurrency=1000,
        timeout_graceful_shutdown=int(settings.seconds) + 1,
    )
    logging.getLogger("uvicorn.error").setLevel(
        logging.ERROR
    )  # broken clients are not worth a line
    http = uvicorn.Server(config)
    background = asyncio.ensure_future(_in_background(data, settings, http))
    try:
        await http.serve([listener])
        if background.done():
            background.result()  # raises what stopped the server
    finally:
        background.cancel()
        data.abandon()


async def _in_background(data: Data, settings: Settings, http: uvicorn.Server) -> None:
    """Complete the data, and renew it if that is wanted; stop the server where that fails."""
    try:
        await data.complete()
        await prepare(data.server)
        if settings.reload:
            await data.renew()
    except OneHealthKGError:
        http.should_exit = True
        raise
