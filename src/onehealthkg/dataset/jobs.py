"""Work spread over several processes, or machines; the results do not depend on their number.

The processes of one machine are forked, so that they share the caller's data without reading it
again. The caller does all work itself for a single process or task, on systems without fork, such
as Windows, and after the package shacl was used: its threads do not exist in a forked process,
which would wait for them forever. ``cluster`` has the work done on other machines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from onehealthkg import limits
from onehealthkg.errors import InputError

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[str, int, int], object]
"""A function called with the name of the work, the number of tasks done, and their total.

With a total of 0 it gets a sentence that says what is being waited for.
"""

Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""A function like ``map``, whose tasks may run elsewhere."""

Workers = int | Each
"""The number of processes on this machine, or a function that has the work done elsewhere."""

_work: Callable[[Any], Any]


def silent(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


def cores() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    workers: Workers,
    what: str,
    progress: Progress = silent,
) -> Iterator[Result]:
    """The results of the tasks, in their order, by ``workers``.

    Each task may compute for as long as a command may. Raises what the work raises, for the first
    of the tasks, and InputError if a process dies.
    """
    if callable(workers):
        for done, result in enumerate(workers(work, tasks)):
            progress(what, done + 1, len(tasks))
            yield result
        return
    count = min(workers, len(tasks))
    if count < 2 or not hasattr(os, "fork") or "shacl" in sys.modules:
        for done, task in enumerate(tasks):
            limits.renew()
            progress(what, done, len(tasks))
            yield work(task)
        return
    pool = ProcessPoolExecutor(count, get_context("fork"), initializer=partial(_begin, work))
    try:
        for done, result in enumerate(pool.map(_do, tasks)):
            progress(what, done + 1, len(tasks))
            yield result
    except BrokenProcessPool:
        raise InputError(
            f"{what}: a process was ended, for lack of memory or after too much computing; try "
            f"fewer with --jobs, or set {limits.VARIABLE}=SECONDS (0: no limit)."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work


def _do(task: Any) -> Any:
    limits.renew()
    return _work(task)
