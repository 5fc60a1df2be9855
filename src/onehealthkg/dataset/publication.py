"""The publisher, the licence and the other values that all descriptions of the data share."""

from pyoxigraph import Literal, NamedNode

from onehealthkg.names import HOME

TITLE = "onehealthkg"
CREATOR = NamedNode(HOME + "contributors")
CREATOR_NAME = "onehealthkg contributors"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_ID = "CC-BY-4.0"
LICENCE_NAME = "Creative Commons Attribution 4.0 International"
DESCRIPTIONS = {
    "en": "A knowledge graph of One Health partnerships: every fact with the sentence that states "
    "it.",
    "fr": "Un graphe de connaissances des partenariats Une seule santé : chaque fait est "
    "accompagné de la phrase qui l'énonce.",
}
RIGHTS = {
    "en": "The licence covers the statements; the words that they quote belong to the publishers "
    "of the texts.",
    "fr": "La licence porte sur les énoncés ; les passages cités appartiennent aux éditeurs des "
    "textes.",
}


def in_languages(texts: dict[str, str]) -> list[Literal]:
    """The texts as literals with their languages."""
    return [Literal(text, language=language) for language, text in texts.items()]
