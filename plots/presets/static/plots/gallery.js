// Search as you type: the same page as the form would load, of which the parts that differ are shown.
"use strict";
{
  const form = document.getElementById("search");
  const found = document.getElementById("found");
  let typing, asking;

  // The address that the form leads to, without what is empty.
  function address() {
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value.trim()) query.delete(name);
    return query.size ? `${form.action}?${query}` : form.action;
  }

  async function search() {
    clearTimeout(typing);
    asking?.abort(); // the last one wins
    asking = new AbortController();
    const { signal } = asking;
    const wanted = address();
    const main = document.querySelector("main");
    main.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(wanted, { signal });
      if (!response.ok) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const old of document.querySelectorAll("[data-part]")) {
        old.replaceWith(document.importNode(page.querySelector(`[data-part=${old.dataset.part}]`), true));
      }
      found.textContent = page.getElementById("found").textContent;
      history.replaceState(null, "", wanted);
    } catch {
      if (signal.aborted) return;
      found.textContent = form.dataset.failed;
    }
    main.removeAttribute("aria-busy");
  }

  form.elements.q.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, 200);
  });
  form.elements.sort.addEventListener("change", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}
