// Rich text in a form: Squire over a textarea marked data-rich, which goes on holding what is sent.
(() => {
  const TAGS = ["p", "br", "h2", "h3", "h4", "ul", "ol", "li", "a", "b", "strong", "i", "em", "u", "sub", "sup",
    "blockquote", "mark", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "img", "hr"];
  const ATTRIBUTES = ["href", "title", "src", "srcset", "sizes", "alt", "width", "height", "loading", "start", "colspan",
    "rowspan", "scope", "lang"];

  const toFragment = (html) => document.importNode(window.DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ATTRIBUTES, ALLOW_DATA_ATTR: false, RETURN_DOM_FRAGMENT: true,
  }), true);

  const setBlock = (editor, tag) => editor.modifyBlocks((fragment) => {
    fragment.querySelectorAll("p, h2, h3, h4").forEach((block) => {
      const made = document.createElement(tag);
      made.append(...block.childNodes);
      block.replaceWith(made);
    });
    return fragment;
  });

  // A block of its own after the one that holds the caret, and an empty line to go on in.
  const putAfter = (editor, page, html) => {
    editor.saveUndoState();
    let block = editor.getSelection().startContainer;
    while (block !== page && block.parentNode !== page) block = block.parentNode || page;
    const made = toFragment(`${html}<p><br></p>`);
    const line = made.lastChild;
    if (block === page) { page.append(made); } else { block.after(made); }
    const range = document.createRange();
    range.setStart(line, 0);
    editor.setSelection(range);
  };

  const toggle = (editor, tag, on, off) => (editor.hasFormat(tag) ? editor[off]() : editor[on]());
  const DEEDS = {
    bold: (editor) => toggle(editor, "B", "bold", "removeBold"),
    italic: (editor) => toggle(editor, "I", "italic", "removeItalic"),
    h2: (editor) => setBlock(editor, editor.hasFormat("H2") ? "p" : "h2"),
    h3: (editor) => setBlock(editor, editor.hasFormat("H3") ? "p" : "h3"),
    ul: (editor) => toggle(editor, "UL", "makeUnorderedList", "removeList"),
    ol: (editor) => toggle(editor, "OL", "makeOrderedList", "removeList"),
    quote: (editor) => toggle(editor, "BLOCKQUOTE", "increaseQuoteLevel", "decreaseQuoteLevel"),
    table: (editor, page) => {
      const row = (tag) => `<tr>${`<${tag}>…</${tag}>`.repeat(3)}</tr>`;
      putAfter(editor, page, `<table><thead>${row("th")}</thead><tbody>${row("td").repeat(2)}</tbody></table>`);
    },
    unlink: (editor) => editor.removeLink(),
    clear: (editor) => editor.removeAllFormatting(),
    undo: (editor) => editor.undo(),
    redo: (editor) => editor.redo(),
  };

  const start = (field) => {
    const bar = field.parentElement.querySelector("[data-rich-bar]");
    if (!bar || !window.Squire) return;
    const page = document.createElement("div");
    page.className = "rich rich--edited";
    page.setAttribute("role", "textbox");
    page.setAttribute("aria-multiline", "true");
    page.setAttribute("aria-label", bar.dataset.label);
    if (field.lang) page.lang = field.lang;
    field.after(page);
    const editor = new window.Squire(page, { blockTag: "P", sanitizeToDOMFragment: toFragment });
    editor.setHTML(field.value);
    const before = editor.getHTML();
    const keep = () => { const now = editor.getHTML(); if (now !== before) field.value = now; };
    editor.addEventListener("input", keep);
    field.form.addEventListener("submit", keep);
    bar.hidden = false;
    field.hidden = true;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      const what = button.dataset.do;
      if (what === "source") {
        if (field.hidden) { keep(); } else { editor.setHTML(field.value); }
        field.hidden = !field.hidden;
        page.hidden = !page.hidden;
        button.setAttribute("aria-pressed", String(!field.hidden));
        return;
      }
      if (what === "link") {
        const address = bar.querySelector("[data-rich-link]");
        if (address.value.trim()) { editor.makeLink(address.value.trim()); address.value = ""; } else { address.focus(); }
      } else if (what === "picture") {
        const chosen = bar.querySelector("[data-rich-pictures]");
        if (chosen.value) putAfter(editor, page, chosen.value);
      } else {
        DEEDS[what](editor, page);
      }
      keep();
      if (what !== "link") editor.focus();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("[data-rich-link]")) {
        event.preventDefault();
        bar.querySelector("[data-do=link]").click();
      }
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("textarea[data-rich]").forEach(start));
})();
