// Search the gallery while typing. Without this script, the form leads to the same pages.
import { LatestTask, fetchPage, formURL, replaceParts } from "./page_parts.js";

const TYPING_DELAY = 200; // milliseconds
const form = document.getElementById("search");
const status = document.getElementById("result-count");
const request = new LatestTask();
let timer;

function search() {
  clearTimeout(timer);
  const url = formURL(form);
  request.run(async (signal) => {
    const page = await fetchPage(url, signal);
    replaceParts(page);
    status.textContent = page.getElementById(status.id).textContent;
    history.replaceState(null, "", url);
  }, {
    onError: () => (status.textContent = form.dataset.failed),
  });
}

form.elements.q.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_DELAY);
});
form.elements.sort.addEventListener("change", search);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
