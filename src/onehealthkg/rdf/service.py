"""Whether a query would call another host: the keyword SERVICE.

https://www.w3.org/TR/sparql11-federated-query/

The engine's own parser decides: every "service" in the text, in any case, gets a letter in its
middle that makes a word which the text has not. In comments, strings, IRIs and names that leaves a
query; the keyword it breaks. No other keyword of SPARQL has the word in it, and no escape can stand
for a letter of a keyword.
"""

from __future__ import annotations

from pyoxigraph import Literal, Store, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def has_service(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Whether a query has the keyword; False for a text that is no query. Nothing is evaluated."""
    lower = text.lower()
    if "service" not in lower:
        return False
    import re

    fresh = next((x for x in "qxzjkwyghdfbmp" if f"ser{x}vice" not in lower), "")
    without = re.sub("(?ia:(ser)(vice))", rf"\g<1>{fresh}\g<2>", text)
    return parses(text, prefixes) and not (fresh and parses(without, prefixes))


def parses(text: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Whether a text is a query."""
    try:
        parse(text, prefixes)
    except SyntaxError:
        return False
    return True


def parse(text: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Nothing for a query; else the engine's SyntaxError. Nothing is evaluated.

    The engine parses a query, and then refuses it, as it is given a value for a variable that the
    query does not have.
    """
    name = "absent"
    while name in text:
        name += "t"
    try:
        known = dict(prefixes) if prefixes else None
        Store().query(text, prefixes=known, substitutions={Variable(name): Literal("")})
    except RuntimeError:
        pass
