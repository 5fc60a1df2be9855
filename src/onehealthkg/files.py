"""Reading and writing files so that nothing is misread and nothing is left half written."""

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from io import BufferedReader, BytesIO
from pathlib import Path

from onehealthkg.errors import InputError, OutputError, unreadable
from onehealthkg.limits import at

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold


LARGEST = 256 << 20
"""The default limit on the size of a file, in bytes."""


def read_bytes(
    path: Path, most: int = LARGEST, kind: str = "a file", advice: str = "split it."
) -> bytes:
    """The content of a regular file of at most ``most`` bytes.

    Raises InputError if it cannot be read; for a larger file the message names the expected
    ``kind`` of file and ends with ``advice``.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            data = file.read(size + 1) if size <= most else b""
            if len(data) > size:  # it has grown, or its size is not known, as in /proc
                data += file.read(max(0, most + 1 - len(data)))
        except OSError as error:
            raise unreadable(path, error) from None
        except MemoryError:
            raise InputError(f"{path}: the file does not fit into the memory; split it.") from None
    if max(size, len(data)) > most:
        raise InputError(
            f"{path}: the file has {max(size, len(data)):,} bytes; {kind} has at most {most:,}: "
            f"{advice}"
        )
    return data


def opened(path: Path) -> BufferedReader:
    """A regular file, opened for reading; InputError if it is not one or cannot be opened.

    A pipe or a device may never end, and opening one may wait for ever.
    """
    at(path)
    try:
        _refuse_irregular(path.stat().st_mode, path)
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise unreadable(path, error) from None
    try:
        _refuse_irregular(os.fstat(file.fileno()).st_mode, path)  # if it was replaced meanwhile
    except InputError:
        file.close()
        raise
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_irregular(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: this is a folder; name a file in it.")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path}: this is a pipe or a device; name a file on the disk.")


def read_own(path: str | Path, most: int = 1 << 30) -> bytes:
    """The content of a file that this user's programs wrote, such as a cache; else empty.

    Another user's file, a link, a pipe, a device, or a file that is too large, is not read.
    """
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            wanted = stat.S_ISREG(status.st_mode) and is_own(status) and status.st_size <= most
            return file.read(status.st_size) if wanted else b""
    except (OSError, MemoryError):
        return b""


def is_own(status: os.stat_result) -> bool:
    """Whether a file belongs to this user; on Windows, where the owner is not known, yes."""
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def read_input(most: int = LARGEST) -> bytes:
    """All of standard input; InputError if it is closed, or has more than ``most`` bytes."""
    if sys.stdin is None:
        raise InputError("standard input is closed; name a file.")
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        raise InputError(f"standard input: there are more than {most:,} bytes; send less.")
    return data


def shown_path(path: Path) -> Path:
    """The path relative to the current folder if it is below it, else unchanged."""
    try:
        return Path(os.path.realpath(path)).relative_to(Path.cwd())
    except (OSError, ValueError):  # no current folder, or the path is not below it
        return path


def read_text(path: Path, most: int = LARGEST) -> str:
    """The text of a UTF-8 file, unchanged: line ends and byte order mark are kept."""
    return decode(read_bytes(path, most), path)


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
    """Write a file whole or not at all, like ``write_all``."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes | Iterable[bytes]]) -> None:
    """Write all files or none, each whole: to temporary files beside them, then rename.

    The data of a file may come in pieces, so that it need not fit into the memory.

    An existing file keeps its permissions, and a link to it stays a link. Raises OutputError if a
    file cannot be written; the old files are then unchanged.
    """
    renames: dict[Path, Path] = {}
    folders: list[Path] = []
    path = Path()
    try:
        for path, data in files.items():
            target = Path(os.path.realpath(path))
            if target.exists():
                _refuse_unwritable(target, path)
            folders += [parent for parent in target.parents if not parent.exists()]
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = _temporary(target)
            renames[temporary] = target
            _write(temporary, data, target)
        for temporary, target in renames.items():
            temporary.replace(target)
    except (FileExistsError, NotADirectoryError):
        raise OutputError(f"{path}: cannot be written: a part of this path is a file.") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}.") from None
    finally:
        for temporary in renames:
            with suppress(OSError):
                temporary.unlink()
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()  # fails, as it should, if it contains a file


def _temporary(target: Path) -> Path:
    """A name beside the target with our process id; files left by dead processes are removed."""
    if os.name == "posix":
        for left in target.parent.glob(".onehealthkg-*-*"):
            _, process, _ = left.name.rsplit("-", 2)
            if process.isdecimal() and not _is_running(int(process)):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    with suppress(OSError):
                        left.unlink()
    return target.with_name(f".onehealthkg-{os.getpid()}-{os.urandom(8).hex()}.tmp")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # it belongs to another user
    return True


def _refuse_unwritable(target: Path, path: Path) -> None:
    """Raise OutputError for a device or a read-only file, which renaming would replace."""
    if not target.is_file():
        raise OutputError(f"{path}: this is a folder, a pipe or a device; name a file.")
    with target.open("ab"):
        pass


def _write(temporary: Path, data: bytes | Iterable[bytes], target: Path) -> None:
    with temporary.open("xb") as file:
        file.writelines([data] if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        temporary.chmod(target.stat().st_mode)


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]], made_of: str) -> int:
    """Write a folder of files whole or not at all: to a temporary folder beside it, then rename.

    The files, each with its path in the folder, are written as they are made, so all of them need
    not fit into the memory. The file ``made_of`` lists them with their SHA-256, as ``sha256sum``
    does. An existing folder is replaced if it is empty, or if it has exactly the files of such a
    list. Returns the number of files in the list. Raises OutputError if the folder cannot be
    written; the existing folder is then unchanged. The files are not synced to the disk one by
    one, which takes longer than making them.
    """
    target = Path(os.path.realpath(folder))
    temporary = _temporary(target)
    old = temporary.with_suffix(".old")
    try:
        _refuse_foreign(target, folder, made_of)
        sums = {name: _write_in(temporary, name, data) for name, data in files}
        _write_in(temporary, made_of, _listed(sums))
        if target.exists():
            target.rename(old)
        try:
            temporary.rename(target)
        except OSError:
            old.rename(target)
            raise
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}.") from None
    finally:
        for leftover in (temporary, old):
            shutil.rmtree(leftover, ignore_errors=True)
    return len(sums)


def _write_in(folder: Path, name: str, data: bytes) -> str:
    """Write a file in a new folder, and return its SHA-256."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return sha256(data).hexdigest()


def _listed(sums: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()


def _refuse_foreign(target: Path, folder: Path, made_of: str) -> None:
    """Raise OutputError unless ``write_folder`` wrote the folder and nothing changed since."""
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{folder}: this is a file; name a folder.")
    there = {
        path.relative_to(target).as_posix(): path
        for path in sorted(target.rglob("*"))
        if not path.is_dir() or path.is_symlink()
    }
    known = there.pop(made_of, None)
    if there and known is None:
        raise OutputError(f"{folder}: this folder was not made here; name a new or an empty one.")
    made = known.read_text("utf-8", "replace").splitlines() if known else []
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in made)}
    for name, path in there.items():
        if path.is_symlink() or sums.get(name) != sha256(path.read_bytes()).hexdigest():
            raise OutputError(
                f"{path}: this file was not made here, or was changed; move it away first."
            )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files in the given order; the same files give the same bytes."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo  # 5 ms, which most commands do not need

    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)
    return buffer.getvalue()
