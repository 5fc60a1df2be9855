"""Edits of a careless or malicious editor, and what ``check`` sees of each.

Run as a program it writes docs/reference/edits.md, the table of what is seen:

    python tests/edits.py

An edit changes one file of the bundled project. The table gives the names of all checks that then
have a finding, or why no check can tell the edit from the truth.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from projects import copied

from onehealthkg.checks.check import check
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import InputError
from onehealthkg.paths import bundled

RELEASE = "data/sources/2020-02-05-anses-inserm"
LINKS = "data/links.sssom.tsv"


class Reason(str):
    """The reason why no check can distinguish an edit from the truth."""

    __slots__ = ()


NO_TEXT = Reason("the text of a record's sources is not archived")
OUTSIDE = Reason(
    "only the other vocabulary says so, and it is not in the project (`enrich` asks it)"
)
CHOICE = Reason("the editors choose this")
ALIKE = Reason("the words of the sentence support both")
GONE = Reason("a deletion leaves no trace in the project; version control shows it")
LESS = Reason("it is true but less exact, or another statement says it too")
SAME_KIND = Reason("it is as plausible as the truth, and nothing else in the project depends on it")


class Edit(NamedTuple):
    """A change of a file: ``change`` makes its new text, or None to delete it."""

    kind: str
    name: str
    file: str
    change: Callable[[str], str | None]
    finds: frozenset[str]
    why: str


def put(old: str, new: str, times: int = 1) -> Callable[[str], str]:
    """The text with the first ``old`` replaced."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, times)

    return change


def swap(one: str, other: str) -> Callable[[str], str]:
    """The text with the first ``one`` and the first ``other`` exchanged."""

    def change(text: str) -> str:
        assert one in text, one
        assert other in text, other
        mark = "\x00"
        return text.replace(one, mark, 1).replace(other, one, 1).replace(mark, other, 1)

    return change


def both(*changes: Callable[[str], str]) -> Callable[[str], str]:
    """Several changes, one after the other."""

    def change(text: str) -> str:
        for each in changes:
            text = each(text)
        return text

    return change


def of(thing: str, *change: str) -> Callable[[str], str]:
    """A change of the block about a thing: old and new in turn."""

    def changed(text: str) -> str:
        start = text.index(f"\n{thing}\n") + 1
        end = text.find("\n\n", start)
        end = len(text) if end < 0 else end
        block = text[start:end]
        for old, new in zip(change[::2], change[1::2], strict=True):
            assert old in block, (old, block)
            block = block.replace(old, new, 1)
        return text[:start] + block + text[end:]

    return changed


def exchange(one: str, other: str, pattern: str) -> Callable[[str], str]:
    """The matches of the pattern in the blocks about two things, exchanged."""

    def changed(text: str) -> str:
        places = []
        for thing in (one, other):
            start = text.index(f"\n{thing}\n") + 1
            found = re.compile(pattern).search(text, start)
            assert found, (thing, pattern)
            places.append(found.span(1))
        (a, b), (c, d) = sorted(places)
        return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]

    return changed


COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "reviewer_id", "reviewer_label", "object_source",
    "mapping_date", "confidence", "comment",
)  # fmt: skip


def row(subject: str, target: str, **cells: str) -> Callable[[str], str]:
    """The table of links with other cells in one row."""

    def changed(text: str) -> str:
        lines = text.split("\n")
        place = _row(lines, subject, target)
        parts = lines[place].split("\t")
        for column, cell in cells.items():
            parts[COLUMNS.index(column)] = cell
        lines[place] = "\t".join(parts)
        return "\n".join(lines)

    return changed


def rows(one: tuple[str, str], other: tuple[str, str], *columns: str) -> Callable[[str], str]:
    """The table of links with some cells of two rows exchanged."""

    def changed(text: str) -> str:
        lines = text.split("\n")
        places = [_row(lines, *one), _row(lines, *other)]
        first, second = (lines[place].split("\t") for place in places)
        for column in map(COLUMNS.index, columns):
            first[column], second[column] = second[column], first[column]
        lines[places[0]], lines[places[1]] = "\t".join(first), "\t".join(second)
        return "\n".join(lines)

    return changed


def _row(lines: list[str], subject: str, target: str) -> int:
    (place,) = [
        number
        for number, line in enumerate(lines)
        if line.startswith(f"{subject}\t") and line.split("\t")[4] == target
    ]
    return place


def copy_of(file: str, *changes: str) -> Callable[[str], str]:
    """A copy of another file of the project, with old and new in turn."""

    def change(_: str) -> str:
        text = Path(bundled().root, file).read_text("utf-8")
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def deleted(_: str) -> None:
    """No file."""


def add(more: str) -> Callable[[str], str]:
    """The text with more at its end."""
    return lambda text: text + more


def record(name: str) -> str:
    return f"data/partnerships/{name}.yaml"


def data(name: str) -> str:
    return f"data/{name}.ttl"


_OBJECT = ("object_id", "object_label", "object_source")

# Kind of edit, name, file, change, and the checks that find it or why none can.
TABLE: dict[str, dict[str, tuple[str, Callable[[str], str | None], str]]] = {
    "links: labels, objects and identifiers": {
        "the label of another subject": (LINKS, row("id:topic-biodiversity", "mesh:D044822", subject_label="zoonoses"), "mapping-names-its-thing"),
        "a subject mistyped as another one": (LINKS, row("id:topic-biodiversity", "gemet:827", subject_id="id:topic-biocides"), "mapping-labels-are-alike mapping-names-its-thing"),
        "objects of two rows exchanged": (LINKS, rows(("id:topic-pesticides", "mesh:D010575"), ("id:topic-zoonoses", "mesh:D015047"), *_OBJECT), "mapping-labels-are-alike"),
        "objects of two rows of similar things exchanged": (LINKS, rows(("id:place-france", "geonames:3017382/"), ("id:place-belgium", "geonames:2802361/"), *_OBJECT), "mapping-labels-are-alike"),
        "objects of two hand-made rows exchanged": (LINKS, rows(("id:topic-pesticides", "gemet:6140"), ("id:topic-zoonoses", "gemet:9426"), *_OBJECT), "mapping-labels-are-alike"),
        "only the identifiers of two rows exchanged": (LINKS, rows(("id:topic-pesticides", "mesh:D010575"), ("id:topic-zoonoses", "mesh:D015047"), "object_id"), OUTSIDE),
        "only the labels of two objects exchanged": (LINKS, rows(("id:topic-pesticides", "mesh:D010575"), ("id:topic-zoonoses", "mesh:D015047"), "object_label"), "mapping-labels-are-alike"),
        "Not on a confirmed match": (LINKS, row("id:topic-exposome", "mesh:D000081413", predicate_modifier="Not"), "refusal-has-reason"),
        "Not on a match made by hand": (LINKS, row("id:topic-pesticides", "eurovoc:2357", predicate_modifier="Not"), "refusal-has-reason"),
        "Not removed from a refused match": (LINKS, row("id:topic-exposome", "mesh:D000080223", predicate_modifier=""), "mapping-labels-are-alike one-exact-match-a-vocabulary"),
        "Not removed from a refused match of similar labels": (LINKS, row("id:topic-food-safety", "agrovoc:c_10967", predicate_modifier=""), "one-exact-match-a-vocabulary"),
        "a close match made exact": (LINKS, row("id:topic-pesticides", "chebi:25944", predicate_id="skos:exactMatch"), CHOICE),
        "a second exact match in a vocabulary": (LINKS, row("id:topic-pesticides", "eurovoc:2985", predicate_id="skos:exactMatch"), "one-exact-match-a-vocabulary"),
        "a broad match turned into a narrow one": (LINKS, row("id:topic-zoonoses", "mesh:D000086965", predicate_id="skos:broadMatch"), CHOICE),
        "a lexical match where the labels differ": (LINKS, row("id:topic-contaminants", "eurovoc:2521", mapping_justification="semapv:LexicalMatching"), "mapping-labels-are-alike"),
        "a mapping relation for a body": (LINKS, row("id:organisation-anses", "ror:0471kz689", predicate_id="skos:exactMatch"), "concepts-alone-are-mapped"),
        "sameAs for a concept": (LINKS, row("id:topic-biodiversity", "mesh:D044822", predicate_id="schema:sameAs"), "concepts-alone-are-mapped"),
        "the identifier of another body, exchanged with its label": (LINKS, rows(("id:organisation-cirad", "ror:05kpkpg04"), ("id:organisation-ird", "ror:05q3vnk25"), *_OBJECT), "mapping-labels-are-alike"),
        "the identifier of another body": (LINKS, row("id:organisation-anses", "ror:0471kz689", object_id="ror:02vjkv261"), "exact-matches-join-no-things"),
        "the number of another body": (LINKS, row("id:organisation-anses", "siren:130012024", object_id="siren:180036048"), "exact-matches-join-no-things"),
        "a digit of an identifier with check digits": (LINKS, row("id:organisation-anses", "siren:130012024", object_id="siren:130012025"), "check-digits-are-right"),
        "a digit of an ISNI": (LINKS, row("id:organisation-anses", "isni:0000000105847022", object_id="isni:0000000105847023"), "check-digits-are-right"),
        "two digits of a ROR identifier exchanged": (LINKS, row("id:organisation-anses", "ror:0471kz689", object_id="ror:0417kz689"), "check-digits-are-right"),
        "a digit of an identifier without check digits": (LINKS, row("id:topic-biodiversity", "mesh:D044822", object_id="mesh:D044823"), OUTSIDE),
        "an identifier of the wrong form": (LINKS, row("id:topic-biodiversity", "mesh:D044822", object_id="mesh:44822"), "link-fits-pattern"),
        "an identifier in the vocabulary of another": (LINKS, row("id:topic-biodiversity", "mesh:D044822", object_source="id:vocabulary-gemet"), "mapping-names-its-vocabulary"),
        "a register of places for a body": (LINKS, row("id:organisation-anses", "ror:0471kz689", object_id="geonames:3017382/", object_source="id:vocabulary-geonames"), "exact-match-is-of-one-kind exact-matches-join-no-things"),
        "the same pair twice": (LINKS, lambda text: re.sub(r"(\nid:topic-biodiversity\t[^\n]*mesh:D044822[^\n]*)", lambda row: row[1] + row[1].replace("exactMatch", "closeMatch"), text), "mapping-is-said-once"),
        "an obsolete object": (LINKS, row("id:topic-biodiversity", "mesh:D044822", object_label="obsolete Biodiversity"), "mapping-is-not-obsolete"),
        "a link deleted": (LINKS, lambda text: re.sub(r"\nid:topic-biodiversity\t[^\n]*mesh:D044822[^\n]*", "", text), GONE),
        "a refused match deleted": (LINKS, lambda text: re.sub(r"\nid:topic-exposome\t[^\n]*\tNot\t[^\n]*", "", text, count=1), GONE),
        "the reason of a refusal deleted": (LINKS, row("id:topic-exposome", "mesh:D000080223", comment=""), "refusal-has-reason"),
        "a prefix that leads elsewhere": (LINKS, put("#  mesh: http://id.nlm.nih.gov/mesh/", "#  mesh: http://id.nlm.nih.example/mesh/"), "link-leads-to-known-vocabulary refused-fits-pattern"),
        "a prefix that leads to another vocabulary": (LINKS, put("#  gemet: http://www.eionet.europa.eu/gemet/concept/", "#  gemet: http://eurovoc.europa.eu/"), "mapping-names-its-vocabulary one-exact-match-a-vocabulary"),
        "the author of all links changed": (LINKS, lambda text: text.replace("onehealthkg contributors\t", "Nobody\t"), CHOICE),
        "the date of a link in the future": (LINKS, row("id:topic-biodiversity", "mesh:D044822", mapping_date="2097-11-23"), "mapping-date-is-past"),
        "the table emptied": (LINKS, lambda text: text[: text.index("\nsubject_id\t") + 1] + "\t".join(COLUMNS) + "\n", GONE),
        "the table deleted": (LINKS, deleted, GONE),
    },
    "links: vocabularies": {
        "an endpoint on another host": (data("vocabularies"), put("<https://agrovoc.fao.org/sparql>", "<https://agrovoc.fao.example/sparql>"), "endpoint-is-of-vocabulary"),
        "an endpoint without TLS elsewhere": (data("vocabularies"), put("<https://publications.europa.eu/webapi/rdf/sparql>", "<http://203.0.113.7/sparql>"), "endpoint-is-of-vocabulary"),
        "an endpoint on a host that looks the same": (data("vocabularies"), put("<https://agrovoc.fao.org/sparql>", "<https://agrovoc.f\u0430o.org/sparql>"), "endpoint-is-of-vocabulary letters-are-of-one-script"),
        "the name of the endpoint in a user name": (data("vocabularies"), put("<https://agrovoc.fao.org/sparql>", "<https://agrovoc.fao.org@evil.example/sparql>"), "Vocabulary-endpoint endpoint-is-of-vocabulary"),
        "a pattern that accepts everything": (data("vocabularies"), put(r'"^http://aims\\.fao\\.org/aos/agrovoc/c_[0-9a-f]+$"', '"^.*$"'), "pattern-begins-with-space"),
        "a pattern without its end": (data("vocabularies"), put(r'c_[0-9a-f]+$"', 'c_[0-9a-f]+"'), "Vocabulary-pattern"),
        "the IRI space of another vocabulary": (data("vocabularies"), put('void:uriSpace "http://aims.fao.org/aos/agrovoc/"', 'void:uriSpace "http://eurovoc.europa.eu/"'), "link-fits-pattern link-leads-to-known-vocabulary mapping-names-its-vocabulary pattern-begins-with-space refused-fits-pattern"),
        "the check digits switched off": (data("vocabularies"), lambda text: text.replace('    settings:checkDigits "luhn" ;\n', "", 1), CHOICE),
        "a register of another kind": (data("vocabularies"), of("id:vocabulary-geonames", "dcterms:Location", "org:Organization"), "exact-match-is-of-one-kind"),
        "a hundred requests per second to the endpoint": (data("vocabularies"), put("settings:requestsPerSecond 1.0", "settings:requestsPerSecond 100.0"), "Vocabulary-requests-per-second"),
        "the licence of a vocabulary changed": (data("vocabularies"), put("dcterms:license <https://creativecommons.org/licenses/by/4.0/>", "dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/>"), OUTSIDE),
        "SERVICE in a candidate query": (data("vocabularies"), put("FROM <http://eurovoc.europa.eu/100141>\nWHERE {", "FROM <http://eurovoc.europa.eu/100141>\nWHERE { SERVICE <http://evil.example/> { ?a ?b ?c }"), "Vocabulary-query"),
    },
    "records: dates and terms": {
        "signed in another year": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2021-04-10"), "party-exists-when-signing source-follows-signing year-is-in-name"),
        "signed before the sources existed": (record("oie-who-2004"), put("dateSigned: 2004-12-16", "dateSigned: 1904-12-16"), "year-is-in-name"),
        "signed after its source": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2012-05-10"), "source-follows-signing"),
        "signed some days earlier": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2012-04-01"), NO_TEXT),
        "day and month exchanged": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2012-10-04"), "source-follows-signing"),
        "signed in the future": (record("inrae-ird-2024"), put("dateSigned: 2024-11-15", "dateSigned: 2124-11-15"), "date-is-past source-follows-signing year-is-in-name"),
        "signed on a day that does not exist": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2012-02-30"), "InputError"),
        "a date in everyday form": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 10/04/2012"), "InputError"),
        "a year in place of a day": (record("anses-invs-2012"), put("dateSigned: 2012-04-10", "dateSigned: 2012"), "InputError"),
        "the date more exact than the source": (record("bfr-dtu-anses-2010"), put("yearPublished: 2010", "datePublished: 2010-12-08"), NO_TEXT),
        "the source published in the future": (record("inrae-ird-2024"), put("datePublished: 2024-11-15", "datePublished: 2042-11-15"), "date-is-past"),
        "the source published in another year than in its address": (record("anses-invs-2012"), put("datePublished: 2012-04-13", "datePublished: 2013-04-13"), "address-has-its-year"),
        "the source published before the signature": (record("inrae-ird-2024"), put("datePublished: 2024-11-15", "datePublished: 2024-10-15"), "source-follows-signing"),
        "a term of a hundred years": (record("inra-ird-2019"), put("term: P5Y", "term: P100Y"), "term-is-likely"),
        "a term of five months": (record("inra-ird-2019"), put("term: P5Y", "term: P5M"), NO_TEXT),
        "a term of six years": (record("inra-ird-2019"), put("term: P5Y", "term: P6Y"), NO_TEXT),
        "a term of zero length": (record("inra-ird-2019"), put("term: P5Y", "term: P0Y"), "InputError"),
        "an end of another century": (record("fao-cirad-inrae-ird-2022"), put("yearEnds: 2026", "yearEnds: 2126"), "term-is-likely"),
        "an end before the beginning": (record("parc-2022"), put("dateEnds: 2029-04-30", "dateEnds: 2019-04-30"), "dates-are-in-order end-fits-term"),
        "an end that is not that of the term": (record("parc-2022"), put("dateEnds: 2029-04-30", "dateEnds: 2028-04-30"), "end-fits-term"),
        "an end, and none at all": (record("fao-cirad-inrae-ird-2022"), put("yearEnds: 2026", "yearEnds: 2026\nindefinite: true"), "end-or-none"),
        "another source agrees with the editors": (record("fao-cirad-inrae-ird-2022"), put("    yearEnds: 2027", "    yearEnds: 2026"), "alternative-differs"),
        "the other source's value left out": (record("fao-cirad-inrae-ird-2022"), put("alternatives:\n  - id: alternative-fao-cirad-inrae-ird-2022-end-2027\n    yearEnds: 2027\n    accordingTo: https://reussir.fr/transformation-des-systemes-agricoles-et-alimentaires-nouvel-accord-cadre-entre-trois-organismes-de\n", ""), GONE),
        "an alternative of a source that was not read": (record("fao-cirad-inrae-ird-2022"), put("accordingTo: https://reussir.fr/", "accordingTo: https://reussir.example/"), "Alternative-according-to"),
        "a start in the next millennium": (record("prezode-2021"), put("dateStarted: 2021-01-11", "dateStarted: 3021-01-11"), "year-is-in-name"),
        "a predecessor with a later date": (record("inrae-ird-2024"), put("dateSigned: 2024-11-15", "dateSigned: 2018-11-15"), "dates-are-in-order party-exists-when-signing year-is-in-name"),
        "an agreement that precedes itself": (record("inrae-ird-2024"), put("[agreement-inra-ird-2019]", "[agreement-inrae-ird-2024]"), "nothing-contains-itself"),
    },
    "records: parties, people and roles": {
        "a party left out": (record("anses-invs-2012"), put("[organisation-anses, organisation-invs]", "[organisation-anses]"), "Arrangement-two-parties signed-for-a-party title-names-parties"),
        "a party left out of three": (record("bfr-dtu-anses-2010"), put("organisation-bfr, organisation-dtu-food]", "organisation-bfr]"), "title-names-parties"),
        "a signing party left out": (record("inrae-ird-2024"), put("[organisation-inrae, organisation-ird]", "[organisation-inrae, organisation-cirad]"), "signed-for-a-party title-names-parties"),
        "a party replaced": (record("oie-who-2004"), put("[organisation-who, organisation-woah]", "[organisation-who, organisation-fao]"), "title-names-parties"),
        "a party added": (record("anses-invs-2012"), put("organisation-invs]", "organisation-invs, organisation-efsa]"), NO_TEXT),
        "a party that did not exist yet": (record("anses-invs-2012"), put("organisation-invs]", "organisation-invs, organisation-sciensano]"), "party-exists-when-signing"),
        "a party that had been merged": (record("inrae-ird-2024"), put("[organisation-inrae, organisation-ird]", "[organisation-inra, organisation-inrae, organisation-ird]"), "party-exists-when-signing"),
        "a party that is a person": (record("anses-invs-2012"), put("organisation-invs]", "organisation-invs, person-roger-genet]"), "Arrangement-party Organisation-partner-of"),
        "a party that does not exist": (record("anses-invs-2012"), put("organisation-invs]", "organisation-invz]"), "signed-for-a-party thing-exists title-names-parties"),
        "signatories exchanged": (record("anses-invs-2012"), swap("signatory: person-francoise-weber", "signatory: person-marc-mortureux"), "person-signs-for-one-body signature-has-its-person"),
        "sides exchanged": (record("anses-invs-2012"), swap("onBehalfOf: organisation-invs", "onBehalfOf: organisation-anses"), "person-signs-for-one-body post-is-in-organisation"),
        "sides and posts exchanged": (record("anses-invs-2012"), both(swap("onBehalfOf: organisation-invs", "onBehalfOf: organisation-anses"), swap("inPost: post-invs-director-general", "inPost: post-anses-director-general")), "person-signs-for-one-body"),
        "posts exchanged": (record("anses-invs-2012"), swap("inPost: post-invs-director-general", "inPost: post-anses-director-general"), "post-is-in-organisation"),
        "another post in the same body": (record("fao-cirad-inrae-ird-2022"), put("inPost: post-fao-chief-scientist", "inPost: post-fao-director-general"), NO_TEXT),
        "another signatory of the same body": (record("anses-fscj-2015"), both(put("signature-marc-mortureux", "signature-roger-genet"), put("person-marc-mortureux", "person-roger-genet")), NO_TEXT),
        "a signatory who signs for another body elsewhere": (record("anses-fscj-2015"), both(put("signature-marc-mortureux", "signature-philippe-mauguin"), put("person-marc-mortureux", "person-philippe-mauguin")), "person-signs-for-one-body"),
        "a signature left out": (record("anses-invs-2012"), put("  - id: signature-marc-mortureux-anses-invs-2012\n    signatory: person-marc-mortureux\n    onBehalfOf: organisation-anses\n    inPost: post-anses-director-general\n", ""), GONE),
        "a signature for a body that is not a party": (record("anses-fscj-2015"), put("onBehalfOf: organisation-anses", "onBehalfOf: organisation-efsa"), "person-signs-for-one-body post-is-in-organisation signed-for-a-party"),
        "a signatory that is an organisation": (record("anses-fscj-2015"), put("signatory: person-marc-mortureux", "signatory: organisation-anses"), "Signature-signatory Thing-labels-if-any"),
        "the title of another agreement": (record("anses-invs-2012"), put("between ANSES and InVS", "between ANSES and EFSA"), "title-names-parties"),
        "the French title of another agreement": (record("anses-invs-2012"), put("l'Anses et l'InVS", "l'Anses et l'EFSA"), Reason("the English title is the one that is read")),
        "a title that says the opposite": (record("anses-invs-2012"), put("Framework agreement", "No agreement"), CHOICE),
    },
    "records: kinds, topics, money and places": {
        "another kind of agreement": (record("inrae-ird-2024"), put("kind-framework-agreement", "kind-memorandum-of-understanding"), NO_TEXT),
        "a network called an agreement": (record("anses-invs-2012"), put("kind-framework-agreement", "kind-network-or-consortium"), "agreement-has-its-kind"),
        "the class of another kind": (record("anses-invs-2012"), put("type: Agreement", "type: Arrangement"), "agreement-has-its-kind"),
        "another topic": (record("anses-fscj-2015"), put("topic-aquaculture", "topic-rabies"), NO_TEXT),
        "a topic left out": (record("anses-fscj-2015"), put("  - topic-aquaculture\n", ""), NO_TEXT),
        "an activity as a topic": (record("anses-fscj-2015"), put("topic-aquaculture", "activity-data-analysis"), "Thing-topic"),
        "a topic as an activity": (record("anses-fscj-2015"), put("activity-data-analysis", "topic-aquaculture"), "Thing-activity"),
        "an amount with an extra digit": (record("parc-2022"), put("400 million euros", "4000 million euros"), "amount-is-of-its-size"),
        "an amount with a digit more than in the other source of the same agreement": (record("prezode-2021"), put("amountInWords: {en: 30 million euros}", "amountInWords: {en: 300 million euros}"), "amount-is-of-its-size"),
        "an amount in thousands": (record("prezode-2021"), put("amountInWords: {en: 30 million euros}", "amountInWords: {en: 30 thousand euros}"), "amount-is-of-its-size"),
        "an amount with an extra digit that has nothing to compare": (record("germany-zoonoses-2006"), put("60 million euros", "600 million euros"), NO_TEXT),
        "another amount": (record("germany-zoonoses-2006"), put("60 million euros", "80 million euros"), NO_TEXT),
        "another currency": (record("germany-zoonoses-2006"), put("60 million euros", "60 million dollars"), NO_TEXT),
        "another funder": (record("parc-2022"), put("funder: [organisation-european-union]", "funder: [organisation-afd]"), NO_TEXT),
        "another programme": (record("parc-2022"), put("fundingProgramme: programme-horizon-europe", "fundingProgramme: programme-horizon-2020"), NO_TEXT),
        "a body for a programme": (record("parc-2022"), put("fundingProgramme: programme-horizon-europe", "fundingProgramme: organisation-afd"), "Funding-programme"),
        "another place": (record("anses-fscj-2015"), put("place: place-tokyo", "place: place-rome"), NO_TEXT),
        "another place than in words": (record("parc-2022"), put("place: place-paris", "place: place-tokyo"), "place-is-in-words"),
        "a body for a place": (record("anses-fscj-2015"), put("place: place-tokyo", "place: organisation-anses"), "Arrangement-place"),
        "part of another programme": (record("inrae-ceva-2021"), put("programme-carnot-france-futur-elevage", "programme-horizon-2020"), NO_TEXT),
        "an agreement that is part of itself": (record("inrae-ceva-2021"), put("programme-carnot-france-futur-elevage", "agreement-inrae-ceva-2021"), "nothing-contains-itself"),
        "confidence raised": (record("anses-invs-2012"), put("confidence: medium", "confidence: high"), CHOICE),
        "a confidence that does not exist": (record("anses-invs-2012"), put("confidence: medium", "confidence: certain"), "InputError"),
        "a phrase in another language": (record("saara-2018"), put("scopeInWords: {en: animal", "scopeInWords: {fr: animal"), NO_TEXT),
    },
    "records: sources and copies": {
        "a copy under another name": (record("anses-invs-bis"), copy_of(record("anses-invs-2012"), "anses-invs-2012", "anses-invs-bis"), "record-is-said-once"),
        "a copy with another date": (record("anses-invs-bis"), copy_of(record("anses-invs-2012"), "anses-invs-2012", "anses-invs-bis", "dateSigned: 2012-04-10", "dateSigned: 2012-04-11"), "record-is-said-once"),
        "a copy of another kind": (record("anses-invs-bis"), copy_of(record("anses-invs-2012"), "anses-invs-2012", "anses-invs-bis", "kind-framework-agreement", "kind-cooperation-agreement"), "record-is-said-once"),
        "a copy in another file": (record("anses-invs-bis"), copy_of(record("anses-invs-2012")), "record-has-name-of-agreement"),
        "a record renamed": (record("inrae-ceva-2021"), put("id: agreement-inrae-ceva-2021", "id: agreement-inrae-ceva"), "record-has-name-of-agreement"),
        "the address on another host": (record("anses-fscj-2015"), put("https://www.anses.fr/", "https://www.anses.example/"), "publisher-has-its-host"),
        "the address on another host, of a publisher with one document": (record("anses-invs-2012"), put("https://nouvelleaquitaine-santeenvironnement.org/", "https://nouvelleaquitaine-santeenvironnement.example/"), NO_TEXT),
        "another page on the same host": (record("anses-fscj-2015"), put("https://www.anses.fr/en/content/anses-signs", "https://www.anses.fr/en/content/anses-sells"), NO_TEXT),
        "the host in Cyrillic letters": (record("anses-fscj-2015"), put("https://www.anses.fr/", "https://www.\u0430nses.fr/"), "letters-are-of-one-script publisher-has-its-host"),
        "the host before an @": (record("anses-fscj-2015"), put("https://www.anses.fr/", "https://www.anses.fr@evil.example/"), "Document-at-host publisher-has-its-host"),
        "an address with an IP address as host": (record("anses-invs-2012"), put("https://nouvelleaquitaine-santeenvironnement.org/", "http://203.0.113.7/"), "Document-at-host"),
        "an address of a file": (record("anses-invs-2012"), put("https://nouvelleaquitaine-santeenvironnement.org/", "file:///etc/"), "InputError"),
        "an address that is a script": (record("anses-invs-2012"), put("id: https://nouvelleaquitaine-santeenvironnement.org/2012", "id: javascript:alert(1)//2012"), "InputError"),
        "another publisher": (record("anses-fscj-2015"), put("publisherName: ANSES", "publisherName: EFSA"), NO_TEXT),
        "another language": (record("anses-fscj-2015"), put("inLanguage: en", "inLanguage: fr"), NO_TEXT),
        "a language that does not exist": (record("anses-fscj-2015"), put("inLanguage: en", "inLanguage: xx"), "InputError"),
        "a source left out": (record("oie-who-2004"), put("sources:\n  - id: https://www.woah.org/en/who-we-are/structure/framework/cooperation-agreements/agreement-with-the-world-health-organization-who/\n    publisherName: WOAH\n    inLanguage: en\n", ""), "Record-source"),
        "one of several sources left out": (record("inrae-ceva-2021"), put("  - id: https://africanfarming.net/livestock/cattle/inrae-and-ceva-partner-for-research-and-innovation-in-animal-health\n    publisherName: African Farming\n    inLanguage: en\n", ""), GONE),
        "a record deleted": (record("zodiac-2020"), deleted, GONE),
        "a record that others refer to deleted": (record("inra-ird-2019"), deleted, "thing-exists"),
        "a record emptied": (record("zodiac-2020"), lambda _: "", "InputError"),
        "a record in .yml": (record("zodiac-2020").replace(".yaml", ".yml"), copy_of(record("zodiac-2020")), "file-is-read"),
        "a misspelt key": (record("anses-fscj-2015"), put("\nterm: P5Y", "\nterms: P5Y"), "InputError"),
        "a key twice": (record("anses-fscj-2015"), put("\nterm: P5Y", "\nterm: P5Y\nterm: P6Y"), "InputError"),
    },
    "things: letters of names": {
        "a Cyrillic letter in a label": (data("organisations"), of("id:organisation-anses", '"ANSES"@en', '"\u0410NSES"@en'), "Thing-labels-en-fr letters-are-of-one-script thing-is-named"),
        "a label all in Cyrillic": (data("organisations"), of("id:organisation-efsa", '"EFSA"@fr', '"\u0415FSA"@fr'), "letters-are-of-one-script"),
        "a Greek letter in a person's name": (data("people"), put('"Marc Mortureux"', '"Marc M\u03bfrtureux"'), "label-has-words-of-name letters-are-of-one-script"),
        "a zero-width space in a label": (data("organisations"), of("id:organisation-anses", '"ANSES"@en', '"ANS\u200bES"@en'), "Thing-labels-en-fr letters-are-of-one-script"),
        "text in reverse direction in a label": (data("topics"), of("id:topic-rabies", '"rabies"@en', '"\u202erabies"@en'), "letters-are-of-one-script"),
        "full-width letters": (data("organisations"), of("id:organisation-bfr", '"BfR"@en', '"\uff22fR"@en'), "letters-are-of-one-script"),
        "a digit for a letter": (data("organisations"), of("id:organisation-inserm", '"Inserm"@en', '"1nserm"@en'), "Thing-labels-en-fr"),
        "an l for an I": (data("organisations"), of("id:organisation-inserm", '"Inserm"@en', '"lnserm"@en'), "Thing-labels-en-fr"),
        "a Cyrillic letter in the name of a thing": (data("organisations"), add('\nid:organisation-\u0430nses\n    a org:FormalOrganization , org:Organization ;\n    skos:prefLabel "A.N.S.E.S."@en , "A.N.S.E.S."@fr ;\n    oh:country id:place-france ;\n    org:classification id:category-national-agency .\n'), "label-has-words-of-name merger-is-in-order title-names-parties"),
        "capitals in the name of a thing": (data("organisations"), add('\nid:organisation-ANSES\n    a org:FormalOrganization , org:Organization ;\n    skos:prefLabel "A.N.S.E.S."@en , "A.N.S.E.S."@fr ;\n    oh:country id:place-france ;\n    org:classification id:category-national-agency .\n'), "label-has-words-of-name merger-is-in-order title-names-parties"),
        "a Cyrillic letter in a title": (record("anses-invs-2012"), put("between ANSES", "between \u0410NSES"), "letters-are-of-one-script"),
        "a soft hyphen in a publisher's name": (record("anses-fscj-2015"), put("publisherName: ANSES", "publisherName: AN\u00adSES"), "letters-are-of-one-script"),
        "a name with a letter changed": (data("people"), put('"Andreas Hensel"', '"Andreas Hansel"'), "label-has-words-of-name"),
        "a name with a letter changed at its end": (data("people"), put('"Andreas Hensel"', '"Andreas Henselt"'), CHOICE),
        "a space at the end of a label": (data("topics"), of("id:topic-rabies", '"rabies"@en', '"rabies "@en'), "letters-are-of-one-script"),
        "a decomposed accent": (data("people"), put("Val\u00e9rie", "Vale\u0301rie"), "letters-are-of-one-script"),
    },
    "things: labels": {
        "French labels of two topics exchanged": (data("topics"), exchange("id:topic-agroecology", "id:topic-biodiversity", r'("[^"]*"@fr) ;'), "labels-translate-each-other"),
        "French labels of two unlike topics exchanged": (data("topics"), exchange("id:topic-rabies", "id:topic-pesticides", r'("[^"]*"@fr) ;'), "labels-translate-each-other"),
        "English labels of two topics exchanged": (data("topics"), exchange("id:topic-rabies", "id:topic-pesticides", r'skos:prefLabel ("[^"]*"@en)'), "label-has-words-of-name labels-translate-each-other named-thing-is-stated thing-is-named"),
        "labels of two bodies exchanged": (data("organisations"), exchange("id:organisation-caas", "id:organisation-fscj", r"skos:prefLabel ([^;]*) ;"), "country-is-in-name label-names-its-body mapping-labels-are-alike mapping-names-its-thing title-names-parties"),
        "labels of two people exchanged": (data("people"), exchange("id:person-andreas-hensel", "id:person-bernard-vallat", r"skos:prefLabel ([^.]*) \."), "label-has-words-of-name"),
        "language tags exchanged": (data("topics"), of("id:topic-rabies", '"rabies"@en , "rage"@fr', '"rabies"@fr , "rage"@en'), Reason("no other label has these words")),
        "language tags of a body exchanged": (data("organisations"), of("id:organisation-african-union", '"African Union"@en , "Union africaine"@fr', '"African Union"@fr , "Union africaine"@en'), "label-is-in-its-language"),
        "a label in German as English": (data("organisations"), of("id:organisation-bfr", '"Bundesinstitut für Risikobewertung"@de', '"Bundesinstitut für Risikobewertung"@en'), CHOICE),
        "a language tag that does not exist": (data("organisations"), of("id:organisation-bfr", "Risikobewertung\"@de", 'Risikobewertung"@qqq-x'), "InputError"),
        "no French label": (data("topics"), of("id:topic-rabies", ' , "rage"@fr', ""), "Thing-labels-en-fr"),
        "two English labels": (data("topics"), of("id:topic-rabies", '"rabies"@en , "rage"@fr', '"rabies"@en , "rage"@en'), "Thing-labels-en-fr"),
        "the acronym of another body": (data("organisations"), of("id:organisation-inserm", "skos:altLabel ", 'skos:altLabel "EFSA"@en , '), "label-names-one-organisation title-names-parties"),
        "the acronym of another body as its label": (data("organisations"), of("id:organisation-fscj", '"Food Safety Commission of Japan"@en', '"EFSA"@en'), "label-names-one-organisation title-names-parties"),
        "the name of another topic as another label": (data("topics"), of("id:topic-rabies", "skos:broader", 'skos:altLabel "bluetongue"@en ;\n    skos:broader'), "label-means-one-concept"),
        "the name of another topic in the other language": (data("topics"), of("id:topic-rabies", '"rage"@fr', '"zoonoses"@fr'), "label-means-one-concept"),
        "a label that says something else": (data("topics"), of("id:topic-rabies", '"rabies"@en', '"plague"@en'), "label-has-words-of-name"),
        "a definition of something else": (data("topics"), of("id:topic-rabies", "A viral disease", "A bacterial disease"), CHOICE),
        "a former name that belongs to another body": (data("organisations"), of("id:organisation-woah", '"OIE"@en', '"EFSA"@en'), "label-names-one-organisation title-names-parties"),
        "an acronym removed": (data("organisations"), of("id:organisation-caas", '"CAAS"@en , ', ""), GONE),
        "unrelated words as the wording of a topic": (data("topics"), of("id:topic-rabies", "skos:broader", 'skos:hiddenLabel "air pollution"@en ;\n    skos:broader'), CHOICE),
    },
    "things: statements": {
        "a merger reversed": (data("changes"), of("id:change-anses-2010", "org:originalOrganization id:organisation-afssa , id:organisation-afsset", "org:originalOrganization id:organisation-anses", "org:resultingOrganization id:organisation-anses", "org:resultingOrganization id:organisation-afssa , id:organisation-afsset"), "merger-is-in-order party-exists-when-signing"),
        "result and one part of a merger exchanged": (data("changes"), of("id:change-inrae-2020", "id:organisation-inra ,", "id:organisation-inrae ,", "resultingOrganization id:organisation-inrae", "resultingOrganization id:organisation-inra"), "merger-is-in-order party-exists-when-signing"),
        "a part of a merger left out": (data("changes"), of("id:change-anses-2010", "id:organisation-afssa , ", ""), "merger-is-in-order"),
        "a merger in another year": (data("changes"), of("id:change-anses-2010", "2010-07-01", "2001-07-01"), "party-exists-when-signing year-is-in-name"),
        "a merger some months later": (data("changes"), of("id:change-anses-2010", "2010-07-01", "2010-12-31"), "party-exists-when-signing"),
        "a body that became itself": (data("changes"), of("id:change-anses-2010", "id:organisation-afssa ,", "id:organisation-anses ,"), "merger-is-in-order"),
        "a body of another country": (data("organisations"), of("id:organisation-bfr", "id:place-germany", "id:place-france"), SAME_KIND),
        "a body of another country than its name says": (data("organisations"), of("id:organisation-fscj", "id:place-japan", "id:place-china"), "country-is-in-name"),
        "a ministry of another country than its name says": (data("organisations"), of("id:organisation-agriculture-ministry-germany", "id:place-germany", "id:place-france"), "country-is-in-name"),
        "a body of two countries": (data("organisations"), of("id:organisation-bfr", "oh:country id:place-germany", "oh:country id:place-germany , id:place-france"), "Organisation-country"),
        "a body without a country": (data("organisations"), of("id:organisation-bfr", "    oh:country id:place-germany ;\n", ""), "national-body-has-country"),
        "a body without a category": (data("organisations"), of("id:organisation-cirad", ' ;\n    org:classification id:category-research-institution', ""), "organisation-has-category"),
        "another category": (data("organisations"), of("id:organisation-cirad", "id:category-research-institution", "id:category-company"), CHOICE),
        "a part of another body": (data("organisations"), of("id:organisation-efsa", "id:organisation-european-union", "id:organisation-african-union"), SAME_KIND),
        "a body that is a part of itself": (data("organisations"), of("id:organisation-efsa", "id:organisation-european-union", "id:organisation-efsa"), "nothing-contains-itself"),
        "a post in another body": (data("people"), of("id:post-fao-director-general", "id:organisation-fao", "id:organisation-who"), "label-names-its-body post-is-in-organisation"),
        "a post without a body": (data("people"), of("id:post-wva-president", ' ;\n    org:postIn id:organisation-wva', ""), "Post-organisation post-is-in-organisation"),
        "a post named after another body": (data("people"), of("id:post-who-director-general", "Director-General of WHO", "Director-General of FAO"), "label-names-its-body label-names-one-thing"),
        "the country of a place": (data("places"), of("id:place-beijing", "id:place-china", "id:place-france"), SAME_KIND),
        "the code of another country": (data("places"), of("id:place-belgium", '"BE"', '"FR"'), "country-code-is-its-own"),
        "a body founded after it signs": (data("organisations"), add('\nid:organisation-efsa <http://schema.org/foundingDate> "2023"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'), "dates-are-in-order"),
        "a programme of another body": (data("programmes"), of("id:programme-fao-strategic-framework-2022", "id:organisation-fao", "id:organisation-anses"), "label-names-its-body"),
        "a body under another name": (data("organisations"), add('\nid:organisation-anses-agency\n    a org:FormalOrganization , org:Organization ;\n    skos:prefLabel "ANSES"@en , "Anses"@fr ;\n    oh:country id:place-france ;\n    org:classification id:category-national-agency .\n'), "label-has-words-of-name label-names-one-organisation merger-is-in-order title-names-parties"),
        "a body under another name, spelled differently": (data("organisations"), add('\nid:organisation-agence-anses\n    a org:FormalOrganization , org:Organization ;\n    skos:prefLabel "Agence Anses"@en , "Agence Anses"@fr ;\n    oh:country id:place-france ;\n    org:classification id:category-national-agency .\n'), CHOICE),
        "a person under another name": (data("people"), add('\nid:person-hensel-andreas\n    a foaf:Person ;\n    skos:prefLabel "Andreas Hensel" .\n'), "label-names-one-thing"),
        "a topic under another name": (data("topics"), add('\nid:topic-rabies-virus\n    a skos:Concept ;\n    skos:prefLabel "rabies"@en , "rage"@fr ;\n    skos:broader id:topic-zoonoses ;\n    skos:definition "A viral disease."@en ;\n    skos:inScheme id:scheme-topics .\n'), "label-has-words-of-name label-means-one-concept"),
        "a place under another name": (data("places"), add('\nid:place-paris-city\n    a dcterms:Location ;\n    skos:prefLabel "Paris"@en , "Paris"@fr ;\n    dcterms:isPartOf id:place-france .\n'), "label-has-words-of-name label-names-one-thing"),
        "a thing deleted": (data("people"), put('id:person-andreas-hensel\n    a foaf:Person ;\n    skos:prefLabel "Andreas Hensel" .\n', ""), "thing-exists"),
        "a thing of two kinds": (data("people"), put('id:person-andreas-hensel\n    a foaf:Person ;', "id:person-andreas-hensel\n    a foaf:Person , org:Organization ;"), "Thing-labels-en-fr organisation-has-category"),
        "a topic under another topic": (data("topics"), of("id:topic-rabies", "id:topic-zoonoses", "id:topic-water"), CHOICE),
        "a topic under itself": (data("topics"), of("id:topic-rabies", "id:topic-zoonoses", "id:topic-rabies"), "broader-has-no-circle broader-is-within-reach"),
        "a thing marked as deprecated": (data("topics"), of("id:topic-rabies", "skos:broader", "<http://www.w3.org/2002/07/owl#deprecated> true ;\n    dcterms:isReplacedBy id:topic-zoonoses ;\n    skos:broader"), "deprecated-is-replaced"),
        "a statement about another thing of the project in the wrong file": (data("topics"), add('\nid:organisation-cirad skos:altLabel "Cirad Institute"@en .\n'), CHOICE),
        "a misspelt property": (data("organisations"), of("id:organisation-bfr", "oh:country", "oh:contry"), "Organisation national-body-has-country term-is-defined"),
        "a prefix with another meaning": (data("aims"), put("@prefix skos:    <http://www.w3.org/2004/02/skos/core#>", "@prefix skos:    <http://www.w3.org/2004/02/skos/cor#>"), "Thing-aim Thing-contributes-to named-thing-is-stated class-is-known prefix-has-one-meaning"),
        "a link among the labels": (data("topics"), of("id:topic-rabies", "skos:broader", "skos:exactMatch <http://id.nlm.nih.gov/mesh/D015047> ;\n    skos:broader"), "exact-matches-join-no-things link-is-a-mapping"),
        "the source of a file changed": (data("organisations"), put("<https://ror.org/>", "<https://ror.example/>"), CHOICE),
    },
    "archived texts": {
        "a letter of the text": (f"{RELEASE}.txt", put("five-year", "nine-year"), "text-is-unchanged"),
        "a space of the text": (f"{RELEASE}.txt", put("Press release", "Press  release"), "text-is-unchanged"),
        "the text and its digest": (f"{RELEASE}.passages.trig", put("c256ceba", "c256cebb"), "text-is-unchanged"),
        "a quote": (f"{RELEASE}.passages.trig", put("5 February 2020", "6 February 2020"), "date-is-written quote-is-in-text"),
        "the place of a passage": (f"{RELEASE}.passages.trig", put("oa:end 35", "oa:end 34"), "quote-is-in-text"),
        "a passage deleted": (f"{RELEASE}.passages.trig", lambda text: re.sub(r"    <#s2>\n.*?\.\n", "", text, count=1, flags=re.DOTALL), "graph-has-home passages-cover-text"),
        "a date": (f"{RELEASE}.trig", put('"2020-02-05"', '"2020-05-02"'), "date-is-written"),
        "a date less exact": (f"{RELEASE}.trig", put('"2020-02-05"^^xsd:date', '"2020"^^xsd:gYear'), LESS),
        "a term": (f"{RELEASE}.trig", put('"P5Y"', '"P50Y"'), "term-is-written"),
        "a modality": (f"{RELEASE}.trig", put("oh:modality oh:intended", "oh:modality oh:committed"), "thing-is-named"),
        "a modality weakened": (f"{RELEASE}.trig", put("oh:modality oh:possible", "oh:modality oh:planned"), ALIKE),
        "a party left out of a sentence": (f"{RELEASE}.trig", put("oh:party id:organisation-anses , id:organisation-inserm", "oh:party id:organisation-anses"), LESS),
        "a party left out of all sentences": (f"{RELEASE}.trig", put("oh:party id:organisation-anses , id:organisation-inserm", "oh:party id:organisation-anses", 2), "Arrangement-two-parties signed-for-a-party title-names-parties"),
        "an agent that is not named": (f"{RELEASE}.trig", put("oh:agent id:organisation-inserm ;", "oh:agent id:organisation-efsa ;"), "thing-is-named"),
        "a topic that is not named": (f"{RELEASE}.trig", put("id:topic-pesticides", "id:topic-rabies"), "named-thing-is-stated thing-is-named"),
        "a broader topic": (f"{RELEASE}.trig", put("id:topic-antibiotic-resistance-in-animal-health", "id:topic-antimicrobial-resistance"), "named-thing-is-stated thing-is-named"),
        "a statement in the graph of another passage": (f"{RELEASE}.trig", swap("<#s5> {", "<#s7> {"), "named-thing-is-stated text-is-quoted thing-is-named"),
        "a statement without a graph": (f"{RELEASE}.trig", add("\nid:organisation-anses oh:aim id:aim-public-interest .\n"), "statement-has-graph"),
        "a founding year": (f"{RELEASE}.trig", put('"1964"', '"1946"'), "date-is-written"),
        "signatories exchanged": (f"{RELEASE}.trig", swap("oh:signatory id:person-gilles-bloch", "oh:signatory id:person-roger-genet"), "person-signs-for-one-body signature-has-its-person"),
        "posts exchanged": (f"{RELEASE}.trig", swap("oh:inPost id:post-inserm-chairman-and-ceo", "oh:inPost id:post-anses-director-general"), "post-is-in-organisation"),
        "words that are not in the passage": (f"{RELEASE}.trig", put('"long-standing"@en', '"age-old"@en'), "text-is-quoted"),
        "ministries of another country": (f"{RELEASE}.trig", put("id:organisation-agriculture-ministry-france ,", "id:organisation-agriculture-ministry-germany ,"), "thing-is-named"),
        "an antecedent that does not name it": (f"{RELEASE}.trig", put("<#s5>  oh:antecedent <#s4>", "<#s5>  oh:antecedent <#s2>"), "thing-is-named"),
        "the address of the text on another host": (f"{RELEASE}.trig", put("        dcterms:source <https://www.anses.fr/en/content/anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0> .\n\n    id:", "        dcterms:source <https://www.anses.example/en/content/anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0> .\n\n    id:"), Reason("nothing else in the project gives the address")),
        "the language of the text": (f"{RELEASE}.trig", put("language/ENG", "language/FRA"), "date-is-written named-thing-is-stated property-is-worded term-is-written thing-is-named"),
        "a sentence marked as without statement": (f"{RELEASE}.trig", put("    <#s4>  oh:antecedent <#s3> .", '    <#s4>  oh:antecedent <#s3> .\n    <#s2> oh:withoutStatement "A heading."@en .'), CHOICE),
        "the author's file deleted": (f"{RELEASE}.trig", deleted, "Arrangement-kind Arrangement-party Arrangement-two-parties Post-organisation Programme-somebody Thing-labels-en-fr organisation-has-category passage-is-read post-is-in-organisation thing-exists"),
        "the text deleted": (f"{RELEASE}.txt", deleted, "text-is-archived"),
    },
    "files that nothing reads": {
        "a graph in another format": ("data/mine.trig", lambda _: "<urn:a> { <urn:b> <urn:c> <urn:d> }", "file-is-read"),
        "a text whose file extension is in capitals": ("data/sources/mine.TXT", lambda _: "ANSES signs.", "file-is-read"),
        "a record in a subfolder": ("data/partnerships/old/zodiac-2020.yaml", copy_of(record("zodiac-2020")), "file-is-read"),
        "a table of links under another name": ("data/links2.sssom.tsv", lambda _: "x", "file-is-read"),
    },
}  # fmt: skip

EDITS = [
    Edit(
        kind,
        name,
        file,
        change,
        frozenset() if isinstance(seen, Reason) else frozenset(seen.split()),
        seen,
    )
    for kind, edits in TABLE.items()
    for name, (file, change, seen) in edits.items()
]


class Desk:
    """A copy of the bundled project in which edits are made and undone."""

    def __init__(self, folder: Path) -> None:
        self.project = copied(folder)

    def found(self, edits: Iterable[Edit]) -> set[str]:
        """The names of the checks that have a finding after these edits, of different files.

        A file that cannot be read is InputError.
        """
        files = [self._make(edit) for edit in edits]
        try:
            return {finding.check for finding in check(read_dataset(self.project))}
        except InputError:
            return {"InputError"}
        finally:
            for file in files:
                self._undo(file)

    def _make(self, edit: Edit) -> str:
        path = Path(self.project.root, edit.file)
        text = edit.change(path.read_text("utf-8") if path.exists() else "")
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return edit.file

    def _undo(self, file: str) -> None:
        path, original = Path(self.project.root, file), Path(bundled().root, file)
        if original.exists():
            shutil.copy(original, path)
            return
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


def wrong(desk: Desk, edits: Iterable[Edit]) -> dict[str, set[str]]:
    """The edits after which other checks than expected have a finding, with those that have."""
    return {
        f"{edit.kind}: {edit.name}": found
        for group in _groups(edits)
        if desk.found(group) != set().union(*(edit.finds for edit in group))
        for edit in group
        if (found := desk.found([edit])) != edit.finds
    }


def _groups(edits: Iterable[Edit]) -> list[list[Edit]]:
    """The edits in groups that are tried at once: of different files, and for different checks."""
    groups: list[list[Edit]] = []
    for edit in edits:
        fitting = (group for group in groups if not any(_meet(edit, other) for other in group))
        group = next(fitting, None)
        if group is None:
            groups.append([edit])
        else:
            group.append(edit)
    return groups


def _meet(one: Edit, other: Edit) -> bool:
    unreadable = {"InputError"} & {*one.finds, *other.finds}
    return bool(unreadable or one.file == other.file or one.finds & other.finds)


def page() -> str:
    """The table of all edits, in Markdown."""
    seen = sum(bool(edit.finds) for edit in EDITS)
    lines = [
        "# Careless and malicious edits\n",
        "This table shows which careless or malicious edits of the bundled data `onehealthkg check` "
        f"detects. tests/edits.py makes these {len(EDITS)} edits, and {seen} of them are detected. For "
        "the others, the table gives the reason why no check can distinguish them from the truth. *not "
        "read* means that the file is refused, with the line of the error. The other names are those of "
        "[checks](../ontology/checks.md) and [shapes](../ontology/shapes.md). If the data are right in "
        "spite of a warning, its message says how to confirm them.\n\n"
        "In a project that `onehealthkg init` created, `shipped-file-is-unchanged` lists each file of "
        "the package that was changed, emptied, deleted or added: shapes, rules, checks, questions and "
        "contexts. So it also detects a lowered severity and a shape with `sh:deactivated`. Without "
        "the file `SHA256SUMS` in `ontology/` they cannot be compared, and `check` says so.",
    ]
    for kind in TABLE:
        lines.append(
            f"\n## {kind[0].upper()}{kind[1:]}\n\n| edit | detected by | not detected, because |\n|---|---|---|"
        )
        for edit in EDITS:
            if edit.kind == kind:
                names = ", ".join(f"`{name}`" for name in sorted(edit.finds)).replace(
                    "`InputError`", "*not read*"
                )
                lines.append(f"| {edit.name} | {names} | {'' if edit.finds else edit.why} |")
    return "\n".join(lines) + "\n"


PAGE = Path(__file__).parents[1] / "docs" / "reference" / "edits.md"

if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
