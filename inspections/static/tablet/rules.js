// What an answer may be, what it amounts to, and when it is abnormal: the same decisions as the server's
// values.py, answers.py, trigger.py and relevance.py; tests/fieldwork/*_vectors.json hold both to one result.

/** @param {any} one @param {any} other @returns {boolean} */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}

/**
 * The answer that these edits of one item, in order, amount to: see answers.merge.
 * @param {any[]} edits @returns {{current: any, held: any[]}}
 */
export function merge(edits) {
  let current = null;
  /** @type {any[]} */
  let held = [];
  for (const edit of edits) {
    if (edit.kind === "resolve") {
      current = edit;
      held = [];
    } else if (follows(edit, current)) current = edit;
    else held.push(edit);
  }
  return { current, held };
}

/** @param {any} edit @param {any} current */
function follows(edit, current) {
  if (!current || (edit.base !== null && current.seq !== undefined && edit.base >= current.seq)) return true;
  if (same(edit.value, current.value)) return true;
  return edit.author === current.author && current.kind !== "resolve";
}

const FIGURE = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** A number as written, exact: its digits without the point, and how many stand behind it. @param {any} text */
function exact(text) {
  const found = FIGURE.exec(String(text).trim());
  if (!found) throw new RangeError(`no number: ${text}`);
  const [, sign, whole, part = ""] = found;
  return { digits: BigInt(whole + part) * (sign === "-" ? -1n : 1n), places: part.length };
}

/** Below, at or above zero as the first number is smaller, equal or greater. @param {any} one @param {any} other */
export function compare(one, other) {
  const [a, b] = [exact(one), exact(other)];
  const [left, right] = [a.digits * 10n ** BigInt(b.places), b.digits * 10n ** BigInt(a.places)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** @type {Record<string, (order: number) => boolean>} */
const ORDERS = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  ne: (order) => order !== 0,
};
const CHOICES = ["yes", "no", "na"];

/** Whether `value` is abnormal by the checklist's expression. @param {string} expression @param {any} value */
export function abnormal(expression, value) {
  if (!expression || value === null || value === undefined || value.state) return false;
  const [verb, limit] = expression.split(":");
  if (verb === "eq") return value === limit;
  if (verb === "ratio_gt") {
    if (typeof value !== "object" || !value.checked) return false;
    const { digits, places } = exact(limit);
    return BigInt(value.abnormal) * 10n ** BigInt(places) > digits * BigInt(value.checked);
  }
  if (CHOICES.includes(value)) return false;
  const number = typeof value === "object" ? value.abnormal : value;
  return FIGURE.test(String(number)) && ORDERS[verb](compare(number, limit));
}

const TOKEN = /\s*(?:\$\{([^}]+)\}|'([^']*)'|(\d+(?:\.\d+)?)|(!=|>=|<=|=|>|<|\(|\)|,)|(and|or|not|in)\b|(\.))/y;

/** @param {string} text */
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [whole, item, word, number, sign, name, dot] = TOKEN.exec(text) ?? [];
    if (whole === undefined) throw new SyntaxError(`${at}`);
    if (item !== undefined) found.push({ item });
    else if (dot) found.push({ item: "." });
    else if (word !== undefined) found.push({ literal: word });
    else if (number !== undefined) found.push({ literal: number, number: true });
    else found.push({ sign: sign ?? name });
  }
  return found;
}

/**
 * Whether the condition of a question holds. A question without an answer makes every comparison false.
 * @param {string} text like `${V-A-01} = 'no' and ${V-A-02} > 0`; "." is the answer itself
 * @param {(code: string) => any} valueOf @returns {boolean}
 */
export function holds(text, valueOf) {
  const list = tokens(text);
  let at = 0;
  /** @param {string} sign */
  const take = (sign) => (list[at]?.sign === sign ? Boolean(++at) : false);
  /** @param {string} sign */
  const need = (sign) => {
    if (!take(sign)) throw new SyntaxError(sign);
  };
  const literal = () => {
    const each = list[at++];
    if (each?.literal === undefined) throw new SyntaxError("literal");
    return each;
  };
  /** @returns {boolean} */
  function single() {
    if (take("not")) {
      need("(");
      const inner = either();
      need(")");
      return !inner;
    }
    if (take("(")) {
      const inner = either();
      need(")");
      return inner;
    }
    const name = list[at++]?.item;
    if (name === undefined) throw new SyntaxError("item");
    const value = plain(valueOf(name));
    if (take("in")) {
      need("(");
      let found = equal(value, literal());
      while (take(",")) found = equal(value, literal()) || found;
      need(")");
      return found;
    }
    const sign = list[at++]?.sign ?? "";
    const to = literal();
    if (sign === "=") return equal(value, to);
    if (sign === "!=") return value !== null && !equal(value, to);
    const order = { ">": ORDERS.gt, ">=": ORDERS.ge, "<": ORDERS.lt, "<=": ORDERS.le }[sign];
    if (!order || !to.number) throw new SyntaxError(sign);
    return value !== null && FIGURE.test(String(value)) && order(compare(value, to.literal));
  }
  function both() {
    let held = single();
    while (take("and")) held = single() && held;
    return held;
  }
  function either() {
    let held = both();
    while (take("or")) held = both() || held;
    return held;
  }
  const result = either();
  if (at < list.length) throw new SyntaxError("end");
  return result;
}

/** @param {any} value @param {{literal: string, number?: boolean}} to */
function equal(value, to) {
  if (value === null) return false;
  if (to.number) return FIGURE.test(String(value)) && compare(value, to.literal) === 0;
  return String(value) === to.literal;
}

/** What a condition compares: a sample by its abnormal cases, a matter not looked at by its word. @param {any} value */
function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value;
  return value.state ?? value.abnormal;
}

/** The share as text that a percentage means: "12.5" → "0.125". @param {string} percent */
export function share(percent) {
  const { digits, places } = exact(percent);
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(places + 3, "0");
  const whole = text.slice(0, text.length - places - 2);
  const part = text.slice(text.length - places - 2).replace(/0+$/, "");
  return sign + whole.replace(/^0+(?=\d)/, "") + (part && `.${part}`);
}

/** The percentage that a share means: "0.125" → "12.5". @param {string} value */
export function percent(value) {
  const { digits, places } = exact(value);
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, "0") + "00";
  const point = text.length - places;
  const part = text.slice(point).replace(/0+$/, "");
  return sign + text.slice(0, point).replace(/^0+(?=\d)/, "") + (part && `.${part}`);
}

/** The answer in Chinese, "" for none. @param {any} item @param {any} value @param {any} vocabulary */
export function words(item, value, vocabulary) {
  if (value === null || value === undefined) return "";
  if (value.state) return `${vocabulary.unseen[value.state]}：${value.reason}`;
  if (value.checked !== undefined) return `抽查 ${value.checked} 例，异常 ${value.abnormal} 例`;
  const option = item.options?.find((/** @type {any} */ each) => each.code === value);
  if (option) return option.name;
  if (item.answer_type === "ratio") return `${percent(value)}%`;
  return `${value} ${item.unit}`.trim();
}

const DECIMALS = { money: 2, ratio: 4 };
const MOST = 999_999;

/** Why the answer cannot stand, in a sentence; "" when it can. The server decides again. @param {any} item @param {any} value */
export function fault(item, value) {
  if (value === null) return "";
  if (value.state) return value.reason.trim() ? "" : "请写明原因。";
  const broken = unfit(item, value);
  if (broken || !item.constraint || holds(item.constraint, () => value)) return broken;
  return item.constraint_message || `填写的内容应符合：${item.constraint}`;
}

/** @param {any} item @param {any} value */
function unfit(item, value) {
  const type = item.answer_type;
  if (type === "sample") {
    if (![value.checked, value.abnormal].every((each) => Number.isInteger(each) && each >= 0 && each <= MOST)) {
      return `抽查数、异常数应为 0 至 ${MOST} 的整数。`;
    }
    if (value.abnormal > value.checked) {
      return `异常数（${value.abnormal}）不能多于抽查数（${value.checked}）。`;
    }
    if ((value.cases?.length ?? 0) > value.abnormal) return `异常明细 ${value.cases.length} 条，多于异常数 ${value.abnormal}。`;
    return "";
  }
  if (type === "count" || type === "days") {
    return Number.isInteger(value) && value >= 0 && value <= MOST ? "" : `应为 0 至 ${MOST} 的整数。`;
  }
  if (type === "money" || type === "ratio") {
    const places = FIGURE.test(value) ? exact(value).places : 99;
    return places <= DECIMALS[/** @type {"money" | "ratio"} */ (type)] ? "" : "应为数字，最多 2 位小数。";
  }
  return "";
}

/**
 * Every item of a visit as it stands on this tablet: what the server told, then what was written here.
 * @param {{told: any[], rows: any[]}} known @param {string} me @returns {(code: string) => any}
 */
export function fold({ told, rows }, me) {
  const here = rows
    .filter((row) => row.state === "waiting" || row.state === "sent")
    .sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity) || one.n - other.n)
    .map((row) => ({ ...row.op, local: row.state, ...(row.seq ? { seq: row.seq } : {}) }));
  /** @type {Map<string, any>} */
  const items = new Map();
  /** @param {string} code */
  const at = (code) => {
    let found = items.get(code);
    if (!found) items.set(code, (found = { edits: [], notes: new Map(), photos: new Map(), elsewhere: [] }));
    return found;
  };
  for (const edit of [...told, ...here]) {
    const item = at(edit.item);
    if (edit.local === "waiting" && edit.author !== me && edit.field === "answer") item.elsewhere.push(edit);
    else if (edit.field === "answer") item.edits.push(edit);
    else if (edit.field === "note") item.notes.set(edit.author, edit);
    else if (edit.field === "photos" && edit.kind === "add") item.photos.set(edit.id, edit);
    else if (edit.field === "photos") item.photos.delete(edit.value);
  }
  for (const item of items.values()) Object.assign(item, merge(item.edits));
  const none = { edits: [], notes: new Map(), photos: new Map(), elsewhere: [], current: null, held: [] };
  return (code) => items.get(code) ?? none;
}

/** Whether the question is asked, given the other answers. @param {any} item @param {(code: string) => any} at */
export const asked = (item, at) => !item.relevant || holds(item.relevant, (code) => at(code).current?.value ?? null);

/** How far a list of items is: total, done, abnormal, differing. @param {any[]} items @param {(code: string) => any} at */
export function progress(items, at) {
  const relevant = items.filter((item) => asked(item, at));
  /** @param {(item: any, facts: any) => boolean} test */
  const count = (test) => relevant.filter((item) => test(item, at(item.code))).length;
  return {
    total: relevant.length,
    done: count((_, facts) => (facts.current?.value ?? null) !== null),
    abnormal: count((item, facts) => abnormal(item.trigger_expr, facts.current?.value ?? null)),
    held: count((_, facts) => facts.held.length > 0),
  };
}
