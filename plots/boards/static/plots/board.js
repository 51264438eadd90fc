// Change and refresh the plots of a board in place. Without this script, the form leads to the same
// pages.
import {
  LatestTask, copyInvalid, currentURL, fetchPage, findPart, formURL, importWithPictures,
  replaceParts,
} from "./page_parts.js";

const TYPING_DELAY = 500; // milliseconds
const form = document.querySelector("form[data-board-form]");
const status = document.querySelector("[data-changed]");
const request = new LatestTask();
let shownURL = currentURL();

async function fetchBoard(url, signal) {
  const page = await fetchPage(url, signal);
  if (!findPart(page, "board")) throw new Error(`${url} shows no board`);
  return page;
}

// The content of a tile without the changes that other scripts make.
const content = (tile) => [
  tile.textContent,
  ...Array.from(tile.querySelectorAll("a, img, source"), (element) =>
    ["href", "src", "srcset", "alt"].map((name) => element.getAttribute(name)).join()),
].join();

// Exchange the tiles that differ, each when its picture is loaded.
async function replaceTiles(page, signal) {
  const [board, fetched] = [findPart(document, "board"), findPart(page, "board")];
  const [tiles, fetchedTiles] = [[...board.children], [...fetched.children]];
  const ids = (each) => each.map((tile) => tile.dataset.tile).join();
  if (ids(tiles) !== ids(fetchedTiles)) {
    board.replaceWith(document.importNode(fetched, true));
    return;
  }
  await Promise.all(fetchedTiles.map(async (tile, index) => {
    if (content(tile) === content(tiles[index])) return;
    tiles[index].replaceWith(await importWithPictures(tile, signal));
  }));
}

// Show the board at `url`. If a value in it is invalid, the pictures and the URL stay.
function show(url, { keepsControls }) {
  request.run(async (signal) => {
    const page = await fetchBoard(url, signal);
    const fetchedForm = page.querySelector("form[data-board-form]");
    if (!keepsControls) form?.replaceChildren(...document.importNode(fetchedForm, true).children);
    if (form) copyInvalid(form, fetchedForm);
    replaceParts(page, (name) => name === "errors" || name.endsWith("_error"));
    if (keepsControls && fetchedForm.querySelector("[aria-invalid]")) return;
    if (url !== currentURL()) history.pushState(null, "", url);
    shownURL = url;
    replaceParts(page, (name) => name === "date");
    await replaceTiles(page, signal);
    status.textContent = status.dataset.changed;
  }, {
    onError: () => location.assign(url), // the page itself shows the error
  });
}

function followForm() {
  let timer;
  const update = () => {
    clearTimeout(timer);
    status.textContent = "";
    const url = formURL(form);
    if (url !== shownURL || form.querySelector("[aria-invalid]")) show(url, { keepsControls: true });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
  form.addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(update, target.matches("select") ? 0 : TYPING_DELAY);
  });
}

function showPrintButton() {
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Refresh the pictures at an interval, except in a hidden tab and while the user has paused it.
function refreshPeriodically(button) {
  const interval = 1000 * findPart(document, "board").dataset.refresh;
  const message = document.querySelector("[data-refreshed]");
  const labels = { pause: button.textContent, resume: button.dataset.resume };
  let isPaused = false;
  let last = new Date();
  let timer;

  const report = (state) => {
    const time = last.toLocaleTimeString(document.documentElement.lang);
    message.textContent = message.dataset[state].replace("%s", time);
  };
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, interval);
    if (isPaused || document.hidden || document.querySelector("main[aria-busy]")) return;
    request.run(async (signal) => {
      const page = await fetchBoard(shownURL, signal);
      replaceParts(page, (name) => name === "date");
      await replaceTiles(page, signal);
      last = new Date();
      report("refreshed");
    }, {
      onError: () => {
        last = new Date();
        report("failed");
      },
      region: null,
    });
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? labels.resume : labels.pause;
    if (isPaused) report("paused");
    else refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && new Date() - last >= interval) refresh();
  });
  timer = setTimeout(refresh, interval);
  report("refreshed");
}

if (form) followForm();
addEventListener("popstate", () => {
  if (currentURL() !== shownURL) show(currentURL(), { keepsControls: false });
});
showPrintButton();
const pauseButton = document.querySelector("[data-pause]");
if (pauseButton) refreshPeriodically(pauseButton);
