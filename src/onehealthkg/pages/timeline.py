"""The page of all agreements in time, each as a bar with its dates in words."""

from __future__ import annotations

from pyoxigraph import NamedNode

from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame
from onehealthkg.pages.page_words import WORDS, in_words
from onehealthkg.pages.spans import Axis, Span, axis, begin, row, years


def timeline(frame: Frame) -> str:
    """The page ``timeline.html``."""
    own, words = frame.own, WORDS[frame.language]
    found = list(frame.world.spans.values())
    line = axis(found)
    items = "".join(_item(frame, one, line) for one in found)
    scale = years(line) if line else ""
    main = f"""<h1>{words["timeline"]}</h1>
<p class="hint">{_key("bar", words["stated"])} {_key("bar inferred", words["inferred"])}
{_key("bar open", own["no end"])}</p>
<p class="hint">{own["marks hint"]}</p>
{scale}
<ol class="rows">{items}</ol>
{scale}"""
    return frame.page(words["timeline"], main, "timeline.html")


def _key(kind: str, text: str) -> str:
    bar = f'<rect class="{kind}" x="1" y="2" width="26" height="10" rx="2"/>'
    drawn = f'<svg class="key" width="28" height="14" aria-hidden="true">{bar}</svg>'
    return f'<span class="keyed">{drawn} {text}</span>'


def _item(frame: Frame, one: Span, line: Axis | None) -> str:
    bar = row(one, line) if line and (begin(one) or one.ends) else ""
    return (
        f'<li><p class="what">{frame.link(NamedNode(one.iri))}</p>'
        f'<p class="hint">{_when(frame, one)}</p>{bar}</li>'
    )


def _when(frame: Frame, span: Span) -> str:
    words = WORDS[frame.language]
    told = [
        f"{words[name]} {shown(in_words(moment.date, frame.language))}"
        f"{' (' + words['inferred'] + ')' if moment.inferred else ''}"
        for name, moment in (
            ("signed", span.signed),
            ("started", span.started),
            ("ends", span.ends),
        )
        if moment
    ]
    told += [frame.own["indefinite"]] if span.indefinite and not span.ends else []
    return " · ".join(told) or words["no dates"]
