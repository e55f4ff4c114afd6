/* Every page works without this file. */
(() => {
  "use strict";
  const me = document.currentScript;
  const byId = (id) => document.getElementById(id);
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const on = (name, act) => document.addEventListener(name, act);

  /* htmx comes when the page has been painted, or at the first touch. */
  const load = () => {
    const { htmx } = me.dataset;
    if (!htmx) return;
    delete me.dataset.htmx;
    document.head.append(Object.assign(document.createElement("script"), { src: htmx }));
  };
  if (self.origin !== "null" && document.querySelector("[hx-get], [hx-post]")) {
    addEventListener("load", () => (window.requestIdleCallback || setTimeout)(load));
    addEventListener("pointerdown", load, { once: true, passive: true });
  }

  /* Without script the steppers are submit buttons. */
  const step = (button, event) => {
    if (!window.htmx) return;
    event.preventDefault();
    const input = button.parentElement.querySelector("input");
    const before = input.value;
    button.value.endsWith("+1") ? input.stepUp() : input.stepDown();
    if (input.value !== before) changed(input);
  };
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  on("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { copy, print, again, close } = button.dataset;
    if (button.name === "step") step(button, event);
    if (copy) navigator.clipboard.writeText(copy).then(() => { button.textContent = "Copied"; });
    if (print === "") window.print();
    if (again === "") leaveTrouble((asker) => asker.requestSubmit ? asker.requestSubmit() : asker.click());
    if (close === "") leaveTrouble((asker) => (asker.querySelector(".btn:not(.vh)") || asker).focus());
  });

  /* One press is one request; what asks for other times is no press on one. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asksForTimes = form.id === "party" && event.submitter?.name !== "slot" && window.htmx;
    if (asksForTimes || form.hasAttribute("aria-busy")) {
      event.preventDefault();
      event.stopPropagation();
      if (asksForTimes) changed(form);
    } else if ("once" in form.dataset) form.setAttribute("aria-busy", "true");
  }, true);
  const ready = () => all("form[aria-busy]", (form) => form.removeAttribute("aria-busy"));
  addEventListener("pageshow", ready);

  /* Times that were looked up for another party cannot be pressed. */
  const isTimes = (target) => target.id === "times";
  on("change", ({ target }) => {
    if (!window.htmx || !target.closest("#party")) return;
    byId("times").inert = true;
    target.ariaInvalid = null;
    byId(`${target.id}_error`)?.remove();
    if (target.type === "number") target.setAttribute("value", target.value);
  });

  /* What belongs to a press has no place in an address. */
  on("htmx:configRequest", ({ detail: { verb, parameters } }) => {
    if (verb === "get") for (const name of ["step", "slot", "shown", "visit", "key"]) delete parameters[name];
  });

  let looking, said;
  on("htmx:beforeRequest", ({ detail: { target } }) => {
    hideTrouble();
    target.ariaBusy = "true";
    if (!isTimes(target)) return;
    target.inert = true;
    const status = byId("times-status");
    said = status.textContent;
    looking = setTimeout(() => { status.textContent = status.dataset.looking; }, 600);
  });
  on("htmx:afterRequest", ({ detail: { xhr, requestConfig: { elt, target } } }) => {
    if (!xhr.getResponseHeader("HX-Redirect")) ready();
    target.ariaBusy = null;
    if (!isTimes(target)) return;
    clearTimeout(looking);
    const came = [200, 422].includes(xhr.status);
    target.inert = !came && elt.id === "party";
    const status = byId("times-status");
    if (!came) status.textContent = target.inert ? status.dataset.old : said;
  });

  /* No answer, or none of ours: a box says so. */
  let asker;
  const showTrouble = (elt) => all("#trouble", (box) => {
    asker = elt;
    box.hidden = false;
    box.querySelector("[data-again]").hidden = box.querySelector("[data-final]");
    box.focus();
  });
  const hideTrouble = () => all("#trouble", (box) => { box.hidden = true; });
  const leaveTrouble = (act) => {
    hideTrouble();
    if (asker.isConnected) act(asker);
  };
  const noAnswer = ({ detail }) => {
    all("#trouble-words", (words) => words.replaceChildren(byId("no-answer").content.cloneNode(true)));
    showTrouble(detail.requestConfig.elt);
  };
  on("htmx:sendError", noAnswer);
  on("htmx:timeout", noAnswer);
  on("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || xhr.getResponseHeader("HX-Retarget") || / (id="main"|name="shown")/.test(xhr.response)) return;
    event.detail.shouldSwap = false;
    noAnswer(event);
  });

  /* Back is a plain visit. */
  on("htmx:historyCacheMiss", (event) => {
    event.preventDefault();
    location.reload();
  });

  /* Only the end of the holding time is spoken. */
  const say = (box, words) => {
    const voice = box.querySelector("[data-say]");
    if (voice.textContent !== words) voice.textContent = words;
  };
  setInterval(() => all("[data-hold]", (box) => {
    const left = Math.round(box.dataset.hold - Date.now() / 1000);
    const bar = box.querySelector("progress");
    if (left <= 0) {
      box.querySelectorAll("[data-over]").forEach((part) => { part.textContent = part.dataset.over; });
      bar.remove();
      box.removeAttribute("data-hold");
      box.className = "hold over";
      return say(box, "The holding time is over. What you typed is kept.");
    }
    bar.value = left;
    const soon = left <= 120;
    const minutes = soon ? `${left / 60 | 0}:${String(left % 60).padStart(2, "0")}` : Math.ceil(left / 60);
    box.querySelector("[data-left]").textContent = `${minutes} min`;
    box.classList.toggle("soon", soon);
    if (soon) say(box, "Your places are held for two more minutes.");
  }), 1000);

  const show = (root) => {
    all("[data-copy], [data-print]", (button) => { button.hidden = false; });
    all("#party-problems a", (link) => byId(link.hash.slice(1))?.setAttribute("aria-invalid", "true"));
    const first = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
    first?.focus();
    return first;
  };
  show(document);

  /* The focus is where new content begins, unless it was kept. */
  on("htmx:afterSettle", ({ target: fresh, detail: { requestConfig: { elt, target }, target: swapped } }) => {
    if (swapped.id === "trouble-words") return showTrouble(elt);
    if (isTimes(target)) target.inert = false;
    if (show(fresh) || (isTimes(target) && show(byId("party-problems"))) || document.activeElement !== document.body) return;
    const then = elt.dataset.then || (isTimes(target) && "when");
    if (then) byId(then)?.focus();
    else if (swapped === document.body) {
      const heading = document.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
      scrollTo(0, 0);
    }
  });

  /* The draft has a new address. */
  on("draft-moved", ({ detail }) => history.replaceState({ htmx: true }, "", detail.address));

  for (const name of ["offline", "online"]) addEventListener(name, () => all("#offline", (box) => { box.hidden = navigator.onLine; }));
})();
