"""A report to be read in a browser: one file, without script, that asks for nothing else.

It has the agreements on a line of time, the network as a picture and as a table, and the archived
texts with the statements of each passage, as on the coverage page, whose rules for what comes from
data hold here too: all is escaped, only addresses of the web are links, and the page's policy
(https://www.w3.org/TR/CSP3/) allows nothing but its own style sheet, by its hash.
"""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from onehealthkg.checks.coverage import Coverage, coverage
from onehealthkg.dataset.edges import Network, network
from onehealthkg.dataset.facts import Facts
from onehealthkg.dataset.publication import CREATOR_NAME, LICENCE, LICENCE_ID, RIGHTS
from onehealthkg.errors import UsageError
from onehealthkg.names import SOURCE, local_name
from onehealthkg.pages.coverage import linked, marked_text, shown, standalone
from onehealthkg.pages.figure_style import STYLE
from onehealthkg.pages.page_words import WORDS, in_words
from onehealthkg.pages.picture import KINDS, STYLES, Line, drawn, lines_of, picture
from onehealthkg.pages.spans import Moment, Span, axis, begin, row, spans, years

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.dataset.selection import Selection

_ANCHORS = re.compile(r'(<span class="passage [a-z ]+" id=")')


def html(selection: Selection) -> bytes:
    """The report in the language of the selection, ``en`` or ``fr``; UsageError for another one.

    Raises InputError where an archived text cannot be read.
    """
    language = selection.language
    if language not in WORDS:
        raise UsageError(f'"{language}" is not a language here; write one of {", ".join(WORDS)}.')
    own, facts = WORDS[language], Facts(selection)
    found, texts = network(facts), _texts(selection, facts)
    there = {local_name(one.source.document.value) for one in texts}
    sections = [
        _timeline(spans(facts), language, there),
        _network(found, own, there),
        *(source(one, language, _anchor(one.source.document.value)) for one in texts),
    ]
    body = f"""{_header(facts, found, own)}
<main>
{"".join(sections)}
</main>
{_footer(selection, own)}"""
    return standalone(language, own["title"], STYLE, body).encode()


def _header(facts: Facts, found: Network, own: dict[str, str]) -> str:
    counts = {kind: sum(one.kind == kind for one in found.nodes) for kind in KINDS}
    named = [
        f"<li><b>{count}</b> {own[kind if count == 1 else kind + 's']}</li>"
        for kind, count in counts.items()
        if count
    ]
    facts_count = f"<li><b>{len(facts.selection.triples)}</b> {own['facts']}</li>"
    return f"""<header>
<h1>{own["title"]}</h1>
<p>{own["lead"]}</p>
<ul class="counts">{"".join(named)}{facts_count}</ul>
</header>"""


def _footer(selection: Selection, own: dict[str, str]) -> str:
    licence = linked(LICENCE, LICENCE_ID)
    return f"""<footer>
<p>{own["version"]} <code>{shown(selection.version[:12])}</code> · © {CREATOR_NAME} · {licence}</p>
<p>{RIGHTS[selection.language]}</p>
</footer>"""


def _timeline(found: list[Span], language: str, there: set[str]) -> str:
    if not found:
        return ""
    own = WORDS[language]
    line = axis(found)
    rows = [
        f'<li><p class="what"><bdi>{shown(one.label)}</bdi></p>'
        f'<p class="hint">{_when(one, language, there)}</p>'
        f"{row(one, line) if line and (begin(one) or one.ends) else ''}</li>"
        for one in found
    ]
    scale = f"{years(line)}" if line else ""
    legend = f"{_key('mark', own['stated'])} {_key('mark inferred', own['inferred'])}"
    return f"""<section id="timeline">
<h2>{own["timeline"]}</h2>
<ol class="rows">{"".join(rows)}</ol>
{scale}
<p class="hint">{legend}</p>
</section>
"""


def _key(kind: str, text: str) -> str:
    dot = f'<circle class="{kind}" cx="7" cy="7" r="5"/>'
    return f'<span class="keyed"><svg class="key" width="14" height="14">{dot}</svg> {text}</span>'


def _when(span: Span, language: str, there: set[str]) -> str:
    """The dates in words, each with the passages behind it."""
    own = WORDS[language]
    told = [
        f"{own[name]} {shown(in_words(moment.date, language))}"
        f"{_inferred(moment, own)} {_cited(moment.passages, there)}{_read(moment, own)}"
        for name, moment in (
            ("signed", span.signed),
            ("started", span.started),
            ("ends", span.ends),
        )
        if moment
    ]
    return " · ".join(told) or own["no dates"]


def _inferred(moment: Moment, own: dict[str, str]) -> str:
    return f" ({own['inferred']})" if moment.inferred else ""


def _cited(passages: tuple[str, ...], there: set[str]) -> str:
    """The passages, as links where their texts are on the page."""
    return " ".join(_cite(one, there) for one in passages)


def _read(moment: Moment, own: dict[str, str]) -> str:
    """The documents whose text is not archived, as links to their pages."""
    named = ", ".join(linked(one.iri, one.name) for one in moment.documents)
    return f' <span class="cite">{own["documented"]}: <bdi>{named}</bdi></span>' if named else ""


def _cite(passage: str, there: set[str]) -> str:
    name = passage.removeprefix(SOURCE)
    document, _, number = name.partition("#")
    if document in there:
        return f'<a class="cite" href="#{shown(_anchor(passage))}">{shown(number)}</a>'
    return f'<span class="cite">{shown(name)}</span>'


def _anchor(passage: str) -> str:
    return passage.removeprefix(SOURCE).replace("#", "-")


def _network(found: Network, own: dict[str, str], there: set[str]) -> str:
    lines = lines_of(found)
    if not lines:
        return ""
    nodes = drawn(found, lines)
    joined = len({end for one in lines for end in (one.source, one.target)})
    left_out = own["left out"].format(drawn=len(nodes), all=joined) if len(nodes) < joined else ""
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in nodes)]
    styles = [style for style in STYLES if any(one.style == style for one in lines)]
    boxes = "".join(
        f'<span class="keyed"><svg class="key" width="22" height="14"><g class="box {kind}">'
        f'<rect x="1" y="1" width="20" height="12" rx="3"/></g></svg> {own[kind]}</span> '
        for kind in kinds
    )
    strokes = "".join(
        f'<span class="keyed"><svg class="key" width="28" height="14"><line class="{style}" '
        f'x1="0" x2="28" y1="7" y2="7"/></svg> {own[style]}</span> '
        for style in styles
    )
    return f"""<section id="network">
<h2>{own["network"]}</h2>
<div class="figure" tabindex="0" role="group" aria-label="{own["network"]}">
{picture(nodes, lines, own["network"], shown)}
</div>
<p class="hint">{left_out}</p>
<p class="hint">{boxes}</p>
<p class="hint">{strokes}</p>
<details class="list"><summary>{own["as table"]}</summary>
{_table(found, lines, own, there)}
</details>
</section>
"""


def _table(found: Network, lines: list[Line], own: dict[str, str], there: set[str]) -> str:
    labels = {one.iri: one.label for one in found.nodes}
    rows = "".join(
        f"<tr><td><bdi>{shown(labels[line.source])}</bdi></td><td>{shown(line.words)}</td>"
        f"<td><bdi>{shown(labels[line.target])}</bdi></td>"
        f"<td>{_cited(_passages(line), there)}</td></tr>"
        for line in lines
    )
    heads = "".join(f"<th>{own[name]}</th>" for name in ("from", "relation", "to", "passages"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _passages(line: Line) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for edge in line.edges for name in edge.passages))


def _texts(selection: Selection, facts: Facts) -> list[Coverage]:
    """The archived texts whose passages are in the selection."""
    documents = {
        one for each in facts.things("oh:Passage") for one in facts.nodes(each, "oa:hasSource")
    }
    return [
        coverage(selection.store, selection.project, path.stem, selection.language)
        for path in selection.project.texts
        if NamedNode(SOURCE + path.stem) in documents
    ]


def source(one: Coverage, language: str, name: str, heading: str = "h2") -> str:
    """An archived text with its marks; its anchors begin with ``name`` where there is one."""
    own, origin = WORDS[language], one.origin
    start = f"{shown(name)}-" if name else ""
    text = _ANCHORS.sub(lambda found: found[1] + start, marked_text(one, language))
    known = [
        f"<bdi>{shown(each)}</bdi>"
        for each in (*origin.publishers, in_words(origin.issued, language))
        if each
    ]
    addresses = "".join(
        f'<p class="hint"><bdi>{linked(each, each)}</bdi></p>' for each in origin.addresses
    )
    tag = f' lang="{shown(origin.language)}"' if origin.language else ""
    return f"""<article id="{shown(name) or "text"}">
<{heading}{tag} dir="auto">{shown(one.title)}</{heading}>
<p class="hint">{" · ".join(known)}</p>
{addresses}
<p class="hint screen">{own["hint"]}</p>
<div class="text"{tag}>
{text}
</div>
</article>
"""
