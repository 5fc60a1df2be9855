"""The bundled questions: SPARQL files in queries/, one question a file, and what their headers say.

A question is plain SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/) that any engine runs as it
stands, under comment lines that begin with ``#+`` and are YAML, as grlc reads it (https://grlc.io)::

    #+ summary: "Who signed an agreement, in which post and for whom"
    #+ description: "One row a signature."
    #+ tags: ["agreements", "people"]
    #+ parameters:
    #+   - {name: "agreement", type: "agreement", description: "The agreement."}
    #+   - {name: "lang", type: "language", default: "en", allowed: ["en", "fr"],
    #+      description: "The language of the labels."}
    #+ columns: ["person", "label", "post", "organisation"]

Every value is a string between double quotes that has none inside, or a list of such strings; so
the lines are read here without a YAML parser, whose import takes as long as a query; a long one
goes on in the next line, indented further. A parameter
stands in the query as a variable of its name, or of that under ``variable`` where a column has the
name, in a line of its own: ``VALUES ?agreement { UNDEF }``. One without ``default`` must be given;
the default ``*`` stands for anything, and is ``UNDEF`` in the query. A flag is ``false`` unless it
is given.
"""

from __future__ import annotations

import os

from onehealthkg.errors import InputError, UsageError
from onehealthkg.rdf.header import header_lines
from onehealthkg.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.paths import Project

ANYTHING = "*"
FLAG = "flag"
"""The type of a parameter that needs no value."""

_KEYS = ("summary", "description", "tags", "parameters", "columns")
_PARAMETER_KEYS = ("name", "variable", "type", "default", "allowed", "description")


class Parameter:
    """What a question takes: name, variable, type, default (None: required), allowed values."""

    __slots__ = ("allowed", "default", "description", "name", "type", "variable")

    def __init__(self, values: dict[str, str | list[str]]) -> None:
        self.name = str(values["name"])
        self.variable = str(values.get("variable", self.name))
        self.type = str(values["type"])
        self.default = str(values["default"]) if "default" in values else None
        self.allowed = list(values.get("allowed", ()))
        self.description = str(values.get("description", ""))


class Question:
    """A query's text, where it comes from, and what its header says.

    ``place`` is the name of a bundled question, the path of a file, or a word for where the text
    comes from; messages begin with it.
    """

    __slots__ = ("columns", "description", "parameters", "place", "summary", "tags", "text")

    def __init__(self, place: str, text: str, header: dict[str, object]) -> None:
        self.place = place
        self.text = text
        self.summary = str(header.get("summary", ""))
        self.description = str(header.get("description", ""))
        self.tags: list[str] = _strings(header.get("tags"))
        self.columns: list[str] = _strings(header.get("columns"))
        found = header.get("parameters")
        self.parameters: list[Parameter] = found if isinstance(found, list) else []

    def with_text(self, text: str) -> Question:
        """The same question with another text: that whose parameters are bound."""
        other = Question(self.place, text, {})
        for name in ("summary", "description", "tags", "columns", "parameters"):
            setattr(other, name, getattr(self, name))
        return other


def names(project: Project) -> list[str]:
    """The names of the questions of a project, sorted."""
    folder = project.queries_folder
    try:
        files = os.listdir(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror}.") from None
    return sorted(name[:-3] for name in files if name.endswith(".rq") and name[0] != ".")


def question(project: Project, name: str) -> Question:
    """A question of a project by its name; UsageError says which may have been meant.

    Raises InputError, with file and line, for a header that is not in the form above.
    """
    path = os.path.join(project.queries_folder, f"{name}.rq")
    if "/" in name or os.sep in name or name.startswith(".") or not _is_file(path):
        raise UsageError(unknown(f'There is no question "{name}".', name, names(project)))
    return parse(name, _read(path), path)


def questions(project: Project) -> list[Question]:
    """All questions of a project, by name. Raises InputError."""
    return [question(project, name) for name in names(project)]


def parse(place: str, text: str, path: str = "") -> Question:
    """A question from its text, which must have a header; InputError names file and line."""
    header: dict[str, object] = {}
    for number, line in header_lines(text):
        key, value = _line(line, f"{path or place}:{number}")
        if key == "-":
            parameters = header.setdefault("parameters", [])
            assert isinstance(parameters, list)  # noqa: S101 - _line gives no other
            parameters.append(value)
        elif key != "parameters":
            header[key] = value
    missing = [key for key in _KEYS if key not in header and key != "parameters"]
    if missing:
        raise InputError(
            f"{path or place}:1: the header has no line {', '.join(missing)}; "
            'write lines such as #+ summary: "What is asked" at the top of the file.'
        )
    return Question(place, text, header)


def unknown(message: str, name: str, known: list[str]) -> str:
    """A message that also says what may have been meant, or what there is."""
    meant = did_you_mean(name, known)
    return message + (meant or (f" There are: {', '.join(known)}." if known else ""))


def _line(line: str, place: str) -> tuple[str, object]:
    """The key and value of a line; ``-`` and a Parameter for one that describes a parameter."""
    if line == "#+ parameters:":
        return "parameters", None
    if line.startswith("#+   - {") and line.endswith("}"):
        values = _flow(line[7:])
        form = "#+   - {" + ", ".join(_written(key, one) for key, one in values.items()) + "}"
        ordered = [key for key in _PARAMETER_KEYS if key in values]
        if form == line and ordered == list(values) and {"name", "type"} <= set(values):
            return "-", Parameter(values)
        raise InputError(
            f'{place}: write a parameter as #+   - {{name: "x", type: "date"}}, with the keys '
            f"{', '.join(_PARAMETER_KEYS)} in this order."
        )
    values = _flow(line[2:])
    for key, value in values.items():
        if key in _KEYS and f"#+ {_written(key, value)}" == line:
            return key, value
    raise InputError(
        f'{place}: write this line as #+ key: "value" or #+ key: ["value", "value"], with double '
        f"quotes only around values; the keys are {', '.join(_KEYS)}."
    )


def _flow(text: str) -> dict[str, str | list[str]]:
    """The keys and values of a flow mapping, read leniently: what is between quotes is a value."""
    parts = text.split('"')
    values: dict[str, str | list[str]] = {}
    key = ""
    for before, value in zip(parts[::2], parts[1::2], strict=False):
        word = before.strip(" {}[],").removesuffix(": [").removesuffix(":")
        if word:
            key = word
            values[key] = [value] if before.endswith("[") else value
        else:
            earlier = values.get(key)
            if isinstance(earlier, list):
                earlier.append(value)
    return values


def _written(key: str, value: str | list[str]) -> str:
    if isinstance(value, str):
        return f'{key}: "{value}"'
    return f"{key}: [{', '.join(f'{chr(34)}{one}{chr(34)}' for one in value)}]"


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _is_file(path: str) -> bool:
    try:
        return os.path.isfile(path)
    except ValueError:  # a character that no path can have
        return False


def _read(path: str) -> str:
    """The text of a file; the errors are those of ``files.read_text``, which imports more."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        from pathlib import Path

        from onehealthkg.files import read_text

        return read_text(Path(path))
