"""The data set as an RO-Crate: the exports, the texts and the ontology in one described zip.

https://w3id.org/ro/crate/1.1 , https://www.researchobject.org/ro-crate/specification/1.1/

It contains all statements as TriG and N-Quads, the tables as a data package, the report, the
catalogue description, the archived texts that the selection quotes, the ontology, its shapes and
the licence.
The crate needs a date of publication; it is the newest date in the data, so that the same data
gives the same crate.
"""

import json
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode

from onehealthkg.dataset.publication import (
    CREATOR,
    CREATOR_NAME,
    DESCRIPTIONS,
    LICENCE,
    LICENCE_ID,
    LICENCE_NAME,
    RIGHTS,
    TITLE,
)
from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.catalogue import dcat
from onehealthkg.exports.rdf import nquads, trig
from onehealthkg.exports.tables import package
from onehealthkg.files import read_bytes, zipped
from onehealthkg.names import HOME, PREFIXES, SOURCE
from onehealthkg.pages.site import single

METADATA = "ro-crate-metadata.json"
# Terms of schema.org that the context of RO-Crate 1.1 lacks.
CONTEXT = (
    "https://w3id.org/ro/crate/1.1/context",
    {name: f"{PREFIXES['schema']}{name}" for name in ("copyrightNotice", "sha256")},
)
PROFILE = "https://w3id.org/ro/crate/1.1"

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
}
_ABOUT = {
    "onehealthkg.trig": "All statements as TriG, with a named graph for each sentence.",
    "onehealthkg.nq": "All statements as N-Quads, one on each line.",
    "dataset.ttl": "A description of the data set in DCAT and VoID.",
    "report.html": "A page for the browser: the overview, or the thing that was selected.",
    "tables/datapackage.json": "The description of the tables: a Frictionless data package.",
    "ontology/onehealth.ttl": "The ontology.",
    "ontology/shapes.ttl": "SHACL shapes, which describe valid data.",
    "LICENSE.md": "The licence of the statements, and the owners of the texts.",
}
_Entity = dict[str, object]


def ro_crate(selection: Selection) -> bytes:
    """The crate of a selection as a zip; InputError if a text or the ontology is missing."""
    files = contents(selection)
    described = json.dumps(metadata(selection, files), ensure_ascii=False, indent=2) + "\n"
    return zipped({METADATA: described.encode(), **files})


def contents(selection: Selection) -> dict[str, bytes]:
    """The files of the crate by their paths, without the metadata."""
    project = selection.project
    files = {
        "onehealthkg.trig": trig(selection),
        "onehealthkg.nq": nquads(selection),
        "dataset.ttl": dcat(selection),
        "report.html": single(selection),
        **{f"tables/{name}": data for name, data in package(selection).items()},
        **{f"sources/{path.name}": read_bytes(path) for path in _texts(selection)},
        "ontology/onehealth.ttl": read_bytes(project.ontology_file),
        "ontology/shapes.ttl": read_bytes(project.shapes_file),
    }
    licence = project.sources.parent / "LICENSE.md"
    return files | ({"LICENSE.md": read_bytes(licence)} if licence.exists() else {})


def metadata(selection: Selection, files: dict[str, bytes]) -> _Entity:
    """The metadata document of the crate."""
    date = Facts(selection).newest_date
    root: _Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "identifier": HOME,
        "description": DESCRIPTIONS["en"],
        "version": selection.version,
        **({"datePublished": date} if date else {}),
        "license": {"@id": LICENCE},
        "copyrightNotice": RIGHTS["en"],
        "author": {"@id": CREATOR.value},
        "publisher": {"@id": CREATOR.value},
        "inLanguage": ["en", "fr"],
        "keywords": ["One Health", "partnerships"],
        "hasPart": [{"@id": path} for path in files],
    }
    facts = Facts(selection)
    described = [_file(facts, path, data) for path, data in files.items()]
    return {"@context": list(CONTEXT), "@graph": [_descriptor(), root, *_context(), *described]}


def _texts(selection: Selection) -> list[Path]:
    """The archived texts of the documents in the selection."""
    documents = Facts(selection).things("oh:PressRelease", "foaf:Document")
    stems = {document.value.removeprefix(SOURCE) for document in documents}
    return [path for path in selection.project.texts if path.stem in stems]


def _descriptor() -> _Entity:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }


def _context() -> list[_Entity]:
    return [
        {
            "@id": LICENCE,
            "@type": "CreativeWork",
            "name": LICENCE_NAME,
            "identifier": LICENCE_ID,
            "description": RIGHTS["en"],
        },
        {"@id": CREATOR.value, "@type": "Organization", "name": CREATOR_NAME, "url": HOME},
    ]


def _file(facts: Facts, path: str, data: bytes) -> _Entity:
    stem = Path(path).stem
    about = _ABOUT.get(path, f"The table {stem}.")
    entity: _Entity = {
        "@id": path,
        "@type": "File",
        "name": path.rpartition("/")[2],
        "description": about,
        "encodingFormat": _MEDIA_TYPES[Path(path).suffix],
        "contentSize": str(len(data)),
        "sha256": sha256(data).hexdigest(),
    }
    if path.startswith("sources/"):
        return entity | _text(facts, Path(path))
    return entity | {"license": {"@id": LICENCE}}


def _text(facts: Facts, path: Path) -> _Entity:
    """The description of an archived text: its document's title and date of issue, its address."""
    document, archived = NamedNode(SOURCE + path.stem), NamedNode(SOURCE + path.name)
    details = {
        "identifier": archived.value,
        "datePublished": facts.words(document, "dcterms:issued"),
        "url": facts.words(archived, "dcterms:source"),
    }
    return {
        "description": facts.label(document),
        **{name: text for name, text in details.items() if text},
        "copyrightNotice": "The text belongs to its publisher.",
    }
