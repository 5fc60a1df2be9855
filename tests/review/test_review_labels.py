"""Labels and definitions of a vocabulary, as review shows them: safe, cut, and in words."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store
from reviewing import JANE, ZOONOSES

from onehealthkg.editing.terminal import shown, wrapped
from onehealthkg.reviewing.sides import read_facts, side

HOSTILE = {
    "escape": ("a\x1b[31mred\x9b2J", "a\\u001b[31mred\\u009b2J"),
    "bidi": ("a\u202egnp.exe\u2066", "a\\u202egnp.exe\\u2066"),
    "tabs and lines": ("a\tb\r\nc\x0bd", "a b c d"),
    "half a character": ("a\ud800", "a\\ud800"),
    "nothing": ("\u200b\u200f", "\\u200b\\u200f"),
}


@pytest.mark.parametrize(("text", "safe"), HOSTILE.values(), ids=HOSTILE)
def test_labels_cannot_control_the_terminal(text: str, safe: str) -> None:
    assert shown(text) == safe


def test_long_labels_are_cut_and_say_so() -> None:
    assert shown("é" * 2**20) == "é" * 320 + " … (1 048 576 characters)"
    assert wrapped("e\u0301" * 6, 4) == ["e\u0301" * 4, "e\u0301" * 2]


def test_hostile_labels_of_a_vocabulary_are_shown_safely(talk, make, tmp_path: Path) -> None:
    facts = tmp_path / "x.nt"
    label = Literal("\x1b]0;title\x07\n" + "A" * 2**20, language="en")
    concept = NamedNode("http://aims.fao.org/aos/agrovoc/c_8530")
    predicate = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    facts.write_text(f"{concept} {predicate} {label} .\n", encoding="utf-8")
    bidi = ZOONOSES._replace(object_label="x", comment="\u202e" * 9)
    code, out, _ = talk("quit\n", make(bidi), *JANE, "--file", str(facts))
    assert (code, len(out) < 6000) == (0, True)
    assert set("\x1b\x07\u202e").isdisjoint(out)
    assert "\\u001b]0;title\\u0007\n" in out.replace(" ", "")


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".rdf", ".xyz"])
def test_a_vocabulary_that_cannot_be_read_is_named(talk, make, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x{ending}"
    path.write_text("<a", encoding="utf-8")
    code, out, err = talk("a\n", make(ZOONOSES), *JANE, "--file", str(path))
    assert (code, out, err.startswith(f"onehealthkg: {path}:")) == (3, "", True)


def test_definitions_that_are_nodes_and_neighbours_without_labels_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://x.org/> ."
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
        ':a skos:prefLabel "a"@es ; skos:definition :d ; skos:broader :b . :d rdf:value "text"@en .'
        ':c skos:prefLabel "not near"@en .',
        encoding="utf-8",
    )
    facts = read_facts([path], {"http://x.org/a"})
    found = side([facts, Store()], "http://x.org/a", "x:a", "label there")
    assert (found.labels, found.texts, found.broader) == (
        ("a (es)",),
        ("text (en)",),
        ("http://x.org/b",),
    )
    assert [quad for quad in facts if quad.subject == NamedNode("http://x.org/c")] == []
    assert side([Store()], "http://x.org/a", "x:a", "label there").labels == ("label there",)
