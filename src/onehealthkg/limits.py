"""Work on untrusted input: in a separate process, with limits of time and memory.

The SPARQL engine has no time limit, cannot be cancelled, and crashes on deeply nested input; a
Python regular expression may run for ever. Only another process can end all of these with a
message.

- The command line runs each command in one child, by ``supervised``. The child writes to the
  terminal itself, so nothing is copied. Through a pipe it reports to its parent what it is working
  on and until when; the parent waits, kills it when the time is up, and says what happened. If the
  parent dies, the system ends the child. Starting it takes about a millisecond, because
  nothing large has been imported yet.
- A program that imports the package has no such parent. ``limited`` then runs one piece of work,
  such as a query, in a child that has the store without reading it again.

A child may use ``MEMORY`` bytes. Where there is no fork, as on Windows, ``limited`` runs the work
in a thread and stops waiting for it when the time is up, and ``supervised`` has no limits.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import NoReturn

from onehealthkg import errors
from onehealthkg.errors import InputError, OneHealthKGError, TimeLimit, UsageError

MEMORY = 4 << 30
VARIABLE = "ONEHEALTHKG_TIMEOUT"
NO_MEMORY = "there is not enough memory, or one value is too long; ask for less at once."

_NO_MEMORY = f"onehealthkg: {NO_MEMORY}\n".encode()  # made while there is memory
_LONGEST_NOTE = 500  # characters
_RESERVE = 4 << 20
_UNITS = 200  # files of a project that may take as long as the limit
_CRASHES = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGKILL", "SIGSEGV", "SIGSYS", "SIGTRAP")
_ERRORS: dict[str, type[OneHealthKGError]] = {
    name: error
    for name, error in vars(errors).items()
    if isinstance(error, type) and issubclass(error, OneHealthKGError)
}


class _Worker:
    """The state of a supervised child: the pipe to its parent, and whether it has a deadline."""

    notes: int | None = None
    seconds = 0.0  # of computing, without a deadline, until the limit is renewed
    most = 0.0  # of computing, however often it is renewed
    has_deadline = False
    reserve: bytearray | None = None  # of memory, to report with when there is no more


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
        _Worker.notes, _Worker.seconds, _Worker.most = notes_end, seconds, seconds
        _supervised_child(work, alive)
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


def use_reserve() -> None:
    """Free the memory that is kept for reporting that there is no more."""
    _Worker.reserve = None


def at(place: object) -> None:
    """Report to the parent, if there is one, the file being worked on."""
    _tell("at", str(place))


@contextmanager
def deadline(seconds: float, place: str, late: OneHealthKGError | None = None) -> Iterator[None]:
    """Limit the following work of a supervised child to ``seconds`` from now; 0 is no limit.

    This replaces the limit of computing time. When the time is up, the parent raises ``late``, or a
    TimeLimit. A nested deadline has no effect, nor has a deadline in a process without a parent
    that watches it.
    """
    if _Worker.has_deadline or _Worker.notes is None:
        yield
        return
    late = late or TimeLimit(_message(place, seconds))
    at(place)
    _compute_for(0)
    if seconds:
        _tell("by", str(seconds), type(late).__name__, str(late))
    _Worker.has_deadline = True
    try:
        yield
    finally:
        _Worker.has_deadline = False
        _compute_for(_Worker.seconds)
        _tell("by", "", "", "")


def allow_for(units: int) -> None:
    """Let a supervised child compute in all for one limit, and one for each ``_UNITS`` files.

    Without this, ``renew`` gives no more time. So no project can compute forever, however many
    parts its rules and checks make of the work.
    """
    _Worker.most = _Worker.seconds * (1 + units // _UNITS)


def renew() -> None:
    """Let a supervised child, or a process that it forked, compute as long again.

    Work on many files calls this for each part of them, so that the limit is one for each part;
    ``allow_for`` says how long all parts may take together.
    """
    if _Worker.notes is not None and _Worker.seconds and not _Worker.has_deadline:
        _compute_until(min(_computed() + _Worker.seconds, _Worker.most))


def limited(
    work: Callable[[], bytes], seconds: float, place: str, late: OneHealthKGError | None = None
) -> bytes:
    """The result of the work, if it ends within ``seconds``.

    Raises ``late``, or a TimeLimit, if the time is up, and InputError if the process dies.
    """
    if _Worker.notes is not None:
        with deadline(seconds, place, late):
            return work()
    late = late or TimeLimit(_message(place, seconds))
    return (
        _in_child(work, seconds, place, late)
        if hasattr(os, "fork")
        else _in_thread(work, seconds, late)
    )


# The supervised child, and the parent that watches it


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


def _supervised_child(work: Callable[[], int], alive: int) -> NoReturn:
    """Do the work, and end the process with its exit code."""
    code: object = 1
    try:
        _end_with(alive)
        _limit_memory(MEMORY)
        _compute_for(_Worker.seconds)
        _silence_engine()
        _Worker.reserve = bytearray(_RESERVE)
        code = work()
    except SystemExit as end:
        code = end.code or 0
    except (MemoryError, SystemError):  # again, while the first was reported
        code = InputError.exit_code
        use_reserve()
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


def _tell(kind: str, *values: str) -> None:
    if _Worker.notes is not None:
        words = (" ".join(value.split())[:_LONGEST_NOTE] for value in values)
        note = "\t".join((kind, *words)) + "\n"
        with suppress(OSError):
            os.write(_Worker.notes, note.encode("utf-8", "backslashreplace"))


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
                late = _ERRORS[name](message) if seconds else None


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
            f"long, set {VARIABLE}=SECONDS (0: no limit)."
        )
    if name in _CRASHES:
        raise _crash(place, name)
    return 128 - number


def _crash(place: str, name: str) -> InputError:
    start = f"{place}: " if place else ""
    return InputError(
        f"{start}the engine gave up ({name}): this is nested too deeply, or needs too much memory."
    )


# One piece of work in a child of an unsupervised program


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
        raise _ERRORS.get(name, UsageError)(message)
    raise _crash(place, signal.Signals(status & 127).name if status & 127 else "no answer")


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
        _limit_memory(MEMORY + _used())
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


# Limits enforced by the system


def _used() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB


def _limit_memory(most: int) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > most:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _compute_for(seconds: float) -> None:
    """Let the process compute for ``seconds`` more; 0 is no limit."""
    _compute_until(_computed() + seconds if seconds else 0)


def _computed() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _compute_until(seconds: float) -> None:
    """Let the process compute until it has computed for ``seconds`` in all; 0 is no limit."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(seconds) + 1 if seconds else hard
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard) if most != resource.RLIM_INFINITY else hard
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _message(place: str, seconds: float) -> str:
    return (
        f"{place}: stopped after {seconds:g} seconds; ask for less, or allow more time with "
        "--timeout SECONDS (0: no limit)."
    )
