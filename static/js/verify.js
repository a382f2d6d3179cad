/* Compares a file with the fingerprint of the one that was issued. The file stays in the browser; without this file
   the reader compares the printed fingerprint with one that their own computer tells. */
(() => {
  "use strict";

  const place = document.querySelector("[data-verify]");
  const said = document.querySelector("[data-verify-said]");
  if (!place || !said || !window.crypto?.subtle) return;
  const input = place.querySelector("input");
  let latest = 0;

  const say = (what, name, hash = "") => {
    const words = said.querySelector(`template[data-said="${what}"]`).content.cloneNode(true);
    for (const element of words.querySelectorAll("[data-name]")) element.textContent = name;
    for (const element of words.querySelectorAll("[data-hash]")) element.textContent = hash;
    said.querySelectorAll(":scope > :not(template)").forEach((old) => old.remove());
    said.append(words);
  };

  const compare = async (file) => {
    const turn = ++latest;
    say("busy", file.name);
    let hash = "";
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    } catch { /* a folder, or a file that is gone */ }
    if (turn !== latest) return;
    say(!hash ? "failed" : hash === place.dataset.verify ? "same" : "other", file.name, hash);
  };

  place.hidden = false;
  input.addEventListener("change", () => input.files[0] && compare(input.files[0]));
  // A file dropped beside the frame would be opened in place of the page.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  place.addEventListener("dragover", () => place.classList.add("is-over"));
  place.addEventListener("dragleave", () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => {
    place.classList.remove("is-over");
    if (event.dataTransfer.files[0]) compare(event.dataTransfer.files[0]);
  });
})();
