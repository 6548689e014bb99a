/* At a terminal of the library: sign out after three idle minutes, with a warning a minute before. */
(() => {
  "use strict";

  const IDLE = 180; // seconds; the server's own limit, library/access/sessions.py
  const WARNED = 60; // seconds before
  const SPOKEN_AT = [60, 30, 10]; // seconds left that a screen reader says
  const ASKED_EVERY = 20; // seconds between requests that keep the session, while somebody is at work

  const banner = document.getElementById("idle");
  const left = banner.querySelector("[data-left]");
  const voice = banner.querySelector("[role=status]");
  const leaving = document.querySelector("form.log-out");
  const others = new BroadcastChannel("terminal"); // the other tabs of this browser
  let active = Date.now();
  let asked = Date.now();
  let isLeaving = false;
  let pressed = false; // then the warning neither comes nor goes: what is below it would move away

  const sentence = (seconds) => seconds === 1 ? banner.dataset.last : banner.dataset.words.replace("{n}", seconds);

  const ask = () => {
    asked = Date.now();
    fetch(banner.dataset.stay).then((answer) => {
      if (answer.status !== 204 && !isLeaving) location.reload();
    }, () => {});
  };

  const rest = () => {
    active = Date.now();
    voice.textContent = "";
    if (!pressed) banner.hidden = true;
  };

  const act = (event) => {
    if (event && banner.contains(event.target)) return; // the button there says so itself
    rest();
    others.postMessage("active");
    if (Date.now() - asked > ASKED_EVERY * 1000) ask();
  };
  for (const kind of ["pointerdown", "pointerup", "pointercancel"]) {
    addEventListener(kind, ({ target, button }) => {
      pressed = kind === "pointerdown" && button === 0 && !target.closest("select"); // no end is told of a list that the system shows
    });
  }
  for (const kind of ["keydown", "pointerdown", "input", "wheel"]) addEventListener(kind, act, { passive: true });
  banner.querySelector("button").addEventListener("click", () => {
    act();
    document.getElementById("main").focus();
  });

  leaving.addEventListener("submit", () => {
    isLeaving = true;
    others.postMessage("left");
  });
  others.addEventListener("message", ({ data }) => {
    if (data === "active") return rest();
    document.body.hidden = true; // at once; the server may not know yet
    setTimeout(() => location.reload(), 1000);
  });

  // nothing that is typed is offered to who comes next, and no page that was left comes back as it was
  for (const form of document.forms) form.autocomplete = "off";
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  setInterval(() => {
    const seconds = Math.ceil(IDLE - (Date.now() - active) / 1000);
    if (seconds <= 0) {
      leaving.requestSubmit();
      return;
    }
    if (!pressed) banner.hidden = seconds > WARNED;
    left.textContent = sentence(seconds);
    if (SPOKEN_AT.includes(seconds)) voice.textContent = sentence(seconds);
  }, 1000);
})();
