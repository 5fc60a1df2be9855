"""The lines of a vocabulary's dump that can matter to a link, as canonical N-Triples.

A dump may be larger than the memory, so it is read as a stream, once: N-Triples by a search for the
predicates that matter, whose lines alone are parsed; Turtle and RDF/XML by pyoxigraph's parser of
streams. Literals in other languages than English and French are left out. ``.gz`` is unpacked on
the way. https://www.w3.org/TR/n-triples/

Refused are RDF/XML with a document type (see ``formats``), a line or word of more than 16 MB, and a
packed file that grows to more than a hundred times its size.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from pyoxigraph import Literal, Quad, RdfFormat, parse

from onehealthkg.errors import InputError
from onehealthkg.rdf.read_write import xml_parser

ENDINGS = {".nt": RdfFormat.N_TRIPLES, ".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML}
_CHUNK = 1 << 22
_LONGEST = 16_000_000  # bytes of a line
_GROWTH, _SMALL = 100, 32_000_000  # a packed file may grow so many times, or to so many bytes
_LANGUAGES = ("en", "fr", "mul")


def read_dump(path: Path, predicates: Collection[str]) -> Iterator[Quad]:
    """The triples of a dump that have one of the predicates, in the order of the file.

    Raises InputError with the file, and where it can be told the line.
    """
    rdf_format = _format(path)
    if rdf_format == RdfFormat.RDF_XML:
        refuse_in_xml(path)
    with _opened(path) as file:
        try:
            if rdf_format == RdfFormat.N_TRIPLES:
                yield from _of_lines(file, frozenset(predicates), path)
            else:
                wanted = frozenset(predicates)
                for quad in parse(file, format=rdf_format):
                    if quad.predicate.value in wanted and _is_readable(quad):
                        yield quad
        except SyntaxError as error:
            place = f"{path}:{error.lineno}" if error.lineno else str(path)
            raise InputError(f"{place}: {_reason(error)}.") from None
        except UnicodeDecodeError:
            raise InputError(f"{path}: this is not UTF-8; save the file as UTF-8.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{path}: cannot be unpacked: {error}; get the file again.") from None
        except MemoryError:
            raise InputError(f"{path}: a word in it is too long for the memory.") from None
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from None


def _format(path: Path) -> RdfFormat:
    name = path.name.removesuffix(".gz")
    rdf_format = ENDINGS.get(Path(name).suffix)
    if rdf_format is None:
        endings = ", ".join(ENDINGS)
        raise InputError(f"{path}: the name must end in one of {endings}, or that and .gz.")
    return rdf_format


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the path.")
    if not path.is_file():
        raise InputError(f"{path}: this is a folder, a pipe or a device; name a file on the disk.")
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from None
    with file:
        if path.suffix != ".gz":
            yield file
            return
        most = max(_SMALL, _GROWTH * path.stat().st_size)
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield io.BufferedReader(_Limited(unpacked, most, path), _CHUNK)


class _Limited(io.RawIOBase):
    """A stream that ends in an InputError where it is longer than it may be."""

    def __init__(self, stream: gzip.GzipFile, most: int, path: Path) -> None:
        self._stream, self._left, self._most, self._path = stream, most, most, path

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; what comes back is the number of bytes."""
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                f"{self._path}: unpacked, this is larger than {self._most} bytes; if it is meant "
                "to be, unpack it first."
            )
        buffer[: len(data)] = data
        return len(data)


def _is_readable(quad: Quad) -> bool:
    """Whether the object is no literal, or one without a language, or in one of ours."""
    language = quad.object.language if isinstance(quad.object, Literal) else None
    return language is None or language.lower().partition("-")[0] in _LANGUAGES


def _of_lines(file: IO[bytes], predicates: frozenset[str], path: Path) -> Iterator[Quad]:
    names = b"|".join(re.escape(one.encode()) for one in sorted(predicates))
    # The object ends in no language tag, or in one of ours; dots and spaces may follow.
    line = re.compile(
        rb"^[ \t]*[^\s<]*(?:<[^>\n]*>)?[ \t]*<(?:" + names + rb")>[ \t]*"
        rb'(?:[<_][^\n]*|"[^\n]*"(?:\^\^[^\n]*|@(?i:en|fr|mul)\b[^\n]*|[ \t]*\.[^\n]*))$',
        re.MULTILINE,
    )
    before = 0
    for chunk in _chunks(file, path):
        found = b"\n".join(line.findall(chunk))
        try:
            yield from parse(found, format=RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            wrong = found.split(b"\n")[(error.lineno or 1) - 1]
            number = before + chunk.count(b"\n", 0, max(chunk.find(wrong), 0)) + 1
            raise InputError(f"{path}:{number}: {_reason(error)}.") from None
        before += chunk.count(b"\n")


def _chunks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """The file in parts that end where a line ends; InputError where it is cut off."""
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


def refuse_in_xml(path: Path) -> None:
    """InputError for what pyoxigraph's parser of RDF/XML cannot bear."""
    parser = xml_parser(path)

    def doctype(*_: object) -> None:
        raise InputError(
            f"{path}:{parser.CurrentLineNumber}: RDF/XML with a document type is not read; take "
            "the dump in N-Triples or Turtle, or convert it."
        )

    parser.StartDoctypeDeclHandler = doctype
    try:
        with _opened(path) as file:
            for data in _blocks(file):
                parser.Parse(data, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code)
        raise InputError(f"{path}:{error.lineno}:{error.offset + 1}: {text}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: cannot be unpacked: {error}; get the file again.") from None


def _blocks(file: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")
