"""Processes that hold the graph and answer one request at a time, and can be killed.

The engine cannot be stopped from within: a query has no time limit, and deeply nested brackets
overflow the stack. A *template* process therefore reads the graph once and, on request, forks a
worker that has the graph without reading it. A worker is killed when its time is up, when it takes
too much memory, or when the client has disconnected; the template then forks another one.

The template has a process group of its own: Ctrl-C in a terminal does not reach it, and when the
server ends, however it ends, the template sees its socket closed and kills the group.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from struct import Struct
from typing import NamedTuple

from onehealthkg import errors
from onehealthkg.errors import OneHealthKGError
from onehealthkg.paths import Project
from onehealthkg.serving.reply import Job, Work, packed, unpacked

OVERFLOW = b"Fatal Python error: Segmentation fault"
"""What a worker sends as its last message when its stack overflows."""

_READY, _FAILED = b"+", b"-"
_LIMITS = Struct("!QI")
_CHUNK = 64 << 10


class Limits(NamedTuple):
    """The limits of a worker: bytes of memory beyond the graph, and its niceness."""

    memory: int
    niceness: int = 0


class Template:
    """A process that makes something once, such as a graph, and forks workers that have it."""

    def __init__(self, make: Callable[[], Work]) -> None:
        """Start the process; ``wait`` returns once it is ready."""
        self.pools = 0
        """The number of pools that have workers of this template."""

        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            _close_all_but(theirs.fileno())
            _live(lambda: _template(theirs, make))
        theirs.close()

    def wait(self) -> None:
        """Return once the process is ready. Raises its OneHealthKGError if it fails."""
        message = self._control.recv(1 << 16)
        if message[:1] != _READY:
            self.close()
            kind, _, reason = message[1:].decode(errors="replace").partition("\n")
            error: type[OneHealthKGError] = getattr(errors, kind, OneHealthKGError)
            raise error(reason or "the process that reads the graph has died.")

    def fork(self, limits: Limits) -> tuple[int, socket.socket]:
        """A new worker: its process and the socket on which it takes jobs. Raises OSError."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            socket.send_fds(self._control, [_LIMITS.pack(*limits)], [theirs.fileno()])
            pid = int(self._control.recv(32) or b"0")
        if not pid:
            ours.close()
            raise ChildProcessError("the process that forks workers has died")
        return pid, ours

    def kill(self) -> None:
        """End the process before it is ready, whatever it does; ``wait`` then raises."""
        os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process and its workers."""
        self._control.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


class Reading(NamedTuple):
    """A version of the data, and the templates that read it for queries and for pages."""

    version: str
    queries: Template
    pages: Template

    def wait(self) -> None:
        """Return once all is read. Raises what reading raises."""
        wait(self.queries, self.pages)
        wait(self.pages, self.queries)


def begin(project: Project, most: int) -> Reading:
    """Begin to read a project, for queries and for pages, in two processes at the same time.

    An answer to a query will have at most ``most`` bytes. What the processes do with the data is
    imported in them, so that they start at once.
    """

    def endpoint() -> Work:
        from onehealthkg.serving.service import endpoint

        return endpoint(project, most)

    def site() -> Work:
        from onehealthkg.serving.site import site

        return site(project)

    return Reading(project.fingerprint(), Template(endpoint), Template(site))


def wait(template: Template, other: Template) -> None:
    """Wait until a template has read the data; if it cannot, close the other one too."""
    try:
        template.wait()
    except OneHealthKGError:
        other.close()
        raise


def _close_all_but(descriptor: int) -> None:
    """Close the parent's open files: its clients, and the sockets to its other processes."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _live(life: Callable[[], None]) -> None:
    """Live in a child process, and end it: nothing of the parent's is run or cleaned up."""
    try:
        life()
    except MemoryError:
        pass  # the server sees that the worker has died, and says why that may be
    except Exception:  # noqa: BLE001 - whatever it is, this is the end of the process
        traceback.print_exc()  # a mistake of ours
    finally:
        os._exit(0)


def _template(control: socket.socket, make: Callable[[], Work]) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # all that is made here is kept, and looking for garbage in it takes long
    try:
        work = make()
    except OneHealthKGError as error:
        with suppress(OSError):  # the server has gone, because its other process failed too
            control.send(_FAILED + f"{type(error).__name__}\n{error}".encode()[:4096])
        return
    gc.enable()
    gc.freeze()  # so that the collector of a worker does not copy the pages of all objects
    with suppress(OSError):
        control.send(_READY)
        while _fork_worker(control, work):
            pass
    os.killpg(0, signal.SIGKILL)


def _fork_worker(control: socket.socket, work: Work) -> bool:
    """Fork a worker on request; False when the server has gone."""
    message, descriptors, _, _ = socket.recv_fds(control, _LIMITS.size, 1)
    if not message:
        return False
    limits = Limits(*_LIMITS.unpack(message))
    pid = os.fork()
    if not pid:
        control.close()
        _live(lambda: _worker(socket.socket(fileno=descriptors[0]), work, limits))
    os.close(descriptors[0])
    control.send(str(pid).encode())
    return True


def _worker(connection: socket.socket, work: Work, limits: Limits) -> None:
    _limit(limits)
    _silence()
    faulthandler.enable(connection.fileno(), all_threads=False)  # sends OVERFLOW
    with suppress(OSError):
        while (job := _received(connection)) is not None:
            reply = work(job)
            connection.sendall(packed([reply.status, reply.headers], reply.body))


def _silence() -> None:
    """Keep what the engine prints when it has no memory out of the log; Python still writes."""
    sys.stderr = os.fdopen(os.dup(2), "w")
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 2)


def _limit(limits: Limits) -> None:
    os.nice(limits.niceness)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # never interrupts the server
    with open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _received(connection: socket.socket) -> Job | None:
    """The next job; None when the server has gone."""
    message = bytearray()
    while not (received := unpacked(message)):
        chunk = connection.recv(_CHUNK)
        if not chunk:
            return None
        message += chunk
    job: Job = received[0]
    return job
