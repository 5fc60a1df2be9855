"""The store of a large project: written some units at a time, then revised after each change.

Few units have changed as a rule. Then the new store has the files of the old one, and only the
statements that differ are removed and added. The database (``kept``) knows which these are. If the
shared files or many units have changed, or the old store is damaged, a new one is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad

from onehealthkg.dataset.divided import Divided
from onehealthkg.dataset.kept import Kept
from onehealthkg.dataset.store_on_disk import (
    held,
    listing,
    new_folder,
    revise_store,
    sweep,
    write_store,
)
from onehealthkg.dataset.unit_reader import quads_of

_TOGETHER = 16 << 20  # characters of N-Quads that are written at a time
_REVISED = 4  # a store is revised if fewer than one in so many units have changed


def store_of_parts(divided: Divided, path: Path) -> tuple[str, str]:
    """The name and the listing of a store with the whole graph, beside a cache file.

    Raises OSError if it cannot be written.
    """
    kept = divided.kept
    store = _revised(kept, path) or _written(divided, path)
    with kept.changing():
        kept.stored(list(store))
    sweep(path, kept=store[0])
    return store


def _revised(kept: Kept, path: Path) -> tuple[str, str] | None:
    """The old store, if the graph is the same, or a revision of it; None if neither is possible."""
    units, unstored = kept.counts()
    store = kept.value("store")
    if not store or unstored * _REVISED > units:
        return None
    name, listed = store
    with held(path.with_name(name), listed) as is_whole:
        if not is_whole:
            return None
        gone = set(_quads(kept.gone()))
        now = set(_quads(lines for unit in kept.unstored() for lines in unit))
        if now == gone:
            return name, listed
        folder = new_folder(path)
        revise_store(path.with_name(name), folder, gone - now, now - gone)
    return folder.name, listing(folder)


def _written(divided: Divided, path: Path) -> tuple[str, str]:
    sweep(path)
    folder = new_folder(path)
    write_store(folder, (_quads(lines) for lines in _some(divided.graph())))
    return folder.name, listing(folder)


def _some(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts, as many together as are written at a time."""
    some: list[str] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text)
        if size > _TOGETHER:
            yield some
            some, size = [], 0
    yield some


def _quads(texts: Iterable[str]) -> Iterator[Quad]:
    return (quad for text in texts for quad in quads_of(text))
