/* Every page works without this file. It saves requests, guards against a second press, and counts down. */
(() => {
  "use strict";
  const me = document.currentScript;

  /* htmx comes when the page has been painted: at the first touch, or when the browser has nothing else to do. */
  const loadHtmx = () => {
    if (loadHtmx.done) return;
    loadHtmx.done = true;
    const script = document.createElement("script");
    script.src = me.dataset.htmx;
    document.head.append(script);
  };
  const whenIdle = window.requestIdleCallback || ((run) => setTimeout(run, 200));
  if (self.origin !== "null" && document.querySelector("[hx-get], [hx-post]")) {
    const arm = () => {
      whenIdle(loadHtmx);
      addEventListener("pointerdown", loadHtmx, { once: true, passive: true });
    };
    if (document.readyState === "complete") arm();
    else addEventListener("load", arm, { once: true });
  }

  /* Steppers: without script they are submit buttons of the same form. */
  const step = (button, event) => {
    const input = button.parentElement.querySelector("input");
    if (!input || !window.htmx) return;
    event.preventDefault();
    const before = input.value;
    button.value.endsWith("+1") ? input.stepUp() : input.stepDown();
    if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* htmx sends the button that was pressed last, but the step is in the number already. */
  document.addEventListener("htmx:configRequest", (event) => { delete event.detail.parameters.step; });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "step") step(button, event);
    if (button.dataset.copy) {
      navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = "Copied"; });
    }
    if ("print" in button.dataset) print();
  });

  /* One press is one request. A page that comes back from the browser's memory is ready again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("once" in form.dataset)) return;
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    else form.setAttribute("aria-busy", "true");
  });
  const ready = () => document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
  addEventListener("pageshow", ready);
  document.addEventListener("htmx:afterRequest", ready);

  /* The holding time: seconds are shown quietly, and only its near end and its end are spoken. */
  const WARN_AT = 120;
  const remaining = (left) => left > WARN_AT
    ? `${Math.ceil(left / 60)} min`
    : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} min`;
  const say = (box, words) => {
    const voice = box.querySelector("[data-say]");
    if (voice.textContent !== words) voice.textContent = words;
  };
  const end = (box) => {
    box.querySelectorAll("[data-over]").forEach((part) => { part.textContent = part.dataset.over; });
    box.querySelector("progress").remove();
    box.removeAttribute("data-hold");
    box.className = "hold over";
    say(box, "The holding time is over. What you typed is kept.");
  };
  const tick = () => document.querySelectorAll("[data-hold]").forEach((box) => {
    const left = Math.round(box.dataset.hold - Date.now() / 1000);
    if (left <= 0) return end(box);
    box.querySelector("progress").value = left;
    box.querySelector("[data-left]").textContent = remaining(left);
    box.classList.toggle("soon", left <= WARN_AT);
    if (left <= WARN_AT) say(box, "Your places are held for two more minutes.");
  });
  setInterval(tick, 1000);

  const show = () => {
    document.querySelectorAll("[data-copy], [data-print]").forEach((button) => { button.hidden = false; });
    document.querySelector("[data-focus]")?.focus();
  };
  show();

  /* After a swap the focus is where the new content begins, unless it was kept. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.querySelector("[data-focus]")) return show();
    if (document.activeElement === document.body) event.target.querySelector?.("h2[tabindex]")?.focus();
  });
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

  /* The draft has a new address: Back from the next page leads to it. */
  document.addEventListener("draft-moved", (event) => history.replaceState(null, "", event.detail.address));

  const offline = document.getElementById("offline");
  addEventListener("offline", () => { offline.hidden = false; });
  addEventListener("online", () => { offline.hidden = true; });
})();
