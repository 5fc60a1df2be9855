"""The words of the interface are cached, and the cache changes none of them."""

import json
from pathlib import Path

import pytest

from onehealthkg.paths import words_cache
from onehealthkg.words import Words, words


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEHEALTHKG_CACHE", str(tmp_path / "cache"))


def read_again(language: str = "en") -> Words:
    words.cache_clear()
    return words(language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_cached_words_are_those_of_the_file(language: str) -> None:
    cached = Path(words_cache(language))
    first = read_again(language)
    made_of, own = json.loads(cached.read_bytes())
    cached.write_text(json.dumps([made_of, {**own, "and": "cached"}]))
    assert read_again(language) == {**first, "and": "cached"}


@pytest.mark.parametrize("harm", ["", "5", "[1]", '["an older file", {}]'])
def test_a_damaged_or_old_cache_is_made_again(harm: str) -> None:
    first, cached = read_again(), Path(words_cache("en"))
    good = cached.read_bytes()
    cached.write_text(harm)
    assert read_again() == first
    assert cached.read_bytes() == good


def test_words_are_read_where_nothing_can_be_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_again()
    (tmp_path / "file").touch()
    monkeypatch.setenv("ONEHEALTHKG_CACHE", str(tmp_path / "file" / "folder"))
    assert read_again() == first
