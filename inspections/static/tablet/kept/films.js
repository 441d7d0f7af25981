// The photographs of this tablet: the row of each, its thumbnail and its bytes, which stay a while after delivery.

import { all, answer, get, under, within } from "./db.js";
import { open } from "./seal.js";

/** A server restored from last night's backup may ask for what arrived since: so long the bytes stay here. */
const KEPT = 3 * 24 * 3600_000;

/** @param {string} user @param {string} visit @param {string} item */
export const photosOf = (user, visit, item) => all("photos", IDBKeyRange.only([user, visit, item]), "place");
/** @param {string} user @param {string} visit */
export const photosOfVisit = (user, visit) => all("photos", under(user, visit), "place");

/** Photographs of that author whose operation has arrived and whose bytes have not, those tried least first. @param {string} author */
export async function photosToSend(author) {
  const rows = await all("photos", IDBKeyRange.only([author, "waiting"]), "own");
  const ready = await within(["operations"], "readonly", async (operations) => {
    const found = [];
    for (const photo of rows) {
      const row = await answer(operations.index("id").get(photo.id));
      if (!row || row.state === "sent") found.push(photo);
    }
    return found;
  });
  return ready.sort((one, other) => (one.tries ?? 0) - (other.tries ?? 0)).map((photo) => photo.id);
}

/** The bytes of that photograph (not a Blob: WebKit loses those), or null. @param {string} user @param {string} id @returns {Promise<ArrayBuffer | null>} */
export async function bytesOf(user, id) {
  const box = (await get("bytes", id))?.data ?? null;
  const bytes = await open(user, box);
  if (box?.sealed) letGo(box.sealed);
  return bytes;
}
/** The memory of these bytes is given back at once, where the browser can: a season of photographs passes through. @param {any} bytes */
export const letGo = (bytes) => void bytes.transfer?.(0);
/** The small picture, or null. @param {string} user @param {string} id @returns {Promise<ArrayBuffer | null>} */
export const thumbOf = async (user, id) => open(user, (await get("thumbs", id))?.data ?? null);

/** @param {string} id @param {any} change */
export const changed = (id, change) =>
  within(["photos"], "readwrite", async (photos) => {
    const row = await answer(photos.get(id));
    if (row) await answer(photos.put({ ...row, ...change }));
  });
/** The server has named the photograph. @param {string} id */
export const photoDelivered = (id) => changed(id, { state: "delivered", delivered_at: Date.now() });
/** @param {string} id @param {string} sentence */
export const photoRefused = (id, sentence) => changed(id, { state: "refused", sentence });
/** It could not go this time: the others go first. @param {string} id */
export const photoTried = async (id) => changed(id, { tries: ((await get("photos", id))?.tries ?? 0) + 1 });
/** It was removed before it left: its bytes go nowhere. @param {string} id */
export const photoRemoved = (id) =>
  within(["photos"], "readwrite", async (photos) => {
    const row = await answer(photos.get(id));
    if (row?.state === "waiting" || row?.state === "refused") await answer(photos.put({ ...row, state: "removed" }));
  });

/** Those that the server once named and holds no more go out again, where their bytes are still here. @param {string[]} ids */
export const photosAgain = (ids) =>
  within(["photos", "bytes"], "readwrite", async (photos, bytes) => {
    for (const id of ids) {
      const row = await answer(photos.get(id));
      if (row?.state === "delivered" && (await answer(bytes.getKey(id)))) photos.put({ ...row, state: "waiting", tries: 0 });
    }
  });
/** @param {string} user */
export const photosSent = async (user) =>
  (await all("photos", IDBKeyRange.only([user, "delivered"]), "own")).map((photo) => photo.id);

/** The large copies that have been delivered long enough ago go; with `now` all of them. @param {string} user @param {boolean} [now] */
export async function freeBytes(user, now = false) {
  const rows = await all("photos", IDBKeyRange.only([user, "delivered"]), "own");
  const old = rows.filter((row) => !row.freed && (now || Date.now() - (row.delivered_at ?? 0) > KEPT));
  for (const row of old) {
    await within(["photos", "bytes"], "readwrite", async (photos, bytes) => {
      bytes.delete(row.id);
      await answer(photos.put({ ...row, freed: true }));
    });
  }
  return old.length;
}
