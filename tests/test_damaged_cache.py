"""A cache that is damaged, or cannot be made, changes no answer."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ending import (
    DONE,
    SMALL,
    WRONG_USE,
    alone,
    append,
    data,
    here,
    instead,
    limits,
    spoil,
    untouched,
)

from onehealthkg.paths import Project, cache_file

CACHES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off in a line": lambda path: os.truncate(path, path.stat().st_size - 9),
    "cut off at a line": lambda path: path.write_bytes(b"".join(path.read_bytes().splitlines(True)[:-9])),
    "only the first line": lambda path: path.write_bytes(path.read_bytes().splitlines(True)[0]),
    "one letter changed": lambda path: path.write_bytes(path.read_bytes().replace(b'"Inserm"', b'"Insert"', 1)),
    "a line added": lambda path: append(path, b"<urn:a> <urn:p> <urn:o> <urn:g> .\n"),
    "bytes that are not UTF-8": lambda path: append(path, b"\xff"),
    "garbage": lambda path: path.write_bytes(random.Random(1).randbytes(100_000)),  # noqa: S311
    "a folder": instead(Path.mkdir),
    "a link to itself": instead(lambda path: path.symlink_to(path.name)),
    "of another format": lambda path: path.write_bytes(path.read_bytes().replace(b"# (", b"# (0", 1)),
}  # fmt: skip


@pytest.mark.sampled(5)
@pytest.mark.parametrize("harm", CACHES.values(), ids=CACHES)
def test_a_damaged_cache_is_made_again(light: Project, harm: Callable[[Path], object]) -> None:
    path = Path(cache_file(light))
    expected = here("show", "--project", light.root, "Inserm")
    good = path.read_bytes()
    harm(path)
    assert here("show", "--project", light.root, "Inserm") == expected
    assert path.is_dir() or path.read_bytes() == good
    assert not list(path.parent.glob(".*"))


@pytest.mark.slow
def test_commands_work_without_a_cache(
    tmp_path: Path, light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = ("show", "--project", light.root, "Inserm")
    expected = here(*show)
    (tmp_path / "file").touch()
    with untouched(tmp_path):
        for folder in (tmp_path / "file", tmp_path / "file" / "in", "/dev/full", "/proc/no"):
            monkeypatch.setenv("ONEHEALTHKG_CACHE", str(folder))
            assert here(*show) == expected
        folder = tmp_path / "new"
        limit = limits(file_size=SMALL)
        assert alone(*show, limit=limit, ONEHEALTHKG_CACHE=str(folder)) == expected
        folder.rmdir()


def test_the_cache_of_another_project_is_not_used(light: Project, tmp_path: Path) -> None:
    other = Project(tmp_path / "other")
    shutil.copytree(light.root, other.root)
    spoil(data(other, "organisations.ttl"), '"Inserm"@en', '"Other"@en')
    mine, others = Path(cache_file(light)), Path(cache_file(other))
    assert here("show", "--project", other.root, "Other").code == DONE
    assert here("show", "--project", light.root, "Other").code == WRONG_USE
    shutil.copy(others, mine)
    assert here("show", "--project", light.root, "Other").code == WRONG_USE


@pytest.mark.slow
def test_a_project_may_be_in_a_folder_of_any_name(light: Project, tmp_path: Path) -> None:
    for name in ("é \n\x1b#?%", "\udcff"):
        folder = shutil.copytree(light.root, tmp_path / name)
        assert here("show", "--project", folder, "Inserm").code == DONE
        assert here("show", "--project", folder, "Inserm").code == DONE
        assert here("check", "--project", folder) == (DONE, "No findings.\n", "")
