/* 並べかえる: what is moved on the server is moved on the page, and a book or a shelf can be drawn to its place. */
(() => {
  "use strict";

  const HELD = 350; // milliseconds that a finger rests before it draws and scrolls no more
  const FAR = 6; // pixels, from which on a mouse or a finger that goes sideways draws
  const EDGE = 80; // pixels at the top and bottom of the window, where it scrolls
  const form = document.getElementById("arrange");
  if (!form) return;
  const list = form.querySelector("ol[data-first]");
  const first = Number(list.dataset.first);
  const placeOf = (item) => first + [...list.children].indexOf(item);
  const put = (item, place) => {
    const others = [...list.children].filter((each) => each !== item);
    list.insertBefore(item, others[place - first] || null);
  };
  document.querySelector(".drag-hint").hidden = false;

  // -- the answer tells where it stands now ----------------------------------------------------------------------------
  document.addEventListener("htmx:after:swap", () => {
    const told = document.querySelector("#moved [data-book]");
    const chosen = told?.dataset.book && form.querySelector(`[name="book"][value="${told.dataset.book}"]`);
    if (!chosen) return;
    const focused = document.activeElement;
    put(chosen.closest("li"), Number(told.dataset.place));
    if (focused === chosen) chosen.focus({ preventScroll: true });
    chosen.closest("li").scrollIntoView({ block: "nearest" });
    form.elements.place.value = "";
    before = null;
  });

  // -- drawing ---------------------------------------------------------------------------------------------------------
  let drawn = null; // item, from where, whether it moves already
  let before = null; // what was sent and is not answered yet: [item, its place before]
  const undo = () => {
    if (before) put(...before);
    before = null;
  };
  document.addEventListener("htmx:finally:request", undo); // what was saved is no longer in ``before``

  const begin = () => {
    clearTimeout(drawn.timer);
    drawn.moves = true;
    drawn.item.classList.add("dragged");
    drawn.item.querySelector("input").checked = true;
  };

  const end = () => {
    clearTimeout(drawn?.timer);
    drawn?.item.classList.remove("dragged");
    const was = drawn;
    drawn = null;
    return was;
  };

  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    if (!item || !event.isPrimary || event.button !== 0 || drawn) return;
    drawn = { item, from: placeOf(item), x: event.clientX, y: event.clientY, id: event.pointerId, moves: false };
    if (event.pointerType !== "mouse") {
      event.target.releasePointerCapture?.(event.pointerId);
      drawn.timer = setTimeout(begin, HELD);
    }
  });

  document.addEventListener("pointermove", (event) => {
    if (!drawn || event.pointerId !== drawn.id) return;
    const [x, y] = [Math.abs(event.clientX - drawn.x), Math.abs(event.clientY - drawn.y)];
    if (!drawn.moves) {
      if (event.pointerType === "mouse" ? Math.max(x, y) > FAR : x > FAR && x > y) begin();
      else if (Math.max(x, y) > FAR && event.pointerType !== "mouse") return void end(); // it scrolls
      else return;
    }
    event.preventDefault();
    if (event.clientY < EDGE) scrollBy(0, -EDGE / 4);
    if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 4);
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.parentElement === list);
    if (!under || under === drawn.item) return;
    const behind = drawn.item.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
    list.insertBefore(drawn.item, behind ? under.nextSibling : under);
  });

  document.addEventListener("pointerup", (event) => {
    if (!drawn || event.pointerId !== drawn.id) return;
    const { item, from, moves } = end();
    const place = placeOf(item);
    if (!moves || place === from) return;
    before = [item, from];
    form.elements.place.value = place;
    form.requestSubmit(form.querySelector('[name="way"][value="place"]'));
  });

  const giveUp = () => {
    const was = end();
    if (was?.moves) put(was.item, was.from);
  };
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawn) giveUp();
  });
  // a finger that draws must not scroll, nor open a menu
  list.addEventListener("touchmove", (event) => drawn?.moves && event.preventDefault(), { passive: false });
  list.addEventListener("contextmenu", (event) => drawn && event.preventDefault());
})();
