/* Comforts only: every page works without this file. */
(() => {
  "use strict";

  // <button hidden data-print>: shown only where a script can answer it.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // After a refused form the reader starts at the list of what to mend.
  const focusSummary = (root) => root.querySelector(".errsum")?.focus();
  focusSummary(document);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

  // <form data-guard>: leaving with unsent changes asks first.
  const dirty = new Set();
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => dirty.add(form));
    form.addEventListener("submit", () => dirty.delete(form));
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });

  // <input type="file" data-max-bytes data-too-large="…">: says so before the upload, not after it.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.maxBytes) return;
    const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    if (tooLarge) input.reportValidity();
  });

  // A second press on a sending form would send it twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) event.preventDefault();
    form.dataset.sending = "yes";
    setTimeout(() => delete form.dataset.sending, 5000);
  });
})();
