// Seals what a person writes with that person's own key (AES-GCM). A key is here only while its owner works.

/** Nobody has opened this person's store: nothing of it can be read or written now. */
export class Sealed extends Error {}

/** @type {Map<string, {key: CryptoKey, raw: Uint8Array<ArrayBuffer>}>} */
const ring = new Map();

/** Browsers offer this on https (or the own machine) only; elsewhere everything lies in clear text, and the page says so. */
export const possible = () => Boolean(globalThis.crypto?.subtle);
/** @param {string} user */
export const isOpen = (user) => !possible() || ring.has(user);

/** @param {string} user @param {Uint8Array<ArrayBuffer>} raw thirty-two bytes */
export async function hold(user, raw) {
  ring.set(user, { key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]), raw });
}
/** @param {string} user */
export const forget = (user) => ring.delete(user);
/** The key itself, to be wrapped by a PIN. @param {string} user */
export const rawOf = (user) => held(user).raw;

/** @param {string} user */
function held(user) {
  const found = ring.get(user);
  if (!found) throw new Sealed(user);
  return found;
}

/**
 * A box that only this person's key opens. @param {string} user
 * @param {any} value JSON, or an ArrayBuffer @returns {Promise<any>}
 */
export async function seal(user, value) {
  if (!possible()) return value;
  const { key } = held(user);
  const raw = value instanceof ArrayBuffer;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = raw ? value : new TextEncoder().encode(JSON.stringify(value));
  return { sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain), iv, raw };
}

/** What lies in the box; what was never sealed is given back as it is. @param {string} user @param {any} box @returns {Promise<any>} */
export async function open(user, box) {
  if (!box?.sealed) return box;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, held(user).key, box.sealed);
  return box.raw ? plain : JSON.parse(new TextDecoder().decode(plain));
}

/** @param {any} box */
export const isBox = (box) => Boolean(box?.sealed);

/** The key that somebody's secret words make, slowly. @param {string} secret @param {Uint8Array<ArrayBuffer>} salt @param {number} rounds */
export async function derived(secret, salt, rounds) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, key, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} raw */
export async function wrapped(key, raw) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, raw), iv };
}
/** The bytes, or null where the key is the wrong one. @param {CryptoKey} key @param {any} box */
export const unwrapped = (key, box) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.sealed).then((raw) => new Uint8Array(raw), () => null);
