/* 非常用の窓口: the page. It is closed, or open with the 合言葉 and then a counter; ten idle minutes close it. */

import { Counter } from "./counter.js";
import { List, dayOf, inWords } from "./list.js";
import { refresh } from "./refresh.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { fill, words } from "./words.js";

const IDLE = 10 * 60 * 1000; // milliseconds without a key or a touch
const OLD = 36 * 3600 * 1000; // of a list, which is red then
const AGES_EVERY = 60 * 1000; // the list on the page
const ASKED_EVERY = 30 * 1000; // of the server, while it is away
const BEHIND = 10 * 60 * 1000; // by which a clock may stand before the list was fetched

const root = document.getElementById("offline-desk");
const say = words(root);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const role = (name) => root.querySelector(`[data-role="${name}"]`);
const field = (id) => root.querySelector(`#${id}`);
const { online: isOnline, admin: isAdmin, terminal: isTerminal, branch, token } = root.dataset;

let counter = null; // while it is open
let active = 0; // when somebody was last at work

const show = (...names) => {
  for (const each of ["impossible", "install", "gate", "open", "state"]) part(each).hidden = !names.includes(each);
  root.querySelector('[data-do="lock"]').hidden = !names.includes("open");
};
const tell = (text) => fill(role("said"), text);
const complain = (text) => {
  fill(role("problem"), text, "error-text");
  if (text) role("problem").focus();
};

// -- what stands here ---------------------------------------------------------------------------------------------------
const missing = () => {
  if (!globalThis.isSecureContext) return ["needs_https"];
  const found = [];
  if (!navigator.serviceWorker) found.push("needs_worker");
  if (!globalThis.indexedDB || !crypto.subtle) found.push("needs_storage");
  if (isTerminal) found.push("needs_no_terminal");
  return found;
};

const begin = async () => {
  let lacking = missing();
  let keys = null;
  if (!lacking.length) keys = await store.read("keys").catch(() => lacking.push("needs_storage") && null);
  if (lacking.length) {
    role("missing").replaceChildren(...lacking.map((name) => Object.assign(document.createElement("li"), { textContent: say(name) })));
    show("impossible");
    return;
  }
  for (const each of root.querySelectorAll('[data-for="online"]')) each.hidden = !isOnline;
  if (keys) await showLocked();
  else showInstall();
};

/* Ask an admin for a new 合言葉, which is typed twice; tell others whom to ask. */
const showInstall = () => {
  const may = Boolean(isOnline && isAdmin);
  show("install", ...(may ? ["gate"] : []));
  root.querySelector('[data-for="others"]').hidden = may;
  askFor("install");
};

const askFor = (what) => {
  part("gate").dataset.do = what;
  role("gate").textContent = say(`do_${what}`);
  for (const each of part("gate").querySelectorAll('[data-for="admin"]')) each.hidden = what !== "install";
};

/* Take the counter off the screen; ask for the 合言葉 as soon as it is listened to. */
const showLocked = async () => {
  show("state");
  askFor("unlock");
  await showState();
  show("gate", "state");
  field("passphrase").focus();
};

const showState = async () => {
  const list = await store.read("list");
  const count = await store.count();
  role("count").textContent = count;
  role("age").classList.toggle("offline-old", !list || now(list) - list.madeAt > OLD);
  role("age").textContent = list ? ageOf(list) : say("age_none");
  role("clock").hidden = !list || Date.now() > list.fetchedAt - BEHIND;
  const isUnmarked = Boolean(isOnline && !root.dataset.marked);
  role("unmarked").hidden = !isUnmarked;
  root.querySelector('[data-do="mark"]').hidden = !(isUnmarked && isAdmin);
};

/* Return the moment by the server's clock, as far as it is known. */
const now = (list) => Date.now() + list.skew;

const ageOf = (list) => {
  const moment = new Date(list.madeAt);
  const day = inWords(dayOf(moment, list.zone), dayOf(now(list), list.zone));
  const hour = new Intl.DateTimeFormat("ja", { hour: "numeric", minute: "2-digit", timeZone: list.zone }).format(moment);
  return say("age", { day, hour, hours: Math.max(0, Math.floor((now(list) - list.madeAt) / 3600_000)) });
};

const send = async (url) => {
  const body = new URLSearchParams({ csrf_token: token });
  const answer = await fetch(url, { method: "POST", body, redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
};

/* Tell if a new 合言葉 will do, and say why not. */
const isGood = (first, again) => {
  if (vault.spelled(first.value).length < vault.SHORTEST) complain(say("short", { least: vault.SHORTEST }));
  else if (first.value !== again.value) complain(say("differs"));
  else return true;
  return false;
};

// -- what is done -------------------------------------------------------------------------------------------------------
const acts = {
  async install() {
    const [first, again] = [field("passphrase"), field("again")];
    if (!isGood(first, again)) return undefined;
    try {
      const keys = await vault.makeKeys(first.value);
      await send(root.dataset.install);
      await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.page });
      await navigator.serviceWorker.ready;
      await store.write("keys", keys);
      await navigator.storage?.persist?.();
    } catch {
      return complain(say("not_installed"));
    }
    root.dataset.marked = "yes";
    first.value = again.value = "";
    const list = await refresh(root.dataset.list, branch, true).catch(() => null);
    await showLocked();
    return tell(say(list ? "installed" : "list_later"));
  },

  /* Make new keys under a new 合言葉: those of a saved file, which the former one opens, open nothing that comes after. */
  async change() {
    const [first, again] = [field("new-passphrase"), field("new-again")];
    if (!isGood(first, again)) return undefined;
    const count = await store.count();
    if (count) return complain(say("has_entries_to_change", { n: count }));
    try {
      const [former, keys] = [await store.read("keys"), await vault.makeKeys(first.value)];
      await send(root.dataset.install);
      await store.changeKeys(former, keys);
    } catch {
      return complain(say("not_changed"));
    }
    first.value = again.value = "";
    counter?.end();
    counter = null;
    const list = await refresh(root.dataset.list, branch, true).catch(() => null);
    await showLocked();
    return tell(say(list ? "changed" : "changed_list_later"));
  },

  async unlock() {
    const passphrase = field("passphrase").value;
    const [keys, sealed, rows] = [await store.read("keys"), await store.read("list"), await store.entries()];
    tell(say("unlocking"));
    const privateKey = await vault.unlock(keys.locked, passphrase);
    tell("");
    if (!privateKey) {
      field("passphrase").select();
      return complain(say("wrong_passphrase"));
    }
    field("passphrase").value = "";
    if (!sealed) return complain(say("no_list"));
    const open = vault.opener(privateKey);
    const list = new List(await vault.openText(open, sealed), sealed.branch);
    const { found, damaged } = await vault.openAll(open, rows);
    const seal = await vault.sealer(keys.publicKey);
    counter = new Counter(root, say, list, { keys, seal, skew: sealed.skew, changed: showState });
    show("open", "state");
    counter.begin(found);
    active = Date.now();
    return damaged ? complain(say("unreadable", { n: damaged })) : undefined;
  },

  async lock() {
    counter?.end();
    counter = null;
    await showLocked();
  },

  async save() {
    await store.mark((await store.entries()).map(({ id }) => id), "saved");
    const [keys, rows] = [await store.read("keys"), (await store.entries()).filter(({ saved }) => saved)];
    if (!rows.length) return tell(say("none_to_save"));
    const file = new Blob([vault.toFile(keys.locked, rows)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `hijou-kiroku-${new Date().toISOString().slice(0, 16).replace(/[-:T]/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return tell(say("saved", { n: rows.length }));
  },

  async refresh() {
    const list = await refresh(root.dataset.list, branch, true).catch(() => null);
    await showState();
    return list ? tell(say("refreshed")) : complain(say("not_refreshed"));
  },

  async mark() {
    try {
      await send(root.dataset.install);
    } catch {
      return complain(say("not_refreshed"));
    }
    root.dataset.marked = "yes";
    return acts.refresh();
  },

  async remove() {
    const count = await store.count();
    if (count) return complain(say("has_entries", { n: count }));
    try {
      await send(root.dataset.remove);
    } catch {
      return complain(say("not_refreshed"));
    }
    counter?.end();
    counter = null;
    const worker = await navigator.serviceWorker.getRegistration(root.dataset.page);
    await worker?.unregister();
    for (const name of await caches.keys()) if (name.startsWith("offline-desk-")) await caches.delete(name);
    await store.erase();
    showInstall();
    return tell(say("removed"));
  },
};

let working = false;
const act = async (name) => {
  if (working) return;
  working = true;
  complain("");
  tell("");
  try {
    await acts[name]();
  } finally {
    working = false;
  }
};

root.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.dataset.do in acts) act(event.target.dataset.do);
});
root.addEventListener("click", ({ target }) => {
  const name = target.closest("button[data-do]")?.dataset.do;
  if (name in acts) act(name);
});

// -- idle, and the server is back ---------------------------------------------------------------------------------------
for (const kind of ["keydown", "pointerdown", "input"]) {
  addEventListener(kind, () => (active = Date.now()), { passive: true });
}
setInterval(() => {
  if (!counter || Date.now() - active < IDLE) return;
  acts.lock().then(() => tell(say("locked")));
}, 5_000);

setInterval(() => part("state").hidden || showState(), AGES_EVERY);

const askServer = async () => {
  const answer = await fetch(root.dataset.alive, { cache: "no-store", signal: AbortSignal.timeout(5_000) }).catch(() => null);
  part("alive").hidden = !answer?.ok;
};
if (!isOnline) setInterval(askServer, ASKED_EVERY);

begin();
