// A working paper (底稿) written on the tablet: kept on every key, handed over when its author says it is complete.

import { go, h, heading, show as put } from "./dom.js";
import * as rules from "./rules.js";
import { paperPhotos } from "./pictures.js";
import * as store from "./store.js";
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

/** @param {string} kind @param {any} value @param {string} id */
function field(kind, value, id) {
  const { taxonomy, severities } = context.vocabulary;
  if (kind === "area") return h("textarea", { id, rows: "3", maxlength: "3000" }, value);
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
    return h("span", {}, h("input", { id, value, list: "methods", maxlength: "120" }), h("datalist", { id: "methods" },
      ...(taxonomy.check_method ?? []).map((/** @type {any} */ each) => h("option", { value: each.name }))));
  }
  return h("input", { id, value, maxlength: "120", ...(kind === "amount" ? { inputmode: "decimal" } : {}) });
}

/** @param {any} said */
function fault(said) {
  if (!said.title.trim()) return "请填写问题名称。";
  if (!said.category) return "请选择问题类别。";
  if (!said.severity) return "请选择严重程度。";
  if (!said.summary.trim()) return "请填写问题概述。";
  if (said.amount && !/^\d+(\.\d{1,2})?$/.test(said.amount.trim())) return "金额应为不小于 0 的数字，最多 2 位小数。";
  return "";
}

/** The screen of a paper; `name` is its id, `new`, or `new-` and the question it comes from. @param {any} visit @param {string} name */
export async function show(visit, name) {
  const code = name.startsWith("new-") ? name.slice(4) : null;
  let paper;
  if (name.startsWith("new")) {
    const item = visit.sections.flatMap((/** @type {any} */ each) => each.items).find((/** @type {any} */ each) => each.code === code);
    const facts = rules.fold(await store.known(visit.id), context.user.id)(code ?? "");
    // nothing is kept before the first key: looking at a form begins no paper
    paper = { id: store.newId(), visit: visit.id, author: context.user.id, item: code, seen: null, begun: true, value: prefilled(visit, item, facts) };
  } else paper = await store.paper(name);
  if (!paper) return put([heading("本机没有这张底稿"), h("p", {}, h("a", { href: `#/visit/${visit.id}` }, "返回"))]);
  const state = paper.server?.state;
  if (state && !["draft", "returned"].includes(state)) return put(reading(visit, paper));
  return put(form(visit, paper));
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

/** @param {any} visit @param {any} paper */
function form(visit, paper) {
  const newer = paper.server && paper.server.revision > (paper.seen ?? 0);
  const said = newer ? together(paper) : { ...paper.value };
  said.amount = String(said.amount ?? "");
  // whoever saves now has the newer revision before the eyes
  const rebased = newer ? { seen: paper.server.revision, base: paper.server.said } : {};
  /** The row with what the server has said meanwhile, not with what it said when the form was opened. @param {any} known @param {boolean} begun */
  const row = (known, begun) => {
    const ahead = (known?.seen ?? 0) > (rebased.seen ?? 0);
    return { ...paper, ...known, ...(ahead ? {} : rebased), value: said, begun };
  };
  const line = h("p", { class: "fault", role: "alert" });
  const status = h("p", { class: "state" }, paper.begun ? "未完成，只在本机" : "已存本机");
  let chain = Promise.resolve();
  const keep = () => {
    chain = chain.then(async () => {
      try {
        await kept(store.keepPaper(row(await store.paper(paper.id), true)));
        // from here on the address names the paper: a reload finds it again
        history.replaceState(null, "", `#/visit/${visit.id}/paper/${paper.id}`);
        status.textContent = "未完成，只在本机";
      } catch {
        line.textContent = "未保存，请再试一次";
      }
    });
    return chain;
  };
  const done = async () => {
    line.textContent = fault(said);
    if (line.textContent) return;
    await chain;
    const known = await store.paper(paper.id);
    if (known && !known.begun) return; // a second tap
    const value = { ...said, amount: said.amount.trim() || null, ...(paper.item ? { item_code: paper.item } : {}) };
    const edit = operation(visit, `finding:${paper.id}`, { field: "paper", kind: "set", value });
    await kept(store.finishPaper(row(known, false), edit));
    go(`#/visit/${visit.id}`);
  };
  const rows = FIELDS.map(([name, label, kind]) => {
    const id = `paper-${name}`;
    const control = field(kind, said[name] ?? "", id);
    let composing = false;
    control.addEventListener("compositionstart", () => (composing = true));
    const changed = (/** @type {Event} */ event) => {
      said[name] = /** @type {HTMLInputElement} */ (event.target).value;
      return keep();
    };
    control.addEventListener("compositionend", (/** @type {Event} */ event) => {
      composing = false;
      changed(event);
    });
    control.addEventListener("input", (/** @type {Event} */ event) => composing || changed(event));
    return h("div", { class: "typed" }, h("label", { for: id }, label), control);
  });
  return [
    crumbs(visit, paper), heading(paper.server?.number ? `底稿 ${paper.server.number}` : "记录问题"),
    newer ? h("p", { class: "notice" }, `${paper.server.author_name}已修改这张底稿：“${paper.server.said.title}”，${paper.server.said.summary}。您改过而对方没改的栏目会合并；同一栏目以您存入的为准。`) : "",
    paper.item ? h("p", {}, `来自清单 ${paper.item}；该项上的照片一并归入。`) : "",
    ...rows, h("p", {}, h("b", {}, "照片")), paperPhotos(visit, `finding:${paper.id}`, keep), line, status, h("p", {}, h("button", { type: "button", onclick: done }, "完成，存入待传")),
  ];
}
