"""The JSON Schema of records: up to date, and of one mind with the reader and the shapes.

A record is altered in some thousand ways, a fifth of them by default. Each alteration is judged by the
schema and by reader and shapes, and where the two disagree, the reason is one of REASONS.
"""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from effort import EVERYTHING, sample
from pyoxigraph import NamedNode

from onehealthkg.checks.findings import VIOLATION
from onehealthkg.checks.shapes import validate
from onehealthkg.cli import main
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import InputError
from onehealthkg.paths import Project, bundled
from onehealthkg.records.context import record_context
from onehealthkg.records.reader import Record, quads_of, read_record
from onehealthkg.records.schema import record_schema
from onehealthkg.records.yaml import read_yaml

HERE = Path(__file__).parent / "records"
ROOT = Path(bundled().root)
WORDS = record_context(bundled())
SCHEMA = json.loads(record_schema(bundled()))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.FormatChecker(["date"])
)
GOOD = sorted(path for path in (HERE / "partnerships").iterdir())
Data = Any
Where = tuple[str | int, ...]

# Errors in the broken records that a schema cannot see, or that the YAML reader refuses first.
UNSEEN = {
    "end-before-signature": "two dates are compared by a check",
    "indefinite-with-an-end": "an end and no end are a check's business",
    "signed-for-another": "the parties of a record are compared by a check",
    "unknown-organisation": "what a name stands for is in other files",
    "unknown-topic": "what a name stands for is in other files",
}


def test_the_schema_in_the_repository_is_up_to_date() -> None:
    assert (ROOT / "ontology" / "record.schema.json").read_bytes() == record_schema(bundled())


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("new", "--schema")) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [*GOOD, *bundled().records], ids=lambda path: path.stem)
def test_a_correct_record_is_valid(path: Path) -> None:
    data = read_yaml(path).plain()
    assert [one.message for one in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize("path", sorted((HERE / "broken").iterdir()), ids=lambda path: path.stem)
def test_a_broken_record_is_invalid_as_far_as_a_schema_can_see(path: Path) -> None:
    try:
        data = read_yaml(path).plain()
    except InputError:
        return  # it is no YAML of ours: there is nothing to validate
    assert VALIDATOR.is_valid(data) == (path.stem in UNSEEN)


def test_a_kind_that_is_added_is_in_the_schema(project: Project) -> None:
    path = Path(project.root, "data", "kinds.ttl")
    kind = "id:kind-of-mine a skos:Concept ; skos:broader id:kind-framework-agreement .\n"
    path.write_text(path.read_text("utf-8") + kind, "utf-8")
    kinds = json.loads(record_schema(project))["else"]["properties"]["kinds"]["items"]["enum"]
    assert set(kinds) - set(SCHEMA["else"]["properties"]["kinds"]["items"]["enum"]) == {
        "kind-of-mine"
    }


# The agreement of schema, reader and shapes.

# A record with each kind of key.
WHOLE = """\
id: agreement-altered
label: {en: An agreement, fr: Un accord}
kinds: [kind-framework-agreement]
dateSigned: 2012-04-10
term: P5Y
parties: [organisation-anses, organisation-invs]
about: [topic-zoonoses]
activities: [activity-research]
funding:
  - id: funding-altered
    amountInWords: {en: much}
place: place-paris
predecessors:
  - id: predecessor-altered
    month: 2009-06
    inWords: {en: First framework agreement}
signatures:
  - id: signature-altered
    signatory: person-marc-mortureux
    onBehalfOf: organisation-anses
undertakings:
  - id: undertaking-altered
    label: {en: research, fr: recherche}
    modality: planned
    agents: [organisation-anses]
    activities: [activity-research]
sources:
  - id: https://news.example/altered
    datePublished: 2012-04-13
    publisherName: News
    inLanguage: fr
confidence: medium
dateNote: {en: The text says today.}
"""
WRONG: dict[str, Data] = {
    "deleted": ...,
    "text": "some words",
    "name": "topic-zoonoses",
    "number": 5,
    "list": ["some words"],
    "empty list": [],
    "mapping": {"en": "words"},
    "blank": {"en": " "},
    "german": {"de": "Wörter"},
    "empty mapping": {},
    "nothing": None,
    "false": False,
    "day": "2012-04-10",
    "no day": "2012-02-30",
    "month": "2012-04",
    "year": 2012,
    "term": "P2Y",
}
MORE = {
    "unknown key": ("nonsense", "x"),
    "key of a passage": ("quote", "x"),
    "second date": ("yearSigned", 2012),
    "of the record": ("confidence", "high"),
    "address": ("seeAlso", "https://x.example/"),
}
# Why the schema and the shapes may judge an alteration differently: where, how, and who refuses it.
REASONS = {
    "an empty list says nothing; the schema wants the key left out": (
        r".*",
        "empty list",
        "schema",
    ),
    "a list without its one value is an empty list": (r"[a-z]+\.#", "deleted", "schema"),
    "the reader takes one value for a list, the schema wants the usual form": (
        r"about|activities|undertakings|signatures",
        "name",
        "schema",
    ),
    "the reader takes a list of one text for a text, the schema wants the usual form": (
        r".*\.(en|fr)",
        "list",
        "schema",
    ),
    "of what cannot hang there the shapes speak where it is described, so not of this record": (
        r"(undertakings|signatures)\.#",
        "name",
        "schema",
    ),
    "what an agreement must have, another file may say": (r"label", "deleted", "shapes"),
}


def places(data: Data, at: Where = ()) -> Iterator[Where]:
    """The places of all values in data, except for texts by language."""
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in entries:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def altered(data: Data, at: Where, value: Data) -> Data:
    changed = copy.deepcopy(data)
    inner = changed
    for key in at[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[at[-1]]
    else:
        inner[at[-1]] = value
    return changed


def alterations(data: Data) -> Iterator[tuple[str, str, Data]]:
    """Where, how, and the altered record."""
    for at in places(data):
        where = ".".join("#" if isinstance(one, int) else one for one in at)
        for how, value in WRONG.items():
            yield where, how, altered(data, at, value)
    mappings: list[Where] = [(), *(at for at in places(data) if isinstance(_at(data, at), dict))]
    for at in mappings:
        for how, (key, value) in MORE.items():
            if key not in _at(data, at):
                where = ".".join("#" if isinstance(one, int) else one for one in at)
                yield where, how, altered(data, (*at, key), value)


def _at(data: Data, at: Where) -> Data:
    for key in at:
        data = data[key]
    return data


def numbered(text: str, number: int) -> str:
    """A record as YAML, its things renamed, so that many can be checked together."""
    names = r"\b((?:agreement|signature|funding|predecessor|undertaking)-[a-z0-9-]+)"
    text = re.sub(names, rf"\1-m{number}", text)
    return re.sub(r"(\bid: https?://\S+)", rf"\1#m{number}", text)


@pytest.mark.slow
def test_schema_and_shapes_agree_on_altered_records(tmp_path: Path, release: Project) -> None:
    judged: list[tuple[str, str, bool]] = []
    read: list[Record] = []
    accepted: set[int] = set()
    every = list(alterations(yaml.load(WHOLE, yaml.BaseLoader)))  # noqa: S506 - text
    assert len(every) > 900
    for where, how, data in sample(every, 200):
        number = len(judged)
        judged.append((where, how, VALIDATOR.is_valid(data)))
        file = tmp_path / f"m{number}.yaml"
        file.write_text(numbered(yaml.safe_dump(data, allow_unicode=True), number), "utf-8")
        try:
            read.append(read_record(file, WORDS))
            accepted.add(number)
        except InputError:
            continue
    violated = broken(read, release)
    wrong = sorted(
        {
            (where, how, "shapes" if valid else "schema")
            for number, (where, how, valid) in enumerate(judged)
            if valid != (number in accepted - violated)
        }
    )
    assert [one for one in wrong if not explained(*one)] == []
    unused = [text for text, one in REASONS.items() if not any(reasoned(one, *x) for x in wrong)]
    assert not (EVERYTHING and unused)


def explained(where: str, how: str, who: str) -> bool:
    return any(reasoned(one, where, how, who) for one in REASONS.values())


def reasoned(reason: tuple[str, str, str], where: str, how: str, who: str) -> bool:
    return (
        bool(re.fullmatch(reason[0], where))
        and bool(re.fullmatch(reason[1], how))
        and who == reason[2]
    )


def broken(read: list[Record], project: Project) -> set[int]:
    """The numbers of the records in which the shapes find a violation."""
    dataset = read_dataset(project)
    quads = [*dataset.quads, *quads_of(read, WORDS)]
    found = set()
    for result in validate(quads, project):
        focus = result.about[0]
        named = re.search(r"[-/#]m(\d+)$", focus.value if isinstance(focus, NamedNode) else "")
        if named and result.severity == VIOLATION:
            found.add(int(named[1]))
    return found
