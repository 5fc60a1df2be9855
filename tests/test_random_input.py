"""Commands end with a documented exit code for any files and arguments."""

from pathlib import Path

import pytest
from effort import EVERYTHING, examples
from ending import DONE, NO_FILE, OWN, PROBLEMS, STEM, WRONG_USE, data, here, untouched
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import copied, light_copy

from onehealthkg.checks.archive import flaws
from onehealthkg.checks.formats import FORMATS
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import OneHealthKGError
from onehealthkg.paths import Project

FAST = settings(
    max_examples=examples(300), derandomize=True, suppress_health_check=list(HealthCheck)
)
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b'"""', b"<", b">", b"{", b"}", b"[", b"]", b"(", b")", b".", b";", b"\\", b"\\ud800", b"_:b", b"[]", b"<<( <urn:a> <urn:p> 1 )>>", b"\xff", b"\xef\xbb\xbf", b"\x00", b'"2020-13-05"^^xsd:date', b"9" * 5000, b"@en--ltr", b"a", b"<>", b"<#s1>", b"SERVICE <urn:x> {}", b"?x", b"FILTER(1/0)"]),
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=4)


def mutated(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The bytes with some cut out and others put in, each at a part of the length."""
    for where, length, piece in edits:
        start = int(where * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("own")
    return copied(folder) if EVERYTHING else light_copy(folder, "links.sssom.tsv")


@pytest.mark.slow
@FAST
@given(kind=st.sampled_from(sorted(set(OWN) - {"shapes", "check"})), edits=EDITS)
def test_no_mutation_of_a_file_breaks_reading(own: Project, kind: str, edits: list) -> None:
    path = data(own, OWN[kind])
    before = path.read_bytes()
    path.write_bytes(mutated(before, edits))
    message = str(path)
    try:
        dataset = read_dataset(own)
        list(flaws(dataset.store, own.texts))
    except OneHealthKGError as error:
        message = str(error)
    finally:
        path.write_bytes(before)
    assert str(path) in message


@pytest.mark.slow
@settings(FAST, max_examples=examples(8, 4))
@given(kind=st.sampled_from(sorted(OWN)), edits=EDITS, name=st.sampled_from(sorted(FORMATS)))
def test_no_mutation_of_a_file_breaks_a_command(
    own: Project, kind: str, edits: list, name: str
) -> None:
    path = data(own, OWN[kind])
    before = path.read_bytes()
    path.write_bytes(mutated(before, edits))
    try:
        with untouched(Path(own.root)):
            for words in (["check", "--format", name], ["show", "Inserm"], ["coverage", STEM]):
                ended = here(*words, "--project", own.root)
                assert ended.code in (DONE, PROBLEMS, WRONG_USE, NO_FILE)
                assert "Warning" not in ended.err
    finally:
        path.write_bytes(before)


@settings(FAST, max_examples=examples(60))
@given(words=st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_no_random_words_break_a_question(words: list[str]) -> None:
    for arguments in (["show", "--", *words[:1]], ["evidence", "--", " ".join(words)]):
        ended = here(*arguments)
        assert ended.code in (DONE, WRONG_USE)
