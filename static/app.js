/* Scripts of every page. Without this file everything still works, with whole page loads. */
(() => {
  "use strict";

  const main = () => document.getElementById("main");
  const FORM_FORGOTTEN_AFTER = 8000; // a plain submit that was stopped may be tried again
  const inFlight = new WeakMap(); // form → when it was sent
  const said = document.getElementById("said"); // at the desk: says what was done, and the focus stays with the work (desk.js)
  let fixedGroup = null; // where a correction was pressed

  // -- focus: on the summary of errors, else where a correction was pressed, else on the heading of the new step ----
  const focusOn = (element, options) => {
    if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
    element.focus(options);
  };

  const announceStep = () => {
    if (main().querySelector("[data-scan]")) return; // the focus belongs to the scanner: desk.js
    const summary = document.getElementById("error-summary");
    const fixed = fixedGroup && document.getElementById(fixedGroup);
    fixedGroup = null;
    if (fixed && !summary) {
      focusOn(fixed);
      return;
    }
    main().scrollIntoView();
    const heading = main().querySelector("h1");
    const message = summary || (said ? main().querySelector("[autofocus]") : document.querySelector("#answer[tabindex]"));
    if (message) focusOn(message);
    else if (heading) focusOn(heading, { preventScroll: true });
  };

  // -- passwords can be shown while they are typed ------------------------------------------------------------------
  const showRevealButtons = () => {
    for (const button of document.querySelectorAll("button[data-reveal]")) button.hidden = false;
  };

  const showPassword = (button, shown) => {
    const field = document.getElementById(button.dataset.reveal);
    if ((field.type === "text") === shown) return;
    field.type = shown ? "text" : "password";
    for (const word of button.children) word.hidden = !word.hidden;
    [button.ariaLabel, button.dataset.other] = [button.dataset.other, button.ariaLabel];
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-reveal]");
    if (button) showPassword(button, document.getElementById(button.dataset.reveal).type === "password");
  });

  // -- a choice is sent at once; by keyboard, where each press changes it, the button sends it ----------------------
  for (const select of document.querySelectorAll("select[data-submits]")) {
    const button = select.form.querySelector("button"); // app.css hides it before the first picture
    select.addEventListener("keydown", (event) => {
      if (event.key !== "Tab") button.classList.add("wanted");
    });
    select.addEventListener("change", () => {
      if (!button.classList.contains("wanted")) select.form.requestSubmit();
    });
  }

  /* The words of an element without their readings, which stand above them. */
  const wordsOf = (element) => {
    const copy = element?.cloneNode(true);
    for (const reading of copy?.querySelectorAll("rt, rp") ?? []) reading.remove();
    return copy?.textContent ?? "";
  };
  const isJapanese = document.documentElement.lang.startsWith("ja");
  const comma = isJapanese ? "、" : ", ";

  // -- a fold says what is set in it, also after a change ------------------------------------------------------------
  for (const told of document.querySelectorAll("summary [data-none]")) {
    const fold = told.closest("details");
    fold.addEventListener("change", () => {
      const ticked = [...fold.querySelectorAll(":checked:not(option)")].map((tick) => wordsOf(tick.nextElementSibling));
      const picked = [...fold.querySelectorAll("select")].filter((field) => field.selectedIndex).map((field) => field.selectedOptions[0].text);
      const typed = [...fold.querySelectorAll("[type=text]")].filter((field) => field.value.trim())
        .map((field) => field.value.trim() + wordsOf(field.nextElementSibling));
      const set = [...ticked, ...picked, ...typed].join(comma);
      told.textContent = set || told.dataset.none;
      told.classList.toggle("now-chosen", Boolean(set));
    });
  }

  // -- 連絡方法 and メールで連絡する follow each other --------------------------------------------------------------
  document.addEventListener("change", ({ target }) => {
    const { contact_method: method, by_mail: mail } = target.form?.elements ?? {};
    if (!method || !mail) return;
    if (target === method) mail.checked = method.value === "mail";
    if (target === mail && mail.checked !== (method.value === "mail")) method.value = mail.checked ? "mail" : "none";
  });

  // -- 予約かご: what is chosen stands in the sentences and on the button, too ------------------------------------------
  const wordOf = ({ text, lang }) => Object.assign(document.createElement("span"), { textContent: text, lang: lang || document.documentElement.lang });

  const tellChoice = () => {
    const form = document.getElementById("cart-form");
    for (const part of form?.querySelectorAll("[data-when]") ?? []) {
      const [name, value] = part.dataset.when.split("=");
      part.hidden = value === "*" ? !form.elements[name].value : form.elements[name].value !== value;
    }
    for (const part of form?.querySelectorAll("[data-shows]") ?? [])
      part.replaceChildren(wordOf(form.elements[part.dataset.shows].selectedOptions[0]));
    const button = form?.querySelector("[data-ticks]");
    if (!button) return;
    const ticked = form.querySelectorAll("[name=title]:checked").length;
    button.textContent = ticked === 1 ? button.dataset.tick : button.dataset.ticks.replace("{n}", ticked);
    button.disabled = !ticked;
  };
  document.addEventListener("change", tellChoice);

  // -- 配信 where nothing is ticked yet: the one kind of address there is, and what the notice needs, are chosen with it ----
  const takingBack = new WeakMap(); // row of a kind of mail → what puts it back

  const say = (row, ...said) => {
    const words = row.querySelector(".proposal [aria-live]");
    words.textContent = said.map((one) => words.dataset[one]).join(isJapanese ? "" : " ");
    row.querySelector("[data-takes-back]").hidden = !said.length;
  };

  const propose = (row, fields) => {
    const filled = ["email1", "email2"].filter((name) => fields[name].value.trim());
    const kinds = new Set(filled.map((name) => fields[`${name}_kind`].value));
    if (kinds.size !== 1 || row.querySelector("[type=checkbox]:checked")) return;
    const [kind] = kinds;
    const tick = fields[`${row.id}_${kind}`];
    const method = row.querySelector("[data-mail]") && fields.contact_method.value === "none" ? fields.contact_method : {};
    tick.checked = true;
    method.value = "mail";
    takingBack.set(row, () => {
      tick.checked = false;
      method.value = "none";
    });
    say(row, kind, ...(method.name ? ["mail"] : []));
  };

  const forget = (row) => {
    takingBack.delete(row);
    say(row);
  };

  document.addEventListener("change", ({ target }) => {
    const row = target.closest(".mail-row:has(.proposal)");
    if (row && target.type === "radio") {
      takingBack.get(row)?.();
      forget(row);
      if (target.value === "on") propose(row, target.form.elements);
    } else if (row && target.type === "checkbox") forget(row);
    else if (target.name === "contact_method") document.querySelectorAll(".mail-row:has(.proposal)").forEach(forget);
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-takes-back]")) return;
    const off = target.closest(".mail-row").querySelector("[type=radio][value=off]");
    off.focus();
    off.click();
  });

  // -- a file that was chosen is named beside its button --------------------------------------------------------------
  document.addEventListener("change", ({ target }) => {
    const named = target.type === "file" && target.parentElement.querySelector("[data-chosen]");
    if (named) named.textContent = [...target.files].map(({ name }) => name).join(comma) || named.dataset.chosen;
  });

  // -- the buttons that print ---------------------------------------------------------------------------------------
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    if (button.autofocus) button.focus(); // it could not have it while it was hidden
    button.addEventListener("click", () => print());
  }

  // -- an answer that takes its time: the button that was pressed says so, and once a screen reader -------------------
  const SLOW = 300; // milliseconds
  const slow = new WeakMap(); // form → the timer of its answer, and its button

  const tellSlow = (form, button) => {
    const status = document.getElementById("slow");
    form.setAttribute("aria-busy", "true");
    if (button) {
      button.dataset.doing ||= status.dataset.doing;
      button.classList.add("pressed");
    }
    status.textContent = form.dataset.doing || button?.dataset.doing || status.dataset.doing;
  };

  const tellAnswered = (form) => {
    const { timer, button } = slow.get(form) ?? {};
    clearTimeout(timer);
    slow.delete(form);
    form.removeAttribute("aria-busy");
    button?.classList.remove("pressed");
    document.getElementById("slow").textContent = "";
  };

  const expectAnswer = (form, submitter) => {
    const button = submitter?.matches(".unseen") ? form.querySelector(".button.main") : submitter;
    tellAnswered(form);
    slow.set(form, { button, timer: setTimeout(tellSlow, SLOW, form, button) });
  };

  // -- one press, one request ---------------------------------------------------------------------------------------
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method === "get" && !form.dataset.hxGet) return; // to search twice harms nobody
      if (form.matches("[data-scan]")) {
        expectAnswer(form, event.submitter);
        return; // no scan is lost, and the rule lends nothing twice
      }
      if (Date.now() - (inFlight.get(form) || 0) < FORM_FORGOTTEN_AFTER) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      if (form.id === "text-size") {
        changeTextSize(event, form);
        return;
      }
      inFlight.set(form, Date.now());
      expectAnswer(form, event.submitter);
      if (!form.dataset.hxPost && !form.dataset.hxGet) setTimeout(tellAnswered, FORM_FORGOTTEN_AFTER, form);
      for (const button of form.querySelectorAll("button[data-reveal]")) showPassword(button, false);
      const messages = event.submitter?.name === "fix" && event.submitter.closest(".messages");
      fixedGroup = messages ? messages.id.replace(/-(messages|warnings)$/, "") : null;
    },
    true,
  );
  window.addEventListener("pageshow", (event) => {
    tellChoice(); // the browser may have filled in what was chosen before
    if (!event.persisted) return;
    for (const form of document.forms) {
      inFlight.delete(form);
      tellAnswered(form);
    }
  });

  // -- the text size changes without a new page, so that nothing typed is lost --------------------------------------
  const changeTextSize = (event, form) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    const wanted = new URLSearchParams(new FormData(form));
    wanted.set("size", pressed.value);
    fetch(form.action, { method: "POST", body: wanted, redirect: "manual" })
      .then((answer) => {
        if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(answer.status);
        document.documentElement.className = `size-${pressed.value}`;
        for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button === pressed);
      })
      .catch(() => showConnectionNotice());
  };

  // -- htmx ---------------------------------------------------------------------------------------------------------
  const isMessages = (element) => Boolean(element?.id?.endsWith("-messages"));

  // A press that did nothing: a notice says so above what was typed, which stays. It goes with the next answer.
  const notice = () => document.getElementById("not-done");
  const focusOnNotice = () => {
    notice().focus();
    notice().scrollIntoView({ block: "nearest" });
  };

  const showConnectionNotice = () => {
    notice()?.remove();
    main().prepend(document.getElementById("connection-lost").content.cloneNode(true));
    focusOnNotice();
  };

  const markInvalid = (messages) => {
    const invalid = Boolean(messages.querySelector(".error"));
    for (const control of document.querySelectorAll(`[aria-describedby~="${messages.id}"]`)) {
      const controls = control.matches("fieldset") ? control.querySelectorAll("[type=checkbox]") : [control];
      for (const one of controls) invalid ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid");
    }
  };

  // A message may move what is below it, so none comes while something is pressed: its check is made again afterwards.
  let pressed = false;
  const checkedAgain = new Set();
  document.addEventListener("pointerdown", ({ target, button }) => {
    pressed = button === 0 && !target.closest("select"); // of a list or a menu that the system shows, no end of the press is told
  });
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => {
      pressed = false;
      for (const group of checkedAgain) group.dispatchEvent(new Event("change"));
      checkedAgain.clear();
    });

  // A check while typing waits for nothing: not sent while its form is on its way, not shown when it went wrong.
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement, target, request } = event.detail.ctx;
    const form = sourceElement.closest("form");
    if (isMessages(target) && form && inFlight.has(form)) event.preventDefault();
    const judged = sourceElement.dataset.posts?.split(" "); // a check sends what it judges, and no more
    for (const name of judged ? [...request.body.keys()] : [])
      if (name !== "csrf_token" && !judged.includes(name)) request.body.delete(name);
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { target, response } = event.detail.ctx;
    if (isMessages(target) && response.status >= 400) event.preventDefault();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, target } = event.detail.ctx;
    if (!pressed || !isMessages(target)) return;
    event.preventDefault(); // here the whole answer was read, and is put into the page next
    checkedAgain.add(sourceElement);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (!isMessages(event.detail.ctx.target)) notice()?.remove();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { target } = event.detail.ctx;
    showRevealButtons();
    tellChoice();
    if (isMessages(target)) markInvalid(target);
    else if (notice()) focusOnNotice();
    if (target?.classList?.contains("action")) focusOn(target.querySelector("a, button:enabled") || target, { preventScroll: true });
    if (target?.id !== "main") return;
    const next = document.querySelector("#text-size [name=next]");
    if (next) next.value = location.pathname + location.search;
    announceStep();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    inFlight.delete(event.detail.ctx.sourceElement);
    tellAnswered(event.detail.ctx.sourceElement);
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (ctx && !isMessages(ctx.target)) showConnectionNotice();
  });

  showRevealButtons();
  const message = document.querySelector(`#error-summary${said ? "" : ", #answer[tabindex], #password-set, #interrupted"}`);
  const { value, defaultValue } = document.activeElement || document.body;
  const isTyping = defaultValue !== undefined && value !== defaultValue; // since before this file came
  if (message && !isTyping) focusOn(message);
})();
