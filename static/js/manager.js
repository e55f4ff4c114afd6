/* Every page of the manager area works without this file. */
(() => {
  "use strict";
  /* On a narrow screen the section that is open may stand outside the bar. */
  document.querySelector(".links [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  /* "/" goes to the box that finds; J and K go down and up the rows, where Enter opens, as it does for any link; a letter
     goes where the link that names it goes. They can be turned off. */
  const box = () => [...document.querySelectorAll("#find [type=search], #top-find")].find((field) => field.checkVisibility());
  const goToBox = () => {
    const there = box();
    if (there) {
      there.focus();
      there.select();
    } else document.querySelector(".links a[href$='/find/']")?.click();
  };
  const goToRow = (step) => {
    const links = [...document.querySelectorAll("[data-rows] a[data-open]")].filter((link) => link.checkVisibility());
    const here = links.indexOf(document.activeElement);
    links[here < 0 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1)]?.focus();
  };
  const keys = { "/": goToBox, j: () => goToRow(1), k: () => goToRow(-1) };
  document.addEventListener("keydown", (event) => {
    const named = [...document.querySelectorAll("[data-key]")].find((link) => link.dataset.key === event.key);
    const act = keys[event.key] ?? (named && (() => named.click()));
    const isTyping = event.target.closest?.("input, select, textarea, dialog, [contenteditable]");
    if (!act || isTyping || !("keys" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    event.preventDefault();
    act();
  });

  /* Ctrl and Enter press the button that the page is for. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const forms = [...document.querySelectorAll("main form[data-once]")];
    const form = event.target.closest("form") ?? (forms.length === 1 ? forms[0] : undefined);
    const button = form?.querySelector("button.btn:not(.alt, .bare)");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  /* The day before and the day after: by arrow key, and by a swipe on a touch screen. */
  const days = document.querySelector("[data-days]");
  const go = (rel) => days.querySelector(`[rel=${rel}]`)?.click();
  const isBackwards = document.dir === "rtl";
  const SWIPE_PX = 80;
  let began;
  if (days) {
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target.closest("input, select, textarea, [contenteditable]")) return;
      if (event.key === "ArrowLeft") go(isBackwards ? "next" : "prev");
      if (event.key === "ArrowRight") go(isBackwards ? "prev" : "next");
    });
    document.addEventListener("touchstart", ({ touches, target }) => {
      began = touches.length === 1 && !target.closest("input, .scroll") ? touches[0] : undefined;
    }, { passive: true });
    document.addEventListener("touchend", ({ changedTouches: [end] }) => {
      if (!began) return;
      const across = end.clientX - began.clientX;
      const isFlat = Math.abs(across) > SWIPE_PX && Math.abs(across) > 3 * Math.abs(end.clientY - began.clientY);
      if (isFlat) go(across > 0 === !isBackwards ? "prev" : "next");
    }, { passive: true });
  }
})();
