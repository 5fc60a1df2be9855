"""Sentences of any text: known wrong cuts, spans, languages, and the work that they take."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passage_texts import pieces

from onehealthkg.sources.layout import Span
from onehealthkg.sources.sentences import cut

SOURCE = Path(__file__).parents[1] / "data" / "sources" / "2020-02-05-anses-inserm.txt"

# Two sentences of which the rules know no better than to keep them together, or a sentence that
# they cut: who mends one of these moves it to the tables above.
KNOWN_WRONG = [
    ("en", "It works in the U.S. Inserm joined.", ["It works in the U.S. Inserm joined."]),
    ("en", "It is done.The end.", ["It is done.The end."]),
    ("en", "Read “Who cares?” Today it sells.", ["Read “Who cares?”", "Today it sells."]),
    ("en", "The Yahoo! Group left.", ["The Yahoo!", "Group left."]),
    ("en", "The Natl. Council met.", ["The Natl. Council met."]),
    ("fr", "Il faut la vitamine C. La France agit.", ["Il faut la vitamine C. La France agit."]),
    ("fr", "L'accord (enfin !) Anses-Inserm.", ["L'accord (enfin !)", "Anses-Inserm."]),
]

PIECES = [
    *("One", "two", "Dr", "etc", "U.S", "J", "M", "n°", "5", "1.", "a)", "(", ")", "“", "”", "«"),
    *("»", "‘", "’", '"', "'", "[", "]", ".", "...", "…", "?", "!", ",", ":", ";", "-", "–", "•"),
    *("*", "。", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\f", "\u00a0", "\u202f", "\u2028"),
    *("\ufeff", "\u200b", "\u0301", "🎉", "[1]", "-----", "www.anses.fr", "3.5"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
LANGUAGES = st.sampled_from(["en", "fr"])


@pytest.mark.parametrize(("language", "text", "expected"), KNOWN_WRONG)
def test_known_wrong_cuts_are_as_described(language: str, text: str, expected: list[str]) -> None:
    assert pieces(text, language) == expected


def test_the_anses_inserm_release_has_21_passages() -> None:
    text = SOURCE.read_bytes().decode()
    first_words = [" ".join(piece.split()[:3]) for piece in pieces(text, "en")]
    assert first_words == [
        "Maisons-Alfort, 5 February",
        "Press release",
        "ANSES and Inserm",
        "Gilles Bloch, Chairman",
        "The two organisations",
        "This partnership reflects",
        "Inserm and ANSES",
        "The five-year framework",
        "The partnership provides",
        "It also plans",
        "In addition, this",
        "Moreover, the involvement",
        "Through this agreement,",
        "Inserm (French National",
        "Founded in 1964,",
        "The institute is",
        "It also partners",
        "ANSES",
        "ANSES provides public",
        "It studies, assesses",
        "A national agency",
    ]


def test_spans_count_code_points_of_the_text_as_given() -> None:
    assert cut("\ufeffA\u0301 🎉.\r\n\r\nNext. ", "en") == [Span(1, 6), Span(10, 15)]


@pytest.mark.parametrize("language", ["de", "", "EN", "en-GB"])
def test_an_unknown_language_is_named_with_those_that_are_known(language: str) -> None:
    message = f"cannot cut a text in {language!r}: the supported languages are en, fr"
    with pytest.raises(ValueError, match=f"^{message}$"):
        cut("Ein Satz.", language)


@given(TEXTS, LANGUAGES)
def test_spans_hold_all_of_any_text_in_order_without_white_space_at_their_ends(
    text: str, language: str
) -> None:
    end = 1 if text.startswith("\ufeff") else 0
    for span in cut(text, language):
        gap, passage = text[end : span.start], text[span.start : span.end]
        assert (span.start >= end, gap.strip(), passage) == (True, "", passage.strip() or "empty")
        end = span.end
    assert text[end:].strip() == ""


@given(TEXTS, TEXTS, LANGUAGES)
def test_a_blank_line_makes_two_texts_of_any_text(above: str, below: str, language: str) -> None:
    below = below.lstrip("\ufeff")
    offset = len(above) + 2
    expected = cut(above, language) + [
        Span(span.start + offset, span.end + offset) for span in cut(below, language)
    ]
    assert cut(f"{above}\n\n{below}", language) == expected


def test_a_megabyte_without_a_full_stop_is_one_passage() -> None:
    text = "word " * 200_000
    assert cut(text, "en") == [Span(0, len(text) - 1)]


def work(text: str) -> int:
    """Count the calls, of Python and of C functions, that cutting a text takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        cut(text, "fr")
    finally:
        sys.setprofile(before)
    return calls


REPEATED = [
    *("word ", "a. ", "A. ", "One two. ", "(", "((A. B. ) ", "“A b. ", "« A b. C d. » ", '"a b. '),
    *(". » ", ".”) ", "[1]", "1.1.", "?! ", "... ", "- a\n", "1. a\n", "A\n", "a\n\n", ".\u00a0"),
    *("‘a’ ", "( A. ]", "🎉", "etc. ", "M. "),
]


@pytest.mark.parametrize("unit", REPEATED)
def test_twice_the_text_takes_twice_the_work(unit: str) -> None:
    assert work(unit * 1000) <= 2.2 * work(unit * 500)


def test_twice_the_depth_of_brackets_takes_twice_the_work() -> None:
    def nested(depth: int) -> str:
        return "(" * depth + "A b. C d. " + "E f.)" * depth

    assert work(nested(1000)) <= 2.2 * work(nested(500))
