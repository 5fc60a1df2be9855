"""A project of any size: partnerships like the bundled ones, with mistakes that are known.

    python benchmarks/generate.py --records 1000 --mistakes 40 --verify -o project

Bodies, people, dates and topics are drawn with a fixed seed: the same options, the same project.
`project/mistakes.tsv` has a line for each finding that `onehealthkg check` has to have, and for no
other: the check, and the file. `--verify` runs the check and compares.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from compare import PROGRAM
from pyoxigraph import NamedNode

from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import ID
from onehealthkg.paths import bundled
from onehealthkg.sources.passages import passages

Record = dict[str, object]
FIRST = ("Ada", "Boris", "Chiara", "Daniel", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas")
TEXT = """{first} and {second} sign a framework agreement

Paris, {day}

{person} signed a framework agreement between {first} and {second} on {day} on behalf of {first}.
"""
ABOUT = """
    id:{name}
        skos:prefLabel "{name}"@en , "{name}"@fr .
"""
GRAPHS = {
    "s1": """
    <> dcterms:title "{first} and {second} sign a framework agreement"@en .

    id:{name}
        a oh:Agreement , oh:Arrangement ;
        oh:kind id:kind-framework-agreement ;
        oh:party id:{one} , id:{two} .
""",
    "s2": """
    <>
        dcterms:issued "{date}"^^xsd:date ;
        schema:locationCreated id:place-paris .
""",
    "s3": """
    id:{name}
        a oh:Agreement , oh:Arrangement ;
        oh:dateSigned "{date}"^^xsd:date ;
        oh:kind id:kind-framework-agreement ;
        oh:party id:{one} , id:{two} .

    id:signature-{number}-{name}
        a oh:Signature ;
        oh:signs id:{name} ;
        oh:signatory id:{signatory} ;
        oh:onBehalfOf id:{one} .
""",
}
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
BODIES = "data/organisations.ttl"
MISTAKES: dict[str, tuple[Callable[[Record], object], dict[str, str]]] = {
    "one party": (
        lambda record: record.update(parties=record["parties"][:1], signatures=[]),
        {"Arrangement-two-parties": ""},
    ),
    "an unknown party": (
        lambda record: record["parties"].append("organisation-unknown-0"),
        {"thing-exists": ""},
    ),
    "a topic as party": (  # so that a rule makes it a partner of the others
        lambda record: record["parties"].append("topic-zoonoses"),
        {"Arrangement-party": "", "Organisation-partner-of": BODIES},
    ),
    "a topic as kind": (
        lambda record: record.update(kinds=["topic-zoonoses"]),
        {"Arrangement-kind": "", "agreement-has-its-kind": ""},
    ),
    "a topic as activity": (
        lambda record: record["activities"].append("topic-zoonoses"),
        {"Thing-activity": ""},
    ),
    "no French label": (lambda record: record["label"].pop("fr"), {"Thing-labels-en-fr": ""}),
    "no source": (lambda record: record.update(sources=[]), {"Record-source": ""}),
    "no confidence": (lambda record: record.pop("confidence"), {"Record-confidence": ""}),
}
"""What is done to a record; the checks that find it, and in which file but that of the record."""


class Generator:
    """Draws bodies, people and records; all that is drawn depends on the seed only.

    The person of a number signs for the body of the same number.
    """

    def __init__(self, folder: Path, records: int, seed: int) -> None:
        self._folder = folder
        self._random = Random(seed)  # noqa: S311 - no secret
        names = {
            term.value.removeprefix(ID)
            for file in read_dataset(bundled()).files
            for term in (quad.subject for quad in file.quads)
            if isinstance(term, NamedNode) and term.value.startswith(ID)
        }
        self._known = {
            kind: sorted(name for name in names if name.startswith(f"{kind}-"))
            for kind in ("topic", "activity")
        }
        self._bodies = [f"organisation-institute-{number}" for number in range(records // 4 + 10)]
        self._people = [f"person-{number}" for number in range(len(self._bodies))]
        self._write_bodies()
        self._write_people()

    def record(self, number: int) -> Record:
        """A record as YAML reads it, without mistakes."""
        signed = date(2005, 1, 1) + timedelta(days=self._random.randrange(7000))
        parties = sorted(self._random.sample(self._bodies, self._random.choice([2, 2, 2, 3, 4])))
        name = record_name(number)
        record: Record = {
            "id": f"agreement-{name}",
            "type": "Agreement",
            "label": {"en": f"Agreement {number}", "fr": f"Accord {number}"},
            "kinds": [
                self._random.choice(
                    ["kind-framework-agreement", "kind-memorandum-of-understanding"]
                )
            ],
            "dateSigned": signed.isoformat(),
            "parties": parties,
            "about": sorted(self._random.sample(self._known["topic"], self._random.randint(1, 5))),
            "activities": sorted(
                self._random.sample(self._known["activity"], self._random.randint(1, 4))
            ),
        }
        if self._random.random() < 0.6:
            record["term"] = f"P{self._random.randint(1, 6)}Y"
        if self._random.random() < 0.3:
            record["signatures"] = [
                {
                    "id": f"signature-{body}-{name}",
                    "signatory": f"person-{body}",
                    "onBehalfOf": f"organisation-institute-{body}",
                }
                for body in (party.rpartition("-")[2] for party in parties)
            ]
        record["sources"] = [
            {
                "id": f"https://example.org/news/{number}",
                "publisherName": "Example",
                "inLanguage": "en",
            }
        ]
        return record | {"confidence": "high"}

    def write_text(self, number: int) -> Path:
        """Archive a text, with what its passages state; the file of the statements is returned.

        The text does not give the post of the person who signed, of which the check warns.
        """
        one, two = self._random.sample(range(len(self._bodies)), 2)
        day = date(2005, 1, 1) + timedelta(days=self._random.randrange(7000))
        words = {
            "date": day.isoformat(),
            "day": f"{day.day} {day:%B %Y}",
            "first": _label(one),
            "second": _label(two),
            "one": self._bodies[one],
            "two": self._bodies[two],
            "number": str(one),
            "signatory": self._people[one],
            "person": _person(one),
            "name": f"agreement-text-{number}",
        }
        path = self._folder / "data" / "sources" / f"{day.isoformat()}-generated-{number}.txt"
        path.write_text(TEXT.format(**words), encoding="utf-8")
        passages(path, "en", f"https://example.org/texts/{number}")
        statements = path.with_suffix(".trig")
        trig = statements.read_text(encoding="utf-8")
        for passage, graph in GRAPHS.items():
            trig = trig.replace(f"<#{passage}> {{\n", f"<#{passage}> {{{graph.format(**words)}")
        trig = trig.replace(
            "# dcterms:publisher id:organisation-...", f"dcterms:publisher id:{words['one']}"
        )
        trig = trig.replace("/language/ENG> .\n", f"/language/ENG> .\n{ABOUT.format(**words)}")
        statements.write_text(trig, encoding="utf-8")
        return statements

    def _write_bodies(self) -> None:
        with (self._folder / BODIES).open("a", encoding="utf-8") as file:
            for number, name in enumerate(self._bodies):
                label = _label(number)
                file.write(
                    f"\nid:{name}\n    a org:FormalOrganization , org:Organization ;\n"
                    f'    skos:prefLabel "{label}"@en , "{label}"@fr ;\n'
                    f"    oh:country id:place-france ;\n"
                    f"    org:classification id:category-research-institution .\n"
                )

    def _write_people(self) -> None:
        with (self._folder / "data" / "people.ttl").open("a", encoding="utf-8") as file:
            for number, name in enumerate(self._people):
                file.write(f"\nid:{name}\n    a foaf:Person ;\n")
                file.write(f'    skos:prefLabel "{_person(number)}" .\n')


def record_name(number: int) -> str:
    """The name of the file of a record; with six digits it does not end in a year."""
    return f"generated-{number:06}"


def _word(number: int) -> str:
    """A word that no other number has."""
    size = len(SYLLABLES)
    return "".join(SYLLABLES[number // size**place % size] for place in range(3)).capitalize()


def _label(number: int) -> str:
    return f"{_word(number)} Institute"


def _person(number: int) -> str:
    return f"{FIRST[number % len(FIRST)]} {_word(number)}son"


def generate(folder: Path, records: int, texts: int, mistakes: int, seed: int) -> None:
    """Write a project; InputError and OSError as they come."""
    source = Path(bundled().root)
    for part in ("ontology", "queries", "data"):
        shutil.copytree(source / part, folder / part)
    written = folder / "data" / "partnerships"
    shutil.rmtree(written)
    written.mkdir()
    generator = Generator(folder, records, seed)
    spoilt = set(Random(seed).sample(range(records), mistakes))  # noqa: S311 - no secret
    kinds = sorted(MISTAKES)
    lines: set[str] = set()
    for number in range(records):
        record, path = generator.record(number), written / f"{record_name(number)}.yaml"
        if number in spoilt:
            spoil, checks = MISTAKES[kinds[len(spoilt) % len(kinds)]]
            spoilt.remove(number)
            spoil(record)
            own = path.relative_to(folder).as_posix()
            lines |= {f"{check}\t{file or own}\n" for check, file in checks.items()}
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    for number in range(texts):
        path = generator.write_text(number)
        lines.add(f"Signature-has-post\t{path.relative_to(folder).as_posix()}\n")
    (folder / "mistakes.tsv").write_text("".join(sorted(lines)), encoding="utf-8")


def verify(folder: Path) -> tuple[set[str], set[str]]:
    """The lines of mistakes.tsv that the check has not found, and what it has found beside them."""
    command = [PROGRAM, "check", "--format", "json", "--project", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    found = {
        f"{one['check']}\t{Path(one['file']).resolve().relative_to(folder.resolve()).as_posix()}"
        for one in json.loads(done.stdout)
    }
    expected = set((folder / "mistakes.tsv").read_text(encoding="utf-8").splitlines())
    return expected - found, found - expected


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Generate a project with known mistakes")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--mistakes", type=int, default=40)
    parser.add_argument("--texts", type=int, default=50, help="archived, beside the records")
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--verify", action="store_true", help="run the check and compare")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="a folder that is not there"
    )
    options = parser.parse_args()
    generate(options.output, options.records, options.texts, options.mistakes, options.seed)
    if options.verify:
        missing, more = verify(options.output)
        print("".join(f"not found: {line}\n" for line in sorted(missing)), end="")
        print("".join(f"not expected: {line}\n" for line in sorted(more)), end="")
        sys.exit(bool(missing or more))
