"""Which addresses may be asked: those of endpoints on the web, and nothing hidden in them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def address_problem(endpoint: str) -> str:
    """What is wrong with the address of an endpoint, with what would be right; "" for nothing."""
    try:
        parts = urlsplit(endpoint)
        parts.port  # noqa: B018  a wrong number raises ValueError
    except ValueError as error:
        return f"this is no address: {error}."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "this is no address of an endpoint; it begins with https:// or http:// and a host."
    if _is_link_local(parts.hostname):
        return "this is a link-local address, where no endpoint is; such hosts give machines keys."
    if "@" in parts.netloc:
        return "an endpoint's address may have no user name or password."
    if "?" in endpoint or "#" in endpoint:
        return "an endpoint's address ends before any ? or #."
    if not all("!" <= letter <= "~" for letter in endpoint):
        return "an endpoint's address has ASCII letters only; write others percent-encoded."
    return ""


def _is_link_local(host: str) -> bool:
    try:
        return ip_address(host).is_link_local
    except ValueError:
        return False
