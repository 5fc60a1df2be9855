"""The style sheet of the site: that of all our pages, and its own; and those of some pages more."""

from onehealthkg.pages.figure_style import FIGURE_STYLE
from onehealthkg.pages.page_style import BASE_STYLE
from onehealthkg.pages.page_style import TEXT_STYLE as TEXT

__all__ = ["HEAT", "NETWORK", "STYLE", "TEXT"]

STYLE = (
    BASE_STYLE
    + FIGURE_STYLE
    + """
:root { --mark: #c05a00; --soft: #f2f4f6; }
@media (prefers-color-scheme: dark) { :root { --mark: #f0a25c; --soft: #22262b; } }
body { max-width: 64rem; padding-top: 1rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--paper); }
header.top { border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
header.top nav { margin: 0; }
header.top ul { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; }
header.top ul { list-style: none; }
header.top a { display: inline-block; padding: .3rem 0; }
[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
header.top .site { font: 600 1.0625rem/1.5 var(--text); color: var(--ink); }
main { outline: none; }
h1 { margin-top: 1.5rem; }
h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; line-height: 1.4; }
.kind { margin-top: 1.5rem; color: var(--quiet); }
.kind::first-letter, dt::first-letter { text-transform: uppercase; }
.kind + h1 { margin-top: 0; }
section { margin-top: 2.25rem; }
main > section:first-of-type { margin-top: 1.5rem; }
ul.plain, ul.bars, ol.notes { padding: 0; margin: 0; list-style: none; }
ul.flat { padding: 0; margin: 0; list-style: none; }
ul.flat li { display: inline-block; margin: 0 1rem .25rem 0; }
dl.facts { margin: 0; }
dl.facts > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); column-gap: 1rem; }
dl.facts > div { padding: .3rem 0; border-bottom: 1px solid var(--line); }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; grid-column: 2; }
dl.facts dt { grid-row: 1 / 200; }
.part { margin: 0 0 1rem; padding-left: .9rem; border-left: .2rem solid var(--line); }
.part h3 { margin-top: 0; }
.part dl.facts > div { border: 0; padding: .1rem 0; }
sup { line-height: 0; font-size: .75em; }
sup a { padding: 0 .1em; text-decoration: none; }
.notes li { margin-bottom: .6rem; padding-left: 2.5rem; position: relative; }
.notes .no { position: absolute; left: 0; color: var(--quiet); font-variant-numeric: tabular-nums; }
.notes li:target { background: var(--soft); outline: .4rem solid var(--soft); }
.notes q { font-family: var(--text); }
.wide { overflow-x: auto; position: relative; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 400; white-space: nowrap; }
thead th::first-letter { text-transform: uppercase; }
tbody th { font-weight: 400; min-width: 13rem; white-space: normal; }
td { min-width: 6rem; }
.date { white-space: nowrap; }
.bars li { display: grid; grid-template-columns: minmax(4rem, 15rem) 1fr 3rem; }
.bars li { column-gap: .75rem; align-items: center; padding: .1rem 0; }
.bars svg { width: 100%; height: .8rem; }
.bars rect { fill: var(--mark); }
.bars { columns: 24rem; column-gap: 3rem; }
.bars b { text-align: right; overflow-wrap: normal; }
.bars b { font-weight: 600; font-variant-numeric: tabular-nums; }
.bars.years li, .years .bars li { grid-template-columns: 4rem 1fr 3rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
.figures { gap: .75rem; margin: 0; padding: 0; list-style: none; }
.figures li { padding: .75rem 1rem; background: var(--soft); border-radius: .35rem; }
.figures b { display: block; font: 600 1.75rem/1.2 var(--text); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.two { gap: 0 3rem; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
footer p { color: var(--quiet); font-size: .875rem; }
.search label { display: block; margin-bottom: .25rem; }
.search input { width: 100%; max-width: 32rem; padding: .5rem .75rem; font: inherit; }
.search input { border: 1px solid var(--quiet); border-radius: .35rem; }
.search input { background: var(--paper); color: var(--ink); }
.names li { margin-bottom: .35rem; }
.names .hint { font-size: .875rem; }
@media screen and (max-width: 40rem) {
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; }
  .stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; }
  .stacked thead { clip-path: inset(50%); }
  .stacked tr { padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .stacked th, .stacked td { border: 0; padding: .1rem 0; }
  .stacked td:empty { display: none; }
  .stacked td::before { content: attr(data-head) ": "; color: var(--quiet); }
  dl.facts > div { display: block; }
  .bars li { grid-template-columns: 9rem 1fr 2rem; }
}
@media print {
  :root { --mark: #c05a00; --soft: #f2f4f6; }
  header.top nav, .skip { display: none; }
  .wide { overflow: visible; }
  .figures li { border: 1px solid var(--line); }
  li, tr, .part, dl.facts > div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .bars rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
)

HEAT = """
.heat th, .heat td { border: 1px solid var(--paper); }
.heat { font-size: .875rem; }
.heat td { padding: .3rem .1rem; text-align: center; min-width: 1.85rem; }
.heat td { font-variant-numeric: tabular-nums; }
.heat thead th { text-align: center; padding: .3rem .1rem; }
.heat thead th:first-child { text-align: left; }
.heat tbody th { position: sticky; left: 0; background: var(--paper); padding-right: .75rem; }
.heat tbody th { min-width: 12rem; }
.heat .under th { padding-left: 1.25rem; font-size: .875rem; }
.heat .all { font-weight: 600; }
.h1 { background: #fdf0e2; color: #1d2126; } .h2 { background: #fbd9b5; color: #1d2126; }
.h3 { background: #f5b377; color: #1d2126; } .h4 { background: #e08a3c; color: #1d2126; }
.h5 { background: #a34700; color: #fff; }
@media (prefers-color-scheme: dark) {
  .h1 { background: #33261a; color: #e3e6e9; } .h2 { background: #54371c; color: #fff; }
  .h3 { background: #7d4a17; color: #fff; } .h4 { background: #d98f4a; color: #16181b; }
  .h5 { background: #f8cf9f; color: #16181b; }
}
.tree { margin: 0; padding-left: 1.1rem; }
.tree li { margin: .15rem 0; }
@media (max-width: 40rem) { .heat tbody th { min-width: 8rem; max-width: 8rem; } }
@media print {
  @page { size: landscape; }
  .heat { font-size: .6875rem; }
  .heat td { min-width: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .h1 { background: #fdf0e2; color: #000; } .h2 { background: #fbd9b5; color: #000; }
  .h3 { background: #f5b377; color: #000; } .h4 { background: #e08a3c; color: #000; }
  .h5 { background: #a34700; color: #fff; }
  .tree { columns: 2; }
}
"""

NETWORK = """
.figure { max-width: calc(100vw - 2.5rem); }
.pictures { display: flex; flex-wrap: wrap; gap: 2rem 3rem; align-items: center; }
.pictures svg { flex: none; }
svg.network text { font-size: 12px; }
.whole svg.network { width: 100%; min-width: 62rem; }
#apart .figure { width: auto; left: auto; transform: none; max-width: 100%; }
.box.agreement rect { rx: 12px; }
.network a text { fill: var(--link); }
@media print {
  .whole svg.network { min-width: 0; max-height: 215mm; }
  #apart { break-before: page; }
  #apart svg.network { width: auto; max-width: 100%; zoom: .65; }
  .network text { fill: #000; }
}
"""
