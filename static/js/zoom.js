/* <div data-zoom>: a drawing that can be moved and made larger with buttons, keys, mouse and fingers. Without this file
   the drawing stands there whole and its region scrolls. */
(() => {
  "use strict";
  const MOST = 16, STEP = 1.5, SLIP = 5;

  document.querySelectorAll("[data-zoom]").forEach((box) => {
    const svg = box.querySelector("svg");
    const region = box.querySelector("[role=region]");
    if (!svg || !region) return;
    const [left, top, width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const view = { x: left, y: top, k: 1 };
    const fingers = new Map();
    let moved = false;

    const between = (low, value, high) => Math.min(Math.max(value, low), high);
    const show = () => {
      const w = width / view.k, h = height / view.k;
      view.x = between(left, view.x, left + width - w);
      view.y = between(top, view.y, top + height - h);
      svg.setAttribute("viewBox", `${view.x.toFixed(1)} ${view.y.toFixed(1)} ${w.toFixed(1)} ${h.toFixed(1)}`);
      box.classList.toggle("is-zoomed", view.k > 1);
    };
    // `x`, `y` on the screen stay where they are; without them the middle of what is seen does.
    const zoom = (by, x, y) => {
      const frame = svg.getBoundingClientRect();
      const across = x === undefined ? 0.5 : (x - frame.left) / frame.width;
      const down = y === undefined ? 0.5 : (y - frame.top) / frame.height;
      const k = between(1, view.k * by, MOST);
      view.x += across * (width / view.k - width / k);
      view.y += down * (height / view.k - height / k);
      view.k = k;
      show();
    };
    const shift = (x, y) => {
      view.x += x * (width / view.k);
      view.y += y * (height / view.k);
      show();
    };
    const whole = () => { view.k = 1; show(); };
    const deeds = { in: () => zoom(STEP), out: () => zoom(1 / STEP), all: whole };

    box.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
    box.querySelectorAll("[data-by]").forEach((button) => {
      button.addEventListener("click", () => deeds[button.dataset.by]());
    });

    const keys = {
      "+": deeds.in, "=": deeds.in, "-": deeds.out, _: deeds.out, 0: whole,
      ArrowLeft: () => shift(-0.2, 0), ArrowRight: () => shift(0.2, 0),
      ArrowUp: () => shift(0, -0.2), ArrowDown: () => shift(0, 0.2),
    };
    region.addEventListener("keydown", (event) => {
      const deed = keys[event.key];
      if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
      // The whole drawing has nowhere to go: then arrows scroll, as ever.
      if (event.key.startsWith("Arrow") && view.k === 1) return;
      event.preventDefault();
      deed();
    });
    // Whoever walks through the plots sees the one that has the focus.
    region.addEventListener("focusin", (event) => {
      if (view.k === 1 || !(event.target instanceof SVGElement)) return;
      const spot = event.target.getBBox(), w = width / view.k, h = height / view.k;
      const x = spot.x + spot.width / 2, y = spot.y + spot.height / 2;
      if (x < view.x || x > view.x + w || y < view.y || y > view.y + h) {
        view.x = x - w / 2;
        view.y = y - h / 2;
        show();
      }
    });

    region.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP, event.clientX, event.clientY);
    }, { passive: false });

    const spread = () => {
      const [a, b] = [...fingers.values()];
      return { far: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    };
    svg.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      moved = false;
    });
    window.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const old = fingers.size === 2 ? spread() : null;
      const x = event.clientX - before.x, y = event.clientY - before.y;
      if (!moved && Math.hypot(x, y) < SLIP) return;
      moved = true;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const frame = svg.getBoundingClientRect();
      if (old && old.far > 0) zoom(spread().far / old.far, old.x, old.y);
      else if (view.k > 1) shift(-x / frame.width, -y / frame.height);
    });
    const lift = (event) => fingers.delete(event.pointerId);
    window.addEventListener("pointerup", lift);
    window.addEventListener("pointercancel", lift);
    // A drag that ends on a plot does not open its page.
    svg.addEventListener("click", (event) => { if (moved && view.k > 1) event.preventDefault(); }, true);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
  });
})();
