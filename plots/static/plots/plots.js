// Comfort only: without this file the same forms lead to the same addresses.
"use strict";

const live = document.querySelector("form[data-live]");
const here = () => location.pathname + location.search;
const PAUSE = 250; // ms without a key before what was typed is asked for

// The address of what a form says, as short as it can be: without what is empty or as it was, and
// with a line of a text area for each time that a parameter is given.
function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, text] of new FormData(form)) {
    const value = text.replaceAll("\r\n", "\n");
    if (value === form.querySelector(`[name="${name}"]`).dataset.default) continue;
    for (const line of value.split("\n")) {
      if (line.trim()) query.append(name, line.trim());
    }
  }
  // Lists of values stay readable, as in the addresses that the server writes.
  const written = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return location.pathname + (written && "?" + written);
}

// A page asked for again, whose picture the browser has by the time that it is shown. It ends what
// was asked for before, so that one request is under way and the last one wins.
let underway = new AbortController();
async function fetched(address) {
  underway.abort();
  const { signal } = (underway = new AbortController());
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("form[data-live]")) {
    location.assign(address); // it cannot be drawn any more: that page says why
    await new Promise(() => {});
  }
  const picture = page.querySelector("[data-part=picture]");
  if (picture) {
    page.picture = document.importNode(picture, true);
    globalThis.followTheme?.(page.picture); // the colours that its visitor has chosen
    await page.picture.querySelector("img").decode().catch(() => {});
  }
  signal.throwIfAborted();
  return page;
}

// Puts the parts of `page` into this one, or those whose names are `wanted`.
function take(page, wanted = /./) {
  for (const old of document.querySelectorAll("[data-part]")) {
    const name = old.dataset.part;
    const fresh = name === "picture" ? page.picture : page.querySelector(`[data-part="${name}"]`);
    if (fresh && wanted.test(name)) old.replaceWith(fresh);
  }
  hideNeedless();
  layMarks();
}

// Only a picture that is another one each time has to be asked for.
function hideNeedless() {
  for (const button of live.querySelectorAll("[data-needless]")) button.hidden = true;
}

// What may be chosen of another source is other columns.
const choices = (form) => Array.from(form.querySelectorAll("[name]"), (control) =>
  [control.name, ...Array.from(control.options ?? [], (option) => option.value)]).join();

// Tells who cannot see the picture, and everybody that it could not be had.
function tell(words, failed = false) {
  const status = live.querySelector("[role=status]");
  status.textContent = words;
  status.classList.toggle("unseen", !failed);
}

function busy(is) {
  document.querySelector("main").ariaBusy = is ? "true" : null;
}

let asked = here(); // the last address that was asked for
let shown = here(); // that of the picture, and of the address bar
let step = 1; // of the history: all that is typed until a control is left is one
let taken = 0; // the step that the address bar is at

async function show(address) {
  const mine = step;
  asked = address;
  busy(true);
  try {
    const page = await fetched(address);
    const fresh = page.querySelector("form[data-live]");
    if (choices(fresh) !== choices(live)) return location.assign(address);
    for (const control of live.querySelectorAll("[name]")) {
      control.ariaInvalid = fresh.querySelector(`[name="${control.name}"]`).ariaInvalid;
    }
    if (page.querySelector("[data-part=errors] [role=alert]")) {
      // What is typed is wrong, or not yet right: the last good picture stays, and its address. It
      // is told at its control, so that nothing moves, and above all where there is no such.
      const wrong = Array.from(fresh.querySelectorAll(".wrong"), (each) => each.textContent);
      take(page, wrong.some(Boolean) ? /_error$/ : /^errors$|_error$/);
      tell(wrong.filter(Boolean).join(" "));
    } else {
      take(page);
      if (address !== shown) {
        history[mine === taken ? "replaceState" : "pushState"](null, "", address);
        taken = mine;
      }
      shown = address;
      tell(page.picture.querySelector("img").alt);
    }
    for (const colors of live.querySelectorAll("[data-colors]")) {
      colors.dataset.colors = fresh.elements[colors.name]?.dataset.colors ?? "";
      swatch(colors);
    }
    busy(false);
  } catch (error) {
    failed(error);
  }
}

// Shows the page at `address` as if it had just been opened, controls and all.
async function reopen(address) {
  asked = shown = address;
  step += 1;
  busy(true);
  try {
    const page = await fetched(address);
    live.replaceChildren(...document.importNode(page.querySelector("form[data-live]"), true).childNodes);
    equip();
    take(page);
    tell(page.picture.querySelector("img").alt);
    busy(false);
  } catch (error) {
    failed(error);
  }
}

function failed(error) {
  if (error.name === "AbortError") return; // another address was asked for meanwhile
  busy(false);
  asked = "";
  tell(live.dataset.failed, true);
}

// A slider beside a number that has bounds, and the colours of a list of them. Both write into the
// field that the server reads.
function slide(number) {
  const range = Object.assign(document.createElement("input"), { type: "range" });
  for (const name of ["min", "max", "step"]) range[name] = number[name];
  range.value = number.value;
  range.ariaLabel = number.labels[0].textContent;
  range.tabIndex = -1; // the keys have the number itself
  range.addEventListener("input", () => (number.value = range.value));
  number.addEventListener("input", () => (range.value = number.value));
  number.before(range);
  number.parentElement.classList.add("sliding");
}

function swatch(list) {
  const old = list.parentElement.querySelector(".swatches");
  const values = Array.from(old?.children ?? [], (each) => each.value).join();
  if (values === list.dataset.colors) return; // one of them may be open
  old?.remove();
  const box = document.createElement("span");
  box.className = "swatches";
  list.dataset.colors.split(",").filter(Boolean).forEach((color, place) => {
    const input = Object.assign(document.createElement("input"), { type: "color", value: color });
    input.ariaLabel = `${list.labels[0].textContent} ${place + 1}`;
    input.addEventListener("input", () => {
      list.value = Array.from(box.children, (each) => each.value.slice(1)).join();
    });
    box.append(input);
  });
  list.before(box);
}

function equip() {
  live.querySelectorAll("input[type=number][data-slider]").forEach((each) => each.value && slide(each));
  live.querySelectorAll("[data-colors]").forEach(swatch);
  hideNeedless();
  const status = Object.assign(document.createElement("p"), { className: "unseen" });
  status.role = "status";
  live.append(status);
}

if (live) {
  equip();
  let pause;
  const update = () => {
    clearTimeout(pause);
    const address = addressOf(live);
    if (address !== asked) show(address);
  };
  live.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    if (target.validity.badInput) return; // a number or a date that is half written
    pause = setTimeout(update, PAUSE);
  });
  live.addEventListener("change", () => {
    update();
    step += 1;
  });
  live.addEventListener("submit", (event) => {
    event.preventDefault();
    if (addressOf(live) !== asked) update();
    else if (!live.querySelector("[data-needless]")) location.reload();
  });
  live.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reset]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.pathname + link.search !== here()) history.pushState(null, "", link.href);
    reopen(here());
  });
  // The controls, too, are to be as that address has them. A mere #fragment changes nothing.
  addEventListener("popstate", () => here() !== shown && reopen(here()));
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.share, url: location.href }).catch(() => {});
  });
}
