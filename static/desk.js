/* The desk: scans that come faster than the answers wait for their turn, and the focus goes back to the field that waits. */
(() => {
  "use strict";

  const TOO_LONG = 15000; // milliseconds, after which an answer is waited for no longer
  const queue = []; // scans that were read while an answer was on its way: [field, text]
  let sentAt = 0; // when the form was sent that is not answered yet
  let typed = null; // what stood in the field when the page was swapped: [field, text]
  let begun = ""; // the beginning of a scan that is still being read while one that waited is sent

  const form = () => document.querySelector("form[data-scan]");
  const waiting = () => form()?.querySelector("[autofocus]");
  const isBusy = () => Date.now() - sentAt < TOO_LONG;

  const put = ([name, text]) => {
    const field = form()?.elements.namedItem(name);
    if (!field) return false;
    field.value = text;
    field.focus();
    return true;
  };

  const goOn = () => {
    sentAt = 0;
    if (!form()) return;
    const next = queue.shift();
    if (next && put(next)) {
      begun = typed ? typed[1] : "";
      form().requestSubmit();
    } else if (typed && typed[1]) put(typed);
    else if (!document.activeElement?.matches("input, select, textarea")) waiting()?.focus();
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
        queue.push([field.name, field.value]);
        field.value = "";
        return;
      }
      sentAt = Date.now();
    },
    true,
  );

  // What is sent was collected; the next scan begins with an empty field, or goes on where it was.
  document.addEventListener("htmx:config:request", (event) => {
    const sent = event.detail.ctx.sourceElement;
    const field = sent.matches("[data-scan]") && sent.elements.namedItem("item");
    if (field) field.value = begun;
    begun = "";
  });
  document.addEventListener("htmx:before:swap", () => {
    const field = document.activeElement;
    typed = field?.form?.matches("[data-scan]") && field.name === "item" ? [field.name, field.value] : null;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "main") goOn();
  });
  const giveUp = () => {
    sentAt = 0;
  };
  document.addEventListener("htmx:error", giveUp);
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx.response.headers.get("HX-Reswap") === "none") giveUp();
  });

  // Esc: the next person
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) document.querySelector("form[data-escape]")?.requestSubmit();
  });
})();
