"""A polite client of SPARQL endpoints that caches the answers.

It identifies itself (https://foundation.wikimedia.org/wiki/Policy:User-Agent), sends a host one
request at a time within its rate limit, and retries only if the server says that it is too busy
(status 429 or 503): after the time that the server names
(https://www.rfc-editor.org/rfc/rfc9110#name-retry-after), else after 1, 2 and 4 seconds. Every
complete answer is cached on disk and reused until it expires, so that no request is repeated and an
interrupted batch can resume. The rate limit applies to one client: two commands are two clients.

The cache has a file for each answer. Its name is the SHA-256 of endpoint and query; its first line
is JSON with endpoint, query, time (seconds since 1970), and the checksum of the lines after it,
which are the answer as it was received. A damaged file is ignored and replaced.

Errors of the connection are handled in ``transport``, invalid replies in ``solutions``.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import onehealthkg
from onehealthkg.endpoints.credentials import PASSWORD, USER, Login
from onehealthkg.endpoints.solutions import (
    Solution,
    Solutions,
    parse_body,
    read_reply,
    refusal,
    refuse_part,
)
from onehealthkg.endpoints.transport import (
    ROWS,
    Reply,
    check_address,
    query_request,
    send,
    write_request,
)
from onehealthkg.errors import (
    AnswerTooLarge,
    NoAnswer,
    NotCached,
    OutputError,
    RemoteError,
)
from onehealthkg.files import read_own, write_atomic
from onehealthkg.names import HOME

T = TypeVar("T")

TRIES = 4
LONGEST_WAIT = 120.0  # seconds; a longer wait is an error
_BUSY = (429, 503)
_SMALL = 1_000_000  # bytes of the reply to data
_DAY = 86_400.0


class CachedReply(NamedTuple):
    """The body of a reply, and the time of its receipt, in seconds since 1970."""

    body: bytes
    time: float


class Client:
    """Queries endpoints politely and caches their answers.

    ``folder`` is the cache, None for no cache. ``timeout`` limits the total time of a request, in
    seconds. With ``offline``, answers come only from the cache, regardless of their age; with
    ``refresh``, the cache is not read. ``max_age`` limits the age of a cached answer, in days;
    ``max_bytes`` limits the unpacked size of an answer. ``notice`` is called with messages for the
    user, such as a long wait; ``clock`` returns the seconds since 1970. ``logins`` returns the
    login for an address that a user names; endpoints of vocabularies are called without a login.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        timeout: float = 60,
        offline: bool = False,
        refresh: bool = False,
        max_age: float = 30,
        max_bytes: int = 50_000_000,
        notice: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
        logins: Callable[[str], Login | None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._timeout = timeout
        self._offline = offline
        self._refresh = refresh
        self._max_age = max_age
        self._max_bytes = max_bytes
        self._notice = notice
        self._clock = clock
        self._logins = lru_cache(logins)
        self._turns: dict[str, float] = {}
        self._asking = threading.Lock()

    def select(self, endpoint: str, query: str, *, rate: float = 1, rows: int = 0) -> Solutions:
        """The solutions that an endpoint returns for a SELECT query.

        ``rate`` is the maximum number of requests per second to that host; ``rows`` the number of
        rows at which the endpoint truncates answers (0: unknown). Raises UsageError for an
        invalid address, and RemoteError, which names the endpoint; its kinds are NotCached
        (offline) and AnswerTooLarge.
        """
        check_address(endpoint)
        cached = None
        if self._folder and not self._refresh:
            cached = find_reply(self._folder, endpoint, query)
        if cached and (self._offline or 0 <= self._clock() - cached.time <= self._max_age * _DAY):
            try:
                return _solutions(*parse_body(endpoint, cached.body), cached.time, cached=True)
            except RemoteError:
                pass  # it was altered, including the checksum
        if self._offline:
            raise NotCached(
                f"{endpoint}: no answer is cached for this query; without --offline "
                f"the endpoint is called. The query: {' '.join(query.split())[:200]}"
            )
        with self._asking:
            reply = self._asked(endpoint, query, rate)
        result = read_reply(endpoint, reply, rows)
        now = self._clock()
        if self._folder:
            failed = keep_reply(self._folder, endpoint, query, CachedReply(reply.body, now))
            if failed:
                self._notice(f"The answer of {endpoint} is not cached: {failed}")
        return _solutions(*result, now, cached=False)

    def write(
        self, endpoint: str, method: str, address: str, body: bytes = b"", kind: str = ""
    ) -> None:
        """Send data to a store, and retry if that fails: sending twice must have the same effect.

        ``address`` is that of the request, such as ``endpoint?graph=...``. A request is sent again
        if the connection fails or the server says that it failed, is busy or overloaded. Raises
        RemoteError, which names the endpoint, after ``TRIES``, or at once if the data is refused.
        """
        for tried in range(TRIES):
            request = write_request(method, address, agent(), body, kind)
            try:
                reply = send(endpoint, request, self._timeout, _SMALL, self._logins(endpoint))
            except NoAnswer as error:
                if tried == TRIES - 1:
                    raise
                problem, wait = str(error), 2.0**tried
            else:
                if 200 <= reply.status < 300 or (method == "DELETE" and reply.status == 404):
                    return
                problem = f"{endpoint}: {self._refusal(reply)}"
                if tried == TRIES - 1 or not (reply.status in _BUSY or reply.status >= 500):
                    raise RemoteError(problem)
                wait = self._wait(endpoint, reply, tried)
            self._notice(f"{problem} Sending again in {wait:.0f} s.")
            time.sleep(wait)

    def _refusal(self, reply: Reply) -> str:
        if reply.status != 401:
            return refusal(reply)
        return f"{refusal(reply)} Set {USER} and {PASSWORD}, or name the host in ~/.netrc."

    def answer(
        self, endpoint: str, query: str, accept: str, parameters: Mapping[str, str], *, rate: float
    ) -> Reply:
        """The reply to a query of any form, in one of the media types of ``accept``; not cached.

        ``parameters`` are further parameters for the engine. Raises RemoteError, which names the
        endpoint, if the reply is not a whole answer.
        """
        with self._asking:
            reply = self._asked(endpoint, query, rate, accept, parameters)
        if reply.status == 401:
            raise RemoteError(f"{endpoint}: {self._refusal(reply)}")
        refuse_part(endpoint, reply)
        return reply

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
        """Send a query for many values in batches: each batch of values with its solutions.

        ``query`` makes the query for some values. A batch whose answer is too large is halved. If a
        batch fails, the error says how many values are done; their answers are cached, so that the
        same call resumes from there.
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

    def _asked(
        self,
        endpoint: str,
        query: str,
        rate: float,
        accept: str = ROWS,
        parameters: Mapping[str, str] = MappingProxyType({}),
    ) -> Reply:
        """The first reply that is not "too busy", or the last one."""
        for tried in range(TRIES):
            self._wait_for_turn(endpoint, rate)
            request = query_request(endpoint, query, agent(), accept, parameters)
            login = self._logins(endpoint)
            reply = send(endpoint, request, self._timeout, self._max_bytes, login)
            if reply.status not in _BUSY or tried == TRIES - 1:
                break
            wait = self._wait(endpoint, reply, tried)
            self._notice(f"{endpoint} is busy; asking again in {wait:.0f} s.")
            time.sleep(wait)
        return reply

    def _wait(self, endpoint: str, reply: Reply, tried: int) -> float:
        """The seconds to wait before the next try; RemoteError if that is too long."""
        wait = retry_after(reply.headers, self._clock())
        wait = 2.0**tried if wait is None else wait
        if wait > LONGEST_WAIT:
            raise RemoteError(
                f"{endpoint}: the server is too busy; it asks to wait {wait:.0f} seconds."
            )
        return wait

    def _wait_for_turn(self, endpoint: str, rate: float) -> None:
        host = urlsplit(endpoint).netloc
        now = time.monotonic()
        turn = max(now, self._turns.get(host, now))
        time.sleep(turn - now)
        self._turns[host] = turn + 1 / rate

    def _progress(self, done: int, total: int) -> str:
        how = "without --refresh the same command" if self._refresh else "the same command"
        return f"{done} of {total} are done and cached; {how} resumes from there."


def _solutions(
    variables: tuple[str, ...], rows: tuple[Solution, ...], when: float, *, cached: bool
) -> Solutions:
    day = datetime.fromtimestamp(when, timezone.utc).date().isoformat()
    return Solutions(variables, rows, day, cached)


def find_reply(folder: Path, endpoint: str, query: str) -> CachedReply | None:
    """The reply of an endpoint to a query, None if none is cached completely."""
    try:
        first, _, body = read_own(_file_of(folder, endpoint, query)).partition(b"\n")
        header = json.loads(first)
        asked = (header["endpoint"], header["query"], header["crc32"])
        when = float(header["time"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return CachedReply(body, when) if asked == (endpoint, query, zlib.crc32(body)) else None


def keep_reply(folder: Path, endpoint: str, query: str, reply: CachedReply) -> str:
    """Write a reply to the cache, and return the reason if that failed, else ""."""
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
    """The User-Agent: name, version, and a contact address."""
    return f"onehealthkg/{onehealthkg.__version__} (+{HOME}) SPARQLWrapper"


def retry_after(headers: Message, now: float) -> float | None:
    """The seconds to wait that the header Retry-After names; None if it is missing or invalid.

    It has seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after).
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
