/* 並べかえる: what is moved on the server is moved on the page, and a book or a shelf can be dragged to its place. */
(() => {
  "use strict";

  const HELD = 350; // milliseconds that a finger rests before it drags and no longer scrolls
  const FAR = 6; // pixels, from which on a mouse, or a finger that goes sideways, drags
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

  // -- the answer of the server says where it stands now ------------------------------------------------------------
  document.addEventListener("htmx:after:swap", () => {
    const answer = document.querySelector("#moved [data-book]");
    const chosen = answer?.dataset.book && form.querySelector(`[name="book"][value="${answer.dataset.book}"]`);
    if (!chosen) return;
    const focused = document.activeElement;
    put(chosen.closest("li"), Number(answer.dataset.place));
    if (focused === chosen) chosen.focus({ preventScroll: true });
    chosen.closest("li").scrollIntoView({ block: "nearest" });
    form.elements.place.value = "";
    before = null;
  });

  // -- dragging -----------------------------------------------------------------------------------------------------
  let drag = null; // item, its place before, whether it moves already
  let before = null; // what was sent and is not answered yet: [item, its place before]
  let isSent = false; // a drag or a press is not answered yet
  const later = []; // what was dragged meanwhile: [item, its place before, its place]
  const send = (item, from, place) => {
    put(item, place);
    before = [item, from];
    item.querySelector("input").checked = true;
    form.elements.place.value = place;
    form.requestSubmit(form.querySelector('[name="way"][value="place"]'));
  };
  document.addEventListener("htmx:config:request", ({ detail }) => {
    isSent ||= detail.ctx.sourceElement === form;
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (detail.ctx.sourceElement !== form) return;
    isSent = false;
    if (before) put(...before); // what was saved is no longer in ``before``
    before = null;
    if (later.length) send(...later.shift());
  });

  const startDrag = () => {
    clearTimeout(drag.timer);
    drag.moves = true;
    drag.item.classList.add("dragged");
    drag.item.querySelector("input").checked = true;
  };

  const stopDrag = () => {
    clearTimeout(drag?.timer);
    drag?.item.classList.remove("dragged");
    const stopped = drag;
    drag = null;
    return stopped;
  };

  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    if (!item || !event.isPrimary || event.button !== 0 || drag) return;
    drag = { item, from: placeOf(item), x: event.clientX, y: event.clientY, id: event.pointerId, moves: false };
    if (event.pointerType !== "mouse") {
      event.target.releasePointerCapture?.(event.pointerId);
      drag.timer = setTimeout(startDrag, HELD);
    }
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const [x, y] = [Math.abs(event.clientX - drag.x), Math.abs(event.clientY - drag.y)];
    if (!drag.moves) {
      if (event.pointerType === "mouse" ? Math.max(x, y) > FAR : x > FAR && x > y) startDrag();
      else if (Math.max(x, y) > FAR && event.pointerType !== "mouse") return void stopDrag(); // it scrolls
      else return;
    }
    event.preventDefault();
    if (event.clientY < EDGE) scrollBy(0, -EDGE / 4);
    if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 4);
    const under = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.parentElement === list);
    if (!under || under === drag.item) return;
    const behind = drag.item.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
    list.insertBefore(drag.item, behind ? under.nextSibling : under);
  });

  document.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { item, from, moves } = stopDrag();
    const place = placeOf(item);
    if (!moves || place === from) return;
    if (isSent) later.push([item, from, place]);
    else send(item, from, place);
  });

  const giveUp = () => {
    const stopped = stopDrag();
    if (stopped?.moves) put(stopped.item, stopped.from);
  };
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) giveUp();
  });
  // a finger that drags must not scroll, nor open a menu
  list.addEventListener("touchmove", (event) => drag?.moves && event.preventDefault(), { passive: false });
  list.addEventListener("contextmenu", (event) => drag && event.preventDefault());
})();
