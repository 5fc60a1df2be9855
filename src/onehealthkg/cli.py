r"""The command line's entry: run a command, turn errors into messages and exit codes.

Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 problems found, 2 wrong
use, 3 a file cannot be read or written, 4 an endpoint gave no answer, 130 interrupted. The commands
are in ``commands``.

Labels, quotes and file names may be anybody's. What could command a terminal, or turn the direction
of what follows (https://trojansource.codes/), leaves here as ``\u001b``, and so does what the
output's encoding lacks. In JSON that means the same character.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TextIO

from onehealthkg.commands.parser import run
from onehealthkg.errors import FindingsError, OneHealthKGError, OutputError

_HIDDEN = frozenset(
    chr(code)
    for first, last in ((0, 8), (11, 31), (127, 159), (0x202A, 0x202E), (0x2066, 0x2069))
    for code in range(first, last + 1)
)
_OURS = r"\033\[(?:0|2|32|1;31)m|\r\n"  # the colours of ``coverage``, the line ends of CSV


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit code."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Shown(out), _Shown(err)
    try:
        if out is None:
            raise OutputError("standard output is closed; send it to a file, or to /dev/null.")
        try:
            return _run(sys.argv[1:] if arguments is None else arguments)
        finally:
            sys.stdout.flush()
    except FindingsError as error:
        return _say(str(error), error.exit_code)
    except OneHealthKGError as error:
        return _say(f"onehealthkg: {error}", error.exit_code)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        return 0
    except OSError as error:
        where = error.filename or "standard output"
        return _say(f"onehealthkg: {where}: {error.strerror or error}.", OutputError.exit_code)
    except KeyboardInterrupt:
        return 130
    finally:
        sys.stdout, sys.stderr = out, err
        _drop_unwritten(out)


def _run(words: Sequence[str]) -> int:
    if "_ARGCOMPLETE" in os.environ:  # a shell asks because Tab was pressed
        from onehealthkg.commands.completion import complete

        complete()
    return run(words)


def _say(message: str, code: int) -> int:
    try:
        print(message, file=sys.stderr)
    except OSError:
        return code  # there is nobody to tell
    return code


def _drop_unwritten(out: TextIO | None) -> None:
    """Python flushes once more when it ends, and would print a traceback if that failed again."""
    if out is None:
        return
    try:
        out.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


class _Shown:
    """A stream that shows hidden characters by their numbers; None is one that was closed."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text, and return the number of characters."""
        if self._stream is None:
            return len(text)
        try:
            return self._stream.write(_shown(text, self._stream))
        except OSError as error:
            self._error = error  # argparse would forget it
            raise

    def flush(self) -> None:
        """Write what is left; OSError where that fails, or has failed before."""
        if self._error:
            raise self._error
        if self._stream is not None:
            self._stream.flush()


def _shown(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    hidden = _HIDDEN
    if not _fits(text, encoding):
        hidden |= {one for one in set(text) if not _fits(one, encoding)}
    return text if hidden.isdisjoint(text) else _numbered(text, hidden)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _numbered(text: str, hidden: frozenset[str]) -> str:
    each = re.escape("".join(hidden))
    return re.sub(f"({_OURS})|[{each}]", lambda found: found[1] or _number(found[0]), text)


def _number(character: str) -> str:
    """The character as JSON writes it in ASCII."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
