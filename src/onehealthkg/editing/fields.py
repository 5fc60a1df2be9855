"""The questions about a partnership: each field is also an option ``--name`` and a column ``name``.

The key is that of the record, from the context; this module has only the words for people, and how
an answer is read (``field_values``). Semicolons separate several values in a column, ``|`` the
parts of a value, such as a signatory's person, post and organisation.
"""

from __future__ import annotations

from typing import NamedTuple

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
    question: str
    help: str
    example: str = ""
    many: bool = False
    needed: bool = False
    things: str = ""
    language: str = "en"


_EXACT = "As exact as the source, and no more: 2012-04-10, 2012-04 or 2012."
_NAMED = "A name in any language, an acronym, or the name in data/, such as"

FIELDS = (
    RecordField(
        "party",
        "parties",
        THING,
        "Which organisations agreed?",
        f"{_NAMED} organisation-anses. Enter one on each line.",
        "ANSES; InVS",
        many=True,
        needed=True,
        things="organisation",
    ),
    RecordField(
        "parties-note",
        "partiesNote",
        TEXT,
        "Is there more on parties that are not named?",
        "As in: Nearly 200 partners in 28 countries; ANSES coordinates.",
    ),
    RecordField(
        "kind",
        "kinds",
        THING,
        "Which kind of agreement is it?",
        "As in: framework agreement, memorandum of understanding, network or consortium.",
        "framework agreement",
        many=True,
        needed=True,
        things="kind",
    ),
    RecordField("signed", "dateSigned", DATE, "When was it signed?", _EXACT, "2012-04-10"),
    RecordField(
        "started",
        "dateStarted",
        DATE,
        "When was it launched or did it start?",
        f"Only if the source says so. {_EXACT}",
    ),
    RecordField(
        "term",
        "term",
        TERM,
        "For how long does it run?",
        "As in: 5 years, 18 months, 90 days, or P5Y.",
    ),
    RecordField(
        "ends",
        "dateEnds",
        DATE,
        "When does it end?",
        f"Only if the source says so, or: indefinite. {_EXACT}",
    ),
    RecordField(
        "automatic-extension",
        "automaticExtension",
        YES,
        "Is it extended automatically?",
        "yes, if a source says so; else leave it empty.",
    ),
    RecordField(
        "date-note",
        "dateNote",
        TEXT,
        "How did you read the dates, if that needs a note?",
        "As in: Text says today; date is that of publication.",
    ),
    RecordField(
        "title",
        "label",
        TEXT,
        "What is its title, in English?",
        "Short, in your own words.",
        "Framework agreement between ANSES and InVS on health security (2012)",
    ),
    RecordField(
        "title-fr",
        "label",
        TEXT,
        "What is its title, in French?",
        "Short, in your own words.",
        "L'Anses et l'InVS s'accordent sur la sécurité sanitaire",
        language="fr",
    ),
    RecordField(
        "signatory",
        "signatures",
        SIGNATORY,
        "Who signed? person | post | organisation",
        "As in: Marc Mortureux | Director General | ANSES. Post and organisation may be left out "
        "if they are known; a note can follow as a fourth part.",
        "Marc Mortureux | Director General | ANSES; Françoise Weber | Director General | InVS",
        many=True,
        things="person",
    ),
    RecordField(
        "topic",
        "about",
        THING,
        "What is it about?",
        f"{_NAMED} topic-zoonoses. Enter one on each line.",
        "exposure; infectious diseases",
        many=True,
        things="topic",
    ),
    RecordField(
        "activity",
        "activities",
        THING,
        "What will they do together?",
        f"{_NAMED} activity-data-sharing. Enter one on each line.",
        many=True,
        things="activity",
    ),
    RecordField(
        "undertaking",
        "undertakings",
        UNDERTAKING,
        "What is promised, planned or hoped for? activity | how",
        "As in: data sharing | planned. The second part is committed, planned, intended, possible, "
        "ongoing or expected, by the verb of the source.",
        many=True,
        things="activity",
    ),
    RecordField(
        "funding",
        "funding",
        FUNDING,
        "Who pays for it? programme or funder | amount",
        "As in: Horizon Europe | 400 million euros. An unknown programme or body is kept in words.",
        many=True,
        things="payer",
    ),
    RecordField(
        "part-of",
        "isPartOf",
        THING,
        "Is it part of something larger?",
        "A programme, an agreement or a body, as in: One Health EJP. Enter one on each line.",
        many=True,
        things="whole",
    ),
    RecordField("place", "place", THING, "Where was it signed?", "As in: Tokyo.", things="place"),
    RecordField(
        "place-note",
        "placeInWords",
        TEXT,
        "Is there more on the place than its name?",
        "As in: Paris (launch on 11 or 12 May 2022).",
    ),
    RecordField(
        "occasion",
        "occasionInWords",
        TEXT,
        "On which occasion?",
        "As in: Paris International Agricultural Show.",
    ),
    RecordField(
        "predecessor",
        "predecessors",
        PREDECESSOR,
        "What came before it? agreement | date",
        "A known agreement, or words: First framework agreement | 2009-06.",
        many=True,
        things="agreement",
    ),
    RecordField(
        "source",
        "sources",
        SOURCE,
        "Where did you read this? address | publisher | language | date",
        "As in: https://www.anses.fr/en/content/... | ANSES | en | 2020-02-05. The date of "
        "publication may be left out.",
        "https://nouvelleaquitaine-santeenvironnement.org/2012/04/13/"
        "securite-sanitaire-lanses-et-linvs-signent-un-accord-cadre-de-cooperation"
        " | Nouvelle-Aquitaine Santé Environnement | fr | 2012-04-13",
        many=True,
        needed=True,
    ),
    RecordField(
        "confidence",
        "confidence",
        CHOICE,
        "How sure are you: high, medium or low?",
        "high for the parties' own pages, medium for other good sources, low for the rest.",
        "medium",
        needed=True,
    ),
    RecordField(
        "confidence-note",
        "confidenceNote",
        TEXT,
        "Why? What should the next reader know?",
        "As in: No signatory is named.",
        "Secondary source; publication date read from the URL.",
    ),
    RecordField(
        "one-health-note",
        "oneHealthNote",
        TEXT,
        "Is it doubtful that this is One Health? Why?",
        "As in: Animal health only.",
    ),
    RecordField(
        "name",
        "id",
        NAME,
        "What is the record's name?",
        "The name of the file, and a part of the agreement's: small letters, digits and hyphens.",
        "anses-invs-2012",
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
