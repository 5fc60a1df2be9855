"""The meaning of answers: a person's text as the value of a key of the record.

A value is a value of YAML: a name, a text by language, or a mapping for a thing that depends on the
agreement. The form of a date decides on its key in the context, so that 2012-04 is ``monthSigned``
if the context has that key for the property of ``dateSigned``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from onehealthkg.days import is_day
from onehealthkg.editing import fields
from onehealthkg.editing.fields import BY_NAME, RecordField
from onehealthkg.editing.things import Meaning, NamedThing, Things
from onehealthkg.errors import UsageError
from onehealthkg.names import PREFIXES
from onehealthkg.records.context import Json, RecordContext
from onehealthkg.safe import HIDDEN
from onehealthkg.words import Words, languages, words

PARTS = "|"
_XSD = PREFIXES["xsd"]
_FORMS = {
    _XSD + "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    _XSD + "gYearMonth": re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])"),
    _XSD + "gYear": re.compile("[0-9]{4}"),
}
_TERM = re.compile("P[1-9][0-9]*[YMD]")
_SPOKEN = re.compile(r"([1-9][0-9]*)\s*(years?|ans?|months?|mois|days?|jours?)", re.IGNORECASE)
_UNITS = {"y": "Y", "a": "Y", "m": "M", "d": "D", "j": "D"}
_ADDRESS = re.compile(r"https?://[^/\s]+(?:/\S*)?")
_INDEFINITE = ("indefinite", "indéterminée", "indéfinie")
_YES, _NO = ("yes", "y", "true", "oui", "o"), ("no", "n", "false", "non")


class FieldValue(NamedTuple):
    """The value of a key, and notes for the person on how the text was understood.

    The ``id`` of a mapping lacks the record's name, which ``draft`` appends.
    """

    key: str
    value: Json
    notes: tuple[str, ...] = ()


class NotUnderstood(UsageError):
    """The text names nothing known, or more than one thing; ``near`` are proposals.

    ``things`` is the kind of thing that was looked up, empty if the form of the text is wrong;
    ``part`` is the part of the text that was not understood, which ``put`` replaces with a name.
    """

    def __init__(
        self, message: str, things: str = "", part: str = "", meaning: Meaning | None = None
    ) -> None:
        super().__init__(message)
        self.things = things
        self.part = part
        self.near: tuple[NamedThing, ...] = (meaning.things or meaning.near) if meaning else ()

    def put(self, text: str, name: str) -> str:
        """The text with a name in the place of the part that was not understood."""
        parts = [part.strip() for part in text.split(PARTS)]
        return f" {PARTS} ".join(name if part == self.part else part for part in parts)


class Reader:
    """Reads answers, knowing the words of records and the things of the graph."""

    def __init__(self, words: RecordContext, things: Things, language: str = "en") -> None:
        """``language`` is that of the messages."""
        self.words = words
        self.things = things
        self.language = language

    def _wrong(self, key: str, *values: object) -> NotUnderstood:
        """The error with a message in the language of the reader."""
        return NotUnderstood(_own(self.language)[key].format(*values))

    def read(self, field: RecordField, text: str) -> FieldValue:
        """The meaning of a non-empty answer; NotUnderstood says what would be right."""
        text = " ".join(text.split())
        hidden = HIDDEN.search(text)
        if hidden:
            code = f"U+{ord(hidden[0]):04X}"
            raise self._wrong("invisible", code)
        if PARTS in text and field.kind not in _PARTS:
            raise self._wrong("one_part", text, PARTS)
        return _READERS[field.kind](self, field, text)

    def text(self, field: RecordField, text: str) -> FieldValue:
        """A text in the field's language."""
        return FieldValue(field.key, {field.language: text})

    def date(self, field: RecordField, text: str) -> FieldValue:
        """A date, as exact as it is written; an end may be indefinite."""
        if field.name == "ends" and text.casefold() in _INDEFINITE:
            return FieldValue("indefinite", True)
        return FieldValue(*self._dated(field.key, text))

    def term(self, field: RecordField, text: str) -> FieldValue:
        """A duration of years, months or days."""
        return FieldValue(field.key, read_term(text, self.language))

    def choice(self, field: RecordField, text: str) -> FieldValue:
        """One of the words that the context has for the key."""
        return FieldValue(field.key, self._word(field.key, text))

    def yes(self, field: RecordField, text: str) -> FieldValue:
        """Yes; a record leaves out a no."""
        if text.casefold() in _NO:
            raise self._wrong("no_no", text)
        if text.casefold() not in _YES:
            raise self._wrong("no_yes", text)
        return FieldValue(field.key, True)

    def name(self, field: RecordField, text: str) -> FieldValue:
        """The record's name, from which the agreement has its own."""
        text = text.removesuffix(".yaml").removeprefix("agreement-")
        if not re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", text) or len(text) > 100:
            raise self._wrong("no_name", text)
        return FieldValue(field.key, text)

    def thing(self, field: RecordField, text: str) -> FieldValue:
        """A known thing."""
        thing, notes = self._known(field.things, text)
        return FieldValue(field.key, thing.name, notes)

    def signatory(self, field: RecordField, text: str) -> FieldValue:
        """Person, post, organisation and note; the person suffices if it holds a post."""
        who, post, body, note = self._parts(text, 4, "signatory")
        person, notes = self._known("person", who)
        value: dict[str, Json] = {"signatory": person.name}
        organisation = ""
        if body:
            thing, more = self._known("organisation", body)
            organisation, notes = thing.name, notes + more
        if post and organisation:
            value["inPost"] = self._post(organisation, post)
        elif post:
            value["inPost"] = self._known("post", post)[0].name
            organisation = self.things.organisation_of(value["inPost"])
        if not organisation:
            raise self._wrong("for_whom", text)
        value["onBehalfOf"] = organisation
        value["id"] = "signature-" + person.name.partition("-")[2]
        if note:
            value["note"] = {"en": note}
        return FieldValue(field.key, value, notes)

    def undertaking(self, field: RecordField, text: str) -> FieldValue:
        """An activity and its modality; ``draft`` gives the undertaking its label."""
        what, how = self._parts(text, 2, "undertaking")
        activity, notes = self._known("activity", what)
        modality = self._word("modality", how)
        name = f"undertaking-{modality}-{activity.name.partition('-')[2]}"
        value = {"id": name, "modality": modality, "activities": [activity.name]}
        return FieldValue(field.key, value, notes)

    def funding(self, field: RecordField, text: str) -> FieldValue:
        """The programme or body that pays, or its name in words, and an amount in words."""
        who, amount = self._parts(text, 2, "funding")
        notes: tuple[str, ...] = ()
        value: dict[str, Json] = {"id": "funding"}
        if who:
            meaning = self.things.find("payer", who)
            if len(meaning.things) == 1:
                name = meaning.things[0].name
                programme = name.startswith("programme-")
                value |= {"fundingProgramme": name} if programme else {"funder": [name]}
                value["id"] = "funding-" + name.partition("-")[2]
            else:
                value["funderInWords"] = {"en": who}
                notes = (self._note("kept_in_words", who),)
        if amount:
            value["amountInWords"] = {"en": amount}
        return FieldValue(field.key, value, notes)

    def predecessor(self, field: RecordField, text: str) -> FieldValue:
        """A known agreement, or an agreement in words with its date."""
        what, when = self._parts(text, 2, "predecessor")
        meaning = self.things.find("agreement", what)
        if len(meaning.things) == 1:
            agreement = meaning.things[0].name
            notes = (self._note("own_date", agreement),) if when else ()
            return FieldValue(field.key, agreement, notes)
        if not what:
            raise self._wrong("what_before", text)
        value: dict[str, Json] = {"inWords": {"en": what}, "id": "predecessor"}
        if when:
            value |= [self._dated("date", when)]
            value["id"] += f"-{when}"
        return FieldValue(field.key, value)

    def source(self, field: RecordField, text: str) -> FieldValue:
        """A document: its address, publisher, language, and its date if known."""
        address, publisher, language, day = self._parts(text, 4, "source")
        if not _ADDRESS.fullmatch(address):
            raise self._wrong("no_address", address)
        if not publisher or not language:
            raise self._wrong("no_publisher", text)
        value: dict[str, Json] = {"id": address, "publisherName": publisher}
        value["inLanguage"] = self._word("inLanguage", language)
        if day:
            value |= [self._dated("datePublished", day)]
        return FieldValue(field.key, value)

    def _dated(self, key: str, text: str) -> tuple[str, Json]:
        """The key for a date of this exactness, and the date; years are numbers in YAML."""
        for candidate in self.words.beside(self.words.keys[key]):
            if candidate.kind in _FORMS and _FORMS[candidate.kind].fullmatch(text):
                if candidate.kind == _XSD + "date" and not is_day(text):
                    break
                return candidate.name, int(text) if candidate.kind == _XSD + "gYear" else text
        raise self._wrong("no_date", text)

    def _word(self, key: str, text: str) -> str:
        """The word of the context that a text is, or that it translates."""
        allowed = self.words.keys[key].words
        typed = text.casefold()
        if typed not in allowed:
            typed = _typed().get(typed, "")
        if typed not in allowed:
            raise self._wrong("not_one_of", text, ", ".join(self._shown(allowed)))
        return typed

    def _shown(self, allowed: Iterable[str]) -> list[str]:
        """Words of the context as a person types them."""
        names = {word: own for own, word in _own(self.language)["values"].items()}
        return [names.get(word, word) for word in allowed]

    def _known(self, kind: str, text: str) -> tuple[NamedThing, tuple[str, ...]]:
        if not text:
            raise self._wrong("no_thing", self._kind(kind))
        meaning = self.things.find(kind, text)
        if len(meaning.things) != 1:
            raise self._unknown(kind, text, meaning)
        thing = meaning.things[0]
        return thing, (self._note("is_other_name", text, thing),) if meaning.how else ()

    def _post(self, organisation: str, text: str) -> str:
        meaning = self.things.holds_post(organisation, text)
        if len(meaning.things) == 1:
            return meaning.things[0].name
        elsewhere = self.things.find("post", text)
        if [self.things.organisation_of(post.name) for post in elsewhere.things] == [organisation]:
            return elsewhere.things[0].name
        raise self._unknown("post", text, meaning)

    def _unknown(self, kind: str, text: str, meaning: Meaning) -> NotUnderstood:
        """The error about a name that is unknown, or that several things have."""
        own = _own(self.language)
        if meaning.things:
            names = own["either"].join(thing.name for thing in meaning.things)
            return NotUnderstood(own["several"].format(text, names), kind, text, meaning)
        near = own["either"].join(map(str, meaning.near[:3]))
        meant = own["meant"].format(near) if near else ""
        unknown = own["none_named"].format(self._kind(kind), text)
        return NotUnderstood(unknown + meant, kind, text, meaning)

    def _kind(self, kind: str) -> str:
        return str(_own(self.language)["kinds"][kind])

    def _note(self, key: str, *values: object) -> str:
        return str(_own(self.language)[key].format(*values))

    def _parts(self, text: str, most: int, form: str) -> list[str]:
        parts = [part.strip() for part in text.split(PARTS)]
        if len(parts) > most:
            raise self._wrong("parts", text, len(parts), _own(self.language)["forms"][form])
        return parts + [""] * (most - len(parts))


def _own(language: str) -> Words:
    own: Words = words(language)["new"]
    return own


def _typed() -> dict[str, str]:
    """The words of the context by the words that translate them, in any language."""
    return {
        typed: word for language in languages() for typed, word in _own(language)["values"].items()
    }


def read_term(text: str, language: str = "en") -> str:
    """The xsd:duration of a length of time; NotUnderstood for any other text.

    ``language`` is that of the message.
    """
    spoken = _SPOKEN.fullmatch(text)
    written = f"P{spoken[1]}{_UNITS[spoken[2][0].lower()]}" if spoken else text.upper()
    if not _TERM.fullmatch(written):
        raise NotUnderstood(_own(language)["no_term"].format(text))
    return written


def read_answers(
    reader: Reader, texts: dict[str, list[str]]
) -> tuple[dict[str, list[FieldValue]], list[tuple[str, str]]]:
    """The answers by field, and the errors, each with its field."""
    answers: dict[str, list[FieldValue]] = {}
    problems = []
    for name, values in texts.items():
        for text in (value for value in values if value.strip()):
            try:
                answers.setdefault(name, []).append(reader.read(BY_NAME[name], text))
            except NotUnderstood as error:  # noqa: PERF203 - everything that is wrong is reported
                problems.append((name, str(error)))
    return answers, problems


_READERS = {
    fields.TEXT: Reader.text,
    fields.DATE: Reader.date,
    fields.TERM: Reader.term,
    fields.CHOICE: Reader.choice,
    fields.YES: Reader.yes,
    fields.NAME: Reader.name,
    fields.THING: Reader.thing,
    fields.SIGNATORY: Reader.signatory,
    fields.UNDERTAKING: Reader.undertaking,
    fields.FUNDING: Reader.funding,
    fields.PREDECESSOR: Reader.predecessor,
    fields.SOURCE: Reader.source,
}
_PARTS = (fields.SIGNATORY, fields.UNDERTAKING, fields.FUNDING, fields.PREDECESSOR, fields.SOURCE)
