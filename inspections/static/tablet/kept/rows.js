// The operations of this tablet: each is on the disk, sealed, before anything else happens to it, and stays until
// the stay is wiped: waiting, sent (the server named it), refused (with the reason), settled (put right or let go).

import { all, answer, newId, within } from "./db.js";
import { open, seal } from "./seal.js";

/**
 * @typedef {{id: string, visit: string, item: string, field: string, kind: string, value: any, base: number | null,
 *   saw?: string[], at: string, template_version: number, author: string, reason?: string, settles?: number[],
 *   settles_ids?: string[]}} Operation
 * @typedef {{n?: number, id: string, author: string, state: "waiting" | "sent" | "refused" | "settled" | "gone", tries: number,
 *   seq?: number, seen?: number | null, held?: boolean, late?: boolean, reason?: string, sentence?: string, box?: any, op: Operation}} Row
 */

/** The row with its words. Rows of an older program have them in clear. @param {any} row @returns {Promise<Row>} */
export async function opened(row) {
  if (!row.box) return row;
  const words = await open(row.author, row.box);
  if (row.op.field === "paper" && row.seen !== undefined) words.value.seen = row.seen;
  return { ...row, op: { ...row.op, ...words } };
}
/** @param {any[]} rows */
const allOpened = (rows) => Promise.all(rows.map(opened));

/** What that person wrote for one item, in the order of writing. @param {string} user @param {string} visit @param {string} item */
export const rowsOf = async (user, visit, item) => allOpened(await all("operations", IDBKeyRange.only([user, visit, item]), "place"));
/** @param {string} user @param {string} visit */
export const rowsOfVisit = async (user, visit) => allOpened(await all("operations", IDBKeyRange.only([user, visit]), "visit"));

/**
 * The row of a new edit, on the disk. While a person is still typing and nothing was sent yet, the same
 * operation takes the newer text; once it has been sent its body never changes.
 * @param {Omit<Operation, "id" | "at">} said
 * @param {{typing?: boolean, photo?: any, bytes?: ArrayBuffer, thumb?: ArrayBuffer}} [more] @returns {Promise<any>}
 */
export async function edit(said, { typing = false, photo, bytes, thumb } = {}) {
  const { value, reason, ...op } = said;
  const user = said.author;
  const box = await seal(user, { value, ...(reason === undefined ? {} : { reason }) });
  const [file, small] = photo ? await Promise.all([seal(user, bytes), seal(user, thumb)]) : [];
  const draft = { answer: said.item, note: `${said.item} note` }[said.field];
  // words wait for no photograph that is being written
  const names = ["operations", "drafts", ...(photo ? ["photos", "bytes", "thumbs"] : [])];
  return within(names, "readwrite", async (operations, drafts, photos, files, thumbs) => {
    const at = new Date().toISOString();
    if (draft) drafts.delete([said.visit, draft, user]);
    if (typing) {
      const rows = await answer(operations.index("place").getAll([user, said.visit, said.item]));
      const last = rows.findLast((row) => row.op.field === said.field);
      if (last?.state === "waiting" && last.tries === 0 && last.op.kind === said.kind) {
        const changed = { ...last, op: { ...last.op, ...op, at }, box };
        await answer(operations.put(changed));
        return changed;
      }
    }
    const id = photo?.id ?? newId();
    const row = { id, author: user, state: "waiting", tries: 0, op: { ...op, id, at }, box };
    if (photo) {
      photos.put({ ...photo, state: "waiting", tries: 0 });
      files.put({ id, data: file });
      thumbs.put({ id, data: small });
    }
    const n = await answer(operations.add(row));
    return { ...row, n };
  }, Boolean(photo));
}

/** The operations of that author in the order of writing; of one paper only the first. @param {string} author */
export async function waiting(author) {
  const rows = await all("operations", IDBKeyRange.only([author, "waiting"]), "own");
  rows.sort((one, other) => one.n - other.n);
  const papers = new Set();
  return rows.filter((row) => {
    if (row.op.field !== "paper") return true;
    const first = !papers.has(row.op.item);
    papers.add(row.op.item);
    return first;
  });
}

/**
 * The same rows with their words, marked as sent at least once: from here on their bodies stay as they are. A paper
 * learns which revision its author had before the eyes.
 * @param {Row[]} rows @returns {Promise<Row[]>}
 */
export async function leaving(rows) {
  const left = await within(["operations", "findings"], "readwrite", async (operations, findings) => {
    const marked = [];
    for (const { n } of rows) {
      const row = await answer(operations.get(/** @type {number} */ (n)));
      if (!row || row.state !== "waiting") continue;
      if (row.op.field === "paper" && row.seen === undefined && row.tries === 0) {
        row.seen = (await answer(findings.get([row.author, row.op.item.slice("finding:".length)])))?.seen ?? null;
      }
      const next = { ...row, tries: row.tries + 1 };
      operations.put(next);
      marked.push(next);
    }
    return marked;
  });
  return allOpened(left);
}

/** What the server said of each; what was put right by a newer one that arrived is settled. @param {any[]} acks */
export const acked = (acks) =>
  within(["operations", "photos", "findings"], "readwrite", async (operations, photos, findings) => {
    for (const ack of acks) {
      const row = await answer(operations.index("id").get(ack.id));
      if (!row || row.state === "sent") continue;
      const { reason, sentence } = ack;
      if (ack.status === "refused") {
        operations.put({ ...row, state: "refused", reason, sentence });
        const photo = row.op.field === "photos" && row.op.kind === "add" && (await answer(photos.get(row.id)));
        if (photo && photo.state === "waiting") photos.put({ ...photo, state: "refused", sentence });
        continue;
      }
      operations.put({ ...row, state: "sent", seq: ack.seq ?? row.seq, held: ack.status === "conflict", late: Boolean(ack.late) });
      const { visit, item, field } = row.op;
      for (const older of await answer(operations.index("place").getAll([row.author, visit, item]))) {
        if (older.state === "refused" && older.op.field === field && older.n < row.n && field !== "photos") {
          operations.put({ ...older, state: "settled" });
        }
      }
      const key = [row.author, item.slice("finding:".length)];
      const paper = field === "paper" && (await answer(findings.get(key)));
      if (paper) findings.put({ ...paper, seen: ack.revision ?? (row.seen ?? 0) + 1, base: row.box ?? { value: row.op.value } });
    }
  });

/**
 * The newest refusal of each thing that this person wrote, until something newer there has arrived; photographs by
 * themselves. `replaced`: something newer waits. @param {string} user @returns {Promise<(Row & {replaced?: boolean})[]>}
 */
export async function refused(user) {
  const needing = [];
  for (const row of await all("operations", IDBKeyRange.only([user, "refused"]), "own")) {
    const { visit, item, field } = row.op ?? {};
    if (field === undefined) continue;
    const later = field === "photos" ? [] : (await all("operations", IDBKeyRange.only([user, visit, item]), "place"))
      .filter((each) => each.op.field === field && each.n > row.n);
    if (later.some((each) => each.state === "refused")) continue;
    needing.push({ ...(await opened(row)), replaced: later.some((each) => each.state === "waiting") });
  }
  return needing;
}

/** The person has said to let it go: with it everything refused before it at the same place. @param {number} n */
export const discard = (n) =>
  within(["operations", "photos"], "readwrite", async (operations, photos) => {
    const row = await answer(operations.get(n));
    if (!row) return;
    const { visit, item, field } = row.op;
    const same = await answer(operations.index("place").getAll([row.author, visit, item]));
    for (const each of same) {
      if (each.state !== "refused" || each.n > n || each.op.field !== field || (field === "photos" && each.n !== n)) continue;
      operations.put({ ...each, state: "settled" });
      const photo = field === "photos" && (await answer(photos.get(each.id)));
      if (photo) photos.put({ ...photo, state: "settled" });
    }
  });

/** An operation that never left is taken back, with what came with it; false when it has left. @param {string} id */
export const takenBack = (id) =>
  within(["operations", "photos", "bytes", "thumbs"], "readwrite", async (operations, ...files) => {
    const row = await answer(operations.index("id").get(id));
    if (!row || row.state !== "waiting" || row.tries) return false;
    operations.delete(row.n);
    for (const each of files) each.delete(id);
    return true;
  });

/** The photograph learns where it was taken, unless it has left already. @param {string} user @param {string} id @param {any} place */
export async function placed(user, id, place) {
  const [row] = await all("operations", IDBKeyRange.only(id), "id");
  if (!row || row.tries) return;
  const { op } = await opened(row);
  const box = await seal(user, { value: { .../** @type {any} */ (op.value), place } });
  await within(["operations"], "readwrite", async (operations) => {
    const now = await answer(operations.get(row.n));
    if (now?.tries === 0) operations.put({ ...now, box });
  });
}

/** The ids of what that person wrote and the server once named. @param {string} user */
export const sent = async (user) =>
  (await all("operations", IDBKeyRange.only([user, "sent"]), "own")).map((row) => row.id);

/** What the server no longer holds goes out again as it was. @param {string[]} ids */
export const again = (ids) =>
  within(["operations"], "readwrite", async (operations) => {
    for (const id of ids) {
      const row = await answer(operations.index("id").get(id));
      if (row?.state === "sent") operations.put({ ...row, state: "waiting", seq: undefined });
    }
  });

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
