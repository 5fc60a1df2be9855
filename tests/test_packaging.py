"""A wheel has the files that git has, and an installed wheel gives the answers of the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from email.parser import Parser
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ("ontology", "data", "queries")
IGNORED = ("data/sources/old.txt~", "ontology/.DS_Store", "src/onehealthkg/__pycache__/old.pyc")

pytestmark = [
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only git knows which files belong"),
    pytest.mark.slow,
]


def run(*command: str | Path, cwd: Path) -> str:
    """The standard output of a command; if it fails, the test fails with all that it printed."""
    settings = os.environ | {"ONEHEALTHKG_CACHE": str(cwd / "cache")}
    settings.pop("PYTHONPATH", None)  # it would reach past the wheel
    done = subprocess.run(
        command, cwd=cwd, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def git_files() -> list[str]:
    """The files that git tracks, or would once they are added."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    return sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def build(*options: str, source: Path, into: Path) -> Path:
    """The wheel; without isolation, so that building needs no network."""
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", into)
    run(*command, *options, source, cwd=into.parent)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of git's files, among them files that git ignores."""
    folder = tmp_path_factory.mktemp("clone")
    for name in git_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    for name in IGNORED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("not of the project")
    return folder


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("--wheel", source=clone, into=tmp_path_factory.mktemp("build") / "wheel")


@pytest.fixture(scope="module")
def wheel_from_sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(source=clone, into=tmp_path_factory.mktemp("build") / "sdist")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a new environment with the wheel and its requirements."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    scripts = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python")
    run(*pip, "install", "--quiet", wheel, cwd=folder)
    return scripts


def test_wheel_holds_the_files_that_git_has_and_no_other(wheel: Path) -> None:
    expected = {}
    for name in git_files():
        top, _, rest = name.partition("/")
        if top in BUNDLED:
            expected[f"onehealthkg/bundle/{name}"] = (ROOT / name).read_bytes()
        elif top == "src":
            expected[rest] = (ROOT / name).read_bytes()

    assert {name.split("/")[2] for name in expected if "/bundle/" in name} == set(BUNDLED)
    assert "onehealthkg/py.typed" in expected
    assert {
        name: text for name, text in contents(wheel).items() if ".dist-info/" not in name
    } == expected


def test_wheel_from_the_sdist_is_the_wheel_from_the_checkout(
    wheel: Path, wheel_from_sdist: Path
) -> None:
    assert contents(wheel_from_sdist) == contents(wheel)


def test_wheel_has_its_metadata_and_both_licences(wheel: Path) -> None:
    files = contents(wheel)
    information = f"onehealthkg-{version('onehealthkg')}.dist-info"
    metadata = Parser().parsestr(files[f"{information}/METADATA"].decode())

    assert metadata["Version"] == version("onehealthkg")
    assert metadata.get_payload() == (ROOT / "README.md").read_text()
    assert metadata["License-Expression"] == "MIT AND CC-BY-4.0"
    for name in ("LICENSE", "data/LICENSE.md"):
        assert files[f"{information}/licenses/{name}"] == (ROOT / name).read_bytes()


def test_checkout_has_no_bundle_that_could_grow_stale() -> None:
    assert not (ROOT / "src" / "onehealthkg" / "bundle").exists()


def test_installed_package_reads_its_own_files(installed: Path, tmp_path: Path) -> None:
    code = "from onehealthkg.paths import bundled; print(bundled().root)"
    root = Path(run(installed / "python", "-c", code, cwd=tmp_path).strip())

    assert root.is_relative_to(installed.parent)
    assert sorted(path.name for path in root.iterdir()) == sorted(BUNDLED)


def test_each_module_imports_with_no_more_than_the_wheel_asks_for(
    installed: Path, tmp_path: Path
) -> None:
    code = """
import importlib, pkgutil, onehealthkg
for module in pkgutil.walk_packages(onehealthkg.__path__, "onehealthkg."):
    if not module.name.endswith((".__main__", ".serving.tools")):  # tools needs the extra mcp
        importlib.import_module(module.name)
"""
    run(installed / "python", "-c", code, cwd=tmp_path)


@pytest.mark.parametrize("command", [("show", "organisation-inserm"), ("check",)], ids=" ".join)
def test_installed_program_gives_the_same_answers(
    command: tuple[str, ...], installed: Path, tmp_path: Path
) -> None:
    checkout = Path(sysconfig.get_path("scripts"), "onehealthkg")
    answer = run(checkout, *command, cwd=tmp_path)

    assert answer
    assert run(installed / "onehealthkg", *command, cwd=tmp_path) == answer
