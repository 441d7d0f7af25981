// The card of one question. Every change is on the disk before anything else; a key press reads and writes this
// question only. What the server did not take, or what is no figure yet, stays in its place with the reason.

import { h } from "./dom.js";
import { paintCases } from "./cases.js";
import { holdsWords, input, inputs, fill, raw, read, wordsOf } from "./inputs.js";
import * as store from "./kept/store.js";
import { choosers, documentBox, strip } from "./pictures.js";
import * as limits from "./rules/limits.js";
import * as rules from "./rules/rules.js";
import { answering, context, kept, operation } from "./work.js";

/**
 * @typedef {{visit: any, section: any, item: any, node: HTMLElement, file: any, facts: any, busy: boolean, again: boolean,
 *   typing: boolean, composing: boolean, note: HTMLTextAreaElement, cases: any[], before: any, fault: string, unkept: string, strip: string,
 *   photos: any[], papers: any[], after: (card: Card) => void, place: import("./pictures.js").Place}} Card
 */

/** @param {Card} card @param {string} words */
export function say(card, words) {
  const line = card.node.querySelector(".fault");
  if (line && line.textContent !== words) line.textContent = words;
}

/** @param {Card} card @returns {any} */
const current = (card) => card.facts.current?.value ?? null;

/** Writes what the card says, one write after another; the newest always wins. @param {Card} card @param {boolean} typing */
export async function save(card, typing) {
  if (card.busy) {
    card.again = true;
    card.typing = card.typing && typing;
    return;
  }
  card.busy = true;
  try {
    await write(card, typing);
    await refresh(card);
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

/** @param {Card} card @param {boolean} typing */
async function write(card, typing) {
  const { visit, item } = card;
  const where = { visit: visit.id, item: item.code };
  const said = read(card.node, item, card.cases, card.facts.current?.value?.detail ?? "", card.file);
  card.fault = said.fault ?? (said.half ? "未填完，已存本机" : limits.fault(card.file, item, said.value));
  if (card.fault) {
    await kept(store.keepDraft({ ...where, author: context.user.id, raw: raw(card.node, card.cases), at: Date.now() }), where);
  } else if (rules.same(said.value, current(card)) && !card.facts.refused.answer) {
    await kept(store.dropDraft(visit.id, item.code, context.user.id), where);
  } else {
    await kept(store.edit(answering(visit, item.code, card.facts, said.value), { typing }), where);
  }
}

/** @param {Card} card */
async function saveNote(card) {
  const mine = card.facts.notes.get(context.user.id);
  const value = card.note.value.trim();
  const where = { visit: card.visit.id, item: card.item.code };
  const wrong = card.file ? limits.textFault(card.file, value, card.file.lengths.note, "备注") : "";
  try {
    if (wrong) {
      await kept(store.keepDraft({ visit: card.visit.id, item: `${card.item.code} note`, author: context.user.id, raw: card.note.value, at: Date.now() }), where);
      return say(card, `备注未计入：${wrong}`);
    }
    if (value === (mine?.value ?? "") && !card.facts.refused.note) return say(card, card.fault);
    const said = operation(card.visit, card.item.code, { field: "note", kind: "set", value, base: mine?.seq ?? null });
    await kept(store.edit(said, { typing: true }), where);
    return await refresh(card);
  } catch {
    return say(card, "备注未保存，请再试一次");
  }
}

/** What stands on the card besides its inputs, anew from the disk. @param {Card} card */
export async function refresh(card) {
  const known = await store.knownOf(context.user.id, card.visit.id, card.item.code);
  card.facts = rules.fold(known)(card.item.code);
  card.photos = known.photos;
  paint(card);
  card.after(card); // an answer may show or hide other questions
}

const WHERE = { waiting: "已存本机，未上传", sent: "已上传" };

/** @param {Card} card */
export function paint(card) {
  const { facts, item, node } = card;
  const { refused } = facts;
  const words = rules.words(item, current(card), context.vocabulary);
  const where = facts.current?.late ? "已上传（迟到）" : WHERE[/** @type {"waiting"} */ (facts.current?.local)] ?? "已上传";
  const who = !facts.current ? "" : facts.current.author === context.user.id ? "本人" : facts.current.author_name ?? "";
  const open = card.fault || refused.answer;
  const said = facts.current ? [h("b", {}, words || "已撤回"), ` ${who} · ${where}`] : ["尚未作答"];
  node.querySelector(".state")?.replaceChildren(
    ...(open ? [h("mark", { class: "waits" }, "未计入"), facts.current && words ? " 计入的仍是 " : " "] : []), ...(open && !words ? [] : said),
    refused.answer || card.fault ? h("button", { type: "button", class: "plain let-go", onclick: () => letGo(card) }, "放弃这样填") : "");
  node.classList.toggle("waiting", facts.current?.local === "waiting");
  node.classList.toggle("refused", Boolean(refused.answer || refused.note));
  const reasons = [card.fault || (refused.answer ? `被退回：${refused.answer.sentence || refused.answer.reason}` : ""),
    refused.note ? `备注被退回：${refused.note.sentence || refused.note.reason}` : "", card.unkept];
  say(card, reasons.filter(Boolean).join(" "));
  const abnormal = rules.abnormal(item.trigger_expr, current(card));
  node.classList.toggle("abnormal", abnormal);
  node.querySelector(".offer")?.replaceChildren(...(abnormal ? [
    h("mark", { class: "bad" }, `异常：${item.trigger}`),
    h("a", { class: "button", href: `#/visit/${card.visit.id}/paper/new-${item.code}` }, "记录问题")] : []),
    ...card.papers.map((paper) => h("a", { href: `#/visit/${card.visit.id}/paper/${paper.id}` },
      `底稿“${paper.value.title || "未写名称"}”${paper.begun ? "未完成" : context.vocabulary.paper_states[paper.server?.state] ?? "已存本机"}`)));
  paintHeld(card);
  const notes = [...facts.notes.values()].filter((note) => note.author !== context.user.id && note.value);
  node.querySelector(".notes")?.replaceChildren(
    ...notes.map((note) => h("p", {}, `${note.author_name ?? "另一位同志"}备注：${note.value}`)));
  const now = JSON.stringify([[...facts.photos.keys()], card.photos.map((photo) => [photo.id, photo.state])]);
  if (now !== card.strip) {
    card.strip = now;
    node.querySelector(".photos")?.replaceChildren(...strip(card.place, facts, card.photos, card.cases));
  }
}

/** What does not count is thrown away; the inputs show again what counts. @param {Card} card */
async function letGo(card) {
  if (!confirm("放弃未计入的内容？放弃后找不回来。")) return;
  const { refused } = card.facts;
  if (refused.answer) await store.discard(refused.answer.n);
  await kept(store.dropDraft(card.visit.id, card.item.code, context.user.id));
  card.fault = "";
  await refresh(card);
  show(card, current(card));
}

/** @param {Card} card */
function paintHeld(card) {
  const { current: holds, held, standing } = card.facts;
  const box = /** @type {HTMLElement} */ (card.node.querySelector(".held"));
  box.hidden = !held.length;
  if (!held.length) return box.replaceChildren();
  const reason = h("input", { name: "settle", "aria-label": "以哪一种为准的理由", maxlength: "200", placeholder: "理由（必填）" });
  /** @param {any} edit */
  const settle = async (edit) => {
    if (!reason.value.trim()) {
      reason.focus();
      return say(card, "请先写明以这一种为准的理由。");
    }
    const seen = standing.filter((/** @type {any} */ each) => each.seq !== undefined);
    const said = { field: "answer", kind: "resolve", value: edit.value, reason: reason.value.trim(), ...rules.seenIn(card.facts),
      settles: seen.map((/** @type {any} */ each) => each.seq), settles_ids: seen.filter((/** @type {any} */ each) => each.author).map((/** @type {any} */ each) => each.id) };
    await kept(store.edit(operation(card.visit, card.item.code, said)));
    return refresh(card);
  };
  return box.replaceChildren(
    h("p", {}, h("b", {}, "填写不一致"), card.visit.leads ? "，请确定以哪一种为准：" : "，由组长确定；现按先到的一种。"),
    h("ul", {}, ...[holds, ...held].map((edit) => h("li", {},
      `${edit.author === context.user.id ? "本人" : edit.author_name ?? ""}：${rules.words(card.item, edit.value, context.vocabulary) || "撤回"} `,
      card.visit.leads ? h("button", { type: "button", onclick: () => settle(edit) }, "以此为准") : ""))),
    card.visit.leads ? reason : "");
}

/** Puts a value of the ledger, or words as they were typed, into the inputs. @param {Card} card @param {any} value @param {any} [words] */
export function show(card, value, words) {
  const put = words ?? wordsOf(card.item, value);
  const answered = Boolean(words) || (value !== null && value !== undefined);
  fill(card.node, put, answered && (put.verdict !== "" || !value?.state));
  card.cases = put.cases.map((/** @type {any} */ each) => ({ ...each, photos: [...each.photos] }));
  paintCases(card, () => save(card, true));
}

/** One tap too many is taken back. @param {Card} card @param {string} words */
function offerUndo(card, words) {
  const { before } = card;
  const line = card.node.querySelector(".undo");
  line?.replaceChildren(h("span", {}, `${words} `), h("button", { type: "button", class: "plain", onclick: () => {
    show(card, null, before);
    line.replaceChildren();
    save(card, false);
  } }, "恢复原来填的"));
}

/** @param {Card} card */
function clear(card) {
  const words = raw(card.node, card.cases);
  card.before = words;
  show(card, null);
  if (holdsWords(words) || words.verdict) offerUndo(card, "已清除。");
  save(card, false);
}

/** 未查 puts the figures aside, 已查 brings them back. @param {Card} card @param {HTMLInputElement} radio */
function chosen(card, radio) {
  const aside = ["unchecked", "impossible"].includes(radio.value);
  const words = raw(card.node, card.cases);
  if (aside && (words.checked || words.abnormal || words.figure || words.cases.length)) {
    const was = rules.same(card.facts.current?.value?.state ?? "", "") ? wordsOf(card.item, current(card)).verdict : "";
    card.before = { ...words, verdict: was };
    show(card, null, { ...words, checked: "", abnormal: "", figure: "", cases: [] });
    offerUndo(card, "原来填的数字已收起。");
  } else if (!aside && card.before && radio.value === "" && !(words.checked || words.abnormal || words.figure)) {
    show(card, null, { ...card.before, verdict: "", reason: "" });
    card.node.querySelector(".undo")?.replaceChildren();
  }
  if (!aside) {
    const reason = input(card.node, "reason");
    if (reason) reason.value = "";
  }
  return save(card, false);
}

/** Every change is saved at once; half-composed characters of an input method are not. @param {Card} card */
function listen(card) {
  const { node } = card;
  /** @param {Event} event */
  const changed = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.type === "file" || field.name === "document" || field.name === "settle") return undefined;
    if (field === /** @type {any} */ (card.note)) return saveNote(card);
    if (field.type === "radio") return chosen(card, field);
    if (["figure", "checked", "abnormal"].includes(field.name) && field.value !== "") {
      const seen = node.querySelector("[name^=verdict][value='']");
      if (seen) /** @type {HTMLInputElement} */ (seen).checked = true;
    }
    return save(card, true);
  };
  node.addEventListener("compositionstart", () => (card.composing = true));
  node.addEventListener("compositionend", (event) => {
    card.composing = false;
    changed(event);
  });
  node.addEventListener("input", (event) => {
    if (!card.composing && !(/** @type {InputEvent} */ (event).isComposing)) changed(event);
  });
  // leaving a field in the middle of a composition keeps what stands in it
  node.addEventListener("focusout", (event) => {
    if (card.composing) changed(event);
    card.composing = false;
  });
}

/** @param {any} visit @param {any} section @param {any} item @param {any} known of the visit @param {any} facts @param {any} file the rules @returns {Card} */
export function makeCard(visit, section, item, known, facts, file) {
  const note = h("textarea", { name: "note", rows: "1", ...(file ? { maxlength: file.lengths.note } : {}) });
  /** @type {Card} */
  const card = { visit, section, item, note, file, facts, busy: false, again: false, typing: true, composing: false, cases: [], before: null,
    fault: "", unkept: "", strip: "", papers: [], after: () => {}, place: /** @type {any} */ (null),
    photos: known.photos.filter((/** @type {any} */ each) => each.item === item.code),
    node: h("article", { class: "item", id: `item-${item.code}`, "aria-labelledby": `q-${item.code}` }) };
  card.place = { visit, code: item.code, section: section.code, document: documentBox(),
    say: (words) => { card.unkept = words; say(card, words); }, changed: () => refresh(card) };
  const how = [item.method, item.materials && `材料：${item.materials}`, item.ask_whom && `问：${item.ask_whom}`,
    item.basis && `依据：${item.basis}${item.basis_checked ? "" : "（依据待核）"}`].filter(Boolean);
  card.node.append(
    h("h2", { id: `q-${item.code}` }, h("span", { class: "code" }, item.code), " ", item.question),
    h("details", { class: "how" }, h("summary", {}, "怎么查、依据"), ...how.map((line) => h("p", {}, line))),
    h("div", { class: "held", hidden: true }), inputs(item, context.vocabulary.unseen, () => clear(card), file?.lengths.text),
    h("p", { class: "undo" }), h("p", { class: "state" }), h("p", { class: "fault", role: "alert" }), h("p", { class: "offer" }), h("div", { class: "notes" }),
    h("ul", { class: "photos" }),
    choosers(card.place),
    h("label", { class: "typed" }, h("span", {}, "本人备注"), note));
  recall(card, known.drafts);
  listen(card);
  paint(card);
  return card;
}

/** What is unfinished or was refused stands in the inputs, else what counts. @param {Card} card @param {any[]} drafts */
export function recall(card, drafts) {
  const { item, facts } = card;
  const draft = drafts.find((each) => each.item === item.code);
  const { refused } = facts;
  if (draft) show(card, null, draft.raw);
  else if (refused.answer) show(card, refused.answer.op.value);
  else show(card, current(card));
  if (draft) {
    const said = read(card.node, item, card.cases, "", card.file);
    card.fault = said.fault ?? (said.half ? "未填完，已存本机" : limits.fault(card.file, item, said.value) || "未填完，已存本机");
  }
  const typed = drafts.find((each) => each.item === `${item.code} note`);
  card.note.value = typed?.raw ?? refused.note?.op.value ?? facts.notes.get(context.user.id)?.value ?? "";
}

/** What others wrote meanwhile; words that somebody is in the middle of writing stay. @param {Card} card @param {any} known @param {any} facts */
export function renew(card, known, facts) {
  const before = current(card);
  const [was, refusedBefore] = [card.facts, card.facts.refused.answer?.n];
  card.facts = facts;
  card.photos = known.photos.filter((/** @type {any} */ each) => each.item === card.item.code);
  // what stands in the inputs is what was saved last: nobody is in the middle of writing it
  const untouched = !card.busy && !card.composing && !card.fault && !card.node.classList.contains("unsaved") &&
    (refusedBefore !== facts.refused.answer?.n || rules.same(read(card.node, card.item, card.cases, was.current?.value?.detail ?? "", card.file).value ?? null, before));
  if (untouched && facts.refused.answer && refusedBefore !== facts.refused.answer.n) show(card, facts.refused.answer.op.value);
  else if (untouched && !rules.same(before, current(card)) && !facts.refused.answer) show(card, current(card));
  const [noted, now] = [was, facts].map((each) => each.refused.note?.op.value ?? each.notes.get(context.user.id)?.value ?? "");
  if (!card.composing && noted !== now && card.note.value.trim() === noted) card.note.value = now;
  paint(card);
}

