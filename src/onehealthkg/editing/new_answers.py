"""The answers of an interrupted session of ``new``, saved until its record is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from onehealthkg.editing.fields import BY_NAME
from onehealthkg.errors import InputError
from onehealthkg.files import read_text, write_atomic


class KeptAnswers(NamedTuple):
    """The number of the next field, and the texts of the answers by field."""

    at: int
    texts: dict[str, list[str]]


def keep_answers(path: Path, kept: KeptAnswers) -> None:
    """Write answers; OutputError if they cannot be written."""
    write_atomic(path, (json.dumps(kept._asdict(), ensure_ascii=False, indent=1) + "\n").encode())


def kept_answers(path: Path) -> KeptAnswers:
    """The saved answers; InputError if the file is damaged."""
    try:
        data = json.loads(read_text(path))
        texts = {
            name: list(map(str, data["texts"][name])) for name in BY_NAME if name in data["texts"]
        }
        return KeptAnswers(int(data["at"]), texts)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path}: the answers of an earlier session cannot be read ({error}); delete the file "
            "to begin again."
        ) from None
