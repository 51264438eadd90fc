// Tooltips of pictures: the marks of the plot's SVG, laid invisibly over the picture that the
// window shows. They are fetched after the picture, so that they delay nothing.
"use strict";
{
  const DELAY = 300; // milliseconds after the picture has loaded

  async function addTooltips(container) {
    const shown = Array.from(container.querySelector("picture").children)
      .find((each) => !each.media || matchMedia(each.media).matches);
    const url = shown.dataset.tooltips;
    if (!url || container.dataset.tooltips === url) return;
    container.dataset.tooltips = url;
    container.querySelector("svg")?.remove();
    const response = await fetch(url);
    const drawing = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
    const marks = drawing.querySelector(".plot-marks");
    if (!response.ok || !marks || container.dataset.tooltips !== url) return;
    const links = marks.querySelectorAll("a");
    const { linksLabel } = container.dataset;
    if (!linksLabel) links.forEach((link) => link.replaceWith(...link.childNodes));
    const layer = drawing.documentElement.cloneNode(false);
    for (const name of layer.getAttributeNames()) {
      if (name !== "viewBox" && !name.startsWith("xmlns")) layer.removeAttribute(name);
    }
    // The picture has an alt text, so screen readers need the layer only for its links.
    if (linksLabel && links.length) {
      layer.setAttribute("role", "group");
      layer.setAttribute("aria-label", linksLabel);
    } else {
      layer.setAttribute("aria-hidden", "true");
    }
    layer.append(marks);
    container.append(document.importNode(layer, true));
  }

  let timer;
  function addAllTooltips() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const container of document.querySelectorAll(".with-tooltips")) {
        addTooltips(container).catch(() => {});
      }
    }, DELAY);
  }

  for (const image of document.querySelectorAll(".with-tooltips img")) {
    if (image.complete) addAllTooltips();
    else image.addEventListener("load", addAllTooltips);
  }
  addEventListener("resize", addAllTooltips);
  document.addEventListener("partsreplaced", addAllTooltips);
}
