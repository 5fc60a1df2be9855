"""The attacks of ``attacks.py``: each ends with its exit code and message, in bounded time and memory."""

from pathlib import Path

import pytest
from attacks import ATTACKS, KILOBYTES, SECONDS, SLOW, attack

pytest.importorskip("resource", reason="limits, pipes and devices are Unix's")


@pytest.mark.sampled(14)
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in ATTACKS],
)
def test_an_attack_ends_in_a_message(name: str, tmp_path: Path) -> None:
    ended = attack(name, tmp_path)
    assert "Traceback" not in ended.err
    assert ended.code == ATTACKS[name].code, ended.err
    assert ATTACKS[name].message in ended.err
    assert ended.seconds < SECONDS
    assert ended.kilobytes < KILOBYTES
