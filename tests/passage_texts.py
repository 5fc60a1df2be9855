"""Texts with their passages, for the tests of the command passages."""

from pyoxigraph import RdfFormat, parse

from onehealthkg.names import PREFIXES, SOURCE
from onehealthkg.sources.passages import context
from onehealthkg.sources.sentences import cut

BASE = f"@base <{SOURCE}x> .\n"
OA = PREFIXES["oa"]

SKELETON = """\
@base <https://w3id.org/onehealthkg/source/x> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf:    <http://xmlns.com/foaf/0.1/> .
@prefix id:      <https://w3id.org/onehealthkg/id/> .
@prefix oh:      <https://w3id.org/onehealthkg/ontology#> .
@prefix org:     <http://www.w3.org/ns/org#> .
@prefix schema:  <http://schema.org/> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

# What the text itself does not say: where it was published, labels for what it describes, what its
# pronouns stand for (oh:antecedent), and why a passage states nothing (oh:withoutStatement).
<#about> {
    <#about>
        a oh:CuratedGraph ;
        # dcterms:source <https://...> ;
        dcterms:title "About x"@en , "À propos de x"@fr .

    <>
        a foaf:Document ;
        # dcterms:publisher id:organisation-... ;
        dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> .

    # <x.txt> dcterms:source <https://...> .
}

#| The Press
<#s1> {
}

#| Call the press.
<#s2> {
}
"""


def write(path, text):
    path.write_bytes(text.encode())
    return path


def described(text_file):
    """The passages that the program's file describes, in the order of the text: name, start, end, quote, context."""
    rows = {}
    for quad in parse(path=text_file.with_suffix(".passages.trig"), format=RdfFormat.TRIG):
        if quad.predicate.value.startswith(OA) and hasattr(quad.object, "datatype"):
            name = quad.subject.value.rpartition("#")[2].split("-")[0]
            rows.setdefault(name, {})[quad.predicate.value.removeprefix(OA)] = quad.object.value
    found = [
        (
            name,
            int(row["start"]),
            int(row["end"]),
            row["exact"],
            (row.get("prefix", ""), row.get("suffix", "")),
        )
        for name, row in rows.items()
    ]
    return sorted(found, key=lambda row: row[1])


def named(text_file):
    return [(name, " ".join(quote.split())) for name, _, _, quote, _ in described(text_file)]


def stated(text_file):
    return set(parse(path=text_file.with_suffix(".trig"), format=RdfFormat.TRIG))


def both(text_file):
    return [text_file.with_suffix(end).read_bytes() for end in (".passages.trig", ".trig")]


def own(text):
    """The author's own lines: all but our comments."""
    return [line for line in text.split("\n") if not line.lstrip().startswith("#|")]


def assert_quotes_are_right(text_file):
    text = text_file.read_bytes().decode()
    at = 1 if text.startswith("\ufeff") else 0
    for _, start, end, quote, around in described(text_file):
        assert (text[start:end], text[at:start].strip(), around) == (
            quote,
            "",
            context(text, start, end),
        )
        at = end
    assert text[at:].strip() == ""


# Changes of the text

A = "The agency signed a framework agreement with the institute on zoonoses."
B = "Both bodies intend to share data and equipment for five years."
C = "Antimicrobial resistance in poultry remains a concern for the ministry."
D = "The laboratory was founded in 1964 and employs nine hundred people."
X = "A new programme on vector-borne diseases will be launched in autumn."


# The author's file

THREE = "The first.\n\nThe second.\n\nThe third.\n"


def pieces(text: str, language: str) -> list[str]:
    """The sentences of a text."""
    return [text[span.start : span.end] for span in cut(text, language)]
