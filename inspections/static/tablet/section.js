// One section of the checklist: a card for each question, and how far they are.

import { makeCard, recall, renew, say } from "./card.js";
import { checksOf, panels } from "./checks.js";
import { clock, h, heading, show as put } from "./dom.js";
import * as store from "./kept/store.js";
import { limits } from "./rules/limits.js";
import * as rules from "./rules/rules.js";
import { context } from "./work.js";

/** The screen; `item` is a question to begin at. @param {any} visit @param {string} code @param {string} [item] */
export async function show(visit, code, item = "") {
  const places = visit.sections;
  const at = places.findIndex((/** @type {any} */ each) => each.code === code);
  if (at < 0) return put([heading("没有这一节")]);
  const section = places[at];
  const { user } = context;
  const [known, file, papers] = await Promise.all([store.known(user.id, visit.id), limits(), store.papers(user.id, visit.id)]);
  // the whole visit in memory: a key press replaces one item in it and reads no other
  let facts = rules.fold(known);
  /** @type {Map<string, any>} */
  const newer = new Map();
  /** @param {string} each */
  const now = (each) => newer.get(each) ?? facts(each);
  /** @type {import("./card.js").Card[]} */
  const cards = section.items.map((/** @type {any} */ each) => makeCard(visit, section, each, known, facts(each.code), file));
  const count = h("span", {});
  const painted = () => {
    const { total, done } = rules.progress(section.items, now);
    count.textContent = `${done}/${total}`;
    for (const card of cards) card.node.hidden = !rules.asked(card.item, now);
  };
  painted();
  for (const card of cards) {
    card.after = () => {
      newer.set(card.item.code, card.facts);
      painted();
    };
    const own = papers.filter((paper) => paper.item === card.item.code);
    if (own.length) {
      card.papers = own;
      renew(card, known, card.facts);
    }
  }
  const capturing = await store.setting("capturing");
  /** @param {any} other @param {string} words */
  const link = (other, words) => other ? h("a", { class: "button plain", href: `#/visit/${visit.id}/section/${encodeURIComponent(other.code)}` }, `${words} ${other.code}`) : "";
  put([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点"), " › ", h("a", { href: `#/visit/${visit.id}` }, visit.unit.name)),
    heading(`${section.code} ${section.name} `, count),
    ...panels(visit, checksOf(visit, section.code, ""), file),
    ...cards.flatMap((card) => [card.node, ...panels(visit, checksOf(visit, section.code, card.item.code), file)]),
    h("p", { class: "pager" }, link(places[at - 1], "上一节"), link(places[at + 1], "下一节")),
  ], async () => {
    const [fresh, theirs] = await Promise.all([store.known(user.id, visit.id), store.papers(user.id, visit.id)]);
    facts = rules.fold(fresh);
    newer.clear();
    for (const card of cards) {
      card.papers = theirs.filter((paper) => paper.item === card.item.code);
      renew(card, fresh, facts(card.item.code));
      // another tab of this person left something half written
      if (!card.fault && fresh.drafts.some((each) => each.item === card.item.code) && !card.node.contains(document.activeElement)) recall(card, fresh.drafts);
    }
    painted();
  });
  const wanted = cards.find((card) => card.item.code === item);
  if (wanted) {
    wanted.node.scrollIntoView({ block: "start" });
    history.replaceState(null, "", `#/visit/${visit.id}/section/${encodeURIComponent(code)}`);
  }
  if (capturing?.visit === visit.id && capturing.section === code) {
    const card = cards.find((each) => each.item.code === capturing.item);
    await store.set("capturing", null);
    card?.node.scrollIntoView({ block: "center" });
    if (card) say(card, `${clock(capturing.at)} 正在为这一项拍照时页面被关闭，请核对照片是否都在。`);
  }
  return undefined;
}
