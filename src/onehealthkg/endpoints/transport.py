"""One request to an endpoint and its reply, within a time and a size.

This is the only module that uses the network. SPARQLWrapper (https://sparqlwrapper.readthedocs.io)
makes the request of a query, by the SPARQL protocol
(https://www.w3.org/TR/sparql11-protocol/#query-operation): GET, or POST if the query is long. This
module sends it, because SPARQLWrapper itself never stops reading from a server that trickles (its
timeout applies to each read), opens ``file:`` and ``ftp:`` addresses too, and follows redirects to
any host. The rules here:

- Only http and https, and TLS certificates are verified, by the certificates of the system or those
  that ``SSL_CERT_FILE`` names.
- A redirect is followed to the same host, with the same scheme and port or from http to https. The
  query is sent again by the same method, which is harmless because queries change nothing.
- A password is sent only if the server requests it (status 401), and only to that host; see
  ``credentials``.
- The time limit covers the whole exchange: name lookup, connection, each redirect, every byte. The
  exchange runs in a thread; when the time is up, the connection is cut and the thread is abandoned.
- An answer may be packed by gzip. The size limit applies to the unpacked answer.
- The environment's proxies are used (``https_proxy``, ``no_proxy``), as agencies often have one.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoResult
from contextlib import suppress
from email.message import Message
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
    RemoteDisconnected,
)
from ipaddress import ip_address
from types import MappingProxyType
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit

from onehealthkg.endpoints.credentials import Login
from onehealthkg.errors import AnswerTooLarge, NoAnswer, RemoteError, UsageError

LONGEST_GET = 2000  # bytes of the address; some servers and proxies take no more
ROWS = "application/sparql-results+json, application/json;q=0.9"
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_MOST_LOGINS = 2  # the first answer to a challenge may come too late for its nonce
_LOGIN = re.compile("//.*@")
_ENOUGH = 20_000  # bytes of an error page


class Reply(NamedTuple):
    """Status, headers, and the unpacked body; for an error page, its beginning."""

    status: int
    headers: Message
    body: bytes


def address_problem(endpoint: str) -> str:
    """The error in the address of an endpoint, with the remedy, or ""."""
    try:
        parts = urlsplit(endpoint)
        parts.port  # noqa: B018  a wrong number raises ValueError
    except ValueError as error:
        return f"this is not an address: {error}."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return (
            "this is not the address of an endpoint; it begins with https:// or http:// and a host."
        )
    if _is_link_local(parts.hostname):
        return "this is a link-local address; it may serve credentials and is never an endpoint."
    if "@" in parts.netloc:
        return "an endpoint's address may have no user name or password."
    if "?" in endpoint or "#" in endpoint:
        return "an endpoint's address ends before any ? or #."
    if not all("!" <= letter <= "~" for letter in endpoint):
        return "an endpoint's address has only ASCII letters; percent-encode all others."
    return ""


def check_address(endpoint: str) -> None:
    """Raise UsageError if the address of an endpoint is invalid; a password in it is not shown."""
    if problem := address_problem(endpoint):
        raise UsageError(f"{_LOGIN.sub('//…@', endpoint)}: {problem}")


def _is_link_local(host: str) -> bool:
    try:
        return ip_address(host).is_link_local
    except ValueError:
        return False


def send(
    endpoint: str,
    request: urllib.request.Request,
    seconds: float,
    max_bytes: int,
    login: Login | None = None,
) -> Reply:
    """Send a request and wait for the reply, at most ``seconds``.

    ``login`` is used if the server requires it. Raises errors that name the endpoint: NoAnswer if
    no complete reply arrives, AnswerTooLarge if it has more than ``max_bytes``, RemoteError for a
    redirect or a login that is not followed. Any status other than a redirect is a reply.
    """
    line = _Line(endpoint, seconds)
    future: Future[Reply] = Future()

    def work() -> None:
        try:
            future.set_result(_exchange(request, line, max_bytes, login))
        except Exception as error:  # noqa: BLE001  raised again in the caller's thread
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        return future.result(seconds)
    except NoResult:
        raise NoAnswer(line.late()) from None
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            raise NoAnswer(line.late()) from None
        raise NoAnswer(f"{endpoint}: {_explained(reason)}") from None
    finally:
        line.cut()


def query_request(
    endpoint: str,
    query: str,
    agent: str,
    accept: str = ROWS,
    parameters: Mapping[str, str] = MappingProxyType({}),
) -> urllib.request.Request:
    """The request of a query; ``accept`` are the media types of the answer.

    ``parameters`` are further parameters for the engine, in addition to ``query``.
    """
    from SPARQLWrapper import GET, JSON, POST, SELECT, SPARQLWrapper

    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON, agent=agent)
    wrapper.setOnlyConneg(True)  # or it adds format=json and two more, which some servers refuse
    wrapper.setQuery(query)
    wrapper.queryType = SELECT  # it guesses, and takes the word INSERT in an IRI for an update
    for name, value in parameters.items():
        wrapper.addParameter(name, value)
    wrapper.addCustomHttpHeader("Accept", accept)
    wrapper.addCustomHttpHeader("Accept-Encoding", "gzip")
    wrapper.setMethod(GET)
    request: urllib.request.Request = wrapper._createRequest()  # noqa: SLF001  see above
    if len(request.full_url) > LONGEST_GET:
        wrapper.setMethod(POST)
        request = wrapper._createRequest()  # noqa: SLF001
    return request


def write_request(
    method: str, address: str, agent: str, body: bytes = b"", kind: str = ""
) -> urllib.request.Request:
    """The request that sends a body of a media type by POST or PUT, or nothing by DELETE."""
    headers = {"User-Agent": agent, "Accept": "*/*", **({"Content-Type": kind} if kind else {})}
    return urllib.request.Request(address, data=body or None, headers=headers, method=method)  # noqa: S310


class _Line:
    """The current connection, which can be cut from another thread."""

    def __init__(self, endpoint: str, seconds: float) -> None:
        self.endpoint = endpoint
        self.seconds = seconds
        self._socket: socket.socket | None = None
        self._is_cut = False

    def opened(self, connection: socket.socket) -> None:
        """Register an open connection; TimeoutError if the time is up."""
        self._socket = connection
        if self._is_cut:
            self.cut()
            raise TimeoutError

    def cut(self) -> None:
        """End the exchange; a thread that waits for the server is woken at once."""
        self._is_cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def late(self) -> str:
        """The error when the time is up."""
        return (
            f"{self.endpoint}: no complete answer arrived within {self.seconds:g} seconds; try "
            "again later, ask for less, or allow more time with --timeout SECONDS."
        )


def _opener(line: _Line) -> urllib.request.OpenerDirector:
    """An opener of http and https addresses only; the caller handles every status."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            line.opened(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            line.opened(self.sock)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> HTTPResponse:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> HTTPResponse:
            return self.do_open(Secure, req, context=ssl.create_default_context())

    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), PlainHandler(), SecureHandler()):
        opener.add_handler(handler)
    return opener


def _exchange(
    request: urllib.request.Request, line: _Line, max_bytes: int, login: Login | None
) -> Reply:
    opener = _opener(line)
    answered = 0  # requests for the password
    for _ in range(_MOST_REDIRECTS + 1):
        if login:
            login.authorize(request)
        response = opener.open(request, timeout=line.seconds)
        with response:
            if response.status in _REDIRECTS:
                request = _redirected(request, response, line.endpoint)
                continue
            fine = 200 <= response.status < 300
            body = _body(response, line.endpoint, max_bytes if fine else _ENOUGH, whole=fine)
            if response.status == 401 and login and answered < _MOST_LOGINS:
                answered += 1
                login.challenged(request, response.headers.get_all("WWW-Authenticate", []))
                continue
            return Reply(response.status, response.headers, body)
    raise RemoteError(
        f"{line.endpoint}: it redirects in a circle, at last to {request.full_url[:200]}; "
        "find out its address."
    )


def _redirected(
    request: urllib.request.Request, response: HTTPResponse, endpoint: str
) -> urllib.request.Request:
    """The same request to the target of a redirect; RemoteError if that is not allowed."""
    target = urljoin(request.full_url, response.headers.get("Location", ""))
    target = "".join(letter if "!" <= letter <= "~" else "?" for letter in target.split("#")[0])
    old, new = urlsplit(request.full_url), urlsplit(target)
    secured = (old.scheme, new.scheme) == ("http", "https")
    same = (old.scheme, old.port) == (new.scheme, new.port) or secured
    if new.hostname != old.hostname or not same:
        raise RemoteError(
            f"{endpoint}: it redirects to {target[:200]}, which is not followed; if it has moved "
            "there, use that address, or change it in the description of the vocabulary."
        )
    return urllib.request.Request(  # noqa: S310
        target, data=request.data, headers=request.headers, method=request.get_method()
    )


def _body(response: HTTPResponse, endpoint: str, most: int, *, whole: bool) -> bytes:
    """The unpacked body; if it need not be whole, at most its first ``most`` bytes."""
    unpack = _unpacker(response.headers.get("Content-Encoding", "identity").strip().lower())
    body = bytearray()
    while len(body) <= most and (packed := response.read1(1 << 16)):
        body += unpack(packed, most + 1 - len(body))
    if not whole:
        return bytes(body[:most])
    if len(body) > most:
        raise AnswerTooLarge(f"{endpoint}: the answer is larger than {most:,} bytes; ask for less.")
    if response.length:
        raise IncompleteRead(b"", response.length)
    return bytes(body)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """A function that unpacks the next bytes, up to a maximum."""
    if encoding in ("", "identity"):
        return lambda packed, _: packed
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(wbits=31).decompress
    raise HTTPException(f"the answer is packed as {encoding[:40]}, which was not requested")


def _explained(reason: object) -> str:
    """The cause of an error in words, with a remedy."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"its TLS certificate is not trusted: {reason.verify_message}. If it is that of "
            "your own organisation, name the file of its authority's certificates in SSL_CERT_FILE."
        )
    if isinstance(reason, ssl.SSLError):
        return f"no secure connection can be made: {reason.reason or reason}; is it https?"
    if isinstance(reason, socket.gaierror):
        return f"there is no such host ({reason.strerror}); check the address and your connection."
    if isinstance(reason, ConnectionRefusedError):
        return "nothing answers there; check the address, or try again later."
    if isinstance(reason, RemoteDisconnected | IncompleteRead | ConnectionError):
        return "the server ended the connection before its answer was complete; try again later."
    if isinstance(reason, zlib.error):
        return f"its answer cannot be unpacked: {reason}."
    if isinstance(reason, OSError):
        return f"cannot be reached: {reason.strerror or reason}."
    words = " ".join(str(reason).split())[:200]
    return f"does not answer by HTTP: {type(reason).__name__}: {words}."
