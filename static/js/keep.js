/* Nothing typed is lost: sends a section of a draft while it is typed, and keeps on this device what could not be sent.
   A form names its address (data-keep), its reader (data-user) and its place (data-place). Never files or passwords. */
(() => {
  "use strict";

  const PREFIX = "izportal.typed:";
  const CONTROLS = ["csrfmiddlewaretoken", "version_no", "window", "turn", "key"];
  const DAYS = 24 * 60 * 60 * 1000;
  const PAUSES = [5000, 10000, 20000, 40000, 60000];
  const PATIENCE = { alone: 20000, pressed: 4000 };

  // What lies on this device --------------------------------------------------------------------
  const store = {
    all(user) {
      const found = [];
      try {
        for (const name of Object.keys(localStorage).filter((one) => one.startsWith(`${PREFIX}${user}:`))) {
          const entry = JSON.parse(localStorage.getItem(name));
          if (Date.now() - entry.at > 30 * DAYS) localStorage.removeItem(name);
          else found.push({ ...entry, name });
        }
      } catch { /* no room or no right: the portal alone keeps the text */ }
      return found.sort((a, b) => b.at - a.at);
    },
    put(name, entry) {
      try {
        localStorage.setItem(name, JSON.stringify(entry));
        return true;
      } catch {
        return false;
      }
    },
    drop(name) {
      try {
        localStorage.removeItem(name);
      } catch { /* nothing was kept */ }
    },
  };

  // The portal says with each page of a draft what it holds: {section: [window, turn]}.
  const sweep = () => {
    const said = document.querySelector("[data-saves]");
    if (!said) return;
    const saves = JSON.parse(said.dataset.saves);
    for (const entry of store.all(said.dataset.user)) {
      const [dossier, section] = entry.place.split("/");
      const [window, turn] = (dossier === said.dataset.dossier && saves[section]) || [];
      if (window && window === entry.window.slice(-window.length) && turn >= entry.turn) store.drop(entry.name);
    }
  };
  sweep();

  const unsent = ({ user, dossier }) => store.all(user).filter((entry) => !dossier || entry.place.startsWith(`${dossier}/`));

  // Nobody files a draft without what they typed: the review names the sections whose text is only here.
  const left = document.querySelector("template[data-unsent]");
  if (left && unsent(left.dataset).length) {
    const box = left.content.firstElementChild.cloneNode(true);
    for (const entry of unsent(left.dataset)) {
      const line = document.createElement("li");
      line.append(Object.assign(document.createElement("a"), { href: entry.address, textContent: entry.title }));
      box.querySelector("ul").append(line);
    }
    left.after(box);
  }

  // Who files or signs out while something is only on this device is asked first.
  document.querySelectorAll("form[data-unsent-warning]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      const entries = unsent(form.dataset);
      const counted = entries.filter((entry) => form.dataset.dossier || !entry.isHandedOver);
      if (counted.length && !window.confirm(form.dataset.unsentWarning)) event.preventDefault();
      else if (!form.dataset.dossier) entries.filter((entry) => entry.isHandedOver).forEach((entry) => store.drop(entry.name));
    });
  });

  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const words = form.querySelector("[data-words]").dataset;
  const state = document.querySelector("[data-state]");
  const notes = document.querySelector("[data-notes]");
  const field = (name) => form.elements.namedItem(name);
  const slot = () => `${PREFIX}${form.dataset.user}:${form.dataset.place}:${field("window").value.slice(-12)}`;
  let dirty = false;
  let sending = null;
  let pressed = null;
  let blocked = "";
  let submitting = false;
  let timer = 0;
  let failures = 0;

  // The fields ------------------------------------------------------------------------------------
  const read = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !CONTROLS.includes(name));
  const write = (data) => {
    const left = new Map(data);
    for (const input of form.elements) {
      if (!input.name || CONTROLS.includes(input.name) || input.tagName === "BUTTON") continue;
      const value = left.get(input.name);
      if (input.type === "radio" || input.type === "checkbox") input.checked = value === input.value;
      else input.value = value ?? "";
    }
    for (const input of form.elements) left.delete(input.name);
    for (const [name, value] of left) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(input);
    }
    form.dispatchEvent(new Event("change"));
  };
  const same = (one, other) => {
    const plain = (data) => JSON.stringify(data.filter(([name, value]) => value && name !== "form_no").map(([name, value]) => [name, value.replace(/\r\n?/g, "\n")]).sort());
    return plain(one) === plain(other);
  };
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? field("csrfmiddlewaretoken").value;

  // What is told ----------------------------------------------------------------------------------
  const tell = (kind, sentence) => {
    state.dataset.state = kind;
    // "Saving" is seen, not heard: a reader of the screen is told only where the text lies in the end.
    if (!sentence) return;
    const place = state.querySelector("[data-sentence]");
    if (place.textContent !== sentence) place.textContent = sentence;
  };
  const note = (kind, fill) => {
    notes.querySelector(`[data-note="${kind}"]`)?.remove();
    const box = form.querySelector(`template[data-of="${kind}"]`).content.firstElementChild.cloneNode(true);
    box.dataset.note = kind;
    fill(box);
    notes.append(box);
    return box;
  };
  const hush = (kind) => notes.querySelector(`[data-note="${kind}"]`)?.remove();
  const tellLink = (answer, link) =>
    note("told", (box) => {
      box.querySelector("[data-sentence]").textContent = answer.sentence;
      const anchor = box.querySelector("a");
      if (answer.url) Object.assign(anchor, { href: answer.url, textContent: link });
      else anchor.remove();
    });

  // Keeping here and sending there ----------------------------------------------------------------
  const keepHere = (more = {}) =>
    store.put(slot(), {
      at: Date.now(), place: form.dataset.place, address: form.action, title: document.querySelector("h1").textContent,
      data: read(), version_no: field("version_no").value,
      window: field("window").value, turn: Number(field("turn").value), key: field("key")?.value ?? "", ...more,
    });
  const sayLocal = () => tell("local", keepHere() ? words.local : words.nowhere);
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };
  const failed = () => {
    sayLocal();
    later(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  };

  const giveUp = (request, pause) => setTimeout(() => request.abort(), pause);

  async function send() {
    clearTimeout(timer);
    if (!dirty || blocked || submitting || sending) return;
    sending = new AbortController();
    const stop = giveUp(sending, PATIENCE.alone);
    const turn = field("turn").value;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    body.delete("csrfmiddlewaretoken");
    const keepalive = document.visibilityState === "hidden" && body.toString().length < 60000;
    let answer = {};
    try {
      const response = await fetch(form.dataset.keep, {
        method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive, signal: sending.signal,
      });
      answer = await response.json();
    } catch { /* no network, or an answer that is not ours */ }
    clearTimeout(stop);
    sending = null;
    (ANSWERS[answer.state] ?? failed)(answer, turn);
    const button = pressed;
    pressed = null;
    if (button && !blocked) form.requestSubmit(button.submitter);
  }

  const saved = (answer, turn) => {
    failures = 0;
    hush("told");
    if (answer.place && answer.place !== form.dataset.place) {
      store.drop(slot());
      Object.assign(form.dataset, { place: answer.place, keep: answer.keep });
      form.action = answer.address;
      history.replaceState(null, "", answer.address);
    }
    field("version_no").value = answer.version_no;
    if (field("turn").value !== turn) {
      keepHere();
      return later(1000);
    }
    dirty = false;
    if (!submitting) store.drop(slot());
    tell("saved", answer.sentence);
  };
  const conflict = (answer) => {
    blocked = "conflict";
    sayLocal();
    tell("conflict", answer.sentence);
    hush("restored");
    document.querySelector("[data-changed]")?.remove();
    notes.insertAdjacentHTML("beforeend", answer.html);
    notes.querySelector("[data-keep-mine]").dataset.version = answer.version_no;
    notes.querySelector("[data-changed]").focus();
  };
  const ended = (answer) => {
    blocked = answer.state;
    tell("conflict", answer.sentence);
    tellLink(answer, answer.link);
    // Filed without it, or set aside by the portal; text that was only refused waits for another day.
    if (["filed", "moved"].includes(answer.state)) store.drop(slot());
  };
  const ANSWERS = {
    saved,
    conflict,
    filed: ended,
    gone: ended,
    moved: ended,
    refused: ended,
    signed_out: (answer) => {
      failed();
      tell("local", words.signedOut);
      tellLink(answer, words.signIn);
    },
    waiting: (answer) => {
      keepHere();
      tell("local", answer.sentence);
    },
  };

  // The reader ------------------------------------------------------------------------------------
  const typed = () => {
    dirty = true;
    field("turn").value = Number(field("turn").value) + 1;
    if (blocked) return void keepHere();
    keepHere();
    if (navigator.onLine === false) return sayLocal();
    if (state.dataset.state !== "local") tell("saving");
    later(failures ? PAUSES[Math.min(failures, PAUSES.length - 1)] : 2000);
  };
  form.addEventListener("input", typed);
  form.addEventListener("focusout", () => failures || send());
  window.addEventListener("online", send);
  window.addEventListener("offline", () => dirty && sayLocal());
  document.addEventListener("visibilitychange", send);
  window.addEventListener("pagehide", send);
  window.addEventListener("pageshow", () => { submitting = false; });
  form.addEventListener("submit", (event) => {
    const choice = event.submitter;
    if (choice?.matches("[data-keep-mine]")) {
      event.preventDefault();
      field("version_no").value = choice.dataset.version || field("version_no").value;
      blocked = "";
      dirty = true;
      document.querySelector("[data-changed]").remove();
      state.focus();
      return void send();
    }
    if (sending) {
      // Two of one window must not meet: the page goes when the save on its way has said which version it made.
      event.preventDefault();
      if (!pressed) giveUp(sending, PATIENCE.pressed);
      pressed = { submitter: choice };
      return;
    }
    submitting = true;
    clearTimeout(timer);
    field("csrfmiddlewaretoken").value = token();
    if (dirty) keepHere({ isHandedOver: true });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-take-theirs]")) return;
    submitting = true;
    store.drop(slot());
  });

  // What an earlier page could not send -----------------------------------------------------------
  const restore = (entry) => {
    const before = read();
    write(entry.data);
    field("version_no").value = entry.version_no;
    field("turn").value = entry.turn;
    if (field("key") && entry.key) field("key").value = entry.key;
    // Only the same window goes on as itself; another one may still be open and must be able to meet this one.
    if (sessionStorage.getItem("izportal.window") === entry.window) field("window").value = entry.window;
    else store.drop(entry.name);
    note("restored", (box) => {
      const clock = { timeZone: "Asia/Ho_Chi_Minh", dateStyle: "short", timeStyle: "short" };
      box.querySelector("[data-time]").textContent = new Date(entry.at).toLocaleString("en-GB", clock).replace(",", "");
      box.querySelector("button").addEventListener("click", () => {
        write(before);
        typed();
        send();
        box.remove();
        state.focus();
      });
    });
  };
  const [last] = store.all(form.dataset.user).filter((entry) => entry.place === form.dataset.place);
  const standing = form.dataset.standing;
  if (standing === "conflict" || standing === "refused") {
    blocked = standing;
    dirty = true;
    // Without a script the next save is the choice; with one, only the button is.
    const choice = notes.querySelector("[data-keep-mine]");
    if (choice) {
      choice.dataset.version = field("version_no").value;
      field("version_no").value = form.dataset.seen;
    }
    sayLocal();
    tell("conflict", words[standing]);
  } else if (last && !same(last.data, read())) {
    restore(last);
    dirty = true;
  } else if (last && standing !== "unsent") {
    store.drop(last.name);
  }
  if (standing === "unsent") dirty = true;
  sessionStorage.setItem("izportal.window", field("window").value);
  if (dirty && !blocked) {
    sayLocal();
    send();
  }
})();
