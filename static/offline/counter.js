/* The counter: lending and giving back by scans. Each entry is encrypted and on the disk before the page says that it is done. */

import { dayOf, inWords } from "./list.js";
import * as store from "./store.js";
import { sealText } from "./vault.js";
import { fill, flash } from "./words.js";

const ROWS = 50; // that are shown

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
    this.field(this.kind === "loan" && !this.card ? "card" : "item").focus();
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
    if (card && card !== this.card?.number) this.receive(card);
    if (item && this.isCard(item)) this.receive(item);
    else if (item && this.card) await this.lend(this.list.item(item));
    else if (item) fill(this.role("done"), this.say("first_card"), "error-text");
    this.field(this.card ? "item" : "card").focus();
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
    if (item.lentHere && !item.out) flash(this.role("done"), "care", this.say("just_back", { item: item.number }));
    else if (item.problem) this.refuse(item, [[item.problem, {}]]);
    else await this.write("return", item, "");
    this.field(this.waiting ? "why" : "item").focus();
  }

  refuse(item, problems) {
    this.waiting = item;
    this.role("refused").textContent = this.say(`refused_${this.kind}`, { item: item.number });
    this.role("override").textContent = this.say(`override_${this.kind}`);
    this.role("reasons").replaceChildren(...problems.map(([name, facts]) => line("li", this.say(name, facts))));
    this.root.querySelector("#why-problem").textContent = "";
    this.part("refusal").hidden = false;
  }

  async override() {
    const why = this.field("why").value.trim();
    if (!this.waiting) return;
    if (!why) {
      this.root.querySelector("#why-problem").textContent = this.say("why_missing");
      this.field("why").focus();
      return;
    }
    const item = this.waiting;
    this.leave();
    await this.write(this.kind, item, why);
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
    const facts = { item: entry.item, due: entry.due && inWords(entry.due) };
    const show = (level, name) => flash(this.role("done"), level, this.say(name, facts));
    if (entry.kind === "loan") show("good", entry.due ? "lent" : "lent_without_due");
    else if (!item.problem && item.held !== "0") show("care", "back_held");
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
  drawCard() {
    const { card } = this;
    this.part("person").hidden = !card || this.kind !== "loan";
    if (!card || !this.list) return;
    const fresh = this.list.card(card.number);
    const until = fresh.until ? inWords(fresh.until) : this.say("no_until");
    this.role("card").textContent = fresh.number;
    this.role("facts").textContent = fresh.problem ? "" : this.say("card_facts", { loans: fresh.loans, until });
    const problems = this.list.cardProblems(fresh, this.today());
    this.role("card-problems").replaceChildren(...problems.map(([name, facts]) => line("li", this.say(name, facts))));
  }

  draw() {
    const shown = this.rows.slice(-ROWS).reverse();
    this.role("rows").replaceChildren(...shown.map((entry) => this.row(entry)));
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
    const cells = [`${inWords(dayOf(at, zone))} ${hour}`, this.say(entry.kind), entry.card, entry.item, entry.due && inWords(entry.due)];
    const row = document.createElement("tr");
    row.append(...cells.map((text) => Object.assign(line("td", text || "–"), { className: "numbers" })));
    [...row.children].forEach((cell, place) => (cell.dataset.l = heads[place]));
    return row;
  }
}

const line = (name, text) => Object.assign(document.createElement(name), { textContent: text });
