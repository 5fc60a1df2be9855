"""What the checks say of records that are not written yet.

The records are put into a temporary folder and read and checked beside the project's own data, as
``check`` would if they were in data/partnerships/.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from onehealthkg.checks.check import check
from onehealthkg.checks.findings import Finding
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.errors import InputError
from onehealthkg.files import write_atomic
from onehealthkg.paths import Project


def trial(project: Project, records: Mapping[str, bytes]) -> list[Finding]:
    """The findings on records, by their names; the path of each is ``<name>.yaml``.

    Raises InputError where a record, or the project's data, cannot be read.
    """
    with TemporaryDirectory(prefix="onehealthkg-") as folder:
        paths = [Path(folder, f"{name}.yaml") for name in sorted(records)]
        for path in paths:
            write_atomic(path, records[path.stem])
        try:
            findings = check(read_dataset(project, paths), paths)
        except InputError as error:
            raise InputError(str(error).replace(f"{folder}/", "")) from None
    return [one._replace(path=Path(one.path.name)) for one in findings if one.path in paths]
