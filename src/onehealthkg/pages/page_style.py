"""The style sheets of our pages: what all of them share, and that of a text with its marks."""

BASE_STYLE = """
:root {
  --paper: #fdfdfb; --ink: #1d2126; --quiet: #555d66; --line: #d5d9dd; --link: #0b57a4;
  --modelled: #2a7a4b; --modelled-back: #e6f3ea; --silent: #6a7480; --silent-back: #eef0f2;
  --open: #a34700; --open-back: #ffe9cf;
  --plain: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --text: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --ink: #e3e6e9; --quiet: #a5adb6; --line: #3a4047; --link: #8cbcf2;
    --modelled: #6cc08c; --modelled-back: #1c3225; --silent: #98a2ad; --silent-back: #292e34;
    --open: #f3ad63; --open-back: #4b2e10;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 43rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 var(--plain); overflow-wrap: anywhere;
}
h1 { margin: .25rem 0 .75rem; font: 600 1.75rem/1.25 var(--text); text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0 0 .25rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: .15rem solid var(--link); outline-offset: .15rem; border-radius: .2rem; }
code { font-size: .9em; }
header p, .hint { color: var(--quiet); font-size: .9375rem; }
section, nav, article { margin-top: 2rem; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}

@page { margin: 18mm 16mm; }
@media print {
  :root {
    --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --link: #000;
    --modelled: #2a7a4b; --modelled-back: #e6f3ea; --silent: #6a7480; --silent-back: #eef0f2;
    --open: #a34700; --open-back: #ffe9cf;
  }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  .screen { display: none; }
}
"""

# A text with its marks.
TEXT_STYLE = """svg {
  display: block; width: 100%; height: .75rem; margin-bottom: .5rem;
  border-radius: .2rem; background: var(--line);
}
rect.modelled { fill: var(--modelled); }
rect.silent { fill: var(--silent); }
rect.open { fill: var(--open); }

.modelled { --own: var(--modelled); --back: var(--modelled-back); --kind: solid; }
.silent { --own: var(--silent); --back: var(--silent-back); --kind: dotted; }
.open { --own: var(--open); --back: var(--open-back); --kind: dashed; }
.legend { margin: 1rem 0 0; padding: 0; list-style: none; }
.legend li { display: flex; gap: .75rem; margin-bottom: .5rem; }
.legend .mark { flex: none; align-self: start; width: 1.75rem; text-align: center; }
.mark {
  padding: .15em .4em; border: 1px var(--kind) var(--own); border-radius: .35em;
  background: var(--back); color: var(--ink);
  font: .8125rem/1.4 var(--plain); white-space: nowrap;
}
nav ul { margin: 0; padding-left: 1.25rem; }
nav li { margin-bottom: .4rem; }

.text { margin-top: 1.25rem; font: 1.125rem/1.75 var(--text); }
.text > div { margin: 0 0 1.25rem; }
.passage {
  padding: .1em 0; background: var(--back); scroll-margin-top: 1rem; unicode-bidi: isolate;
}
.passage.silent, .passage.open {
  text-decoration: underline var(--kind) var(--own); text-underline-offset: .25em;
}
.passage.open { text-decoration-thickness: .12em; }
.passage.heading { font-weight: 600; }
.passage:target { outline: .15rem solid var(--own); outline-offset: .1rem; }

/* A mark runs on with the text until it is open; then the statements stand under it. */
details, summary { display: inline; }
summary { cursor: pointer; }
summary::-webkit-details-marker { display: none; }
summary:hover, [open] > summary { background: var(--own); color: var(--paper); }
details::details-content { display: block; }
details:not([open])::details-content { display: inline-block; width: 0; height: 0; }
.stated {
  margin: .6rem 0 1rem; padding: .1rem 0 .1rem 1rem; border-left: .2rem var(--kind) var(--own);
  font: .9375rem/1.5 var(--plain);
}
.stated ul { margin: 0; padding: 0; list-style: none; }
.stated li { margin: 0 0 .75rem; }
.stated li > bdi { font-weight: 600; }
dl { margin: .1rem 0 0; }
dl div {
  display: grid; grid-template-columns: minmax(0, 11rem) minmax(62%, 1fr); column-gap: .75rem;
}
dt { grid-row: 1 / 99; color: var(--quiet); } /* as high as all its objects */
dd { grid-column: 2; margin: 0; padding-inline-start: .75em; text-indent: -.75em; }

@media print {
  svg, .mark, .passage { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .text { font-size: 1.1rem; line-height: 1.6; }
  h2, .stated li > bdi { break-after: avoid; }
  .stated li, .legend li { break-inside: avoid; }
  .stated { font-size: .85rem; line-height: 1.4; }
  .stated ul:has(li + li) { columns: 2; column-gap: 1.5rem; }
  details::details-content, details:not([open])::details-content {
    display: block; width: auto; height: auto; content-visibility: visible;
  }
}
"""

STYLE = BASE_STYLE + TEXT_STYLE
