"""A record made of answers: its names, its data, and the agreements that it may repeat.

A thing that depends on an agreement is named after itself and the record:
signature-marc-mortureux-anses-invs-2012. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from onehealthkg.editing.field_values import FieldValue
from onehealthkg.editing.fields import FIELDS, RecordField
from onehealthkg.editing.things import Things
from onehealthkg.labels import label
from onehealthkg.names import ID, OH, local_name
from onehealthkg.records.context import Json
from onehealthkg.terms import plain, values
from onehealthkg.words import agreement_in_words, list_in_words, words

_DATES = ("dateSigned", "monthSigned", "yearSigned", "dateStarted", "monthStarted", "yearStarted")


_LANGUAGES = ("en", "fr")  # of labels


class Agreement(NamedTuple):
    """The facts by which two agreements may be the same: parties, dates of signing or start."""

    name: str
    parties: frozenset[str]
    dates: frozenset[str]


def missing(answers: dict[str, list[FieldValue]]) -> list[RecordField]:
    """The fields that a record needs and that have no answer."""
    return [field for field in FIELDS if field.needed and not answers.get(field.name)]


def default_name(answers: dict[str, list[FieldValue]], taken: Collection[str] = ()) -> str:
    """A name for the record that is not taken: the parties, and the year of the date."""
    parties = [party.value.partition("-")[2] for party in answers.get("party", ())]
    year = _date(answers)[:4]
    words = [*parties[:3], *(["others"] if len(parties) > 3 else []), year]
    base = "-".join(word for word in words if word)[:90].strip("-") or "partnership"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(name for name in numbered if name not in taken)


def named(answers: dict[str, list[FieldValue]], taken: Iterable[str]) -> str:
    """The name that the answers give the record, or one made of parties and year."""
    given = answers.get("name")
    return str(given[0].value) if given else default_name(answers, set(taken))


def default_titles(answers: dict[str, list[FieldValue]], things: Things) -> dict[str, str]:
    """A title in English and French made of parties, kind and year."""
    titles = {}
    kind = next((kind.value for kind in answers.get("kind", ())), "kind-agreement")
    for language in _LANGUAGES:
        parties = [_label(things, party.value, language) for party in answers.get("party", ())]
        named = _label(things, kind, language)
        titles[language] = agreement_in_words(named, parties, _date(answers)[:4], language)
    return titles


def record(name: str, answers: dict[str, list[FieldValue]], things: Things) -> dict[str, Json]:
    """The record as data for YAML; a field without an answer is left out."""
    kinds = [str(answer.value) for answer in answers.get("kind", ())]
    class_ = "Agreement" if any(map(things.is_of_agreement, kinds)) else "Arrangement"
    data: dict[str, Json] = {"id": f"agreement-{name}", "type": class_}
    for field in FIELDS:
        for answer in answers.get(field.name, ()):
            if field.name != "name":
                _put(data, field, answer, name)
    titles = default_titles(answers, things)
    data["label"] = titles | data.get("label", {})
    for undertaking in data.get("undertakings", ()):
        undertaking["label"] = _undertaking_label(undertaking, data["parties"], things)
        undertaking["agents"] = list(data["parties"])
    return data


def _put(data: dict[str, Json], field: RecordField, answer: FieldValue, name: str) -> None:
    key, value = answer.key, answer.value
    if isinstance(value, dict) and "id" in value and field.name != "source":
        value = value | {"id": _free(f"{value['id']}-{name}", data.get(key, ()))}
    if field.many:
        listed = data.setdefault(key, [])
        if value not in listed:
            listed.append(value)
    elif isinstance(value, dict):
        data[key] = data.get(key, {}) | value
    else:
        data[key] = value


def _free(name: str, others: Iterable[Json]) -> str:
    taken = {other["id"] for other in others if isinstance(other, dict)}
    numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, 1000))
    return next(candidate for candidate in numbered if candidate not in taken)


def _undertaking_label(
    undertaking: dict[str, Json], parties: Sequence[str], things: Things
) -> dict[str, str]:
    """As in "data sharing by ANSES and InVS: planned"."""
    labels = {}
    for language in _LANGUAGES:
        own = words(language)
        agents = [_label(things, party, language) for party in parties]
        labels[language] = own["undertaking_by"].format(
            activity=_label(things, undertaking["activities"][0], language),
            agents=list_in_words(agents, language),
            modality=label(things.store, NamedNode(OH + undertaking["modality"]), language),
        )
    return labels


def _label(things: Things, name: str, language: str) -> str:
    return label(things.store, NamedNode(ID + name), language)


def _date(answers: dict[str, list[FieldValue]]) -> str:
    dated = [*answers.get("signed", ()), *answers.get("started", ())]
    return str(dated[0].value) if dated else ""


def agreement_of(draft: dict[str, Json]) -> Agreement:
    """The facts that distinguish a draft from other agreements."""
    dates = frozenset(str(draft[key]) for key in _DATES if key in draft)
    return Agreement(draft["id"], frozenset(draft.get("parties", ())), dates)


def agreements(things: Things) -> list[Agreement]:
    """The agreements that the graph has."""
    records = []
    for name in things.all("agreement"):
        node = NamedNode(ID + name)
        bodies = values(things.store, node, NamedNode(OH + "party"))
        parties = {local_name(plain(body)) for body in bodies}
        dates = {
            plain(date)
            for predicate in ("dateSigned", "dateStarted")
            for date in values(things.store, node, NamedNode(OH + predicate))
        }
        records.append(Agreement(name, frozenset(parties), frozenset(dates)))
    return records


def alike(agreement: Agreement, others: Iterable[Agreement]) -> list[Agreement]:
    """Those of others that may be the same: the same parties, and no date that contradicts."""
    return [
        other
        for other in others
        if other.name != agreement.name
        and other.parties == agreement.parties
        and _agree(agreement, other)
    ]


def _agree(agreement: Agreement, other: Agreement) -> bool:
    """Whether a date of one may be a date of the other, or one of them has none."""
    if not agreement.dates or not other.dates:
        return True
    return any(x.startswith(y) or y.startswith(x) for x in agreement.dates for y in other.dates)


def late(draft: dict[str, Json], things: Things, language: str = "en") -> list[str]:
    """The remarks about parties that were merged into another body before the agreement's date."""
    session = words(language)["new"]
    bodies = [things.known(party) for party in draft.get("parties", ())]
    dates = agreement_of(draft).dates
    return [
        str(session["merged_away"].format(body.label, body.remark))
        for body in bodies
        if body.until and dates and min(dates) > body.until
    ]


def like(draft: dict[str, Json], others: Iterable[Agreement], language: str = "en") -> list[str]:
    """The remarks about the agreements that a draft may repeat."""
    said, session = [], words(language)["new"]
    for other in alike(agreement_of(draft), others):
        when = session["either"].join(sorted(other.dates)) or session["undated"]
        said.append(session["repeats"].format(other.name, when))
    return said
