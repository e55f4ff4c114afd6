/* Every page of the manager area works without this file. */
(() => {
  "use strict";
  /* On a narrow screen the section that is open may stand outside the bar. */
  document.querySelector(".links [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
