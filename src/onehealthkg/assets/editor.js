
"use strict";
// Makes the text area of the SPARQL page a little editor; without this script the page works too.
(() => {
  const form = document.querySelector("#editor"), area = document.querySelector("#query");
  const words = form.dataset, MOST = 8, KEPT = 20, STORE = "onehealthkg-queries";
  const KEYWORDS = ("ASK BASE BIND CONSTRUCT COUNT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH " +
    "GROUP BY HAVING LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT UNION " +
    "VALUES WHERE a AS ASC AVG BOUND COALESCE CONCAT CONTAINS DATATYPE DESC GROUP_CONCAT IF IN " +
    "IRI LANG LANGMATCHES LCASE MAX MIN REGEX REPLACE SAMPLE STR STRDT STRENDS STRLANG STRLEN " +
    "STRSTARTS SUBSTR SUM UCASE YEAR").split(" ");
  const TOKEN = new RegExp([
    "(?<comment>#[^\\n]*)", "(?<iri><[^<>\"{}|^`\\\\\\s]*>)",
    "(?<string>\"\"\"[^]*?\"\"\"|'''[^]*?'''|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')",
    "(?<variable>[?$][\\p{L}\\p{N}_]+)", "(?<name>[\\p{L}][\\p{L}\\p{N}_-]*:[\\p{L}\\p{N}_.-]*)",
    "(?<word>[\\p{L}_]+)", "(?<bracket>[{}()\\[\\]])", "(?<other>[^])",
  ].join("|"), "gu");
  const PAIRS = {"{": "}", "(": ")", "[": "]"};

  const make = (name, parent, properties) => {
    const element = Object.assign(document.createElement(name), properties);
    if (parent) parent.append(element);
    return element;
  };

  // Colours: a copy of the text stands behind the area, whose own letters are transparent.
  const frame = make("div", null, {className: "code"});
  area.before(frame);
  const behind = make("pre", frame, {ariaHidden: "true"});
  frame.append(area);
  area.classList.add("over");

  const tokens = text => [...text.matchAll(TOKEN)].map(match => {
    let [kind] = Object.entries(match.groups).find(pair => pair[1] !== undefined);
    if (kind === "word") {
      kind = KEYWORDS.includes(match[0].toUpperCase()) || match[0] === "a" ? "keyword" : "other";
    }
    return {kind, text: match[0], start: match.index};
  });

  const matching = (list, caret) => {
    const brackets = list.filter(token => token.kind === "bracket");
    const here = brackets.findIndex(token => token.start === caret || token.start === caret - 1);
    if (here < 0) return [];
    const opens = brackets[here].text in PAIRS, step = opens ? 1 : -1;
    for (let place = here, depth = 0; place >= 0 && place < brackets.length; place += step) {
      depth += (brackets[place].text in PAIRS) === opens ? 1 : -1;
      if (depth === 0) {
        const [first, last] = opens ? [here, place] : [place, here];
        const fits = PAIRS[brackets[first].text] === brackets[last].text;
        return [{token: brackets[here], fits}, {token: brackets[place], fits}];
      }
    }
    return [{token: brackets[here], fits: false}];
  };

  const paint = () => {
    const list = tokens(area.value), marked = new Map();
    if (document.activeElement === area && area.selectionStart === area.selectionEnd)
      for (const {token, fits} of matching(list, area.selectionStart))
        marked.set(token, fits ? "paired" : "alone");
    behind.replaceChildren(...list.map(token =>
      token.kind === "other" && !marked.has(token)
        ? document.createTextNode(token.text)
        : make("span", null, {className: `${token.kind} ${marked.get(token) ?? ""}`,
            textContent: token.text})), "\n");
    behind.scrollTop = area.scrollTop;
    behind.scrollLeft = area.scrollLeft;
  };

  // Completion: terms of ours, prefixes, keywords and the variables of the query.
  let terms = [], fitting = [], chosen = 0;
  fetch(words.terms).then(answer => answer.json()).then(list => { terms = list; });
  const menu = make("ul", frame, {className: "menu", id: "menu", hidden: true});
  menu.setAttribute("role", "listbox");
  menu.setAttribute("aria-label", words.suggestions);
  for (const [name, value] of [["aria-haspopup", "listbox"], ["aria-controls", "menu"],
      ["aria-autocomplete", "list"]]) area.setAttribute(name, value);

  const begun = () => area.value.slice(0, area.selectionStart).match(/[?$:\p{L}\p{N}_-]+$/u)?.[0] ?? "";
  const close = () => {
    fitting = [];
    menu.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const choose = place => {
    chosen = (place + fitting.length) % fitting.length;
    [...menu.children].forEach((item, number) =>
      item.setAttribute("aria-selected", String(number === chosen)));
    area.setAttribute("aria-activedescendant", `menu-${chosen}`);
  };
  const take = place => {
    area.setRangeText(fitting[place].slice(begun().length), area.selectionStart, area.selectionEnd, "end");
    close();
    paint();
  };
  const suggest = always => {
    const start = begun(), small = start.toLowerCase();
    if (start.length < 2 && !always) return close();
    const variables = new Set(area.value.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
    variables.delete(start);
    const all = start[0] === "?" || start[0] === "$" ? [...variables] : [...terms, ...KEYWORDS];
    const begins = all.filter(one => one.toLowerCase().startsWith(small) && one !== start);
    fitting = begins.slice(0, MOST);
    if (!fitting.length) return close();
    menu.replaceChildren(...fitting.map((one, number) => {
      const item = make("li", null, {id: `menu-${number}`, textContent: one});
      item.setAttribute("role", "option");
      item.addEventListener("mousedown", event => { event.preventDefault(); take(number); });
      return item;
    }));
    menu.hidden = false;
    choose(0);
  };

  // What was asked in this browser, and where a message says that something is wrong.
  const remembered = () => {
    try { return JSON.parse(localStorage.getItem(STORE)) ?? []; } catch { return []; }
  };
  const remember = query => {
    const others = remembered().filter(one => one !== query);
    try { localStorage.setItem(STORE, JSON.stringify([query, ...others].slice(0, KEPT))); } catch { /* full */ }
  };
  const earlier = remembered();
  if (earlier.length) {
    const details = make("details", null, {});
    make("summary", details, {textContent: words.earlier});
    const list = make("ul", details, {className: "plain"});
    for (const query of earlier) {
      const button = make("button", make("li", list, {}), {type: "button", className: "earlier",
        textContent: query.replace(/\s+/g, " ").slice(0, 120)});
      button.addEventListener("click", () => { area.value = query; paint(); area.focus(); });
    }
    form.after(details);
  }
  const wrong = document.querySelector("#problem pre")?.textContent.match(/^query:(\d+):(\d+):/);
  if (wrong) {
    const lines = area.value.split("\n").slice(0, wrong[1] - 1);
    const place = lines.reduce((sum, line) => sum + line.length + 1, 0) + Number(wrong[2]) - 1;
    area.focus();
    area.setSelectionRange(place, Math.min(place + 1, area.value.length));
  }

  area.addEventListener("input", () => { paint(); suggest(false); });
  area.addEventListener("scroll", paint);
  area.addEventListener("blur", () => { close(); paint(); });
  for (const name of ["keyup", "click", "focus"]) area.addEventListener(name, paint);
  area.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      suggest(true);
    } else if (!menu.hidden) {
      const moves = {ArrowDown: 1, ArrowUp: -1}[event.key];
      if (moves) choose(chosen + moves);
      else if (event.key === "Tab" || event.key === "Enter") take(chosen);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    }
  });
  form.addEventListener("submit", () => remember(area.value));
  paint();
})();
