/* Sends a chosen file in pieces as soon as it is chosen: with progress, over a lost network, from where it stopped.
   Without this file the form sends it whole. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-uploads]");
  const words = document.getElementById("upload-words");
  if (!form || !words) return;
  const said = document.getElementById("upload-said");
  const say = words.dataset;
  const language = document.documentElement.lang;
  // Whoever hashes must hold the whole file in memory; beyond this the server's own hash has to do.
  const HASHED_UP_TO = 128 * 1024 * 1024;
  const PATIENCE = [1, 2, 4, 8, 15, 30];
  const running = new Map();

  const megabytes = (bytes) =>
    `${new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1048576)}\u00a0MB`;
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const wait = (seconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      const now = () => { clearTimeout(timer); resolve(); };
      window.addEventListener("online", now, { once: true });
      signal.addEventListener("abort", now, { once: true });
    });

  // One request: {status, data}; status 0 where the network failed, and no answer after a minute of silence.
  const post = (address, body, signal, onProgress) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.timeout = 120000;
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      if (body instanceof Blob) request.setRequestHeader("Content-Type", "application/octet-stream");
      if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
      const answer = () => {
        let data = {};
        try { data = JSON.parse(request.responseText); } catch { /* a page of an error, not an answer */ }
        resolve({ status: request.status, data });
      };
      request.onload = answer;
      request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, data: {} });
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(body);
    });

  const fingerprint = async (file) => {
    if (!window.crypto?.subtle || file.size > HASHED_UP_TO) return "";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // What the reader sees of one file on its way.
  class View {
    constructor(row, file, onCancel) {
      this.row = row;
      this.up = row.querySelector(".up");
      this.live = words.content.firstElementChild.cloneNode(true);
      this.part("name").textContent = file.name;
      this.part("of-place").textContent = `: ${row.querySelector("h3").textContent}`;
      this.part("bar").setAttribute("aria-label", file.name);
      this.part("cancel").addEventListener("click", onCancel);
      row.classList.remove("is-bad");
      this.up.querySelectorAll(".err").forEach((line) => line.remove());
      [...this.up.children].forEach((child) => { child.hidden = true; });
      this.up.append(this.live);
    }
    part(name) { return this.live.querySelector(`[data-${name}]`); }
    state(text) { this.part("state").textContent = text; }
    note(text) { this.part("said").textContent = text; }
    moved(sent, size, speed) {
      const percent = Math.floor((100 * sent) / size);
      this.state(`${say.sending} ${percent}%`);
      this.part("bar").value = percent;
      this.part("bar").textContent = `${percent}%`;
      const seconds = speed > 0 ? Math.ceil((size - sent) / speed) : 0;
      const left = seconds >= 90 ? say.leftMinutes.replace("{n}", Math.round(seconds / 60)) : say.leftSeconds.replace("{n}", seconds);
      const soFar = say.soFar.replace("{sent}", megabytes(sent)).replace("{whole}", megabytes(size));
      this.note(`${soFar}${seconds ? ` · ${left}` : ""}`);
    }
    ask(data, onRetry) {
      this.live.querySelectorAll("[data-asked]").forEach((old) => old.remove());
      const line = document.createElement("div");
      line.dataset.asked = "";
      if (data.sign_in) {
        const link = Object.assign(document.createElement("a"), { href: data.sign_in, target: "_blank", textContent: say.signIn });
        line.append(link);
      }
      const retry = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--2 btn--s", textContent: say.retry });
      retry.addEventListener("click", () => { line.remove(); onRetry(); });
      line.append(retry);
      this.live.append(line);
    }
    gone() {
      this.live.remove();
      [...this.up.children].forEach((child) => { child.hidden = false; });
    }
  }

  const showRow = (place, data) => {
    const old = form.querySelector(`[data-place="${place}"]`);
    if (data.tally) document.getElementById("tally")?.replaceChildren(data.tally.trim());
    if (!old || !data.row) return;
    const hadFocus = old.contains(document.activeElement) || document.activeElement === document.body;
    const holder = document.createElement("template");
    holder.innerHTML = data.row.trim();
    old.replaceWith(holder.content.firstElementChild);
    const input = document.getElementById(place);
    if (hadFocus) input?.focus({ preventScroll: true });
    follow();
  };
  const refuse = (row, sentence) => {
    row.classList.add("is-bad");
    row.querySelectorAll(".err").forEach((line) => line.remove());
    const line = Object.assign(document.createElement("p"), { className: "err", textContent: sentence });
    row.querySelector(".up").prepend(line);
    said.textContent = sentence;
  };

  class Sending {
    constructor(row, file) {
      this.row = row;
      this.place = row.dataset.place;
      this.file = file;
      this.stop = new AbortController();
      this.tries = 0;
      this.view = new View(row, file, () => this.cancel());
      running.set(this.place, this);
    }
    async start() {
      this.view.state(say.checking);
      this.view.note(megabytes(this.file.size));
      try {
        this.sha256 ??= await fingerprint(this.file);
      } catch { // the file was moved, or changed, after it was chosen
        return this.end(say.lost);
      }
      for (;;) {
        const begun = await this.begin();
        if (!begun || (await this.send(begun))) return;
      }
    }
    // Where to send; false where it came to an end or waits for the reader.
    async begin() {
      const body = new FormData();
      const about = { place: this.place, name: this.file.name, size: this.file.size, sha256: this.sha256 };
      Object.entries(about).forEach(([key, value]) => body.append(key, value));
      const answer = await this.ask(form.dataset.uploads, body);
      if (!answer) return false;
      if (answer.status === 200 && answer.data.to) {
        if (answer.data.offset) said.textContent = `${say.goingOn} ${megabytes(answer.data.offset)}`;
        return { ...answer.data, at: answer.data.offset, since: performance.now(), from: answer.data.offset };
      }
      return this.settle(answer);
    }
    // True where nothing is left to do here; false where it has to begin anew.
    async send(begun) {
      let offset = begun.offset;
      this.drop = begun.drop;
      for (;;) {
        const piece = this.file.slice(offset, offset + begun.piece);
        const speed = () => (1000 * (offset - begun.from)) / (performance.now() - begun.since);
        this.view.moved(offset, this.file.size, speed());
        const answer = await this.ask(`${begun.to}?offset=${offset}`, piece, (loaded) => {
          const sent = Math.min(offset + loaded, this.file.size);
          this.view.moved(sent, this.file.size, speed());
          if (sent >= this.file.size) this.view.state(say.finishing);
        });
        if (!answer) return true;
        if (answer.status === 410 && !this.hasBegunAnew) {
          this.hasBegunAnew = true;
          return false;
        }
        if (answer.data.offset === undefined) { this.settle(answer); return true; }
        offset = answer.data.offset;
      }
    }
    // Asks until there is an answer; nothing where it was cancelled or waits for the reader.
    async ask(address, body, onProgress) {
      while (!this.stop.signal.aborted) {
        const answer = await post(address, body, this.stop.signal, onProgress);
        if (this.stop.signal.aborted) return null;
        if (answer.status === 401) {
          this.view.state(say.sending);
          this.view.note(answer.data.refused);
          said.textContent = answer.data.refused;
          this.view.ask(answer.data, () => this.start());
          return null;
        }
        if (answer.status !== 0 && answer.status !== 429 && answer.status < 500) { this.tries = 0; return answer; }
        this.view.note(say.offline);
        if (!this.tries) said.textContent = say.offline;
        await wait(PATIENCE[Math.min(this.tries++, PATIENCE.length - 1)], this.stop.signal);
      }
      return null;
    }
    settle({ data }) {
      running.delete(this.place);
      if (data.row) {
        showRow(this.place, data);
        said.textContent = data.refused || `${say.done}: ${this.file.name}`;
        if (data.refused) goOn = null;
        else onward();
      } else {
        this.end(data.refused || say.lost);
      }
      return false;
    }
    end(sentence) {
      running.delete(this.place);
      goOn = null;
      this.view.gone();
      refuse(this.row, sentence);
    }
    async cancel() {
      this.stop.abort();
      running.delete(this.place);
      this.view.gone();
      said.textContent = `${say.cancelled}: ${this.file.name}`;
      document.getElementById(this.place)?.focus();
      goOn = null;
      if (this.drop) await post(this.drop, new FormData(), new AbortController().signal);
    }
  }

  const take = (row, files) => {
    if (running.has(row.dataset.place)) return;
    if (files.length > 1) return refuse(row, say.one);
    if (files[0].size > Number(form.dataset.most || Infinity)) return refuse(row, say.tooLarge);
    new Sending(row, files[0]).start();
  };

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length) return;
    const files = [...input.files];
    input.value = "";
    take(input.closest("[data-place]"), files);
  });
  form.addEventListener("dragover", (event) => {
    if (event.target.closest("[data-place]") && event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    const row = event.target.closest("[data-place]");
    if (!row || !event.dataTransfer.files.length) return;
    event.preventDefault();
    take(row, [...event.dataTransfer.files]);
  });
  // A press while files are on their way waits for them, and goes on once all have been taken.
  let goOn = null;
  const onward = () => {
    if (!goOn || running.size) return;
    const button = goOn;
    goOn = null;
    form.requestSubmit(button.isConnected ? button : null);
  };
  form.addEventListener("submit", (event) => {
    if (!running.size) return;
    event.preventDefault();
    goOn = event.submitter;
    said.textContent = say.busy;
    running.forEach((sending) => sending.view.note(say.busy));
  }, { capture: true });
  window.addEventListener("beforeunload", (event) => { if (running.size) event.preventDefault(); });

  // Rows that wait for the scanner are asked about until it has spoken.
  let timer = 0;
  const follow = () => {
    clearTimeout(timer);
    if (form.querySelector("[data-waiting]")) timer = setTimeout(lookAgain, 3000);
  };
  const lookAgain = async () => {
    const waiting = [...form.querySelectorAll("[data-waiting]")].map((mark) => mark.closest("[data-place]").dataset.place);
    const query = waiting.map((place) => `place=${encodeURIComponent(place)}`).join("&");
    try {
      const answer = await fetch(`${form.dataset.states}?${query}`, { credentials: "same-origin" });
      if (answer.ok) {
        const { rows, tally } = await answer.json();
        Object.entries(rows).forEach(([place, row]) => {
          if (!row.includes("data-waiting") && !running.has(place)) showRow(place, { row, tally });
        });
      }
    } catch { /* the next look finds the network again */ }
    follow();
  };
  follow();
})();
