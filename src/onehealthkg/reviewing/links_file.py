"""The file of links, which several people and programs may change at the same time.

To save a decision, the folder of the file is locked, the file is read again, the mappings of one
pair (our thing, the external one) are replaced, and the file is written whole or not at all.
However the program ends, all earlier decisions are in the file; and if two people decide at the
same time, neither loses anything: the second gets a message.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from onehealthkg.errors import InputError, OneHealthKGError, OutputError
from onehealthkg.files import write_atomic
from onehealthkg.locks import locked
from onehealthkg.mappings.relations import kind_of
from onehealthkg.mappings.sssom import Mapping, MappingSet, mapping_bytes, read_mappings
from onehealthkg.mappings.sssom_header import Header
from onehealthkg.words import list_in_words

ORCID = {"orcid": "https://orcid.org/"}


class Link(NamedTuple):
    """A mapping with whole IRIs; ``space`` is the namespace of the object."""

    subject: str
    object: str
    space: str
    mapping: Mapping

    @property
    def pair(self) -> tuple[str, str]:
        """Our thing and the external one."""
        return self.subject, self.object

    @property
    def kind(self) -> str:
        """``exact``, ``close``, ``broad``, ``narrow`` or ``related``."""
        return kind_of(self.mapping.predicate_id)

    @property
    def in_words(self) -> str:
        """The link in a few words: "not exact, by Jane Doe"."""
        by = list_in_words(self.mapping.reviewers, "en")
        return f"{'' if self.holds else 'not '}{self.kind}" + (f", by {by}" if by else "")

    @property
    def holds(self) -> bool:
        """Whether the mapping asserts a link; False if it denies one."""
        return self.mapping.is_link

    def same_scheme(self, other: Link) -> bool:
        """Whether both objects are of the same vocabulary, compared by name if both have one."""
        ours, theirs = self.mapping.object_source, other.mapping.object_source
        return ours == theirs if ours and theirs else self.space == other.space


class Meanwhile(OneHealthKGError):
    """Another user has decided on the same pair; ``links`` are its links in the file now."""

    def __init__(self, links: tuple[Link, ...]) -> None:
        now = list_in_words([link.in_words for link in links], "en") or "its decision was undone"
        super().__init__(f"Another user has decided meanwhile: {now}. That decision is unchanged.")
        self.links = links


class Change(NamedTuple):
    """The mappings of a pair before and after a change."""

    pair: tuple[str, str]
    before: tuple[Mapping, ...]
    after: tuple[Mapping, ...]


class LinksFile:
    """The mappings in an SSSOM file, which another program may change at any time.

    If the file does not exist, the first decision creates it, with ``header``. With ``dry`` nothing
    is written, and decisions are kept in memory.
    """

    def __init__(self, path: Path, header: Header, *, dry: bool = False) -> None:
        self.path = path
        self._header = header
        self._dry = dry
        self._state = self._seen()
        self._keep(self._read())

    def refresh(self) -> None:
        """Read the file again if it has changed; InputError if it cannot be read."""
        state = self._seen()
        if self._dry or state == self._state:
            return
        if state is None:
            raise InputError(f"{self.path}: the file has been deleted; put it back.")
        self._state = state
        self._keep(self._read())

    def of(self, pair: tuple[str, str]) -> tuple[Link, ...]:
        """The mappings of a pair."""
        return tuple(self._by_pair.get(pair, ()))

    def change(self, changes: Iterable[Change]) -> None:
        """Replace mappings with others, all or none.

        Raises Meanwhile if the old mappings are no longer there, OutputError if the file cannot be
        written, InputError if it can no longer be read.
        """
        with nullcontext() if self._dry else locked(self.path):
            self.refresh()
            kept = {pair: _mappings(links) for pair, links in self._by_pair.items()}
            for pair, before, after in changes:
                if kept.get(pair, ()) != before:
                    raise Meanwhile(self.of(pair))
                kept[pair] = after
            rows = tuple(row for rows in kept.values() for row in rows)
            self._write(MappingSet(self._set.header, rows))

    def _write(self, mappings: MappingSet) -> None:
        data = mapping_bytes(mappings, Mapping.columns())
        if not self._dry:
            write_atomic(self.path, data)
            self._state = self._seen()
        self._keep(mappings)

    def _read(self) -> MappingSet:
        if self._state is None:
            prefixes = {**ORCID, **self._header.get("curie_map", {})}
            return MappingSet({**self._header, "curie_map": prefixes}, ())
        mappings = read_mappings(self.path)
        prefixes = {**ORCID, **self._header.get("curie_map", {}), **mappings.header["curie_map"]}
        return MappingSet({**mappings.header, "curie_map": prefixes}, mappings.mappings)

    def _keep(self, mappings: MappingSet) -> None:
        self._set = mappings
        self.links = links(mappings)
        self._by_pair: dict[tuple[str, str], list[Link]] = {}
        for link in self.links:
            self._by_pair.setdefault(link.pair, []).append(link)

    def _seen(self) -> object:
        """A value that changes with the file; None if the file does not exist."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be read: {error.strerror}.") from None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def short(self, iri: str) -> str:
        """An IRI as this file writes it; UsageError if no prefix fits."""
        return self._set.contract(iri)


def _mappings(links: Iterable[Link]) -> tuple[Mapping, ...]:
    return tuple(link.mapping for link in links)


def links(mappings: MappingSet) -> tuple[Link, ...]:
    """The mappings of a set with whole IRIs, in its order."""
    return tuple(
        Link(
            mappings.expand(mapping.subject_id),
            mappings.expand(mapping.object_id),
            mappings.prefixes[mapping.object_id.partition(":")[0]],
            mapping,
        )
        for mapping in mappings.mappings
    )
