"""HTML pages from the templates of the package, in English or French.

Templates are in ``templates/``, the style sheet and the script in ``assets/``. A page is one file
that loads nothing:

- All values that a template prints are escaped (autoescape), and ``_printed`` shows control
  characters and those that change the direction of text (https://trojansource.codes/) by their
  numbers. Both are automatic, and an undefined name is an error.
- Only ``http:`` and ``https:`` addresses become links, as an IRI can be ``javascript:...``:
  templates write links by ``name`` and ``web`` of ``links.html``, which ask ``is web_address``.
- Should a mistake let markup through, the policy of the page (https://www.w3.org/TR/CSP3/) still
  allows nothing but its own style sheet and script, by their hashes, and its icon.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from onehealthkg.files import read_text
from onehealthkg.safe import is_web_address, numbered
from onehealthkg.words import words

_FILTERS = (
    *("capitalize", "default", "join", "last", "length", "list", "map", "max", "select"),
    *("string", "sum", "urlencode"),
)
"""The filters that a template may use: those, such as ``e``, that make markup of text are not."""

_NAMES = 1 << 14  # links that a process keeps: the same names are on many pages
_HERE = Path(__file__).parent
_LINE_END = re.compile(r"\r\n?")


SERVED_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
"""The policy of a page served by us, whose style sheet and script are separate files."""


def render(
    template: str,
    language: str,
    script: str = "",
    assets: str = "",
    icon: bool = False,
    **data: object,
) -> str:
    """A page from a template, its interface words in ``language``, filled with ``data``.

    ``script`` names an asset, such as ``search.js``. The page embeds its style sheet and script, or
    links to them in the folder ``assets`` if that is given; likewise the ``icon`` of the site, if
    wanted. Raises UsageError for an unsupported language.
    """
    if assets:
        own = {"policy": SERVED_POLICY, "style": "", "script": ""}
        picture = f"{assets}icon.svg"
    else:
        style, code = asset("style.css"), asset(script) if script else ""
        own = {"policy": _policy(style, code, icon), "style": style, "script": code}
        picture = "data:image/svg+xml," + quote(asset("icon.svg"))
    return (
        environment()
        .get_template(template)
        .render(
            language=language,
            words=words(language),
            assets=assets,
            script_file=script,
            icon=picture if icon else "",
            **{name: Markup(text) for name, text in own.items()},  # noqa: S704 - our own files
            **data,
        )
    )


@cache
def asset(name: str) -> str:
    """The text of a file in ``assets/``."""
    return read_text(_HERE / "assets" / name)


def visible(text: str) -> str:
    """The text with the line ends of Unix, and invisible characters shown as ``[U+202E]``."""
    if text.isprintable():
        return text
    return numbered(_LINE_END.sub("\n", text))


@cache
def environment() -> Environment:
    """The templates, with the rules above."""
    ours = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    ours.filters = {name: ours.filters[name] for name in _FILTERS}
    ours.tests["web_address"] = is_web_address
    links = ours.get_template("links.html").module
    ours.globals["web"] = vars(links)["web"]
    ours.globals["name"] = lru_cache(_NAMES)(vars(links)["name"])
    return ours


def _printed(value: object) -> object:
    """A value as a template prints it: text or a number; TypeError for others, such as None.

    Markup is unchanged: a macro has printed its values, or it is our own.
    """
    if isinstance(value, str):
        return value if type(value) is Markup else visible(value)
    if isinstance(value, int | float | Undefined):
        return value  # Jinja raises if it is undefined
    raise TypeError(f"a template prints {value!r}, which is neither text nor a number")


@cache
def _policy(style: str, script: str, icon: bool) -> str:
    """The Content-Security-Policy of a page: no other script or style, no address, no form."""
    allowed = f"default-src 'none'; style-src {_digest(style)}; "
    allowed += "img-src data:; " if icon else ""
    allowed += f"script-src {_digest(script)}; " if script else ""
    return f"{allowed}base-uri 'none'; form-action 'none'"


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
