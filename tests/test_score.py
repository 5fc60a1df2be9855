"""Similar labels, and the scores of candidates."""

import pytest

from onehealthkg.vocabularies.concepts import Concept, Label
from onehealthkg.vocabularies.labels_index import LabelsIndex, forms
from onehealthkg.vocabularies.lookup_endpoint import spellings
from onehealthkg.vocabularies.score import EXACT, score


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Zoonoses", "zoonosis", "en"),
        ("diseases, zoonotic", "zoonotic disease", "en"),
        ("assessment of risk", "Risk Assessment", "en"),
        ("chemical analyses", "Chemical Analysis", "en"),
        ("viruses", "virus", "en"),
        ("organisations", "organization", "en"),
        ("foetal haemorrhage", "fetal hemorrhage", "en"),
        ("co-operation", "cooperation", "en"),
        ("animaux", "animal", "fr"),
        ("nanomatériaux", "nanomatériau", "fr"),
        ("évaluation des risques", "evaluation du risque", "fr"),
        ("pollution de l’air", "Pollution de l'air", "fr"),
        ("ｚｏｏｎｏｓｉｓ", "zoonosis", "en"),
    ],
)
def test_a_label_is_the_same_in_another_spelling_number_or_order(
    one: str, other: str, language: str
) -> None:
    assert forms(one, language).key == forms(other, language).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("food safety", "food security"),
        ("risk management", "risk assessment"),
        ("research policy", "policy research"),
        ("health", "animal health"),
        ("antibiotic resistance", "antibiotic resistance in animal health"),
    ],
)
def test_a_label_is_not_the_same_as_one_with_other_words(one: str, other: str) -> None:
    assert forms(one, "en").key != forms(other, "en").key


def test_labels_are_found_in_their_own_language_and_without_one() -> None:
    index = LabelsIndex([("thing", "surveillance", "en")])
    found = [len(index.found("Surveillance", tag)) for tag in ("en", "en-GB", "", "mul", "fr")]
    assert found == [1, 1, 1, 1, 0]


def concept(iri: str, *labels: str, **parts: object) -> Concept:
    """A concept with labels written as ``pref:en:zoonosis``."""
    split = [one.split(":") for one in labels]
    made = tuple(sorted(Label(text, language, kind) for kind, language, text in split))
    return Concept(iri, made, **parts)  # type: ignore[arg-type]


OURS = concept("id:a", "pref:en:surveillance", "pref:fr:surveillance")


def test_the_score_consists_of_reasons_in_words() -> None:
    got = score(OURS, concept("x:1", "pref:en:Surveillance", "alt:fr:surveillances"))
    assert got.confidence == 0.952
    assert got.comment() == (
        "pref “surveillance”@en = pref “Surveillance”@en (0.85); "
        "pref “surveillance”@fr ≈ alt “surveillances”@fr (0.68)"
    )


def test_a_homonym_whose_other_language_differs_is_not_proposed_as_exact() -> None:
    got = score(OURS, concept("x:5144", "pref:en:surveillance", "pref:fr:garde à vue"))
    assert got.confidence < EXACT
    assert got.comment().endswith("pref “garde à vue”@fr is not one of our labels (0.50)")


def test_an_obsolete_concept_is_not_proposed_as_exact() -> None:
    labels = ("pref:en:surveillance", "pref:fr:surveillance")
    assert score(OURS, concept("x:1", *labels)).confidence > EXACT
    assert score(OURS, concept("x:1", *labels, obsolete=True)).confidence < EXACT


def test_broader_concepts_and_definitions_count() -> None:
    up, words = (Label("health", "en", "pref"),), (Label("killed by parasites", "en", "pref"),)
    more = {"broader": up, "definitions": words}
    ours = concept("id:b", "alt:en:fever", **more)
    theirs = concept("x:1", "alt:en:fever", **more)
    assert score(ours, theirs).confidence == 0.7
    also = (Label("they are killed, by parasites", "en", "pref"),)
    more_words = theirs._replace(definitions=also)
    assert score(ours, more_words).has_context


def test_concepts_without_a_similar_label_score_zero() -> None:
    assert score(OURS, concept("x:1", "pref:en:police")).confidence == 0


def test_an_endpoint_is_asked_for_each_usual_spelling_of_a_label() -> None:
    got = list(spellings("air pollution", "en"))
    assert got[0] == "air pollution"
    assert {"Air Pollution", "Air pollution", "air pollutions"} <= set(got)
    assert "Zoonosis" in set(spellings("zoonoses", "en"))
