"""The style sheet of the report: that of the coverage page, for the texts, and its own."""

from onehealthkg.pages.page_style import STYLE as WITH_TEXT

# Figures and tables.
FIGURE_STYLE = """
:root {
  --organisation: #e3eefb; --person: #f7e6f2; --agreement: #fde9d8; --partnership: #fdf3cf;
  --programme: #dff3ea; --together: #c05a00; --supervision: #6a7480; --programme-line: #1f7a55;
  --person-line: #9a4a86;
}
@media (prefers-color-scheme: dark) {
  :root {
    --organisation: #1d3350; --person: #43253b; --agreement: #4d2f14; --partnership: #463a0e;
    --programme: #17402f; --together: #f0a25c; --supervision: #98a2ad; --programme-line: #6cc08c;
    --person-line: #d793c4;
  }
}
section { margin-top: 2.5rem; }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0 0; padding: 0; }
.counts { list-style: none; }
.counts b { font-size: 1.25rem; }
.rows { margin: 0; padding: 0; list-style: none; }
.rows li { margin: 0 0 .25rem; }
.rows .hint { margin: 0 0 .25rem; }
.what { margin: 0; font-weight: 600; }
svg.row, svg.key, svg.network { background: none; border-radius: 0; margin: 0; }
svg.row { height: auto; overflow: visible; }
svg.key { display: inline-block; width: auto; height: auto; vertical-align: -.1em; }
svg.row text { fill: var(--quiet); font: .8125rem/1 var(--plain); }
.tick { stroke: var(--line); }
rect.bar { fill: var(--together); fill-opacity: .35; stroke: var(--together); }
rect.bar.inferred { fill-opacity: .12; stroke-dasharray: 5 3; }
rect.bar.open { fill-opacity: .05; stroke-dasharray: 1 4; }
circle.mark { fill: var(--together); stroke: var(--together); stroke-width: 2; padding: 0; }
rect.mark { fill: var(--together); stroke: var(--together); stroke-width: 3; }
circle.mark.inferred, rect.mark.inferred { fill: var(--paper); }
.keyed { display: inline-block; margin-right: 1rem; }
.cite { font-size: .8125rem; }
.figure { /* as wide as the picture, where the window has room */
  overflow: auto; position: relative; left: 50%; transform: translateX(-50%);
  width: max-content; max-width: min(calc(100vw - 2.5rem), 90rem); margin: 0 0 .75rem;
  padding: .5rem; border: 1px solid var(--line); border-radius: .35rem;
}
svg.network { display: block; width: auto; height: auto; max-width: none; }
.network text { fill: var(--ink); font: 13px/1 var(--plain); text-anchor: middle; }
.box rect { stroke: var(--quiet); }
.box.organisation rect { fill: var(--organisation); }
.box.person rect { fill: var(--person); }
.box.agreement rect { fill: var(--agreement); stroke-width: 2; }
.box.partnership rect { fill: var(--partnership); }
.box.programme rect { fill: var(--programme); }
line.together { stroke: var(--together); stroke-width: 2.5; }
line.programme { stroke: var(--programme-line); stroke-width: 1.75; stroke-dasharray: 8 4; }
line.supervision { stroke: var(--supervision); stroke-width: 1.5; stroke-dasharray: 2 4; }
line.person { stroke: var(--person-line); stroke-width: 1.5; }
.list, .list > summary { display: block; }
.list > summary { color: var(--link); }
.list:not([open])::details-content { display: block; width: auto; }
.list[open] > summary { background: none; color: var(--link); }
table { width: 100%; margin-top: .5rem; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; }
th, td { vertical-align: top; }
th { white-space: nowrap; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
footer p { color: var(--quiet); font-size: .875rem; }
@media print {
  .figure { overflow: visible; width: 100%; max-width: 100%; border: 0; padding: 0; }
  svg.network { width: 100%; height: auto; }
  .rows li, .figure, tr { break-inside: avoid; }
  table { font-size: .8125rem; line-height: 1.35; }
  th, td { padding-block: .15rem; }
  article { break-before: page; }
}
"""
STYLE = WITH_TEXT + FIGURE_STYLE
