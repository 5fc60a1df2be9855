
"use strict";
(() => {
  const text = (row, column) => row.cells[column].textContent.trim();
  const compare = new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    heads.slice(0, -1).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(one => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        const rows = [...body.rows];
        rows.sort((one, other) => compare(text(one, column), text(other, column)));
        body.append(...(falling ? rows.reverse() : rows));
      });
    });
    const field = document.createElement("input");
    field.name = "filter";
    field.type = "search";
    field.placeholder = field.ariaLabel = table.dataset.filter;
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase();
      for (const row of body.rows)
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.parentElement.before(field);
  }
})();
