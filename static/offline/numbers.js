/* Reading a number as the server does (library/numbers/parsing.py): the spellings under which it may be stored, in steps. */

const DASHES = /[‐‑‒–—―−ー]/g;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
const PAIR = /^(?:[A-D](.+)[A-D]|\*(.+)\*)$/u; // start and stop of NW-7 and of Code39
const LONGEST = 100;

const narrow = (text) => text.slice(0, LONGEST).replace(UNSEEN, "").normalize("NFKC").replace(/\s/gu, "");

/* Return a number without full width, small letters, spaces and what can't be seen; each dash is "-". */
export const fold = (text) => narrow(text).toUpperCase().replace(DASHES, "-");

const withoutPair = (number) => {
  const found = PAIR.exec(number);
  return found ? (found[1] ?? found[2]) : number;
};

/* Put back the zeros of a shorter number; "" where this form pads none. A form: prefix, length, pads, has a check letter of bars. */
const padded = ([prefix, length, pads, ofBars], number) => {
  if (!pads || !length || number.length >= length || !number.startsWith(prefix)) return "";
  const rest = number.slice(prefix.length);
  const digits = ofBars ? rest.slice(0, -1) : rest;
  return /^[0-9]+$/.test(digits) ? prefix + rest.padStart(length - prefix.length, "0") : "";
};

/* Return the steps: lists of spellings, none twice. */
export const spellings = (text, forms) => {
  const typed = fold(text);
  const plain = typed.replaceAll("-", "");
  const bare = [withoutPair(typed), withoutPair(plain)];
  const full = forms.flatMap((form) => [plain, ...bare].map((number) => padded(form, number)));
  const seen = new Set([""]);
  return [[narrow(text)], [typed], [plain], bare, full]
    .map((step) => step.filter((number) => !seen.has(number) && seen.add(number)))
    .filter((step) => step.length);
};

/* Return what is stored at the first step at which something is: places, one or more where several are meant. */
export const places = (text, forms, stored) => {
  for (const step of spellings(text, forms)) {
    const found = step.filter((number) => stored.has(number)).map((number) => stored.get(number));
    if (found.length) return [...new Set(found)];
  }
  return [];
};
