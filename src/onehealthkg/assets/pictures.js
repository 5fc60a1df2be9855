"use strict";
// Pictures: the lines of the box under the pointer stand out, and each picture can be saved as SVG.
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

  const SVG = "http://www.w3.org/2000/svg";
  const made = (name, values) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  // The style sheet, with the colours that are shown now: a file has no light and no dark.
  const style = () => {
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
    const root = rules.find(rule => rule.selectorText === ":root");
    const shown = getComputedStyle(document.documentElement);
    const colours = [...root.style].map(name => `${name}: ${shown.getPropertyValue(name)};`);
    const drawing = rules.filter(rule => /svg|network|\.box|\.bar|\.tick|\.mark|\.today/.test(rule.selectorText));
    return [`:root { ${colours.join(" ")} }`, ...drawing.map(rule => rule.cssText)].join("\n");
  };
  // The lines into which a text is broken, each with its place.
  const lines = text => {
    const found = [], range = document.createRange();
    for (const word of text.data.matchAll(/\S+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const at = range.getBoundingClientRect(), last = found.at(-1);
      if (last && Math.abs(last.at.bottom - at.bottom) < 2) last.words += ` ${word[0]}`;
      else found.push({words: word[0], at});
    }
    return found;
  };
  // All that a figure shows, drawings, grounds and words, as one SVG.
  const drawn = figure => {
    figure.querySelectorAll("[tabindex]").forEach(one => one.scrollTo(0, 0));
    const origin = figure.getBoundingClientRect(), all = made("svg", {xmlns: SVG});
    let left = 0, right = 0, bottom = 0;
    const add = (element, at) => {
      all.append(element);
      left = Math.min(left, at.left - origin.left);
      right = Math.max(right, at.right - origin.left);
      bottom = Math.max(bottom, at.bottom - origin.top);
    };
    const write = text => {
      const look = getComputedStyle(text.parentNode);
      const font = {fill: look.color, "font-family": look.fontFamily, "font-size": look.fontSize, "font-weight": look.fontWeight};
      if (look.writingMode.startsWith("vertical")) {
        const at = text.parentNode.getBoundingClientRect();
        const x = at.left + at.width * .7 - origin.left, y = at.bottom - origin.top;
        const element = made("text", {...font, transform: `translate(${x} ${y}) rotate(-90)`});
        element.textContent = text.data.trim();
        add(element, at);
        return;
      }
      for (const {words, at} of lines(text)) {
        const element = made("text", {...font, x: at.left - origin.left, y: at.top + at.height * .8 - origin.top});
        element.textContent = words;
        add(element, at);
      }
    };
    const draw = node => {
      if (node.nodeType === Node.TEXT_NODE) return write(node);
      if (node.nodeType !== Node.ELEMENT_NODE || node.matches("button, .unseen")) return;
      const at = node.getBoundingClientRect();
      const place = {x: at.left - origin.left, y: at.top - origin.top, width: at.width, height: at.height};
      if (node.matches("svg")) {
        const copy = node.cloneNode(true);
        for (const [key, value] of Object.entries(place)) copy.setAttribute(key, value);
        copy.removeAttribute("aria-hidden");
        return add(copy, at);
      }
      const ground = getComputedStyle(node).backgroundColor;
      if (ground !== "rgba(0, 0, 0, 0)") add(made("rect", {...place, fill: ground}), at);
      node.childNodes.forEach(draw);
    };
    draw(figure);
    const edge = 12, box = [left - edge, -edge, right - left + 2 * edge, bottom + 2 * edge].map(Math.ceil);
    all.setAttribute("viewBox", box.join(" "));
    all.setAttribute("width", box[2]);
    all.setAttribute("height", box[3]);
    const paper = getComputedStyle(document.body).backgroundColor;
    all.prepend(made("style", {}), made("rect", {x: box[0], y: box[1], width: box[2], height: box[3], fill: paper}));
    all.firstChild.textContent = style();
    return all;
  };
  const save = figure => {
    const file = new Blob([new XMLSerializer().serializeToString(drawn(figure))], {type: "image/svg+xml"});
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${location.pathname.split("/").pop().replace(/\.html$/, "") || "picture"}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  for (const button of document.querySelectorAll("button.save")) {
    button.hidden = false;
    button.addEventListener("click", () => save(button.closest("figure")));
  }
})();
