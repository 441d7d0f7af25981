// 下乡准备: everything that the stay needs is fetched, opened once from this tablet, and said in one line.

import { h } from "./dom.js";
import * as store from "./kept/store.js";
import { limits } from "./rules/limits.js";
import * as rules from "./rules/rules.js";
import * as outbox from "./sent/outbox.js";
import { context } from "./work.js";

/** Whether every file of the page lies in the worker's store. */
async function shellIsKept() {
  if (!("serviceWorker" in navigator)) return false;
  const registration = await navigator.serviceWorker.register("/tablet/worker.js").catch(() => null);
  const fresh = registration?.installing;
  if (fresh) {
    await new Promise((good) => fresh.addEventListener("statechange", () =>
      ["installed", "activated", "redundant"].includes(fresh.state) && good(null)));
  }
  return Boolean(await caches.match("/tablet/")) && Boolean(await caches.match("/static/tablet/section.js"));
}

/**
 * Why the tablet is not ready, "" when it is. The readiness mark is kept either way it was reached.
 * @param {(step: string) => void} say
 */
export async function prepared(say) {
  try {
    say("登录");
    await outbox.signedIn();
    const { user } = context;
    if (!user) return "请先登录。";
    say("下载驻点");
    await outbox.fetchVisits(user.id);
    context.vocabulary = await store.setting("vocabulary");
    const visits = (await store.visits(user.id)).filter((visit) => !visit.closed);
    let items = 0;
    for (const visit of visits) {
      say(visit.unit.name);
      await outbox.pull(user.id, visit.id);
      const facts = rules.fold(await store.known(user.id, visit.id));
      const all = visit.sections.flatMap((/** @type {any} */ section) => section.items);
      rules.progress(all, facts); // every condition of the checklist is read once, here and not in the village
      items += all.length;
    }
    say("检查离线");
    await limits();
    const shell = await shellIsKept();
    // from here on the browser may offer the home screen, where storage lasts longer
    if (!document.querySelector("link[rel=manifest]")) {
      document.head.append(h("link", { rel: "manifest", href: "/tablet/app.webmanifest" }));
    }
    const persisted = (await navigator.storage?.persist?.()) ?? false;
    const ready = { at: Date.now(), visits: visits.length, items, shell, persisted, secure: isSecureContext };
    await store.set(`ready ${user.id}`, ready);
    if (!visits.length) return "现在没有可以打开的驻点，驻点到公布日期后再准备。";
    return shell ? "" : "浏览器没有保存本页，断网后打不开。请用 https 地址和 Chrome、Edge 或华为浏览器。";
  } catch (fault) {
    const phase = /** @type {any} */ (fault).phase;
    if (phase === "signed-out" || phase === "another") return "请本人先登录。";
    if (phase) return "连不上服务器，请在有网络的地方再试。";
    throw fault;
  }
}
