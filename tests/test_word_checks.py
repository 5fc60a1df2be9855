"""The refusals and acceptances of the checks of words: small passages, each with one statement.

All passages are in one store, which is read once; a case is refused where the check has its passage.
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import RdfFormat, Store, parse

from onehealthkg.checks.mentions import with_mentions
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.names import PREFIXES
from onehealthkg.paths import bundled
from onehealthkg.rdf.sparql_files import read_file

AGREEMENT = "id:agreement-anses-inserm-2020"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/"


class Case(NamedTuple):
    check: str
    language: str
    words: str
    statement: str
    refused: bool


def issued(language: str, words: str, date: str, *, refused: bool) -> Case:
    kind = {1: "gYear", 2: "gYearMonth", 3: "date"}[len(date.split("-"))]
    statement = f'<> dcterms:issued "{date}"^^xsd:{kind}'
    return Case("date-is-written", language, words, statement, refused)


def term(language: str, words: str, duration: str, *, refused: bool) -> Case:
    statement = f'{AGREEMENT} oh:term "{duration}"^^xsd:duration'
    return Case("term-is-written", language, words, statement, refused)


def named(language: str, words: str, thing: str, *, refused: bool) -> Case:
    kind = thing.split("-")[0]
    link = {"topic": "oh:topic", "place": "prov:atLocation"}.get(kind, "oh:party")
    return Case("thing-is-named", language, words, f"{AGREEMENT} {link} id:{thing}", refused)


def quoted(language: str, words: str, quote: str, *, refused: bool) -> Case:
    statement = f'{AGREEMENT} oh:scopeInWords "{quote}"@{language}'
    return Case("text-is-quoted", language, words, statement, refused)


WRONG_DATES = [
    issued("en", "Maisons-Alfort, 5 February 2020", "2020-05-05", refused=True),
    issued("en", "Paris, 3 December 2012", "2012-03-03", refused=True),
    issued("fr", "Lyon, le 4 juin 2004", "2004-04-04", refused=True),
    issued("en", "On 10 October 2010 in room 11.", "2010-10-11", refused=True),
    issued("en", "Signed on 3 February 2020; it ends in 2025.", "2025-02-03", refused=True),
    issued("en", "Begun in 2018, it was signed on 3 May 2020.", "2018-05-03", refused=True),
    issued("fr", "Le 2 mars 2019, puis en avril 2021.", "2021-03-02", refused=True),
    issued("en", "From 1 June 2020 to 30 July 2021.", "2021-06-01", refused=True),
    issued("en", "Signed in February 2020 with 5 partners.", "2020-02-05", refused=True),
    issued("en", "In 2020, 3 ministers met in May.", "2020-05-03", refused=True),
    issued("fr", "En mars 2020, 12 pays ont signé.", "2020-03-12", refused=True),
    issued("en", "Signed in 2020.", "2020-02", refused=True),
    issued("en", "It may join; 2020 was its year.", "2020-05", refused=True),
    issued("en", "Regulation (EU) 2019/6 applies.", "2019", refused=True),
    issued("en", "A fund of €2000 and 2015 animals.", "2015", refused=True),
    issued("en", "See https://www.example.org/2020/02/05/page", "2020-02-06", refused=True),
    issued("fr", "Le décret n°2010-719 du 28 juin 2011", "2010", refused=True),
    issued("fr", "Le décret n° 2010 du 28 juin 2011", "2010", refused=True),
    issued("fr", "L'avenant n° 2021-03 du 5 mai 2022", "2021-03", refused=True),
    issued("en", "Dated 00/05/2020", "2020-05", refused=True),
    issued("en", "Dated 2020-02-00", "2020-02", refused=True),
]
RIGHT_DATES = [
    issued("fr", "PARIS, LE 5 FEVRIER 2020", "2020-02-05", refused=False),
    issued("fr", "LE 14 AOUT 2019", "2019-08-14", refused=False),
    issued("fr", "Le 3 Decembre 2021", "2021-12-03", refused=False),
    issued("fr", "Le 3 fe\u0301vrier 2021", "2021-02-03", refused=False),
    issued("fr", "Paris, le 1ᵉʳ mars 2020", "2020-03-01", refused=False),
    issued("en", "On the 5ᵗʰ of March, 2020", "2020-03-05", refused=False),
    issued("en", "Done on the 22ⁿᵈ February 2020", "2020-02-22", refused=False),
    issued("en", "Done on the 5th day of February 2020", "2020-02-05", refused=False),
    issued("en", "February 5th, 2020", "2020-02-05", refused=False),
    issued("en", "on the twenty-first of May 2020", "2020-05-21", refused=False),
    issued("fr", "le cinq février 2020", "2020-02-05", refused=False),
    issued("fr", "mardi 5\u00a0févr. 2020", "2020-02-05", refused=False),
    issued("en", "2020-02-05", "2020-02-05", refused=False),
    issued("fr", "05/02/2020", "2020-02-05", refused=False),
    issued("en", "5-7 March 2020", "2020-03-05", refused=False),
    issued("fr", "du 28 février au 2 mars 2020", "2020-02-28", refused=False),
    issued("en", "on 5 and 6 February 2020", "2020-02-05", refused=False),
    issued("en", "on 5 Feb\u00adruary 2020", "2020-02-05", refused=False),
    issued("en", "on 5 Septem-\nber 2020", "2020-09-05", refused=False),
    issued("en", "on 5 February 2020¹", "2020-02-05", refused=False),
    issued("en", "February and March 2020", "2020-02", refused=False),
    issued("en", "from 2018–2020", "2020", refused=False),
    issued("en", "Signed on 5 February 2020.12", "2020-02-05", refused=False),
]
WRONG_TERMS = [
    term("fr", "La convention dure vingt-quatre mois.", "P4M", refused=True),
    term("fr", "Elle dure quatre-vingt-dix jours.", "P10D", refused=True),
    term("en", "It lasts thirty-six months.", "P6M", refused=True),
    term("en", "A term of 125 days.", "P25D", refused=True),
    term("en", "It runs for three years and six months.", "P3Y", refused=True),
    term("en", "It runs for 2.5 years.", "P5Y", refused=True),
    term("fr", "Pour un an et demi.", "P1Y", refused=True),
    term("fr", "Deux ans, trois mois et dix jours.", "P2Y", refused=True),
    term("fr", "Il a été signé il y a un an.", "P1Y", refused=True),
    term("fr", "Il y a maintenant plus de cinq ans, ils ont signé.", "P5Y", refused=True),
    term("en", "Signed three years ago, it holds.", "P3Y", refused=True),
    term("en", "Two years later they met.", "P2Y", refused=True),
    term("fr", "Cinq ans plus tard, ils signent.", "P5Y", refused=True),
    term("fr", "Un rapport tous les deux ans.", "P2Y", refused=True),
    term("en", "They hold three meetings a year.", "P1Y", refused=True),
    term("en", "It lasts two to five years.", "P5Y", refused=True),
    term("en", "A biannual report.", "P2Y", refused=True),
    term("fr", "Il y aura bientôt dix ans.", "P10Y", refused=True),
    term("fr", "Un rapport dans les deux ans.", "P2Y", refused=True),
    term("fr", "Un rapport dans un délai de deux ans.", "P2Y", refused=True),
]
RIGHT_TERMS = [
    term("fr", "La convention dure quarante-huit mois.", "P48M", refused=False),
    term("fr", "Elle dure soixante-douze mois.", "P6Y", refused=False),
    term("en", "It lasts one hundred and twenty days.", "P120D", refused=False),
    term("fr", "Pour vingt et un mois.", "P21M", refused=False),
    term("fr", "C'est un accord quinquennal.", "P5Y", refused=False),
    term("fr", "Des conventions triennales.", "P3Y", refused=False),
    term("en", "A 5-yr plan.", "P5Y", refused=False),
    term("en", "It covers a decade.", "P10Y", refused=False),
    term("en", "A biennial programme.", "P2Y", refused=False),
    term("en", "It runs for three years and six months.", "P42M", refused=False),
    term("en", "For two and a half years.", "P30M", refused=False),
    term("en", "For three-and-a-half years.", "P42M", refused=False),
    term("en", "For five (5) years.", "P5Y", refused=False),
    term("fr", "Pour une durée de 3\u202fans.", "P3Y", refused=False),
    term("en", "A five-\nyear plan.", "P5Y", refused=False),
    term("en", "A 10–year plan.", "P10Y", refused=False),
]
WRONG_NAMES = [
    named("en", "The partners who met agreed.", "organisation-who", refused=True),
    named("en", "Who signed?", "organisation-who", refused=True),
    named(
        "fr", "Ils remettent le rapport au ministre.", "organisation-african-union", refused=True
    ),
    named("fr", "L'AU est là.", "organisation-african-union", refused=True),
    named("fr", "ILS REMETTENT LE RAPPORT AU MINISTRE", "organisation-african-union", refused=True),
    named("en", "THE PARTNERS WHO MET AGREED", "organisation-who", refused=True),
    named("fr", "Le parc est grand.", "programme-parc", refused=True),
    named(
        "fr",
        "Le ministère de l'Agriculture du Sénégal signe.",
        "organisation-agriculture-ministry-france",
        refused=True,
    ),
    named(
        "en",
        "The Ministry of Agriculture and Cooperatives of Senegal signs.",
        "organisation-agriculture-ministry-thailand",
        refused=True,
    ),
    named(
        "en",
        "Senegal's Ministry of Agriculture and Cooperatives signs.",
        "organisation-agriculture-ministry-thailand",
        refused=True,
    ),
    named(
        "fr",
        "Le ministère de l'Agriculture sénégalais signe.",
        "organisation-agriculture-ministry-france",
        refused=True,
    ),
    named(
        "fr", "L'Institut Pasteur de Dakar signe.", "organisation-institut-pasteur", refused=True
    ),
    named("fr", "Les Instituts Pasteur signent.", "organisation-institut-pasteur", refused=True),
    named("fr", "Le ministère de la Santé (Burkina Faso) signe.", "organisation-health-ministry-france", refused=True),
    named("fr", "Le ministère de la Santé et de la Population du Kenya signe.", "organisation-health-ministry-france", refused=True),
    named("en", "The Ministry of Public Health, Kenya, signs.", "organisation-health-ministry-thailand", refused=True),
    named("en", "The Ministry of Public Health and Welfare of Japan signs.", "organisation-health-ministry-thailand", refused=True),
    named("fr", "Le ministère de l'Agriculture suisse signe.", "organisation-agriculture-ministry-france", refused=True),
    named("en", "The Dutch Ministry of Public Health signs.", "organisation-health-ministry-thailand", refused=True),
    named("en", "The Ministry of Education, Science and Technology of Kenya signs.", "organisation-education-ministry-thailand", refused=True),
    named("en", "The China CDC signs.", "organisation-cdc", refused=True),
    named("en", "Write to press@anses.fr.", "organisation-anses", refused=True),
    named("en", "See https://www.anses.fr/en for more.", "organisation-anses", refused=True),
    named("en", "The site anses.fr has it, says @anses.", "organisation-anses", refused=True),
    named("en", "Read ANSES.pdf now.", "organisation-anses", refused=True),
    named("en", "It is about air, pollution and water.", "topic-air-pollution", refused=True),
    named("en", "It is about nice weather.", "place-paris", refused=True),
]  # fmt: skip
RIGHT_NAMES = [
    named("en", "The WHO met.", "organisation-who", refused=False),
    named("en", "The World Health Organization of the United Nations met.", "organisation-who", refused=False),
    named("fr", "Le rapport de l'Anses de Mars 2020.", "organisation-anses", refused=False),
    named("en", "THE PARTNERS MET THE FAO", "organisation-fao", refused=False),
    named("fr", "Contre la re\u0301sistance aux antibiotiques.", "topic-antibiotic-resistance", refused=False),
    named("fr", "Sante\u0301 publique France signe.", "organisation-sante-publique-france", refused=False),
    named("fr", "Contre la pollu\u00adtion de l'air.", "topic-air-pollution", refused=False),
    named("fr", "Contre la pollu-\ntion de l'air.", "topic-air-pollution", refused=False),
    named("fr", "Contre la pollu\u200btion de l\u2019air.", "topic-air-pollution", refused=False),
    named("en", "Against antibiotic resistance¹ and more.", "topic-antibiotic-resistance", refused=False),
    named("en", "Against antibiotic resistance12 and more.", "topic-antibiotic-resistance", refused=False),
    named("en", "Against antibiotic resistance* and more.", "topic-antibiotic-resistance", refused=False),
    named("en", "Against antibiotic resistanceᵃ and more.", "topic-antibiotic-resistance", refused=False),
    named("fr", "LA RESISTANCE AUX ANTIBIOTIQUES", "topic-antibiotic-resistance", refused=False),
    named("fr", "Contre les résistances aux antibiotiques.", "topic-antibiotic-resistance", refused=False),
    named("fr", "Le ministère de la Santé (DGS) signe à Paris.", "organisation-health-ministry-france", refused=False),
    named("fr", "Le ministère de la Santé français signe.", "organisation-health-ministry-france", refused=False),
    named("fr", "Le ministère de la Santé (France) signe.", "organisation-health-ministry-france", refused=False),
    named("en", "Ministry of Public Health and the Government of Japan.", "organisation-health-ministry-thailand", refused=False),
    named("en", "In China CDC staff work.", "organisation-cdc", refused=False),
    named("en", "The Institut Pasteur signs.", "organisation-institut-pasteur", refused=False),
    named(
        "fr",
        "Le ministère de l'Agriculture signe.",
        "organisation-agriculture-ministry-france",
        refused=False,
    ),
]  # fmt: skip
QUOTES = [
    quoted("en", "It has 11 million euros.", "1 million euros", refused=True),
    quoted("en", "It has 2.1 million euros.", "1 million euros", refused=True),
    quoted("fr", "Vingt-quatre mois.", "quatre mois", refused=True),
    quoted("en", "Joint researchers.", "Joint research", refused=True),
    quoted("en", "It has 11 million euros.", "11 million euros", refused=False),
    quoted("fr", "La recherche inte\u0301gre\u0301e.", "recherche intégrée", refused=False),
    quoted("en", "Joint\nresearch.", "Joint research", refused=False),
    quoted("en", "Joint coope-\nration.", "Joint cooperation", refused=False),
    quoted("en", "Joint “One Health” work.", r"Joint \"One Health\" work", refused=False),
]
CASES = [
    *(*WRONG_DATES, *RIGHT_DATES, *WRONG_TERMS, *RIGHT_TERMS),
    *(*WRONG_NAMES, *RIGHT_NAMES, *QUOTES),
]


@pytest.fixture(scope="module")
def found() -> set[tuple[str, int]]:
    """The checks that have findings, with the numbers of their cases."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    passages = []
    for number, case in enumerate(CASES):
        words = case.words.replace("\n", "\\n")
        language = {"en": "ENG", "fr": "FRA"}[case.language]
        passages.append(
            f"@base <https://trial.example/{number}> .\n"
            f"<#about> {{ <> dcterms:language <{LANGUAGE}{language}> .\n"
            f"  <#s> a oh:Passage ; oa:hasSource <#t> ; oa:hasSelector <#q> .\n"
            f"  <#t> dcterms:isFormatOf <> .\n"
            f'  <#q> oa:exact "{words}" }}\n'
            f"<#s> {{ {case.statement} }}\n"
        )
    store = Store()
    curated = [file for file in read_dataset(bundled()).files if file.path.suffix == ".ttl"]
    store.extend(quad for file in curated for quad in file.quads)
    store.extend(parse((prefixes + "".join(passages)).encode(), RdfFormat.TRIG))
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    with with_mentions(store):
        return set(_findings(store))


def _findings(store: Store) -> list[tuple[str, int]]:
    findings = []
    for name in sorted({case.check for case in CASES}):
        path = Path(bundled().root, "ontology", "checks", f"{name}.rq")
        _, query = read_file(path, ("severity", "message", "description"))
        for row in store.query(query):
            graph = row["graph"].value
            if graph.startswith("https://trial.example/"):
                findings.append((name, int(graph.split("/")[-1].removesuffix("#s"))))
    return findings


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{case.check}: {case.words[:60]!r}" for case in CASES]
)
def test_a_check_refuses_exactly_what_the_words_do_not_say(
    found: set[tuple[str, int]], number: int
) -> None:
    case = CASES[number]
    assert ((case.check, number) in found) == case.refused, case
