// Rows of the presets' list are moved by a handle, with a pointer or the arrow keys. All it does is
// to write other numbers into their fields: without this file, people do.
"use strict";

const words = document.getElementById("order-words");
const body = document.querySelector("#result_list tbody");
const field = (row) => row.querySelector("input[name$='-order']");
const rows = Array.from(body.rows).filter(field);
const own = new Map(rows.map((row) => [row, Number(field(row).value) || 0]));
const least = Math.min(...own.values()); // what stands on pages before has less
const moved = new Set();
const titleOf = (row) => row.querySelector(".field-title").textContent.trim();
const say = (text, known) => text.replace(/\{(\w+)\}/g, (_, name) => known[name]);

// Numbers the rows as they stand now: those that were moved between their neighbours, and those
// that nobody moved as they were, or if they have to make room, with the next number.
function renumber() {
  const all = Array.from(body.rows).filter(field);
  let last = least - 1;
  let wasKept = false;
  all.forEach((row, place) => {
    let number = own.get(row);
    if (moved.has(row)) {
      const next = all.slice(place + 1).find((each) => !moved.has(each));
      const end = next ? own.get(next) : Infinity;
      const middle = end === Infinity ? last + 10 : Math.floor((last + end) / 2);
      if (number <= last || number >= end) number = Math.max(last + 1, middle);
    } else if (number < last || (number === last && !wasKept)) {
      number = last + 1;
    }
    wasKept = number === own.get(row);
    last = number;
    field(row).value = number;
    row.classList.toggle("moved", field(row).value !== field(row).defaultValue);
  });
}

function settle(row) {
  moved.add(row);
  renumber();
  const place = Array.from(body.rows).filter(field).indexOf(row) + 1;
  words.textContent = say(words.dataset.moved, { title: titleOf(row), place, count: rows.length });
}

// It is the other rows that are moved around a row: so it keeps focus and pointer.
function pressed(event) {
  const row = event.target.closest("tr");
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const [before, after] = [row.previousElementSibling, row.nextElementSibling];
  if (event.key === "ArrowUp" && before) row.after(before);
  else if (event.key === "ArrowDown" && after) row.before(after);
  else return;
  settle(row);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function dragged(event) {
  const handle = event.currentTarget;
  const row = handle.closest("tr");
  const began = row.sectionRowIndex;
  event.preventDefault();
  handle.focus();
  handle.setPointerCapture(event.pointerId);
  row.classList.add("dragged");
  const follow = ({ clientY }) => {
    let other;
    while ((other = row.nextElementSibling) && clientY > middle(other)) row.before(other);
    while ((other = row.previousElementSibling) && clientY < middle(other)) row.after(other);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", follow);
    row.classList.remove("dragged");
    if (row.sectionRowIndex !== began) settle(row);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("lostpointercapture", drop, { once: true });
}

words.textContent = words.dataset.hint;
for (const row of rows) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "handle";
  handle.setAttribute("aria-label", say(words.dataset.handle, { title: titleOf(row) }));
  handle.title = words.dataset.hint;
  handle.textContent = "⠿";
  handle.addEventListener("keydown", pressed);
  handle.addEventListener("pointerdown", dragged);
  field(row).before(handle);
  field(row).addEventListener("change", () => {
    own.set(row, Number(field(row).value) || 0);
    moved.delete(row);
  });
}
