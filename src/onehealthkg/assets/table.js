
"use strict";
(() => {
  const text = (body, column) => body.rows[0].cells[column].textContent.trim().split("\n")[0];
  const compare = new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(one => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        const bodies = [...table.tBodies];
        bodies.sort((one, other) => compare(text(one, column), text(other, column)));
        table.append(...(falling ? bodies.reverse() : bodies));
      });
    });
    if (table.tBodies.length < 5) continue;
    const field = document.createElement("input");
    field.name = "filter";
    field.type = "search";
    field.placeholder = field.ariaLabel = table.dataset.filter;
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase();
      for (const body of table.tBodies)
        body.hidden = !body.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(field);
  }
})();
