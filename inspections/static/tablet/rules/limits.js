// What an answer may be: the server's own rule file, read here while somebody types. Nothing is decided twice: lengths,
// limits and what counts as a private number all stand in the file; tests/fieldwork/*_vectors.json hold both to one result.

import { setting, set } from "../kept/store.js";
import { compare, NUMBER, placesOf } from "./numbers.js";
import { holds } from "./rules.js";

/** @type {any} */
let file = null;

/** The rule file, from the worker's store without a network. @returns {Promise<any>} */
export async function limits() {
  if (file) return file;
  file = await setting("limits");
  try {
    const answer = await fetch("/tablet/rules.json", { redirect: "error" });
    const said = answer.ok ? await answer.json() : null;
    if (said?.lengths) {
      if (said.hash !== file?.hash) await set("limits", said);
      file = said;
    }
  } catch {
    // what was read last holds
  }
  return file;
}

/** Where the text holds a number that may never be stored, else null. @param {any} file @param {string} text @returns {string | null} */
export function privateNumber({ privacy }, text) {
  if (text.length < privacy.shortest) return null;
  const plain = text.normalize("NFKC").toUpperCase();
  const whole = plain.replace(new RegExp(privacy.gap, "gu"), "");
  if ([plain, whole].some((each) => new RegExp(privacy.identity, "u").test(each))) return "身份证号";
  const cards = [plain, whole].flatMap((each) => each.match(new RegExp(privacy.card, "gu")) ?? []);
  const sure = (/** @type {string} */ digits) =>
    privacy.always.some((/** @type {string} */ start) => digits.startsWith(start)) || (privacy.luhn && luhn(digits));
  return cards.some(sure) ? "银行卡号" : null;
}

/** @param {string} digits */
const luhn = (digits) => [...digits].reverse().reduce((sum, digit, place) => {
  const doubled = Number(digit) * (place % 2 ? 2 : 1);
  return sum + (doubled > 9 ? doubled - 9 : doubled);
}, 0) % 10 === 0;

/** Why this text cannot be kept, "" where it can. @param {any} file @param {string} text @param {number} longest @param {string} name */
export function textFault(file, text, longest, name) {
  const { length } = [...text.trim()];
  if (length > longest) return `${name}最多 ${longest} 字，现有 ${length} 字。`;
  return privateNumber(file, text) ? file.privacy.sentence : "";
}

/** @param {any} file @param {string} kind @param {any} value @param {string} name */
function numberFault(file, kind, value, name) {
  const { least, most, decimals } = file.numbers[kind];
  const text = String(value).trim();
  const fits = (decimals || Number.isInteger(value)) && NUMBER.test(text) && placesOf(text) <= decimals && compare(text, least) >= 0 && compare(text, most) <= 0;
  if (fits) return "";
  const bound = { money: `，不超过 ${most} 元`, ratio: `，不超过 ${Number(most) * 100}%` }[kind] ?? "";
  return decimals ? `${name}应为不小于 0 的数字，最多 2 位小数${bound}。` : `${name}应为 ${least} 至 ${most} 的整数。`;
}

/** Why the answer cannot stand, in a sentence; "" when it can. The server decides again. @param {any} file @param {any} item @param {any} value */
export function fault(file, item, value) {
  if (value === null || !file) return "";
  if (value.state !== undefined && !(value.state in UNSEEN)) return "请选择“未查”或“无法查”，并写明原因。";
  if (value.state) return value.reason.trim() ? textFault(file, value.reason, file.lengths.reason, "原因") : `选择“${UNSEEN[value.state]}”时请写明原因。`;
  const broken = unfit(file, item, value);
  if (broken || !item.constraint || holds(item.constraint, () => value)) return broken;
  return item.constraint_message || `填写的内容应符合：${item.constraint}`;
}

/** @type {Record<string, string>} */
const UNSEEN = { unchecked: "未查", impossible: "无法查" };
const NAMES = { count: "数量", days: "天数", money: "金额", ratio: "比例" };

/** @param {any} file @param {any} item @param {any} value */
function unfit(file, item, value) {
  const type = item.answer_type;
  if (type === "sample") return sampleFault(file, value);
  if (type in NAMES) return numberFault(file, type, value, NAMES[/** @type {"count"} */ (type)]);
  if (type === "text") return textFault(file, value, file.lengths.text, "填写内容");
  if (type === "date") return dateFault(value);
  const names = item.options.map((/** @type {any} */ each) => each.name);
  return item.options.some((/** @type {any} */ each) => each.code === value) ? "" : `请选择${names.join("、")}之一。`;
}

/** @param {any} value */
function dateFault(value) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`);
  const real = day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
  return real ? "" : "日期应为年-月-日，例：2026-03-01。";
}

/** @param {any} file @param {any} value */
function sampleFault(file, { checked, abnormal, detail, cases = [] }) {
  const broken = numberFault(file, "sample", checked, "抽查数") || numberFault(file, "sample", abnormal, "异常数");
  if (broken) return broken;
  if (abnormal > checked) return `异常数（${abnormal}）不能多于抽查数（${checked}）。`;
  if (cases.length > file.most.cases) return `异常明细最多 ${file.most.cases} 条。`;
  for (const each of cases) {
    if (each.photos.length > file.most.case_photos) return `一条异常明细最多 ${file.most.case_photos} 张照片。`;
    const wrong = textFault(file, each.what, file.lengths.case, "异常明细");
    if (wrong) return wrong;
  }
  if (cases.length > abnormal) return `异常明细 ${cases.length} 条，多于异常数 ${abnormal}。`;
  return textFault(file, detail ?? "", file.lengths.detail, "异常明细");
}

/**
 * Field → sentence for what a working paper cannot say yet; empty when it is complete.
 * @param {any} file @param {any} said @param {[string, string][]} labels
 */
export function paperFaults(file, said, labels) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, label] of labels) {
    const value = String(said[name] ?? "");
    if (name === "amount") {
      const broken = value && file ? numberFault(file, "finding_amount", value, "金额") : "";
      if (broken) found.amount = broken;
    } else if (file && textFault(file, value, file.lengths.finding[name] ?? Infinity, label)) {
      found[name] = textFault(file, value, file.lengths.finding[name] ?? Infinity, label);
    } else if ((file?.required.finding ?? ["title", "summary"]).includes(name) && !value.trim()) found[name] = `请填写${label}。`;
  }
  if (!said.category) found.category ??= "请选择问题类别。";
  if (!said.severity) found.severity ??= "请选择严重程度。";
  return found;
}
