// Who is working on this tablet, and the way in which everything that they write is kept.

import * as outbox from "./outbox.js";

/** Who is working, and the words to choose from; both as the server last said. @type {{user: any, vocabulary: any}} */
export const context = { user: null, vocabulary: null };

/**
 * An edit by whoever is working, under the version of the visit's checklist.
 * @param {any} visit @param {string} item @param {{field: string, kind: string, value: any} & Record<string, any>} said
 */
export const operation = (visit, item, said) => ({
  visit: visit.id, item, template_version: visit.checklist.version, author: context.user.id, base: null, ...said,
});

/** Why something could not be written to the disk, until the next thing could. */
export let unsaved = "";

/**
 * What `work` returns; where the tablet could not keep it, the line says 未保存 until something is kept again.
 * @template T @param {Promise<T>} work @returns {Promise<T>}
 */
export async function kept(work) {
  try {
    const result = await work;
    unsaved = "";
    outbox.soon();
    return result;
  } catch (fault) {
    const full = /** @type {DOMException} */ (fault).name === "QuotaExceededError";
    unsaved = full ? "本机存储空间不足，请删除本机其他文件后再试" : "本机写入失败，请勿关闭页面，再试一次";
    throw fault;
  } finally {
    outbox.tell("state");
  }
}
