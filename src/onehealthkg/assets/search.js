
"use strict";
(() => {
  const field = document.querySelector("#q"), list = document.querySelector("#found");
  const status = document.querySelector("#status"), index = document.querySelector("#index");
  const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const split = text => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
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
