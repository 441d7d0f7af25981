// One section of the checklist: a card for each question. Every change is on the disk before anything else.

import { clock, h, heading, show as put } from "./dom.js";
import { chooser, choosers, documentBox, strip } from "./pictures.js";
import * as rules from "./rules.js";
import * as store from "./store.js";
import { context, kept, operation } from "./work.js";

/** @typedef {{visit: any, section: any, item: any, node: HTMLElement, facts: any, busy: boolean, again: boolean,
 *   typing: boolean, composing: boolean, note: HTMLTextAreaElement, cases: any[], after: (at: any) => void,
 *   place: import("./pictures.js").Place}} Card */

/** @param {Card} card */
const base = ({ facts }) =>
  facts.current ? (facts.current.seq ?? facts.current.base ?? null) : null;

/** @param {Card} card @param {string} name @returns {HTMLInputElement | null} */
const input = (card, name) => card.node.querySelector(`[name="${name}"]`);
/** @param {Card} card */
const verdict = (card) =>
  /** @type {HTMLInputElement | null} */ (card.node.querySelector("[name^=verdict]:checked"))?.value ?? "";

/** A number as the ledger keeps it: no zeros at either end. @param {string} text */
const tidy = (text) => {
  const bare = text.trim().replace(/^(-?)0+(?=\d)/, "$1");
  return bare.includes(".") ? bare.replace(/\.?0+$/, "") : bare;
};

/**
 * What the card says: a value of the ledger, null for nothing, undefined while it is half written.
 * @param {Card} card
 */
function read(card) {
  const chosen = verdict(card);
  const type = card.item.answer_type;
  if (chosen === "unchecked" || chosen === "impossible") {
    const reason = input(card, "reason")?.value.trim() ?? "";
    return reason ? { state: chosen, reason } : undefined;
  }
  if (type === "sample") {
    const [checked, abnormal] = ["checked", "abnormal"].map((name) => input(card, name)?.value ?? "");
    const cases = card.cases.filter((each) => each.what.trim() || each.photos.length)
      .map((each) => ({ what: each.what.trim(), photos: each.photos }));
    if (!checked && !abnormal && !cases.length) return null;
    if (!checked || !abnormal) return undefined;
    const detail = card.facts.current?.value?.detail ?? "";
    return { checked: Number(checked), abnormal: Number(abnormal), detail, ...(cases.length ? { cases } : {}) };
  }
  if (["yes_no", "yes_no_na", "choice"].includes(type)) return chosen || null;
  const figure = input(card, "figure")?.value.trim() ?? "";
  if (!figure) return null;
  if (type === "count" || type === "days") return Number(figure);
  if (type === "date" || type === "text") return figure;
  try {
    return type === "ratio" ? rules.share(tidy(figure)) : tidy(figure);
  } catch {
    return figure; // no number: `fault` says so
  }
}

/** @param {Card} card */
const raw = (card) => ({
  verdict: verdict(card), cases: card.cases,
  ...Object.fromEntries(["reason", "checked", "abnormal", "figure"].map((name) => [name, input(card, name)?.value ?? ""])),
});

/** Writes what the card says, one write after another; the newest always wins. @param {Card} card @param {boolean} typing */
async function save(card, typing) {
  if (card.busy) {
    card.again = true;
    card.typing = card.typing && typing;
    return;
  }
  card.busy = true;
  try {
    const value = read(card);
    const here = { visit: card.visit.id, item: card.item.code, author: context.user.id };
    const fault = value === undefined ? "还没有填完" : rules.fault(card.item, value);
    if (fault) {
      await kept(store.keepDraft({ ...here, raw: raw(card), at: Date.now() }));
      say(card, value === undefined ? "未填完，已存本机" : fault);
    } else if (rules.same(value, card.facts.current?.value ?? null)) {
      await kept(store.dropDraft(here.visit, here.item, here.author));
    } else {
      const said = operation(card.visit, card.item.code, { field: "answer", kind: "set", value, base: base(card) });
      await kept(store.edit(said, { typing }));
    }
    await refresh(card);
    if (fault) say(card, value === undefined ? "未填完，已存本机" : fault);
  } catch (problem) {
    say(card, `未保存：${/** @type {Error} */ (problem).message || "本机写入失败"}`);
    card.node.classList.add("unsaved");
    return;
  } finally {
    card.busy = false;
  }
  card.node.classList.remove("unsaved");
  if (card.again) {
    card.again = false;
    await save(card, card.typing);
  }
}

/** @param {Card} card */
async function saveNote(card) {
  const mine = card.facts.notes.get(context.user.id);
  const value = card.note.value.trim();
  if (value === (mine?.value ?? "")) return;
  try {
    await kept(store.edit(operation(card.visit, card.item.code, { field: "note", kind: "set", value, base: mine?.seq ?? null }), { typing: true }));
    await refresh(card);
  } catch {
    say(card, "备注未保存，请再试一次");
  }
}

/** @param {Card} card @param {string} words */
function say(card, words) {
  const line = card.node.querySelector(".fault");
  if (line) line.textContent = words;
}

/** What stands on the card besides its inputs, anew from the disk. @param {Card} card */
async function refresh(card) {
  const known = await store.known(card.visit.id);
  const at = rules.fold(known, context.user.id);
  card.facts = at(card.item.code);
  paint(card, known.photos);
  card.after(at); // an answer may show or hide other questions
}

/** @param {Card} card @param {any[]} photos */
function paint(card, photos) {
  const { facts, item, node } = card;
  const { current, held } = facts;
  const words = rules.words(item, current?.value, context.vocabulary);
  const where = { waiting: "已存本机，未上传", sent: "已上传" }[/** @type {"waiting"} */ (current?.local)] ?? "已上传";
  const who = !current ? "" : current.author === context.user.id ? "本人" : current.author_name ?? "";
  const state = node.querySelector(".state");
  state?.replaceChildren(words ? h("b", {}, words) : current ? "已撤回" : "尚未作答",
    current ? ` ${who} · ${where}` : "",
    ...facts.elsewhere.map((/** @type {any} */ edit) =>
      h("span", {}, `；另一位同志在本机填了“${rules.words(item, edit.value, context.vocabulary) || "撤回"}”，待其登录后上传`)));
  node.classList.toggle("waiting", current?.local === "waiting");
  say(card, "");
  const abnormal = rules.abnormal(item.trigger_expr, current?.value ?? null);
  node.classList.toggle("abnormal", abnormal);
  node.querySelector(".offer")?.replaceChildren(...(abnormal ? [
    h("mark", { class: "bad" }, `异常：${item.trigger}`),
    h("a", { class: "button", href: `#/visit/${card.visit.id}/paper/new-${item.code}` }, "记录问题")] : []));
  paintHeld(card, current, held);
  const notes = [...facts.notes.values()].filter((note) => note.author !== context.user.id && note.value);
  node.querySelector(".notes")?.replaceChildren(
    ...notes.map((note) => h("p", {}, `${note.author_name ?? "另一位同志"}备注：${note.value}`)));
  node.querySelector(".photos")?.replaceChildren(...strip(card.place, facts, photos));
}

/** @param {Card} card @param {any} current @param {any[]} held */
function paintHeld(card, current, held) {
  const box = /** @type {HTMLElement} */ (card.node.querySelector(".held"));
  box.hidden = !held.length;
  if (!held.length) return box.replaceChildren();
  const candidates = [current, ...held];
  const reason = h("input", { name: "settle", "aria-label": "以哪一种为准的理由", maxlength: "200", placeholder: "理由（必填）" });
  /** @param {any} edit */
  const settle = async (edit) => {
    if (!reason.value.trim()) {
      reason.focus();
      return say(card, "请先写明以这一种为准的理由。");
    }
    const said = { field: "answer", kind: "resolve", value: edit.value, base: current.seq ?? null, reason: reason.value.trim() };
    await kept(store.edit(operation(card.visit, card.item.code, said)));
    return refresh(card);
  };
  return box.replaceChildren(
    h("p", {}, h("b", {}, "填写不一致"), card.visit.leads ? "，请确定以哪一种为准：" : "，由组长确定；现按先到的一种。"),
    h("ul", {}, ...candidates.map((edit) => h("li", {},
      `${edit.author === context.user.id ? "本人" : edit.author_name ?? ""}：${rules.words(card.item, edit.value, context.vocabulary) || "撤回"} `,
      card.visit.leads ? h("button", { type: "button", onclick: () => settle(edit) }, "以此为准") : ""))),
    card.visit.leads ? reason : "");
}

/** @param {Card} card @param {string} name @param {string} label @param {Record<string, any>} more @param {string} unit */
function figure(card, name, label, more, unit) {
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

/** @param {Card} card */
function inputs(card) {
  const { item } = card;
  const type = item.answer_type;
  const options = item.options.map((/** @type {any} */ each) => [each.code, each.name]);
  const unseen = ["unchecked", "impossible"].map((code) => [code, context.vocabulary.unseen[code]]);
  const whole = { inputmode: "numeric", type: "number", min: "0", step: "1" };
  const single = { count: whole, days: whole, money: { inputmode: "decimal" }, ratio: { inputmode: "decimal" }, date: { type: "date" } };
  const nodes = [];
  if (type === "sample") {
    const hint = item.sample_all ? "应全部查看" : item.sample_min ? `至少抽查 ${item.sample_min}` : "";
    nodes.push(figure(card, "checked", "抽查数", whole, "例"), figure(card, "abnormal", "异常数", whole, "例"),
      h("span", { class: "hint" }, hint), h("div", { class: "cases" }));
  } else if (type === "text") {
    nodes.push(h("label", { class: "typed" }, h("span", {}, "填写"), h("textarea", { name: "figure", rows: "2", maxlength: "500" })));
  } else if (type in single) {
    const labels = { count: "数量", days: "天数", money: "金额", ratio: "比例", date: "日期" };
    nodes.push(figure(card, "figure", /** @type {any} */ (labels)[type], /** @type {any} */ (single)[type], item.unit));
  }
  const seen = type === "sample" || type in single || type === "text" ? [["", "已查"]] : options;
  const choices = [...seen, ...unseen].map(([code, name]) =>
    h("label", { class: `choice ${code}` }, h("input", { type: "radio", name: `verdict-${item.code}`, value: code }), name));
  nodes.push(h("div", { class: "choices" }, ...choices,
    h("button", { type: "button", class: "plain withdraw", onclick: () => fill(card, null) && save(card, false) }, "清除")),
    h("label", { class: "typed reason" }, h("span", {}, "原因"), h("input", { name: "reason", maxlength: "200" })));
  return h("fieldset", {}, h("legend", { class: "away" }, `${item.code} 作答`), ...nodes);
}

/** The rows of the abnormal cases. @param {Card} card */
function paintCases(card) {
  const box = card.node.querySelector(".cases");
  if (!box) return;
  const rows = card.cases.map((each, n) => {
    const field = h("input", { "aria-label": `异常 ${n + 1} 说明`, maxlength: "200", placeholder: `异常 ${n + 1}：户名隐去，写情形、金额` });
    field.value = each.what;
    field.addEventListener("input", () => (each.what = field.value));
    return h("div", { class: "case" }, field, h("span", {}, each.photos.length ? `照片 ${each.photos.length} 张` : ""),
      chooser(card.place, "拍照", true, { caption: "异常", then: (ids) => {
        each.photos.push(...ids);
        paintCases(card);
        save(card, false);
      } }));
  });
  const more = h("button", { type: "button", class: "plain", onclick: () => {
    card.cases.push({ what: "", photos: [] });
    paintCases(card);
    box.querySelectorAll("input")[(card.cases.length - 1) * 2]?.focus();
  } }, "加一条异常明细");
  box.replaceChildren(...rows, more);
}

/** Puts a value of the ledger, or a draft's raw words, into the inputs. @param {Card} card @param {any} value @param {any} [draft] */
function fill(card, value, draft) {
  const type = card.item.answer_type;
  const state = value?.state ?? "";
  const plain = value === null || value === undefined || typeof value === "object" ? "" : String(value);
  const words = draft ?? {
    verdict: state || (["yes_no", "yes_no_na", "choice"].includes(type) ? plain : ""),
    reason: value?.reason ?? "",
    checked: value?.checked ?? "", abnormal: value?.abnormal ?? "",
    figure: plain && type === "ratio" ? rules.percent(plain) : plain,
    cases: (value?.cases ?? []).map((/** @type {any} */ each) => ({ ...each, photos: [...each.photos] })),
  };
  const answered = value !== null && value !== undefined;
  card.node.querySelectorAll("[name^=verdict]").forEach((each) => {
    const radio = /** @type {HTMLInputElement} */ (each);
    radio.checked = radio.value === words.verdict && (answered || Boolean(draft)) && (radio.value !== "" || !state);
  });
  for (const name of ["reason", "checked", "abnormal", "figure"]) {
    const field = input(card, name);
    if (field) field.value = String(words[name]);
  }
  card.cases = words.cases;
  paintCases(card);
  return true;
}

/** @param {any} visit @param {any} section @param {any} item @param {any} known @param {any} at @returns {Card} */
function makeCard(visit, section, item, known, at) {
  const note = h("textarea", { name: "note", rows: "1", maxlength: "2000" });
  /** @type {Card} */
  const card = { visit, section, item, note, facts: at(item.code), busy: false, again: false, typing: true, composing: false,
    cases: [], after: () => {}, place: /** @type {any} */ (null), node: h("article", { class: "item", id: `item-${item.code}`, "aria-labelledby": `q-${item.code}` }) };
  card.place = { visit, code: item.code, section: section.code, document: documentBox(),
    say: (words) => say(card, words), changed: () => refresh(card) };
  const how = [item.method, item.materials && `材料：${item.materials}`, item.ask_whom && `问：${item.ask_whom}`,
    item.basis && `依据：${item.basis}${item.basis_checked ? "" : "（依据待核）"}`].filter(Boolean);
  card.node.append(
    h("h2", { id: `q-${item.code}` }, h("span", { class: "code" }, item.code), " ", item.question),
    h("details", { class: "how" }, h("summary", {}, "怎么查、依据"), ...how.map((line) => h("p", {}, line))),
    h("div", { class: "held", hidden: true }), inputs(card),
    h("p", { class: "state" }), h("p", { class: "fault", role: "alert" }), h("p", { class: "offer" }), h("div", { class: "notes" }),
    h("ul", { class: "photos" }),
    choosers(card.place),
    h("label", { class: "typed" }, h("span", {}, "本人备注"), note));
  const draft = known.drafts.find((/** @type {any} */ each) => each.item === item.code && each.author === context.user.id);
  fill(card, card.facts.current?.value ?? null, draft?.raw);
  note.value = card.facts.notes.get(context.user.id)?.value ?? "";
  listen(card);
  paint(card, known.photos);
  if (draft) say(card, "未填完，已存本机");
  return card;
}

/** Every change is saved at once; half-composed characters of an input method are not. @param {Card} card */
function listen(card) {
  const ours = ["figure", "checked", "abnormal", "reason"];
  /** @param {Event} event */
  const changed = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.type === "file" || field.name === "document" || field.name === "settle") return;
    if (field === card.note) return saveNote(card);
    if (field.type === "radio") {
      if (field.value !== "") ["figure", "checked", "abnormal"].forEach((name) => {
        const other = input(card, name);
        if (other) other.value = "";
      });
      if (!["unchecked", "impossible"].includes(field.value)) {
        const reason = input(card, "reason");
        if (reason) reason.value = "";
      }
      return save(card, false);
    }
    if (ours.includes(field.name) && field.name !== "reason" && field.value !== "") {
      const seen = card.node.querySelector("[name^=verdict][value='']");
      if (seen) /** @type {HTMLInputElement} */ (seen).checked = true;
    }
    return save(card, true);
  };
  card.node.addEventListener("compositionstart", () => (card.composing = true));
  card.node.addEventListener("compositionend", (event) => {
    card.composing = false;
    changed(event);
  });
  card.node.addEventListener("input", (event) => {
    if (!card.composing && !(/** @type {InputEvent} */ (event).isComposing)) changed(event);
  });
  // leaving a field in the middle of a composition keeps what stands in it
  card.node.addEventListener("focusout", (event) => {
    if (card.composing) changed(event);
    card.composing = false;
  });
}

/** The screen of a section. @param {any} visit @param {string} code */
export async function show(visit, code) {
  const places = visit.sections;
  const at = places.findIndex((/** @type {any} */ each) => each.code === code);
  if (at < 0) return put([heading("没有这一节")]);
  const section = places[at];
  const known = await store.known(visit.id);
  const facts = rules.fold(known, context.user.id);
  const cards = section.items.map((/** @type {any} */ item) => makeCard(visit, section, item, known, facts));
  const count = h("span", {});
  /** @param {any} now */
  const painted = (now) => {
    const { total, done } = rules.progress(section.items, now);
    count.textContent = `${done}/${total}`;
    for (const card of cards) card.node.hidden = !rules.asked(card.item, now);
  };
  painted(facts);
  for (const card of cards) card.after = painted;
  const capturing = await store.setting("capturing");
  /** @param {any} other @param {string} words */
  const link = (other, words) => other ? h("a", { class: "button plain", href: `#/visit/${visit.id}/section/${encodeURIComponent(other.code)}` }, `${words} ${other.code}`) : "";
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点"), " › ", h("a", { href: `#/visit/${visit.id}` }, visit.unit.name)),
    heading(`${section.code} ${section.name} `, count),
    ...cards.map((/** @type {Card} */ card) => card.node),
    h("p", { class: "pager" }, link(places[at - 1], "上一节"), link(places[at + 1], "下一节")),
  ], async () => {
    const fresh = await store.known(visit.id);
    const now = rules.fold(fresh, context.user.id);
    for (const card of cards) {
      const before = card.facts;
      card.facts = now(card.item.code);
      paint(card, fresh.photos);
      // what stands in the inputs is what was saved last: nobody is in the middle of writing it
      const untouched = !card.busy && !card.composing && !card.node.classList.contains("unsaved") &&
        rules.same(read(card) ?? null, before.current?.value ?? null);
      const draft = fresh.drafts.some((each) => each.item === card.item.code && each.author === context.user.id);
      if (untouched && !draft && !rules.same(before.current?.value ?? null, card.facts.current?.value ?? null)) {
        fill(card, card.facts.current?.value ?? null);
      }
    }
    painted(now);
  });
  if (capturing?.visit === visit.id && capturing.section === code) {
    const card = cards.find((/** @type {Card} */ each) => each.item.code === capturing.item);
    await store.set("capturing", null);
    card?.node.scrollIntoView({ block: "center" });
    if (card) say(card, `${clock(capturing.at)} 正在为这一项拍照时页面被关闭，请核对照片是否都在。`);
  }
  return undefined;
}
