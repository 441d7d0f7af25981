// Starts everything for whoever works here, and puts up the screen that the address names.

import { at, clock, h, heading, refreshed, show } from "./dom.js";
import { admit, people, person } from "./kept/people.js";
import { isOpen } from "./kept/seal.js";
import * as store from "./kept/store.js";
import { showNotices, showState } from "./line.js";
import * as rules from "./rules/rules.js";
import * as outbox from "./sent/outbox.js";
import { welcome } from "./welcome.js";
import * as work from "./work.js";

const { context } = work;

/** The screen that the address names; one after another, so that the last address asked for is the one shown. */
function route() {
  routing = routing.then(screen, screen);
  return routing;
}
let routing = Promise.resolve();

/** A screen of another file is fetched when it is first needed (from the worker's store when offline). */
async function screen() {
  const [, name = "", visit = "", part = "", code = "", item = ""] = location.hash.split("/").map(decodeURIComponent);
  if (context.user && !isOpen(context.user.id)) return; // covered
  if (name === "queue") return (await import("./queue.js")).show();
  if (name === "tablet") return (await import("./settings.js")).show();
  if (!context.user) return welcome((await people()).length
    ? h("button", { type: "button", class: "plain", onclick: async () => (await import("./lock.js")).choose() }, "本机已有的人：用 PIN 打开") : "");
  if (name !== "visit") return home();
  const found = await store.visit(context.user.id, visit);
  if (!found) return show([heading("本机没有这个驻点"), h("p", {}, h("a", { href: "#/" }, "返回我的驻点"))]);
  if (part === "section") return (await import("./section.js")).show(found, code, item);
  if (part === "paper") return (await import("./paper.js")).show(found, code);
  return visitScreen(found);
}

/** Visits under way first, each with how far it is. */
async function home() {
  const visits = (await store.visits(context.user.id)).filter((visit) => !visit.gone).sort((one, other) => Number(one.closed) - Number(other.closed) || one.start.localeCompare(other.start));
  const ready = await store.setting(`ready ${context.user.id}`);
  const bare = window.isSecureContext && !(await person(context.user.id))?.box;
  const list = [];
  for (const visit of visits) {
    const items = visit.sections.flatMap((/** @type {any} */ section) => section.items);
    const { total, done } = visit.closed ? { total: 0, done: 0 } : rules.progress(items, rules.fold(await store.known(context.user.id, visit.id)));
    list.push(h("li", {}, h("a", { href: `#/visit/${visit.id}` },
      h("b", {}, visit.unit.name), h("span", {}, `${visit.start} 至 ${visit.end}${visit.closed ? "（已结束）" : ""}`),
      visit.closed ? "" : h("span", { class: "count" }, `${done}/${total}`))));
  }
  show([
    heading(visits.length ? `我的驻点共 ${visits.length} 个` : "本机还没有驻点"),
    visits.length ? "" : h("p", {}, "驻点公布后，联网点“下乡准备”下载到本机。"),
    h("ul", { class: "rows" }, ...list),
    h("p", { class: "ready" }, ready ? readyWords(ready) : "本机还没有作下乡准备。"),
    ready && bare ? h("div", { class: "notice" }, h("p", {}, "还没有设 PIN：合用平板换人、没有网络时重新打开都用它，内容也由它加密。"),
      (await import("./lock.js")).pinForm()) : "",
    h("p", {}, h("button", { type: "button", onclick: prepare }, "下乡准备"),
      h("a", { class: "button plain", href: "#/queue" }, "待传与导出"),
      h("a", { class: "button plain", href: "#/tablet" }, "本机与交回")),
  ], async () => (document.activeElement?.id === "new-pin" ? undefined : home())); // nobody is interrupted at a PIN
}

/** @param {any} ready */
const readyWords = (ready) =>
  `已准备好（${clock(ready.at)}）：${ready.visits} 个驻点、${ready.items} 项，` +
  `${ready.shell ? "断网可以打开" : "断网打不开"}；${ready.persisted ? "浏览器已承诺长期保存" : "浏览器未承诺长期保存，请及时上传"}。`;

/** @param {Event} event */
async function prepare(event) {
  const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
  button.disabled = true;
  const { prepared } = await import("./prepare.js");
  const problem = await prepared((/** @type {string} */ step) => (button.textContent = `下乡准备：${step}…`));
  if (location.hash.length > 2) return; // the person has gone on meanwhile
  await home();
  if (problem) at("screen").querySelector(".ready")?.replaceChildren(`没有准备好：${problem}`);
}

/** @param {any} visit */
async function visitScreen(visit) {
  const facts = rules.fold(await store.known(context.user.id, visit.id));
  const papers = await store.papers(context.user.id, visit.id);
  /** Checks that nobody has answered. @param {string} code */
  const asked = (code) => (visit.checks ?? []).filter((/** @type {any} */ each) => each.section === code && !each.outcome).length;
  const rows = visit.sections.map((/** @type {any} */ section) => {
    const { total, done, abnormal, held } = rules.progress(section.items, facts);
    return h("li", {}, h("a", { href: `#/visit/${visit.id}/section/${encodeURIComponent(section.code)}` },
      h("b", {}, `${section.code} ${section.name}`),
      h("span", {}, section.owners.length ? `分工：${section.owners.join("、")}` : "",
        abnormal ? h("mark", { class: "bad" }, `异常 ${abnormal}`) : "",
        held ? h("mark", { class: "waits" }, `不一致 ${held}`) : "",
        asked(section.code) ? h("mark", { class: "waits" }, `核查 ${asked(section.code)}`) : ""),
      h("span", { class: "count" }, `${done}/${total}`)));
  });
  const states = context.vocabulary?.paper_states ?? {};
  /** @param {any} paper */
  const drop = async (paper) => {
    if (!confirm(paper.server ? "放弃本机未完成的修改？已上传的底稿不变。" : "删去这张未完成的底稿？删去后找不回来。")) return;
    await store.dropPaper(context.user.id, paper.id);
    outbox.tell("state");
    await visitScreen(visit);
  };
  show([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading(visit.unit.name),
    h("p", {}, visit.people.map((/** @type {any} */ each) => `${each.slot_name} ${each.name}`).join("、")),
    visit.closed ? h("p", { class: "notice" }, "驻点已结束：没有上传的照样上传，此后填写的按迟到处理。") : "",
    h("ul", { class: "rows" }, ...rows),
    h("h2", {}, `底稿 ${papers.length} 份`),
    h("ul", { class: "rows" }, ...papers.map((paper) =>
      h("li", {}, h("a", { href: `#/visit/${visit.id}/paper/${paper.id}` },
        h("b", {}, paper.value.title || "（未写名称）"),
        h("span", {}, paper.server?.number ?? "", " ",
          paper.begun ? "未完成，只在本机" : states[paper.server?.state] ?? "已存本机")),
      paper.begun ? h("button", { type: "button", class: "plain drop", "aria-label": `删去未完成的${paper.value.title || "底稿"}`, onclick: () => drop(paper) }, "删去") : ""))),
    h("p", {}, h("a", { class: "button", href: `#/visit/${visit.id}/paper/new` }, "记录问题")),
  ], async () => visitScreen((await store.visit(context.user.id, visit.id)) ?? visit));
}

/**
 * Offers the newer program, whatever waits: it lies on the disk, and the newer program sends it. @param {ServiceWorkerRegistration} registration
 */
function offerUpdate(registration) {
  const box = at("update");
  const offer = async () => {
    if (outbox.state.phase === "outdated" && !registration.waiting && !registration.installing) registration.update().catch(() => {});
    if (!registration.waiting) return;
    const { here } = await store.counts(context.user?.id);
    box.hidden = false;
    const words = `有新版本。${here ? `本机 ${here} 条待传的都在，更新后照常上传。` : ""}`;
    if (box.dataset.said === words) return;
    box.dataset.said = words;
    box.replaceChildren(words, h("button", { type: "button", onclick: () => take(registration) }, "更新"));
  };
  /** @param {ServiceWorkerRegistration} each */
  const take = (each) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    each.waiting?.postMessage("take over");
  };
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", () => {
      if (navigator.serviceWorker.controller) offer();
    }));
  outbox.news.addEventListener("state", offer);
  offer();
}

/** This person works here from now on, and sees the own screens. @param {any} user */
async function enter(user) {
  await work.begin(user);
  const row = await person(user.id);
  if (row?.box || !document.getElementById("lock")?.hidden) {
    const cover = await import("./lock.js");
    cover.opened();
    if (row?.box) cover.watch();
  }
  const capturing = await store.setting("capturing");
  if (capturing && capturing.user === user.id) {
    // the camera ended the page: back to the item for which it was opened
    history.replaceState(null, "", `#/visit/${capturing.visit}/section/${encodeURIComponent(capturing.section)}`);
  }
  await route();
  showState();
  outbox.drain();
}

/** The own store opens by itself where no PIN is set; else the PIN is asked for, before anything is seen. @param {any} user */
async function come(user) {
  if (await admit(user)) return enter(user);
  at("screen").replaceChildren();
  return (await import("./lock.js")).ask(user);
}

/** The page is open. */
export async function begin() {
  outbox.news.addEventListener("state", () => {
    showState();
    showNotices();
  });
  outbox.news.addEventListener("user", (event) => come(/** @type {CustomEvent} */ (event).detail));
  outbox.news.addEventListener("entered", (event) => enter(/** @type {CustomEvent} */ (event).detail));
  // in turn with the screens: one that is being left must not come back over the next
  for (const name of ["pulled", "visits", "written"]) outbox.news.addEventListener(name, () => (routing = routing.then(() => refreshed())));
  addEventListener("hashchange", route);
  at("who").addEventListener("click", async () => (await import("./lock.js")).choose());
  at("sign-in").addEventListener("click", () => store.set("cookie", null));
  const user = await store.setting("user");
  await (user ? come(user) : route());
  showState();
  showNotices();
  outbox.begin();
  if ("serviceWorker" in navigator) {
    const registration = await navigator.serviceWorker.register("/tablet/worker.js").catch(() => null);
    if (registration) offerUpdate(registration);
  }
}
