/* The desk: scans that come faster than the answers wait for their turn, and the next one always finds its field ready. */
(() => {
  "use strict";

  const TOO_LONG = 15000; // milliseconds, after which an answer is waited for no longer
  const queue = []; // scans that were read while an answer was on its way
  let sentAt = 0; // when the form was sent that is not answered yet
  let sent = null; // what was read and sent with it
  let typed = null; // what stood in the field when the page was swapped
  let begun = ""; // the beginning of a scan that is still being read while one that waited is sent
  let entered = null; // the field that has just got the focus, maybe by the mouse, which sets the caret afterwards

  const form = () => document.querySelector("form[data-scan]");
  const waiting = () => form()?.querySelector("[autofocus]");
  const isBusy = () => Date.now() - sentAt < TOO_LONG;
  const isScanner = (field) => Boolean(field?.matches("[data-scanner]"));

  // What is read into the field that waits belongs to the field that waits next: after a card that is the one for copies.
  const scan = (field) => ({ name: field === waiting() ? "" : field.name, text: field.value });

  const put = ({ name, text }) => {
    const field = name ? form()?.elements.namedItem(name) : waiting();
    if (!field) return false;
    field.focus();
    field.value = text;
    if (isScanner(field)) field.setSelectionRange(text.length, text.length);
    return true;
  };

  const sendNext = () => {
    sentAt = 0;
    sent = null;
    if (!form()) return;
    const next = queue.shift();
    const active = document.activeElement;
    if (next && (next.name || isScanner(waiting())) && put(next)) {
      begun = typed?.text ?? "";
      form().requestSubmit();
    } else if (typed?.text) put(typed);
    else if (!active?.matches("input, select, textarea") || (isScanner(active) && active.form === form())) {
      waiting()?.focus();
    }
    typed = null;
  };

  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("[data-scan]")) return;
      const field = document.activeElement;
      if (isBusy() && field?.form === event.target && field.value) {
        event.preventDefault();
        event.stopImmediatePropagation();
        queue.push(scan(field));
        field.value = "";
        return;
      }
      sentAt = Date.now();
    },
    true,
  );

  // What is sent was collected; the next scan begins with an empty field, or goes on where it was.
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement } = event.detail.ctx;
    if (sourceElement.matches("[data-scan]")) {
      const active = document.activeElement;
      const field = isScanner(active) && active.form === sourceElement ? active : waiting();
      if (field) {
        sent = scan(field);
        if (sent.text) sourceElement.dataset.doing = sent.text + document.getElementById("slow").dataset.reading;
        field.value = begun;
      }
    }
    begun = "";
  });
  document.addEventListener("htmx:before:swap", () => {
    const field = document.activeElement;
    typed = isScanner(field) && field.form?.matches("[data-scan]") ? scan(field) : null;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "main") sendNext();
  });
  const giveUp = () => {
    sentAt = 0;
    if (sent && !waiting()?.value) put(sent);
    sent = null;
  };
  document.addEventListener("htmx:error", giveUp);
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response.headers.has("HX-Retarget")) giveUp(); // nothing was done: the form stays
  });

  // -- what was done is said once, by the region that no answer replaces; where it is shown, it speaks no more --------
  const SETTLED = 150; // milliseconds, after which the new page is known to a screen reader
  let saying = 0;

  const say = () => {
    const region = document.getElementById("said");
    const shown = [...document.querySelectorAll("main [role=status]:not(:empty)")];
    const words = shown.map((one) => one.innerText.replace(/\s+/g, " ").trim()).join(" ");
    for (const one of shown) one.removeAttribute("role");
    clearTimeout(saying);
    region.textContent = "";
    saying = setTimeout(() => region.append(words), SETTLED);
  };
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "main") say();
  });
  say();

  // -- what stands in a field that waits for the scanner is replaced by the next scan, and emptied with Esc ---------
  document.addEventListener("focusin", ({ target }) => {
    entered = isScanner(target) ? target : null;
    entered?.select();
  });
  document.addEventListener("click", ({ target }) => {
    if (target === entered && target.selectionStart === target.selectionEnd) target.select();
    entered = null;
  });
  document.addEventListener("input", () => {
    entered = null;
  });

  // The menu of one's own name closes when it is left, and with Esc.
  const own = document.querySelector(".desk-own");
  own?.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !own.contains(relatedTarget)) own.open = false;
  });
  document.addEventListener("click", ({ target }) => {
    if (own?.open && !own.contains(target)) own.open = false;
  });

  // Esc empties the field; from an empty one it leads to the next person.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return undefined;
    const field = document.activeElement;
    if (own?.open) {
      own.open = false;
      return own.firstElementChild.focus();
    }
    if (isScanner(field) && field.value) field.value = "";
    else document.querySelector("form[data-escape]")?.requestSubmit();
    return undefined;
  });

  // Enter, which ends a scan, leads to the next field of a form that is filled by scans.
  document.addEventListener("keydown", (event) => {
    const { then, thenReturn } = event.target.dataset ?? {};
    if (event.key !== "Enter" || event.isComposing || !then) return;
    event.preventDefault();
    const isReturn = event.target.form.elements.kind?.value === "return";
    document.getElementById((isReturn && thenReturn) || then).focus();
  });

  // -- how many are ticked stands on the button that does something with them ---------------------------------------
  for (const form of document.querySelectorAll("form[data-ticks]")) {
    const button = form.querySelector("button:not([name])");
    const count = () => {
      const ticked = form.querySelectorAll("[type=checkbox]:checked").length;
      button.textContent = form.dataset.ticks.replace("{n}", ticked);
      button.disabled = !ticked;
    };
    if (button) form.addEventListener("change", count);
    if (button) count();
  }

  // Where the focus came before this file; a scan that has begun before it, too, goes on and loses no digit.
  const first = document.activeElement;
  const isBegun = isScanner(first) && first.value !== first.defaultValue;
  const asked = document.querySelector("[data-asked]");
  if (asked && !asked.value) asked.value = asked.dataset.asked;
  if (isScanner(first) && !isBegun) first.select();
})();
