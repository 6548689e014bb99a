/* What this browser stores for the offline desk (IndexedDB): its keys, the list, and entries. The last two are encrypted. */

const NAME = "offline-desk";
const FACTS = "facts"; // "keys" and "list"
const ENTRIES = "entries";

let opened = null;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const database = () => {
  if (!opened) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(FACTS);
      request.result.createObjectStore(ENTRIES, { keyPath: "id" });
    };
    opened = settled(request).then((made) => {
      made.onversionchange = () => close(made); // another tab takes the offline desk out of this browser
      return made;
    });
    opened.catch(() => {
      opened = null;
    });
  }
  return opened;
};

const close = (made) => {
  made.close();
  opened = null;
};

const reading = async (name) => (await database()).transaction(name).objectStore(name);

/* Write in one transaction, and come back when it is on the disk. */
const writing = async (name, act) => {
  const transaction = (await database()).transaction(name, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  act(transaction.objectStore(name));
  return done;
};

export const read = async (name) => settled((await reading(FACTS)).get(name));
export const write = (name, value) => writing(FACTS, (facts) => facts.put(value, name));

export const entries = async () => settled((await reading(ENTRIES)).getAll());
export const count = async () => settled((await reading(ENTRIES)).count());
export const add = (entry) => writing(ENTRIES, (rows) => rows.add(entry));
export const drop = (ids) => writing(ENTRIES, (rows) => ids.forEach((id) => rows.delete(id)));

/* Forget all. */
export const erase = async () => {
  if (opened) close(await opened);
  await settled(indexedDB.deleteDatabase(NAME));
};
