// A working paper (底稿) written on the tablet: kept on every key, handed over when its author says it is complete.

import { begun } from "./checks.js";
import { go, h, heading, show as put } from "./dom.js";
import * as store from "./kept/store.js";
import { paperPhotos } from "./pictures.js";
import { NoFigure, typedValue } from "./rules/figures.js";
import { limits, paperFaults } from "./rules/limits.js";
import * as rules from "./rules/rules.js";
import * as outbox from "./sent/outbox.js";
import { context, kept, operation } from "./work.js";

const FIELDS = [
  ["title", "问题名称", "input"], ["category", "问题类别", "category"], ["severity", "严重程度", "severity"],
  ["summary", "问题概述", "area"], ["process", "发现过程", "area"], ["method", "检查方式", "method"], ["place", "地点", "input"],
  ["period", "发生时间", "input"], ["amount", "涉及金额（元）", "amount"], ["basis", "定性依据", "area"],
  ["responsible", "责任主体", "input"], ["evidence", "支撑材料目录", "area"], ["statement", "被检查单位陈述说明", "area"],
];

/** What a paper can already say when it is begun from an abnormal answer. @param {any} visit @param {any} item @param {any} facts */
function prefilled(visit, item, facts) {
  const said = { title: "", category: "", severity: "", summary: "", process: "", method: "", place: visit.unit.name,
    period: "", amount: "", basis: "", responsible: visit.unit.name, evidence: "", statement: "" };
  if (!item) return said;
  const value = facts.current?.value;
  const words = rules.words(item, value, context.vocabulary);
  const cases = (value?.cases ?? []).map((/** @type {any} */ each) => each.what).filter(Boolean);
  return { ...said, category: item.category, severity: item.severity, basis: item.basis, evidence: item.materials,
    method: context.vocabulary.methods?.[item.method] ?? item.method, summary: cases.join("；") || value?.detail || "",
    process: words ? `按清单 ${item.code} “${item.question}”${item.method}：${words}。` : "" };
}

/** @param {string} kind @param {any} value @param {string} id @param {number} [longest] */
function field(kind, value, id, longest) {
  const length = longest ? { maxlength: longest } : {};
  const { taxonomy, severities } = context.vocabulary;
  if (kind === "area") return h("textarea", { id, rows: "3", ...length }, value);
  if (kind === "category") {
    const groups = taxonomy.category.map((/** @type {any} */ group) => h("optgroup", { label: group.name },
      ...taxonomy.subcategory.filter((/** @type {any} */ each) => each.parent === group.code)
        .map((/** @type {any} */ each) => h("option", { value: each.code, selected: each.code === value }, `${each.code} ${each.name}`))));
    return h("select", { id }, h("option", { value: "" }, "请选择"), ...groups);
  }
  if (kind === "severity") {
    const names = Object.fromEntries((taxonomy.severity ?? []).map((/** @type {any} */ each) => [each.code, each.name]));
    return h("select", { id }, h("option", { value: "" }, "请选择"), ...severities.map((/** @type {string} */ code) =>
      h("option", { value: code, selected: code === value }, `${code} ${names[code] ?? ""}`)));
  }
  if (kind === "method") {
    return h("span", {}, h("input", { id, value, list: "methods", ...length }), h("datalist", { id: "methods" },
      ...(taxonomy.check_method ?? []).map((/** @type {any} */ each) => h("option", { value: each.name }))));
  }
  return h("input", { id, value, ...(kind === "amount" ? { inputmode: "decimal", maxlength: "24" } : length) });
}

/** The paper's amount as the ledger keeps it; what is no figure stays as it was typed, to be named. @param {any} file @param {string} typed */
function amountOf(file, typed) {
  try {
    return typed.trim() ? String(typedValue(file, "money", typed)) : "";
  } catch (fault) {
    if (fault instanceof NoFigure) return typed;
    throw fault;
  }
}

/** The screen of a paper; `name` is its id, `new`, or `new-` and the question it comes from. @param {any} visit @param {string} name */
export async function show(visit, name) {
  const code = name.startsWith("new-") ? name.slice(4) : null;
  let paper;
  if (name.startsWith("new")) {
    const item = visit.sections.flatMap((/** @type {any} */ each) => each.items).find((/** @type {any} */ each) => each.code === code);
    const facts = rules.fold(await store.knownOf(context.user.id, visit.id, code ?? ""))(code ?? "");
    // nothing is kept before the first key: looking at a form begins no paper
    paper = { id: store.newId(), visit: visit.id, author: context.user.id, item: code, seen: null, begun: true, value: prefilled(visit, item, facts) };
  } else if (name.startsWith("check-")) {
    const check = (visit.checks ?? []).find((/** @type {any} */ each) => `check-${each.id}` === name);
    // one check opens one paper: begun here or on a page of the county's, it has the same name
    paper = check && ((await store.paper(context.user.id, check.finding)) ?? { id: check.finding, visit: visit.id, author: context.user.id,
      item: check.item || null, seen: null, begun: true, value: await begun(visit, check) });
  } else paper = await store.paper(context.user.id, name);
  if (!paper) return put([heading("本机没有这张底稿"), h("p", {}, h("a", { href: `#/visit/${visit.id}` }, "返回"))]);
  const state = paper.server?.state;
  if (state && !["draft", "returned"].includes(state)) return put(reading(visit, paper));
  const file = await limits();
  const rows = await store.rowsOf(context.user.id, visit.id, `finding:${paper.id}`);
  const last = rows.findLast((row) => row.op.field === "paper" && row.state !== "settled");
  return put(form(visit, paper, file, last?.state === "refused" ? last : null));
}

/** @param {any} visit @param {any} paper */
const crumbs = (visit, paper) => h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点"), " › ",
  h("a", { href: `#/visit/${visit.id}` }, visit.unit.name), paper.server?.number ? ` › ${paper.server.number}` : "");

/** @param {any} visit @param {any} paper */
const reading = (visit, paper) => [
  crumbs(visit, paper), heading(paper.value.title), h("p", { class: "notice" }, "底稿已提交审签，平板上不能再改。"),
  ...FIELDS.filter(([name]) => paper.value[name]).flatMap(([name, label]) => [h("h2", {}, label), h("p", {}, String(paper.value[name]))]),
];

/** The words here where they were changed here, the server's newer ones elsewhere. @param {any} paper */
function together({ value, base, server }) {
  /** @param {any} said @param {string} name */
  const of = (said, name) => String(said?.[name] ?? "");
  return Object.fromEntries(FIELDS.map(([name]) =>
    [name, base && of(value, name) === of(base, name) ? of(server.said, name) : of(value, name)]));
}

/** @param {any} visit @param {any} paper @param {any} file the rules @param {any} refused the operation that the server did not take, or null */
function form(visit, paper, file, refused) {
  const newer = paper.server && paper.server.revision > (paper.seen ?? 0);
  const said = newer ? together(paper) : { ...(refused && !paper.begun ? refused.op.value : paper.value) };
  said.amount = String(said.amount ?? "");
  // whoever saves now has the newer revision before the eyes
  const rebased = newer ? { seen: paper.server.revision, base: paper.server.said } : {};
  const { user } = context;
  const line = h("p", { class: "fault", role: "alert" }, refused ? `被退回：${refused.sentence || refused.reason}` : "");
  const status = h("p", { class: "state" }, paper.begun ? "未完成，只在本机" : "已存本机");
  /** @type {Promise<any>} */
  let chain = Promise.resolve();
  const keep = () => {
    chain = chain.then(async () => {
      try {
        await kept(store.keepPaper(user.id, { id: paper.id, visit: visit.id, value: said, item: paper.item, ...rebased }));
        // from here on the address names the paper: a reload finds it again
        if (location.hash.includes("/paper/")) history.replaceState(null, "", `#/visit/${visit.id}/paper/${paper.id}`);
        status.textContent = "未完成，只在本机";
      } catch {
        line.textContent = "未保存，请再试一次";
      }
    });
    return chain;
  };
  const amount = () => amountOf(file, said.amount);
  /** Sentences at their fields. @param {Record<string, string>} faults */
  const show_ = (faults) => {
    for (const [name] of FIELDS) {
      const place = document.getElementById(`fault-${name}`);
      if (place) place.textContent = faults[name] ?? "";
    }
  };
  const faults = () => paperFaults(file, { ...said, amount: amount() }, /** @type {any} */ (FIELDS));
  const done = async () => {
    const found = faults();
    show_(found);
    const first = FIELDS.find(([name]) => found[name]);
    line.textContent = first ? found[first[0]] : "";
    if (first) return document.getElementById(`paper-${first[0]}`)?.focus();
    if (button.disabled) return undefined; // a second tap
    button.disabled = true;
    await keep();
    const value = { ...said, amount: amount() || null, ...(paper.item ? { item_code: paper.item } : {}) };
    delete value.seen;
    const edit = operation(visit, `finding:${paper.id}`, { field: "paper", kind: "set", value });
    await kept(store.finishPaper(user.id, { id: paper.id, visit: visit.id }, edit));
    const section = visit.sections.find((/** @type {any} */ each) => each.items.some((/** @type {any} */ item) => item.code === paper.item));
    // back to the question from which it came
    return go(section ? `#/visit/${visit.id}/section/${encodeURIComponent(section.code)}/${encodeURIComponent(paper.item)}` : `#/visit/${visit.id}`);
  };
  const drop = async () => {
    if (!confirm(paper.server ? "放弃本机未完成的修改？已上传的底稿不变。" : "删去这张底稿？删去后找不回来。")) return;
    await chain;
    if (refused) await store.discard(refused.n);
    await store.dropPaper(user.id, paper.id);
    outbox.tell("state");
    go(`#/visit/${visit.id}`);
  };
  const button = h("button", { type: "button", onclick: done }, "完成，存入待传");
  const rows = FIELDS.map(([name, label, kind]) => {
    const id = `paper-${name}`;
    const control = field(kind, said[name] ?? "", id, file?.lengths.finding[name]);
    let composing = false;
    control.addEventListener("compositionstart", () => (composing = true));
    const changed = (/** @type {Event} */ event) => {
      said[name] = /** @type {HTMLInputElement} */ (event.target).value;
      // what can never be taken is said at once, what is only missing when it is complete
      const wrong = said[name].trim() ? faults()[name] ?? "" : "";
      const place = document.getElementById(`fault-${name}`);
      if (place && place.textContent !== wrong) place.textContent = wrong;
      return keep();
    };
    control.addEventListener("compositionend", (/** @type {Event} */ event) => {
      composing = false;
      changed(event);
    });
    control.addEventListener("input", (/** @type {Event} */ event) => composing || changed(event));
    return h("div", { class: "typed" }, h("label", { for: id }, label), control, h("span", { class: "fault", id: `fault-${name}` }));
  });
  return [
    crumbs(visit, paper), heading(paper.server?.number ? `底稿 ${paper.server.number}` : "记录问题"),
    newer ? h("p", { class: "notice" }, `${paper.server.author_name}已修改这张底稿：“${paper.server.said.title}”，${paper.server.said.summary}。您改过而对方没改的栏目会合并；同一栏目以您存入的为准。`) : "",
    paper.item ? h("p", {}, `来自清单 ${paper.item}；该项上的照片一并归入。`) : "",
    ...rows, h("p", {}, h("b", {}, "照片")), paperPhotos(visit, `finding:${paper.id}`, keep), line, status, h("p", {}, button, paper.begun || refused ? h("button", { type: "button", class: "plain", onclick: drop }, "放弃") : ""),
  ];
}
