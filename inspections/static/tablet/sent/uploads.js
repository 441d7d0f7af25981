// Photographs on their way: each by itself, in pieces that go on where the line broke. One that does not pass never
// stops another, and what somebody writes meanwhile goes before the next piece.

import * as store from "../kept/store.js";
import { call, called, now, state, Undelivered } from "./calls.js";

const LARGEST = 256 * 1024;
const SMALLEST = 8 * 1024;
/** A piece should take no longer: so long may an answer wait behind it. */
const SECONDS_A_PIECE = 1.2;
/** Only a piece of which nothing arrives for so long is given up, however long the whole photograph takes. */
const PATIENCE = 60;

/** Bytes in a piece: as many as the line has lately carried in a moment. */
let size = 64 * 1024;

/**
 * Sends those that wait. `between` is called after every piece.
 * @param {string} user @param {() => Promise<void>} between
 */
export async function sendPhotos(user, between) {
  const names = await store.photosToSend(user);
  now({ of: state.of + names.length });
  for (const name of names) {
    const bytes = await store.bytesOf(user, name).catch(() => null);
    if (!bytes) {
      await store.photoRefused(name, "本机已读不出这张照片，请重拍。");
      continue;
    }
    try {
      await sendOne(user, name, bytes, between);
    } catch (fault) {
      if (!(fault instanceof Undelivered)) throw fault;
      const { status, sentence, phase, body } = fault;
      if (phase !== "unreachable" || body?.user_id) throw fault;
      await store.photoTried(name);
      if ([409, 413, 422].includes(status)) await store.photoRefused(name, sentence);
      else if (status === 404) await missing(user);
      else if (!status) await call("/api/hello"); // throws where it is the line, and not this photograph
    }
    now({ done: state.done + 1 });
  }
}

/** A server that knows nothing of the photograph: because the session is another's now, or because its operation is not there. @param {string} user */
async function missing(user) {
  const said = await call("/api/hello");
  if (said.user.id !== user) throw new Undelivered("another");
}

/** @param {string} user @param {string} name @param {ArrayBuffer} bytes @param {() => Promise<void>} between */
async function sendOne(user, name, bytes, between) {
  const path = `/api/photos/${name}`;
  let offset = 0;
  if (bytes.byteLength > size) {
    // a piece may have arrived before the line broke
    const headers = await call(path, { method: "HEAD", headers: { "X-User": user } }).catch((fault) => {
      if (fault.status === 404 || fault.status === 405) return null;
      throw fault;
    });
    offset = Math.min(Number(headers?.get("Upload-Offset") ?? 0), bytes.byteLength - 1);
  }
  for (;;) {
    const end = Math.min(offset + Math.min(size, LARGEST), bytes.byteLength);
    const headers = { "Content-Type": "image/jpeg", "X-User": user,
      "Upload-Offset": String(offset), "Upload-Length": String(bytes.byteLength) };
    const began = performance.now();
    let said;
    try {
      said = await called(path, { method: "PUT", body: bytes.slice(offset, end), headers }, PATIENCE);
    } catch (fault) {
      const { status, body } = /** @type {Undelivered} */ (fault);
      if (!status) size = Math.max(SMALLEST, Math.floor(size / 2));
      if (status !== 409 || !Number.isInteger(body?.offset) || body.offset === offset) throw fault;
      offset = body.offset;
      continue;
    }
    const seconds = (performance.now() - began) / 1000;
    const fitting = ((end - offset) / Math.max(seconds, 0.001)) * SECONDS_A_PIECE;
    size = Math.round(Math.min(LARGEST, Math.max(SMALLEST, (size + fitting) / 2)));
    if (said.id !== name) throw new Undelivered("unreachable");
    if (said.sha256) return store.photoDelivered(name);
    if (!Number.isInteger(said.offset)) throw new Undelivered("unreachable");
    offset = said.offset;
    await between();
  }
}
