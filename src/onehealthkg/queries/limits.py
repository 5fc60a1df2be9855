"""Work that must not take for ever: in a process of its own, which is killed when its time is up.

The engine has no time limit, cannot be cancelled, and dies of a query that is nested too deeply. A
forked child has the store without reading it again, and costs some 2 ms; what it finds comes back
through a pipe. It may take ``MEMORY`` bytes more than there were. Where there is no fork, as on
Windows, the work runs in a thread, and a program that has waited long enough goes on without it.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Callable
from contextlib import suppress
from select import select
from threading import Thread
from time import monotonic
from warnings import catch_warnings, simplefilter

from onehealthkg import errors
from onehealthkg.errors import InputError, OneHealthKGError, TimeLimit, UsageError

MEMORY = 4 << 30
_ERRORS: dict[str, type[OneHealthKGError]] = {
    name: error
    for name, error in vars(errors).items()
    if isinstance(error, type) and issubclass(error, OneHealthKGError)
}


def limited(work: Callable[[], bytes], seconds: float, place: str) -> bytes:
    """What the work gives; TimeLimit after so many seconds, InputError where the process dies."""
    if not hasattr(os, "fork"):
        return _in_thread(work, seconds, place)
    read, write = os.pipe()
    child = _fork()
    if not child:
        os.close(read)
        _child(work, write)
    os.close(write)
    data = b""
    try:
        data = _collect(read, seconds, place)
    finally:
        os.close(read)
        with suppress(ProcessLookupError):
            os.kill(child, 9)
        _, status = os.waitpid(child, 0)
    if data[:1] == b"+":
        return data[1:]
    if data[:1] == b"-":
        name, _, message = data[1:].decode().partition("\n")
        raise _ERRORS.get(name, UsageError)(message)
    raise InputError(
        f"{place}: the engine gave up (signal {status & 127}); the query is nested too deeply, "
        "or needs too much memory."
    )


def _fork() -> int:
    """Fork. Python 3.12 warns where there are threads; the child uses none of their locks."""
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _child(work: Callable[[], bytes], write: int) -> None:
    """Do the work and end the process, whatever happens; nothing of the parent's is cleaned up."""
    try:
        _limit_memory()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine's last words,
        faulthandler.disable()  # and Python's
        try:
            data = b"+" + work()
        except OneHealthKGError as error:
            data = f"-{type(error).__name__}\n{error}".encode()
        while data:
            data = data[os.write(write, data) :]
    finally:
        os._exit(0)


def _limit_memory() -> None:
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))


def _collect(read: int, seconds: float, place: str) -> bytes:
    end = monotonic() + seconds
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select([read], [], [], max(0.0, end - monotonic()))
        if not ready:
            raise TimeLimit(_message(place, seconds))
        chunk = os.read(read, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _in_thread(work: Callable[[], bytes], seconds: float, place: str) -> bytes:
    outcomes: list[bytes | OneHealthKGError] = []

    def target() -> None:
        try:
            outcomes.append(work())
        except OneHealthKGError as error:
            outcomes.append(error)

    thread = Thread(target=target, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcomes:
        raise TimeLimit(_message(place, seconds))
    if isinstance(outcomes[0], bytes):
        return outcomes[0]
    raise outcomes[0]


def _message(place: str, seconds: float) -> str:
    return (
        f"{place}: stopped after {seconds:g} seconds; ask for less, or give it longer with "
        "--timeout SECONDS (0: no limit)."
    )
