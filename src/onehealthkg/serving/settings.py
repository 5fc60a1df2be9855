"""The settings of the server."""

from __future__ import annotations

from typing import NamedTuple


class Settings(NamedTuple):
    """The settings: address, limits on queries, and trusted proxies."""

    host: str = "127.0.0.1"
    port: int = 8000
    seconds: float = 10.0
    memory: int = 1 << 30
    bytes: int = 64 << 20
    workers: int = 0
    root_path: str = ""
    trusted: frozenset[str] = frozenset()
    reload: bool = False
