// A place to fill in, put at the cursor of the text that was written in last. Without a script the list is read.
(() => {
  const list = document.querySelector("[data-insert-into]");
  if (!list) return;
  let box = document.getElementById(list.dataset.insertInto);
  document.querySelectorAll("#id_heading_vi, #id_heading_en, #id_body_vi, #id_body_en").forEach((field) => {
    field.addEventListener("focus", () => { box = field; });
  });
  if (!box) return;
  list.querySelectorAll("dt code").forEach((code) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = code.textContent;
    button.addEventListener("click", () => {
      box.setRangeText(code.textContent, box.selectionStart, box.selectionEnd, "end");
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    code.replaceWith(button);
  });
})();
