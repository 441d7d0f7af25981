// 交回平板: the server names everything that anybody wrote on this tablet, and only then it is wiped.

import { people } from "../kept/people.js";
import * as store from "../kept/store.js";
import { everSent, unfinished } from "../kept/whole.js";
import { called, json } from "./calls.js";
import { drain, state } from "./outbox.js";

const AT_ONCE = 2000;

/**
 * Why the tablet cannot be handed back, in a sentence; "" when it has been, and nothing lies on it any more.
 * @param {any} user who is at work @param {(words: string) => void} say
 */
export async function handBack(user, say) {
  say("正在上传");
  await drain();
  const names = Object.fromEntries((await people()).map((each) => [each.id, each.name]));
  const waiting = Object.entries(await store.waitingOf()).map(([id, n]) => `${names[id] ?? "另一位同志"} ${n} 条`);
  if (waiting.length) return `还有未上传的：${waiting.join("、")}。请本人解锁、联网上传后再交回。`;
  if (state.phase !== "idle") return "现在连不上服务器，请在有网络的地方交回。";
  const open = await unfinished();
  if (open.length) {
    return `还有未填完或被退回的：${open.map(([id, n]) => `${names[id] ?? "另一位同志"} ${n} 处`).join("、")}。请本人填完或删去后再交回。`;
  }
  say("正在与服务器核对");
  const { ops, photos } = await everSent();
  const device = await store.device();
  let missing = 0;
  for (let at = 0; ; at += AT_ONCE) {
    const asked = { device, ops: ops.slice(at, at + AT_ONCE), photos: photos.slice(at, at + AT_ONCE) };
    const last = at + AT_ONCE >= Math.max(ops.length, photos.length);
    const said = await called(last && !missing ? "/api/handback" : "/api/have", json("POST", asked));
    missing += said.missing_ops.length + said.missing_photos.length;
    await store.again(said.missing_ops);
    await store.photosAgain(said.missing_photos);
    if (!last) continue;
    if (missing) return `服务器上少 ${missing} 条（可能刚恢复过备份），正在重新上传，请稍后再交回。`;
    if (!said.handed_back) return "服务器没有确认交回，请稍后再试。";
    break;
  }
  await store.wipe();
  return "";
}
