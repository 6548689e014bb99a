/* The reader of e-books: a screen at a time, and the place in the book, which is sent every ten seconds. Without this file it is scrolled, and
   つぎの章へ remembers the place. */
(() => {
  "use strict";

  const SENT_EVERY = 10000; // milliseconds, where the place is another
  const leaf = document.getElementById("leaf");
  const place = document.getElementById("place");
  const fill = document.getElementById("fill");
  const pages = document.getElementById("pages");
  const progress = document.getElementById("progress");
  const vertical = document.body.classList.contains("reader-vertical");
  const paragraphs = leaf.querySelectorAll("[id^='p-']");
  let sent = null;
  let isAtEnd = location.hash === "#end"; // until one moves, however often the text is laid out

  // -- where we are: how far from the beginning of the text, in pixels, whichever way it runs ------------------------
  const screen = () => leaf.getBoundingClientRect()[vertical ? "width" : "height"];
  const end = () => Math.max(0, (vertical ? leaf.scrollWidth : leaf.scrollHeight) - screen());
  const at = () => (vertical ? -leaf.scrollLeft : leaf.scrollTop);
  const goTo = (far) => (vertical ? leaf.scrollTo(-far, leaf.scrollTop) : leaf.scrollTo(leaf.scrollLeft, far));
  const pageCount = () => Math.max(1, Math.ceil((end() + screen() - line()) / screen()));
  const pageNumber = () => Math.min(pageCount(), Math.round(at() / screen()) + 1);
  const line = () => parseFloat(getComputedStyle(leaf).lineHeight);

  // Fill the last screen with empty lines, so that it begins where one line ends and the next does not.
  const fillUp = () => {
    const far = at(); // the browser goes back from the last screen while its lines are away
    fill.textContent = "";
    const left = end() % screen();
    if (left > 2) fill.textContent = "\n".repeat(Math.ceil((screen() - left) / line()));
    const wanted = isAtEnd ? (pageCount() - 1) * screen() : far;
    if (at() !== wanted) goTo(wanted);
    show();
  };

  // The number of the last paragraph that begins before the screen does, or with it.
  const paragraph = () => {
    const frame = leaf.getBoundingClientRect();
    const begins = (one) => {
      const box = one.getBoundingClientRect();
      return (vertical ? frame.right - box.right : box.top - frame.top) < 4;
    };
    let low = 0, high = paragraphs.length; // they stand in the order in which they begin
    while (low < high) {
      const middle = (low + high) >> 1;
      begins(paragraphs[middle]) ? (low = middle + 1) : (high = middle);
    }
    return low ? Number(paragraphs[low - 1].id.slice(2)) : 0;
  };

  const words = () => pages.dataset.words.replace("{page}", pageNumber()).replace("{pages}", pageCount());

  const show = () => {
    pages.textContent = words();
    const read = Math.min(1, (at() + screen()) / (end() + screen()));
    progress.value = Number(progress.dataset.before) + Number(progress.dataset.own) * read;
  };

  // -- turning -------------------------------------------------------------------------------------------------------
  const leave = (link, mark) => {
    const target = link.getAttribute("href");
    if (!target.startsWith("#")) location.assign(target + mark);
  };

  const turn = (onward) => {
    const from = at();
    const wanted = from + (onward ? screen() : -screen());
    if (wanted < (pageCount() - 0.5) * screen()) goTo(Math.max(0, wanted));
    if (Math.abs(at() - from) < 1) {
      leave(document.querySelector(onward ? "[data-turn=on]" : "[data-turn=back]"), onward ? "" : "#end");
      return;
    }
    show();
    document.getElementById("turned").textContent = words();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-turn]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(link.dataset.turn === "on");
  });

  const KEYS = {
    " ": true, PageDown: true, PageUp: false, ArrowDown: true, ArrowUp: false, ArrowLeft: vertical, ArrowRight: !vertical,
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in KEYS)) return;
    if (event.target.closest(".reader-panel, input, select, textarea")) return;
    if (event.key === " " && event.target.closest("a, button, summary")) return;
    event.preventDefault();
    turn(event.key === " " ? !event.shiftKey : KEYS[event.key]);
  });

  leaf.addEventListener("wheel", (event) => {
    if (!vertical || event.ctrlKey || Math.abs(event.deltaY) <= Math.abs(event.deltaX)) return;
    event.preventDefault();
    leaf.scrollBy(event.deltaMode ? -event.deltaY * 42 : -event.deltaY, 0);
  }, { passive: false });
  leaf.addEventListener("scroll", show, { passive: true });

  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    addEventListener(kind, () => { isAtEnd = false; }, { capture: true, passive: true });
  }

  // -- もくじ and 文字と紙 close by Esc, and when the other opens ------------------------------------------------------
  const folds = [...document.querySelectorAll("details.reader-fold")];
  const close = (fold) => { if (fold.open) fold.open = false; };
  for (const fold of folds) {
    fold.addEventListener("toggle", () => { if (fold.open) folds.filter((one) => one !== fold).forEach(close); });
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      close(fold);
      fold.querySelector("summary").focus();
    });
  }

  // -- the place: with each change of the look, every ten seconds, and when one leaves --------------------------------
  document.querySelector(".reader-look").addEventListener("submit", (event) => {
    event.target.elements.paragraph.value = paragraph();
  });

  const send = () => {
    const now = paragraph();
    if (now === sent) return;
    sent = now;
    place.elements.paragraph.value = now;
    const body = new URLSearchParams(new FormData(place));
    fetch(place.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => { sent = null; });
  };
  setInterval(send, SENT_EVERY);
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });

  fillUp();
  new ResizeObserver(fillUp).observe(leaf);
})();
