// Redraw the plot of a page while its form is edited. Without this script, the form leads to the
// same pages.
import {
  LatestTask, copyInvalid, currentURL, fetchPage, findPart, formURL, importWithPictures,
  replaceParts,
} from "./page_parts.js";

const TYPING_DELAY = 250; // milliseconds
const form = document.querySelector("form[data-plot-form]");
const request = new LatestTask();
let requestedURL = currentURL();
let shownURL = currentURL(); // of the picture and of the address bar
let edit = 1; // all that is typed until a control loses focus is one step of the history
let shownEdit = 0; // the edit that the address bar shows

// Names of the controls and of their choices, which depend on the data source.
const structure = (element) => Array.from(element.querySelectorAll("[name]"), (control) =>
  [control.name, ...Array.from(control.options ?? [], (option) => option.value)]).join();

function announce(message, { isError = false } = {}) {
  const status = form.querySelector("[role=status]");
  status.textContent = message;
  status.classList.toggle("visually-hidden", !isError);
}

function handleFailure() {
  requestedURL = ""; // the next change requests it again
  announce(form.dataset.failed, { isError: true });
}

// Exchange all parts when the picture is loaded.
async function replacePage(page, signal) {
  const picture = await importWithPictures(findPart(page, "picture"), signal);
  findPart(document, "picture").replaceWith(picture);
  replaceParts(page, (name) => name !== "picture");
  hideDrawButton();
}

function announcePicture() {
  announce(findPart(document, "picture").querySelector("img").alt);
}

// Show the errors at their controls. The last valid picture and its URL stay.
function showErrors(page, fetchedForm) {
  const errors = Array.from(fetchedForm.querySelectorAll(".field-error"), (each) => each.textContent)
    .filter(Boolean);
  const isOfControl = (name) => name.endsWith("_error");
  replaceParts(page, (name) => isOfControl(name) || (!errors.length && name === "errors"));
  announce(errors.join(" "));
}

// Show the values of the form, which are those of `url`.
function update(url) {
  const currentEdit = edit;
  requestedURL = url;
  request.run(async (signal) => {
    const page = await fetchPage(url, signal);
    const fetchedForm = page.querySelector("form[data-plot-form]");
    if (!fetchedForm || structure(fetchedForm) !== structure(form)) return location.assign(url);
    if (page.querySelector("[data-part=errors] [role=alert]")) {
      showErrors(page, fetchedForm);
    } else {
      await replacePage(page, signal);
      announcePicture();
      if (url !== shownURL) {
        history[currentEdit === shownEdit ? "replaceState" : "pushState"](null, "", url);
        shownEdit = currentEdit;
      }
      shownURL = url;
    }
    copyInvalid(form, fetchedForm);
    for (const field of form.querySelectorAll("[data-colors]")) {
      field.dataset.colors = fetchedForm.elements[field.name]?.dataset.colors ?? "";
      addSwatches(field);
    }
  }, { onError: handleFailure });
}

// Show the page at `url` as if it had just been opened, with its controls.
function reopen(url) {
  requestedURL = shownURL = url;
  edit += 1;
  request.run(async (signal) => {
    const page = await fetchPage(url, signal);
    const fetchedForm = page.querySelector("form[data-plot-form]");
    if (!fetchedForm) return location.assign(url);
    await replacePage(page, signal);
    requestedURL = formURL(form); // a focused control may fire a change event when it is removed
    form.replaceChildren(...document.importNode(fetchedForm, true).childNodes);
    requestedURL = url;
    addInputs();
    announcePicture();
  }, { onError: handleFailure });
}

// The picture follows the form, so a button is needed only for a random plot.
function hideDrawButton() {
  for (const button of form.querySelectorAll("[data-script-hidden]")) button.hidden = true;
}

// Add a slider beside a number that has a range.
function addSlider(number) {
  const slider = Object.assign(document.createElement("input"), { type: "range" });
  for (const name of ["min", "max", "step"]) slider[name] = number[name];
  slider.value = number.value;
  slider.ariaLabel = number.labels[0].textContent;
  slider.tabIndex = -1; // the keyboard has the number itself
  slider.addEventListener("input", () => (number.value = slider.value));
  number.addEventListener("input", () => (slider.value = number.value));
  number.before(slider);
  number.parentElement.classList.add("with-slider");
}

// Add a colour input for each colour of the plot; all write into the text field.
function addSwatches(field) {
  const former = field.parentElement.querySelector(".swatches");
  const colors = Array.from(former?.children ?? [], (each) => each.value).join();
  if (colors === field.dataset.colors) return; // one of them may be open
  former?.remove();
  const swatches = Object.assign(document.createElement("span"), { className: "swatches" });
  field.dataset.colors.split(",").filter(Boolean).forEach((color, index) => {
    const swatch = Object.assign(document.createElement("input"), { type: "color", value: color });
    swatch.ariaLabel = `${field.labels[0].textContent} ${index + 1}`;
    swatch.addEventListener("input", () => {
      field.value = Array.from(swatches.children, (each) => each.value.slice(1)).join();
    });
    swatches.append(swatch);
  });
  field.before(swatches);
}

function addInputs() {
  for (const number of form.querySelectorAll("input[type=number][data-slider]")) {
    if (number.value) addSlider(number);
  }
  form.querySelectorAll("[data-colors]").forEach(addSwatches);
  hideDrawButton();
  const status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  status.role = "status";
  form.append(status);
}

function followForm() {
  let timer;
  const updateIfChanged = () => {
    clearTimeout(timer);
    const url = formURL(form);
    if (url !== requestedURL) update(url);
  };
  form.addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    if (target.validity.badInput) return; // an incomplete number or date
    timer = setTimeout(updateIfChanged, TYPING_DELAY);
  });
  form.addEventListener("change", () => {
    updateIfChanged();
    edit += 1;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (formURL(form) !== requestedURL) updateIfChanged();
    else if (!form.querySelector("[data-script-hidden]")) location.reload();
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reset]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.pathname + link.search !== currentURL()) history.pushState(null, "", link.href);
    reopen(currentURL());
  });
  addEventListener("popstate", () => currentURL() !== shownURL && reopen(currentURL()));
}

if (form) {
  addInputs();
  followForm();
}
