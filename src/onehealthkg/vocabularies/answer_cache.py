"""Answers of endpoints on the disk, so that nothing is asked twice and a broken batch goes on.

A file an answer. Its name is the SHA-256 of endpoint and query; its first line is JSON and says
what was asked of whom, when (seconds since 1970), and the checksum of the lines after it, which are
the answer as it came. A damaged file, or one of another question, is no answer, and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import NamedTuple

from onehealthkg.errors import OutputError
from onehealthkg.files import write_atomic


class Kept(NamedTuple):
    """An answer of the cache: its bytes, and when it came, in seconds since 1970."""

    body: bytes
    time: float


def file_of(folder: Path, endpoint: str, query: str) -> Path:
    """The file that has, or will have, the answer of an endpoint to a query."""
    asked = f"{endpoint}\n{query}".encode()
    return folder / f"{hashlib.sha256(asked).hexdigest()}.json"


def find(folder: Path, endpoint: str, query: str) -> Kept | None:
    """The answer of an endpoint to a query, None where there is none that is whole."""
    try:
        first, _, body = file_of(folder, endpoint, query).read_bytes().partition(b"\n")
        said = json.loads(first)
        asked = (said["endpoint"], said["query"], said["crc32"])
        time = float(said["time"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Kept(body, time) if asked == (endpoint, query, zlib.crc32(body)) else None


def keep(folder: Path, endpoint: str, query: str, kept: Kept) -> str:
    """Write an answer; what comes back is why that failed, "" where it did not."""
    said = {"endpoint": endpoint, "query": query, "time": kept.time, "crc32": zlib.crc32(kept.body)}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        first = json.dumps(said, ensure_ascii=False).encode()
        write_atomic(file_of(folder, endpoint, query), first + b"\n" + kept.body)
    except OSError as error:
        return f"{folder}: cannot be written: {error.strerror}."
    except OutputError as error:
        return str(error)
    return ""
