"""The things of the graph that proposals name: found, chosen by a person, or added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.extended import with_curated
from onehealthkg.days import is_period
from onehealthkg.deciding.source import Named, Source, wordings
from onehealthkg.drafting import proposals as fields
from onehealthkg.drafting.proposals import Proposal
from onehealthkg.editing.add_session import AddSession
from onehealthkg.editing.additions import ADD_FIELDS, add_wording
from onehealthkg.editing.field_values import read_term
from onehealthkg.editing.terminal import Terminal
from onehealthkg.editing.things import NamedThing, Things
from onehealthkg.errors import UsageError
from onehealthkg.kinds import members
from onehealthkg.labels import label
from onehealthkg.names import ID, local_name
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.paths import Project
from onehealthkg.terms import QuadSource, merge
from onehealthkg.words import Words, words

_KINDS = {
    fields.PARTY: "organisation",
    fields.PUBLISHER: "organisation",
    fields.TOPIC: "topic",
    fields.ACTIVITY: "activity",
    fields.PROGRAMME: "programme",
    fields.PLACE: "place",
    fields.KIND: "kind",
}
_PART = "|"


class Left(Exception):
    """The person left the question about a name."""


class Resolver:
    """Finds the things of proposals in a project, and asks about unknown ones.

    ``version`` increases whenever the project gets a new name; ``address`` is that of the text, the
    source of added things.
    """

    def __init__(self, project: Project, terminal: Terminal, text: str, language: str) -> None:
        self._project = project
        self._text = text
        self._language = language
        self.address = ""
        self._terminal = terminal
        self._own: Words = words(terminal.language)["draft"]
        self.version = 0
        self._use(merge(load_store(project)))

    def _say(self, key: str, *values: object) -> str:
        """A text of the session in the language of its terminal."""
        return str(self._own[key].format(*values))

    def _use(self, store: QuadSource) -> None:
        self.store = store
        self.knowledge = Knowledge.of(store)
        self._named: dict[str, Named] = {}
        self._things = Things(store, self._terminal.language)

    def _reload(self) -> None:
        """Use the names that the curated files have now."""
        self._use(with_curated(self._project, self.store))
        self.version += 1

    def named(self, source: Source) -> Named:
        """The things that the words of each passage of the text name."""
        if source.stem not in self._named:
            self._named[source.stem] = Named(self.knowledge.names, source)
        return self._named[source.stem]

    def is_resolved(self, proposal: Proposal) -> bool:
        """Whether a proposal can be agreed to without a question."""
        if proposal.field == fields.SIGNATORY:
            post = proposal.post_thing is not None or not proposal.post
            return proposal.thing is not None and proposal.organisation_thing is not None and post
        if proposal.field == fields.NEW:
            return False
        return (
            proposal.field not in _KINDS
            or proposal.thing is not None
            or proposal.value.startswith(ID)
        )

    def known(self, proposal: Proposal) -> Proposal:
        """A proposal with those of its things that are identified beyond doubt."""
        if proposal.field in _KINDS and not self.is_resolved(proposal):
            things = self._things.find(_KINDS[proposal.field], proposal.label).things
            return _with(proposal, NamedNode(ID + things[0].name)) if len(things) == 1 else proposal
        body = proposal.organisation_thing
        if (
            proposal.field == fields.SIGNATORY
            and body
            and proposal.post
            and proposal.post_thing is None
        ):
            held = self._things.holds_post(local_name(body.value), proposal.post).things
            if len(held) == 1:
                return proposal._replace(post_thing=NamedNode(ID + held[0].name))
        return proposal

    def resolved(self, proposal: Proposal) -> Proposal | None:
        """A proposal with its things; None if the person skips it."""
        if proposal.field == fields.SIGNATORY:
            return self._signatory(proposal)
        if proposal.field == fields.NEW:
            thing = self._thing(proposal.value, proposal.label, proposal.acronym)
            return proposal._replace(thing=thing) if thing else None
        if self.is_resolved(proposal):
            return proposal
        thing = self._thing(_KINDS[proposal.field], proposal.label, proposal.acronym)
        return _with(proposal, thing) if thing else None

    def changed(self, proposal: Proposal, text: str) -> Proposal:
        """A proposal corrected by a person's text; UsageError if that is not understood."""
        if proposal.field == fields.SIGNATORY:
            who, post, body = (*(part.strip() for part in text.split(_PART)), "", "")[:3]
            bare = proposal._replace(label=who, post=post, organisation=body, thing=None)
            changed = self._signatory(bare._replace(post_thing=None, organisation_thing=None))
        elif proposal.field in (fields.SIGNED, fields.STARTS, fields.ENDS, fields.DATELINE):
            if not is_period(text):
                raise UsageError(self._say("no_date", text))
            changed = proposal._replace(value=text)
        elif proposal.field == fields.TERM:
            changed = proposal._replace(value=read_term(text, self._terminal.language))
        elif proposal.field == fields.ANTECEDENT:
            if not re.fullmatch(r"\d+(?:[ ,]+\d+)*", text):
                raise UsageError(self._say("which_sentence"))
            changed = proposal._replace(value=text)
        elif proposal.field in _KINDS:
            what, _, how = (part.strip() for part in text.partition(_PART))
            bare = proposal._replace(label=what, thing=None, value="")
            changed = self.resolved(
                bare._replace(modality=self._modality(how) or proposal.modality)
            )
        else:
            changed = proposal._replace(label=text)
        if changed is None:
            raise Left
        return changed

    def word(self, source: Source, agreed: Iterable[Proposal]) -> None:
        """Add the words of a text as wordings of the things that a person says they name."""
        missing = list(wordings(self.named(source), source, agreed))
        for thing, wording in missing:
            add_wording(self._project, thing, wording, source.language)
        if missing:
            self._reload()

    def found(self, kind: str, name: str) -> NamedNode | None:
        """The thing of a name, chosen or added by the person; None if the person skips it."""
        return self._thing(kind, name)

    def _modality(self, text: str) -> str:
        """The local name of a modality, typed in the language of the session or by that name."""
        modalities = [local_name(modality.value) for modality in members(self.store, "modality")]
        typed = words(self._terminal.language)["new"]["values"].get(text, text)
        if typed and typed not in modalities:
            raise UsageError(self._say("not_one_of", text, ", ".join(modalities)))
        return str(typed)

    def _signatory(self, proposal: Proposal) -> Proposal | None:
        body = proposal.organisation_thing or self._body(proposal)
        if body is None:
            return None
        person = proposal.thing or self._person(proposal.label)
        post = proposal.post_thing or (self._post(proposal, body) if proposal.post else None)
        return proposal._replace(thing=person, organisation_thing=body, post_thing=post)

    def _body(self, proposal: Proposal) -> NamedNode | None:
        """The body of a signatory; None, after a remark, if the sentence names none."""
        if not proposal.organisation:
            self._terminal.say(self._say("no_body", proposal.label), "warning")
        name, _, acronym = proposal.organisation.partition(" (")
        return self._thing("organisation", name, acronym.removesuffix(")"))

    def _person(self, name: str) -> NamedNode:
        """The person of this name; an unknown person is added by the name alone."""
        meaning = self._things.find("person", name)
        if meaning.things:
            return NamedNode(ID + meaning.things[0].name)
        person = self._add().added("person", {"name": name, "source": self.address})
        self._reload()
        return person

    def _post(self, proposal: Proposal, body: NamedNode) -> NamedNode | None:
        held = self._things.holds_post(local_name(body.value), proposal.post)
        if len(held.things) == 1:
            return NamedNode(ID + held.things[0].name)
        name = self._title(proposal) or words(self._language)["draft"]["post_of"].format(
            proposal.post, label(self.store, body)
        )
        self._terminal.say(self._say("new_post", name))
        field = "name" if self._language == "en" else "name-fr"
        return self._added("post", {field: name, "organisation": local_name(body.value)})

    def _title(self, proposal: Proposal) -> str:
        """A post with its body, as written after the name in the text: President of the FLI."""
        said = " ".join(self._text[proposal.start : proposal.end].split())
        _, post, rest = said.partition(proposal.post)
        return post + rest if re.match(r" (of|de|du|des|d['’])\b", rest) else ""

    def _thing(self, kind: str, name: str, acronym: str = "") -> NamedNode | None:
        """The thing of a name, which a person may choose or add; None to skip it."""
        while name:
            meaning = self._things.find(kind, name)
            if len(meaning.things) == 1:
                return NamedNode(ID + meaning.things[0].name)
            near = meaning.things or self._near(kind, name, meaning.near)
            what = self._own["kinds"].get(kind, kind)
            said = (
                self._say("ambiguous", name) if meaning.things else self._say("unknown", what, name)
            )
            self._terminal.say(said, "warning")
            for number, thing in enumerate(near, 1):
                shown = self._label(thing, self._terminal.language)
                self._terminal.say(f"  {number}  {shown} ({thing.name})", rest="     ")
            chooses = "choose" if near else "choose_new"
            self._terminal.say(self._say(chooses if kind in ADD_FIELDS else "choose_known"))
            while (answer := self._line()) == "?":
                self._terminal.say(self._say("name_help"))
            if answer == "+" and kind not in ADD_FIELDS:
                self._terminal.say(self._say("no_kind_here"), "warning")
                continue
            if answer == "+":
                return self._added(kind, _names(kind, name, acronym, self._language))
            if answer.isdecimal() and 0 < int(answer) <= len(near):
                return NamedNode(ID + near[int(answer) - 1].name)
            if not self._terminal.is_person and answer and not self._is_name(kind, answer):
                raise UsageError(self._say("unknown", what, answer))
            name = answer
        return None

    def _near(self, kind: str, name: str, near: Sequence[NamedThing]) -> list[NamedThing]:
        """Things to choose from for an unknown name; of kinds of agreements, which are few, all."""
        if kind not in ADD_FIELDS and not near:
            return list(map(self._things.known, self._things.all(kind)))
        if kind in (fields.TOPIC, fields.ACTIVITY) and not near:
            return self._things.sharing(kind, name)
        return sorted(near, key=lambda thing: not self._is_in(thing, name))

    def _label(self, thing: NamedThing, language: str) -> str:
        return label(self.store, NamedNode(ID + thing.name), language)

    def _is_in(self, thing: NamedThing, name: str) -> bool:
        """Whether a longer name has that of a thing in it: *animal diseases*."""
        return self._label(thing, self._language).casefold() in name.casefold()

    def _is_name(self, kind: str, text: str) -> bool:
        return len(self._things.find(kind, text).things) == 1

    def _added(self, kind: str, given: dict[str, str]) -> NamedNode | None:
        thing = self._add().run(kind, {**given, "source": self.address})
        if thing is None:
            raise Left
        self._reload()
        return thing

    def _add(self) -> AddSession:
        return AddSession(self._project, self._terminal, self._things)

    def _line(self) -> str:
        line = self._terminal.read("> ")
        if line is None and not self._terminal.is_person:
            raise UsageError(self._say("answers_end"))
        if line is None or line in ("quit", "quitter"):
            raise Left
        return line


def _with(proposal: Proposal, thing: NamedNode) -> Proposal:
    """A proposal with its thing; the value of a kind of agreement is its thing."""
    value = thing.value if proposal.field == fields.KIND else proposal.value
    return proposal._replace(thing=thing, value=value)


def _names(kind: str, name: str, acronym: str, language: str) -> dict[str, str]:
    """The names of a new thing that a text in a language gives, by the fields of ``add``."""
    fields = {field.name for field in ADD_FIELDS[kind]}
    end = "-fr" if language == "fr" and "name-fr" in fields else ""
    if acronym and "full-name" in fields:
        return {f"name{end}": acronym, f"full-name{end}": name, f"acronym{end}": acronym}
    return {f"name{end}": acronym or name}
