r"""A session in a terminal, or with a script: lines in and out, and texts that fit the terminal.

Texts may come from anyone, so characters that control a terminal or change the direction of text
are written as ``\u001b``; long texts are cut and marked as cut. Widths are those of the characters
in a terminal (https://www.unicode.org/reports/tr11/).
"""

from __future__ import annotations

import io
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TextIO

from onehealthkg.safe import one_line

with suppress(ImportError):  # as on Windows
    import readline  # noqa: F401 - without it, input() writes prompts to the closed stderr

_COLOURS = {"dim": "\033[2m", "good": "\033[32m", "warning": "\033[1;31m"}
_LONG = 320  # characters of a text
_LONGEST = 100_000  # characters of a line that is read
_NARROWEST = 20  # columns
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")  # those at which a line may break
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


class Terminal:
    """The input and output of a session: a person's terminal, or those of a script.

    ``prompted`` reads a line of a person after a prompt, as ``input`` does, so that lines can be
    edited and completed. ``language`` is that in which the session speaks.
    """

    def __init__(
        self,
        answers: TextIO | None,
        out: TextIO,
        prompted: Callable[[str], str] = input,
        language: str = "en",
    ) -> None:
        self.language = language
        self._answers, self._out, self._prompted = answers, out, prompted
        self.is_person = answers is not None and answers.isatty()
        if isinstance(answers, io.TextIOWrapper):
            answers.reconfigure(errors="replace")

    @property
    def width(self) -> int:
        """The columns of a line."""
        return max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST)

    def write(self, line: str = "", colour: str = "") -> None:
        """Write a line as it is, in a colour if the terminal shows colours."""
        self._out.write(colourful(line, colour, self._out) + "\n")

    def say(self, text: str, colour: str = "", rest: str | None = None) -> None:
        """Write a text in lines that fit, indented like the text, the further lines by ``rest``."""
        first = " " * (len(text) - len(text.lstrip()))
        following = first if rest is None else rest
        for line in wrapped(text, max(self.width - 1, _NARROWEST), first, following):
            self.write(line, colour)

    def ask(self, question: str) -> None:
        """Write a question whose answer follows on its last line."""
        *lines, last = wrapped(question, max(self.width - 2, _NARROWEST))
        for line in lines:
            self.write(line)
        self._out.write(f"{last} > ")
        self._out.flush()

    def read(self, prompt: str = "") -> str | None:
        """The words of the next line; None if the lines end."""
        if self.is_person and prompt:
            try:
                return " ".join(self._prompted(prompt).split())
            except EOFError:
                self.write()
                return None
        self._out.write(prompt)
        line = self._answers.readline(_LONGEST) if self._answers is not None else ""
        if not line:
            self.write()
            return None
        words = one_line(line)
        if not self.is_person:
            self.write(words)  # as a terminal would have shown it
        return words


def colourful(text: str, colour: str, out: TextIO) -> str:
    """The text in a colour (``dim``, ``good``, ``warning``), if ``out`` shows colours."""
    start = _COLOURS.get(colour, "")
    if not start or os.environ.get("NO_COLOR") or not out.isatty():
        return text
    return f"{start}{text}\033[0m"


def shown(text: str, most: int = _LONG) -> str:
    """A text on one line, safe for a terminal, and cut if it is longer than ``most``."""
    kept = " ".join(text[: most * 2].split())
    kept = "".join(_visible(character) for character in kept[:most])
    size = len(text)
    return kept if size <= most else f"{kept} … ({size:,} characters)".replace(",", " ")


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A text in lines of this width, which begin with ``first`` and then with ``rest``."""
    lines, line, empty = [], first, True
    for word in filter(None, _SPACES.split(text)):
        for part in _parts(word, width - max(len(first), len(rest))):
            longer = line + part if empty else f"{line} {part}"
            if not empty and columns_of(longer) > width:
                lines.append(line)
                longer = rest + part
            line, empty = longer, False
    return [*lines, line]


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def columns_of(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _parts(word: str, width: int) -> Iterator[str]:
    """A word, cut if it is wider than a line."""
    part, used = "", 0
    for character in word:
        columns = columns_of(character)
        if used + columns > width:
            yield part
            part, used = "", 0
        part, used = part + character, used + columns
    yield part
