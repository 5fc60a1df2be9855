"""Start the server, renew its data while it runs, and end it with all its processes.

Queries are answered as soon as their process has read the data; the first requests for pages wait
for theirs. Those for pages of a large project are soon refused: their lists take a while.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from onehealthkg.dataset.units import WHOLE
from onehealthkg.errors import OneHealthKGError, UsageError
from onehealthkg.paths import Project
from onehealthkg.serving.workers import Limits, Reading, Template, begin, wait

if TYPE_CHECKING:
    import uvicorn

    from onehealthkg.serving.app import Application
    from onehealthkg.serving.server import Server

_LOG = logging.getLogger("onehealthkg.serve")
_PAGE_SECONDS = 20.0
_PATIENCE = 1.0  # seconds that a request waits for the pages of a large project to be prepared
_BETWEEN_LOOKS = 1.0  # seconds between two looks at the files of the project, or more:
_REST = 20  # times as long as a look takes, which grows with the number of files


class Settings(NamedTuple):
    """The settings of a server: address, limits on queries, and trusted proxies."""

    host: str = "127.0.0.1"
    port: int = 8000
    seconds: float = 10.0
    memory: int = 1 << 30
    bytes: int = 64 << 20
    workers: int = 0
    root_path: str = ""
    trusted: frozenset[str] = frozenset()
    reload: bool = False


def serve(project: Project, settings: Settings, started: Callable[[str], None]) -> None:
    """Serve a project until the process is stopped; ``started`` is called with the address.

    Raises UsageError if the address is not available, and the errors of reading the project.
    """
    with _listening(settings) as listener:
        reading = begin(project, settings.bytes)
        # Importing these takes as long as reading the data, which goes on meanwhile.
        import uvicorn
        import uvloop

        from onehealthkg.serving.app import Application
        from onehealthkg.serving.pool import Pool
        from onehealthkg.serving.receiving import Base
        from onehealthkg.serving.server import Server

        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{listener.getsockname()[1]}"
        count, limits = settings.workers or os.cpu_count() or 2, Limits(settings.memory, 10)
        patience = _PATIENCE if _is_large(project) else None
        server = Server(
            queries=Pool(count, settings.seconds, limits),
            answers=Pool(count, settings.seconds, limits, patience),
            pages=Pool(2, _PAGE_SECONDS, Limits(settings.memory), patience),
        )
        base = Base(address, settings.root_path, settings.trusted)
        http = uvicorn.Server(_config(Application(server, base), settings))
        data = Data(project, settings, server, reading)
        try:
            data.begin()
            gc.freeze()  # what is imported stays, and need not be searched for garbage again
            started(f"{address}{settings.root_path}/")
            uvloop.run(_until_stopped(http, data, listener))
        finally:
            for pool in server.pools.values():
                pool.close()


def _is_large(project: Project) -> bool:
    return len(project.records) + len(project.texts) >= WHOLE


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OverflowError:
        reason = "a port is a number up to 65535"
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
    else:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets have it
        return listener
    raise UsageError(
        f"serve: {settings.host}, port {settings.port}: {reason}; choose another with --host "
        "and --port (0 takes any that is free)."
    )


def _config(app: Application, settings: Settings) -> uvicorn.Config:
    import uvicorn

    from onehealthkg.serving.guard import GuardedProtocol

    # Broken clients are not worth a line.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    return uvicorn.Config(
        app,
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


async def _until_stopped(http: uvicorn.Server, data: Data, listener: socket.socket) -> None:
    """Answer requests until a signal arrives; then finish those that run.

    A second signal ends these, too. uvicorn raises the signals again at the end, so that the caller
    sees them. Raises what reading the data for pages raises.
    """
    background = asyncio.ensure_future(_in_background(data, http))
    try:
        await http.serve([listener])
        if background.done():
            background.result()  # raises what stopped the server
    finally:
        background.cancel()
        data.abandon()


async def _in_background(data: Data, http: uvicorn.Server) -> None:
    """Keep the data complete and up to date; stop the server if that fails."""
    try:
        await data.keep()
    except OneHealthKGError:
        http.should_exit = True
        raise


class Data:
    """The data of a project in its template processes, and whether it is up to date."""

    def __init__(
        self, project: Project, settings: Settings, server: Server, reading: Reading
    ) -> None:
        self._project = project
        self._settings = settings
        self._server = server
        self._first = reading

    def begin(self) -> None:
        """Answer queries; ``keep`` then adds the pages. Raises what reading the data raises."""
        wait(self._first.queries, self._first.pages)
        self._server.queries.use(self._first.queries)
        self._server.use(self._first.version)

    async def keep(self) -> None:
        """Answer with pages too, once they are ready; renew the data if that is wanted.

        Raises what reading the data raises.
        """
        await asyncio.to_thread(self._first.pages.wait)
        self._use_pages(self._first.pages)
        await self._prepare()
        if self._settings.reload:
            await self._renew()

    def abandon(self) -> None:
        """End the process that still reads the data for pages, if it does."""
        if not self._server.pages.is_ready:
            self._first.pages.kill()

    def _use_pages(self, pages: Template) -> None:
        self._server.pages.use(pages)
        self._server.answers.use(pages)

    async def _renew(self) -> None:
        """Read the data again whenever its files change; this never returns."""
        tried, took = self._first.version, 0.0
        while True:
            await asyncio.sleep(max(_BETWEEN_LOOKS, _REST * took))
            start = monotonic()
            with suppress(OneHealthKGError):
                version = await asyncio.to_thread(self._project.fingerprint)
                took = monotonic() - start
                if version == tried:
                    continue
                tried = version
            try:
                reading = await asyncio.to_thread(self._read)
                self._server.queries.use(reading.queries)
                self._use_pages(reading.pages)
                self._server.use(reading.version)
                _LOG.warning("The data has changed and was read again.")
                await self._prepare()
            except OneHealthKGError as error:
                _LOG.error("The changed data is invalid; the earlier data is served. %s", error)

    async def _prepare(self) -> None:
        from onehealthkg.serving.app import prepare

        await prepare(self._server)

    def _read(self) -> Reading:
        """The data of now, once it is read. Raises what reading raises."""
        reading = begin(self._project, self._settings.bytes)
        reading.wait()
        return reading
