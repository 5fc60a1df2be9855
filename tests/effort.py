"""How much the tests try: a sample of minutes by default, everything with `make test-all`.

`make test-all` sets ONEHEALTHKG_TESTS=all. A test that can be made larger or smaller asks here.
"""

import os
import random
from collections.abc import Iterable
from typing import TypeVar

from hypothesis import settings

EVERYTHING = os.environ.get("ONEHEALTHKG_TESTS") == "all"

settings.register_profile("sample", max_examples=30, deadline=None)
settings.register_profile("all", max_examples=100, deadline=None)

Item = TypeVar("Item")


def examples(all_of_them: int, most: int = 30) -> int:
    """The ``max_examples`` of a test for hypothesis that tries another number than the profile's."""
    return all_of_them if EVERYTHING else min(most, all_of_them)


def sample(items: Iterable[Item], most: int) -> list[Item]:
    """All items, or as many of them as are tried by default: the same ones at each run, in order."""
    every = list(items)
    return every if EVERYTHING else [every[place] for place in _places(len(every), most)]


def beyond(items: list[Item], most: int) -> list[Item]:
    """The items that a sample of so many leaves out."""
    places = set(_places(len(items), most))
    return [item for place, item in enumerate(items) if place not in places]


def _places(number: int, most: int) -> list[int]:
    chosen = random.Random(2020).sample(range(number), min(number, most))  # noqa: S311 - no secret
    return sorted(chosen)
