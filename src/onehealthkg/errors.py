"""The errors of the package, and the exit code of the command line for each.

    OneHealthKGError
    ├── UsageError      2  the request makes no sense: unknown thing, wrong option
    │   ├── UnknownThing
    │   └── TimeLimit
    ├── InputError      3  a file cannot be read: missing, not UTF-8, syntax
    ├── OutputError     3  a file cannot be written: no rights, disk full
    ├── RemoteError     4  an endpoint gave no answer, or an unusable one
    │   ├── NoAnswer           the connection failed, or took too long
    │   ├── NotCached          --offline, and the cache has no answer
    │   └── AnswerTooLarge     ask for less at once
    └── FindingsError   1  the data has problems, so nothing was written

A message says what is wrong, where, and what would be right.
"""


class OneHealthKGError(Exception):
    """The base of all errors that this package raises on purpose."""

    exit_code = 1


class UsageError(OneHealthKGError):
    """The request makes no sense."""

    exit_code = 2


class UnknownThing(UsageError):
    """No thing, or more than one, has this name."""


class TimeLimit(UsageError):
    """The request takes longer than it may."""


class InputError(OneHealthKGError):
    """A file cannot be read or understood."""

    exit_code = 3


def unreadable(path: object, error: OSError) -> InputError:
    """The error for a file or folder that the system cannot open or read."""
    if isinstance(error, FileNotFoundError):
        return InputError(f"{path}: there is no such file; check the path.")
    return InputError(f"{path}: cannot be read: {error.strerror or error}.")


class OutputError(OneHealthKGError):
    """A file cannot be written."""

    exit_code = 3


class RemoteError(OneHealthKGError):
    """An endpoint gave no answer, or an unusable one."""

    exit_code = 4


class NoAnswer(RemoteError):
    """The connection failed, or took too long; the same request may succeed later."""


class NotCached(RemoteError):
    """There is no answer in the cache, and the network may not be used."""


class AnswerTooLarge(RemoteError):
    """The answer is larger than it may be, or was cut off; a smaller question may do."""


class FindingsError(OneHealthKGError):
    """The data has problems that must be fixed first."""
