"""The bodies and programmes that a text names: the runs of words, merged by what they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pyoxigraph import NamedNode

from onehealthkg.naming.bodies import BODY, MAYBE, PROGRAMME, Named, Place
from onehealthkg.naming.capitals import spells
from onehealthkg.naming.document import Document
from onehealthkg.naming.knowledge import Knowledge
from onehealthkg.naming.recognisers import Recognised
from onehealthkg.naming.runs import Run, runs
from onehealthkg.naming.words import END, pattern, words


def named(
    document: Document,
    knowledge: Knowledge,
    recognised: Iterable[Recognised],
    people: Sequence[tuple[int, int]],
) -> list[Place]:
    """Where a text names bodies and programmes, in text order; ``people`` are names of people."""
    merged = _merged(runs(document, knowledge, recognised, people), document, knowledge)
    places = [Place(start, end, body) for body in merged for start, end in body.places]
    return sorted(places, key=lambda place: (place.start, -place.end))


def _merged(found: list[Run], document: Document, knowledge: Knowledge) -> list[Named]:
    """The runs, grouped by what they name: the same name, acronym or thing is the same."""
    by_form: dict[str, Named] = {}
    by_thing: dict[NamedNode, Named] = {}
    merged: list[Named] = []
    for run in sorted(found, key=lambda run: (not run.acronym, run.start)):
        forms = [_folded(form) for form in (run.name, run.acronym) if form]
        body = next((by_form[form] for form in forms if form in by_form), None)
        body = body or (by_thing.get(run.thing) if run.thing else None)
        if body is None:
            names = (run.acronym,) if run.kind == PROGRAMME else (run.name, run.acronym)
            known = knowledge.body(*names)  # UN Environment Programme (UNEP)
            body = Named(run.name, BODY if known else run.kind, run.acronym, run.thing or known)
            merged.append(body)
        body.thing = body.thing or run.thing
        body.kind = body.kind or run.kind
        body.acronym = body.acronym or run.acronym
        body.places.append((run.start, run.end))
        body.full = body.full or ((run.start, run.end) if run.acronym else None)
        if len(run.name) > len(body.name) and not body.full:
            body.name = run.name
        by_form.update((form, body) for form in forms if form not in by_form)
        if run.thing:
            by_thing.setdefault(run.thing, body)
    return _with_appositions(_with_short_names(merged, document), document)


def _with_short_names(merged: list[Named], document: Document) -> list[Named]:
    """The names, with shorter forms merged into the full name.

    *Ministry of Health* is short for *Ministry of Health of Uganda* if the graph does not know it,
    and *Danish Serum Institute* is the *Serum Institute*.
    """
    people = pattern(document.language, r"<peoples>\s+")
    by_name = {_folded(body.name): body for body in merged}
    kept: list[Named] = []
    for body in merged:
        origin = people.match(body.name)
        bare = by_name.get(_folded(body.name[origin.end() :])) if origin else None
        fuller = [
            other
            for other in merged
            if _is_short(_folded(body.name), _folded(people.sub("", other.name, count=1)))
            or (document.language == "fr" and _opens_name(body, other))
        ]
        later = fuller and min(body.places) > min(fuller[0].places)
        target = bare or (fuller[0] if len(fuller) == 1 and (body.thing is None or later) else None)
        if body.kind == MAYBE:
            target = _with_word(body, merged, document)
        if body.thing is None:
            target = _in_full(body, merged) or target
        if target is None or target is body:
            kept.append(body)
        else:
            _join(target, body)
    return kept


def _in_full(body: Named, merged: Sequence[Named]) -> Named | None:
    """The name of which a word is abbreviated: *CHU Sainte-Justine*."""
    first, _, rest = body.name.partition(" ")
    return next(
        (
            other
            for other in merged
            if rest
            and first.isupper()
            and other.name.endswith(f" {rest}")
            and spells(first, other.name.removesuffix(rest))
        ),
        None,
    )


def _opens_name(body: Named, other: Named) -> bool:
    """Whether a French name begins another one: *Chambre d'agriculture Savoie Mont-Blanc*."""
    return body.kind == BODY and _folded(other.name).startswith(f"{_folded(body.name)} ")


def _with_word(body: Named, merged: Sequence[Named], document: Document) -> Named | None:
    """The only body whose name begins or ends with a word, unless the word means a place."""
    led = re.compile(r"(?<!\w)(?:in|at|near|à|en|au|aux|dans)\s(?:the |la |le |les )?$")
    if any(led.search(document.text, max(0, start - 10), start) for start, _ in body.places):
        return None
    if words(document.language, "countries", "world_regions").fullmatch(body.name):
        return None
    name = _folded(body.name)
    fuller = [
        other
        for other in merged
        if other is not body
        and other.kind in (BODY, MAYBE)
        and (_folded(other.name).startswith(f"{name} ") or _folded(other.name).endswith(f" {name}"))
    ]
    if not fuller and name.upper() == body.name:
        fuller = [other for other in merged if spells(body.name, other.name)]
    nested = all(_folded(other.name).startswith(_folded(fuller[0].name)) for other in fuller)
    return fuller[0] if fuller and nested else None


def _is_short(name: str, full: str) -> bool:
    """Whether a name is the beginning or the end of a fuller one."""
    shared = set(name.split()) < set(full.split())
    if (
        " of " in name
        and shared
        and name.split()[:3] == full.split()[:3]
        and name[-4:] == full[-4:]
    ):
        return True  # Ministry of Health of Viet Nam, of the Socialist Republic of Viet Nam
    links = "of|in|at|and|for|de|du|d'|et|pour|en|au|aux|à"
    begins = re.match(rf"{re.escape(name)},? (?:{links}) ?", full)
    adjective = r" (?:[a-zé]+(?:ais|ois|ien|éen|ain|al)(?:e|ne)?|suisse|belge)"
    described = " " in name and re.fullmatch(re.escape(name) + adjective, full)
    return bool(begins or described or (" " in name and full.endswith(f" {name}")))


def _join(target: Named, other: Named) -> None:
    """Add the places and acronym of a name to another name for the same thing."""
    target.places += other.places
    target.full = target.full or other.full
    target.acronym = target.acronym or other.acronym
    if not target.full and other.name.casefold().endswith(f" {target.name.casefold()}"):
        target.name = other.name
    target.thing = target.thing or other.thing
    target.kind = target.kind or other.kind


def _with_appositions(merged: list[Named], document: Document) -> list[Named]:
    """The names, without those that a text introduces as another name: *X, which is the Y*."""
    places = sorted(
        (start, end, number) for number, body in enumerate(merged) for start, end in body.places
    )
    link = pattern(
        document.language, rf",? <also_known>{END}\s*(?:the |an? |l'|le |la |une? )?", re.I
    )
    gone: set[int] = set()
    for (first, end, number), (start, last, other) in pairwise(places):
        beside = link.fullmatch(document.text, end, start) or _is_apposition(
            document, first, end, start, last
        )
        things = {merged[number].thing, merged[other].thing} - {None}
        if number != other and beside and len(things) < 2:
            _join(merged[number], merged[other])
            gone.add(other)
    return [body for number, body in enumerate(merged) if number not in gone]


def _is_apposition(document: Document, first: int, end: int, start: int, last: int) -> bool:
    """Whether a name after a comma explains the name before it: *X and Y, the Z Agency, have*."""
    text = document.text
    head = words(document.language, "body_heads").match(text, start)
    if head and text[end:start] in (" – ", " — "):
        return " " not in text[first:end]  # Ifip – Institut du porc
    if not re.fullmatch(r",\s(?:the|an?|l'|le|la|une?)\s?", text[end:start]):
        return False
    if "(" in text[first:end] and "(" in text[start:last]:
        return False  # each has its own acronym: a list
    if re.match(r",\s(?:the |la |le |les |l')?[A-ZÀ-Þ]", text[last:]):
        return False  # the Z, and so on: a list
    closed = re.match(r"\s*,(?!\s(?:and|et)\b)|\s*\)", text[last:])
    ends_row = re.search(r"\b(?:and|et)\s(?:the |l'|le |la )?$", text[max(0, first - 12) : first])
    opens_row = re.match(r"\s*,\s(?:and|et)\b", text[last:])
    return bool(closed or (ends_row and not opens_row and text[last : last + 1] == ","))


def _folded(name: str) -> str:
    return " ".join(re.sub(r"^(?:the|le|la|l')\s*", "", name, flags=re.I).casefold().split())
