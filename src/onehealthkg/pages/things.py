"""The pages of an agreement, an organisation and a topic."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import NamedNode, Triple

from onehealthkg.names import expand
from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame, bars, section, table
from onehealthkg.pages.notes import Notes
from onehealthkg.pages.spans import axis, begin, row, years
from onehealthkg.pages.statements import Statements
from onehealthkg.pages.world import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def thing_page(frame: Frame, kind: str, thing: NamedNode) -> str:
    """The page of a thing of one of the ``KINDS``."""
    notes = Notes(frame)
    write = dict(zip(KINDS, (_agreement, _organisation, _topic), strict=True))[kind]
    label = frame.facts.label(thing)
    main = f"""<p class="kind">{frame.own[kind]}</p>
<h1 dir="auto">{shown(label)}</h1>
{write(frame, Statements(frame, notes), thing)}
{notes.written()}"""
    return frame.page(label, main)


def _agreement(frame: Frame, statements: Statements, one: NamedNode) -> str:
    return "".join(
        [
            _in_time(frame, [one]),
            section("facts", frame.own["about"], statements.about(one)),
            section("after", frame.own["after"], _after(frame, statements, one)),
            statements.parts(one),
            statements.elsewhere(one),
            statements.mentions(one, ("oh:predecessor", "oh:signs", "oh:setOutIn")),
        ]
    )


def _after(frame: Frame, statements: Statements, agreement: NamedNode) -> str:
    """The agreements of which this one is the predecessor."""
    items = "".join(
        f"<li>{frame.link(later)} ({frame.begins(later)}){statements.notes.cite(one)}</li>"
        for one in frame.facts.naming(agreement, "oh:predecessor")
        if isinstance(later := one.subject, NamedNode) and later in frame.world.spans
    )
    return f'<ul class="plain">{items}</ul>' if items else ""


def _organisation(frame: Frame, statements: Statements, one: NamedNode) -> str:
    own, world = frame.own, frame.world
    about = statements.about(one, ("oh:partnerOf",))
    found = world.agreements_of.get(one, [])
    common = Counter(
        each for agreement in found for each in world.parties[agreement] if each != one
    )
    order = {each: place for place, each in enumerate(world.by_label(common))}
    counts = sorted(common.items(), key=lambda item: (-item[1], order[item[0]]))
    partners = bars([(frame.link(each), count) for each, count in counts]) if counts else ""
    hint = f'<p class="hint">{own["same agreements"]}</p>' if counts else ""
    cited = {
        each: statements.notes.cite(Triple(each, NamedNode(expand("oh:party")), one))
        for each in found
    }
    rows = [
        (frame.link(each) + cited[each], frame.begins(each), frame.ends(each),
         frame.links(other for other in world.parties[each] if other != one))
        for each in found
    ]  # fmt: skip
    heads = (own["thing"], own["begins"], own["ends"], own["with"])
    agreements = table(heads, rows, own["agreements of"]) if rows else ""
    return "".join(
        [
            section("facts", own["about"], about),
            section("agreements", own["agreements of"], agreements + _in_time(frame, found)),
            section("partners", own["partners"], hint + partners),
            statements.mentions(one, ("oh:party", "oh:partnerOf")),
            statements.elsewhere(one),
        ]
    )


def _topic(frame: Frame, statements: Statements, one: NamedNode) -> str:
    own, world = frame.own, frame.world
    found = world.about(one)
    narrower = "".join(
        f"<li>{frame.link(each)} <span class=hint>{len(world.about(each))}</span></li>"
        for each in world.narrower.get(one, ())
    )
    return "".join(
        [
            section("facts", own["about"], statements.about(one)),
            section("narrower", own["narrower"], narrower and f'<ul class="flat">{narrower}</ul>'),
            section("agreements", own["agreements on"], _agreements_on(frame, statements, one)),
            section("years", own["by year"], by_year(frame, found)),
            statements.mentions(one, ("skos:broader", "skos:related")),
            statements.elsewhere(one),
        ]
    )


def _agreements_on(frame: Frame, statements: Statements, topic: NamedNode) -> str:
    own, world = frame.own, frame.world
    rows = []
    for one, topics in world.about(topic).items():
        said = [
            each
            for name in ("oh:topic", "oh:exampleTopic")
            for each in frame.facts.of(one, name)
            if each.object in topics
        ]
        by_way = frame.links(each for each in topics if each != topic)
        cited = statements.notes.cite(*said)
        parties = frame.links(world.parties[one])
        rows.append((frame.link(one) + cited, frame.begins(one), parties, by_way))
    if not rows:
        return f"<p>{own['no agreement']}</p>"
    heads = (own["thing"], own["begins"], own["parties"], own["by way of"])
    columns = len(heads) if any(row[-1] for row in rows) else len(heads) - 1
    return table(heads[:columns], [row[:columns] for row in rows], own["agreements on"])


def by_year(frame: Frame, agreements: Iterable[NamedNode]) -> str:
    """How many agreements began in each year, from the first to the last, as bars."""
    counts = Counter(map(frame.world.year, agreements))
    known = sorted(year for year in counts if year)
    if not known:
        return ""
    all_years = [one for one in frame.world.years if known[0] <= one <= known[-1]]
    undated = f'<p class="hint">{frame.own["no date"]}: {counts[""]}</p>' if counts[""] else ""
    return f'<div class="years">{bars([(one, counts[one]) for one in all_years])}</div>{undated}'


def _in_time(frame: Frame, agreements: Iterable[NamedNode]) -> str:
    """The agreements that have a date as bars on one line of time."""
    found = [frame.world.spans[one] for one in agreements]
    dated = [one for one in found if begin(one) or one.ends]
    line = axis(dated)
    if not line:
        return ""
    several = len(dated) > 1
    rows = "".join(
        (f'<li><p class="hint"><bdi>{shown(one.label)}</bdi></p>' if several else "<li>")
        + f"{row(one, line)}</li>"
        for one in dated
    )
    return f'<ol class="rows" aria-hidden="true">{rows}<li>{years(line)}</li></ol>'
