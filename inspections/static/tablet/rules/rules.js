// What an answer amounts to, when it is abnormal, what is asked: as the server's merge.py, trigger.py, conditions.py
// decide (tests/fieldwork/*_vectors.json).

import { compare, exact, NUMBER, percent } from "./numbers.js";

export { compare, percent, share } from "./numbers.js";

/** @param {any} one @param {any} other @returns {boolean} */
export function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}

/**
 * What these edits of one answer amount to. A word stands until its author replaces it, until somebody who had seen
 * it answers over it, or until a resolution names it, in whatever order they arrived.
 * @param {any[]} edits in server order, own unsent ones last @returns {{current: any, held: any[], standing: any[]}}
 */
export function merge(edits) {
  /** @type {{edit: any, place: number}[]} */
  let words = [];
  asWritten(edits).forEach((edit, n) => {
    const taken = words.filter((word) => ends(edit, word.edit));
    const place = Math.min(edit.seq ?? UNSENT + n, ...taken.map((word) => word.place));
    words = [...words.filter((word) => !taken.includes(word)), { edit, place }];
  });
  const newest = (/** @type {any} */ word) => (word.edit.kind === "resolve" ? -(word.edit.seq ?? UNSENT) : 0);
  words.sort((one, other) => newest(one) - newest(other) || one.place - other.place);
  const standing = words.map((word) => word.edit);
  const current = standing.find((edit) => edit.kind === "resolve" || edit.value !== null) ?? standing[0] ?? null;
  const held = standing.filter((edit) => edit !== current && edit.value !== null && !same(edit.value, current.value));
  return { current, held, standing: current ? [current, ...standing.filter((edit) => edit !== current)] : [] };
}
/** Behind every place of a ledger. */
const UNSENT = 2 ** 50;

/** The edits, each behind all that it names or knows. @param {any[]} edits */
function asWritten(edits) {
  const here = new Set(edits.map((edit) => edit.id));
  if (!edits.some((edit) => edit.awaits?.some((/** @type {string} */ name) => here.has(name)))) return edits;
  return sorted(edits, (edit, other) => knows(edit, other) || isOwn(edit, other)) ?? sorted(edits, knows) ?? edits;
}

/** The edits, each behind those that `behind` says; null for a circle. @param {any[]} edits @param {(edit: any, other: any) => any} behind */
function sorted(edits, behind) {
  const before = new Map(edits.map((edit) => [edit, edits.filter((other) => other !== edit && behind(edit, other))]));
  /** @type {Set<any>} */
  const ordered = new Set();
  while (ordered.size < edits.length) {
    const next = edits.find((edit) => !ordered.has(edit) && before.get(edit)?.every((other) => ordered.has(other)));
    if (!next) return null;
    ordered.add(next);
  }
  return [...ordered];
}

/** @param {any} edit @param {any} other */
const knows = (edit, other) => named(edit, other) || (edit.base !== null && edit.base >= other.seq);
/** @param {any} edit @param {any} other */
const isOwn = (edit, other) => edit.author === other.author && (other.seq ?? UNSENT) < (edit.seq ?? UNSENT);
/** @param {any} edit @param {any} word */
const named = (edit, word) => edit.settles?.includes(word.seq) || edit.awaits?.includes(word.id) || (edit.local && edit.saw?.includes(word.id));

/** Whether the word is gone once the later edit is there. @param {any} edit @param {any} word */
function ends(edit, word) {
  const resolves = edit.kind === "resolve";
  if (edit.author === word.author && edit.author && (resolves || word.kind !== "resolve")) return true;
  if (edit.local && Array.isArray(edit.saw)) return edit.saw.includes(word.id);
  if (word.seq === undefined) return false;
  if (named(edit, word)) return true;
  return !(resolves && edit.settles) && edit.base !== null && edit.base >= word.seq;
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
  return NUMBER.test(String(number)) && ORDERS[verb](compare(number, limit));
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
    return value !== null && NUMBER.test(String(value)) && order(compare(value, to.literal));
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
  if (to.number) return NUMBER.test(String(value)) && compare(value, to.literal) === 0;
  return String(value) === to.literal;
}

/** What a condition compares: of a sample its abnormal cases. @param {any} value */
function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return value;
  return value.state ?? value.abnormal;
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

const nothing = () => ({ edits: [], notes: new Map(), photos: new Map(), removed: /** @type {string[]} */ ([]), refused: {}, current: null, held: [], standing: [] });

/**
 * Every item as it stands here: what the server told, then what this person wrote. `refused` has the newest words of a
 * field that the server did not take.
 * @param {{told: any[], rows: any[]}} known @returns {(code: string) => any}
 */
export function fold({ told, rows }) {
  const named = new Set(told.map((edit) => edit.id));
  const here = rows
    .filter((row) => (row.state === "waiting" || row.state === "sent") && !named.has(row.id))
    .map((row) => ({ ...row.op, n: row.n, local: row.state, late: row.late, ...(row.seq ? { seq: row.seq } : {}) }));
  const edits = [...told, ...here].sort((one, other) => (one.seq ?? UNSENT) - (other.seq ?? UNSENT) || (one.n ?? 0) - (other.n ?? 0));
  /** @type {Map<string, any>} */
  const items = new Map();
  /** @param {string} code */
  const at = (code) => {
    let found = items.get(code);
    if (!found) items.set(code, (found = nothing()));
    return found;
  };
  for (const edit of edits) {
    const item = at(edit.item);
    if (edit.field === "answer") item.edits.push(edit);
    else if (edit.field === "note") item.notes.set(edit.author, edit);
    else if (edit.field === "photos" && edit.kind === "add") item.photos.set(edit.id, edit);
    else if (edit.field === "photos") item.removed.push(edit.value);
  }
  for (const row of [...rows].sort((one, other) => one.n - other.n)) {
    const { refused } = at(row.op.item);
    const key = row.op.field === "photos" ? row.id : row.op.field;
    if (row.state === "refused") refused[key] = row;
    else if (row.state === "waiting" || row.state === "sent") delete refused[key];
  }
  for (const item of items.values()) {
    for (const id of item.removed) item.photos.delete(id);
    Object.assign(item, merge(item.edits));
  }
  return (code) => items.get(code) ?? nothing();
}

/**
 * What a new answer says that its author had seen, by id: every word on the card, and the own refused one (the county
 * may yet take it in); and the place of the one that holds, if the server told of it.
 * @param {any} facts @returns {{base: number | null, saw?: string[]}}
 */
export function seenIn({ current, standing, refused }) {
  const base = current ? (current.local ? current.base : current.seq) : null;
  const words = [...standing, ...(refused.answer ? [refused.answer] : [])];
  // before the first pull the words have no names: their places have to do
  return standing.some((/** @type {any} */ each) => !each.author) ? { base } : { base, saw: words.map((each) => each.id) };
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
