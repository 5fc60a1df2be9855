"""The lines of the header of a SPARQL file: comment lines that begin with ``#+`` and are YAML.

A long value may go on in the next line, which then begins with ``#+`` and five spaces or more; YAML
reads the line break and these spaces as one space
(https://yaml.org/spec/1.2.2/#flow-folding)::

    #+ description: "certainty is certain where the sources give a beginning that was over and an
    #+     end that was not."
"""

from __future__ import annotations

_MARK, _GOES_ON = "#+", "#+     "


def header_lines(text: str) -> list[tuple[int, str]]:
    """The header at the top of a file: each line, joined with those in which it goes on.

    With each comes its number, from 1.
    """
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(_MARK):
            break
        if lines and line.startswith(_GOES_ON):
            first, start = lines.pop()
            lines.append((first, f"{start.rstrip()} {line[len(_MARK) :].strip()}"))
        else:
            lines.append((number, line))
    return lines
