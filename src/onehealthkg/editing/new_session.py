"""The session of ``new``: a question for each field, a line for each answer, then the record.

Answers are lines, from a person or from a script. A person who names something unknown sees
numbered suggestions; a script is stopped, because its next line would answer another question. Data
files may change during a session, so an unknown name is looked up in them again before it is
reported. Nothing is written before the end.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from onehealthkg.editing import draft, fields
from onehealthkg.editing.add_session import AddSession
from onehealthkg.editing.additions import ADD_FIELDS
from onehealthkg.editing.field_values import PARTS, FieldValue, NotUnderstood, Reader
from onehealthkg.editing.fields import BY_NAME, FIELDS, RecordField
from onehealthkg.editing.new_answers import KeptAnswers, keep_answers, kept_answers
from onehealthkg.editing.new_record import (
    NewRecord,
    finding_line,
    is_wrong,
    new_record,
    reader_of,
    taken,
    trial,
    write_new,
)
from onehealthkg.editing.terminal import Terminal
from onehealthkg.editing.things import thing_kind, to_add
from onehealthkg.errors import UsageError
from onehealthkg.names import local_name
from onehealthkg.paths import Project
from onehealthkg.words import Words, words

_BACK, _QUIT, _HELP, _ADD = "<", "quit", "?", "+"
# The kinds of things that the parts of an answer name, for completion.
_PARTS = {
    fields.SIGNATORY: ("person", "post", "organisation"),
    fields.UNDERTAKING: ("activity", ""),
    fields.FUNDING: ("payer", ""),
    fields.PREDECESSOR: ("agreement", ""),
    fields.THING: ("",),
}
Step = Literal["next", "back", "quit"]


class NewSession:
    """A session with a person or a script about one partnership.

    ``language`` is that of labels; ``output`` is the file of the record, "-" for standard output,
    by default a file in the project; with ``dry`` nothing is written.
    """

    def __init__(
        self,
        project: Project,
        terminal: Terminal,
        language: str = "en",
        output: str | None = None,
        *,
        dry: bool = False,
    ) -> None:
        self._project = project
        self._terminal = terminal
        self._language = language
        self._output = output
        self._dry = dry
        self._answers: dict[str, list[FieldValue]] = {}
        self._fingerprint = project.fingerprint()
        self._own: Words = words(terminal.language)["new"]
        self._reader = self._read_project()
        self._field = FIELDS[0]
        self._texts: dict[str, list[str]] = {}
        self._saved = project.drafts / "new.json"

    @property
    def _keeps(self) -> bool:
        """Whether answers are saved in the project: those of a person, unless ``dry``."""
        return self._terminal.is_person and not self._dry and not self._project.is_installed

    def run(self) -> int:
        """Ask, show and write the record, and return the exit code.

        Raises UsageError if the answer of a script is not understood, or if its answers end before
        the record is accepted.
        """
        if self._terminal.is_person:
            _complete(self)
        try:
            self._say("introduction", colour="dim")
            if self._asked_all(self._resumed()):
                return self._agreed()
        except KeyboardInterrupt:
            self._terminal.write()
            self._left()
            raise
        self._left()
        return 0

    def _left(self) -> None:
        if self._saved.exists() and self._keeps:
            self._say("saved")
        self._say("nothing_written")

    def _resumed(self) -> int:
        """The number of the field at which a session continues; 0 for a new session."""
        if not self._keeps or not self._saved.exists():
            return 0
        kept = kept_answers(self._saved)
        self._say("earlier", kept.at + 1)
        if self._line():
            self._saved.unlink()
            return 0
        for name, texts in kept.texts.items():
            for text in texts:
                self._resume(BY_NAME[name], text)
        return kept.at

    def _resume(self, field: RecordField, text: str) -> None:
        """Take an answer of an earlier session, unless it names something no longer known."""
        try:
            answer = self._read(field, text)
        except NotUnderstood as error:
            self._terminal.say(f"{field.name}: {error}", "warning")
            return
        self._answers.setdefault(field.name, []).append(answer)
        self._texts.setdefault(field.name, []).append(text)
        self._confirm(field, answer)

    def _asked_all(self, at: int) -> bool:
        """Whether all fields from a number on were asked; False if the person left."""
        while at < len(FIELDS):
            if self._keeps and self._texts:
                keep_answers(self._saved, KeptAnswers(at, self._texts))
            step = self._ask(FIELDS[at], f"{at + 1}/{len(FIELDS)} ")
            if step == "quit":
                return False
            at = max(at - 1, 0) if step == "back" else at + 1
        return True

    def _ask(self, field: RecordField, number: str = "") -> Step:
        """Ask for the answers to a field, which replace those that it has."""
        self._field = field
        self._answers.pop(field.name, None)
        self._texts.pop(field.name, None)
        default = self._default(field)
        self._terminal.write()
        needed = self._own["required"] if field.needed else ""
        self._terminal.say(f"{number}{self._question(field)}{needed}")
        if default:
            self._say("default", default, colour="dim")
        while (text := self._line()) not in (_BACK, _QUIT):
            if text == _HELP:
                self._terminal.say(self._explained(field))
                continue
            if text and not self._understood(field, text):
                continue
            if text and field.many:
                continue
            if text or self._answers.get(field.name) or not field.needed:
                return "next"
            self._say("is_required", self._explained(field), colour="warning")
            if not self._terminal.is_person:
                raise self._error("no_answer", self._question(field))
        return "back" if text == _BACK else "quit"

    def _default(self, field: RecordField) -> str:
        if field.kind == fields.NAME:
            return draft.default_name(self._answers, taken(self._project, self._reader))
        if field.key == "label":
            return draft.default_titles(self._answers, self._reader.things)[field.language]
        return ""

    def _understood(self, field: RecordField, text: str) -> bool:
        """Whether an answer was understood and kept, if necessary by choosing a suggestion."""
        texts = [text]
        understood = False
        while texts:
            text = texts.pop(0)
            try:
                answer = self._read(field, text)
            except NotUnderstood as error:
                if not self._terminal.is_person:
                    raise UsageError(f"new: {self._question(field)} {error}") from None
                texts = self._repaired(error, text, many=field.many) + texts
                continue
            self._answers.setdefault(field.name, []).append(answer)
            self._texts.setdefault(field.name, []).append(text)
            self._confirm(field, answer)
            understood = True
        return understood

    def _read(self, field: RecordField, text: str) -> FieldValue:
        """The meaning of a text; files that have changed are read again."""
        try:
            return self._free(self._reader.read(field, text))
        except NotUnderstood as error:
            now = self._project.fingerprint()
            if not error.things or now == self._fingerprint:
                raise
            self._fingerprint = now
        with suppress(NotUnderstood):
            self._reader = self._with_curated()
            return self._free(self._reader.read(field, text))
        self._reader = self._read_project()
        return self._reader.read(field, text)

    def _free(self, answer: FieldValue) -> FieldValue:
        if answer.key == "id" and answer.value in taken(self._project, self._reader):
            raise NotUnderstood(self._own["exists"].format(answer.value))
        return answer

    def _repaired(self, error: NotUnderstood, text: str, *, many: bool) -> list[str]:
        """The texts to use instead of a text that was not understood; empty to leave it out."""
        if not error.things:
            self._terminal.say(str(error), "warning")
            return []
        meant = words(self._terminal.language)["meant"].partition("{}")[0]
        self._terminal.say(str(error).partition(meant)[0], "warning")
        for number, thing in enumerate(error.near, 1):
            self._terminal.say(f"  {number}  {thing}")
        choice = "numbers" if many and len(error.near) > 1 else "number"
        self._say(choice if error.near else "no_number", self._own["another"])
        while (answer := self._line()) == _ADD:
            if added := self._added(error):
                return [error.put(text, added)]
        if answer in (_BACK, _QUIT, _HELP, ""):
            return []
        numbers = answer.replace(",", " ").split()
        if all(number.isdecimal() and 0 < int(number) <= len(error.near) for number in numbers):
            chosen = numbers if many else numbers[:1]
            return [error.put(text, error.near[int(number) - 1].name) for number in chosen]
        return [answer if PARTS in answer else error.put(text, answer)]

    def _added(self, error: NotUnderstood) -> str:
        """The name of the thing that a person adds; if it has no form here, a block to paste."""
        kind = thing_kind(error.things)
        if kind in ADD_FIELDS and self._keeps:
            session = AddSession(self._project, self._terminal, self._reader.things)
            thing = session.run(kind, {"name": error.part})
            self._reader = self._with_curated()
            self._fingerprint = self._project.fingerprint()
            return local_name(thing.value) if thing else ""
        where, block = to_add(error.things, error.part, self._terminal.language)
        self._terminal.say(where)
        if block:
            self._terminal.write(f"\n{block}")
            self._say("save_file", colour="dim")
        return ""

    def _confirm(self, field: RecordField, answer: FieldValue) -> None:
        for note in answer.notes:
            self._terminal.say(f"  {note}", "warning")
        if field.kind == fields.THING:
            self._terminal.say(f"  {self._reader.things.known(answer.value)}", "good")
        elif field.kind not in (fields.TEXT, fields.NAME, fields.YES):
            value = answer.value
            written = value if not isinstance(value, dict) else ", ".join(_shown_parts(value))
            self._terminal.say(f"  {answer.key}: {written}", "good")

    def _agreed(self) -> int:
        """Show the record and its findings until it is written or discarded; the exit code."""
        while True:
            record = new_record(
                self._project, self._reader, self._answers, self._output, dry=self._dry
            )
            self._terminal.write(f"\n{record.data.decode()}")
            for note in [*record.notes, *record.repeated]:
                self._terminal.say(note, "warning")
            self._say("checking", colour="dim")
            findings = trial(self._project, {record.name: record.data})
            for finding in findings:
                self._terminal.say(finding_line(finding, self._terminal.language), "warning")
            wrong = is_wrong(findings)
            self._say("no_findings" if not findings else "same" if wrong else "warnings_only")
            answer = self._asked_at_end(wrong=wrong)
            if answer == "quit":
                self._say("nothing_written")
                return int(wrong and not self._terminal.is_person)
            if answer == "write":
                return self._write(record)

    def _asked_at_end(self, *, wrong: bool) -> str:
        """``write``, ``quit``, or ``change`` if an answer was changed."""
        self._say("end")
        while (text := self._typed(self._line())) not in (_QUIT, "q"):
            is_short = text in ("w", "é", "e")
            if text == "write" or (is_short and not wrong):
                if wrong and not self._terminal.is_person:
                    raise self._error("violations")
                return "write"
            if text in ("c", "change"):
                self._say("which", ", ".join(BY_NAME))
                text = self._line()
            if text in BY_NAME:
                self._ask(BY_NAME[text])
                return "change"
            self._say("same" if is_short else "end")
            if not self._terminal.is_person:
                raise self._error("not_at_end", text, self._own["end"])
        return "quit"

    def _write(self, record: NewRecord) -> int:
        if self._dry or record.path is None:
            self._say("dry_run")
        else:
            write_new({record.path: record.data})
            if self._keeps:
                self._saved.unlink(missing_ok=True)
            self._terminal.write(self._own["written"].format(record.path))
        return 0

    def _line(self) -> str:
        """The words of the next line; ``quit`` if a person's lines end."""
        line = self._terminal.read("> ")
        if line is None and not self._terminal.is_person:
            raise self._error("answers_end")
        return _QUIT if line is None or self._typed(line) == _QUIT else line

    def _typed(self, line: str) -> str:
        """The English word of an answer."""
        return str(self._own["answers"].get(line.casefold(), line.casefold()))

    def _with_curated(self) -> Reader:
        """The reader, with the names that the curated files have now."""
        things = self._reader.things.again(self._project)
        return Reader(self._reader.words, things, self._reader.language)

    def _read_project(self) -> Reader:
        return reader_of(self._project, self._language, self._terminal.language)

    def _explained(self, field: RecordField) -> str:
        each = f" {self._own['each']}" if field.many else ""
        return field.help(self._terminal.language) + each

    def _question(self, field: RecordField) -> str:
        return field.question(self._terminal.language)

    def _say(self, key: str, *values: object, colour: str = "") -> None:
        """Write a text of the session in the language of its terminal."""
        self._terminal.say(self._own[key].format(*values), colour)

    def _error(self, key: str, *values: object) -> UsageError:
        return UsageError(f"new: {self._own[key].format(*values)}")

    def proposals(self, typed: str, before: str) -> list[str]:
        """The completions of a typed text, as an answer to the current question."""
        kinds = _PARTS.get(self._field.kind, ())
        part = before.count(PARTS)
        kind = kinds[part] if part < len(kinds) else ""
        kind = kind or ("" if part else self._field.things)
        if not kind:
            return []
        names = self._reader.things.names(kind)
        return [name for name in names if name.casefold().startswith(typed.casefold())]


def _shown_parts(value: dict[str, object]) -> list[str]:
    parts: list[str] = []
    for key, part in value.items():
        if isinstance(part, dict):
            parts += map(str, part.values())
        elif key != "id" or "://" in str(part):
            parts.append(", ".join(part) if isinstance(part, list) else str(part))
    return parts


def _complete(session: NewSession) -> None:
    """Let the Tab key complete names, if Python has readline."""
    try:
        import readline
    except ImportError:  # as on Windows
        return

    def completed(typed: str, state: int) -> str | None:
        before = readline.get_line_buffer()[: readline.get_begidx()]
        space = " " if typed.startswith(" ") else ""
        proposals = session.proposals(typed.strip(), before)
        return space + proposals[state] if state < len(proposals) else None

    readline.set_completer(completed)
    readline.set_completer_delims(PARTS)
    readline.parse_and_bind("set completion-ignore-case on")
    readline.parse_and_bind("tab: complete")
