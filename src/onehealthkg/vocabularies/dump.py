"""A reader of published vocabulary dumps.

A dump may be larger than the memory, so it is read once, as a stream. In N-Triples
(https://www.w3.org/TR/n-triples/) only the lines with the requested predicates are parsed; other
formats, except JSON-LD, are read by pyoxigraph's streaming parser. ``.gz``, and ``.zip`` with one
file in it, are unpacked while reading. Language tags of three letters, ``eng``, ``fra`` and ``fre``
(https://www.loc.gov/standards/iso639-2/php/code_list.php), are read as ``en`` and ``fr``. A byte
order mark is skipped.

The following are refused: pipes and devices, which may never end; a packed file that grows to more
than a hundred times its size; a line or word of more than 16 MB; RDF/XML with a document type,
whose entities fill the memory; triple terms, which nested end the process; and JSON-LD of more than
100 MB, which is held in memory.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import IO
from xml.parsers import expat

from pyoxigraph import Literal, Quad, RdfFormat, parse

from onehealthkg.errors import InputError, unreadable
from onehealthkg.files import opened
from onehealthkg.names import local_name
from onehealthkg.rdf.read_write import FORMATS, parse_quads, xml_parser

ENDINGS = {
    **FORMATS,
    ".json": RdfFormat.JSON_LD,
    ".json-ld": RdfFormat.JSON_LD,
    ".n3": RdfFormat.TURTLE,  # as vocabularies are published, without rules and formulas
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}
_CHUNK, _STEP = 1 << 22, 1 << 16  # bytes
_LONGEST = 16_000_000  # bytes of a line
_LARGEST_JSON = 100_000_000  # bytes
_GROWTH, _SMALL = 100, 32_000_000  # a packed file may grow so many times, or to so many bytes
_MOST_TRIPLE_TERMS = 100
_THREE_LETTERS = {"eng": "en", "fra": "fr", "fre": "fr"}
_OURS = frozenset(("en", "fr", "mul"))

_Stream = IO[bytes] | gzip.GzipFile | zipfile.ZipExtFile


def read_dump(
    path: Path, predicates: Collection[str], *, every_language: bool = False
) -> Iterator[Quad]:
    """The statements of a dump that have one of the predicates, in the order of the file.

    All are in the default graph. Literals in languages other than English and French are skipped,
    unless ``every_language`` is set. Raises InputError with the file, and the line if known, or if
    there is no such statement.
    """
    iris = frozenset(predicates)
    is_empty = True
    with _opened(path) as (file, rdf_format), _errors_named(path):
        for quad in _statements(file, rdf_format, iris, path, every_language=every_language):
            if quad.predicate.value in iris:
                language = quad.object.language if isinstance(quad.object, Literal) else None
                tag = _tag(language or "")
                if every_language or tag == "" or _is_ours(tag):
                    is_empty = False
                    yield _tagged(quad, tag) if tag != (language or "") else quad
    if is_empty:
        languages = "" if every_language else " in English or French"
        raise InputError(
            f"{path}: there is no label{languages}, or other statement that is read here; name the "
            "file with the concepts of the vocabulary."
        )


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """Turn any error in reading into an InputError that names the file."""
    try:
        yield
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno else str(path)
        raise InputError(f"{place}: {_reason(error)}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is not UTF-8; save the file as UTF-8.") from None
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code)
        raise InputError(f"{path}:{error.lineno}:{error.offset + 1}: {text}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be unpacked: {error}; get the file again.") from None
    except MemoryError:
        raise InputError(f"{path}: a word in it is too long for the memory.") from None
    except OSError as error:
        raise unreadable(path, error) from None


def _statements(
    file: IO[bytes],
    rdf_format: RdfFormat,
    predicates: frozenset[str],
    path: Path,
    *,
    every_language: bool,
) -> Iterable[Quad]:
    """The statements of a file, at least those with the predicates."""
    if rdf_format == RdfFormat.N_TRIPLES:
        return _of_lines(file, predicates, path, every_language=every_language)
    if rdf_format == RdfFormat.JSON_LD:
        data = file.read(_LARGEST_JSON + 1)
        if len(data) > _LARGEST_JSON:
            raise InputError(
                f"{path}: JSON-LD of more than {_LARGEST_JSON:,} bytes is not read; take the dump "
                "in N-Triples or Turtle, or convert it."
            )
        return map(_without_graph, parse_quads(data, rdf_format, path))
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_in_xml(file, path)
        file.seek(0)
    statements = parse(file, format=rdf_format)
    return map(_without_graph, statements) if rdf_format.supports_datasets else statements


def _without_graph(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


@lru_cache(maxsize=1000)
def _tag(language: str) -> str:
    first, hyphen, rest = language.partition("-")
    return _THREE_LETTERS.get(first.lower(), first) + hyphen + rest


@lru_cache(maxsize=1000)
def _is_ours(tag: str) -> bool:
    return tag.partition("-")[0].lower() in _OURS


def _tagged(quad: Quad, tag: str) -> Quad:
    assert isinstance(quad.object, Literal)  # noqa: S101  it has a language
    return Quad(quad.subject, quad.predicate, Literal(quad.object.value, language=tag))


def _format(path: Path, name: str) -> RdfFormat:
    rdf_format = ENDINGS.get(Path(name).suffix.lower())
    if rdf_format is None:
        named = "the name" if path.name.startswith(name) else f"the name {name} in it"
        endings = ", ".join(sorted(ENDINGS))
        raise InputError(f"{path}: {named} must end in one of {endings}, or that and .gz or .zip.")
    return rdf_format


# Files, packed or not, with the limits that hold for all formats


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], RdfFormat]]:
    """The unpacked content and its format."""
    packing = path.suffix.lower() if path.suffix.lower() in (".gz", ".zip") else ""
    rdf_format = _format(path, path.stem if packing else path.name) if packing != ".zip" else None
    with opened(path) as file:
        if packing == ".zip":
            with _only_file(file, path) as unpacked:
                yield _limited(unpacked, file.tell, path), _format(path, unpacked.name or "")
        elif packing == ".gz" and rdf_format:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield _limited(unpacked, file.tell, path), rdf_format
        elif rdf_format:
            yield _limited(file, None, path), rdf_format


def _only_file(packed: IO[bytes], path: Path) -> zipfile.ZipExtFile:
    """The one file in a ZIP file, by a method whose output can be limited."""
    try:
        archive = zipfile.ZipFile(packed)
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(files) != 1:
            raise InputError(f"{path}: there are {len(files)} files in it; pack one, or unpack it.")
        if files[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError(f"{path}: its compression method is not supported; unpack it first.")
        unpacked = archive.open(files[0])
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be unpacked: {error}; get the file again.") from None
    except (NotImplementedError, RuntimeError) as error:  # encrypted
        raise InputError(f"{path}: cannot be unpacked: {error}; unpack it first.") from None
    assert isinstance(unpacked, zipfile.ZipExtFile)  # noqa: S101  it is open for reading
    return unpacked


def _limited(stream: _Stream, packed: Callable[[], int] | None, path: Path) -> IO[bytes]:
    return io.BufferedReader(_Limited(stream, packed, path), _CHUNK)


class _Limited(io.RawIOBase):
    """A stream that raises InputError for input that the parsers cannot handle.

    ``packed`` returns the number of packed bytes read, so that a decompression bomb is noticed
    early.
    """

    def __init__(self, stream: _Stream, packed: Callable[[], int] | None, path: Path) -> None:
        self._stream, self._packed, self._path = stream, packed, path
        self._read = self._triple_terms = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always: from the start."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to the start, so that everything is read again, and return the position."""
        self._read = self._triple_terms = 0
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer, and return the number of bytes."""
        data = self._stream.read(min(len(buffer), _STEP))
        if not self._read:
            data = data.removeprefix(BOM_UTF8)
        self._read += len(data)
        self._triple_terms += data.count(b"<<(")
        if self._packed and self._read > max(_SMALL, _GROWTH * self._packed()):
            raise InputError(
                f"{self._path}: unpacked, this is larger than {_GROWTH} times its size; if that "
                "is intended, unpack it first."
            )
        if self._triple_terms > _MOST_TRIPLE_TERMS:
            raise InputError(f"{self._path}: triple terms (RDF 1.2) are not read.")
        buffer[: len(data)] = data
        return len(data)


# N-Triples


def _of_lines(
    file: IO[bytes], predicates: frozenset[str], path: Path, *, every_language: bool
) -> Iterator[Quad]:
    line = _pattern(predicates, every_language=every_language)
    before = 0
    for chunk in _chunks(file, path):
        if not before:
            _refuse_other_text(chunk, path)
        lines = b"\n".join(line.findall(chunk))
        try:
            yield from parse(lines, format=RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            wrong = lines.split(b"\n")[(error.lineno or 1) - 1]
            number = before + chunk.count(b"\n", 0, max(chunk.find(wrong), 0)) + 1
            raise InputError(f"{path}:{number}: {_reason(error)}.") from None
        before += chunk.count(b"\n")


def _refuse_other_text(chunk: bytes, path: Path) -> None:
    """Raise InputError if the first line, except for comments, is not N-Triples.

    Lines without a requested predicate are not parsed, so that other texts would seem empty.
    """
    for number, line in enumerate(chunk.split(b"\n"), 1):
        if line.strip() and not line.lstrip().startswith(b"#"):
            try:
                list(parse(line, format=RdfFormat.N_TRIPLES))
            except SyntaxError as error:
                raise InputError(f"{path}:{number}: {_reason(error)}; is it N-Triples?") from None
            return


def _pattern(predicates: frozenset[str], *, every_language: bool) -> re.Pattern[bytes]:
    """A line with one of the predicates, and an object in one of the languages or without one."""
    names = "|".join(
        f"{re.escape(start)}(?:{'|'.join(re.escape(iri.removeprefix(start)) for iri in iris)})"
        for start, iris in groupby(sorted(predicates), _namespace)
    ).encode()
    tags = (
        rb""
        if every_language
        else rb"(?i:" + "|".join((*_OURS, *_THREE_LETTERS)).encode() + rb")(?![A-Za-z0-9])"
    )
    return re.compile(
        rb"^[ \t]*[^\s<]*(?:<[^>\n]*>)?[ \t]*<(?:" + names + rb")>[ \t]*"
        rb'(?:[<_][^\n]*|"[^\n]*"(?:\^\^[^\n]*|@' + tags + rb"[^\n]*|[ \t]*\.[^\n]*))$",
        re.MULTILINE,
    )


def _namespace(iri: str) -> str:
    return iri.removesuffix(local_name(iri))


def _chunks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """The file in parts that end where a line ends; InputError if it is truncated."""
    rest = b""
    while data := file.read(_CHUNK):
        head, end, tail = data.rpartition(b"\n")
        if end:
            yield rest + head + end
            rest = tail
        elif len(rest := rest + data) > _LONGEST:
            raise InputError(f"{path}: there is a line of more than {_LONGEST} bytes; is it RDF?")
    last = rest.strip()
    if last and not last.startswith(b"#") and not re.search(rb"\.[ \t]*(?:#.*)?$", last):
        raise InputError(f"{path}: it is cut off: the last line has no full stop; get it again.")
    yield rest


def _reason(error: SyntaxError) -> str:
    return re.sub(r"^Parser error .*?[0-9]: ", "", error.msg or "").rstrip(".")


# RDF/XML


def _refuse_in_xml(file: IO[bytes], path: Path) -> None:
    """Raise InputError for RDF/XML that pyoxigraph's parser cannot handle."""
    parser = xml_parser(path)

    def doctype(*_: object) -> None:
        raise InputError(
            f"{path}:{parser.CurrentLineNumber}: RDF/XML with a document type is not read; take "
            "the dump in N-Triples or Turtle, or convert it."
        )

    parser.StartDoctypeDeclHandler = doctype
    while data := file.read(_CHUNK):
        parser.Parse(data, False)
    parser.Parse(b"", True)
