r"""The command line's entry: run a command, turn errors into messages and exit codes.

Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 problems found, 2 wrong
use, 3 a file cannot be read or written, 4 an endpoint gave no answer, 130 interrupted. The commands
are in ``commands``.

All that is written passes ``safe.for_terminal``, as labels, quotes and file names may be anybody's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from onehealthkg.commands.parser import run
from onehealthkg.errors import FindingsError, OneHealthKGError, OutputError
from onehealthkg.safe import for_terminal


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
            return self._stream.write(for_terminal(text, self._stream.encoding or "utf-8"))
        except OSError as error:
            self._error = error  # argparse would forget it
            raise

    def flush(self) -> None:
        """Write what is left; OSError where that fails, or has failed before."""
        if self._error:
            raise self._error
        if self._stream is not None:
            self._stream.flush()
