// A photograph that lies with the server only, looked at while there is a line; nothing of it stays on the tablet.

import { hello, Undelivered } from "./calls.js";

const SECONDS = 60;
const AWAY = "现在连不上服务器，联网后再看。";

/**
 * The picture, as far as the server shows it to this person; it notes who looked. Raises Undelivered with the sentence
 * to show. @param {string} user who is at work @param {string} id @returns {Promise<Blob>}
 */
export async function photograph(user, id) {
  const said = await hello().catch(() => null);
  if (!said) throw new Undelivered("unreachable", 0, { error: AWAY });
  if (said.user.id !== user) throw new Undelivered("another", 0, { error: "请本人登录后再看。" });
  const given = { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(SECONDS * 1000) };
  const answer = await fetch(`/photos/${id}`, /** @type {RequestInit} */ (given)).catch(() => null);
  if (answer?.ok && answer.headers.get("content-type")?.startsWith("image/")) return answer.blob();
  throw new Undelivered("unreachable", answer?.status, { error: answer?.status === 404 ? "这张照片还没有传到服务器，或者只有拍的人能看。" : AWAY });
}
