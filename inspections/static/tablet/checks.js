// Checks at a door that the county asks for: what to look at, whom to ask, and what came of it. No name, no number.

import { h } from "./dom.js";
import * as store from "./kept/store.js";
import { NoFigure, typedValue } from "./rules/figures.js";
import * as limits from "./rules/limits.js";
import { context, kept, operation } from "./work.js";

/** Those of a section: under one question (its code), or under none. @param {any} visit @param {string} section @param {string} item */
export const checksOf = (visit, section, item) =>
  (visit.checks ?? []).filter((/** @type {any} */ each) => each.section === section && each.item === item);

/** The newest word of this person, as an operation's row, or null. @param {any} visit @param {any} check */
async function own(visit, check) {
  const rows = await store.rowsOf(context.user.id, visit.id, `check:${check.id}`);
  return rows.filter((row) => row.state !== "settled" && row.state !== "gone").at(-1) ?? null;
}

/** The panels of these checks. @param {any} visit @param {any[]} checks @param {any} file the rules */
export const panels = (visit, checks, file) => checks.map((check) => {
  const node = h("article", { class: "item check", id: `check-${check.id}`, "aria-labelledby": `c-${check.id}` });
  paint(node, visit, check, file);
  return node;
});

/** @param {HTMLElement} node @param {any} visit @param {any} check @param {any} file */
async function paint(node, visit, check, file) {
  const { vocabulary } = context;
  const row = await own(visit, check);
  const said = row?.state === "refused" ? null : row?.op.value;
  const outcome = check.outcome || said?.outcome || "";
  const where = check.outcome ? "已上传" : said ? "已存本机，未上传" : "";
  const lines = [`看什么、问什么：${check.ask}`, check.whom && `问谁：${check.whom}`, check.mind && `可能的误会：${check.mind}`,
    check.household && `同一户（人）标记：${check.household}`].filter(Boolean);
  const opens = vocabulary.true_outcomes?.includes(outcome);
  node.replaceChildren(
    h("h2", { id: `c-${check.id}` }, h("mark", { class: "waits" }, "核查"), " ", check.title),
    h("p", {}, check.reason), ...lines.map((line) => h("p", {}, line)),
    h("p", { class: "state" }, outcome ? h("b", {}, vocabulary.outcomes?.[outcome] ?? outcome) : "尚未核查", outcome ? ` ${check.note || said?.note || ""} · ${where}` : ""),
    h("p", { class: "fault", role: "alert" }, row?.state === "refused" && !check.outcome ? `被退回：${row.sentence || row.reason}` : ""),
    opens ? h("p", { class: "offer" }, h("a", { class: "button", href: `#/visit/${visit.id}/paper/check-${check.id}` }, "记录问题")) : "",
    outcome ? "" : form(node, visit, check, file, row?.op.value));
}

/** @param {HTMLElement} node @param {any} visit @param {any} check @param {any} file @param {any} before what was refused */
function form(node, visit, check, file, before) {
  const choice = h("select", { name: "outcome" }, h("option", { value: "" }, "请选择"),
    ...Object.entries(context.vocabulary.outcomes ?? {}).map(([code, word]) => h("option", { value: code, selected: before?.outcome === code }, word)));
  const amount = h("input", { name: "amount", inputmode: "decimal", maxlength: "24", value: before?.amount ?? "" });
  const note = h("textarea", { name: "note", rows: "2", maxlength: "500" }, before?.note ?? "");
  /** @param {string} words */
  const wrong = (words) => {
    const line = node.querySelector(".fault");
    if (line) line.textContent = words;
  };
  const done = async () => {
    if (!choice.value) return wrong("请选择核查结果。");
    let yuan = null;
    try {
      if (amount.value.trim()) yuan = String(typedValue(file, "money", amount.value));
    } catch (fault) {
      if (fault instanceof NoFigure) return wrong("查实金额应为数字，如 1200.50。");
      throw fault;
    }
    const fault = file ? limits.textFault(file, note.value.trim(), 500, "核查情况") : "";
    if (fault) return wrong(fault);
    const item = `check:${check.id}`;
    try {
      await kept(store.edit(operation(visit, item, { field: "outcome", kind: "set", value: { outcome: choice.value, amount: yuan, note: note.value.trim() } })), { visit: visit.id, item });
    } catch {
      return wrong("未保存，请再试一次");
    }
    return paint(node, visit, check, file);
  };
  return h("div", {},
    h("label", { class: "typed" }, h("span", {}, "核查结果"), choice), h("label", { class: "typed" }, h("span", {}, "查实金额（元）"), amount),
    h("label", { class: "typed" }, h("span", {}, "核查情况（写事不写人）"), note), h("button", { type: "button", onclick: done }, "记下结果"));
}

/** What a paper can already say of a check that proved true. @param {any} visit @param {any} check */
export async function begun(visit, check) {
  const said = (await own(visit, check))?.op.value;
  return { ...check.said, severity: check.said.severity, summary: said?.note || check.note || "", place: visit.unit.name, period: "", basis: "",
    amount: said?.amount ?? check.said.amount ?? "", responsible: visit.unit.name, statement: "" };
}
