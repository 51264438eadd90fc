// Move rows of an inline table by dragging or with buttons. Without this script, the order is a
// number field.
"use strict";

const rowsOf = (body) => [...body.querySelectorAll("tr.form-row:not(.empty-form)")];
let dragged = null;

function renumber(body) {
  rowsOf(body).forEach((row, place) => (row.querySelector("[data-up]").value = 10 * (place + 1)));
}

function move(row, before, button) {
  const rows = rowsOf(row.parentNode);
  const other = rows[rows.indexOf(row) + (before ? -1 : 1)];
  if (!other) return;
  other[before ? "before" : "after"](row);
  renumber(row.parentNode);
  button.focus(); // a moved row loses the focus
}

function addControls(input) {
  const row = input.closest("tr");
  const handle = document.createElement("span");
  handle.className = "sort-handle";
  handle.textContent = "⠿";
  handle.draggable = true;
  handle.ariaHidden = "true"; // the buttons are accessible
  handle.addEventListener("dragstart", (event) => {
    dragged = row;
    event.dataTransfer.setDragImage(row, 0, 0);
  });
  handle.addEventListener("dragend", () => {
    renumber(row.parentNode);
    dragged = null;
  });
  const buttons = [["↑", input.dataset.up, true], ["↓", input.dataset.down, false]].map(([sign, label, before]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.textContent = sign;
    button.ariaLabel = label;
    button.addEventListener("click", () => move(row, before, button));
    return button;
  });
  input.hidden = true;
  input.after(handle, ...buttons);
}

for (const body of document.querySelectorAll(".inline-group tbody")) {
  rowsOf(body).forEach((row) => row.querySelectorAll("[data-up]").forEach(addControls));
  body.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr.form-row");
    if (!dragged || !row || row.parentNode !== dragged.parentNode) return;
    event.preventDefault(); // allows to drop here
    const { top, height } = row.getBoundingClientRect();
    if (row !== dragged) row[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
}
document.addEventListener("formset:added", ({ target }) => {
  target.querySelectorAll("[data-up]").forEach(addControls);
  if (target.querySelector("[data-up]")) renumber(target.parentNode);
});
