"""Start the server, and end it with all its processes.

Queries are answered as soon as their process has read the data; the first requests for pages wait
for theirs.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from onehealthkg.errors import UsageError
from onehealthkg.paths import Project
from onehealthkg.serving.reading import begin
from onehealthkg.serving.settings import Settings


def serve(project: Project, settings: Settings, started: Callable[[str], None]) -> None:
    """Serve a project until the process is stopped; ``started`` is called with the address.

    Raises UsageError if the address is not available, and the errors of reading the project.
    """
    with _listening(settings) as listener:
        reading = begin(project, settings.bytes)
        from onehealthkg.serving.web import (
            run,  # takes as long as the data, which is read meanwhile
        )

        run(listener, reading, project, settings, started)


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        reason = str(error).rstrip(".")
        raise UsageError(
            f"serve: {settings.host}, port {settings.port}: {reason}; choose another with --host "
            "and --port (0 takes any that is free)."
        ) from None
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
    return listener
