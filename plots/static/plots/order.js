// Rows of the presets' list are moved by a handle, with a pointer or the arrow keys. All it does is
// to write other numbers into their fields: without this file, people do.
"use strict";

const words = document.getElementById("order-words");
const body = document.querySelector("#result_list tbody");
const field = (row) => row.querySelector("input[name$='-order']");
const rows = () => Array.from(body.rows).filter(field);
const titleOf = (row) => row.querySelector(".field-title").textContent.trim();
const number = (row) => Number(field(row).value) || 0;
const say = (text, known) => text.replace(/\{(\w+)\}/g, (_, name) => known[name]);
const least = Math.min(...rows().map(number)); // what stands on pages before has less

// Gives `row` a number between those of its neighbours, and more to who follow where none is free.
function renumber(row) {
  const all = rows();
  const place = all.indexOf(row);
  const before = place ? number(all[place - 1]) : least - 1;
  const after = place + 1 < all.length ? number(all[place + 1]) : before + 20;
  write(row, before + Math.max(1, Math.floor((after - before) / 2)));
  for (let i = place + 1; i < all.length && number(all[i]) <= number(all[i - 1]); i++) {
    write(all[i], number(all[i - 1]) + 1);
  }
  const known = { title: titleOf(row), place: place + 1, count: all.length };
  words.textContent = say(words.dataset.moved, known);
}

function write(row, value) {
  field(row).value = value;
  row.classList.toggle("moved", field(row).value !== field(row).defaultValue);
}

function moveBefore(row, other) {
  const handle = document.activeElement;
  body.insertBefore(row, other);
  handle.focus(); // what is moved loses it
}

function pressed(event) {
  const row = event.target.closest("tr");
  const step = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (step === null) return;
  moveBefore(row, event.key === "ArrowUp" ? step : step.nextElementSibling);
  renumber(row);
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
    const over = rows().find((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return each !== row && clientY >= top && clientY < bottom;
    });
    if (!over) return;
    const down = over.sectionRowIndex > row.sectionRowIndex;
    const { top, height } = over.getBoundingClientRect();
    // Past its middle, so that rows of unlike heights do not flicker.
    if (down ? clientY > top + height / 2 : clientY < top + height / 2) {
      body.insertBefore(row, down ? over.nextElementSibling : over);
    }
  };
  const drop = () => {
    handle.removeEventListener("pointermove", follow);
    row.classList.remove("dragged");
    if (row.sectionRowIndex !== began) renumber(row);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("lostpointercapture", drop, { once: true });
}

words.textContent = words.dataset.hint;
for (const row of rows()) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "handle";
  handle.setAttribute("aria-label", say(words.dataset.handle, { title: titleOf(row) }));
  handle.title = words.dataset.hint;
  handle.textContent = "⠿";
  handle.addEventListener("keydown", pressed);
  handle.addEventListener("pointerdown", dragged);
  field(row).before(handle);
}
