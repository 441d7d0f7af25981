// Everything of one person that no server has named yet, in one file: `inspections fieldwork import` takes it, twice
// without harm. It is put together piece by piece: a season of photographs is never in memory at once.

import * as store from "./store.js";
import { undelivered } from "./whole.js";

/** The bytes in base64, in pieces of whole triples, as the browser keeps them; they themselves are let go. @param {ArrayBuffer} bytes */
function base64(bytes) {
  const list = new Uint8Array(bytes);
  const parts = [];
  for (let at = 0; at < list.length; at += 0x6000) parts.push(btoa(String.fromCharCode(...list.subarray(at, at + 0x6000))));
  store.letGo(bytes);
  return new Blob(parts);
}

/**
 * The file, its name, and how many operations and photographs it holds.
 * @param {any} user @param {(done: number, of: number) => void} [say]
 */
export async function packed(user, say = () => {}) {
  const { rows, photos, spoiled, drafts } = await undelivered(user.id);
  const head = { format: "inspections.field/1", device: await store.device(), exported_at: new Date().toISOString(), user: user.id };
  /** @type {BlobPart[]} */
  const parts = [`${JSON.stringify(head).slice(0, -1)},"ops":[`];
  rows.forEach((row, n) => parts.push(`${n ? "," : ""}${JSON.stringify(row.op)}`));
  parts.push('],"photos":[');
  let count = 0;
  for (const photo of photos) {
    const bytes = await store.bytesOf(user.id, photo.id);
    if (!bytes) continue;
    // a Blob lies with the browser, on its disk where it is large: only this one is in memory
    const head_ = JSON.stringify({ id: photo.id, author: photo.author }).slice(0, -1);
    parts.push(`${count ? "," : ""}${head_},"bytes":"`, base64(bytes), '"}');
    count += 1;
    if (count % 10 === 0) {
      say(count, photos.length);
      parts.splice(0, parts.length, new Blob(parts));
    }
  }
  const papers = [];
  for (const visit of await store.visits(user.id)) {
    for (const { id, begun, item, value } of await store.papers(user.id, visit.id)) {
      if (begun) papers.push({ id, visit: visit.id, author: user.id, item, value });
    }
  }
  parts.push(`],"unfinished":${JSON.stringify({ spoiled, drafts, papers })}}`);
  const name = `巡回驻点-未上传-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json`;
  return { blob: new Blob(parts, { type: "application/json" }), name, pieces: rows.length + count };
}
