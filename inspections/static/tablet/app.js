// The tablet's one page: it starts everything, and puts up the screen that the address names. Nobody imports it.

import { at, clock, h, heading, refreshed, show } from "./dom.js";
import { showNotices, showState } from "./line.js";
import * as outbox from "./outbox.js";
import * as rules from "./rules.js";
import * as store from "./store.js";
import { context } from "./work.js";

/** The screen that the address names; one after another, so that the last address asked for is the one shown. */
function route() {
  routing = routing.then(screen, screen);
  return routing;
}
let routing = Promise.resolve();

/** A screen of another file is fetched when it is first needed (from the worker's store when offline). */
async function screen() {
  const [, name = "", visit = "", part = "", code = ""] = location.hash.split("/").map(decodeURIComponent);
  if (name === "queue") return (await import("./queue.js")).show();
  if (name === "tablet") return (await import("./settings.js")).show();
  if (!context.user) return show([heading("请先登录"), h("p", {}, "第一次使用本机请先联网登录，再作下乡准备。"),
    h("p", {}, h("a", { class: "button", href: "/sign-in?next=/tablet/" }, "登录")),
    h("p", { class: "hint" }, `本机编号 ${await store.device()}。主屏幕图标与浏览器各存各的，找不到填写的内容时，请从原来的入口打开。`)]);
  if (name !== "visit") return home();
  const found = await store.visit(context.user.id, visit);
  if (!found) return show([heading("本机没有这个驻点"), h("p", {}, h("a", { href: "#/" }, "返回我的驻点"))]);
  if (part === "section") return (await import("./section.js")).show(found, code);
  if (part === "paper") return (await import("./paper.js")).show(found, code);
  return visitScreen(found);
}

async function home() {
  const visits = await store.visits(context.user.id);
  const ready = await store.setting(`ready ${context.user.id}`);
  const list = [];
  for (const visit of visits) {
    const items = visit.sections.flatMap((/** @type {any} */ section) => section.items);
    const { total, done } = rules.progress(items, rules.fold(await store.known(visit.id), context.user.id));
    list.push(h("li", {}, h("a", { href: `#/visit/${visit.id}` },
      h("b", {}, visit.unit.name), h("span", {}, `${visit.start} 至 ${visit.end}${visit.closed ? "（已结束）" : ""}`),
      h("span", { class: "count" }, `${done}/${total}`))));
  }
  show([
    heading(visits.length ? `我的驻点共 ${visits.length} 个` : "本机还没有驻点"),
    visits.length ? "" : h("p", {}, "驻点公布后，联网点“下乡准备”下载到本机。"),
    h("ul", { class: "rows" }, ...list),
    h("p", { class: "ready" }, ready ? readyWords(ready) : "本机还没有作下乡准备。"),
    h("p", {}, h("button", { type: "button", onclick: prepare }, "下乡准备"),
      h("a", { class: "button plain", href: "#/queue" }, "待传与导出"),
      h("a", { class: "button plain", href: "#/tablet" }, "锁屏与退出")),
  ], home);
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
  const facts = rules.fold(await store.known(visit.id), context.user.id);
  const papers = await store.papers(visit.id);
  const rows = visit.sections.map((/** @type {any} */ section) => {
    const { total, done, abnormal, held } = rules.progress(section.items, facts);
    return h("li", {}, h("a", { href: `#/visit/${visit.id}/section/${encodeURIComponent(section.code)}` },
      h("b", {}, `${section.code} ${section.name}`),
      h("span", {}, section.owners.length ? `分工：${section.owners.join("、")}` : "",
        abnormal ? h("mark", { class: "bad" }, `异常 ${abnormal}`) : "",
        held ? h("mark", { class: "waits" }, `不一致 ${held}`) : ""),
      h("span", { class: "count" }, `${done}/${total}`)));
  });
  const states = context.vocabulary?.paper_states ?? {};
  show([
    h("p", { class: "crumbs" }, h("a", { href: "#/" }, "我的驻点")),
    heading(visit.unit.name),
    h("p", {}, visit.people.map((/** @type {any} */ each) => `${each.slot_name} ${each.name}`).join("、")),
    h("ul", { class: "rows" }, ...rows),
    h("h2", {}, `底稿 ${papers.length} 份`),
    h("ul", { class: "rows" }, ...papers.map((paper) =>
      h("li", {}, h("a", { href: `#/visit/${visit.id}/paper/${paper.id}` },
        h("b", {}, paper.value.title || "（未写名称）"),
        h("span", {}, paper.server?.number ?? "", " ",
          paper.begun ? "未完成，只在本机" : states[paper.server?.state] ?? "已存本机"))))),
    h("p", {}, h("a", { class: "button", href: `#/visit/${visit.id}/paper/new` }, "记录问题")),
  ], () => visitScreen(visit));
}

/** Offers the newer program; it is taken when nothing waits and nobody is writing. @param {ServiceWorkerRegistration} registration */
function offerUpdate(registration) {
  const box = at("update");
  const offer = async () => {
    if (!registration.waiting) return;
    const { waiting } = await store.counts();
    const here = Object.values(waiting).reduce((sum, each) => sum + each, 0);
    box.hidden = false;
    box.replaceChildren(here ? `有新版本，等 ${here} 条上传后可以更新。` : "有新版本。",
      here ? "" : h("button", { type: "button", onclick: () => take(registration) }, "更新"));
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

async function begin() {
  context.user = (await store.setting("user")) ?? null;
  context.vocabulary = (await store.setting("vocabulary")) ?? null;
  outbox.news.addEventListener("state", () => {
    showState();
    showNotices();
  });
  outbox.news.addEventListener("user", async (event) => {
    context.user = /** @type {CustomEvent} */ (event).detail;
    await store.set("locked", false);
    (await import("./lock.js")).opened();
    if (!(await store.visits(context.user.id)).length && context.user.role !== "planner") {
      await outbox.fetchVisits(context.user.id).catch(() => {});
    }
    context.vocabulary = (await store.setting("vocabulary")) ?? null;
    await route();
  });
  // in turn with the screens: one that is being left must not come back over the next
  outbox.news.addEventListener("pulled", () => (routing = routing.then(() => refreshed())));
  addEventListener("hashchange", route);
  const capturing = await store.setting("capturing");
  if (capturing && capturing.user === context.user?.id) {
    // the camera ended the page: back to the item for which it was opened
    history.replaceState(null, "", `#/visit/${capturing.visit}/section/${encodeURIComponent(capturing.section)}`);
  }
  // before the first screen: who comes back after the five minutes sees none of it
  if (await store.setting("locked")) await (await import("./lock.js")).lock();
  if (context.user && (await store.setting(`pin ${context.user.id}`))) await (await import("./lock.js")).watch();
  await route();
  await showState();
  showNotices();
  outbox.begin();
  if ("serviceWorker" in navigator) {
    const registration = await navigator.serviceWorker.register("/tablet/worker.js").catch(() => null);
    if (registration) offerUpdate(registration);
  }
}

addEventListener("unhandledrejection", (event) => {
  console.error(event.reason);
  const box = at("fault");
  box.hidden = false;
  box.textContent = `程序出错（${event.reason?.name ?? "未知"}）。已存本机的内容都在，请刷新；仍出错时到“待传与导出”导出。`;
});
begin();
