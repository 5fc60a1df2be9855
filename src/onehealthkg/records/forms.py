"""The forms of the values in records: dates, durations and addresses."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from onehealthkg.days import is_day
from onehealthkg.names import PREFIXES
from onehealthkg.records.context import Key

_XSD = PREFIXES["xsd"]
FORMS = {
    _XSD + "date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "2012-04-10"),
    _XSD + "gYearMonth": ("[0-9]{4}-(?:0[1-9]|1[0-2])", "2012-04"),
    _XSD + "gYear": ("[0-9]{4}", "2012"),
    _XSD + "duration": ("P[1-9][0-9]*[YMD]", "P5Y for five years, P18M for eighteen months"),
}
"""The pattern of the literals of a datatype, and an example."""

_ADDRESS = re.compile(r"https?://[^/\s]+(?:/\S*)?")


def has_form(datatype: str, text: str) -> bool:
    """Whether a literal has the form of its datatype, and a date exists in the calendar."""
    if datatype not in FORMS:
        return True
    if not re.fullmatch(FORMS[datatype][0], text, re.ASCII):
        return False
    return datatype != _XSD + "date" or is_day(text)


def is_address(text: str) -> bool:
    """Whether a text is the address of a page, and can be an IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(text))


def example(key: Key) -> str:
    """A key with a value, for a message."""
    return f"{key.name}: {FORMS[key.kind][1] if key.kind in FORMS else '...'}"
