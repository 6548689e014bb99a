/* The counter: lending and giving back by scans. Each entry is encrypted and on the disk before the page says that it is done. */

import { dayOf, inWords } from "./list.js";
import * as store from "./store.js";
import { sealText } from "./vault.js";
import { fill, flash } from "./words.js";

const ROWS = 50; // that are shown
const ITEM = 3; // the place of a copy's number in a row
const LENDS = 60_000; // milliseconds without a scan, after which the card is asked for again

export class Counter {
  /* keys: of this browser; seal: encrypts to them; skew: milliseconds by which the server's clock is ahead; changed: is called when there are more or fewer entries. */
  constructor(root, say, list, { keys, seal, skew, changed }) {
    Object.assign(this, { root, say, list, keys, seal, skew, changed });
    this.rows = []; // entries, the newest last
    this.kind = "loan";
    this.card = null;
    this.waiting = null; // what was refused and can be done with a word
    this.turn = Promise.resolve(); // scans wait for each other
    this.over = new AbortController();
  }

  role(name) {
    return this.root.querySelector(`[data-role="${name}"]`);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  field(id) {
    return this.root.querySelector(`#${id}`);
  }

  now() {
    return Date.now() + this.skew;
  }

  // -- opening and closing ------------------------------------------------------------------------------------------------
  begin(entries) {
    this.rows = entries.sort((one, other) => (one.at < other.at ? -1 : 1));
    for (const entry of this.rows) this.list.note(entry);
    const { signal } = this.over;
    this.root.addEventListener("submit", (event) => this.submit(event), { signal });
    this.root.addEventListener("click", (event) => this.press(event), { signal });
    addEventListener("keydown", (event) => this.escape(event), { signal });
    this.draw();
    this.choose("loan");
  }

  /* Leave nothing of it on the screen. */
  end() {
    this.over.abort();
    this.next();
    this.rows = [];
    this.list = null;
    for (const name of ["rows", "card", "facts", "card-problems", "refused", "reasons", "done"]) this.role(name).replaceChildren();
  }

  // -- what is pressed ----------------------------------------------------------------------------------------------------
  submit({ target }) {
    if (target.dataset.do === "scan") {
      const [card, item] = [this.field("card"), this.field("item")].map((each) => each.value.trim());
      this.field("item").value = "";
      this.turn = this.turn.then(() => this.scan(card, item));
    }
    if (target.dataset.do === "override") this.turn = this.turn.then(() => this.override());
    if (target.dataset.do === "explain") this.turn = this.turn.then(() => this.explain(target));
  }

  press({ target }) {
    const button = target.closest("button");
    if (button?.dataset.kind) this.choose(button.dataset.kind);
    if (button?.dataset.do === "next") this.next();
    if (button?.dataset.do === "leave") this.leave();
    if (button?.dataset.do === "undo") this.turn = this.turn.then(() => this.undo());
  }

  /* Esc empties the field; from an empty one it leads to the next person. */
  escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const active = document.activeElement;
    if (active?.matches("input") && active.value && active.id !== "card") active.value = "";
    else this.next();
  }

  choose(kind) {
    this.kind = kind;
    for (const each of this.root.querySelectorAll("button[data-kind]")) {
      each.setAttribute("aria-pressed", String(each.dataset.kind === kind));
    }
    this.root.querySelector('.scan-card[data-for="loan"]').hidden = kind !== "loan";
    this.role("act").textContent = this.say(`act_${kind}`);
    this.next();
  }

  next() {
    this.card = null;
    this.field("card").value = this.field("item").value = "";
    this.leave();
  }

  leave() {
    this.waiting = null;
    this.field("why").value = "";
    this.part("refusal").hidden = true;
    this.drawCard();
    this.wait();
  }

  /* Give the focus to the field that takes the next scan, wherever it is read (scanner.js). */
  wait() {
    const [next, other] = this.kind === "loan" && !this.card ? ["card", "item"] : ["item", "card"];
    this.field(next).dataset.waits = "";
    delete this.field(other).dataset.waits;
    this.field(next).focus();
  }

  // -- a scan -------------------------------------------------------------------------------------------------------------
  async scan(card, item) {
    if (!this.list) return;
    this.leave();
    fill(this.role("done"), "");
    if (this.kind === "return") {
      if (item) await this.giveBack(this.list.item(item));
      return;
    }
    const isOver = this.card && this.now() - this.scannedAt > LENDS;
    this.scannedAt = this.now();
    if (card && card !== this.card?.number) this.receive(card);
    else if (item && isOver) this.next();
    if (item && this.isCard(item)) this.receive(item);
    else if (item && this.card) await this.lend(this.list.item(item));
    else if (item) this.keep(item);
    this.wait();
  }

  /* Leave a copy in its field until it is known who takes it. */
  keep(item) {
    this.field("item").value = item;
    fill(this.role("done"), this.say("first_card", { item }), "error-text");
  }

  /* A card that was held under the scanner is a card, whatever the field. */
  isCard(text) {
    return this.list.item(text).problem === "unknown_item" && !["unknown_card", "two_cards"].includes(this.list.card(text).problem);
  }

  receive(text) {
    this.card = this.list.card(text);
    this.field("card").value = this.card.number;
    this.drawCard();
  }

  today() {
    return dayOf(this.now(), this.list.content.zone);
  }

  async lend(item) {
    const { card } = this;
    if (item.lentHere && item.out && item.holder === card.number) {
      flash(this.role("done"), "care", this.say("just_lent", { item: item.number }));
      return;
    }
    const problems = this.list.problems(this.list.card(card.number), item, this.today());
    if (problems.length) this.refuse(item, problems);
    else await this.write("loan", item, "");
  }

  async giveBack(item) {
    const isBack = this.list.lent.get(item.number) === false;
    if (isBack) flash(this.role("done"), "care", this.say("just_back", { item: item.number }));
    else await this.write("return", item, "");
    this.wait();
  }

  /* Say why a copy should not be lent. One that is kept for somebody, maybe for this card, wants a look and no reason. */
  refuse(item, problems) {
    const isKept = problems.every(([name]) => name === "held");
    this.waiting = { item, isKept };
    this.role("refused").textContent = this.say(isKept ? "kept" : "refused_loan", { item: item.number });
    this.role("override").textContent = this.say(isKept ? "lend_kept" : "override_loan");
    this.part("refusal").querySelector(".refusal-why").hidden = isKept;
    this.role("reasons").replaceChildren(...problems.map(([name, facts]) => line("li", this.say(name, facts))));
    this.root.querySelector("#why-problem").textContent = "";
    this.part("refusal").hidden = false;
  }

  async override() {
    const why = this.field("why").value.trim();
    if (!this.waiting) return;
    const { item, isKept } = this.waiting;
    if (!why && !isKept) {
      this.root.querySelector("#why-problem").textContent = this.say("why_missing");
      this.field("why").focus();
      return;
    }
    this.leave();
    await this.write(this.kind, item, why);
  }

  /* Write down the reason of a return that is in the list. */
  async explain(form) {
    const [entry, why] = [this.rows.find(({ id }) => id === form.dataset.entry), form.querySelector("input").value.trim()];
    if (!entry || !why) return;
    const explained = { ...entry, why };
    const done = await store.replace({ id: entry.id, ...(await sealText(this.seal, explained)) }, this.keys).catch(() => false);
    if (!this.list) return; // it was closed meanwhile
    if (done) Object.assign(entry, explained);
    flash(this.role("done"), done ? "good" : "care", this.say(done ? "explained" : "not_explained", { item: entry.item }));
    this.draw();
    this.wait();
  }

  // -- entries ------------------------------------------------------------------------------------------------------------
  async write(kind, item, why) {
    const card = kind === "loan" ? this.card : null;
    const entry = {
      id: crypto.randomUUID(),
      kind,
      at: new Date(this.now()).toISOString(),
      card: card?.number ?? "",
      item: item.number,
      why,
      due: card ? this.list.dueDay(card, item, this.today()) : "",
      branch: this.list.branch,
    };
    try {
      await store.add({ id: entry.id, ...(await sealText(this.seal, entry)) }, this.keys);
    } catch {
      fill(this.role("done"), this.say("not_stored"), "error-text");
      return;
    }
    if (!this.list) return; // it was closed meanwhile
    this.rows.push(entry);
    this.list.note(entry);
    this.answer(entry, item);
    this.draw();
    this.changed();
  }

  answer(entry, item) {
    const facts = { item: entry.item, card: entry.card, due: this.inWords(entry.due), problem: item.problem && this.say(item.problem) };
    const show = (level, name) => flash(this.role("done"), level, this.say(name, facts));
    if (entry.kind === "loan") show("good", entry.due ? "lent" : "lent_without_due");
    else if (item.problem) show("care", "back_unknown");
    else if (item.held !== "0") show("care", "back_held");
    else show(item.out ? "good" : "care", item.out ? "back" : "back_not_out");
  }

  async undo() {
    const last = this.rows.at(-1);
    if (!last) return;
    const taken = await store.takeBack(last.id);
    if (!this.list) return; // it was closed meanwhile
    if (taken) {
      this.rows.pop();
      this.list.note(last, -1);
      this.draw();
    }
    this.leave();
    const name = taken ? (taken.saved ? "undone_saved" : "undone") : "not_undone";
    flash(this.role("done"), taken && !taken.saved ? "good" : "care", this.say(name, { item: last.item }));
    this.changed();
  }

  // -- drawing ------------------------------------------------------------------------------------------------------------
  inWords(day) {
    return day ? inWords(day, this.today()) : "";
  }

  drawCard() {
    const { card } = this;
    this.part("person").hidden = !card || this.kind !== "loan";
    if (!card || !this.list) return;
    const fresh = this.list.card(card.number);
    const until = this.inWords(fresh.until) || this.say("no_until");
    this.role("card").textContent = fresh.number;
    this.role("facts").textContent = fresh.problem ? "" : this.say("card_facts", { loans: fresh.loans, until });
    const problems = this.list.cardProblems(fresh, this.today());
    this.role("card-problems").replaceChildren(...problems.map(([name, facts]) => line("li", this.say(name, facts))));
  }

  draw() {
    const shown = this.rows.slice(-ROWS).reverse();
    const typed = new Map([...this.role("rows").querySelectorAll("form")].map((form) => [form.dataset.entry, form.querySelector("input").value]));
    this.role("rows").replaceChildren(...shown.map((entry) => this.row(entry)));
    for (const form of this.role("rows").querySelectorAll("form")) form.querySelector("input").value = typed.get(form.dataset.entry) ?? "";
    this.role("table").hidden = !shown.length;
    this.role("none").hidden = Boolean(shown.length);
    this.role("more").hidden = this.rows.length <= ROWS;
    this.role("more").textContent = this.say("more", { n: this.rows.length - ROWS });
    this.root.querySelector('[data-do="undo"]').hidden = !shown.length;
    this.drawCard();
  }

  row(entry) {
    const heads = [...this.root.querySelectorAll('[data-role="table"] th')].map((head) => head.textContent);
    const { zone } = this.list.content;
    const at = new Date(entry.at);
    const hour = new Intl.DateTimeFormat("ja", { hour: "numeric", minute: "2-digit", timeZone: zone }).format(at);
    const cells = [`${this.inWords(dayOf(at, zone))} ${hour}`, this.say(entry.kind), entry.card, entry.item, this.inWords(entry.due)];
    const row = document.createElement("tr");
    row.append(...cells.map((text) => Object.assign(line("td", text || "–"), { className: "numbers" })));
    [...row.children].forEach((cell, place) => (cell.dataset.l = heads[place]));
    if (entry.kind === "return" && this.list.item(entry.item).problem) {
      const asked = Object.assign(document.createElement("div"), { className: "offline-asked" });
      asked.append(...row.children[ITEM].childNodes, this.reason(entry));
      row.children[ITEM].append(asked);
    }
    return row;
  }

  /* Return the reason of a return that the list doesn't know; the form that asks for it, as long as there is none. */
  reason(entry) {
    if (entry.why) return Object.assign(line("p", this.say("why", { why: entry.why })), { className: "hint" });
    const form = this.root.querySelector("template[data-reason]").content.cloneNode(true).firstElementChild;
    form.dataset.entry = entry.id;
    form.querySelector("label span").textContent = `（${entry.item}）`;
    return form;
  }
}

const line = (name, text) => Object.assign(document.createElement(name), { textContent: text });
