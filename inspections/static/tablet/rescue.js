// Everything that no server has named yet, in one file: `inspections fieldwork import` takes it, twice without harm.

import * as store from "./store.js";
import { context } from "./work.js";

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  const list = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < list.length; at += 0x8000) text += String.fromCharCode(...list.subarray(at, at + 0x8000));
  return btoa(text);
}

/** The file, its name, and how many operations and photographs it holds. */
export async function packed() {
  const { rows, photos, spoiled, drafts, papers } = await store.undelivered();
  const device = await store.device();
  const head = { format: "inspections.field/1", device, exported_at: new Date().toISOString(), user: context.user?.id ?? null };
  // one photograph at a time: sixty at once would end a small tablet
  const parts = [`${JSON.stringify(head).slice(0, -1)},"ops":${JSON.stringify(rows.map((row) => row.op))},"photos":[`];
  let count = 0;
  for (const photo of photos) {
    const bytes = await store.bytesOf(photo.id);
    if (!bytes) continue;
    parts.push(`${count ? "," : ""}${JSON.stringify({ id: photo.id, author: photo.author, bytes: base64(bytes) })}`);
    count += 1;
  }
  const rest = { spoiled, drafts, papers: papers.map(({ id, visit, author, item, value }) => ({ id, visit, author, item, value })) };
  parts.push(`],"unfinished":${JSON.stringify(rest)}}`);
  const name = `巡回驻点-未上传-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json`;
  return { blob: new Blob(parts, { type: "application/json" }), name, pieces: rows.length + count };
}
