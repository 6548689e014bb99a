/* Encryption: whoever has the public key writes, whoever has the 合言葉 reads.
   A text is under an AES key of its own, that key under the browser's RSA key, and its private half under the 合言葉. */

const ROUNDS = 600_000; // of PBKDF2 with SHA-256
const RSA = { name: "RSA-OAEP", hash: "SHA-256" };
const AES = { name: "AES-GCM", length: 256 };
export const SHORTEST = 12; // letters of a 合言葉

const { subtle } = globalThis.crypto;
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const toBase64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/* One spelling of a 合言葉: without full width, and without spaces at its ends. */
export const spelled = (passphrase) => passphrase.normalize("NFKC").trim();

const keyOf = async (passphrase, salt) => {
  const text = new TextEncoder().encode(spelled(passphrase));
  const material = await subtle.importKey("raw", text, "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, material, AES, false, [
    "wrapKey",
    "unwrapKey",
  ]);
};

/* Return { publicKey, locked }: a new pair, its private half under a 合言葉. `locked` is texts alone, to stand in a file. */
export const makeKeys = async (passphrase) => {
  const pair = await subtle.generateKey(
    { ...RSA, modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["wrapKey", "unwrapKey"],
  );
  const [salt, iv] = [random(16), random(12)];
  const wrapped = await subtle.wrapKey("pkcs8", pair.privateKey, await keyOf(passphrase, salt), { name: "AES-GCM", iv });
  const locked = { salt: toBase64(salt), iv: toBase64(iv), key: toBase64(wrapped) };
  const spki = await subtle.exportKey("spki", pair.publicKey);
  const publicKey = await subtle.importKey("spki", spki, RSA, false, ["wrapKey"]);
  return { publicKey, locked };
};

/* Return the private key; null for another 合言葉. */
export const unlock = async (locked, passphrase) => {
  const key = await keyOf(passphrase, toBytes(locked.salt));
  const iv = toBytes(locked.iv);
  try {
    return await subtle.unwrapKey("pkcs8", toBytes(locked.key), key, { name: "AES-GCM", iv }, RSA, false, ["unwrapKey"]);
  } catch {
    return null;
  }
};

/* Return seal(bytes) → { key, iv, data }. One AES key serves for all that is sealed by it: an RSA step is needed once. */
export const sealer = async (publicKey) => {
  const key = await subtle.generateKey(AES, true, ["encrypt"]);
  const wrapped = toBase64(await subtle.wrapKey("raw", key, publicKey, RSA));
  return async (bytes) => {
    const iv = random(12);
    return { key: wrapped, iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  };
};

/* Return open({ key, iv, data }) → bytes, which fails for what was changed. */
export const opener = (privateKey) => {
  const known = new Map();
  const unwrap = (wrapped) => {
    if (!known.has(wrapped)) {
      known.set(wrapped, subtle.unwrapKey("raw", toBytes(wrapped), privateKey, RSA, AES, false, ["decrypt"]));
    }
    return known.get(wrapped);
  };
  return async ({ key, iv, data }) => subtle.decrypt({ name: "AES-GCM", iv }, await unwrap(key), data);
};

export const sealText = (seal, value) => seal(new TextEncoder().encode(JSON.stringify(value)));
export const openText = async (open, sealed) => JSON.parse(new TextDecoder().decode(await open(sealed)));

/* Open many; what can't be opened is counted in `damaged`. */
export const openAll = async (open, rows) => {
  const [found, total] = [[], rows.length];
  for (let first = 0; first < total; first += 500) {
    const some = rows.slice(first, first + 500).map((row) => openText(open, row).catch(() => null));
    found.push(...(await Promise.all(some)).filter(Boolean));
  }
  return { found, damaged: total - found.length };
};

// -- as a file ----------------------------------------------------------------------------------------------------------
const FORMAT = "madoguchi-offline/1";

/* Return the text of a file: entries as they are stored, with the key that the 合言葉 opens. */
export const toFile = (locked, rows) =>
  JSON.stringify({
    format: FORMAT,
    locked,
    entries: rows.map(({ id, key, iv, data }) => ({ id, key, iv: toBase64(iv), data: toBase64(data) })),
  });

/* Return { locked, entries } of such a text; null for anything else. */
export const fromFile = (text) => {
  try {
    const { format, locked, entries } = JSON.parse(text);
    if (format !== FORMAT || ![locked.salt, locked.iv, locked.key].every((each) => typeof each === "string")) return null;
    return { locked, entries: entries.map((row) => ({ ...row, iv: toBytes(row.iv), data: toBytes(row.data) })) };
  } catch {
    return null;
  }
};
