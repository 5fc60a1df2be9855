"""Projects that a test may spoil.

Copying one takes 10 ms, checking it 2 to 4 seconds: the fewer records and shapes, the quicker.
"""

import re
import shutil
from pathlib import Path

from onehealthkg.paths import Project, bundled

# The shapes of passages and of what texts state: few things, so they cost little.
OF_TEXTS = (
    "foaf:Document",
    "oa:TextPositionSelector",
    "oa:TextQuoteSelector",
    "oh:ArchivedText",
    "oh:Arrangement",
    "oh:Undertaking",
    "oh:Passage",
    "oh:Signature",
)


def copied(folder: Path, *left_out: str) -> Project:
    """A copy of the bundled project, without the files and folders of these names."""
    own = Project(folder / "project")
    for name in ("ontology", "data", "queries"):
        ignore = shutil.ignore_patterns(*left_out)
        shutil.copytree(Path(bundled().root, name), Path(own.root, name), ignore=ignore)
    return own


def light_copy(folder: Path, *left_out: str) -> Project:
    """A copy without records and ``left_out``, whose shapes are tried on what texts state and on nothing else.

    A check of it takes a quarter of the time. Made of the files as they are, it has no findings.
    """
    own = copied(folder, "partnerships", *left_out)
    text = own.shapes_file.read_text(encoding="utf-8")
    target = re.compile(r"^    sh:targetClass (\S+)(?: , \S+)* ;\n", re.MULTILINE)
    assert set(OF_TEXTS) <= set(target.findall(text))
    kept = target.sub(lambda line: line[0] if line[1] in OF_TEXTS else "", text)
    own.shapes_file.write_text(kept, encoding="utf-8")
    return own
