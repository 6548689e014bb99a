/* 記録の取り込み: open entries with the 合言葉, here or in a file of another browser, and send them; what the server has is forgotten. */

import * as store from "./store.js";
import * as vault from "./vault.js";
import { fill, words } from "./words.js";

const AT_ONCE = 200; // entries in one request

const place = document.getElementById("upload");
const form = place.querySelector("form");
const say = words(place);
const [file, passphrase] = [place.querySelector("#file"), place.querySelector("#passphrase")];
const complain = (text) => fill(place.querySelector("#upload-problem"), text, "error-text");
const tell = (text) => fill(place.querySelector("#upload-progress"), text);

const begin = async () => {
  if (!globalThis.isSecureContext || !globalThis.indexedDB) return;
  place.hidden = false;
  place.querySelector("[data-count]").textContent = await store.count().catch(() => 0);
};

/* Return { locked, entries } of the chosen file, else of this browser (`isHere`); a text where there is nothing to send. */
const source = async () => {
  if (file.files.length) return vault.fromFile(await file.files[0].text()) ?? say("no_file");
  const keys = await store.read("keys");
  const entries = keys ? await store.entries() : [];
  return entries.length ? { locked: keys.locked, entries, isHere: true } : say("no_entries");
};

/* Send entries; from the moment on when they are marked nobody takes them back, and what was taken back before is not sent. */
const send = async (some, isHere) => {
  const ids = some.map(({ id }) => id);
  const here = await store.mark(ids, "sent");
  const rows = isHere ? some.filter(({ id }) => here.has(id)) : some;
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("entries", JSON.stringify(rows));
  const answer = await fetch(place.dataset.to, { method: "POST", body, redirect: "error" });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.sentence);
  await store.drop(told.ids);
};

const upload = async () => {
  if (!passphrase.value.trim()) return complain(say("no_passphrase"));
  const found = await source();
  if (typeof found === "string") return complain(found);
  tell(say("opening"));
  const privateKey = await vault.unlock(found.locked, passphrase.value);
  if (!privateKey) return complain(say("wrong_passphrase"));
  const { found: rows, damaged } = await vault.openAll(vault.opener(privateKey), found.entries);
  rows.sort((one, other) => (one.at < other.at ? -1 : 1));
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    await send(rows.slice(first, first + AT_ONCE), found.isHere);
    tell(say("sending", { n: rows.length, done: Math.min(first + AT_ONCE, rows.length) }));
  }
  passphrase.value = "";
  if (damaged) return complain(say("damaged", { n: damaged }));
  location.assign(place.dataset.after);
  return undefined;
};

let working = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (working) return;
  working = true;
  complain("");
  try {
    await upload();
  } catch {
    complain(say("not_sent"));
  } finally {
    tell("");
    working = false;
    await begin();
  }
});

begin();
