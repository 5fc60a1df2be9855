"""All rows of a pattern from a store that limits its answers: page by page, in the order of a key.

A store truncates answers at some number of rows (Virtuoso usually at 10,000), and does not sort
more rows than that for an OFFSET. A page therefore begins after the last key of the page before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal

from onehealthkg.endpoints.client import Client
from onehealthkg.endpoints.solutions import Solution
from onehealthkg.errors import AnswerTooLarge
from onehealthkg.queries.parameters import written_out
from onehealthkg.terms import plain

RATE = 1000.0
"""The rate limit for a user's own store, in requests per second."""

LARGEST = 5000
_SMALLEST = 10


class Pages:
    """Reads from a store page by page, and remembers the number of rows that it returns at once."""

    def __init__(self, client: Client, endpoint: str) -> None:
        self._client = client
        self._endpoint = endpoint
        self._size = LARGEST

    def rows(self, columns: Sequence[str], pattern: str) -> Iterator[Solution]:
        """All rows of a pattern; the first of the columns is the key, an IRI in each row.

        Raises RemoteError; AnswerTooLarge if the rows of one key are more than a page of the store.
        """
        rows, size = self._page(columns, pattern, "")
        if len(rows) < size:
            yield from rows
            return
        last = ""
        while True:
            after = f"FILTER(STR(?{columns[0]}) > {written_out(Literal(last))}) " if last else ""
            rows, size = self._page(columns, pattern + after, f"ORDER BY STR(?{columns[0]})")
            if len(rows) < size:
                yield from rows
                return
            end = _last_key_begins(rows)
            if not end:
                raise AnswerTooLarge(
                    f"{self._endpoint}: more than {size} rows are about {rows[0][0]}; raise the "
                    "limit of rows in the settings of the store."
                )
            yield from rows[:end]
            last = plain(rows[end - 1][0])

    def _page(
        self, columns: Sequence[str], pattern: str, order: str
    ) -> tuple[Sequence[Solution], int]:
        """At most a page of rows, and the size of the page."""
        names = " ".join(f"?{name}" for name in columns)
        while True:
            size = self._size
            query = f"SELECT {names} WHERE {{ {pattern} }} {order} LIMIT {size}"
            try:
                return self._client.select(self._endpoint, query, rate=RATE).rows, size
            except AnswerTooLarge:
                if size < _SMALLEST:
                    raise
                self._size = size // 2


def _last_key_begins(rows: Sequence[Solution]) -> int:
    """The index of the first row of the last key, which may continue on the next page."""
    return next(place for place, row in enumerate(rows) if row[0] == rows[-1][0])
