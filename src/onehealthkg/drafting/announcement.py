"""The text of an announcement, read from a user's file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from onehealthkg.errors import InputError
from onehealthkg.files import read_bytes
from onehealthkg.sources.sentences import cut
from onehealthkg.words import Words, words

LARGEST = 200_000
"""The largest announcement in bytes, some forty pages; of a longer text, save the relevant part."""

LONGEST_SENTENCE = 4_000
"""The longest sentence in characters: the time for reading one grows faster than its length."""

_TAGS = re.compile(r"<(?:!doctype html|html|head|body|div|p|br|span|a)\b[^>]*>", re.IGNORECASE)
_COMMON = {
    "en": {"the", "of", "and", "to", "in", "is", "for", "with", "on", "by", "has", "have"},
    "fr": {"le", "la", "les", "des", "et", "de", "du", "dans", "pour", "est", "une", "ont"},
    "de": {"der", "die", "das", "und", "ist", "den", "von", "mit", "für", "eine", "auf", "im"},
    "es": {"el", "los", "las", "y", "del", "que", "una", "con", "por", "para", "se", "es"},
    "it": {"il", "gli", "di", "che", "per", "una", "della", "dei", "con", "ha", "nel", "e"},
    "pt": {"o", "os", "das", "dos", "do", "da", "e", "uma", "com", "para", "ao", "em"},
    "nl": {"het", "een", "van", "voor", "met", "zijn", "de", "en", "op", "aan", "dat", "is"},
}
_READ = ("en", "fr")
_BEGINNING = 1_000  # bytes, in which a text in UTF-16 has a zero
_LATIN = re.compile("[A-Za-zÀ-ɏ]")


class Announcement(NamedTuple):
    """A text, its language, and notes for the person on how it was read."""

    text: str
    language: str
    notes: tuple[str, ...] = ()


def read_announcement(path: Path, language: str | None = None, lang: str = "en") -> Announcement:
    """The text of a file, with the line ends of Unix; ``language`` is guessed if None.

    Raises InputError, with a message in ``lang``, for anything except a text in English or French:
    PDF, HTML, office documents, unknown encodings, other languages, a file without words, and a
    file or a sentence that is too long.
    """
    own: Words = words(lang)["announcement"]
    data = read_bytes(path)
    _refuse_formats(data, path, own)
    if len(data) > LARGEST:
        raise InputError(own["too_large"].format(path, f"{len(data):,}", f"{LARGEST:,}"))
    text, notes = _decoded(data, path, own)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(own["no_words"].format(path))
    if len(_TAGS.findall(text)) > 2:
        raise InputError(own["web_page"].format(path))
    language = language or _language(text, path, own)
    _refuse_long_sentences(text, language, path, own)
    return Announcement(text, language, notes)


def _refuse_long_sentences(text: str, language: str, path: Path, own: Words) -> None:
    for span in cut(text, language):
        length = span.end - span.start
        if length > LONGEST_SENTENCE:
            place = f"{path}:{text.count(chr(10), 0, span.start) + 1}"
            raise InputError(
                own["long_sentence"].format(place, f"{length:,}", f"{LONGEST_SENTENCE:,}")
            )


def _refuse_formats(data: bytes, path: Path, own: Words) -> None:
    if data.startswith(b"%PDF"):
        target = path.with_name(f"{path.stem.removesuffix('.pdf')}-text.txt")
        raise InputError(own["pdf"].format(path, path.name, target.name))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise InputError(own["office"].format(path))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:_BEGINNING]:
        raise InputError(own["utf_16"].format(path))


def _decoded(data: bytes, path: Path, own: Words) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place, byte = f"{path}:{line}", f"0x{data[error.start]:02x}"
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError:
        raise InputError(own["no_utf8"].format(place, byte)) from None
    if re.search(r"[^\x00-\xff’‘“”«»–—…€œŒ•™ŠšŽžŸ\u2039\u203a\u201a\u201e]", text) or "\0" in text:
        raise InputError(own["no_utf8"].format(place, byte))
    return text, (own["windows"].format(place, byte),)


def _language(text: str, path: Path, own: Words) -> str:
    found = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {name: sum(word in common for word in found) for name, common in _COMMON.items()}
    best = max(counts, key=lambda name: counts[name])
    letters = "".join(found)
    if len(_LATIN.findall(letters)) * 2 < len(letters):
        raise InputError(own["other_script"].format(path))
    if best in _READ:
        return best
    raise InputError(own["other_language"].format(path, own["languages"][best]))
