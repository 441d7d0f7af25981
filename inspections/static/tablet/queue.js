// What has not arrived and why: waiting, refused with the reason, and the way out of a broken tablet (a file).

import { clock, h, heading, show as put } from "./dom.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { context } from "./work.js";

const FIELDS = { answer: "作答", note: "备注", photos: "照片", paper: "底稿" };

/** @param {any} op */
const named = (op) => `${op.item.startsWith("finding:") ? op.value?.title || "底稿" : op.item} ${/** @type {any} */ (FIELDS)[op.field] ?? ""}`;

/** Where an operation is put right. @param {any} op @param {any[]} visits */
function place(op, visits) {
  const visit = visits.find((each) => each.id === op.visit);
  if (!visit) return null;
  if (op.field === "paper") return `#/visit/${visit.id}/paper/${op.item.slice("finding:".length)}`;
  const section = visit.sections.find((/** @type {any} */ each) => each.items.some((/** @type {any} */ item) => item.code === op.item));
  return section ? `#/visit/${visit.id}/section/${encodeURIComponent(section.code)}` : null;
}

/** What a person wrote, so that nothing refused is out of sight. @param {any} op */
const content = (op) => typeof op.value === "string" || typeof op.value === "number" ? String(op.value)
  : op.field === "paper" ? op.value.summary : JSON.stringify(op.value);

/** @param {any} row @param {any[]} visits */
function refusedRow(row, visits) {
  const to = place(row.op, visits);
  return h("li", {}, h("b", {}, named(row.op)), h("span", {}, `${clock(row.op.at)} 填写：${content(row.op)}`),
    h("span", { class: "why" }, `退回原因：${row.sentence || row.reason}`),
    h("span", {}, to ? h("a", { class: "button", href: to }, "去改正") : "",
      h("button", { type: "button", class: "plain", onclick: async () => {
        await store.settle(row.n);
        await show();
      } }, "已知悉，不再提示")));
}

/** @param {number} n @param {string} words */
const count = (n, words) => (n ? h("p", {}, `${words} ${n} 条`) : "");

/** Everything undelivered, as one file to carry. @returns {Promise<number>} how many pieces it holds */
async function exported() {
  const { packed } = await import("./rescue.js");
  const { blob, name, pieces } = await packed();
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return pieces;
}

/** The screen. */
export async function show() {
  const visits = context.user ? await store.visits(context.user.id) : [];
  const { rows, photos, spoiled } = await store.refused();
  const { waiting, begun } = await store.counts();
  const mine = waiting[context.user?.id] ?? 0;
  const others = Object.values(waiting).reduce((sum, each) => sum + each, 0) - mine;
  const said = h("p", { role: "status" });
  const alone = photos.filter((photo) => !rows.some((row) => row.id === photo.id));
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading(rows.length + alone.length + spoiled.length ? `需处理 ${rows.length + alone.length + spoiled.length} 条` : "没有需处理的"),
    h("ul", { class: "rows refused" }, ...rows.map((row) => refusedRow(row, visits)),
      ...alone.map((photo) => h("li", {}, h("b", {}, `${photo.item} 照片`), h("span", { class: "why" }, photo.sentence))),
      ...spoiled.map((each) => h("li", {}, h("b", {}, "读不出的一条记录"), h("span", {}, JSON.stringify(each.row).slice(0, 200)), h("span", { class: "why" }, "没有丢弃，请导出后交县统筹。")))),
    h("h2", {}, "待传"), mine + others ? "" : h("p", {}, "没有待传的。"),
    count(mine, "本人待传"), count(others, "他人待传（由其本人登录后上传）"), count(begun, "未填完、只在本机"),
    h("p", {}, h("button", { type: "button", onclick: () => outbox.drain() }, "立即上传"),
      h("button", { type: "button", class: "plain", onclick: async () => (said.textContent = `已导出 ${await exported()} 条到下载文件夹。`) }, "导出未上传的到文件")),
    said, h("p", { class: "hint" }, "平板坏了、一直没有网络时，把导出的文件用 U 盘交县统筹导入；重复导入不会重复。"),
  ], show);
}
