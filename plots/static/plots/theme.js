// Light, dark, or as the system has it: what a visitor chose, before anything is painted. It is kept
// under the name that Django's admin has for it, so that both look alike.
"use strict";
{
  const DARK = "(prefers-color-scheme: dark)";
  // What a <source> asks in the place of that, where the choice has been made.
  const ASKED = { auto: DARK, dark: "(min-width: 0)", light: "(max-width: 0)" };

  function keptTheme() {
    try {
      const kept = localStorage.getItem("theme");
      return Object.hasOwn(ASKED, kept) ? kept : "auto";
    } catch {
      return "auto"; // a browser that keeps nothing
    }
  }

  // Gives the pictures in `node` the colours of the page. Those that are not in it yet are asked for
  // by scripts; the others are seen to below.
  globalThis.followTheme = function followTheme(node) {
    const condition = ASKED[document.documentElement.dataset.theme];
    for (const source of node.querySelectorAll("picture > source[media]")) {
      source.dataset.media ??= source.media;
      const media = source.dataset.media.replace(DARK, condition);
      if (source.media !== media) source.media = media;
    }
  };

  function showTheme(theme) {
    document.documentElement.dataset.theme = theme;
    followTheme(document);
    for (const button of document.querySelectorAll(".themes button")) {
      button.setAttribute("aria-pressed", button.value === theme);
    }
  }

  showTheme(keptTheme());
  document.addEventListener("DOMContentLoaded", () => showTheme(keptTheme()));
  // Before a browser chooses among the sources of a picture that it has just read.
  new MutationObserver((changes) => {
    if (document.documentElement.dataset.theme === "auto") return;
    for (const place of new Set(changes.map((change) => change.target))) followTheme(place);
  }).observe(document.documentElement, { childList: true, subtree: true });

  addEventListener("storage", () => showTheme(keptTheme())); // chosen in another window
  addEventListener("pageshow", (event) => event.persisted && showTheme(keptTheme()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".themes button");
    if (!button) return;
    showTheme(button.value);
    try {
      localStorage.setItem("theme", button.value);
    } catch {
      // good for this page then
    }
  });
}
