"""A polite client of SPARQL endpoints, which keeps what it is told.

It says who it is and where to complain (https://foundation.wikimedia.org/wiki/Policy:User-Agent),
asks a host one thing at a time and no more often than its rate, and asks again only when the
server says that it is too busy (status 429 or 503): after the time that the server names
(https://www.rfc-editor.org/rfc/rfc9110#name-retry-after), else after 1, 2 and 4 seconds. Every
whole answer goes into a cache on the disk (``answer_cache``), and is taken from there while it is
young enough. The rate is held within a client: two commands at once are two clients.

What can go wrong on the way is in ``transport``, what can be wrong with an answer in ``answers``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import onehealthkg
from onehealthkg.errors import AnswerTooLarge, NotCached, RemoteError, UsageError
from onehealthkg.names import HOME
from onehealthkg.vocabularies import answer_cache
from onehealthkg.vocabularies.addresses import address_problem
from onehealthkg.vocabularies.answer_cache import Kept
from onehealthkg.vocabularies.answers import Answers, Row, parse, read
from onehealthkg.vocabularies.transport import Reply, send

T = TypeVar("T")

TRIES = 4
LONGEST_WAIT = 120.0  # seconds; who is asked to wait longer stops, and says so
_BUSY = (429, 503)
_DAY = 86_400.0


class Client:
    """Asks endpoints, politely, and keeps their answers.

    ``folder`` is the cache; ``timeout`` in seconds is the most that one request may take, whatever
    the server does; ``offline``: answer from the cache only, however old; ``refresh``: do not read
    the cache; ``max_age`` in days: how old an answer of the cache may be; ``max_bytes``: how large
    an answer may be, unpacked. ``notice`` is called with what a user may want to know, such as a
    long wait; ``clock`` gives the seconds since 1970.
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
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._timeout = timeout
        self._offline = offline
        self._refresh = refresh
        self._max_age = max_age
        self._max_bytes = max_bytes
        self._notice = notice
        self._clock = clock
        self._turns: dict[str, float] = {}
        self._asking = threading.Lock()

    def select(self, endpoint: str, query: str, *, rate: float = 1, rows: int = 0) -> Answers:
        """The answers of an endpoint to a SELECT query.

        ``rate`` is the most requests a second to that endpoint's host; ``rows`` the number of rows
        at which the endpoint cuts answers off (0: it tells, or does not). Raises UsageError for an
        address that is none, and RemoteError, which names the endpoint; its kinds are NotCached
        (offline) and AnswerTooLarge.
        """
        if problem := address_problem(endpoint):
            raise UsageError(f"{endpoint}: {problem}")
        kept = None if self._refresh else answer_cache.find(self._folder, endpoint, query)
        if kept and (self._offline or 0 <= self._clock() - kept.time <= self._max_age * _DAY):
            try:
                return self._answers(*parse(endpoint, kept.body), kept.time, cached=True)
            except RemoteError:
                pass  # it was altered, checksum and all
        if self._offline:
            raise NotCached(
                f"{endpoint}: this was never asked, or its answer was deleted; without --offline "
                f"it is asked. The query: {' '.join(query.split())[:200]}"
            )
        with self._asking:
            reply = self._asked(endpoint, query, rate)
        found = read(endpoint, reply, rows)
        now = self._clock()
        if failed := answer_cache.keep(self._folder, endpoint, query, Kept(reply.body, now)):
            self._notice(f"The answer of {endpoint} is not kept: {failed}")
        return self._answers(*found, now, cached=False)

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
        one breaks, the error says how many values are done; their answers are in the cache, so that
        the same call goes on from there.
        """
        waiting = [values[start : start + size] for start in range(0, len(values), size)]
        done = 0
        while waiting:
            batch = waiting.pop(0)
            try:
                answers = self.select(endpoint, query(batch), rate=rate, rows=rows)
            except AnswerTooLarge as error:
                if len(batch) == 1:
                    raise AnswerTooLarge(f"{error} {self._progress(done, len(values))}") from None
                middle = len(batch) // 2
                waiting[:0] = [batch[:middle], batch[middle:]]
                continue
            except RemoteError as error:
                raise type(error)(f"{error} {self._progress(done, len(values))}") from None
            done += len(batch)
            yield batch, answers

    def _asked(self, endpoint: str, query: str, rate: float) -> Reply:
        """The first reply that is not "too busy", or the last one."""
        for tried in range(TRIES):
            self._wait_for_turn(endpoint, rate)
            reply = send(endpoint, query, agent(), self._timeout, self._max_bytes)
            if reply.status not in _BUSY or tried == TRIES - 1:
                break
            wait = retry_after(reply.headers, self._clock())
            wait = 2.0**tried if wait is None else wait
            if wait > LONGEST_WAIT:
                raise RemoteError(
                    f"{endpoint}: it is too busy; it wants to be left alone for {wait:.0f} seconds."
                )
            self._notice(f"{endpoint} is busy; asking again in {wait:.0f} s.")
            time.sleep(wait)
        return reply

    def _wait_for_turn(self, endpoint: str, rate: float) -> None:
        host = urlsplit(endpoint).netloc
        now = time.monotonic()
        turn = max(now, self._turns.get(host, now))
        time.sleep(turn - now)
        self._turns[host] = turn + 1 / rate

    def _progress(self, done: int, total: int) -> str:
        how = "without --refresh the same command" if self._refresh else "the same command"
        return f"{done} of {total} are done, and their answers kept; {how} goes on from there."

    def _answers(
        self, variables: tuple[str, ...], rows: tuple[Row, ...], when: float, *, cached: bool
    ) -> Answers:
        day = datetime.fromtimestamp(when, timezone.utc).date().isoformat()
        return Answers(variables, rows, day, cached)


def agent() -> str:
    """Who asks: name, version, and where to find whoever is answerable for it."""
    return f"onehealthkg/{onehealthkg.__version__} (+{HOME}) SPARQLWrapper"


def retry_after(headers: Message, now: float) -> float | None:
    """The seconds to wait that the header Retry-After names; None where it names none.

    It has seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
    """
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
