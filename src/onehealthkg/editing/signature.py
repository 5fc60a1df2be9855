"""Who decides, and when: a name, an ORCID or both, and a date.

An ORCID's last character is a check digit, ISO 7064 MOD 11-2
(https://support.orcid.org/hc/en-us/articles/360006897674). Where nobody is named, the name that git
signs commits with is taken: it goes out with the file anyway.
"""

from __future__ import annotations

import re
import subprocess
from typing import NamedTuple

from onehealthkg import days
from onehealthkg.errors import UsageError
from onehealthkg.mappings.check_digits import has_right_digits

_ORCID = re.compile(r"(?:https?://orcid\.org/|orcid:)?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.I)
_NEARLY = re.compile(r"orcid|\d{4}-\d{4}", re.I)


class Signature(NamedTuple):
    """A name, an ORCID as ``orcid:0000-0002-1825-0097``, a date as 2026-01-31; "" for none."""

    label: str
    id: str
    date: str


def signature(reviewer: str | None, day: str | None, folder: str) -> Signature:
    """The signature of a reviewer: ``Jane Doe``, an ORCID, or both in one text.

    None as reviewer is git's user.name in ``folder``, None as day is today. UsageError says what is
    missing or no ORCID or date.
    """
    text = " ".join((_from_git(folder) if reviewer is None else reviewer).split())
    found = _ORCID.search(text)
    name = text.replace(found[0], "").strip(" <>(),") if found else text
    if _NEARLY.search(name) or (found and not _is_orcid(found[1].upper())):
        raise UsageError(
            f'review: --reviewer "{text}": this is no ORCID, which has 16 digits, the last of them '
            "a check digit, as 0000-0002-1825-0097; correct it, or give the name alone."
        )
    if not name and not found:
        raise UsageError("review: say who decides: --reviewer NAME, an ORCID, or both.")
    return Signature(name, f"orcid:{found[1].upper()}" if found else "", days.day(day, "review"))


def _is_orcid(text: str) -> bool:
    return has_right_digits("iso7064-mod-11-2", text.replace("-", ""))


def _from_git(folder: str) -> str:
    command = ["git", "-C", folder, "config", "user.name"]
    try:
        found = subprocess.run(command, capture_output=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.decode(errors="replace")
