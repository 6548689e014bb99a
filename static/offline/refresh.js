/* Fetch the list while the desk is open, and encrypt it at once: no 合言葉 is needed for that. Every page of the desk loads this. */

import * as store from "./store.js";
import { sealer } from "./vault.js";

const EVERY = 3600 * 1000; // milliseconds between two fetches
const MINDED = 60 * 1000; // milliseconds by which the clock of this browser may be wrong

/* Return the facts of the list that is stored now; fetch it anew where it is old, or `isForced`. Throws where the server doesn't give it. */
export const refresh = async (url, branch, isForced = false) => {
  const keys = await store.read("keys");
  const stored = await store.read("list");
  if (!keys) return null;
  const isYoung = stored && Math.abs(Date.now() - stored.fetchedAt) < EVERY && stored.branch === branch;
  if (isYoung && !isForced) return stored;
  const answer = await fetch(url, { redirect: "error", cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const fetchedAt = Date.now();
  const wrong = Date.parse(answer.headers.get("Date")) - fetchedAt; // the server's clock less this one
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { made_at: madeAt, zone } = JSON.parse(new TextDecoder().decode(bytes));
  const seal = await sealer(keys.publicKey);
  const list = {
    ...(await seal(bytes)),
    madeAt: Date.parse(madeAt),
    zone,
    fetchedAt,
    skew: Math.abs(wrong) > MINDED ? wrong : 0,
    branch,
  };
  await store.writeList(list, keys);
  await storePage(url.replace(/\/list$/, ""));
  return list;
};

/* Store the page anew that stands without the server: that of this version, in the size of letters of now. */
const storePage = async (scope) => {
  await (await navigator.serviceWorker.getRegistration(scope))?.update().catch(() => {});
  const name = (await caches.keys()).find((each) => each.startsWith("offline-desk-"));
  if (!name) return;
  const cache = await caches.open(name);
  const shell = (await cache.keys()).find(({ url }) => url.endsWith("/shell"));
  if (shell) await cache.add(new Request(shell.url, { cache: "reload" })).catch(() => {});
};

const tag = document.getElementById("offline-refresh");
if (tag && globalThis.isSecureContext && globalThis.indexedDB) {
  const again = () => refresh(tag.dataset.list, tag.dataset.branch).catch(() => {}); // the age on the page tells
  again();
  setInterval(again, EVERY);
}
