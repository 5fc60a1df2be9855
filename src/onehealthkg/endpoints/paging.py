"""All rows of a pattern from a store, also from one that limits its answers.

All rows are requested at once. If the store counts more than it returns, it truncates answers at
some number of rows (Virtuoso usually at 10,000), and the rows are read page by page, in the order
of a key. As such a store does not sort more rows than that for an OFFSET, a page begins after the
last key of the page before. Sorting is slow: Oxigraph takes 14 s for a page of 187,000 rows, and
1.4 s for all of them without an order.
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
        self._has_pages = False

    def rows(self, columns: Sequence[str], pattern: str) -> Iterator[Solution]:
        """All rows of a pattern; the first of the columns is the key, an IRI in each row.

        Raises RemoteError; AnswerTooLarge if the rows of one key are more than a page of the store.
        """
        rows = self._at_once(columns, pattern)
        if rows is not None:
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

    def _at_once(self, columns: Sequence[str], pattern: str) -> Sequence[Solution] | None:
        """All rows in no order; None if the store returns them only in pages."""
        if self._has_pages:
            rows, size = self._page(columns, pattern, "")
            return rows if len(rows) < size else None
        try:
            rows = self._select(columns, f"{{ {pattern} }}")
            if len(rows) < LARGEST or len(rows) == self._number_of(pattern):
                return rows
        except AnswerTooLarge:
            pass
        self._has_pages = True
        return None

    def _number_of(self, pattern: str) -> int:
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
        [[number]] = self._client.select(self._endpoint, query, rate=RATE).rows
        return int(plain(number)) if plain(number).isdecimal() else -1

    def _page(
        self, columns: Sequence[str], pattern: str, order: str
    ) -> tuple[Sequence[Solution], int]:
        """At most a page of rows, and the size of the page."""
        while True:
            size = self._size
            try:
                return self._select(columns, f"{{ {pattern} }} {order} LIMIT {size}"), size
            except AnswerTooLarge:
                if size < _SMALLEST:
                    raise
                self._size = size // 2

    def _select(self, columns: Sequence[str], where: str) -> Sequence[Solution]:
        names = " ".join(f"?{name}" for name in columns)
        query = f"SELECT {names} WHERE {where}"
        return self._client.select(self._endpoint, query, rate=RATE).rows


def _last_key_begins(rows: Sequence[Solution]) -> int:
    """The index of the first row of the last key, which may continue on the next page."""
    return next(place for place, row in enumerate(rows) if row[0] == rows[-1][0])
