"""The start of a session of ``draft``: archives the text if allowed, and asks for missing facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from onehealthkg.days import is_day
from onehealthkg.deciding.decisions import About, Journal
from onehealthkg.deciding.draft_file import DraftFile, archive, unarchived
from onehealthkg.deciding.draft_resolve import Left, Resolver
from onehealthkg.deciding.draft_session import DraftSession
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.agreement import are_several
from onehealthkg.drafting.announcement import Announcement
from onehealthkg.drafting.draft import draft
from onehealthkg.drafting.proposals import Draft
from onehealthkg.editing.terminal import Terminal
from onehealthkg.editing.things import words_of
from onehealthkg.errors import FindingsError, UsageError
from onehealthkg.files import read_bytes
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.paths import Project
from onehealthkg.words import list_in_words, words

_DATED = re.compile(r"\d{4}-\d\d-\d\d-")


class Start(NamedTuple):
    """The options of a session, empty if not given.

    ``record`` requests a record instead of an archived text.
    """

    name: str = ""
    address: str = ""
    published: str = ""
    publisher: str = ""
    title: str = ""
    record: bool = False
    any_text: bool = False


class Opened(NamedTuple):
    """A session that is ready to begin, and its journal of decisions."""

    session: DraftSession
    journal: Journal
    stem: str


def open_draft(
    project: Project, path: Path, text: Announcement, start: Start, terminal: Terminal
) -> Opened:
    """A session about a text, with the decisions of earlier sessions.

    Raises FindingsError for a text without an agreement, UsageError if the answer of a script is
    not understood or if another text has its name.
    """
    resolver = Resolver(project, terminal, text.text, text.language)
    first = proposer(text, start.published)(resolver.knowledge)
    _refuse_others(first, path, terminal.language, any_text=start.any_text)
    dated = _dateline(first)
    begun = "" if start.name else _begun(project, text.text)
    stem = begun or _stem(path, start, dated)
    journal = Journal(project, stem)
    journal.about = _about(journal.about, start, text, first, resolver, terminal)
    resolver.address = journal.about.address
    own = words(terminal.language)["draft"]
    for note in [*text.notes, *_several(first, terminal.language)]:
        terminal.say(note, "warning")
    if journal.answers:
        terminal.say(own["kept"].format(len(journal.answers)), "dim")
    if start.record:
        source = unarchived(stem, text.text, text.language)
        session = DraftSession(source, journal, terminal, resolver, _read(text, journal), _nothing)
        return Opened(session, journal, stem)
    try:
        source = archive(project, stem, text.text, text.language, journal.about.address)
    except FileExistsError as error:
        raise UsageError(f"draft: {own['name_taken'].format(error.filename)}") from None
    file = DraftFile(project, source)
    decisions = journal.decisions.values()
    file.begin(resolver.store, resolver.named(source), journal.about, decisions)

    def write() -> None:
        decisions = journal.decisions.values()
        file.write(resolver.store, resolver.named(source), journal.about, decisions)

    journal.save(journal.answers)
    write()
    session = DraftSession(source, journal, terminal, resolver, _read(text, journal), write)
    return Opened(session, journal, stem)


def proposer(text: Announcement, published: str) -> Callable[[Knowledge], Draft]:
    """A function that reads a text with the names of a graph."""

    def read(knowledge: Knowledge) -> Draft:
        return draft(text.text, text.language, knowledge, published)

    return read


def _read(text: Announcement, journal: Journal) -> Callable[[Knowledge], Draft]:
    return proposer(text, journal.about.published)


def _nothing() -> None:
    """Write nothing: a text that is not archived has no author's file."""


def _stem(path: Path, start: Start, dated: str) -> str:
    """The name of the archived text: the day of publication, and words of the file's name."""
    name = words_of(start.name or path.stem.replace("_", "-"))
    published = start.published or dated
    if _DATED.match(name) or not is_day(published):
        return name or "announcement"
    name = re.sub(rf"-{published[:4]}$", "", name)
    return f"{published}-{name or 'announcement'}"


def _begun(project: Project, text: str) -> str:
    """The name under which an earlier session archived the same text, or an empty text."""
    for journal in sorted(project.drafts.glob("*.json")):
        archived = project.sources / f"{journal.stem}.txt"
        if archived.exists() and read_bytes(archived) == text.encode():
            return journal.stem
    return ""


def _refuse_others(found: Draft, path: Path, language: str, *, any_text: bool) -> None:
    """Refuse a text that names no party; FindingsError says how to continue anyway."""
    if not any_text and not found.of(fields.PARTY):
        raise FindingsError(f"draft: {path}: {words(language)['draft']['no_agreement']}")


def _several(found: Draft, language: str) -> list[str]:
    """A warning about a text with more than one agreement."""
    own = words(language)["draft"]
    dates = sorted({proposal.value for proposal in found.of(fields.SIGNED) if proposal.value})
    if len(dates) < 2 and not are_several(found.text, found.language):
        return []
    of_days = own["signed_on"].format(list_in_words(dates, language)) if len(dates) > 1 else ""
    return [own["several"].format(of_days)]


def _about(
    before: About,
    start: Start,
    text: Announcement,
    first: Draft,
    resolver: Resolver,
    terminal: Terminal,
) -> About:
    """The publication of the text: from options, from earlier answers, or asked for."""
    own = words(terminal.language)["draft"]
    address = start.address or before.address
    while not re.fullmatch(r'https?://[^\s<>"{}|\\^`]+', address):
        if address:
            _wrong(own["no_address"].format(address), terminal)
        address = _asked(own["ask_address"], terminal)
    published = start.published or before.published or _dateline(first)
    while not is_day(published):
        if published:
            _wrong(own["no_day"].format(published), terminal)
        published = _asked(own["ask_day"], terminal)
    publisher = start.publisher or before.publisher
    while not publisher.startswith("http"):
        named = publisher or _asked(own["ask_publisher"], terminal)
        thing = resolver.found("organisation", named)
        publisher = thing.value if thing else ""
    title = start.title or before.title
    while not (first.of(fields.TITLE) or title):
        title = _asked(own["ask_title"], terminal)
    return About(address, published, publisher, text.language, title)


def _dateline(first: Draft) -> str:
    return next((proposal.value for proposal in first.of(fields.DATELINE)), "")


def _asked(question: str, terminal: Terminal) -> str:
    terminal.say(question)
    line = terminal.read("> ")
    if line is None or line in ("quit", "quitter"):
        if terminal.is_person:
            raise Left
        no_answer = words(terminal.language)["new"]["no_answer"].format(question)
        raise UsageError(f"draft: {no_answer}")
    return line


def _wrong(message: str, terminal: Terminal) -> None:
    if not terminal.is_person:
        raise UsageError(f"draft: {message}")
    terminal.say(message, "warning")
