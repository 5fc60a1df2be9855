"""Projects that a test may spoil."""

import shutil
from pathlib import Path

from onehealthkg.paths import Project, bundled


def copied(folder: Path, *left_out: str) -> Project:
    """A copy of the bundled project, without what has one of these names."""
    own = Project(folder / "project")
    for name in ("ontology", "data", "queries"):
        ignore = shutil.ignore_patterns(*left_out)
        shutil.copytree(Path(bundled().root, name), Path(own.root, name), ignore=ignore)
    return own
