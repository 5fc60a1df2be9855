"""A command in a child process, with limits of time and memory.

The SPARQL engine has no time limit, cannot be cancelled, and crashes on deeply nested input; a
Python regular expression may run for ever. Only another process can end all of these with a
message.

The command line runs each command in one child. The child writes to the terminal itself, so nothing
is copied. Through a pipe it reports to its parent what it is working on and until when
(``limits``); the parent waits, kills it when the time is up, and says what happened. If the parent
dies, the system ends the child. Starting it takes about a millisecond, because nothing large has
been imported yet. Where there is no fork, as on Windows, there are no limits.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import NoReturn

from onehealthkg import limits
from onehealthkg.errors import InputError, OneHealthKGError, TimeLimit

_NO_MEMORY = f"onehealthkg: {limits.NO_MEMORY}\n".encode()  # made while there is memory
_CRASHES = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGKILL", "SIGSEGV", "SIGSYS", "SIGTRAP")


def supervised(work: Callable[[], int], seconds: float) -> int:
    """Run the work in a child, and return its exit code.

    ``seconds`` limits the computing time, which excludes waiting for a person or a network; 0 is no
    limit. Raises TimeLimit, or the error of a deadline, if the time is up, and InputError, with the
    file it was working on, if the child dies.
    """
    if not hasattr(os, "fork"):
        return work()
    _fill_standard_streams()
    notes, notes_end = os.pipe()
    alive, alive_end = os.pipe()  # closed by the system when the parent ends
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGINT, _once if usual is signal.default_int_handler else usual)
        os.close(notes)
        os.close(alive_end)
        _child(work, alive, notes_end, seconds)
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os.kill(child, signal.SIGINT))
    os.close(notes_end)
    os.close(alive)
    try:
        place, late = _watch(notes)
        if late:
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
    finally:
        os.close(notes)
        os.close(alive_end)
        signal.signal(signal.SIGINT, usual)
    if late:
        raise late
    return _exit_code(status, place, used.ru_utime + used.ru_stime)


def _fill_standard_streams() -> None:
    """Open the standard streams that are closed, so that no pipe takes their numbers."""
    lowest = os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free
    while lowest < 3:
        lowest = os.open(os.devnull, os.O_RDWR)
    os.close(lowest)


def _once(*_: object) -> NoReturn:
    """Raise KeyboardInterrupt, once: a terminal sends the signal, and the parent does too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _child(work: Callable[[], int], alive: int, notes: int, seconds: float) -> NoReturn:
    """Do the work, and end the process with its exit code."""
    code: object = 1
    try:
        _end_with(alive)
        limits.begin(notes, seconds)
        _silence_engine()
        code = work()
    except SystemExit as end:
        code = end.code or 0
    except (MemoryError, SystemError):  # again, while the first was reported
        code = InputError.exit_code
        limits.use_reserve()
        with suppress(AttributeError, OSError, ValueError):
            os.write(sys.stderr.fileno(), _NO_MEMORY)
    except BaseException:  # noqa: BLE001 - a bug of ours; Python prints it
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            for stream in (sys.stdout, sys.stderr):
                with suppress(AttributeError, OSError, ValueError, MemoryError):
                    stream.flush()
        finally:
            os._exit(code if isinstance(code, int) else 1)


def _end_with(alive: int) -> None:
    """Have the system end this process when the other end of the pipe is closed."""
    import fcntl

    with suppress(OSError):
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(alive, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(alive, fcntl.F_GETFL)
        fcntl.fcntl(alive, fcntl.F_SETFL, flags | os.O_ASYNC)
    if os.getppid() == 1:
        os._exit(1)  # the parent was killed before this was set


def _silence_engine() -> None:
    """Keep the output of a crashing engine from the terminal; our own output continues."""
    usual = sys.__stderr__
    if usual is None:
        return
    with suppress(OSError):
        ours = os.dup(2)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        sys.stderr = open(ours, "w", 1, usual.encoding, usual.errors)  # noqa: SIM115 - stays open


def _watch(notes: int) -> tuple[str, OneHealthKGError | None]:
    """Wait until the child ends or its time is up: its last place, and the timeout error if any."""
    from select import select

    place, rest = "", b""
    end: float | None = None
    late: OneHealthKGError | None = None
    while True:
        left = None if end is None else max(0.0, end - monotonic())
        ready, _, _ = select([notes], [], [], left)
        if not ready:
            return place, late
        data = os.read(notes, 1 << 16)
        if not data:
            return place, None
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            kind, *values = line.decode("utf-8", "replace").split("\t")
            if kind == "at" and len(values) == 1:
                place = values[0]
            elif kind == "by" and len(values) == 3:
                seconds, name, message = values
                end = monotonic() + float(seconds) if seconds else None
                late = limits.ERRORS[name](message) if seconds else None


def _exit_code(status: int, place: str, computed: float) -> int:
    """The exit code of a child that has ended; raises an error if its work crashed it.

    ``computed`` are its seconds of computing, one more than allowed if it was stopped.
    """
    number = os.waitstatus_to_exitcode(status)
    if number >= 0:
        return number
    name = signal.Signals(-number).name
    start = f"{place}: " if place else ""
    if name == "SIGXCPU":
        raise TimeLimit(
            f"{start}stopped after {computed - 1:.0f} seconds of computing; if that should take so "
            f"long, set {limits.VARIABLE}=SECONDS (0: no limit)."
        )
    if name in _CRASHES:
        raise crash(place, name)
    return 128 - number


def crash(place: str, name: str) -> InputError:
    """The error that a signal ended a child."""
    start = f"{place}: " if place else ""
    return InputError(
        f"{start}the engine gave up ({name}): this is nested too deeply, or needs too much memory."
    )
