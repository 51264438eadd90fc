// What the marks of a picture say under the pointer: those of its SVG, unseen in front of it, in the
// size that the window has. Asked for when the picture is there, so that it waits for nothing.
"use strict";
{
  const PAUSE = 300; // ms for which a picture stands before its marks are asked for

  async function lay(layers) {
    const shown = Array.from(layers.querySelector("picture").children)
      .find((each) => !each.media || matchMedia(each.media).matches);
    const address = shown.dataset.marks;
    if (!address || layers.dataset.marks === address) return;
    layers.dataset.marks = address;
    layers.querySelector("svg")?.remove();
    const response = await fetch(address);
    const drawing = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
    const marks = drawing.querySelector(".plot-marks");
    if (!response.ok || !marks || layers.dataset.marks !== address) return;
    const links = marks.querySelectorAll("a");
    if (!layers.dataset.links) links.forEach((link) => link.replaceWith(...link.childNodes));
    const layer = drawing.documentElement.cloneNode(false);
    for (const name of layer.getAttributeNames()) {
      if (name !== "viewBox" && !name.startsWith("xmlns")) layer.removeAttribute(name);
    }
    // Without links it is for the pointer alone: the picture has words of its own.
    if (layers.dataset.links && links.length) {
      layer.setAttribute("role", "group");
      layer.setAttribute("aria-label", layers.dataset.links);
    } else {
      layer.setAttribute("aria-hidden", "true");
    }
    layer.append(marks);
    layers.append(document.importNode(layer, true));
  }

  let pause;
  globalThis.layMarks = function layMarks() {
    clearTimeout(pause);
    pause = setTimeout(() => {
      for (const layers of document.querySelectorAll(".layers")) lay(layers).catch(() => {});
    }, PAUSE);
  };

  for (const image of document.querySelectorAll(".layers img")) {
    if (image.complete) layMarks();
    else image.addEventListener("load", layMarks);
  }
  addEventListener("resize", layMarks);
}
