// The form of a preset: its picture follows what is typed, and its fields follow the kind and the
// source. Comfort only: without this file a button of the form does both.
"use strict";

const pane = document.querySelector("[data-preview]");
const form = pane.closest("form");
const TYPING = 250, CHOOSING = 50; // milliseconds that others may follow within
const ofPlot = (name) => /^(plot_|kind$|source$|overrides$)/.test(name);
const chosen = () => `${form.elements.kind.value} ${form.elements.source.value}`;
const page = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
const touched = new Set();
const memory = new Map(); // what the fields of a kind and source said when they were left
let flight, timer;

document.documentElement.classList.add("has-studio");

// One request at a time, and the last one wins.
async function update() {
  flight?.abort();
  const mine = (flight = new AbortController());
  pane.setAttribute("aria-busy", "true");
  try {
    if (form.elements._of.value !== chosen()) await refill(mine.signal);
    await redraw(mine.signal);
  } catch (error) {
    if (mine.signal.aborted) return;
    console.warn(error);
    tell([pane.dataset.silent]);
  }
  pane.removeAttribute("aria-busy");
}

function later(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(update, milliseconds);
}

async function post(address, body, signal) {
  const response = await fetch(address, { method: "POST", body, signal, redirect: "error" });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response;
}

// The picture

async function redraw(signal) {
  let wanted = [];
  do {
    const body = new FormData(form);
    body.set("_page", page);
    if (devicePixelRatio > 1) body.set("_sharp", "1");
    for (const theme of wanted) body.append("_themes", theme);
    const seen = await (await post(pane.dataset.preview, body, signal)).json();
    await show(seen, !wanted.length, signal);
    wanted = seen.rest;
  } while (wanted.length);
}

async function show(seen, isFirst, signal) {
  const figures = seen.pictures.map(figureOf);
  await Promise.all(figures.map((each) => each.firstChild.decode()));
  signal.throwIfAborted();
  mark(seen.errors);
  if (isFirst || seen.why.length) tell(seen.why);
  if (seen.why.length) return; // the last good picture stays
  const shots = pane.querySelector(".shots");
  const old = (theme) => shots.querySelector(`[data-theme="${theme}"]`);
  for (const figure of figures) {
    const before = old(figure.dataset.theme);
    if (before) before.replaceWith(figure);
    else shots.append(figure);
  }
  if (!isFirst) return;
  pane.querySelector(".alt").textContent = seen.alt;
  const themes = [...figures.map((each) => each.dataset.theme), ...seen.rest];
  for (const figure of [...shots.children]) {
    if (!themes.includes(figure.dataset.theme)) figure.remove();
  }
  shots.append(...themes.map(old).filter(Boolean));
}

function figureOf(picture) {
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

// Why there is no picture, or that there is one again.
function tell(reasons) {
  const wasStale = pane.classList.contains("is-stale");
  pane.classList.toggle("is-stale", reasons.length > 0);
  const said = reasons.length ? reasons : wasStale ? [pane.dataset.again] : [];
  pane.querySelector(".why").replaceChildren(...said.map((text) => {
    return Object.assign(document.createElement("p"), { textContent: text });
  }));
}

// The errors of the plot's fields, in the markup that the server gives them.
function mark(errors) {
  for (const control of form.elements) {
    if (!control.id || !ofPlot(control.name) || control.name === "overrides") continue;
    const id = `${control.id}_error`;
    const box = control.closest(".fieldBox") ?? control.closest(".form-row");
    document.getElementById(id)?.remove();
    // What is missing is no mistake until its field was filled in once.
    const said = (errors[control.name] ?? []).filter((each) => {
      return each.code !== "required" || touched.has(control.name);
    });
    if (control.validity.badInput) said.push({ message: control.validationMessage });
    box.classList.toggle("errors", said.length > 0);
    control.toggleAttribute("aria-invalid", false);
    const described = (control.getAttribute("aria-describedby") ?? "").split(" ")
      .filter((each) => each && each !== id);
    if (said.length) {
      const list = Object.assign(document.createElement("ul"), { className: "errorlist", id });
      for (const { message } of said) {
        list.append(Object.assign(document.createElement("li"), { textContent: message }));
      }
      if (box.matches(".fieldBox")) box.before(list);
      else box.prepend(list);
      described.push(id);
      control.setAttribute("aria-invalid", "true");
      control.closest("details")?.setAttribute("open", "");
    }
    if (described.length) control.setAttribute("aria-describedby", described.join(" "));
    else control.removeAttribute("aria-describedby");
  }
}

// The fields

async function refill(signal) {
  const left = form.elements._of.value;
  const sent = new FormData(form);
  memory.delete(left); // the newest stands last
  memory.set(left, sent);
  const body = new FormData(form);
  body.set("_refresh", "1");
  for (const [name, values] of remembered()) {
    for (const value of values) body.append(name, value);
  }
  const html = await (await post(pane.dataset.fields, body, signal)).text();
  signal.throwIfAborted();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const now = new FormData(form);
  const focused = document.activeElement?.id;
  const opened = new Set(Array.from(form.querySelectorAll("details[open] h2"), text));
  const old = form.querySelectorAll(".of-plot");
  old[0].before(...fresh.querySelectorAll(".of-plot"));
  for (const each of old) each.remove();
  form.elements._of.value = fresh.querySelector("[name=_of]").value;
  for (const each of form.querySelectorAll(".of-plot details")) {
    each.open ||= opened.has(text(each.querySelector("h2")));
  }
  for (const control of form.elements) { // what was typed meanwhile
    const typed = now.getAll(control.name);
    if (!ofPlot(control.name) || !now.has(control.name)) continue;
    if (typed.join() !== sent.getAll(control.name).join()) fill(control, typed);
  }
  document.getElementById(focused)?.focus({ preventScroll: true });
  decorate();
}

const text = (element) => element.textContent.trim();

// What the fields that are asked for said before; those of another source had other columns.
function remembered() {
  const [kind, source] = chosen().split(" ");
  const found = new Map();
  const boxes = Array.from(form.querySelectorAll("[name=overrides]"), (each) => each.value);
  for (const sameKind of [true, false]) {
    for (const [of, data] of [...memory].reverse()) {
      const [itsKind, itsSource] = of.split(" ");
      if (itsSource !== source || (itsKind === kind) !== sameKind) continue;
      for (const name of new Set(data.keys())) {
        if (name.startsWith("plot_") && !found.has(`was_${name}`)) {
          found.set(`was_${name}`, data.getAll(name));
        }
      }
      if (sameKind) {
        found.set("overrides", data.getAll("overrides").filter((each) => !boxes.includes(each)));
      }
    }
  }
  return found;
}

function fill(control, values) {
  if (control.type === "checkbox") control.checked = values.includes(control.value);
  else if (control.type !== "select-multiple") control.value = values[0] ?? "";
  else for (const option of control.options) option.selected = values.includes(option.value);
}

// Swatches beside a text of colours: each shows one and changes it, and one more adds another.

const probe = document.createElement("canvas").getContext("2d");

// A colour as `#rrggbb`, or nothing for a text that is none.
function hex(word) {
  const color = /^[0-9a-f]{3,8}$/i.test(word) ? `#${word}` : word;
  probe.fillStyle = "#000000";
  probe.fillStyle = color;
  const found = probe.fillStyle;
  probe.fillStyle = "#ffffff";
  probe.fillStyle = color;
  if (probe.fillStyle !== found) return "";
  if (found.startsWith("#")) return found;
  return "#" + found.match(/\d+/g).slice(0, 3).map((each) => {
    return Number(each).toString(16).padStart(2, "0");
  }).join("");
}

function decorate() {
  for (const field of form.querySelectorAll("[data-colors]")) {
    if (field.nextElementSibling?.matches(".swatches")) continue;
    const row = Object.assign(document.createElement("span"), { className: "swatches" });
    field.after(row);
    const words = () => field.value.split(",").map((each) => each.trim()).filter(Boolean);
    const write = (changed) => {
      field.value = changed.join(", ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const more = Object.assign(document.createElement("button"), {
      type: "button", className: "more", textContent: "+", title: pane.dataset.more,
    });
    more.setAttribute("aria-label", pane.dataset.more);
    more.addEventListener("click", () => {
      const palette = field.dataset.colors.split(",");
      write([...words(), palette[words().length % palette.length]]);
      row.querySelector("input:last-of-type").focus();
    });
    row.append(more);
    const paint = () => {
      const given = words();
      const shown = [...row.querySelectorAll("input")];
      shown.splice(given.length).forEach((each) => each.remove());
      while (shown.length < given.length) {
        const swatch = Object.assign(document.createElement("input"), { type: "color" });
        const place = shown.push(swatch) - 1;
        swatch.addEventListener("input", (event) => {
          event.stopPropagation();
          write(words().with(place, swatch.value));
        });
        more.before(swatch);
      }
      shown.forEach((swatch, place) => {
        const color = hex(given[place]);
        swatch.hidden = !color;
        if (color && swatch.value !== color) swatch.value = color;
        swatch.setAttribute("aria-label", `${pane.dataset.color} ${place + 1}`);
      });
    };
    field.addEventListener("input", paint);
    paint();
  }
}

// What happens

form.addEventListener("input", ({ target }) => {
  if (!ofPlot(target.name ?? "") || target.name === "overrides") return;
  touched.add(target.name);
  const isTyped = target.matches("textarea, input:not([type=date])");
  later(isTyped ? TYPING : CHOOSING);
});

// On another screen, or zoomed, pictures have another sharpness.
function watchScreen() {
  const same = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  same.addEventListener("change", () => (watchScreen(), later(TYPING)), { once: true });
}

// A browser that comes back to the page puts in what was typed; the fields may be others'.
addEventListener("pageshow", () => {
  const isTyped = (each) => ofPlot(each.name) && each.defaultValue !== undefined
    && each.type !== "checkbox" && each.value !== each.defaultValue;
  if (form.elements._of.value !== chosen() || [...form.elements].some(isTyped)) later(0);
});

decorate();
watchScreen();
