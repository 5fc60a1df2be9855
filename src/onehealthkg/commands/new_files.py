"""Where a new record goes, which names are taken, and what reads answers."""

from __future__ import annotations

from pathlib import Path

from onehealthkg.errors import OutputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from onehealthkg.checks.findings import Finding
    from onehealthkg.editing.answers import Reader
    from onehealthkg.paths import Project


def reader_of(project: Project, lang: str) -> Reader:
    """What reads answers about a project's things, labels in a language."""
    from onehealthkg.dataset.cache import load_store
    from onehealthkg.editing.answers import Reader
    from onehealthkg.editing.things import Things
    from onehealthkg.records.context import record_context

    return Reader(record_context(project), Things(load_store(project), lang))


def taken(project: Project, reader: Reader) -> set[str]:
    """The names that no new record can have: those of records, and of agreements."""
    agreements = reader.things.all("agreement")
    return {one.stem for one in project.records} | {
        one.removeprefix("agreement-") for one in agreements
    }


def shown(one: Finding) -> str:
    """A finding as a line."""
    return f"{one.severity}: {one.place}: {one.message}"


def is_wrong(findings: Iterable[Finding]) -> bool:
    """Whether there is a violation among findings."""
    return any(one.severity == "violation" for one in findings)


def target(output: str | None, project: Project, name: str, *, dry: bool) -> Path | None:
    """The file of a new record, None for standard output; UsageError where it has no place."""
    from onehealthkg.records.reader import record_iri

    if output == "-":
        return None
    if output:
        path = Path(output)
        if path.suffix != ".yaml":
            raise UsageError(f"new: {path}: the file of a record ends in .yaml.")
        record_iri(path)
        return path
    return folder(None, project, dry=dry) / f"{name}.yaml"


def folder(output: str | None, project: Project, *, dry: bool) -> Path:
    """The folder of new records; UsageError where an update of the package would take them away."""
    if output:
        return Path(output)
    if project.is_installed and not dry:
        raise UsageError(
            "new: the bundled data is a part of the installed package, and an update would take "
            "away what you add. Give the folder of your project with --project DIR, or a place "
            "with -o."
        )
    return Path(project.root, "data", "partnerships")


def write_new(files: dict[Path, bytes]) -> None:
    """Write files, all or none; OutputError where one is there already."""
    from onehealthkg.files import write_all

    for path in files:
        if path.exists() or path.is_symlink():
            raise OutputError(f"{path}: there is such a file already; it is not overwritten.")
    write_all(files)
