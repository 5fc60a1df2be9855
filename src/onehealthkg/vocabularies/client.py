"""A polite client of SPARQL endpoints, which keeps the answers.

It says who it is and where to complain (https://foundation.wikimedia.org/wiki/Policy:User-Agent),
asks a host one thing at a time and no more often than its rate, and asks again only when the
server says that it is too busy (status 429 or 503): after the time that the server names
(https://www.rfc-editor.org/rfc/rfc9110#name-retry-after), else after 1, 2 and 4 seconds. Every
complete answer goes into a cache on the disk, and is taken from there while it is young enough, so
that nothing is asked twice and a broken batch goes on. The rate is held within a client: two
commands at once are two clients.

The cache has a file for each answer. Its name is the SHA-256 of endpoint and query; its first line
is JSON with endpoint, query, time (seconds since 1970), and the checksum of the lines after it,
which are the answer as it was received. A damaged file is ignored and replaced.

What can go wrong on the way is in ``transport``, what can be wrong with a reply in ``solutions``.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import onehealthkg
from onehealthkg.errors import AnswerTooLarge, NotCached, OutputError, RemoteError, UsageError
from onehealthkg.files import read_own, write_atomic
from onehealthkg.names import HOME
from onehealthkg.vocabularies.solutions import Solution, Solutions, parse_body, read_reply
from onehealthkg.vocabularies.transport import Reply, address_problem, send

T = TypeVar("T")

TRIES = 4
LONGEST_WAIT = 120.0  # seconds; who is asked to wait longer stops, and says so
_BUSY = (429, 503)
_DAY = 86_400.0


class CachedReply(NamedTuple):
    """The body of a reply, and when it was received, in seconds since 1970."""

    body: bytes
    time: float


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

    def select(self, endpoint: str, query: str, *, rate: float = 1, rows: int = 0) -> Solutions:
        """The solutions that an endpoint gives to a SELECT query.

        ``rate`` is the most requests a second to that endpoint's host; ``rows`` the number of rows
        at which the endpoint cuts answers off (0: it tells, or does not). Raises UsageError for an
        invalid address, and RemoteError, which names the endpoint; its kinds are NotCached
        (offline) and AnswerTooLarge.
        """
        if problem := address_problem(endpoint):
            raise UsageError(f"{endpoint}: {problem}")
        cached = None if self._refresh else find_reply(self._folder, endpoint, query)
        if cached and (self._offline or 0 <= self._clock() - cached.time <= self._max_age * _DAY):
            try:
                return _solutions(*parse_body(endpoint, cached.body), cached.time, cached=True)
            except RemoteError:
                pass  # it was altered, checksum and all
        if self._offline:
            raise NotCached(
                f"{endpoint}: this was never asked, or its answer was deleted; without --offline "
                f"it is asked. The query: {' '.join(query.split())[:200]}"
            )
        with self._asking:
            reply = self._asked(endpoint, query, rate)
        result = read_reply(endpoint, reply, rows)
        now = self._clock()
        if failed := keep_reply(self._folder, endpoint, query, CachedReply(reply.body, now)):
            self._notice(f"The answer of {endpoint} is not kept: {failed}")
        return _solutions(*result, now, cached=False)

    def batches(
        self,
        endpoint: str,
        values: Sequence[T],
        query: Callable[[Sequence[T]], str],
        *,
        size: int = 25,
        rate: float = 1,
        rows: int = 0,
    ) -> Iterator[tuple[Sequence[T], Solutions]]:
        """Ask about many values, some at a time: each batch of values with its solutions.

        ``query`` makes the query for some values. A batch whose answer is too large is halved. When
        one breaks, the error says how many values are done; their answers are in the cache, so that
        the same call goes on from there.
        """
        waiting = [values[start : start + size] for start in range(0, len(values), size)]
        done = 0
        while waiting:
            batch = waiting.pop(0)
            try:
                solutions = self.select(endpoint, query(batch), rate=rate, rows=rows)
            except AnswerTooLarge as error:
                if len(batch) == 1:
                    raise AnswerTooLarge(f"{error} {self._progress(done, len(values))}") from None
                middle = len(batch) // 2
                waiting[:0] = [batch[:middle], batch[middle:]]
                continue
            except RemoteError as error:
                raise type(error)(f"{error} {self._progress(done, len(values))}") from None
            done += len(batch)
            yield batch, solutions

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


def _solutions(
    variables: tuple[str, ...], rows: tuple[Solution, ...], when: float, *, cached: bool
) -> Solutions:
    day = datetime.fromtimestamp(when, timezone.utc).date().isoformat()
    return Solutions(variables, rows, day, cached)


def find_reply(folder: Path, endpoint: str, query: str) -> CachedReply | None:
    """The reply of an endpoint to a query, None where the cache has no complete one."""
    try:
        first, _, body = read_own(_file_of(folder, endpoint, query)).partition(b"\n")
        header = json.loads(first)
        asked = (header["endpoint"], header["query"], header["crc32"])
        when = float(header["time"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return CachedReply(body, when) if asked == (endpoint, query, zlib.crc32(body)) else None


def keep_reply(folder: Path, endpoint: str, query: str, reply: CachedReply) -> str:
    """Write a reply into the cache, and return why that failed, "" where it did not."""
    header = {
        "endpoint": endpoint,
        "query": query,
        "time": reply.time,
        "crc32": zlib.crc32(reply.body),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        first = json.dumps(header, ensure_ascii=False).encode()
        write_atomic(_file_of(folder, endpoint, query), first + b"\n" + reply.body)
    except OSError as error:
        return f"{folder}: cannot be written: {error.strerror}."
    except OutputError as error:
        return str(error)
    return ""


def _file_of(folder: Path, endpoint: str, query: str) -> Path:
    digest = hashlib.sha256(f"{endpoint}\n{query}".encode()).hexdigest()
    return folder / f"{digest}.json"


def agent() -> str:
    """Who asks: name, version, and where to find whoever is answerable for it."""
    return f"onehealthkg/{onehealthkg.__version__} (+{HOME}) SPARQLWrapper"


def retry_after(headers: Message, now: float) -> float | None:
    """The seconds to wait that the header Retry-After names; None where it names none.

    It has seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
