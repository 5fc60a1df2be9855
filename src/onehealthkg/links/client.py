"""A polite client of SPARQL endpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from onehealthkg.terms import Term

T = TypeVar("T")


class Answers(NamedTuple):
    """What an endpoint answered.

    ``rows`` are the solutions, each a tuple of terms in the order of ``variables``, None where one
    is unbound. ``date`` is the day of the answer, YYYY-MM-DD; ``cached`` says that it is not of now.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    date: str
    cached: bool


class Client:
    """Asks endpoints, politely, and keeps their answers.

    ``folder`` is the cache; ``timeout`` in seconds is the most that one request may take, whatever
    the server does; ``offline``: answer from the cache only; ``refresh``: do not read the cache;
    ``max_age`` in days: how old an answer of the cache may be; ``max_bytes``: how large an answer
    may be, unpacked. ``notice`` is called with what a user may want to know, such as a long wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        timeout: float = 60,
        offline: bool = False,
        refresh: bool = False,
        max_age: float = 30,
        max_bytes: int = 50_000_000,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        raise NotImplementedError

    def select(self, endpoint: str, query: str, *, rate: float = 1, rows: int = 0) -> Answers:
        """The answers of an endpoint to a SELECT query.

        ``rate`` is the most requests a second to that endpoint's host; ``rows`` the number of rows
        at which the endpoint cuts answers off (0: it does not). Raises RemoteError, which names the
        endpoint; its kinds are NotCached (offline) and AnswerTooLarge.
        """
        raise NotImplementedError

    def batches(
        self,
        endpoint: str,
        values: Sequence[T],
        query: Callable[[Sequence[T]], str],
        *,
        size: int = 25,
        rate: float = 1,
        rows: int = 0,
    ) -> Iterator[tuple[Sequence[T], Answers]]:
        """Ask about many values, some at a time: each batch of values with its answers.

        ``query`` makes the query for some values. A batch whose answer is too large is halved. When
        one breaks, RemoteError says how many are done; these are in the cache, so that the same
        call goes on from there.
        """
        raise NotImplementedError
