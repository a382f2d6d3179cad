/* Finds papers and questions on the page of a request while one types; without this file the browser's own search does. */
(() => {
  "use strict";

  const box = document.querySelector("[data-ask-search]");
  if (!box) return;
  const input = box.querySelector("input");
  const none = box.querySelector("[role=status]");
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const rows = [...document.querySelectorAll("[data-ask]")].map((row) => [row, fold(row.querySelector("summary").textContent)]);
  const parts = [...document.querySelectorAll(".desk__ask")];

  box.hidden = false;
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    // What is chosen stays in sight, whatever is looked for.
    rows.forEach(([row, text]) => { row.hidden = !row.open && !words.every((word) => text.includes(word)); });
    parts.forEach((part) => { part.hidden = !part.querySelector("[data-ask]:not([hidden])"); });
    none.textContent = rows.every(([row]) => row.hidden) ? none.dataset.none : "";
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
})();
