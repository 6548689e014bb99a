/* 検索候補: a list under the box while words are typed (APG, combobox with a list). Without this file it is the box it always was. */
(() => {
  "use strict";

  const AFTER = 150; // milliseconds after the last key
  const form = document.querySelector("form[data-suggest]");
  if (!form) return;
  const box = form.querySelector("input");
  const list = document.createElement("div");
  const status = document.createElement("div");
  let timer = 0, asked = 0, active = null;

  Object.assign(list, { id: "suggest", className: "suggest", role: "listbox", ariaLabel: form.dataset.list, hidden: true });
  Object.assign(status, { className: "unseen", role: "status" });
  form.append(list, status);
  box.type = "text"; // a box for searches may be no combobox
  box.setAttribute("role", "combobox");
  for (const [name, value] of [["expanded", "false"], ["controls", "suggest"], ["autocomplete", "list"]]) {
    box.setAttribute(`aria-${name}`, value);
  }

  const options = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => !list.hidden;

  const choose = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) box.setAttribute("aria-activedescendant", active.id);
    else box.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(timer);
    asked++; // an answer that is on its way comes too late
    choose(null);
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
  };

  const show = (html) => {
    list.innerHTML = html;
    choose(null);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    const found = options().length;
    status.textContent = found === 1 ? form.dataset.one : form.dataset.found.replace("{n}", found);
  };

  const ask = async () => {
    const mine = ++asked, words = box.value.trim();
    if (!words) return close();
    try {
      const address = new URL(form.dataset.suggest, location);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { credentials: "omit" });
      const html = answer.status === 200 ? await answer.text() : "";
      if (mine !== asked || document.activeElement !== box) return;
      if (html) show(html);
      else close();
    } catch {
      if (mine === asked) close(); // no network: the box goes on as ever
    }
  };

  const askSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, AFTER);
  };

  box.addEventListener("input", (event) => {
    choose(null); // Enter searches for what stands here now
    if (!event.isComposing) askSoon();
  });
  box.addEventListener("compositionstart", () => clearTimeout(timer));
  box.addEventListener("compositionend", askSoon);
  box.addEventListener("blur", close);

  const step = (by) => {
    const all = [null, ...options()];
    choose(all[(all.indexOf(active) + by + all.length) % all.length]);
  };

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const keys = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in keys && isOpen()) {
      step(keys[event.key]);
    } else if (event.key === "ArrowDown" && box.value.trim()) {
      ask();
    } else if (event.key === "Enter" && active) {
      location.assign(active.dataset.url);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      return choose(null); // back to the letters
    } else if (event.key === "Escape" && (isOpen() || box.value)) {
      if (!isOpen()) box.value = "";
      close();
    } else {
      return;
    }
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the focus stays in the box
    clearTimeout(timer);
    asked++; // no other list comes under what is being pressed
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
})();
