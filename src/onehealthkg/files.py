"""Reading and writing files so that nothing is misread and nothing is left half written."""

import os
from pathlib import Path

from onehealthkg.errors import InputError, OutputError


def read_bytes(path: Path) -> bytes:
    """The content of a file; InputError says why there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path.") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file in it.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, as it is: no line end is changed, no mark taken off."""
    return decode(read_bytes(path), path)


def decode(data: bytes, path: Path) -> str:
    """The text of UTF-8 bytes; InputError names the line of the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8."
        ) from None


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then rename.

    An existing file keeps its permissions. OutputError says why it could not be written; the old
    file is then unchanged.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror}.") from None
