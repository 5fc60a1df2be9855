"""A Dask cluster (https://distributed.dask.org) that reads and checks the files of a project.

The workers read the files at the same paths, on a file system that they share; work on the whole
graph is done here. What the tasks have in common is the result of a task too, so each worker gets
it once. If a worker dies, the scheduler gives its tasks to another one. A scheduler runs any code
for anyone who can connect to it, so it must be in a private network, or at a tls:// address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import onehealthkg
from onehealthkg.dataset.jobs import Each
from onehealthkg.errors import RemoteError, UsageError

if TYPE_CHECKING:
    from distributed import Client

_SECONDS = 10  # to find the scheduler


@contextmanager
def cluster(address: str) -> Iterator[Each]:
    """A function like ``map`` whose tasks run on the workers of a scheduler.

    Raises UsageError if the package distributed is missing or a worker has another version of
    onehealthkg, RemoteError if nothing answers at the address or tasks end their workers.
    """
    if not address.startswith(("tcp://", "tls://")):
        raise UsageError(f"{address}: write the scheduler as tcp://HOST:PORT or tls://HOST:PORT.")
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise UsageError(
            "--scheduler needs the package distributed: pip install 'onehealthkg[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RemoteError(f"{address}: no Dask scheduler answers there: {error}") from None
    with client:
        versions = client.run(_version)
        other = {worker: it for worker, it in versions.items() if it != onehealthkg.__version__}
        if other or not versions:
            raise UsageError(
                f"{address}: {_wrong(other)} Each worker needs onehealthkg "
                f"{onehealthkg.__version__}."
            )
        try:
            yield partial(_each, client)
        except KilledWorker as error:
            raise RemoteError(
                f"{address}: {error.allowed_failures + 1} workers died at the same files, perhaps "
                "for lack of memory; give them more."
            ) from None


def _each(client: Client, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
    """The results of the tasks, in their order; each is forgotten when it has been used."""
    shared = client.submit(_same, work, pure=False)
    futures = [client.submit(_apply, shared, task, pure=False) for task in tasks]
    for future in futures:
        yield future.result()
        future.release()


def _same(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return work


def _apply(work: Callable[[Any], Any], task: Any) -> Any:
    return work(task)


def _version() -> str:
    return onehealthkg.__version__


def _wrong(other: dict[str, str]) -> str:
    if not other:
        return "there are no workers."
    return f"there is onehealthkg {', '.join(sorted(set(other.values())))}."
