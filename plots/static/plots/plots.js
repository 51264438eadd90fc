// Comfort only: without this file the same forms lead to the same addresses.
"use strict";

// The address of what a form says, as short as it can be: without what is empty or as it was, and
// with a line of a text area for each time that a parameter is given.
function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, text] of new FormData(form)) {
    const value = text.replaceAll("\r\n", "\n");
    if (value === form.elements[name].dataset.default) continue;
    for (const line of value.split("\n")) {
      if (line.trim()) query.append(name, line.trim());
    }
  }
  // Lists of values stay readable, as in the addresses that the server writes.
  const written = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return location.pathname + (written && "?" + written);
}

const here = () => location.pathname + location.search;
let turn = 0;
let current = here();

// Takes what has changed from the page at `address`, and leaves the controls to their user.
async function show(form, address) {
  const mine = ++turn;
  document.querySelector("main").setAttribute("aria-busy", "true");
  const response = await fetch(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("form[data-live]");
  // What may be chosen of another source is other columns.
  const names = (each) => Array.from(each.elements, (control) => [
    control.name, control.type, ...Array.from(control.options ?? [], (option) => option.value),
  ]).join();
  if (!response.ok || !fresh || names(fresh) !== names(form)) {
    location.assign(address); // another page: it has other controls
    return;
  }
  const parts = new Map();
  for (const part of page.querySelectorAll("[data-part]")) {
    parts.set(part.dataset.part, document.importNode(part, true));
  }
  for (const part of parts.values()) globalThis.followTheme?.(part); // theme.js
  // The old picture stays until the new one is there.
  await parts.get("picture").querySelector("img").decode().catch(() => {});
  if (mine !== turn) return; // asked for something else meanwhile
  history.pushState(null, "", address);
  current = address;
  for (const old of document.querySelectorAll("[data-part]")) {
    old.replaceWith(parts.get(old.dataset.part));
  }
  for (const control of form.elements) {
    const wrong = fresh.elements[control.name]?.getAttribute("aria-invalid");
    control.toggleAttribute("aria-invalid", false);
    if (wrong) control.setAttribute("aria-invalid", wrong);
  }
  document.querySelector("main").removeAttribute("aria-busy");
}

const live = document.querySelector("form[data-live]");
if (live) {
  const update = (event) => {
    event.preventDefault();
    const address = addressOf(live);
    if (address !== here()) show(live, address).catch(() => location.assign(address));
    else if (event.type === "submit") location.reload(); // draws a random plot anew
  };
  live.addEventListener("change", update);
  live.addEventListener("submit", update);
  // The controls, too, are to be as that address has them. A mere #fragment changes nothing.
  addEventListener("popstate", () => here() !== current && location.reload());
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  // Browsers have a clipboard only where the connection is safe; elsewhere, the old command.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = button.dataset.label), 2000);
});
