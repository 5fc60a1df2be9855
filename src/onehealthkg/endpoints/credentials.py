"""The user name and password for an endpoint: their source, and their transmission to a server.

They come from the variables ``ONEHEALTHKG_USER`` and ``ONEHEALTHKG_PASSWORD``, else from the file
``~/.netrc`` (https://everything.curl.dev/usingcurl/netrc.html), by host. They are never part of an
address or an option, so that they do not appear in a process list, log or message.

They are sent only if the server requests them, with status 401, by one of two methods:
Digest (https://www.rfc-editor.org/rfc/rfc7616), which does not reveal the password, or Basic
(https://www.rfc-editor.org/rfc/rfc7617), which is refused over a connection that others can read.
Further requests send them at once.
"""

from __future__ import annotations

import os
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from ipaddress import ip_address
from netrc import NetrcParseError, netrc
from urllib.parse import urlsplit

from onehealthkg.errors import InputError, RemoteError, UsageError

USER, PASSWORD = "ONEHEALTHKG_USER", "ONEHEALTHKG_PASSWORD"


class Login:
    """A user name and password for the host of an address."""

    def __init__(self, address: str, user: str, password: str) -> None:
        self._host = urlsplit(address).netloc
        self._user = user
        self._password = password
        self._challenge = ""

    def __repr__(self) -> str:
        return f"<Login for {self._host}>"

    def challenged(self, request: urllib.request.Request, challenges: Sequence[str]) -> None:
        """Record the server's method of login; RemoteError if it is neither Basic nor Digest."""
        by_scheme = {challenge.split(" ")[0].lower(): challenge for challenge in challenges}
        chosen = by_scheme.get("digest") or by_scheme.get("basic")
        if chosen is None:
            raise RemoteError(
                f"{request.full_url.partition('?')[0]}: it asks for a login by "
                f"{', '.join(sorted(by_scheme))[:100] or 'no known method'}; only Digest and Basic "
                "are known here."
            )
        if chosen.lower().startswith("basic") and not _is_private(request):
            raise RemoteError(
                f"{request.full_url.partition('?')[0]}: it asks for the password in clear text, "
                "and the connection can be read by others; use its https address."
            )
        self._challenge = chosen

    def authorize(self, request: urllib.request.Request) -> None:
        """Add the answer to the server's last challenge, if there was one, for its host."""
        if self._challenge and urlsplit(request.full_url).hostname == self._host_name:
            request.add_unredirected_header("Authorization", self._answer(request))

    @property
    def _host_name(self) -> str | None:
        return urlsplit(f"//{self._host}").hostname

    def _answer(self, request: urllib.request.Request) -> str:
        scheme, _, rest = self._challenge.partition(" ")
        if scheme.lower() == "basic":
            return f"Basic {b64encode(f'{self._user}:{self._password}'.encode()).decode()}"
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, request.full_url, self._user, self._password)
        values = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        digest = urllib.request.AbstractDigestAuthHandler(known)
        return f"Digest {digest.get_authorization(request, values)}"


def login_for(address: str) -> Login | None:
    """The login for the host of an address, or None.

    Raises UsageError if only one of the two variables is set, and InputError for a ``.netrc`` that
    cannot be read.
    """
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password:
        return Login(address, user, password)
    if user or password:
        raise UsageError(f"{USER if user else PASSWORD} is set alone; set {USER} and {PASSWORD}.")
    path = os.path.join(os.path.expanduser("~"), ".netrc")
    try:
        entry = netrc(path).authenticators(urlsplit(address).hostname or "")
    except FileNotFoundError:
        return None
    except NetrcParseError as error:  # its own words may quote the password
        where = f"{path}:{error.lineno}" if error.lineno else path
        raise InputError(
            f"{where}: this line cannot be read, or others may read the file; write lines such as "
            "machine HOST login USER password PASSWORD, and chmod 600 the file."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: the file cannot be read.") from None
    return Login(address, entry[0], entry[2] or "") if entry else None


def _is_private(request: urllib.request.Request) -> bool:
    """Whether a request cannot be read by others: it is encrypted, or stays on this machine."""
    parts = urlsplit(request.full_url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
