/* The scanner: what it reads while no text field has the focus is not lost, and its Enter presses nothing.

   A scanner is told by its speed, which nobody types at. Its number goes to the field of this form or page that waits for one, else to
   the page that opens what has the number. A choice or a date that its first keys have changed is put back. */
(() => {
  "use strict";

  const FASTEST = 50; // milliseconds from key to key, on average: who types well takes 80
  const PAUSE = 200; // milliseconds, after which another number begins
  const FEWEST = 4; // letters of a number
  const LETTER = /^[0-9A-Z０-９Ａ-Ｚａ-ｚ.$:/+*-]$/i;
  const NO_TEXT = ["button", "checkbox", "color", "date", "file", "month", "number", "radio", "range", "reset", "submit", "time"];
  let read = { text: "" }; // with `since` and `last`, `astray` where no text field took a letter, and the `field` that was changed by it

  // [data-by-hand]: a reason, which is no number that was read.
  const takesText = (place) => place.matches("textarea, input:not([data-by-hand])") && !NO_TEXT.includes(place.type);
  // Where an input method is on, the letter is told by its key alone.
  const letterOf = ({ key, code }) => (key === "Process" ? (/^(?:Digit|Numpad|Key)(\w)$/.exec(code)?.[1] ?? "") : LETTER.test(key) ? key : "");

  const collect = (letter, { timeStamp, target }) => {
    if (!read.text || timeStamp - read.last > PAUSE) read = { text: "", since: timeStamp, field: target, value: target.value };
    read.text += letter;
    read.last = timeStamp;
    read.astray ||= !takesText(target);
  };

  const isScan = ({ timeStamp }) => {
    const { text, since, astray } = read;
    return astray && text.length >= FEWEST && timeStamp - since <= FASTEST * text.length;
  };

  const putBack = ({ field, value }) => {
    if (!field.matches("select, input") || takesText(field)) return;
    field.value = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  // -- where it goes ------------------------------------------------------------------------------------------------
  const waiting = (began) =>
    (began.matches("[data-by-hand]") && began.form?.querySelector("[data-scanner]")) ||
    [...document.querySelectorAll("main :is([data-scanner][autofocus]:not([data-then]), [data-waits])")].find((field) => field.checkVisibility());

  const isChanged = (control) => {
    if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
    if (!control.options) return control.value !== control.defaultValue;
    return control.selectedIndex !== Math.max(0, [...control.options].findIndex((one) => one.defaultSelected));
  };

  let offered; // the form that asks before what was typed is lost

  // Open what has the number; where something was typed and not saved, offer to.
  const lookUp = (text) => {
    const template = document.getElementById("scan-look-up");
    const main = document.getElementById("main");
    if (!template) return;
    offered?.remove();
    const isBegun = document.getElementById("error-summary") || [...main.querySelectorAll("input, select, textarea")].some(isChanged);
    const form = (offered = template.content.firstElementChild.cloneNode(true));
    main.prepend(form);
    form.method = "post";
    form.append(document.querySelector("[name=csrf_token]").cloneNode());
    form.elements.number.value = form.querySelector("output").value = text;
    if (!isBegun) return form.requestSubmit();
    form.hidden = false;
    return form.querySelector("button").focus();
  };

  const deliver = ({ text, field: began }) => {
    const field = waiting(began);
    if (!field) return lookUp(text);
    field.focus();
    field.value = text;
    return field.form.requestSubmit(field.parentElement.querySelector("button:not([type=button])"));
  };

  addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Shift") return;
      const letter = event.ctrlKey || event.altKey || event.metaKey || event.repeat ? "" : letterOf(event);
      if (letter) return collect(letter, event);
      const scan = event.key === "Enter" && isScan(event) && read;
      read = { text: "" };
      if (!scan) return undefined;
      event.preventDefault();
      event.stopImmediatePropagation();
      putBack(scan);
      return deliver(scan);
    },
    true,
  );
})();
