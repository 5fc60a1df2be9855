"""The text of an announcement, read from a user's file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from onehealthkg.errors import InputError
from onehealthkg.files import read_bytes

LARGEST = 200_000
"""The largest announcement in bytes, some forty pages; of a longer text, save the relevant part."""

_TAGS = re.compile(r"<(?:!doctype html|html|head|body|div|p|br|span|a)\b[^>]*>", re.IGNORECASE)
_COMMON = {
    "English": {"the", "of", "and", "to", "in", "is", "for", "with", "on", "by", "has", "have"},
    "French": {"le", "la", "les", "des", "et", "de", "du", "dans", "pour", "est", "une", "ont"},
    "German": {"der", "die", "das", "und", "ist", "den", "von", "mit", "für", "eine", "auf", "im"},
    "Spanish": {"el", "los", "las", "y", "del", "que", "una", "con", "por", "para", "se", "es"},
    "Italian": {"il", "gli", "di", "che", "per", "una", "della", "dei", "con", "ha", "nel", "e"},
    "Portuguese": {"o", "os", "das", "dos", "do", "da", "e", "uma", "com", "para", "ao", "em"},
    "Dutch": {"het", "een", "van", "voor", "met", "zijn", "de", "en", "op", "aan", "dat", "is"},
}
_READ = {"English": "en", "French": "fr"}


class Announcement(NamedTuple):
    """A text, its language, and notes for the person on how it was read."""

    text: str
    language: str
    notes: tuple[str, ...] = ()


def read_announcement(path: Path, language: str | None = None) -> Announcement:
    """The text of a file, with the line ends of Unix; ``language`` is guessed if None.

    Raises InputError for anything except a text in English or French: PDF, HTML, office documents,
    unknown encodings, other languages, a file without words, and a file that is too large.
    """
    data = read_bytes(path)
    _refuse_formats(data, path)
    if len(data) > LARGEST:
        raise InputError(
            f"{path}: the file has {len(data):,} bytes, and an announcement has at most "
            f"{LARGEST:,}; save the part about the agreement as a separate file."
        )
    text, notes = _decoded(data, path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(
            f"{path}: there are no words in it; put the text of the announcement here."
        )
    if len(_TAGS.findall(text)) > 2:
        raise InputError(
            f"{path}: this is a web page; save only its text: copy it from the browser, or run "
            "pandoc -t plain --wrap=none page.html -o page.txt, and leave out the menus."
        )
    return Announcement(text, language or _language(text, path), notes)


def _refuse_formats(data: bytes, path: Path) -> None:
    if data.startswith(b"%PDF"):
        raise InputError(
            f"{path}: this is a PDF; get its text with pdftotext {path.name} "
            f"{path.with_suffix('.txt').name}, check it, and draft that file."
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise InputError(
            f"{path}: this is an office document; save it as plain text (.txt, UTF-8)."
        )


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"{path}:{line}"
        byte = f"byte 0x{data[error.start]:02x}"
    right = f"{place}: {byte} is not UTF-8; save the file as UTF-8."
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        raise InputError(right) from None
    if re.search(r"[^\x00-\xff’‘“”«»–—…€œŒ•™ŠšŽžŸ\u2039\u203a\u201a\u201e]", text) or "\0" in text:
        raise InputError(right)
    return text, (f"{place}: {byte} is not UTF-8; the file is read as Windows-1252.",)


def _language(text: str, path: Path) -> str:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {name: sum(word in common for word in words) for name, common in _COMMON.items()}
    best = max(counts, key=lambda name: counts[name])
    if best in _READ:
        return _READ[best]
    read = " and ".join(_READ)
    raise InputError(
        f"{path}: the text seems to be in {best}, but only {read} are supported; draft a "
        "translation that the body has published, or write a record with onehealthkg new."
    )
