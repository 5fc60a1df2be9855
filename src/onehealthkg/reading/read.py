"""The mentions in a text with their offsets: the reader used by checks and drafts.

>>> [(found.kind, found.value.value) for found in read("A five-year plan of 5 May 2020.", "en")]
[('duration', 'P60M'), ('number', '5'), ('date', '2020-05-05')]

"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import PREFIXES
from onehealthkg.reading.amounts import amounts
from onehealthkg.reading.characters import Plain, has_divided_words, plain
from onehealthkg.reading.dates import Date, dates
from onehealthkg.reading.durations import durations
from onehealthkg.reading.lookup import LANGUAGES
from onehealthkg.reading.mention import AMOUNT, DATE, DURATION, NAME, NUMBER, Mention
from onehealthkg.reading.names import Found, Names
from onehealthkg.reading.numbers import numbers

_XSD = PREFIXES["xsd"]
_NO_NAMES = Names((), {})
_BRACKETED = re.compile(r" ?\((?:the |l'|le |la )?[\"«“ ]*([^\W_][\w&-]{1,14})[\"»” ]*\)")
_ALIKE = str.maketrans(dict.fromkeys("“”„‟", '"'))


def read(
    text: str,
    language: str = "",
    names: Names = _NO_NAMES,
    acronyms: Mapping[str, Mention] | None = None,
) -> list[Mention]:
    """The dates, durations, numbers, amounts and names in a text, in order.

    ``language`` is ``en`` or ``fr``; if empty, the text is read as both. ``acronyms`` are those
    that an earlier part of the text defined, as ``introduced`` returns them. Mentions may be
    nested: a number in a date, a name in a longer name.
    """
    languages = (language,) if language else LANGUAGES
    found = {
        mention
        for shown in _shown(text)
        for language in languages
        for mention in chain(
            _values(shown, language), _names(shown, language, names, acronyms or {})
        )
    }
    return sorted(
        found, key=lambda mention: (mention.start, -mention.end, mention.kind, str(mention.value))
    )


def introduced(text: str, mentions: Iterable[Mention]) -> dict[str, Mention]:
    """The acronyms in brackets after names: DIM of *domaine d'intérêt majeur (DIM)*."""
    found: dict[str, Mention] = {}
    longest = sorted(
        (mention for mention in mentions if mention.kind == NAME), key=lambda mention: mention.start
    )
    for mention in longest:
        match = _BRACKETED.match(text, mention.end)
        initials = {word[0].lower() for word in re.findall(r"\w+", mention.value.value)}
        if match and sum(map(str.isupper, match[1])) > 1 and match[1][0].lower() in initials:
            found.setdefault(match[1], mention)
    return found


def quoted(quote: str, text: str) -> list[tuple[int, int]]:
    """The offsets of a quotation, as whole words and numbers, in a text.

    Line ends, also within words, the composition of accents and the form of quotation marks may
    differ; upper and lower case may not.
    """
    wanted = plain(quote.strip()).text.translate(_ALIKE)
    if not wanted:
        return []
    pattern = re.compile(r"\s+".join(re.escape(word) for word in wanted.split()))
    found = {span for shown in _shown(text) for span in _whole(pattern, shown)}
    return sorted(found)


def _shown(text: str) -> list[Plain]:
    """The text as it is compared, also with the words joined that are divided at line ends."""
    shown = [plain(text)]
    return [*shown, plain(text, whole_words=True)] if has_divided_words(text) else shown


def _whole(pattern: re.Pattern[str], shown: Plain) -> Iterator[tuple[int, int]]:
    """The offsets in the original of what is found in a text without cutting words and numbers."""
    whole = [
        (number.start, number.end)
        for language in LANGUAGES
        for number in numbers(shown.text, language)
    ]
    for match in pattern.finditer(shown.text.translate(_ALIKE)):
        if not any(_cuts(shown.text, place, whole) for place in match.span()):
            yield shown.span(*match.span())


def _cuts(text: str, place: int, numbers: Iterable[tuple[int, int]]) -> bool:
    """Whether a place is within a word or number."""
    inside_word = text[max(0, place - 1) : place + 1].isalnum() and 0 < place < len(text)
    return inside_word or any(start < place < end for start, end in numbers)


def _values(text: Plain, language: str) -> Iterator[Mention]:
    """The dates, durations, numbers and amounts in a text."""
    found = numbers(text.text, language)
    for date in dates(text.text, language):
        kind = Literal(date.lexical, datatype=NamedNode(_XSD + _datatype(date)))
        yield Mention(*text.span(date.start, date.end), DATE, kind)
    for length in durations(text.text, found, language):
        value = Literal(length.lexical, datatype=NamedNode(_XSD + "duration"))
        yield Mention(*text.span(length.start, length.end), DURATION, value)
    for number in found:
        yield Mention(*text.span(number.start, number.end), NUMBER, _decimal(number.value))
    for amount in amounts(text.text, found):
        place, value = text.span(amount.start, amount.end), _decimal(amount.value)
        yield Mention(*place, AMOUNT, value, currency=amount.currency)


def _datatype(date: Date) -> str:
    if not date.year:
        return "gMonthDay" if date.day else "gMonth"
    return "date" if date.day else "gYearMonth" if date.month else "gYear"


def _decimal(value: Decimal) -> Literal:
    return Literal(f"{value.normalize():f}", datatype=NamedNode(_XSD + "decimal"))


def _names(
    text: Plain, language: str, names: Names, acronyms: Mapping[str, Mention]
) -> Iterator[Mention]:
    """The names in a text: at each place one label of each thing, and the things that have it."""
    found: dict[tuple[int, int], dict[NamedNode, Literal]] = {}
    for name in sorted(
        names.find(text.text, language), key=lambda name: _rank(text, name, language)
    ):
        found.setdefault((name.start, name.end), {}).setdefault(
            name.label.thing, name.label.literal
        )
    for place, labels in found.items():
        for label in set(labels.values()):
            things = sorted(
                (thing for thing in labels if labels[thing] == label), key=lambda thing: thing.value
            )
            yield Mention(*text.span(*place), NAME, label, tuple(things))
    for acronym, meant in acronyms.items():
        for match in re.finditer(rf"(?<!\w){re.escape(acronym)}(?!\w)", text.text):
            yield Mention(*text.span(*match.span()), NAME, Literal(acronym), meant.things)


def _rank(text: Plain, found: Found, language: str) -> tuple[bool, bool, str]:
    """The sort key of a label at a place: first labels of the language, spelled as in the text."""
    label = found.label.literal
    as_written = label.value == text.text[found.start : found.end]
    return label.language != language, not as_written, str(label)
