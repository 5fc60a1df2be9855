"""One piece of work, such as a query, in a child process that is ended when its time is up.

It is for programs that import the package, and so have no parent that watches them
(``supervised``). The child has the store without reading it again. Where there is no fork, as on
Windows, the work is done in a thread, which is abandoned when the time is up.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import NoReturn

from onehealthkg import limits
from onehealthkg.errors import OneHealthKGError, UsageError
from onehealthkg.supervised import crash


def limited(
    work: Callable[[], bytes], seconds: float, place: str, late: OneHealthKGError | None = None
) -> bytes:
    """The result of the work, if it ends within ``seconds``.

    Raises ``late``, or a TimeLimit, if the time is up, and InputError if the process dies.
    """
    if limits.is_supervised():
        with limits.deadline(seconds, place, late):
            return work()
    late = late or limits.time_limit(place, seconds)
    return (
        _in_child(work, seconds, place, late)
        if hasattr(os, "fork")
        else _in_thread(work, seconds, late)
    )


def _in_child(
    work: Callable[[], bytes], seconds: float, place: str, late: OneHealthKGError
) -> bytes:
    read, write = os.pipe()
    child = _fork()
    if not child:
        os.close(read)
        _child(work, write)
    os.close(write)
    data = None
    try:
        data = _collect(read, seconds)
    finally:
        os.close(read)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if data is None:
        raise late
    if data[:1] == b"+":
        return data[1:]
    if data[:1] == b"-":
        name, _, message = data[1:].decode().partition("\n")
        raise limits.ERRORS.get(name, UsageError)(message)
    raise crash(place, signal.Signals(status & 127).name if status & 127 else "no answer")


def _fork() -> int:
    """Fork. Python 3.12 warns where there are threads; the child uses none of their locks."""
    from warnings import catch_warnings, simplefilter

    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _child(work: Callable[[], bytes], write: int) -> NoReturn:
    """Do the work and always end the process, without running the parent's cleanup."""
    import faulthandler

    try:
        limits.limit_memory(limits.MEMORY + _used())
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # silences the engine,
        faulthandler.disable()  # and Python's
        try:
            data = b"+" + work()
        except OneHealthKGError as error:
            data = f"-{type(error).__name__}\n{error}".encode()
        while data:
            data = data[os.write(write, data) :]
    finally:
        os._exit(0)


def _collect(read: int, seconds: float) -> bytes | None:
    """All bytes that the child sends; None if the time is up first."""
    from select import select

    end = monotonic() + seconds
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select([read], [], [], max(0.0, end - monotonic()))
        if not ready:
            return None
        chunk = os.read(read, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _in_thread(work: Callable[[], bytes], seconds: float, late: OneHealthKGError) -> bytes:
    from threading import Thread

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
        raise late
    if isinstance(outcomes[0], bytes):
        return outcomes[0]
    raise outcomes[0]


def _used() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
