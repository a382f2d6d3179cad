/* Forms of the counter: hides the questions that the answers just given make pointless. Without it they all show. */
(() => {
  const answer = (form, key) => {
    const field = form.elements.namedItem(key);
    return field ? field.value : null;
  };
  const refresh = (form) => {
    form.querySelectorAll("[data-when]").forEach((input) => {
      const conditions = Object.entries(JSON.parse(input.dataset.when));
      const isAsked = conditions.every(([key, wanted]) => {
        const given = answer(form, key);
        return given === null || wanted.includes(given);
      });
      const field = input.closest(".field");
      // The grid of a field outweighs the attribute, so the style says it too.
      if (field) {
        field.hidden = !isAsked;
        field.style.display = isAsked ? "" : "none";
      }
    });
  };
  document.querySelectorAll("form").forEach((form) => {
    if (!form.querySelector("[data-when]")) return;
    refresh(form);
    form.addEventListener("change", () => refresh(form));
  });
})();
