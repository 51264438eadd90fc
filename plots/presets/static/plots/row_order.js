// Move rows of the changelist with a handle, by dragging or with the arrow keys. The script only
// changes the numbers in the order fields, which people can also edit by hand.
const status = document.getElementById("order-status");
const body = document.querySelector("#result_list tbody");
const fieldOf = (row) => row.querySelector("input[name$='-order']");
const rows = Array.from(body.rows).filter(fieldOf);
const ownOrder = new Map(rows.map((row) => [row, Number(fieldOf(row).value) || 0]));
const minimum = Math.min(...ownOrder.values()); // rows of former pages have smaller numbers
const moved = new Set();
const titleOf = (row) => row.querySelector(".field-title").textContent.trim();
const format = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Number the rows in their current order. A moved row gets a number between its neighbours; another
// row keeps its number, or gets the next one if it has to make room.
function renumber() {
  const current = Array.from(body.rows).filter(fieldOf);
  let last = minimum - 1;
  let lastIsOwn = false;
  current.forEach((row, index) => {
    let number = ownOrder.get(row);
    if (moved.has(row)) {
      const next = current.slice(index + 1).find((each) => !moved.has(each));
      const end = next ? ownOrder.get(next) : Infinity;
      const middle = end === Infinity ? last + 10 : Math.floor((last + end) / 2);
      if (number <= last || number >= end) number = Math.max(last + 1, middle);
    } else if (number < last || (number === last && !lastIsOwn)) {
      number = last + 1;
    }
    lastIsOwn = number === ownOrder.get(row);
    last = number;
    const field = fieldOf(row);
    field.value = number;
    row.classList.toggle("moved", field.value !== field.defaultValue);
  });
}

function finishMove(row) {
  moved.add(row);
  renumber();
  const place = Array.from(body.rows).filter(fieldOf).indexOf(row) + 1;
  const values = { title: titleOf(row), place, count: rows.length };
  status.textContent = format(status.dataset.moved, values);
}

// Both handlers move the other rows around this row, so that it keeps focus and pointer.
function moveByKey(event) {
  const row = event.target.closest("tr");
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const { previousElementSibling: previous, nextElementSibling: next } = row;
  if (event.key === "ArrowUp" && previous) row.after(previous);
  else if (event.key === "ArrowDown" && next) row.before(next);
  else return;
  finishMove(row);
}

function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function moveByPointer(event) {
  const handle = event.currentTarget;
  const row = handle.closest("tr");
  const startIndex = row.sectionRowIndex;
  event.preventDefault();
  handle.focus();
  handle.setPointerCapture(event.pointerId);
  row.classList.add("dragged");
  const follow = ({ clientY }) => {
    let other;
    while ((other = row.nextElementSibling) && clientY > middleOf(other)) row.before(other);
    while ((other = row.previousElementSibling) && clientY < middleOf(other)) row.after(other);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", follow);
    row.classList.remove("dragged");
    if (row.sectionRowIndex !== startIndex) finishMove(row);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("lostpointercapture", drop, { once: true });
}

function addHandle(row) {
  const handle = Object.assign(document.createElement("button"), {
    type: "button", className: "handle", title: status.dataset.hint, textContent: "⠿",
  });
  handle.setAttribute("aria-label", format(status.dataset.handle, { title: titleOf(row) }));
  handle.addEventListener("keydown", moveByKey);
  handle.addEventListener("pointerdown", moveByPointer);
  fieldOf(row).before(handle);
  fieldOf(row).addEventListener("change", () => {
    ownOrder.set(row, Number(fieldOf(row).value) || 0);
    moved.delete(row);
  });
}

status.textContent = status.dataset.hint;
rows.forEach(addHandle);
