"use strict";
// Pictures: the lines of the box under the pointer stand out, and a picture can be saved as a file.
(() => {
  for (const picture of document.querySelectorAll("svg.network")) {
    const boxes = [...picture.querySelectorAll(".box")];
    const lines = [...picture.querySelectorAll("[data-joins]")];
    const show = chosen => {
      picture.classList.toggle("chosen", chosen >= 0);
      const near = new Set([chosen]);
      for (const line of lines) {
        const joins = line.dataset.joins.split(" ").map(Number), is = joins.includes(chosen);
        line.classList.toggle("near", is);
        if (is) joins.forEach(one => near.add(one));
      }
      boxes.forEach((box, number) => box.classList.toggle("near", near.has(number)));
    };
    boxes.forEach((box, number) => {
      box.addEventListener("pointerenter", () => show(number));
      box.addEventListener("pointerleave", () => show(-1));
    });
  }
  const rules = () => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .map(rule => rule.cssText).filter(text => /network|\.box|:root|\.key/.test(text)).join("\n");
  const save = svg => {
    const copy = svg.cloneNode(true), style = document.createElementNS(svg.namespaceURI, "style");
    copy.setAttribute("xmlns", svg.namespaceURI);
    copy.removeAttribute("aria-hidden");
    style.textContent = rules();
    copy.prepend(style);
    const link = document.createElement("a");
    const file = new Blob([copy.outerHTML], {type: "image/svg+xml"});
    link.href = URL.createObjectURL(file);
    link.download = "network.svg";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  for (const button of document.querySelectorAll("button.save")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("figure").querySelectorAll("svg.network").forEach(save));
  }
})();
