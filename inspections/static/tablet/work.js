// Who is working on this tablet, and the way in which everything that they write is kept.

import { entered } from "./kept/people.js";
import { forget } from "./kept/seal.js";
import * as store from "./kept/store.js";
import * as outbox from "./sent/outbox.js";
import { seenIn } from "./rules/rules.js";

/** Who is working, and the words to choose from; both as the server last said. @type {{user: any, vocabulary: any}} */
export const context = { user: null, vocabulary: null };

/** Other tabs of this browser: what was written there shows here, and all of them have one person at work. */
const others = new BroadcastChannel("tablet");
others.onmessage = ({ data }) => {
  if (data.person !== undefined && data.person !== context.user?.id) location.reload();
  else if (data.written) outbox.tell("written", data.written);
};

/** From now on this person works here; the own store is open. @param {any} user */
export async function begin(user) {
  const before = context.user;
  if (before && before.id !== user.id) Promise.resolve(outbox.busy()).finally(() => context.user.id !== before.id && forget(before.id));
  context.user = user;
  outbox.sendAs(user);
  await store.set("user", user);
  await entered(user.id);
  if (!(await store.setting(`sealed ${user.id}`))) await (await import("./kept/whole.js")).sealAll(user.id);
  context.vocabulary = (await store.setting("vocabulary")) ?? null;
  await store.keepRoom();
  others.postMessage({ person: user.id });
}

/**
 * An edit by whoever is working, under the version of the visit's checklist.
 * @param {any} visit @param {string} item @param {{field: string, kind: string, value: any} & Record<string, any>} said
 */
export const operation = (visit, item, said) => ({
  visit: visit.id, item, template_version: visit.checklist.version, author: context.user.id, base: null, ...said,
});

/** The same for an answer over the one that is before the eyes. @param {any} visit @param {string} item @param {any} facts @param {any} value */
export const answering = (visit, item, facts, value) =>
  operation(visit, item, { field: "answer", kind: "set", value, ...seenIn(facts) });

/** Why something could not be written to the disk, until the next thing could. */
export let unsaved = "";

/**
 * What `work` returns; where the tablet could not keep it, the line says 未保存 until something is kept again.
 * @template T @param {Promise<T>} work @param {{visit: string, item: string}} [where] of an edit @returns {Promise<T>}
 */
export async function kept(work, where) {
  try {
    const result = await work;
    unsaved = "";
    outbox.soon();
    if (where) others.postMessage({ written: where });
    return result;
  } catch (fault) {
    const full = /** @type {DOMException} */ (fault).name === "QuotaExceededError";
    unsaved = full ? "本机存储空间不足，请删除本机其他文件后再试" : "本机写入失败，请勿关闭页面，再试一次";
    throw fault;
  } finally {
    outbox.tell("state");
  }
}
