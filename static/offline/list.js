/* The list of cards and copies, as the server made it in the night (library/offline/list.py), and what this browser did since. */

import { places } from "./numbers.js";

const DAY = 24 * 3600 * 1000;
const LOST = -1; // in the place of a card

/* Return the day of a moment in the library's zone: 2026-11-25. */
export const dayOf = (moment, zone) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(moment);

/* Return 2026-11-25 in words: 11月25日（水）, with the year where it isn't that of today. */
export const inWords = (day, today) => {
  const moment = new Date(`${day}T00:00:00Z`);
  const weekday = new Intl.DateTimeFormat("ja", { weekday: "short", timeZone: "UTC" }).format(moment);
  const year = day.slice(0, 4) === today.slice(0, 4) ? "" : `${moment.getUTCFullYear()}年`;
  return `${year}${moment.getUTCMonth() + 1}月${moment.getUTCDate()}日（${weekday}）`;
};

export class List {
  constructor(content, branch) {
    this.content = content;
    this.branch = branch;
    const { number, others, lost } = content.cards;
    this.cards = new Map(number.map((each, place) => [each, place]));
    for (const [each, place] of Object.entries(others)) this.cards.set(each, place);
    for (const each of lost) this.cards.set(each, LOST);
    this.items = new Map(content.items.number.map((each, place) => [each, place]));
    this.lent = new Map(); // number of a copy → is it out, by this browser's entries
    this.loans = new Map(); // card → how many more it has since; of one kind: "card\nkind"
    this.holders = new Map(); // number of a copy → card
  }

  /* Return the place of a day in the list's own counting, and the day of a place. */
  placeOf(day) {
    return Math.round((Date.parse(day) - Date.parse(this.content.first)) / DAY);
  }

  dayAt(place) {
    return new Date(Date.parse(this.content.first) + place * DAY).toISOString().slice(0, 10);
  }

  today(moment) {
    return dayOf(moment, this.content.zone);
  }

  /* Return { number, known, ... } of a card; `problem` where it is none, lost, or one of two. */
  card(text) {
    const { forms, cards } = this.content;
    const found = places(text, forms.card, this.cards);
    const [place] = found.length > 1 ? found.filter((each) => each !== LOST) : found;
    if (found.filter((each) => each !== LOST).length > 1) return { number: text, problem: "two_cards" };
    if (place === undefined) return { number: text, problem: "unknown_card" };
    if (place === LOST) return { number: text, problem: "lost_card" };
    const number = cards.number[place];
    return {
      number,
      until: cards.until[place] === null ? null : this.dayAt(cards.until[place]),
      state: cards.state[place],
      category: cards.category[place],
      loans: cards.loans[place] + (this.loans.get(number) ?? 0),
      overdue: cards.due[place] === null ? null : this.dayAt(cards.due[place]),
    };
  }

  /* Return { number, ... } of a copy; `problem` where there is none, or two may be meant. */
  item(text) {
    const { forms, items, states } = this.content;
    const found = places(text, forms.item, this.items);
    if (found.length !== 1) return { number: text, problem: found.length ? "two_items" : "unknown_item" };
    const [place] = found;
    const number = items.number[place];
    const state = items.state[place];
    return {
      number,
      out: this.lent.get(number) ?? state === "o",
      lentHere: this.lent.has(number),
      holder: this.holders.get(number),
      stateWords: state === "o" ? "" : states[Number(state)],
      type: items.type[place],
      held: items.held[place],
    };
  }

  /* Return how many of a kind a card has. */
  loansOfKind(card, type) {
    const before = this.content.cards.of_kind?.[card.number]?.[type] ?? 0; // a list of an earlier version has none
    return before + (this.loans.get(`${card.number}\n${type}`) ?? 0);
  }

  /* Return why a card can't be used on a day, as [word, facts]. */
  cardProblems(card, day) {
    if (card.problem) return [[card.problem, {}]];
    if (card.state === "c") return [["closed", {}]];
    const problems = [];
    if (card.state === "s") problems.push(["suspended", {}]);
    if (card.until !== null && card.until < day) problems.push(["expired", { day: inWords(card.until, day) }]);
    if (this.content.overdue_stops && card.overdue !== null && card.overdue < day) {
      problems.push(["overdue", { day: inWords(card.overdue, day) }]);
    }
    return problems;
  }

  /* Return why a copy should not be lent to a card on a day. */
  problems(card, item, day) {
    const found = this.cardProblems(card, day);
    const rule = card.problem ? null : this.content.rules[card.category]?.[item.type ?? 0];
    if (rule && card.loans >= rule[1]) found.push(["limit", { limit: rule[1] }]);
    const ofKind = rule?.[3] ?? null;
    if (ofKind !== null && this.loansOfKind(card, item.type) >= ofKind) {
      found.push(["kind_limit", { kind: this.content.types[item.type], limit: ofKind }]);
    }
    if (item.problem) return [...found, [item.problem, { number: item.number }]];
    if (item.out) found.push([item.lentHere ? "out_here" : "out", {}]);
    else if (item.stateWords) found.push(["state", { state: item.stateWords }]);
    if (rule && !rule[0]) found.push(["kind", {}]);
    if (item.held === "1" && !item.lentHere) found.push(["held", { last: card.number.slice(-4) }]);
    return found;
  }

  /* Return the due day of a loan on a day; "" where the list doesn't say. */
  dueDay(card, item, day) {
    if (card.problem || item.problem) return "";
    const days = this.content.rules[card.category]?.[item.type]?.[2];
    const place = this.content.due[this.branch]?.[days]?.[this.placeOf(day)];
    return place === undefined ? "" : this.dayAt(place);
  }

  /* Know of an act of this browser. `sign`: -1 takes it back. */
  note({ kind, card, item }, sign = 1) {
    const out = (kind === "loan") === sign > 0;
    const holder = kind === "loan" ? card : this.holders.get(item);
    this.lent.set(item, out);
    if (holder) {
      const { type } = this.item(item);
      for (const each of [holder, `${holder}\n${type}`]) this.loans.set(each, (this.loans.get(each) ?? 0) + (out ? 1 : -1));
    }
    if (kind === "loan") this.holders.set(item, card);
  }
}
