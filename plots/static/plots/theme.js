// Light, dark or system colours, as the user chose, set before the first paint. The choice is stored
// under the same name as in Django's admin, so that both look alike.
"use strict";
{
  const DARK = "(prefers-color-scheme: dark)";
  // Media conditions that replace the dark one in a <source> element, by theme.
  const CONDITIONS = { auto: DARK, dark: "(min-width: 0)", light: "(max-width: 0)" };

  function storedTheme() {
    try {
      const theme = localStorage.getItem("theme");
      return Object.hasOwn(CONDITIONS, theme) ? theme : "auto";
    } catch {
      return "auto"; // the browser blocks storage
    }
  }

  // Give the pictures in `node` the colours of the page. Scripts call it for pictures that are not in
  // the page yet; the observer below handles all others.
  globalThis.followTheme = function followTheme(node) {
    const condition = CONDITIONS[document.documentElement.dataset.theme];
    for (const source of node.querySelectorAll("picture > source[media]")) {
      source.dataset.media ??= source.media;
      const media = source.dataset.media.replace(DARK, condition);
      if (source.media !== media) source.media = media;
    }
  };

  function showTheme(theme) {
    document.documentElement.dataset.theme = theme;
    followTheme(document);
    for (const button of document.querySelectorAll(".theme-switch button")) {
      button.setAttribute("aria-pressed", button.value === theme);
    }
  }

  showTheme(storedTheme());
  document.addEventListener("DOMContentLoaded", () => showTheme(storedTheme()));
  // Change the sources of a picture before the browser chooses one of them.
  new MutationObserver((changes) => {
    if (document.documentElement.dataset.theme === "auto") return;
    for (const node of new Set(changes.map((change) => change.target))) followTheme(node);
  }).observe(document.documentElement, { childList: true, subtree: true });

  addEventListener("storage", () => showTheme(storedTheme())); // changed in another tab
  addEventListener("pageshow", (event) => event.persisted && showTheme(storedTheme()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".theme-switch button");
    if (!button) return;
    showTheme(button.value);
    try {
      localStorage.setItem("theme", button.value);
    } catch {
      // The choice is valid for this page only.
    }
  });
}
