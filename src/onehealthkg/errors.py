"""What can go wrong, and the exit code that the command line gives for it.

    OneHealthKGError
    ├── UsageError      2  the request makes no sense: unknown thing, wrong option
    │   ├── UnknownThing
    │   └── TimeLimit
    ├── InputError      3  a file cannot be read: missing, not UTF-8, syntax
    ├── OutputError     3  a file cannot be written: no rights, disk full
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


class OutputError(OneHealthKGError):
    """A file cannot be written."""

    exit_code = 3


class FindingsError(OneHealthKGError):
    """The data has problems that must be mended first."""
