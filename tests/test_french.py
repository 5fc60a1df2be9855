"""The French of the data keeps to the choices of CONTRIBUTING.md."""

from pyoxigraph import Literal

from onehealthkg.graph import KnowledgeGraph

ALONE = {"Une seule santé"}  # the name of the approach itself


def french(graph: KnowledgeGraph) -> set[str]:
    return {
        quad.object.value
        for quad in graph.merged
        if isinstance(quad.object, Literal) and quad.object.language == "fr"
    }


def test_une_seule_sante_stands_in_guillemets_within_other_words(graph: KnowledgeGraph) -> None:
    texts = {text for text in french(graph) if "une seule santé" in text.casefold()}
    assert len(texts) > 15
    assert {text for text in texts if "« Une seule santé »" not in text} == ALONE


def test_a_text_in_free_words_is_not_called_spelt_out(graph: KnowledgeGraph) -> None:
    assert [text for text in french(graph) if "toutes lettres" in text] == []
