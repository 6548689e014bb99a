/* At a こども端末: the first page comes back after two idle minutes, with a warning before. */
(() => {
  "use strict";

  const IDLE = 120; // seconds
  const WARNED = 20; // seconds before

  const banner = document.getElementById("idle");
  const left = banner.querySelector("[data-left]");
  const voice = banner.querySelector("[role=status]");
  let active = Date.now();

  const rest = () => {
    active = Date.now();
    banner.hidden = true;
    voice.textContent = "";
  };
  const act = (event) => {
    if (!banner.contains(event.target)) rest(); // the button there says so itself
  };
  for (const kind of ["keydown", "pointerdown", "input", "wheel", "scroll"]) addEventListener(kind, act, { passive: true });
  banner.querySelector("button").addEventListener("click", () => {
    rest();
    document.getElementById("main").focus();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) rest();
  });

  setInterval(() => {
    const seconds = Math.ceil(IDLE - (Date.now() - active) / 1000);
    if (seconds <= 0) {
      location.replace(banner.dataset.first);
      return;
    }
    if (seconds > WARNED) return;
    if (banner.hidden) voice.textContent = `あと ${seconds}びょうで、さいしょの ページに もどるよ。`;
    banner.hidden = false;
    left.textContent = seconds;
  }, 1000);
})();
