// 交回平板: the server names everything that anybody wrote on this tablet, and only then it is wiped.

import { people } from "../kept/people.js";
import * as store from "../kept/store.js";
import { everSent, unfinished } from "../kept/whole.js";
import { called, json, Undelivered } from "./calls.js";
import { busy, drain, state } from "./outbox.js";

const AT_ONCE = 2000;
/** What a server lacks because it was restored meanwhile goes out again, and is asked for anew: so often. */
const ROUNDS = 3;
const UNREACHABLE = "现在连不上服务器，请在有网络的地方交回。";

/**
 * Why the tablet cannot be handed back, in a sentence; "" when it has been, and nothing lies on it any more.
 * @param {(words: string) => void} say
 */
export async function handBack(say) {
  for (let round = 1; ; round += 1) {
    say("正在上传");
    await busy(); // what is running may have met the server as it was before
    await drain();
    const problem = await holding();
    if (problem) return problem;
    say("正在与服务器核对");
    let missing;
    try {
      missing = await lacked();
    } catch (fault) {
      if (!(fault instanceof Undelivered)) throw fault;
      return fault.sentence || UNREACHABLE;
    }
    if (!missing) break;
    if (missing < 0) return "服务器没有确认交回，请稍后再试。";
    if (round === ROUNDS) return `服务器上少 ${missing} 条（可能刚恢复过备份），正在重新上传，请稍后再交回。`;
  }
  await store.wipe();
  return "";
}

/** What this tablet still holds that nobody else has, in a sentence; "" for nothing. */
async function holding() {
  const names = Object.fromEntries((await people()).map((each) => [each.id, each.name]));
  /** @param {[string, number]} whose @param {string} unit */
  const named = ([id, n], unit) => `${names[id] ?? "另一位同志"} ${n} ${unit}`;
  const waiting = Object.entries(await store.waitingOf()).map((each) => named(each, "条"));
  if (waiting.length) return `还有未上传的：${waiting.join("、")}。请本人解锁、联网上传后再交回。`;
  if (state.phase !== "idle") return UNREACHABLE;
  const open = (await unfinished()).map((each) => named(each, "处"));
  return open.length ? `还有未填完或被退回的：${open.join("、")}。请本人填完或删去后再交回。` : "";
}

/** How much the server lacks of what it once named: it waits again. None: the tablet has been handed back, or -1. */
async function lacked() {
  const { ops, photos } = await everSent();
  const device = await store.device();
  for (let [at, missing] = [0, 0]; ; at += AT_ONCE) {
    const asked = { device, ops: ops.slice(at, at + AT_ONCE), photos: photos.slice(at, at + AT_ONCE) };
    const last = at + AT_ONCE >= Math.max(ops.length, photos.length);
    const said = await called(last && !missing ? "/api/handback" : "/api/have", json("POST", asked));
    missing += said.missing_ops.length + said.missing_photos.length;
    await store.again(said.missing_ops);
    await store.photosAgain(said.missing_photos);
    if (last) return missing || (said.handed_back ? 0 : -1);
  }
}
