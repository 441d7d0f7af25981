// What this tablet holds, in IndexedDB: visits, operations, photographs, papers begun. No network, no screen.
// An operation is written before anything else happens to it, with strict durability; nothing is ever wiped.

/**
 * @typedef {{id: string, visit: string, item: string, field: string, kind: string, value: any, base: number | null,
 *   at: string, template_version: number, author: string, reason?: string}} Operation
 * @typedef {{n?: number, id: string, author: string, state: "waiting" | "sent" | "refused" | "settled", tries: number,
 *   seq?: number, held?: boolean, reason?: string, sentence?: string, op: Operation}} Row
 */

const NAME = "tablet";
/** 1: without drafts, papers and what cannot be read. A later version adds; it never takes away. */
const VERSION = 2;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });

/** @param {IDBDatabase} db @param {IDBTransaction} change */
function upgrade(db, change) {
  /** @param {string} name @param {IDBObjectStoreParameters} options */
  const store = (name, options) =>
    db.objectStoreNames.contains(name) ? change.objectStore(name) : db.createObjectStore(name, options);
  store("settings", { keyPath: "name" });
  store("visits", { keyPath: ["user", "id"] });
  store("seen", { keyPath: ["visit", "seq"] });
  const operations = store("operations", { keyPath: "n", autoIncrement: true });
  if (!operations.indexNames.contains("id")) operations.createIndex("id", "id");
  if (!operations.indexNames.contains("state")) operations.createIndex("state", "state");
  store("photos", { keyPath: "id" });
  store("bytes", { keyPath: "id" });
  store("drafts", { keyPath: ["visit", "item", "author"] });
  store("papers", { keyPath: "id" });
  store("spoiled", { keyPath: "n", autoIncrement: true });
}

function open() {
  opened ??= new Promise((good, bad) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => upgrade(request.result, /** @type {IDBTransaction} */ (request.transaction));
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

/**
 * What `work` returns, once all of it is on the disk; or nothing of it is, and the reason is thrown.
 * @template T @param {string[]} names @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => Promise<T>} work @returns {Promise<T>}
 */
async function within(names, mode, work) {
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
const get = (store, key) => within([store], "readonly", (each) => answer(each.get(key)));
/** @param {string} store @param {IDBKeyRange} [range] */
const all = (store, range) => within([store], "readonly", (each) => answer(each.getAll(range)));
/** @param {string} store @param {any} row */
const put = (store, row) => within([store], "readwrite", (each) => answer(each.put(row)));

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

/** The person's visits become these; what was pulled of others stays. @param {string} user @param {any[]} visits */
export const keepVisits = (user, visits) =>
  within(["visits"], "readwrite", async (store) => {
    const range = IDBKeyRange.bound([user], [user, []]);
    for (const old of await answer(store.getAll(range))) {
      if (!visits.some((each) => each.id === old.id)) store.put({ ...old, closed: true });
    }
    for (const visit of visits) store.put({ ...visit, user, closed: false });
  });

/** @param {string} user */
export const visits = (user) => all("visits", IDBKeyRange.bound([user], [user, []]));
/** @param {string} user @param {string} id */
export const visit = (user, id) => get("visits", [user, id]);

/** Everything known of a visit: what the server told, and what waits here. @param {string} visit */
export const known = (visit) =>
  within(["seen", "operations", "photos", "drafts"], "readonly", async (seen, operations, photos, drafts) => {
    const range = IDBKeyRange.bound([visit], [visit, []]);
    const told = await answer(seen.getAll(range));
    const rows = (await answer(operations.getAll())).filter((row) => row.op?.visit === visit);
    const pictures = (await answer(photos.getAll())).filter((photo) => photo.visit === visit);
    return { told, rows, photos: pictures, drafts: await answer(drafts.getAll(range)) };
  });

/** The next place to pull from. @param {string} visit @returns {Promise<number>} */
export const pulled = async (visit) => (await setting(`pulled ${visit}`)) ?? 0;

/**
 * What the server told is kept; an own operation that came back is done with.
 * @param {string} visit @param {any[]} operations @param {number} seq
 */
export const take = (visit, operations, seq) =>
  within(["seen", "operations", "settings"], "readwrite", async (seen, rows, settings) => {
    for (const each of operations) {
      seen.put(each);
      const mine = await answer(rows.index("id").get(each.id));
      if (mine && mine.state !== "refused") rows.delete(mine.n);
    }
    settings.put({ name: `pulled ${visit}`, value: seq });
  });

/**
 * The row of a new edit, on the disk. While a person is still typing and nothing was sent yet, the same
 * operation takes the newer text; once it has been sent its body never changes.
 * @param {Omit<Operation, "id" | "at">} said
 * @param {{typing?: boolean, photo?: any, bytes?: ArrayBuffer}} [more] @returns {Promise<Row>}
 */
export const edit = (said, { typing = false, photo, bytes } = {}) =>
  within(["operations", "photos", "bytes", "drafts"], "readwrite", async (operations, photos, files, drafts) => {
    const at = new Date().toISOString();
    const rows = await answer(operations.getAll());
    const same = rows.filter(
      (row) => row.author === said.author && row.op?.visit === said.visit && row.op.item === said.item &&
        row.op.field === said.field,
    );
    const last = same.findLast((row) => row.state === "waiting");
    for (const row of same) {
      if (row.state === "refused" && said.field !== "photos") operations.put({ ...row, state: "settled" });
    }
    if (said.field === "answer") drafts.delete([said.visit, said.item, said.author]);
    if (typing && last && last.tries === 0 && last.op.kind === said.kind) {
      const changed = { ...last, op: { ...last.op, ...said, at } };
      await answer(operations.put(changed));
      return changed;
    }
    const id = photo?.id ?? newId();
    const row = { id, author: said.author, state: "waiting", tries: 0, op: { ...said, id, at } };
    if (photo) {
      photos.put(photo);
      files.put({ id, data: bytes });
    }
    const n = await answer(operations.add(row));
    return { ...row, n };
  });

/** The photograph learns where it was taken, unless it has left already. @param {string} id @param {any} place */
export const placed = (id, place) =>
  within(["operations"], "readwrite", async (operations) => {
    const row = await answer(operations.index("id").get(id));
    if (row?.tries === 0) operations.put({ ...row, op: { ...row.op, value: { ...row.op.value, place } } });
  });

/** What is half typed and no answer yet. @param {any} draft */
export const keepDraft = (draft) => put("drafts", draft);
/** @param {string} visit @param {string} item @param {string} author */
export const dropDraft = (visit, item, author) =>
  within(["drafts"], "readwrite", (drafts) => answer(drafts.delete([visit, item, author])));

/** @param {any} row */
const readable = (row) =>
  Boolean(row.id && row.author && row.op && row.op.id === row.id && row.op.visit && row.op.item && row.op.field);

/** Rows that no version of this program can read are set aside, where they can be seen and exported. */
export const setAside = () =>
  within(["operations", "spoiled"], "readwrite", async (operations, spoiled) => {
    for (const row of await answer(operations.getAll())) {
      if (readable(row)) continue;
      spoiled.add({ row });
      operations.delete(row.n);
    }
  });

/** How many wait, by whom; what was refused; what is half done. */
export const counts = () =>
  within(["operations", "photos", "spoiled", "papers", "drafts"], "readonly", async (...stores) => {
    const [rows, photos, spoiled, papers, drafts] = await Promise.all(stores.map((each) => answer(each.getAll())));
    /** @type {Record<string, number>} */
    const waiting = {};
    for (const row of rows) if (row.state === "waiting") waiting[row.author] = (waiting[row.author] ?? 0) + 1;
    for (const photo of photos) {
      if (photo.state === "waiting") waiting[photo.author] = (waiting[photo.author] ?? 0) + 1;
    }
    return {
      waiting,
      refused: rows.filter((row) => row.state === "refused").length +
        photos.filter((photo) => photo.state === "refused").length + spoiled.length,
      begun: papers.filter((paper) => paper.begun).length + drafts.length,
      photos: photos.length,
      delivered: photos.filter((photo) => photo.state === "delivered").length,
    };
  });

/** The operations of that author in the order of writing; of one paper only the first. @param {string} author */
export const waiting = (author) =>
  within(["operations"], "readonly", async (operations) => {
    const rows = (await answer(operations.index("state").getAll("waiting"))).filter((row) => row.author === author);
    rows.sort((one, other) => one.n - other.n);
    const papers = new Set();
    return rows.filter((row) => {
      if (row.op.field !== "paper") return true;
      const first = !papers.has(row.op.item);
      papers.add(row.op.item);
      return first;
    });
  });

/**
 * The same rows, marked as sent at least once: from here on their bodies stay as they are. A paper learns
 * which revision its author had before the eyes.
 * @param {Row[]} rows @returns {Promise<Row[]>}
 */
export const leaving = (rows) =>
  within(["operations", "papers"], "readwrite", async (operations, papers) => {
    const left = [];
    for (const { n } of rows) {
      const row = await answer(operations.get(/** @type {number} */ (n)));
      if (!row || row.state !== "waiting") continue;
      if (row.op.field === "paper" && row.tries === 0) {
        const paper = await answer(papers.get(row.op.item.slice("finding:".length)));
        row.op.value = { ...row.op.value, seen: paper?.seen ?? null };
      }
      const marked = { ...row, tries: row.tries + 1 };
      operations.put(marked);
      left.push(marked);
    }
    return left;
  });

/** @param {any[]} acks */
export const acked = (acks) =>
  within(["operations", "photos", "papers"], "readwrite", async (operations, photos, papers) => {
    for (const ack of acks) {
      const row = await answer(operations.index("id").get(ack.id));
      if (!row || row.state === "sent") continue;
      const { reason, sentence } = ack;
      if (ack.status === "refused") {
        operations.put({ ...row, state: "refused", reason, sentence });
        const photo = row.op.field === "photos" && (await answer(photos.get(row.id)));
        if (photo) photos.put({ ...photo, state: "refused", sentence });
      } else {
        operations.put({ ...row, state: "sent", seq: ack.seq, held: ack.status === "conflict" });
        const paper = row.op.field === "paper" && (await answer(papers.get(row.op.item.slice("finding:".length))));
        if (paper) papers.put({ ...paper, seen: ack.revision ?? (row.op.value.seen ?? 0) + 1, base: row.op.value });
      }
    }
  });

/** Photographs of that author whose operation has arrived and whose bytes have not. @param {string} author */
export const photosToSend = (author) =>
  within(["photos", "operations"], "readonly", async (photos, operations) => {
    const ready = [];
    for (const photo of await answer(photos.getAll())) {
      if (photo.author !== author || photo.state !== "waiting") continue;
      const row = await answer(operations.index("id").get(photo.id));
      if (!row || row.state === "sent") ready.push(photo.id);
    }
    return ready;
  });
/** The bytes of that photograph (not a Blob: WebKit loses those), or null. @param {string} id */
export const bytesOf = async (id) => (await get("bytes", id))?.data ?? null;
/** The server has named the photograph: the large copy may go. @param {string} id */
export const photoDelivered = (id) =>
  within(["photos", "bytes"], "readwrite", async (photos, bytes) => {
    const row = await answer(photos.get(id));
    if (row) photos.put({ ...row, state: "delivered" });
    bytes.delete(id);
  });
/** @param {string} id @param {string} sentence */
export const photoRefused = (id, sentence) =>
  within(["photos"], "readwrite", async (photos) => {
    const row = await answer(photos.get(id));
    if (row) await answer(photos.put({ ...row, state: "refused", sentence }));
  });

/** @param {string} visit */
export const papers = async (visit) => (await all("papers")).filter((paper) => paper.visit === visit);
/** @param {string} id */
export const paper = (id) => get("papers", id);
/** @param {any} paper */
export const keepPaper = (paper) => put("papers", paper);

/** What the server says of the visit's papers; what is being written here stays. @param {string} visit @param {any[]} told */
export const takePapers = (visit, told) =>
  within(["papers", "operations"], "readwrite", async (papers, operations) => {
    const rows = (await answer(operations.getAll())).filter((row) => row.op?.field === "paper");
    for (const { id, revision, number, state, said, author_name } of told) {
      const mine = await answer(papers.get(id));
      const open = rows.some((row) => row.op.item === `finding:${id}` && ["waiting", "refused"].includes(row.state));
      const server = { revision, number, state, said, author_name };
      if (mine && (mine.begun || open)) papers.put({ ...mine, server });
      else papers.put({ ...mine, id, visit, value: said, base: said, seen: revision, begun: false, server });
    }
  });

/** Everything that needs a person: refused operations and photographs, and what cannot be read. */
export const refused = () =>
  within(["operations", "photos", "spoiled"], "readonly", async (operations, photos, spoiled) => ({
    rows: await answer(operations.index("state").getAll("refused")),
    photos: (await answer(photos.getAll())).filter((photo) => photo.state === "refused"),
    spoiled: await answer(spoiled.getAll()),
  }));
/** The person has read why and lets it be; the server keeps it in quarantine. @param {number} n */
export const settle = (n) =>
  within(["operations", "photos"], "readwrite", async (operations, photos) => {
    const row = await answer(operations.get(n));
    if (!row) return;
    operations.put({ ...row, state: "settled" });
    const photo = row.op.field === "photos" && (await answer(photos.get(row.id)));
    if (photo) photos.put({ ...photo, state: "settled" });
  });

/** Everything that no server has named yet, for a file. */
export const undelivered = () =>
  within(["operations", "photos", "spoiled", "drafts", "papers"], "readonly", async (...stores) => {
    const [rows, photos, spoiled, drafts, papers] = await Promise.all(stores.map((each) => answer(each.getAll())));
    return {
      rows: rows.filter((row) => row.state === "waiting" || row.state === "refused"),
      photos: photos.filter((photo) => photo.state === "waiting" || photo.state === "refused"),
      spoiled,
      drafts,
      papers: papers.filter((paper) => paper.begun),
    };
  });

/** The paper is complete: its row and its operation, together. @param {any} paper @param {Omit<Operation, "id" | "at">} said */
export const finishPaper = (paper, said) =>
  within(["papers", "operations"], "readwrite", async (papers, operations) => {
    const rows = (await answer(operations.getAll())).filter(
      (row) => row.op?.item === said.item && row.op.field === "paper",
    );
    for (const row of rows) if (row.state === "refused") operations.put({ ...row, state: "settled" });
    const last = rows.findLast((row) => row.state === "waiting" && row.tries === 0);
    const at = new Date().toISOString();
    papers.put(paper);
    if (last) return answer(operations.put({ ...last, op: { ...last.op, ...said, at } }));
    const id = newId();
    return answer(operations.add({ id, author: said.author, state: "waiting", tries: 0, op: { ...said, id, at } }));
  });
