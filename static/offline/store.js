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
const writing = async (names, act) => {
  const transaction = (await database()).transaction(names, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  act(...[names].flat().map((name) => transaction.objectStore(name)), transaction);
  return done;
};

/* Write what these keys have sealed. Throws where another tab has put others in their place: nobody could open it any more. */
const writingUnder = ({ locked }, act) =>
  writing([FACTS, ENTRIES], (facts, rows, transaction) => {
    facts.get("keys").onsuccess = ({ target: { result } }) => {
      if (result?.locked.salt === locked.salt) act(facts, rows, transaction);
      else transaction.abort();
    };
  });

export const read = async (name) => settled((await reading(FACTS)).get(name));
export const write = (name, value) => writing(FACTS, (facts) => facts.put(value, name));
export const writeList = (list, keys) => writingUnder(keys, (facts) => facts.put(list, "list"));

/* Put new keys in place of those; what they sealed is forgotten. Throws where an entry waits. */
export const changeKeys = (former, keys) =>
  writingUnder(former, (facts, rows, transaction) => {
    rows.count().onsuccess = ({ target: { result } }) => {
      if (result) return transaction.abort();
      facts.put(keys, "keys");
      return facts.delete("list");
    };
  });

export const entries = async () => settled((await reading(ENTRIES)).getAll());
export const count = async () => settled((await reading(ENTRIES)).count());
export const add = (entry, keys) => writingUnder(keys, (_, rows) => rows.add(entry));

/* Put an entry in place of the one with its id, as long as nobody has begun to send it. Return if it was put there. */
export const replace = async (entry, keys) => {
  let done = false;
  await writingUnder(keys, (_, rows) => {
    rows.get(entry.id).onsuccess = ({ target: { result } }) => {
      done = Boolean(result && !result.sent);
      if (done) rows.put(entry);
    };
  });
  return done;
};

/* Mark entries, and return the ids of those that are here: `sent` when they begin to be sent, `saved` when a file has them, too. */
export const mark = async (ids, name) => {
  const here = [];
  await writing(ENTRIES, (rows) => {
    for (const id of ids) {
      rows.get(id).onsuccess = ({ target: { result } }) => {
        if (!result) return;
        rows.put({ ...result, [name]: true });
        here.push(id);
      };
    }
  });
  return new Set(here);
};

/* Take back an entry that nobody has begun to send. Return what it was; undefined for one that was sent, and stays. */
export const takeBack = async (id) => {
  let found;
  await writing(ENTRIES, (rows) => {
    rows.get(id).onsuccess = ({ target: { result } }) => {
      if (!result || result.sent) return;
      found = result;
      rows.delete(id);
    };
  });
  return found;
};

export const drop = (ids) => writing(ENTRIES, (rows) => ids.forEach((id) => rows.delete(id)));

/* Forget all. */
export const erase = async () => {
  if (opened) close(await opened);
  await settled(indexedDB.deleteDatabase(NAME));
};
