r"""Entry point of the command line: runs a command and turns errors into messages and exit codes.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 problems
found, 2 wrong use, 3 a file cannot be read or written, 4 an endpoint gave no answer, 130
interrupted. The commands are in ``commands``.

Each command runs in a child process with limits of time and memory (``supervised``), because
projects, queries and files may come from anyone.

All output passes through ``safe.for_terminal``, as labels, quotes and file names may come from
anyone.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TextIO

from onehealthkg import limits
from onehealthkg.errors import (
    FindingsError,
    InputError,
    OneHealthKGError,
    OutputError,
    UsageError,
)
from onehealthkg.safe import for_terminal
from onehealthkg.supervised import supervised

_SECONDS = 60.0  # of computing
_SECONDS_OF_MUCH = 600.0
_LONGEST = 10_000_000  # seconds; some months
_SYSTEM = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""Errors that concern no file: too many processes or open files, too little memory."""

_MUCH = ("enrich", "link", "push", "review")
"""The commands that read external vocabularies, or send the graph: either may be large."""

_SERVERS = ("mcp", "serve")
"""The commands that run until stopped; they limit each request instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit code.

    Without ``arguments`` it runs as the program: with the arguments of the process, and with
    limits.
    """
    if arguments is not None:
        return _ended(lambda: _run(arguments))
    words = sys.argv[1:]
    if words and words[0] in _SERVERS:
        return _ended(partial(_run, words))
    work = partial(_ended, partial(_run, words))
    return _ended(lambda: supervised(work, _seconds(words)))


def _seconds(words: Sequence[str]) -> float:
    """The seconds that a command may compute: from the environment, or the default."""
    said = os.environ.get(limits.VARIABLE)
    if said is None:
        return _SECONDS_OF_MUCH if words and words[0] in _MUCH else _SECONDS
    with suppress(ValueError):
        seconds = float(said)
        if 0 <= seconds <= _LONGEST:
            return seconds
    raise UsageError(
        f'{limits.VARIABLE}: "{said}" is not a number of seconds; write one, such as 300.'
    )


def _ended(work: Callable[[], int]) -> int:
    """Run the work and return its exit code; an error is printed and gives its exit code."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Shown(out), _Shown(err)
    try:
        if out is None:
            raise OutputError("standard output is closed; send it to a file, or to /dev/null.")
        try:
            return work()
        finally:
            sys.stdout.flush()
    except FindingsError as error:
        return _say(str(error), error.exit_code)
    except OneHealthKGError as error:
        return _say(f"onehealthkg: {error}", error.exit_code)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        return 0
    except OSError as error:
        where = error.filename or ("the system" if error.errno in _SYSTEM else "standard output")
        return _say(f"onehealthkg: {where}: {error.strerror or error}.", OutputError.exit_code)
    except ImportError as error:
        message = f"onehealthkg: a part of the program cannot be loaded: {error}."
        return _say(message, InputError.exit_code)
    except (MemoryError, SystemError):
        limits.use_reserve()
        return _say(f"onehealthkg: {limits.NO_MEMORY}", InputError.exit_code)
    except RecursionError:
        message = "onehealthkg: this is nested too deeply; remove some levels."
        return _say(message, InputError.exit_code)
    except KeyboardInterrupt:
        return 130
    finally:
        sys.stdout, sys.stderr = out, err
        _drop_unwritten(out)


def _run(words: Sequence[str]) -> int:
    if "_ARGCOMPLETE" in os.environ:  # a shell asks because Tab was pressed
        from onehealthkg.commands.completion import complete

        complete()
    from onehealthkg.commands.parser import run  # with all limits set, as it imports much

    return run(words)


def _say(message: str, code: int) -> int:
    try:
        print(message, file=sys.stderr)
    except OSError:
        return code  # nowhere to write the message
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
            encoding = getattr(self._stream, "encoding", None) or "utf-8"
            return self._stream.write(for_terminal(text, encoding))
        except OSError as error:
            self._error = error  # argparse would forget it
            raise

    def flush(self) -> None:
        """Write the buffer; raises OSError if this write or an earlier one failed."""
        if self._error:
            raise self._error
        if self._stream is not None:
            self._stream.flush()
