"""The start of a review: the candidates, the file for decisions, the reviewer, and both sides.

An ORCID's last character is a check digit, ISO 7064 MOD 11-2
(https://support.orcid.org/hc/en-us/articles/360006897674). If no reviewer is named, the name that
git signs commits with is used: it is published with the file anyway.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from pyoxigraph import Store

from onehealthkg import days
from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import UsageError
from onehealthkg.mappings.check_digits import has_right_digits
from onehealthkg.mappings.sssom import MappingSet, read_candidates, read_mappings
from onehealthkg.names import GRAPH
from onehealthkg.paths import Project
from onehealthkg.reviewing.links_file import Link, LinksFile, links
from onehealthkg.reviewing.review import Review, Signature
from onehealthkg.reviewing.sides import Side, label_of, read_facts, side

Sides = Callable[[Link], tuple[Side, Side]]
"""A function from a candidate to the descriptions of our thing and of theirs."""

_ORCID = re.compile(r"(?:https?://orcid\.org/|orcid:)?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.I)
_NEARLY = re.compile(r"orcid|\d{4}-\d{4}", re.I)


def open_review(
    project: Project,
    candidates_file: Path,
    signed: Signature,
    *,
    output: Path | None = None,
    vocabularies: Sequence[Path] = (),
    dry: bool = False,
    unseen: bool = False,
) -> tuple[Review, Sides]:
    """A review of the candidates of a file, and the descriptions of both sides of each.

    Decisions are saved in ``output``, by default the project's file of links. ``vocabularies`` are
    files that describe the external concepts. Raises UsageError if the default may not be written,
    InputError if a file cannot be read.
    """
    kept = output or _links_of(project, dry=dry)
    candidates = read_candidates(candidates_file)
    store = load_store(project)
    facts = read_facts(vocabularies, {link.object for link in links(candidates)})
    own = project.links_file
    is_beside = own.exists() and own.resolve() != kept.resolve()
    review = Review(
        candidates,
        _links_file(kept, candidates, dry=dry),
        lambda iri: label_of(store, iri),
        signed,
        links(read_mappings(own)) if is_beside else (),
        unseen=unseen,
    )
    return review, _sides(candidates, store, facts)


def _links_of(project: Project, *, dry: bool) -> Path:
    if not dry:
        project.must_be_own("review")
    return project.links_file


def _links_file(path: Path, candidates: MappingSet, *, dry: bool) -> LinksFile:
    """The file of links; a new one has the prefixes and the licence of the candidates."""
    slots = ("curie_map", "license")
    header = {slot: candidates.header[slot] for slot in slots if slot in candidates.header}
    header["mapping_set_id"] = GRAPH + "links"
    return LinksFile(path, header, dry=dry)


def _sides(candidates: MappingSet, store: Store, facts: Store) -> Sides:
    def sides(candidate: Link) -> tuple[Side, Side]:
        row = candidate.mapping
        source = row.object_source
        home = (label_of(store, candidates.expand(source)) or source) if source else ""
        theirs = side([facts, store], candidate.object, row.object_id, row.object_label)
        return side([store], candidate.subject, row.subject_id), theirs._replace(home=home)

    return sides


def signature(reviewer: str | None, day: str | None, folder: str) -> Signature:
    """The signature of a reviewer: ``Jane Doe``, an ORCID, or both in one text.

    None as reviewer is git's user.name in ``folder``, None as day is today. Raises UsageError if
    the reviewer is missing, or an ORCID or date is invalid.
    """
    text = " ".join((_from_git(folder) if reviewer is None else reviewer).split())
    orcid = _ORCID.search(text)
    name = text.replace(orcid[0], "").strip(" <>(),") if orcid else text
    if _NEARLY.search(name) or (orcid and not _is_orcid(orcid[1].upper())):
        raise UsageError(
            f'review: --reviewer "{text}": this is not an ORCID, which has 16 digits, the last of '
            "them a check digit, as 0000-0002-1825-0097; correct it, or pass the name alone."
        )
    if not name and not orcid:
        raise UsageError("review: name the reviewer: --reviewer NAME, an ORCID, or both.")
    return Signature(name, f"orcid:{orcid[1].upper()}" if orcid else "", days.day(day, "review"))


def _is_orcid(text: str) -> bool:
    return has_right_digits("iso7064-mod-11-2", text.replace("-", ""))


def _from_git(folder: str) -> str:
    command = ["git", "-C", folder, "config", "user.name"]
    try:
        result = subprocess.run(command, capture_output=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.decode(errors="replace")
