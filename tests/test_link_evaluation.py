"""How often the exact candidates are right, over the samples with their many near misses."""

from pathlib import Path

import pytest
from link_quality import HERE, PATTERNS, Quality, our_things, quality

from onehealthkg.paths import bundled


@pytest.fixture(scope="module")
def measured() -> dict[str, Quality]:
    ours = our_things(bundled())
    return {name: quality(ours, name, Path(HERE, f"{name}.ttl")) for name in PATTERNS}


def test_exact_candidates_are_right_in_vocabularies_not_used_for_tuning(
    measured: dict[str, Quality],
) -> None:
    others = [one for name, one in measured.items() if name != "eurovoc"]
    right = sum(len(one.right) for one in others)
    false = sum(len(one.false) for one in others)
    missed = sum(len(one.missed) for one in others)
    assert right + missed >= 50
    assert right / (right + false) >= 0.95
    assert right / (right + missed) >= 0.8


def test_police_custody_is_not_surveillance(measured: dict[str, Quality]) -> None:
    exact = [*measured["eurovoc"].right, *measured["eurovoc"].false]
    assert "http://eurovoc.europa.eu/5144" not in {one.concept.iri for one in exact}
    assert "http://aims.fao.org/aos/agrovoc/c_10967" not in {
        one.concept.iri for one in (*measured["agrovoc"].right, *measured["agrovoc"].false)
    }
