"""The command line's entry: run a command, turn errors into messages and exit codes.

Data goes to standard output, talk to standard error. Exit codes: 0 done, 1 problems found, 2 wrong
use, 3 a file cannot be read or written, 130 interrupted. The commands are in ``commands``.
"""

from __future__ import annotations

import os
import sys

from onehealthkg.errors import FindingsError, OneHealthKGError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; what comes back is the exit code."""
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except FindingsError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OneHealthKGError as error:
        print(f"onehealthkg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _run(arguments: Sequence[str]) -> int:
    if len(arguments) == 2 and arguments[0] == "show" and not arguments[1].startswith("-"):
        # The commonest question. Reading its one word with argparse would take a third of its time.
        from onehealthkg.graph import load

        print(load().show(arguments[1]))
        return 0
    from onehealthkg.commands import run

    return run(arguments)
