"""The questions about a partnership: each field is also an option ``--name`` and a column ``name``.

The key is that of the record, from the context; the words for people are in ``words/``, and
``field_values`` reads the answers. Semicolons separate several values in a column, ``|`` the
parts of a value, such as a signatory's person, post and organisation.
"""

from __future__ import annotations

from typing import NamedTuple

from onehealthkg.words import words

TEXT, DATE, TERM, CHOICE, YES, NAME = "text", "date", "term", "choice", "yes", "name"
THING, SIGNATORY, UNDERTAKING = "thing", "signatory", "undertaking"
FUNDING, PREDECESSOR, SOURCE = "funding", "predecessor", "source"


class RecordField(NamedTuple):
    """A question about a partnership.

    ``key`` is the key of the record; for a date, the key of a full date. ``kind`` says how the
    answer is read, ``things`` which known things it names (``things.FIELD_KINDS``), ``many``
    whether there may be several. ``example`` is an answer; the examples of all fields describe one
    partnership.
    """

    name: str
    key: str
    kind: str
    example: str = ""
    many: bool = False
    needed: bool = False
    things: str = ""
    language: str = "en"

    def question(self, language: str = "en") -> str:
        """The question, in a language of the interface."""
        return str(words(language)["new"]["questions"][self.name])

    def help(self, language: str = "en") -> str:
        """The explanation of the answers, in a language of the interface."""
        return str(words(language)["new"]["helps"][self.name])


FIELDS = (
    RecordField(
        "party", "parties", THING, "ANSES; InVS", many=True, needed=True, things="organisation"
    ),
    RecordField("parties-note", "partiesNote", TEXT),
    RecordField(
        "kind", "kinds", THING, "framework agreement", many=True, needed=True, things="kind"
    ),
    RecordField("signed", "dateSigned", DATE, "2012-04-10"),
    RecordField("started", "dateStarted", DATE),
    RecordField("term", "term", TERM),
    RecordField("ends", "dateEnds", DATE),
    RecordField("automatic-extension", "automaticExtension", YES),
    RecordField("date-note", "dateNote", TEXT),
    RecordField(
        "title",
        "label",
        TEXT,
        "Framework agreement between ANSES and InVS on health security (2012)",
    ),
    RecordField(
        "title-fr",
        "label",
        TEXT,
        "L'Anses et l'InVS s'accordent sur la sécurité sanitaire",
        language="fr",
    ),
    RecordField(
        "signatory",
        "signatures",
        SIGNATORY,
        "Marc Mortureux | Director General | ANSES; Françoise Weber | Director General | InVS",
        many=True,
        things="person",
    ),
    RecordField(
        "topic", "about", THING, "exposure; infectious diseases", many=True, things="topic"
    ),
    RecordField("activity", "activities", THING, many=True, things="activity"),
    RecordField("undertaking", "undertakings", UNDERTAKING, many=True, things="activity"),
    RecordField("funding", "funding", FUNDING, many=True, things="payer"),
    RecordField("part-of", "isPartOf", THING, many=True, things="whole"),
    RecordField("place", "place", THING, things="place"),
    RecordField("place-note", "placeInWords", TEXT),
    RecordField("occasion", "occasionInWords", TEXT),
    RecordField("predecessor", "predecessors", PREDECESSOR, many=True, things="agreement"),
    RecordField(
        "source",
        "sources",
        SOURCE,
        "https://nouvelleaquitaine-santeenvironnement.org/2012/04/13/"
        "securite-sanitaire-lanses-et-linvs-signent-un-accord-cadre-de-cooperation"
        " | Nouvelle-Aquitaine Santé Environnement | fr | 2012-04-13",
        many=True,
        needed=True,
    ),
    RecordField("confidence", "confidence", CHOICE, "medium", needed=True),
    RecordField(
        "confidence-note",
        "confidenceNote",
        TEXT,
        "Secondary source; publication date read from the URL.",
    ),
    RecordField("one-health-note", "oneHealthNote", TEXT),
    RecordField("name", "id", NAME, "anses-invs-2012"),
)
BY_NAME = {field.name: field for field in FIELDS}
