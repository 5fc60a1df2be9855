"""A project that is checked part by part has the findings of one that is checked as a whole."""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from effort import EVERYTHING
from ending import append, instead, spoil
from projects import copied

from onehealthkg.checks import parts
from onehealthkg.checks.check import check
from onehealthkg.checks.findings import Finding
from onehealthkg.cli import main
from onehealthkg.dataset import database, dataset, divided, units
from onehealthkg.dataset.cache import forget
from onehealthkg.dataset.dataset import Dataset, read_dataset
from onehealthkg.dataset.kept import Content, Kept
from onehealthkg.dataset.parts import groups_of
from onehealthkg.dataset.units import units_of
from onehealthkg.errors import FindingsError, InputError
from onehealthkg.exports.build import build, read_checked
from onehealthkg.paths import Project, kept_folder

EDITS = 60 if EVERYTHING else 6
RECORD = "data/partnerships/anses-invs-2012.yaml"


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the project that is checked in parts of some thirty records."""
    monkeypatch.setattr(units, "WHOLE", 0)
    monkeypatch.setattr(divided, "TOGETHER", 30)
    return copied(tmp_path)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list to which each part that is judged adds a line."""
    lines: list[str] = []
    judge = parts.judge
    monkeypatch.setattr(
        parts, "judge", lambda dataset, **how: lines.append("part") or judge(dataset, **how)
    )
    return lines


def afresh(project: Project) -> Dataset:
    """The dataset, read from all files, whatever is cached."""
    return read_dataset(project, each=lambda work, tasks: map(work, tasks))


def whole(project: Project) -> list[Finding] | str:
    try:
        return check(afresh(project))
    except InputError as error:
        return str(error)


def in_parts(project: Project, *, full: bool = False) -> list[Finding] | str:
    try:
        return parts.check_project(project, full=full, jobs=1)
    except InputError as error:
        return str(error)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def drop_a_line(project: Project, chance: random.Random) -> None:
    path = chance.choice([*project.records, *project.statements])
    text = lines(path)
    del text[chance.randrange(len(text))]
    path.write_text("".join(text), encoding="utf-8")


def take_a_line_of_another(project: Project, chance: random.Random) -> None:
    one, other = chance.sample(project.records, 2)
    line = chance.choice(lines(other))
    key = line.partition(":")[0]
    text = [line if each.startswith(f"{key}:") else each for each in lines(one)]
    one.write_text("".join(text), encoding="utf-8")


def misspell(project: Project, chance: random.Random) -> None:
    path = chance.choice(project.records)
    words = [word for word in path.read_text(encoding="utf-8").split() if "-" in word]
    word = chance.choice(words)
    spoil(path, word, word.replace("-", "-x", 1))


def remove(project: Project, chance: random.Random) -> None:
    chance.choice(project.records).unlink()


def rename(project: Project, chance: random.Random) -> None:
    path = chance.choice(project.records)
    path.rename(path.with_name(f"renamed-{chance.randrange(10**6)}.yaml"))


def copy(project: Project, chance: random.Random) -> None:
    path = chance.choice(project.records)
    shutil.copy(path, path.with_name(f"copied-{chance.randrange(10**6)}.yaml"))


def edit_a_curated_file(project: Project, chance: random.Random) -> None:
    path = Path(project.root, "data", chance.choice(["organisations.ttl", "people.ttl"]))
    text = path.read_text(encoding="utf-8").split("\n\n")
    del text[chance.randrange(2, len(text))]
    path.write_text("\n\n".join(text), encoding="utf-8")


def keep_size_and_time(project: Project, chance: random.Random) -> None:
    path = chance.choice([path for path in project.records if not path.is_symlink()])
    before = path.stat()
    text = path.read_bytes()
    place = chance.choice([place for place, byte in enumerate(text) if chr(byte).isalpha()])
    path.write_bytes(text[:place] + b"e" + text[place + 1 :])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def link(project: Project, chance: random.Random) -> None:
    path = chance.choice([path for path in project.records if not path.is_symlink()])
    target = path.with_name(f".linked-{chance.randrange(10**6)}")
    path.symlink_to(path.rename(target).name)
    spoil(target, "confidence:", f"#{chance.randrange(10)}\nconfidence:")


def make_unreadable(project: Project, chance: random.Random) -> None:
    path = chance.choice(project.records)
    path.write_bytes(b"\xff" + path.read_bytes())


def rename_a_body(project: Project, chance: random.Random) -> None:
    path = Path(project.root, "data", "organisations.ttl")
    body = chance.choice(re.findall(r"^id:(\S+)$", path.read_text("utf-8"), re.MULTILINE))
    path.write_text(path.read_text("utf-8").replace(f"id:{body}\n", f"id:{body}-new\n"), "utf-8")


MERGER = """
<#s1> {
    <https://w3id.org/onehealthkg/id/change-inserm-2021>
        <http://www.w3.org/ns/org#originalOrganization>
            <https://w3id.org/onehealthkg/id/organisation-inserm> ;
        <http://purl.org/dc/terms/date> "2021-01-01" .
}
"""


def authors(project: Project) -> list[Path]:
    return [path for path in project.statements if not path.name.endswith(".passages.trig")]


def add_or_remove(text: str) -> Callable[[Project, random.Random], None]:
    def harm(project: Project, chance: random.Random) -> None:
        path = chance.choice(authors(project))
        before = path.read_text("utf-8")
        after = before.removesuffix(text)
        path.write_text(after if after != before else before + text, "utf-8")

    return harm


BODY = """
<#s1> {
    <https://w3id.org/onehealthkg/id/organisation-inserm>
        <http://www.w3.org/2004/02/skos/core#altLabel> "The Inserm"@en .
}
"""


def move_a_passage(project: Project, chance: random.Random) -> None:
    path = chance.choice([path for path in project.statements if path not in authors(project)])
    text = path.read_text("utf-8")
    number = chance.choice(re.findall(r"oa:end (\d+)", text) or ["0"])
    path.write_text(text.replace(f"oa:end {number}", f"oa:end {int(number) + 1}", 1), "utf-8")


def remove_a_topic(project: Project, chance: random.Random) -> None:
    path = Path(project.root, "data", "topics.ttl")
    blocks = path.read_text("utf-8").split("\n\n")
    del blocks[chance.randrange(2, len(blocks))]
    path.write_text("\n\n".join(blocks), "utf-8")


def exchange(project: Project, chance: random.Random) -> None:
    one, other = chance.sample(project.records, 2)
    third = one.with_name("third")
    one.rename(third)
    other.rename(one)
    third.rename(other)


def check_out_half(project: Project, chance: random.Random) -> None:
    """Restore half of the files of the backup, with the times that they had or with new ones."""
    backup, data = Path(project.root, "backup"), Path(project.root, "data")
    copied = chance.choice([shutil.copy, shutil.copy2])
    files = sorted(path for path in backup.rglob("*") if path.is_file())
    for path in chance.sample(files, len(files) // 2):
        target = data / path.relative_to(backup)
        target.unlink(missing_ok=True)
        copied(path, target)


HARMS: list[Callable[[Project, random.Random], None]] = [
    *(drop_a_line, take_a_line_of_another, misspell, remove, rename, copy, edit_a_curated_file)
]
NASTY: list[Callable[[Project, random.Random], None]] = [
    *(keep_size_and_time, link, rename_a_body, add_or_remove(MERGER), add_or_remove(BODY)),
    *(move_a_passage, remove_a_topic, exchange, check_out_half, make_unreadable),
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2 if EVERYTHING else 1))
def test_after_any_edit_the_findings_are_those_of_the_whole(many: Project, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    backup = Path(many.root, "backup")
    shutil.copytree(Path(many.root, "data"), backup)
    assert in_parts(many) == whole(many) == []
    for number in range(EDITS):
        every = [*HARMS, *NASTY]
        harm = every[number % len(every)] if EVERYTHING else chance.choice([*HARMS[:-1], *NASTY])
        harm(many, chance)
        found = in_parts(many)
        assert found == whole(many), (number, harm)
        if isinstance(found, str) or chance.random() < 0.3:
            shutil.rmtree(Path(many.root, "data"))
            shutil.copytree(backup, Path(many.root, "data"))
    shutil.rmtree(backup)


@pytest.mark.slow
def test_an_edit_of_a_record_is_checked_only_in_its_part(many: Project, judged: list[str]) -> None:
    assert in_parts(many) == []
    first = len(judged)
    assert in_parts(many) == []
    assert len(judged) == first > 3
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    (finding,) = in_parts(many)
    assert isinstance(finding, Finding)
    assert (finding.check, finding.path) == ("Record-confidence", Path(many.root, RECORD))
    assert len(judged) == first + 1
    assert whole(many) == [finding]


@pytest.mark.slow
def test_unchanged_files_are_not_read_again(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_parts(many) == []
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    Path(many.root, "data/partnerships/zodiac-2020.yaml").unlink()
    expected = afresh(many)
    read: list[Path] = []
    records = dataset.read_records
    monkeypatch.setattr(
        dataset,
        "read_records",
        lambda project, paths: read.extend(paths) or records(project, paths),
    )
    assert read_dataset(many).files == expected.files
    assert read == [Path(many.root, RECORD)]
    forget(many)
    assert read_dataset(many).files == expected.files
    assert len(read) == 1 + len(many.records)


def test_a_second_check_waits_and_then_keeps_its_results_to_itself(
    light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 100)
    remarks: list[str] = []
    first = Kept(light, remarks.append)
    with first.changing():
        first.set_value("made", "by the first")
    second = Kept(light, remarks.append)
    assert "waiting for it" in remarks[0]
    assert f"{kept_folder(light)}: cannot be written (database is locked)" in remarks[1]
    with second.changing():
        second.set_value("made", "by the second")
    second.close()
    assert first.value("made") == "by the first"
    first.close()
    third = Kept(light, remarks.append)
    assert third.value("made") == "by the first"
    assert len(remarks) == 2
    third.close()


@pytest.mark.slow
def test_a_full_disk_costs_only_what_is_kept(
    many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Kept.put
    on_disk = set()

    def filling(self: Kept, name: str, state: str, content: Content) -> None:
        on_disk.add(self._note is not None)
        if self._note:
            self._database.execute("PRAGMA max_page_count = 1")
        put(self, name, state, content)

    monkeypatch.setattr(Kept, "put", filling)
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    remarks: list[str] = []
    assert parts.check_project(many, jobs=1, remark=remarks.append) == whole(many)
    assert remarks[0].startswith(
        f"{kept_folder(many)}: cannot be written (database or disk is full)"
    )
    assert on_disk == {True, False}


@pytest.mark.slow
def test_build_uses_the_cached_results(many: Project, judged: list[str], tmp_path: Path) -> None:
    assert in_parts(many) == []
    first = len(judged)
    build(many, tmp_path / "built")
    assert len(judged) == first
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    with pytest.raises(FindingsError, match="Record-confidence"):
        build(many, tmp_path / "built")


@pytest.mark.slow
def test_push_reads_the_statements_that_build_writes(many: Project, tmp_path: Path) -> None:
    lines: list[str] = []
    read_checked(many, lambda text: lines.extend(text.splitlines(keepends=True)))
    build(many, tmp_path / "built")
    built = Path(tmp_path, "built", "onehealthkg.nq").read_text(encoding="utf-8")
    assert "".join(sorted(set(lines))) == built
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    with pytest.raises(FindingsError, match="Record-confidence"):
        read_checked(many, lines.append)


def scratch(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 3, len(data), len(data) // 3):
        data[place] ^= 1
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "bits changed": scratch,
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "another file": lambda path: path.write_bytes(b"not a database"),
    "a link": lambda path: path.symlink_to(path.rename(path.with_name("elsewhere")).name),
    "a folder": instead(Path.mkdir),
}


@pytest.mark.slow
def test_cached_results_may_be_damaged(many: Project, judged: list[str]) -> None:
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    expected = in_parts(many)
    each = len(judged)
    database = Path(kept_folder(many), "parts.db")
    for number, damage in enumerate(DAMAGE.values(), start=2):
        damage(database)
        assert in_parts(many) == expected
        assert len(judged) == number * each
        assert not database.is_symlink()
    assert in_parts(many, full=True) == expected


@pytest.mark.slow
def test_a_file_of_a_project_is_checked_by_its_parts(many: Project, judged: list[str]) -> None:
    flawed, *_ = two = [
        path for path in many.records if "confidence: medium\n" in path.read_text("utf-8")
    ][:2]
    for path in two:
        spoil(path, "confidence: medium\n", "")
    of_two, of_one = (parts.check_project(many, only, jobs=1) for only in ([], [flawed]))
    assert of_one == check(afresh(many), [flawed])
    assert {finding.path for finding in of_two} > {finding.path for finding in of_one} == {flawed}
    count = len(judged)
    arguments = ["check", str(flawed), "--project", many.root, "--quiet"]
    assert (main(arguments), len(judged)) == (1, count)


@pytest.mark.slow
def test_a_record_outside_a_project_is_checked_by_the_parts(
    many: Project, judged: list[str], tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yaml"
    shutil.copy(Path(many.root, RECORD), outside)
    spoil(outside, "confidence: medium\n", "")
    expected = check(read_dataset(many, [outside]), [outside])
    assert {(finding.check, finding.path) for finding in expected} >= {
        ("Record-confidence", outside)
    }
    assert parts.check_project(many, [outside], jobs=1) == expected
    assert len(judged) > 1
    outside.write_text("confidence: [", encoding="utf-8")
    with pytest.raises(InputError, match=f"^{outside}:2: "):
        parts.check_project(many, [outside], jobs=1)


@pytest.mark.slow
def test_suggestions_are_kept(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    meant_in = parts.meant_in
    monkeypatch.setattr(
        parts, "meant_in", lambda store, names: asked.extend(names) or meant_in(store, names)
    )
    right = "organisation-anses"
    for wrong in ("organisation-ansess", "organisation-annses"):
        spoil(Path(many.root, RECORD), right, wrong)
        expected = whole(many)
        assert "Did you mean organisation-anses (" in str(expected)
        assert in_parts(many) == in_parts(many) == expected
        right = wrong
    assert len(asked) == 2


@pytest.mark.slow
def test_a_project_with_its_own_shapes_is_checked_as_a_whole(
    light: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "WHOLE", 0)
    append(light.shapes_file, b"# our own\n")
    assert in_parts(light) == whole(light)
    assert not Path(kept_folder(light)).exists()


@pytest.mark.slow
def test_most_records_of_the_bundled_data_are_groups_by_themselves(many: Project) -> None:
    assert in_parts(many) == []
    kept = Kept(many)
    shared = kept.share()
    kept.reset()
    groups = groups_of(kept.ungroup())
    kept.close()
    assert len(shared) < 5
    assert max(map(len, groups)) < 10
    assert shared.keys() | {name for group in groups for name in group} == units_of(many).keys()


@pytest.mark.slow
def test_records_are_compared_with_all_others_that_have_a_key_in_common(
    many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_parts(many) == []
    copies = [Path(many.root, f"data/partnerships/copied-{number}.yaml") for number in range(2)]
    for path in copies:
        shutil.copy(Path(many.root, RECORD), path)
        renamed = path.read_text("utf-8").replace("id: agreement-", f"id: agreement-{path.stem}-")
        path.write_text(renamed, "utf-8")
        found = in_parts(many)
        assert "record-is-said-once" in {finding.check for finding in found}  # type: ignore[union-attr]
        assert found == whole(many)
    monkeypatch.setattr(parts, "_MANY", 0)
    assert in_parts(many, full=True) == found
    for path in copies:
        path.unlink()
        assert in_parts(many) == whole(many)


_CHECK = """
import sys
from onehealthkg.dataset import divided, units
from onehealthkg.cli import main
units.WHOLE, divided.TOGETHER = 0, 30
sys.exit(main(['check', '--format', 'json', '--project', *sys.argv[1:]]))
"""


def command(project: Project, *words: str) -> list[str]:
    return [sys.executable, "-c", _CHECK, project.root, *words]


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing(many: Project) -> None:
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    shutil.copy(Path(many.root, RECORD), Path(many.root, "data/partnerships/copied.yaml"))
    expected = {str(finding.path) for finding in whole(many)}  # type: ignore[union-attr]
    found = [
        subprocess.run(command(many, "--full", "--jobs", jobs), capture_output=True).stdout
        for jobs in ("1", "2", "5")
    ]
    assert found[0] == found[1] == found[2]
    assert all(path.encode() in found[0] for path in expected)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_check_does_not_affect_later_ones(many: Project) -> None:
    spoil(Path(many.root, RECORD), "confidence: medium\n", "")
    expected = whole(many)
    chance = random.Random(11)  # noqa: S311 - no secret
    for number in range(6):
        spoil(Path(many.root, RECORD), "id: ", f"# {number}\nid: ")
        process = subprocess.Popen(
            command(many, "--jobs", "2"), stdout=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.3, 3))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    found = in_parts(many)
    assert [one.check for one in found] == [one.check for one in expected]  # type: ignore[union-attr]
    assert found == whole(many)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_first_check_that_is_killed_is_continued(many: Project, judged: list[str]) -> None:
    expected = in_parts(many)
    whole_work = len(judged)
    shutil.rmtree(kept_folder(many))
    process = subprocess.Popen(
        command(many, "--jobs", "1"), stdout=subprocess.DEVNULL, start_new_session=True
    )
    database = Path(kept_folder(many), "parts.db")
    while process.poll() is None and _checked(database) < 30:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert in_parts(many) == expected
    assert len(judged) - whole_work <= whole_work - 2


def _checked(database: Path) -> int:
    """The number of units that another process has checked so far."""
    if not database.exists():
        return 0
    copy, journal = database.with_name("copy.db"), database.with_name("parts.db-journal")
    shutil.copy(database, copy)
    if journal.exists() and journal.stat().st_size:  # not yet certain
        return 0
    try:
        with closing(sqlite3.connect(copy)) as connection:
            query = "SELECT COUNT(*) FROM unit WHERE part IS NOT NULL AND NOT is_shared"
            ((number,),) = connection.execute(query)
            return int(number)
    except sqlite3.DatabaseError:  # copied while it was written
        return 0
