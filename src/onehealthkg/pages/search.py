"""The page on which all things are listed by name, and a little script that searches the list.

Without the script the list is still there. The script reads nothing but the list on the page, and
puts copies of its entries, so that no text ever becomes markup. Case, accents and the order of the
words do not matter; each word that is sought must begin a word of one of the names.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

from pyoxigraph import NamedNode

from onehealthkg.pages.coverage import shown
from onehealthkg.pages.frame import Frame
from onehealthkg.pages.world import KINDS

_SCRIPT = """
"use strict";
(() => {
  const field = document.querySelector("#q"), list = document.querySelector("#found");
  const status = document.querySelector("#status"), index = document.querySelector("#index");
  const fold = text => text.normalize("NFKD").replace(/\\p{M}/gu, "").toLowerCase();
  const split = text => fold(text).split(/[^\\p{L}\\p{N}]+/u).filter(Boolean);
  const entries = [...index.querySelectorAll("li[data-name]")].map(item => {
    const names = [...item.querySelectorAll("bdi")].map(one => split(one.textContent));
    return {item, names};
  });
  const rank = (entry, sought) => {
    const whole = sought.join(" ");
    const fits = name => sought.every(part => name.some(word => word.startsWith(part)));
    const place = entry.names.findIndex(fits);
    if (place < 0 && !fits(entry.names.flat())) return 9;
    if (entry.names.some(name => name.join(" ") === whole)) return 0;
    if (place === 0 && entry.names[0].join(" ").startsWith(whole)) return 1;
    return place === 0 ? 2 : 3;
  };
  let waiting;
  const search = () => {
    const sought = split(field.value);
    index.hidden = sought.length > 0;
    const fitting = sought.length
      ? entries.map((entry, place) => [rank(entry, sought), place, entry.item])
          .filter(one => one[0] < 9).sort((one, other) => one[0] - other[0] || one[1] - other[1])
      : [];
    list.replaceChildren(...fitting.map(one => one[2].cloneNode(true)));
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      status.textContent = !sought.length ? "" : fitting.length
        ? status.dataset.some.replace("{count}", fitting.length) : status.dataset.none;
    }, 200);
  };
  document.querySelector("#search").hidden = false;
  field.addEventListener("input", search);
  field.addEventListener("keydown", event => {
    if (event.key === "Enter") list.querySelector("a")?.focus();
    if (event.key === "Escape") { field.value = ""; search(); }
  });
  search();
})();
"""


def search(frame: Frame) -> str:
    """The page ``search.html``."""
    own, world = frame.own, frame.world
    entries = sorted(
        (_letter(label), label.casefold(), _item(frame, kind, one))
        for kind in KINDS
        for one in world.things[kind]
        for label in [frame.facts.label(one)]
    )
    groups = [(key, list(items)) for key, items in groupby(entries, key=lambda one: one[0])]
    letters = "".join(f'<li><a href="#{_anchor(one)}">{shown(one)}</a></li>' for one, _ in groups)
    body = "".join(
        f'<section id="{_anchor(one)}"><h2>{shown(one)}</h2><ul class="plain names">'
        f"{''.join(item for _, _, item in items)}</ul></section>"
        for one, items in groups
    )
    main = f"""<h1>{own["index"]}</h1>
<p class="hint">{own["index hint"]}</p>
<div class="search" id="search" role="search" hidden>
<label for="q">{own["search"]}</label>
<input id="q" type="search" autocomplete="off" spellcheck="false" aria-describedby="status">
<p class="hint" id="status" role="status"
 data-some="{own["found"]}" data-none="{own["found none"]}"></p>
<ul class="plain names" id="found"></ul>
</div>
<div id="index">
<nav aria-label="{own["letters"]}"><ul class="flat">{letters}</ul></nav>
{body}
</div>"""
    return frame.page(own["index"], main, "search.html", script=_SCRIPT)


def _item(frame: Frame, kind: str, one: NamedNode) -> str:
    others = ", ".join(f"<bdi>{shown(name)}</bdi>" for name in frame.world.names(one))
    also = f' <span class="hint">· {frame.own["also"]} {others}</span>' if others else ""
    told = f'<span class="hint">· {frame.own[kind]}</span>'
    return f"<li data-name>{frame.link(one)} {told}{also}</li>"


def _letter(label: str) -> str:
    """The letter under which a label stands, without its accent; a sign for all that is none."""
    first = unicodedata.normalize("NFKD", label.strip())[:1].upper()
    return first if first.isalpha() else "#"


def _anchor(letter: str) -> str:
    return f"letter-{ord(letter):x}"
