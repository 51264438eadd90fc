// Buttons that copy an embed code, and the button that opens the share sheet of the device.
"use strict";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  // Browsers offer the clipboard on secure connections only.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = button.dataset.label), 2000);
});

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => {
    // The location may have tracking parameters.
    const url = document.querySelector("[data-page-url]")?.dataset.pageUrl ?? location.href;
    navigator.share({ title: button.dataset.share, url }).catch(() => {});
  });
}
