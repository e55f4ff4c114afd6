/* Every page works without this file. It saves requests, guards against a second press, and counts down. */
(() => {
  "use strict";
  const me = document.currentScript;
  const byId = (id) => document.getElementById(id);
  const on = (name, act) => document.addEventListener(name, act);

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

  on("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "step") step(button, event);
    if (button.dataset.copy) {
      navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = "Copied"; });
    }
    if ("print" in button.dataset) print();
    if ("again" in button.dataset) settleTrouble(repeat);
    if ("close" in button.dataset) settleTrouble((asker) => (asker.querySelector(".btn:not(.vh)") || asker).focus());
  });

  /* One press is one request. A page that comes back from the browser's memory is ready again.
     Whatever asks for other times is no press on a time: htmx fetches them when the form says that it has changed. */
  const drop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "party" && event.submitter?.name !== "slot" && window.htmx) {
      drop(event);
      form.dispatchEvent(new Event("change", { bubbles: true }));
    } else if ("once" in form.dataset) {
      if (form.getAttribute("aria-busy") === "true") drop(event);
      else form.setAttribute("aria-busy", "true");
    }
  }, true);
  const ready = () => document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
  addEventListener("pageshow", ready);

  /* Times that were looked up for another party cannot be pressed. */
  const times = () => byId("times");
  on("change", (event) => {
    const { target } = event;
    if (!window.htmx || !target.closest("#party")) return;
    times().inert = true;
    target.removeAttribute("aria-invalid");
    byId(`${target.id}_error`)?.remove();
    if (target.type === "number") target.setAttribute("value", target.value);
  });

  /* What the form carries for a press on a time has no place in an address. */
  on("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "get") for (const name of ["step", "slot", "shown", "visit", "key"]) delete detail.parameters[name];
  });

  const LOOKING_MS = 600;
  let looking;
  on("htmx:beforeRequest", ({ detail: { target } }) => {
    byId("trouble").hidden = true;
    target.setAttribute("aria-busy", "true");
    if (target !== times()) return;
    target.inert = true;
    const status = byId("times-status");
    status.dataset.said = status.textContent;
    looking = setTimeout(() => { status.textContent = status.dataset.looking; }, LOOKING_MS);
  });
  on("htmx:afterRequest", ({ detail: { xhr, requestConfig: { elt, target } } }) => {
    if (!xhr.getResponseHeader("HX-Redirect")) ready();
    target.removeAttribute("aria-busy");
    if (target !== times()) return;
    clearTimeout(looking);
    const came = [200, 422].includes(xhr.status);
    target.inert = !came && elt.id === "party";
    const { said, old } = byId("times-status").dataset;
    if (!came) byId("times-status").textContent = target.inert ? old : said;
  });

  /* When no answer comes, or one that is no page of ours, a box says so. What was typed stays where it is. */
  let asker;
  const showTrouble = (from) => {
    const box = byId("trouble");
    asker = from;
    box.hidden = false;
    box.querySelector("[data-again]").hidden = !!box.querySelector("[data-final]");
    box.focus();
  };
  const settleTrouble = (act) => {
    byId("trouble").hidden = true;
    if (asker.isConnected) act(asker);
  };
  const repeat = (from) => from.requestSubmit ? from.requestSubmit() : from.click();
  const noAnswer = ({ detail }) => {
    byId("trouble-words").replaceChildren(byId("no-answer").content.cloneNode(true));
    showTrouble(detail.requestConfig.elt);
  };
  on("htmx:sendError", noAnswer);
  on("htmx:timeout", noAnswer);
  on("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const ours = xhr.getResponseHeader("HX-Retarget") || / (id="main"|name="shown")/.test(xhr.response);
    if (xhr.status < 400 || ours) return;
    event.detail.shouldSwap = false;
    noAnswer(event);
  });

  /* Back to a page whose parts were fetched is a plain visit. */
  on("htmx:historyCacheMiss", (event) => {
    event.preventDefault();
    location.reload();
  });

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
  on("htmx:afterSettle", ({ detail: { requestConfig: { elt, target }, target: swapped } }) => {
    if (swapped.id === "trouble-words") return showTrouble(elt);
    if (document.querySelector("[data-focus]")) return show();
    if (document.activeElement !== document.body) return;
    byId(elt.dataset.then || (target.id === "times" ? "when" : "main"))?.focus();
  });

  /* The draft has a new address: Back from the next page leads to it. */
  on("draft-moved", (event) => history.replaceState(null, "", event.detail.address));

  const offline = byId("offline");
  addEventListener("offline", () => { offline.hidden = false; });
  addEventListener("online", () => { offline.hidden = true; });
})();
