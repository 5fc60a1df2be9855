"""The report's own words, in English and French, and dates in words."""

import re

_UNITS = {
    "en": (("year", "years"), ("month", "months"), ("day", "days")),
    "fr": (("an", "ans"), ("mois", "mois"), ("jour", "jours")),
}
_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")

WORDS = {
    "en": {
        "title": "One Health partnerships",
        "lead": "Who works with whom, on what, since when and until when, and the sentences that "
        "say so.",
        "timeline": "Agreements in time",
        "network": "Who is in what with whom",
        "as table": "The same as a table, with the passages that say so",
        "left out": "The picture has the {drawn} things with the most relations, of {all}; the "
        "table has them all.",
        "hint": "A mark follows each passage. Choose it to see the statements.",
        "signed": "signed",
        "started": "started",
        "ends": "ends",
        "stated": "stated in a source",
        "inferred": "inferred",
        "documented": "read in, no archived text",
        "no dates": "no dates are known",
        "version": "Data",
        "facts": "facts",
        "from": "From",
        "relation": "Relation",
        "to": "To",
        "passages": "Passages",
        "together": "party, partner, formalises",
        "programme": "programme",
        "supervision": "supervised by",
        "person": "person",
        "organisation": "organisation",
        "organisations": "organisations",
        "persons": "people",
        "agreement": "agreement",
        "agreements": "agreements",
        "partnership": "partnership",
        "partnerships": "partnerships",
        "programmes": "programmes",
        "months": "January February March April May June July August September October November "
        "December",
    },
    "fr": {
        "title": "Partenariats Une seule santé",
        "lead": "Qui travaille avec qui, sur quoi, depuis quand et jusqu’à quand, et les phrases "
        "qui le disent.",
        "timeline": "Les accords dans le temps",
        "network": "Qui participe à quoi avec qui",
        "as table": "Le même réseau en tableau, avec les passages qui l’énoncent",
        "left out": "L’image montre les {drawn} éléments qui ont le plus de relations, sur {all} ; "
        "le tableau les contient tous.",
        "hint": "Chaque passage est suivi d’une marque, qui ouvre ses énoncés.",
        "signed": "signé le",
        "started": "commence le",
        "ends": "prend fin le",
        "stated": "énoncé par une source",
        "inferred": "déduit",
        "documented": "lu dans, sans texte archivé",
        "no dates": "aucune date n’est connue",
        "version": "Données",
        "facts": "faits",
        "from": "De",
        "relation": "Relation",
        "to": "Vers",
        "passages": "Passages",
        "together": "partie, partenaire, formalise",
        "programme": "programme",
        "supervision": "sous la tutelle de",
        "person": "personne",
        "organisation": "organisation",
        "organisations": "organisations",
        "persons": "personnes",
        "agreement": "accord",
        "agreements": "accords",
        "partnership": "partenariat",
        "partnerships": "partenariats",
        "programmes": "programmes",
        "months": "janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre",
    },
}


def in_words(date: str, language: str) -> str:
    """A day or a month in words, ``5 February 2020`` or ``June 2009``; other dates as they are."""
    found = _DATE.fullmatch(date)
    months = WORDS[language]["months"].split()
    if not found or not 1 <= int(found[2]) <= len(months):
        return date
    day = f"{int(found[3])} " if found[3] else ""
    return f"{day}{months[int(found[2]) - 1]} {found[1]}"


def duration_in_words(duration: str, language: str) -> str:
    """Years, months and days in words, ``5 years`` for ``P5Y``; other durations as they are."""
    found = _DURATION.fullmatch(duration)
    if not found:
        return duration
    counts = zip(found.groups(), _UNITS[language], strict=True)
    told = (f"{int(one)} {names[int(one) > 1]}" for one, names in counts if one is not None)
    return ", ".join(told)
