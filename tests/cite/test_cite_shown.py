"""How a citation is shown: with its quote, its source and a link to the words."""

import re
import subprocess
import sys

from citing import HEAD
from pyoxigraph import Store

from onehealthkg.citations.cite import cite
from onehealthkg.citations.quotes import as_data, lines, markdown, render, sentences
from onehealthkg.evidence.evidence import Passage
from onehealthkg.evidence.quotes import fragment
from onehealthkg.queries.tables import as_html, table


def document(*quotes: str) -> list[Passage]:
    return [
        Passage(f"https://e.org/d#s{at}", "https://e.org/d.txt", "https://e.org/d", one, at, at)
        for at, one in enumerate(quotes)
    ]


def test_a_text_fragment_has_the_whole_of_a_short_quote() -> None:
    passages = document("Long-term, 50 % & more", "Another")
    assert fragment(passages[0], passages) == ":~:text=Long%2Dterm%2C%2050%20%25%20%26%20more"


def test_a_text_fragment_has_both_ends_of_a_long_quote() -> None:
    passages = document("One two three four five six seven eight nine ten eleven twelve thirteen.")
    assert (
        fragment(passages[0], passages)
        == ":~:text=One%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen."
    )


def test_a_text_fragment_identifies_a_repeated_quote_by_its_context() -> None:
    passages = document("Contact", "Write to us about it.", "contact", "The end")
    assert fragment(passages[2], passages) == ":~:text=us%20about%20it.-,contact"
    assert fragment(passages[0], passages) == ":~:text=Contact,-Write%20to%20us"


def test_a_citation_is_shown_with_sentence_source_and_link(store: Store) -> None:
    [one] = cite(store, HEAD + "SELECT ?o { ?o schema:foundingDate ?y FILTER(STR(?y) = '1964') }")
    link = "https://www.anses.fr/en/content/anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0#:~:text=Founded%20in%201964%2C%20Inserm%20is,"
    text = render(store, one).split("\n")
    assert text[0].startswith("“Founded in 1964, Inserm is a public scientific")
    assert (
        text[1]
        == "  ANSES and Inserm sign a scientific cooperation partnership agreement, ANSES, 2020-02-05"
    )
    assert text[2].startswith("  " + link)
    assert text[3:] == ["    Inserm · founded · 1964"]
    assert f"](<{link}" in markdown(store, one)
    page = as_html("", table(["o"], [[None]]), cited=[sentences(store, one)])
    assert re.search(rf'<q>Founded in 1964, .*?</q> \(<bdi><a href="{re.escape(link)}', page)
    [line] = lines(store, one)
    assert line.quote == text[0].partition("  [")[0]
    assert (line.source, line.link) == (text[1].strip(), text[2].strip())
    data = as_data(store, one)
    assert list(data) == ["supports", "derivations", "grouped", "absences"]
    assert data["derivations"] == [[0]]


def test_importing_citations_does_not_import_rdflib() -> None:
    code = "import onehealthkg.citations.cite, onehealthkg.citations.quotes, onehealthkg.citations.cited, sys; sys.exit('rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
