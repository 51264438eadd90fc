// Fetch a page of this site and exchange its parts for those of the current page. A part is an
// element with a data-part attribute. The scripts of the pages import this module.

// Runs one task at a time: each run aborts the one before it.
export class LatestTask {
  #controller = new AbortController();

  // Run `task(signal)`, with `region` marked as busy. `onError` is not called for an abort.
  async run(task, { onError, region = document.querySelector("main") }) {
    this.#controller.abort();
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    region?.setAttribute("aria-busy", "true");
    try {
      await task(signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    if (!signal.aborted) region?.removeAttribute("aria-busy");
  }
}

export async function fetchPage(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} returned ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export const findPart = (page, name) => page.querySelector(`[data-part="${name}"]`);

// Exchange the parts whose names `accepts` returns true for.
export function replaceParts(page, accepts = () => true) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const fetched = accepts(part.dataset.part) && findPart(page, part.dataset.part);
    if (fetched) part.replaceWith(document.importNode(fetched, true));
  }
  document.dispatchEvent(new Event("partsreplaced"));
}

// Return a copy of an element of a fetched page once its pictures are loaded.
export async function importWithPictures(element, signal) {
  const copy = document.importNode(element, true);
  globalThis.followTheme?.(copy);
  await Promise.all(Array.from(copy.querySelectorAll("picture img"), (image) => {
    image.loading = "eager"; // a lazy image outside the page never loads
    return image.decode().catch(() => {});
  }));
  signal.throwIfAborted();
  return copy;
}

// Mark the controls that are invalid on the fetched page.
export function copyInvalid(form, fetchedForm) {
  for (const control of form.querySelectorAll("[name]")) {
    const fetched = fetchedForm.querySelector(`[name="${control.name}"]`);
    control.ariaInvalid = fetched?.ariaInvalid ?? null;
  }
}

// Return the URL of a GET form without empty and default values. Each line of a text area is a
// value of its own.
export function formURL(form) {
  const query = new URLSearchParams();
  for (const [name, text] of new FormData(form)) {
    const value = text.replaceAll("\r\n", "\n");
    const control = Array.from(form.elements).find((each) => each.name === name);
    if (value === control.dataset.default) continue;
    for (const line of value.split("\n")) {
      if (line.trim()) query.append(name, line.trim());
    }
  }
  // The server writes commas and colons in the same readable form.
  const written = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  const { pathname } = new URL(form.getAttribute("action") ?? "", location);
  return pathname + (written && `?${written}`);
}

export const currentURL = () => location.pathname + location.search;
