// Redraw the preview of a preset while its form is edited, and load the fields of another chart type
// or data source. Without this script, a button of the form does both.
import { LatestTask } from "./page_parts.js";

const TYPING_DELAY = 250, CHOICE_DELAY = 50; // milliseconds
const preview = document.querySelector("[data-preview]");
const form = preview.closest("form");
const request = new LatestTask();
const pageId = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
const touched = new Set(); // names of the fields that have been edited
const visited = new Map(); // the last values of each chart type and source, the newest last
let timer;
let automatic = ""; // the statistic that the server chose

const isOfPlot = (name) => /^(plot_|kind$|source$|overrides$)/.test(name);
const selection = () => `${form.elements.kind.value} ${form.elements.source.value}`;
const textOf = (element) => element.textContent.trim();

function update() {
  request.run(async (signal) => {
    if (form.elements._of.value !== selection()) await loadFields(signal);
    await redraw(signal);
  }, {
    region: preview,
    onError: (error) => {
      console.warn(error);
      showMessages([preview.dataset.failed]);
    },
  });
}

function updateAfter(delay) {
  clearTimeout(timer);
  timer = setTimeout(update, delay);
}

async function post(url, body, signal) {
  const response = await fetch(url, { method: "POST", body, signal, redirect: "error" });
  if (!response.ok) throw new Error(`${url} returned ${response.status}`);
  return response;
}

// The preview

// Draw one theme first, because it is there sooner, and then the others.
async function redraw(signal) {
  let themes = [];
  do {
    const body = new FormData(form);
    body.set("_page", pageId);
    if (devicePixelRatio > 1) body.set("_sharp", "1");
    if (touched.has("plot_stat")) body.set("_keep", "1");
    else if (!themes.length && body.get("plot_stat") === automatic) body.set("plot_stat", "");
    for (const theme of themes) body.append("_themes", theme);
    const result = await (await post(preview.dataset.preview, body, signal)).json();
    await showResult(result, !themes.length, signal);
    themes = result.rest;
  } while (themes.length);
}

async function showResult(result, isFirst, signal) {
  const figures = result.pictures.map(createFigure);
  await Promise.all(figures.map((each) => each.firstChild.decode()));
  signal.throwIfAborted();
  showFieldErrors(result.errors);
  if (isFirst) showStatistic(result.statistic, result.remark);
  if (isFirst || result.messages.length) showMessages(result.messages);
  if (result.messages.length) return; // the last valid picture stays
  const images = preview.querySelector(".preview-images");
  const figureOf = (theme) => images.querySelector(`[data-theme="${theme}"]`);
  for (const figure of figures) {
    const former = figureOf(figure.dataset.theme);
    if (former) former.replaceWith(figure);
    else images.append(figure);
  }
  if (!isFirst) return;
  preview.querySelector(".alt").textContent = result.alt;
  const themes = [...figures.map((each) => each.dataset.theme), ...result.rest];
  for (const figure of [...images.children]) {
    if (!themes.includes(figure.dataset.theme)) figure.remove();
  }
  images.append(...themes.map(figureOf).filter(Boolean));
}

// Fill in the statistic that the server chose, unless the user has edited it, and say why.
function showStatistic(chosen, remark) {
  const field = form.elements.plot_stat;
  if (field && field.value === automatic && field.value !== chosen) {
    field.value = chosen;
    if (chosen) field.closest("details")?.setAttribute("open", "");
  }
  automatic = chosen;
  preview.querySelector(".remark").textContent = remark;
}

function createFigure(picture) {
  const figure = document.createElement("figure");
  figure.dataset.theme = picture.theme;
  const image = Object.assign(document.createElement("img"), {
    src: picture.src, width: picture.width, height: picture.height, alt: "",
  });
  const caption = document.createElement("figcaption");
  caption.textContent = picture.title;
  figure.append(image, caption);
  return figure;
}

// Show why the preview is outdated, or that it is up to date again.
function showMessages(messages) {
  const wasOutdated = preview.classList.contains("is-outdated");
  preview.classList.toggle("is-outdated", messages.length > 0);
  const shown = messages.length || !wasOutdated ? messages : [preview.dataset.recovered];
  preview.querySelector(".preview-messages").replaceChildren(...shown.map((text) =>
    Object.assign(document.createElement("p"), { textContent: text })));
}

function showFieldErrors(errors) {
  for (const control of form.elements) {
    if (!control.id || !isOfPlot(control.name) || control.name === "overrides") continue;
    // A missing value is no error until the field has been edited.
    const shown = (errors[control.name] ?? [])
      .filter(({ code }) => code !== "required" || touched.has(control.name))
      .map(({ message }) => message);
    if (control.validity.badInput) shown.push(control.validationMessage);
    showErrors(control, shown);
  }
}

// Show errors at a control in the same markup as the server.
function showErrors(control, messages) {
  const id = `${control.id}_error`;
  const row = control.closest(".fieldBox") ?? control.closest(".form-row");
  document.getElementById(id)?.remove();
  row.classList.toggle("errors", messages.length > 0);
  control.toggleAttribute("aria-invalid", false);
  const describedBy = (control.getAttribute("aria-describedby") ?? "").split(" ")
    .filter((each) => each && each !== id);
  if (messages.length) {
    const list = Object.assign(document.createElement("ul"), { className: "errorlist", id });
    list.append(...messages.map((text) =>
      Object.assign(document.createElement("li"), { textContent: text })));
    if (row.matches(".fieldBox")) row.before(list);
    else row.prepend(list);
    describedBy.push(id);
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
  }
  if (describedBy.length) control.setAttribute("aria-describedby", describedBy.join(" "));
  else control.removeAttribute("aria-describedby");
}

// The fields

// Load the fields of the selected chart type and source, with the values they had before.
async function loadFields(signal) {
  const former = form.elements._of.value;
  const sent = new FormData(form);
  visited.delete(former);
  visited.set(former, sent);
  const body = new FormData(form);
  body.set("_refresh", "1");
  body.set("_keep", "1"); // the preview chooses a statistic
  if (!form.elements.plot_stat?.value) touched.delete("plot_stat");
  for (const [name, values] of formerValues()) {
    for (const value of values) body.append(name, value);
  }
  const html = await (await post(preview.dataset.fields, body, signal)).text();
  signal.throwIfAborted();
  replaceFields(new DOMParser().parseFromString(html, "text/html"), sent);
}

function replaceFields(page, sent) {
  const current = new FormData(form);
  const focused = document.activeElement?.id;
  const open = new Set(Array.from(form.querySelectorAll("details[open] h2"), textOf));
  const former = form.querySelectorAll(".plot-fields");
  former[0].before(...page.querySelectorAll(".plot-fields"));
  for (const each of former) each.remove();
  form.elements._of.value = page.querySelector("[name=_of]").value;
  for (const each of form.querySelectorAll(".plot-fields details")) {
    each.open ||= open.has(textOf(each.querySelector("h2")));
  }
  for (const control of form.elements) { // values that were edited while the fields were loading
    if (!isOfPlot(control.name) || !current.has(control.name)) continue;
    const values = current.getAll(control.name);
    if (values.join() !== sent.getAll(control.name).join()) fill(control, values);
  }
  document.getElementById(focused)?.focus({ preventScroll: true });
  addSwatches();
}

// Values that the fields had before, those of the same chart type first. The fields of another
// source have other columns.
function formerValues() {
  const [kind, source] = selection().split(" ");
  const values = new Map();
  const shown = Array.from(form.querySelectorAll("[name=overrides]"), (each) => each.value);
  for (const isSameKind of [true, false]) {
    for (const [key, data] of [...visited].reverse()) {
      const [formerKind, formerSource] = key.split(" ");
      if (formerSource !== source || (formerKind === kind) !== isSameKind) continue;
      for (const name of new Set(data.keys())) {
        if (name.startsWith("plot_") && !values.has(`was_${name}`)) {
          values.set(`was_${name}`, data.getAll(name));
        }
      }
      if (isSameKind) {
        values.set("overrides", data.getAll("overrides").filter((each) => !shown.includes(each)));
      }
    }
  }
  return values;
}

function fill(control, values) {
  if (control.type === "checkbox") control.checked = values.includes(control.value);
  else if (control.type !== "select-multiple") control.value = values[0] ?? "";
  else for (const option of control.options) option.selected = values.includes(option.value);
}

// Colours

const canvas = document.createElement("canvas").getContext("2d");

// Return a colour as #rrggbb, or "" for an invalid one.
function toHex(text) {
  const color = /^[0-9a-f]{3,8}$/i.test(text) ? `#${text}` : text;
  canvas.fillStyle = "#000000";
  canvas.fillStyle = color;
  const parsed = canvas.fillStyle;
  canvas.fillStyle = "#ffffff";
  canvas.fillStyle = color;
  if (canvas.fillStyle !== parsed) return ""; // an invalid colour changes nothing
  if (parsed.startsWith("#")) return parsed;
  return "#" + parsed.match(/\d+/g).slice(0, 3)
    .map((each) => Number(each).toString(16).padStart(2, "0")).join("");
}

const colorsOf = (field) => field.value.split(",").map((each) => each.trim()).filter(Boolean);

function writeColors(field, colors) {
  field.value = colors.join(", ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Add a colour input for each colour in a text field, and a button that adds a colour.
function addSwatches() {
  for (const field of form.querySelectorAll("[data-colors]")) {
    if (field.nextElementSibling?.matches(".swatches")) continue;
    const row = Object.assign(document.createElement("span"), { className: "swatches" });
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "add-color", textContent: "+", title: preview.dataset.addColor,
    });
    button.setAttribute("aria-label", preview.dataset.addColor);
    button.addEventListener("click", () => {
      const palette = field.dataset.colors.split(",");
      const colors = colorsOf(field);
      writeColors(field, [...colors, palette[colors.length % palette.length]]);
      row.querySelector("input:last-of-type").focus();
    });
    row.append(button);
    field.after(row);
    field.addEventListener("input", () => showSwatches(field, row, button));
    showSwatches(field, row, button);
  }
}

function showSwatches(field, row, button) {
  const colors = colorsOf(field);
  const swatches = [...row.querySelectorAll("input")];
  swatches.splice(colors.length).forEach((each) => each.remove());
  while (swatches.length < colors.length) {
    const swatch = Object.assign(document.createElement("input"), { type: "color" });
    const index = swatches.push(swatch) - 1;
    swatch.addEventListener("input", (event) => {
      event.stopPropagation();
      writeColors(field, colorsOf(field).with(index, swatch.value));
    });
    button.before(swatch);
  }
  swatches.forEach((swatch, index) => {
    const color = toHex(colors[index]);
    swatch.hidden = !color;
    if (color && swatch.value !== color) swatch.value = color;
    swatch.setAttribute("aria-label", `${preview.dataset.color} ${index + 1}`);
  });
}

// Events

form.addEventListener("input", ({ target }) => {
  if (!isOfPlot(target.name ?? "") || target.name === "overrides") return;
  touched.add(target.name);
  const isTyped = target.matches("textarea, input:not([type=date])");
  updateAfter(isTyped ? TYPING_DELAY : CHOICE_DELAY);
});

// Redraw for another screen or zoom level.
function watchResolution() {
  const current = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  current.addEventListener("change", () => {
    watchResolution();
    updateAfter(TYPING_DELAY);
  }, { once: true });
}

// Browsers restore edited values when the user comes back to the page.
addEventListener("pageshow", () => {
  const isEdited = (each) => isOfPlot(each.name) && each.defaultValue !== undefined
    && each.type !== "checkbox" && each.value !== each.defaultValue;
  if (form.elements._of.value !== selection() || [...form.elements].some(isEdited)) updateAfter(0);
});

if (textOf(preview.querySelector(".remark"))) automatic = form.elements.plot_stat?.value ?? "";
document.documentElement.classList.add("has-live-preview");
addSwatches();
watchResolution();
