/* 書架をたどる: the books are one stop of Tab, a chosen one is shown at the foot, the next part comes behind the last. Without this file
   each of them is a link of its own. */
(() => {
  "use strict";

  const board = document.getElementById("walk-case");
  if (!board) return;
  const card = document.getElementById("walk-card");
  const status = document.getElementById("walk-status");
  const keys = document.getElementById("walk-keys");
  const books = () => [...board.querySelectorAll("a.spine")];
  let stop = board.querySelector("a[aria-current]") || books()[0];

  keys.hidden = false;
  board.setAttribute("aria-describedby", "walk-keys");
  const settle = () => {
    for (const book of books()) book.tabIndex = book === stop ? 0 : -1;
  };
  settle();

  const go = (book) => {
    if (!book) return;
    stop = book;
    settle();
    book.focus();
  };
  board.addEventListener("focusin", (event) => {
    const book = event.target.closest("a.spine");
    if (!book || book === stop) return;
    stop = book;
    settle();
  });

  const read = async (address) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  // -- the part that follows ----------------------------------------------------------------------------------------
  let waiting = false;
  const addNext = async (link) => {
    if (waiting) return;
    waiting = true;
    try {
      const page = await read(link.href);
      const added = [...page.querySelectorAll("#walk-case > li")];
      const next = page.getElementById("walk-next");
      const first = added.map((item) => item.querySelector("a.spine")).find(Boolean);
      board.append(...added);
      const place = document.getElementById("walk-next");
      if (next) place.replaceWith(next);
      else place.remove();
      const count = added.filter((item) => item.querySelector("a.spine")).length;
      status.textContent = status.dataset.words.replace("%d", count);
      go(first);
    } catch {
      location.assign(link.href); // as without this file
    } finally {
      waiting = false;
    }
  };

  // -- the book that is chosen --------------------------------------------------------------------------------------
  let chosen = 0;
  const choose = async (book) => {
    const mine = ++chosen;
    let shown;
    try {
      shown = (await read(book.href)).getElementById("walk-card").childNodes;
    } catch {
      return location.assign(book.href); // as without this file
    }
    if (mine !== chosen) return; // another was chosen meanwhile
    card.replaceChildren(...shown);
    htmx.process(card);
    const here = board.querySelector(".spine-here") || document.createElement("span");
    Object.assign(here, { className: "spine-here", textContent: board.dataset.here });
    board.querySelector("a[aria-current]")?.removeAttribute("aria-current");
    book.setAttribute("aria-current", "true");
    book.prepend(here);
    book.scrollIntoView({ block: "nearest" }); // above its card
    history.replaceState(history.state, "", book.href);
  };

  document.getElementById("walk").addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a.spine, #walk-next a");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".spine")) choose(link);
    else addNext(link);
  });

  // -- keys ---------------------------------------------------------------------------------------------------------
  const inRow = (from, forth) => {
    const { top, left } = from.parentElement.getBoundingClientRect();
    const tops = books().map((book) => [book, book.parentElement.getBoundingClientRect()]);
    const beyond = tops.filter(([, box]) => (forth ? box.top > top + 1 : box.top < top - 1));
    if (!beyond.length) return null;
    const row = forth ? beyond[0][1].top : beyond.at(-1)[1].top;
    const there = beyond.filter(([, box]) => Math.abs(box.top - row) < 2);
    return there.reduce((best, each) => (Math.abs(each[1].left - left) < Math.abs(best[1].left - left) ? each : best))[0];
  };

  board.addEventListener("keydown", (event) => {
    const book = event.target.closest("a.spine");
    if (!book || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = books(), at = all.indexOf(book);
    const forth = ["ArrowRight", "PageDown"].includes(event.key);
    const steps = {
      ArrowRight: () => all[at + 1],
      ArrowLeft: () => all[at - 1],
      PageDown: () => inRow(book, true),
      PageUp: () => inRow(book, false),
      Home: () => all[0],
      End: () => all.at(-1),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    const to = steps[event.key]();
    const next = document.querySelector("#walk-next a");
    if (to) go(to);
    else if (forth && next) addNext(next);
    else if (!forth) document.querySelector("#walk a[rel~=prev]")?.focus();
  });
})();
