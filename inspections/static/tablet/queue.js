// What has not arrived and why: what waits, what was refused and where to put it right, and the way out of a broken
// tablet (a file).

import { clock, h, heading, show as put } from "./dom.js";
import * as store from "./kept/store.js";
import { words } from "./rules/rules.js";
import * as outbox from "./sent/outbox.js";
import { context } from "./work.js";

const FIELDS = { answer: "作答", note: "备注", photos: "照片", paper: "底稿", outcome: "核查结果" };

/** Section and item of an operation. @param {any} op @param {any[]} visits */
function found(op, visits) {
  const visit = visits.find((each) => each.id === op.visit);
  for (const section of visit?.sections ?? []) {
    const item = section.items.find((/** @type {any} */ each) => each.code === op.item);
    if (item) return { visit, section, item };
  }
  return { visit, section: null, item: null };
}

/** @param {any} op @param {any[]} visits */
function named(op, visits) {
  const { visit, item } = found(op, visits);
  const where = visit && visits.length > 1 ? `${visit.unit.name} ` : "";
  if (op.item.startsWith("finding:")) return `${where}底稿${op.value?.title ? `“${op.value.title}”` : ""}${op.field === "photos" ? "的照片" : ""}`;
  if (op.field === "outcome") return `${where}核查“${asked(op, visit)?.title ?? ""}”`;
  return `${where}${op.item} ${item?.question ?? ""} ${/** @type {any} */ (FIELDS)[op.field] ?? ""}`;
}

/** The check that an operation answers. @param {any} op @param {any} visit */
const asked = (op, visit) => visit?.checks?.find((/** @type {any} */ each) => op.item === `check:${each.id}`);

/** Where an operation is put right. @param {any} op @param {any[]} visits */
function place(op, visits) {
  const { visit, section } = found(op, visits);
  if (!visit) return null;
  if (op.item.startsWith("finding:")) return `#/visit/${visit.id}/paper/${op.item.slice("finding:".length)}`;
  const check = asked(op, visit);
  if (check) return `#/visit/${visit.id}/section/${encodeURIComponent(check.section)}`;
  return section ? `#/visit/${visit.id}/section/${encodeURIComponent(section.code)}/${encodeURIComponent(op.item)}` : null;
}

/** What a person wrote, in words, so that nothing refused is out of sight. @param {any} op @param {any[]} visits */
function content(op, visits) {
  const { value } = op;
  if (op.field === "photos") return op.kind === "remove" ? "移除一张照片" : value?.caption || "一张照片";
  if (op.field === "paper") return [value.title, value.summary].filter(Boolean).join("：");
  if (op.field === "outcome") return [context.vocabulary?.outcomes?.[value.outcome] ?? value.outcome, value.amount && `${value.amount}元`, value.note].filter(Boolean).join("；");
  if (value === null || typeof value !== "object" || op.field === "note") return value === null ? "撤回作答" : String(value);
  const { item } = found(op, visits);
  const cases = (value.cases ?? []).map((/** @type {any} */ each, /** @type {number} */ n) => `${n + 1}. ${each.what || "（没有说明）"}`);
  return [item && context.vocabulary ? words(item, value, context.vocabulary) : "", ...cases].filter(Boolean).join("；");
}

/** @param {any} op @param {any[]} visits @param {string} sentence @param {number | null} n @param {boolean} [replaced] */
function needing(op, visits, sentence, n, replaced = false) {
  const to = place(op, visits);
  const let_go = async () => {
    if (!confirm("放弃这一条？放弃后本机不再提示，也不再上传。")) return;
    await store.discard(/** @type {number} */ (n));
    outbox.tell("state");
    await show();
  };
  return h("li", {}, h("b", {}, named(op, visits)), h("span", {}, `${op.at ? `${clock(op.at)} 填写：` : ""}${content(op, visits)}`),
    h("span", { class: "why" }, `退回原因：${sentence}`, replaced ? h("mark", { class: "waits" }, "已改正，等上传") : ""),
    h("span", {}, to ? h("a", { class: "button", href: to }, "去改正") : "",
      n === null ? "" : h("button", { type: "button", class: "plain", onclick: let_go }, "放弃这一条")));
}

/** @param {number} n @param {string} words */
const count = (n, words) => (n ? h("p", {}, `${words} ${n} 条`) : "");

/** Everything undelivered, as one file to carry. @param {HTMLElement} said */
async function exported(said) {
  const { packed } = await import("./kept/rescue.js");
  const { blob, name, pieces } = await packed(context.user, (done, of) => (said.textContent = `正在导出照片 ${done}/${of}…`));
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  said.textContent = `已导出 ${pieces} 条到下载文件夹。`;
}

/** The screen. */
export async function show() {
  const { user } = context;
  const visits = user ? await store.visits(user.id) : [];
  const refusals = user ? await store.refusals(user.id) : [];
  const spoiled = await store.spoiled();
  const { mine, others, begun } = await store.counts(user?.id);
  const said = h("p", { role: "status" });
  const n = refusals.length + spoiled.length;
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading(n ? `需处理 ${n} 条` : "没有需处理的"),
    h("ul", { class: "rows refused" },
      ...refusals.map(({ row, photo }) => row ? needing(row.op, visits, row.sentence || row.reason || "", row.n ?? null, row.replaced)
        : needing({ visit: photo.visit, item: photo.item, field: "photos", kind: "add", value: {} }, visits, photo.sentence, null)),
      ...spoiled.map((each) => h("li", {}, h("b", {}, "读不出的一条记录"), h("span", {}, Object.values(each.row).filter((part) => typeof part === "string").join("；").slice(0, 200)),
        h("span", { class: "why" }, "没有丢弃，请导出后交县统筹。")))),
    h("h2", {}, "待传"), mine + others ? "" : h("p", {}, "没有待传的。"),
    count(mine, "本人待传"), count(others, "他人待传（由其本人解锁后上传）"), count(begun, "未填完、只在本机"),
    h("p", {}, h("button", { type: "button", onclick: () => outbox.drain() }, "立即上传"),
      user ? h("button", { type: "button", class: "plain", onclick: () => exported(said) }, "导出未上传的到文件") : ""),
    said, h("p", { class: "hint" }, "平板坏了、一直没有网络时，把导出的文件用 U 盘交县统筹导入；重复导入不会重复。合用的平板由各人解锁后各自导出。"),
  ], show);
}
