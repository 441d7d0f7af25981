// The tablet's database: opened, brought up to date, one transaction at a time. It knows nothing of what lies in it.

const NAME = "tablet";
/** 1: without drafts and papers. 2: everything in clear text, papers and what others wrote shared by all. */
const VERSION = 3;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const answer = (request) =>
  new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

/**
 * Adds what this version has more; nothing that waits is touched.
 * @param {IDBDatabase} db @param {IDBTransaction} change @param {number} before
 */
function upgrade(db, change, before) {
  /** @param {string} name @param {IDBObjectStoreParameters} options @param {Record<string, string | string[]>} [indexes] */
  const store = (name, options, indexes = {}) => {
    const made = db.objectStoreNames.contains(name) ? change.objectStore(name) : db.createObjectStore(name, options);
    for (const [index, path] of Object.entries(indexes)) {
      if (!made.indexNames.contains(index)) made.createIndex(index, path);
    }
    return made;
  };
  store("settings", { keyPath: "name" });
  store("people", { keyPath: "id" });
  store("visits", { keyPath: ["user", "id"] });
  store("told", { keyPath: ["user", "visit", "seq"] }, { item: ["user", "visit", "item"] });
  store("operations", { keyPath: "n", autoIncrement: true },
    { id: "id", state: "state", own: ["author", "state"], place: ["author", "op.visit", "op.item"], visit: ["author", "op.visit"] });
  store("photos", { keyPath: "id" }, { state: "state", own: ["author", "state"], place: ["author", "visit", "item"] });
  store("thumbs", { keyPath: "id" });
  store("bytes", { keyPath: "id" });
  store("drafts", { keyPath: ["visit", "item", "author"] }, { author: "author" });
  store("findings", { keyPath: ["user", "id"] }, { visit: ["user", "visit"], begun: ["user", "begun"] });
  store("spoiled", { keyPath: "n", autoIncrement: true });
  if (before && before < 3) fromTwo(db, change);
}

/** What one version kept for all becomes each person's own. @param {IDBDatabase} db @param {IDBTransaction} change */
function fromTwo(db, change) {
  change.objectStore("visits").getAll().onsuccess = ({ target }) => {
    /** @type {any[]} */
    const visits = /** @type {any} */ (target).result;
    const users = (/** @type {string} */ visit) => visits.filter((each) => each.id === visit).map((each) => each.user);
    /** @param {string} name @param {(row: any) => void} each */
    const over = (name, each) => {
      if (!db.objectStoreNames.contains(name)) return;
      change.objectStore(name).openCursor().onsuccess = (event) => {
        const cursor = /** @type {any} */ (event.target).result;
        if (!cursor) return;
        each(cursor.value);
        cursor.continue();
      };
    };
    over("seen", (edit) => {
      const { visit, item, field, seq, id } = edit;
      for (const user of users(visit)) change.objectStore("told").put({ user, visit, item, field, seq, id, box: edit });
    });
    over("settings", ({ name, value }) => {
      if (!name.startsWith("pulled ") || name.split(" ").length > 2) return;
      const visit = name.slice("pulled ".length);
      for (const user of users(visit)) change.objectStore("settings").put({ name: `pulled ${user} ${visit}`, value });
    });
    over("papers", ({ id, visit, author, begun, seen, ...rest }) => {
      for (const user of author ? [author] : users(visit)) {
        change.objectStore("findings").put({ user, id, visit, begun: begun ? 1 : 0, seen, value: { value: rest.value, item: rest.item },
          base: { value: rest.base }, server: rest.server ?? null });
      }
    });
    over("photos", ({ thumb, ...photo }) => {
      if (!thumb) return;
      change.objectStore("thumbs").put({ id: photo.id, data: thumb });
      change.objectStore("photos").put(photo);
    });
  };
}

function open() {
  opened ??= new Promise((good, bad) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) =>
      upgrade(request.result, /** @type {IDBTransaction} */ (request.transaction), oldVersion);
    request.onsuccess = () => {
      const db = request.result;
      // a browser short of memory closes the connection; the next edit opens it again
      db.onclose = () => (opened = null);
      db.onversionchange = () => {
        db.close();
        opened = null;
      };
      good(db);
    };
    request.onerror = () => {
      opened = null;
      bad(request.error);
    };
  });
  return opened;
}

/** Bytes that lie here for nothing, so that a disk filled by photographs still takes words: thousands of answers. */
const BALLAST = 1.5 * 1024 * 1024;

/** @param {any} fault */
export const isFull = (fault) => fault?.name === "QuotaExceededError";

/** Whether the room kept for words is there. */
export const hasRoom = async () => Boolean(await within(["settings"], "readonly", (settings) => answer(settings.getKey("ballast"))));

/** Keeps room for words, as soon as there is any. */
export async function keepRoom() {
  if (await hasRoom()) return;
  const value = new Uint8Array(BALLAST); // random: what repeats itself would be packed to nothing
  for (let at = 0; at < BALLAST; at += 0x10000) crypto.getRandomValues(value.subarray(at, at + 0x10000));
  await attempt(["settings"], "readwrite", (settings) => answer(settings.put({ name: "ballast", value })))
    .catch((fault) => { if (!isFull(fault)) throw fault; });
}

/** Whether there was room kept for words; it is theirs now. */
const madeRoom = () =>
  attempt(["settings"], "readwrite", async (settings) => {
    const there = await answer(settings.getKey("ballast"));
    settings.delete("ballast");
    return Boolean(there);
  });

/**
 * What `work` returns, once all of it is on the disk with strict durability; or nothing of it is, and the reason
 * is thrown. `work` awaits requests only: anything else would end the transaction; on a full disk it runs once more.
 * @template T @param {string[]} names @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => Promise<T>} work
 * @param {boolean} [large] a photograph: it leaves to words the room that is kept for them @returns {Promise<T>}
 */
export async function within(names, mode, work, large = false) {
  try {
    return await attempt(names, mode, work);
  } catch (fault) {
    if (large || !isFull(fault) || !(await madeRoom())) throw fault;
    return attempt(names, mode, work);
  }
}

/**
 * @template T @param {string[]} names @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => Promise<T>} work @returns {Promise<T>}
 */
async function attempt(names, mode, work) {
  const begun = async () => (await open()).transaction(names, mode, { durability: "strict" });
  let change;
  try {
    change = await begun();
  } catch (fault) {
    if (/** @type {DOMException} */ (fault).name !== "InvalidStateError") throw fault;
    opened = null; // the connection was closing
    change = await begun();
  }
  const ended = new Promise((good, bad) => {
    change.oncomplete = good;
    change.onabort = () => bad(change.error ?? new DOMException("aborted", "AbortError"));
  });
  ended.catch(() => {}); // `work` usually fails first, with the better reason
  try {
    const result = await work(...names.map((name) => change.objectStore(name)));
    await ended;
    return result;
  } catch (fault) {
    try {
      change.abort();
    } catch {
      // it has ended by itself
    }
    throw fault;
  }
}

/** @param {string} store @param {IDBValidKey | IDBKeyRange} key */
export const get = (store, key) => within([store], "readonly", (each) => answer(each.get(key)));
/** @param {string} store @param {IDBValidKey | IDBKeyRange} [range] @param {string} [index] @returns {Promise<any[]>} */
export const all = (store, range, index) =>
  within([store], "readonly", (each) => answer((index ? each.index(index) : each).getAll(range)));
/** @param {string} store @param {any} row */
export const put = (store, row) => within([store], "readwrite", (each) => answer(each.put(row)));
/** Every key that begins with these. @param {...string} parts */
export const under = (...parts) => IDBKeyRange.bound(parts, [...parts, []]);

/** All that this tablet holds is gone. @returns {Promise<void>} */
export async function wipe() {
  (await open()).close();
  opened = null;
  return new Promise((good, bad) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = () => good();
    request.onerror = () => bad(request.error);
    request.onblocked = () => {}; // another tab closes its connection when it hears of it
  });
}

/** Thirty-two random hex digits with dashes; `randomUUID` is missing where the page came over plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {string} name */
export const setting = async (name) => (await get("settings", name))?.value;
/** @param {string} name @param {any} value */
export const set = (name, value) => put("settings", { name, value });

/** This tablet's own name, made once. @returns {Promise<string>} */
export const device = () =>
  within(["settings"], "readwrite", async (settings) => {
    const known = await answer(settings.get("device"));
    if (known) return known.value;
    const made = newId();
    await answer(settings.put({ name: "device", value: made }));
    return made;
  });
