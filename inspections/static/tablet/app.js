// The tablet's one page: who is working, which screen is shown, and the line that says what has been delivered.

import * as outbox from "./outbox.js";
import * as rules from "./rules.js";
import * as store from "./store.js";

/**
 * An element; children that are null or "" are left out. Handlers are named on…
 * @param {string} tag @param {Record<string, any>} [given] @param {...any} children @returns {any}
 */
export function h(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== ""));
  return node;
}

/** Who is working, and the words to choose from; both as the server last said. @type {{user: any, vocabulary: any}} */
export const context = { user: null, vocabulary: null };

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} address */
export const go = (address) => (location.hash = address);
/** @param {number | string} instant */
export const clock = (instant) =>
  new Date(instant).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

/**
 * An edit by whoever is working, under the version of the visit's checklist.
 * @param {any} visit @param {string} item @param {{field: string, kind: string, value: any} & Record<string, any>} said
 */
export const operation = (visit, item, said) => ({
  visit: visit.id, item, template_version: visit.checklist.version, author: context.user.id, base: null, ...said,
});

/** Why something could not be written to the disk, until the next thing could. */
let unsaved = "";

/**
 * What `work` returns; where the tablet could not keep it, the line says 未保存 until something is kept again.
 * @template T @param {Promise<T>} work @returns {Promise<T>}
 */
export async function kept(work) {
  try {
    const result = await work;
    unsaved = "";
    outbox.soon();
    return result;
  } catch (fault) {
    const full = /** @type {DOMException} */ (fault).name === "QuotaExceededError";
    unsaved = full ? "本机存储空间不足，请删除本机其他文件后再试" : "本机写入失败，请勿关闭页面，再试一次";
    throw fault;
  } finally {
    await showState();
  }
}

const PHASES = {
  unreachable: "现在连不上服务器，连上后自动上传",
  busy: "服务器正忙，稍后自动上传",
  "signed-out": "请重新登录后上传",
  forbidden: "本账号没有填写权限，不能上传",
  outdated: "请先更新程序",
  "stale-token": "登录已过期，请重新登录后上传",
};

async function showState() {
  const { waiting, refused, begun, photos, delivered } = await store.counts();
  const mine = waiting[context.user?.id] ?? 0;
  const others = Object.values(waiting).reduce((sum, each) => sum + each, 0) - mine;
  const { phase } = outbox.state;
  const last = outbox.state.last ?? (await store.setting("last"));
  const away = phase in PHASES ? PHASES[/** @type {keyof typeof PHASES} */ (phase)] : "";
  let [kind, sign, words] = ["good", "✓", "全部已上传"];
  if (unsaved) [kind, sign, words] = ["bad", "✕", `未保存：${unsaved}`];
  else if (mine) {
    words = phase === "sending" ? `正在上传，还有 ${mine} 条待传` : `已存本机，${mine} 条待传`;
    [kind, sign] = ["waits", "▲"];
    if (away) words += `（${away}）`;
  } else if (!last) [kind, sign, words] = ["waits", "▲", `还没有上传过${away && `（${away}）`}`];
  else if (refused) words = "其余已上传";
  const more = [
    photos && delivered < photos ? `照片 ${delivered}/${photos} 张已上传` : "",
    begun ? `${begun} 处未填完，只在本机` : "",
    others ? `他人 ${others} 条待其本人登录后上传` : "",
    last ? `上次上传 ${clock(last)}` : "",
  ].filter(Boolean);
  const line = at("state");
  line.className = kind;
  const text = `${words}${more.length ? ` · ${more.join(" · ")}` : ""}`;
  if (line.dataset.said !== text) {
    line.dataset.said = text;
    line.replaceChildren(h("span", { "aria-hidden": "true" }, `${sign} `), text);
  }
  const link = at("needs");
  link.hidden = !refused;
  link.textContent = `需处理 ${refused}`;
  const sign_in = at("sign-in");
  sign_in.hidden = !["signed-out", "stale-token"].includes(phase);
}

/** The notices above every screen: what is wrong with this tablet, not with an answer. */
function showNotices() {
  const notices = [];
  if (!window.isSecureContext) {
    notices.push(h("p", { class: "alarm", role: "alert" }, "本页不是 https，断网后打不开，请只在有网时填写。",
      h("a", { href: "/tablet/check" }, "怎样改成 https")));
  }
  if (outbox.clockIsWrong()) {
    const minutes = Math.round(Math.abs(outbox.state.skew) / 60_000);
    notices.push(h("p", { class: "notice" }, `本机时钟与服务器相差 ${minutes} 分钟。先后以服务器为准，请校准本机时间。`));
  }
  if (outbox.state.lost) {
    notices.push(h("p", { class: "alarm", role: "alert" },
      `本机上次还有 ${outbox.state.lost} 条未上传，现在找不到了（可能被浏览器清理）。请与县统筹联系，并核对清单。`));
  }
  at("notices").replaceChildren(...notices);
}

/** The first line of a screen, where reading and the keyboard begin. @param {...any} words */
export const heading = (...words) => h("h1", { tabindex: "-1" }, ...words);

/** @type {(() => Promise<void>) | null} */
let refresh = null;
let shown = "";

/**
 * Puts a screen up. `fresh` is called when others' answers have arrived.
 * @param {any[]} nodes @param {(() => Promise<void>) | null} [fresh]
 */
export function show(nodes, fresh = null) {
  refresh = fresh;
  at("screen").replaceChildren(...nodes);
  const first = at("screen").querySelector("h1");
  document.title = `${first?.textContent ?? "平板"} · 巡回驻点`;
  if (shown !== location.hash) {
    scrollTo(0, 0);
    first?.focus({ preventScroll: true });
  }
  shown = location.hash;
}

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
  outbox.news.addEventListener("pulled", () => (routing = routing.then(() => refresh?.())));
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
