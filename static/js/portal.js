/* Comforts only: every page works without this file. */
(() => {
  "use strict";

  // <button hidden data-print>: shown only where a script can answer it.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // <button hidden data-back>: to the page as it was left, with what was typed there.
  document.querySelectorAll("[data-back]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => history.back());
  });

  // A browser cuts off without a word what is pasted beyond a field's length: here it is not pasted, and said.
  document.addEventListener("paste", (event) => {
    const field = event.target, said = document.querySelector("meta[name=too-long]")?.content;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!said || !(field.maxLength > 0) || field.type === "password") return;
    const left = field.maxLength - field.value.length + (field.selectionEnd - field.selectionStart);
    if (text.replaceAll("\r\n", "\n").length <= left) return;
    event.preventDefault();
    field.setCustomValidity(said.replace("#", field.maxLength));
    field.reportValidity();
    field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
    setTimeout(() => field.setCustomValidity(""), 8000);
  });

  // After a refused form the reader starts at the list of what to mend; after a deed at the message that tells of it,
  // or at the heading of a page that is itself the answer. An address that names a place leads there.
  const REFUSED = ".errsum, .errornote, [data-changed], [role=alert][tabindex]";
  const TOLD = "[data-told]";
  const lead = (found) => {
    if (!found) return false;
    found.tabIndex = -1;
    found.focus();
    return true;
  };
  const free = () => document.activeElement === document.body && !location.hash;
  lead(document.querySelector(REFUSED)) || (free() && lead(document.querySelector(TOLD)));
  document.addEventListener("htmx:afterSwap", (event) => lead(event.target.querySelector(".errsum")));

  // <input data-slash>: "/" leads there from anywhere but a field.
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("[data-slash]");
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || !field) return;
    if (event.target.closest("input, textarea, select, [contenteditable], trix-editor")) return;
    event.preventDefault();
    field.select();
  });

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

  // A second press on a sending form would send it twice; what opens beside the page may be asked for again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget === "_blank") return;
    if (form.dataset.sending) event.preventDefault();
    form.dataset.sending = "yes";
    setTimeout(() => delete form.dataset.sending, 5000);
  });
})();
