"""The first sentence on the page of an agreement, and its status on a day."""

import re
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad
from selections import everything, release

from onehealthkg.dataset.cache import load_store
from onehealthkg.days import today
from onehealthkg.html import visible
from onehealthkg.names import SOURCE
from onehealthkg.pages.layout import Box
from onehealthkg.pages.routes import route
from onehealthkg.pages.site import page
from onehealthkg.pages.spans import Moment, Span
from onehealthkg.pages.status import Status, status
from onehealthkg.pages.world import World
from onehealthkg.paths import bundled
from onehealthkg.queries.query import run
from onehealthkg.terms import merge, named_node

DAY = "2026-11-27"


@pytest.mark.parametrize(
    ("begin", "ends", "indefinite", "wanted"),
    [
        ("2020-02-05", ("2025-02-05", "assumed"), False, ("ended", "assumed", "2025-02-05")),
        ("2020", ("2025", ""), False, ("ended", "stated", "2025")),
        ("2020", ("2026-11-26", "inferred"), False, ("ended", "inferred", "2026-11-26")),
        ("2020", ("2026-11-27", ""), False, ("running", "stated", "2026-11-27")),
        ("2020", ("2026-11", ""), False, ("ending", "possible", "2026-11")),
        ("2020", ("2026", "assumed"), False, ("ending", "possible", "2026")),
        ("2020", ("2027", "assumed"), False, ("running", "assumed", "2027")),
        ("2026-12-01", ("2027", ""), False, ("to_begin", "stated", "2026-12-01")),
        ("2020", None, True, ("indefinite", "stated", "")),
        ("2020", None, False, ("open", "possible", "")),
        (None, None, False, ("open", "possible", "")),
    ],
)
def test_status_on_a_day(
    begin: str | None,
    ends: tuple[str, str] | None,
    indefinite: bool,
    wanted: tuple[str, str, str],
) -> None:
    span = Span(
        "x",
        "x",
        Moment(begin) if begin else None,
        Moment(*ends) if ends else None,
        indefinite=indefinite,
    )
    assert status(span, DAY) == Status(*wanted)


@pytest.mark.parametrize(
    ("later", "wanted"),
    [
        ({"replaced": Moment("2024-01-01", "inferred")}, ("superseded", "inferred", "2024-01-01")),
        ({"replaced": Moment("2026-12-01", "inferred")}, ("running", "stated", "2027")),
        ({"perhaps_replaced": "2026-01-01"}, ("perhaps", "possible", "2027")),
        ({"perhaps_replaced": "0"}, ("perhaps", "possible", "2027")),
        ({"doubtful": "2025-01-01"}, ("perhaps", "possible", "2027")),
        ({"doubtful": "2027-01-01"}, ("running", "stated", "2027")),
    ],
)
def test_a_replaced_or_doubtful_agreement_is_not_in_force(
    later: dict[str, Any], wanted: tuple[str, str, str]
) -> None:
    span = Span("x", "x", Moment("2020"), Moment("2027"), **later)
    assert status(span, DAY) == Status(*wanted)
    endless = Span("x", "x", Moment("2020"), None, indefinite=True, **later)
    sure = wanted[0] == "running"
    assert (status(endless, DAY).key == "indefinite") == sure


def test_pages_agree_with_the_question_agreements() -> None:
    world = World(everything())
    asked = run(merge(load_store(bundled())), bundled(), "agreements")
    said = {row["label"]: row["status"] for row in asked}
    words = {
        "superseded": "superseded",
        "ended": "ended, renewal unknown",
        "running": "certainly in force",
        "indefinite": "certainly in force",
        "to_begin": "not yet in force",
    }
    shown = {
        span.label: words.get(status(span, today()).key, "possibly in force")
        for span in map(world.span, world.begins)
    }
    assert shown == said


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            " agreed on 5 February 2020 (inferred), for five years; assumed to have ended on "
            "5 February 2025.</p>",
        ),
        (
            "fr",
            " ont conclu un accord le 5 février 2020 (déduit), pour cinq ans\u00a0; supposé "
            "terminé le 5 février 2025.</p>",
        ),
    ],
)
def test_a_page_begins_with_parties_date_and_status(language: str, sentence: str) -> None:
    world = World(everything(language))
    text = page(world, "agreements/anses-inserm-2020.html").decode()
    lead = text.partition('<p class="lead">')[2].partition("\n")[0]
    assert lead.endswith(visible(sentence))
    assert lead.count("<a href=") == 2


def test_a_line_bends_around_the_box_of_a_third_thing() -> None:
    start, end = Box(0, 0, 20, 20), Box(200, 0, 20, 20)
    assert route(start, end, []) == (100, 0)
    assert route(start, end, [Box(100, 60, 40, 20)]) == (100, 0)
    bent = route(start, end, [Box(100, 0, 40, 20)])
    assert abs(bent[1] / 2) > 10  # the curve goes half as far as its control point


def _text(world: World, address: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page(world, address).decode()).split())


def test_a_topic_that_is_also_stated_is_not_only_intended() -> None:
    whole = release()
    terms = ("id:partnership-anses-inserm", "oh:topic", "id:topic-one-health")
    passage = NamedNode(SOURCE + "2020-02-05-anses-inserm#s5")
    stated = Quad(*map(named_node, terms), passage)
    world = World(whole._replace(quads=tuple(sorted({*whole.quads, stated}, key=str))))
    agreement = _text(world, "agreements/anses-inserm-2020.html")
    assert "antibiotic resistance in animal health (intended)" in agreement
    assert "One Health (intended)" not in agreement
    assert "(2020) (intended)" not in _text(world, "topics/one-health.html")


def test_pages_never_say_more_than_the_sources() -> None:
    world = World(everything())
    agreement = _text(world, "agreements/anses-inserm-2020.html")
    assert "end date 5 February 2025 (assumed)" in agreement
    assert "One Health (intended)" in agreement
    assert "public health [" in agreement
    topic = _text(world, "topics/one-health.html")
    name = "Framework partnership agreement between ANSES and Inserm (2020)"
    assert f"{name} (intended)" in topic
    person = _text(world, "people/gilles-bloch.html")
    assert f"Chairman and CEO of Inserm ( {name}" in person
    assert "record:" not in _text(world, "agreements/anses-ansm-2024.html")


def test_a_bar_stops_where_a_later_agreement_replaced_it() -> None:
    later = Moment("2024-01-01", "inferred")
    for ends, stops in ((None, later), (Moment("2030"), later), (Moment("2022"), Moment("2022"))):
        span = Span("x", "x", Moment("2020"), ends, replaced=later)
        assert span.stops == stops
        assert span.kind == ("inferred" if stops is later else "")
