/* What went wrong at a passkey is said on the page: the reader may have cancelled, or the key is not there. */
(() => {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    const place = document.querySelector("[data-passkey-failed]");
    if (!place) return;
    event.preventDefault();
    place.hidden = false;
  });
})();
