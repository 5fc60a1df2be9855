"""Start the server, renew its data, and end it with all its processes.

The data is read by two template processes, one for queries and one for pages, at the same time.
Queries are answered as soon as the first has read it; the first requests for pages wait.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import uvicorn
import uvloop

from onehealthkg.errors import OneHealthKGError, UsageError
from onehealthkg.paths import Project
from onehealthkg.serving.app import Application
from onehealthkg.serving.guard import GuardedProtocol
from onehealthkg.serving.pool import Pool
from onehealthkg.serving.server import Base, Server
from onehealthkg.serving.service import endpoint, site
from onehealthkg.serving.workers import Limits, Template

_LOG = logging.getLogger("onehealthkg.serve")
_PAGE_SECONDS = 20.0
_BETWEEN_LOOKS = 1.0  # seconds between two looks at the files of the project


class Settings(NamedTuple):
    """The settings: address, limits on queries, and trusted proxies."""

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
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{listener.getsockname()[1]}"
        count, limits = settings.workers or os.cpu_count() or 2, Limits(settings.memory, 5)
        server = Server(
            queries=Pool(count, settings.seconds, limits),
            answers=Pool(count, settings.seconds, limits),
            pages=Pool(2, _PAGE_SECONDS, Limits(settings.memory)),
            base=Base(address, settings.root_path, settings.trusted),
        )
        data = Data(project, settings, server)
        try:
            data.begin()
            started(f"{address}{settings.root_path}/")
            uvloop.run(_run(server, data, settings, listener))
        finally:
            for pool in server.pools.values():
                pool.close()


class Data:
    """The data of a project in its template processes, and whether it is up to date."""

    def __init__(self, project: Project, settings: Settings, server: Server) -> None:
        self._project = project
        self._settings = settings
        self._server = server
        self._version = ""

    def begin(self) -> None:
        """Answer queries; ``complete`` then adds the pages. Raises what reading the data raises."""
        self._version, queries, self._pages = self._started()
        _wait(queries, self._pages)
        self._server.queries.use(queries)
        self._server.use(self._version)

    async def complete(self) -> None:
        """Answer with pages too, once they are ready. Raises what reading the data raises."""
        await asyncio.to_thread(_wait, self._pages)
        self._use_pages(self._pages)

    def abandon(self) -> None:
        """End the process that still reads the data for pages, if it does."""
        if not self._server.pages.is_ready:
            self._pages.kill()

    def _started(self) -> tuple[str, Template, Template]:
        """The version of the data, and templates that read it for queries and for pages."""
        version, most = self._project.fingerprint(), self._settings.bytes
        queries = Template(lambda: endpoint(self._project, most))
        return version, queries, Template(lambda: site(self._project))

    def _read(self) -> tuple[str, Template, Template]:
        """The version of the data, and templates that have read it. Raises what reading raises."""
        version, queries, pages = self._started()
        _wait(queries, pages)
        _wait(pages, queries)
        return version, queries, pages

    def _use_pages(self, pages: Template) -> None:
        self._server.pages.use(pages)
        self._server.answers.use(pages)

    async def renew(self) -> None:
        """Read the data again whenever its files change; this never returns."""
        tried = self._version
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            with suppress(OneHealthKGError):
                version = await asyncio.to_thread(self._project.fingerprint)
                if version == tried:
                    continue
                tried = version
            try:
                self._version, queries, pages = await asyncio.to_thread(self._read)
                self._server.queries.use(queries)
                self._use_pages(pages)
                self._server.use(self._version)
                _LOG.warning("The data has changed and was read again.")
            except OneHealthKGError as error:
                _LOG.warning("The changed data is invalid; the earlier data is served. %s", error)


def _wait(template: Template, other: Template | None = None) -> None:
    """Wait until a template has read the data; where it cannot, close the other one too."""
    try:
        template.wait()
    except OneHealthKGError:
        if other:
            other.close()
        raise


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"serve: {settings.host}, port {settings.port}: {error}; choose another with --host "
            "and --port (0 takes any that is free)."
        ) from None
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
    return listener


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
        if settings.reload:
            await data.renew()
    except OneHealthKGError:
        http.should_exit = True
        raise
