// The inputs of one question: what stands in them, as words and as a value of the ledger. Nothing is kept here.

import { h } from "./dom.js";
import { NoFigure, typedValue } from "./rules/figures.js";
import { percent } from "./rules/rules.js";

/** @param {HTMLElement} node @param {string} name @returns {HTMLInputElement | null} */
export const input = (node, name) => node.querySelector(`[name="${name}"]`);
/** @param {HTMLElement} node */
export const verdict = (node) =>
  /** @type {HTMLInputElement | null} */ (node.querySelector("[name^=verdict]:checked"))?.value ?? "";
const FIGURES = ["checked", "abnormal", "figure"];
export const CHOSEN = ["yes_no", "yes_no_na", "choice"];

/**
 * What the inputs say: a value of the ledger (null for nothing), or `half` while something is missing, or the
 * `fault` of a figure that is none.
 * @param {HTMLElement} node @param {any} item @param {any[]} cases @param {string} detail @param {any} file the rules
 * @returns {{value?: any, half?: boolean, fault?: string}}
 */
export function read(node, item, cases, detail, file) {
  const chosen = verdict(node);
  const type = item.answer_type;
  if (chosen === "unchecked" || chosen === "impossible") {
    const reason = input(node, "reason")?.value.trim() ?? "";
    return reason ? { value: { state: chosen, reason } } : { half: true };
  }
  if (CHOSEN.includes(type)) return { value: chosen || null };
  const [checked, abnormal, typed] = FIGURES.map((name) => input(node, name)?.value.trim() ?? "");
  if (type === "date" || type === "text") return { value: typed || null };
  try {
    if (type !== "sample") return { value: typed ? typedValue(file, type, typed) : null };
    const told = cases.filter((each) => each.what.trim() || each.photos.length).map((each) => ({ what: each.what.trim(), photos: each.photos }));
    if (!checked && !abnormal && !told.length) return { value: null };
    const numbers = [checked, abnormal].map((each) => (each ? typedValue(file, type, each) : null));
    if (numbers.includes(null)) return { half: true };
    return { value: { checked: numbers[0], abnormal: numbers[1], detail, ...(told.length ? { cases: told } : {}) } };
  } catch (fault) {
    if (!(fault instanceof NoFigure)) throw fault;
    return { fault: fault.message };
  }
}

/** The words as they stand, to be put back later. @param {HTMLElement} node @param {any[]} cases */
export const raw = (node, cases) => ({
  verdict: verdict(node), cases: cases.map((each) => ({ ...each, photos: [...each.photos] })),
  ...Object.fromEntries(["reason", ...FIGURES].map((name) => [name, input(node, name)?.value ?? ""])),
});
/** Whether there is anything in those words that a stray tap could lose. @param {any} words */
export const holdsWords = (words) => Boolean(words.reason || words.cases.length || FIGURES.some((name) => words[name]));

/** The words for a value of the ledger. @param {any} item @param {any} value */
export function wordsOf(item, value) {
  const plain = value === null || value === undefined || typeof value === "object" ? "" : String(value);
  return {
    verdict: value?.state ?? (CHOSEN.includes(item.answer_type) ? plain : ""),
    reason: value?.reason ?? "", checked: value?.checked ?? "", abnormal: value?.abnormal ?? "",
    figure: plain && item.answer_type === "ratio" ? percent(plain) : plain,
    cases: (value?.cases ?? []).map((/** @type {any} */ each) => ({ ...each, photos: [...each.photos] })),
  };
}

/** Puts words into the inputs; `seen` ticks 已查 where a figure stands. @param {HTMLElement} node @param {any} words @param {boolean} seen */
export function fill(node, words, seen) {
  node.querySelectorAll("[name^=verdict]").forEach((each) => {
    const radio = /** @type {HTMLInputElement} */ (each);
    radio.checked = radio.value === words.verdict && seen;
  });
  for (const name of ["reason", ...FIGURES]) {
    const field = input(node, name);
    if (field) field.value = String(words[name] ?? "");
  }
}

/** @param {string} name @param {string} label @param {Record<string, any>} more @param {string} unit */
function figure(name, label, more, unit) {
  const field = h("input", { name, autocomplete: "off", ...more });
  /** @param {number} by */
  const step = (by) => {
    field.value = String(Math.max(0, (Number(field.value) || 0) + by));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const whole = more.inputmode === "numeric";
  return h("div", { class: "figure" }, h("label", {}, h("span", {}, label), field),
    whole ? h("button", { type: "button", "aria-label": `${label}减一`, onclick: () => step(-1) }, "−") : "",
    whole ? h("button", { type: "button", "aria-label": `${label}加一`, onclick: () => step(1) }, "+") : "", h("span", {}, unit));
}

/** The inputs for that type of question. @param {any} item @param {any} unseen words of 未查 and 无法查 @param {() => void} clear @param {number | undefined} longest */
export function inputs(item, unseen, clear, longest) {
  const type = item.answer_type;
  const options = item.options.map((/** @type {any} */ each) => [each.code, each.name]);
  // text, so that 3.68万 and 五户 stay readable to this program: a number field gives it an empty word
  const whole = { inputmode: "numeric", maxlength: "24" };
  const exact = { inputmode: "decimal", maxlength: "24" };
  const single = { count: whole, days: whole, money: exact, ratio: exact, date: { type: "date" } };
  const nodes = [];
  if (type === "sample") {
    const hint = item.sample_all ? "应全部查看" : item.sample_min ? `至少抽查 ${item.sample_min}` : "";
    nodes.push(figure("checked", "抽查数", whole, "例"), figure("abnormal", "异常数", whole, "例"),
      h("span", { class: "hint" }, hint), h("div", { class: "cases" }));
  } else if (type === "text") {
    nodes.push(h("label", { class: "typed" }, h("span", {}, "填写"), h("textarea", { name: "figure", rows: "2", ...(longest ? { maxlength: longest } : {}) })));
  } else if (type in single) {
    const labels = { count: "数量", days: "天数", money: "金额", ratio: "比例", date: "日期" };
    nodes.push(figure("figure", /** @type {any} */ (labels)[type], /** @type {any} */ (single)[type], item.unit));
  }
  const seen = type === "sample" || type in single || type === "text" ? [["", "已查"]] : options;
  const choices = [...seen, ...["unchecked", "impossible"].map((code) => [code, unseen[code]])].map(([code, name]) =>
    h("label", { class: `choice ${code}` }, h("input", { type: "radio", name: `verdict-${item.code}`, value: code }), name));
  nodes.push(h("div", { class: "choices" }, ...choices, h("button", { type: "button", class: "plain withdraw", onclick: clear }, "清除")),
    h("label", { class: "typed reason" }, h("span", {}, "原因"), h("input", { name: "reason", maxlength: "200" })));
  return h("fieldset", {}, h("legend", { class: "away" }, `${item.code} 作答`), ...nodes);
}
