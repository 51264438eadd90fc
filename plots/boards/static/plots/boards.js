// Comfort only: without this file the same form leads to the same addresses.
"use strict";

const main = document.querySelector("main");
const form = document.querySelector("form[data-board]");
const status = document.querySelector("[data-done]");
const partOf = (page, name) => page.querySelector(`[data-part="${name}"]`);
const here = () => location.pathname + location.search;
let shown = here(); // the address whose pictures are seen
let asking = new AbortController();

// The address of what the form says; what is empty is as it was saved.
function address() {
  const query = new URLSearchParams();
  for (const [name, text] of new FormData(form)) {
    for (const line of text.split(/\r?\n/)) if (line.trim()) query.append(name, line.trim());
  }
  // Lists of values stay readable, as in the addresses that the server writes.
  const written = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return location.pathname + (written && "?" + written);
}

// The page at `address`. Only who asks last gets an answer, and may put it on the page.
async function read(address) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const response = await fetch(address, { signal });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok || !partOf(page, "board")) throw new Error("This is another page.");
  return { page, signal };
}

function replacePart(page, name) {
  const [old, fresh] = [partOf(document, name), partOf(page, name)];
  if (old && fresh) old.replaceWith(document.importNode(fresh, true));
}

// What a tile says and shows, whatever other scripts have made of it.
const contents = (tile) => [
  tile.textContent,
  ...Array.from(tile.querySelectorAll("a, img, source"), (each) =>
    ["href", "src", "srcset", "alt"].map((name) => each.getAttribute(name)).join()),
].join();

// Puts the tiles of `page` in the place of those that differ, each when its picture is there.
async function exchange(page, signal) {
  const [board, fresh] = [partOf(document, "board"), partOf(page, "board")];
  const [old, tiles] = [[...board.children], [...fresh.children]];
  const places = (each) => each.map((tile) => tile.dataset.tile).join();
  if (places(tiles) !== places(old)) return board.replaceWith(document.importNode(fresh, true));
  await Promise.all(tiles.map(async (told, place) => {
    if (contents(told) === contents(old[place])) return;
    const tile = document.importNode(told, true);
    const image = tile.querySelector("picture img");
    if (image) {
      globalThis.followTheme?.(tile); // the colours that its visitor has chosen
      image.loading = "eager"; // what is not on the page yet would wait for ever
      await image.decode().catch(() => {});
    }
    if (!signal.aborted) old[place].replaceWith(tile);
  }));
}

// Shows what `wanted` says. A value that is wrong is told at its control, and all else stays.
async function show(wanted, isTyped) {
  main.setAttribute("aria-busy", "true");
  try {
    const { page, signal } = await read(wanted);
    const fresh = page.querySelector("form[data-board]");
    if (!isTyped) form?.replaceChildren(...document.importNode(fresh, true).children);
    for (const control of form?.elements ?? []) {
      control.toggleAttribute("aria-invalid", false);
      const wrong = fresh.elements[control.name]?.getAttribute("aria-invalid");
      if (wrong) control.setAttribute("aria-invalid", wrong);
    }
    for (const each of page.querySelectorAll("form [data-part]")) replacePart(page, each.dataset.part);
    replacePart(page, "errors");
    if (!isTyped || !fresh.querySelector("[aria-invalid]")) {
      if (wanted !== here()) history.pushState(null, "", wanted);
      shown = wanted;
      replacePart(page, "date");
      await exchange(page, signal);
      if (!signal.aborted) status.textContent = status.dataset.done;
    }
    if (!signal.aborted) main.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") location.assign(wanted); // it will say what is wrong
  }
}

if (form) {
  let timer;
  const update = () => {
    clearTimeout(timer);
    status.textContent = "";
    const wanted = address();
    if (wanted !== shown || form.querySelector("[aria-invalid]")) show(wanted, true);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(update, event.target.matches("select") ? 0 : 500); // who types may finish
  });
}
addEventListener("popstate", () => here() !== shown && show(here(), false));

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());

// New pictures from time to time: not in a hidden tab, and not while the visitor has paused it.
const pause = document.querySelector("[data-pause]");
if (pause) {
  const every = 1000 * partOf(document, "board").dataset.refresh;
  const told = document.querySelector("[data-refreshed]");
  const [resume, stop] = [pause.dataset.resume, pause.textContent];
  let isPaused = false;
  let last = new Date();
  let timer;

  const tell = (how) => {
    const time = last.toLocaleTimeString(document.documentElement.lang);
    told.textContent = told.dataset[how].replace("%s", time);
  };
  const refresh = async () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, every);
    if (isPaused || document.hidden || main.hasAttribute("aria-busy")) return;
    const before = last;
    last = new Date();
    try {
      const { page, signal } = await read(shown);
      replacePart(page, "date");
      await exchange(page, signal);
      tell("refreshed");
    } catch (error) {
      if (error.name === "AbortError") last = before;
      else tell("failed");
    }
  };
  pause.hidden = false;
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? resume : stop;
    if (isPaused) tell("paused");
    else refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && new Date() - last >= every) refresh();
  });
  timer = setTimeout(refresh, every);
  tell("refreshed");
}
