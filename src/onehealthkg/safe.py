r"""Untrusted text made harmless for a terminal, a spreadsheet, XML or a page.

Labels, quotes, file names and the answers of servers may come from anyone:

- **terminal**: control characters command it, and some characters change the direction of
  text (https://trojansource.codes/). They are written as ``\u001b``, which JSON reads as the
  same character, or replaced by spaces if the text is only for reading.
- **spreadsheet**: a cell that would be run as a formula gets an apostrophe before it
  (https://owasp.org/www-community/attacks/CSV_Injection): one that begins with ``= + - @`` or
  their full-width forms, after any white space or quotation marks, or with a tab or line end. So
  does what follows a semicolon, tab or line end within a cell, where a spreadsheet that is set to
  another separator begins a new cell.
- **XML 1.0** lacks some characters (https://www.w3.org/TR/xml/#charsets).
"""

import re

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""The control characters of ASCII and Latin-1, except tab and line ends."""

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
"""Invisible characters: control characters, line separators, and changes of direction."""

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""The characters that change the direction of what follows."""

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that XML 1.0 forbids."""

_OURS = r"\033\[(?:0|2|32|1;31)m|\r\n"  # the colours of ``coverage``, the line ends of CSV
_IN_TERMINAL = re.compile(f"({_OURS})|{HIDDEN.pattern}")
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\s\"']*[=+\-@＝＋－＠])|^(?='*[\t\r\n])")


def for_terminal(text: str, encoding: str = "utf-8") -> str:
    r"""The text with hidden characters, and those not in the encoding, as ``\u001b``.

    The colours and line ends that this program writes stay.
    """
    shown = _IN_TERMINAL.sub(lambda match: match[1] or _json_escape(match[0]), text)
    if _fits(shown, encoding):
        return shown
    return "".join(letter if _fits(letter, encoding) else _json_escape(letter) for letter in shown)


def printable(text: str) -> str:
    """The text with a space for each unprintable character, hence on one line."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def one_line(text: str) -> str:
    """The words of a text on one line, with single spaces and printable characters only."""
    return " ".join(printable(text).split())


def is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogates, unlike an argument that is not UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def numbered(text: str) -> str:
    """The text with hidden characters as ``[U+001B]``."""
    return HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def is_web_address(iri: str) -> bool:
    """Whether an IRI is a web address, http or https; ``javascript:...`` is an IRI too."""
    return iri.lower().startswith(("http://", "https://"))


def for_spreadsheet(text: str) -> str:
    """The text of a cell, escaped so that no spreadsheet reads any of it as a formula."""
    return _FORMULA.sub(lambda match: f"{match[1] or ''}'", text)


def for_xml(text: str) -> str:
    """The text with U+FFFD for each character that XML forbids."""
    return NOT_IN_XML.sub("\ufffd", text)


def with_carriage_returns(xml: bytes) -> bytes:
    """XML with a reference for each carriage return, which a parser would read as a line feed.

    https://www.w3.org/TR/xml/#sec-line-ends
    """
    return xml.replace(b"\r", b"&#13;")


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _json_escape(character: str) -> str:
    """The character as JSON writes it in ASCII."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
