"""The limits on the work of a process: time, memory, and whom it reports to.

A process that ``supervised`` started reports through a pipe what it is working on and until when.
Its computing time and its memory are limited by the system.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from onehealthkg import errors
from onehealthkg.errors import OneHealthKGError, TimeLimit

MEMORY = 4 << 30
VARIABLE = "ONEHEALTHKG_TIMEOUT"
NO_MEMORY = "there is not enough memory, or one value is too long; ask for less at once."
ERRORS: dict[str, type[OneHealthKGError]] = {
    name: error
    for name, error in vars(errors).items()
    if isinstance(error, type) and issubclass(error, OneHealthKGError)
}
"""The errors that a child may report, by name."""

_LONGEST_NOTE = 500  # characters
_RESERVE = 4 << 20
_UNITS = 200  # files of a project that may take as long as the limit


class _Worker:
    """The state of a supervised child: the pipe to its parent, and whether it has a deadline."""

    notes: int | None = None
    seconds = 0.0  # of computing, without a deadline, until the limit is renewed
    most = 0.0  # of computing, however often it is renewed
    has_deadline = False
    reserve: bytearray | None = None  # of memory, to report with when there is no more


def begin(notes: int, seconds: float) -> None:
    """Limit the work of this child, which reports to its parent through the pipe ``notes``.

    It may compute for ``seconds``; 0 is no limit.
    """
    _Worker.notes, _Worker.seconds, _Worker.most = notes, seconds, seconds
    limit_memory(MEMORY)
    _compute_for(seconds)
    _Worker.reserve = bytearray(_RESERVE)


def is_supervised() -> bool:
    """Whether this process has a parent that watches it."""
    return _Worker.notes is not None


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
    late = late or time_limit(place, seconds)
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


def _tell(kind: str, *values: str) -> None:
    if _Worker.notes is not None:
        words = (" ".join(value.split())[:_LONGEST_NOTE] for value in values)
        note = "\t".join((kind, *words)) + "\n"
        with suppress(OSError):
            os.write(_Worker.notes, note.encode("utf-8", "backslashreplace"))


def limit_memory(most: int) -> None:
    """Let this process use ``most`` bytes of memory."""
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


def time_limit(place: str, seconds: float) -> TimeLimit:
    """The error that work takes more than ``seconds``."""
    return TimeLimit(
        f"{place}: stopped after {seconds:g} seconds; ask for less, or allow more time with "
        "--timeout SECONDS (0: no limit)."
    )
