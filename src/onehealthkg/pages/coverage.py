"""The coverage of an archived text as a web page: one file, which asks for nothing else.

The text runs on as it was published. A mark follows each passage, with a sign for its state and
the number of its statements, and unfolds into them (``details``, so that no script is needed).

Labels, quotes and IRIs may be anybody's. They are escaped; control characters and those that turn
the direction of what follows (https://trojansource.codes/) are shown by their numbers; only IRIs
that begin with http: or https: become links. Should a mistake let markup through, the page's
policy (https://www.w3.org/TR/CSP3/) still allows nothing but its own style sheet, by the hash.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import groupby

from pyoxigraph import Literal, NamedNode

from onehealthkg.checks.coverage import MODELLED, OPEN, SILENT, STATES, Coverage, Covered
from onehealthkg.dataset.evidence import Passage, Statement
from onehealthkg.errors import UsageError
from onehealthkg.names import RDF_TYPE, local_name
from onehealthkg.pages.page_style import STYLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Words: TypeAlias = tuple[str, str, str]
    Worded: TypeAlias = tuple[Statement, Words]

_SIGNS = {MODELLED: "✓", SILENT: "–", OPEN: "?"}

_OWN = {
    "en": {
        "about": "Coverage of a source",
        "accounted for": "{percent}% of the text is accounted for",
        "archived": "archived as",
        "characters": "{known} of {all} characters",
        "colon": ": ",
        "hint": "A mark follows each passage. Choose it to see the statements.",
        "is a": "is a",
        "left": "Still to be modelled",
        "nothing left": "No passage is left to be modelled.",
        "passage": "passage",
        "passages": "passages",
        "statement": "statement",
        "statements": "statements",
        "text": "The text",
        MODELLED: "modelled",
        SILENT: "states nothing",
        OPEN: "open",
        "modelled means": "The graph holds what the passage states.",
        "silent means": "An editor has read it and said why there is nothing to model.",
        "open means": "It is still to be modelled.",
    },
    "fr": {
        "about": "Couverture d’une source",
        "accounted for": "{percent}\u202f% du texte est traité",
        "archived": "archivé sous le nom",
        "characters": "{known} caractères sur {all}",
        "colon": "\u00a0: ",
        "hint": "Chaque passage est suivi d’une marque, qui ouvre ses énoncés.",
        "is a": "est de type",
        "left": "Passages à modéliser",
        "nothing left": "Il ne reste aucun passage à modéliser.",
        "passage": "passage",
        "passages": "passages",
        "statement": "énoncé",
        "statements": "énoncés",
        "text": "Le texte",
        MODELLED: "modélisé",
        SILENT: "n’énonce rien",
        OPEN: "à modéliser",
        "modelled means": "Le graphe contient ce que le passage énonce.",
        "silent means": "Une personne l’a lu et a dit pourquoi il n’y a rien à modéliser.",
        "open means": "Il n’a pas encore été modélisé.",
    },
}

_TRAPS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
_PARAGRAPH = "\f"  # divides paragraphs; it is one of the traps, so no text has it once it is shown
_LINE_END = re.compile(r"\r\n?")
_LINES = re.compile(r"[^\S\n]*\n\s*")
_EDGES = ("", "\n", "\r")
_LINK = re.compile("https?://", re.IGNORECASE)


def page(coverage: Coverage, language: str = "en") -> str:
    """The coverage as an HTML page whose own words are in ``language``, ``en`` or ``fr``.

    The labels are in the language for which the coverage was made. UsageError for another one.
    """
    if language not in _OWN:
        raise UsageError(f'"{language}" is not a language here; write one of {", ".join(_OWN)}.')
    own = _OWN[language]
    title = shown(own["about"] + own["colon"] + coverage.title)
    body = f"""<header>
{_origin(coverage, language)}
</header>
<main>
{_summary(coverage, language)}
{_left(coverage, language)}
<article>
<h2>{own["text"]}</h2>
<p class="hint screen">{own["hint"]}</p>
<div class="text"{_lang(coverage.origin.language)}>
{marked_text(coverage, language)}
</div>
</article>
</main>"""
    return standalone(language, title, STYLE, body)


def standalone(language: str, title: str, style: str, body: str, script: str = "") -> str:
    """A page that stands alone; title and body are HTML.

    Its policy (https://www.w3.org/TR/CSP3/) allows its own style sheet and its own script, each by
    its hash, and nothing else: no other script, no address, no form.
    """
    policy = f"default-src 'none'; style-src {_hashed(style)}; "
    policy += f"script-src {_hashed(script)}; " if script else ""
    policy += "base-uri 'none'; form-action 'none'"
    code = f"<script>{script}</script>\n" if script else ""
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
{code}</body>
</html>
"""


def _hashed(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def shown(text: str) -> str:
    """Text from data as HTML, for content and for attributes in quotation marks."""
    lines = _LINE_END.sub("\n", text)
    return escape(_TRAPS.sub(lambda found: f"[U+{ord(found[0]):04X}]", lines))


def linked(iri: str, text: str) -> str:
    """The text as a link where the IRI is an address of the web, http or https; else as it is."""
    return f'<a href="{shown(iri)}">{shown(text)}</a>' if _LINK.match(iri) else shown(text)


def _lang(tag: str | None) -> str:
    return f' lang="{shown(tag)}"' if tag else ""


def _anchor(one: Covered) -> str:
    return shown(one.passage.name.rpartition("#")[2])


def _noun(noun: str, count: int, language: str) -> str:
    """The noun for so many; French has the singular for 0 too."""
    alone = count < 2 if language == "fr" else count == 1
    return _OWN[language][noun if alone else noun + "s"]


def _origin(coverage: Coverage, language: str) -> str:
    own, origin = _OWN[language], coverage.origin
    tag = origin.language if coverage.title in coverage.source.text else ""
    name = shown(local_name(coverage.source.document.value))
    known = [f"<bdi>{shown(one)}</bdi>" for one in origin.publishers]
    known += [f"<bdi>{shown(origin.issued)}</bdi>"] if origin.issued else []
    known.append(f"{own['archived']} <code>{name}</code>")
    return "\n".join(
        [
            f"<p>{own['about']}</p>",
            f'<h1{_lang(tag)} dir="auto">{shown(coverage.title)}</h1>',
            f"<p>{' · '.join(known)}</p>",
            *(f"<p><bdi>{linked(one, one)}</bdi></p>" for one in origin.addresses),
        ]
    )


def _summary(coverage: Coverage, language: str) -> str:
    own = _OWN[language]
    sizes = {state: coverage.characters(state) for state in STATES}
    everything = sum(sizes.values())
    known = own["characters"].format(known=everything - sizes[OPEN], all=everything)
    legend = "\n".join(_legend(coverage, state, language) for state in STATES)
    return f"""<section>
<h2>{own["accounted for"].format(percent=coverage.whole_percent)}</h2>
{_bar(sizes, everything)}
<p class="hint">{known}</p>
<ul class="legend">
{legend}
</ul>
</section>"""


def _bar(sizes: dict[str, int], everything: int) -> str:
    """The shares of the states side by side; the legend below says the same in words."""
    drawn, start = "", 0.0
    for state, size in sizes.items():
        width = 100 * size / everything if everything else 0.0
        drawn += f'<rect class="{state}" x="{start:.2f}" width="{width:.2f}" height="1"/>'
        start += width
    box = 'viewBox="0 0 100 1" preserveAspectRatio="none"'
    return f'<svg {box} aria-hidden="true">{drawn}</svg>'


def _legend(coverage: Coverage, state: str, language: str) -> str:
    own, count = _OWN[language], coverage.count(state)
    counted = f"{count} {_noun('passage', count, language)}"
    if state == MODELLED:
        stated = sum(len(one.statements) for one in coverage.passages)
        counted += f", {stated} {_noun('statement', stated, language)}"
    return (
        f'<li class="{state}"><span class="mark" aria-hidden="true">{_SIGNS[state]}</span> '
        f"<span><b>{own[state]}</b>{own['colon']}{counted}. "
        f'<span class="hint">{own[f"{state} means"]}</span></span></li>'
    )


def _left(coverage: Coverage, language: str) -> str:
    """The passages that are open, as links to them."""
    own, tag = _OWN[language], _lang(coverage.origin.language)
    left = [one for one in coverage.passages if one.state == OPEN]
    if not left:
        return f"<p>{own['nothing left']}</p>" if coverage.passages else ""
    links = "\n".join(
        f'<li><a href="#{_anchor(one)}">{_anchor(one)} '
        f"<bdi{tag}>{shown(_beginning(one.passage.quote))}</bdi></a></li>"
        for one in left
    )
    return f"""<nav aria-label="{own["left"]}">
<h2>{own["left"]}</h2>
<ul>
{links}
</ul>
</nav>"""


def _beginning(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= 70 else words[:69].rstrip() + "…"


def marked_text(coverage: Coverage, language: str) -> str:
    """The text with its marks, cut into paragraphs where it has empty lines."""
    text = coverage.source.text.rstrip()
    reached, parts = len(text) - len(text.lstrip("\ufeff \t\r\n")), []
    for one, words in zip(coverage.passages, coverage.words, strict=True):
        parts.append(_between(text[reached : one.passage.start]))
        parts.append(_passage(one, _is_heading(text, one.passage)))
        parts.append(_mark(one, words, language))
        reached = max(reached, one.passage.end)
    parts.append(_between(text[reached:]))
    paragraphs = "".join(parts).split(_PARAGRAPH)
    return "\n".join(f'<div dir="auto">{one}</div>' for one in paragraphs)


def _between(gap: str) -> str:
    """What stands between two passages: white space, unless the text has not been cut rightly."""
    return _LINES.sub(
        lambda found: _PARAGRAPH if found[0].count("\n") > 1 else "<br>\n", shown(gap)
    )


def _is_heading(text: str, one: Passage) -> bool:
    """Whether a passage looks like a heading: alone on its line, and no sentence."""
    before, after = text[: one.start].rstrip(" \t"), text[one.end :].lstrip(" \t")
    alone = before[-1:] in _EDGES and after[:1] in _EDGES
    return alone and not one.quote.endswith((".", "!", "?", ":", ";", ",", "…"))


def _passage(one: Covered, heading: bool) -> str:
    kind = f"passage {one.state}{' heading' if heading else ''}"
    return f'<span class="{kind}" id="{_anchor(one)}">{shown(one.passage.quote)}</span> '


def _mark(one: Covered, words: list[Words], language: str) -> str:
    """The name of a passage, the sign of its state, and what unfolds from it."""
    own, tag = _OWN[language], f'lang="{language}" dir="ltr"'
    name = f'{_anchor(one)} <span aria-hidden="true">{_SIGNS[one.state]}</span>'
    if one.state == OPEN:
        return f'<span class="mark open" {tag}>{name} {own[OPEN]}</span>'
    if one.state == SILENT:
        name += _unseen(own[SILENT])
        inside = f"<p><b>{own[SILENT]}</b>{own['colon']}<bdi>{shown(one.reason)}</bdi></p>"
    else:
        count = len(one.statements)
        name += f" {count}{_unseen(_noun('statement', count, language))}"
        inside = _statements(zip(one.statements, words, strict=True), language)
    return (
        f'<details class="{one.state}" {tag}><summary class="mark">{name}</summary>'
        f'<div class="stated">{inside}</div></details>'
    )


def _unseen(text: str) -> str:
    """Words for a screen reader, which does not read the sign beside them."""
    return f'<span class="unseen"> {text}</span>'


def _statements(worded: Iterable[Worded], language: str) -> str:
    """The statements, those about one subject under its name."""
    items = [
        f"<li><bdi>{shown(subject)}</bdi><dl>{_facts(group, language)}</dl></li>"
        for (_, subject), group in groupby(worded, key=lambda one: (one[0].subject, one[1][0]))
    ]
    return f"<ul>{''.join(items)}</ul>"


def _facts(worded: Iterable[Worded], language: str) -> str:
    """What is said of one subject: each predicate once, and its objects."""
    return "".join(
        f"<div><dt><bdi>{shown(predicate)}</bdi></dt>{''.join(map(_object, group))}</div>"
        for predicate, group in groupby(worded, key=lambda one: _predicate(one, language))
    )


def _predicate(worded: Worded, language: str) -> str:
    statement, (_, predicate, _) = worded
    return _OWN[language]["is a"] if statement.predicate.value == RDF_TYPE else predicate


def _object(worded: Worded) -> str:
    term, words = worded[0].object, worded[1][2]
    tag = term.language if isinstance(term, Literal) else None
    # A thing without a label is named by its IRI.
    iri = words if isinstance(term, NamedNode) and term.value == words else ""
    return f"<dd><bdi{_lang(tag)}>{linked(iri, words)}</bdi></dd>"
