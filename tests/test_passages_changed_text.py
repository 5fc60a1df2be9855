"""A text that changes: the names that passages keep, and reports about removed ones."""

import tempfile
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from passage_texts import (
    BASE,
    A,
    B,
    C,
    D,
    X,
    assert_quotes_are_right,
    both,
    named,
    own,
    stated,
    write,
)

from onehealthkg.names import PREFIXES
from onehealthkg.sources.passages import passages

HEAD = BASE + f"@prefix oh: <{PREFIXES['oh']}> .\n"
D1, D2 = "The laboratory was founded in 1964.", "It employs nine hundred people."
PRESS, PHONE = "Contact for the press", "Phone: 01 02 03 04 05"

EDITS = {  # before, after, the names after, those changed, those gone
    "inserted at the start": ([A, B, C], [X, A, B, C], "s4 s1 s2 s3", "", ""),
    "inserted at the end": ([A, B, C], [A, B, C, X], "s1 s2 s3 s4", "", ""),
    "deleted": ([A, B, C], [A, C], "s1 s3", "", "s2"),
    "replaced": ([A, B, C], [A, X, C], "s1 s4 s3", "", "s2"),
    "all replaced": ([A, B], [C, D], "s3 s4", "", "s1 s2"),
    "split": ([A, D, C], [A, D1, D2, C], "s1 s2 s4 s3", "s2", ""),
    "merged": ([A, D1, D2, C], [A, D, C], "s1 s2 s4", "s2", "s3"),
    "typing error": ([A, B, C], [A, B.replace("t", "tt", 1), C], "s1 s2 s3", "s2", ""),
    "all with a typing error": (
        [A, B, C],
        [one.replace("e", "ee", 1) for one in (A, B, C)],
        "s1 s2 s3",
        "s1 s2 s3",
        "",
    ),
    "moved": ([A, B, C, D], [D, C, A, B], "s4 s3 s1 s2", "", ""),
    "moved with a typing error": ([A, B, C], [C.replace("n", "m", 1), A, B], "s3 s1 s2", "s3", ""),
    "doubled": ([A, B, C], [A, B, B, C], "s1 s4 s2 s3", "", ""),
    "doubled far away": ([A, B, C], [B, A, B, C], "s4 s1 s2 s3", "", ""),
    "first of two equal ones deleted": (
        [A, PRESS, B, PRESS, PHONE],
        [A, B, PRESS, PHONE],
        "s1 s3 s4 s5",
        "",
        "s2",
    ),
    "second of two equal ones deleted": (
        [A, PRESS, B, PRESS, PHONE],
        [A, PRESS, B, PHONE],
        "s1 s2 s3 s5",
        "",
        "s4",
    ),
    "inserted before the second of two equal ones": (
        [PRESS, PHONE, PRESS, A],
        [PRESS, PHONE, X, PRESS, A],
        "s1 s2 s5 s3 s4",
        "",
        "",
    ),
    "moved with equal ones": ([PRESS, A, PRESS, B], [PRESS, B, PRESS, A], "s3 s4 s1 s2", "", ""),
    "moved with equal ones behind them": (
        [A, PRESS, B, PRESS],
        [B, PRESS, A, PRESS],
        "s3 s4 s1 s2",
        "",
        "",
    ),
    "two alike, the second more so": (
        [A, B, C],
        [A, "Both bodies intend to share data.", B.replace("t", "tt", 1), C],
        "s1 s4 s2 s3",
        "s2",
        "",
    ),
    "white space": ([A, B], [A.replace(" ", "\n"), B.replace(" ", "  ")], "s1 s2", "", ""),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("edit", EDITS)
def test_names_follow_their_words(tmp_path, edit, line_end):
    old, new, *names = EDITS[edit]
    names, changed, gone = (one.split() for one in names)
    text_file = write(tmp_path / "x.txt", "\n\n".join(old))
    passages(text_file, "en")
    author = text_file.with_suffix(".trig")
    text = author.read_text("utf-8").replace("> {\n}", "> {\n    <> a <#kept> . # mine\n}")
    write(author, text)
    before = stated(text_file)

    write(text_file, "\n\n".join(new).replace("\n", line_end))
    done = passages(text_file)
    assert done[2:] == (len(new), [n for n in names if int(n[1:]) > len(old)], changed, gone)
    assert named(text_file) == list(zip(names, (" ".join(one.split()) for one in new), strict=True))
    assert_quotes_are_right(text_file)
    assert stated(text_file) == before
    written = author.read_text("utf-8")
    assert own(written)[: len(own(text)) - 1] == own(text)[:-1]
    marks = named(text_file) + [(name, old[int(name[1:]) - 1]) for name in gone]
    for name, words in marks:
        assert f"\n#| {words}\n<#{name}> {{\n" in written
    assert written.count("#|") == written.count("> {") - 1 == len(marks)

    again = both(text_file)
    assert passages(text_file)[3:] == ([], [], gone)
    assert both(text_file) == again


def test_a_name_is_not_reused_after_its_graph_was_removed(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    write(text_file, A)
    assert passages(text_file).gone == ["s2"]
    write(author, author.read_text("utf-8").partition(f"\n#| {B}")[0])
    assert passages(text_file)[3:] == ([], [], [])
    write(text_file, f"{A}\n\n{X}")
    assert passages(text_file).new == ["s3"]
    assert "s2" not in author.read_text("utf-8")
    last = text_file.with_suffix(".passages.trig").read_text("utf-8").splitlines()[-3:]
    assert last == ["", "# Gone from the text; these names are not reused:", f"# s2 {B}"]


def test_words_that_return_get_their_old_name(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    passages(text_file)
    of_program, of_author = both(text_file)
    write(text_file, f"{X}\n\n{C}")
    assert passages(text_file)[3:] == (["s4"], [], ["s1", "s2"])
    write(text_file, f"{A}\n\n{B}\n\n{C}")
    assert passages(text_file)[3:] == (["s1", "s2"], [], ["s4"])
    gone = f"\n# Gone from the text; these names are not reused:\n# s4 {X}\n"
    assert both(text_file) == [
        of_program + gone.encode(),
        of_author + f"\n#| {X}\n<#s4> {{\n}}\n".encode(),
    ]


@pytest.mark.parametrize(
    "mention",
    [
        "<#about> { <#s7> oh:antecedent <#s1> }",
        "<#about> { <#s1> oh:antecedent <https://w3id.org/onehealthkg/source/x#s7> }",
        "@prefix p: <#> . p:about { p:s1 oh:antecedent p:s7 }",
        "@prefix p: <https://w3id.org/onehealthkg/source/> . p:x\\#s7 { }",
        "@prefix p: <#s> . p:7 { }",
        "<#\\u0073\\u0037> { }",
        "<#s7> { <> a oh:PressRelease }",
        "# was in <#s7> once",
    ],
)
def test_a_name_that_only_the_author_uses_is_not_given(tmp_path, mention):
    text_file = write(tmp_path / "x.txt", A)
    write(text_file.with_suffix(".trig"), f"{HEAD}\n{mention}\n")
    assert passages(text_file).new == ["s8"]


def test_a_passage_that_is_gone_is_reported_as_long_as_it_has_statements(tmp_path):
    text_file = write(tmp_path / "x.txt", f"{A}\n\n{B}\n\n{C}")
    passages(text_file)
    author = text_file.with_suffix(".trig")
    text = author.read_text("utf-8")
    write(author, text.replace("<#s3> {", "<#s3> { <> a <#kept> ."))
    write(text_file, A)
    assert [passages(text_file).gone, passages(text_file).gone] == [["s2", "s3"], ["s3"]]
    write(author, text)
    assert passages(text_file).gone == []


POOL = [
    A,
    B,
    C,
    D,
    X,
    PRESS,
    PHONE,
    "Agency",
    "« Une seule santé » 🦠",
    "The\ttab \\ and the #| sign",
    "{ <#s1> {",
]
TEXTS = st.lists(st.sampled_from(POOL) | st.text("ab .\n\r\"'\\#<>{}é🦠", max_size=12), max_size=9)


@st.composite
def edited(draw):
    """A text as a list of paragraphs, and the same after some edits, and after some more."""
    versions = [draw(TEXTS)]
    for _ in range(draw(st.integers(1, 3))):
        text = list(versions[-1])
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(text)))
            text[at : at + draw(st.integers(0, 2))] = draw(TEXTS.map(lambda one: one[:2]))
        versions.append(text)
    return versions


@settings(max_examples=examples(150))
@given(edited(), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_whatever_the_edits_names_and_statements_are_kept(versions, gap):
    given_to = {}  # the words that each name has had
    with tempfile.TemporaryDirectory() as folder:
        text_file, author = Path(folder, "x.txt"), Path(folder, "x.trig")
        for version in versions:
            write(text_file, gap.join(["The start.", *version]))
            before = author.read_text("utf-8") if author.exists() else ""
            kept = dict(named(text_file)) if given_to else {}
            done = passages(text_file, "en")
            names = named(text_file)

            assert_quotes_are_right(text_file)
            assert len({name for name, _ in names}) == len(names) == done.total
            assert {name for name, _ in names} - set(kept) == set(done.new)
            assert not {
                name
                for name in set(done.new) & set(given_to)
                if (name, given_to[name]) not in names
            }
            assert {name for name, words in names if name in kept and kept[name] != words} == set(
                done.changed
            )
            now = [words for _, words in names]
            for words in kept.values():
                if list(kept.values()).count(words) == now.count(words) == 1:
                    assert [n for n, one in kept.items() if one == words] == [
                        n for n, one in names if one == words
                    ]
            given_to |= dict(names)

            written = author.read_text("utf-8")
            assert own(written)[: len(own(before)) - 1] == own(before)[:-1]
            assert sorted(written.count(f"\n<#{name}> {{") for name in given_to) == [1] * len(
                given_to
            )
            assert all(f"\n#| {words}\n<#{name}> {{" in written for name, words in names)
            again = both(text_file)
            assert passages(text_file)[3:5] == ([], [])
            assert both(text_file) == again
            write(author, written.replace("> {\n}", "> {\n    <> a <#kept> . # mine\n}"))
