"""What a person may have meant by a name that does not exist: the names most like it."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 3
LIKENESS = 0.6  # from 0 to 1, as difflib measures it


def nearest(text: str, names: Iterable[str]) -> list[str]:
    """The names most like a text, at most three, the best first; case does not matter."""
    by_folded = {name.casefold(): name for name in names}
    close = get_close_matches(text.casefold(), by_folded, n=MOST, cutoff=LIKENESS)
    return [by_folded[name] for name in close]


def question(names: Iterable[str]) -> str:
    """``Did you mean a or b?`` after a space, or nothing where there are no names."""
    meant = " or ".join(names)
    return f" Did you mean {meant}?" if meant else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """The question that ends a message about an unknown name, or nothing."""
    return question(nearest(text, names))


def hint(text: str, names: Iterable[str]) -> str:
    """The question, or else the list of all names, for a message about an unknown name."""
    known = list(names)
    everything = f" There are: {', '.join(known)}." if known else ""
    return did_you_mean(text, known) or everything
